"""Writing a plan workbook: an empty one to fill in, or one filled from a plan."""

from pathlib import Path

from cmme_xl import templates
from cmme_xl.catalogue import Catalogue
from cmme_xl.plan import words
from cmme_xl.plan.assignment import Choices
from cmme_xl.plan.layout import Layout
from cmme_xl.plan.live import Content
from cmme_xl.plan.model import Plan
from cmme_xl.plan.sheets import assignment, calc, engagement, figures, guide, people, questions, weights
from cmme_xl.plan.sheets.drawing import Drawing
from cmme_xl.spreadsheet import Book, save
from cmme_xl.templates import template

SPARE_SLOTS = 10
SHEETS = (guide, engagement, people, weights, questions, assignment, figures, calc)


def new_plan(
    path: Path,
    catalogue: Catalogue,
    lang: str,
    plan: Plan | None = None,
    people_slots: int = 60,
    choices: Choices | None = None,
) -> None:
    """Write a plan workbook to `path`, in `lang`: empty, or filled from `plan`.

    `people_slots` >= 1 rows for people (more where the plan needs them). `choices`: the marks to show, as read from
    an earlier workbook, whatever the plan's assignment says; without them they are derived from it. Raises
    ValueError where that cannot be written as marks, Locked where the file is open elsewhere, OSError where it
    cannot be written.
    """
    save(path, plan_bytes(catalogue, lang, plan, people_slots, choices))


def plan_bytes(
    catalogue: Catalogue,
    lang: str,
    plan: Plan | None = None,
    people_slots: int = 60,
    choices: Choices | None = None,
) -> bytes:
    """The plan workbook as a file's content; see `new_plan`."""
    content = Content.of(plan, choices) if plan else Content.empty(catalogue)
    slots = max(people_slots, len(content.people) + SPARE_SLOTS) if content.people else people_slots
    title = words.table("guide")["title"][lang]
    with Book(templates.brand(), lang, title, catalogue.subject.in_(lang)) as book:
        drawing = Drawing(book, Layout(catalogue, lang, slots), content)
        for sheet in SHEETS:
            sheet.draw(drawing)
        _identity(drawing)
        return book.bytes()


def _identity(drawing: Drawing) -> None:
    """What ties the workbook to its catalogue, on a very hidden sheet: a key and a value per row."""
    catalogue = drawing.content.catalogue
    sheet = drawing.book.hidden_sheet(str(words.table("hidden")["identity"]))
    stored = {
        "schema": str(template("plan")["schema"]),
        "lang": drawing.lang,
        "catalogue_id": catalogue.id,
        "catalogue_version": catalogue.version,
        "catalogue_hash": catalogue.hash,
    }
    for row, (key, value) in enumerate(stored.items()):
        sheet.text(row, 0, key, drawing.book.style())
        sheet.text(row, 1, value, drawing.book.style())
