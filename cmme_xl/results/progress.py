"""How far an engagement has come: who has answered how much, and what each group and indicator still lacks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cmme_xl.catalogue import Group, Indicator
from cmme_xl.plan.issued import RECORD, Asked, Issue, latest
from cmme_xl.plan.model import Person, Plan
from cmme_xl.results.model import CUSTOMER
from cmme_xl.returned.model import Answer, Outcome, Returned, ReturnedFile, Status

ANSWERED = (Outcome.SCORED, Outcome.NA, Outcome.DK)


class State(StrEnum):
    """Where a person stands, from nothing sent to nothing left to do."""

    UNSENT = "unsent"
    WAITING = "waiting"
    ASIDE = "aside"
    CONFLICT = "conflict"
    UNCLEAR = "unclear"
    CLARIFYING = "clarifying"
    ADDED = "added"
    PARTIAL = "partial"
    COMPLETE = "complete"


@dataclass(frozen=True, slots=True)
class Standing:
    """One person's progress. The counts are of the first angle, `unclear` of all: rejected, in conflict, or gone from
    a file that came back; `added` are the questions that only a workbook asks that is still out. `file` is the one
    that counts, else one that was set aside; `late`: due before today."""

    person: Person
    issue: Issue | None
    file: ReturnedFile | None
    state: State
    late: bool
    asked: int
    answered: int
    blank: int
    unclear: int
    added: int

    @property
    def returned(self) -> bool:
        """Whether answers came back that are read."""
        return self.state not in (State.UNSENT, State.WAITING, State.ASIDE)

    @property
    def open(self) -> int:
        return self.asked - self.answered


@dataclass(frozen=True, slots=True)
class Turnout:
    """A group's progress. `heard` people scored at least one question; `wanted` is how many it takes for the group to
    be shown, or its angle to be computed (0: any number)."""

    group: Group
    people: int
    sent: int
    returned: int
    complete: int
    asked: int
    answered: int
    heard: int
    wanted: int

    @property
    def lacking(self) -> int:
        return max(0, self.wanted - self.heard)


@dataclass(frozen=True, slots=True)
class Reach:
    """An indicator's askers: of `asked` of the enterprise's own people, `heard` scored one of its questions; `wanted`
    is the plan's least number. `groups`: group id -> (asked, heard), outsiders too."""

    indicator: Indicator
    wanted: int
    asked: int
    heard: int
    groups: Mapping[str, tuple[int, int]]

    @property
    def lacking(self) -> int:
        return max(0, self.wanted - self.heard)


@dataclass(frozen=True, slots=True)
class Progress:
    """Everything `status` tells: people in the plan's order, groups and indicators in the catalogue's, and files."""

    plan: Plan
    returned: Returned
    today: date
    people: tuple[Standing, ...]
    groups: tuple[Turnout, ...]
    indicators: tuple[Reach, ...]

    @property
    def waiting_for(self) -> tuple[Standing, ...]:
        """The people of whom something is still wanted."""
        return tuple(standing for standing in self.people if standing.state is not State.COMPLETE)

    @property
    def complete(self) -> int:
        return len(self.people) - len(self.waiting_for)

    @property
    def set_aside(self) -> tuple[ReturnedFile, ...]:
        return tuple(file for file in self.returned.files if not file.status.counted)


def progress(plan: Plan, issues: Sequence[Issue], returned: Returned, today: date) -> Progress:
    """The progress of an engagement as of `today`; people who are asked nothing are left out."""
    answers: dict[str, list[Answer]] = {}
    for answer in returned.answers:
        answers.setdefault(answer.respondent, []).append(answer)
    files: dict[str, list[ReturnedFile]] = {}
    for file in returned.files:
        files.setdefault(file.respondent, []).append(file)
    # whoever was interviewed without a workbook of their own counts as sent what the interviewer filled in
    recorded = {record.respondent for record in returned.records}
    sent = latest(issue for issue in issues if issue.kind == RECORD and issue.respondent in recorded)
    sent |= latest(issue for issue in issues if issue.kind != RECORD)
    by_id = {issue.id: issue for issue in issues}
    people = tuple(
        _standing(
            plan,
            person,
            sent.get(person.id),
            files.get(person.id, ()),
            answers.get(person.id, ()),
            by_id,
            today,
            recorded=person.id in recorded,
        )
        for person in plan.people
        if plan.assigned.get(person.id) or person.id in sent
    )
    asked, heard = _asked(plan, people, answers), _heard(plan, answers)
    groups = tuple(_turnout(plan, group, people, heard) for group in plan.catalogue.groups)
    reach = tuple(_reach(plan, each, people, asked, heard) for each in plan.catalogue.indicators)
    return Progress(plan, returned, today, people, groups, tuple(each for each in reach if each.groups))


def _standing(
    plan: Plan,
    person: Person,
    issue: Issue | None,
    files: Sequence[ReturnedFile],
    answers: Sequence[Answer],
    issues: Mapping[str, Issue],
    today: date,
    *,
    recorded: bool,
) -> Standing:
    angle = plan.angles(person)[0]
    own = [answer.outcome for answer in answers if answer.angle == angle]
    asked = len(own) or len(plan.assigned.get(person.id, ()))
    answered = sum(outcome in ANSWERED for outcome in own)
    counted = [file for file in files if file.status.counted]
    rivals = [file for file in files if file.status is Status.CONFLICT]
    lost = (Outcome.REJECTED, Outcome.CONFLICT, *((Outcome.MISSING,) if counted or rivals else ()))
    back = [issues[file.issue] for file in (*counted, *rivals) if file.issue in issues]
    new = _put([issue] if issue else []) - _put(back)
    asked_now = {each.id: each for each in issue.questions} if issue else {}
    doubts = [answer for answer in answers if answer.outcome in lost]
    added = {a.question for a in doubts if (asked_now.get(a.question), a.angle) in new}
    unclear = sum((asked_now.get(a.question), a.angle) not in new for a in doubts)
    open_ = issue is not None and issue.kind == "clarification" and issue.id not in {f.issue for f in counted}
    # what was to be clarified was settled in the session
    clarifying = open_ and not recorded
    if issue is None:
        state = State.UNSENT
    elif rivals:
        state = State.CONFLICT
    elif not counted:
        state = State.ASIDE if files else State.WAITING
    elif clarifying:
        state = State.CLARIFYING
    elif unclear:
        state = State.UNCLEAR
    elif added:
        state = State.ADDED
    else:
        state = State.COMPLETE if answered == asked else State.PARTIAL
    due = plan.engagement.due
    return Standing(
        person=person,
        issue=issue,
        file=next(iter((*counted, *rivals, *files)), None),
        state=state,
        late=due is not None and due < today and state is not State.COMPLETE,
        asked=asked,
        answered=answered,
        blank=own.count(Outcome.BLANK),
        unclear=unclear,
        added=len(added),
    )


def _put(issues: Iterable[Issue]) -> set[tuple[Asked | None, str]]:
    """The questions, as they were worded, and the angles that issues ask."""
    return {(asked, angle) for issue in issues for asked in issue.questions for angle in issue.angles}


def _asked(plan: Plan, people: Iterable[Standing], answers: Mapping[str, Sequence[Answer]]) -> dict[str, set[str]]:
    """Person id -> the indicators that person is asked about, by what was sent, else by the plan."""
    indicator_of = plan.catalogue.indicator_of
    found: dict[str, set[str]] = {}
    for standing in people:
        id_ = standing.person.id
        questions = {answer.question for answer in answers.get(id_, ())} or set(plan.assigned.get(id_, ()))
        found[id_] = {indicator_of[question].id for question in questions if plan.in_scope(question)}
    return found


def _heard(plan: Plan, answers: Mapping[str, Iterable[Answer]]) -> dict[str, set[str]]:
    """Person id -> the indicators of which that person scored a question, targets left out."""
    indicator_of = plan.catalogue.indicator_of
    return {
        id_: {
            indicator_of[answer.question].id
            for answer in given
            if answer.outcome is Outcome.SCORED and answer.angle != "target"
        }
        for id_, given in answers.items()
    }


def _turnout(plan: Plan, group: Group, people: Iterable[Standing], heard: Mapping[str, set[str]]) -> Turnout:
    members = [standing for standing in people if standing.person.group == group.id]
    limits = plan.catalogue.limits
    least = {"current": limits.tier_shown_min, "competitor": limits.competitor_min, CUSTOMER: limits.customer_min}
    return Turnout(
        group=group,
        people=len(members),
        sent=sum(standing.issue is not None for standing in members),
        returned=sum(standing.returned for standing in members),
        complete=sum(standing.state is State.COMPLETE for standing in members),
        asked=sum(standing.asked for standing in members),
        answered=sum(standing.answered for standing in members),
        heard=sum(bool(heard.get(standing.person.id)) for standing in members),
        wanted=least.get(group.angle, 0) if members else 0,
    )


def _reach(
    plan: Plan,
    indicator: Indicator,
    people: Iterable[Standing],
    asked: Mapping[str, set[str]],
    heard: Mapping[str, set[str]],
) -> Reach:
    groups: dict[str, tuple[int, int]] = {}
    for standing in people:
        id_, group = standing.person.id, standing.person.group
        if indicator.id in asked[id_]:
            before = groups.get(group, (0, 0))
            groups[group] = before[0] + 1, before[1] + (indicator.id in heard.get(id_, ()))
    own = [groups[tier.id] for tier in plan.catalogue.tiers if tier.id in groups]
    return Reach(
        indicator, plan.settings.askers_min, sum(each for each, _ in own), sum(each for _, each in own), groups
    )
