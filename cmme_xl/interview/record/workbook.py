"""The whole record of one person as a file."""

from collections.abc import Iterator, Mapping

from cmme_xl import templates
from cmme_xl.interview import identity
from cmme_xl.interview.record import session, sheet, standing
from cmme_xl.interview.record.form import RecordForm
from cmme_xl.interview.record.reckoning import Reckoning
from cmme_xl.interview.tally import Tally
from cmme_xl.reading.grid import decoded
from cmme_xl.returned.pages import carried, digests, numbered
from cmme_xl.spreadsheet import Book, Sheet
from cmme_xl.spreadsheet.stamp import Slots


def render(form: RecordForm, personal: Mapping[str, str]) -> bytes:
    """Draw the record of `form` for the person with the texts `personal` (see `interview.workbook.texts`).

    Raises ValueError where the form asks nothing.
    """
    if not form.questions:
        raise ValueError("a form without questions")
    words, subject = form.words, form.catalogue.subject.in_(form.lang)
    brand = templates.brand()
    slots, tally, reckoning = Slots(personal), Tally(form), Reckoning(form)
    header = " · ".join(part for part in (form.enterprise, words("session.kind")) if part)
    footer = f"{brand.confidential[form.lang]} · {form.engagement}"
    with Book(brand, form.lang, words("session.file_title", subject=subject), form.engagement) as book:
        first = session.draw(book, form, tally, reckoning, slots, header, footer)
        sheet.draw(book, form, tally, reckoning, header, footer)
        last = standing.draw(book, form, tally, reckoning, header, footer)
        tally.draw(book)
        reckoning.draw(book)
        # the code is known by its form
        known = digests(text for text in _sent(first, last) if text != personal["code"])
        identity.draw(book, form, Slots({**personal, "texts": carried(known)}))
        return book.bytes()


def _sent(*pages: Sheet) -> Iterator[str]:
    """All that stands on these pages, by which what is typed there is told from it."""
    for page in pages:
        for _, value in page.constants():
            yield decoded(value) if isinstance(value, str) else numbered(page.name, f"{value:.16G}")
