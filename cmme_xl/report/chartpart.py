"""Native charts in a Word document: drawn on a slide nobody sees, then moved over with the workbook behind them."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from cmme_xl.report.charts import Box

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph
    from pptx.chart.chart import Chart
    from pptx.shapes.shapetree import SlideShapes

CHART_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
BOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
INLINE = (
    '<w:drawing xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" xmlns:r="{relations}">'
    '<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{width}" cy="{height}"/>'
    '<wp:docPr id="{number}" name="Chart {number}"/><wp:cNvGraphicFramePr/>'
    '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">'
    '<c:chart r:id="{id}"/></a:graphicData></a:graphic></wp:inline></w:drawing>'
)


class Easel:
    """Draws charts for one document."""

    def __init__(self, document: "Document") -> None:
        from pptx import Presentation

        self._document = document
        self._slides = Presentation()
        self._count = 0

    def place(
        self,
        paragraph: "Paragraph",
        width: int,
        height: int,
        described: str,
        draw: "Callable[[SlideShapes, Box], Chart]",
    ) -> None:
        """Draw a chart of this size (EMU) and put it into the paragraph; `described` is read to who cannot see it."""
        slide = self._slides.slides.add_slide(self._slides.slide_layouts[6])
        chart = draw(slide.shapes, Box(0, 0, width, height))
        self._count += 1
        self._insert(paragraph, self._moved(chart), width, height, described)

    def _moved(self, chart: "Chart") -> str:
        """The relationship id of the chart's copy in the document."""
        from docx.opc.packuri import PackURI
        from docx.opc.part import Part

        package = self._document.part.package
        book = chart.part.chart_workbook.xlsx_part
        moved = Part(PackURI(f"/word/charts/chart{self._count}.xml"), CHART_TYPE, None, package)
        sheet = Part(PackURI(f"/word/embeddings/chart{self._count}.xlsx"), BOOK_TYPE, book.blob, package)
        id_ = moved.relate_to(sheet, f"{RELATIONS}/package")
        moved._blob = _with_book(chart, id_)
        return str(self._document.part.relate_to(moved, f"{RELATIONS}/chart"))

    def _insert(self, paragraph: "Paragraph", id_: str, width: int, height: int, described: str) -> None:
        from docx.oxml import parse_xml

        number = 1000 + self._count
        inline: Any = parse_xml(INLINE.format(relations=RELATIONS, width=width, height=height, number=number, id=id_))
        inline[0].find("{*}docPr").set("descr", described)
        paragraph.add_run()._r.append(inline)


def _with_book(chart: "Chart", id_: str) -> bytes:
    """The chart's XML, its workbook found under `id_`."""
    from lxml import etree

    space = chart._chartSpace
    for data in space.iter("{*}externalData"):
        data.set(f"{{{RELATIONS}}}id", id_)
    blob: bytes = etree.tostring(space, xml_declaration=True, encoding="UTF-8", standalone=True)
    return blob
