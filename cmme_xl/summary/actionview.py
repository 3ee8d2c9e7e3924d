"""What the action plan comes to, hidden: points, both orders, the road map's quarters, and the what-if.

Sheets place these references and compute nothing.
"""

from dataclasses import dataclass

from cmme_xl import formulas
from cmme_xl.calculation import expression as ex
from cmme_xl.calculation.expression import NONE, ONE, ZERO, Block, Expression, constant
from cmme_xl.calculation.grid import Grid
from cmme_xl.catalogue import ROOT
from cmme_xl.results.actions import BEFORES
from cmme_xl.scoring import round_half_away
from cmme_xl.summary.actionrows import QUARTER_LABEL, QUARTERS, ActionCells
from cmme_xl.summary.context import Context
from cmme_xl.summary.view import View, feed

ROLE = "action_figures"
FIRST_ROW = 5
OF_ACTIONS = (
    *("number", "exists", "found", "family", "points", "points_key", "importance_rank", "key", "turn"),
    *(f"before{which}" for which in range(BEFORES)),
    *("step_turn", "step", "priority", "ticked", "counted", "start", "end", "finish", "early", "name"),
)
OF_DIMENSIONS = ("dimension", "score", "gained", "whatif", "feed", "level")
OF_QUARTERS = ("quarter", "label", "running", "total", "climb", "goal")
URGENT = 1000
"""What an urgency of 1 weighs against points per effort, which are fewer: urgency comes first."""


@dataclass(frozen=True)
class ActionView:
    """References to what is shown of the action plan. `places` count from 0."""

    grid: Grid
    columns: dict[str, int]
    count: int
    dimensions: int

    def at(self, figure: str, place: int) -> Expression:
        """A figure of one action, dimension or quarter."""
        return self.grid.at(FIRST_ROW + place, self.columns[figure])

    def column(self, figure: str) -> Block:
        """A figure of all actions, dimensions or quarters, whichever it is of."""
        size = self.count if figure in OF_ACTIONS else self.dimensions if figure in OF_DIMENSIONS else QUARTERS
        return self.grid.column_at(range(FIRST_ROW, FIRST_ROW + size), self.columns[figure])

    @property
    def total(self) -> Expression:
        """The total once the chosen actions have closed their gaps."""
        return self.grid.at(FIRST_ROW - 1, self.columns["whatif"])

    @property
    def level(self) -> Expression:
        """The level of that total."""
        return self.grid.at(FIRST_ROW - 1, self.columns["level"])

    @property
    def gained(self) -> Expression:
        """The points of total that they add."""
        return self.grid.at(FIRST_ROW - 1, self.columns["gained"])

    def rise(self, before: Expression, place: int = -1) -> Expression:
        """How much a dimension or the total rises, as the difference of the two figures shown beside it."""
        after = self.at("whatif", place)
        numbers = [None if each.number is None else round_half_away(each.number) for each in (before, after)]
        value = None if None in numbers else round_half_away((numbers[1] or 0.0) - (numbers[0] or 0.0))
        text = f"ROUND(ROUND({after.text},2)-ROUND({before.text},2),2)"
        return ex.choose(ex.both(ex.has(before), ex.has(after)), Expression(text, value), NONE)

    @property
    def chosen(self) -> Expression:
        """How many actions are chosen."""
        return ex.total(self.column("ticked"))

    @property
    def in_a_ring(self) -> Expression:
        """Whether some actions wait for each other, so that they have no place in the order of doing."""
        taken, there = ex.count(self.column("step")), ex.total(self.column("exists"))
        return Expression(f"{taken.text}<{there.text}", (taken.number or 0.0) < (there.number or 0.0))


def build(context: Context, view: View, cells: ActionCells, goal: Expression) -> ActionView:
    """Write the sheet of figures and return its references; `goal`: the total at which the next level begins."""
    return _Builder(context, view, cells, goal).build()


class _Builder:
    def __init__(self, context: Context, view: View, cells: ActionCells, goal: Expression) -> None:
        self.context, self.view, self.cells, self.goal = context, view, cells, goal
        self.grid = Grid(context.sheets[ROLE])
        keys = (*OF_ACTIONS, "", *OF_DIMENSIONS, "", *OF_QUARTERS)
        self.columns = {key: number for number, key in enumerate(keys) if key}
        self.families = {d.id: float(n) for n, d in enumerate(context.dimensions, 1)}
        self.fine = context.catalogue.limits.importance_decimals

    def build(self) -> ActionView:
        self.grid.head(0, 0, self.context.words["engine.actions"])
        for key, column in self.columns.items():
            self.grid.head(FIRST_ROW - 2, column, key)
        self.grid.put(FIRST_ROW - 1, self.columns["step"], ZERO)
        for place in self.cells.places:
            self._points(place)
        self._ranks("points_key", "importance_rank")
        for place in self.cells.places:
            self._key(place)
        self._order()
        for place in self.cells.places:
            self._what_if(place)
        for place in self.cells.places:
            self._early(place)
        self._dimensions()
        self._quarters()
        count, dimensions = len(self.cells.actions), len(self.families)
        return ActionView(self.grid, self.columns, count, dimensions)

    def _put(self, place: int, **figures: Expression) -> Expression:
        for figure, expression in figures.items():
            self.grid.set(FIRST_ROW + place, self.columns[figure], expression)
        return self._cell(place, figure)

    def _cell(self, place: int, figure: str) -> Expression:
        return self.grid.local(FIRST_ROW + place, self.columns[figure])

    def _column(self, figure: str, upto: int | None = None, start: int = 0) -> Block:
        """A figure of the rows from `start` to before `upto`; the row above the first is -1."""
        last = len(self.cells.actions) if upto is None else upto
        return self.grid.column(range(FIRST_ROW + start, FIRST_ROW + last), self.columns[figure])

    # --- one action

    def _points(self, place: int) -> None:
        number, text = self.cells.indicator(place), self.cells.text(place)
        self._put(place, number=constant(float(place + 1)))
        there = Expression(f"LEN({text.text})+LEN({number.text})>0", text.value is not None or number.value is not None)
        self._put(place, exists=ex.choose(there, ONE, ZERO))
        numbers = self.view.numbers()
        known = number.number is not None and number.number in numbers.numbers
        value = float(numbers.numbers.index(number.number) + 1) if known else None
        found = self._put(place, found=Expression(f'IFERROR(MATCH({number.text},{numbers.text},0),"")', value))
        families = self._families()
        self._put(place, family=self._of_indicator(families, found))
        points = self.view.column(self.view.indicator_ids, "current", "importance")
        points_found = self._put(place, points=self._of_indicator(points, found))
        gains = points_found.number is not None and points_found.number > 1e-9
        rounded = round_half_away(points_found.number or 0.0, self.fine) if gains else None
        self._put(place, points_key=Expression(formulas.rank_key(points_found.text, self.fine), rounded))
        names = self.view.label(self.view.indicator_ids)
        named = self._of_indicator(names, found)
        shown = Expression(f'IF(LEN({text.text})>0,{text.text},"")', text.value)
        self._put(place, name=ex.choose(ex.has(found), named, shown))

    def _families(self) -> Block:
        """Which dimension each indicator belongs to, as a row of constants."""
        of = self.context.catalogue.dimension_of
        values = [self.families[of[each.id].id] for each in self.context.indicators]
        return Block("{" + ";".join(f"{value:g}" for value in values) + "}", tuple(values))

    def _of_indicator(self, shown: Block, place: Expression) -> Expression:
        return ex.picked(shown, place)

    def _ranks(self, key: str, rank: str) -> None:
        keys, addresses = self._column(key), [self._cell(place, key).text for place in self.cells.places]
        for place, found in zip(self.cells.places, ex.ranks(keys, addresses), strict=True):
            self._put(place, **{rank: found})

    # --- the order of doing (scoring.md rule 9)

    def _key(self, place: int) -> None:
        urgency, effort, points = (
            self.cells.urgency(place),
            self.cells.effort(place),
            self._cell(place, "points"),
        )
        pressing = urgency.number if urgency.number is not None else 1.0
        work = effort.number if effort.number is not None and effort.number > 0 else 1.0
        value = pressing * URGENT + round_half_away((points.number or 0.0) / work, self.fine)
        pressing_text = f"IF(ISNUMBER({urgency.text}),{urgency.text},1)"
        work_text = f"IF(ISNUMBER({effort.text}),IF({effort.text}>0,{effort.text},1),1)"
        each = f"IF(ISNUMBER({points.text}),ROUND({points.text}/{work_text},{self.fine}),0)"
        there = self._cell(place, "exists")
        key = Expression(f"{pressing_text}*{URGENT}+{each}", value)
        self._put(place, key=ex.choose(ex.above_zero(there), key, NONE))
        for which in range(BEFORES):
            self._put(place, **{f"before{which}": self._before(place, which)})

    def _before(self, place: int, which: int) -> Expression:
        """The row number of an action that comes first, 0 where none is named or there is none such."""
        typed, there = self.cells.waits_for(place, which), self._column("exists")
        holds = typed.number is not None and there.numbers[int(typed.number) - 1] == 1.0
        inside = f"SUMIF({self._column('number').text},{typed.text},{there.text})"
        return Expression(f"IF(ISNUMBER({typed.text}),IF({inside}>0,{typed.text},0),0)", typed.number if holds else 0.0)

    def _order(self) -> None:
        keys, addresses = self._column("key"), [self._cell(place, "key").text for place in self.cells.places]
        for place, turn in zip(self.cells.places, ex.order_turns(keys, addresses), strict=True):
            self._put(place, turn=turn)
        turns, numbers = self._column("turn"), self._column("number")
        befores = [self._column(f"before{which}") for which in range(BEFORES)]
        for place in self.cells.places:
            taken = self._column("step", place, -1)
            turn = self._put(place, step_turn=ex.next_turn(turns, numbers, befores, taken))
            self._put(place, step=ex.taken_next(turn, turns))
        steps = self._column("step")
        for place in self.cells.places:
            own = float(place + 1)
            value = float(steps.numbers.index(own) + 1) if own in steps.numbers else None
            number = self._cell(place, "number")
            self._put(place, priority=Expression(f'IFERROR(MATCH({number.text},{steps.text},0),"")', value))

    # --- what is chosen, and when

    def _what_if(self, place: int) -> None:
        ticked, points = self.cells.ticked(place), self._cell(place, "points")
        there = ex.both(ex.above_zero(self._cell(place, "exists")), _filled(ticked))
        chosen = self._put(place, ticked=ex.choose(there, ONE, ZERO))
        own, above = self._cell(place, "found"), self._column("found", place, -1)
        marked = self._column("ticked", place, -1)
        pairs = zip(above.numbers, marked.numbers, strict=True)
        again = sum(1 for other, mark in pairs if mark == 1.0 and other == own.number)
        repeated = Expression(f"COUNTIFS({above.text},{own.text},{marked.text},1)=0", again == 0)
        first = ex.choose(repeated, points, ZERO)
        counts = ex.both(ex.has(points), ex.above_zero(chosen))
        self._put(place, counted=ex.choose(counts, first, ZERO))
        start = self._put(place, start=quarter(self.cells.start(place)))
        length = self.cells.length(place)
        ends = ex.both(ex.has(start), ex.has(length))
        end = Expression(f"{start.text}+{length.text}", (start.number or 0.0) + (length.number or 0.0))
        end = self._put(place, end=ex.choose(ends, end, NONE))
        self._put(place, finish=ex.choose(ex.above_zero(chosen), end, NONE))

    def _early(self, place: int) -> None:
        """1 where a chosen action begins before another that it waits for is done, else 0."""
        start, chosen = self._cell(place, "start"), self._cell(place, "ticked")
        numbers, finishes = self._column("number"), self._column("finish")
        befores = [self._cell(place, f"before{which}") for which in range(BEFORES)]
        ends = [finishes.numbers[int(each.number) - 1] for each in befores if each.number]
        late = [f"SUMIF({numbers.text},{each.text},{finishes.text})>{start.text}" for each in befores]
        value = start.number is not None and any(end is not None and end > start.number for end in ends)
        waits = ex.both(ex.above_zero(chosen), ex.has(start), Expression(f"OR({','.join(late)})", value))
        self._put(place, early=ex.choose(waits, ONE, ZERO))

    def _dimensions(self) -> None:
        high = self.context.catalogue.scale_max
        counted, families = self._column("counted"), self._column("family")
        for place, (node, family) in enumerate(self.families.items()):
            self._put(place, dimension=constant(self.context.name(node)))
            score = self._put(place, score=self.view.at(node, "current", "score"))
            own = [value or 0.0 for value, of in zip(counted.numbers, families.numbers, strict=True) if of == family]
            gained = Expression(f"SUMIF({families.text},{family:g},{counted.text})", sum(own))
            gained = self._put(place, gained=gained)
            share = self.view.at(node, "current", "valued_share")
            rise = (gained.number or 0.0) / share.number if share.number else 0.0
            text = f"IF({share.text}>0,{gained.text}/{share.text},0)"
            self._put(place, whatif=_raised(score, Expression(text, rise), high))
            raised = self._cell(place, "whatif")
            self._put(place, feed=feed(raised), level=self._level(raised))
        total = self.view.at(ROOT, "current", "score")
        gained = self._put(-1, gained=ex.total(counted))
        self._put(-1, level=self._level(self._put(-1, whatif=_raised(total, gained, high))))

    def _level(self, score: Expression) -> Expression:
        thresholds = [level.threshold for level in self.context.catalogue.levels]
        return ex.level(score, thresholds, self.context.catalogue.limits.decimals)

    def _quarters(self) -> None:
        """Per quarter of the road map: how many chosen actions are under way, and the total at its end."""
        first = quarter(self.cells.begins)
        score, raised = self.view.at(ROOT, "current", "score"), self._cell(-1, "whatif")
        ticked, starts, ends, counted = map(self._column, ("ticked", "start", "end", "counted"))
        for place in range(QUARTERS):
            value = None if first.number is None else first.number + place
            step = ex.choose(ex.has(first), Expression(f"{first.text}+{place}", value), NONE)
            here = self._put(place, quarter=step)
            label = Expression(f'INT({here.text}/4)&" Q"&(MOD({here.text},4)+1)', _label(here.number))
            self._put(place, label=ex.choose(ex.has(here), label, NONE))
            rows = zip(ticked.numbers, starts.numbers, ends.numbers, counted.numbers, strict=True)
            at, running, won = here.number or 0.0, 0, 0.0
            for tick, start, end, points in rows:
                running += tick == 1.0 and start is not None and end is not None and start <= at < end
                won += (points or 0.0) if end is not None and end <= at + 1 else 0.0
            going = f"{ticked.text}*({starts.text}<={here.text})*({ends.text}>{here.text})*ISNUMBER({ends.text})"
            self._put(place, running=Expression(f"SUMPRODUCT({going})", float(running)))
            done = f"SUMPRODUCT({counted.text}*({ends.text}<={here.text}+1))"
            gained = Expression(f"MIN({raised.text},{score.text}+{done})", _least(raised.number, score.number, won))
            total = self._put(place, total=ex.choose(ex.both(ex.has(score), ex.has(here)), gained, NONE))
            self._put(place, climb=feed(total), goal=feed(self.goal))


def quarter(label: Expression) -> Expression:
    """A quarter as it is written, counted from the year 0; none where it is written otherwise."""
    typed = label.value if isinstance(label.value, str) else ""
    value = float(int(typed[:4]) * 4 + int(typed[-1]) - 1) if QUARTER_LABEL.fullmatch(typed) else None
    parsed = f"VALUE(LEFT({label.text},4))*4+VALUE(RIGHT({label.text},1))-1"
    return Expression(f'IF(ISNUMBER(SEARCH("Q",{label.text})),IFERROR({parsed},""),"")', value)


def _label(number: float | None) -> str | None:
    return None if number is None else f"{int(number) // 4} Q{int(number) % 4 + 1}"


def _least(raised: float | None, score: float | None, won: float) -> float | None:
    return None if raised is None or score is None else min(raised, score + won)


def _filled(cell: Expression) -> Expression:
    return Expression(f"LEN({cell.text})>0", cell.value is not None)


def _raised(score: Expression, rise: Expression, high: float) -> Expression:
    """A score once its points are added, at most the scale's top; none without a score."""
    value = None if score.number is None else min(high, score.number + (rise.number or 0.0))
    return ex.choose(ex.has(score), Expression(f"MIN({high:g},{score.text}+{rise.text})", value), NONE)
