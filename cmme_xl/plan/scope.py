"""The sheets of the weights and of the questions: what is in scope, how much it weighs, which groups are asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from cmme_xl.catalogue import ROOT
from cmme_xl.plan import words
from cmme_xl.plan.assignment import catalogue_marks
from cmme_xl.plan.cells import Cells
from cmme_xl.plan.entries import Entries, headers_of


@dataclass
class Scope:
    """`weights`: where not the catalogue's; `dropped`: ids out of scope; `asked`: question id -> ids of groups."""

    weights: dict[str, float] = field(default_factory=dict)
    dropped: set[str] = field(default_factory=set)
    asked: dict[str, frozenset[str]] = field(default_factory=dict)


def read_scope(entries: Entries) -> Scope:
    """What both sheets say; where one is missing, the catalogue stands."""
    scope = Scope(asked=catalogue_marks(entries.catalogue))
    _weights(entries, scope)
    _questions(entries, scope)
    return scope


def _weights(entries: Entries, scope: Scope) -> None:
    own = {dimension.id: dimension.weight for dimension in entries.catalogue.dimensions}
    own |= {indicator.id: indicator.weight for indicator in entries.catalogue.indicators}
    cells = entries.cells("weights", ("id", "scope", "weight"))
    if cells is None:
        return
    rows = entries.rows_by_id(cells, own, passed=frozenset((ROOT,)))
    _weightless(cells, rows, own)
    for node, row in rows.items():
        entries.places["weight", node] = cells.place(row, "weight")
        _weight_and_scope(entries, cells, row, node, own[node], scope)


def _questions(entries: Entries, scope: Scope) -> None:
    catalogue = entries.catalogue
    own = {question.id: question.weight for question in catalogue.questions.values()}
    groups = {f"group:{group.id}": words.spellings(group.name) for group in catalogue.groups}
    cells = entries.cells("questions", ("id", "scope", "weight", *groups), headers_of("questions") | groups)
    if cells is None:
        return
    rows = entries.rows_by_id(cells, own)
    _weightless(cells, rows, own)
    for question, row in rows.items():
        entries.places["question", question] = cells.place(row, "id")
        _weight_and_scope(entries, cells, row, question, own[question], scope)
        scope.asked[question] = frozenset(
            group.id for group in catalogue.groups if _asked(cells, row, f"group:{group.id}")
        )


def _weightless(cells: Cells, rows: Mapping[str, int], own: Mapping[str, float]) -> None:
    """One finding for all rows of a sheet that have no weight."""
    empty = [node for node, row in rows.items() if cells.empty(row, "weight")]
    if empty:
        listed = words.named([f"{node} ({own[node]:g})" for node in empty])
        cells.fault("PLN_024", rows[empty[0]], "weight", count=len(empty), listed=listed)


def _weight_and_scope(entries: Entries, cells: Cells, row: int, node: str, own: float, scope: Scope) -> None:
    weight = cells.number(row, "weight")
    if weight is not None and weight != own:
        scope.weights[node] = weight
    if cells.choice(row, "scope", entries.offered["yesno"]) == "no":
        scope.dropped.add(node)


def _asked(cells: Cells, row: int, role: str) -> bool:
    typed = cells.text(row, role)
    mark = words.table("marks")["asked"]
    if typed not in ("", mark):
        cells.fault("PLN_022", row, role, typed, known=mark)
    return bool(typed == mark)
