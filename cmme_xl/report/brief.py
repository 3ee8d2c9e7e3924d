"""What document and deck are both written from: the facts, the words, the brand, and figures as they are shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from cmme_xl.catalogue import ROOT, Catalogue, Dimension, Indicator, Text
from cmme_xl.findings import visible
from cmme_xl.report import charts
from cmme_xl.report.charts import Look, Series
from cmme_xl.report.words import Words
from cmme_xl.results.advice import Advice, advice
from cmme_xl.results.diagnosis import Diagnosis, diagnosis
from cmme_xl.results.facts import Facts
from cmme_xl.results.remarks import percent
from cmme_xl.results.sentence import Figure, Sentence, Shape, paragraph
from cmme_xl.scoring import round_half_away
from cmme_xl.spreadsheet import Brand

DASH = "–"
TIER_MARKERS = ("circle", "diamond", "square", "triangle")
FEWEST_FOR_RADAR = 3
WRONG_SIDE = 1.0


@dataclass(frozen=True)
class Brief:
    """The facts in one language and one brand."""

    facts: Facts
    words: Words
    brand: Brand

    @property
    def lang(self) -> str:
        return self.words.lang

    @property
    def catalogue(self) -> Catalogue:
        return self.facts.catalogue

    @cached_property
    def advice(self) -> tuple[Advice, ...]:
        return advice(self.facts)

    @cached_property
    def diagnoses(self) -> tuple[tuple[Dimension, Diagnosis], ...]:
        return tuple((each, diagnosis(self.facts, each)) for each in self.facts.dimensions)

    @property
    def client(self) -> bool:
        return self.facts.audience == "client"

    # --- words

    def told(self, sentences: Sequence[Sentence]) -> str:
        """Sentences as one running text."""
        return paragraph(sentences, self.lang)

    def name(self, text: Text) -> str:
        return text.in_(self.lang)

    def plain(self, text: str) -> str:
        """What came from outside, made harmless."""
        return visible(text)

    def named(self, names: Sequence[Text]) -> str:
        """Names with nothing around them."""
        return self.words["report.between"].join(each.in_(self.lang) for each in names)

    def label(self, angle: str) -> str:
        return self.words[f"angle.{angle}"]

    def short_label(self, angle: str) -> str:
        """An angle's name for a narrow column."""
        return self.words[f"angle_short.{angle}"]

    def inside(self, angle: str) -> str:
        """An angle's name within a phrase."""
        return self.words[f"angle_inside.{angle}"]

    def scope(self) -> str:
        return self.words[f"scope.{self.facts.results.scope}"]

    def edition(self) -> str:
        return self.words[f"edition.{self.facts.audience}"]

    def confidential(self) -> str:
        """The line that says who may read this."""
        said = self.brand.confidential[self.lang]
        return said if self.client else self.words["edition.confidential"]

    # --- figures

    def score(self, node: str, angle: str = "current") -> str:
        """A score, a dash where there is none, "<3" where it is withheld."""
        if (angle, node) in self.facts.withheld:
            return f"<{self.catalogue.limits.tier_shown_min}"
        return self.number(self.facts.score(node, angle))

    def number(self, value: float | None) -> str:
        return DASH if value is None else str(Figure(value))

    def points(self, value: float | None) -> str:
        return DASH if value is None else str(Figure(value, Shape.POINTS))

    def share(self, value: float | None) -> str:
        return DASH if value is None else str(percent(value))

    def gap(self, node: str, angle: str) -> str:
        """A gap with its sign: positive is behind, negative ahead."""
        found = self.facts.gap(node, angle)
        if found is None or found.value is None:
            return DASH
        mark = "*" if round_half_away(found.weight_share) < 1 else ""
        return self.signed(found.value) + mark

    def signed(self, value: float | None) -> str:
        """A difference with a true minus."""
        return self.number(value).replace("-", "−")

    def far(self, node: str, angle: str) -> bool:
        """Whether current is a whole step of the scale behind, or more."""
        found = self.facts.gap(node, angle)
        return found is not None and found.value is not None and round_half_away(found.value) >= WRONG_SIDE

    def level(self, node: str) -> str:
        """The level's number and name, with a star where it is provisional."""
        number = self.facts.level(node)
        if number is None:
            return DASH
        star = "*" if self.facts.result(node).provisional else ""
        level = self.catalogue.levels[number - 1]
        return self.words.fill("report.level_of", number=number, name=self.name(level.name)) + star

    @cached_property
    def covered(self) -> bool:
        """Whether no indicator in scope has anything left to cover."""
        return all(self.facts.result(each.id).coverage == 1 for each in self.facts.indicators())

    def open(self, node: str) -> bool:
        """Whether the score could still be another: the two ends of its range, as shown, differ."""
        result = self.facts.result(node)
        return self.range(node) != DASH and self.number(result.low) != self.number(result.high)

    def range(self, node: str) -> str:
        result = self.facts.result(node)
        if self.facts.score(node) is None or result.low is None or result.high is None:
            return DASH
        return f"{self.number(result.low)} – {self.number(result.high)}"

    def heat(self, node: str) -> tuple[str, str]:
        """Fill and text colour of a node's level; a catalogue of more levels than colours keeps the last."""
        number = self.facts.level(node)
        if number is None:
            return "panel", "muted"
        number = max(1, min(5, round(1 + 4 * (number - 1) / max(1, len(self.catalogue.levels) - 1))))
        return f"level{number}", f"level{number}_text"

    # --- charts

    def look(self, points: float) -> Look:
        return Look(self.brand, self.lang, points, self.catalogue.scale_min, self.catalogue.scale_max)

    def drawn(self, nodes: Sequence[str]) -> tuple[str, ...]:
        """The angles in which any of the nodes has a score to show, current first."""
        present = ("current", *self.facts.others)
        return tuple(a for a in present if any(self.facts.score(node, a) is not None for node in nodes))

    def series(self, nodes: Sequence[str], angles: Sequence[str]) -> list[Series]:
        return [
            Series(
                self.label(angle), angle, tuple(self.facts.score(node, angle) for node in nodes), charts.MARKERS[angle]
            )
            for angle in angles
        ]

    def tier_series(self) -> tuple[list[Dimension], list[Series]]:
        """How each tier sees the dimensions that all tiers heard there may be shown for."""
        seen = [(each, found) for each in self.facts.dimensions if (found := self.facts.perception(each))]
        series = [
            Series(
                self.name(self.catalogue.group(tier).name),
                f"tier{min(3, number + 1)}",
                tuple(found.tiers[tier] for _, found in seen),
                TIER_MARKERS[number % len(TIER_MARKERS)],
            )
            for number, tier in enumerate(self.facts.heard_tiers)
        ]
        return [each for each, _ in seen], series

    def short(self, item: Dimension | Indicator) -> str:
        """A name for a chart's label, broken where it may be."""
        return self.name(item.short).replace("|", "\n")

    @property
    def parts(self) -> Sequence[Dimension | Indicator]:
        """What the whole is drawn by: its dimensions, the indicators of a single one."""
        listed = self.facts.dimensions
        return listed if len(listed) != 1 else self.facts.indicators(listed[0])

    def ends(self, count: int) -> tuple[list[str], list[str]]:
        """The strongest indicators and those to raise first, `count` of each at most and none in both."""
        scored = [each for each in self.facts.results.chosen.strengths if self.facts.score(each) is not None]
        strong = scored[:count]
        return strong, [each.indicator.id for each in self.advice if each.indicator.id not in strong][:count]

    def heard(self) -> list[tuple[str, int, int]]:
        """(group, people who scored, people asked) of every group that the plan names people of."""
        plan = self.facts.results.plan
        scored = self.facts.results.returned.answers.scorers()
        found = []
        for group in self.catalogue.groups:
            people = [person for person in plan.people if person.group == group.id]
            if people:
                found.append((group.id, sum(person.id in scored for person in people), len(people)))
        return found

    def countable(self, count: int) -> str:
        """A number of people as this audience may see it."""
        least = self.catalogue.limits.tier_shown_min
        return f"<{least}" if self.client and 0 < count < least else str(count)

    @property
    def total(self) -> str:
        return ROOT
