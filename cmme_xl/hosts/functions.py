"""The functions, free of any host: cells in, a value, a table of values or an error kind out.

Empty cells, text, "not applicable", errors among the scores and numbers off the scale are never scores and never a
zero; where there is no value the answer is "". What is wrong with an argument is an `ErrorKind`.

Standard library and the syntax of Python 3.9 only: it also runs inside LibreOffice's Python.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import replace

import cmme_xl
from cmme_xl import scoring
from cmme_xl.hosts import cells as c
from cmme_xl.hosts.cells import Answer, Block, ErrorKind, Wrong, answering
from cmme_xl.hosts.rollup import roll_up
from cmme_xl.scoring import Gap, Kind, Ladder, Node, Rules, Scale, Vote

CATEGORY = "CMME"
LADDER = (0.0, 1.5, 2.5, 3.5, 4.5)

ARGUMENTS = {
    "scores": "The cells with the scores, 0 to 5. Empty cells, text and numbers off the scale are not scores.",
    "weights": "The weights, a range of the same shape; text or an empty cell is out of scope. Omitted: 1 each.",
    "ends": "The two ends of the scale, such as {0,5}. Omitted: 0 and 5.",
    "na": "The words that mean not applicable. Omitted: NA and N/A.",
    "score": "One score; its level is decided on the score rounded to two decimals.",
    "thresholds": "The lower ends of the levels, ascending. Omitted: 0, 1.5, 2.5, 3.5, 4.5.",
    "level": "The number of a level, 1 or more.",
    "names": "The names of the levels, from level 1 up.",
    "current": "The current value, or the current values of the children.",
    "other": "The value to compare with (target, benchmark or competitor): a range of the same shape.",
    "tiers": "The tier of each respondent, a range of the same shape. Omitted: no difference of tiers.",
    "share": "The indicator's share of the total, 0 to 1, over indicators that have a value.",
    "to_target": "The gap to the target.",
    "to_benchmark": "The gap to the benchmark.",
    "setting": "target, benchmark (each else the other) or larger. Omitted: target.",
    "nodes": "Three columns: id, id of the parent, weight. One row for each question, indicator, dimension and total.",
    "answers": "The answers, a row for each node: one column of values, or given, calibrated, then the respondents.",
    "other_answers": "The same for the angle to compare with. Omitted: no gap.",
    "people": "Two rows over the respondents' columns: weight and tier. Omitted: weight 1, no tier.",
    "settings": "Two columns: setting and value (voice, combine, low, high, threshold, share:TIER, na, decimals).",
}


@answering
def score(scores: Block, weights: Block | None = None, ends: Block | None = None) -> Answer:
    """Weighted mean of the scores; what has no score drops out with its weight (scoring.md rules 3 and 4)."""
    limits = c.scale(ends)
    values, heavy = c.flat_together(scores, weights)
    pairs = zip((c.score(cell, limits) for cell in values), c.weights(heavy, len(values)))
    return c.shown(scoring.weighted_mean((value, weight) for value, weight in pairs if weight is not None))


@answering
def coverage(
    scores: Block, weights: Block | None = None, na: Block | None = None, ends: Block | None = None
) -> Answer:
    """The share, 0 to 1, of the weight in scope that has a score; not applicable is out of scope (rule 6)."""
    limits, words = c.scale(ends), c.words(na)
    inside = _in_scope(scores, weights, words)
    if not inside:
        return ""
    return scoring.weighted_mean((float(c.score(cell, limits) is not None), weight) for cell, weight in inside) or 0.0


@answering
def range_(
    scores: Block, weights: Block | None = None, na: Block | None = None, ends: Block | None = None
) -> Answer:
    """Two cells, low and high: the score if everything uncovered were at either end of the scale (rule 6)."""
    limits, words = c.scale(ends), c.words(na)
    scored = [(c.score(cell, limits), weight) for cell, weight in _in_scope(scores, weights, words)]
    return [
        [
            c.shown(scoring.weighted_mean((end if value is None else value, weight) for value, weight in scored))
            for end in limits
        ]
    ]


def _in_scope(scores: Block, weights: Block | None, words: frozenset[str]) -> list[tuple[object, float]]:
    values, heavy = c.flat_together(scores, weights)
    pairs = zip(values, c.weights(heavy, len(values)))
    return [
        (cell, weight) for cell, weight in pairs if weight is not None and not c.is_not_applicable(cell, words)
    ]


@answering
def level(score: Block, thresholds: Block | None = None) -> Answer:
    """The maturity level of a score, 1 or more, by lower-inclusive thresholds (rules 7 and 14)."""
    ladder = LADDER if thresholds is None else tuple(c.numbers(thresholds))
    if not ladder or list(ladder) != sorted(set(ladder)):
        raise Wrong(ErrorKind.NUM)
    value = c.number(c.single(score))
    if value is not None and scoring.round_half_away(value) < ladder[0]:
        raise Wrong(ErrorKind.NUM)
    return c.shown(scoring.level(value, Ladder(ladder)))


@answering
def level_name(level: Block, names: Block) -> Answer:
    """The name of a maturity level (rule 7)."""
    value, known = c.number(c.single(level)), c.flat(names)
    if value is None:
        return ""
    if value != int(value) or not 1 <= value <= len(known):
        raise Wrong(ErrorKind.NUM)
    name = known[int(value) - 1]
    if not isinstance(name, str) or c.is_error(name):
        raise Wrong
    return name


@answering
def gap(current: Block, other: Block, weights: Block | None = None) -> Answer:
    """Other less current, like for like: the weighted mean over those that have both; negative is ahead (rule 8)."""
    mine, theirs, heavy = c.flat_together(current, other, weights)
    gaps = (_difference(c.number(here), c.number(there)) for here, there in zip(mine, theirs))
    pairs = zip(gaps, c.weights(heavy, len(mine)))
    return c.shown(scoring.weighted_mean((value, weight) for value, weight in pairs if weight is not None))


def _difference(current: float | None, other: float | None) -> float | None:
    return None if current is None or other is None else other - current


@answering
def agreement(scores: Block, tiers: Block | None = None, ends: Block | None = None) -> Answer:
    """Four cells: how many scores, their spread, standard deviation, and largest difference of tier means (rule 10)."""
    limits = c.scale(ends)
    values, named = c.flat_together(scores, tiers)
    scored = ((c.score(cell, limits), index) for index, cell in enumerate(values))
    found = scoring.agreement(
        Node(
            "",
            votes=tuple(
                Vote(Kind.SCORED, value, tier=_tier(named[index]) if named else "")
                for value, index in scored
                if value is not None
            ),
        )
    )
    return [[found.n, c.shown(found.spread), c.shown(found.sd), c.shown(found.largest_tier_difference)]]


def _tier(cell: object) -> str:
    return "" if c.is_blank(cell) or c.is_error(cell) else str(cell)


@answering
def importance(share: Block, to_target: Block, to_benchmark: Block, setting: Block | None = None) -> Answer:
    """Points of total that closing the gap of each indicator would add, not below 0 (rule 9)."""
    chosen = "target" if setting is None else c.single(setting)
    if chosen not in ("target", "benchmark", "larger"):
        raise Wrong
    shares, targets, benchmarks = c.flat_together(share, to_target, to_benchmark)
    results = {}
    for index, cell in enumerate(shares):
        portion = c.number(cell)
        if portion is not None and not 0 <= portion <= 1:
            raise Wrong(ErrorKind.NUM)
        if portion is not None:
            results[str(index)] = replace(_ALONE, id=str(index), valued_share=portion)
    points = scoring.importance(results, results, _gaps(targets), _gaps(benchmarks), chosen)
    return [[c.shown(points.get(str(index)))] for index in range(len(shares))]


def _gaps(cells: list[object]) -> dict[str, Gap]:
    return {str(index): Gap(str(index), c.number(cell), 1.0) for index, cell in enumerate(cells)}


_ALONE = next(iter(scoring.score_tree(Node(""), Rules(Scale(), Ladder(LADDER))).values()))
"""A result of which only the share is to be set."""


@answering
def rollup(
    nodes: Block,
    answers: Block,
    other_answers: Block | None = None,
    people: Block | None = None,
    settings: Block | None = None,
) -> Answer:
    """A whole block at once: value, low, high, coverage, level and gap of every node, a row each (rules 2 to 8)."""
    return roll_up(nodes, answers, other_answers, people, settings, LADDER)


@answering
def version() -> Answer:
    """The version of the scoring engine that answers: a cell that shows it is computed live."""
    return cmme_xl.__version__


FUNCTIONS: Mapping[str, Callable[..., Answer]] = {
    "CMME_SCORE": score,
    "CMME_COVERAGE": coverage,
    "CMME_RANGE": range_,
    "CMME_LEVEL": level,
    "CMME_LEVEL_NAME": level_name,
    "CMME_GAP": gap,
    "CMME_AGREEMENT": agreement,
    "CMME_IMPORTANCE": importance,
    "CMME_ROLLUP": rollup,
    "CMME_VERSION": version,
}

TABLES = frozenset({"CMME_RANGE", "CMME_AGREEMENT", "CMME_IMPORTANCE", "CMME_ROLLUP"})
"""The functions that answer with a table; the others answer with one value."""


def arguments(name: str) -> dict[str, bool]:
    """The arguments of a function in order, and whether each may be omitted."""
    parameters = inspect.signature(FUNCTIONS[name]).parameters.values()
    return {each.name: each.default is not inspect.Parameter.empty for each in parameters}


def help_text(name: str) -> str:
    """What a function does, in one sentence."""
    return inspect.getdoc(FUNCTIONS[name]) or ""
