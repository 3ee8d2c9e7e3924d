"""A Word document being written: styles, headings, tables, charts, contents. Knows pages, nothing of what they say."""

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cmme_xl.findings import visible
from cmme_xl.report.chartpart import Easel
from cmme_xl.report.charts import Box
from cmme_xl.report.package import settled
from cmme_xl.spreadsheet import Brand
from cmme_xl.spreadsheet.book import EPOCH

if TYPE_CHECKING:
    from docx.shared import Length
    from docx.text.paragraph import Paragraph
    from pptx.chart.chart import Chart
    from pptx.shapes.shapetree import SlideShapes

WIDTH_MM = 166.0
"""What is left between the margins of an A4 page."""
STYLES = {
    # name: (points, bold, colour, space before, space after)
    "Normal": (10, False, "ink", 0, 6),
    "Title": (30, True, "brand", 0, 6),
    "Subtitle": (14, False, "slate", 0, 4),
    "Heading 1": (20, True, "brand", 0, 10),
    "Heading 2": (14, True, "brand", 10, 4),
    "Heading 3": (10.5, True, "brand2", 6, 3),
    "Lead": (12, True, "brand2", 0, 8),
    "Note": (8, False, "muted", 2, 6),
    "Cell": (8.5, False, "ink", 1.5, 1.5),
    "toc 1": (11, True, "ink", 6, 2),
    "toc 2": (10, False, "slate", 0, 1),
}


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


class Paper:
    """Written from top to bottom; `finished` gives the file."""

    def __init__(self, brand: Brand, lang: str, title: str, mark: str, header: str, footer: str) -> None:
        from docx import Document

        self.brand, self.lang = brand, lang
        self._document = Document()
        # the template's second set of styles, for Word 2007 alone, would not know ours
        relations = self._document.part.rels
        for id_ in [id_ for id_, each in relations.items() if each.reltype.endswith("/stylesWithEffects")]:
            del relations[id_]
        self._easel = Easel(self._document)
        self._entries: list[tuple[int, str, str]] = []
        self._contents: Paragraph | None = None
        self._lay_out()
        self._set_styles()
        self._furnish(header, footer)
        properties = self._document.core_properties
        properties.title, properties.author, properties.category = visible(title), brand.author, mark
        properties.language, properties.comments = {"zh": "zh-CN", "en": "en-GB"}[lang], ""
        properties.created = properties.modified = EPOCH

    # --- text

    def text(self, text: str, style: str = "Normal", **look: Any) -> "Paragraph":
        """A paragraph. `look`: bold, colour (palette name), align ("center" or "right"), before and after (points)."""
        paragraph = self._document.add_paragraph(style=style)
        self._run(paragraph, text, **look)
        return paragraph

    def labelled(self, label: str, text: str, style: str = "Normal") -> None:
        """A paragraph that begins with a label."""
        paragraph = self._document.add_paragraph(style=style)
        self._run(paragraph, f"{label}  ", bold=True, colour="brand2")
        self._run(paragraph, text)

    def bullets(self, texts: Sequence[str]) -> None:
        for each in texts:
            self.text(each, "List Bullet")

    def numbered(self, texts: Sequence[str]) -> None:
        """A numbered list of its own, beginning at one."""
        from docx.shared import Mm

        for number, each in enumerate(texts, 1):
            paragraph = self.text(f"{number}\t{each}", "Normal")
            paragraph.paragraph_format.left_indent, paragraph.paragraph_format.first_line_indent = Mm(7), Mm(-7)
            paragraph.paragraph_format.space_after = self._pt(3)
            paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(7))

    def heading(self, text: str, level: int, *, page: bool = False) -> None:
        """A heading that the table of contents lists."""
        paragraph = self._document.add_heading(level=level)
        paragraph.paragraph_format.page_break_before = page
        name = f"_Toc{len(self._entries) + 1:06d}"
        start, end = self._element("w:bookmarkStart"), self._element("w:bookmarkEnd")
        for each in (start, end):
            each.set(_w("id"), str(len(self._entries) + 1))
        start.set(_w("name"), name)
        paragraph._p.append(start)
        self._run(paragraph, text)
        paragraph._p.append(end)
        self._entries.append((level, text, name))

    def contents(self, title: str, depth: int = 2) -> None:
        """The table of contents, on a page of its own; filled in when all headings are known."""
        self.text(title, "Lead", colour="brand").paragraph_format.page_break_before = True
        self._contents = self._document.add_paragraph()
        self._depth = depth

    def space(self, points: float) -> None:
        from docx.shared import Pt

        paragraph = self._document.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(0)
        paragraph.paragraph_format.line_spacing = Pt(points)

    # --- tables and charts

    def table(self, columns: Sequence[Column], rows: Sequence[Sequence[Cell | str]], *, style: str = "Cell") -> None:
        """Hair lines between rows, a heading that repeats on every page, no row broken over two pages."""

        table = self._document.add_table(rows=0, cols=len(columns))
        table.autofit = False
        self._borders(table, "rule")
        self._widths(table, [column.mm for column in columns])
        if any(column.title for column in columns):
            head = table.add_row()
            self._repeat(head)
            for cell, column in zip(head.cells, columns, strict=True):
                self._fill_cell(cell, Cell(column.title, "slate", "panel", True), column, style)
        for row in rows:
            made = table.add_row()
            self._whole(made)
            for cell, column, content in zip(made.cells, columns, row, strict=True):
                self._fill_cell(cell, content if isinstance(content, Cell) else Cell(content), column, style)
        self.space(8)

    def chart(self, width: float, height: float, described: str, draw: "Callable[[SlideShapes, Box], Chart]") -> None:
        """A native chart; width and height in mm."""
        paragraph = self._document.add_paragraph()
        self._place(paragraph, width, height, described, draw)

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
        from docx.shared import Mm, Pt

        table = self._document.add_table(rows=1, cols=2)
        table.autofit = False
        self._widths(table, (width, WIDTH_MM - width))
        left, right = table.rows[0].cells
        for cell, mm in ((left, width), (right, WIDTH_MM - width)):
            cell.width = Mm(mm)
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        self._place(left.paragraphs[0], width - 4, height, described, draw)
        inner = right.add_table(rows=0, cols=2)
        inner.autofit = False
        narrow = WIDTH_MM - width - 4
        self._widths(inner, (narrow * 0.45, narrow * 0.55))
        self._borders(inner, "rule")
        for number, (label, value) in enumerate(rows):
            cells = inner.add_row().cells
            big = number == 0
            self._fill_cell(cells[0], Cell(label, "slate"), Column("", narrow * 0.45), "Cell")
            shown = Cell(value, "brand", "", True)
            self._fill_cell(cells[1], shown, Column("", narrow * 0.55, True), "Cell")
            if big:
                cells[1].paragraphs[0].runs[0].font.size = Pt(20)
        # a cell has to end in a paragraph; the first one, above the table, is not wanted
        first = right.paragraphs[0]._p
        first.getparent().remove(first)
        last = right.add_paragraph(style="Note")
        last.paragraph_format.space_after = Pt(0)
        self.space(4)

    def callout(self, text: str) -> None:
        """A panel that stands out."""
        from docx.shared import Mm

        table = self._document.add_table(rows=1, cols=1)
        table.autofit = False
        self._widths(table, (WIDTH_MM,))
        cell = table.rows[0].cells[0]
        cell.width = Mm(WIDTH_MM)
        self._shade(cell, "tint2")
        self._edges(cell, {"left": ("brand", 24)})
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = self._pt(6)
        self._run(paragraph, text, colour="brand")
        self.space(8)

    def cover(self, title: str, subtitle: str, lines: Sequence[str], mark: str) -> None:
        """The first page: title on the brand's colour, then whose, when, by whom, for whom."""
        from docx.shared import Mm

        self.space(90)
        table = self._document.add_table(rows=1, cols=1)
        table.autofit = False
        self._widths(table, (WIDTH_MM,))
        cell = table.rows[0].cells[0]
        cell.width = Mm(WIDTH_MM)
        self._shade(cell, "brand")
        first = cell.paragraphs[0]
        first.paragraph_format.space_before = self._pt(42)
        self._run(first, title, bold=True, colour="white", points=30)
        second = cell.add_paragraph()
        second.paragraph_format.space_after = self._pt(42)
        self._run(second, subtitle, colour="tint", points=14)
        for each in (first, second):
            each.paragraph_format.left_indent = Mm(8)
        self.space(24)
        for number, line in enumerate(lines):
            self.text(line, "Subtitle", bold=number == 0, colour="ink" if number == 0 else "slate")
        self.space(170)
        self.text(mark, "Note", colour="alert", bold=True)

    def finished(self) -> bytes:
        """The file; the same content gives the same bytes."""
        self._fill_contents()
        out = io.BytesIO()
        self._document.save(out)
        return settled(out.getvalue(), EPOCH)

    # --- how

    def _lay_out(self) -> None:
        from docx.shared import Mm

        section = self._document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin = section.right_margin = Mm(22)
        section.top_margin, section.bottom_margin = Mm(26), Mm(22)
        section.header_distance = section.footer_distance = Mm(11)
        section.different_first_page_header_footer = True

    def _set_styles(self) -> None:
        from docx.enum.style import WD_STYLE_TYPE

        styles = self._document.styles
        for name, (points, bold, colour, before, after) in STYLES.items():
            known = name in [each.name for each in styles]
            style: Any = styles[name] if known else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
            style.font.size, style.font.bold, style.font.italic = self._pt(points), bold, False
            style.font.color.rgb = self._rgb(colour)
            style.paragraph_format.space_before, style.paragraph_format.space_after = self._pt(before), self._pt(after)
            style.paragraph_format.line_spacing = 1.25 if name in ("Normal", "Lead") else 1.1
            self._fonts(style.element.get_or_add_rPr())
            for edge in style.element.findall(".//" + _w("pBdr")):
                edge.getparent().remove(edge)
        bullet: Any = styles["List Bullet"]
        bullet.paragraph_format.space_after = self._pt(4)

    def _fonts(self, properties: Any) -> None:
        fonts = properties.get_or_add_rFonts()
        for name in list(fonts.attrib):
            del fonts.attrib[name]
        latin, chinese = self.brand.fonts[self.lang], self.brand.fonts["zh"]
        for slot, font in (("ascii", latin), ("hAnsi", latin), ("cs", latin), ("eastAsia", chinese)):
            fonts.set(_w(slot), font)
        # which of the two a quotation mark takes is decided by this hint
        fonts.set(_w("hint"), "eastAsia" if self.lang == "zh" else "default")

    def _furnish(self, header: str, footer: str) -> None:
        from docx.enum.text import WD_TAB_ALIGNMENT
        from docx.shared import Mm

        section = self._document.sections[0]
        top = section.header.paragraphs[0]
        top.style = self._document.styles["Note"]
        self._run(top, header)
        bottom = section.footer.paragraphs[0]
        bottom.style = self._document.styles["Note"]
        bottom.paragraph_format.tab_stops.clear_all()
        bottom.paragraph_format.tab_stops.add_tab_stop(Mm(WIDTH_MM), WD_TAB_ALIGNMENT.RIGHT)
        self._run(bottom, f"{footer}\t")
        self._field(bottom, "PAGE", "1")

    def _run(self, paragraph: "Paragraph", text: str, **look: Any) -> None:
        run = paragraph.add_run(visible(text) if "\t" not in text else "\t".join(map(visible, text.split("\t"))))
        if "bold" in look:
            run.bold = look["bold"]
        if look.get("colour"):
            run.font.color.rgb = self._rgb(look["colour"])
        if "points" in look:
            run.font.size = self._pt(look["points"])

    def _field(self, paragraph: "Paragraph", code: str, shown: str, *, dirty: bool = False) -> None:
        self._field_part(paragraph, "begin", dirty=dirty)
        self._instruction(paragraph, code)
        self._field_part(paragraph, "separate")
        paragraph.add_run(shown)
        self._field_part(paragraph, "end")

    def _field_part(self, paragraph: "Paragraph", kind: str, *, dirty: bool = False) -> None:
        part = self._element("w:fldChar")
        part.set(_w("fldCharType"), kind)
        if dirty:
            part.set(_w("dirty"), "true")
        paragraph.add_run()._r.append(part)

    def _instruction(self, paragraph: "Paragraph", code: str) -> None:
        text = self._element("w:instrText")
        text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        text.text = f" {code} "
        paragraph.add_run()._r.append(text)

    def _fill_contents(self) -> None:
        """One field over all entries. Only a program that lays pages out knows their numbers: it is told to renew the
        field when the file is opened; any other shows the entries as links."""
        from docx.shared import Mm

        end = self._contents
        if end is None:
            return
        listed = [entry for entry in self._entries if entry[0] <= self._depth]
        for number, (level, text, name) in enumerate(listed):
            line = end.insert_paragraph_before(style=f"toc {level}")
            line.paragraph_format.left_indent = Mm(6 * (level - 1))
            if number == 0:
                self._field_part(line, "begin", dirty=True)
                self._instruction(line, f'TOC \\o "1-{self._depth}" \\h \\z')
                self._field_part(line, "separate")
            link = self._element("w:hyperlink")
            link.set(_w("anchor"), name)
            self._run(line, text)
            link.append(line.runs[-1]._r)
            line._p.append(link)
        self._field_part(end, "end")

    def _place(
        self,
        paragraph: "Paragraph",
        width: float,
        height: float,
        described: str,
        draw: "Callable[[SlideShapes, Box], Chart]",
    ) -> None:
        from docx.shared import Mm

        self._easel.place(paragraph, int(Mm(width)), int(Mm(height)), visible(described), draw)

    def _fill_cell(self, cell: Any, content: Cell, column: Column, style: str) -> None:
        from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.shared import Mm

        cell.width = Mm(column.mm)
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        paragraph = cell.paragraphs[0]
        paragraph.style = self._document.styles[style]
        if column.figures:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        self._run(paragraph, content.text, bold=content.bold, colour=content.colour)
        if content.fill:
            self._shade(cell, content.fill)

    def _shade(self, cell: Any, colour: str) -> None:
        shade = self._element("w:shd")
        for name, value in (("val", "clear"), ("color", "auto"), ("fill", self.brand.palette[colour])):
            shade.set(_w(name), value)
        properties = cell._tc.get_or_add_tcPr()
        upright = properties.find(_w("vAlign"))
        upright.addprevious(shade) if upright is not None else properties.append(shade)

    def _edges(self, cell: Any, edges: Mapping[str, tuple[str, int]]) -> None:
        borders = self._element("w:tcBorders")
        for side, (colour, eighths) in edges.items():
            borders.append(self._edge(side, colour, eighths))
        properties = cell._tc.get_or_add_tcPr()
        shade = properties.find(_w("shd"))
        shade.addprevious(borders) if shade is not None else properties.append(borders)

    def _edge(self, side: str, colour: str, eighths: int) -> Any:
        edge = self._element(f"w:{side}")
        values = {"val": "single", "sz": str(eighths), "space": "0", "color": self.brand.palette[colour]}
        for name, value in values.items():
            edge.set(_w(name), value)
        return edge

    def _borders(self, table: Any, colour: str) -> None:
        borders = self._element("w:tblBorders")
        for side in ("top", "bottom", "insideH"):
            borders.append(self._edge(side, colour, 4))
        properties = table._tbl.tblPr
        layout = properties.find(_w("tblLayout"))
        layout.addprevious(borders) if layout is not None else properties.append(borders)

    def _widths(self, table: Any, widths: Sequence[float]) -> None:
        """The grid, which counts where a program does not look at the cells; and little room beside the text."""
        from docx.shared import Mm

        for column, mm in zip(table.columns, widths, strict=True):
            column.width = Mm(mm)
        margins = self._element("w:tblCellMar")
        for side in ("left", "right"):
            edge = self._element(f"w:{side}")
            edge.set(_w("w"), "60")
            edge.set(_w("type"), "dxa")
            margins.append(edge)
        last = table._tbl.tblPr.find(_w("tblLook"))
        last.addprevious(margins) if last is not None else table._tbl.tblPr.append(margins)

    def _repeat(self, row: Any) -> None:
        self._whole(row)
        row._tr.get_or_add_trPr().append(self._element("w:tblHeader"))

    def _whole(self, row: Any) -> None:
        row._tr.get_or_add_trPr().append(self._element("w:cantSplit"))

    @staticmethod
    def _element(tag: str) -> Any:
        from docx.oxml import OxmlElement

        return OxmlElement(tag)

    @staticmethod
    def _pt(points: float) -> "Length":
        from docx.shared import Pt

        return Pt(points)

    def _rgb(self, colour: str) -> Any:
        from docx.shared import RGBColor

        return RGBColor.from_string(self.brand.colour(colour).lstrip("#").upper())


def _w(name: str) -> str:
    return f"{{http://schemas.openxmlformats.org/wordprocessingml/2006/main}}{name}"
