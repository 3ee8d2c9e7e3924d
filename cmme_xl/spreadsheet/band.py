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
    """What stands from column `first` to `last`; a text may begin with a `lead` in a look of its own."""

    first: int
    last: int
    content: Content
    style: Format
    lead: tuple[str, Format] | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """Cells beside each other, all `px` pixels high, rounded up to whole rows of the band."""

    cells: Sequence[Cell]
    px: int

    def steps(self, step_px: int) -> int:
        return max(1, math.ceil(self.px / step_px))


def pour(sheet: Sheet, row: int, columns: Sequence[Sequence[Block]], step_px: int = STEP_PX) -> int:
    """Write each list of blocks downward from `row`, and give the rows of the longest the height `step_px`; returns
    the row after it."""
    depth = max((sum(block.steps(step_px) for block in blocks) for blocks in columns), default=0)
    sheet.rows(row, [step_px] * depth)
    for blocks in columns:
        at = row
        for block in blocks:
            last = at + block.steps(step_px) - 1
            for cell in block.cells:
                if cell.lead:
                    parts = [cell.lead, (str(cell.content), cell.style)]
                    sheet.rich(at, cell.first, parts, cell.style, (last, cell.last))
                else:
                    sheet.content(at, cell.first, cell.content, cell.style, (last, cell.last))
            at = last + 1
    return row + depth
