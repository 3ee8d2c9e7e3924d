"""What was agreed in the sessions beside what people had answered themselves (scoring.md rule 3): both, and how far
they differ. Nothing here bears on a score."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from cmme_xl.catalogue import ROOT, Catalogue
from cmme_xl.plan.model import Plan
from cmme_xl.returned.model import Answer, Outcome, Record, Returned
from cmme_xl.returned.session import Session
from cmme_xl.scoring.arithmetic import mean

OPEN = (Outcome.BLANK, Outcome.MISSING)


@dataclass(frozen=True, slots=True)
class Change:
    """One answer that was agreed otherwise than it had been given; `own` is MISSING where nothing came back."""

    question: str
    own: Answer
    agreed: Answer

    @property
    def difference(self) -> float | None:
        """Agreed - own in points of the scale, None unless both are scores."""
        if self.own.score is None or self.agreed.score is None:
            return None
        return self.agreed.score - self.own.score


@dataclass(frozen=True, slots=True)
class Difference:
    """How far agreed scores differ from own ones, over the answers where both are scores.

    `n` such answers of `people` persons; `own` and `agreed` are their plain means, `difference` = agreed - own, all
    three None where n is 0; `raised` and `lowered` answers were agreed higher and lower than given.
    """

    n: int
    people: int
    own: float | None
    agreed: float | None
    difference: float | None
    raised: int
    lowered: int


@dataclass(frozen=True, slots=True)
class Talk:
    """One person's record: of `asked` questions `agreed` were settled in the session, the others stand as answered.

    `changes` are the answers agreed otherwise than given, in catalogue order.
    """

    respondent: str
    sessions: tuple[Session, ...]
    asked: int
    agreed: int
    difference: Difference
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Agreed:
    """The records of one angle: people in the plan's order, and the difference at every node by id, the root's being
    `catalogue.ROOT`; a node is there where any answer beneath it was agreed."""

    angle: str
    people: tuple[Talk, ...]
    nodes: Mapping[str, Difference]

    @property
    def total(self) -> Difference:
        """Over all answers."""
        return self.nodes.get(ROOT, _NONE)


def agreed(plan: Plan, returned: Returned, angle: str = "current") -> Agreed:
    """The records of an engagement, for one angle; those of people whom the plan no longer names are left out.

    `returned.records` is empty, and so is everything here, where no record came back.
    """
    of = {record.respondent: record for record in returned.records}
    talks = tuple(_talk(plan.catalogue, of[person.id], angle) for person in plan.people if person.id in of)
    pairs: dict[str, list[Change]] = {}
    for talk in talks:
        for pair in _settled(of[talk.respondent], angle):
            for node in _above(plan.catalogue, pair.question):
                pairs.setdefault(node, []).append(pair)
    order = (ROOT, *(node.id for node in plan.catalogue.nodes))
    return Agreed(angle, talks, {node: _difference(pairs[node]) for node in order if node in pairs})


def shown(found: Agreed, plan: Plan, audience: str) -> Agreed:
    """What an audience may see of it (scoring.md rule 15): for a client nothing of persons, the total and the
    dimensions alone, each where at least `limits.tier_shown_min` people are compared; and no dimension where another
    is hidden, which the total would give away."""
    if audience != "client":
        return found
    least = plan.catalogue.limits.tier_shown_min
    dimensions = {each.id: found.nodes[each.id] for each in plan.catalogue.dimensions if each.id in found.nodes}
    whole = all(each.people >= least for each in dimensions.values())
    nodes = ({ROOT: found.total} | dimensions) if whole else {ROOT: found.total}
    return Agreed(found.angle, (), {node: each for node, each in nodes.items() if each.people >= least})


def _talk(catalogue: Catalogue, record: Record, angle: str) -> Talk:
    order = {question: place for place, question in enumerate(catalogue.questions)}
    pairs = sorted(_settled(record, angle), key=lambda pair: order[pair.question])
    changes = tuple(pair for pair in pairs if _said(pair.own) != _said(pair.agreed))
    asked = sum(asked_for == angle for _, asked_for in record.agreed.asked)
    return Talk(record.respondent, record.sessions, asked, len(pairs), _difference(pairs), changes)


def _settled(record: Record, angle: str) -> Iterator[Change]:
    """Every answer that the record settles, beside the person's own."""
    for own, settled in zip(record.own, record.agreed, strict=True):
        if settled.angle == angle and settled.outcome not in OPEN:
            yield Change(settled.question, own, settled)


def _above(catalogue: Catalogue, question: str) -> tuple[str, ...]:
    return question, catalogue.indicator_of[question].id, catalogue.dimension_of[question].id, ROOT


def _difference(pairs: Iterable[Change]) -> Difference:
    scored = [
        (pair.agreed.respondent, own, settled)
        for pair in pairs
        if (own := pair.own.score) is not None and (settled := pair.agreed.score) is not None
    ]
    if not scored:
        return _NONE
    return Difference(
        n=len(scored),
        people=len({person for person, _, _ in scored}),
        own=mean([own for _, own, _ in scored]),
        agreed=mean([settled for _, _, settled in scored]),
        difference=mean([settled - own for _, own, settled in scored]),
        raised=sum(settled > own for _, own, settled in scored),
        lowered=sum(settled < own for _, own, settled in scored),
    )


_NONE = Difference(0, 0, None, None, None, 0, 0)


def _said(answer: Answer) -> tuple[Outcome, float | None]:
    return answer.outcome, answer.score
