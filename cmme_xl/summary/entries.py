"""What stood in the cells that people may change when the summary was written, so that what they typed can be told."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from cmme_xl.catalogue import ROOT
from cmme_xl.plan.model import Plan
from cmme_xl.results.actions import CRITERIA, Action
from cmme_xl.summary import actionrows
from cmme_xl.summary.context import Context

SHEET = "_entries"
ACTION, NODE, SETTING, ANSWERS, CALIBRATION = "action", "node", "setting", "answers", "calibration"
SETTINGS = ("scope", "voice", "combine", "importance")
YES, NO = "yes", "no"


class Key(NamedTuple):
    """Which entry: of an action (its key), of a node of the plan, or a setting; and which of its fields."""

    kind: str
    of: str
    field: str


Entries = Mapping[Key, str]
"""Entries as plain text: numbers to 15 significant digits, words of a drop-down by their code, "" for nothing."""


def of_plan(plan: Plan, others: Sequence[str]) -> dict[Key, str]:
    """Weights, scope, given figures of the angles `others`, and the settings."""
    return dict([*_nodes(plan, others), *_settings(plan)])


def _nodes(plan: Plan, others: Sequence[str]) -> Iterator[tuple[Key, str]]:
    given = {(each.angle, each.node): each.value for each in plan.given}
    nodes = [(ROOT, 1.0)]
    for dimension in plan.catalogue.dimensions:
        nodes += [(dimension.id, dimension.weight), *((each.id, each.weight) for each in dimension.indicators)]
    for node, weight in nodes:
        if node != ROOT:
            yield Key(NODE, node, "weight"), figure(plan.weight(node, weight))
            yield Key(NODE, node, "inside"), NO if node in plan.dropped else YES
        for angle in others:
            yield Key(NODE, node, angle), figure(given.get((angle, node)))


def _settings(plan: Plan) -> Iterator[tuple[Key, str]]:
    for setting in SETTINGS:
        yield Key(SETTING, setting, ""), str(getattr(plan.settings, setting))
    for tier in plan.catalogue.tiers:
        yield Key(SETTING, "share", tier.id), figure(plan.settings.tier_shares.get(tier.id, 0.0))


def written(context: Context, plan: Plan, proposals: Sequence[Action]) -> dict[Key, str]:
    """The entries of a new summary before anybody types: what the plan says, and what is proposed."""
    numbers = {each.id: each.number for each in context.indicators}
    begins = actionrows.ActionCells(context, tuple(proposals)).first_quarter
    return {**of_plan(plan, context.others), **of_actions(proposals, numbers, begins)}


def of_actions(actions: Sequence[Action], numbers: Mapping[str, int], begins: str) -> dict[Key, str]:
    """The action plan; `numbers`: the number of each indicator; `begins`: the road map's first quarter."""
    found = {Key(SETTING, "begins", ""): begins}
    for action in actions:
        found |= {Key(ACTION, action.key, field): text for field, text in _fields(action, numbers)}
    return found


def _fields(action: Action, numbers: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    yield "chosen", YES if action.chosen else ""
    yield "indicator", figure(numbers.get(action.indicator))
    yield from (("text", action.text), ("effort", figure(action.effort)), ("urgency", figure(action.urgency)))
    yield from ((key, figure(action.ratings.get(key))) for key in CRITERIA)
    yield from (("owner", action.owner), ("start", action.start), ("quarters", figure(action.quarters)))
    yield from ((f"after{which}", key) for which, key in enumerate(action.after, 1))
    yield from (("status", action.status), ("note", action.note))


def of_answers(rows: Iterable[tuple[str, Sequence[object]]]) -> dict[Key, str]:
    """Rows of the sheet of answers, each as a short digest of what stands in it that is no formula."""
    plain = cache(lambda content: _plain(content).strip())  # the same few scores stand in most cells
    return {Key(ANSWERS, row, ""): digest(map(plain, contents)) for row, contents in rows}


def of_calibrations(context: Context) -> dict[Key, str]:
    """The calibrated scores as they stand on their sheet, by node and name of the angle."""
    na = context.catalogue.na.in_(context.lang)
    return {
        Key(CALIBRATION, each.node, context.label(each.angle)): na if each.score is None else figure(each.score)
        for each in context.calibrations.values()
    }


def digest(texts: Iterable[str]) -> str:
    """Sixteen digits that tell whether texts, without space around them, have changed."""
    return hashlib.sha256("\x1f".join(texts).encode("utf-8", "replace")).hexdigest()[:16]


def _plain(content: object) -> str:
    return figure(content) if isinstance(content, (int, float)) else str(content)


def figure(number: float | None) -> str:
    """A number as an entry."""
    return "" if number is None else f"{number:.15g}"


def draw(context: Context, entries: Entries) -> None:
    """The very hidden sheet: kind, whose, field, value; what was empty is not listed."""
    sheet, style = context.book.hidden_sheet(SHEET), context.book.style()
    for row, (key, value) in enumerate((key, value) for key, value in entries.items() if value):
        for column, text in enumerate((*key, value)):
            sheet.text(row, column, text, style)
