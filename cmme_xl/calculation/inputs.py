"""What the calculation starts from: cells with answers, weights and settings, wherever a workbook keeps them."""

from dataclasses import dataclass
from typing import Protocol

from cmme_xl.calculation.expression import Expression
from cmme_xl.catalogue import Indicator


@dataclass(frozen=True, slots=True)
class Tally:
    """What the answers sheet holds for one question or sealed indicator: counts and the combined value.

    `applies`: whether anyone may answer the question (scoring.md rule 6), where the counts are not there to tell.
    """

    counts: tuple[Expression, ...]
    value: Expression
    applies: Expression | None = None


@dataclass(frozen=True, slots=True)
class Sealed:
    """An indicator of a client's file that starts from its own figures: a question's would show a person's answer."""

    tally: Tally
    in_scope: bool
    low: float | None
    high: float | None
    covered: float
    reached: float


class Answers(Protocol):
    """Where answers stand."""

    def tally(self, angle: str, question: str) -> Tally: ...
    def given(self, angle: str, question: str) -> Expression | None: ...
    def sealed(self, angle: str, indicator: str) -> Sealed | None: ...
    def counts(self, angle: str, indicator: Indicator) -> tuple[Expression, ...] | None: ...
    def gap(self, other: str, indicator: str) -> tuple[float | None, float]: ...


class Settings(Protocol):
    """Where weights and settings stand."""

    def weight(self, node: str) -> Expression: ...
    def in_scope(self, node: str) -> Expression: ...
    def given(self, angle: str, node: str) -> Expression | None: ...
    def calibrated(self, angle: str, node: str) -> Expression | None:
        """The cell with a node's calibration: a score, text that takes it out of scope, or nothing. None: no cell."""
        ...
