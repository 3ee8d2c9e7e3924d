"""Lines of cells in numbers too large for XlsxWriter, which keeps, orders and writes cell by cell.

A text is stored in its cell, not in the table of shared strings: for a reader the two are the same.
"""

import math
from collections.abc import Sequence
from functools import lru_cache
from itertools import repeat
from typing import NamedTuple
from xml.sax.saxutils import escape

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name

from cmme_xl.spreadsheet import celltext
from cmme_xl.spreadsheet.error import DrawingError
from cmme_xl.spreadsheet.formulatext import ERRORS

COLUMNS = 16_384
_NUMBER = "\0"
"""Stands for the number of the row; no text in XML holds it."""


class Formula(NamedTuple):
    """A formula of ours, without "=", and the value it has: None is the empty string."""

    text: str
    value: str | float | int | bool | None


Content = str | float | Formula
"""What stands in a cell; "" is an empty one."""


class Line(NamedTuple):
    """Cells beside each other, from `column` on, none where a value is None; `styles`: one for all or one for each.

    `height` is that of the row in pixels, where XlsxWriter is not told.
    """

    column: int
    values: Sequence[Content | None]
    styles: Format | tuple[Format, ...]
    height: int | None = None

    @property
    def end(self) -> int:
        """The column behind the last cell."""
        return self.column + len(self.values)


class Pen:
    """Writes the lines of a sheet as XML."""

    def __init__(self) -> None:
        self._tails = _Tails()
        self._heads: dict[tuple[int, int, object], list[str]] = {}

    def cells(self, row: int, line: Line) -> str:
        """The cells of a line in a row. Raises DrawingError for what cannot be written."""
        heads, tails = self._of(line), self._tails
        if None in line.values:
            pairs = zip(heads, line.values, strict=True)
            cells = [f"{head}{tails[value]}" for head, value in pairs if value is not None]
        else:
            cells = [""] * (2 * len(heads))
            cells[::2], cells[1::2] = heads, map(tails.__getitem__, line.values)
        return "".join(cells).replace(_NUMBER, str(row + 1))

    def _of(self, line: Line) -> list[str]:
        """How each cell of such a line begins, in whatever row."""
        key = line.column, len(line.values), line.styles
        if key not in self._heads:
            styles = repeat(line.styles) if isinstance(line.styles, Format) else line.styles
            columns = zip(range(line.column, line.end), styles, strict=False)
            self._heads[key] = [
                f'<c r="{letters(column)}{_NUMBER}" s="{style._get_xf_index()}"' for column, style in columns
            ]
        return self._heads[key]


class _Tails(dict[Content | None, str]):
    """Value -> the XML of its cell from behind the style on; a value that comes again is not written again."""

    def __missing__(self, value: Content | None) -> str:
        if isinstance(value, Formula):
            return (_of_link if isinstance(value.value, str) else _of_formula)(*value)
        found = self[value] = _of_text(value) if isinstance(value, str) else _of_number(value)
        return found


def _of_text(text: str) -> str:
    if text == "":
        return "/>"
    if celltext.too_long(celltext.writable(text)):
        raise DrawingError(f"{len(text)} characters, too many for a cell: {text[:80]!r}")
    space = ' xml:space="preserve"' if text[0].isspace() or text[-1].isspace() else ""
    return f' t="inlineStr"><is><t{space}>{celltext.stored(text)}</t></is></c>'


def _of_number(number: float | None) -> str:
    if number is None or not math.isfinite(number):
        raise DrawingError(f"no number: {number}")
    return f"><v>{number:.16G}</v></c>"


def _of_formula(text: str, value: str | float | bool | None) -> str:
    if celltext.forbidden(text):
        raise DrawingError(f"control character in {text!r}")
    if isinstance(value, float) and not math.isfinite(value):
        raise DrawingError(f"{text} = {value}")
    return calculated(text, value)


_of_link = lru_cache(1_024)(_of_formula)  # of the formulas that come to a text most are links, and those come again


def calculated(text: str, value: str | float | bool | None) -> str:
    """The XML of a cell with a formula from behind the style on."""
    kind, shown = "", "" if value is None else value
    if isinstance(value, str):
        kind = "" if value == "" else ' t="e"' if value in ERRORS else ' t="str"'
        shown = celltext.as_formula(value)
    elif isinstance(value, bool):
        kind, shown = ' t="b"', int(value)
    return f"{kind}><f>{escape(text)}</f><v>{shown}</v></c>"


@lru_cache(COLUMNS)
def letters(column: int) -> str:
    """A column's name."""
    return str(xl_col_to_name(column))
