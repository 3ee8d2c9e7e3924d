"""One file on its way through the ledger, and what it says in comparison with others."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from cmme_xl.findings import Finding, Severity, worst
from cmme_xl.plan.issued import Issue
from cmme_xl.returned.model import Answer, Outcome, ReturnedFile, Status
from cmme_xl.returned.replies import Reply
from cmme_xl.returned.session import Session
from cmme_xl.spreadsheet.measure import clip

LONGEST_QUOTED = 40

Content = dict[tuple[str, str], tuple[str, str, str, str]]


class Unbalanced(Exception):
    """The ledger does not balance: a fault of the program. Nothing may be written from it."""


@dataclass(slots=True)
class Version:
    """One file on its way through the ledger. `issue` and `reply` are there where it was identified and read,
    `session` where it is an interviewer's record."""

    file: ReturnedFile
    issue: Issue | None = None
    reply: Reply | None = None
    session: Session | None = None
    _content: Content | None = None

    @property
    def content(self) -> Content:
        """What the file says, for comparison with other versions: (question, angle) -> score, evidence, comment, and
        how well it is proven."""
        if self._content is None:
            self._content = {
                (answer.question, answer.angle): (said(answer), answer.evidence, answer.comment, answer.proof)
                for answer in self.reply or ()
            }
        return self._content

    def set(self, status: Status, finding: Finding) -> None:
        """Gives the file its final status and says why."""
        self.file = replace(self.file, status=status, findings=(*self.file.findings, finding.at(self.file.name)))


def status_of(findings: Iterable[Finding]) -> Status:
    """The status of a file that was read: with findings where one of them needs someone."""
    return Status.WITH_FINDINGS if worst(findings) in (Severity.ERROR, Severity.WARNING) else Status.ACCEPTED


def differences(first: Version, second: Version) -> list[str]:
    """Where two versions say different things: question, angle (or evidence, comment, proof) and both texts."""
    one, two = first.content, second.content
    found: dict[str, None] = {}
    for (question, angle), texts in one.items():
        other = two.get((question, angle), texts)
        for name, mine, theirs in zip((angle, "evidence", "comment", "proof"), texts, other, strict=True):
            if mine != theirs:
                found[f"{question} {name}: {clip(mine, LONGEST_QUOTED)} / {clip(theirs, LONGEST_QUOTED)}"] = None
    return list(found)


def said(answer: Answer) -> str:
    """What an answer says: its score, else what was typed, else its outcome."""
    return f"{answer.score:g}" if answer.score is not None else answer.raw if answer.raw else answer.outcome.value


def empty(version: Version) -> bool:
    """Whether nobody has written anything in a file; a record names its interviewer from the start."""
    if (told := version.session) is not None and (told.day or told.minutes or told.points):
        return False
    return all(
        answer.outcome is Outcome.BLANK and not (answer.evidence or answer.comment or answer.proof)
        for answer in version.reply or ()
    )


def issue_of(version: Version) -> Issue:
    """The issue of a version that was matched to one. Raises Unbalanced where it was not."""
    if version.issue is None:
        raise Unbalanced(f"{version.file.name}: no issue")
    return version.issue
