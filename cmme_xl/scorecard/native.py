"""The engine's figures under the plan's scope: every figure of the live block by native formulas."""

from collections.abc import Sequence

from cmme_xl.calculation import expression as ex
from cmme_xl.calculation.engine import Engine
from cmme_xl.calculation.expression import NONE, Block, Expression
from cmme_xl.calculation.ground import raw
from cmme_xl.scorecard.cells import ScoreCells
from cmme_xl.scorecard.context import Context


class Native:
    """The engine's figures under the plan's scope."""

    def __init__(self, context: Context, engine: Engine) -> None:
        self.context, self.engine = context, engine
        self.indicators = {each.id for each in context.indicators}
        self.thresholds = [level.threshold for level in context.catalogue.levels]

    def _scope(self, node: str) -> str:
        return self.context.scope if node not in self.indicators and node in self.context.ids else ""

    def _at(self, node: str, angle: str, figure: str) -> Expression:
        return self.engine.at(node, angle, figure, self._scope(node))

    def _weight_of(self, node: str, angle: str) -> Expression:
        """The weight under the plan's scope, "" where that leaves the node out."""
        return self._at(node, angle, f"weight_{self.context.scope}" if node in self.indicators else "weight")

    def weight(self, node: str) -> Expression:
        return self._weight_of(node, "current")

    def weights(self, nodes: Sequence[str]) -> Block:
        """The weights of siblings."""
        found = [self.weight(node) for node in nodes]
        first, last = found[0].text, found[-1].text.rpartition("!")[2]
        return Block(f"{first}:{last}", tuple(each.value for each in found))

    def _inside(self, node: str, angle: str) -> Expression:
        """Whether the node counts: beneath an indicator that is out, all is out."""
        own = ex.has(self._weight_of(node, angle))
        if node in self.context.ids:
            return own
        return ex.both(own, ex.has(self._weight_of(self.context.parents[node], angle)))

    def _within(self, node: str, angle: str, found: Expression) -> Expression:
        if node in self.context.ids and node not in self.indicators:
            return found
        return ex.choose(self._inside(node, angle), found, NONE)

    def value(self, node: str, angle: str) -> Expression:
        return self._within(node, angle, self._at(node, angle, "score"))

    def raw(self, node: str) -> Expression:
        return self.value(node, raw("current"))

    def rate(self, node: str) -> Expression:
        """The response rate (scoring.md rule 6)."""
        counts = (self._at(node, "current", figure) for figure in ("scored", "asked", "na"))
        return ex.choose(ex.has(self.weight(node)), ex.response_rate(*counts), NONE)

    def gap(self, node: str, other: str) -> Expression:
        """other - current, like for like, where both are in scope (scoring.md rule 8)."""
        there = ex.both(ex.has(self._weight_of(node, "current")), ex.has(self._weight_of(node, other)))
        return ex.choose(there, self._at(node, other, "gap"), NONE)

    def figure(self, node: str, figure: str) -> Expression:
        """What the call into Python answers, by native formulas."""
        if figure == "value":
            return self.value(node, "current")
        if figure in ("low", "high"):
            return self._within(node, "current", self._at(node, "current", figure))
        if figure == "coverage":
            covered, reached = (self._at(node, "current", each) for each in ("covered", "reached"))
            return ex.coverage(covered, reached, self.weight(node))
        if figure == "level":
            return ex.level(self.value(node, "current"), self.thresholds, self.context.catalogue.limits.decimals)
        return self.gap(node, self.context.others[0]) if self.context.others else NONE

    def compared(self, node: str) -> Expression:
        """A node's value in the first other angle, as one column holds it: of questions what they came to, above them
        only a figure for the whole node."""
        other = self.context.others[0]
        if node not in self.context.ids:
            return self.value(node, other)
        figures = [each for each in (self._figure(node, other)) if each is not None]
        return ex.with_figures(figures, NONE)

    def _figure(self, node: str, other: str) -> tuple[Expression | None, ...]:
        settings = ScoreCells(self.context)
        return settings.calibrated(other, node), settings.given(other, node)
