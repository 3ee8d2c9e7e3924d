"""The sheet of groups and indicators: by how many they have been scored, and how many are lacking."""

from cmme_xl.results.progress import Reach, Turnout
from cmme_xl.spreadsheet import Sheet
from cmme_xl.spreadsheet.page import header_row, section
from cmme_xl.status.context import ROW_PX, Context

ID_PX, NAME_PX, FIGURE_PX = 92, 270, 88
FIGURES = ("asked", "heard", "wanted", "lacking")
TURNOUT = ("people", "sent", "returned", "complete", "share", "heard", "wanted", "lacking")
NAME, FIRST = 2, 3


def draw(context: Context) -> None:
    """The sheet."""
    words, progress = context.words, context.progress
    lacking = sum(bool(each.lacking) for each in progress.indicators)
    title = words("coverage.title" if lacking else "coverage.title_done", lacking=lacking)
    groups = [each for each in progress.groups if each.people]
    figures = max(len(FIGURES) + len(groups), len(TURNOUT))
    last = NAME + figures
    widths = [ID_PX, NAME_PX, *([FIGURE_PX] * figures)]
    sheet, row = context.sheet("coverage", widths, title, words("coverage.subtitle"))
    section(sheet, row, 1, last, words("coverage.groups"))
    heads = [(words("column.group"), "left"), ("", "left"), *((words(f"column.{key}"), "right") for key in TURNOUT)]
    header_row(sheet, row + 1, 1, [*heads, *([("", "right")] * (figures - len(TURNOUT)))])
    for at, turnout in enumerate(groups, row + 2):
        _group(context, sheet, at, turnout)
    row += 2 + len(groups)
    sheet.rows(row, [16])
    section(sheet, row + 1, 1, last, words("coverage.indicators"), words("coverage.indicators_note"))
    heads = [(words("column.id"), "left"), (words("column.indicator"), "left")]
    heads += [(words(f"column.{key}"), "right") for key in FIGURES]
    heads += [(each.group.name.in_(words.lang), "right") for each in groups]
    header_row(sheet, row + 2, 1, heads)
    for at, reach in enumerate(progress.indicators, row + 3):
        _indicator(context, sheet, at, reach, [each.group.id for each in groups])
    sheet.print_to(row + 2 + len(progress.indicators), last + 1)
    sheet.repeat(row + 2, row + 2)
    sheet.freeze(2)


def _group(context: Context, sheet: Sheet, row: int, turnout: Turnout) -> None:
    sheet.rows(row, [ROW_PX])
    sheet.fill(row, 1, len(sheet.columns) - 2, context.style())
    name = turnout.group.name.in_(context.words.lang)
    sheet.text(row, 1, name, context.style(bold=True, font_color="brand"), (row, NAME))
    for column, key in enumerate(TURNOUT, FIRST):
        if key == "share":
            share = turnout.answered / turnout.asked if turnout.asked else None
            sheet.number(row, column, share, context.style(num_format="0%", align="right"))
        else:
            _figure(context, sheet, row, column, key, getattr(turnout, key))


def _indicator(context: Context, sheet: Sheet, row: int, reach: Reach, groups: list[str]) -> None:
    sheet.rows(row, [ROW_PX])
    sheet.text(row, 1, reach.indicator.id, context.style(font_color="muted"))
    sheet.text(row, NAME, reach.indicator.name.in_(context.words.lang), context.style())
    for column, key in enumerate(FIGURES, FIRST):
        _figure(context, sheet, row, column, key, getattr(reach, key))
    for column, group in enumerate(groups, FIRST + len(FIGURES)):
        asked, heard = reach.groups.get(group, (0, 0))
        tone = "muted" if not asked else "slate" if heard else "warn_text"
        sheet.text(row, column, f"{heard} / {asked}" if asked else "–", context.style(align="right", font_color=tone))


def _figure(context: Context, sheet: Sheet, row: int, column: int, key: str, value: int) -> None:
    look = {"font_color": "alert", "bg_color": "alert_bg", "bold": True} if key == "lacking" and value else {}
    dash = '0;-0;"–"' if key in ("lacking", "wanted") else "0"
    sheet.number(row, column, value, context.style(align="right", num_format=dash, **look))
