"""The plain data of a workbook read back: cells, worksheets, the book."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple


class CellKind(StrEnum):
    """What a cell holds. DATE and PERCENT are numbers shown as such; BROKEN points to missing text."""

    TEXT = "text"
    NUMBER = "number"
    BOOL = "bool"
    ERROR = "error"
    DATE = "date"
    PERCENT = "percent"
    BROKEN = "broken"
    EMPTY = "empty"


_NUMBER = CellKind.NUMBER
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


def decoded(text: str) -> str:
    """`text` with its _xHHHH_ escapes resolved; those of lone surrogates stay visible as they are."""
    return _ESCAPE.sub(_unescaped, text) if "_x" in text else text


def _unescaped(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    return match[0] if 0xD800 <= code < 0xE000 else chr(code)


class Cell(NamedTuple):
    """One cell. `text` is its value as typed or cached (dates in ISO form, percentages with their sign);
    `formula` is its formula with the leading "=", else ""."""

    kind: CellKind
    text: str
    formula: str = ""

    @classmethod
    def of(cls, type_: str, text: str, formula: str) -> "Cell":
        """A cell that depends on no other part of its workbook: of a file's type "n", "b", "e", "d" or of text."""
        formula = decoded(formula)
        if not text:
            return cls(CellKind.EMPTY, "", formula)
        match type_:
            case "n":
                return cls(CellKind.NUMBER, text, formula)
            case "b":
                return cls(CellKind.BOOL, "TRUE" if text.strip() in ("1", "true") else "FALSE", formula)
            case "e":
                return cls(CellKind.ERROR, text, formula)
            case "d":
                return cls(CellKind.DATE, text, formula)
        return cls(CellKind.TEXT, decoded(text), formula)

    @property
    def shown(self) -> str:
        """What to quote of the cell: its formula, else its value; numbers to 15 significant digits."""
        if self.formula:
            return self.formula
        return tidy(self.text) if self.kind is _NUMBER else self.text


class Row(dict[int, Cell]):
    """The cells of a row, by column from 1. Files of one form share the rows they have in common, so none is ever
    changed once its sheet is complete; and each is known by what it is, not by what is in it."""

    __slots__ = ()
    __hash__ = object.__hash__  # type: ignore[assignment]


Rows = dict[int, Row]
LONGEST_NAME = 255
"""So much is kept of a name: of a sheet, a program, a time; spreadsheets know shorter ones only."""
Range = tuple[int, int, int, int]


@dataclass(slots=True)
class RawSheet:
    """One worksheet: `rows` maps row -> column -> cell (both from 1, empty cells left out), `merges` are
    (first row, first column, last row, last column), `doubled` cells given twice, differently.

    Where the sheet was read by its form, `like` is the first that was of it, and the two differ in the cells
    `differing` (row, column) alone; merges aside."""

    name: str
    hidden: bool
    rows: Rows = field(default_factory=dict)
    merges: list[Range] = field(default_factory=list)
    doubled: set[tuple[int, int]] = field(default_factory=set)
    like: "RawSheet | None" = field(default=None, repr=False, compare=False)
    differing: Sequence[tuple[int, int]] = field(default=(), repr=False, compare=False)
    _texts: frozenset[str] | None = field(default=None, repr=False, compare=False)
    _new_texts: frozenset[str] | None = field(default=None, repr=False, compare=False)
    _computes: bool | None = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        self.name = self.name[:LONGEST_NAME]

    @property
    def texts(self) -> frozenset[str]:
        """All different texts of its cells; to be asked for when the sheet is complete."""
        if self._texts is None:
            self._texts = frozenset([cell.text for row in self.rows.values() for cell in row.values()])
        return self._texts

    @property
    def computes(self) -> bool:
        """Whether any of its cells holds a formula; to be asked for when the sheet is complete."""
        if self._computes is None:
            self._computes = any(cell.formula for row in self.rows.values() for cell in row.values())
        return self._computes

    @property
    def new_texts(self) -> frozenset[str]:
        """The texts in the cells in which it differs from the sheet it is like, all where it is like none."""
        if self.like is None:
            return self.texts
        if self._new_texts is None:
            cells = [self.rows[row].get(column) for row, column in self.differing]
            self._new_texts = frozenset([cell.text for cell in cells if cell is not None])
        return self._new_texts

    def may_hold(self, texts: frozenset[str]) -> bool:
        """Whether all of these texts stand in it or in the sheet it is like: what is false costs little to know."""
        return (texts if self.like is None else texts - self.like.texts) <= self.new_texts


@dataclass(slots=True)
class RawBook:
    """All worksheets in order, the custom document properties, and by which program and when it was saved."""

    sheets: list[RawSheet]
    properties: Mapping[str, str]
    saved_by: str
    saved_at: str

    def __post_init__(self) -> None:
        self.saved_by, self.saved_at = self.saved_by[:LONGEST_NAME], self.saved_at[:LONGEST_NAME]


@lru_cache(8_192)
def a1(row: int, column: int) -> str:
    """The cell's address in A1 notation."""
    return f"{_letters(column)}{row}"


@lru_cache(1024)
def _letters(column: int) -> str:
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@lru_cache(4_096)  # most are scores
def tidy(number: str) -> str:
    """A number's text to 15 significant digits, as a spreadsheet shows it; other text stays."""
    try:
        return f"{float(number):.15g}"
    except ValueError:
        return number
