"""The diagnosis of a dimension: sentences that follow from its results, and its weak links."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cmme_xl.catalogue import ROOT, Dimension, Indicator
from cmme_xl.results import remarks
from cmme_xl.results.facts import Facts
from cmme_xl.results.remarks import NOTABLE, SCATTERED, count, distance, percent, reach
from cmme_xl.results.sentence import Figure, Sentence, Value
from cmme_xl.scoring import round_half_away

LINKS = 3
"""How many weak links of a dimension are spoken of."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """`headline`: the finding in one line; `parts`: what follows from the figures, by subject ("standing", "gaps",
    "inside", "people"), empty subjects left out; `links`: the ids of the indicators to speak of, those with most to
    gain first, without gaps those with the lowest score."""

    dimension: str
    headline: Sentence
    parts: Mapping[str, tuple[Sentence, ...]]
    links: tuple[str, ...]

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """All of them in reading order."""
        return tuple(each for part in self.parts.values() for each in part)


def diagnosis(facts: Facts, dimension: Dimension) -> Diagnosis:
    """What the results say of one dimension in scope."""
    node = dimension.id
    standing = tuple(remarks.standing(facts, node))
    parts = {"standing": standing}
    if facts.score(node) is not None:
        parts["standing"] = (*standing, *_place(facts, dimension), *remarks.certainty(facts, node))
        parts["gaps"] = (*remarks.compared_with(facts, node), *remarks.expectation(facts, node))
        parts["inside"] = (*_inside(facts, dimension), *_worth(facts, dimension), *_ground(facts, dimension))
        people = (*_tiers(facts, dimension), *_scatter(facts, dimension), *remarks.nature(facts, node, dimension))
        parts["people"] = (*people, *remarks.customers(facts, node))
    said = {subject: part for subject, part in parts.items() if part}
    return Diagnosis(node, headline(facts, dimension), said, links(facts, dimension))


def rank(facts: Facts, dimension: Dimension) -> tuple[int, int] | None:
    """The dimension's place by rounded score among those that have one, and how many they are."""
    scores = {d.id: round_half_away(s) for d in facts.dimensions if (s := facts.score(d.id)) is not None}
    if dimension.id not in scores:
        return None
    return 1 + sum(value > scores[dimension.id] for value in scores.values()), len(scores)


def headline(facts: Facts, dimension: Dimension) -> Sentence:
    """Score and place, and the largest distance to what it is compared with."""
    place, score = rank(facts, dimension), facts.score(dimension.id)
    if place is None or score is None:
        return Sentence("head_none", dimension.id, {"name": dimension.name})
    gaps = {a: gap.value for a in facts.others if (gap := facts.gap(dimension.id, a)) and gap.value is not None}
    values: dict[str, Value] = {"name": dimension.name, "score": Figure(score)}
    if not gaps:
        return Sentence("head_alone", dimension.id, {**values, "rank": count(place[0]), "n": count(place[1])})
    widest = max(gaps, key=lambda angle: round_half_away(gaps[angle]))
    rounded = round_half_away(gaps[widest])
    how = "behind" if rounded > 0 else "ahead" if rounded < 0 else "even"
    first, last = place[0] == 1, place[0] == place[1]
    where = "only" if first and last else "last" if last else "first" if first else "middle"
    more: dict[str, Value] = {
        "angle": remarks.angle_name(facts, widest),
        "gap": distance(gaps[widest]),
        "rank": count(place[0]),
    }
    return Sentence(f"head_{where}_{how}", dimension.id, {**values, **more})


def links(facts: Facts, dimension: Dimension) -> tuple[str, ...]:
    """The indicators of a dimension to act on first, at most LINKS."""
    own = {each.id for each in dimension.indicators}
    found = [id_ for id_ in facts.levers if id_ in own]
    if not facts.results.chosen.importance:
        scored = [each.id for each in facts.scored if each.id in own]
        found = sorted(scored, key=lambda id_: round_half_away(facts.score(id_) or 0.0))
    return tuple(found[:LINKS])


def _place(facts: Facts, dimension: Dimension) -> Iterator[Sentence]:
    place, score, total = rank(facts, dimension), facts.score(dimension.id), facts.score(ROOT)
    if place and place[1] > 1 and score is not None and total is not None:
        apart = round_half_away(score) - round_half_away(total)
        rounded = round_half_away(apart)
        how = "above" if rounded > 0 else "below" if rounded < 0 else "even"
        values: dict[str, Value] = {"rank": count(place[0]), "n": count(place[1]), "distance": distance(apart)}
        share = percent(facts.result(dimension.id).valued_share)
        yield Sentence(f"place_{how}", dimension.id, {**values, "share": share})


def _inside(facts: Facts, dimension: Dimension) -> Iterator[Sentence]:
    """The strongest and the weakest of its indicators."""
    scored = [each for each in facts.indicators(dimension) if facts.score(each.id) is not None]
    rounded = {each.id: round_half_away(facts.score(each.id) or 0.0) for each in scored}
    if len(scored) < 2:
        for each in scored:
            yield Sentence("inside_one", dimension.id, {"name": each.name})
        return
    best = max(scored, key=lambda each: rounded[each.id])
    worst = min(scored, key=lambda each: rounded[each.id])
    apart = rounded[best.id] - rounded[worst.id]
    values: dict[str, Value] = {
        "best": best.name,
        "worst": worst.name,
        "n": count(len(scored)),
        "distance": distance(apart),
    }
    values |= {"best_score": Figure(rounded[best.id]), "worst_score": Figure(rounded[worst.id])}
    yield Sentence("inside_wide" if apart >= reach(facts, NOTABLE) else "inside_even", dimension.id, values)
    unscored = len(facts.indicators(dimension)) - len(scored)
    if unscored:
        yield Sentence("inside_unscored", dimension.id, {"n": count(unscored)})


def _worth(facts: Facts, dimension: Dimension) -> Iterator[Sentence]:
    own = {each.id for each in dimension.indicators}
    points = {id_: facts.points(id_) or 0.0 for id_ in facts.levers if id_ in own}
    if points:
        first, whole = next(iter(points)), sum(points.values())
        values: dict[str, Value] = {
            "name": facts.catalogue.names[first],
            "points": Figure(whole),
            "part": percent(points[first] / whole),
        }
        yield Sentence("worth" if len(points) > 1 else "worth_one", dimension.id, values)


def _tiers(facts: Facts, dimension: Dimension) -> Iterator[Sentence]:
    """The highest tier against the lowest, and the indicator where they are furthest apart."""
    found = facts.perception(dimension)
    if found is None:
        return
    tiers = list(found.tiers)
    top, bottom = tiers[0], tiers[-1]
    values: dict[str, Value] = {"top": remarks.tier_name(facts, top), "bottom": remarks.tier_name(facts, bottom)}
    figures: dict[str, Value] = {"top_score": Figure(found.tiers[top]), "bottom_score": Figure(found.tiers[bottom])}
    figures["distance"] = distance(found.difference)
    if abs(round_half_away(found.difference)) < reach(facts, NOTABLE):
        yield Sentence("seen_alike", dimension.id, {**values, **figures})
        return
    how = "above" if found.difference > 0 else "below"
    sign = 1 if found.difference > 0 else -1
    apart = {}
    for each in facts.indicators(dimension):
        means = facts.agreement[each.id].tiers
        high, low = means.get(top), means.get(bottom)
        if high is not None and low is not None and facts.score(each.id) is not None:
            apart[each.id] = sign * (round_half_away(high) - round_half_away(low))
    widest = max(apart, key=apart.__getitem__)
    more: dict[str, Value] = {"widest": facts.catalogue.names[widest], "most": distance(apart[widest])}
    yield Sentence(f"seen_{how}", dimension.id, {**values, **figures, **more})


def _scatter(facts: Facts, dimension: Dimension) -> Iterator[Sentence]:
    """The indicator that people differ on most, where they differ widely (scoring.md rule 10)."""
    those = {each.id: sd for each in facts.indicators(dimension) if (sd := facts.agreement[each.id].sd) is not None}
    if those:
        widest = max(those, key=those.__getitem__)
        if round_half_away(those[widest]) >= reach(facts, SCATTERED):
            values: dict[str, Value] = {"name": facts.catalogue.names[widest], "sd": Figure(those[widest])}
            yield Sentence("scattered", dimension.id, values)


def _ground(facts: Facts, dimension: Dimension) -> Iterator[Sentence]:
    """The first of its weak links that stands on a prerequisite in the lowest band."""
    for id_ in links(facts, dimension):
        indicator = _indicator(facts, id_)
        for before in facts.unmet(indicator)[:1]:
            values: dict[str, Value] = {
                "name": indicator.name,
                "before": before.name,
                "score": Figure(facts.score(before.id) or 0.0),
            }
            yield Sentence("before", dimension.id, values)
            return


def _indicator(facts: Facts, id_: str) -> Indicator:
    return next(each for each in facts.indicators() if each.id == id_)
