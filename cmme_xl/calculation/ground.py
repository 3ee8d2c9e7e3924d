"""What a workbook that calculates offers: results, words and sheets. Summary and scorecard each have their own."""

from collections.abc import Mapping
from typing import Protocol

from cmme_xl.catalogue import Catalogue, Dimension, Indicator
from cmme_xl.results.model import Angle
from cmme_xl.scoring import Node
from cmme_xl.spreadsheet import Sheet


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

    def angle(self, angle: str) -> Angle: ...
    def label(self, angle: str) -> str: ...


def by_id(root: Node) -> dict[str, Node]:
    """Every node of a tree by id."""
    found = {root.id: root}
    for child in root.children:
        found |= by_id(child)
    return found
