"""Importance against urgency: every action as a numbered marker, and the list in the order of priority, live."""

from cmme_xl.calculation import expression as ex
from cmme_xl.calculation.expression import Block, Expression, constant, sentence, shown
from cmme_xl.calculation.grid import Grid
from cmme_xl.spreadsheet import charts, page
from cmme_xl.summary import actionrows as at
from cmme_xl.summary.actionrows import PLAN, ActionCells
from cmme_xl.summary.actionview import ActionView
from cmme_xl.summary.context import Context
from cmme_xl.summary.furniture import POINTS, head, show, write
from cmme_xl.summary.places import Places
from cmme_xl.summary.view import MISSING

ROLE, FIGURES_ROLE = "matrix", "matrix_figures"
CHART_LAST, NAME = 13, (17, 21)
FIRST_ROW = 3
MOST, LEAST = 3, 1
SPREAD, WIDTH = 5, 0.19
"""Markers of one urgency stand side by side, so many of them, at this distance."""
ROW_PX, HEAD_PX = 25, 30


def draw(context: Context, cells: ActionCells, figures: ActionView, places: Places) -> None:
    """The sheet: the matrix on the left, the list on the right."""
    sheet, words = context.sheets[ROLE], context.words
    row = head(context, ROLE, title(context, cells, figures), constant(words["matrix.subtitle"]), page.CELLS)
    page.section(sheet, row, 1, CHART_LAST, words["matrix.chart"], words["matrix.chart_note"])
    page.section(sheet, row, CHART_LAST + 2, page.CELLS, words["matrix.list"], words["matrix.list_note"])
    end = _list(context, cells, figures, places, row + 1)
    _chart(context, cells, figures, row + 1, HEAD_PX + ROW_PX * len(cells.places))
    sheet.rows(end, (6, 16))
    page.footnote(sheet, end + 1, words["matrix.foot"])
    sheet.print_to(end + 1, page.CELLS + 1)
    sheet.freeze(2)


def title(context: Context, cells: ActionCells, figures: ActionView) -> Expression:
    """How many actions are urgent, and what they are worth; else that nobody has judged yet."""
    words = context.words
    urgency, points = _urgency(context, cells), figures.column("points")
    urgent = Expression(f"COUNTIF({urgency.text},{MOST})", sum(value == MOST for value in urgency.numbers))
    worth = sum(p or 0.0 for u, p in zip(urgency.numbers, points.numbers, strict=True) if u == MOST)
    gain = Expression(f"SUMIF({urgency.text},{MOST},{points.text})", worth)
    said = sentence(words["matrix.title"], n=urgent, points=shown(gain))
    return ex.choose(ex.above_zero(urgent), said, constant(words["matrix.title_none"]))


def _urgency(context: Context, cells: ActionCells) -> Block:
    """What people set on the sheet of the action plan."""
    text = context.sheets[PLAN].range(at.FIRST_ROW, at.URGENCY, cells.last_row, at.URGENCY)
    return Block(text, tuple(cells.actions[place].urgency for place in cells.places))


def _list(context: Context, cells: ActionCells, figures: ActionView, places: Places, row: int) -> int:
    """The actions in the order of priority; returns the row after them."""
    sheet, book, words = context.sheets[ROLE], context.book, context.words
    columns = {"priority": 15, "number": 16, "name": NAME[0], "urgency": 22, "importance": 23, "points": 24}
    line = {"bottom": 1, "bottom_color": "rule", "font_size": 9, "font_color": "slate", "valign": "bottom"}
    sheet.rows(row, (HEAD_PX, *([ROW_PX] * len(cells.places))))
    sheet.fill(row, 15, page.CELLS, book.style(**line))
    for key, column in columns.items():
        align = "left" if key == "name" else "right"
        to = (row, NAME[1]) if key == "name" else None
        sheet.text(row, column, words[f"matrix.{key}"], book.style(**line, align=align), to)
    order, names, known = (figures.column(key) for key in ("priority", "name", "found"))
    blocks = {
        "urgency": _urgency(context, cells),
        "importance": figures.column("importance_rank"),
        "points": figures.column("points"),
        "number": _numbers(context, cells),
    }
    hair = {"bottom": 1, "bottom_color": "hair", "font_size": 9}
    for rank in range(1, len(cells.places) + 1):
        found = order.values.index(rank) if rank in order.values else None
        place = Expression(f"MATCH({rank},{order.text},0)", None if found is None else found + 1)
        here = Expression(f"IFERROR({place.text}>0,FALSE)", found is not None)
        write(
            sheet,
            row + rank,
            15,
            ex.choose(here, constant(rank), constant("")),
            book.style(**hair, align="right", font_color="muted"),
        )
        name = Expression(f'IFERROR(INDEX({names.text},{place.text}),"")', "" if found is None else names.values[found])
        value = None if found is None else known.values[found]
        raised = Expression(f'IFERROR(INDEX({known.text},{place.text}),"")', value)
        named = ex.choose(ex.has(raised), places.listed(name, raised), name)
        write(sheet, row + rank, NAME[0], named, book.style(**hair, shrink=True), (row + rank, NAME[1]))
        for key, block in blocks.items():
            value = None if found is None else block.values[found]
            picked = Expression(f'IFERROR(INDEX({block.text},{place.text}),"")', value)
            bold = {"bold": True, "font_color": "brand"} if key in ("points", "number") else {}
            style = book.style(**hair, **bold, align="right", num_format=POINTS if key == "points" else "0")
            show(sheet, row + rank, columns[key], picked, style, missing="")
    return row + 1 + len(cells.places)


def _numbers(context: Context, cells: ActionCells) -> Block:
    """The number of the indicator that each action raises."""
    text = context.sheets[PLAN].range(at.FIRST_ROW, at.INDICATOR, cells.last_row, at.INDICATOR)
    return Block(text, tuple(cells.number(place) for place in cells.places))


def _chart(context: Context, cells: ActionCells, figures: ActionView, row: int, height: int) -> None:
    """One series per action, so that each marker has its number and its size, which tells the effort."""
    sheet, book, words = context.sheets[ROLE], context.book, context.words
    grid = Grid(context.sheets[FIGURES_ROLE])
    for column, key in enumerate(("number", "x", "y")):
        grid.head(FIRST_ROW - 1, column, key)
    marks, drawn = [], False
    for place in cells.places:
        urgency, points, rank = cells.urgency(place), figures.at("points", place), figures.at("importance_rank", place)
        there = ex.both(ex.has(points), ex.has(rank))
        pressing = ex.choose(ex.has(urgency), urgency, constant(float(LEAST)))
        number = cells.indicator(place)
        grid.put(FIRST_ROW + place, 0, ex.choose(ex.has(number), number, constant("")))
        beside = ((rank.number or 1.0) - 1) % SPREAD - (SPREAD - 1) / 2
        x = Expression(
            f"IF({there.text},{pressing.text}+(MOD({rank.text}-1,{SPREAD})-{(SPREAD - 1) / 2:g})*{WIDTH:g},0)",
            (pressing.number or 0.0) + beside * WIDTH if there.value else 0.0,
        )
        grid.put(FIRST_ROW + place, 1, x)
        y = Expression(f"IF({there.text},{points.text},NA())", points.number if there.value else MISSING)
        grid.put(FIRST_ROW + place, 2, y)
        drawn = drawn or bool(there.value)
        name, xs, ys = (f"={context.sheets[FIGURES_ROLE].cell(FIRST_ROW + place, column)}" for column in range(3))
        size = 14 + 2 * int(cells.effort(place).number or 1)
        marks.append(charts.bubble(book.brand, name, xs, ys, size))
    if not drawn:
        muted = book.style(font_size=9, font_color="muted")
        sheet.text(row, 1, words["matrix.nothing"], muted)
        return
    titles = (words["matrix.urgency_axis"], words["matrix.importance_axis"])
    chart = charts.matrix(book, marks, CHART_LAST * page.CELL_PX, height, titles, (LEAST - 0.5, MOST + 0.5))
    sheet.chart(row, 1, chart, words["matrix.chart"])
