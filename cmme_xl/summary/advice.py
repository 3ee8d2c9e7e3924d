"""Diagnosis and recommendations: the verdict, what is expected against what the enterprise can do, and what to do."""

from collections.abc import Iterator, Sequence

from xlsxwriter.format import Format

from cmme_xl.calculation.expression import Expression, constant, sentence
from cmme_xl.catalogue import ROOT
from cmme_xl.results import headlines
from cmme_xl.results.advice import WAVES, Advice, advice, gained, path_to_next
from cmme_xl.results.sentence import listed, paragraph
from cmme_xl.results.verdict import tensions, verdict
from cmme_xl.spreadsheet import Link, measure, page
from cmme_xl.spreadsheet.band import Block, Cell, pour
from cmme_xl.summary import asof, paper
from cmme_xl.summary.context import DASH, TEXT_COLOURS, Context
from cmme_xl.summary.evidence import Register
from cmme_xl.summary.furniture import GAP, SCORE, as_seen, head, level_shade, scope_words, show
from cmme_xl.summary.places import Places
from cmme_xl.summary.view import View
from cmme_xl.summary.weights import WeightCells

ROLE = "advice"
CELL_PX = 54
WIDTHS = (page.MARGIN_PX, *([CELL_PX] * page.CELLS), page.MARGIN_PX)
LEFT, RIGHT = (1, 13), (15, page.CELLS)
POINTS, INDENT_PX = 9, 9
HEAD_PX, ROW_PX = 38, 24
# (key of the heading, first column, last column) of the recommendations
COLUMNS = (
    ("number", 1, 1), ("indicator", 2, 4), ("score", 5, 5), ("gap", 6, 6), ("gain", 7, 7), ("seen", 8, 12),
    ("tactical", 13, 16), ("strategic", 17, 20), ("before", 21, 22), ("owner", 23, 24),
)  # fmt: skip
ALONE = (
    ("number", 1, 1), ("indicator", 2, 4), ("score", 5, 5), ("seen", 6, 11),
    ("tactical", 12, 15), ("strategic", 16, 20), ("before", 21, 22), ("owner", 23, 24),
)  # fmt: skip
"""The same where there is nothing to compare with: no gap, and nothing to gain."""


def draw(context: Context, view: View, settings: WeightCells, places: Places, register: Register | None) -> None:
    """The sheet: verdict beside expectation and ability, then the recommendations by wave."""
    sheet, words, facts = context.sheets[ROLE], context.words, context.facts
    chosen = advice(facts)
    title = headlines.of_plan(facts, chosen).text(context.lang) if chosen else words["advice.title_none"]
    subtitle = sentence(words["advice.subtitle"], scope=scope_words(context, settings))
    subtitle = asof.warned(context, view, view.indicator_ids, subtitle)
    row = head(context, ROLE, constant(title), subtitle, page.CELLS)
    asof.alarm(context, ROLE, page.SUBTITLE_ROW)
    page.section(sheet, row, *LEFT, words["advice.verdict"])
    page.section(sheet, row, *RIGHT, words["advice.expectation"], words["advice.expectation_note"])
    row = max(
        pour(sheet, row + 1, [list(_verdict(context, chosen))], ROW_PX), _expectation(context, view, places, row + 1)
    )
    sheet.rows(row, (14,))
    waves: list[int] = []
    row = _recommendations(context, view, places, chosen, register, row + 1, waves)
    sheet.rows(row, (6, 16, 16, 16))
    asof.put(context, ROLE, row + 1, asof.note(context, view, view.indicator_ids))
    page.footnote(sheet, row + 2, words["advice.foot"])
    page.footnote(sheet, row + 3, words["advice.foot_gain"])
    sheet.print_to(row + 3, page.CELLS + 1)
    paper.whole(sheet, paper.between(sheet, waves, row + 3))
    sheet.freeze(2)


# --- the verdict


def _verdict(context: Context, chosen: Sequence[Advice]) -> Iterator[Block]:
    """The paragraph on the whole, what the total hides, and what the improvements would come to."""
    words, facts, lang = context.words, context.facts, context.lang
    line = {"bottom": 1, "bottom_color": "hair", "font_size": POINTS, "text_wrap": True}
    plain, bold = context.book.style(**line), context.book.style(font_size=POINTS, bold=True, font_color="brand")
    route = path_to_next(facts)
    said = {
        "whole": verdict(facts),
        "hidden": tensions(facts),
        "worth": (*gained(facts, chosen), *([route[1]] if route else [])),
    }
    width = (LEFT[1] - LEFT[0] + 1) * CELL_PX
    for subject, sentences in said.items():
        if sentences:
            text, lead = paragraph(sentences, lang), f"{words[f'advice.{subject}']}  "
            tall = measure.height(f"{lead}{text}", width, POINTS, padding=8)
            yield Block((Cell(*LEFT, text, plain, (lead, bold)),), tall)


def _expectation(context: Context, view: View, places: Places, row: int) -> int:
    """Per dimension: where it stands, what is expected, how many levels lie between, and how many indicators to be
    raised rest on what is not there; returns the row after the table."""
    sheet, book, words = context.sheets[ROLE], context.book, context.words
    heads = [(words["advice.now"], 20), (words["advice.wanted"], 21), (words["advice.levels"], 22)]
    heads += [(words["advice.stage"], 23), (words["advice.ground"], 24)]
    line = {"bottom": 1, "bottom_color": "rule", "font_size": 9, "font_color": "slate", "valign": "bottom"}
    sheet.rows(row, (ROW_PX,))
    sheet.fill(row, *RIGHT, book.style(**line))
    if "target" not in context.others:
        sheet.text(row, RIGHT[0], words["advice.no_target"], book.style(**{**line, "font_color": "muted"}))
        return row + 1
    for text, column in heads:
        sheet.text(row, column, text, book.style(**line, align="right", shrink=True))
    hair = {"bottom": 1, "bottom_color": "hair"}
    rows = [(each.id, f"{each.number} {context.name(each.id)}") for each in context.dimensions]
    rows.append((ROOT, words["advice.total"]))
    for at, (node, name) in enumerate(rows, row + 1):
        strong = {"bold": True} if node == ROOT else {}
        label = book.style(**hair, **strong, shrink=True, font_size=10 if context.lang == "zh" else 9)
        sheet.content(at, RIGHT[0], Link(name, places.page(node)) if node != ROOT else name, label, (at, 19))
        figure = {**hair, **strong, "align": "right"}
        current, target = (view.at(node, angle, "score") for angle in ("current", "target"))
        show(sheet, at, 20, current, book.style(**figure, num_format=SCORE, font_color="brand"))
        show(sheet, at, 21, target, book.style(**figure, num_format=SCORE, font_color=TEXT_COLOURS["target"]))
        levels = _levels(view, node)
        show(sheet, at, 22, levels, book.style(**figure, num_format='"+"0;"−"0;0'))
        show(
            sheet,
            at,
            23,
            _stage(context, view, node, levels),
            book.style(**figure, num_format=SCORE, font_color="slate"),
        )
        sheet.number(at, 24, _waiting(context, node), book.style(**figure, num_format='0;;"–"', font_color="slate"))
    change = book.change(font_color="alert", bg_color="alert_bg", bold=True)
    sheet.condition(row + 1, 22, row + len(rows), 22, {"type": "cell", "criteria": ">=", "value": 2, "format": change})
    sheet.rows(row + 1, [ROW_PX] * len(rows))
    return row + 1 + len(rows)


def _levels(view: View, node: str) -> Expression:
    """By how many levels the target stands above current."""
    current, target = (view.at(node, angle, "level") for angle in ("current", "target"))
    value = None if current.number is None or target.number is None else target.number - current.number
    return Expression(
        f'IF(AND(ISNUMBER({current.text}),ISNUMBER({target.text})),{target.text}-{current.text},"")', value
    )


def _stage(context: Context, view: View, node: str, levels: Expression) -> Expression:
    """The threshold of the next level, a first stage where the target lies two levels up or more."""
    level = view.at(node, "current", "level")
    thresholds = [each.threshold for each in context.catalogue.levels]
    far = levels.number is not None and levels.number >= 2
    following = ",".join(f"{each:g}" for each in (*thresholds[1:], thresholds[-1]))
    target = view.at(node, "target", "level")
    text = f'IFERROR(IF({target.text}-{level.text}>=2,CHOOSE({level.text},{following}),""),"")'
    return Expression(text, thresholds[int(level.number or 1)] if far else None)


def _waiting(context: Context, node: str) -> int:
    """How many of the indicators to be raised, of a dimension or of all, rest on a prerequisite that stands in the
    lowest band."""
    facts, of = context.facts, context.catalogue.dimension_of
    those = [each for each in facts.indicators() if each.id in facts.levers and node in (ROOT, of[each.id].id)]
    return sum(bool(facts.unmet(each)) for each in those)


# --- recommendations


def _recommendations(
    context: Context,
    view: View,
    places: Places,
    chosen: Sequence[Advice],
    register: Register | None,
    row: int,
    waves: list[int],
) -> int:
    """What to do, by wave: each with what is seen, what it is worth, rests on and takes; returns the row after.

    `waves` gets the first row of each wave.
    """
    sheet, book, words = context.sheets[ROLE], context.book, context.words
    page.section(sheet, row, 1, page.CELLS, words["advice.what"], words["advice.what_note"])
    if not chosen:
        sheet.rows(row + 1, (24,))
        sheet.text(row + 1, 1, words["advice.none"], book.style(font_size=9, font_color="slate"))
        return row + 2
    head_style = {"font_size": 9, "bold": True, "font_color": "white", "bg_color": "brand", "text_wrap": True}
    sheet.rows(row + 1, (HEAD_PX,))
    for key, first, last in _columns(context):
        align = "right" if key in ("gap", "gain") else "center" if key in ("number", "score") else "left"
        said = words.fill(f"advice.{key}", angle=_compared(context))
        inset = {"indent": 1} if align == "left" and key != "indicator" else {}
        sheet.text(row + 1, first, said, book.style(**head_style, **inset, align=align), _to(row + 1, first, last))
    sheet.repeat(row + 1, row + 1)
    row += 2
    number = 0
    for wave in range(1, WAVES + 1):
        those = [each for each in chosen if each.wave == wave]
        if those:
            waves.append(row)
            sheet.rows(row, (22,))
            band = book.style(bg_color="tint2", bold=True, font_color="brand", font_size=9)
            sheet.fill(row, 1, page.CELLS, band)
            sheet.text(row, 1, words[f"advice.wave_{wave}"], band)
            row += 1
        for each in those:
            number += 1
            _row(context, view, places, each, number, register, row)
            row += 1
    return row


def _columns(context: Context) -> Sequence[tuple[str, int, int]]:
    return COLUMNS if context.others else ALONE


def _compared(context: Context) -> str:
    return context.spoken_short(context.others[0]) if context.others else ""


def _row(
    context: Context, view: View, places: Places, each: Advice, number: int, register: Register | None, row: int
) -> None:
    sheet, book, words, lang, facts = context.sheets[ROLE], context.book, context.words, context.lang, context.facts
    indicator, node = each.indicator, each.indicator.id
    band = facts.band(node)
    backed = register.counts(node) if register else {}
    proof = "".join(words.fill(f"advice.proof_{each}", n=backed[each]) for each in ("given", "top") if each in backed)
    texts = {
        "seen": (indicator.diagnosis[band.id].in_(lang) if band else "") + proof,
        "tactical": each.tactical.in_(lang),
        "strategic": each.strategic.in_(lang),
        "before": listed(each.before, lang) if each.before else DASH,
        "owner": indicator.owner.in_(lang),
        "indicator": f"{indicator.number} {indicator.name.in_(lang)}{' ★' if indicator.key else ''}",
    }
    places_ = {key: (first, last) for key, first, last in _columns(context)}
    hair = {"bottom": 1, "bottom_color": "hair", "font_size": POINTS}
    plain = book.style(**hair, text_wrap=True, indent=1)
    bold = book.style(**hair, text_wrap=True, bold=True, font_color="brand")
    tall = [
        measure.height(text, sheet.span(*places_[key]) - INDENT_PX, POINTS, padding=8) for key, text in texts.items()
    ]
    sheet.rows(row, (max(28, *tall),))
    sheet.number(row, 1, number, book.style(**hair, align="center", font_color="muted"))
    for key, text in texts.items():
        first, last = places_[key]
        content = Link(text, places.indicator(node)) if key == "indicator" else text
        sheet.content(row, first, content, bold if key == "indicator" else plain, _to(row, first, last))
    score, missing = view.at(node, "current", "score"), context.absent("current", node)
    show(sheet, row, places_["score"][0], score, _levelled(context, node, **hair, align="center"), missing=missing)
    if context.others:
        figure, gap = {**hair, "align": "right"}, as_seen(view.at(node, context.others[0], "gap"))
        show(sheet, row, places_["gap"][0], gap, book.style(**figure, num_format=GAP))
        gain = book.style(**figure, num_format="0.000", bold=True)
        show(sheet, row, places_["gain"][0], view.at(node, "current", "importance"), gain)


def _levelled(context: Context, node: str, **look: object) -> Format:
    level = context.facts.level(node)
    if level is None:
        return context.book.style(**look, num_format=SCORE)
    shade = level_shade(level, len(context.catalogue.levels))
    return context.book.style(
        **look, num_format=SCORE, bold=True, bg_color=f"level{shade}", font_color=f"level{shade}_text"
    )


def _to(row: int, first: int, last: int) -> tuple[int, int] | None:
    return (row, last) if last > first else None
