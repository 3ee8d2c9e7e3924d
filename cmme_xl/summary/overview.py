"""The overview: one page, one message."""

from collections.abc import Sequence

from cmme_xl import formulas
from cmme_xl.calculation import expression as ex
from cmme_xl.calculation.engine import Engine
from cmme_xl.calculation.expression import Expression, constant, sentence, shown
from cmme_xl.calculation.ground import raw
from cmme_xl.catalogue import ROOT
from cmme_xl.findings import visible
from cmme_xl.results.model import ANGLES
from cmme_xl.results.sentence import paragraph
from cmme_xl.results.verdict import verdict
from cmme_xl.scoring import round_half_away
from cmme_xl.spreadsheet import measure, page
from cmme_xl.spreadsheet.sheet import local
from cmme_xl.summary import asof, bullets
from cmme_xl.summary.context import COLOURS, DASH, GLYPHS, TEXT_COLOURS, Context
from cmme_xl.summary.finding import against
from cmme_xl.summary.furniture import (
    GAP,
    PERCENT,
    POINTS,
    SCORE,
    as_seen,
    head,
    level_shade,
    level_words,
    marks_note,
    nothing,
    scope_words,
    show,
    when,
    write,
)
from cmme_xl.summary.places import Places
from cmme_xl.summary.view import View
from cmme_xl.summary.weights import WeightCells

ROLE = "overview"
LISTED = 5
VERDICT_POINTS = 9
FEWEST_FOR_RADAR, MOST_INSIDE = 3, 10


def draw(context: Context, engine: Engine, view: View, settings: WeightCells, places: Places) -> None:
    """The verdict; score card, ladder and key figures; radar and dimensions; strongest and weakest indicators."""
    sheet = context.sheets[ROLE]
    row = head(context, ROLE, title(context, view, settings), subtitle(context, view, settings), page.CELLS)
    row = _verdict(context, view, row)
    depth = max(8, len(context.catalogue.levels) + 2)
    sheet.rows(row, (26, *([22] * depth), 12))
    _score_card(context, view, row)
    _ladder(context, view, row, depth)
    _key_figures(context, engine, view, row, depth)
    row = _dimensions(context, view, places, row + depth + 2)
    sheet.rows(row, (12,))
    row = _lists(context, view, places, row + 1)
    sheet.rows(row, (8, 24))
    _level_counts(context, view, row + 1)
    sheet.rows(row + 2, (6, 16, 16))
    page.footnote(sheet, row + 3, _foot(context))
    page.footnote(sheet, row + 4, marks_note(context))
    sheet.print_to(row + 4, page.CELLS + 1)
    sheet.freeze(2)
    sheet.activate()


# --- sentences


def title(context: Context, view: View, settings: WeightCells) -> Expression:
    """The finding: level, distance to what it is compared with, the weakest dimensions that are not provisional."""
    words = context.words
    level = view.at(ROOT, "current", "level")
    compared = against(context, view, ROOT) if context.others else constant("")
    weak = constant("")
    if len(view.dimension_ids) >= FEWEST_FOR_RADAR:
        labels = view.label(view.dimension_ids, short=True)
        first, second = (view.ranked(view.dimension_ids, "worst_rank", rank, labels) for rank in (1, 2))
        both = sentence(words["overview.weak_two"], first=first, second=second)
        enough = ex.has(view.holder(view.dimension_ids, "worst_rank", 2))
        doubtful = when(view.all_provisional(view.dimension_ids), constant(words["overview.provisional"]))
        weak = when(enough, ex.joined([both, doubtful]))
    full = sentence(
        words["overview.title"],
        level=level,
        name=level_words(context, level),
        mark=_provisional(context, view),
        against=compared,
        weak=weak,
    )
    return ex.choose(ex.has(level), full, nothing(context, settings))


def _provisional(context: Context, view: View) -> Expression:
    """What is added to the total's level where it is provisional."""
    return when(view.at(ROOT, "current", "provisional"), constant(context.words["overview.provisional"]))


def subtitle(context: Context, view: View, settings: WeightCells) -> Expression:
    """Whose assessment, scope, how many answered."""
    words, plan, catalogue = context.words, context.plan, context.catalogue
    heard = context.results.returned.answers.scorers("current")
    tiers = [(tier, sum(plan.by_id[each].group == tier.id for each in heard)) for tier in context.catalogue.tiers]
    parts = [words.fill("overview.tier", name=t.name.in_(context.lang), n=n) for t, n in tiers if n]
    joiner = " · " if context.lang == "zh" else ", "
    few = context.audience == "client" and any(0 < n < context.catalogue.limits.tier_shown_min for _, n in tiers)
    key = "overview.returns_plain" if few or not parts else "overview.returns"
    planned = sum(plan.by_id[each.id].group in {tier.id for tier in catalogue.tiers} for each in plan.people)
    form = words["overview.form_short"] if plan.settings.form == "short" else ""
    returns = form + words.counted(key, planned, n=len(heard), planned=planned, tiers=joiner.join(parts))
    counted = ex.count(view.column(view.indicator_ids, "current", "weight"))
    return sentence(
        words["overview.subtitle"],
        enterprise=constant(visible(plan.engagement.enterprise)),
        scope=scope_words(context, settings),
        n=counted,
        returns=constant(returns),
        low=constant(f"{catalogue.scale_min:g}"),
        high=constant(f"{catalogue.scale_max:g}"),
    )


def _verdict(context: Context, view: View, row: int) -> int:
    """The paragraph on the whole, or that the figures are no longer those it speaks of; returns the row after it."""
    sheet, text = context.sheets[ROLE], paragraph(verdict(context.facts), context.lang)
    room = sheet.span(1, page.CELLS)
    sheet.rows(row, (measure.height(text, room, VERDICT_POINTS, padding=4), 8))
    style = context.book.style(font_size=VERDICT_POINTS, text_wrap=True, valign="top")
    said = asof.warned(context, view, view.indicator_ids, constant(text))
    write(sheet, row, 1, said, style, (row, page.CELLS))
    asof.alarm(context, ROLE, row)
    return row + 2


def _foot(context: Context) -> str:
    words, catalogue = context.words, context.catalogue
    absent = [context.spoken(angle) for angle in ANGLES if angle not in context.present]
    missing = words.fill("overview.missing", angles=words["overview.and"].join(absent)) if absent else ""
    low, high = f"{catalogue.scale_min:g}", f"{catalogue.scale_max:g}"
    return words.fill("overview.foot", legend=missing, low=low, high=high)


# --- strip 1


def _score_card(context: Context, view: View, row: int) -> None:
    sheet, book, words = context.sheets[ROLE], context.book, context.words
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
        mark=_provisional(context, view),
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


def _ladder(context: Context, view: View, row: int, depth: int) -> None:
    """A staircase of cells, one step per level; markers ride on the step that an angle has reached."""
    sheet, book, words = context.sheets[ROLE], context.book, context.words
    levels = context.catalogue.levels
    page.section(sheet, row, 7, 16, words["overview.ladder"])
    width = max(1, 10 // len(levels))
    bottom = row + depth - 1 if depth > len(levels) + 2 else row + depth
    here = view.at(ROOT, "current", "level")
    for index, level in enumerate(levels):
        first, last = 7 + width * index, 7 + width * index + width - 1
        top = bottom - index
        _markers(context, view, level.number, top, first, width)
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


def _markers(context: Context, view: View, level: int, top: int, first: int, width: int) -> None:
    sheet, book = context.sheets[ROLE], context.book
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


def _key_figures(context: Context, engine: Engine, view: View, row: int, depth: int) -> None:
    """Both totals, share of full marks, the gaps; as many as there are."""
    sheet, book, words = context.sheets[ROLE], context.book, context.words
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


# --- strip 2


def _dimensions(context: Context, view: View, places: Places, row: int) -> int:
    """The radar beside the table of the dimensions; of a single one its indicators, as many as a page holds."""
    sheet, book, words = context.sheets[ROLE], context.book, context.words
    inner = view.indicator_ids
    inside = len(view.dimension_ids) == 1 and FEWEST_FOR_RADAR <= len(inner) <= MOST_INSIDE
    nodes = inner if inside else view.dimension_ids
    called = words.fill("page.within" if inside else "overview.radar", n=len(nodes))
    page.section(sheet, row, 1, 11, called)
    note = words.fill("overview.bars_note", angle=context.spoken(context.others[0])) if context.others else ""
    bars = "page.indicators" if inside else "overview.bars" if context.others else "overview.bars_alone"
    page.section(sheet, row, 13, 24, words[bars], note)
    entries = [(GLYPHS[angle], COLOURS[angle], context.label(angle)) for angle in context.present]
    sheet.rows(row + 1, (24,))
    if len(entries) > 1:
        page.legend(sheet, row + 1, 13, 24, entries)
    row_px = 34 if len(nodes) >= 8 else min(64, 272 // max(len(nodes), 4))
    place = places.indicator if inside else places.page
    labelled = [(node, context.name(node), place(node)) for node in nodes]
    figures = bullets.figures(context)
    columns = bullets.Columns((13, 15), (16, page.CELLS - len(figures)))
    after = bullets.draw(context, view, ROLE, row + 2, columns, labelled, row_px, figures)
    height = 24 + bullets.HEAD_PX + len(nodes) * row_px
    if len(nodes) >= FEWEST_FOR_RADAR and context.drawn(nodes):
        points = 10 if context.lang == "zh" else 9
        chart = bullets.radar(context, view, nodes, 11 * page.CELL_PX, height, points)
        sheet.chart(row + 1, 1, chart, called)
    else:
        missing = words["overview.radar_few" if context.drawn(nodes) else "overview.title_none"]
        sheet.text(row + 1, 1, missing, book.style(font_size=9, font_color="muted"))
    return after


# --- strip 3


def _lists(context: Context, view: View, places: Places, row: int) -> int:
    """The strongest and the weakest by score, and those whose gaps add most to the total."""
    sheet, words = context.sheets[ROLE], context.words
    first = context.others[0] if context.others else ""
    note = words.fill("overview.list_note", angle=context.spoken(first)) if first else words["overview.list_note_plain"]
    compared = bool(set(context.others) & {"target", "benchmark"})
    page.section(sheet, row, 1, 7, words["overview.strong"], note)
    page.section(sheet, row, 9, 15, words["overview.weak"], note)
    page.section(sheet, row, 17, 24, words["overview.levers"], words["overview.levers_note"])
    sheet.rows(row + 1, [24] * LISTED)
    gap: list[Figure] = [(first, "gap", GAP, {"font_color": "slate", "font_size": 9})] if first else []
    plain: list[Figure] = [("current", "score", SCORE, {"bold": True}), *gap]
    gain: Figure = ("current", "importance", POINTS, {"font_color": "alert", "bold": True, "font_size": 9})
    for rank in range(1, LISTED + 1):
        at = row + rank
        _listed(context, view, places, (at, 1, 7), ("strength_rank", rank), "brand", plain)
        _listed(context, view, places, (at, 9, 15), ("weak_rank", rank), "alert", plain)
        if compared:
            _listed(context, view, places, (at, 17, 24), ("rank", rank), "alert", [*plain, gain])
    if not compared:
        muted = context.book.style(font_size=9, font_color="muted", text_wrap=True, valign="top")
        sheet.text(row + 1, 17, words["overview.nothing_compared"], muted, (row + 2, 24))
    return row + 1 + LISTED


Figure = tuple[str, str, str, dict[str, object]]
"""Angle, figure, number format, look."""


def _listed(
    context: Context,
    view: View,
    places: Places,
    place: tuple[int, int, int],
    ranked: tuple[str, int],
    colour: str,
    figures: Sequence[Figure],
) -> None:
    """One line of a list: number, name with a star where its level is provisional, figures at the right end."""
    sheet, book = context.sheets[ROLE], context.book
    nodes, (row, first, last) = view.indicator_ids, place
    hair = {"bottom": 1, "bottom_color": "hair"}
    number = book.style(bold=True, font_size=9, align="center", font_color=colour, num_format="0", **hair)
    name = book.style(**hair, shrink=True, font_size=10 if context.lang == "zh" else 9)
    write(sheet, row, first, view.ranked(nodes, *ranked, view.numbers()), number)
    parts = (
        view.ranked(nodes, *ranked, view.label(nodes)),
        view.ranked(nodes, *ranked, view.column(nodes, "current", "mark")),
    )
    right = last - len(figures) + 1
    linked = places.listed(ex.joined(parts), view.holder(nodes, *ranked))
    write(sheet, row, first + 1, linked, name, (row, right - 1))
    for column, (angle, figure, pattern, look) in enumerate(figures, right):
        found = view.ranked(nodes, *ranked, view.column(nodes, angle, figure))
        style = book.style(num_format=pattern, align="right", shrink=True, **look, **hair)
        if figure == "gap":
            found = _marked_gap(found, view.ranked(nodes, *ranked, view.column(nodes, angle, "gap_mark")))
        write(sheet, row, column, found, style)


def _marked_gap(gap: Expression, mark: Expression) -> Expression:
    """A gap as shown; as text with ≈ before it where it is not the difference of the figures beside it."""
    seen = as_seen(gap)
    sign = Expression(f'IF({gap.text}<0,"−","")', "−" if (seen.number or 0.0) < 0 else "")
    text = sentence("≈{sign}{gap}", sign=sign, gap=shown(ex.positive(seen)))
    marked = Expression(f"{mark.text}=1", mark.value == 1)
    return ex.choose(marked, text, seen)


def _level_counts(context: Context, view: View, row: int) -> None:
    """How many indicators stand at each level, in the levels' colours, and how many of them provisionally."""
    sheet, book, words = context.sheets[ROLE], context.book, context.words
    levels = context.catalogue.levels
    sheet.text(row, 1, words["overview.levels"], book.style(font_size=9, bold=True, font_color="brand"), (row, 4))
    width = max(2, 16 // len(levels))
    column = 5
    for level in levels:
        last = column + width - 1
        if last > page.CELLS:
            return
        shade = level_shade(level.number, len(levels))
        look = {"bg_color": f"level{shade}", "font_color": f"level{shade}_text", "font_size": 9, "align": "center"}
        look |= {"left": 5, "left_color": "white", "shrink": True}
        name = f"{level.number} {level.name.in_(context.lang)}"
        said = sentence(words["overview.level_count"], name=constant(name), n=view.level_count(level.number))
        write(sheet, row, column, said, book.style(**look), (row, last))
        column = last + 1
    stars = view.column(view.indicator_ids, "current", "mark")
    number = Expression(f'COUNTIF({stars.text},"~*")', stars.values.count("*"))
    note = when(ex.above_zero(number), sentence(words["overview.level_doubtful"], n=number))
    if column <= page.CELLS:
        style = book.style(font_size=8, font_color="muted", align="right")
        write(sheet, row, column, note, style, (row, page.CELLS))
