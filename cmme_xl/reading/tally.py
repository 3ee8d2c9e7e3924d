"""Counting what a file is found to hold, so that none can ask for more than a workbook may need."""

from cmme_xl.reading.cells import MAX_CELLS, MAX_MERGES, MAX_TEXT
from cmme_xl.reading.container import Refused
from cmme_xl.reading.grid import Cell, RawSheet, Row
from cmme_xl.reading.workbook import MAX_SHEETS

MAX_CHARACTERS = 2**25


class Tally:
    """Puts cells, merges and sheets in their places within the caps of a whole book. Raises Refused FIL_015 where
    one is passed, FIL_018 where there are too many sheets."""

    def __init__(self) -> None:
        self.sheets: list[RawSheet] = []
        self._cells = 0
        self._characters = 0

    def sheet(self, name: str, hidden: bool) -> RawSheet:
        """A further, empty sheet."""
        if len(self.sheets) >= MAX_SHEETS:
            raise Refused("FIL_018", limit=MAX_SHEETS)
        self.sheets.append(RawSheet(name, hidden))
        return self.sheets[-1]

    def put(self, sheet: RawSheet, row: int, column: int, cell: Cell) -> None:
        """Adds a cell; one that differs from what stands there already makes the place doubtful."""
        self.count(1, len(cell.text) + len(cell.formula))
        line = sheet.rows.setdefault(row, Row())
        if line.setdefault(column, cell) != cell:
            sheet.doubled.add((row, column))

    def merge(self, sheet: RawSheet, top: int, left: int, bottom: int, right: int) -> None:
        """Adds a merged range of more than one cell."""
        if len(sheet.merges) >= MAX_MERGES:
            raise Refused("FIL_015", size=f"> {MAX_MERGES:,}")
        if (top, left) != (bottom, right):
            sheet.merges.append((top, left, bottom, right))

    def count(self, cells: int, characters: int) -> None:
        """Counts cells before they are made, and the characters of each; `characters` of one cell at most."""
        if characters > 2 * MAX_TEXT:
            raise Refused("FIL_015", size=f"> {MAX_TEXT:,}")
        self._cells += cells
        self._characters += cells * characters
        if self._cells > MAX_CELLS:
            raise Refused("FIL_015", size=f"> {MAX_CELLS:,}")
        if self._characters > MAX_CHARACTERS:
            raise Refused("FIL_015", size=f"> {MAX_CHARACTERS:,}")
