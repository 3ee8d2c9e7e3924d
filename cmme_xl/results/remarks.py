"""What can be remarked of any node, the total or a dimension, by plain rules: each remark is one sentence."""

from collections.abc import Iterator

from cmme_xl.catalogue import ROOT, Dimension, Text
from cmme_xl.results.facts import Facts
from cmme_xl.results.sentence import Figure, Sentence, Shape, Value
from cmme_xl.scoring import round_half_away
from cmme_xl.templates import template

SLIGHT = 0.02
"""Share of the scale under which two figures are close: 0.1 of five points."""
NOTABLE = 0.1
"""Share of the scale from which a difference is worth a sentence: half a point of five."""
SCATTERED = 0.16
"""Share of the scale from which a standard deviation says that people speak of different things: 0.8 of five points."""

SAME = 0.005
"""Points under which two figures read the same."""


def reach(facts: Facts, share: float) -> float:
    """A share of the scale in points of it."""
    return share * (facts.catalogue.scale_max - facts.catalogue.scale_min)


def distance(value: float) -> Figure:
    """A difference whose direction the words tell."""
    return Figure(value, Shape.DISTANCE)


def count(value: int) -> Figure:
    return Figure(value, Shape.COUNT)


def percent(value: float) -> Figure:
    return Figure(value, Shape.PERCENT)


def angle_name(facts: Facts, angle: str) -> Text:
    """An angle within a sentence; the competitor by its own name, where the plan tells it."""
    rival = facts.results.plan.engagement.competitor
    if angle == "competitor" and rival:
        return Text(rival, rival)
    entry = template("report")["spoken"][angle]
    return Text(entry["zh"], entry["en"])


def tier_name(facts: Facts, tier: str) -> Text:
    """A tier within a sentence: an English one that is no proper name begins small."""
    name = facts.catalogue.group(tier).name
    return Text(name.zh, name.en[:1].lower() + name.en[1:] if name.en[1:].islower() else name.en)


def standing(facts: Facts, node: str) -> Iterator[Sentence]:
    """Score and level, how firm the level is, and how far it is to the next (scoring.md rules 6 and 7)."""
    score, level = facts.score(node), facts.level(node)
    name: dict[str, Value] = {"name": facts.catalogue.names[node]}
    if score is None or level is None:
        yield Sentence("withheld" if ("current", node) in facts.withheld else "no_score", node, name)
        return
    here, result = facts.catalogue.levels[level - 1], facts.result(node)
    values = name | {"score": Figure(score), "level": str(level), "level_name": here.name, "meaning": here.meaning}
    values["full"] = f"{facts.catalogue.scale_max:g}"
    rule = "level" if node == ROOT else "level_plain"
    yield Sentence(f"{rule}_provisional" if result.provisional else rule, node, values)
    rounded, close = round_half_away(score), reach(facts, SLIGHT)
    above = rounded - here.threshold
    if level > 1 and above <= close:
        yield Sentence("barely", node, {"threshold": Figure(here.threshold), "distance": distance(above)})
    if level < len(facts.catalogue.levels):
        following = facts.catalogue.levels[level]
        missing = following.threshold - rounded
        if node == ROOT or missing <= close:
            values = {"next": str(following.number), "next_name": following.name}
            values |= {"threshold": Figure(following.threshold), "distance": distance(missing)}
            yield Sentence("nearly" if missing <= close else "to_next", node, values)
    elif node == ROOT:
        yield Sentence("top", node, {})


def certainty(facts: Facts, node: str) -> Iterator[Sentence]:
    """How much of the node the scores cover, and what that leaves open (scoring.md rules 6 and 7)."""
    result, levels = facts.result(node), facts.catalogue.levels
    if result.score is None or result.coverage is None or result.low is None or result.high is None:
        return
    values: dict[str, Value] = {"coverage": percent(result.coverage)}
    whole = round_half_away(result.coverage, 2) == 1
    if result.low_level and result.high_level and not whole:
        values |= {"low": Figure(result.low), "high": Figure(result.high)}
        values |= {"low_name": levels[result.low_level - 1].name, "high_name": levels[result.high_level - 1].name}
        yield Sentence("covered" if result.low_level == result.high_level else "uncertain", node, values)
    elif node == ROOT and result.response_rate is not None:
        yield Sentence("covered_whole", node, {"rate": percent(result.response_rate)})
    if result.provisional and result.response_rate is not None:
        limit = percent(facts.catalogue.limits.provisional_below)
        yield Sentence("provisional", node, values | {"rate": percent(result.response_rate), "limit": limit})


def compared_with(facts: Facts, node: str) -> Iterator[Sentence]:
    """Behind, level with or ahead of every angle that there is, like for like (scoring.md rule 8)."""
    for angle in facts.others:
        gap = facts.gap(node, angle)
        if gap is None or gap.value is None:
            continue
        rounded = round_half_away(gap.value)
        how = "behind" if rounded > 0 else "ahead" if rounded < 0 else "even"
        part = round_half_away(gap.weight_share) < 1
        basis = Sentence("basis", node, {"share": percent(gap.weight_share)}) if part else ""
        values: dict[str, Value] = {"angle": angle_name(facts, angle), "gap": distance(gap.value), "basis": basis}
        yield Sentence(f"{angle}_{how}", node, values)
    yield from _ambition(facts, node)


def _ambition(facts: Facts, node: str) -> Iterator[Sentence]:
    """A target that stops short of the benchmark."""
    target, benchmark = (facts.gap(node, angle) for angle in ("target", "benchmark"))
    if target and benchmark and target.value is not None and benchmark.value is not None:
        short = benchmark.value - target.value
        if target.value > 0 and round_half_away(short) >= reach(facts, SLIGHT):
            yield Sentence("target_short", node, {"distance": distance(short)})


def stretch(facts: Facts, node: str) -> int:
    """By how many levels the target stands above current; 0 where either has none."""
    target, current = facts.result(node, "target").level, facts.level(node)
    return max(0, target - current) if target and current and facts.score(node, "target") is not None else 0


def expectation(facts: Facts, node: str) -> Iterator[Sentence]:
    """A target two levels up or more: what is expected against what the enterprise can do now."""
    levels, target, current = stretch(facts, node), facts.score(node, "target"), facts.level(node)
    if levels >= 2 and target is not None and current:
        following = facts.catalogue.levels[current]
        values: dict[str, Value] = {"target": Figure(target), "levels": count(levels)}
        values |= {"next": str(following.number), "threshold": Figure(following.threshold)}
        yield Sentence("expectation", node, values)


def nature(facts: Facts, node: str, dimension: Dimension | None = None) -> Iterator[Sentence]:
    """What has been decided against what is lived."""
    intention, reality = facts.nature("intention", dimension), facts.nature("reality", dimension)
    if intention is None or reality is None:
        return
    apart = round_half_away(intention) - round_half_away(reality)
    values: dict[str, Value] = {"intention": Figure(intention), "reality": Figure(reality), "distance": distance(apart)}
    if abs(round_half_away(apart)) >= reach(facts, NOTABLE) / 2:
        ahead = "intention_ahead" if apart > 0 else "reality_ahead"
        yield Sentence(ahead if dimension is None else f"{ahead}_here", node, values)
    elif dimension is None:
        yield Sentence("nature_even", node, values)


def customers(facts: Facts, node: str) -> Iterator[Sentence]:
    """What customers say of the same questions."""
    found = facts.customers.get(node)
    if found is None or found.customers is None:
        return
    if found.matched is not None and found.own is not None and found.difference is not None:
        rounded = round_half_away(found.difference)
        how = "below" if rounded < 0 else "above" if rounded > 0 else "even"
        values: dict[str, Value] = {"theirs": Figure(found.matched), "own": Figure(found.own)}
        values["distance"] = distance(found.difference)
        if abs(found.customers - found.matched) > SAME:  # they scored more than can be compared
            yield Sentence(f"customers_{how}_part", node, values | {"all": Figure(found.customers)})
        else:
            yield Sentence(f"customers_{how}", node, values)
