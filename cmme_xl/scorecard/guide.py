"""How to use it: before, during and after the meeting; the rules; which engine is live."""

from collections.abc import Iterator

from cmme_xl.calculation.expression import constant
from cmme_xl.calculation.shown import write
from cmme_xl.scorecard.context import Context
from cmme_xl.scorecard.furniture import engine_words, head
from cmme_xl.scorecard.live import Live
from cmme_xl.spreadsheet import measure, page

ROLE = "guide"
HALF = 12
SECTIONS = (("steps", 1, HALF), ("rules", 14, page.CELLS))


def draw(context: Context, live: Live) -> None:
    """Steps on the left, rules on the right."""
    sheet, book, words = context.sheets[ROLE], context.book, context.words
    row = head(context, ROLE, constant(words["guide.title"]), page.CELLS)
    sheet.rows(row, (30,))
    sheet.text(row, 1, words["guide.engine"], book.style(font_size=10, font_color="slate"), (row, 3))
    panel = book.style(bg_color="panel", bold=True, font_color="brand", indent=1)
    write(sheet, row, 4, engine_words(live), panel, (row, page.CELLS))
    sheet.rows(row + 1, (10,))
    top = row + 2
    for section, first, last in SECTIONS:
        page.section(sheet, top, first, last, words[f"guide.{section}_title"])
    listed = [list(_numbered(context, section)) for section, _, _ in SECTIONS]
    end = top + 1 + max(map(len, listed))
    for offset in range(max(map(len, listed))):
        tall = [30]
        for texts, (_, first, last) in zip(listed, SECTIONS, strict=True):
            if offset < len(texts):
                tall.append(_line(context, top + 1 + offset, first, last, texts[offset]))
        sheet.rows(top + 1 + offset, (max(tall),))
    sheet.print_to(end, page.CELLS + 1)
    sheet.freeze(2)


def _numbered(context: Context, section: str) -> Iterator[tuple[str, str]]:
    catalogue = context.catalogue
    values = {
        "low": f"{catalogue.scale_min:g}",
        "high": f"{catalogue.scale_max:g}",
        "na": catalogue.na.in_(context.lang),
    }
    for key, text in context.words.section("guide").items():
        if key.startswith(f"{section}."):
            yield key.partition(".")[2], text.format(**values)


def _line(context: Context, row: int, first: int, last: int, text: tuple[str, str]) -> int:
    """A number and its sentence; returns the height they need."""
    sheet, book = context.sheets[ROLE], context.book
    hair = {"bottom": 1, "bottom_color": "hair", "font_size": 10}
    number, said = text
    sheet.text(row, first, number, book.style(**hair, bold=True, font_color="brand", align="center"))
    sheet.text(row, first + 1, said, book.style(**hair, text_wrap=True), (row, last))
    return measure.height(said, sheet.span(first + 1, last) - 8, 10, padding=12)
