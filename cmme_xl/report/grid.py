"""A table in a Word document: hair lines, fills, widths, and where it may break."""

from collections.abc import Sequence
from typing import Any

from cmme_xl.report.cells import Cell, Column, cell
from cmme_xl.report.ink import Ink, element, mm, w

ROOM_BESIDE = 80
"""What is left free beside the text of a cell, in twentieths of a point."""


class Grid:
    """One table, filled row by row. `together`: it stands on one page, where one holds it."""

    def __init__(self, table: Any, ink: Ink, columns: Sequence[Column], *, together: bool = False) -> None:
        self.table, self._ink, self._columns, self._together = table, ink, columns, together
        table.autofit = False
        # the grid counts where a program does not look at the cells
        for made, column in zip(table.columns, columns, strict=True):
            made.width = mm(column.mm)
        margins = element("tblCellMar")
        for side in ("left", "right"):
            margins.append(element(side, w=str(ROOM_BESIDE), type="dxa"))
        _before(table._tbl.tblPr, margins, "tblLook")

    def head(self) -> None:
        """The columns' headings, on every page anew."""
        made = self._row([Cell(column.title, "slate", "panel", True) for column in self._columns], middle=True)
        made._tr.get_or_add_trPr().append(element("tblHeader"))

    def rows(self, rows: Sequence[Sequence[Cell | str]]) -> None:
        """No row is broken over two pages; texts begin at the top, a row of one line each stands as it is."""
        for row in rows:
            self._row([cell(each) for each in row])
        if self._together:
            for made in self.table.rows[:-1]:
                for each in made.cells:
                    each.paragraphs[0].paragraph_format.keep_with_next = True

    def lines(self, colour: str) -> None:
        """Hair lines above, below and between the rows."""
        borders = element("tblBorders")
        for side in ("top", "bottom", "insideH"):
            borders.append(self._edge(side, colour, 4))
        _before(self.table._tbl.tblPr, borders, "tblLayout")

    def panel(self, colour: str, edge: str = "") -> Any:
        """The first cell on a ground of one colour, with a thick edge at its left."""
        made = self.table.rows[0].cells[0]
        made.width = mm(self._columns[0].mm)
        self._shade(made, colour)
        if edge:
            borders = element("tcBorders")
            borders.append(self._edge("left", edge, 24))
            _before(made._tc.get_or_add_tcPr(), borders, "shd")
        return made

    def _row(self, row: Sequence[Cell], *, middle: bool = False) -> Any:
        made = self.table.add_row()
        made._tr.get_or_add_trPr().append(element("cantSplit"))
        for place, column, content in zip(made.cells, self._columns, row, strict=True):
            self._fill(place, content, column, middle=middle)
        return made

    def _fill(self, place: Any, content: Cell, column: Column, *, middle: bool) -> None:
        from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
        from docx.enum.text import WD_ALIGN_PARAGRAPH

        place.width = mm(column.mm)
        if middle:
            place.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        paragraph = place.paragraphs[0]
        paragraph.style = self.table.part.document.styles["Cell"]
        if column.figures:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        self._ink.run(paragraph, content.text, bold=content.bold, colour=content.colour)
        if content.fill:
            self._shade(place, content.fill)

    def _shade(self, place: Any, colour: str) -> None:
        shade = element("shd", val="clear", fill=self._ink.brand.palette[colour])
        _before(place._tc.get_or_add_tcPr(), shade, "vAlign")

    def _edge(self, side: str, colour: str, eighths: int) -> Any:
        return element(side, val="single", sz=str(eighths), space="0", color=self._ink.brand.palette[colour])


def _before(properties: Any, added: Any, following: str) -> None:
    """Put an element where the schema wants it: before `following`, at the end without it."""
    found = properties.find(w(following))
    found.addprevious(added) if found is not None else properties.append(added)
