"""The very hidden sheet that weighs a self-assessment's answers as they are typed (scoring.md rule 4)."""

from dataclasses import dataclass
from functools import cached_property

from cmme_xl import formulas
from cmme_xl.catalogue import ROOT, Dimension, Question
from cmme_xl.formulas import number
from cmme_xl.interview.form import Form
from cmme_xl.interview.tally import questions
from cmme_xl.interview.wording import Live
from cmme_xl.spreadsheet import Book, Sheet
from cmme_xl.spreadsheet.sheet import local, local_range

SHEET = "_scores"
ID, WEIGHT, FIRST_ANGLE = 0, 1, 2
NO_VALUE = "#N/A"


@dataclass(frozen=True)
class Weighing:
    """Live scores of a form per dimension and in total, "" where nothing is scored yet."""

    form: Form

    def score(self, angle: str, dimension: Dimension | None = None) -> Live:
        """The unrounded score."""
        row = self._rows[dimension.id if dimension else ROOT]
        return Live(f"{SHEET}!{local(row, self._column(angle), fix_row=True, fix_column=True)}", "")

    def level(self, dimension: Dimension | None = None) -> Live:
        """The level of the current score, a number from 1 up."""
        catalogue = self.form.catalogue
        thresholds = [level.threshold for level in catalogue.levels]
        score = self.score(self.form.angles[0], dimension).text
        return Live(formulas.level(score, thresholds, catalogue.limits.decimals), "")

    def feed(self, angle: str) -> tuple[str, str]:
        """(categories, values) of a chart over the dimensions; a dimension without score is left out."""
        first, last = self._rows[self.form.dimensions[0].id], self._rows[self.form.dimensions[-1].id]

        def reference(column: int) -> str:
            ends = (local(row, column, fix_row=True, fix_column=True) for row in (first, last))
            return f"={SHEET}!{':'.join(ends)}"

        return reference(self._feed_column("")), reference(self._feed_column(angle))

    def draw(self, book: Book) -> Sheet:
        """Write the sheet."""
        form, style = self.form, book.style()
        sheet = book.hidden_sheet(SHEET)
        for node, row in self._rows.items():
            sheet.text(row, ID, node, style)
            if node != ROOT:
                sheet.number(row, WEIGHT, form.weights[node], style)
            for angle in form.angles:
                column = self._column(angle)
                sheet.formula(row, column, f"={self._formula(node, column)}", None, style)
        for dimension in form.dimensions:
            row = self._rows[dimension.id]
            label = dimension.short.in_(form.lang).replace("|", " " if form.lang == "en" else "")
            sheet.text(row, self._feed_column(""), label, style)
            for angle in form.angles:
                score = local(row, self._column(angle))
                feed = f"=IF(ISNUMBER({score}),ROUND({score},{form.catalogue.limits.decimals}),NA())"
                sheet.formula(row, self._feed_column(angle), feed, NO_VALUE, style)
        return sheet

    @cached_property
    def _rows(self) -> dict[str, int]:
        """Node id -> row: questions, indicators, dimensions, each in catalogue order, then the total."""
        form = self.form
        nodes = [question.id for dimension in form.dimensions for question in self._questions(dimension)]
        nodes += [indicator.id for dimension in form.dimensions for indicator in form.indicators(dimension)]
        nodes += [dimension.id for dimension in form.dimensions]
        return {node: row for row, node in enumerate([*nodes, ROOT], 1)}

    def _questions(self, dimension: Dimension) -> list[Question]:
        form = self.form
        return [question for indicator in form.indicators(dimension) for question in form.asked[indicator.id]]

    def _column(self, angle: str) -> int:
        return FIRST_ANGLE + self.form.angles.index(angle)

    def _feed_column(self, angle: str) -> int:
        return FIRST_ANGLE + len(self.form.angles) + (1 + self.form.angles.index(angle) if angle else 0)

    def _formula(self, node: str, column: int) -> str:
        form = self.form
        if node in form.catalogue.questions:
            return self._answer(node, form.angles[column - FIRST_ANGLE])
        if node == ROOT:
            children = [dimension.id for dimension in form.dimensions]
        elif node in form.asked:
            children = [question.id for question in form.asked[node]]
        else:
            dimension = next(dimension for dimension in form.dimensions if dimension.id == node)
            children = [indicator.id for indicator in form.indicators(dimension)]
        first, last = self._rows[children[0]], self._rows[children[-1]]
        return formulas.weighted_mean(
            local_range(first, column, last, column), local_range(first, WEIGHT, last, WEIGHT)
        )

    def _answer(self, question: str, angle: str) -> str:
        """The score given, where it is one."""
        form, catalogue = self.form, self.form.catalogue
        indicator = catalogue.indicator_of[question]
        row = form.blocks[indicator.id].first + [q.id for q in form.asked[indicator.id]].index(question)
        cell = f"{questions(form)}!{local(row, form.column(angle))}"
        low, high = number(catalogue.scale_min), number(catalogue.scale_max)
        return f'IF(ISNUMBER({cell}),IF(AND({cell}>={low},{cell}<={high}),{cell},""),"")'
