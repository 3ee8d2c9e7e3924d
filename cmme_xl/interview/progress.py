"""The progress sheet: what is answered and what is open, per dimension, with a way to each first open question."""

from cmme_xl.catalogue import Dimension
from cmme_xl.interview.bands import data_bar, questions_cell
from cmme_xl.interview.form import Form
from cmme_xl.interview.tally import Tally
from cmme_xl.interview.wording import constant, either, link
from cmme_xl.spreadsheet import Book, Sheet
from cmme_xl.spreadsheet.measure import height
from cmme_xl.spreadsheet.page import head, header_row

MARGIN_PX, NAME_PX, BAR_PX, FIGURE_PX, LINK_PX = 20, 220, 230, 84, 116
ROW_PX = 46
NAME, BAR, FIGURES = 1, 2, 3


def draw(book: Book, form: Form, tally: Tally, header: str, footer: str | None) -> Sheet:
    """Add the sheet."""
    words = form.words
    fields = _fields(form)
    last = FIGURES + len(fields)
    widths = [MARGIN_PX, NAME_PX, BAR_PX, *([FIGURE_PX] * len(fields)), LINK_PX, MARGIN_PX]
    sheet = book.sheet(words.sheet("progress"), widths, tab="benchmark", header=header, footer=footer)
    total = tally.figure("asked")
    figures = {"done": tally.figure("answered"), "total": total, "open": tally.figure("open")}
    title = either(
        f"{figures['open'].text}<=0",
        tally.count("open") == 0,
        words.live("progress.title_complete", total=total),
        words.live("progress.title", **figures),
    )
    here = form.sheets.index("progress")
    row = head(
        sheet, title.formula, words("progress.subtitle"), last,
        links=form.navigation, here=here, span=1, title_value=str(title.value),
    )  # fmt: skip
    sheet.rows(row, [10])
    headings = [(words("progress.dimension"), "left"), (words("progress.share"), "left")]
    headings += [(label, "right") for _, label in fields]
    header_row(sheet, row + 1, NAME, [*headings, (words("progress.next"), "center")])
    first = row + 2
    for number, dimension in enumerate((*form.dimensions, None)):
        _row(sheet, form, tally, first + number, dimension, [field for field, _ in fields])
    end = first + len(form.dimensions)
    sheet.condition(first, BAR, end, BAR, data_bar(book))
    _highlight(sheet, first, end, [field for field, _ in fields])
    note = words("progress.note")
    sheet.rows(end + 1, [12, height(note, sheet.span(1, last), 9)])
    sheet.text(
        end + 2, 1, note, book.style(font_size=9, font_color="slate", text_wrap=True, valign="top"), (end + 2, last)
    )
    sheet.print_to(end + 2, last + 1)
    sheet.freeze(first)
    sheet.protect()
    return sheet


def _fields(form: Form) -> list[tuple[str, str]]:
    """(field of the tally, heading) of the figures shown."""
    words, catalogue = form.words, form.catalogue
    fields = [("asked", words("progress.asked")), ("scored", words("progress.scored"))]
    fields += [("na", catalogue.na.in_(form.lang)), ("dk", catalogue.dk.in_(form.lang))]
    fields += [("other", words("progress.other")), ("open", words("progress.open"))]
    return fields + ([("targets", words("progress.targets"))] if form.target is not None else [])


def _row(sheet: Sheet, form: Form, tally: Tally, row: int, dimension: Dimension | None, fields: list[str]) -> None:
    book, words = sheet.book, form.words
    line = {"bottom": 1, "bottom_color": "hair"} if dimension else {"top": 1, "top_color": "brand", "bold": True}
    sheet.rows(row, [ROW_PX])
    name = f"{dimension.number}  {dimension.name.in_(form.lang)}" if dimension else words("progress.total")
    sheet.text(row, NAME, name, book.style(font_color="brand", text_wrap=True, **line))
    share = tally.share(dimension)
    sheet.formula(row, BAR, share.formula, share.value, book.style(num_format="0%", align="left", indent=1, **line))
    for column, field in enumerate(fields, FIGURES):
        figure = tally.figure(field, dimension)
        style = book.style(num_format="0;-0;–", align="right", font_color="slate", **line)
        sheet.formula(row, column, figure.formula, figure.value, style)
    at, open_ = tally.figure("next", dimension), tally.figure("open", dimension)
    onward = link(f'"#{questions_cell(form)}"&{at.text}', words.live("progress.next_link", row=at))
    complete = constant(words("progress.complete"))
    shown = either(f"{open_.text}<=0", tally.count("open", dimension) == 0, complete, onward)
    style = book.style(font_color="brand2", align="center", **line)
    sheet.formula(row, FIGURES + len(fields), shown.formula, shown.value, style)


def _highlight(sheet: Sheet, first: int, last: int, fields: list[str]) -> None:
    """What is open stands on the colour of open cells, what is unclear on that of faults."""
    change = sheet.book.change
    for field, look in (
        ("open", {"bg_color": "input", "font_color": "warn_text"}),
        ("other", {"bg_color": "alert_bg", "font_color": "alert"}),
    ):
        column = FIGURES + fields.index(field)
        sheet.condition(
            first, column, last, column, {"type": "cell", "criteria": ">", "value": 0, "format": change(**look)}
        )
