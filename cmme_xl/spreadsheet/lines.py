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
from cmme_xl.spreadsheet.formulatext import ERRORS, LONGEST_LITERAL
from cmme_xl.spreadsheet.measure import LONGEST_CELL

COLUMNS = 16_384
_SHORT = LONGEST_CELL // 6
"""So many characters fit a cell, whatever they are: none counts more than an escape does."""
_NUMBER = b"\0"
"""Stands for the number of the row; no text in XML holds it."""


class Formula(NamedTuple):
    """A formula of ours, without "=", and the value it has: None is the empty string."""

    text: str
    value: str | float | int | bool | None


class Link(NamedTuple):
    """A link inside the workbook to `target` ('Sheet'!A1), which shows `label`; drawing raises DrawingError where
    either is too long for a formula."""

    label: str
    target: str

    @property
    def formula(self) -> Formula:
        """The link as a formula."""
        return Formula(f"HYPERLINK({_literal(f'#{self.target}')},{_literal(self.label)})", self.label)


Content = str | float | Formula | Link
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
    """Writes the lines of a sheet as XML in UTF-8: what stands in many cells is encoded once."""

    def __init__(self) -> None:
        self._tails = _Tails()
        self._shapes: dict[tuple[int, int, object], tuple[list[bytes], bytes]] = {}

    def cells(self, row: int, line: Line) -> bytes:
        """The cells of a line in a row. Raises DrawingError for what cannot be written."""
        (heads, template), tails, number = self._shape(line), self._tails, b"%d" % (row + 1)
        if None in line.values:
            pairs = zip(heads, line.values, strict=True)
            cells = [head + tails[value] for head, value in pairs if value is not None]
            return b"".join(cells).replace(_NUMBER, number)
        return template.replace(_NUMBER, number) % tuple(map(tails.__getitem__, line.values))

    def _shape(self, line: Line) -> tuple[list[bytes], bytes]:
        """How each cell of such a line begins, in whatever row; and all of them, with a %b for what is behind each."""
        key = line.column, len(line.values), line.styles
        if key not in self._shapes:
            styles = repeat(line.styles) if isinstance(line.styles, Format) else line.styles
            columns = zip(range(line.column, line.end), styles, strict=False)
            heads = [
                b'<c r="%b%b" s="%d"' % (letters(column).encode(), _NUMBER, style._get_xf_index())
                for column, style in columns
            ]
            self._shapes[key] = heads, b"".join(head + b"%b" for head in heads)
        return self._shapes[key]


class _Tails(dict[Content | None, bytes]):
    """Value -> the XML of its cell from behind the style on; what comes again, as formulas do not, is kept."""

    def __missing__(self, value: Content | None) -> bytes:
        if isinstance(value, Formula):
            return _of_formula(*value).encode()
        if isinstance(value, Link):
            found = _of_link(*value)
        else:
            found = _of_text(value) if isinstance(value, str) else _of_number(value)
        self[value] = found.encode()
        return self[value]


def _of_text(text: str) -> str:
    if text == "":
        return "/>"
    if len(text) > _SHORT and celltext.too_long(celltext.writable(text)):
        raise DrawingError(f"{len(text)} characters, too many for a cell: {text[:80]!r}")
    space = "" if text == text.strip() else ' xml:space="preserve"'
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


def _of_link(label: str, target: str) -> str:
    if label.isalnum() and len(label) <= LONGEST_LITERAL:  # as most are: nothing in them is escaped
        return f' t="str"><f>HYPERLINK({_stored_literal(f"#{target}")},"{label}")</f><v>{label}</v></c>'
    return _of_formula(*Link(label, target).formula)


def calculated(text: str, value: str | float | bool | None) -> str:
    """The XML of a cell with a formula from behind the style on."""
    kind, shown = "", "" if value is None else value
    if isinstance(value, str):
        kind = "" if value == "" else ' t="e"' if value in ERRORS else ' t="str"'
        shown = celltext.as_formula(value)
    elif isinstance(value, bool):
        kind, shown = ' t="b"', int(value)
    return f"{kind}><f>{escape(text)}</f><v>{shown}</v></c>"


def _literal(text: str) -> str:
    """A string within a formula."""
    if len(text) > LONGEST_LITERAL:
        raise DrawingError(f"longer than the {LONGEST_LITERAL} characters of a string in a formula: {text!r}")
    if celltext.forbidden(text):
        raise DrawingError(f"control character in {text!r}")
    return '"' + text.replace('"', '""') + '"'


@lru_cache(1_024)  # many links lead to few places
def _stored_literal(text: str) -> str:
    return escape(_literal(text))


@lru_cache(COLUMNS)
def letters(column: int) -> str:
    """A column's name."""
    return str(xl_col_to_name(column))
