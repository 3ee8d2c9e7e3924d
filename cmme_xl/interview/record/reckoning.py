"""The very hidden sheet that weighs what stands while it is agreed: the agreed answer, else the person's own
(scoring.md rules 3, 4 and 6). These are a single person's answers: what is N/A to them is out of scope."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from cmme_xl import formulas, scoring
from cmme_xl.catalogue import ROOT, Dimension
from cmme_xl.formulas import number
from cmme_xl.interview.record.form import RecordForm
from cmme_xl.interview.tally import exactly, questions
from cmme_xl.interview.weighing import NO_VALUE
from cmme_xl.interview.wording import Live
from cmme_xl.scoring import Kind, Ladder, Node, Result, Rules, Scale, Vote
from cmme_xl.spreadsheet import Book, Sheet
from cmme_xl.spreadsheet.sheet import Cached, local, local_range

SHEET = "_record"
FIELDS = ("id", "weight", "own", "score", "target", "within", "covered", "reached", "coverage")
"""`own`: the self-score; `score`: what stands; `within`: the weight where in scope; the rest as in `formulas`."""
CHARTED = ("own", "score", "target")


@dataclass(frozen=True)
class Reckoning:
    """Live figures of a record for every question, indicator and dimension and in total, "" where there is none; their
    values are those of the person's own answers, since nothing is agreed yet."""

    form: RecordForm

    def figure(self, field: str, node: str = ROOT) -> Live:
        """One figure (see FIELDS) of a node."""
        cell = local(self._rows[node], FIELDS.index(field), fix_row=True, fix_column=True)
        return Live(f"{SHEET}!{cell}", self._value(field, node))

    def level(self, node: str = ROOT) -> Live:
        """The level of what stands, a number from 1 up."""
        catalogue = self.form.catalogue
        thresholds = [level.threshold for level in catalogue.levels]
        text = formulas.level(self.figure("score", node).text, thresholds, catalogue.limits.decimals)
        return Live(text, _shown(self._results["current"][node].level))

    def feed(self, field: str) -> tuple[str, str]:
        """(categories, values) of a chart over the dimensions; a dimension without a score is left out."""
        first, last = (self._rows[self.form.dimensions[end].id] for end in (0, -1))

        def reference(column: int) -> str:
            ends = (local(row, column, fix_row=True, fix_column=True) for row in (first, last))
            return f"={SHEET}!{':'.join(ends)}"

        return reference(len(FIELDS)), reference(len(FIELDS) + 1 + CHARTED.index(field))

    def draw(self, book: Book) -> Sheet:
        """Write the sheet."""
        form, style = self.form, book.style()
        sheet = book.hidden_sheet(SHEET)
        for column, field in enumerate(FIELDS):
            sheet.text(0, column, field, style)
        for node, row in self._rows.items():
            sheet.text(row, 0, node, style)
            sheet.number(row, 1, self._weight(node), style)
            for column, field in enumerate(FIELDS[2:], 2):
                sheet.formula(row, column, f"={self._formula(field, node)}", self._value(field, node), style)
        for dimension in form.dimensions:
            self._feed(sheet, dimension)
        return sheet

    def _feed(self, sheet: Sheet, dimension: Dimension) -> None:
        form, row, style = self.form, self._rows[dimension.id], sheet.book.style()
        label = dimension.short.in_(form.lang).replace("|", " " if form.lang == "en" else "")
        sheet.text(row, len(FIELDS), label, style)
        decimals = form.catalogue.limits.decimals
        for place, field in enumerate(CHARTED, len(FIELDS) + 1):
            cell, value = local(row, FIELDS.index(field)), self._value(field, dimension.id)
            shown = NO_VALUE if isinstance(value, str) else scoring.round_half_away(value, decimals)
            sheet.formula(row, place, f"=IF(ISNUMBER({cell}),ROUND({cell},{decimals}),NA())", shown, style)

    # --- where things stand

    @cached_property
    def _rows(self) -> dict[str, int]:
        """Node id -> row: questions, indicators, dimensions, each in catalogue order, then the total."""
        form = self.form
        indicators = [indicator for dimension in form.dimensions for indicator in form.indicators(dimension)]
        nodes = [question.id for indicator in indicators for question in form.asked[indicator.id]]
        nodes += [indicator.id for indicator in indicators]
        nodes += [dimension.id for dimension in form.dimensions]
        return {node: row for row, node in enumerate([*nodes, ROOT], 1)}

    @cached_property
    def _children(self) -> dict[str, tuple[str, ...]]:
        form = self.form
        found = {indicator: tuple(question.id for question in asked) for indicator, asked in form.asked.items()}
        for dimension in form.dimensions:
            found[dimension.id] = tuple(indicator.id for indicator in form.indicators(dimension))
        return {**found, ROOT: tuple(dimension.id for dimension in form.dimensions)}

    def _weight(self, node: str) -> float:
        return 1.0 if node == ROOT else self.form.weights[node]

    # --- formulas

    def _formula(self, field: str, node: str) -> str:
        return self._of_node(field, node) if node in self._children else self._of_question(field, node)

    def _of_question(self, field: str, question: str) -> str:
        row = self._rows[question]
        at = {name: local(row, column) for column, name in enumerate(FIELDS)}
        if field == "own":
            return self._scored(self._cell(question, "own"))
        if field == "score":
            return self._stands(question, "current", at["own"])
        if field == "target":
            if "target" not in self.form.angles:
                return '""'
            return self._stands(question, "target", self._scored(self._cell(question, "own_target")))
        if field == "within":
            agreed, own = self._cell(question, "current"), self._cell(question, "own")
            na = exactly(self.form.scale["na"])
            return f'IF(IF(ISBLANK({agreed}),COUNTIF({own},{na}),COUNTIF({agreed},{na}))>0,"",{at["weight"]})'
        if field == "covered":
            return formulas.covered(at["score"])
        if field == "reached":
            return "1"
        return formulas.coverage(at["covered"], at["reached"], at["within"])

    def _of_node(self, field: str, node: str) -> str:
        at = {name: local(self._rows[node], column) for column, name in enumerate(FIELDS)}
        children = self._children[node]
        first, last = self._rows[children[0]], self._rows[children[-1]]
        below = {name: local_range(first, column, last, column) for column, name in enumerate(FIELDS)}
        if field in CHARTED:
            return formulas.weighted_mean(below[field], below["weight"])
        if field == "within":
            return formulas.node_weight(at["weight"], below["within"])
        if field in ("covered", "reached"):
            return formulas.portion(below[field], below["within"])
        return formulas.coverage(at["covered"], at["reached"], at["within"])

    def _cell(self, question: str, role: str) -> str:
        return f"{questions(self.form)}!{local(self.form.row_of[question], self.form.column(role))}"

    def _scored(self, cell: str) -> str:
        """The score in a cell, where it is one."""
        low, high = number(self.form.catalogue.scale_min), number(self.form.catalogue.scale_max)
        return f'IF(ISNUMBER({cell}),IF(AND({cell}>={low},{cell}<={high}),{cell},""),"")'

    def _stands(self, question: str, angle: str, own: str) -> str:
        agreed = self._cell(question, angle)
        return f"IF(ISBLANK({agreed}),{own},{self._scored(agreed)})"

    # --- values as the workbook goes out

    @cached_property
    def _results(self) -> Mapping[str, Mapping[str, Result]]:
        catalogue = self.form.catalogue
        rules = Rules(
            Scale(catalogue.scale_min, catalogue.scale_max),
            Ladder(tuple(level.threshold for level in catalogue.levels)),
            decimals=catalogue.limits.decimals,
        )
        return {angle: scoring.score_tree(self._tree(ROOT, angle), rules) for angle in ("current", "target")}

    def _tree(self, node: str, angle: str) -> Node:
        children = tuple(self._tree(child, angle) for child in self._children.get(node, ()))
        return Node(node, self._weight(node), children, () if children else (self._vote(node, angle),))

    def _vote(self, question: str, angle: str) -> Vote:
        said = None if self.form.is_doubtful(question, angle) else self.form.said(question, angle)
        if isinstance(said, str):
            return Vote(Kind.NA if said == self.form.scale["na"] else Kind.DK)
        return Vote(Kind.BLANK) if said is None else Vote(Kind.SCORED, said)

    def _value(self, field: str, node: str) -> Cached:
        result = self._results["target" if field == "target" else "current"][node]
        if field in CHARTED:
            return _shown(result.score)
        if field == "coverage":
            return _shown(result.coverage)
        if field == "within":
            return self._weight(node) if result.in_scope else ""
        return self._portions[field][node]

    @cached_property
    def _portions(self) -> Mapping[str, Mapping[str, float]]:
        """`covered` and `reached` of every node: questions first, each parent after its children."""
        results = self._results["current"]
        found: dict[str, dict[str, float]] = {"covered": {}, "reached": {}}
        for node in self._rows:
            children = [
                (child, self._weight(child)) for child in self._children.get(node, ()) if results[child].in_scope
            ]
            for field, known in found.items():
                if node not in self._children:
                    known[node] = 1.0 if field == "reached" or results[node].score is not None else 0.0
                else:
                    known[node] = scoring.weighted_mean((known[child], weight) for child, weight in children) or 0.0
        return found


def _shown(value: float | int | None) -> Cached:
    """A figure as a formula shows it."""
    return "" if value is None else value
