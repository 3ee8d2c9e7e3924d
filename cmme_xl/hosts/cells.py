"""What a host hands over: cells, understood as scoring.md rule 1 understands them where no reader stands by.

Standard library and the syntax of Python 3.9 only: it also runs inside LibreOffice's Python.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from enum import Enum
from functools import wraps
from typing import Union

Block = Sequence[Sequence[object]]
"""A range as rows of cells; a single cell is a block of one. An empty cell is None or ""."""

Value = Union[float, int, str]
"""What a cell is to show; "" where there is no value."""

WHOLE_COLUMN = 1_048_576
NOT_APPLICABLE = frozenset({"NA", "N/A"})
_ERRORS = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA", "#SPILL!"})


class ErrorKind(Enum):
    """What Excel shows for a wrong argument: one of another kind or shape, or a number that cannot be."""

    VALUE = "#VALUE!"
    NUM = "#NUM!"


Answer = Union[Value, "list[list[Value]]", ErrorKind]


class Wrong(Exception):
    """An argument cannot be worked with; never leaves this package."""

    def __init__(self, kind: ErrorKind = ErrorKind.VALUE) -> None:
        self.kind = kind
        super().__init__(kind.value)


def answering(function: Callable[..., Answer]) -> Callable[..., Answer]:
    """The function, with every failure turned into an error kind: a cell has no room for a traceback."""

    @wraps(function)
    def answered(*arguments: Block | None) -> Answer:
        try:
            return function(*arguments)
        except Wrong as wrong:
            return wrong.kind
        except Exception:
            return ErrorKind.VALUE

    return answered


def flat(block: Block) -> list[object]:
    """The cells of a range, row by row."""
    return [cell for row in block for cell in row]


def flat_together(first: Block, *others: Block | None) -> list[list[object]]:
    """Ranges of one shape side by side, an omitted one as []; of whole columns, what is in use.

    Raises Wrong where the shapes differ.
    """
    given = [first, *others]
    columns = [flat(block) if block is not None else [] for block in given]
    if any(block is not None and _shape(block) != _shape(first) for block in others):
        raise Wrong
    if len(first) < WHOLE_COLUMN or len(first[0]) != 1:
        return columns
    used = max(_used(cells) for cells in columns)
    return [cells[:used] for cells in columns]


def _shape(block: Block) -> tuple[int, int]:
    return len(block), len(block[0])


def _used(cells: Sequence[object]) -> int:
    for index in range(len(cells), 0, -1):
        if not is_blank(cells[index - 1]):
            return index
    return 0


def single(block: Block | None) -> object:
    """The one cell of an argument, None where it is omitted. Raises Wrong on several cells, or an error."""
    if block is None:
        return None
    cells = flat(block)
    if len(cells) != 1 or is_error(cells[0]):
        raise Wrong
    return cells[0]


def number(cell: object) -> float | None:
    """The number in a cell; None for text, TRUE and FALSE, dates, errors, and where it is empty."""
    if isinstance(cell, (float, int, Decimal)) and not isinstance(cell, bool):
        return float(cell) if math.isfinite(cell) else None
    return None


def numbers(block: Block) -> list[float]:
    """The numbers of a range that is to hold nothing else, up to its last cell in use. Raises Wrong on any other."""
    cells = flat(block)
    found = [number(cell) for cell in cells[: _used(cells)]]
    if None in found:
        raise Wrong
    return [value for value in found if value is not None]


def is_blank(cell: object) -> bool:
    return cell is None or cell == ""


def is_error(cell: object) -> bool:
    return isinstance(cell, str) and cell in _ERRORS


def is_not_applicable(cell: object, words: frozenset[str]) -> bool:
    """Whether the cell says "not applicable": `words` in capitals."""
    return isinstance(cell, str) and len(cell) < 256 and cell.strip().upper() in words


def words(block: Block | None) -> frozenset[str]:
    """The words for "not applicable" that an argument lists, the usual ones where it is omitted."""
    if block is None:
        return NOT_APPLICABLE
    return frozenset(cell.strip().upper() for cell in flat(block) if isinstance(cell, str) and cell.strip())


def scale(block: Block | None) -> tuple[float, float]:
    """The two ends of the answer scale. Raises Wrong where they are not two ascending numbers."""
    if block is None:
        return 0.0, 5.0
    ends = numbers(block)
    if len(ends) != 2:
        raise Wrong
    if not ends[0] < ends[1]:
        raise Wrong(ErrorKind.NUM)
    return ends[0], ends[1]


def score(cell: object, ends: tuple[float, float]) -> float | None:
    """The score in a cell, None without one: a number off the scale is not a score (scoring.md rule 1)."""
    value = number(cell)
    return value if value is not None and ends[0] <= value <= ends[1] else None


def weight(cell: object) -> float | None:
    """The weight in a cell, None where text or nothing takes it out of scope. Raises Wrong on an error, or below 0."""
    if is_error(cell):
        raise Wrong
    value = number(cell)
    if value is not None and value < 0:
        raise Wrong(ErrorKind.NUM)
    return value


def weights(cells: Sequence[object], count: int) -> Iterator[float | None]:
    """The weight of each of `count` cells; 1 each where the argument is omitted."""
    return (weight(cell) for cell in cells) if cells else iter([1.0] * count)


def shown(value: float | int | None) -> Value:
    """A value as a cell is to hold it."""
    return "" if value is None else value
