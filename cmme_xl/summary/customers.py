"""The customers' view: what they say beside what the enterprise's own people say of the same questions."""

from collections.abc import Sequence

from cmme_xl.calculation import expression as ex
from cmme_xl.calculation.expression import Expression, constant, sentence, shown
from cmme_xl.catalogue import ROOT
from cmme_xl.results.model import CUSTOMER
from cmme_xl.scoring import round_half_away
from cmme_xl.spreadsheet import Link, charts, measure, page
from cmme_xl.spreadsheet.sheet import local
from cmme_xl.summary import paper
from cmme_xl.summary.comparison import Comparison
from cmme_xl.summary.context import COLOURS, GLYPHS, Context
from cmme_xl.summary.furniture import GAP, SCORE, as_seen, head, scope_words, show
from cmme_xl.summary.places import Places
from cmme_xl.summary.weights import WeightCells

ROLE = "customers"
ID, NAME, CHART, MATCHED, OWN, DIFFERENCE, THEIRS, SCORED = range(1, 9)
WIDTHS = (20, 84, 350, 300, 74, 74, 74, 74, 74, 20)
FIGURES = (
    (MATCHED, "matched", SCORE), (OWN, "own", SCORE), (DIFFERENCE, "difference", GAP),
    (THEIRS, "theirs", SCORE), (SCORED, "scored", "0"),
)  # fmt: skip
HEAD_PX, ROW_PX = 34, 24


def wanted(context: Context) -> bool:
    """Whether enough customers were heard to show anything."""
    return CUSTOMER in context.voices and context.angle(CUSTOMER).present


def draw(context: Context, comparison: Comparison, settings: WeightCells, places: Places) -> None:
    """The sheet: dimensions and indicators, then every question, each with both scores on one line."""
    sheet, words = context.sheets[ROLE], context.words
    subtitle = sentence(
        words["customers.subtitle"],
        n=constant(str(context.angle(CUSTOMER).n)),
        questions=constant(str(len(comparison.questions))),
        both=ex.count(comparison.column([each.id for each in comparison.questions], "difference")),
        scope=scope_words(context, settings),
    )
    row = head(context, ROLE, title(context, comparison), subtitle, SCORED, narrow=True)
    entries = [(GLYPHS[CUSTOMER], COLOURS[CUSTOMER], context.label(CUSTOMER))]
    entries += [(GLYPHS["current"], COLOURS["current"], words["customers.legend_own"])]
    sheet.rows(row, (22,))
    page.legend(sheet, row, CHART, SCORED, entries, align="right")
    row = _nodes(context, comparison, places, row + 1)
    sheet.rows(row, (14,))
    breaks = [row]
    sheet.repeat(row + 2, row + 2)
    row = _questions(context, comparison, places, row + 1)
    foot = words["customers.foot"]
    sheet.rows(row, (6, 16, 16))
    page.footnote(sheet, row + 1, foot)
    if context.audience == "client":
        least = context.catalogue.limits.tier_shown_min
        page.footnote(sheet, row + 2, words.fill("customers.foot_client", min=least))
    sheet.print_to(row + 2, SCORED + 1)
    paper.whole(sheet, breaks)
    sheet.freeze(2)


def title(context: Context, comparison: Comparison) -> Expression:
    """The finding: how far customers stand from the enterprise's own view, and where furthest below it."""
    words = context.words
    theirs, matched, difference = (comparison.at(ROOT, each) for each in ("theirs", "matched", "difference"))
    value = 0.0 if difference.number is None else round_half_away(difference.number)
    rounded = Expression(f"ROUND({difference.text},2)", value)
    indicators = [each.id for each in comparison.indicators]
    keys, names = comparison.column(indicators, "key"), comparison.names(indicators)
    lowest = min((number for number in keys.numbers if number is not None), default=0.0)
    least = Expression(f"MIN({keys.text})", lowest)
    place = keys.numbers.index(lowest) if lowest in keys.numbers else 0
    name = Expression(f'IFERROR(INDEX({names.text},MATCH({least.text},{keys.text},0)),"")', names.values[place])
    behind = Expression(f"{least.text}<0", lowest < 0)
    widest = ex.choose(behind, sentence(words["customers.widest"], name=name), constant(words["customers.none_below"]))
    parts = {"theirs": shown(matched), "own": shown(comparison.at(ROOT, "own")), "widest": widest}
    parts["gap"] = shown(ex.positive(difference))
    kinds = ("below", "above", "level_with")
    below, above, level_with = (sentence(words[f"customers.{key}"], **parts) for key in kinds)
    is_below = Expression(f"{rounded.text}<0", value < 0)
    compared = ex.choose(ex.above_zero(rounded), above, ex.choose(is_below, below, level_with))
    alone = sentence(words["customers.alone"], theirs=shown(theirs))
    found = ex.choose(ex.has(difference), compared, alone)
    return ex.choose(ex.has(theirs), found, constant(words["customers.none"]))


def _nodes(context: Context, comparison: Comparison, places: Places, row: int) -> int:
    """The total, dimensions and indicators; returns the row after them."""
    sheet, words = context.sheets[ROLE], context.words
    page.section(sheet, row, ID, SCORED, words["customers.nodes"])
    nodes, names = comparison.nodes, context.catalogue.names
    numbers = {d.id: d.number for d in comparison.dimensions} | {i.id: i.number for i in comparison.indicators}
    indicators = {each.id: each for each in comparison.indicators}
    _head(context, row + 1, words["customers.node"])
    sheet.rows(row + 2, [ROW_PX] * len(nodes))
    for offset, node in enumerate(nodes, row + 2):
        if node in indicators:
            label = f"{names[node].in_(context.lang)}{' ★' if indicators[node].key else ''}"
            _line(context, comparison, places, offset, node, str(numbers[node]), label)
        else:
            label = words["customers.total"] if node == ROOT else context.name(node)
            _line(context, comparison, places, offset, node, str(numbers.get(node, "")), label, strong=True)
    _chart(context, comparison, row + 1, nodes, ROW_PX)
    return row + 2 + len(nodes)


def _questions(context: Context, comparison: Comparison, places: Places, row: int) -> int:
    """Every question that customers were asked; returns the row after them."""
    sheet, words = context.sheets[ROLE], context.words
    page.section(sheet, row, ID, SCORED, words["customers.questions"])
    _head(context, row + 1, words["customers.question"])
    texts = {question.id: question.text.in_(context.lang) for question in comparison.questions}
    # all rows alike, since the chart's markers stand at even distances
    tall = max(ROW_PX, *(measure.height(text, WIDTHS[NAME] - 12, 9, padding=6) for text in texts.values()))
    sheet.rows(row + 2, [tall] * len(texts))
    for offset, (question, text) in enumerate(texts.items(), row + 2):
        _line(context, comparison, places, offset, question, question, text)
    _chart(context, comparison, row + 1, list(texts), tall)
    return row + 2 + len(texts)


def _head(context: Context, row: int, name: str) -> None:
    words = context.words
    heads = [(words["customers.number"], "left"), (name, "left"), ("", "left")]
    heads += [(words[f"customers.{key}"], "right") for _, key, _ in FIGURES]
    page.header_row(context.sheets[ROLE], row, ID, heads, HEAD_PX)


def _line(
    context: Context,
    comparison: Comparison,
    places: Places,
    row: int,
    node: str,
    number: str,
    label: str,
    *,
    strong: bool = False,
) -> None:
    sheet, book = context.sheets[ROLE], context.book
    look = {"bottom": 1, "bottom_color": "hair", "font_size": 9} | ({"bg_color": "tint2"} if strong else {})
    target = places.behind(node)
    sheet.content(row, ID, Link(number, target) if target else number, book.style(**look, font_color="brand2"))
    sheet.text(row, NAME, label, book.style(**look, bold=strong, text_wrap=True, indent=0 if strong else 1))
    sheet.blank(row, CHART, book.style(**look))
    colours = {OWN: COLOURS["current"], SCORED: "slate"} | dict.fromkeys((MATCHED, THEIRS), COLOURS[CUSTOMER])
    for column, figure, pattern in FIGURES:
        bold, colour = strong or column == DIFFERENCE, colours.get(column, "ink")
        style = book.style(**look, bold=bold, num_format=pattern, align="right", font_color=colour)
        found = comparison.at(node, figure)
        show(sheet, row, column, as_seen(found) if figure == "difference" else found, style)
    _looks(context, row)


def _looks(context: Context, row: int) -> None:
    """A whole point below stands out."""
    at = local(row, DIFFERENCE)
    rule, look = f"=AND(ISNUMBER({at}),ROUND({at},2)<=-1)", context.book.change(font_color="alert")
    options = {"type": "formula", "criteria": rule, "format": look}
    context.sheets[ROLE].condition(row, DIFFERENCE, row, DIFFERENCE, options)


def _chart(context: Context, comparison: Comparison, top: int, nodes: Sequence[str], row_px: int) -> None:
    """Both scores of each row as markers, with a line from the one to the other."""
    sheet, book, words = context.sheets[ROLE], context.book, context.words
    rows = charts.RowChart(len(nodes), HEAD_PX, row_px, sheet.span(CHART, CHART))
    low, high = context.catalogue.scale_min, context.catalogue.scale_max
    names = "=" + comparison.labels(nodes).text
    before = charts.unseen(words["customers.own"], names, "=" + comparison.feed(nodes, "offset").text)
    span = charts.bar(
        book.brand, words["customers.difference"], names, "=" + comparison.feed(nodes, "length").text, "link"
    )
    described = words["sheets.customers"]
    lines = charts.row_bars(book, rows, [before, span], gap=400, stacked=True, labels=False, low=low, high=high)
    sheet.chart(top, CHART, lines, described)
    marks = [
        charts.dots(
            book.brand,
            label,
            "=" + comparison.feed(nodes, f"{who}_x").text,
            "=" + comparison.feed(nodes, f"{who}_y").text,
            angle,
        )
        for who, angle, label in (("own", "current", words["customers.legend_own"]),
                                  ("theirs", CUSTOMER, context.label(CUSTOMER)))
    ]  # fmt: skip
    sheet.chart(
        top,
        CHART,
        charts.row_markers(book, rows, marks, labels=True, label_colour="white", low=low, high=high),
        described,
    )
