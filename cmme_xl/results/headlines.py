"""The finding of every page in one line: what the title of a slide says."""

from collections.abc import Sequence

from cmme_xl.catalogue import ROOT
from cmme_xl.results import remarks
from cmme_xl.results.advice import Advice
from cmme_xl.results.facts import Facts
from cmme_xl.results.remarks import count, distance, percent
from cmme_xl.results.sentence import Figure, Sentence, Value
from cmme_xl.results.verdict import extremes, names, perception
from cmme_xl.scoring import round_half_away

EDGE = 2
"""Levels up to this one count as low."""


def of_total(facts: Facts) -> Sentence:
    """Level, score, and the distance to the first of target, benchmark and competitor that there is."""
    score, level = facts.score(ROOT), facts.level(ROOT)
    if score is None or level is None:
        return Sentence("title_none", ROOT, {})
    here = facts.catalogue.levels[level - 1]
    values: dict[str, Value] = {"score": Figure(score), "level": str(level), "level_name": here.name}
    values["mark"] = Sentence("title_provisional", ROOT, {}) if facts.result(ROOT).provisional else ""
    for angle in facts.others:
        gap = facts.gap(ROOT, angle)
        if gap is not None and gap.value is not None:
            rounded = round_half_away(gap.value)
            how = "behind" if rounded > 0 else "ahead" if rounded < 0 else "even"
            narrow = round_half_away(gap.weight_share) < facts.catalogue.limits.provisional_below
            basis = Sentence("basis", ROOT, {"share": percent(gap.weight_share)}) if narrow else ""
            values |= {"angle": remarks.angle_name(facts, angle), "gap": distance(gap.value), "basis": basis}
            return Sentence(f"title_{how}", ROOT, values)
    return Sentence("title_alone", ROOT, values)


def of_base(facts: Facts) -> Sentence:
    """How many scores the total rests on, and how much they cover."""
    tally, result = facts.results.returned.tally(), facts.result(ROOT)
    values: dict[str, Value] = {"n": count(tally["scored"]), "coverage": percent(result.coverage or 0.0)}
    return Sentence("title_base", ROOT, values)


def of_dimensions(facts: Facts) -> Sentence:
    """The strongest and the weakest dimension."""
    for found in extremes(facts):
        if found.rule == "extremes":
            return Sentence("title_extremes", ROOT, found.values)
    return Sentence("title_dimensions", ROOT, {"n": count(len(facts.dimensions))})


def of_levels(facts: Facts) -> Sentence:
    """How many dimensions stand at a low level."""
    scored = [level for each in facts.dimensions if (level := facts.level(each.id))]
    values: dict[str, Value] = {
        "n": count(len(scored)),
        "low": count(sum(level <= EDGE for level in scored)),
        "edge": count(EDGE),
    }
    return Sentence("title_levels", ROOT, values)


def of_indicators(facts: Facts) -> Sentence:
    """How many indicators stand at a low level."""
    levels = [facts.level(each.id) or 0 for each in facts.scored]
    values: dict[str, Value] = {
        "n": count(len(levels)),
        "low": count(sum(level <= EDGE for level in levels)),
        "edge": count(EDGE),
    }
    return Sentence("title_indicators", ROOT, values)


def of_ends(facts: Facts, strong: Sequence[str], weak: Sequence[str]) -> Sentence:
    """What is strongest, and what to raise first."""
    if not strong or not weak:
        return Sentence("title_dimensions", ROOT, {"n": count(len(facts.dimensions))})
    values: dict[str, Value] = {"strong": facts.catalogue.names[strong[0]], "weak": facts.catalogue.names[weak[0]]}
    return Sentence("title_ends", ROOT, values)


def of_gaps(facts: Facts, shown: Sequence[str]) -> Sentence:
    """What the gaps shown come to, of all there are."""
    if not shown:
        return Sentence("levers_none" if facts.results.chosen.importance else "title_no_gaps", ROOT, {})
    gain, whole = (sum(facts.points(id_) or 0.0 for id_ in those) for those in (shown, facts.levers))
    values: dict[str, Value] = {"n": count(len(shown)), "points": Figure(gain), "share": percent(gain / whole)}
    return Sentence("title_gaps", ROOT, values)


def of_tiers(facts: Facts) -> Sentence:
    """The highest tier against the lowest."""
    found = next(iter(perception(facts)))
    known = ("tiers_above", "tiers_below", "tiers_alike")
    return Sentence(f"title_{found.rule}", ROOT, found.values) if found.rule in known else found


def of_agenda(facts: Facts) -> Sentence:
    """How many points there are to talk about, and which comes first."""
    first = facts.results.agenda[0]
    name = facts.catalogue.names.get(first) or facts.catalogue.indicator_of[first].name
    return Sentence("title_agenda", ROOT, {"n": count(len(facts.results.agenda)), "name": name})


def of_expectation(facts: Facts) -> Sentence:
    """In how many dimensions the target lies two levels up or more."""
    far = [each.id for each in facts.dimensions if remarks.stretch(facts, each.id) >= 2]
    return Sentence("title_stretch" if far else "title_near", ROOT, {"n": count(len(far))})


def of_advice(facts: Facts, chosen: Sequence[Advice], kind: str) -> Sentence:
    """What to begin with; `kind` is "tactical" or "strategic"."""
    first = names(facts, [each.indicator.id for each in chosen[:2]])
    return Sentence(f"title_{kind}", ROOT, {"n": count(len(chosen)), "names": first})


def of_plan(facts: Facts, chosen: Sequence[Advice]) -> Sentence:
    """What the improvements proposed are worth together."""
    points, score = sum(each.points or 0.0 for each in chosen), facts.score(ROOT)
    waves = len({each.wave for each in chosen})
    values: dict[str, Value] = {"n": count(len(chosen)), "waves": count(waves)}
    at_once = "_at_once" if waves == 1 else ""
    if not points or score is None:
        return Sentence(f"title_plan_alone{at_once}", ROOT, values)
    return Sentence(f"title_plan{at_once}", ROOT, values | {"score": Figure(score), "total": Figure(score + points)})
