"""The first page: whose session, where it stands, what is noted of it, points left open, a way to each dimension."""

from cmme_xl.catalogue import Dimension
from cmme_xl.interview.bands import data_bar, questions_cell
from cmme_xl.interview.howto import scale
from cmme_xl.interview.record.form import RecordForm
from cmme_xl.interview.record.reckoning import Reckoning
from cmme_xl.interview.record.wording import figure, level_name, percent
from cmme_xl.interview.tally import Tally
from cmme_xl.interview.wording import TEMPLATE, constant, either, link
from cmme_xl.spreadsheet import Book, Sheet
from cmme_xl.spreadsheet.measure import height
from cmme_xl.spreadsheet.page import CELLS, GRID, head, section, tile
from cmme_xl.spreadsheet.stamp import Slots
from cmme_xl.templates import template

TILES = ((1, 5), (7, 11), (13, 17), (19, CELLS))
LEFT, RIGHT = (1, 13), (15, CELLS)
LABEL_LAST = 4
POINT, WHO, DUE = (2, 8), (9, 11), (12, 13)
NAME, BAR, COUNT, NEXT = (15, 18), (19, 20), (21, 22), (23, CELLS)
ENTRY_PX, POINT_PX, TALLEST_LIST = 30, 34, 12
_HEAD = {
    "font_size": 9,
    "bold": True,
    "font_color": "brand",
    "bottom": 1,
    "bottom_color": "brand",
    "valign": "bottom",
}


def draw(
    book: Book, form: RecordForm, tally: Tally, reckoning: Reckoning, slots: Slots, header: str, footer: str | None
) -> Sheet:
    """Add the page; the texts of the person go into `slots`: respondent, appointment, code."""
    words, texts = form.words, slots.texts or {}
    sheet = book.sheet(words.sheet("session"), GRID, tab="brand", header=header, footer=footer)
    title = words("session.title", respondent=texts.get("respondent", ""))
    subtitle = words("session.subtitle", appointment=texts.get("appointment", ""), enterprise=form.enterprise)
    row = head(sheet, title, subtitle, CELLS, links=form.navigation, here=0, span=3, shrink=False)
    row = _tiles(sheet, form, tally, reckoning, row)
    section(sheet, row, *LEFT, words("session.about"))
    section(sheet, row, *RIGHT, words("session.dimensions"), words("session.dimensions_note"))
    sheet.rows(row + 1, [ENTRY_PX] * TALLEST_LIST)
    below = _entries(sheet, form, row + 1)
    last = _points(sheet, form, below)
    end = _proofs(sheet, form, _dimensions(sheet, form, tally, row + 1) + 1)
    last = _foot(sheet, form, slots, max(last, end) + 1)
    sheet.print_to(last, CELLS + 1)
    sheet.activate(row + 1, LABEL_LAST + 1)
    sheet.protect()
    return sheet


def _tiles(sheet: Sheet, form: RecordForm, tally: Tally, reckoning: Reckoning, row: int) -> int:
    """The total that stands, the person's own, how much is agreed, what is still open."""
    words = form.words
    sheet.rows(row, (24, 40, 22, 16))
    score, own = (figure(form, reckoning, field) for field in ("score", "own"))
    known = isinstance(score.value, float)
    reached = words.live(
        "session.level",
        level=reckoning.level(),
        name=level_name(form, reckoning),
        coverage=percent(reckoning.figure("coverage")),
    )
    level = either(f"ISNUMBER({score.text})", known, reached, constant(words("session.no_level")))
    done, asked, open_ = (tally.figure(field) for field in ("answered", "asked", "open"))
    share = words.live("session.share", share=percent(tally.share()))
    counted = words.live("record.count", done=done, total=asked)
    note = words("session.own_note" if form.answered else "session.own_none")
    doubts = words("session.doubts", count=len(form.own.doubts)) if form.own.doubts else words("session.open_note")
    figures = (
        ("score", score, str(level.value), level.formula, "brand"),
        ("own", own, note, None, "before"),
        ("agreed", counted, str(share.value), share.formula, "accent"),
        ("open", open_, doubts, None, "alert" if form.own.doubts else "rule"),
    )
    for (first, last), (key, live, below, formula, colour) in zip(TILES, figures, strict=True):
        pattern = "0" if key == "open" else "0.00"
        tile(
            sheet, row, first, last, words(f"session.{key}"), live.value, below,
            colour=colour, number_format=pattern, formula=live.formula, note_formula=formula,
        )  # fmt: skip
    return row + 4


def _entries(sheet: Sheet, form: RecordForm, row: int) -> int:
    """What is to be noted of the session, each beside its label; returns the row below."""
    book = sheet.book
    line = {"bottom": 1, "bottom_color": "hair"}
    label = book.style(font_size=9, font_color="slate", **line)
    field = {"locked": False, "bg_color": "input", "border": 1, "border_color": "input_edge", "indent": 1}
    text, day = book.style(num_format="@", **field), book.style(num_format="yyyy-mm-dd", align="left", **field)
    number = book.style(num_format="0", align="left", **field)
    entries = template(TEMPLATE)["record"]["session"]
    for place, (key, words) in enumerate(entries.items(), row):
        style = {"interviewer": text, "day": day, "minutes": number}[key]
        sheet.text(place, LEFT[0], words[form.lang], label, (place, LABEL_LAST))
        prefilled = form.interviewer if key == "interviewer" else ""
        sheet.text(place, LABEL_LAST + 1, prefilled, style, (place, LEFT[1]))
    return row + len(entries)


def _points(sheet: Sheet, form: RecordForm, row: int) -> int:
    """A row for every point left open; returns the last row."""
    book, table = sheet.book, template(TEMPLATE)["record"]["points"]
    sheet.text(row, 1, "", book.style(**_HEAD))
    spans = {"point": POINT, "who": WHO, "due": DUE}
    for field, (first, last) in spans.items():
        sheet.text(row, first, table["heads"][field][form.lang], book.style(**_HEAD), (row, last))
    number = book.style(font_size=8, font_color="muted", bottom=1, bottom_color="hair")
    cell = book.style(
        font_size=9, num_format="@", text_wrap=True, indent=1, locked=False, bg_color="input", border=1,
        border_color="input_edge",
    )  # fmt: skip
    for place in range(1, 1 + table["count"]):
        sheet.text(row + place, 1, table["id"].format(number=place), number)
        for first, last in spans.values():
            sheet.text(row + place, first, "", cell, (row + place, last))
    return row + int(table["count"])


def _dimensions(sheet: Sheet, form: RecordForm, tally: Tally, row: int) -> int:
    """A row per dimension: how much is agreed, and the way to what is not; returns the last row."""
    for place, dimension in enumerate(form.dimensions, row):
        _dimension(sheet, form, tally, place, dimension)
    end = row + len(form.dimensions) - 1
    sheet.condition(row, BAR[0], end, BAR[0], data_bar(sheet.book))
    return end


def _dimension(sheet: Sheet, form: RecordForm, tally: Tally, row: int, dimension: Dimension) -> None:
    book, words = sheet.book, form.words
    line = {"bottom": 1, "bottom_color": "hair"}
    name = f"{dimension.number}  {dimension.name.in_(form.lang)}"
    place = form.link(form.asking, form.blocks[dimension.id].band, form.score)
    sheet.jump(row, NAME[0], name, place, book.style(font_color="brand", shrink=True, **line), (row, NAME[1]))
    share = tally.share(dimension)
    bar = book.style(num_format="0%", align="left", indent=1, font_size=9, font_color="brand", **line)
    sheet.formula(row, BAR[0], share.formula, share.value, bar, (row, BAR[1]))
    count = words.live("record.count", done=tally.figure("answered", dimension), total=tally.figure("asked", dimension))
    style = book.style(font_size=9, font_color="slate", align="right", **line)
    sheet.formula(row, COUNT[0], count.formula, count.value, style, (row, COUNT[1]))
    at, open_ = tally.figure("next", dimension), tally.figure("open", dimension)
    onward = link(f'"#{questions_cell(form)}"&{at.text}', words.live("progress.next_link", row=at))
    shown = either(f"{open_.text}<=0", False, constant(words("session.settled")), onward)
    style = book.style(font_size=9, font_color="brand2", align="right", **line)
    sheet.formula(row, NEXT[0], shown.formula, shown.value, style, (row, NEXT[1]))


def _proofs(sheet: Sheet, form: RecordForm, row: int) -> int:
    """What each status of evidence means; returns the last row."""
    book, words = sheet.book, form.words
    sheet.text(row, RIGHT[0], words("session.proofs"), book.style(**_HEAD), (row, RIGHT[1]))
    line = {"font_size": 9, "bottom": 1, "bottom_color": "hair"}
    proofs = template(TEMPLATE)["record"]["proof"]
    for place, (key, word) in enumerate(proofs.items(), row + 1):
        sheet.text(place, NAME[0], word[form.lang], book.style(bold=True, **line), (place, NAME[0] + 2))
        sheet.text(
            place, NAME[0] + 3, words(f"session.{key}"), book.style(font_color="slate", **line), (place, RIGHT[1])
        )
    return row + len(proofs)


def _foot(sheet: Sheet, form: RecordForm, slots: Slots, row: int) -> int:
    """The scale, the rule for what stands, and the code; returns the last row."""
    book, words, rule = sheet.book, form.words, form.words("session.rule")
    sheet.rows(row, [14])
    section(sheet, row + 1, 1, CELLS, words("howto.scale", **form.scale), words("howto.scale_note"))
    below = scale(sheet, form, row + 2)
    px = sheet.span(1, CELLS)
    sheet.rows(below, [12, height(rule, px, 9), 20])
    wrapped = book.style(font_size=9, font_color="slate", text_wrap=True)
    sheet.text(below + 1, 1, rule, wrapped, (below + 1, CELLS))
    small = {"font_size": 8, "font_color": "muted"}
    sheet.text(below + 2, 1, words("session.code"), book.style(**small), (below + 2, LABEL_LAST + 4))
    slots.put(sheet, below + 2, LABEL_LAST + 5, "code", book.style(align="right", **small), (below + 2, CELLS))
    return below + 2
