"""The desk at which every file is opened, recognised, matched to its issue and read.

Whatever a file holds, it ends as a `Version` with a status and findings; none ends in an exception.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from hashlib import sha256
from typing import NamedTuple

from cmme_xl.catalogue import Catalogue
from cmme_xl.findings import Finding, Place
from cmme_xl.plan.issued import FILE_NAME, INTERVIEW, RECORD, Asked, Issue, latest
from cmme_xl.plan.model import Plan
from cmme_xl.reading.container import Format, Refused, is_system_name, opened
from cmme_xl.reading.formats import READ, read_as
from cmme_xl.reading.grid import RawBook
from cmme_xl.reading.mail import WITHIN, is_mail, read_mail
from cmme_xl.returned.flags import Flags
from cmme_xl.returned.folder import Entry, read_bytes
from cmme_xl.returned.identity import Identity, identify, match
from cmme_xl.returned.model import Outcome, Respondent, ReturnedFile, Status
from cmme_xl.returned.pages import brought_back
from cmme_xl.returned.questionnaire import Reader
from cmme_xl.returned.replies import Reply
from cmme_xl.returned.session import session_of
from cmme_xl.returned.tamper import Tamper
from cmme_xl.returned.version import Version, status_of

# The hidden sheets by which the program's own workbooks are known when they lie among the returns.
_OWN_SHEETS = frozenset(("_plan", "_dispatch", "_status", "_summary", "_scorecard"))


class Unread(NamedTuple):
    """A file that is to be read: what is known of it, its content and its name without folder."""

    file: ReturnedFile
    data: bytes
    name: str


class Desk:
    """What every file is read against; made once for a folder."""

    def __init__(self, catalogue: Catalogue, issues: Sequence[Issue] | None, plan: Plan | None) -> None:
        self._catalogue = catalogue
        self._plan = plan
        self._issues = None if issues is None else {issue.id: issue for issue in issues}
        # until its clarification comes back, what it clarifies is no earlier issue; a record stands beside both
        by_kind = {kind: [each for each in issues or () if each.kind == kind] for kind in (INTERVIEW, RECORD)}
        asking = [issue for issue in issues or () if issue.kind != RECORD]
        self._latest = {issue.id for log in (asking, *by_kind.values()) for issue in latest(log).values()}
        self._sent = {issue.sha256: issue for log in by_kind.values() for issue in log}
        self._reader = Reader(catalogue)
        self._flags = Flags(catalogue)

    def versions(self, entry: Entry, first_of: dict[str, str]) -> Iterator[Version]:
        """One entry of the folder, read as far as it goes, and all that is attached to it where it is a mail;
        `first_of` maps SHA-256 to the first file's name."""
        for received in self.received(entry, first_of):
            yield self.read(received) if isinstance(received, Unread) else received

    def received(self, entry: Entry, first_of: dict[str, str]) -> Iterator[Version | Unread]:
        """The same before anything in a file is looked at."""
        blank = ReturnedFile(entry.name, "", 0, Status.UNREADABLE)
        if not entry.plain:
            yield closed(blank, Status.UNREADABLE, Finding("FIL_022"))
            return
        try:
            data = read_bytes(entry.path)
        except Refused as refused:
            yield closed(blank, Status.UNREADABLE, refused.finding)
            return
        received = self._received(blank, data, entry.name.rpartition("/")[2], first_of)
        if isinstance(received, Unread) and is_mail(data):
            yield from self._mail(received, first_of)
        else:
            yield received

    def _mail(self, mail: Unread, first_of: dict[str, str]) -> Iterator[Version | Unread]:
        """A mail, and then the files attached to it."""
        try:
            attached, passed = read_mail(mail.data)
        except Refused as refused:
            yield closed(mail.file, Status.UNREADABLE, refused.finding)
            return
        except Exception as error:  # the last net under hostile input, as in `read`
            yield closed(mail.file, Status.UNREADABLE, Finding("FIL_028", values={"detail": repr(error)[:200]}))
            return
        if not attached:
            yield closed(mail.file, Status.UNREADABLE, Finding("FIL_046"))
            return
        yield closed(mail.file, Status.MAIL, Finding("FIL_049", values={"count": len(attached), "passed": passed}))
        for name, data, sent in attached:
            file = ReturnedFile(f"{mail.file.name}{WITHIN}{name}", "", 0, Status.UNREADABLE, mailed_at=sent)
            yield self._received(file, data, name.rpartition(WITHIN)[2], first_of)

    def _received(self, file: ReturnedFile, data: bytes, name: str, first_of: dict[str, str]) -> Version | Unread:
        digest, size = sha256(data).hexdigest(), len(data)
        file = replace(file, sha256=digest, size=size)
        if is_system_name(name):
            return closed(file, Status.SYSTEM, Finding("FIL_001"))
        if name == FILE_NAME:
            return closed(file, Status.SYSTEM, Finding("FIL_024"))
        original = first_of.setdefault(digest, file.name)
        if original != file.name and size:
            return closed(file, Status.DUPLICATE, Finding("FIL_023", values={"other": original}))
        if digest in self._sent:
            return closed(file, Status.SYSTEM, Finding("FIL_025", values={"respondent": self._sent[digest].respondent}))
        return Unread(file, data, name)

    def read(self, unread: Unread) -> Version:
        """What a file holds that is none of those known by their name or digest."""
        try:
            return self._workbook(*unread)
        except Refused as refused:
            return closed(unread.file, Status.UNREADABLE, refused.finding)
        except Exception as error:
            # The last net under hostile input: one file must never take the others down. Tests fail on FIL_028.
            return closed(unread.file, Status.UNREADABLE, Finding("FIL_028", values={"detail": repr(error)[:200]}))

    def _workbook(self, file: ReturnedFile, data: bytes, name: str) -> Version:
        content = opened(data, name)
        if isinstance(content, Format) and content not in READ:
            return closed(file, Status.UNREADABLE, Finding(content.value, values={"detail": name}))
        book, findings = read_as(content, data)
        file = replace(file, saved_by=book.saved_by, saved_at=book.saved_at, findings=_placed(findings, file.name))
        if any(sheet.name in _OWN_SHEETS for sheet in book.sheets):
            return closed(file, Status.SYSTEM, Finding("FIL_024"))
        identity, faults = identify(book)
        file = replace(file, respondent=identity.respondent, issue=identity.issue)
        if any(finding.code == "IDN_001" for finding in faults):
            known = self._reader.layouts(book, ())
            if content is Format.TEXT:
                blank = replace(file, findings=())
                return (
                    closed(file, Status.QUARANTINED, Finding("IDN_020"))
                    if known
                    else closed(blank, Status.UNREADABLE, Finding(content.value))
                )
            return closed(file, Status.QUARANTINED, Finding("IDN_001" if known else "IDN_002"))
        if any(finding.code in ("IDN_003", "IDN_010") for finding in faults):
            return closed(file, Status.QUARANTINED, *faults)
        issue: Issue | None = None
        if self._issues is not None:
            issue, why = match(identity, self._issues, self._plan)
            faults = (*faults, *why)
            if issue is None:
                return closed(file, Status.QUARANTINED, *faults)
            if issue.id not in self._latest:
                faults = (*faults, Finding("IDN_011"))
        return self._answered(
            replace(file, findings=(*file.findings, *_placed(faults, file.name))), book, identity, issue
        )

    def _answered(self, file: ReturnedFile, book: RawBook, identity: Identity, issue: Issue | None) -> Version:
        asked = issue.questions if issue is not None else identity.asked
        ids = frozenset(question.id for question in asked)
        angles = issue.angles if issue is not None else identity.angles or ("current", "target")
        layouts = self._reader.layouts(book, angles, ids)
        if not any(angle in layout.columns for layout in layouts for angle in angles):
            return closed(file, Status.QUARANTINED, Finding("ANS_031"))
        known = (brought_back(identity.texts), brought_back(identity.headings))
        recorded = (issue.kind if issue is not None else identity.values.get("kind", "")) == RECORD
        whose = Respondent(file.name, identity.respondent, angles, ids or None, *known, recorded)
        reply, findings = self._reader.read(book, layouts, whose)
        found = list(findings)
        if issue is not None:
            reply = self._reworded(reply, issue, found)
        report = Tamper(book, layouts, identity, angles, self._catalogue, issue, self._plan)
        found += _placed(report.findings(), file.name)
        found += self._flags.of(reply)
        outcomes = reply.counts()
        counts = {outcome.value: outcomes[outcome] for outcome in Outcome if outcome in outcomes}
        everything = (*file.findings, *found)
        file = replace(file, status=status_of(everything), findings=everything, counts=counts)
        return Version(file, issue, reply, session_of(book, file.name) if recorded else None)

    def _reworded(self, reply: Reply, issue: Issue, findings: list[Finding]) -> Reply:
        """Rejects answers to questions whose wording is no longer the catalogue's, and lists those that are gone."""
        changed = self._changed(issue.questions)
        if not changed:
            return reply
        # that it reads otherwise than today's is nobody's doing
        findings[:] = [each for each in findings if each.code != "ANS_017" or each.place.question not in changed]
        answers = list(reply)
        for question, code in changed.items():
            for angle in issue.angles:
                place = reply.asked.places.get((question, angle))
                if place is None or answers[place].outcome is Outcome.BLANK:
                    continue
                answer = answers[place]
                where = Place(answer.file, answer.sheet, answer.cell, question)
                findings.append(Finding(code, where, answer.raw))
                answers[place] = answer._replace(outcome=Outcome.REJECTED, score=None)
        return Reply.of(reply.respondent, answers)

    @cached_property
    def _changed(self) -> Callable[[tuple[Asked, ...]], Mapping[str, str]]:
        """Questions whose wording has changed since they were asked, or that are gone: id -> code of the finding."""
        questions = self._catalogue.questions

        @lru_cache(64)  # most people are asked the same
        def changed(put: tuple[Asked, ...]) -> Mapping[str, str]:
            pairs = ((asked, questions.get(asked.id)) for asked in put)
            return {
                asked.id: "ANS_022" if now is None else "ANS_021"
                for asked, now in pairs
                if now is None or (now.rev, now.text_hash) != (asked.rev, asked.hash)
            }

        return changed


def closed(file: ReturnedFile, status: Status, *findings: Finding) -> Version:
    """A file that goes no further."""
    return Version(replace(file, status=status, findings=(*file.findings, *_placed(findings, file.name))))


def _placed(findings: Iterable[Finding], name: str) -> tuple[Finding, ...]:
    return tuple(finding.at(name) for finding in findings)
