"""What a workbook's formulas come to, held against the values written beside them."""

import warnings
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import openpyxl

SAME = 1e-9
Place = tuple[str, str]


@dataclass(frozen=True)
class Comparison:
    """How many formulas were compared, and those that differ: (sheet, cell) -> (cached, recalculated)."""

    formulas: int
    wrong: dict[Place, tuple[object, object]]


def compare(written: Path, recalculated: Path, sheets: Collection[str] | None = None) -> Comparison:
    """Every formula of `written`, on these sheets or on all: the value it was written with against what LibreOffice
    made of it."""
    formulas = [place for place, value in cells(written, sheets, values=False).items() if str(value).startswith("=")]
    cached, found = cells(written, sheets, values=True), cells(recalculated, sheets, values=True)
    wrong = {
        place: (cached.get(place), found.get(place))
        for place in formulas
        if not same(cached.get(place), found.get(place))
    }
    return Comparison(len(formulas), wrong)


def cells(path: Path, sheets: Collection[str] | None = None, *, values: bool) -> dict[Place, object]:
    """Every cell of these sheets, or of all, that holds something, with its value or else its formula."""
    with warnings.catch_warnings():
        # openpyxl tells of what it cannot keep; nothing is saved here
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(path, data_only=values, read_only=True)
        return {
            (sheet.title, cell.coordinate): cell.value
            for sheet in book.worksheets
            if sheets is None or sheet.title in sheets
            for row in sheet.iter_rows()
            for cell in row
            if cell.value not in (None, "")
        }


def same(one: object, other: object) -> bool:
    """Whether two values are one figure (scoring.md rule 14) or one text."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, int | float) and isinstance(other, int | float):
        return abs(one - other) <= SAME
    return one == other
