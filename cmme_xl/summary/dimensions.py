"""Dimensions: all of them in one table, then each with the radar and the figures of its indicators."""

from cmme_xl.calculation.ground import raw
from cmme_xl.catalogue import Dimension
from cmme_xl.spreadsheet import measure, page
from cmme_xl.summary import bullets
from cmme_xl.summary import expression as ex
from cmme_xl.summary.context import COLOURS, GLYPHS, Context
from cmme_xl.summary.expression import Expression, constant, sentence, shown
from cmme_xl.summary.furniture import (
    GAP,
    PERCENT,
    SCORE,
    as_seen,
    head,
    marks_note,
    nothing,
    scope_words,
    when,
    write,
)
from cmme_xl.summary.view import View
from cmme_xl.summary.weights import WeightCells

ROLE = "dimensions"
FEWEST_FOR_RADAR = 3
PAGE_PX = 790
PRINT_SCALE = 80
BODY_PX = 240
PLOT = (0.2, 0.18, 0.6, 0.64)


def draw(context: Context, view: View, settings: WeightCells) -> None:
    """The sheet, with page breaks between dimensions."""
    sheet, words = context.sheets[ROLE], context.words
    subtitle = sentence(words["dimensions.subtitle"], scope=scope_words(context, settings))
    row = head(context, ROLE, title(context, view, settings), subtitle, page.CELLS)
    page.section(sheet, row, 1, page.CELLS, words["dimensions.all"])
    entries = [(GLYPHS[angle], COLOURS[angle], context.label(angle)) for angle in context.present]
    sheet.rows(row + 1, (24,))
    if len(entries) > 1:
        page.legend(sheet, row + 1, 1, page.CELLS, entries)
    count = len(view.dimension_ids)
    row_px = min(44, max(26, BODY_PX // count))
    labelled = [(each.id, f"{each.number} {each.name.in_(context.lang)}", "") for each in context.dimensions]
    shown_ = _figures(context)
    chart = (6, page.CELLS - len(shown_))
    row = bullets.draw(context, view, ROLE, row + 2, bullets.Columns((1, 5), chart), labelled, row_px, shown_)
    units = [(0, 105 + 26 + 24 + bullets.HEAD_PX + count * row_px + 12)]
    for dimension in context.dimensions:
        sheet.rows(row, (14,))
        units.append((row, 14 + 26 + 22 + bullets.HEAD_PX + _row_px(dimension) * len(dimension.indicators)))
        row = _dimension(context, view, dimension, row + 1)
    sheet.rows(row, (6, 16, 16))
    page.footnote(sheet, row + 1, words["dimensions.foot"])
    page.footnote(sheet, row + 2, marks_note(context))
    sheet.print_to(row + 2, page.CELLS + 1)
    sheet.print_scale(PRINT_SCALE, measure.page_breaks(units, PAGE_PX, PAGE_PX))
    sheet.freeze(2)


def title(context: Context, view: View, settings: WeightCells) -> Expression:
    """The finding: the strongest and the weakest dimension, of those whose level is not provisional."""
    words, nodes = context.words, view.dimension_ids
    names, scores = view.label(nodes), view.column(nodes, "current", "score")
    best, worst = (view.ranked(nodes, order, 1, names) for order in ("best_rank", "worst_rank"))
    # what is said beside two figures is the difference of these figures as they are shown
    high, low = (as_seen(view.ranked(nodes, order, 1, scores)) for order in ("best_rank", "worst_rank"))
    some = ex.has(view.holder(nodes, "best_rank", 1))
    several = ex.has(view.holder(nodes, "best_rank", 2))
    distance = None if high.number is None or low.number is None else high.number - low.number
    spread = Expression(f'IFERROR({high.text}-{low.text},"")', distance)
    full = sentence(
        words["dimensions.title"],
        best=best,
        best_score=shown(high),
        worst=worst,
        worst_score=shown(low),
        spread=shown(spread),
    )
    level = view.ranked(nodes, "best_rank", 1, view.column(nodes, "current", "level"))
    one = sentence(words["dimensions.title_one"], best=best, best_score=shown(high), level=level)
    doubtful = when(view.all_provisional(nodes), constant(words["overview.provisional"]))
    said = ex.choose(several, ex.joined([full, doubtful]), ex.joined([one, doubtful]))
    return ex.choose(some, said, nothing(context, settings))


def _figures(context: Context) -> list[bullets.Figure]:
    words = context.words
    found = [(context.short(angle), angle, "score", SCORE) for angle in context.present]
    if raw("current") in context.raws:
        found.insert(1, (words["calibrations.raw_short"], "current", "raw", SCORE))
    found += [
        (words.fill("overview.to", angle=context.spoken_short(angle)), angle, "gap", GAP) for angle in context.others
    ]
    found += [(words["overview.level"], "current", "level", bullets.level_format(context))]
    found += [(words["indicators.range_low"], "current", "low", SCORE)]
    found += [(words["indicators.range_high"], "current", "high", SCORE)]
    found += [(words[f"dimensions.{key}"], "current", key, PERCENT) for key in ("coverage", "rate")]
    return [*found, (words["dimensions.weight"], "current", "share", PERCENT)]


def _row_px(dimension: Dimension) -> int:
    return min(44, max(26, BODY_PX // len(dimension.indicators)))


def _dimension(context: Context, view: View, dimension: Dimension, row: int) -> int:
    """One dimension: its finding, radar and table. Returns the row after it."""
    sheet, book, words = context.sheets[ROLE], context.book, context.words
    line = {"bottom": 1, "bottom_color": "brand"}
    sheet.rows(row, (26, 22))
    sheet.fill(row, 1, page.CELLS, book.style(**line))
    finding = book.style(font_size=11, bold=True, font_color="brand", **line)
    write(sheet, row, 1, _finding(context, view, dimension), finding)
    entries = [(GLYPHS[angle], COLOURS[angle], context.label(angle)) for angle in context.present]
    if len(entries) > 1:
        page.legend(sheet, row + 1, 10, page.CELLS, entries)
    nodes = [indicator.id for indicator in dimension.indicators]
    row_px = _row_px(dimension)
    labelled = []
    for each in dimension.indicators:
        label = f"{each.number} {each.name.in_(context.lang)}{' ★' if each.key else ''}"
        labelled.append((each.id, label, ""))
    figures = bullets.figures(context)
    columns = bullets.Columns((10, 15), (16, page.CELLS - len(figures)))
    after = bullets.draw(context, view, ROLE, row + 2, columns, labelled, row_px, figures)
    height = bullets.HEAD_PX + len(nodes) * row_px
    if len(nodes) >= FEWEST_FOR_RADAR and context.drawn(nodes):
        chart = bullets.radar(context, view, nodes, 9 * page.CELL_PX - 10, height + 22, 8, PLOT, legend=False)
        sheet.chart(row + 1, 1, chart, f"{dimension.number} {dimension.name.in_(context.lang)}")
    else:
        note = book.style(font_size=9, font_color="muted", valign="bottom")
        least = context.catalogue.limits.tier_shown_min
        missing = words["dimensions.radar_few" if context.drawn(nodes) else "overview.title_none"]
        if any(("current", node) in context.withheld for node in nodes):
            missing = words.fill("marks.withheld", least=least)
        sheet.text(row + 2, 1, missing, note)
    return after


def _finding(context: Context, view: View, dimension: Dimension) -> Expression:
    """Score, level and rank of a dimension in one line."""
    words = context.words
    figure = {key: view.at(dimension.id, "current", key) for key in ("score", "level", "strength_rank", "mark")}
    fixed = {"number": constant(str(dimension.number)), "name": constant(dimension.name.in_(context.lang))}
    full = sentence(
        words["dimensions.finding"],
        score=shown(figure["score"]),
        level=figure["level"],
        mark=when(ex.same(figure["mark"], constant("*")), constant(words["overview.provisional"])),
        rank=figure["strength_rank"],
        **fixed,
    )
    return when(ex.has(figure["score"]), full, sentence(words["dimensions.finding_none"], **fixed))
