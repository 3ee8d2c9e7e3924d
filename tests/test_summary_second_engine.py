"""The summary under a second engine, IronCalc, which shares no code with LibreOffice: what it can compute comes to the
cached values. What it cannot is named; there the cached value stands in, so that all that rests on it is computed."""

import re
import zipfile
from pathlib import Path

import ironcalc
import pytest
import recalculation
import summary_cases as cases
from openpyxl.utils.cell import coordinate_to_tuple

from cmme_xl import templates
from cmme_xl.summary.write import summary_bytes

CANNOT = {
    "arithmetic over whole ranges": re.compile(r"SUMPRODUCT\((?:--|\(|ISNUMBER|MAX)"),
    "the rows of a range": re.compile(r"SUMPRODUCT\([^()]*,ROW\("),
}


def beyond(formula: str) -> bool:
    return any(pattern.search(formula) for pattern in CANNOT.values())


def compared(path: Path) -> tuple[int, int, dict[recalculation.Place, tuple[object, object]]]:
    """How many formulas were computed and how many passed over, and where another value came out."""
    written, cached = (recalculation.cells(path, values=values) for values in (False, True))
    formulas = {place: str(text) for place, text in written.items() if str(text).startswith("=")}
    model = ironcalc.load_from_xlsx(str(path), "en", "UTC", "en")
    sheets = {each["name"]: number for number, each in enumerate(model.get_worksheets_properties())}
    at = {place: (sheets[place[0]], *coordinate_to_tuple(place[1])) for place in formulas}
    passed = [place for place, formula in formulas.items() if beyond(formula)]
    for place in passed:
        value = cached.get(place)
        if isinstance(value, bool):
            model.update_cell_with_bool(*at[place], value)
        elif isinstance(value, int | float):
            model.update_cell_with_number(*at[place], float(value))
        else:
            text = "NA()" if value == "#N/A" else '"' + str(value or "").replace('"', '""') + '"'
            model.update_cell_with_formula(*at[place], f"={text}")
    model.evaluate()
    wrong: dict[tuple[str, str], tuple[object, object]] = {}
    for place in formulas.keys() - set(passed):
        found = model.get_cell_value(*at[place])
        if not recalculation.same(None if found == "" else found, cached.get(place)):
            wrong[place] = (cached.get(place), found)
    return len(formulas) - len(passed), len(passed), wrong


@pytest.mark.parametrize(
    ("audience", "made"),
    [
        ("consultant", {"dimensions": 2}),
        ("client", {"dimensions": 3, "angles": ("target",), "scope": "key"}),
        ("consultant", {"dimensions": 2, "voice": "tier", "angles": ("benchmark", "customer")}),
    ],
)
def test_a_second_engine_comes_to_the_same(tmp_path: Path, audience: str, made: dict[str, object]) -> None:
    path = tmp_path / "summary.xlsx"
    path.write_bytes(summary_bytes(cases.results_of(**made), "en", templates.brand(), audience))  # type: ignore[arg-type]
    computed, passed, wrong = compared(path)
    assert wrong == {}
    assert computed > 4_000
    assert passed < computed / 6


def test_it_finds_a_cached_value_that_is_wrong(tmp_path: Path) -> None:
    path, broken = tmp_path / "summary.xlsx", tmp_path / "broken.xlsx"
    path.write_bytes(summary_bytes(cases.results_of(dimensions=1), "en", templates.brand(), "consultant"))
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(broken, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                part, times = re.subn(rb"(<f>IF\(ISNUMBER\([^<]*</f><v>)[0-9.]+", rb"\g<1>9.87654", part, count=1)
                assert times == 1
            new.writestr(name, part)
    _, _, wrong = compared(broken)
    assert len(wrong) == 1
