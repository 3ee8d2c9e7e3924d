"""What customers say beside current over the same questions: the figures of the customers' sheet. Hidden.

A row per node that customers were asked about (total, dimensions, indicators, questions), children of a node in
consecutive rows; then, in the order of the sheet's two tables, what their charts need.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cmme_xl import formulas
from cmme_xl.calculation import expression as ex
from cmme_xl.calculation.engine import SCOPES, Engine
from cmme_xl.calculation.expression import NONE, Block, Expression, constant
from cmme_xl.calculation.grid import Grid
from cmme_xl.calculation.inputs import Answers
from cmme_xl.catalogue import ROOT, Dimension, Indicator, Question
from cmme_xl.results.customers import compared
from cmme_xl.results.model import CUSTOMER
from cmme_xl.scoring import round_half_away
from cmme_xl.summary.context import Context
from cmme_xl.summary.view import MISSING, View, mark
from cmme_xl.summary.weights import WeightCells

FIRST_ROW = 3
ROLE = "customer_figures"
FIGURES = ("weight", "inside", "theirs", "matched", "own", "difference", "scored", "key")
FEEDS = ("offset", "length", "theirs_x", "theirs_y", "own_x", "own_y")
HEADS = {"inside": "weight", "theirs": "score", "matched": "same"}
HEADS |= {f"{who}_{axis}": f"mark_{axis}" for who in ("theirs", "own") for axis in "xy"}


@dataclass(frozen=True)
class Comparison:
    """References to the figures: the total, dimensions, indicators and questions that customers were asked about."""

    grid: Grid
    rows: dict[str, int]
    feeds: dict[str, int]
    dimensions: tuple[Dimension, ...]
    indicators: tuple[Indicator, ...]
    questions: tuple[Question, ...]

    @property
    def nodes(self) -> list[str]:
        """The rows of the first table: the total, then each dimension with its indicators."""
        found = [ROOT]
        for dimension in self.dimensions:
            found += [dimension.id, *(each.id for each in dimension.indicators if each.id in self.rows)]
        return found

    def at(self, node: str, figure: str) -> Expression:
        return self.grid.at(self.rows[node], 2 + FIGURES.index(figure))

    def column(self, nodes: Sequence[str], figure: str) -> Block:
        """A figure of consecutive nodes."""
        return self.grid.column_at([self.rows[node] for node in nodes], 2 + FIGURES.index(figure))

    def names(self, nodes: Sequence[str]) -> Block:
        return self.grid.column_at([self.rows[node] for node in nodes], 1)

    def feed(self, nodes: Sequence[str], figure: str) -> Block:
        """What a chart takes, for all nodes of a table in its order."""
        return self.grid.column_at([self.feeds[node] for node in nodes], 2 + FEEDS.index(figure))

    def labels(self, nodes: Sequence[str]) -> Block:
        """The names beside `feed`."""
        return self.grid.column_at([self.feeds[node] for node in nodes], 1)


def build(context: Context, engine: Engine, view: View, answers: Answers, settings: WeightCells) -> Comparison:
    """Write the sheet and return its references."""
    return _Builder(context, engine, view, answers, settings).build()


class _Builder:
    def __init__(
        self, context: Context, engine: Engine, view: View, answers: Answers, settings: WeightCells
    ) -> None:  # fmt: skip
        self.context, self.engine, self.view, self.answers, self.settings = context, engine, view, answers, settings
        self.counts = {id_: each.scored for id_, each in compared(context.results, context.audience).items()}
        asked = [q for i in context.indicators for q in i.questions if self._asked(q)]
        self.questions = {i.id: tuple(q for q in i.questions if q in asked) for i in context.indicators}
        indicators = tuple(i for i in context.indicators if self.questions[i.id])
        ids = {each.id for each in indicators}
        dimensions = tuple(d for d in context.dimensions if any(i.id in ids for i in d.indicators))
        keys = [ROOT, *(d.id for d in dimensions), *(i.id for i in indicators), *(q.id for q in asked)]
        rows = {key: FIRST_ROW + number for number, key in enumerate(keys)}
        grid = Grid(context.sheets[ROLE])
        self.made = Comparison(grid, rows, {}, dimensions, indicators, tuple(asked))

    def _asked(self, question: Question) -> bool:
        """Whether customers were asked, and the plan keeps the question and all above it."""
        kept = self.context.plan.in_scope(question.id)
        return kept and self.context.angle(CUSTOMER).nodes[question.id].in_scope

    def build(self) -> Comparison:
        self._heads()
        for indicator in self.made.indicators:
            self._put(indicator.id, weight=self.view.at(indicator.id, "current", "weight"))
            self._put(indicator.id, inside=self._chosen(indicator.id, "weight_{}"))
            for question in self.questions[indicator.id]:
                self._question(indicator, question)
            children = [question.id for question in self.questions[indicator.id]]
            theirs = self.engine.at(indicator.id, CUSTOMER, "score")
            hidden = self.answers.sealed("current", indicator.id) is not None
            calibrated = None if hidden else self.context.calibrated("current", indicator.id)
            self._parent(indicator.id, children, self._inside(indicator, theirs), calibrated)
            self._put(indicator.id, scored=self._inside(indicator, self._scored(indicator.id)))
            difference = self._cell(indicator.id, "difference")
            value = None if difference.number is None else round_half_away(difference.number)
            self._put(indicator.id, key=Expression(formulas.rounded(difference.text), value))
        for dimension in self.made.dimensions:
            self._put(dimension.id, weight=self.view.at(dimension.id, "current", "weight"))
            self._whole(dimension.id, [i.id for i in dimension.indicators if i.id in self.made.rows])
        self._whole(ROOT, [dimension.id for dimension in self.made.dimensions])
        self._feeds(self.made.nodes)
        self._feeds([question.id for question in self.made.questions])
        return self.made

    def _heads(self) -> None:
        words, grid = self.context.words, self.made.grid
        grid.head(0, 0, words["engine.customers"])
        for column, key in enumerate(("id", "name", *FIGURES)):
            grid.head(FIRST_ROW - 1, column, words[f"engine.{HEADS.get(key, key)}"])
        for node, row in self.made.rows.items():
            grid.put(row, 0, constant(node))
            grid.put(row, 1, constant(self._name(node)))

    def _name(self, node: str) -> str:
        if node == ROOT:
            return self.context.words["customers.total"]
        return node if node in self.context.catalogue.questions else self.context.name(node)

    def _cell(self, node: str, figure: str) -> Expression:
        return self.made.grid.local(self.made.rows[node], 2 + FIGURES.index(figure))

    def _block(self, nodes: Sequence[str], figure: str) -> Block:
        return self.made.grid.column([self.made.rows[node] for node in nodes], 2 + FIGURES.index(figure))

    def _put(self, node: str, **figures: Expression) -> None:
        for figure, expression in figures.items():
            self.made.grid.set(self.made.rows[node], 2 + FIGURES.index(figure), expression)

    # --- figures under the chosen scope

    def _chosen(self, node: str, figure: str) -> Expression:
        """The customers' engine figure of a node: of an indicator by column, of what is above it by row."""
        if "{}" in figure:
            found = [self.engine.at(node, CUSTOMER, figure.format(scope)) for scope in SCOPES]
        else:
            found = [self.engine.at(node, CUSTOMER, figure, scope) for scope in SCOPES]
        return ex.choose(self.settings.scope_is_key, found[1], found[0])

    def _inside(self, indicator: Indicator, figure: Expression) -> Expression:
        return ex.choose(ex.has(self._cell(indicator.id, "inside")), figure, NONE)

    def _scored(self, node: str) -> Expression:
        """How many scores customers gave; in a client's file no count follows from an answer."""
        if self.context.audience == "client":
            return constant(float(self.counts.get(node, 0)))
        above = node == ROOT or node in {dimension.id for dimension in self.made.dimensions}
        return self._chosen(node, "scored") if above else self.engine.at(node, CUSTOMER, "scored")

    def _question(self, indicator: Indicator, question: Question) -> None:
        hidden = self.answers.sealed("current", indicator.id) is not None
        self._put(
            question.id,
            weight=NONE if hidden else self.engine.at(question.id, "current", "weight"),
            theirs=self._inside(indicator, self.engine.at(question.id, CUSTOMER, "score")),
            scored=self._inside(indicator, self._scored(question.id)),
        )
        theirs = self._cell(question.id, "theirs")
        both = ex.both(ex.has(theirs), ex.has(self._cell(indicator.id, "weight")))
        own = NONE if hidden else ex.choose(both, self.engine.at(question.id, "current", "score"), NONE)
        self._put(question.id, own=own)
        own = self._cell(question.id, "own")
        self._put(question.id, matched=ex.choose(ex.has(own), theirs, NONE))
        self._put(question.id, difference=ex.gap(own, theirs))

    def _whole(self, node: str, children: Sequence[str]) -> None:
        self._parent(node, children, self._chosen(node, "score"))
        self._put(node, scored=self._scored(node))

    def _parent(
        self, node: str, children: Sequence[str], theirs: Expression, calibrated: Expression | None = None
    ) -> None:
        """`calibrated`: the one figure that stands for the node as a whole, and is compared with theirs (rule 8)."""
        weights = self._block(children, "weight")
        self._put(node, theirs=theirs)
        theirs = self._cell(node, "theirs")
        for figure in ("matched", "own", "difference"):
            found = ex.mean(self._block(children, figure), weights)
            if calibrated:
                alone = {"matched": theirs, "own": calibrated, "difference": ex.gap(calibrated, theirs)}
                found = ex.choose(ex.both(ex.has(calibrated), ex.has(theirs)), alone[figure], found)
            self._put(node, **{figure: found})

    # --- for charts

    def _feeds(self, nodes: Iterable[str]) -> None:
        """The markers of a table's rows, and the line from the one to the other."""
        listed, grid = list(nodes), self.made.grid
        top = max((*self.made.rows.values(), *self.made.feeds.values())) + 3
        for column, figure in enumerate(("id", "name", *FEEDS)):
            grid.head(top - 1, column, self.context.words[f"engine.{HEADS.get(figure, figure)}"])
        for number, node in enumerate(listed):
            row = self.made.feeds[node] = top + number
            matched, own = self._cell(node, "matched"), self._cell(node, "own")
            theirs = ex.choose(ex.has(matched), matched, self._cell(node, "theirs"))
            height = len(listed) - number - 0.5
            ends = [each.number for each in (theirs, own) if each.number is not None]
            cells = f"{theirs.text},{own.text}"
            low = Expression(f"IF(COUNT({cells})=0,NA(),MIN({cells}))", min(ends, default=MISSING))
            span = Expression(
                f"IF(COUNT({cells})=0,NA(),MAX({cells})-MIN({cells}))", max(ends) - min(ends) if ends else MISSING
            )
            shown = (constant(node), constant(self._name(node)), low, span, *mark(theirs, height), *mark(own, height))
            for column, found in enumerate(shown):
                grid.put(row, column, found)
