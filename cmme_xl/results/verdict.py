"""The verdict on the whole: one paragraph, every sentence of which follows from a rule and its figures."""

from collections.abc import Iterator

from cmme_xl.catalogue import ROOT, Text
from cmme_xl.results import remarks
from cmme_xl.results.facts import Facts
from cmme_xl.results.model import ANGLES
from cmme_xl.results.remarks import NOTABLE, count, distance, percent, reach
from cmme_xl.results.sentence import Figure, Sentence, Value
from cmme_xl.scoring import round_half_away

NAMED = 3
"""How many indicators or dimensions a sentence names."""


def verdict(facts: Facts) -> tuple[Sentence, ...]:
    """Level and how firm it is; the distance to what it is compared with; the extremes; the levers."""
    said = [*remarks.standing(facts, ROOT), *remarks.certainty(facts, ROOT), *remarks.compared_with(facts, ROOT)]
    return (*said, *extremes(facts), *levers(facts), *absent(facts))


def tensions(facts: Facts) -> tuple[Sentence, ...]:
    """What the total hides: tiers that see differently, plans not lived, shaky ground, expectations, customers."""
    return (
        *perception(facts),
        *remarks.nature(facts, ROOT),
        *_ground(facts),
        *_expectations(facts),
        *remarks.customers(facts, ROOT),
    )


def extremes(facts: Facts) -> Iterator[Sentence]:
    """The strongest and the weakest dimension."""
    scores = {d.id: round_half_away(s) for d in facts.dimensions if (s := facts.score(d.id)) is not None}
    if len(scores) == 1:
        yield Sentence("one_dimension", ROOT, {"name": facts.catalogue.names[next(iter(scores))]})
    if len(scores) < 2:
        return
    best, worst = max(scores, key=scores.__getitem__), min(scores, key=scores.__getitem__)
    values: dict[str, Value] = {"best": facts.catalogue.names[best], "worst": facts.catalogue.names[worst]}
    figures: dict[str, Value] = {
        "best_score": Figure(scores[best]),
        "worst_score": Figure(scores[worst]),
        "n": count(len(scores)),
    }
    apart = scores[best] - scores[worst]
    yield Sentence("extremes" if apart else "all_even", ROOT, {**values, **figures, "distance": distance(apart)})


def levers(facts: Facts) -> Iterator[Sentence]:
    """What closing the largest gaps is worth (scoring.md rule 9); without gaps, where the scores are lowest."""
    first = facts.levers[:NAMED]
    points = [facts.points(id_) or 0.0 for id_ in facts.levers]
    if first:
        gain = sum(points[: len(first)])
        yield Sentence(
            "levers",
            ROOT,
            {
                "names": names(facts, first),
                "n": count(len(first)),
                "points": Figure(gain),
                "all": Figure(sum(points)),
                "share": percent(gain / sum(points)),
            },
        )
    elif facts.results.chosen.importance:
        yield Sentence("levers_none", ROOT, {})
    elif facts.scored:
        weakest = sorted(facts.scored, key=lambda each: round_half_away(facts.score(each.id) or 0.0))[:NAMED]
        yield Sentence("weakest", ROOT, {"names": names(facts, [each.id for each in weakest])})


def absent(facts: Facts) -> Iterator[Sentence]:
    """The angles that nothing is known of."""
    missing = [remarks.angle_name(facts, angle) for angle in ANGLES[1:] if angle not in facts.others]
    if missing and facts.score(ROOT) is not None:
        yield Sentence("absent", ROOT, {"angles": missing})


def perception(facts: Facts) -> Iterator[Sentence]:
    """The highest tier against the lowest, over the indicators that all of them scored; nothing without a score."""
    found = facts.perception()
    if facts.score(ROOT) is None:
        return
    if found is None:
        few = "tiers_withheld" if facts.audience == "client" else "tiers_one"
        yield Sentence("tiers_apart" if len(facts.heard_tiers) > 1 else few, ROOT, {})
        return
    tiers = list(found.tiers)
    top, bottom = (remarks.tier_name(facts, tier) for tier in (tiers[0], tiers[-1]))
    values: dict[str, Value] = {
        "top": top,
        "bottom": bottom,
        "distance": distance(found.difference),
        "n": count(found.n),
    }
    values |= {"top_score": Figure(found.tiers[tiers[0]]), "bottom_score": Figure(found.tiers[tiers[-1]])}
    notable = abs(round_half_away(found.difference)) >= reach(facts, NOTABLE)
    how = ("above" if found.difference > 0 else "below") if notable else "alike"
    yield Sentence(f"tiers_{how}", ROOT, values)


def scatter(facts: Facts) -> Iterator[Sentence]:
    """On how many indicators people differ widely, whatever their tier, and on which most (scoring.md rule 10)."""
    several = (found for each in facts.scored if (found := facts.agreement[each.id]).n > 1)
    known = {found.id: found.sd for found in several if found.sd is not None}
    wide = [id_ for id_, sd in known.items() if round_half_away(sd) >= reach(facts, remarks.SCATTERED)]
    if known:
        most = max(known, key=known.__getitem__)
        values: dict[str, Value] = {"n": count(len(wide)), "of": count(len(known)), "name": facts.catalogue.names[most]}
        values |= {"sd": Figure(known[most]), "limit": Figure(reach(facts, remarks.SCATTERED))}
        yield Sentence("scatter" if wide else "scatter_none", ROOT, values)


def _ground(facts: Facts) -> Iterator[Sentence]:
    """Indicators to be raised whose prerequisites stand in the lowest band, and which those are."""
    waiting = [each for each in facts.indicators() if each.id in facts.levers and facts.unmet(each)]
    if waiting:
        needed = {p.id: None for each in waiting for p in facts.unmet(each)}
        most = sorted(needed, key=lambda id_: -sum(id_ in each.prerequisites for each in waiting))[:NAMED]
        yield Sentence("ground", ROOT, {"n": count(len(waiting)), "names": names(facts, most)})


def _expectations(facts: Facts) -> Iterator[Sentence]:
    far = [d.id for d in facts.dimensions if remarks.stretch(facts, d.id) >= 2]
    if far:
        yield Sentence("expectations", ROOT, {"names": names(facts, far), "n": count(len(far))})


def names(facts: Facts, nodes: list[str] | tuple[str, ...]) -> list[Text]:
    return [facts.catalogue.names[node] for node in nodes]
