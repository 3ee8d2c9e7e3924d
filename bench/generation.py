"""Interview workbooks for everybody: ours, XlsxWriter drawing each one, an openpyxl template loop, and the floor."""

import io
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, cast

from clock import Contender
from engagement import Sample
from stock import stock

from cmme_xl.interview import identity, workbook
from cmme_xl.interview.form import Form
from cmme_xl.interview.generation import generate
from cmme_xl.plan import issued
from cmme_xl.plan.issued import Issue
from cmme_xl.plan.model import Person, Plan
from cmme_xl.spreadsheet.stamp import Stamp, mark

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.packaging.custom import StringProperty

OURS, ONE_LANGUAGE = "ours: workbooks, log, list", "ours: the same, all in one language"
STAMPING, FLOOR = "ours: the stamping alone", "floor: the same bytes written"
XLSXWRITER, OPENPYXL = "XlsxWriter draws each", "openpyxl fills in a template"
COMPARED = 4
Cells = dict[tuple[str, str], object]


class Generation:
    """The contenders over one sample. All write the same people's workbooks with the same issue ids."""

    def __init__(self, sample: Sample) -> None:
        self.plan = sample.plan
        people = tuple(replace(person, lang=self.plan.engagement.lang) for person in self.plan.people)
        self.one_language = replace(self.plan, people=people)
        with TemporaryDirectory() as folder:
            _generate(self.plan, Path(folder))
            self.issues = issued.latest(issued.read(Path(folder) / issued.FILE_NAME))
            self.bytes = [(Path(folder) / issue.file).read_bytes() for issue in self.issues.values()]

    def contenders(self) -> tuple[Contender, ...]:
        return (
            Contender(OURS, lambda folder: _generate(self.plan, folder)),
            Contender(ONE_LANGUAGE, lambda folder: _generate(self.one_language, folder)),
            Contender(STAMPING, self._stamping),
            Contender(FLOOR, self._floor),
            Contender(XLSXWRITER, self._xlsxwriter),
            Contender(OPENPYXL, self._openpyxl),
        )

    def verify(self) -> None:
        """Asserts that all contenders put the same cells and properties into some files, first and last among them."""
        people = list(self._people())
        chosen = [*people[: COMPARED - 1], people[-1]]
        self._as_issued([person for person, _, _ in chosen])
        for person, form, issue in chosen:
            texts = self._texts(form, person, issue)
            ours = _cells(self._stamps[person.lang](texts))
            assert _cells(self._drawn(form, texts)) == ours, f"{person.id}: XlsxWriter's cells differ"
            assert _cells(self._filled_in(person.lang, texts)) == ours, f"{person.id}: openpyxl's cells differ"

    def _as_issued(self, people: list[Person]) -> None:
        """The stamping that is timed alone makes what `generate` writes."""
        made = dict(zip(self.issues, self.bytes, strict=True))
        for person, form, issue in self._people():
            if person in people:
                again = self._stamps[person.lang](self._texts(form, person, issue))
                assert again == made[person.id], f"{person.id}: not what was written"

    def _people(self) -> Iterator[tuple[Person, Form, Issue]]:
        for person in self.plan.people:
            yield person, self._forms[person.lang], self.issues[person.id]

    def _texts(self, form: Form, person: Person, issue: Issue) -> dict[str, str]:
        return workbook.texts(form, person, issue.id, self._known[person.lang])

    @cached_property
    def _known(self) -> dict[str, str]:
        return {lang: workbook.around(form, workbook.render(form)) for lang, form in self._forms.items()}

    @cached_property
    def _forms(self) -> dict[str, Form]:
        """Everybody is asked the same, so that there is a form per language."""
        return {person.lang: Form.of(self.plan, person) for person in self.plan.people}

    @cached_property
    def _stamps(self) -> dict[str, Stamp]:
        return {lang: workbook.stamp(workbook.render(form)) for lang, form in self._forms.items()}

    @cached_property
    def _templates(self) -> dict[str, tuple[bytes, dict[tuple[int, str], str]]]:
        """By language: a workbook still without a person, and (number of the sheet, cell) -> key of the text."""
        found = {}
        for lang, form in self._forms.items():
            drawn = workbook.render(form)
            cells = {
                (int("".join(filter(str.isdigit, part))) - 1, cell): key
                for part, keys in drawn.cells.items()
                for cell, key in keys.items()
            }
            found[lang] = drawn.data, cells
        return found

    # --- the contenders

    def _stamping(self, folder: Path) -> None:
        for person, form, issue in self._people():
            (folder / issue.file).write_bytes(self._stamps[person.lang](self._texts(form, person, issue)))

    def _floor(self, folder: Path) -> None:
        for issue, data in zip(self.issues.values(), self.bytes, strict=True):
            (folder / issue.file).write_bytes(data)

    def _xlsxwriter(self, folder: Path) -> None:
        for person, form, issue in self._people():
            (folder / issue.file).write_bytes(self._drawn(form, self._texts(form, person, issue)))

    def _openpyxl(self, folder: Path) -> None:
        for person, form, issue in self._people():
            texts = self._texts(form, person, issue)
            (folder / issue.file).write_bytes(self._filled_in(person.lang, texts))

    @staticmethod
    def _drawn(form: Form, texts: dict[str, str]) -> bytes:
        with stock():
            return workbook.render(form, texts).data

    def _filled_in(self, lang: str, texts: dict[str, str]) -> bytes:
        from openpyxl import load_workbook

        data, cells = self._templates[lang]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            book = load_workbook(io.BytesIO(data))
        for (sheet, cell), key in cells.items():
            book.worksheets[sheet][cell] = texts[key] or None
        marks = {mark(key): key for key in identity.marked()}
        for each in _properties(book):
            if each.value in marks:
                each.value = texts[marks[each.value]]
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()


def _generate(plan: Plan, folder: Path) -> None:
    generate(plan, folder, folder / issued.FILE_NAME)


def _cells(data: bytes) -> Cells:
    """(sheet, cell) -> what stands there, formulas as such; and the document's own properties."""
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        book = load_workbook(io.BytesIO(data))
    found: Cells = {("", each.name): each.value for each in _properties(book)}
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            found |= {(sheet.title, cell.coordinate): _value(cell.value) for cell in row if cell.value is not None}
    return found


def _properties(book: "Workbook") -> "Sequence[StringProperty]":
    """The document's own properties, which the types of openpyxl do not know."""
    return cast("Sequence[StringProperty]", book.custom_doc_props.props)  # type: ignore[attr-defined]


def _value(value: object) -> object:
    """A formula over a range as its text, since openpyxl makes an object of it that equals no other."""
    return getattr(value, "text", value)
