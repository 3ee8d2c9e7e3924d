"""What every sheet of the summary is drawn from: results, words, book and sheets."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from cmme_xl.catalogue import Catalogue, Dimension, Indicator
from cmme_xl.plan.model import Plan
from cmme_xl.results.audience import withheld
from cmme_xl.results.facts import Facts, facts
from cmme_xl.results.model import ANGLES, CUSTOMER, Angle, Results
from cmme_xl.scoring import Node
from cmme_xl.spreadsheet import Book, Sheet
from cmme_xl.summary.words import Words

DASH = "–"
COLOURS = {angle: angle for angle in (*ANGLES, CUSTOMER)}
TEXT_COLOURS = COLOURS | {"competitor": "slate"}
GLYPHS = {"current": "●", "target": "◆", "benchmark": "■", "competitor": "▲", CUSTOMER: "◆"}


@dataclass(frozen=True)
class Context:
    """`sheets`: role -> sheet, in tab order; `audience` is "client" or "consultant" (scoring.md rule 15)."""

    results: Results
    audience: str
    words: Words
    book: Book
    sheets: Mapping[str, Sheet]

    @property
    def plan(self) -> Plan:
        return self.results.plan

    @property
    def catalogue(self) -> Catalogue:
        return self.results.plan.catalogue

    @property
    def lang(self) -> str:
        return self.words.lang

    @cached_property
    def facts(self) -> Facts:
        """What may be said to this audience, from which sentences are composed."""
        settings = replace(self.plan.settings, audience=self.audience)
        return facts(replace(self.results, plan=replace(self.plan, settings=settings)))

    @cached_property
    def tally(self) -> dict[str, int]:
        """How many answers were expected, and how many met each outcome."""
        return self.results.returned.tally()

    @cached_property
    def dimensions(self) -> tuple[Dimension, ...]:
        """The dimensions that the plan leaves any question of, in catalogue order."""
        return tuple(each for each in self.catalogue.dimensions if any(map(self.kept, each.indicators)))

    @cached_property
    def indicators(self) -> tuple[Indicator, ...]:
        """The indicators shown: all of the dimensions shown."""
        return tuple(indicator for dimension in self.dimensions for indicator in dimension.indicators)

    def kept(self, indicator: Indicator) -> bool:
        """Whether the plan leaves the indicator in scope, with at least one question."""
        dimension = self.catalogue.dimension_of[indicator.id]
        node = self.nodes[indicator.id]
        questions = any(child.in_scope for child in node.children)
        return questions and node.in_scope and self.nodes[dimension.id].in_scope

    @cached_property
    def withheld(self) -> frozenset[tuple[str, str]]:
        """(angle, indicator) of which a client's file shows no figure (results.audience)."""
        return withheld(self.results, self.audience)

    def absent(self, angle: str, node: str) -> str:
        """What stands in place of a figure that is not there: a dash, or that it is withheld."""
        return f"<{self.catalogue.limits.tier_shown_min}" if (angle, node) in self.withheld else DASH

    def countable(self, count: int) -> int | str:
        """A count as this audience may see it: "<3" where a small one could point at persons."""
        least = self.catalogue.limits.tier_shown_min
        return f"<{least}" if self.audience == "client" and 0 < count < least else count

    @cached_property
    def nodes(self) -> dict[str, Node]:
        """The nodes of the current angle's tree over the standard scope, by id."""
        return by_id(self.angle("current").tree)

    @cached_property
    def present(self) -> tuple[str, ...]:
        """The angles that have anything to show, current always first."""
        chosen = self.results.scopes["standard"].angles
        return tuple(a for a in ANGLES if a == "current" or (a in chosen and chosen[a].present))

    @cached_property
    def others(self) -> tuple[str, ...]:
        """The angles that current is compared with."""
        return self.present[1:]

    @cached_property
    def voices(self) -> tuple[str, ...]:
        """The angles that figures are computed for: those present, and the customers', who stand beside them."""
        return (*self.present, *([CUSTOMER] if CUSTOMER in self.results.chosen.angles else []))

    def drawn(self, nodes: Iterable[str]) -> tuple[str, ...]:
        """The angles in which any of these nodes has a value under the widest scope: those worth a series."""
        listed = list(nodes)
        return tuple(
            angle
            for angle in self.present
            if any(self.angle(angle).nodes[n].score is not None and (angle, n) not in self.withheld for n in listed)
        )

    def angle(self, angle: str, scope: str = "standard") -> Angle:
        return self.results.scopes[scope].angles[angle]

    def name(self, node: str) -> str:
        """A node's name in the workbook's language."""
        return self.catalogue.names[node].in_(self.lang)

    def label(self, angle: str) -> str:
        """An angle's name."""
        return self.words[f"angle.{angle}"]

    def spoken(self, angle: str) -> str:
        """An angle's name within a sentence."""
        return self.label(angle) if self.lang == "zh" else self.label(angle).lower()

    def spoken_short(self, angle: str) -> str:
        """The short name within a heading such as "To bench."."""
        return self.short(angle) if self.lang == "zh" else self.short(angle).lower()

    def short(self, angle: str) -> str:
        """An angle's name for a narrow column."""
        return self.words[f"angle_short.{angle}"]


def by_id(root: Node) -> dict[str, Node]:
    """Every node of a tree by id."""
    found = {root.id: root}
    for child in root.children:
        found |= by_id(child)
    return found
