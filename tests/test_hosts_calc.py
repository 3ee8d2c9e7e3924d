"""The functions in LibreOffice Calc: the case table with the extension, without it, and with one that raises."""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import calc_addin
import openpyxl
import pytest
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.worksheet import Worksheet
from test_hosts_functions import cell, ladder, roll_up_arguments
from test_scoring import CASES, close, number

import cmme_xl
from cmme_xl.hosts import extension
from cmme_xl.hosts.functions import FUNCTIONS

Check = tuple[str, str, str]
"""A cell, what it is to show with the extension (as in the table), and what it is."""

FALLBACK = -99
FIGURES = ("score", "low", "high", "coverage")


def put(sheet: Worksheet, block: list[list[Any]], top: int, left: int) -> str:
    """Write a block and return its range."""
    for i, row in enumerate(block):
        for k, value in enumerate(row):
            if value is not None:
                sheet.cell(top + i, left + k, value)
    first, last = get_column_letter(left), get_column_letter(left + len(block[0]) - 1)
    return f"{first}{top}:{last}{top + len(block) - 1}"


def write_blocks(sheet: Worksheet) -> Iterator[Check]:
    """Every tree and gap case: one array formula over all its nodes, and visible cells that fall back."""
    top = 1
    for case in CASES["tree"] + CASES["gap"]:
        left, ranges, blocks = 30, [], roll_up_arguments(case)
        for block in blocks:
            ranges.append(put(sheet, block, top, left))
            left += len(block[0]) + 1
        last = top + len(case["node"]) - 1
        sheet[f"A{top}"] = ArrayFormula(f"A{top}:F{last}", f"=CMME_ROLLUP({','.join(ranges)})")
        for row, node in enumerate(case["node"], top):
            expected = case["expect"].get(node["id"], {})
            if isinstance(expected, dict):
                named = {key: expected[key] for key in FIGURES if key in expected}
                wanted = {"ABCD"[FIGURES.index(key)]: value for key, value in named.items()}
            else:
                wanted = {"F": expected[0]}
            for column, value in wanted.items():
                place = f"{get_column_letter(10 + 'ABCDEF'.index(column))}{row}"
                sheet[place] = f"=IFERROR({column}{row},{FALLBACK})"
                yield place, value, f"{case['name']}: {node['id']} {column}"
        top += max(map(len, blocks)) + 1


def write_levels(sheet: Worksheet) -> Iterator[Check]:
    for row, case in enumerate(CASES["level"], 1):
        sheet.cell(row, 3, cell(case["score"]))
        steps = put(sheet, ladder(case), row, 5)
        sheet.cell(row, 1, f"=IFERROR(CMME_LEVEL(C{row},{steps}),{FALLBACK})")
        yield f"A{row}", str(case["level"]) if case["level"] else "none", f"level {case['score']}"


# Calc itself hands on a reference to one empty cell as 0; as a range of one cell it stays empty
PLAIN = [
    ("CMME_SCORE(C1:C5,D1:D5)", "3"),
    ("CMME_SCORE(C1:C5)", "3"),
    ("CMME_SCORE(C1)", "4"),
    ("CMME_SCORE(C2:C2)", "none"),
    ("CMME_SCORE(C:C,D:D)", "3"),
    ("CMME_SCORE({1,3},{3,1})", "3/2"),
    ("CMME_COVERAGE(C1:C5,D1:D5)", "1/2"),
    ("SUM(CMME_RANGE(C1:C5,D1:D5))", "11/2"),
    ("CMME_LEVEL(2.5)", "3"),
    ("CMME_LEVEL(C2:C2)", "none"),
    ("CMME_GAP(C2:C2,C1)", "none"),
    ("LEN(CMME_LEVEL_NAME(2,E1:E2))", "10"),
    ("CMME_GAP(4,3)", "-1"),
    ("SUM(CMME_AGREEMENT(C1:C5))", "5"),
    ("SUM(CMME_IMPORTANCE(0.5,1,2,\"larger\"))", "1"),
    ("LEN(CMME_VERSION())", str(len(cmme_xl.__version__))),
]
WRONG = ["CMME_SCORE(C1:C5,D1:D2)", "CMME_SCORE(C1:C5,-1)", "CMME_LEVEL(C1:C5)", "CMME_LEVEL(1/0)"]


def write_plain(sheet: Worksheet) -> Iterator[Check]:
    """One of every function, and wrong arguments, which are to fall back wherever they are."""
    put(sheet, [[4, 1, "Initial"], [None, 2, "Repeatable"], ["NA", 5], ["n/a", 5], [2, 1]], 1, 3)
    for row, (formula, expected) in enumerate([*PLAIN, *((wrong, str(FALLBACK)) for wrong in WRONG)], 1):
        sheet.cell(row, 1, f"=IFERROR({formula},{FALLBACK})")
        yield f"A{row}", expected, formula


WRITERS = (write_blocks, write_levels, write_plain)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, list[Check]]]:
    """All cases in one workbook, with wrong cached values, and what each sheet is to show."""
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    checks = {write.__name__: list(write(made.create_sheet(write.__name__))) for write in WRITERS}
    path = tmp_path_factory.mktemp("calc") / "cases.xlsx"
    made.save(path)
    return path, checks


def shown(folder: Path, book: Path, addin: Path | None) -> openpyxl.Workbook:
    profile = calc_addin.profile(folder, addin)
    return openpyxl.load_workbook(calc_addin.recalculated(profile, book, folder / "out"), data_only=True)


def agrees(found: Any, expected: str) -> bool:
    if number(expected) is None:
        return found in (None, "")
    return isinstance(found, int | float) and close(found, expected)


def wrong(recalculated: openpyxl.Workbook, checks: dict[str, list[Check]]) -> list[tuple[str, Any, str]]:
    found = [
        (what, recalculated[sheet][place].value, expected)
        for sheet, listed in checks.items()
        for place, expected, what in listed
    ]
    assert len(found) > 100
    return [each for each in found if not agrees(*each[1:])]


@pytest.mark.lane("libreoffice-24.8")
def test_with_the_extension_every_cell_is_what_the_table_says(
    tmp_path: Path, book: tuple[Path, dict[str, list[Check]]]
) -> None:
    extension.build(tmp_path / "cmme.oxt")
    assert wrong(shown(tmp_path, book[0], tmp_path / "cmme.oxt"), book[1]) == []


@pytest.mark.lane("libreoffice-24.8")
def test_without_the_extension_every_cell_falls_back(tmp_path: Path, book: tuple[Path, dict[str, list[Check]]]) -> None:
    path, checks = book
    fallen = {sheet: [(place, str(FALLBACK), what) for place, _, what in listed] for sheet, listed in checks.items()}
    assert wrong(shown(tmp_path, path, None), fallen) == []


@pytest.mark.lane("libreoffice-24.8")
def test_with_an_extension_that_raises_every_cell_falls_back(
    tmp_path: Path, book: tuple[Path, dict[str, list[Check]]]
) -> None:
    extension.build(tmp_path / "sound.oxt")
    raising = b"answer = function(", b"answer = 1 / 0 + function("
    calc_addin.changed(tmp_path / "sound.oxt", tmp_path / "cmme.oxt", *raising)
    path, checks = book
    fallen = {sheet: [(place, str(FALLBACK), what) for place, _, what in listed] for sheet, listed in checks.items()}
    assert wrong(shown(tmp_path, path, tmp_path / "cmme.oxt"), fallen) == []


def test_the_extension_holds_the_engine_and_is_the_same_each_time(tmp_path: Path) -> None:
    extension.build(tmp_path / "a.oxt")
    extension.build(tmp_path / "b.oxt")
    assert (tmp_path / "a.oxt").read_bytes() == (tmp_path / "b.oxt").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.oxt") as package:
        names = set(package.namelist())
        for text in (package.read(name).decode() for name in ("META-INF/manifest.xml", "calc.components")):
            for named in ("functions.idl", "calc.components", "cmme_calc.py"):
                assert named not in text or named in names
        described = package.read("functions.idl").decode()
        assert cmme_xl.__version__ in package.read("description.xml").decode()
    assert all(f" {name}(" in described for name in FUNCTIONS)


def test_the_engine_runs_on_the_oldest_python_that_libreoffice_brings(tmp_path: Path) -> None:
    """By its grammar: 3.9 is what LibreOffice 24.8 comes with."""
    import ast

    ours = {name: text for name, text in extension.parts().items() if name.endswith(".py")}
    assert len(ours) > 10
    for name, text in ours.items():
        ast.parse(text.decode(), filename=name, feature_version=(3, 9))
        assert b"strict=" not in text, name
