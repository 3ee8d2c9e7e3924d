"""Texts side by side whose heights differ: each is poured down its own columns over one band of fine rows."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from xlsxwriter.format import Format

from cmme_xl.spreadsheet.lines import Content
from cmme_xl.spreadsheet.sheet import Sheet

STEP_PX = 9


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands from column `first` to `last`."""

    first: int
    last: int
    content: Content
    style: Format


@dataclass(frozen=True, slots=True)
class Block:
    """Cells beside each other, all `px` pixels high, rounded up to whole rows of the band."""

    cells: Sequence[Cell]
    px: int

    @property
    def steps(self) -> int:
        return max(1, math.ceil(self.px / STEP_PX))


def pour(sheet: Sheet, row: int, columns: Sequence[Sequence[Block]]) -> int:
    """Write each list of blocks downward from `row`, and set the rows' heights; returns the row after the longest."""
    depth = max((sum(block.steps for block in blocks) for blocks in columns), default=0)
    sheet.rows(row, [STEP_PX] * depth)
    for blocks in columns:
        at = row
        for block in blocks:
            for cell in block.cells:
                sheet.content(at, cell.first, cell.content, cell.style, (at + block.steps - 1, cell.last))
            at += block.steps
    return row + depth
