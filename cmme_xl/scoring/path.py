"""The efficient path to a level (scoring.md rule 13)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cmme_xl.scoring.arithmetic import round_half_away
from cmme_xl.scoring.order import Prerequisites, ordered, per_effort


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


def efficient_path(
    indicators: Sequence[str],
    points: Mapping[str, float],
    effort: Mapping[str, float],
    prerequisites: Prerequisites,
    start: float | None,
    threshold: float,
    decimals: int = 2,
    fine: int = 2,
) -> Path:
    """Indicators raised one by one until the rounded total reaches the threshold (scoring.md rule 13).

    Greedy: prerequisites first, then points per effort, ties in catalogue order (`indicators`). `points` are those
    of `importance` under the setting `target`; `start` is the current total. The total is rounded to `decimals`,
    points per effort to `fine` decimals, those that points are shown with (rule 14).
    Raises ValueError on a ring of prerequisites.
    """
    if start is None:
        return Path((), reached=False)
    candidates = [id_ for id_ in indicators if points.get(id_, 0.0) > 0]
    order = ordered(candidates, points, prerequisites, lambda id_: (per_effort(id_, points, effort, fine),))
    steps: list[Step] = []
    total = start
    for id_ in order:
        if round_half_away(total, decimals) >= threshold:
            break
        total += points[id_]
        steps.append(Step(id_, points[id_], total))
    return Path(tuple(steps), reached=round_half_away(total, decimals) >= threshold)
