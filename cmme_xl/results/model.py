"""What the answers come to: frozen results, from which the summary, the JSON and the report are made."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from cmme_xl.plan.model import Plan
from cmme_xl.returned.calibrations import Calibration
from cmme_xl.returned.model import Returned
from cmme_xl.scoring import Agreement, Gap, Node, Result

ANGLES = ("current", "target", "benchmark", "competitor")
CUSTOMER = "customer"
"""The angle of the enterprise's customers: reported beside current, never mixed into it and no side of a gap."""


@dataclass(frozen=True, slots=True)
class Angle:
    """One angle under one scope: the tree it was computed from and the result of every node, by id.

    The root's id is `catalogue.ROOT`. Results are unrounded (scoring.md rule 14).
    """

    id: str
    tree: Node
    nodes: Mapping[str, Result]
    n: int

    @property
    def present(self) -> bool:
        """Whether any node has a value, so that there is something to draw."""
        return any(node.score is not None for node in self.nodes.values())


@dataclass(frozen=True, slots=True)
class Scope:
    """All angles computed over one scope ("standard" or "key"), with gaps, importance and order.

    `angles` holds all of ANGLES, and CUSTOMER where enough customers were heard.
    `gaps`: other angle -> node id -> Gap (current against it). `importance`: indicator id -> points of total.
    `importance_order`: indicator ids with a positive importance, most important first.
    `strengths`/`weaknesses`: indicator ids, strongest first / weakest first.
    """

    id: str
    angles: Mapping[str, Angle]
    gaps: Mapping[str, Mapping[str, Gap]]
    importance: Mapping[str, float]
    importance_order: tuple[str, ...]
    strengths: tuple[str, ...]
    weaknesses: tuple[str, ...]


class Scopes(Mapping[str, Scope]):
    """What there is under each scope, computed when it is first asked for: most readers look at one alone."""

    def __init__(self, ids: Sequence[str], compute: Callable[[str], Scope]) -> None:
        self._ids, self._compute = ids, cache(compute)

    def __getitem__(self, id_: str) -> Scope:
        if id_ not in self._ids:
            raise KeyError(id_)
        return self._compute(id_)

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)


@dataclass(frozen=True, slots=True)
class Results:
    """Everything computed for an engagement: both scopes, agreement per node, the debrief agenda.

    `calibrations` are those that went into it (scoring.md rule 11).
    """

    plan: Plan
    returned: Returned
    scope: str
    scopes: Mapping[str, Scope]
    agreement: Mapping[str, Agreement]
    agenda: tuple[str, ...]
    gated_level: int | None
    calibrations: tuple[Calibration, ...] = ()

    @property
    def chosen(self) -> Scope:
        """The scope that the report shows."""
        return self.scopes[self.scope]
