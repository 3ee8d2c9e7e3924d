"""Dimensions: all of them on one page, in one table, as a radar, and by what each is behind."""

import math

from cmme_xl.calculation import expression as ex
from cmme_xl.calculation.expression import Expression, constant, sentence, shown
from cmme_xl.calculation.ground import raw
from cmme_xl.spreadsheet import charts, page
from cmme_xl.summary import bullets
from cmme_xl.summary.context import COLOURS, GLYPHS, Context
from cmme_xl.summary.furniture import GAP, PERCENT, SCORE, as_seen, head, marks_note, nothing, scope_words, when
from cmme_xl.summary.places import Places
from cmme_xl.summary.view import View
from cmme_xl.summary.weights import WeightCells

ROLE = "dimensions"
FEWEST_FOR_RADAR = 3
BODY_PX = 240
RADAR_LAST, NAME, BARS = 11, (13, 16), (17, page.CELLS)
RADAR_PX = 330


def draw(context: Context, view: View, settings: WeightCells, places: Places) -> None:
    """The sheet: table with bars; radar beside the gaps."""
    sheet, words = context.sheets[ROLE], context.words
    subtitle = sentence(words["dimensions.subtitle"], scope=scope_words(context, settings))
    row = head(context, ROLE, title(context, view, settings), subtitle, page.CELLS)
    page.section(sheet, row, 1, page.CELLS, words["dimensions.all"], words["dimensions.all_note"])
    entries = [(GLYPHS[angle], COLOURS[angle], context.label(angle)) for angle in context.present]
    sheet.rows(row + 1, (24,))
    if len(entries) > 1:
        page.legend(sheet, row + 1, 1, page.CELLS, entries)
    count = len(view.dimension_ids)
    row_px = min(44, max(26, BODY_PX // count))
    labelled = [(d.id, f"{d.number} {d.name.in_(context.lang)}", places.page(d.id)) for d in context.dimensions]
    figures = _figures(context)
    chart = (6, page.CELLS - len(figures))
    row = bullets.draw(context, view, ROLE, row + 2, bullets.Columns((1, 5), chart), labelled, row_px, figures)
    sheet.rows(row, (14,))
    row = _radar_and_gaps(context, view, places, row + 1)
    sheet.rows(row, (6, 16, 16))
    page.footnote(sheet, row + 1, words["dimensions.foot"])
    page.footnote(sheet, row + 2, marks_note(context))
    sheet.print_to(row + 2, page.CELLS + 1)
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


def _radar_and_gaps(context: Context, view: View, places: Places, row: int) -> int:
    """The radar on the left; on the right by how much each dimension is behind, or ahead where negative."""
    sheet, book, words = context.sheets[ROLE], context.book, context.words
    nodes = view.dimension_ids
    row_px = min(48, max(26, (RADAR_PX - bullets.HEAD_PX) // max(len(nodes), 1)))
    called = words.fill("overview.radar", n=len(nodes)) if len(nodes) >= FEWEST_FOR_RADAR else ""
    page.section(sheet, row, 1, RADAR_LAST, called)
    page.section(sheet, row, NAME[0], page.CELLS, words["dimensions.gaps"], words["dimensions.gaps_note"])
    sheet.rows(row + 1, (bullets.HEAD_PX, *([row_px] * len(nodes))))
    height = bullets.HEAD_PX + row_px * len(nodes)
    muted = book.style(font_size=9, font_color="muted", valign="top")
    if len(nodes) >= FEWEST_FOR_RADAR and context.drawn(nodes):
        points = 10 if context.lang == "zh" else 9
        chart = bullets.radar(context, view, nodes, RADAR_LAST * page.CELL_PX, height, points, legend=False)
        sheet.chart(row + 1, 1, chart, words.fill("overview.radar", n=len(nodes)))
    else:
        sheet.text(row + 1, 1, words["overview.radar_few" if context.drawn(nodes) else "overview.title_none"], muted)
    if not context.others:
        sheet.text(row + 1, NAME[0], words["overview.nothing_compared"], muted)
        return row + 2 + len(nodes)
    line = {"bottom": 1, "bottom_color": "rule", "font_size": 9, "font_color": "slate", "valign": "bottom"}
    sheet.fill(row + 1, NAME[0], page.CELLS, book.style(**line))
    hair = book.style(bottom=1, bottom_color="hair", shrink=True, font_size=10 if context.lang == "zh" else 9)
    for at, dimension in enumerate(context.dimensions, row + 2):
        named = f"{dimension.number} {dimension.name.in_(context.lang)}"
        sheet.jump(at, NAME[0], named, places.page(dimension.id), hair, (at, NAME[1]))
        sheet.fill(at, *BARS, hair)
    _gap_bars(context, view, row + 1, row_px)
    return row + 2 + len(nodes)


def _gap_bars(context: Context, view: View, row: int, row_px: int) -> None:
    sheet, book, nodes = context.sheets[ROLE], context.book, view.dimension_ids
    gaps = {angle: view.column(nodes, angle, "gap") for angle in context.others}
    known = [number for block in gaps.values() for number in block.numbers if number is not None]
    low, high = (math.floor(min(known, default=0.0)), max(1, math.ceil(max(known, default=0.0))))
    rows = charts.RowChart(len(nodes), bullets.HEAD_PX, row_px, sheet.span(*BARS))
    names = "=" + view.label(nodes).text
    series = [
        charts.bar(book.brand, context.label(angle), names, "=" + block.text, COLOURS[angle])
        for angle, block in gaps.items()
    ]
    chart = charts.row_bars(book, rows, series, gap=60, low=min(low, 0), high=high)
    sheet.chart(row, BARS[0], chart, context.words["dimensions.gaps"])
