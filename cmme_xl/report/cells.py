"""What stands in a table, on paper and on slides."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a table's cell: text, colours by palette name, and whether it stands out."""

    text: str
    colour: str = ""
    fill: str = ""
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A table's column: its heading, its width in mm, and whether figures stand to the right in it."""

    title: str
    mm: float
    figures: bool = False


def cell(content: Cell | str) -> Cell:
    """Plain text as a cell."""
    return content if isinstance(content, Cell) else Cell(content)
