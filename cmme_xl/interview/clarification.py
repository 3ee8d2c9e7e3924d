"""Clarification copies: what came back from a person, in a fresh workbook, with the doubtful cells to fill in again.

Nothing is saved over and nothing copied from the returned file but the answers, evidence and comments in it.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from cmme_xl.findings import Finding, Place, visible
from cmme_xl.interview import workbook
from cmme_xl.interview.draft import EMPTY, Doubt, Draft
from cmme_xl.interview.form import Form, names_client
from cmme_xl.interview.generation import leaks, read_log
from cmme_xl.interview.naming import SUFFIX, file_names, numbered
from cmme_xl.interview.wording import Wording
from cmme_xl.plan import issued
from cmme_xl.plan.issued import CLARIFICATION, RECORD, Issue
from cmme_xl.plan.model import Person, Plan
from cmme_xl.plan.target import refuse_among_returns
from cmme_xl.returned.model import Answer, Outcome, Returned
from cmme_xl.returned.read import read_files
from cmme_xl.spreadsheet import Locked, lock
from cmme_xl.spreadsheet.measure import chunks, clip
from cmme_xl.spreadsheet.saving import place

LONGEST_RAW = 300
DOUBTFUL = (Outcome.REJECTED, Outcome.CONFLICT)


@dataclass(frozen=True, slots=True)
class Clarified:
    """What a run did: the copies written, with how many cells each asks again, and findings."""

    written: Mapping[Path, int]
    findings: tuple[Finding, ...]


def clarify(
    plan: Plan, paths: Iterable[Path], out_dir: Path, log_path: Path, *, now: datetime | None = None
) -> Clarified:
    """Write a clarification copy into `out_dir` for everyone in whose files an answer was not understood, and log it.

    Several files of one person are settled first, as in a consolidation. Whoever has a copy that did not come back
    yet gets no other; its file is written again where it is gone. `now` is the time of issue (default: the clock).
    Raises Refusal where the log is damaged or another engagement's, or a copy would lie
    among the files, Locked where another run holds it, OSError.
    """
    paths = tuple(paths)
    refuse_among_returns(out_dir, {path.parent for path in paths})
    out_dir.mkdir(parents=True, exist_ok=True)
    with lock(log_path):
        issues = read_log(log_path, plan)
        returned = read_files(plan, issues, paths)
        run = _Run(plan, out_dir, issues, now or datetime.now(UTC))
        run.findings += issued.torn(log_path)
        try:
            for respondent, answers in _came(returned).items():
                run.serve(plan.by_id[respondent], answers, returned)
        finally:
            issued.append(log_path, run.pending)
    return Clarified(run.written, tuple(run.findings))


def draft_of(answers: Sequence[Answer], findings: Iterable[Finding], form: Form) -> Draft:
    """One person's answers as a clarification of `form` holds them; `findings` say why answers were not understood.

    An answer that has no cell in what came back is doubtful where it is no target: nobody has to give a target.
    """
    reasons = _Reasons(findings, form.words)
    doubts = tuple(
        Doubt(answer.question, answer.angle, visible(clip(answer.raw, LONGEST_RAW)), reasons(answer))
        for answer in _ordered(answers, form)
        if answer.outcome in DOUBTFUL or (answer.outcome is Outcome.MISSING and answer.angle == form.angles[0])
    )
    words = {Outcome.NA: form.scale["na"], Outcome.DK: form.scale["dk"]}
    given: dict[tuple[str, str], float | str] = {}
    for answer in answers:
        value = answer.score if answer.outcome is Outcome.SCORED else words.get(answer.outcome)
        if value is not None:
            given[answer.question, answer.angle] = value
    return Draft(
        answers=given,
        evidence={answer.question: answer.evidence for answer in answers if answer.evidence},
        comments={answer.question: answer.comment for answer in answers if answer.comment},
        doubts=doubts,
    )


def form_for(plan: Plan, person: Person, issue: Issue, answers: Sequence[Answer]) -> Form:
    """The form that asks `person` what was expected of them under `issue`, in the language and angles of that."""
    asked = {answer.question for answer in answers}
    questions = tuple(question for id_, question in plan.catalogue.questions.items() if id_ in asked)
    return replace(Form.of(plan, person, questions), lang=issue.lang, angles=issue.angles)


def _came(returned: Returned) -> dict[str, list[Answer]]:
    """The answers of everyone of whom a file was read."""
    found: dict[str, list[Answer]] = {}
    for answer in returned.answers:
        found.setdefault(answer.respondent, []).append(answer)
    return {respondent: answers for respondent, answers in found.items() if any(answer.file for answer in answers)}


def _ordered(answers: Iterable[Answer], form: Form) -> list[Answer]:
    """As they stand in the questionnaire."""
    return sorted(answers, key=lambda answer: (form.row_of[answer.question], form.angles.index(answer.angle)))


class _Reasons:
    """Why an answer was not taken, in the words of its finding."""

    def __init__(self, findings: Iterable[Finding], words: Wording) -> None:
        self._words = words
        self._found = {(f.place.file, f.place.sheet, f.place.cell): f for f in findings if f.place.cell}

    def __call__(self, answer: Answer) -> str:
        raw = visible(clip(answer.raw, LONGEST_RAW))
        if answer.outcome is Outcome.MISSING:
            return self._words("clarification.missing")
        found = self._found.get((answer.file, answer.sheet, answer.cell))
        if found is not None and len(found.raw) <= LONGEST_RAW:
            return found.reason(self._words.lang)
        wording = "twice" if answer.outcome is Outcome.CONFLICT else "unclear"
        return self._words(f"clarification.{wording}", raw=raw)


class _Run:
    """One run: what has been written and found so far."""

    def __init__(self, plan: Plan, out_dir: Path, issues: Sequence[Issue], now: datetime) -> None:
        self.plan, self.out_dir = plan, out_dir
        self.now = now.astimezone(UTC)
        self.latest = issued.latest(issue for issue in issues if issue.kind != RECORD)
        self.counts = Counter(issue.respondent for issue in issues if issue.kind == CLARIFICATION)
        self.names = file_names(plan.people, {issue.file.casefold(): issue.respondent for issue in issues})
        self.pending: list[Issue] = []
        self.written: dict[Path, int] = {}
        self.findings: list[Finding] = []

    def serve(self, person: Person, answers: Sequence[Answer], returned: Returned) -> None:
        """Write one person's copy, or say why there is none."""
        if any(record.respondent == person.id for record in returned.records):
            self._note("CLR_004", person)
            return
        before = self.latest[person.id]
        files = [file for file in returned.files if file.respondent == person.id]
        out = before.kind == CLARIFICATION and not any(file.issue == before.id for file in files)
        if out and (self.out_dir / before.file).exists():
            self._note("CLR_002", person, before.file)
            return
        form = form_for(self.plan, person, before, answers)
        form = replace(
            form,
            draft=draft_of(answers, [finding for file in files for finding in file.findings], form),
            due=form.due if form.due and form.due >= self.now.date() else None,
        )
        if not form.clarifies:
            self._note("CLR_001", person)
        elif fault := self._fault(form):
            self._note(fault, person)
        else:
            self._write(person, form, before if out else self._issue(person, form, before), new=not out)

    def _issue(self, person: Person, form: Form, before: Issue) -> Issue:
        stem = self.names[person.id].removesuffix(SUFFIX)
        file = numbered(f"{stem}_{form.words('clarification.file')}{SUFFIX}", self.counts[person.id] + 1)
        at = self.now.isoformat(timespec="seconds")
        return form.issue(self.plan.engagement.id, person, CLARIFICATION, file, at, before)

    def _write(self, person: Person, form: Form, issue: Issue, *, new: bool) -> None:
        drawn = workbook.render(form)
        texts = workbook.texts(form, person, issue.id, workbook.around(form, drawn))
        if form.anonymous:
            # what the person wrote names whom it likes; what we write must not name the client
            places = [*leaks(workbook.render(replace(form, draft=EMPTY)).data, self.plan)]
            places += [key for key, text in (*texts.items(), ("file", issue.file)) if names_client(text, self.plan)]
            if places:
                self._note("GEN_003", person, places=", ".join(places))
                return
        data = workbook.stamp(drawn)(texts)
        path = self.out_dir / issue.file
        try:
            place(path, data)
        except Locked:
            self._note("GEN_006", person, issue.file)
            return
        self.written[path] = len(form.draft.doubts)
        if new:
            self.pending.append(replace(issue, sha256=hashlib.sha256(data).hexdigest()))

    def _fault(self, form: Form) -> str:
        """The code of what keeps a copy from holding all that came back, or ""."""
        texts = (*form.draft.evidence.values(), *form.draft.comments.values())
        return "CLR_003" if any(len(chunks(text)) > 1 for text in texts) else ""

    def _note(self, code: str, person: Person, file: str = "", **values: object) -> None:
        self.findings.append(Finding(code, Place(file), person.id, {"respondent": person.id, **values}))
