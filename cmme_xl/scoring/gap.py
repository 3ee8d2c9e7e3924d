"""Gaps between two angles, like for like (scoring.md rule 8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from cmme_xl.scoring.arithmetic import weighted_mean
from cmme_xl.scoring.nouns import Node, Result


@dataclass(frozen=True)
class Gap:
    """Other angle - current, in points of the scale, negative = ahead; None where nothing can be compared.

    weight_share: the share, in [0, 1], of the node's in-scope weight that the value rests on.
    """

    id: str
    value: float | None
    weight_share: float


class _Part(NamedTuple):
    value: float | None
    compared: float
    reach: float


def gaps(
    current: Node, other: Node, current_results: Mapping[str, Result], other_results: Mapping[str, Result]
) -> dict[str, Gap]:
    """The gap at every node, by id. What is in scope, and the weights, are those of `current`.

    A single figure for a whole node, given or calibrated on either side, is compared at that node: no set of
    questions stands behind it. Raises ValueError where the trees differ in shape.
    """
    found: dict[str, Gap] = {}
    _gather(current, other, current_results, other_results, found)
    return found


def _gather(
    node: Node, twin: Node, mine: Mapping[str, Result], theirs: Mapping[str, Result], found: dict[str, Gap]
) -> _Part:
    if node.id != twin.id or len(node.children) != len(twin.children):
        raise ValueError(f"the trees differ at {node.id} and {twin.id}")
    pairs = [(child, twin.children[i]) for i, child in enumerate(node.children)]
    children = [
        (_gather(child, other, mine, theirs, found), child.weight, mine[child.id].in_scope) for child, other in pairs
    ]
    here, there = mine[node.id], theirs[node.id]
    if not node.children or _one_figure(here) or _one_figure(there):
        value = None if here.score is None or there.score is None else there.score - here.score
        part = _Part(value, compared=0.0 if value is None else 1.0, reach=1.0)
    else:
        inside = [(child, weight) for child, weight, in_scope in children if in_scope]
        part = _Part(
            weighted_mean((child.value, weight) for child, weight in inside),
            compared=weighted_mean((child.compared, weight) for child, weight in inside) or 0.0,
            reach=weighted_mean((child.reach, weight) for child, weight in inside) or 0.0,
        )
    found[node.id] = Gap(node.id, part.value, part.compared / part.reach if part.reach else 0.0)
    return part


def _one_figure(result: Result) -> bool:
    return result.source in ("given", "calibrated")
