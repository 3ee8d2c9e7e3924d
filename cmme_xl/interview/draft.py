"""What a workbook holds already when it goes out: a clarification's accepted answers, and the doubtful ones."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True, slots=True)
class Doubt:
    """An answer to be given again: which, what was typed, and why it was not taken, in the reader's language."""

    question: str
    angle: str
    raw: str
    reason: str


@dataclass(frozen=True)
class Draft:
    """Answers by (question, angle), as a number of the scale or a word of the form; evidence and comments by
    question. An interview's draft is empty; a clarification has at least one doubt, and no answer where one is."""

    answers: Mapping[tuple[str, str], float | str] = field(default_factory=dict)
    evidence: Mapping[str, str] = field(default_factory=dict)
    comments: Mapping[str, str] = field(default_factory=dict)
    doubts: tuple[Doubt, ...] = ()

    @cached_property
    def doubted(self) -> dict[str, tuple[Doubt, ...]]:
        """Question id -> its doubts."""
        found: dict[str, tuple[Doubt, ...]] = {}
        for doubt in self.doubts:
            found[doubt.question] = (*found.get(doubt.question, ()), doubt)
        return found


EMPTY = Draft()
