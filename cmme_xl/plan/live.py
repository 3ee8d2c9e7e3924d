"""The figures that a plan's formulas show, worked out in Python by the reader's own rules: the cached values."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from cmme_xl.catalogue import Catalogue
from cmme_xl.plan.assignment import Choices, Mark, assign, catalogue_marks, choices_of, used_questions
from cmme_xl.plan.model import Engagement, Given, Person, Plan, Settings


@dataclass(frozen=True)
class Content:
    """What a plan workbook is filled with; of an empty one only the settings are there."""

    catalogue: Catalogue
    engagement: Engagement | None
    settings: Settings
    people: tuple[Person, ...] = ()
    choices: Choices = field(default_factory=Choices)
    weights: Mapping[str, float] = field(default_factory=dict)
    dropped: frozenset[str] = frozenset()
    given: tuple[Given, ...] = ()

    @classmethod
    def empty(cls, catalogue: Catalogue) -> "Content":
        settings = Settings(askers_min=catalogue.limits.askers_min)
        return cls(catalogue, None, settings, choices=Choices({}, catalogue_marks(catalogue)))

    @classmethod
    def of(cls, plan: Plan, choices: Choices | None = None) -> "Content":
        """Raises ValueError where the plan's assignment cannot be written as marks (see `choices_of`)."""
        return cls(
            plan.catalogue,
            plan.engagement,
            plan.settings,
            plan.people,
            choices or choices_of(plan),
            plan.weights,
            plan.dropped,
            plan.given,
        )

    def weight(self, node: str, own: float) -> float:
        return self.weights.get(node, own)

    # --- questions --------------------------------------------------------------------------------------------

    @cached_property
    def used(self) -> dict[str, tuple[str, ...]]:
        """Indicator id -> ids of the questions used."""
        return used_questions(self.catalogue, self.settings.form, self.dropped)

    @cached_property
    def assigned(self) -> dict[str, tuple[str, ...]]:
        """Person id -> ids of the questions asked."""
        marks, question_marks = self.choices.marks, self.choices.question_marks
        return assign(
            self.catalogue, self.people, marks, question_marks, self.settings.form, self.dropped
        )

    @cached_property
    def asked(self) -> dict[str, dict[str, tuple[str, ...]]]:
        """Person id -> indicator id -> ids of the questions asked."""
        return {
            person: {
                indicator: tuple(question for question in used if question in questions)
                for indicator, used in self.used.items()
            }
            for person, questions in ((person, frozenset(asked)) for person, asked in self.assigned.items())
        }

    def default(self, indicator: str, group: str) -> tuple[str, ...]:
        """The questions of an indicator that a group is asked by default."""
        marks = self.choices.question_marks
        return tuple(question for question in self.used[indicator] if group in marks[question])

    def minutes(self, questions: tuple[str, ...]) -> float:
        return sum(self.catalogue.questions[question].minutes for question in questions)

    def needed(self, person: Person) -> float:
        """Interview minutes of a person."""
        return self.minutes(self.assigned[person.id])

    def outside(self, person: Person) -> int:
        """Whether a person's interview is too short (-1), too long (1) or neither (0)."""
        low, high = self.catalogue.minutes_of(person.group)
        return (self.needed(person) > high) - (self.needed(person) < low)

    def mark(self, person: str, node: str) -> Mark | None:
        """The mark that stands in a cell."""
        return self.choices.marks.get(person, {}).get(node)

    def askers(self, indicator: str) -> int:
        """How many of the enterprise's own people are asked about an indicator."""
        return sum(
            1
            for person in self.people
            if not self.catalogue.group(person.group).external and self.asked[person.id][indicator]
        )

    # --- weights ----------------------------------------------------------------------------------------------

    @cached_property
    def open(self) -> dict[str, bool]:
        """Node id -> whether neither it nor its dimension has been dropped."""
        opened = {dimension.id: dimension.id not in self.dropped for dimension in self.catalogue.dimensions}
        for indicator in self.catalogue.indicators:
            above = opened[self.catalogue.dimension_of[indicator.id].id]
            opened[indicator.id] = above and indicator.id not in self.dropped
        return opened

    @cached_property
    def alive(self) -> dict[str, bool]:
        """Node id -> whether anything beneath it is in scope (scoring.md rule 6)."""
        alive = {
            indicator.id: self.open[indicator.id] and any(q.id not in self.dropped for q in indicator.questions)
            for indicator in self.catalogue.indicators
        }
        for dimension in self.catalogue.dimensions:
            alive[dimension.id] = any(alive[indicator.id] for indicator in dimension.indicators)
        return alive

    @cached_property
    def share(self) -> dict[str, float]:
        """Node id -> effective share of the total over all standard indicators in scope, 0-1 (scoring.md rule 6)."""
        shares = self._shares({d.id: d.weight for d in self.catalogue.dimensions}, 1.0)
        for dimension in self.catalogue.dimensions:
            shares |= self._shares({i.id: i.weight for i in dimension.indicators}, shares[dimension.id])
        return shares

    def _shares(self, own: Mapping[str, float], whole: float) -> dict[str, float]:
        weights = {node: self.weight(node, weight) if self.alive[node] else 0.0 for node, weight in own.items()}
        total = math.fsum(weights.values())
        return {node: whole * weight / total if total else 0.0 for node, weight in weights.items()}

    # --- voices -----------------------------------------------------------------------------------------------

    def members(self, group: str) -> list[Person]:
        return [person for person in self.people if person.group == group]

    def weight_of(self, group: str) -> float:
        return math.fsum(person.weight for person in self.members(group))

    @cached_property
    def voice(self) -> dict[str, float]:
        """Group id -> share of voice: tiers among each other, outsiders each group for itself (scoring.md rule 3)."""
        tiers = [tier.id for tier in self.catalogue.tiers]
        if self.settings.voice == "tier":
            weights = {t: self.settings.tier_shares.get(t, 0.0) if self.members(t) else 0.0 for t in tiers}
        else:
            weights = {t: self.weight_of(t) for t in tiers}
        total = math.fsum(weights.values())
        voice = {tier: weight / total if total else 0.0 for tier, weight in weights.items()}
        outside = (group.id for group in self.catalogue.groups if group.external)
        return voice | {group: 1.0 if self.members(group) else 0.0 for group in outside}

    def voice_of(self, person: Person) -> float:
        """A person's share of voice in the angle the person answers for; by tier, all of a tier count alike."""
        voice = self.voice[person.group]
        if self.settings.voice == "tier" and not self.catalogue.group(person.group).external:
            return voice / len(self.members(person.group))
        total = self.weight_of(person.group)
        return voice * person.weight / total if total else 0.0
