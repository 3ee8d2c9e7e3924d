"""A Word document being written: headings, text, tables, charts. Knows pages, nothing of what they say."""

import io
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from cmme_xl.findings import visible
from cmme_xl.report.cells import Cell, Column
from cmme_xl.report.chartpart import Easel
from cmme_xl.report.charts import Box
from cmme_xl.report.contents import Contents, field
from cmme_xl.report.grid import Grid
from cmme_xl.report.ink import Ink, mm, points
from cmme_xl.report.package import settled
from cmme_xl.spreadsheet import Brand
from cmme_xl.spreadsheet.book import EPOCH

if TYPE_CHECKING:
    from docx.text.paragraph import Paragraph
    from pptx.chart.chart import Chart
    from pptx.shapes.shapetree import SlideShapes

WIDTH_MM = 166.0
"""What is left between the margins of an A4 page."""
AFTER = 8.0
"""Space that follows a table, in points."""
FEW = 12
"""A table of no more rows stands on one page."""


class Paper:
    """Written from top to bottom; `finished` gives the file."""

    def __init__(self, brand: Brand, lang: str, title: str, mark: str, header: str, footer: str) -> None:
        from docx import Document

        self.brand, self._ink = brand, Ink(brand, lang)
        self._document = Document()
        # the template's second set of styles, for Word 2007 alone, would not know ours
        relations = self._document.part.rels
        for id_ in [id_ for id_, each in relations.items() if each.reltype.endswith("/stylesWithEffects")]:
            del relations[id_]
        self._easel = Easel(self._document)
        self._contents = Contents(self._ink)
        self._contents_end: Paragraph | None = None
        self._owed = 0.0
        self._lay_out()
        self._ink.set_styles(self._document.styles)
        self._furnish(header, footer)
        properties = self._document.core_properties
        properties.title, properties.author, properties.category = visible(title), brand.author, mark
        properties.language, properties.comments = {"zh": "zh-CN", "en": "en-GB"}[lang], ""
        properties.created = properties.modified = EPOCH

    # --- text

    def text(self, text: str, style: str = "Normal", **look: Any) -> "Paragraph":
        """A paragraph. `look` as in Ink.run."""
        paragraph = self._paragraph(style)
        self._ink.run(paragraph, text, **look)
        return paragraph

    def labelled(self, label: str, text: str) -> None:
        """A paragraph that begins with a label."""
        paragraph = self._paragraph("Normal")
        self._ink.run(paragraph, f"{label}  ", bold=True, colour="brand2")
        self._ink.run(paragraph, text)

    def bullets(self, texts: Sequence[str]) -> None:
        for each in texts:
            self.text(each, "List Bullet")

    def numbered(self, texts: Sequence[str]) -> None:
        """A numbered list of its own, beginning at one."""
        for number, each in enumerate(texts, 1):
            shape = self.text(f"{number}\t{each}").paragraph_format
            shape.left_indent, shape.first_line_indent = mm(7), mm(-7)
            shape.space_after = points(3)
            shape.tab_stops.add_tab_stop(mm(7))

    def heading(self, text: str, level: int, *, page: bool = False) -> None:
        """A heading that the table of contents lists; `page`: on a new page."""
        if page:
            self._owed = 0.0
        paragraph = self._paragraph(f"Heading {level}")
        if page:
            paragraph.paragraph_format.page_break_before = True
            paragraph.paragraph_format.space_before = points(0)
        self._contents.mark(paragraph, text, level)

    def contents(self, title: str) -> None:
        """The table of contents, on a page of its own; filled in when all headings are known."""
        self.text(title, "Lead", colour="brand", points=20).paragraph_format.page_break_before = True
        self._contents_end = self._document.add_paragraph()

    def space(self, height: float) -> None:
        """An empty line of so many points."""
        shape = self._document.add_paragraph().paragraph_format
        shape.space_after, shape.line_spacing = points(0), points(height)

    # --- tables and charts

    def table(self, columns: Sequence[Column], rows: Sequence[Sequence[Cell | str]]) -> None:
        """Hair lines between rows, a heading that repeats on every page, no row broken over two pages."""
        grid = self._grid(columns, together=len(rows) <= FEW)
        grid.lines("rule")
        if any(column.title for column in columns):
            grid.head()
        grid.rows(rows)

    def chart(self, width: float, height: float, described: str, draw: "Callable[[SlideShapes, Box], Chart]") -> None:
        """A native chart; width and height in mm."""
        self._place(self._paragraph("Normal"), width, height, described, draw)

    def chart_beside(
        self,
        width: float,
        height: float,
        described: str,
        draw: "Callable[[SlideShapes, Box], Chart]",
        rows: Sequence[tuple[str, str]],
    ) -> None:
        """A chart on the left and key figures on the right, one under the other."""
        from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT

        widths = (width, WIDTH_MM - width)
        outer = self._grid([Column("", each) for each in widths], rows=1).table
        left, right = outer.rows[0].cells
        for cell, each in zip((left, right), widths, strict=True):
            cell.width, cell.vertical_alignment = mm(each), WD_CELL_VERTICAL_ALIGNMENT.CENTER
        self._place(left.paragraphs[0], width - 4, height, described, draw)
        narrow = WIDTH_MM - width - 4
        inner = Grid(
            right.add_table(rows=0, cols=2), self._ink, [Column("", narrow * 0.5), Column("", narrow * 0.5, True)]
        )
        inner.lines("rule")
        inner.rows([(Cell(label, "slate"), Cell(value, "brand", "", True)) for label, value in rows])
        inner.table.rows[0].cells[1].paragraphs[0].runs[0].font.size = points(20)
        # a cell has to end in a paragraph; the first one, above the table, is not wanted
        first = right.paragraphs[0]._p
        first.getparent().remove(first)
        right.add_paragraph(style="Note").paragraph_format.space_after = points(0)
        self._owed = AFTER / 2

    def callout(self, text: str) -> None:
        """A panel that stands out."""
        cell = self._grid([Column("", WIDTH_MM)], rows=1).panel("tint2", edge="brand")
        shape = cell.paragraphs[0].paragraph_format
        shape.space_before = shape.space_after = points(6)
        shape.left_indent = shape.right_indent = mm(2)
        self._ink.run(cell.paragraphs[0], text, colour="brand", points=11)

    def cover(self, title: str, subtitle: str, lines: Sequence[str], mark: str) -> None:
        """The first page: title on the brand's colour, then whose, when, by whom, for whom."""
        if self.brand.logo:
            logo = self._document.add_paragraph().add_run()
            logo.add_picture(io.BytesIO(self.brand.logo), height=mm(14))
        self.space(60 if self.brand.logo else 100)
        cell = self._grid([Column("", WIDTH_MM)], rows=1).panel("brand")
        first, second = cell.paragraphs[0], cell.add_paragraph()
        first.paragraph_format.space_before = second.paragraph_format.space_after = points(48)
        self._ink.run(first, title, bold=True, colour="white", points=30)
        self._ink.run(second, subtitle, colour="tint", points=14)
        for each in (first, second):
            each.paragraph_format.left_indent = mm(8)
        self._owed = 30
        for number, line in enumerate(lines):
            self.text(line, "Subtitle", bold=number == 0, colour="ink" if number == 0 else "slate")
        self.space(150)
        self.text(mark, "Note", colour="alert", bold=True)

    def finished(self) -> bytes:
        """The file; the same content gives the same bytes."""
        if self._contents_end is not None:
            self._contents.fill(self._contents_end)
        out = io.BytesIO()
        self._document.save(out)
        return settled(out.getvalue(), EPOCH)

    # --- how

    def _lay_out(self) -> None:
        section = self._document.sections[0]
        section.page_width, section.page_height = mm(210), mm(297)
        section.left_margin = section.right_margin = mm(22)
        section.top_margin, section.bottom_margin = mm(26), mm(22)
        section.header_distance = section.footer_distance = mm(11)
        section.different_first_page_header_footer = True

    def _furnish(self, header: str, footer: str) -> None:
        from docx.enum.text import WD_TAB_ALIGNMENT

        section = self._document.sections[0]
        top, bottom = section.header.paragraphs[0], section.footer.paragraphs[0]
        top.style = bottom.style = self._document.styles["Note"]
        self._ink.run(top, header)
        bottom.paragraph_format.tab_stops.clear_all()
        bottom.paragraph_format.tab_stops.add_tab_stop(mm(WIDTH_MM), WD_TAB_ALIGNMENT.RIGHT)
        self._ink.run(bottom, f"{footer}\t")
        field(bottom, "PAGE", "1")

    def _paragraph(self, style: str) -> "Paragraph":
        """A paragraph below the space that a table before it is owed.

        That space belongs to what follows: a line of its own would fall onto a page of its own where a table ends one.
        """
        paragraph = self._document.add_paragraph(style=style)
        before = paragraph.style.paragraph_format.space_before if paragraph.style else None
        if self._owed > (before.pt if before else 0.0):
            paragraph.paragraph_format.space_before = points(self._owed)
        self._owed = 0.0
        return paragraph

    def _grid(self, columns: Sequence[Column], rows: int = 0, *, together: bool = False) -> Grid:
        # two tables that touch would become one
        if self._owed:
            self.space(self._owed)
        self._owed = AFTER
        table = self._document.add_table(rows=rows, cols=len(columns))
        return Grid(table, self._ink, columns, together=together)

    def _place(
        self,
        paragraph: "Paragraph",
        width: float,
        height: float,
        described: str,
        draw: "Callable[[SlideShapes, Box], Chart]",
    ) -> None:
        self._easel.place(paragraph, int(mm(width)), int(mm(height)), visible(described), draw)
