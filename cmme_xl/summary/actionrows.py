"""Where the action plan is typed: one row per action on two sheets, what is judged on one, who and when on another."""

import re
from dataclasses import dataclass
from functools import cached_property

from cmme_xl.calculation import expression as ex
from cmme_xl.calculation.expression import Expression
from cmme_xl.results.actions import BEFORES, CRITERIA, Action, first_quarter, quarter_label
from cmme_xl.summary.context import Context

PLAN, ROAD = "actions", "roadmap"
FIRST_ROW = 9
FEWEST_ROWS, SPARE_ROWS = 16, 4
OWN = "+"
"""What the key of an action begins with that was not proposed for an indicator."""
TICK = "✓"
QUARTER_LABEL = re.compile("[12][0-9]{3} Q[1-4]")
QUARTER_TYPED = re.compile("([12][0-9]{3})[ -]?Q([1-4])", re.IGNORECASE)
QUARTERS = 12
"""How many quarters the road map shows."""

TICKED, NUMBER, KEY, INDICATOR, NAME, TEXT, POINTS, EFFORT, CRITERION = range(1, 10)
MEAN = CRITERION + len(CRITERIA)
URGENCY, IMPORTANCE, PRIORITY = range(MEAN + 1, MEAN + 4)

PLACE, ROAD_NUMBER, ROAD_KEY, ROAD_NAME, OWNER, START, LENGTH, AFTER = range(1, 9)
STATUS = AFTER + BEFORES
QUARTER = STATUS + 1
NOTE = QUARTER + QUARTERS


@dataclass(frozen=True)
class ActionCells:
    """The cells that people type into, with the values they have now. `listed` are the actions to begin with,
    `chosen_first` the quarter that somebody let the road map begin with."""

    context: Context
    listed: tuple[Action, ...]
    chosen_first: str = ""

    @cached_property
    def actions(self) -> tuple[Action, ...]:
        """One action a row: those listed, then empty ones."""
        taken = {action.key for action in self.listed}
        spare = (f"{OWN}{number}" for number in range(1, FEWEST_ROWS + SPARE_ROWS + len(self.listed)))
        free = [Action(key) for key in spare if key not in taken]
        count = max(FEWEST_ROWS, len(self.listed) + SPARE_ROWS)
        return (*self.listed, *free[: count - len(self.listed)])

    @property
    def places(self) -> range:
        """The rows' places, from 0."""
        return range(len(self.actions))

    @property
    def last_row(self) -> int:
        return FIRST_ROW + len(self.actions) - 1

    def number(self, place: int) -> float | None:
        """The number of the indicator that an action raises."""
        numbers = {each.id: each.number for each in self.context.indicators}
        found = numbers.get(self.actions[place].indicator)
        return None if found is None else float(found)

    def after(self, place: int, which: int) -> float | None:
        """The row number, from 1, of an action that comes first."""
        keys = [action.key for action in self.actions]
        named = [keys.index(key) + 1 for key in self.actions[place].after if key in keys]
        return float(named[which]) if which < len(named) else None

    def at(self, role: str, place: int, column: int, value: ex.Value) -> Expression:
        """A cell of a sheet, for formulas of all others."""
        return Expression(self.context.sheets[role].cell(FIRST_ROW + place, column), value)

    def ticked(self, place: int) -> Expression:
        return self.at(PLAN, place, TICKED, TICK if self.actions[place].chosen else None)

    def indicator(self, place: int) -> Expression:
        return self.at(PLAN, place, INDICATOR, self.number(place))

    def text(self, place: int) -> Expression:
        return self.at(PLAN, place, TEXT, self.actions[place].text or None)

    def effort(self, place: int) -> Expression:
        return self.at(PLAN, place, EFFORT, self.actions[place].effort)

    def urgency(self, place: int) -> Expression:
        return self.at(PLAN, place, URGENCY, self.actions[place].urgency)

    def start(self, place: int) -> Expression:
        return self.at(ROAD, place, START, self.actions[place].start or None)

    def length(self, place: int) -> Expression:
        return self.at(ROAD, place, LENGTH, self.actions[place].quarters)

    def waits_for(self, place: int, which: int) -> Expression:
        return self.at(ROAD, place, AFTER + which, self.after(place, which))

    @property
    def begins(self) -> Expression:
        """The quarter with which the road map begins."""
        return Expression(self.context.sheets[ROAD].cell(FIRST_ROW - 3, OWNER), self.first_quarter)

    @cached_property
    def first_quarter(self) -> str:
        """The one chosen, else the earliest start, else the quarter after the engagement began."""
        if self.chosen_first:
            return self.chosen_first
        starts = [action.start for action in self.listed if QUARTER_LABEL.fullmatch(action.start)]
        return min(starts, default=quarter_label(first_quarter(self.context.plan.engagement.starts)))
