"""The very hidden counting sheet: what is answered, scored, open, per dimension. Other sheets only refer to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from cmme_xl.catalogue import Dimension, Question
from cmme_xl.formulas import number, quoted
from cmme_xl.interview.form import FIRST_ROW, Block, Form
from cmme_xl.interview.wording import Live
from cmme_xl.spreadsheet import Book, Sheet
from cmme_xl.spreadsheet.sheet import local, local_range

SHEET = "_tally"
FIELDS = ("asked", "answered", "scored", "na", "dk", "other", "open", "next", "targets")
LAST_EXCEL_ROW = 1_048_576


@dataclass(frozen=True)
class Tally:
    """Live figures of a form: one row per dimension asked about, and one for all; their values are the draft's."""

    form: Form

    def figure(self, field: str, dimension: Dimension | None = None) -> Live:
        """One figure (see FIELDS) of a dimension or, without one, of the whole form.

        `next` is the number of the first row still open, as Excel shows it; 0 where none is.
        """
        return Live(f"{SHEET}!{self._cell(field, dimension)}", self.count(field, dimension))

    def share(self, dimension: Dimension | None = None) -> Live:
        """Answered / asked, in [0, 1]."""
        answered, asked = self.figure("answered", dimension), self.figure("asked", dimension)
        done = self.count("answered", dimension)
        return Live(f"{answered.text}/{asked.text}", done / self.count("asked", dimension) if done else 0)

    def draw(self, book: Book) -> Sheet:
        """Write the sheet."""
        sheet = book.hidden_sheet(SHEET)
        style = book.style()
        for column, field in enumerate(FIELDS, 1):
            sheet.text(0, column, field, style)
        for row, dimension in enumerate((*self.form.dimensions, None), 1):
            sheet.text(row, 0, dimension.id if dimension else "", style)
            for column, field in enumerate(FIELDS, 1):
                if field == "asked":
                    sheet.number(row, column, self._block(dimension).count, style)
                else:
                    sheet.formula(
                        row, column, f"={self._formula(field, dimension)}", self.count(field, dimension), style
                    )
        return sheet

    def _cell(self, field: str, dimension: Dimension | None) -> str:
        dimensions = self.form.dimensions
        row = 1 + (dimensions.index(dimension) if dimension else len(dimensions))
        return local(row, 1 + FIELDS.index(field), fix_row=True, fix_column=True)

    def _block(self, dimension: Dimension | None) -> Block:
        form = self.form
        if dimension:
            return form.blocks[dimension.id]
        return Block(FIRST_ROW, FIRST_ROW, form.last_row, len(form.questions))

    def count(self, field: str, dimension: Dimension | None = None) -> int:
        """What a figure (see FIELDS) is as the workbook goes out."""
        return self._counts[dimension.id if dimension else ""][field]

    @cached_property
    def _counts(self) -> dict[str, dict[str, int]]:
        form = self.form
        dimension_of = form.catalogue.dimension_of
        by_dimension = {d.id: [q for q in form.questions if dimension_of[q.id].id == d.id] for d in form.dimensions}
        return {id_: self._counted(asked) for id_, asked in {**by_dimension, "": list(form.questions)}.items()}

    def _counted(self, asked: Sequence[Question]) -> dict[str, int]:
        form = self.form
        given = [(question.id, form.given(question.id, form.angles[0])) for question in asked]
        open_ = [form.row_of[question] + 1 for question, answer in given if answer is None]
        answers = [answer for _, answer in given if answer is not None]
        scored = sum(not isinstance(answer, str) for answer in answers)
        na, dk = answers.count(form.scale["na"]), answers.count(form.scale["dk"])
        targets = (form.given(question.id, "target") for question in asked) if form.target is not None else ()
        return {
            "asked": len(asked),
            "answered": len(answers),
            "scored": scored,
            "na": na,
            "dk": dk,
            "other": len(answers) - scored - na - dk,
            "open": len(open_),
            "next": min(open_, default=0),
            "targets": sum(target is not None and not isinstance(target, str) for target in targets),
        }

    def _range(self, column: int, dimension: Dimension | None) -> str:
        block = self._block(dimension)
        return f"{questions(self.form)}!{local_range(block.first, column, block.last, column)}"

    def _formula(self, field: str, dimension: Dimension | None) -> str:
        form = self.form
        scores, ids = self._range(form.score, dimension), self._range(0, dimension)
        cell = {name: self._cell(name, dimension).replace("$", "") for name in FIELDS}
        low, high = number(form.catalogue.scale_min), number(form.catalogue.scale_max)
        if field == "answered":
            return f"COUNTA({scores})"
        if field == "scored":
            return _between(scores, low, high)
        if field in ("na", "dk"):
            word = form.catalogue.na if field == "na" else form.catalogue.dk
            return f"COUNTIF({scores},{exactly(word.in_(form.lang))})"
        if field == "other":
            return f"{cell['answered']}-{cell['scored']}-{cell['na']}-{cell['dk']}"
        if field == "open":
            return f"{cell['asked']}-{cell['answered']}"
        if field == "targets":
            return "0" if form.target is None else _between(self._range(form.target, dimension), low, high)
        # SUMPRODUCT makes MAX look at every row without an array formula
        past = LAST_EXCEL_ROW + 1
        first = f'{past}-SUMPRODUCT(MAX(({ids}<>"")*({scores}="")*({past}-ROW({scores}))))'
        return f"IF({cell['open']}<=0,0,{first})"


def questions(form: Form) -> str:
    """The questionnaire's name as it stands in formulas."""
    return "'" + form.words.sheet(form.asking).replace("'", "''") + "'"


def _between(cells: str, low: str, high: str) -> str:
    return f'COUNTIFS({cells},">={low}",{cells},"<={high}")'


def exactly(word: str) -> str:
    """A criterion that means this word, whatever stands in it for a wildcard."""
    for wild in "~*?":
        word = word.replace(wild, f"~{wild}")
    return quoted(f"={word}")
