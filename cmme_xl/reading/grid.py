"""The plain data of a workbook read back: cells, worksheets, the book."""

import re
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple, TypeVar, cast


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
At = tuple[int, int]
"""Row and column of a cell, both from 1."""
Range = tuple[int, int, int, int]
"""First row, first column, last row, last column."""
LONGEST_NAME = 255
"""So much is kept of a name: of a sheet, a program, a time; spreadsheets know shorter ones only."""
_MOST_LEARNT = 64
_LONGEST_KEPT = 100
T = TypeVar("T")


class Cells(tuple[Cell | None, ...]):
    """What stands in some rows of a column. Known by what it is, not by what is in it, as rows are."""

    __slots__ = ()
    __hash__ = object.__hash__


class RawSheet:
    """One worksheet: `rows` maps row -> column -> cell (empty cells left out); `merges`; `doubled` cells given twice,
    differently.

    Where the sheet was read by its form, `like` is the first that was of it, and the two differ in `changes` alone:
    what stands there instead, None where nothing does; merges aside."""

    __slots__ = (
        *("name", "hidden", "merges", "doubled", "like", "changes"),
        *("_rows", "_learnt", "_columns"),
    )

    def __init__(self, name: str, hidden: bool, rows: Rows | None = None, merges: Iterable[Range] = ()) -> None:
        self.name, self.hidden = name[:LONGEST_NAME], hidden
        self.merges, self.doubled = list(merges), set[At]()
        self.like: RawSheet | None = None
        self.changes: Mapping[At, Cell | None] = {}
        self._rows: Rows | None = {} if rows is None else rows
        self._learnt: dict[Hashable, object] = {}
        self._columns: dict[int, dict[int, Cell | None]] | None = None

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RawSheet):
            return NotImplemented
        return self._told == other._told

    @property
    def _told(self) -> tuple[object, ...]:
        return self.name, self.hidden, self.rows, self.merges, self.doubled

    def lay(self, like: "RawSheet", changes: Mapping[At, Cell | None]) -> None:
        """Makes a sheet of it that differs from another in these cells of its rows; none of them loses its last."""
        self.like, self.changes, self._rows = like, changes, None

    @property
    def rows(self) -> Rows:
        if self._rows is None:
            self._rows = self._laid()
        return self._rows

    def _laid(self) -> Rows:
        common = {} if self.like is None else self.like.rows
        changed: Rows = {}
        for (row, column), cell in self.changes.items():
            line = changed.get(row)
            if line is None:
                line = changed[row] = Row(common[row])
            if cell is None:
                line.pop(column, None)
            else:
                line[column] = cell
        for row, line in changed.items():
            if not line.keys() <= common[row].keys():
                changed[row] = Row(sorted(line.items()))
        return {**common, **changed}

    def learnt(self, key: Hashable, find: Callable[[], T]) -> T:
        """What `find` says of the complete sheet; it is asked once for a `key`."""
        if key not in self._learnt:
            if len(self._learnt) >= _MOST_LEARNT:
                self._learnt.clear()
            self._learnt[key] = find()
        return cast(T, self._learnt[key])

    def column(self, column: int, rows: tuple[int, ...]) -> Cells:
        """What stands in the `rows` of a column; the same object for sheets that are like and do not differ there."""
        if self.like is None:
            return self.learnt((column, rows), lambda: Cells([self.rows[row].get(column) for row in rows]))
        common, changed = self.like.column(column, rows), self._changed(column)
        if not changed:
            return common
        return Cells([changed.get(row, cell) for row, cell in zip(rows, common, strict=True)])

    def _changed(self, column: int) -> Mapping[int, Cell | None]:
        if self._columns is None:
            self._columns = {}
            for (row, each), cell in self.changes.items():
                self._columns.setdefault(each, {})[row] = cell
        return self._columns.get(column, {})

    @property
    def texts(self) -> frozenset[str]:
        """All different texts of its cells; to be asked for when the sheet is complete."""
        return self.learnt("texts", lambda: frozenset(cell.text for row in self.rows.values() for cell in row.values()))

    @property
    def new_texts(self) -> frozenset[str]:
        """The texts in the cells in which it differs from the sheet it is like, all where it is like none."""
        if self.like is None:
            return self.texts
        return self.learnt("new", lambda: frozenset([cell.text for cell in self.changes.values() if cell is not None]))

    def may_hold(self, texts: frozenset[str]) -> bool:
        """Whether all of these texts stand in it or in the sheet it is like: what is false costs little to know."""
        return (texts if self.like is None else texts - self.like.texts) <= self.new_texts

    @property
    def computes(self) -> bool:
        """Whether any of its cells holds a formula; to be asked for when the sheet is complete."""
        if self.like is None:
            return bool(self._formulas)
        typed = any(cell is not None and cell.formula for cell in self.changes.values())
        return typed or not self.like._formulas <= self.changes.keys()

    @property
    def _formulas(self) -> frozenset[At]:
        places = ((row, column, cell) for row, line in self.rows.items() for column, cell in line.items())
        return self.learnt("formulas", lambda: frozenset((row, column) for row, column, cell in places if cell.formula))


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


def tidy(number: str) -> str:
    """A number's text to 15 significant digits, as a spreadsheet shows it; other text stays."""
    return (_tidy_once if len(number) <= _LONGEST_KEPT else _tidy)(number)


def _tidy(number: str) -> str:
    try:
        return f"{float(number):.15g}"
    except ValueError:
        return number


_tidy_once = lru_cache(4_096)(_tidy)  # most are scores
