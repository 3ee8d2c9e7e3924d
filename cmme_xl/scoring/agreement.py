"""How far respondents agree, and what the debrief has to talk about (scoring.md rules 6, 10)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cmme_xl.scoring.arithmetic import mean, round_half_away, scores, tier_means, weighted
from cmme_xl.scoring.nouns import Node, Own, Result, Vote


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
    votes = _own_means(node)
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


def _own_means(node: Node) -> Sequence[Vote | Own]:
    """Each respondent's own value at the node; at a question, the votes."""
    if not node.children:
        return node.votes
    parts: dict[str, tuple[str, list[float], list[float]]] = {}
    for child in node.children:
        for own in _own_means(child) if child.in_scope else ():
            if own.score is not None:
                found = parts.get(own.respondent)
                if found is None:
                    found = parts[own.respondent] = own.tier, [], []
                _, values, weights = found
                values.append(own.score)
                weights.append(child.weight)
    means = ((weighted(values, weights), tier, whose) for whose, (tier, values, weights) in parts.items())
    return [Own(value, tier, whose) for value, tier, whose in means if value is not None]


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
