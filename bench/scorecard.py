"""The scorecard: how long it takes to write, and what one call for a whole block costs beside one call for each cell.

A call from a cell also crosses from the spreadsheet into Python and back, which is not in these figures: some 3 ms each
in Excel. So it is the number of calls that counts in the end.
"""

from collections.abc import Callable
from datetime import date
from functools import cached_property

from clock import Contender
from engagement import Sample

from cmme_xl.catalogue import ROOT, load
from cmme_xl.hosts.functions import FUNCTIONS
from cmme_xl.plan import issued
from cmme_xl.results.compute import compute
from cmme_xl.results.model import Results
from cmme_xl.returned.read import read_folder
from cmme_xl.scorecard.write import scorecard_bytes
from cmme_xl.spreadsheet import Brand
from cmme_xl.summary.consolidation import usable_plan
from cmme_xl.templates import template

WRITE, ARRAY, SCALAR = "ours: the scorecard written", "one CMME_ROLLUP for all", "a call for every cell"
SAME = 1e-9
Rows = list[list[object]]


class Scorecard:
    """The contenders, over the answers of everybody to every question."""

    def __init__(self, sample: Sample) -> None:
        self.sample = sample

    def contenders(self) -> tuple[Contender, ...]:
        return (
            Contender(WRITE, lambda _: self.written()),
            Contender(ARRAY, lambda _: self.at_once()),
            Contender(SCALAR, lambda _: self.one_by_one()),
        )

    def verify(self) -> None:
        """Asserts that both ways come to what Python has."""
        nodes = self.results.chosen.angles["current"].nodes
        scalars = self.one_by_one()
        for (id_, *_), row in zip(self._nodes, self.at_once(), strict=True):
            score = nodes[str(id_)].score
            assert score is not None
            assert abs(score - float(str(row[0]))) < SAME
            assert abs(score - scalars[str(id_)]) < SAME

    @property
    def calls(self) -> int:
        """How many calls it takes where every cell asks for itself: value, range, coverage and level of each node."""
        return 4 * len(self._nodes)

    def written(self) -> bytes:
        return scorecard_bytes(self.results, {}, "zh", Brand.from_table(template("brand")), date(2026, 11, 29))

    def at_once(self) -> Rows:
        found = FUNCTIONS["CMME_ROLLUP"](self._nodes, self._answers)
        assert isinstance(found, list)
        return [list(row) for row in found]

    def one_by_one(self) -> dict[str, float]:
        """Every node by itself: questions from the answers, what is above them from what is beneath."""
        values: dict[str, float] = {}
        weights = {str(id_): weight for id_, _, weight in self._nodes}
        for id_, answers in zip(self._ids, self._answers, strict=True):
            beneath = self._children.get(id_, [])
            scores = [[values[child]] for child in beneath] if beneath else [[cell] for cell in answers[2:]]
            heavy = [[weights[child]] for child in beneath] if beneath else None
            values[id_] = _number(FUNCTIONS["CMME_SCORE"], scores, heavy)
            FUNCTIONS["CMME_RANGE"](scores, heavy)
            FUNCTIONS["CMME_COVERAGE"](scores, heavy)
            FUNCTIONS["CMME_LEVEL"]([[values[id_]]])
        return values

    @cached_property
    def results(self) -> Results:
        plan, _ = usable_plan(self.sample.plan_path, load())
        log = issued.read(self.sample.plan_path.parent / issued.FILE_NAME)
        return compute(plan, read_folder(plan, log, self.sample.returned))

    @cached_property
    def _nodes(self) -> Rows:
        """Id, parent and weight, children before their parents."""
        rows: Rows = []
        for dimension in self.results.plan.catalogue.dimensions:
            for indicator in dimension.indicators:
                rows += [[question.id, indicator.id, question.weight] for question in indicator.questions]
                rows.append([indicator.id, dimension.id, indicator.weight])
            rows.append([dimension.id, ROOT, dimension.weight])
        return [*rows, [ROOT, "", 1.0]]

    @cached_property
    def _ids(self) -> list[str]:
        return [str(id_) for id_, *_ in self._nodes]

    @cached_property
    def _children(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for id_, parent, _ in self._nodes:
            found.setdefault(str(parent), []).append(str(id_))
        return found

    @cached_property
    def _answers(self) -> Rows:
        people = [person.id for person in self.results.plan.people]
        typed: dict[str, dict[str, object]] = {}
        for each in self.results.returned.answers:
            if each.angle == "current":
                typed.setdefault(each.question, {})[each.respondent] = each.score if each.score is not None else "NA"
        return [[None, None, *(typed.get(id_, {}).get(person) for person in people)] for id_ in self._ids]


def _number(function: Callable[..., object], *blocks: object) -> float:
    found = function(*blocks)
    assert isinstance(found, float)
    return found
