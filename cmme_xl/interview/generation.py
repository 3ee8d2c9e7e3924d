"""From a plan to one workbook per person: rendered once per form, stamped per person, logged, listed.

Running again makes only what is new. The issue log is written after the workbooks, so that a crash in between
leaves files that nobody was told of and that the next run replaces.
"""

import hashlib
import io
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from xml.sax.saxutils import unescape
from zipfile import ZipFile, is_zipfile

from cmme_xl.findings import Finding, Place, Refusal
from cmme_xl.interview import workbook
from cmme_xl.interview.dispatch import FILE_NAME, dispatch_bytes
from cmme_xl.interview.form import Form, names_client
from cmme_xl.interview.naming import file_names, numbered
from cmme_xl.plan import issued
from cmme_xl.plan.issued import CLARIFICATION, INTERVIEW, Asked, Issue
from cmme_xl.plan.model import Person, Plan
from cmme_xl.spreadsheet import Locked, lock, save
from cmme_xl.spreadsheet.saving import place
from cmme_xl.spreadsheet.stamp import Stamp

LONGEST_ID = 100
CHANGES = ("added", "removed", "reworded", "angles", "lang")
_Key = tuple[str, str, tuple[str, ...]]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Generated:
    """What a run did: paths written, ids of people whose workbook stands, findings, and the dispatch list."""

    written: tuple[Path, ...]
    skipped: tuple[str, ...]
    findings: tuple[Finding, ...]
    dispatch_path: Path


def generate(
    plan: Plan,
    out_dir: Path,
    log_path: Path,
    *,
    reissue: bool = False,
    now: datetime | None = None,
    progress: Progress | None = None,
) -> Generated:
    """Write the workbooks that are missing into `out_dir`, log them, and bring the dispatch list up to date.

    A person whose latest workbook asks the same is skipped; one whose file is gone gets it again under the same
    issue; one whose questions have changed since is reported, and with `reissue` gets a successor. `now` is the
    time of issue (default: the clock); `progress` is told (done, of how many). Raises Refusal where the log is
    damaged, another engagement's, or knows a revision of a question in another wording, Locked where another run
    holds it.
    """
    out_dir.mkdir(parents=True, exist_ok=True)
    dispatch_path = out_dir / FILE_NAME
    with lock(log_path):
        run = _Run(plan, out_dir, read_log(log_path, plan), reissue, now or datetime.now(UTC))
        run.findings += issued.torn(log_path)
        try:
            for done, person in enumerate(plan.people, 1):
                run.serve(person)
                if progress:
                    progress(done, len(plan.people))
        finally:
            # whatever stops the run, what it has handed over is known
            run.flush(log_path)
        due = plan.engagement.due
        if run.written and due and due < datetime.fromisoformat(run.now).date():
            run.findings.append(Finding("GEN_013", raw=str(due)))
        try:
            save(dispatch_path, dispatch_bytes(plan, run.latest))
        except Locked:
            run.findings.append(Finding("GEN_005", Place(FILE_NAME)))
    return Generated(tuple(run.written), tuple(run.skipped), tuple(run.findings), dispatch_path)


def changes(form: Form, issue: Issue) -> dict[str, int]:
    """How a form differs from what was issued: what changed (see CHANGES) -> how much; empty where nothing did."""
    before = {each.id: each for each in issue.questions}
    after = {each.id: each for each in form.as_asked}
    counts = (
        len(after.keys() - before.keys()),
        len(before.keys() - after.keys()),
        sum(before[each] != after[each] for each in before.keys() & after.keys()),
        int(issue.angles != form.angles),
        int(issue.lang != form.lang),
    )
    return {name: count for name, count in zip(CHANGES, counts, strict=True) if count}


def read_log(path: Path, plan: Plan) -> tuple[Issue, ...]:
    """The issue log of the plan's engagement. Raises Refusal where it is damaged or another engagement's."""
    issues = issued.read(path)
    if strangers := {issue.engagement for issue in issues} - {plan.engagement.id}:
        values = {"found": ", ".join(sorted(strangers)), "expected": plan.engagement.id}
        raise Refusal([Finding("GEN_009", Place(path.name), values=values)])
    mine = (issue for issue in issues if issue.catalogue_id == plan.catalogue.id)
    questions = plan.catalogue.questions
    if reused := issued.reused(mine, (Asked(id_, each.rev, each.text_hash) for id_, each in questions.items())):
        raise Refusal(
            Finding("CAT_055", Place(question=id_), values={"id": id_, "rev": questions[id_].rev, "next": free})
            for id_, free in reused.items()
        )
    return issues


@dataclass(frozen=True, slots=True)
class _Template:
    """What all workbooks of a form share; `known` are the digests of the texts around its questionnaire, `leaks` the
    parts of it that name the client, for outsiders."""

    stamp: Stamp
    known: str
    leaks: tuple[str, ...]


class _Run:
    """One run: the templates made so far, and what has been done."""

    def __init__(self, plan: Plan, out_dir: Path, issues: tuple[Issue, ...], reissue: bool, now: datetime) -> None:
        self.plan, self.out_dir, self.reissue = plan, out_dir, reissue
        self.now = now.astimezone(UTC).isoformat(timespec="seconds")
        interviews = [issue for issue in issues if issue.kind == INTERVIEW]
        self.latest = issued.latest(interviews)
        # a successor also replaces what was clarified meanwhile
        sent = (INTERVIEW, CLARIFICATION)
        self.standing = issued.latest(issue for issue in issues if issue.kind in sent)
        self.counts = Counter(issue.respondent for issue in interviews)
        taken = {issue.file.casefold(): issue.respondent for issue in interviews} | {FILE_NAME: ""}
        self.names = file_names(plan.people, taken)
        self.forms: dict[_Key, Form] = {}
        self.templates: dict[_Key, _Template] = {}
        self.pending: list[Issue] = []
        self.written: list[Path] = []
        self.skipped: list[str] = []
        self.findings: list[Finding] = []

    def serve(self, person: Person) -> None:
        """Write, repeat or skip one person's workbook."""
        if code := self._unfit(person):
            self._note(code, person)
            return
        before = self.latest.get(person.id)
        changed = changes(self._form(person), before) if before else {}
        if before is None:
            self._issue(person, None)
        elif changed and self.reissue:
            self._issue(person, before)
        elif changed:
            self.skipped.append(person.id)
            counts = {name: changed.get(name, 0) for name in CHANGES}
            self._note("GEN_001", person, before.file, **counts)
        elif is_zipfile(self.out_dir / before.file):
            self.skipped.append(person.id)
        elif self._write(person, before):
            self._note("GEN_011", person, before.file)

    def flush(self, log_path: Path) -> None:
        """Log what has been written since the last time."""
        issued.append(log_path, self.pending)
        self.pending.clear()

    def _unfit(self, person: Person) -> str:
        """The code of what keeps a person from getting a workbook, or ""."""
        if not self.plan.assigned.get(person.id):
            return "GEN_002"
        if not person.id.isprintable() or not 0 < len(person.id) <= LONGEST_ID:
            return "GEN_004"
        return ""

    def _key(self, person: Person) -> _Key:
        """Equal for people whose workbooks differ only in the person."""
        angle = self.plan.catalogue.group(person.group).angle
        return person.lang, angle, self.plan.assigned[person.id]

    def _form(self, person: Person) -> Form:
        key = self._key(person)
        if key not in self.forms:
            self.forms[key] = Form.of(self.plan, person)
        return self.forms[key]

    def _template(self, person: Person) -> _Template:
        """The template for a person, rendered when the first one needs it."""
        key = self._key(person)
        if key not in self.templates:
            form = self._form(person)
            drawn = workbook.render(form)
            found = leaks(drawn.data, self.plan) if form.anonymous else ()
            self.templates[key] = _Template(workbook.stamp(drawn), workbook.around(form, drawn), found)
            if form.anonymous and form.contact != self.plan.engagement.contact:
                self._note("GEN_007", person)
        return self.templates[key]

    def _issue(self, person: Person, before: Issue | None) -> None:
        """A new issue: a person's first, or the successor of `before`."""
        file = numbered(self.names[person.id], self.counts[person.id] + 1)
        replaced = self.standing[person.id] if before else None
        issue = self._form(person).issue(self.plan.engagement.id, person, INTERVIEW, file, self.now, replaced)
        data = self._write(person, issue)
        if data is None:
            return
        issue = replace(issue, sha256=hashlib.sha256(data).hexdigest())
        self.latest[person.id] = issue
        self.pending.append(issue)
        if before:
            self._note("GEN_008", person, issue.file, before=before.file)

    def _write(self, person: Person, issue: Issue) -> bytes | None:
        """Put the workbook of `issue` in its place; None, and a finding, where that must not or cannot be."""
        form, template = self._form(person), self._template(person)
        texts = workbook.texts(form, person, issue.id, template.known)
        if form.anonymous:
            places = [*template.leaks, *(key for key, text in texts.items() if names_client(text, self.plan))]
            places += [issue.file] if names_client(issue.file, self.plan) else []
            if places:
                self._note("GEN_003", person, places=", ".join(places))
                return None
        data = template.stamp(texts)
        path = self.out_dir / issue.file
        try:
            place(path, data)
        except Locked:
            self._note("GEN_006", person, issue.file)
            return None
        self.written.append(path)
        return data

    def _note(self, code: str, person: Person, file: str = "", **values: object) -> None:
        self.findings.append(Finding(code, Place(file), person.id, {"respondent": person.id, **values}))


def leaks(data: bytes, plan: Plan) -> tuple[str, ...]:
    """The parts of a workbook that name the client."""
    with ZipFile(io.BytesIO(data)) as archive:
        parts = {name: unescape(archive.read(name).decode("utf-8", "replace")) for name in archive.namelist()}
    return tuple(name for name, text in parts.items() if names_client(text, plan))
