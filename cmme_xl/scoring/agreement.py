"""How far respondents agree, and what the debrief has to talk about (scoring.md rules 6, 10)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cmme_xl.scoring.arithmetic import mean, round_half_away, scores, tier_means, weighted_mean
from cmme_xl.scoring.nouns import Kind, Node, Result, Vote


@dataclass(frozen=True)
class Agreement:
    """Raw answers at a node. spread: max - min; sd: population standard deviation; both None where n = 0.

    tiers: plain mean of each tier that scored. largest_tier_difference: None under two tiers.
    """

    id: str
    n: int
    spread: float | None
    sd: float | None
    tiers: Mapping[str, float]
    largest_tier_difference: float | None


def agreement(node: Node) -> Agreement:
    """Of the scores at a question; above it, of the respondents' own means (scoring.md rule 10).

    A respondent's own mean is rolled up by rule 4 from that person's scores alone, over the nodes the plan keeps.
    Calibrations and given figures play no part; above a question, votes are told apart by `respondent`.
    """
    votes = list(_own_means(node).values()) if node.children else list(node.votes)
    values = scores(votes)
    tiers = tier_means(votes)
    return Agreement(
        node.id,
        n=len(values),
        spread=max(values) - min(values) if values else None,
        sd=_population_sd(values) if values else None,
        tiers=tiers,
        largest_tier_difference=max(tiers.values()) - min(tiers.values()) if len(tiers) > 1 else None,
    )


def _own_means(node: Node) -> dict[str, Vote]:
    """Each respondent's own value at the node, as a vote."""
    if not node.children:
        return {vote.respondent: vote for vote in node.votes if vote.score is not None}
    parts: dict[str, list[tuple[float | None, float]]] = {}
    tiers: dict[str, str] = {}
    for child in node.children:
        for respondent, vote in _own_means(child).items() if child.in_scope else ():
            parts.setdefault(respondent, []).append((vote.score, child.weight))
            tiers[respondent] = vote.tier
    own = {respondent: weighted_mean(pairs) for respondent, pairs in parts.items()}
    return {
        respondent: Vote(Kind.SCORED, value, tier=tiers[respondent], respondent=respondent)
        for respondent, value in own.items()
        if value is not None
    }


def _population_sd(values: Sequence[float]) -> float:
    centre = mean(values)
    return math.sqrt(mean([(value - centre) ** 2 for value in values]))


def agenda(
    indicators: Sequence[str],
    results: Mapping[str, Result],
    agreements: Mapping[str, Agreement],
    applicability: Iterable[str] = (),
    limit: int = 12,
    decimals: int = 2,
) -> tuple[str, ...]:
    """The debrief agenda's ids, in order (scoring.md rule 10).

    First up to `limit` of `indicators` (in catalogue order) in scope, by effective share x max(largest
    difference of tier means, standard deviation), rounded, ties in catalogue order; full agreement needs no
    debrief. Then those of `applicability` (questions, in catalogue order) where half or more of those asked
    said NA (rule 6).
    """
    weight: dict[str, float] = {}
    for id_ in indicators:
        distance = _distance(agreements.get(id_))
        if results[id_].in_scope and round_half_away(distance, decimals) > 0:
            weight[id_] = round_half_away(results[id_].share * distance, decimals)
    chosen = sorted(weight, key=lambda id_: -weight[id_])[:limit]
    doubtful = [id_ for id_ in applicability if 0 < results[id_].asked <= 2 * results[id_].na]
    return tuple(dict.fromkeys(chosen + doubtful))


def _distance(found: Agreement | None) -> float:
    return max(found.largest_tier_difference or 0.0, found.sd or 0.0) if found else 0.0
