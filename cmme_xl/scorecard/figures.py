"""Results: total, dimensions and indicators as they stand now, before and after calibration. Live."""

from cmme_xl.calculation import expression as ex
from cmme_xl.calculation.expression import NONE, Expression
from cmme_xl.calculation.shown import GAP, PERCENT, SCORE, as_seen, level_shade, show, write
from cmme_xl.catalogue import ROOT
from cmme_xl.scorecard.context import TEXT_COLOURS, Context
from cmme_xl.scorecard.furniture import finding, head
from cmme_xl.scorecard.live import Live
from cmme_xl.spreadsheet import page
from cmme_xl.spreadsheet.sheet import local

ROLE = "results"
HEAD_ROW, FIRST_ROW = 6, 7
NAME_PX, FIGURE_PX = 300, 66


def widths(context: Context) -> list[int]:
    """The columns in pixels."""
    return [20, 70, NAME_PX, *([FIGURE_PX] * len(_columns(context))), 20]


def _columns(context: Context) -> list[tuple[str, str, str]]:
    """Heading, figure and number format of each column."""
    words = context.words
    found = [(words["results.raw"], "raw", SCORE), (words["results.value"], "value", SCORE)]
    found += [(words["results.moved"], "moved", '+0.00;"−"0.00;'), (words["results.level"], "level", "0")]
    for angle in context.others:
        found += [(context.label(angle), f"{angle}_value", SCORE)]
        found += [(words.fill("results.gap", angle=context.label(angle)), f"{angle}_gap", GAP)]
    found += [(words[f"results.{key}"], key, PERCENT) for key in ("coverage", "rate")]
    found += [(words["results.low"], "low", SCORE), (words["results.high"], "high", SCORE)]
    return [*found, (words["results.share"], "share", "0.0%")]


def draw(context: Context, live: Live) -> None:
    """One row per node."""
    sheet, words = context.sheets[ROLE], context.words
    columns = _columns(context)
    last = 2 + len(columns)
    head(context, ROLE, finding(context, live), last)
    titles = [(words["results.id"], "left"), (words["results.node"], "left")]
    titles += [(title, "center" if figure == "level" else "right") for title, figure, _ in columns]
    page.header_row(sheet, HEAD_ROW, 1, titles, 40)
    for row, node in enumerate(context.ids, FIRST_ROW):
        _row(context, live, row, node)
    end = FIRST_ROW + len(context.ids) - 1
    _looks(context, end)
    sheet.rows(end + 1, (6, 16))
    limit = ex.as_shown(context.catalogue.limits.provisional_below, "0%")
    page.footnote(sheet, end + 2, words.fill("results.foot", limit=limit))
    sheet.freeze(FIRST_ROW, 3)
    sheet.repeat(HEAD_ROW, HEAD_ROW)
    sheet.print_to(end + 2, last + 1)


def _row(context: Context, live: Live, row: int, node: str) -> None:
    sheet, book = context.sheets[ROLE], context.book
    line: dict[str, object] = {"bottom": 1, "bottom_color": "hair", "font_size": 9}
    indicator = any(each.id == node for each in context.indicators)
    if not indicator:
        line |= {"bold": True, "font_color": "brand", "bg_color": "tint" if node == ROOT else "tint2"}
    sheet.rows(row, (22 if indicator else 26,))
    sheet.text(row, 1, "" if node == ROOT else node, book.style(**{**line, "font_size": 8}))
    key = " ★" if indicator and next(each for each in context.indicators if each.id == node).key else ""
    sheet.text(row, 2, context.numbered(node) + key, book.style(**line, indent=int(indicator)))
    for column, (_, figure, pattern) in enumerate(_columns(context), 3):
        look = {**line, "num_format": pattern, "align": "right"}
        if figure == "value":
            look |= {"bold": True, "font_color": "brand"}
        elif figure == "level":
            look |= {"align": "center"}
        elif figure.partition("_")[0] in context.others and indicator:
            look |= {"font_color": TEXT_COLOURS[figure.partition("_")[0]]}
        style = book.style(**look)
        if figure == "moved":
            write(sheet, row, column, _moved(live, node), style)
        elif figure.endswith("gap"):
            show(sheet, row, column, as_seen(live.at(node, figure)), style)
        else:
            show(sheet, row, column, live.at(node, figure), style)


def _moved(live: Live, node: str) -> Expression:
    """What calibration has added or taken, as shown; nothing where nothing has moved."""
    after, before = (as_seen(live.at(node, figure)) for figure in ("value", "raw"))
    moved = None if after.number is None or before.number is None else after.number - before.number
    both = ex.both(ex.has(live.at(node, "value")), ex.has(live.at(node, "raw")))
    difference = Expression(f"ROUND({after.text}-({before.text}),2)", None if moved is None else round(moved, 2) + 0.0)
    found = ex.choose(both, difference, NONE)
    zero = Expression(f"N({found.text})=0", not found.number)
    return ex.choose(zero, NONE, found)


def _looks(context: Context, end: int) -> None:
    """Levels in their colours, a whole step behind in red, what calibration moved in orange."""
    sheet, book = context.sheets[ROLE], context.book
    count = len(context.catalogue.levels)
    for column, (_, figure, _) in enumerate(_columns(context), 3):
        at = local(FIRST_ROW, column)
        if figure == "level":
            for level in context.catalogue.levels:
                shade = level_shade(level.number, count)
                change = book.change(bg_color=f"level{shade}", font_color=f"level{shade}_text")
                rule = {"type": "formula", "criteria": f"=N({at})={level.number}", "format": change}
                sheet.condition(FIRST_ROW, column, end, column, rule)
            _star(context, column, end)
        elif figure.endswith("gap"):
            behind = f"=AND(ISNUMBER({at}),ROUND(N({at}),2)>=1)"
            change = book.change(font_color="alert", bold=True)
            sheet.condition(FIRST_ROW, column, end, column, {"type": "formula", "criteria": behind, "format": change})
        elif figure == "moved":
            change = book.change(font_color="accent", bold=True)
            rule = {"type": "formula", "criteria": f"=LEN({at})>0", "format": change}
            sheet.condition(FIRST_ROW, column, end, column, rule)


def _star(context: Context, column: int, end: int) -> None:
    """A provisional level carries a star (scoring.md rule 6)."""
    figures = [figure for _, figure, _ in _columns(context)]
    coverage, rate = (local(FIRST_ROW, 3 + figures.index(key), fix_column=True) for key in ("coverage", "rate"))
    limit = f"{context.catalogue.limits.provisional_below:g}"
    few = [f"AND(ISNUMBER({at}),ROUND(N({at}),2)<{limit})" for at in (coverage, rate)]
    look = context.book.change(num_format='0"*"')
    rule = {"type": "formula", "criteria": f"=OR({','.join(few)})", "format": look}
    context.sheets[ROLE].condition(FIRST_ROW, column, end, column, rule)
