"""What to do about the results: recommendations, the action plan to propose, and what the debrief talks about."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cmme_xl.catalogue import ROOT, Indicator, Text
from cmme_xl.results.facts import Facts
from cmme_xl.results.remarks import count, distance, tier_name
from cmme_xl.results.sentence import Figure, Sentence, Value
from cmme_xl.scoring import Path, efficient_path, importance, priority, round_half_away

ACTIONS = 10
"""How many improvements a plan proposes; a list of more than fifteen is a wish list."""
WAVES = 3
AT_ONCE = 4
"""How many improvements begin in one wave; the last takes what is left."""


@dataclass(frozen=True, slots=True)
class Advice:
    """An improvement to propose: what to do now (`tactical`) and what top management is to decide (`strategic`).

    `points`: of total that closing the gap adds, None without a gap; `before`: names of the chosen improvements and of
    the prerequisites in the lowest band that come first; `wave`, 1 to WAVES: when it can begin.
    """

    indicator: Indicator
    tactical: Text
    strategic: Text
    points: float | None
    before: tuple[Text, ...]
    wave: int


def advice(facts: Facts) -> tuple[Advice, ...]:
    """The most important improvements, at most ACTIONS, prerequisites first, then by importance (scoring.md rule 9).

    Without gaps the indicators with the lowest scores take their place. The texts are the catalogue's for the band of
    each score.
    """
    by_id = {each.id: each for each in facts.indicators()}
    chosen = list(facts.levers[:ACTIONS])
    if not facts.results.chosen.importance:
        weakest = sorted(facts.scored, key=lambda each: round_half_away(facts.score(each.id) or 0.0))
        chosen = [each.id for each in weakest[:ACTIONS]]
    scale = facts.catalogue.scale_max
    worth = {id_: facts.points(id_) or scale - (facts.score(id_) or 0.0) for id_ in chosen}
    before = {id_: by_id[id_].prerequisites for id_ in chosen}
    ordered = [id_ for id_ in facts.results.chosen.angles["current"].nodes if id_ in worth]
    decimals = facts.catalogue.limits.importance_decimals
    order = priority(ordered, worth, {}, {}, before, decimals)
    waves: dict[str, int] = {}
    found = []
    for id_ in order:
        indicator = by_id[id_]
        waves[id_] = _wave(indicator, waves)
        first = [each.name for each in facts.indicators() if each.id in indicator.prerequisites and each.id in worth]
        first += [each.name for each in facts.unmet(indicator) if each.id not in worth]
        band = facts.band(id_) or facts.catalogue.bands[0]
        found.append(
            Advice(
                indicator,
                indicator.tactical[band.id],
                indicator.strategic[band.id],
                facts.points(id_),
                tuple(first),
                waves[id_],
            )
        )
    return tuple(found)


def _wave(indicator: Indicator, waves: dict[str, int]) -> int:
    """The first wave after what it rests on that has room."""
    wave = max([1, *(waves[id_] + 1 for id_ in indicator.prerequisites if id_ in waves)])
    while wave < WAVES and list(waves.values()).count(wave) >= AT_ONCE:
        wave += 1
    return min(WAVES, wave)


def path_to_next(facts: Facts) -> tuple[Path, Sentence] | None:
    """The efficient path to the next level (scoring.md rule 13) and what it says; None at the top or without points."""
    level, score = facts.level(ROOT), facts.score(ROOT)
    if level is None or score is None or level == len(facts.catalogue.levels):
        return None
    chosen, limits = facts.results.chosen, facts.catalogue.limits
    ids = [each.id for each in facts.indicators() if ("current", each.id) not in facts.withheld]
    nodes = chosen.angles["current"].nodes
    points = importance(ids, nodes, chosen.gaps["target"], chosen.gaps["benchmark"], "target")
    effort = {each.id: float(each.effort) for each in facts.indicators()}
    before = {each.id: each.prerequisites for each in facts.indicators()}
    following = facts.catalogue.levels[level]
    found = efficient_path(
        ids, points, effort, before, score, following.threshold, limits.decimals, limits.importance_decimals
    )
    if not found.steps:
        return None
    values: dict[str, Value] = {
        "n": count(len(found.steps)),
        "total": Figure(found.steps[-1].total),
        "level": str(following.number),
    }
    values |= {"level_name": following.name, "threshold": Figure(following.threshold)}
    return found, Sentence("path" if found.reached else "path_short", ROOT, values)


def gained(facts: Facts, chosen: Sequence[Advice]) -> Iterator[Sentence]:
    """What the proposed improvements come to together."""
    points, score = sum(each.points or 0.0 for each in chosen), facts.score(ROOT)
    if points and score is not None:
        values: dict[str, Value] = {"n": count(len(chosen)), "points": Figure(points), "score": Figure(score)}
        yield Sentence("gained", ROOT, {**values, "total": Figure(score + points)})


def agenda(facts: Facts) -> tuple[Sentence, ...]:
    """What the debrief is to talk about, in the order of scoring.md rule 10, each with why it is there.

    An indicator whose tiers and spread this audience may not know is named without figures.
    """
    return tuple(_entry(facts, node) for node in facts.results.agenda)


def _entry(facts: Facts, node: str) -> Sentence:
    catalogue = facts.catalogue
    values: dict[str, Value]
    figures: dict[str, Value]
    if node in catalogue.questions:
        result = facts.result(node)
        name = catalogue.indicator_of[node].name
        values = {"name": name, "question": catalogue.questions[node].text}
        if facts.audience == "client" and result.asked < catalogue.limits.spread_shown_min:
            return Sentence("agenda_na_few", node, values)
        return Sentence("agenda_na", node, {**values, "n": count(result.asked), "na": count(result.na)})
    found, name = facts.agreement[node], catalogue.names[node]
    means = {tier: mean for tier, mean in found.tiers.items() if mean is not None}
    apart = max(means.values()) - min(means.values()) if len(means) > 1 else 0.0
    if apart and apart >= (found.sd or 0.0):
        high, low = max(means, key=means.__getitem__), min(means, key=means.__getitem__)
        values = {"name": name, "high": tier_name(facts, high), "low": tier_name(facts, low)}
        figures = {
            "high_score": Figure(means[high]),
            "low_score": Figure(means[low]),
            "distance": distance(round_half_away(means[high]) - round_half_away(means[low])),
        }
        return Sentence("agenda_tiers", node, {**values, **figures})
    if found.sd is not None:
        return Sentence("agenda_spread", node, {"name": name, "sd": Figure(found.sd), "n": count(found.n)})
    return Sentence("agenda_hidden", node, {"name": name})
