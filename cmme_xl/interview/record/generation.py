"""From a plan and what came back to one record per person of the enterprise: drawn, logged, kept up to date.

Running again makes only what is new. A record in which nobody has written yet is brought up to date under its issue
when the person's answers have changed since; one that is being filled in is left alone.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from cmme_xl.findings import Finding, Place
from cmme_xl.interview import workbook
from cmme_xl.interview.clarification import draft_of
from cmme_xl.interview.generation import CHANGES, LONGEST_ID, Progress, changes, read_log
from cmme_xl.interview.naming import SUFFIX, file_names, numbered
from cmme_xl.interview.record.form import RecordForm
from cmme_xl.interview.record.workbook import render
from cmme_xl.plan import issued
from cmme_xl.plan.issued import RECORD, Issue
from cmme_xl.plan.model import Person, Plan
from cmme_xl.plan.target import refuse_among_returns
from cmme_xl.returned.model import Answer, Outcome, Returned
from cmme_xl.returned.read import read_folder
from cmme_xl.spreadsheet import Locked, lock
from cmme_xl.spreadsheet.saving import place

UNKNOWN = (Outcome.BLANK, Outcome.MISSING)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a run did: paths written, ids of people whose record stands as it is, and findings."""

    written: tuple[Path, ...]
    skipped: tuple[str, ...]
    findings: tuple[Finding, ...]


def record(
    plan: Plan,
    folder: Path,
    out_dir: Path,
    log_path: Path,
    *,
    reissue: bool = False,
    now: datetime | None = None,
    progress: Progress | None = None,
) -> Recorded:
    """Write a record into `out_dir` for everyone of the enterprise, prefilled with what they returned to `folder`.

    With `reissue` a record that has been begun gets a successor where questions or answers have changed since. `now`
    is the time of issue (default: the clock); `progress` is told (done, of how many). Raises Refusal where the folder
    cannot be read or is written to, or the log is damaged or another engagement's, Locked where another run holds
    it, OSError.
    """
    refuse_among_returns(out_dir, [folder], below=True)
    out_dir.mkdir(parents=True, exist_ok=True)
    people = [person for person in plan.people if not plan.catalogue.group(person.group).external]
    with lock(log_path):
        issues = read_log(log_path, plan)
        run = _Run(plan, out_dir, issues, read_folder(plan, issues, folder), reissue, now or datetime.now(UTC))
        run.findings += issued.torn(log_path)
        try:
            for done, person in enumerate(people, 1):
                run.serve(person)
                if progress:
                    progress(done, len(people))
        finally:
            # whatever stops the run, what it has handed over is known
            issued.append(log_path, run.pending)
    return Recorded(tuple(run.written), tuple(run.skipped), tuple(run.findings))


class _Run:
    """One run: what is known of everyone, and what has been done."""

    def __init__(
        self, plan: Plan, out_dir: Path, issues: Sequence[Issue], returned: Returned, reissue: bool, now: datetime
    ) -> None:
        self.plan, self.out_dir, self.reissue = plan, out_dir, reissue
        self.now = now.astimezone(UTC).isoformat(timespec="seconds")
        records = [issue for issue in issues if issue.kind == RECORD]
        self.latest = issued.latest(records)
        self.asked = issued.latest(issue for issue in issues if issue.kind != RECORD)
        self.handed = {(issue.id, issue.sha256) for issue in records}
        self.counts = Counter(respondent for _, respondent in {(issue.id, issue.respondent) for issue in records})
        self.names = file_names(plan.people, {issue.file.casefold(): issue.respondent for issue in issues})
        self.own = _own(returned)
        self.back = {settled.respondent for settled in returned.records}
        self.reasons = [finding for file in returned.files for finding in file.findings]
        self.pending: list[Issue] = []
        self.written: list[Path] = []
        self.skipped: list[str] = []
        self.findings: list[Finding] = []

    def serve(self, person: Person) -> None:
        """Write, bring up to date or skip one person's record."""
        if not self.plan.assigned.get(person.id):
            self._note("GEN_002", person)
        elif not person.id.isprintable() or not 0 < len(person.id) <= LONGEST_ID:
            self._note("GEN_004", person)
        elif (before := self.latest.get(person.id)) is None:
            self._issue(person, self._form(person), None)
        else:
            self._again(person, self._form(person), before)

    def _again(self, person: Person, form: RecordForm, before: Issue) -> None:
        """What becomes of a record that was written before."""
        path, changed = self.out_dir / before.file, changes(form, before)
        data = render(form, workbook.texts(form, person, before.id))
        found = _hash(path.read_bytes()) if path.is_file() else ""
        back = person.id in self.back
        # with several folders, the one here may be an earlier state of what was handed over
        begun = back or (found and (before.id, found) not in self.handed)
        same = not changed and _hash(data) == before.sha256
        if not changed and not begun and _hash(data) != found:
            self._write(person, form, replace(before, issued=self.now), data)
        elif self.reissue and (changed or not (same or back)):
            self._issue(person, form, before)
        else:
            self.skipped.append(person.id)
            if changed:
                self._note("REC_001", person, before.file, **{name: changed.get(name, 0) for name in CHANGES})
            elif not (same or back):
                self._note("REC_002", person, before.file)

    def _form(self, person: Person) -> RecordForm:
        """The person's record, with what they have answered."""
        form = RecordForm.for_person(self.plan, person)
        asked = {question.id for question in form.questions}
        given = [
            answer
            for answer in self.own.get(person.id, ())
            if answer.question in asked and answer.angle in form.angles and answer.outcome is not Outcome.MISSING
        ]
        answered = any(answer.outcome not in UNKNOWN for answer in given)
        return replace(form, own=draft_of(given, self.reasons, form), answered=answered)

    def _issue(self, person: Person, form: RecordForm, before: Issue | None) -> None:
        """A new issue: a person's first record, or the successor of `before`."""
        stem = self.names[person.id].removesuffix(SUFFIX)
        file = numbered(f"{stem}_{form.words('record.file')}{SUFFIX}", self.counts[person.id] + 1)
        above = before or self.asked.get(person.id)
        issue = form.issue(self.plan.engagement.id, person, RECORD, file, self.now, above)
        data = render(form, workbook.texts(form, person, issue.id))
        if self._write(person, form, issue, data) and before:
            self._note("REC_003", person, issue.file, before=before.file)

    def _write(self, person: Person, form: RecordForm, issue: Issue, data: bytes) -> bool:
        """Put the record in its place and note it for the log; False, and a finding, where that cannot be."""
        path = self.out_dir / issue.file
        try:
            place(path, data)
        except Locked:
            self._note("GEN_006", person, issue.file)
            return False
        self.written.append(path)
        self.pending.append(replace(issue, sha256=_hash(data)))
        if not form.answered:
            self._note("REC_004", person, issue.file)
        if form.own.doubts:
            self._note("REC_005", person, issue.file, count=len(form.own.doubts))
        return True

    def _note(self, code: str, person: Person, file: str = "", **values: object) -> None:
        self.findings.append(Finding(code, Place(file), person.id, {"respondent": person.id, **values}))


def _own(returned: Returned) -> Mapping[str, Iterable[Answer]]:
    """What everyone had answered before anything was agreed."""
    replies = {reply.respondent: reply for reply in returned.answers.replies}
    return replies | {settled.respondent: settled.own for settled in returned.records}


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
