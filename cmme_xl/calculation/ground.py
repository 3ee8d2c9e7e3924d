"""What a workbook that calculates offers: results, words and sheets. Summary and scorecard each have their own."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

from cmme_xl.catalogue import Catalogue, Dimension, Indicator
from cmme_xl.results.model import Angle
from cmme_xl.scoring import Node, Rules, score_tree
from cmme_xl.spreadsheet import Sheet

_RAW = ":raw"


class Wordings(Protocol):
    """Texts in the workbook's language."""

    def __getitem__(self, key: str, /) -> str: ...


class Ground(Protocol):
    """What the calculation is built upon."""

    @property
    def sheets(self) -> Mapping[str, Sheet]: ...
    @property
    def words(self) -> Wordings: ...
    @property
    def lang(self) -> str: ...
    @property
    def catalogue(self) -> Catalogue: ...
    @property
    def dimensions(self) -> tuple[Dimension, ...]: ...
    @property
    def indicators(self) -> tuple[Indicator, ...]: ...
    @property
    def voices(self) -> tuple[str, ...]:
        """The angles that figures are computed for; "current" is one of them."""
        ...

    @property
    def others(self) -> tuple[str, ...]:
        """Those of them that current is compared with."""
        ...

    @property
    def withheld(self) -> frozenset[tuple[str, str]]:
        """(angle, indicator) of which this workbook may show no figure (scoring.md rule 15)."""
        ...

    @property
    def raws(self) -> tuple[str, ...]:
        """The raw side of those angles whose figures before calibration are shown as well (see `raw`)."""
        ...

    def angle(self, angle: str) -> Angle: ...
    def label(self, angle: str) -> str: ...


def raw(angle: str) -> str:
    """The angle as it stands before any calibration: an angle of its own, computed from the same answers."""
    return angle + _RAW


def is_raw(angle: str) -> bool:
    return angle.endswith(_RAW)


def heard(angle: str) -> str:
    """The angle whose answers an angle is computed from: itself, but for a raw one."""
    return angle.removesuffix(_RAW)


def uncalibrated(angle: Angle, rules: Rules) -> Angle:
    """The raw side of an angle: its tree without calibrations, and what that comes to."""
    tree = _plain(angle.tree)
    return Angle(raw(angle.id), tree, score_tree(tree, rules), angle.n)


def _plain(node: Node) -> Node:
    return replace(node, calibrated=None, children=tuple(map(_plain, node.children)))


def by_id(root: Node) -> dict[str, Node]:
    """Every node of a tree by id."""
    found = {root.id: root}
    for child in root.children:
        found |= by_id(child)
    return found
