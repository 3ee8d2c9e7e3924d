"""One person's workbook, drawn in full or as the template that `spreadsheet.stamp` fills in."""

from collections.abc import Mapping
from dataclasses import dataclass

from cmme_xl import templates
from cmme_xl.findings import visible
from cmme_xl.interview import cover, howto, identity, progress, questionnaire, review, scores
from cmme_xl.interview.form import Form
from cmme_xl.interview.identity import Identity
from cmme_xl.interview.review import Review
from cmme_xl.interview.tally import Tally
from cmme_xl.interview.weighing import Weighing
from cmme_xl.plan.model import Person
from cmme_xl.reading.container import Archive
from cmme_xl.reading.workbook import read_book
from cmme_xl.returned.pages import carried, digests, helpers, texts_of
from cmme_xl.spreadsheet import Book
from cmme_xl.spreadsheet.archive import USUAL
from cmme_xl.spreadsheet.measure import fitted
from cmme_xl.spreadsheet.stamp import Slots, Stamp

# What the cover has room for: the name in one line of the greeting; name, department and title in two lines.
GREETED_PX, FACT_PX = 560, 320


@dataclass(frozen=True, slots=True)
class Drawn:
    """A workbook, and the cells in it that are the person's: part -> cell -> key of the text."""

    data: bytes
    cells: Mapping[str, Mapping[str, str]]


def render(form: Form, personal: Mapping[str, str] | None = None) -> Drawn:
    """Draw the workbook of `form` for the person with the texts `personal` (see `texts`), or its template.

    Raises ValueError where the form asks nothing.
    """
    if not form.questions:
        raise ValueError("a form without questions")
    words, subject = form.words, form.catalogue.subject.in_(form.lang)
    brand = templates.brand()
    slots = Slots(personal)
    header = " · ".join(part for part in (form.enterprise, cover.kind_of(form)) if part)
    footer = f"{brand.confidential[form.lang]} · {form.engagement}"
    tally = Tally(form)
    # drawn once and mailed many times: here small counts more than quick
    with Book(brand, form.lang, words("cover.title", subject=subject), form.engagement, level=USUAL) as book:
        cover.draw(book, form, tally, slots, header, footer)
        if form.clarifies:
            review.draw(book, form, Review(form), header, footer)
        howto.draw(book, form, header, footer)
        questionnaire.draw(book, form, tally, header, footer)
        progress.draw(book, form, tally, header, footer)
        if form.self_assessment:
            scores.draw(book, form, tally, Weighing(form), header, footer)
        tally.draw(book)
        if form.clarifies:
            Review(form).draw(book)
        if form.self_assessment:
            Weighing(form).draw(book)
        identity.draw(book, form, slots)
        return Drawn(book.bytes(), slots.cells)


def stamp(drawn: Drawn) -> Stamp:
    """A template made ready to be filled in with the texts of one person after the other."""
    return Stamp(drawn.data, drawn.cells, identity.marked())


def around(form: Form, drawn: Drawn) -> str:
    """The digests of all that stands on the visible sheets but the questionnaire, by which what people type there is
    told from it."""
    others = {form.words.sheet(form.asking), Identity.from_template().sheet, *helpers()}
    book, _ = read_book(Archive(drawn.data), others, once=True)
    return digests(text for sheet in book.sheets for text in texts_of(sheet))


def texts(form: Form, person: Person, issue: str, known: str = "") -> dict[str, str]:
    """Every text of a workbook that is the person's; control characters are shown as escapes. `known` are the digests
    of what stands `around` the questionnaire of everyone with this form, "" where it does not matter."""
    words = form.words
    name = tidy(person.name) or person.id
    facts = (name, tidy(person.department), tidy(person.title))
    shown = {
        "greeting": words("cover.greeting", name=fitted(name, GREETED_PX, cover.GREETING_POINTS, True)),
        "respondent": " · ".join(fitted(fact, FACT_PX) for fact in facts if fact),
        "appointment": words.appointment(person.appointment, person.minutes),
    }
    # the code is known by its form
    sent = carried(known + digests(shown.values())) if known else ""
    return {**shown, **identity.texts(form, person, issue), "texts": sent}


def tidy(text: str) -> str:
    """Text for a cell of one line: white space runs become one space, what cannot be seen is shown as an escape."""
    return visible(" ".join(text.split()))
