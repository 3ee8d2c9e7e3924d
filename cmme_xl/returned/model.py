"""What came back: files, answers and the ledger that accounts for every one of them."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from cmme_xl.findings import Finding
from cmme_xl.returned.replies import Answer, Answers, Outcome, Proof, Reply, counted
from cmme_xl.returned.session import Session

__all__ = ["Answer", "Answers", "Outcome", "Proof", "Record", "Returned", "ReturnedFile", "Status", "tally_by_angle"]


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
    MAIL = "mail"

    @property
    def counted(self) -> bool:
        """Whether the file's answers are scored; of files in conflict, those are on which they agree."""
        return self in (Status.ACCEPTED, Status.WITH_FINDINGS)


_WHY = "LED_"
"""What begins the codes of the ledger, which say why a file was set aside."""


@dataclass(frozen=True, slots=True)
class ReturnedFile:
    """One file of the folder, or of a mail in it, and what became of it.

    `counts` are its answers by outcome (empty where none was read); `mailed_at` is when the mail it is from was sent,
    by its own account.
    """

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
    mailed_at: str = ""


@dataclass(frozen=True, slots=True)
class Respondent:
    """For whom a workbook is read: the file's name, the respondent's id, the angles and the ids asked (None =
    unknown, so every id counts as asked); `texts` and `headings` are the digests of what it was sent with around its
    questions and between them, "" where unknown; `recorded`: it is an interviewer's record."""

    file: str
    id: str
    angles: tuple[str, ...]
    asked: frozenset[str] | None
    texts: str = ""
    headings: str = ""
    recorded: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """The interviewer's record that stands for a person (scoring.md rule 3), over all that is expected of them.

    `agreed` is what it says; `own` what the person had answered, MISSING where nothing came back; `sessions` one per
    file, of which there are several only where versions are in conflict.
    """

    respondent: str
    agreed: Reply
    own: Reply
    sessions: tuple[Session, ...]


@dataclass(frozen=True, slots=True)
class Returned:
    """Everything that came back for an engagement.

    `files` are in the order of their names; `answers` holds exactly one entry per expected respondent x
    question x angle; `findings` are those that belong to no single file. Where one of `records` stands for a person,
    `answers` hold what was agreed, and what it leaves blank as the person had answered it.
    """

    files: tuple[ReturnedFile, ...]
    answers: Answers
    findings: tuple[Finding, ...] = ()
    records: tuple[Record, ...] = ()

    @property
    def told(self) -> tuple[Finding, ...]:
        """All findings that somebody may have to act on: those of the files and those of none. Of a file that another
        stands for only why it was set aside: what was wrong in it is settled or said of the other."""
        of_files = (
            finding
            for file in self.files
            for finding in file.findings
            if file.status is not Status.SUPERSEDED or finding.code.startswith(_WHY)
        )
        return (*of_files, *self.findings)

    def tally(self) -> dict[str, int]:
        """The ledger's answer counts: expected, and one per outcome."""
        return self.answers.tally()


def tally_by_angle(answers: Iterable[Answer]) -> dict[str, dict[str, int]]:
    """The counts of `Returned.tally` for each angle, in the order in which the angles come."""
    by_angle: dict[str, Counter[Outcome]] = {}
    for answer in answers:
        by_angle.setdefault(answer.angle, Counter())[answer.outcome] += 1
    return {angle: counted(outcomes.total(), outcomes) for angle, outcomes in by_angle.items()}
