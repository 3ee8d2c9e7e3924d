"""The road map: who leads, when it begins, how long it takes; bars over quarters in native cells."""

from cmme_xl.calculation import expression as ex
from cmme_xl.calculation.expression import Expression, constant, sentence, shown
from cmme_xl.catalogue import ROOT
from cmme_xl.results.actions import BEFORES, STATUSES, quarter_label
from cmme_xl.spreadsheet import charts, page
from cmme_xl.spreadsheet.sheet import local
from cmme_xl.summary import actionrows as at
from cmme_xl.summary import bullets
from cmme_xl.summary.actionrows import FIRST_ROW, QUARTERS, ActionCells
from cmme_xl.summary.actions import warning
from cmme_xl.summary.actionview import ActionView
from cmme_xl.summary.context import DASH, Context
from cmme_xl.summary.furniture import SCORE, head, level_words, when, write
from cmme_xl.summary.path import PathView
from cmme_xl.summary.places import Places
from cmme_xl.summary.view import View

ROLE = at.ROAD
HEAD_PX, ROW_PX, FREE_PX, QUARTER_PX = 38, 38, 28, 38
CHART_PX = 210
PIECES = (("■", "◆"), ("□", "◇"))
"""A bar and its end, of a chosen action and of one that is not."""


def widths(context: Context) -> list[int]:
    """The columns in pixels."""
    zh = context.lang == "zh"
    left = [20, 44 if zh else 60, 30, 54, 230, 130 if zh else 170, 72, 48, *([40] * BEFORES), 74 if zh else 84]
    return [*left, *([QUARTER_PX] * QUARTERS), 190, 20]


def draw(context: Context, view: View, cells: ActionCells, figures: ActionView, path: PathView, places: Places) -> None:
    """The sheet: the actions in the rows of the action plan, quarters to the right, their sums beneath."""
    sheet, words, book = context.sheets[ROLE], context.words, context.book
    row = head(context, ROLE, _title(context, view, figures), constant(words["roadmap.subtitle"]), at.NOTE, narrow=True)
    sheet.rows(row, (22, 20))
    alert = book.style(font_size=9, bold=True, font_color="alert")
    write(sheet, row, at.QUARTER, ex.joined([warning(context, figures), _early(context, figures)]), alert)
    sheet.text(row, at.ROAD_NAME, words["roadmap.begins"], book.style(font_size=9, font_color="slate", align="right"))
    yellow = {"bg_color": "input", "locked": False, "border": 1, "border_color": "input_edge", "font_size": 9}
    sheet.text(row, at.OWNER, cells.first_quarter, book.style(**yellow, bold=True, align="center"))
    any_text = {"validate": "any"}
    sheet.validation(row, at.OWNER, row, at.OWNER, any_text, prompt=words["roadmap.prompt_begins"])
    _heads(context, figures, row + 1)
    for place in cells.places:
        _row(context, cells, figures, places, place)
    _rules(context, cells, figures)
    _sums(context, figures, cells.last_row + 1)
    foot = _standing(context, cells, figures, path, cells.last_row + 3)
    sheet.rows(foot, (10, 16))
    page.footnote(sheet, foot + 1, words["roadmap.foot"])
    sheet.repeat(FIRST_ROW - 2, FIRST_ROW - 1)
    sheet.freeze(FIRST_ROW, at.ROAD_NAME + 1)
    sheet.print_to(foot + 1, at.NOTE + 1)


def _early(context: Context, figures: ActionView) -> Expression:
    """How many chosen actions begin before another that they wait for is done."""
    found = ex.total(figures.column("early"))
    return when(ex.above_zero(found), sentence(context.words["roadmap.early"], n=found))


def _title(context: Context, view: View, figures: ActionView) -> Expression:
    """The finding: when the last chosen action ends, and what the total is then."""
    words, ends = context.words, figures.column("finish")
    value = max((end for end in ends.numbers if end), default=0.0)
    latest = Expression(f"MAX({ends.text})", value)
    text = f'INT(({latest.text}-1)/4)&" Q"&(MOD({latest.text}-1,4)+1)'
    written = Expression(text, quarter_label(int(value) - 1))
    parts = {"n": figures.chosen, "end": written, "total": shown(figures.total)}
    full, plain = (sentence(words[f"roadmap.{key}"], **parts) for key in ("title", "title_alone"))
    gains = ex.both(ex.has(view.at(ROOT, "current", "score")), ex.above_zero(figures.gained))
    dated = ex.choose(gains, full, plain)
    return ex.choose(ex.above_zero(latest), dated, constant(words["roadmap.title_none"]))


def _heads(context: Context, figures: ActionView, row: int) -> None:
    """Years above quarters; a year is named at its first quarter."""
    sheet, words, book = context.sheets[ROLE], context.words, context.book
    keys = ("priority", "row", "key", "name", "owner", "start", "quarters")
    heads = [(words[f"roadmap.{key}"], "left" if key in ("name", "owner") else "center") for key in keys]
    heads += [(words[f"roadmap.after{which + 1}"], "center") for which in range(BEFORES)]
    heads += [(words["roadmap.status"], "center"), *([("", "center")] * QUARTERS), (words["roadmap.note"], "left")]
    page.header_row(sheet, row + 1, 1, heads, HEAD_PX)
    year = book.style(font_size=9, bold=True, font_color="brand", align="left")
    look = {"font_size": 9, "bold": True, "font_color": "white", "bg_color": "brand", "align": "center"}
    for place in range(QUARTERS):
        column, label = at.QUARTER + place, figures.at("label", place)
        text = str(label.value or "")
        named = place == 0 or text.endswith("Q1")
        first = Expression(f'RIGHT({label.text},2)="Q1"', text.endswith("Q1"))
        shown_year = Expression(f"LEFT({label.text},4)", text[:4] if named else "")
        write(sheet, row, column, shown_year if place == 0 else when(first, shown_year), year)
        write(sheet, row + 1, column, Expression(f"RIGHT({label.text},2)", text[-2:]), book.style(**look))


def _row(context: Context, cells: ActionCells, figures: ActionView, places: Places, place: int) -> None:
    sheet, book, words = context.sheets[ROLE], context.book, context.words
    action, row = cells.actions[place], FIRST_ROW + place
    line: dict[str, object] = {"bottom": 1, "bottom_color": "hair", "font_size": 9}
    typed = {**line, "bg_color": "input", "locked": False, "border": 1, "border_color": "input_edge"}
    sheet.rows(row, (ROW_PX if action.text or action.indicator else FREE_PX,))
    there = ex.above_zero(figures.at("exists", place))
    rank = figures.at("priority", place)
    strong = book.style(**line, align="center", bold=True, num_format="0", font_color="brand")
    write(sheet, row, at.PLACE, ex.choose(ex.has(rank), rank, when(there, constant(DASH))), strong)
    sheet.number(row, at.ROAD_NUMBER, place + 1, book.style(**line, align="center", font_color="slate", num_format="0"))
    small = book.style(**{**line, "font_size": 8}, align="center", font_color="muted")
    sheet.text(row, at.ROAD_KEY, action.key, small)
    name, found = figures.at("name", place), figures.at("found", place)
    named = ex.choose(ex.has(found), places.listed(name, found), name)
    write(sheet, row, at.ROAD_NAME, named, book.style(**line, bold=True, shrink=True))
    sheet.text(row, at.OWNER, action.owner, book.style(**typed, text_wrap=True, indent=1))
    centred = book.style(**typed, align="center", num_format="0")
    sheet.text(row, at.START, action.start, centred)
    sheet.number(row, at.LENGTH, action.quarters, centred)
    for which in range(BEFORES):
        sheet.number(row, at.AFTER + which, cells.after(place, which), centred)
    status = words[f"action_status.{action.status}"] if action.status else ""
    sheet.text(row, at.STATUS, status, centred)
    for quarter in range(QUARTERS):
        _bar(context, figures, place, quarter)
    sheet.text(row, at.NOTE, action.note, book.style(**typed, text_wrap=True, indent=1))
    bullets.flags(context, ROLE, row, 0, figures.at("early", place))


def _bar(context: Context, figures: ActionView, place: int, quarter: int) -> None:
    """A piece of a bar: filled for a chosen action, hollow for another, seen where conditional formats are not."""
    start, end, here = (figures.at("start", place), figures.at("end", place), figures.at("quarter", quarter))
    numbers = [each.number for each in (start, end, here)]
    known = None not in numbers
    inside = known and numbers[0] <= numbers[2] < numbers[1]  # type: ignore[operator]
    there = ",".join(f"ISNUMBER({each.text})" for each in (start, end, here))
    between = Expression(f"AND({there},{here.text}>={start.text},{here.text}<{end.text})", inside)
    ends = Expression(f"{here.text}={end.text}-1", known and numbers[2] == numbers[1] - 1)  # type: ignore[operator]
    chosen = ex.above_zero(figures.at("ticked", place))
    full, hollow = (ex.choose(ends, constant(mark), constant(bar)) for bar, mark in PIECES)
    style = context.book.style(font_size=9, align="center", font_color="brand2", **_grid(figures, quarter))
    write(
        context.sheets[ROLE], FIRST_ROW + place, at.QUARTER + quarter,
        when(between, ex.choose(chosen, full, hollow)), style,
    )  # fmt: skip


def _grid(figures: ActionView, quarter: int) -> dict[str, object]:
    """The lines around a quarter's cell: darker where a year begins."""
    begins = str(figures.at("label", quarter).value).endswith("Q1") or quarter == 0
    return {"bottom": 1, "bottom_color": "hair", "left": 1, "left_color": "competitor" if begins else "hair"}


def _rules(context: Context, cells: ActionCells, figures: ActionView) -> None:
    """What may be typed, and the bars."""
    sheet, words, book = context.sheets[ROLE], context.words, context.book
    first, last = FIRST_ROW, cells.last_row
    labels = "=" + figures.column("label").text
    sheet.choices(first, at.START, last, at.START, labels, prompt=words["roadmap.prompt_start"])
    lengths = list(range(1, QUARTERS + 1))
    sheet.choices(first, at.LENGTH, last, at.LENGTH, lengths, prompt=words["roadmap.prompt_quarters"], strict=True)
    rows = {"validate": "integer", "criteria": "between", "minimum": 1, "maximum": len(cells.actions)}
    after = (first, at.AFTER, last, at.AFTER + BEFORES - 1)
    sheet.validation(*after, rows, prompt=words["roadmap.prompt_after"], strict=True)
    statuses = [words[f"action_status.{code}"] for code in STATUSES]
    sheet.choices(first, at.STATUS, last, at.STATUS, statuses, prompt=words["roadmap.prompt_status"], strict=True)
    early = {"type": "formula", "criteria": f"={local(first, 0, fix_column=True)}=1"}
    sheet.condition(first, at.START, last, at.START, early | {"format": book.change(font_color="alert", bold=True)})
    area, cell = (first, at.QUARTER, last, at.QUARTER + QUARTERS - 1), local(first, at.QUARTER)
    for (bar, end), fill, mark in zip(PIECES, ("brand2", "tint"), ("white", "brand2"), strict=True):
        for piece, colour in ((bar, fill), (end, mark)):
            change = book.change(bg_color=fill, font_color=colour)
            sheet.condition(*area, {"type": "formula", "criteria": f'={cell}="{piece}"', "format": change})


def _sums(context: Context, figures: ActionView, row: int) -> None:
    """Beneath the quarters: how many chosen actions are under way, and the total when each quarter ends."""
    sheet, words, book = context.sheets[ROLE], context.words, context.book
    sheet.rows(row, (24, 24))
    line = {"top": 1, "top_color": "brand"}
    sums = [("running", "0;;"), *([("total", SCORE)] if context.compared else [])]
    for offset, (figure, pattern) in enumerate(sums):
        look = line if offset == 0 else {}
        sheet.fill(row + offset, 1, at.QUARTER - 1, book.style(**look))
        label = book.style(font_size=9, font_color="slate", align="right", **look)
        sheet.text(row + offset, at.ROAD_NAME, words[f"roadmap.{figure}"], label, (row + offset, at.QUARTER - 1))
        number = book.style(
            font_size=9, align="center", bold=offset == 1, font_color="brand", num_format=pattern, shrink=True, **look
        )
        for quarter in range(QUARTERS):
            found = figures.at(figure, quarter)
            write(sheet, row + offset, at.QUARTER + quarter, ex.choose(ex.has(found), found, constant("")), number)
        sheet.blank(row + offset, at.NOTE, book.style(**look))


def _standing(context: Context, cells: ActionCells, figures: ActionView, path: PathView, row: int) -> int:
    """How many actions stand where, beside the total's climb under the quarters. Returns the row after them."""
    sheet, words, book = context.sheets[ROLE], context.words, context.book
    height = CHART_PX // len(STATUSES)
    sheet.rows(row, (12,))
    page.section(sheet, row + 1, at.ROAD_NAME, at.OWNER, words["roadmap.standing"])
    sheet.rows(row + 2, [height] * len(STATUSES))
    typed = sheet.range(FIRST_ROW, at.STATUS, cells.last_row, at.STATUS).rpartition("!")[2]
    hair = {"bottom": 1, "bottom_color": "hair", "font_size": 9}
    for place, code in enumerate(STATUSES):
        at_row, word = row + 2 + place, words[f"action_status.{code}"]
        sheet.text(at_row, at.ROAD_NAME, word, book.style(**hair))
        number = sum(action.status == code for action in cells.actions)
        found = Expression(f'COUNTIF({typed},"{word}")', number)
        write(sheet, at_row, at.OWNER, found, book.style(**hair, bold=True, align="right", num_format="0"))
    if context.compared:
        _climb(context, figures, path, row + 1)
    return row + 2 + len(STATUSES)


def _climb(context: Context, figures: ActionView, path: PathView, row: int) -> None:
    """The total at each quarter's end, as columns under the quarters, and the threshold of the next level."""
    sheet, words, book = context.sheets[ROLE], context.words, context.book
    page.section(sheet, row, at.QUARTER, at.NOTE, words["roadmap.climb"])
    labels = "=" + figures.column("label").text
    bars = charts.bar(book.brand, words["roadmap.total"], labels, "=" + figures.column("climb").text, "whatif")
    goal = sentence(words["roadmap.goal"], name=level_words(context, path.next_level))
    threshold = charts.Series("target", str(goal.value), labels, "=" + figures.column("goal").text)
    drawn = charts.columns(
        book, bars, threshold if path.threshold.number is not None else None, QUARTERS * QUARTER_PX, CHART_PX,
        low=context.catalogue.scale_min, high=context.catalogue.scale_max,
    )  # fmt: skip
    sheet.chart(row + 1, at.QUARTER, drawn, words["roadmap.climb"])
    note = book.style(font_size=9, font_color="target", bold=True)
    there = ex.has(path.threshold)
    shown_goal = sentence("┄ {goal} {threshold}", goal=goal, threshold=shown(path.threshold))
    write(sheet, row + 1, at.NOTE, when(there, shown_goal), note)
