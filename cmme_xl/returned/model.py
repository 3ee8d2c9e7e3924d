"""What came back: files, answers and the ledger that accounts for every one of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from cmme_xl.findings import Finding
from cmme_xl.scoring import Kind


class Status(StrEnum):
    """What became of a returned file (design.md)."""

    ACCEPTED = "accepted"
    WITH_FINDINGS = "accepted_with_findings"
    DUPLICATE = "duplicate"
    SUPERSEDED = "superseded"
    CONFLICT = "conflict"
    QUARANTINED = "quarantined"
    UNREADABLE = "unreadable"
    SYSTEM = "system_file"

    @property
    def counted(self) -> bool:
        """Whether the file's answers are scored; of files in conflict, those are on which they agree."""
        return self in (Status.ACCEPTED, Status.WITH_FINDINGS)


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


@dataclass(slots=True)  # never changed; frozen, each of very many would take six times as long to make
class Answer:
    """One expected answer: a respondent, a question, an angle, and what became of it.

    `score` is a number of the scale for SCORED, else None; `raw` is what was typed; `file`, `sheet` and
    `cell` are where. `evidence` and `comment` belong to the row and stand on every angle's answer.
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


@dataclass(frozen=True, slots=True)
class ReturnedFile:
    """One file of the folder and what became of it. `counts` are its answers by outcome (empty where none was read)."""

    name: str
    sha256: str
    size: int
    status: Status
    respondent: str = ""
    issue: str = ""
    saved_by: str = ""
    saved_at: str = ""
    findings: tuple[Finding, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Returned:
    """Everything that came back for an engagement.

    `files` are in the order of their names; `answers` holds exactly one entry per expected respondent x
    question x angle; `findings` are those that belong to no single file.
    """

    files: tuple[ReturnedFile, ...]
    answers: tuple[Answer, ...]
    findings: tuple[Finding, ...] = ()

    def tally(self) -> dict[str, int]:
        """The ledger's answer counts: expected, and one per outcome."""
        return _tally([answer.outcome for answer in self.answers])


def tally_by_angle(answers: Iterable[Answer]) -> dict[str, dict[str, int]]:
    """The counts of `Returned.tally` for each angle, in the order in which the angles come."""
    by_angle: dict[str, list[Outcome]] = {}
    for answer in answers:
        by_angle.setdefault(answer.angle, []).append(answer.outcome)
    return {angle: _tally(outcomes) for angle, outcomes in by_angle.items()}


def _tally(outcomes: Sequence[Outcome]) -> dict[str, int]:
    return {"expected": len(outcomes), **{outcome.value: outcomes.count(outcome) for outcome in Outcome}}
