"""What every sheet of the summary is drawn from: results, words, book and sheets."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from cmme_xl.calculation.expression import Expression
from cmme_xl.calculation.ground import by_id, heard, is_raw, raw, uncalibrated
from cmme_xl.calculation.shown import DASH as DASH
from cmme_xl.catalogue import Catalogue, Dimension, Indicator
from cmme_xl.plan.model import Plan
from cmme_xl.results.audience import withheld
from cmme_xl.results.compute import rules
from cmme_xl.results.facts import Facts, facts
from cmme_xl.results.model import ANGLES, CUSTOMER, Angle, Results
from cmme_xl.returned.calibrations import Calibration
from cmme_xl.scoring import Kind, Node
from cmme_xl.spreadsheet import Book, Sheet
from cmme_xl.summary.words import Words

CALIBRATIONS_FROM, CALIBRATED = 8, 5
"""First row and column of the scores on the sheet of calibrations."""
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

    @cached_property
    def plan(self) -> Plan:
        return self.results.plan

    @cached_property
    def catalogue(self) -> Catalogue:
        return self.results.plan.catalogue

    @cached_property
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

    @cached_property
    def calibrations(self) -> dict[tuple[str, str], Calibration]:
        """The calibrations of the angles shown, by angle and node, in catalogue order (scoring.md rule 11)."""
        kept = {each.id for each in self.indicators} | {q.id for each in self.indicators for q in each.questions}
        listed = [each for each in self.results.calibrations if each.angle in self.present and each.node in kept]
        return {(each.angle, each.node): each for each in listed}

    @cached_property
    def raws(self) -> tuple[str, ...]:
        """The raw sides of calibrated angles. A client sees them only where each rests on enough people's answers,
        or what was hidden could be worked out from the others."""
        calibrated = dict.fromkeys(angle for angle, _ in self.calibrations)
        if self.audience == "client" and any(self.few(*each) for each in self.calibrations):
            return ()
        return tuple(map(raw, calibrated))

    def few(self, angle: str, node: str) -> bool:
        """Whether too few people scored a node, or a question of it, for a client to see what they said."""
        nodes = by_id(self.angle(angle).tree)
        questions = [child for child in (nodes[node], *nodes[node].children) if not child.children]
        counts = [sum(vote.kind is Kind.SCORED for vote in each.votes) for each in questions if each.in_scope]
        return any(0 < count < self.catalogue.limits.tier_shown_min for count in counts)

    def calibrated(self, angle: str, node: str) -> Expression | None:
        """The cell with a node's calibration, on the sheet of calibrations; None where there is none."""
        if (angle, node) not in self.calibrations:
            return None
        row = CALIBRATIONS_FROM + list(self.calibrations).index((angle, node))
        score = self.calibrations[angle, node].score
        value = self.catalogue.na.in_(self.lang) if score is None else score
        return Expression(self.sheets["calibrations"].cell(row, CALIBRATED), value)

    @property
    def compared(self) -> bool:
        """Whether there is a target or a benchmark, so that there are gaps to close (scoring.md rule 9)."""
        return bool({"target", "benchmark"} & set(self.others))

    def drawn(self, nodes: Iterable[str]) -> tuple[str, ...]:
        """The angles in which any of these nodes has a value under the widest scope: those worth a series."""
        listed = list(nodes)
        return tuple(
            angle
            for angle in self.present
            if any(self.angle(angle).nodes[n].score is not None and (angle, n) not in self.withheld for n in listed)
        )

    def angle(self, angle: str, scope: str = "standard") -> Angle:
        found = self.results.scopes[scope].angles[heard(angle)]
        return uncalibrated(found, rules(self.plan, found.id)) if is_raw(angle) else found

    def name(self, node: str) -> str:
        """A node's name in the workbook's language."""
        return self.catalogue.names[node].in_(self.lang)

    def label(self, angle: str) -> str:
        """An angle's name."""
        name = self.words[f"angle.{heard(angle)}"]
        return self.words.fill("calibrations.raw_of", angle=name) if is_raw(angle) else name

    def spoken(self, angle: str) -> str:
        """An angle's name within a sentence."""
        return self.label(angle) if self.lang == "zh" else self.label(angle).lower()

    def spoken_short(self, angle: str) -> str:
        """The short name within a heading such as "To bench."."""
        return self.short(angle) if self.lang == "zh" else self.short(angle).lower()

    def short(self, angle: str) -> str:
        """An angle's name for a narrow column."""
        return self.words[f"angle_short.{angle}"]
