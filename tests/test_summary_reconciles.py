"""What stands side by side agrees: two figures of a row and their difference, on any sheet of either edition."""

import io
import warnings
from collections.abc import Iterator, Sequence
from functools import cache

import openpyxl
import pytest
import summary_cases as cases
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from cmme_xl.scoring import round_half_away
from cmme_xl.spreadsheet import Brand
from cmme_xl.summary.view import flag
from cmme_xl.summary.write import summary_bytes
from cmme_xl.templates import template

BRAND = Brand.from_table(template("brand"))
WITH = ("target", "benchmark", "competitor", "customer")
ANGLE_HEADS = {"target": "Target", "benchmark": "Bench.", "competitor": "Comp."}
GAPS = [(angle, head, "Current", f"To {head.lower()}") for angle, head in ANGLE_HEADS.items()]
GAPS += [("target", "Target", "Current", "Gap")]
SHOWN = [("shown", "Senior", "Front line", "Apart"), ("shown", "Decided", "Lived", "Apart")]
OTHERS = [*SHOWN, ("", "Customers, same", "Own, same", "Customers − own")]
ROUNDING, EXACT = 0.01 + 1e-9, 1e-9
"""Gaps are taken before rounding (scoring.md rule 14); what no rule asks for is the difference of what is shown."""
UNSEEN = ";;;"


@cache
def book(audience: str, scope: str) -> Workbook:
    # a target for one indicator of a dimension alone, a benchmark for a dimension as a whole, one indicator all N/A
    figures = (cases.given("target", "D2-03", 4.5), cases.given("benchmark", "D3", 3.1))
    made = cases.results_of(na="D1-02", count=15, angles=WITH, figures=figures, scope=scope)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(io.BytesIO(summary_bytes(made, "en", BRAND, audience)), data_only=True)


def tables(sheet: Worksheet) -> Iterator[tuple[str, Sequence[Cell | MergedCell]]]:
    """Each row under a head that names two figures and, right of them, their difference: angle, the three cells."""
    found: list[tuple[str, list[int]]] = []
    for row in sheet.iter_rows():
        heads = [cell.value for cell in row]
        fresh = []
        for angle, *names, difference in (*GAPS, *OTHERS):
            if all(name in heads for name in names):
                columns = [heads.index(name) for name in names]
                if difference in heads[max(columns) :]:
                    fresh.append((angle, [*columns, heads.index(difference, max(columns))]))
        found = fresh or found
        if not fresh:
            for angle, three in found:
                yield angle, [row[at] for at in three]


def marked(row: Sequence[Cell | MergedCell], angle: str) -> bool:
    """Whether a row's unseen marks say that its gap is no plain difference."""
    unseen = [cell.value for cell in row if cell.number_format == UNSEEN and isinstance(cell.value, int | float)]
    return angle in ANGLE_HEADS and any(int(each) // flag(angle) % 2 for each in unseen)


EDITIONS = [("consultant", "standard"), ("client", "standard"), ("consultant", "key")]


@pytest.mark.parametrize(("audience", "scope"), EDITIONS)
def test_a_difference_is_that_of_the_figures_beside_it_or_is_marked(audience: str, scope: str) -> None:
    wrong, seen = [], set()
    for sheet in book(audience, scope).worksheets:
        if sheet.sheet_state != "visible":
            continue
        for angle, three in tables(sheet):
            numbers = [cell.value for cell in three if isinstance(cell.value, int | float)]
            if len(numbers) < 3:
                continue
            seen.add(sheet.title)
            high, low, difference = map(round_half_away, numbers)
            allowed = EXACT if angle == "shown" else ROUNDING
            if abs(high - low - difference) > allowed and not marked(sheet[str(three[0].row)], angle):
                wrong.append(f"{sheet.title}!{three[2].coordinate}: {high} - {low} is shown as {difference}")
    assert wrong == []
    wanted = {"Overview", "Dimensions", "2 Processes", "Indicators", "Gaps", "Building blocks", "Customers' view"}
    assert wanted | {"Tiers and people"} <= seen
