"""The ledger: of several versions from one person which one counts, and the proof that nothing was lost.

`settle` decides, `balance` asserts: files = accepted + set aside, expected = the sum of all outcomes.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from itertools import chain

from cmme_xl.catalogue import Catalogue
from cmme_xl.findings import Finding, Severity, worst
from cmme_xl.plan.issued import RECORD, Asked, Issue, latest
from cmme_xl.plan.model import Plan
from cmme_xl.returned.model import Answer, Answers, Outcome, Record, Returned, ReturnedFile, Status
from cmme_xl.returned.repeats import Standing, joined
from cmme_xl.returned.replies import Pair, Pairs, Reply, shared_pairs
from cmme_xl.returned.session import Session
from cmme_xl.spreadsheet.measure import clip

MAX_LISTED = 12
LONGEST_QUOTED = 40


class Unbalanced(Exception):
    """The ledger does not balance: a fault of the program. Nothing may be written from it."""


Content = dict[tuple[str, str], tuple[str, str, str, str]]


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
                (answer.question, answer.angle): (_said(answer), answer.evidence, answer.comment, answer.proof)
                for answer in self.reply or ()
            }
        return self._content

    def set(self, status: Status, finding: Finding) -> None:
        """Gives the file its final status and says why."""
        self.file = replace(self.file, status=status, findings=(*self.file.findings, finding.at(self.file.name)))


def status_of(findings: Iterable[Finding]) -> Status:
    """The status of a file that was read: with findings where one of them needs someone."""
    return Status.WITH_FINDINGS if worst(findings) in (Severity.ERROR, Severity.WARNING) else Status.ACCEPTED


def settle(plan: Plan, issues: Sequence[Issue], versions: Sequence[Version]) -> Returned:
    """Everything that came back, each expected answer once, the files by name. `issues` oldest first. Raises
    Unbalanced."""
    findings: list[Finding] = []
    by_person: dict[str, list[Version]] = {}
    for version in versions:
        if version.issue is not None and version.reply is not None and version.file.status.counted:
            by_person.setdefault(version.issue.respondent, []).append(version)
    order = {issue.id: number for number, issue in enumerate(issues)}
    by_id = {issue.id: issue for issue in issues}
    replies: list[Reply] = []
    records: list[Record] = []
    asking = latest(issue for issue in issues if issue.kind != RECORD)
    for person, last in latest(issues).items():
        if person not in plan.by_id:
            findings.append(Finding("LED_005", values={"respondent": person}))
            continue
        settled = _settle_person(by_person.get(person, []), order, by_id, plan.settings.prefer_newest)
        given = settled.reply
        if person not in by_person:
            findings.append(Finding("LED_004", values={"respondent": person}))
        expected = _expected(plan.catalogue, (asking.get(person, last), *settled.recorded), by_id)
        replies.append(replace(given, respondent=person).standing(expected))
        if settled.recorded:
            agreed, own = (replace(each, respondent=person) for each in (settled.agreed, settled.own))
            records.append(Record(person, agreed.standing(expected), own.standing(expected), settled.sessions))
        findings += _changed(plan, person, _questions(expected))
        left = _left(given.asked, expected)
        if left:
            listed = ", ".join(f"{question} {angle}" for question, angle in sorted(left))
            findings.append(Finding("LED_008", values={"respondent": person, "count": len(left), "ids": listed}))
    sent = {issue.respondent for issue in issues}
    never = [person.id for person in plan.people if person.id not in sent and plan.assigned.get(person.id)]
    findings += [Finding("LED_010", values={"respondent": person}) for person in never]
    files = sorted((version.file for version in versions), key=lambda file: (file.name.casefold(), file.name))
    returned = Returned(tuple(files), Answers(tuple(replies)), tuple(findings), tuple(records))
    balance(returned, len(versions))
    return returned


def balance(returned: Returned, files: int) -> None:
    """Asserts that the ledger balances over `files` files. Raises Unbalanced naming the sums that differ."""
    accepted = sum(file.status.counted for file in returned.files)
    aside = sum(1 for file in returned.files if file.status in _ASIDE)
    if not files == len(returned.files) == accepted + aside:
        raise Unbalanced(f"{files} files, {accepted} accepted, {aside} set aside")
    tally = returned.tally()
    outcomes = sum(count for name, count in tally.items() if name != "expected")
    different = _different(returned.answers.replies)
    if not tally["expected"] == outcomes == different:
        raise Unbalanced(f"{tally['expected']} expected, {outcomes} outcomes, {different} different answers")
    for reply in returned.answers.replies:
        for mark in reply.marks.values:
            if (mark.outcome is Outcome.SCORED) != (mark.score is not None):
                raise Unbalanced(f"{reply.respondent}: {mark}")


def _different(replies: Iterable[Reply]) -> int:
    """How many answers there are, one per respondent, question and angle."""
    # whoever comes twice counts once, and so is missed
    return sum({reply.respondent: len(reply.asked.places) for reply in replies}.values())


_ASIDE = frozenset(status for status in Status if not status.counted)


def _expected(catalogue: Catalogue, asking: Iterable[Issue], issues: Mapping[str, Issue]) -> Pairs:
    """Question and angle of all that was asked; a clarification adds to what its predecessors asked."""
    asked = []
    for issue in asking:
        for each in (issue, *_before(issue, issues)):
            asked.append(_pairs(each.questions, each.angles))
            if each.kind != "clarification":
                break
    return _known(tuple(asked), frozenset(catalogue.questions))


# Most people are asked what many others are asked.
@lru_cache(256)
def _pairs(questions: tuple[Asked, ...], angles: tuple[str, ...]) -> Pairs:
    return Pairs((question.id, angle) for angle in angles for question in questions)


@lru_cache(256)
def _known(asked: tuple[Pairs, ...], questions: frozenset[str]) -> Pairs:
    """All pairs, each once, of those questions that there are."""
    return shared_pairs(Pairs(pair for pair in dict.fromkeys(chain(*asked)) if pair[0] in questions))


@lru_cache(256)
def _questions(asked: Pairs) -> frozenset[str]:
    return frozenset(question for question, _ in asked)


@lru_cache(256)
def _left(given: Pairs, expected: Pairs) -> frozenset[Pair]:
    """What was given though it is not expected."""
    return frozenset(given) - frozenset(expected)


def _changed(plan: Plan, person: str, asked: Collection[str]) -> Iterator[Finding]:
    """Where the plan assigns other questions than `asked`, which were sent; what it leaves out of scope counts not."""
    assigned = set(plan.assigned.get(person, ()))
    removed = sum(plan.in_scope(question) for question in asked if question not in assigned)
    added = len(assigned.difference(asked))
    if added or removed:
        yield Finding("LED_009", values={"respondent": person, "added": added, "removed": removed})


def _before(issue: Issue, issues: Mapping[str, Issue]) -> Iterator[Issue]:
    """The predecessors of an issue, nearest first."""
    seen = {issue.id}
    while (before := issues.get(issue.predecessor)) is not None and before.id not in seen:
        seen.add(before.id)
        yield before
        issue = before


@dataclass(frozen=True, slots=True)
class _Settled:
    """What one person's files come to: `own` and `agreed` are those of the person and of the interviewer's records
    alone, which are issues of `recorded`."""

    reply: Reply
    own: Reply
    agreed: Reply
    recorded: tuple[Issue, ...] = ()
    sessions: tuple[Session, ...] = ()


def _settle_person(
    versions: list[Version], order: Mapping[str, int], issues: Mapping[str, Issue], prefer_newest: bool
) -> _Settled:
    """The answers of one person out of all versions; gives every version its status."""
    versions = _without_repeats(versions)
    below = [version for version in versions if _issue(version).kind != RECORD]
    came = [version.file for version in below]
    own = reply = _merged(_decided(_not_replaced(below, order, issues), prefer_newest))
    agreed, standing = Reply.of("", ()), []
    for layer in _records(versions, order):
        layer_came = [version.file for version in layer]
        counted = _decided(layer, prefer_newest)
        said = _merged(counted)
        kept, reply = _laid_over(said, reply)
        agreed = _laid_over(said, agreed)[1]
        _overruled(below, came, counted[0], kept)
        below, came = layer, layer_came
        standing += counted
    sessions = tuple(version.session for version in standing if version.session is not None)
    return _Settled(reply, own, agreed, tuple({_issue(each).id: _issue(each) for each in standing}.values()), sessions)


def _records(versions: Iterable[Version], order: Mapping[str, int]) -> list[list[Version]]:
    """The interviewer's records among the versions, those of one issue together, the oldest issue first."""
    found: dict[str, list[Version]] = {}
    for version in versions:
        if _issue(version).kind == RECORD:
            found.setdefault(_issue(version).id, []).append(version)
    return [found[id_] for id_ in sorted(found, key=order.__getitem__)]


def _overruled(versions: Sequence[Version], came: Sequence[ReturnedFile], record: Version, kept: list[Answer]) -> None:
    """Sets aside the versions that `record` stands for; `came` is how they were before they were held against each
    other, `kept` are the answers that the record leaves to what is below it."""
    names = {file.name for file in came}
    mine = [answer for answer in kept if answer.file in names]
    settled = all(answer.outcome is not Outcome.CONFLICT for answer in mine)
    for version, file in zip(versions, came, strict=True):
        if version.file.status.counted or version.file.status is Status.CONFLICT:
            if settled:
                version.file = file
            version.set(Status.SUPERSEDED, Finding("LED_011", values={"other": record.file.name, "count": len(mine)}))


def _laid_over(agreed: Reply, own: Reply) -> tuple[list[Answer], Reply]:
    """What `own` says where the record is blank, and the answers that stand: what was agreed, else what is own."""
    found = {(answer.question, answer.angle): answer for answer in own}
    kept = dict(found)
    for answer in agreed:
        below = found.get((answer.question, answer.angle))
        if below is None:
            found[answer.question, answer.angle] = answer
            continue
        stands = below if answer.outcome is Outcome.BLANK else answer
        if stands is answer:
            del kept[answer.question, answer.angle]
        found[answer.question, answer.angle] = stands._replace(
            evidence=joined(answer.evidence, below.evidence),
            comment=joined(answer.comment, below.comment),
            proof=answer.proof or below.proof,
        )
    given = [answer for answer in kept.values() if answer.outcome is not Outcome.BLANK]
    return given, Reply.of("", found.values())


def _not_replaced(versions: list[Version], order: Mapping[str, int], issues: Mapping[str, Issue]) -> list[Version]:
    """The versions that no newer one stands for by design; the others are set aside."""
    by_issue: dict[str, list[Version]] = {}
    for version in versions:
        by_issue.setdefault(_issue(version).id, []).append(version)
    # From the newest issue back: what a newer one supersedes by design is set aside before it is compared.
    standing: list[Version] = []
    for issue_id in sorted(by_issue, key=order.__getitem__, reverse=True):
        rivals = by_issue[issue_id]
        above = next((v for v in standing if _replaces(_issue(v), _issue(rivals[0]), issues)), None)
        if above is not None:
            for version in rivals:
                version.set(Status.SUPERSEDED, Finding("LED_002", values={"other": above.file.name}))
        else:
            standing += rivals
    return standing


def _replaces(newer: Issue, older: Issue, issues: Mapping[str, Issue]) -> bool:
    """Whether `newer` stands for the whole of `older` by design (returns.md)."""
    if newer.id == older.id or older.id not in {issue.id for issue in _before(newer, issues)}:
        return False
    if newer.kind != "clarification":
        return True
    return not _left(_pairs(older.questions, older.angles), _pairs(newer.questions, newer.angles))


def _without_repeats(versions: list[Version]) -> list[Version]:
    """The versions that differ; copies with equal answers and files without any answer are set aside."""
    if len(versions) < 2:
        return versions
    first: dict[tuple[str, frozenset[object]], Version] = {}
    kept: list[Version] = []
    filled = any(not _empty(version) for version in versions)
    for version in versions:
        twin = first.setdefault((_issue(version).id, frozenset(version.content.items())), version)
        if twin is not version:
            version.set(Status.DUPLICATE, Finding("LED_003", values={"other": twin.file.name}))
        elif filled and _empty(version):
            version.set(Status.SUPERSEDED, Finding("LED_006"))
        else:
            kept.append(version)
    return kept


def _decided(standing: list[Version], prefer_newest: bool) -> list[Version]:
    """The versions that count, most authoritative first; unresolved ones get the status CONFLICT."""
    rivals = [
        version
        for version in standing
        if any(other is not version and _rival(version, other) and _differences(version, other) for other in standing)
    ]
    if not rivals:
        return standing
    newest = _newest(rivals) if prefer_newest else None
    for version in rivals:
        other = newest if newest is not None else next(o for o in rivals if o is not version)
        if version is newest:
            continue
        differing = _differences(version, other)
        listed = "; ".join(differing[:MAX_LISTED]) + (" ..." if len(differing) > MAX_LISTED else "")
        values = {"other": other.file.name, "count": len(differing), "differences": listed}
        status, code = (Status.CONFLICT, "LED_001") if newest is None else (Status.SUPERSEDED, "LED_007")
        version.set(status, Finding(code, values=values))
    return [version for version in standing if version not in rivals or version is newest or newest is None]


def _rival(first: Version, second: Version) -> bool:
    """Whether two versions claim the same place: neither is a clarification of the other."""
    clarifying = {_issue(first).kind, _issue(second).kind} & {"clarification"}
    return _issue(first).id == _issue(second).id or not clarifying


def _newest(versions: list[Version]) -> Version | None:
    """The version saved last by its own account; where one does not say, or several say the same, that of them which
    was mailed last; None where that leaves it open too."""
    last = _last(versions, [version.file.saved_at for version in versions]) or versions
    last = last if len(last) == 1 else _last(last, [version.file.mailed_at for version in last])
    return last[0] if len(last) == 1 else None


def _last(versions: list[Version], times: list[str]) -> list[Version]:
    """Those of the versions with the latest of `times`, none where one of these is no time."""
    moments = [_moment(time) for time in times]
    known = [moment for moment in moments if moment is not None]
    if len(known) < len(moments):
        return []
    return [version for version, moment in zip(versions, known, strict=True) if moment == max(known)]


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def _merged(versions: list[Version]) -> Reply:
    """One answer per question and angle; a blank left in one version does not displace what another says.

    Versions in conflict stand together as one: where they agree their answer counts, where not it is in conflict.
    """
    if len(versions) == 1 and versions[0].reply is not None:
        return versions[0].reply
    agreed = _agreed([version for version in versions if version.file.status is Status.CONFLICT])
    found: Standing = {}
    for version in versions:
        for answer in version.reply or ():
            key = (answer.question, answer.angle)
            if version.file.status is Status.CONFLICT:
                answer = agreed[key]
            standing = found.get(key)
            if standing is None or (standing.outcome is Outcome.BLANK and answer.outcome is not Outcome.BLANK):
                found[key] = answer
    return Reply.of("", found.values())


def _agreed(rivals: list[Version]) -> Standing:
    """What versions in conflict come to: the answers they share, the others in conflict with all that was typed."""
    found: Standing = {}
    for version in rivals:
        for answer in version.reply or ():
            key = (answer.question, answer.angle)
            first = found.setdefault(key, answer)
            if first is answer:
                continue
            evidence, comment = joined(first.evidence, answer.evidence), joined(first.comment, answer.comment)
            kept = first._replace(evidence=evidence, comment=comment, proof=first.proof or answer.proof)
            if first.outcome is Outcome.CONFLICT or _said(first) != _said(answer):
                raw = f"{first.raw} | {answer.raw}"
                kept = kept._replace(outcome=Outcome.CONFLICT, score=None, raw=raw)
            found[key] = kept
    return found


def _differences(first: Version, second: Version) -> list[str]:
    """Where two versions say different things: question, angle (or evidence, comment, proof) and both texts."""
    one, two = first.content, second.content
    found: dict[str, None] = {}
    for (question, angle), said in one.items():
        other = two.get((question, angle), said)
        for name, mine, theirs in zip((angle, "evidence", "comment", "proof"), said, other, strict=True):
            if mine != theirs:
                found[f"{question} {name}: {clip(mine, LONGEST_QUOTED)} / {clip(theirs, LONGEST_QUOTED)}"] = None
    return list(found)


def _said(answer: Answer) -> str:
    return f"{answer.score:g}" if answer.score is not None else answer.raw if answer.raw else answer.outcome.value


def _empty(version: Version) -> bool:
    """Whether nobody has written anything in a file; a record names its interviewer from the start."""
    if (told := version.session) is not None and (told.day or told.minutes or told.points):
        return False
    return all(
        answer.outcome is Outcome.BLANK and not (answer.evidence or answer.comment or answer.proof)
        for answer in version.reply or ()
    )


def _issue(version: Version) -> Issue:
    if version.issue is None:
        raise Unbalanced(f"{version.file.name}: no issue")
    return version.issue
