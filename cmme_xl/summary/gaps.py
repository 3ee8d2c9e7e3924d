"""Gaps: every indicator in the order of what closing its gap adds to the total, live."""

from cmme_xl.calculation import expression as ex
from cmme_xl.calculation.expression import Expression, constant, sentence, shown
from cmme_xl.spreadsheet import charts, measure, page
from cmme_xl.summary import bullets
from cmme_xl.summary.context import COLOURS, DASH, GLYPHS, Context
from cmme_xl.summary.furniture import GAP, POINTS, SCORE, as_seen, head, marks_note, nothing, scope_words, write
from cmme_xl.summary.order import Order
from cmme_xl.summary.places import Places
from cmme_xl.summary.view import View
from cmme_xl.summary.weights import WeightCells

ROLE = "gaps"
FIRST = 10
HEAD_PX, ROW_PX, CHART_PX = 32, 23, 240


def widths(context: Context) -> list[int]:
    """The columns in pixels; names take what the longest of them needs, since the order is live."""
    lang = context.lang
    name = max(measure.width(f"{each.name.in_(lang)} ★", 9, bold=True) for each in context.indicators)
    dimension = max(measure.width(each.name.in_(lang), 9) for each in context.dimensions)
    found = [20, 46, 46, min(340, int(name) + 16), min(170, int(dimension) + 14), 58]
    found += [56] * len(context.present) + [CHART_PX] + [64] * len(context.others)
    return [*found, 110, 64, 20]


def draw(context: Context, view: View, order: Order, settings: WeightCells, places: Places) -> None:
    """The sheet: one row per indicator, dumbbells over the rows."""
    sheet, words = context.sheets[ROLE], context.words
    columns = _Columns(context)
    row = head(context, ROLE, title(context, view, settings), _subtitle(context, settings), columns.added, narrow=True)
    sheet.rows(row, (22,))
    entries = [(GLYPHS[angle], COLOURS[angle], context.label(angle)) for angle in context.present]
    if len(entries) > 1:
        page.legend(sheet, row, columns.share, columns.added, entries, align="right")
    top = row + 1
    heads = [(words["gaps.rank"], "center"), (words["gaps.number"], "center"), (words["gaps.name"], "left")]
    heads += [(words["gaps.dimension"], "left"), (words["gaps.share"], "right")]
    heads += [(context.short(angle), "right") for angle in context.present] + [("", "left")]
    heads += [(words.fill("gaps.to", angle=context.spoken_short(angle)), "right") for angle in context.others]
    heads += [(words["gaps.points"], "right"), (words["gaps.added"], "right")]
    page.header_row(sheet, top, 1, heads, HEAD_PX)
    count = len(view.indicator_ids)
    sheet.rows(top + 1, [ROW_PX] * count)
    for position in range(count):
        _row(context, view, order, places, columns, top + 1 + position, position)
    _marks(context, view, columns, top + 1, top + count)
    if context.drawn(view.indicator_ids):
        _chart(context, order, columns, top, count)
    sheet.rows(top + 1 + count, (6, 16, 16))
    page.footnote(sheet, top + 2 + count, words["gaps.foot"])
    page.footnote(sheet, top + 3 + count, marks_note(context))
    sheet.repeat(top, top)
    sheet.freeze(top + 1, columns.name + 1)
    sheet.print_to(top + 3 + count, columns.added + 1)


class _Columns:
    rank, number, name, dimension, share = range(1, 6)

    def __init__(self, context: Context) -> None:
        self.score = {angle: 6 + place for place, angle in enumerate(context.present)}
        self.chart = 6 + len(context.present)
        self.gap = {angle: self.chart + 1 + place for place, angle in enumerate(context.others)}
        self.points = self.chart + 1 + len(context.others)
        self.added = self.points + 1


def title(context: Context, view: View, settings: WeightCells) -> Expression:
    """The finding: what the first gaps add up to."""
    words, nodes = context.words, view.indicator_ids
    points, ranks = view.column(nodes, "current", "importance"), view.column(nodes, "current", "rank")
    if not set(context.others) & {"target", "benchmark"}:
        return constant(words["gaps.title_alone"])
    ranked = ex.count(ranks)
    size = int(min(FIRST, ranked.number or 0))
    first = Expression(f"MIN({FIRST},{ranked.text})", size)
    pairs = zip(ranks.numbers, points.numbers, strict=True)
    added = sum(value or 0.0 for rank, value in pairs if rank is not None and rank <= FIRST)
    sum_first = Expression(f'SUMIF({ranks.text},"<={FIRST}",{points.text})', added)
    whole = sum(number or 0.0 for number in points.numbers)
    share = Expression(f"{sum_first.text}/MAX(SUM({points.text}),1E-9)", added / max(whole, 1e-9))
    several = sentence(words["gaps.title"], n=first, points=shown(sum_first), share=shown(share, "0%"))
    name = view.ranked(nodes, "rank", 1, view.label(nodes))
    one = sentence(words["gaps.title_one"], first=name, points=shown(sum_first))
    more = Expression(f"{ranked.text}>1", (ranked.number or 0) > 1)
    scored = ex.above_zero(ex.count(view.column(nodes, "current", "score")))
    none = ex.choose(scored, constant(words["gaps.title_none"]), nothing(context, settings))
    return ex.choose(more, several, ex.choose(ex.above_zero(ranked), one, none))


def _subtitle(context: Context, settings: WeightCells) -> Expression:
    words = context.words
    scope = scope_words(context, settings)
    if not set(context.others) & {"target", "benchmark"}:
        return sentence(words["gaps.subtitle_alone"], scope=scope)
    setting = Expression(settings.importance.text, settings.importance_word(str(settings.importance.value)))
    return sentence(words["gaps.subtitle"], scope=scope, setting=setting)


def _row(
    context: Context, view: View, order: Order, places: Places, columns: _Columns, row: int, position: int
) -> None:
    sheet, book, nodes = context.sheets[ROLE], context.book, view.indicator_ids
    hair = {"bottom": 1, "bottom_color": "hair", "font_size": 9}

    def put(column: int, found: Expression, **look: object) -> None:
        write(sheet, row, column, found, book.style(**{**hair, **look}))

    def figure(angle: str, name: str) -> Expression:
        found = order.pick(position, view.column(nodes, angle, name))
        absent = order.pick(position, view.column(nodes, angle, "absent")) if name == "score" else constant(DASH)
        return ex.choose(ex.has(found), as_seen(found) if name == "gap" else found, absent)

    put(columns.rank, figure("current", "rank"), align="center", bold=True, font_color="slate", num_format="0")
    put(columns.number, order.pick(position, view.numbers()), align="center", font_color="slate")
    named = order.pick(position, order.names), order.pick(position, view.column(nodes, "current", "mark"))
    put(columns.name, places.listed(ex.joined(named), order.place(position)), bold=True)
    put(columns.dimension, order.pick(position, order.dimensions), font_color="slate")
    inside = ex.has(order.pick(position, view.column(nodes, "current", "weight")))
    share = ex.choose(inside, figure("current", "valued_share"), constant(DASH))
    put(columns.share, share, num_format="0.0%", align="right", font_color="slate")
    for angle, column in columns.score.items():
        strong = {"bold": True, "font_color": "brand"} if angle == "current" else {"font_color": "slate"}
        put(column, figure(angle, "score"), num_format=SCORE, align="right", **strong)
    outside = ex.choose(inside, constant(""), constant(context.words["overview.outside"]))
    put(columns.chart, outside, font_size=8, font_color="muted", indent=2)
    for angle, column in columns.gap.items():
        put(column, figure(angle, "gap"), num_format=GAP, align="right")
    put(columns.points, figure("current", "importance"), num_format=POINTS, align="right", bold=True)
    added = _added(view, order.pick(position, view.column(nodes, "current", "rank")))
    added = ex.choose(ex.has(added), added, constant(DASH))
    put(columns.added, added, num_format=POINTS, align="right", font_color="slate")
    bullets.flags(context, ROLE, row, 0, order.pick(position, view.column(nodes, "current", "marks")))


def _added(view: View, rank: Expression) -> Expression:
    """The points of total that closing this gap and all before it adds."""
    ranks, points = (view.column(view.indicator_ids, "current", figure) for figure in ("rank", "importance"))
    text = f'IF(ISNUMBER({rank.text}),SUMIF({ranks.text},"<="&{rank.text},{points.text}),"")'
    if rank.number is None:
        return Expression(text, None)
    pairs = zip(ranks.numbers, points.numbers, strict=True)
    return Expression(text, sum(value or 0.0 for place, value in pairs if place is not None and place <= rank.number))


def _marks(context: Context, view: View, columns: _Columns, first: int, last: int) -> None:
    """The first ten in red, gaps of a whole step in red, bars behind the points."""
    sheet, book = context.sheets[ROLE], context.book
    top = sheet.cell(first, columns.rank).rpartition("!")[2].replace("$", "")
    rule = f"=AND(ISNUMBER({top}),{top}<={FIRST})"
    change = book.change(font_color="alert")
    sheet.condition(first, columns.rank, last, columns.rank, {"type": "formula", "criteria": rule, "format": change})
    for angle, column in columns.gap.items():
        bullets.gap_looks(context, ROLE, (first, last, column), 0, angle)
    bullets.pale(context, ROLE, (first, columns.rank, last, columns.added), 0)
    largest = max((n for n in view.column(view.indicator_ids, "current", "importance").numbers if n), default=0.01)
    bar = {
        "type": "data_bar",
        "bar_color": book.brand.colour("tint"),
        "bar_solid": True,
        "bar_border_color": book.brand.colour("tint"),
    }
    bar |= {"min_type": "num", "min_value": 0, "max_type": "num", "max_value": round(2.2 * largest, 4)}
    sheet.condition(first, columns.points, last, columns.points, bar)


def _chart(context: Context, order: Order, columns: _Columns, top: int, count: int) -> None:
    """A line from the lowest to the highest angle of each row, and the angles' markers on it."""
    sheet, book = context.sheets[ROLE], context.book
    rows = charts.RowChart(count, HEAD_PX, ROW_PX, CHART_PX)
    low, high = context.catalogue.scale_min, context.catalogue.scale_max
    names = "=" + order.block("name").text
    span = charts.bar(book.brand, context.words["overview.gap"], names, "=" + order.block("length").text, "link")
    before = charts.unseen(context.label("current"), names, "=" + order.block("offset").text)
    described = context.words["sheets.gaps"]
    lines = charts.row_bars(book, rows, [before, span], gap=400, stacked=True, labels=False, low=low, high=high)
    sheet.chart(top, columns.chart, lines, described)
    marks = [
        charts.dots(
            book.brand,
            context.label(angle),
            "=" + order.block(f"{angle}_x").text,
            "=" + order.block(f"{angle}_y").text,
            angle,
        )
        for angle in (*reversed(context.others), "current")
    ]
    sheet.chart(
        top,
        columns.chart,
        charts.row_markers(book, rows, marks, labels=True, label_colour="white", low=low, high=high),
        described,
    )
