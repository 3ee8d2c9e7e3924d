"""Who and what a workbook is, written where it survives being saved by other programs (interview.toml, [identity])."""

from collections.abc import Mapping
from dataclasses import dataclass

from cmme_xl.interview.form import Form
from cmme_xl.interview.weighing import Weighing
from cmme_xl.interview.wording import TEMPLATE
from cmme_xl.plan.model import Person
from cmme_xl.returned.pages import carried, digests, weighed
from cmme_xl.spreadsheet import Book, Sheet
from cmme_xl.spreadsheet.stamp import Slots
from cmme_xl.templates import template

PERSONAL = ("respondent", "issue", "group", "texts")


@dataclass(frozen=True, slots=True)
class Identity:
    """The words of [identity] in the template."""

    sheet: str
    schema: str
    keys: tuple[str, ...]
    head: tuple[str, ...]
    code: str
    properties: Mapping[str, str]

    @classmethod
    def from_template(cls) -> "Identity":
        table = template(TEMPLATE)["identity"]
        return cls(
            table["sheet"],
            table["schema"],
            tuple(table["keys"]),
            tuple(table["head"]),
            table["code"],
            table["properties"],
        )


def texts(form: Form, person: Person, issue: str) -> dict[str, str]:
    """The texts of the slots: respondent, issue, group, and the code for the cover."""
    identity = Identity.from_template()
    code = identity.code.format(engagement=form.engagement, respondent=person.id, issue=issue)
    return {"respondent_id": person.id, "issue": issue, "group": person.group, "code": code}


def draw(book: Book, form: Form, slots: Slots) -> Sheet:
    """Add the very hidden sheet and the document properties."""
    identity = Identity.from_template()
    sheet = book.hidden_sheet(identity.sheet)
    style = book.style()
    fixed = _fixed(form, identity)
    for row, key in enumerate(identity.keys):
        sheet.text(row, 0, key, style)
        if key in PERSONAL:
            slots.put(sheet, row, 1, _slot(key), style)
        else:
            sheet.text(row, 1, fixed[key], style)
    first = len(identity.keys) + 1
    for column, title in enumerate(identity.head):
        sheet.text(first, column, title, style)
    for row, question in enumerate(form.as_asked, first + 1):
        sheet.text(row, 0, question.id, style)
        sheet.number(row, 1, question.rev, style)
        sheet.text(row, 2, question.hash, style)
    for key, name in identity.properties.items():
        book.property(name, slots.property(_slot(key)) if key in PERSONAL else fixed[key])
    return sheet


def marked() -> tuple[str, ...]:
    """The keys of the slots that are document properties."""
    return tuple(_slot(key) for key in Identity.from_template().properties if key in PERSONAL)


def _slot(key: str) -> str:
    # the cover shows a respondent by name, the identity by id
    return "respondent_id" if key == "respondent" else key


def _fixed(form: Form, identity: Identity) -> dict[str, str]:
    catalogue = form.catalogue
    return {
        "schema": identity.schema,
        "engagement": form.engagement,
        "kind": form.kind,
        "lang": form.lang,
        "angles": ",".join(form.angles),
        "catalogue_id": catalogue.id,
        "catalogue_version": catalogue.version,
        "catalogue_hash": catalogue.hash,
        "headings": carried(digests(form.headings)),
        "weights": weighed(Weighing(form).weights) if form.self_assessment else "",
    }
