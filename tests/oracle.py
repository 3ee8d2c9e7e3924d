"""The rules once more, slowly and in exact fractions, straight from scoring.md; shares nothing with cmme_xl.scoring.

It takes the words of the page literally where the engine is clever: what the plan drops is cut off the tree first;
low and high are the whole roll-up done again with every uncovered question at an end of the scale; coverage adds up the
effective weights of single questions.
"""

from dataclasses import dataclass, field, replace
from fractions import Fraction

Number = Fraction | None


@dataclass(frozen=True)
class Answer:
    """kind: a score ("scored"), "na", "dk", "blank" or "open"."""

    kind: str
    score: Fraction = Fraction(0)
    weight: Fraction = Fraction(1)
    tier: str = ""
    respondent: str = ""


@dataclass(frozen=True)
class Tree:
    id: str
    weight: Fraction
    children: list["Tree"]
    answers: list[Answer]
    kept: bool = True
    given: Number = None
    calibrated: Number = None
    out: bool = False
    """Calibrated to NA."""


@dataclass(frozen=True)
class Settings:
    voice: str = "person"
    combine: str = "mean"
    tier_shares: dict[str, Fraction] = field(default_factory=dict)
    low: Fraction = Fraction(0)
    high: Fraction = Fraction(5)
    thresholds: tuple[Fraction, ...] = ()
    enough: Fraction = Fraction(6, 10)


def half_away(x: Fraction, digits: int) -> Fraction:
    scaled = abs(x) * 10**digits
    whole = scaled.numerator // scaled.denominator
    if scaled - whole >= Fraction(1, 2):
        whole += 1
    return Fraction(whole if x >= 0 else -whole, 10**digits)


def fifteen_digits(x: Fraction) -> Fraction:
    if x == 0:
        return x
    power = 0
    while abs(x) * Fraction(10) ** power >= 10**15:
        power -= 1
    while abs(x) * Fraction(10) ** power < 10**14:
        power += 1
    return Fraction(round(x * Fraction(10) ** power)) / Fraction(10) ** power


def mean(pairs: list[tuple[Number, Fraction]]) -> Number:
    valued = [(value, weight) for value, weight in pairs if value is not None]
    total = sum((weight for _, weight in valued), Fraction(0))
    if not total:
        return None
    return sum((value * weight for value, weight in valued), Fraction(0)) / total


def plain_mean(values: list[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)


def question(answers: list[Answer], settings: Settings) -> Number:
    """Rule 3."""
    scored = [answer for answer in answers if answer.kind == "scored"]
    if settings.combine == "median":
        values = sorted(answer.score for answer in scored)
        if not values:
            return None
        return (values[(len(values) - 1) // 2] + values[len(values) // 2]) / 2
    if settings.voice == "tier":
        tiers = {tier: [answer.score for answer in scored if answer.tier == tier] for tier in settings.tier_shares}
        return mean([(plain_mean(found), settings.tier_shares[tier]) for tier, found in tiers.items() if found])
    return mean([(answer.score, answer.weight) for answer in scored])


def planned(tree: Tree) -> Tree | None:
    """The tree without what the plan drops."""
    if not tree.kept:
        return None
    children = [kept for child in tree.children if (kept := planned(child)) is not None]
    return replace(tree, children=children) if children or not tree.children else None


def uncalibrated(tree: Tree) -> Tree:
    children = [uncalibrated(child) for child in tree.children]
    return replace(tree, children=children, calibrated=None, out=False)


def nodes(tree: Tree) -> list[Tree]:
    return [tree] + [found for child in tree.children for found in nodes(child)]


def answers(tree: Tree) -> list[Answer]:
    return [answer for node in nodes(tree) for answer in node.answers]


# What follows takes a planned tree.


def in_scope(tree: Tree) -> bool:
    if tree.out:
        return False
    if tree.calibrated is not None or tree.given is not None:
        return True
    if tree.children:
        return any(in_scope(child) for child in tree.children)
    return not tree.answers or any(answer.kind != "na" for answer in tree.answers)


def inside(tree: Tree) -> list[Tree]:
    return [child for child in tree.children if in_scope(child)]


def value(tree: Tree, settings: Settings, fill: Number = None) -> Number:
    """Rules 2, 4, 11; with `fill`, as if every uncovered question had that value (rule 6)."""
    if not in_scope(tree):
        return None
    if tree.calibrated is not None:
        return tree.calibrated
    return tree.given if tree.given is not None else rolled_up(tree, settings, fill)


def rolled_up(tree: Tree, settings: Settings, fill: Number = None) -> Number:
    if tree.children:
        return mean([(value(child, settings, fill), child.weight) for child in inside(tree)])
    found = question(tree.answers, settings)
    return fill if found is None else found


def raw(tree: Tree, settings: Settings) -> Number:
    if tree.given is not None and tree.calibrated is None and not tree.out:
        return rolled_up(tree, settings)
    return value(uncalibrated(tree), settings)


def pieces(tree: Tree, settings: Settings) -> list[tuple[Fraction, bool]]:
    """Effective weight within the tree, and whether it is covered, of each question (or given figure) in scope."""
    if tree.given is not None:
        return [(Fraction(1), True)]
    if not tree.children:
        return [(Fraction(1), question(tree.answers, settings) is not None)]
    total = sum((child.weight for child in inside(tree)), Fraction(0))
    found = [
        (child.weight / total * weight, covered)
        for child in inside(tree)
        if total
        for weight, covered in pieces(child, settings)
    ]
    if tree.calibrated is not None and not sum(weight for weight, _ in found):
        return [(Fraction(1), False)]
    return found


def coverage(tree: Tree, settings: Settings) -> Number:
    if not in_scope(tree):
        return None
    found = pieces(tree, settings)
    total = sum((weight for weight, _ in found), Fraction(0))
    return sum((weight for weight, covered in found if covered), Fraction(0)) / total if total else Fraction(0)


def response_rate(tree: Tree) -> Number:
    kinds = [answer.kind for answer in answers(tree)]
    asked = len(kinds) - kinds.count("na")
    return Fraction(kinds.count("scored"), asked) if asked else None


def level(score: Number, settings: Settings) -> int | None:
    if score is None:
        return None
    return sum(half_away(score, 2) >= threshold for threshold in settings.thresholds)


def provisional(tree: Tree, settings: Settings) -> bool:
    covered = coverage(tree, settings)
    rates = [rate for rate in (covered, response_rate(tree)) if rate is not None]
    return covered is not None and any(half_away(rate, 2) < settings.enough for rate in rates)


def shares(tree: Tree, settings: Settings, valued: bool) -> dict[str, Fraction]:
    """Effective share of the root of every node in scope (rule 6), or of every node with a value (rule 9)."""

    def counts(node: Tree) -> bool:
        return in_scope(node) and (not valued or value(node, settings) is not None)

    def below(node: Tree, share: Fraction) -> dict[str, Fraction]:
        found = {node.id: share}
        siblings = [child for child in node.children if counts(child)]
        total = sum((child.weight for child in siblings), Fraction(0))
        for child in siblings:
            found |= below(child, share * child.weight / total if total else Fraction(0))
        return found

    return below(tree, Fraction(1)) if counts(tree) else {}


def gap(current: Tree, other: Tree, settings: Settings) -> tuple[Number, Fraction]:
    """Rule 8: the gap, and the share of the weight it rests on. Both trees planned and of one shape."""
    value_, weights = _gap(current, other, settings)
    total = sum((weight for weight, _ in weights), Fraction(0))
    return value_, sum((weight for weight, has in weights if has), Fraction(0)) / total if total else Fraction(0)


def _gap(current: Tree, other: Tree, settings: Settings) -> tuple[Number, list[tuple[Fraction, bool]]]:
    figures = [in_scope(side) and (side.given is not None or side.calibrated is not None) for side in (current, other)]
    if not current.children or any(figures):
        here, there = value(current, settings), value(other, settings)
        found = None if here is None or there is None else there - here
        return found, [(Fraction(1), found is not None)]
    siblings = [
        (mine.weight, _gap(mine, theirs, settings))
        for mine, theirs in zip(current.children, other.children, strict=True)
        if in_scope(mine)
    ]
    total = sum((weight for weight, _ in siblings), Fraction(0))
    rests = [(weight / total * w, has) for weight, (_, below) in siblings if total for w, has in below]
    return mean([(found, weight) for weight, (found, _) in siblings]), rests


def own_mean(tree: Tree, respondent: str) -> Number:
    """Rule 10: one respondent's own value, from that person's scores alone."""
    if tree.children:
        return mean([(own_mean(child, respondent), child.weight) for child in tree.children])
    scores = [a.score for a in tree.answers if a.respondent == respondent and a.kind == "scored"]
    return scores[0] if scores else None


def variance(values: list[Fraction]) -> Number:
    if not values:
        return None
    return sum(((v - plain_mean(values)) ** 2 for v in values), Fraction(0)) / len(values)
