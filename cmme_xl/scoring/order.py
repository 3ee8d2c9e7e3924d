"""Importance and priority (scoring.md rule 9)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal

from cmme_xl.scoring.arithmetic import round_half_away
from cmme_xl.scoring.gap import Gap
from cmme_xl.scoring.nouns import Result

Setting = Literal["target", "benchmark", "larger"]
Prerequisites = Mapping[str, Iterable[str]]
_Key = tuple[float, ...]


def importance(
    indicators: Iterable[str],
    results: Mapping[str, Result],
    gaps_to_target: Mapping[str, Gap],
    gaps_to_benchmark: Mapping[str, Gap],
    setting: Setting = "target",
) -> dict[str, float]:
    """Points of total that closing each indicator's gap would add, 0 or more (scoring.md rule 9).

    `target`: the gap to target, else to benchmark; `benchmark`: the other way round; `larger`: the larger.
    An indicator without a gap is left out: no gap, no rank.
    """
    points: dict[str, float] = {}
    for id_ in indicators:
        gap = _gap(_value(gaps_to_target, id_), _value(gaps_to_benchmark, id_), setting)
        if gap is not None:
            points[id_] = results[id_].valued_share * max(gap, 0.0)
    return points


def _value(found: Mapping[str, Gap], id_: str) -> float | None:
    return found[id_].value if id_ in found else None


def _gap(to_target: float | None, to_benchmark: float | None, setting: Setting) -> float | None:
    if to_target is None or to_benchmark is None:
        return to_benchmark if to_target is None else to_target
    if setting == "larger":
        return max(to_target, to_benchmark)
    return to_benchmark if setting == "benchmark" else to_target


def priority(
    indicators: Sequence[str],
    points: Mapping[str, float],
    urgency: Mapping[str, int],
    effort: Mapping[str, float],
    prerequisites: Prerequisites,
    decimals: int = 2,
) -> tuple[str, ...]:
    """The indicators that have points, in the order of doing (scoring.md rule 9).

    At each step, among those whose prerequisites are done: the most urgent (3 before 1; unset counts as 1), then
    the largest rounded points per effort (> 0; unset counts as 1), then the first in catalogue order
    (`indicators`).
    Raises ValueError on a ring of prerequisites.
    """
    return ordered(
        indicators,
        points,
        prerequisites,
        lambda id_: (urgency.get(id_, 1), per_effort(id_, points, effort, decimals)),
    )


def per_effort(id_: str, points: Mapping[str, float], effort: Mapping[str, float], decimals: int) -> float:
    """Points of total per unit of effort, rounded as they are ranked (rule 14); unset effort counts as 1."""
    return round_half_away(points[id_] / effort.get(id_, 1.0), decimals)


def ordered(
    indicators: Sequence[str],
    points: Mapping[str, float],
    prerequisites: Prerequisites,
    key: Callable[[str], _Key],
) -> tuple[str, ...]:
    """Those that have points, the largest key first among those ready (rules 9 and 13).

    A prerequisite with nothing to gain holds nobody up. Raises ValueError on a ring of prerequisites.
    """
    waiting = [id_ for id_ in indicators if id_ in points]
    keys = {id_: key(id_) for id_ in waiting}
    open_ = {id_ for id_ in waiting if points[id_] > 0}
    done: list[str] = []
    while waiting:
        ready = [id_ for id_ in waiting if open_.isdisjoint(prerequisites.get(id_, ()))]
        if not ready:
            raise ValueError(f"prerequisites go round in a ring: {', '.join(waiting)}")
        best = max(ready, key=keys.__getitem__)  # the first of equals, so ties keep catalogue order
        done.append(best)
        waiting.remove(best)
        open_.discard(best)
    return tuple(done)
