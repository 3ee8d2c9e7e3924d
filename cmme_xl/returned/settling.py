"""Of several versions from one person which one counts, answer by answer; none is dropped without a word."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cmme_xl.findings import Finding
from cmme_xl.plan.issued import RECORD, Issue
from cmme_xl.returned.asked import before, left, pairs
from cmme_xl.returned.model import Answer, Outcome, ReturnedFile, Status
from cmme_xl.returned.repeats import Standing, joined
from cmme_xl.returned.replies import Reply
from cmme_xl.returned.session import Session
from cmme_xl.returned.version import Version, differences, empty, issue_of, said

MAX_LISTED = 12


@dataclass(frozen=True, slots=True)
class Settled:
    """What one person's files come to: `own` and `agreed` are those of the person and of the interviewer's records
    alone, which are issues of `recorded`."""

    reply: Reply
    own: Reply
    agreed: Reply
    recorded: tuple[Issue, ...] = ()
    sessions: tuple[Session, ...] = ()


def settle_person(
    versions: list[Version], order: Mapping[str, int], issues: Mapping[str, Issue], prefer_newest: bool
) -> Settled:
    """The answers of one person out of all versions; gives every version its status."""
    versions = _without_repeats(versions)
    below = [version for version in versions if issue_of(version).kind != RECORD]
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
    recorded = {issue_of(each).id: issue_of(each) for each in standing}
    return Settled(reply, own, agreed, tuple(recorded.values()), sessions)


def _records(versions: Iterable[Version], order: Mapping[str, int]) -> list[list[Version]]:
    """The interviewer's records among the versions, those of one issue together, the oldest issue first."""
    found: dict[str, list[Version]] = {}
    for version in versions:
        if issue_of(version).kind == RECORD:
            found.setdefault(issue_of(version).id, []).append(version)
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
        by_issue.setdefault(issue_of(version).id, []).append(version)
    # From the newest issue back: what a newer one supersedes by design is set aside before it is compared.
    standing: list[Version] = []
    for issue_id in sorted(by_issue, key=order.__getitem__, reverse=True):
        rivals = by_issue[issue_id]
        above = next((v for v in standing if _replaces(issue_of(v), issue_of(rivals[0]), issues)), None)
        if above is not None:
            for version in rivals:
                version.set(Status.SUPERSEDED, Finding("LED_002", values={"other": above.file.name}))
        else:
            standing += rivals
    return standing


def _replaces(newer: Issue, older: Issue, issues: Mapping[str, Issue]) -> bool:
    """Whether `newer` stands for the whole of `older` by design (returns.md)."""
    if newer.id == older.id or older.id not in {issue.id for issue in before(newer, issues)}:
        return False
    if newer.kind != "clarification":
        return True
    return not left(pairs(older.questions, older.angles), pairs(newer.questions, newer.angles))


def _without_repeats(versions: list[Version]) -> list[Version]:
    """The versions that differ; copies with equal answers and files without any answer are set aside."""
    if len(versions) < 2:
        return versions
    first: dict[tuple[str, frozenset[object]], Version] = {}
    kept: list[Version] = []
    filled = any(not empty(version) for version in versions)
    for version in versions:
        twin = first.setdefault((issue_of(version).id, frozenset(version.content.items())), version)
        if twin is not version:
            version.set(Status.DUPLICATE, Finding("LED_003", values={"other": twin.file.name}))
        elif filled and empty(version):
            version.set(Status.SUPERSEDED, Finding("LED_006"))
        else:
            kept.append(version)
    return kept


def _decided(standing: list[Version], prefer_newest: bool) -> list[Version]:
    """The versions that count, most authoritative first; unresolved ones get the status CONFLICT."""
    rivals = [
        version
        for version in standing
        if any(other is not version and _rival(version, other) and differences(version, other) for other in standing)
    ]
    if not rivals:
        return standing
    newest = _newest(rivals) if prefer_newest else None
    for version in rivals:
        other = newest if newest is not None else next(o for o in rivals if o is not version)
        if version is newest:
            continue
        differing = differences(version, other)
        listed = "; ".join(differing[:MAX_LISTED]) + (" ..." if len(differing) > MAX_LISTED else "")
        values = {"other": other.file.name, "count": len(differing), "differences": listed}
        status, code = (Status.CONFLICT, "LED_001") if newest is None else (Status.SUPERSEDED, "LED_007")
        version.set(status, Finding(code, values=values))
    return [version for version in standing if version not in rivals or version is newest or newest is None]


def _rival(first: Version, second: Version) -> bool:
    """Whether two versions claim the same place: neither is a clarification of the other."""
    clarifying = {issue_of(first).kind, issue_of(second).kind} & {"clarification"}
    return issue_of(first).id == issue_of(second).id or not clarifying


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
            if first.outcome is Outcome.CONFLICT or said(first) != said(answer):
                raw = f"{first.raw} | {answer.raw}"
                kept = kept._replace(outcome=Outcome.CONFLICT, score=None, raw=raw)
            found[key] = kept
    return found
