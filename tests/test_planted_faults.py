"""Faults planted in the summary: on every sheet one cached value and one range, and a weight where there are any."""

from itertools import chain
from pathlib import Path

import lanes
import pytest
import summary_cases as cases
from planting import Written, a_number, a_range, a_value, read_by
from recalculation import Place, compare

from cmme_xl.results.model import Results
from cmme_xl.spreadsheet import Brand
from cmme_xl.summary.answercells import WEIGHT_ROW
from cmme_xl.summary.words import Words
from cmme_xl.summary.write import summary_bytes
from cmme_xl.templates import template

BRAND = Brand.from_table(template("brand"))
NO_FORMULA = frozenset(("_summary", "_entries"))
NO_RANGE = {
    "weights": "figures of one node, a cell each",
    "answers": "values and counts of one question, a cell each; what they are combined from is the engine's range",
    "calibrations": "figures of one node, a cell each",
    "evidence": "links",
    "sources": "links",
    "method": "links",
    "matrix_figures": "figures of one action, a cell each",
}
READ_BY_OTHERS = (("engine",), ("view",), ("action_figures",), ("path_figures", "block_figures", "customer_figures"))
"""A fault in a range of theirs spreads to other sheets, and is planted in another workbook than those."""


def name(role: str) -> str:
    return Words("en")[f"sheets.{role}"]


@pytest.fixture(scope="module")
def results() -> Results:
    """An engagement with every sheet there is, small by what it leaves out."""
    return cases.results_of(
        angles=("target", "benchmark", "competitor", "customer"),
        count=12,
        dimensions=2,
        dropped=tuple(f"D{dimension}-0{n}" for dimension in (1, 2) for n in (5, 6, 7, 8)),
        calibrations=cases.calibrated("current:D1-01:4", "current:D2-02-Q1:3"),
    )


@pytest.fixture(scope="module", params=["consultant", "client"])
def summary(request: pytest.FixtureRequest, results: Results) -> Written:
    return Written(summary_bytes(results, "en", BRAND, request.param))


@pytest.mark.lane("libreoffice")
def test_every_planted_fault_is_noticed(summary: Written, tmp_path: Path, soffice: lanes.Office) -> None:
    places: dict[Path, list[Place]] = {}

    def plant(title: str, faults: dict[Place, str]) -> None:
        changed = {sheet: xml for (sheet, _), xml in faults.items()}
        places[summary.changed(tmp_path / f"{title}.xlsx", changed)] = list(faults)

    values = {sheet: found for sheet in summary.sheets if (found := a_value(summary, sheet))}
    assert summary.sheets.keys() - values.keys() == NO_FORMULA
    plant("values", dict(values.values()))

    ranges = {sheet: found for sheet in values if (found := a_range(summary, sheet))}
    assert values.keys() - ranges.keys() == {name(role) for role in NO_RANGE} & values.keys()
    apart = [[name(role) for role in roles] for roles in READ_BY_OTHERS]
    for sheets in (ranges.keys() - chain(*apart), *apart):
        plant(f"ranges {len(places)}", dict(ranges[sheet] for sheet in sheets))

    weights = {sheet: a_number(summary, sheet, where) for sheet, where in weighed(summary).items()}
    weighty = summary.changed(tmp_path / "weights.xlsx", weights)

    again = soffice.recalculated([*places, weighty])
    for path, listed in places.items():
        read = read_by(summary, listed) if path.stem != "values" else set()
        wrong = compare(path, again[path], {sheet for sheet, _ in (*listed, *read)}).wrong.keys()
        assert set(listed) <= wrong, f"{path.stem}: not noticed"
        assert read & wrong == set(), f"{path.stem}: noticed by what its formulas read"
    wrong = compare(weighty, again[weighty], weights).wrong.keys()
    assert weights.keys() == {sheet for sheet, _ in wrong}


def weighed(summary: Written) -> dict[str, str]:
    """The sheets with weights, and where these stand: of the nodes, and of the persons where a file has them."""
    found = {name("weights"): r"E\d+"}
    persons = {name("answers"): rf"[A-Z]+{WEIGHT_ROW + 1}"} if name("evidence") in summary.sheets else {}
    return {**found, **persons}
