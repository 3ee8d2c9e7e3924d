"""Importance, priority, and the efficient path to a level (scoring.md rules 9, 13)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from cmme_xl.scoring.arithmetic import round_half_away
from cmme_xl.scoring.gap import Gap
from cmme_xl.scoring.nouns import Result

Setting = Literal["target", "benchmark", "larger"]
Prerequisites = Mapping[str, Iterable[str]]
_Key = tuple[float, ...]


@dataclass(frozen=True)
class Step:
    """One indicator raised: the points of total it adds, and the total after it."""

    id: str
    points: float
    total: float


@dataclass(frozen=True)
class Path:
    """The steps of a path, in order; reached: the rounded total is at or above the threshold."""

    steps: tuple[Step, ...]
    reached: bool


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
    return _ordered(
        indicators,
        points,
        prerequisites,
        lambda id_: (urgency.get(id_, 1), _per_effort(id_, points, effort, decimals)),
    )


def efficient_path(
    indicators: Sequence[str],
    points: Mapping[str, float],
    effort: Mapping[str, float],
    prerequisites: Prerequisites,
    start: float | None,
    threshold: float,
    decimals: int = 2,
) -> Path:
    """Indicators raised one by one until the rounded total reaches the threshold (scoring.md rule 13).

    Greedy: prerequisites first, then rounded points per effort, ties in catalogue order (`indicators`).
    `points` are those of `importance` under the setting `target`; `start` is the current total.
    Raises ValueError on a ring of prerequisites.
    """
    if start is None:
        return Path((), reached=False)
    candidates = [id_ for id_ in indicators if points.get(id_, 0.0) > 0]
    order = _ordered(candidates, points, prerequisites, lambda id_: (_per_effort(id_, points, effort, decimals),))
    steps: list[Step] = []
    total = start
    for id_ in order:
        if round_half_away(total, decimals) >= threshold:
            break
        total += points[id_]
        steps.append(Step(id_, points[id_], total))
    return Path(tuple(steps), reached=round_half_away(total, decimals) >= threshold)


def _per_effort(id_: str, points: Mapping[str, float], effort: Mapping[str, float], decimals: int) -> float:
    return round_half_away(points[id_] / effort.get(id_, 1.0), decimals)


def _ordered(
    indicators: Sequence[str],
    points: Mapping[str, float],
    prerequisites: Prerequisites,
    key: Callable[[str], _Key],
) -> tuple[str, ...]:
    """The largest key first among those ready. A prerequisite with nothing to gain holds nobody up."""
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
