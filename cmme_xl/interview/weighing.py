"""The very hidden sheet that weighs a self-assessment's answers as they are typed (scoring.md rule 4)."""

from dataclasses import dataclass
from functools import cached_property

from cmme_xl import formulas, scoring
from cmme_xl.catalogue import ROOT, Dimension, Question
from cmme_xl.formulas import number
from cmme_xl.interview.form import Form
from cmme_xl.interview.tally import questions
from cmme_xl.interview.wording import Live
from cmme_xl.spreadsheet import Book, Sheet
from cmme_xl.spreadsheet.sheet import Cached, local, local_range

SHEET = "_scores"
ID, WEIGHT, FIRST_ANGLE = 0, 1, 2
NO_VALUE = "#N/A"


@dataclass(frozen=True)
class Weighing:
    """Live scores of a form per dimension and in total, "" where nothing is scored yet; their values are the draft's.
    """

    form: Form

    def score(self, angle: str, dimension: Dimension | None = None) -> Live:
        """The unrounded score."""
        node = dimension.id if dimension else ROOT
        cell = local(self._rows[node], self._column(angle), fix_row=True, fix_column=True)
        return Live(f"{SHEET}!{cell}", _shown(self.value(node, angle)))

    def level(self, dimension: Dimension | None = None) -> Live:
        """The level of the current score, a number from 1 up."""
        catalogue = self.form.catalogue
        thresholds = [level.threshold for level in catalogue.levels]
        angle, node = self.form.angles[0], dimension.id if dimension else ROOT
        reached = scoring.level(self.value(node, angle), scoring.Ladder(tuple(thresholds)), catalogue.limits.decimals)
        text = formulas.level(self.score(angle, dimension).text, thresholds, catalogue.limits.decimals)
        return Live(text, _shown(reached))

    def value(self, node: str, angle: str) -> float | None:
        """The unrounded score of a node as the workbook goes out, None where nothing below it is scored."""
        if node in self.form.catalogue.questions:
            given = self.form.given(node, angle)
            return None if isinstance(given, str) else given
        weights = self.form.weights
        return scoring.weighted_mean((self.value(child, angle), weights[child]) for child in self._children(node))

    @property
    def weights(self) -> dict[str, float]:
        """The weight of every node but the total."""
        return {node: self.form.weights[node] for node in self._rows if node != ROOT}

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
                value = self.value(node, angle)
                sheet.formula(row, column, f"={self._formula(node, column)}", value, style)
        for dimension in form.dimensions:
            row = self._rows[dimension.id]
            label = dimension.short.in_(form.lang).replace("|", " " if form.lang == "en" else "")
            sheet.text(row, self._feed_column(""), label, style)
            for angle in form.angles:
                score = local(row, self._column(angle))
                decimals, value = form.catalogue.limits.decimals, self.value(dimension.id, angle)
                feed = f"=IF(ISNUMBER({score}),ROUND({score},{decimals}),NA())"
                shown = NO_VALUE if value is None else scoring.round_half_away(value, decimals)
                sheet.formula(row, self._feed_column(angle), feed, shown, style)
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
        children = self._children(node)
        first, last = self._rows[children[0]], self._rows[children[-1]]
        return formulas.weighted_mean(
            local_range(first, column, last, column), local_range(first, WEIGHT, last, WEIGHT)
        )

    def _children(self, node: str) -> list[str]:
        form = self.form
        if node == ROOT:
            return [dimension.id for dimension in form.dimensions]
        if node in form.asked:
            return [question.id for question in form.asked[node]]
        dimension = next(dimension for dimension in form.dimensions if dimension.id == node)
        return [indicator.id for indicator in form.indicators(dimension)]

    def _answer(self, question: str, angle: str) -> str:
        """The score given, where it is one."""
        form, catalogue = self.form, self.form.catalogue
        cell = f"{questions(form)}!{local(form.row_of[question], form.column(angle))}"
        low, high = number(catalogue.scale_min), number(catalogue.scale_max)
        return f'IF(ISNUMBER({cell}),IF(AND({cell}>={low},{cell}<={high}),{cell},""),"")'


def _shown(value: float | int | None) -> Cached:
    """A figure as a formula shows it."""
    return "" if value is None else value
