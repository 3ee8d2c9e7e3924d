"""Number formats, as far as they decide what a number was typed as: a date, a percentage or a number."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from cmme_xl.reading.grid import Cell, CellKind
from cmme_xl.reading.xml import integer, local_name, parse

_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_DATE_FORMATS = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_PERCENT_FORMATS = frozenset((9, 10))
_LONGEST_KEPT = 2**18


def read_styles(data: bytes, date1904: bool) -> "Styles":
    """What the styles part says of dates and percentages. Raises Refused."""
    # files of one form, saved by one program, have this part in common
    return (_read_once if len(data) <= _LONGEST_KEPT else _read)(data, date1904)


def _read(data: bytes, date1904: bool) -> "Styles":
    codes: dict[int, str] = {}
    formats: list[int] = []
    inside = ""

    def start(tag: str, attrs: dict[str, str]) -> None:
        nonlocal inside
        local = local_name(tag)
        if inside == "cellXfs" and local == "xf":
            formats.append(integer(attrs.get("numFmtId", "")))
        elif inside == "numFmts" and local == "numFmt":
            # conditional formats have number formats of their own, under numbers that mean others here
            codes[integer(attrs.get("numFmtId", ""))] = attrs.get("formatCode", "")
        elif local in ("cellXfs", "numFmts"):
            inside = local

    def end(tag: str) -> None:
        nonlocal inside
        if local_name(tag) == inside:
            inside = ""

    parse(data, start, end)
    kinds = {format_: format_kind(format_, codes.get(format_, "")) for format_ in set(formats)}
    special = {str(style): kinds[f] for style, f in enumerate(formats) if kinds[f] is not CellKind.NUMBER}
    return Styles(special, datetime(1904, 1, 1) if date1904 else datetime(1899, 12, 30))


_read_once = lru_cache(16)(_read)


def format_kind(format_: int, code: str) -> CellKind:
    """DATE, PERCENT or NUMBER, by the number of a format and, where it has one, its code."""
    plain = _QUOTED.sub("", code[:255]).lower()
    if format_ in _PERCENT_FORMATS or "%" in plain:
        return CellKind.PERCENT
    coded = "general" not in plain and any(ch in plain for ch in "ymdhs")
    return CellKind.DATE if (coded if code else format_ in _DATE_FORMATS) else CellKind.NUMBER


@dataclass(frozen=True, slots=True, eq=False)
class Styles:
    """`special`: style number (as text) -> DATE or PERCENT; `epoch`: the day that date 0 stands for."""

    special: Mapping[str, CellKind]
    epoch: datetime

    def cell(self, style: str, text: str, formula: str) -> Cell:
        """The cell of a number with a date or percent style."""
        kind = self.special[style]
        try:
            number = float(text)
            if kind is CellKind.PERCENT:
                return Cell(kind, f"{number * 100:.15g}%", formula)
            # Counting from 1900, spreadsheets know a 29 February that was not: dates before it lie a day later.
            late = timedelta(days=1 if number < 60 and self.epoch.year < 1900 else 0)
            moment = self.epoch + late + timedelta(seconds=round(number * 86_400))
            shown = moment.isoformat(" ") if number % 1 else moment.date().isoformat()
        except (ValueError, OverflowError):
            return Cell(CellKind.NUMBER, text, formula)
        return Cell(kind, shown, formula)
