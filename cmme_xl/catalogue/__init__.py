"""What is asked: the catalogue's model, its loader and its checks."""

from cmme_xl.catalogue.checks import check
from cmme_xl.catalogue.model import (
    ROOT,
    Band,
    Block,
    Catalogue,
    Dimension,
    Group,
    Indicator,
    Level,
    Limits,
    Question,
    Realm,
    Rubric,
    Step,
    Text,
)
from cmme_xl.catalogue.source import examine, load

__all__ = [
    "ROOT",
    "Band",
    "Block",
    "Catalogue",
    "Dimension",
    "Group",
    "Indicator",
    "Level",
    "Limits",
    "Question",
    "Realm",
    "Rubric",
    "Step",
    "Text",
    "check",
    "examine",
    "load",
]
