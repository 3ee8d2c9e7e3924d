"""What the rules speak of: votes, nodes, the settings of an angle, results. All frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Literal, NamedTuple

Voice = Literal["person", "tier"]
Combine = Literal["mean", "median"]
Source = Literal["answers", "given", "calibrated", ""]

OUT_OF_SCOPE = "NA"
"""The calibration that takes a node out of scope (scoring.md rule 11)."""


class Kind(str, Enum):  # noqa: UP042 (StrEnum is newer than LibreOffice's Python may be)
    """What came back for one respondent, question and angle (scoring.md rules 1 and 6)."""

    SCORED = "scored"
    NA = "na"
    DK = "dk"
    BLANK = "blank"
    OPEN = "open"
    """Missing, rejected or in conflict."""


@dataclass(frozen=True)
class Vote:
    """One respondent's answer to a question; `score` is set if and only if `kind` is SCORED.

    Raises ValueError where it is not, or where the weight is negative or not a number.
    """

    kind: Kind
    score: float | None = None
    weight: float = 1.0
    tier: str = ""
    respondent: str = ""

    def __post_init__(self) -> None:
        if (self.kind is Kind.SCORED) != (self.score is not None):
            raise ValueError(f"a vote has a score if and only if it is scored: {self.kind.value}, {self.score}")
        if not self.weight >= 0:
            raise ValueError(f"weight {self.weight} is not >= 0")


class Own(NamedTuple):
    """What one respondent's answers beneath a node come to."""

    score: float
    tier: str
    respondent: str


@dataclass(frozen=True)
class Scale:
    """The two ends of the answer scale."""

    low: float = 0.0
    high: float = 5.0


@dataclass(frozen=True)
class Ladder:
    """Lower-inclusive, ascending thresholds; the first is the scale's low end. Level 1 is the lowest."""

    thresholds: tuple[float, ...]


@dataclass(frozen=True)
class Rules:
    """The settings one angle is computed under. Shares and weights: only proportions matter."""

    scale: Scale
    ladder: Ladder
    voice: Voice = "person"
    combine: Combine = "mean"
    tier_shares: Mapping[str, float] = field(default_factory=dict)
    provisional_below: float = 0.6
    decimals: int = 2

    def hears(self, vote: Vote) -> bool:
        """Whether a vote is a score that bears on its question's value: no weight or share, no voice (rule 3)."""
        if vote.score is None or self.combine == "median":
            return vote.score is not None
        return (self.tier_shares.get(vote.tier, 0.0) if self.voice == "tier" else vote.weight) > 0


@dataclass(frozen=True)
class Node:
    """A question (no children) or what is above it, in one angle.

    `in_scope` is False where the plan drops the node, or it is not key under the scope `key`.
    `given` is a figure for the whole node (rule 2), `calibrated` a score or OUT_OF_SCOPE (rule 11).
    Raises ValueError where the weight is negative or not a number, or the calibration is another text.
    """

    id: str
    weight: float = 1.0
    children: tuple[Node, ...] = ()
    votes: tuple[Vote, ...] = ()
    in_scope: bool = True
    given: float | None = None
    calibrated: float | str | None = None

    def __post_init__(self) -> None:
        if not self.weight >= 0:
            raise ValueError(f"{self.id}: weight {self.weight} is not >= 0")
        if isinstance(self.calibrated, str) and self.calibrated != OUT_OF_SCOPE:
            raise ValueError(f"{self.id}: calibration {self.calibrated!r} is neither a score nor {OUT_OF_SCOPE}")


@dataclass(frozen=True)
class Result:
    """A node's figures, unrounded; scores within the scale, shares and rates within [0, 1].

    raw: the score before any calibration at the node or beneath it; where given, the value displaced.
    low, high: the score if every uncovered question were at the scale's low or high end (rule 6).
    coverage: None out of scope. response_rate: None where nobody was asked, or all said NA.
    share: effective share of the root over siblings in scope, 0 out of scope (rule 6).
    valued_share: the same over siblings that have a score: the root's rise per point of the node's (rule 9).
    """

    id: str
    score: float | None
    raw: float | None
    source: Source
    low: float | None
    high: float | None
    coverage: float | None
    response_rate: float | None
    asked: int
    scored: int
    na: int
    dk: int
    blank: int
    open: int
    in_scope: bool
    level: int | None
    provisional: bool
    share: float
    low_level: int | None
    high_level: int | None
    valued_share: float = 0.0
