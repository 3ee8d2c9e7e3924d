"""The action plan: what is proposed, as results and catalogue have it, before people decide (domain.md, step 7)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from math import ceil

from cmme_xl.results.advice import Advice, advice
from cmme_xl.results.facts import Facts
from cmme_xl.results.remarks import NOTABLE, reach
from cmme_xl.scoring import priority, round_half_away

MOST = 15
"""More chosen actions than these are a wish list."""
CRITERIA = ("cost", "benefit", "strategy", "culture", "rivals", "support")
"""What people judge an action by, each from 1 (speaks against it) to 3 (speaks for it) (domain.md, CNA)."""
STATUSES = ("proposed", "agreed", "running", "done", "dropped")
BEFORES = 2
"""How many actions one may be told to wait for."""
WAVE_QUARTERS = 2
LEVELS_PER_QUARTER = 2


@dataclass(frozen=True, slots=True)
class Action:
    """One action. What is not decided is None or "".

    `key`: the id of the indicator it was proposed for, or a name of its own; `indicator`: what it raises; `chosen`:
    whether the what-if counts it; `effort`: 1 to 5; `ratings`: criterion -> 1 to 3; `urgency`: 1 to 3 (scoring.md
    rule 9); `start`: a quarter such as "2027 Q1"; `quarters`: how many it takes; `after`: keys of the actions it
    waits for; `status`: one of STATUSES.
    """

    key: str
    indicator: str = ""
    text: str = ""
    chosen: bool = False
    effort: float | None = None
    ratings: Mapping[str, float] = field(default_factory=dict)
    urgency: float | None = None
    owner: str = ""
    start: str = ""
    quarters: float | None = None
    after: tuple[str, ...] = ()
    status: str = ""
    note: str = ""


def proposed(facts: Facts, lang: str) -> tuple[Action, ...]:
    """The improvements of `advice` as actions in the words of `lang`, all chosen, in the order in which to begin.

    The usual owner leads; where there are figures of the competitor, they judge the comparison with it. Each wave
    begins two quarters after the one before, the first in the quarter after the engagement began; none before what it
    waits for has ended. An action takes a quarter for every two units of effort.
    """
    found: list[Action] = []
    ends: dict[str, int] = {}
    first = first_quarter(facts.results.plan.engagement.starts)
    for each in _by_priority(facts):
        indicator = each.indicator
        before = tuple(id_ for id_ in indicator.prerequisites if id_ in ends)[:BEFORES]
        begin = max([first + WAVE_QUARTERS * (each.wave - 1), *(ends[id_] for id_ in before)])
        quarters = max(1, ceil(indicator.effort / LEVELS_PER_QUARTER))
        ends[indicator.id] = begin + quarters
        found.append(
            Action(
                key=indicator.id,
                indicator=indicator.id,
                text=each.tactical.in_(lang),
                chosen=True,
                effort=float(indicator.effort),
                ratings=_against_rivals(facts, indicator.id),
                owner=indicator.owner.in_(lang),
                start=quarter_label(begin),
                quarters=float(quarters),
                after=before,
                status=STATUSES[0],
            )
        )
    return tuple(found)


def _against_rivals(facts: Facts, node: str) -> dict[str, float]:
    """What the results themselves say of the comparison with the competitor: 3 notably behind, 1 ahead, else 2."""
    gap = facts.gap(node, "competitor") if "competitor" in facts.others else None
    if gap is None or gap.value is None:
        return {}
    behind = round_half_away(gap.value, facts.catalogue.limits.decimals)
    return {"rivals": 3.0 if behind >= reach(facts, NOTABLE) else 1.0 if behind < 0 else 2.0}


def _by_priority(facts: Facts) -> list[Advice]:
    """The advice in the order of scoring.md rule 9, before anybody has said what is urgent."""
    given = {each.indicator.id: each for each in advice(facts)}
    order = [each.id for each in facts.indicators() if each.id in given]
    points = {id_: given[id_].points or 0.0 for id_ in order}
    effort = {id_: float(given[id_].indicator.effort) for id_ in order}
    before = {id_: given[id_].indicator.prerequisites for id_ in order}
    if not any(points.values()):
        return list(given.values())
    decimals = facts.catalogue.limits.importance_decimals
    return [given[id_] for id_ in priority(order, points, {}, effort, before, decimals)]


def first_quarter(starts: date) -> int:
    """The quarter after that of `starts`, counted from the year 0."""
    return starts.year * 4 + (starts.month - 1) // 3 + 1


def quarter_label(quarter: int) -> str:
    """A quarter, counted from the year 0, as it is written: "2027 Q1"."""
    return f"{quarter // 4} Q{quarter % 4 + 1}"
