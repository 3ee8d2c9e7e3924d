"""The sheets of building blocks and of the customers' view, and the hidden figures beneath them."""

import io
import warnings
from dataclasses import replace
from functools import cache
from pathlib import Path

import lanes
import openpyxl
import pytest
import summary_cases as cases
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from recalculation import compare

from cmme_xl.catalogue import ROOT
from cmme_xl.results.compute import compute
from cmme_xl.results.customers import compared, shown
from cmme_xl.results.model import ANGLES, CUSTOMER, Results
from cmme_xl.results.views import blocks, realm
from cmme_xl.spreadsheet import Brand
from cmme_xl.spreadsheet.lint import lint
from cmme_xl.summary.write import summary_bytes
from cmme_xl.templates import template

BRAND = Brand.from_table(template("brand"))
WITH = ("target", "benchmark", "competitor", "customer")


@cache
def results(scope: str = "standard") -> Results:
    return cases.results_of(angles=WITH, scope=scope)


@cache
def data(audience: str, scope: str = "standard") -> bytes:
    return summary_bytes(results(scope), "en", BRAND, audience)


def opened(content: bytes) -> Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(io.BytesIO(content), data_only=True)


def number(value: object) -> object:
    return None if value in ("", None) else value


def rows_by_id(sheet: Worksheet) -> dict[str, int]:
    """The first row of each id in column A."""
    found: dict[str, int] = {}
    for row in range(1, sheet.max_row + 1):
        found.setdefault(str(sheet.cell(row, 1).value), row)
    return found


@pytest.mark.parametrize("scope", ["standard", "key"])
@pytest.mark.parametrize("audience", ["consultant", "client"])
def test_customers_figures_are_the_results(audience: str, scope: str) -> None:
    _customers_are(results(scope), data(audience, scope), audience)


def test_customers_are_compared_with_a_calibrated_indicator_as_a_whole() -> None:
    made = cases.results_of(angles=WITH, calibrations=cases.calibrated("current:D6-07:4", "current:D6-06-Q2:1"))
    assert compared(made, "consultant")["D6-07"].own == 4.0
    _customers_are(made, summary_bytes(made, "en", BRAND, "consultant"), "consultant")


def _customers_are(results: Results, content: bytes, audience: str) -> None:
    sheet = opened(content)["Customer figures"]
    expected = compared(shown(results, audience), audience)
    rows = rows_by_id(sheet)
    assert {ROOT, "D6", "D6-07"} <= expected.keys() <= rows.keys()
    for node, found in expected.items():
        cells = [number(sheet.cell(rows[node], column).value) for column in (5, 6, 7, 8)]
        wanted = (found.customers, found.matched, found.own, found.difference)
        assert cells == [None if each is None else pytest.approx(each, abs=1e-12) for each in wanted], node
        assert sheet.cell(rows[node], 9).value == found.scored


@pytest.mark.parametrize("scope", ["standard", "key"])
def test_block_figures_are_the_results(scope: str) -> None:
    sheet = opened(data("consultant", scope))["Block figures"]
    heads: dict[tuple[str, str], int] = {}
    for column in range(4, sheet.max_column + 1):
        heads[str(sheet.cell(3, column).value).lower(), str(sheet.cell(4, column).value)] = column
    rows = rows_by_id(sheet)
    found = blocks(results(scope))
    assert found.keys() == {block.id for block in results().plan.catalogue.blocks}
    for id_, block in found.items():
        for angle in ANGLES:
            cell = number(sheet.cell(rows[id_], heads[angle, "score"]).value)
            assert cell == pytest.approx(block.scores[angle], abs=1e-12), (id_, angle)
        for other in ANGLES[1:]:
            assert sheet.cell(rows[id_], heads[other, "gap"]).value == pytest.approx(block.gaps[other], abs=1e-12)
        assert sheet.cell(rows[id_], heads["current", "level"]).value == block.level
        assert sheet.cell(rows[id_], heads["current", "share"]).value == pytest.approx(block.share)
    reached = realm(results(scope))
    assert reached is not None
    assert sheet.cell(rows[ROOT], heads["current", "realm"]).value == reached.number


def test_the_customers_sheet_is_there_only_where_enough_were_heard() -> None:
    book = opened(data("consultant"))
    assert book.sheetnames.index("Customers' view") == book.sheetnames.index("Building blocks") + 1
    few = cases.plan_of(angles=WITH)
    two = [person for person in few.people if person.group == "customer"][:2]
    few = replace(few, people=tuple(p for p in few.people if p.group != "customer" or p in two))
    again = opened(summary_bytes(compute(few, cases.answers_of(few)), "en", BRAND, "consultant"))
    assert not {"Customers' view", "Customer figures"} & set(again.sheetnames)


def test_no_blocks_and_no_realms_no_sheet() -> None:
    made = cases.plan_of()
    bare = replace(made, catalogue=replace(made.catalogue, blocks=(), realms=()))
    book = opened(summary_bytes(compute(bare, cases.answers_of(bare)), "en", BRAND, "consultant"))
    assert not {"Building blocks", "Block figures"} & set(book.sheetnames)
    only = replace(made, catalogue=replace(made.catalogue, blocks=()))
    sheet = opened(summary_bytes(compute(only, cases.answers_of(only)), "en", BRAND, "consultant"))["Building blocks"]
    assert str(sheet["B4"].value).startswith("The total is in the realm of")


def test_titles_are_findings() -> None:
    book = opened(data("consultant"))
    found = compared(results(), "consultant")[ROOT]
    assert found.difference is not None
    assert found.difference < 0
    title = str(book["Customers' view"]["B4"].value)
    assert title.startswith(f"Customers give {found.matched:.2f}, {-found.difference:.2f} below the company's own")
    assert str(book["Building blocks"]["B4"].value).startswith("Strongest: ")


def test_a_client_sees_no_value_of_fewer_than_three_customers() -> None:
    angle = results().chosen.angles[CUSTOMER]
    few = {q for q in results().plan.catalogue.questions if 0 < angle.nodes[q].scored < 3}
    assert few
    rows = rows_by_id(opened(data("client"))["Customer figures"])
    assert not few & rows.keys()
    assert few <= rows_by_id(opened(data("consultant"))["Customer figures"]).keys()


def test_the_lint_finds_nothing() -> None:
    assert [lint(data(audience)) for audience in ("consultant", "client")] == [(), ()]


@pytest.mark.lane("libreoffice")
def test_a_recalculation_changes_no_figure(tmp_path: Path, soffice: lanes.Office) -> None:
    paths = []
    for audience in ("consultant", "client"):
        for scope in ("standard", "key"):
            paths.append(tmp_path / f"{audience}-{scope}.xlsx")
            paths[-1].write_bytes(data(audience, scope))
    for path, again in soffice.recalculated(paths).items():
        found = compare(path, again)
        assert found.wrong == {}, path.name
        assert found.formulas > 5_000


@pytest.mark.parametrize(
    ("audience", "count", "scope"), [("consultant", 4, "key"), ("client", 4, "key"), ("client", 9, "standard")]
)
def test_the_table_of_indicators_shows_how_far_people_are_apart(audience: str, count: int, scope: str) -> None:
    """Highest less lowest of their own means (scoring.md rule 10), a client sees them from five people on (rule 15)."""
    found = cases.results_of(count=count, dimensions=2, scope=scope)
    sheet = opened(summary_bytes(found, "en", BRAND, audience))["Indicators"]
    heads = next(row for row in sheet.iter_rows() if row[1].value == "No.")
    column = next(cell.column for cell in heads if cell.value == "Spread")
    rows = sheet.iter_rows(min_row=int(heads[0].row or 0) + 1, values_only=True)
    seen = {row[1]: row[int(column or 0) - 1] for row in rows}
    few = audience == "client" and count < 5
    for indicator in found.plan.catalogue.indicators:
        agreed, inside = found.agreement[indicator.id], indicator.key or scope == "standard"
        expected = pytest.approx(agreed.spread) if inside and agreed.n > 1 and not few else "–"
        assert seen[indicator.number] == expected, indicator.id
    assert few is (set(seen.values()) == {"–"})
