"""What an audience may see of how far people agree (scoring.md rule 15)."""

from collections.abc import Mapping
from dataclasses import dataclass

from cmme_xl.results.model import Results
from cmme_xl.scoring import Agreement, Kind, Node


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

    - no tier of which fewer than `limits.tier_shown_min` people scored at the node; and where this hides one tier
      alone, neither the smallest of the others, since the node's own figure would give the first away;
    - no spread under `limits.spread_shown_min` people, and no standard deviation, which at two people is the spread.

    People are counted, not answers: three answers of one person at an indicator still speak for one person.
    """
    client = results.plan.settings.audience == "client"
    order = [group.id for group in results.plan.catalogue.groups]
    people: dict[str, dict[str, set[str]]] = {}
    _gather(results.scopes["standard"].angles["current"].tree, people)
    limits = results.plan.catalogue.limits
    shown = {}
    for id_, found in results.agreement.items():
        few = client and found.n < limits.spread_shown_min
        withheld = _withheld(found, people[id_], limits.tier_shown_min) if client else frozenset()
        shown[id_] = Shown(
            id=id_,
            n=found.n,
            spread=None if few else found.spread,
            sd=None if few else found.sd,
            tiers={
                tier: None if tier in withheld else found.tiers[tier] for tier in sorted(found.tiers, key=order.index)
            },
        )
    return shown


def _gather(node: Node, people: dict[str, dict[str, set[str]]]) -> dict[str, set[str]]:
    """Who scored at each node, by tier; above a question, over the children that the plan keeps."""
    heard: dict[str, set[str]] = {}
    for vote in node.votes:
        if vote.kind is Kind.SCORED:
            heard.setdefault(vote.tier, set()).add(vote.respondent)
    for child in node.children:
        for tier, respondents in _gather(child, people).items():
            if child.in_scope:
                heard.setdefault(tier, set()).update(respondents)
    people[node.id] = heard
    return heard


def _withheld(found: Agreement, people: Mapping[str, set[str]], at_least: int) -> frozenset[str]:
    size = {tier: len(people[tier]) for tier in found.tiers}
    hidden = {tier for tier in size if size[tier] < at_least}
    others = [tier for tier in size if tier not in hidden]
    if len(hidden) == 1 and others:
        hidden.add(min(others, key=size.__getitem__))
    return frozenset(hidden)
