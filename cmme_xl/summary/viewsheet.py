"""What the sheets show, hidden: the engine's figures under the chosen scope, with levels, shares, ranks and orders.

One row per node (total, dimensions, indicators), then feeds for charts, where a missing value is #N/A: a gap, not a
zero.
"""

from collections.abc import Sequence

from cmme_xl import formulas
from cmme_xl.calculation import expression as ex
from cmme_xl.calculation.engine import SCOPES, Engine
from cmme_xl.calculation.expression import NONE, ONE, Block, Expression, constant
from cmme_xl.calculation.grid import Grid
from cmme_xl.calculation.ground import raw
from cmme_xl.catalogue import ROOT
from cmme_xl.scoring import round_half_away
from cmme_xl.summary.context import Context
from cmme_xl.summary.view import NUMBER_COLUMN, OUTSIDE, View, differs, feed, flag, mark, none
from cmme_xl.summary.weights import WeightCells

CURRENT = (
    "weight", "score", "low", "high", "coverage", "rate", "scored", "level", "low_level", "high_level", "provisional",
    "mark", "marks", "feed", "valued", "share", "valued_share", "importance", "key", "rank", "strength_key",
    "strength_rank", "weak_key", "weak_rank", "firm", "firm_key", "best_rank", "worst_key", "worst_rank", "list_rank",
    "position", "absent", "mark_x", "mark_y",
)  # fmt: skip
OTHER = ("score", "level", "feed", "gap", "gap_share", "gap_mark", "coverage", "absent", "mark_x", "mark_y")
FIRST_ROW = 4
FIRST_COLUMN = 4


def build(context: Context, engine: Engine, settings: WeightCells) -> View:
    """Write the view sheet and return its references."""
    return _Builder(context, engine, settings).build()


class _Builder:
    def __init__(self, context: Context, engine: Engine, settings: WeightCells) -> None:
        self.context, self.engine, self.settings = context, engine, settings
        self.grid = Grid(context.sheets["view"])
        self.dimensions = tuple(each.id for each in context.dimensions)
        self.indicators = tuple(each.id for each in context.indicators)
        nodes = (ROOT, *self.dimensions, *self.indicators)
        self.rows = {node: FIRST_ROW + number for number, node in enumerate(nodes)}
        keys = [(a, f) for a in context.present for f in (CURRENT if a == "current" else OTHER)]
        keys += [("current", "spread")]
        keys += [("current", "raw")] if raw("current") in context.raws else []
        self.columns = {key: FIRST_COLUMN + number for number, key in enumerate(keys)}
        self.limits = context.catalogue.limits
        self.thresholds = [level.threshold for level in context.catalogue.levels]

    def build(self) -> View:
        self._heads()
        for node in self.rows:
            for angle in self.context.present:
                self._figures(node, angle)
        self._shares()
        self._orders()
        self._flags()
        self._marks()
        return View(self.grid, self.rows, self.columns, self.dimensions, self.indicators)

    def _heads(self) -> None:
        words = self.context.words
        self.grid.head(0, 0, words["engine.view_title"])
        for column, key in enumerate(("id", "name", "label", "number")):
            self.grid.head(FIRST_ROW - 1, column, words[f"engine.{key}"])
        for (angle, figure), column in self.columns.items():
            self.grid.head(FIRST_ROW - 2, column, self.context.label(angle))
            self.grid.head(FIRST_ROW - 1, column, words[f"engine.{figure}"])
        lang, shorts = self.context.lang, {d.id: d.short for d in self.context.dimensions}
        shorts |= {each.id: each.short for each in self.context.indicators}
        for indicator in self.context.indicators:
            self.grid.put(self.rows[indicator.id], NUMBER_COLUMN, constant(indicator.number))
        for node, row in self.rows.items():
            self.grid.put(row, 0, constant(node))
            self.grid.put(row, 1, constant(self.context.name(node)))
            if node in shorts:
                self.grid.put(row, 2, constant(shorts[node].in_(lang).replace("|", "\n")))

    def _cell(self, node: str, angle: str, figure: str) -> Expression:
        return self.grid.local(self.rows[node], self.columns[angle, figure])

    def column(self, nodes: Sequence[str], angle: str, figure: str) -> Block:
        return self.grid.column([self.rows[node] for node in nodes], self.columns[angle, figure])

    def _put(self, node: str, angle: str, **figures: Expression) -> Expression:
        for figure, expression in figures.items():
            column = self.columns[angle, figure]
            self.grid.set(self.rows[node], column, expression)
        return self.grid.local(self.rows[node], column)

    # --- figures under the chosen scope

    def _chosen(self, node: str, angle: str, figure: str) -> Expression:
        """An engine figure: of the total and dimensions per scope, of an indicator where the scope has it."""
        key = self.settings.scope_is_key
        if node in self.indicators:
            return self.engine.at(node, angle, figure)
        found = [self.engine.at(node, angle, figure, scope) for scope in SCOPES]
        return ex.choose(key, found[1], found[0])

    def _weight(self, node: str, angle: str) -> Expression:
        figures = [f"weight_{s}" for s in SCOPES] if node in self.indicators else ["weight"] * 2
        scopes = ["", ""] if node in self.indicators else SCOPES
        found = [self.engine.at(node, angle, figures[i], scopes[i]) for i in range(2)]
        return ex.choose(self.settings.scope_is_key, found[1], found[0])

    def _figures(self, node: str, angle: str) -> None:
        weight = self._weight(node, angle)
        if angle == "current":
            weight = self._put(node, angle, weight=weight)
        inside = ex.has(weight)

        def within(figure: str) -> Expression:
            found = self._chosen(node, angle, figure)
            return ex.choose(inside, found, NONE) if node in self.indicators else found

        def shown(figure: str) -> Expression:
            return NONE if (angle, node) in self.context.withheld else within(figure)

        score = self._put(node, angle, score=shown("score"))
        self._put(node, angle, level=self._level(score), feed=feed(score), absent=self._absent(node, angle))
        covered, reached = (self._chosen(node, angle, figure) for figure in ("covered", "reached"))
        coverage = ex.coverage(covered, reached, weight)
        if (angle, "raw") in self.columns:
            self._put(node, angle, raw=self._chosen(node, raw(angle), "score"))
        if angle == "current":
            valued = ex.has(within("score"))
            self._put(node, angle, valued=ex.choose(valued, ONE, NONE) if node != ROOT else ONE)
            self._coverage(node, coverage, {f: shown(f) for f in ("low", "high", "scored")})
        else:
            self._put(node, angle, coverage=coverage)
            self._gap(node, angle, inside)

    def _absent(self, node: str, angle: str) -> Expression:
        """What stands for a figure that is not there."""
        return constant(self.context.absent(angle, node))

    def _gap(self, node: str, angle: str, inside: Expression) -> None:
        plain, compared, reached = (self._chosen(node, angle, f) for f in ("gap", "compared", "gap_reached"))
        within = ex.has(self._cell(node, "current", "weight"))
        withheld = {("current", node), (angle, node)} & self.context.withheld
        gap = self._put(node, angle, gap=NONE if withheld else ex.choose(ex.both(within, inside), plain, NONE))
        share = ex.choose(within, ex.gap_share(compared, reached), constant(0.0))
        share = self._put(node, angle, gap_share=share)
        scores = [self._cell(node, each, "score") for each in ("current", angle)]
        self._put(node, angle, gap_mark=differs(gap, share, *scores))

    def _coverage(self, node: str, coverage: Expression, found: dict[str, Expression]) -> None:
        withheld = ("current", node) in self.context.withheld
        weight = self._cell(node, "current", "weight")
        low = self._put(node, "current", low=found["low"])
        high = self._put(node, "current", high=found["high"])
        self._put(node, "current", low_level=self._level(low), high_level=self._level(high), scored=found["scored"])
        coverage = self._put(node, "current", coverage=NONE if withheld else coverage)
        self._put(node, "current", spread=ex.choose(ex.has(weight), self._spread(node), NONE))
        rate = ex.response_rate(*(self._chosen(node, "current", figure) for figure in ("scored", "asked", "na")))
        rate = self._put(node, "current", rate=NONE if withheld else ex.choose(ex.has(weight), rate, NONE))
        provisional = ex.provisional(coverage, rate, self.limits.provisional_below)
        provisional = self._put(node, "current", provisional=provisional)
        marked = ex.both(provisional, ex.has(self._cell(node, "current", "score")))
        self._put(node, "current", mark=ex.choose(marked, constant("*"), constant("")))

    def _spread(self, node: str) -> Expression:
        """How far apart people's own means of an indicator are, from the answers as returned (scoring.md rule 10)."""
        found = self.context.facts.agreement.get(node)
        return constant(found.spread if found and found.n > 1 else None)

    def _level(self, score: Expression) -> Expression:
        return ex.level(score, self.thresholds, self.limits.decimals)

    # --- shares, importance (scoring.md rules 6 and 9)

    def _shares(self) -> None:
        self._put(ROOT, "current", share=ONE, valued_share=ONE)
        families = [(ROOT, self.dimensions)]
        families += [(each.id, tuple(i.id for i in each.indicators)) for each in self.context.dimensions]
        for parent, children in families:
            weights, values = self.column(children, "current", "weight"), self.column(children, "current", "valued")
            for child in children:
                weight, valued = self._cell(child, "current", "weight"), self._cell(child, "current", "valued")
                above = self._cell(parent, "current", "share")
                self._put(child, "current", share=ex.effective_share(weight, weights, above))
                above = self._cell(parent, "current", "valued_share")
                self._put(child, "current", valued_share=ex.valued_share(valued, weight, values, weights, above))

    def _importance(self, node: str) -> Expression:
        gaps = {
            other: self._cell(node, other, "gap") for other in ("target", "benchmark") if other in self.context.others
        }
        if not gaps:
            return NONE
        to_target, to_benchmark = gaps.get("target", NONE), gaps.get("benchmark", NONE)
        share = self._cell(node, "current", "valued_share")
        names = ("target", "benchmark", "larger")
        texts = {each: formulas.importance(share.text, to_target.text, to_benchmark.text, each) for each in names}
        order = {
            "target": [to_target.number, to_benchmark.number],
            "benchmark": [to_benchmark.number, to_target.number],
        }
        numbers = [number for number in (to_target.number, to_benchmark.number) if number is not None]
        setting = self.settings.importance
        if not numbers:
            value = None
        elif setting.value == "larger":
            value = (share.number or 0.0) * max(*numbers, 0.0)
        else:
            first = next(number for number in order[str(setting.value)] if number is not None)
            value = (share.number or 0.0) * max(first, 0.0)
        if len(gaps) == 1:
            return Expression(texts["target"], value)
        target, benchmark = (f"{setting.text}={formulas.quoted(self.settings.importance_word(n))}" for n in names[:2])
        return Expression(
            f"IF({target},{texts['target']},IF({benchmark},{texts['benchmark']},{texts['larger']}))", value
        )

    # --- orders (scoring.md rules 9 and 14; ties in catalogue order)

    def _orders(self) -> None:
        decimals, fine = self.limits.decimals, self.limits.importance_decimals
        for node in self.indicators:
            points = self._put(node, "current", importance=self._importance(node))
            gains = points.number is not None and points.number > 1e-9
            value = round_half_away(points.number or 0.0, fine) if gains else None
            self._put(node, "current", key=Expression(formulas.rank_key(points.text, fine), value))
        for nodes in (self.dimensions, self.indicators):
            for node in nodes:
                score = self._cell(node, "current", "score")
                value = None if score.number is None else round_half_away(score.number, decimals)
                self._put(node, "current", strength_key=Expression(formulas.rounded(score.text, decimals), value))
                self._put(node, "current", weak_key=_negative(self._cell(node, "current", "strength_key")))
            self._ranks(nodes, "strength_key", "strength_rank")
            self._ranks(nodes, "weak_key", "weak_rank")
            self._firm_ranks(nodes)
        self._ranks(self.indicators, "key", "rank")
        compared = ex.above_zero(ex.count(self.column(self.indicators, "current", "importance")))
        for node in self.indicators:
            rank, lowest = self._cell(node, "current", "rank"), self._cell(node, "current", "weak_rank")
            self._put(node, "current", list_rank=ex.choose(compared, rank, lowest))
        self._positions()

    def _firm_ranks(self, nodes: Sequence[str]) -> None:
        """Ranks for the headlines: without provisional nodes, unless there are no others (scoring.md rule 6)."""
        for node in nodes:
            stands = ex.both(ex.has(self._cell(node, "current", "score")), self._not_provisional(node))
            self._put(node, "current", firm=ex.choose(stands, ONE, NONE))
        none_firm = none(self.column(nodes, "current", "firm"))
        for node in nodes:
            score = self._cell(node, "current", "strength_key")
            counted = ex.either(none_firm, self._not_provisional(node))
            key = self._put(node, "current", firm_key=ex.choose(counted, score, NONE))
            self._put(node, "current", worst_key=_negative(key))
        self._ranks(nodes, "firm_key", "best_rank")
        self._ranks(nodes, "worst_key", "worst_rank")

    def _not_provisional(self, node: str) -> Expression:
        provisional = self._cell(node, "current", "provisional")
        return Expression(f"NOT({provisional.text})", not provisional.value)

    def _ranks(self, nodes: Sequence[str], key: str, rank: str) -> None:
        addresses = [self._cell(node, "current", key).text for node in nodes]
        keys = self.column(nodes, "current", key)
        for node, found in zip(nodes, ex.ranks(keys, addresses), strict=True):
            self._put(node, "current", **{rank: found})

    def _positions(self) -> None:
        """The place of every indicator in the list of gaps: the ranked ones, then those with a score, then the rest."""
        for number, node in enumerate(self.indicators):
            so_far = self.indicators[: number + 1]
            rank, ranks = self._cell(node, "current", "list_rank"), self.column(self.indicators, "current", "list_rank")
            scores, before = self.column(self.indicators, "current", "score"), self.column(so_far, "current", "score")
            ranked = ex.count(ranks)
            pairs = list(zip(scores.values, ranks.values, strict=True))
            open_scored = sum(1 for s, r in pairs[: number + 1] if ex.is_number(s) and not ex.is_number(r))
            all_open = sum(1 for s, r in pairs if ex.is_number(s) and not ex.is_number(r))
            rest = sum(1 for s, r in pairs[: number + 1] if not ex.is_number(s) and not ex.is_number(r))
            here = self.column(so_far, "current", "list_rank")
            scored_text = f"SUMPRODUCT(ISNUMBER({before.text})*(1-ISNUMBER({here.text})))"
            all_text = f"SUMPRODUCT(ISNUMBER({scores.text})*(1-ISNUMBER({ranks.text})))"
            rest_text = f"SUMPRODUCT((1-ISNUMBER({before.text}))*(1-ISNUMBER({here.text})))"
            second = Expression(f"{ranked.text}+{scored_text}", (ranked.number or 0) + open_scored)
            third = Expression(f"{ranked.text}+{all_text}+{rest_text}", (ranked.number or 0) + all_open + rest)
            score = self._cell(node, "current", "score")
            place = ex.choose(ex.has(rank), rank, ex.choose(ex.has(score), second, third))
            self._put(node, "current", position=place)

    def _flags(self) -> None:
        """All marks of a node in one number, which sheets put beside their tables: see `flag`."""
        for node in self.rows:
            star = self._cell(node, "current", "mark")
            text, value = f'IF({star.text}="*",{flag("current")},0)', flag("current") * (star.value == "*")
            for angle in self.context.others:
                found = self._cell(node, angle, "gap_mark")
                text += f"+{flag(angle)}*{found.text}"
                value += flag(angle) * int(found.number or 0)
            inside = ex.has(self._cell(node, "current", "weight"))
            text, value = f"{text}+IF({inside.text},0,{OUTSIDE})", value + (0 if inside.value else OUTSIDE)
            self._put(node, "current", marks=Expression(text, value))

    def _marks(self) -> None:
        """Where a marker lies over its node's row: 0.5 for the last child, up by 1 for each above it."""
        families = [self.dimensions, *(tuple(i.id for i in each.indicators) for each in self.context.dimensions)]
        for angle in self.context.present:
            for nodes in families:
                for number, node in enumerate(nodes):
                    score = self._cell(node, angle, "score")
                    x, y = mark(score, len(nodes) - number - 0.5)
                    self._put(node, angle, mark_x=x, mark_y=y)


def _negative(key: Expression) -> Expression:
    value = None if key.number is None else 0 - key.number
    return Expression(f'IF(ISNUMBER({key.text}),0-{key.text},"")', value)
