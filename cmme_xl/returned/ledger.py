"""The ledger: every file and every expected answer once, and the proof that nothing was lost.

`settle` accounts, `balance` asserts: files = accepted + set aside, expected = the sum of all outcomes.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from cmme_xl.findings import Finding
from cmme_xl.plan.issued import RECORD, Issue, latest
from cmme_xl.plan.model import Plan
from cmme_xl.returned.asked import expected, left, questions
from cmme_xl.returned.model import Answers, Outcome, Record, Returned, Status
from cmme_xl.returned.replies import Reply
from cmme_xl.returned.settling import settle_person
from cmme_xl.returned.version import Unbalanced, Version


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
        settled = settle_person(by_person.get(person, []), order, by_id, plan.settings.prefer_newest)
        given = settled.reply
        if person not in by_person:
            findings.append(Finding("LED_004", values={"respondent": person}))
        due = expected(plan.catalogue, (asking.get(person, last), *settled.recorded), by_id)
        replies.append(replace(given, respondent=person).standing(due))
        if settled.recorded:
            agreed, own = (replace(each, respondent=person) for each in (settled.agreed, settled.own))
            records.append(Record(person, agreed.standing(due), own.standing(due), settled.sessions))
        findings += _changed(plan, person, questions(due))
        beyond = left(given.asked, due)
        if beyond:
            listed = ", ".join(f"{question} {angle}" for question, angle in sorted(beyond))
            findings.append(Finding("LED_008", values={"respondent": person, "count": len(beyond), "ids": listed}))
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


def _changed(plan: Plan, person: str, asked: Collection[str]) -> Iterator[Finding]:
    """Where the plan assigns other questions than `asked`, which were sent; what it leaves out of scope counts not."""
    assigned = set(plan.assigned.get(person, ()))
    removed = sum(plan.in_scope(question) for question in asked if question not in assigned)
    added = len(assigned.difference(asked))
    if added or removed:
        yield Finding("LED_009", values={"respondent": person, "added": added, "removed": removed})
