"""What is asked: the catalogue's model, its loader and its checks."""

from cmme_xl.catalogue.checks import check
from cmme_xl.catalogue.loader import load
from cmme_xl.catalogue.model import (
    ROOT,
    Catalogue,
    Dimension,
    Group,
    Indicator,
    Level,
    Limits,
    Question,
    Step,
    Text,
)

__all__ = [
    "ROOT",
    "Catalogue",
    "Dimension",
    "Group",
    "Indicator",
    "Level",
    "Limits",
    "Question",
    "Step",
    "Text",
    "check",
    "load",
]
