"""A whole block in one call: rows of nodes become a tree, and its results rows again (scoring.md rules 2 to 8).

Standard library and the syntax of Python 3.9 only: it also runs inside LibreOffice's Python.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from cmme_xl import scoring
from cmme_xl.hosts import cells as c
from cmme_xl.hosts.cells import Block, ErrorKind, Value, Wrong
from cmme_xl.scoring import OUT_OF_SCOPE, Gap, Kind, Ladder, Node, Result, Rules, Scale, Vote

_GIVEN, _CALIBRATED, _FIRST_RESPONDENT = 0, 1, 2


class _Row(NamedTuple):
    id: str
    parent: str
    weight: float | None
    place: int


class _Settings(NamedTuple):
    rules: Rules
    na: frozenset[str]


def roll_up(
    nodes: Block,
    answers: Block,
    other_answers: Block | None,
    people: Block | None,
    settings: Block | None,
    ladder: Sequence[float],
) -> list[list[Value]]:
    """value, low, high, coverage, level and gap of every row of `nodes`, "" where there is none.

    Rows without an id, as at the end of a whole column, answer with "". Raises Wrong where a range has the wrong
    shape, an id stands twice, a parent is not there, or there is not one node, and only one, without a parent.
    """
    chosen = _settings(settings, ladder)
    rows = _rows(nodes)
    current = _tree(rows, answers, people, chosen)
    results = scoring.score_tree(current, chosen.rules)
    gaps: Mapping[str, Gap] = {}
    if other_answers is not None:
        # values in one column are nobody's in particular
        combined = len(other_answers[0]) == 1
        heard = chosen._replace(rules=replace(chosen.rules, voice="person")) if combined else chosen
        other = _tree(rows, other_answers, None if combined else people, heard)
        gaps = scoring.gaps(current, other, results, scoring.score_tree(other, heard.rules))
    last = max(row.place for row in rows) + 1
    shown: list[list[Value]] = [[""] * 6 for _ in range(last)]
    for row in rows:
        shown[row.place] = _figures(results[row.id], gaps.get(row.id))
    return shown


def _figures(result: Result, gap: Gap | None) -> list[Value]:
    against = gap.value if gap is not None and result.in_scope else None
    figures = (result.score, result.low, result.high, result.coverage, result.level, against)
    return [c.shown(figure) for figure in figures]


def _rows(nodes: Block) -> list[_Row]:
    if not nodes or len(nodes[0]) != 3:
        raise Wrong
    rows = [
        _Row(_name(id_), _name(parent), c.weight(weight), index)
        for index, (id_, parent, weight) in enumerate(nodes)
        if not c.is_blank(id_)
    ]
    known = {row.id for row in rows}
    tops = [row for row in rows if not row.parent]
    if len(known) != len(rows) or len(tops) != 1 or any(row.parent not in known for row in rows if row.parent):
        raise Wrong
    return rows


def _name(cell: object) -> str:
    if c.is_error(cell) or isinstance(cell, bool):
        raise Wrong
    value = c.number(cell)
    return ("" if cell is None else str(cell)) if value is None else f"{value:.15g}"


def _tree(rows: Sequence[_Row], answers: Block, people: Block | None, chosen: _Settings) -> Node:
    """The block as a tree. Raises Wrong where rows stand in a ring, and so hang on nothing."""
    wide = len(answers[0])
    if wide == 2 or len(answers) < max(row.place for row in rows) + 1:
        raise Wrong
    first = _FIRST_RESPONDENT if wide > 2 else 0
    voters = _people(people, wide - first)
    children: dict[str, list[_Row]] = {}
    for row in rows:
        children.setdefault(row.parent, []).append(row)
    made = 0

    def node(row: _Row) -> Node:
        nonlocal made
        made += 1
        cells = answers[row.place]
        beneath = tuple(node(child) for child in children.get(row.id, ()))
        return Node(
            row.id,
            weight=1.0 if row.weight is None else row.weight,
            children=beneath,
            votes=() if beneath else _votes(cells[first:], voters, chosen),
            in_scope=row.weight is not None or not row.parent,
            given=_given(cells, chosen) if wide > 2 or beneath else None,
            calibrated=_calibrated(cells[_CALIBRATED], chosen) if wide > 2 else None,
        )

    [top] = children[""]
    tree = node(top)
    if made != len(rows):
        raise Wrong
    return tree


def _given(cells: Sequence[object], chosen: _Settings) -> float | None:
    return c.score(cells[_GIVEN], _ends(chosen))


def _calibrated(cell: object, chosen: _Settings) -> float | str | None:
    """A score, or text that takes the node out of scope. Raises Wrong on an error, or a number off the scale."""
    if c.is_error(cell):
        raise Wrong
    if c.is_blank(cell):
        return None
    if c.number(cell) is None:
        return OUT_OF_SCOPE
    value = c.score(cell, _ends(chosen))
    if value is None:
        raise Wrong(ErrorKind.NUM)
    return value


def _ends(chosen: _Settings) -> tuple[float, float]:
    return chosen.rules.scale.low, chosen.rules.scale.high


def _people(people: Block | None, count: int) -> list[tuple[float, str]]:
    if people is None:
        return [(1.0, "")] * count
    if len(people) != 2 or len(people[0]) != count:
        raise Wrong
    return [(c.weight(weight) or 0.0, _name(tier)) for weight, tier in zip(*people)]


def _votes(cells: Sequence[object], voters: Sequence[tuple[float, str]], chosen: _Settings) -> tuple[Vote, ...]:
    """An empty cell was not asked; text that is not a word for "not applicable" was asked and gave no score."""
    votes = []
    for index, (cell, (weight, tier)) in enumerate(zip(cells, voters)):
        if c.is_blank(cell):
            continue
        value = c.score(cell, _ends(chosen))
        unscored = Kind.NA if c.is_not_applicable(cell, chosen.na) else Kind.OPEN
        kind = unscored if value is None else Kind.SCORED
        votes.append(Vote(kind, value, weight, tier, str(index)))
    return tuple(votes)


def _settings(block: Block | None, ladder: Sequence[float]) -> _Settings:
    """The settings of an angle. Raises Wrong on one that is unknown, so that a slip of the pen is seen."""
    single: dict[str, object] = {"voice": "person", "combine": "mean", "low": 0.0, "high": 5.0, "decimals": 2.0}
    shares: dict[str, float] = {}
    thresholds: list[float] = []
    na: list[str] = []
    for key, value in block or ():
        name = _name(key)
        if name == "threshold":
            thresholds += c.numbers([[value]])
        elif name == "na":
            na.append(str(value))
        elif name.startswith("share:"):
            shares[name[len("share:") :]] = c.weight(value) or 0.0
        elif name in single:
            single[name] = value
        elif name:
            raise Wrong
    voice, combine = single["voice"], single["combine"]
    if voice not in ("person", "tier") or combine not in ("mean", "median"):
        raise Wrong
    steps = tuple(thresholds or ladder)
    decimals = c.number(single["decimals"])
    if list(steps) != sorted(set(steps)) or decimals is None or not 0 <= decimals <= 10 or decimals != int(decimals):
        raise Wrong(ErrorKind.NUM)
    rules = Rules(
        Scale(*c.scale([[single["low"], single["high"]]])),
        Ladder(steps),
        voice=voice,
        combine=combine,
        tier_shares=shares,
        decimals=int(decimals),
    )
    return _Settings(rules, c.words([na]) if na else c.NOT_APPLICABLE)
