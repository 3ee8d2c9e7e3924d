"""Rounding, means and levels: the steps every engine has to agree on (scoring.md rules 3, 4, 7, 14)."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from operator import mul

from cmme_xl.scoring.nouns import Ladder, Own, Rules, Vote

# Wide enough for every finite float; what decimal calls half up is half away from zero.
_WIDE = Context(prec=400, rounding=ROUND_HALF_UP)


@lru_cache(4_096)  # of one node many figures are the same
def round_half_away(x: float, digits: int = 2) -> float:
    """First to 15 significant decimal digits, then half away from zero; never -0.0 (scoring.md rule 14).

    Raises ValueError where `x` is not finite.
    """
    if not math.isfinite(x):
        raise ValueError(f"{x} cannot be rounded")
    fifteen = Decimal(f"{x:.14e}")
    return float(fifteen.quantize(Decimal(1).scaleb(-digits), context=_WIDE)) + 0.0


def weighted_mean(pairs: Iterable[tuple[float | None, float]]) -> float | None:
    """Mean of the (value, weight) pairs that have a value, None where their weights sum to 0 (rule 4).

    The sums are exact before their last rounding, so that the order of the pairs makes no difference.
    """
    values, weights = [], []
    for value, weight in pairs:
        if value is not None:
            values.append(value)
            weights.append(weight)
    return weighted(values, weights)


def weighted(values: Sequence[float], weights: Sequence[float]) -> float | None:
    """The same of values that all are there, and the weight of each."""
    total = math.fsum(weights)
    return math.fsum(map(mul, values, weights)) / total if total else None


def mean(values: Sequence[float]) -> float:
    """Plain mean of at least one value."""
    return math.fsum(values) / len(values)


def scores(votes: Iterable[Vote | Own]) -> list[float]:
    """The scores among the votes, in their order."""
    return [vote.score for vote in votes if vote.score is not None]


def tier_means(votes: Iterable[Vote | Own]) -> dict[str, float]:
    """Plain mean of each tier that scored; votes without a tier are left out (scoring.md rules 3, 10)."""
    by_tier: dict[str, list[float]] = {}
    for vote in votes:
        if vote.score is not None and vote.tier:
            by_tier.setdefault(vote.tier, []).append(vote.score)
    return {tier: mean(values) for tier, values in by_tier.items()}


def combine(votes: Iterable[Vote], rules: Rules) -> float | None:
    """A question's value from its votes, None where no score carries weight (scoring.md rule 3).

    Mean: by the persons' weights, or by the tiers' shares over the tiers that scored.
    Median: of the bare scores.
    """
    if rules.combine == "median":
        return _median(scores(votes))
    if rules.voice == "tier":
        return weighted_mean((value, rules.tier_shares.get(tier, 0.0)) for tier, value in tier_means(votes).items())
    scored = [vote for vote in votes if vote.score is not None]
    return weighted(scores(scored), [vote.weight for vote in scored])


def _median(values: Sequence[float]) -> float | None:
    if not values:
        return None
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def level(score: float | None, ladder: Ladder, decimals: int = 2) -> int | None:
    """The level, 1 or more, that the rounded score has reached; None without a score (scoring.md rule 7)."""
    if score is None:
        return None
    return max(1, bisect_right(ladder.thresholds, round_half_away(score, decimals)))


def gated_level(total_level: int | None, dimension_levels: Iterable[int | None]) -> int | None:
    """min(plain level, lowest dimension level + 1), over the dimensions that have one (scoring.md rule 7)."""
    if total_level is None:
        return None
    levels = [each for each in dimension_levels if each is not None]
    return min(total_level, min(levels) + 1) if levels else total_level
