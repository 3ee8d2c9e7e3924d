"""Scorecards for tests: made from small engagements, and filled in as a person fills them."""

import io
import warnings
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
from small_engagement import plan as small_plan
from small_engagement import returned, together

from cmme_xl.findings import Place
from cmme_xl.plan.model import Plan
from cmme_xl.reading.grid import Cell, CellKind
from cmme_xl.results.compute import compute
from cmme_xl.returned.calibrations import Calibration
from cmme_xl.returned.model import Returned
from cmme_xl.returned.scorecard import Entry, header, id_header
from cmme_xl.scorecard.write import scorecard_bytes
from cmme_xl.spreadsheet import Brand
from cmme_xl.templates import template

BRAND = Brand.from_table(template("brand"))
DAY = date(2026, 11, 20)
FIELDS = ("score", "by", "when", "why")
CURRENT = """
       p1  p2  p3  p4
A1-a   4   1   NA  3
A1-b   NA  5   2   -
A2-a   2   DK  ?   1
B1-a   3   3   4   .
B2-a   1   0   2   5
B2-b   !   2   .   1
"""
TARGET = """
       p1  p2  p3  p4
A1-a   5   4   5   4
B1-a   4   5   4   .
"""


def plan(**settings: object) -> Plan:
    return small_plan("p1:top p2:mid:2 p3:floor p4:floor", given="benchmark:A2:4", **settings)  # type: ignore[arg-type]


def answers() -> Returned:
    return together(returned(CURRENT), returned(TARGET, "target"))


def calibration(entry: str) -> Calibration:
    """ "current:A1:4": angle, node, and a score or NA."""
    angle, node, score = entry.split(":")
    return Calibration(angle, node, None if score == "NA" else float(score), "Mei Lin", DAY, "Minutes were shown.")


def data(made: Plan, back: Returned, lang: str = "en", *entries: str) -> bytes:
    """A scorecard with these calibrations typed into it, and computed with them."""
    listed = [*map(calibration, entries)]
    na = made.catalogue.na.in_(lang)
    typed = {(each.angle, each.node): _entry(each, na) for each in listed}
    return scorecard_bytes(compute(made, back, calibrations=listed), typed, lang, BRAND, DAY)


def _entry(each: Calibration, na: str) -> Entry:
    score = Cell(CellKind.TEXT, na) if each.score is None else Cell(CellKind.NUMBER, f"{each.score:g}")
    by, why = (Cell(CellKind.TEXT, text) for text in (each.by, each.reason))
    return Entry(each.angle, each.node, score, by, Cell(CellKind.DATE, each.on.isoformat()), why, Place())


def fill(path: Path, typed: Mapping[str, tuple[Any, ...]], lang: str = "en") -> None:
    """Type into the scorecard at `path`: "current:A1" -> score, by, when, why."""
    book = openpyxl.load_workbook(path)
    sheet = book[template("scorecard")["sheets"]["scores"][lang]]
    rows, columns = places(sheet, lang)
    for place, values in typed.items():
        angle, node = place.split(":")
        for field, value in zip(FIELDS, values, strict=True):
            if value is not None:
                sheet.cell(rows[node], columns[angle, field]).value = value
    book.save(path)


def places(sheet: Any, lang: str = "en") -> tuple[dict[str, int], dict[tuple[str, str], int]]:
    """Row by id; column by angle and field."""
    head = next(row for row in range(1, 60) if sheet.cell(row, 2).value == id_header(lang))
    rows = {sheet.cell(row, 2).value: row for row in range(head + 1, sheet.max_row + 1)}
    words = {sheet.cell(head, column).value: column for column in range(1, sheet.max_column + 1)}
    found = {
        (angle, field): words[header(field, angle, lang)]
        for angle in ("current", "target", "benchmark", "competitor")
        for field in FIELDS
        if header(field, angle, lang) in words
    }
    return rows, found


def opened(content: bytes, *, values: bool) -> Any:
    with warnings.catch_warnings():
        # openpyxl tells of what it cannot keep; nothing is saved here
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(io.BytesIO(content), data_only=values)
