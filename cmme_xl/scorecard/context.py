"""What every sheet of the scorecard is drawn from: results, what was typed before, words, book and sheets."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from cmme_xl.calculation.ground import by_id, heard, is_raw, raw, uncalibrated
from cmme_xl.catalogue import ROOT, Catalogue, Dimension, Indicator
from cmme_xl.plan.model import Plan
from cmme_xl.results.compute import rules
from cmme_xl.results.model import ANGLES, Angle, Results
from cmme_xl.returned.scorecard import Entry
from cmme_xl.scorecard.words import Words
from cmme_xl.scoring import Node
from cmme_xl.spreadsheet import Book, Sheet

COLOURS = {angle: angle for angle in ANGLES}
TEXT_COLOURS = COLOURS | {"competitor": "slate"}
GLYPHS = {"current": "●", "target": "◆", "benchmark": "■", "competitor": "▲"}


@dataclass(frozen=True)
class Context:
    """`results` are computed with the calibrations among `entries`; `entries`: everything typed, by angle and node.

    `today`: the day as of which answers were read. `sheets`: role -> sheet, in tab order.
    """

    results: Results
    entries: Mapping[tuple[str, str], Entry]
    today: date
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

    @property
    def scope(self) -> str:
        """The scope that all figures are of: the plan decides."""
        return self.results.scope

    # --- for the calculation

    @cached_property
    def dimensions(self) -> tuple[Dimension, ...]:
        return shown_dimensions(self.results)

    @cached_property
    def indicators(self) -> tuple[Indicator, ...]:
        return tuple(indicator for dimension in self.dimensions for indicator in dimension.indicators)

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """Total, dimensions and indicators, each dimension before what is in it."""
        below = [id_ for each in self.dimensions for id_ in (each.id, *(i.id for i in each.indicators))]
        return (ROOT, *below)

    @cached_property
    def parents(self) -> dict[str, str]:
        """The node that each node but the total belongs to."""
        found: dict[str, str] = {}
        for dimension in self.dimensions:
            found[dimension.id] = ROOT
            for indicator in dimension.indicators:
                found[indicator.id] = dimension.id
                found |= {question.id: indicator.id for question in indicator.questions}
        return found

    @cached_property
    def nodes(self) -> dict[str, Node]:
        """The nodes of the current angle's tree over the standard scope, by id."""
        return by_id(self.angle("current").tree)

    @cached_property
    def voices(self) -> tuple[str, ...]:
        """The angles that have anything to show, current always first."""
        return shown_angles(self.results)

    @property
    def others(self) -> tuple[str, ...]:
        """The angles that current is compared with."""
        return self.voices[1:]

    @property
    def raws(self) -> tuple[str, ...]:
        return (raw("current"),)

    @property
    def withheld(self) -> frozenset[tuple[str, str]]:
        """Nothing: a scorecard is for consultants only."""
        return frozenset()

    def angle(self, angle: str, scope: str = "standard") -> Angle:
        found = self.results.scopes[scope].angles[heard(angle)]
        return uncalibrated(found, rules(self.plan, found.id)) if is_raw(angle) else found

    def label(self, angle: str) -> str:
        """An angle's name."""
        name = self.words[f"angle.{heard(angle)}"]
        return self.words.fill("angle.before", angle=name) if is_raw(angle) else name

    # --- names

    def name(self, node: str) -> str:
        """A node's name in the workbook's language."""
        return self.catalogue.names[node].in_(self.lang)

    def numbered(self, node: str) -> str:
        """A node's number and name."""
        if node == ROOT:
            return self.words["angle.total"]
        numbers = {each.id: each.number for each in self.dimensions}
        numbers |= {each.id: each.number for each in self.indicators}
        return f"{numbers[node]} {self.name(node)}"


def shown_dimensions(results: Results) -> tuple[Dimension, ...]:
    """The dimensions that the plan leaves any question of, in catalogue order."""
    nodes = by_id(results.scopes["standard"].angles["current"].tree)

    def kept(dimension: Dimension) -> bool:
        inside = [nodes[each.id] for each in dimension.indicators if nodes[each.id].in_scope]
        return nodes[dimension.id].in_scope and any(child.in_scope for node in inside for child in node.children)

    return tuple(filter(kept, results.plan.catalogue.dimensions))


def calibratable(results: Results) -> frozenset[str]:
    """The indicators and questions in scope: what is out of it stays out, whatever is typed (decisions.md)."""
    nodes = by_id(results.scopes["standard"].angles["current"].tree)
    kept = [each for dimension in shown_dimensions(results) for each in dimension.indicators if nodes[each.id].in_scope]
    questions = (question.id for each in kept for question in each.questions if nodes[question.id].in_scope)
    return frozenset((*(each.id for each in kept), *questions))


def shown_angles(results: Results) -> tuple[str, ...]:
    """The angles that have anything to show, current always first."""
    found = results.scopes["standard"].angles
    return tuple(angle for angle in ANGLES if angle == "current" or found[angle].present)
