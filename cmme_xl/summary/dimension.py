"""One dimension on one page: radar and figures of its indicators, what they say, what it rests on, what to do."""

from collections.abc import Sequence

from cmme_xl.calculation import expression as ex
from cmme_xl.calculation.expression import Expression, constant, sentence, shown
from cmme_xl.catalogue import Dimension
from cmme_xl.findings import visible
from cmme_xl.results.diagnosis import diagnosis
from cmme_xl.spreadsheet import measure, page
from cmme_xl.spreadsheet.band import pour
from cmme_xl.summary import account, asof, bullets
from cmme_xl.summary.account import CELL_PX, LEFT, RIGHT
from cmme_xl.summary.context import COLOURS, GLYPHS, Context
from cmme_xl.summary.evidence import Register
from cmme_xl.summary.finding import against
from cmme_xl.summary.furniture import (
    GAP,
    PERCENT,
    SCORE,
    as_seen,
    head,
    level_words,
    marks_note,
    nothing,
    scope_words,
    when,
    write,
)
from cmme_xl.summary.places import Places
from cmme_xl.summary.view import View
from cmme_xl.summary.weights import WeightCells

FEWEST_FOR_RADAR = 3
BODY_PX = 232
WIDTHS = (page.MARGIN_PX, *([CELL_PX] * page.CELLS), page.MARGIN_PX)
"""Wider than other pages: it carries more text, and paper is wider than tall."""
PLOT = (0.2, 0.17, 0.6, 0.66)
RADAR_LAST, NAME = 9, (10, 14)
WIDE_NAME, WHY = (1, 6), (12, page.CELLS)
"""Where there is no radar: the names of the indicators, and why there is none."""


def tab(context: Context, dimension: Dimension) -> str:
    """The name of the page's tab."""
    short = dimension.short.in_(context.lang).replace("|", "" if context.lang == "zh" else " ")
    allowed = "".join(" " if ch in "[]:*?/\\'" else ch for ch in visible(short))
    return measure.clip(f"{dimension.number} {allowed}".strip(), 31)


def draw(
    context: Context,
    view: View,
    settings: WeightCells,
    places: Places,
    dimension: Dimension,
    register: Register | None,
) -> None:
    """The page: key figures; radar and table; diagnosis and evidence beside recommendations."""
    sheet, words = context.sheets[dimension.id], context.words
    row = head(
        context,
        dimension.id,
        title(context, view, settings, dimension),
        _subtitle(context, view, settings, dimension),
        page.CELLS,
    )
    row = _tabs(context, places, dimension, row)
    row = _tiles(context, view, dimension, row)
    row = _figures(context, view, places, dimension, row)
    found = diagnosis(context.facts, dimension)
    sheet.rows(row, (8,))
    page.section(sheet, row + 1, *LEFT, words["page.diagnosis"])
    page.section(sheet, row + 1, *RIGHT, words["page.advice"])
    nodes = [indicator.id for indicator in dimension.indicators]
    for last in (LEFT[1], RIGHT[1]):
        asof.flag(context, view, dimension.id, (row + 1, last), nodes)
    left = [*account.said(context, found), *account.evidence(context, dimension, found, register)]
    row = pour(sheet, row + 2, (left, list(account.advice(context, places, found))))
    sheet.rows(row, (6, 16, 16, 16))
    asof.put(context, dimension.id, row + 1, asof.note(context, view, nodes))
    page.footnote(sheet, row + 2, words["page.foot"])
    page.footnote(sheet, row + 3, marks_note(context))
    sheet.print_to(row + 3, page.CELLS + 1)
    sheet.freeze(2)


# --- the top


def title(context: Context, view: View, settings: WeightCells, dimension: Dimension) -> Expression:
    """The finding: score, level, rank, distance to what it is compared with."""
    words, node = context.words, dimension.id
    name = constant(dimension.name.in_(context.lang))
    level = view.at(node, "current", "level")
    scored = ex.count(view.column(view.dimension_ids, "current", "score"))
    several = Expression(f"{scored.text}>1", (scored.number or 0) > 1)
    ranked = sentence(words["page.rank"], rank=view.at(node, "current", "strength_rank"), n=scored)
    full = sentence(
        words["page.title"],
        name=name,
        score=shown(view.at(node, "current", "score")),
        level=level,
        level_name=level_words(context, level),
        mark=when(view.at(node, "current", "provisional"), constant(words["overview.provisional"])),
        rank=when(several, ranked),
        against=against(context, view, node) if context.others else constant(""),
    )
    none = ex.joined([name, constant(words["page.colon"]), nothing(context, settings)])
    return ex.choose(ex.has(level), full, none)


def _subtitle(context: Context, view: View, settings: WeightCells, dimension: Dimension) -> Expression:
    """Scope, share of the total, how much there is of it."""
    words = context.words
    return sentence(
        words["page.subtitle"],
        scope=scope_words(context, settings),
        share=shown(view.at(dimension.id, "current", "valued_share"), "0%"),
        n=_inside(context, view, dimension),
        questions=_questions(context, view, dimension),
        statement=constant(dimension.statement.in_(context.lang)),
    )


def _inside(context: Context, view: View, dimension: Dimension) -> Expression:
    """How many indicators of the dimension the chosen scope has, in words."""
    inside = ex.count(view.column([each.id for each in dimension.indicators], "current", "weight"))
    one = Expression(f"{inside.text}=1", inside.value == 1)
    several = sentence(context.words["page.within"], n=inside)
    return ex.choose(one, constant(context.words["page.within_one"]), several)


def _questions(context: Context, view: View, dimension: Dimension) -> Expression:
    """How many questions the indicators that the chosen scope has are made of."""
    texts, total = [], 0
    for indicator in dimension.indicators:
        own = sum(question.in_scope for question in context.nodes[indicator.id].children)
        weight = view.at(indicator.id, "current", "weight")
        texts.append(f"{own}*COUNT({weight.text})")
        total += own if weight.number is not None else 0
    return Expression("+".join(texts), total)


def _tabs(context: Context, places: Places, dimension: Dimension, row: int) -> int:
    """Links to the pages of all dimensions, as many as there is room for."""
    sheet, book = context.sheets[dimension.id], context.book
    sheet.rows(row, (22, 8))
    span = max(1, page.CELLS // len(context.dimensions))
    look = {"font_size": 9, "align": "center", "shrink": True}
    for number, each in enumerate(context.dimensions[: page.CELLS // span]):
        first = 1 + number * span
        on = each is dimension
        colours = {"bg_color": "tint2", "font_color": "brand", "bold": True} if on else {"font_color": "slate"}
        sheet.jump(
            row, first, tab(context, each), places.page(each.id), book.style(**look, **colours), (row, first + span - 1)
        )
    return row + 2


def _tiles(context: Context, view: View, dimension: Dimension, row: int) -> int:
    """A key figure per angle, then share of the total's gains and coverage."""
    sheet, words, node = context.sheets[dimension.id], context.words, dimension.id
    sheet.rows(row, (22, 32, 18, 8))
    level = view.at(node, "current", "level")
    of_level = sentence(words["overview.level_line"], level=level, name=level_words(context, level), mark=constant(""))
    tiles = [(context.label("current"), "current", "score", SCORE, when(ex.has(level), of_level))]
    for angle in context.others:
        tiles.append((context.label(angle), angle, "score", SCORE, _distance(context, view, node, angle)))
    low, high = (view.at(node, "current", figure) for figure in ("low", "high"))
    between = sentence(words["page.range"], low=shown(low), high=shown(high))
    tiles.append((words["overview.coverage"], "current", "coverage", PERCENT, when(ex.has(low), between)))
    rate = view.at(node, "current", "rate")
    tiles.append((words["overview.rate"], "current", "rate", PERCENT, when(ex.has(rate), constant(words["page.rate"]))))
    for number, (label, angle, figure, pattern, note) in enumerate(tiles[:6]):
        value = view.at(node, angle, figure)
        missing = context.absent(angle, node)
        formula = ex.choose(ex.has(value), value, constant(missing))
        page.tile(
            sheet, row, 1 + 4 * number, 3 + 4 * number, label, formula.value, str(note.value or ""),
            colour=COLOURS[angle] if figure == "score" else "rule", number_format=pattern,
            formula=f"={formula.text}", note_formula=f"={note.text}",
        )  # fmt: skip
    return row + 4


def _distance(context: Context, view: View, node: str, angle: str) -> Expression:
    """How far current is behind an angle, or ahead of it, with ≈ where that is not the difference of the two tiles."""
    words, gap, mark = context.words, view.at(node, angle, "gap"), view.at(node, angle, "gap_mark")
    marked = ex.choose(Expression(f"{mark.text}=1", mark.value == 1), constant("≈"), constant(""))
    distance = sentence("{mark}{gap}", mark=marked, gap=shown(ex.positive(as_seen(gap))))
    behind, ahead = (sentence(words[f"page.{key}"], gap=distance) for key in ("behind", "ahead"))
    return when(ex.has(gap), ex.choose(ex.above_zero(gap), behind, ahead))


def _figures(context: Context, view: View, places: Places, dimension: Dimension, row: int) -> int:
    """Radar on the left, the indicators with bars, markers and figures on the right; bars alone where there are too few
    indicators for a radar."""
    sheet, book, words = context.sheets[dimension.id], context.book, context.words
    nodes = [indicator.id for indicator in dimension.indicators]
    scored = ex.count(view.column(nodes, "current", "score"))
    with_radar = bool(context.drawn(nodes)) and not is_sparse(scored, len(nodes)).value
    name = NAME if with_radar else WIDE_NAME
    note = words.fill("overview.bars_note", angle=context.spoken(context.others[0])) if context.others else ""
    page.section(sheet, row, name[0], page.CELLS, words["page.indicators"], note)
    sheet.rows(row + 1, (20,))
    entries = [(GLYPHS[angle], COLOURS[angle], context.label(angle)) for angle in context.present]
    if len(entries) > 1:
        page.legend(sheet, row + 1, name[0], page.CELLS if with_radar else WHY[0] - 1, entries)
    row_px = min(40, max(25, BODY_PX // len(nodes)))
    figures = _columns(context)
    columns = bullets.Columns(name, (name[1] + 1, page.CELLS - len(figures)))
    labelled = [(each.id, account.label(context, each), places.indicator(each.id)) for each in dimension.indicators]
    after = bullets.draw(context, view, dimension.id, row + 2, columns, labelled, row_px, figures)
    if not with_radar:
        muted = book.style(font_size=9, font_color="muted", align="right")
        write(sheet, row + 1, WHY[0], _no_radar(context, nodes, scored), muted, (row + 1, WHY[1]))
        return after
    small = book.style(font_size=8, font_color="muted", align="right", bottom=1, bottom_color="brand")
    title = book.style(font_size=11, bold=True, font_color="brand", bottom=1, bottom_color="brand")
    page.section(sheet, row, 1, RADAR_LAST - 1, "")
    write(sheet, row, 1, _inside(context, view, dimension), title)
    sparse = when(is_sparse(scored, len(nodes)), sentence(words["page.radar_sparse"], n=scored))
    write(sheet, row, RADAR_LAST - 1, sparse, small)
    height, width = 20 + bullets.HEAD_PX + len(nodes) * row_px, (RADAR_LAST - 1) * CELL_PX
    chart = bullets.radar(context, view, nodes, width, height, 8, PLOT, legend=False)
    sheet.chart(row + 1, 1, chart, tab(context, dimension))
    return after


def is_sparse(scored: Expression, rays: int) -> Expression:
    """Whether so few of the rays have a score that no shape can be seen, only dots."""
    least = max(FEWEST_FOR_RADAR, rays // 2 + 1)
    return Expression(f"{scored.text}<{least}", (scored.number or 0.0) < least)


def _no_radar(context: Context, nodes: Sequence[str], scored: Expression) -> Expression:
    """Why there is no radar: no shape under the scope it was written under. Under another there may be one to draw."""
    words = context.words
    if any(("current", node) in context.withheld for node in nodes):
        return constant(words.fill("marks.withheld", least=context.catalogue.limits.tier_shown_min))
    if not context.drawn(nodes):
        return constant(words["overview.title_none"])
    again = constant(words["page.radar_again"])
    return ex.choose(is_sparse(scored, len(nodes)), sentence(words["page.radar_none"], n=scored), again)


def _columns(context: Context) -> list[bullets.Figure]:
    words = context.words
    found = [(context.short(angle), angle, "score", SCORE) for angle in context.present]
    if context.others:
        found += [(words["overview.gap"], context.others[0], "gap", GAP)]
    found += [(words["overview.level"], "current", "level", bullets.level_format(context))]
    return [*found, (words["dimensions.coverage"], "current", "coverage", PERCENT)]
