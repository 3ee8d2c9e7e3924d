"""From votes to the total of one angle, with scope and coverage (scoring.md rules 2-7, 11)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from cmme_xl.scoring.arithmetic import combine, level, round_half_away, weighted_mean
from cmme_xl.scoring.nouns import Kind, Node, Result, Rules, Source

RATE_DECIMALS = 2
OTHERS = (Kind.NA, Kind.DK, Kind.BLANK, Kind.OPEN)
"""What came back without a score."""


class _Tally(NamedTuple):
    asked: int
    scored: int
    na: int
    dk: int
    blank: int
    open: int


class _Part(NamedTuple):
    """A node on the way up. `plain` and `plain_scope` are value and scope before any calibration.

    `covered` and `reach` are the covered and the in-scope effective weight beneath the node, as shares of it;
    reach is under 1 where weights beneath it sum to 0, since no share of the node can fall to what has them.
    """

    tally: _Tally
    dropped: bool = False
    in_scope: bool = False
    value: float | None = None
    low: float | None = None
    high: float | None = None
    covered: float = 0.0
    reach: float = 0.0
    plain: float | None = None
    plain_scope: bool = False
    raw: float | None = None
    source: Source = ""


_NOTHING = _Tally(0, 0, 0, 0, 0, 0)
_DROPPED = _Part(_NOTHING, dropped=True)


def score_tree(root: Node, rules: Rules) -> dict[str, Result]:
    """The results of every node of the tree, by id, parents before children (scoring.md rules 2-7, 11, 14).

    A figure put at a node, given or calibrated, stands even if everyone asked said NA; it cannot bring back what
    the plan drops. A calibration beats a given figure. Raises ValueError where two nodes share an id.
    """
    parts: dict[str, _Part] = {}
    _rise(root, rules, parts, dropped=False)
    results: dict[str, Result] = {}
    _descend(root, rules, parts, results, share=1.0, valued_share=1.0)
    return results


def _rise(node: Node, rules: Rules, parts: dict[str, _Part], dropped: bool) -> _Part:
    dropped = dropped or not node.in_scope
    children = [(_rise(child, rules, parts, dropped), child.weight) for child in node.children]
    if node.id in parts:
        raise ValueError(f"two nodes have the id {node.id}")
    if dropped or (children and all(part.dropped for part, _ in children)):
        part = _DROPPED
    elif children:
        part = _with_figures(node, _rolled_up(children))
    else:
        part = _with_figures(node, _question(node, rules))
    parts[node.id] = part
    return part


def _question(node: Node, rules: Rules) -> _Part:
    others = [vote.kind for vote in node.votes if vote.score is None]
    tally = _Tally(len(node.votes), len(node.votes) - len(others), *map(others.count, OTHERS))
    value = combine(node.votes, rules)
    in_scope = tally.asked == 0 or tally.na < tally.asked
    return _Part(
        tally,
        in_scope=in_scope,
        value=value,
        low=rules.scale.low if value is None else value,
        high=rules.scale.high if value is None else value,
        covered=0.0 if value is None else 1.0,
        reach=1.0,
        plain=value,
        plain_scope=in_scope,
    )


def _rolled_up(children: Sequence[tuple[_Part, float]]) -> _Part:
    inside = [(part, weight) for part, weight in children if part.in_scope]
    return _Part(
        _Tally(*(sum(part.tally[i] for part, _ in children) for i in range(len(_Tally._fields)))),
        in_scope=bool(inside),
        value=weighted_mean((part.value, weight) for part, weight in inside),
        low=weighted_mean((part.low, weight) for part, weight in inside),
        high=weighted_mean((part.high, weight) for part, weight in inside),
        covered=weighted_mean((part.covered, weight) for part, weight in inside) or 0.0,
        reach=weighted_mean((part.reach, weight) for part, weight in inside) or 0.0,
        plain=weighted_mean((part.plain, weight) for part, weight in children if part.plain_scope),
        plain_scope=any(part.plain_scope for part, _ in children),
    )


def _with_figures(node: Node, part: _Part) -> _Part:
    """What stands at the node once given and calibrated figures have taken their places."""
    part = part._replace(raw=part.plain, source="answers" if part.value is not None else "")
    if node.given is not None:
        part = part._replace(
            in_scope=True,
            value=node.given,
            low=node.given,
            high=node.given,
            covered=1.0,
            reach=1.0,
            plain=node.given,
            plain_scope=True,
            raw=part.value,
            source="given",
        )
    if node.calibrated is None:
        return part
    if isinstance(node.calibrated, str):
        return part._replace(in_scope=False, value=None, raw=part.plain, source="calibrated")
    answered = part.in_scope and part.reach > 0
    return part._replace(
        in_scope=True,
        value=node.calibrated,
        low=node.calibrated,
        high=node.calibrated,
        covered=part.covered if answered else 0.0,
        reach=part.reach if answered else 1.0,
        raw=part.plain,
        source="calibrated",
    )


def _descend(
    node: Node,
    rules: Rules,
    parts: dict[str, _Part],
    results: dict[str, Result],
    share: float,
    valued_share: float,
) -> None:
    """Results are made on the way down: shares need the siblings' scope; beneath what is out, all is out."""
    part = parts[node.id]
    results[node.id] = _result(node.id, part, rules, share, valued_share)
    if not part.in_scope:
        for child in node.children:
            parts[child.id] = parts[child.id]._replace(in_scope=False)
    all_weight = math.fsum(child.weight for child in node.children if parts[child.id].in_scope)
    valued_weight = math.fsum(child.weight for child in node.children if _valued(parts[child.id]))
    for child in node.children:
        inside, valued = parts[child.id].in_scope, _valued(parts[child.id])
        _descend(
            child,
            rules,
            parts,
            results,
            share=share * child.weight / all_weight if inside and all_weight else 0.0,
            valued_share=valued_share * child.weight / valued_weight if valued and valued_weight else 0.0,
        )


def _valued(part: _Part) -> bool:
    return part.in_scope and part.value is not None


def _result(id_: str, part: _Part, rules: Rules, share: float, valued_share: float) -> Result:
    tally, inside = part.tally, part.in_scope
    value, low, high = (part.value, part.low, part.high) if inside else (None, None, None)
    coverage = (part.covered / part.reach if part.reach else 0.0) if inside else None
    answerable = tally.asked - tally.na
    response_rate = tally.scored / answerable if answerable else None
    return Result(
        id=id_,
        score=value,
        raw=part.raw,
        source=part.source if inside or part.source == "calibrated" else "",
        low=low,
        high=high,
        coverage=coverage,
        response_rate=response_rate,
        asked=tally.asked,
        scored=tally.scored,
        na=tally.na,
        dk=tally.dk,
        blank=tally.blank,
        open=tally.open,
        in_scope=inside,
        level=level(value, rules.ladder, rules.decimals),
        provisional=coverage is not None and _provisional(coverage, response_rate, rules),
        share=share if inside else 0.0,
        low_level=level(low, rules.ladder, rules.decimals),
        high_level=level(high, rules.ladder, rules.decimals),
        valued_share=valued_share if _valued(part) else 0.0,
    )


def _provisional(coverage: float, response_rate: float | None, rules: Rules) -> bool:
    rates = [coverage] if response_rate is None else [coverage, response_rate]
    return any(round_half_away(rate, RATE_DECIMALS) < rules.provisional_below for rate in rates)
