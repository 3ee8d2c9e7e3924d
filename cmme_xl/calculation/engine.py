"""The calculation, hidden: the only place where scores are computed by formulas (scoring.md rules 2-8).

Bands of rows: total and dimensions under the scope `standard`, the same under `key`, the indicators, the questions.
Children of a node stand in consecutive rows. Per angle the same columns; a weight cell holds a number where its node
is in scope and "" where it is not (formulas.py). Questions and indicators are computed once, since a scope only
decides which indicators count: their weights per scope stand in two columns.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cmme_xl.calculation import expression as ex
from cmme_xl.calculation.expression import NONE, ONE, ZERO, Block, Expression, constant
from cmme_xl.calculation.grid import Grid, LargeGrid
from cmme_xl.calculation.ground import Ground, by_id, heard, is_raw
from cmme_xl.calculation.inputs import Answers, Sealed, Settings
from cmme_xl.catalogue import ROOT, Indicator, Question
from cmme_xl.scoring import Node

SCOPES = ("standard", "key")
COUNTS = ("asked", "scored", "na", "dk", "blank")
FIGURES = (*COUNTS, "weight", "score", "low", "high", "covered", "reached", "weight_standard", "weight_key")
GAPS = ("gap", "compared", "gap_reached")
FIRST_COLUMN = 5
FIRST_ROW = 4


@dataclass(frozen=True)
class Engine:
    """References to everything computed, for the chosen scope's view and the sheets."""

    grid: Grid
    rows: dict[tuple[str, str], int]
    columns: dict[tuple[str, str], int]

    def at(self, node: str, angle: str, figure: str, scope: str = "") -> Expression:
        """The figure of a node, usable on any sheet; `scope` for the total and dimensions only."""
        return self.grid.at(self.rows[scope, node], self.columns[angle, figure])


def build(context: Ground, answers: Answers, settings: Settings) -> Engine:
    """Write the engine sheet and return its references."""
    return _Builder(context, answers, settings).build()


class _Builder:
    def __init__(self, context: Ground, answers: Answers, settings: Settings) -> None:
        self.context, self.answers, self.settings = context, answers, settings
        self.grid = LargeGrid(context.sheets["engine"])
        self.voices = (*context.voices, *context.raws)
        self.nodes = {angle: by_id(context.angle(angle).tree) for angle in self.voices}
        self.rows = self._rows()
        self.columns = self._columns()
        self.scale = context.catalogue.scale_min, context.catalogue.scale_max

    def build(self) -> Engine:
        self._heads()
        for angle in self.voices:
            for indicator in self.context.indicators:
                for question in indicator.questions:
                    self._question(angle, indicator, question)
        self._flags()
        for angle in self.voices:
            for indicator in self.context.indicators:
                self._indicator(angle, indicator)
            for scope in SCOPES:
                for dimension in self.context.dimensions:
                    children = [self.rows["", each.id] for each in dimension.indicators]
                    self._parent(angle, scope, dimension.id, children, f"weight_{scope}")
                self._parent(angle, scope, ROOT, self._dimension_rows(scope), "weight")
        for other in self.context.others:
            self._gaps(other)
        self.grid.draw()
        return Engine(self.grid, self.rows, self.columns)

    # --- layout

    def _rows(self) -> dict[tuple[str, str], int]:
        keys = [(scope, node) for scope in SCOPES for node in (ROOT, *(d.id for d in self.context.dimensions))]
        keys += [("", indicator.id) for indicator in self.context.indicators]
        keys += [("", question.id) for indicator in self.context.indicators for question in indicator.questions]
        return {key: FIRST_ROW + number for number, key in enumerate(keys)}

    def _columns(self) -> dict[tuple[str, str], int]:
        keys = [
            (angle, figure)
            for angle in self.voices
            for figure in (FIGURES + GAPS if angle in self.context.others else FIGURES)
        ]
        return {key: FIRST_COLUMN + number for number, key in enumerate(keys)}

    def _heads(self) -> None:
        words = self.context.words
        self.grid.head(0, 0, words["engine.title"])
        for column, key in enumerate(("id", "name", "weight", "standard", "key")):
            self.grid.head(FIRST_ROW - 1, column, words[f"engine.{key}"])
        for (angle, figure), column in self.columns.items():
            self.grid.head(FIRST_ROW - 2, column, self.context.label(angle))
            self.grid.head(FIRST_ROW - 1, column, words[f"engine.{figure}"])
        names = self.context.catalogue.names
        for (scope, node), row in self.rows.items():
            self.grid.put(row, 0, constant(node))
            if node in names:
                self.grid.put(row, 1, constant(names[node].in_(self.context.lang)))
            if scope:
                self.grid.put(row, 3, constant(words[f"scope.{scope}"]))

    def _cell(self, row: int, angle: str, figure: str) -> Expression:
        return self.grid.local(row, self.columns[angle, figure])

    def _block(self, rows: Sequence[int], angle: str, figure: str) -> Block:
        return self.grid.column(rows, self.columns[angle, figure])

    def _put(self, row: int, angle: str, **figures: Expression) -> Expression:
        """Write figures of a row; returns the reference to the last."""
        for figure, expression in figures.items():
            column = self.columns[angle, figure]
            self.grid.set(row, column, expression)
        return self.grid.local(row, column)

    def _put_counts(self, row: int, angle: str, counts: Iterable[Expression]) -> None:
        self._put(row, angle, **dict(zip(COUNTS, counts, strict=True)))

    def _dimension_rows(self, scope: str) -> list[int]:
        return [self.rows[scope, dimension.id] for dimension in self.context.dimensions]

    # --- questions

    def _question(self, angle: str, indicator: Indicator, question: Question) -> None:
        row = self.rows["", question.id]
        node = self.nodes[angle][question.id]
        voice = heard(angle)
        if self.answers.sealed(voice, indicator.id):
            return
        if not node.in_scope:
            self._put_counts(row, angle, [ZERO] * len(COUNTS))
            self._put(row, angle, weight=NONE, score=NONE, low=NONE, high=NONE, covered=ZERO, reached=ONE)
            return
        weight = self.grid.put(row, 2, constant(node.weight))
        tally = self.answers.tally(voice, question.id)
        if tally.counts:
            self._put_counts(row, angle, tally.counts)
        given, calibrated = self.answers.given(voice, question.id), self._calibrated(angle, question.id)
        figures = [figure for figure in (calibrated, given) if figure]
        applies = tally.applies or _applies(self._cell(row, angle, "asked"), self._cell(row, angle, "na"))
        weight = ex.choose(ex.either(*map(ex.has, figures), applies), weight, NONE)
        self._put(row, angle, weight=_unless_out(calibrated, weight))
        self._put(row, angle, score=_unless_out(calibrated, ex.with_figures(figures, tally.value)))
        score = self._cell(row, angle, "score")
        answered = ex.with_figures([given] if given else [], tally.value)
        self._put(
            row,
            angle,
            low=ex.bound(score, self.scale[0]),
            high=ex.bound(score, self.scale[1]),
            covered=ex.covered(answered if calibrated else score),
            reached=ONE,
        )

    # --- indicators

    def _flags(self) -> None:
        """1 where an indicator counts under a scope, else 0: own switch, its dimension's, and the key mark."""
        for dimension in self.context.dimensions:
            above = self.settings.in_scope(dimension.id)
            for indicator in dimension.indicators:
                row = self.rows["", indicator.id]
                own = self.settings.in_scope(indicator.id)
                self.grid.put(row, 2, self.settings.weight(indicator.id))
                whole = any(self.nodes["current"][question.id].in_scope for question in indicator.questions)
                flag = self.grid.put(row, 3, ex.choose(ex.both(own, above), ONE, ZERO) if whole else ZERO)
                self.grid.put(row, 4, flag if indicator.key else ZERO)
            for scope in SCOPES:
                self.grid.put(self.rows[scope, dimension.id], 2, self.settings.weight(dimension.id))
        for scope in SCOPES:
            self.grid.put(self.rows[scope, ROOT], 2, ONE)

    def _indicator(self, angle: str, indicator: Indicator) -> None:
        row = self.rows["", indicator.id]
        node = self.nodes[angle][indicator.id]
        sealed = self.answers.sealed(heard(angle), indicator.id)
        if sealed:
            self._put_counts(row, angle, sealed.tally.counts)
            self._stand(row, angle, node, constant(sealed.in_scope), ONE, _sealed_figures(sealed))
        else:
            children = [self.rows["", question.id] for question in indicator.questions]
            counts = self.answers.counts(heard(angle), indicator)
            sums = (ex.total(self._block(children, angle, each)) for each in COUNTS)
            self._put_counts(row, angle, counts or sums)
            self._rolled_up(row, angle, node, children, "weight", ONE)
        for number, scope in enumerate(SCOPES):
            flag, base = self.grid.local(row, 3 + number), self._cell(row, angle, "weight")
            self._put(row, angle, **{f"weight_{scope}": ex.choose(ex.same(flag, ONE), base, NONE)})

    # --- dimensions and total

    def _parent(self, angle: str, scope: str, node: str, children: Sequence[int], weights: str) -> None:
        row = self.rows[scope, node]
        flags = self.grid.column(children, 3 + SCOPES.index(scope))
        for figure in COUNTS:
            block = self._block(children, angle, figure)
            self._put(row, angle, **{figure: ex.total(block) if node == ROOT else ex.product_total(flags, block)})
        if node == ROOT:
            beneath = [self.rows["", each.id] for each in self.context.indicators]
            flags = self.grid.column(beneath, 3 + SCOPES.index(scope))
        reachable = ex.total(flags)
        self._rolled_up(row, angle, self.nodes[angle][node], children, weights, reachable)

    def _rolled_up(
        self, row: int, angle: str, node: Node, children: Sequence[int], weights: str, reachable: Expression
    ) -> None:
        """A node's figures from those of its children."""
        weight = self._block(children, angle, weights)
        inside = ex.above_zero(ex.count(weight))
        rolled = {each: ex.mean(self._block(children, angle, each), weight) for each in ("score", "low", "high")}
        rolled |= {each: ex.portion(self._block(children, angle, each), weight) for each in ("covered", "reached")}
        self._stand(row, angle, node, inside, reachable, rolled)

    def _stand(
        self,
        row: int,
        angle: str,
        node: Node,
        inside: Expression,
        reachable: Expression,
        rolled: Mapping[str, Expression],
    ) -> None:
        """Weight, score, range and coverage of a node above the questions (scoring.md rules 2, 4, 6, 11).

        `inside`: whether anything beneath it is in scope; `reachable`: above 0 where the scope leaves anything
        beneath it, so that a given figure may stand; `rolled`: what its children come to.
        """
        given, calibrated = self.settings.given(heard(angle), node.id), self._calibrated(angle, node.id)
        figures = [figure for figure in (calibrated, given) if figure]
        for figure in figures:
            inside = ex.either(inside, ex.both(ex.has(figure), ex.above_zero(reachable)))
        weight = _unless_out(calibrated, ex.choose(inside, self.grid.local(row, 2), NONE))
        stands = ex.has(self._put(row, angle, weight=weight))
        for each in ("score", "low", "high"):
            found = ex.with_figures(figures, rolled[each])
            self._put(row, angle, **{each: ex.choose(stands, found, NONE) if figures else found})
        for each in ("covered", "reached"):
            found = ex.choose(ex.has(given), ONE, rolled[each]) if given else rolled[each]
            if calibrated and each == "reached":
                found = ex.choose(ex.both(ex.has(calibrated), ex.same(found, ZERO)), ONE, found)
            self._put(row, angle, **{each: found})

    # --- gaps (scoring.md rule 8)

    def _gaps(self, other: str) -> None:
        for indicator in self.context.indicators:
            sealed = [angle for angle in ("current", other) if self.answers.sealed(angle, indicator.id)]
            children = [self.rows["", question.id] for question in indicator.questions]
            if sealed:
                self._sealed_gap(other, indicator)
                continue
            for row in children:
                self._put(row, other, gap=ex.gap(self._cell(row, "current", "score"), self._cell(row, other, "score")))
            compared = ex.valued(self._block(children, other, "gap"))
            reached = self._block(children, "current", "reached")
            self._gap(self.rows["", indicator.id], other, indicator.id, children, "weight", compared, reached)
        for scope in SCOPES:
            for dimension in self.context.dimensions:
                children = [self.rows["", each.id] for each in dimension.indicators]
                blocks = (self._block(children, other, figure) for figure in ("compared", "gap_reached"))
                self._gap(self.rows[scope, dimension.id], other, dimension.id, children, f"weight_{scope}", *blocks)
            children = self._dimension_rows(scope)
            blocks = (self._block(children, other, figure) for figure in ("compared", "gap_reached"))
            self._gap(self.rows[scope, ROOT], other, ROOT, children, "weight", *blocks)

    def _gap(
        self,
        row: int,
        other: str,
        node: str,
        children: Sequence[int],
        weights: str,
        compared: Block,
        reached: Block,
    ) -> None:
        weight = self._block(children, "current", weights)
        plain = ex.gap(self._cell(row, "current", "score"), self._cell(row, other, "score"))
        figure = self._one_figure(other, node)
        self._put(row, other, gap=ex.choose(figure, plain, ex.mean(self._block(children, other, "gap"), weight)))
        here = ex.covered(self._cell(row, other, "gap"))
        self._put(row, other, compared=ex.choose(figure, here, ex.portion(compared, weight)))
        self._put(row, other, gap_reached=ex.choose(figure, ONE, ex.portion(reached, weight)))

    def _one_figure(self, other: str, node: str) -> Expression:
        """Whether a single figure stands for the whole node on either side."""
        calibrated = (self._calibrated(angle, node) for angle in ("current", other))
        figures = [ex.filled(each) for each in calibrated if each]
        given = self.settings.given(other, node)
        figures += [ex.has(given)] if given else []
        return ex.either(*figures) if len(figures) > 1 else figures[0] if figures else constant(False)

    def _calibrated(self, angle: str, node: str) -> Expression | None:
        """The cell with a node's calibration; None where it can have none."""
        return None if is_raw(angle) else self.settings.calibrated(angle, node)

    def _sealed_gap(self, other: str, indicator: Indicator) -> None:
        """The difference of the two values, less what was not like for like in it when the answers were read."""
        row = self.rows["", indicator.id]
        plain = ex.gap(self._cell(row, "current", "score"), self._cell(row, other, "score"))
        known, share = self.answers.gap(other, indicator.id)
        if known is None or plain.number is None:
            self._put(row, other, gap=NONE, compared=ZERO, gap_reached=ONE)
            return
        offset = constant(plain.number - known).text
        kept = Expression(f'IF(ISNUMBER({plain.text}),{plain.text}-({offset}),"")', known)
        given = self.settings.given(other, indicator.id)
        pooled = ("current", indicator.id) in self.context.withheld
        self._put(row, other, gap=ex.choose(ex.has(given), plain, kept) if given and not pooled else kept)
        self._put(row, other, compared=constant(share), gap_reached=ONE)


def _unless_out(calibrated: Expression | None, found: Expression) -> Expression:
    """What was found, unless the calibration takes the node out of scope (scoring.md rule 11)."""
    if calibrated is None:
        return found
    out = ex.both(ex.filled(calibrated), Expression(f"NOT({ex.has(calibrated).text})", not ex.has(calibrated).value))
    return ex.choose(out, NONE, found)


def _applies(asked: Expression, na: Expression) -> Expression:
    """Whether not everyone asked said NA (scoring.md rule 6)."""
    some = Expression(f"{na.text}<{asked.text}", (na.number or 0) < (asked.number or 0))
    return ex.either(ex.same(asked, ZERO), some)


def _sealed_figures(sealed: Sealed) -> dict[str, Expression]:
    """What a sealed indicator's questions came to; the ends of its range move with its value."""
    score = sealed.tally.value

    def end(value: float | None) -> Expression:
        if value is None or score.number is None:
            return constant(value)
        return Expression(f"{score.text}+({constant(value - score.number).text})", value)

    return {
        "score": score,
        "low": end(sealed.low),
        "high": end(sealed.high),
        "covered": constant(sealed.covered),
        "reached": constant(sealed.reached),
    }
