"""What an audience may see (scoring.md rule 15): no figure of few people, nor another from which it could be had."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cmme_xl.results.compute import rules
from cmme_xl.results.model import Results
from cmme_xl.scoring import Node, Vote

OWN = ("current", "target")
"""The angles of the enterprise's own people; what outsiders say is a figure of theirs, not of one of these."""


@dataclass(frozen=True, slots=True)
class _Family:
    """Indicators that stand in for one another: of one angle and dimension, all key or all not, so that totals under
    either scope say no more of one of them than of all together. `people`: indicator -> whose scores it is made of."""

    angle: str
    people: Mapping[str, frozenset[str]]

    def hidden(self, least: int) -> tuple[str, ...]:
        """Those that fewer than `least` people scored, and as many others, fewest people first, as it takes for the
        sum of the hidden ones, which follows from the totals, to speak for two indicators and `least` people."""
        hidden = [id_ for id_, people in self.people.items() if len(people) < least]
        others = sorted((id_ for id_ in self.people if id_ not in hidden), key=lambda id_: len(self.people[id_]))
        while hidden and others and not self.safe(hidden, least):
            hidden.append(others.pop(0))
        return tuple(hidden)

    def safe(self, hidden: Sequence[str], least: int) -> bool:
        """Whether nobody's figure follows from what the hidden ones come to together."""
        return len(hidden) > 1 and len(frozenset[str]().union(*(self.people[id_] for id_ in hidden))) >= least


def withheld(results: Results, audience: str) -> frozenset[tuple[str, str]]:
    """(angle, indicator) of which this audience sees no figure: too few of the enterprise's people scored it, or it
    would give such a one away. Figures given or calibrated speak for nobody and are never withheld."""
    if audience != "client":
        return frozenset()
    least = results.plan.catalogue.limits.tier_shown_min
    return frozenset((each.angle, id_) for each in _families(results) for id_ in each.hidden(least))


def exposed(results: Results) -> tuple[str, ...]:
    """The indicators that a client could work out all the same, since there is nothing to hide them among."""
    least, found = results.plan.catalogue.limits.tier_shown_min, []
    for family in _families(results):
        hidden = family.hidden(least)
        if hidden and not family.safe(hidden, least):
            found += [id_ for id_ in hidden if len(family.people[id_]) < least]
    return tuple(dict.fromkeys(found))


def sealed(results: Results, angle: str) -> frozenset[str]:
    """The questions that a client sees nothing of: all of an indicator in which a question has scores, but too few to
    show them, or which is withheld itself."""
    least = results.plan.catalogue.limits.tier_shown_min
    hidden = {indicator for of, indicator in withheld(results, "client") if of == angle}
    found: set[str] = set()
    hears = rules(results.plan, angle).hears
    for dimension in results.scopes["standard"].angles[angle].tree.children:
        for indicator in dimension.children:
            few = any(0 < len(voices(each, hears)) < least for each in indicator.children if each.in_scope)
            if few or indicator.id in hidden:
                found |= {question.id for question in indicator.children}
    return frozenset(found)


def _families(results: Results) -> Iterator[_Family]:
    key = {each.id for each in results.plan.catalogue.indicators if each.key}
    for angle in OWN:
        hears = rules(results.plan, angle).hears
        for dimension in results.scopes["standard"].angles[angle].tree.children:
            people: dict[str, frozenset[str]] = {}
            for each in dimension.children if dimension.in_scope else ():
                given = each.given is not None or each.calibrated is not None
                scorers = voices(each, hears)
                if each.in_scope and not given and scorers:
                    people[each.id] = scorers
            for kind in (True, False):
                yield _Family(angle, {id_: scorers for id_, scorers in people.items() if (id_ in key) is kind})


def voices(node: Node, hears: Callable[[Vote], bool]) -> frozenset[str]:
    """Whose scores a figure is made of: of a question, or of all beneath a node that the plan keeps; people whose
    weight is 0 say nothing in it (see `Rules.hears`)."""
    own = {vote.respondent for vote in node.votes if hears(vote)}
    return frozenset(own.union(*(voices(child, hears) for child in node.children if child.in_scope)))


@dataclass(frozen=True, slots=True)
class Shown:
    """The agreement at a node, fit for the plan's audience: None stands for what is withheld.

    `tiers` names every tier that scored there, in catalogue order.
    """

    id: str
    n: int
    spread: float | None
    sd: float | None
    tiers: Mapping[str, float | None]


def shown_agreement(results: Results) -> dict[str, Shown]:
    """The agreement at every indicator and question, by id. A consultant is shown everything; a client

    - no tier of which fewer than `limits.tier_shown_min` people scored at the node; and as many others, smallest
      first, as it takes for the hidden ones to be two tiers and that many people together, since the node's own
      figure tells what they come to, in which only those count whose weight is not 0;
    - no tier at a question where it may not be shown at another of the same indicator, whose mean would tell;
    - no spread under `limits.spread_shown_min` people, and no standard deviation, which at two people is the spread;
    - nothing at all of an indicator that is withheld, or of a question that is sealed.

    People are counted, not answers: three answers of one person at an indicator still speak for one person.
    """
    client = results.plan.settings.audience == "client"
    order = [group.id for group in results.plan.catalogue.groups]
    limits = results.plan.catalogue.limits
    hidden: frozenset[str] = frozenset()
    barred: dict[str, frozenset[str]] = {}
    if client:
        tree = results.scopes["standard"].angles["current"].tree
        hears = rules(results.plan, "current").hears
        scored: dict[str, dict[str, set[str]]] = {}
        heard: dict[str, dict[str, set[str]]] = {}
        _gather(tree, lambda vote: vote.score is not None, scored)
        _gather(tree, hears, heard)
        hidden = sealed(results, "current") | {id_ for angle, id_ in withheld(results, "client") if angle == "current"}
        barred = {id_: _barred(scored[id_], heard[id_], limits.tier_shown_min) for id_ in results.agreement}
        for indicator in (each for dimension in tree.children for each in dimension.children):
            questions = [question.id for question in indicator.children]
            everywhere = frozenset[str]().union(*(barred[id_] for id_ in questions))
            barred |= {id_: barred[id_] | everywhere for id_ in questions}
    shown = {}
    for id_, found in results.agreement.items():
        few = client and (found.n < limits.spread_shown_min or id_ in hidden)
        without = frozenset(found.tiers) if id_ in hidden else barred.get(id_, frozenset())
        tiers = {tier: None if tier in without else found.tiers[tier] for tier in sorted(found.tiers, key=order.index)}
        shown[id_] = Shown(id_, found.n, None if few else found.spread, None if few else found.sd, tiers)
    return shown


def _barred(scored: Mapping[str, set[str]], heard: Mapping[str, set[str]], least: int) -> frozenset[str]:
    """The tiers that may not be shown at a node, from who scored there by tier, and whose score is heard in it."""
    barred = {tier for tier, own in scored.items() if 0 < len(own) < least}
    others = sorted((tier for tier in heard if tier not in barred), key=lambda tier: len(heard[tier]))
    told = [heard[tier] for tier in barred if tier in heard]
    while told and others and (len(told) < 2 or sum(map(len, told)) < least):
        barred.add(others[0])
        told.append(heard[others.pop(0)])
    return frozenset(barred)


def _gather(
    node: Node, counts: Callable[[Vote], bool], people: dict[str, dict[str, set[str]]]
) -> dict[str, set[str]]:
    """Whose votes count at each node, by tier; above a question, over the children that the plan keeps."""
    found: dict[str, set[str]] = {}
    for vote in node.votes:
        if counts(vote):
            found.setdefault(vote.tier, set()).add(vote.respondent)
    for child in node.children:
        for tier, respondents in _gather(child, counts, people).items():
            if child.in_scope:
                found.setdefault(tier, set()).update(respondents)
    people[node.id] = found
    return found
