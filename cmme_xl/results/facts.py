"""What may be said of every node: the results of the chosen scope, as far as the plan's audience may know them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from cmme_xl.catalogue import Catalogue, Dimension, Indicator, Question
from cmme_xl.catalogue.model import Band
from cmme_xl.results.audience import Shown, sealed, shown_agreement, withheld
from cmme_xl.results.customers import Compared, compared, shown
from cmme_xl.results.model import ANGLES, Results
from cmme_xl.scoring import Gap, Result, round_half_away, weighted_mean


@dataclass(frozen=True, slots=True)
class Perception:
    """How the highest and the lowest tier see a node, over the `n` indicators where both may be shown.

    `tiers`: tier id -> mean of its own means at those indicators, weighted by their share of the total.
    """

    tiers: Mapping[str, float]
    n: int

    @property
    def difference(self) -> float:
        """Highest tier - lowest tier, as both are shown, in points of the scale."""
        values = list(self.tiers.values())
        return round_half_away(values[0]) - round_half_away(values[-1])


@dataclass(frozen=True)
class Facts:
    """The chosen scope for one audience. What the audience may not know is absent, like what nobody answered.

    `withheld`: (angle, indicator) of `audience.withheld`;
    `agreement`: that of `audience.shown_agreement`; `customers`: that of `customers.compared`.
    """

    results: Results
    withheld: frozenset[tuple[str, str]]
    agreement: Mapping[str, Shown]
    customers: Mapping[str, Compared]

    @property
    def catalogue(self) -> Catalogue:
        return self.results.plan.catalogue

    @property
    def audience(self) -> str:
        return self.results.plan.settings.audience

    @cached_property
    def dimensions(self) -> tuple[Dimension, ...]:
        """The dimensions in scope that have an indicator in scope, in catalogue order."""
        return tuple(each for each in self.catalogue.dimensions if self.indicators(each))

    def indicators(self, dimension: Dimension | None = None) -> tuple[Indicator, ...]:
        """The indicators in scope, of one dimension or of all, in catalogue order."""
        those = self.catalogue.indicators if dimension is None else dimension.indicators
        return tuple(each for each in those if self.result(each.id).in_scope)

    def result(self, node: str, angle: str = "current") -> Result:
        return self.results.chosen.angles[angle].nodes[node]

    def score(self, node: str, angle: str = "current") -> float | None:
        """The node's score in an angle, unrounded; None where there is none or it is withheld."""
        return None if (angle, node) in self.withheld else self.result(node, angle).score

    def level(self, node: str) -> int | None:
        return None if self.score(node) is None else self.result(node).level

    def gap(self, node: str, angle: str) -> Gap | None:
        """The gap to an angle, like for like; None where there is none or either side is withheld."""
        if {("current", node), (angle, node)} & self.withheld:
            return None
        found = self.results.chosen.gaps[angle].get(node)
        return found if found is not None and found.value is not None else None

    def band(self, node: str) -> Band | None:
        """The band that decides the catalogue's advice, on the rounded score; None without one."""
        score = self.score(node)
        if score is None:
            return None
        rounded = round_half_away(score, self.catalogue.limits.decimals)
        lowest, *higher = self.catalogue.bands
        return [lowest, *(band for band in higher if band.threshold <= rounded)][-1]

    @cached_property
    def others(self) -> tuple[str, ...]:
        """The angles that current is compared with and that have a value."""
        return tuple(angle for angle in ANGLES[1:] if self.results.chosen.angles[angle].present)

    @cached_property
    def scored(self) -> tuple[Indicator, ...]:
        """The indicators with a score that may be shown, in catalogue order."""
        return tuple(each for each in self.indicators() if self.score(each.id) is not None)

    @cached_property
    def levers(self) -> tuple[str, ...]:
        """Ids of the indicators with points to gain, most important first (scoring.md rule 9), none withheld."""
        return tuple(id_ for id_ in self.results.chosen.importance_order if self._points_shown(id_))

    def points(self, node: str) -> float | None:
        """Points of total that closing the indicator's gap adds (scoring.md rule 9)."""
        return self.results.chosen.importance.get(node) if self._points_shown(node) else None

    def _points_shown(self, node: str) -> bool:
        """Whether nothing that the points may rest on is withheld."""
        return not {("current", node), ("target", node)} & self.withheld

    def unmet(self, indicator: Indicator) -> tuple[Indicator, ...]:
        """The prerequisites that stand in the lowest band of the catalogue's advice."""
        lowest = self.catalogue.bands[0]
        before = [each for each in self.indicators() if each.id in indicator.prerequisites]
        return tuple(each for each in before if self.band(each.id) == lowest)

    def perception(self, dimension: Dimension | None = None) -> Perception | None:
        """How the tiers see a dimension or the whole, over the indicators where every tier heard there may be shown.

        Made of what may be shown anyway, so that no hidden mean can be computed from it. None under two tiers.
        """
        ends = self.heard_tiers
        if len(ends) < 2:
            return None
        rows = []
        for indicator in self.indicators(dimension):
            tiers = self.agreement[indicator.id].tiers
            means = [tiers.get(tier) for tier in ends]
            if self.score(indicator.id) is not None and None not in means:
                rows.append((means, self.result(indicator.id).valued_share))
        found = {tier: weighted_mean((means[at], share) for means, share in rows) for at, tier in enumerate(ends)}
        known = {tier: value for tier, value in found.items() if value is not None}
        return Perception(known, len(rows)) if len(known) == len(ends) else None

    @cached_property
    def heard_tiers(self) -> tuple[str, ...]:
        """The tiers with a mean that may be shown at any indicator, from the top down."""
        seen = {
            t for each in self.indicators() for t, mean in self.agreement[each.id].tiers.items() if mean is not None
        }
        return tuple(tier.id for tier in self.catalogue.tiers if tier.id in seen)

    @cached_property
    def _sealed(self) -> frozenset[str]:
        return sealed(self.results, "current") if self.audience == "client" else frozenset()

    def lowest_questions(self, dimension: Dimension, most: int) -> tuple[Question, ...]:
        """The questions of a dimension with the lowest scores, lowest first, under the scale's top.

        For a client none that are sealed.
        """
        found = {}
        for question in (each for indicator in self.indicators(dimension) for each in indicator.questions):
            result = self.result(question.id)
            if result.score is not None and question.id not in self._sealed and result.score < self.catalogue.scale_max:
                found[question.id] = round_half_away(result.score)
        return tuple(self.catalogue.questions[id_] for id_ in sorted(found, key=found.__getitem__)[:most])

    def nature(self, nature: str, dimension: Dimension | None = None) -> float | None:
        """Mean score of the indicators of one nature, weighted by their share of the total."""
        those = [each for each in self.indicators(dimension) if each.nature == nature]
        return weighted_mean((self.score(each.id), self.result(each.id).valued_share) for each in those)


def facts(results: Results) -> Facts:
    """The facts for the audience that the plan names (scoring.md rule 15)."""
    audience = results.plan.settings.audience
    fit = shown(results, audience)
    return Facts(fit, withheld(fit, audience), shown_agreement(fit), compared(fit, audience))
