"""The efficient path to the chosen level, hidden: one step a row, by native formulas (scoring.md rule 13)."""

from dataclasses import dataclass

from cmme_xl.calculation import expression as ex
from cmme_xl.calculation.expression import NONE, ZERO, Block, Expression, constant
from cmme_xl.calculation.grid import LargeGrid
from cmme_xl.catalogue import ROOT
from cmme_xl.scorecard.context import Context
from cmme_xl.scorecard.live import Live
from cmme_xl.scoring import round_half_away

HEAD_ROW, FIRST_ROW = 3, 4
COLUMNS = ("id", "number", "points", "key", "turn", "step")
STEP_COLUMNS = ("turn", "taken", "total")


@dataclass(frozen=True)
class Path:
    """Per indicator its step on the path; per step the indicator taken and the total after it. Steps count from 1."""

    grid: LargeGrid
    rows: dict[str, int]
    start: int
    names: Block
    points: Block

    def step(self, indicator: str) -> Expression:
        """Which step raises the indicator; "" where it is not on the path."""
        return self.grid.at(self.rows[indicator], COLUMNS.index("step"))

    def taken(self, step: int) -> Expression:
        """The place, from 1, of the indicator that a step raises; "" once the level is reached."""
        found = self.grid.at(FIRST_ROW + step, self.start + 1)
        return ex.choose(ex.has(self.total(step)), found, NONE)

    def total(self, step: int) -> Expression:
        return self.grid.at(FIRST_ROW + step, self.start + 2)

    def key(self, indicator: str) -> Expression:
        """What the indicator is ranked by; "" where it has nothing to gain."""
        return self.grid.at(self.rows[indicator], COLUMNS.index("key"))

    @property
    def _totals(self) -> Block:
        """Where the path starts, and the total after each step."""
        return self.grid.column_at(range(FIRST_ROW, FIRST_ROW + len(self.rows) + 1), self.start + 2)

    def count(self) -> Expression:
        """How many steps there are."""
        found = ex.count(self._totals)
        return Expression(f"MAX({found.text}-1,0)", max((found.number or 0.0) - 1, 0.0))

    def end(self) -> Expression:
        """The total at the end of the path."""
        numbers = [each for each in self._totals.numbers if each is not None]
        return Expression(f'IF(COUNT({self._totals.text})=0,"",MAX({self._totals.text}))', max(numbers, default=None))

    def reached(self, threshold: Expression, decimals: int) -> Expression:
        """Whether the path leads to the level."""
        end = self.end()
        value = end.number is not None and round_half_away(end.number, decimals) >= (threshold.number or 0.0)
        return Expression(f"AND(ISNUMBER({end.text}),ROUND(N({end.text}),{decimals})>={threshold.text})", value)


def build(context: Context, live: Live, threshold: Expression) -> Path:
    """Write the sheet. `threshold`: the cell with the total to reach."""
    grid = LargeGrid(context.sheets["path"])
    grid.head(0, 0, context.words["live.path"])
    indicators = context.indicators
    rows = {each.id: FIRST_ROW + place for place, each in enumerate(indicators)}
    befores = max(len(each.prerequisites) for each in indicators)
    start = len(COLUMNS) + befores + 1
    heads = (*COLUMNS, *(["before"] * befores), "", *STEP_COLUMNS)
    for column, key in enumerate(heads):
        grid.head(HEAD_ROW, column, key)
    path = Path(grid, rows, start, live.label([each.id for each in indicators]), _points(live, context))
    _candidates(context, live, path)
    _befores(context, path)
    _steps(context, live, path, threshold, befores)
    _places(context, path)
    grid.draw()
    return path


def _points(live: Live, context: Context) -> Block:
    return live.column([each.id for each in context.indicators], "points")


def _block(path: Path, column: int) -> Block:
    return path.grid.column([*path.rows.values()], column)


def _candidates(context: Context, live: Live, path: Path) -> None:
    """What each indicator is ranked by: points of total per unit of effort, as they are shown."""
    grid, fine = path.grid, context.catalogue.limits.importance_decimals
    keys = COLUMNS.index("key")
    for place, indicator in enumerate(context.indicators):
        row = path.rows[indicator.id]
        grid.put(row, 0, constant(indicator.id))
        grid.put(row, 1, constant(float(place + 1)))
        points = grid.put(row, 2, live.at(indicator.id, "points"))
        gains = points.number is not None and points.number > 1e-9
        value = round_half_away((points.number or 0.0) / indicator.effort, fine) if gains else None
        ratio = f"ROUND({points.text}/{indicator.effort},{fine})"
        text = f'IF(ISNUMBER({points.text}),IF({points.text}>1E-9,{ratio},""),"")'
        grid.put(row, keys, Expression(text, value))
    block = _block(path, keys)
    addresses = [grid.address(row, keys) for row in path.rows.values()]
    for row, turn in zip(path.rows.values(), ex.order_turns(block, addresses), strict=True):
        grid.put(row, COLUMNS.index("turn"), turn)


def _befores(context: Context, path: Path) -> None:
    """The places of prerequisites that have something to gain themselves: only those hold anybody up."""
    grid, keys = path.grid, COLUMNS.index("key")
    for indicator in context.indicators:
        row = path.rows[indicator.id]
        known = [path.rows[id_] for id_ in indicator.prerequisites if id_ in path.rows]
        for column in range(len(COLUMNS), path.start - 1):
            place = column - len(COLUMNS)
            if place >= len(known):
                grid.put(row, column, ZERO)
                continue
            at = known[place]
            grid.put(row, column, ex.choose(ex.has(grid.local(at, keys)), grid.local(at, 1), ZERO))


def _steps(context: Context, live: Live, path: Path, threshold: Expression, befores: int) -> None:
    """One step a row; row 0 is where the path starts."""
    grid, decimals = path.grid, context.catalogue.limits.decimals
    turns, numbers = _block(path, COLUMNS.index("turn")), _block(path, 1)
    before = [_block(path, len(COLUMNS) + place) for place in range(befores)]
    points = _block(path, 2)
    grid.put(FIRST_ROW, path.start + 1, ZERO)
    total = grid.put(FIRST_ROW, path.start + 2, live.at(ROOT, "value"))
    for step in range(1, len(path.rows) + 1):
        row = FIRST_ROW + step
        so_far = grid.column(range(FIRST_ROW, row), path.start + 1)
        turn = grid.put(row, path.start, ex.next_turn(turns, numbers, before, so_far))
        taken = grid.put(row, path.start + 1, ex.taken_next(turn, turns))
        total = grid.put(row, path.start + 2, ex.path_total(total, taken, points, threshold, decimals))


def _places(context: Context, path: Path) -> None:
    """The step of each indicator: where its place stands among those taken, up to the end of the path."""
    grid = path.grid
    last = FIRST_ROW + len(path.rows)
    taken = grid.column(range(FIRST_ROW + 1, last + 1), path.start + 1)
    totals = grid.column(range(FIRST_ROW + 1, last + 1), path.start + 2)
    for place, indicator in enumerate(context.indicators, 1):
        at = taken.numbers.index(place) + 1 if place in taken.numbers else None
        on = at is not None and totals.numbers[at - 1] is not None
        found = f"MATCH({place},{taken.text},0)"
        text = f'IFERROR(IF(ISNUMBER(INDEX({totals.text},{found})),{found},""),"")'
        grid.put(path.rows[indicator.id], COLUMNS.index("step"), Expression(text, at if on else None))
