"""Answers by the hundred thousand: one reply per respondent, column by column, read as a sequence of answers.

A reply keeps each value once and a code of one byte for where it stands; what the files of one form have in common
(what was asked, in which cells it stands) is kept once for all of them.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property, lru_cache
from itertools import accumulate, groupby
from operator import attrgetter
from typing import NamedTuple, overload

from cmme_xl.returned.column import Column
from cmme_xl.scoring import Kind


class Outcome(StrEnum):
    """What became of one expected answer (the ledger's columns)."""

    SCORED = "scored"
    NA = "na"
    DK = "dk"
    BLANK = "blank"
    REJECTED = "rejected"
    MISSING = "missing"
    CONFLICT = "conflict"

    @property
    def kind(self) -> Kind:
        """The answer's kind in the sense of scoring.md rule 6: rejected, missing and conflicting ones are open."""
        return Kind(self.value) if self.value in ("scored", "na", "dk", "blank") else Kind.OPEN


class Proof(StrEnum):
    """How far an interviewer could convince themselves of the evidence, from hearsay to practice."""

    STATED = "stated"
    DOCUMENT = "document"
    IN_USE = "in_use"


class Answer(NamedTuple):
    """One expected answer: a respondent, a question, an angle, and what became of it.

    `score` is a number of the scale for SCORED, else None; `raw` is what was typed; `file`, `sheet` and
    `cell` are where. `evidence`, `comment` and `proof` (a `Proof`, "" where nobody says) belong to the row and stand
    on every angle's answer.
    """

    respondent: str
    question: str
    angle: str
    outcome: Outcome
    score: float | None = None
    raw: str = ""
    file: str = ""
    sheet: str = ""
    cell: str = ""
    evidence: str = ""
    comment: str = ""
    proof: str = ""


class Mark(NamedTuple):
    """What an answer says, whoever gave it: as in `Answer`."""

    outcome: Outcome
    score: float | None = None
    raw: str = ""


_MISSING = Mark(Outcome.MISSING)
Pair = tuple[str, str]


class Pairs(tuple[Pair, ...]):
    """Question and angle of every answer of a form, in order; hashed once, since many replies share them."""

    @cached_property
    def places(self) -> dict[Pair, int]:
        """Where each pair stands (the last time)."""
        return {pair: place for place, pair in enumerate(self)}

    @cached_property
    def _hash(self) -> int:
        return tuple.__hash__(self)

    def __hash__(self) -> int:
        return self._hash

    def __reduce__(self) -> tuple[object, ...]:
        # without what is remembered of it: another process hashes otherwise
        return Pairs, (tuple(self),)


@dataclass(frozen=True, slots=True)
class Reply:
    """The answers of one respondent, column by column: all columns are as long as `asked`.

    `places` are (sheet, cell), both "" where nothing was found.
    """

    respondent: str
    asked: Pairs
    marks: Column[Mark]
    files: Column[str]
    places: tuple[tuple[str, str], ...]
    evidence: Column[str]
    comments: Column[str]
    proofs: Column[str]

    @classmethod
    def of(cls, respondent: str, answers: Iterable[Answer]) -> "Reply":
        """The columns of these answers, in their order."""
        listed = tuple(answers)
        return cls(
            respondent,
            shared_pairs(Pairs((answer.question, answer.angle) for answer in listed)),
            Column.of(Mark(answer.outcome, answer.score, answer.raw) for answer in listed),
            Column.of(answer.file for answer in listed),
            _shared_places(tuple((answer.sheet, answer.cell) for answer in listed)),
            Column.of(answer.evidence for answer in listed),
            Column.of(answer.comment for answer in listed),
            Column.of(answer.proof for answer in listed),
        )

    def __reduce__(self) -> tuple[object, ...]:
        remarks = self.evidence, self.comments, self.proofs
        return _come, (self.respondent, self.asked, self.marks, self.files, self.places, *remarks)

    def __len__(self) -> int:
        return len(self.asked)

    def __iter__(self) -> Iterator[Answer]:
        remarks = zip(self.evidence, self.comments, self.proofs, strict=True)
        lines = zip(self.asked, self.marks, self.files, self.places, remarks, strict=True)
        for (question, angle), (outcome, score, raw), file, (sheet, cell), remark in lines:
            yield Answer(self.respondent, question, angle, outcome, score, raw, file, sheet, cell, *remark)

    def __getitem__(self, place: int) -> Answer:
        (question, angle), (outcome, score, raw) = self.asked[place], self.marks[place]
        file, (sheet, cell) = self.files[place], self.places[place]
        remark = self.evidence[place], self.comments[place], self.proofs[place]
        return Answer(self.respondent, question, angle, outcome, score, raw, file, sheet, cell, *remark)

    def standing(self, expected: Pairs) -> "Reply":
        """The same answers as far as they are expected, in that order; what was not given is MISSING."""
        if self.asked is expected:
            return self
        picks = _picks(self.asked, expected)
        return Reply(
            self.respondent,
            expected,
            self.marks.picked(picks, _MISSING),
            self.files.picked(picks, ""),
            _picked_places(self.places, picks),
            self.evidence.picked(picks, ""),
            self.comments.picked(picks, ""),
            self.proofs.picked(picks, ""),
        )

    @property
    def noted(self) -> Iterator[int]:
        """The places of the answers that carry evidence, its status or a comment."""
        return iter(sorted({*self.evidence.filled, *self.comments.filled, *self.proofs.filled}))

    def scored(self, angle: str | None = None) -> bool:
        """Whether a score was given, for `angle` or (None) for any."""
        scores = [mark.score is not None for mark in self.marks.values]
        given = map(scores.__getitem__, self.marks.codes)
        return any(said for said, pair in zip(given, self.asked, strict=True) if angle in (None, pair[1]))

    def counts(self) -> Counter[Outcome]:
        """How many answers had which outcome."""
        found: Counter[Outcome] = Counter()
        for mark, number in self.marks.counts():
            found[mark.outcome] += number
        return found


# Most people are asked what many others are asked, in the same cells of the same form.
@lru_cache(256)
def shared_pairs(pairs: Pairs) -> Pairs:
    """Pairs equal to these, the same object each time."""
    return pairs


@lru_cache(256)
def _shared_places(places: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    return places


@lru_cache(4_096)
def _shared_mark(mark: Mark) -> Mark:
    return mark


def _come(
    respondent: str,
    asked: Pairs,
    marks: Column[Mark],
    files: Column[str],
    places: tuple[tuple[str, str], ...],
    *remarks: Column[str],
) -> Reply:
    """A reply out of another process, which shares what it has in common with those that are here."""
    marks = replace(marks, values=tuple(map(_shared_mark, marks.values)))
    return Reply(respondent, shared_pairs(asked), marks, files, _shared_places(places), *remarks)


@lru_cache(256)
def _picks(given: Pairs, expected: Pairs) -> tuple[int, ...]:
    """Where each expected pair stands among those given, else their number."""
    return tuple([given.places.get(pair, len(given)) for pair in expected])


@lru_cache(256)
def _picked_places(places: tuple[tuple[str, str], ...], picks: tuple[int, ...]) -> tuple[tuple[str, str], ...]:
    return tuple([places[pick] if pick < len(places) else ("", "") for pick in picks])


@dataclass(frozen=True, slots=True, eq=False)
class Answers(Sequence[Answer]):
    """The answers of all respondents as a sequence of `Answer`, made as they are asked for.

    Who reads very many takes them from the columns of `replies`.
    """

    replies: tuple[Reply, ...] = ()

    @classmethod
    def of(cls, answers: Iterable[Answer]) -> "Answers":
        """These answers, in their order."""
        return cls(tuple(Reply.of(whose, given) for whose, given in groupby(answers, attrgetter("respondent"))))

    def __len__(self) -> int:
        return sum(map(len, self.replies))

    def __iter__(self) -> Iterator[Answer]:
        for reply in self.replies:
            yield from reply

    @overload
    def __getitem__(self, index: int) -> Answer: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Answer, ...]: ...
    def __getitem__(self, index: int | slice) -> Answer | tuple[Answer, ...]:
        places = range(len(self))[index]
        if isinstance(places, range):
            return tuple(self[place] for place in places)
        ends = list(accumulate(map(len, self.replies)))
        number = bisect_right(ends, places)
        return self.replies[number][places - ends[number]]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, (Answers, tuple)):
            return NotImplemented
        return len(self) == len(other) and all(mine == theirs for mine, theirs in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]

    def scorers(self, angle: str | None = None) -> frozenset[str]:
        """The respondents who gave a score, for `angle` or (None) for any."""
        return frozenset(reply.respondent for reply in self.replies if reply.scored(angle))

    def tally(self) -> dict[str, int]:
        """The ledger's answer counts: expected, and one per outcome."""
        found: Counter[Outcome] = Counter()
        for reply in self.replies:
            found += reply.counts()
        return counted(len(self), found)


def counted(expected: int, outcomes: Counter[Outcome]) -> dict[str, int]:
    """Counts as the ledger names them, those of none included."""
    return {"expected": expected, **{outcome.value: outcomes[outcome] for outcome in Outcome}}
