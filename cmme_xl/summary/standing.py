"""Where the enterprise stands: total and level with their certainty, the ladder of levels, the key figures."""

from cmme_xl import formulas
from cmme_xl.calculation import expression as ex
from cmme_xl.calculation.engine import Engine
from cmme_xl.calculation.expression import Expression, constant, sentence, shown
from cmme_xl.calculation.ground import raw
from cmme_xl.catalogue import ROOT
from cmme_xl.scoring import round_half_away
from cmme_xl.spreadsheet import Sheet, page
from cmme_xl.spreadsheet.sheet import local
from cmme_xl.summary import bullets
from cmme_xl.summary.context import DASH, GLYPHS, TEXT_COLOURS, Context
from cmme_xl.summary.furniture import GAP, PERCENT, SCORE, as_seen, level_words, show, when, write
from cmme_xl.summary.view import View

ROLE = "overview"


def draw(context: Context, sheet: Sheet, engine: Engine, view: View, row: int) -> int:
    """Three parts side by side; returns the row after them."""
    depth = max(8, len(context.catalogue.levels) + 2)
    sheet.rows(row, (26, *([22] * depth), 12))
    _score_card(context, sheet, view, row)
    _ladder(context, sheet, view, row, depth)
    _key_figures(context, sheet, engine, view, row, depth)
    return row + depth + 2


def provisional(context: Context, view: View) -> Expression:
    """What is added to the total's level where it is provisional."""
    return when(view.at(ROOT, "current", "provisional"), constant(context.words["overview.provisional"]))


def _score_card(context: Context, sheet: Sheet, view: View, row: int) -> None:
    book, words = context.book, context.words
    page.section(sheet, row, 1, 5, words["overview.total"])
    figure = {name: view.at(ROOT, "current", name) for name in ("score", "level", "low", "high", "coverage", "rate")}
    big = book.style(font_size=44, bold=True, font_color="brand", num_format=SCORE, align="left")
    show(sheet, row + 1, 1, figure["score"], big, (row + 3, 3))
    maximum = words.fill("overview.of_max", max=f"{context.catalogue.scale_max:.2f}")
    sheet.text(row + 1, 4, maximum, book.style(font_size=12, font_color="muted", valign="bottom"), (row + 3, 5))
    line = sentence(
        words["overview.level_line"],
        level=figure["level"],
        name=level_words(context, figure["level"]),
        mark=provisional(context, view),
    )
    line = ex.choose(ex.has(figure["level"]), line, constant(words["overview.no_level"]))
    band = book.style(bg_color="brand", font_color="white", bold=True, align="center")
    write(sheet, row + 4, 1, line, band, (row + 4, 5))
    range_ = sentence(words["overview.range_of"], low=shown(figure["low"]), high=shown(figure["high"]))
    range_ = ex.choose(ex.has(figure["low"]), range_, constant(DASH))
    hair = {"bottom": 1, "bottom_color": "hair"}
    label, value = book.style(font_size=9, font_color="slate", **hair), book.style(bold=True, align="right", **hair)
    rate = book.style(bold=True, align="right", num_format=PERCENT, **hair)
    for offset, key in enumerate(("range", "coverage", "rate")):
        sheet.text(row + 5 + offset, 1, words[f"overview.{key}"], label, (row + 5 + offset, 2))
    write(sheet, row + 5, 3, range_, value, (row + 5, 5))
    show(sheet, row + 6, 3, figure["coverage"], rate, (row + 6, 5))
    show(sheet, row + 7, 3, figure["rate"], rate, (row + 7, 5))
    note = book.style(font_size=8, font_color="muted")
    write(sheet, row + 8, 1, _certainty(context, view), note)


def _certainty(context: Context, view: View) -> Expression:
    """What the range means for the level (scoring.md rule 7)."""
    words = context.words
    level, low, high = (view.at(ROOT, "current", name) for name in ("level", "low_level", "high_level"))
    names = {key: level_words(context, each) for key, each in (("name", level), ("low", low), ("high", high))}
    covered = view.at(ROOT, "current", "coverage")
    whole = Expression(f"ROUND({covered.text},9)=1", round(covered.number or 0.0, 9) == 1)
    coverage = shown(covered, "0%")
    certain = sentence(words["overview.certain"], name=names["name"])
    uncertain = sentence(words["overview.uncertain"], coverage=coverage, **names)
    partly = ex.choose(ex.same(low, high), certain, uncertain)
    return when(ex.has(level), ex.choose(whole, constant(words["overview.covered"]), partly))


def _ladder(context: Context, sheet: Sheet, view: View, row: int, depth: int) -> None:
    """A staircase of cells, one step per level; markers ride on the step that an angle has reached."""
    book, words = context.book, context.words
    levels = context.catalogue.levels
    page.section(sheet, row, 7, 16, words["overview.ladder"])
    width = max(1, 10 // len(levels))
    bottom = row + depth - 1 if depth > len(levels) + 2 else row + depth
    here = view.at(ROOT, "current", "level")
    for index, level in enumerate(levels):
        first, last = 7 + width * index, 7 + width * index + width - 1
        top = bottom - index
        _markers(context, sheet, view, level.number, top, first, width)
        step = {"font_size": 9, "align": "center", "left": 1, "right": 1, "left_color": "white", "right_color": "white"}
        step |= {"bg_color": "panel", "font_color": "muted"}
        for at in range(top, bottom + 1):
            style = book.style(**step, bold=at == top)
            text = {0: f"{level.number} {level.name.in_(context.lang)}"}.get(at - top, "")
            if at - top == 1:
                text = words.fill("overview.from", threshold=f"{level.threshold:.2f}")
            sheet.text(at, first, text, style, (at, last) if width > 1 else None)
        area = (top, first, bottom, last)
        own = local(row, 6, fix_row=True, fix_column=True)  # conditional formats see no other sheet
        fill = f"={own}={level.number}"
        passed = f"=AND(ISNUMBER({own}),{own}>{level.number})"
        on, over = book.change(bg_color="brand", font_color="white"), book.change(bg_color="tint", font_color="brand")
        sheet.condition(*area, {"type": "formula", "criteria": fill, "format": on})
        sheet.condition(*area, {"type": "formula", "criteria": passed, "format": over})
    hidden = book.style(font_size=1, font_color="white")
    write(sheet, row, 6, here, hidden)


def _markers(
    context: Context, sheet: Sheet, view: View, level: int, top: int, first: int, width: int
) -> None:
    book = context.book
    places = {"current": (1, 0), "competitor": (1, 1), "target": (2, 0), "benchmark": (2, 1)}
    for angle in context.present:
        up, right = places[angle]
        if right >= width:
            continue
        score, own = view.at(ROOT, angle, "score"), view.at(ROOT, angle, "level")
        star = view.at(ROOT, "current", "mark") if angle == "current" else constant("")
        mark = sentence(f"{GLYPHS[angle]}{{score}}{{star}}", score=shown(score), star=star)
        here = Expression(f"{own.text}={level}", own.value == level)
        if angle != "current":
            here = ex.both(here, view.firm_share(angle, context.catalogue.limits.provisional_below))
        style = book.style(font_size=9, bold=True, align="center", font_color=TEXT_COLOURS[angle])
        write(sheet, top - up, first + right, when(here, mark), style)


def _key_figures(context: Context, sheet: Sheet, engine: Engine, view: View, row: int, depth: int) -> None:
    """Both totals, share of full marks, the gaps; as many as there are."""
    book, words = context.book, context.words
    page.section(sheet, row, 18, 24, words["overview.figures"])
    scale = context.catalogue.scale_max
    score = view.at(ROOT, "current", "score")
    part = None if score.number is None else score.number / scale
    percent = Expression(f'IF(ISNUMBER({score.text}),{score.text}/{scale:g},"")', part)
    scores = view.column(view.indicator_ids, "current", "score")
    full = Expression(f"COUNT({scores.text})*{scale:g}", ex.count(scores).number * scale)  # type: ignore[operator]
    points = sentence(words["overview.points_of"], points=shown(ex.total(scores), "0.0"), full=shown(full, "0"))
    hair = {"bottom": 1, "bottom_color": "hair"}
    label = book.style(font_size=9, font_color="slate", **hair)
    figure = {"bold": True, "align": "right", **hair}
    at = row + 1
    for scope in ("standard", "key"):
        sheet.text(at, 18, words[f"overview.total_{scope}"], label, (at, 22))
        show(
            sheet, at, 23, engine.at(ROOT, "current", "score", scope), book.style(**figure, num_format=SCORE), (at, 24)
        )
        at += 1
    if raw("current") in context.raws:
        sheet.text(at, 18, words["calibrations.total_raw"], label, (at, 22))
        show(sheet, at, 23, view.at(ROOT, "current", "raw"), book.style(**figure, num_format=SCORE), (at, 24))
        at += 1
    sheet.text(at, 18, words["overview.percent"], label, (at, 22))
    show(sheet, at, 23, percent, book.style(**figure, num_format="0.0%"), (at, 24))
    at += 1
    if not context.withheld:
        sheet.text(at, 18, words["overview.points"], label, (at, 21))
        write(sheet, at, 22, points, book.style(**figure), (at, 24))
        at += 1
    for angle in context.others:
        share, gap = view.at(ROOT, angle, "gap_share"), view.at(ROOT, angle, "gap")
        partial = sentence(words["overview.to_share"], angle=constant(context.spoken(angle)), share=shown(share, "0%"))
        whole = constant(words.fill("overview.to", angle=context.spoken(angle)))
        most = Expression(f"ROUND({share.text},2)<1", round_half_away(share.number or 0.0) < 1)
        said = ex.choose(ex.both(ex.has(gap), most), partial, whole)
        write(sheet, at, 18, said, label, (at, 22))
        look = book.style(**figure, num_format=GAP, font_color=TEXT_COLOURS[angle])
        show(sheet, at, 23, as_seen(gap), look, (at, 24))
        bullets.flags(context, ROLE, at, 0, view.at(ROOT, "current", "marks"))
        bullets.marked_gap(context, ROLE, (at, at, 23), 0, angle)
        at += 1
    if not context.others:
        note = book.style(font_size=9, font_color="muted", text_wrap=True, valign="top")
        sheet.text(at, 18, words["overview.nothing_compared"], note, (at + 1, 24))
        at += 2
    if context.results.gated_level is not None and at <= row + depth:
        sheet.text(at, 18, words["overview.gated"], label, (at, 22))
        total = view.at(ROOT, "current", "level")
        dimensions = view.column(view.dimension_ids, "current", "level")
        gated = Expression(formulas.gated_level(total.text, dimensions.text), context.results.gated_level)
        show(sheet, at, 23, gated, book.style(**figure, num_format="0"), (at, 24))
