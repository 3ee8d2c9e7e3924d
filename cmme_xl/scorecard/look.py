"""How a row of scores looks, by what kind of node it is."""

from cmme_xl.catalogue import ROOT
from cmme_xl.scorecard.context import Context

HAIR = {"bottom": 1, "bottom_color": "hair", "font_size": 9}


def line(context: Context, node: str) -> dict[str, object]:
    """Total, dimension and indicator are bands of their own; a question is plain."""
    if node == ROOT:
        return {**HAIR, "bg_color": "tint", "bold": True, "font_color": "brand"}
    if node in {each.id for each in context.dimensions}:
        return {**HAIR, "bg_color": "tint2", "bold": True, "font_color": "brand"}
    if node in context.ids:
        return {**HAIR, "bg_color": "panel", "bold": True}
    return {**HAIR}
