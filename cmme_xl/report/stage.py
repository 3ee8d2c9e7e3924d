"""A deck being made: slides, text, tables, charts. Knows slides, nothing of what they say."""

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cmme_xl.findings import visible
from cmme_xl.report.brush import Brush
from cmme_xl.report.cells import Cell, Column, cell
from cmme_xl.report.charts import Box
from cmme_xl.report.package import settled
from cmme_xl.spreadsheet import Brand
from cmme_xl.spreadsheet.book import EPOCH

if TYPE_CHECKING:
    from pptx.chart.chart import Chart
    from pptx.shapes.shapetree import SlideShapes

WIDTH, HEIGHT = 338.67, 190.5
"""A slide of 16:9 in mm."""
LEFT = 14.0
ROOM = WIDTH - 2 * LEFT
TOP = 38.0
"""Where a slide's body begins."""
TITLE_ONLY = 5
MM = 36000


@dataclass(frozen=True, slots=True)
class Place:
    """Left, top, width and height in mm."""

    left: float
    top: float
    width: float
    height: float

    @property
    def box(self) -> Box:
        return Box(*(round(each * MM) for each in (self.left, self.top, self.width, self.height)))


class Stage:
    """Slides in the order in which they are made; `finished` gives the file."""

    def __init__(self, brand: Brand, lang: str, title: str, mark: str, footer: str) -> None:
        from pptx import Presentation

        self.brand, self.lang, self._brush = brand, lang, Brush(brand, lang)
        self._deck = Presentation()
        self._deck.slide_width, self._deck.slide_height = round(WIDTH * MM), round(HEIGHT * MM)
        self._footer = footer
        self._slide: Any = None
        self._set_theme()
        layout = self._deck.slide_layouts[TITLE_ONLY]
        for shape in list(layout.placeholders):
            if shape.placeholder_format.idx == 0:
                self._put(shape, Place(LEFT, 10, ROOM, 18))
            else:
                shape._element.getparent().remove(shape._element)
        properties = self._deck.core_properties
        properties.title, properties.author, properties.category = visible(title), brand.author, mark
        properties.language, properties.last_modified_by = {"zh": "zh-CN", "en": "en-GB"}[lang], brand.author
        properties.created = properties.modified = EPOCH

    @property
    def count(self) -> int:
        return len(self._deck.slides)

    def slide(self, title: str, subtitle: str = "") -> None:
        """A new slide; its title is the finding."""
        from pptx.enum.text import MSO_ANCHOR

        self._slide = self._deck.slides.add_slide(self._deck.slide_layouts[TITLE_ONLY])
        frame = self._slide.shapes.title.text_frame
        frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.MIDDLE
        self._brush.write(
            frame.paragraphs[0], title, 24 if len(title) < (34 if self.lang == "zh" else 72) else 20, "brand", True
        )
        if subtitle:
            self.text(Place(LEFT, 28, ROOM, 8), [subtitle], 12, "slate")
        self._line(LEFT, 36.5, ROOM)
        self._line(LEFT, HEIGHT - 12, ROOM)
        self.text(Place(LEFT, HEIGHT - 11, ROOM - 30, 7), [self._footer], 9, "muted")
        self._number()

    def cover(self, title: str, subtitle: str, lines: Sequence[str], mark: str) -> None:
        """The first slide, on the brand's colour."""
        from pptx.enum.text import MSO_ANCHOR

        self._slide = self._deck.slides.add_slide(self._deck.slide_layouts[TITLE_ONLY])
        ground = self._slide.background.fill
        ground.solid()
        ground.fore_color.rgb = self._brush.colour("brand")
        frame = self._slide.shapes.title.text_frame
        if self.brand.logo:
            logo = self._slide.shapes.add_picture(io.BytesIO(self.brand.logo), 0, 0, height=round(14 * MM))
            logo.left, logo.top = round(26.5 * MM), round(16 * MM)
        self._put(self._slide.shapes.title, Place(24, 34, WIDTH - 48, 40))
        frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.BOTTOM
        self._brush.write(frame.paragraphs[0], title, 38, "white", True)
        self.text(Place(24, 76, WIDTH - 48, 12), [subtitle], 18, "tint")
        self._line(26.5, 93, 40, "accent", 1.2)
        self.text(Place(24, 99, WIDTH - 48, 50), lines, 16, "white", gap=3)
        self.text(Place(24, HEIGHT - 22, WIDTH - 48, 10), [mark], 11, "tint")

    def text(
        self,
        place: Place,
        texts: Sequence[str],
        points: float,
        colour: str = "ink",
        *,
        bold: bool = False,
        gap: float = 0,
    ) -> None:
        """Paragraphs, `gap` points apart."""
        for paragraph, text in self._paragraphs(place, texts, gap):
            self._brush.write(paragraph, text, points, colour, bold)

    def bullets(
        self,
        place: Place,
        texts: Sequence[str],
        points: float = 14,
        gap: float = 7,
        *,
        numbers: bool = False,
        start: int = 1,
    ) -> None:
        """A list with marks, or with numbers from `start` on, of the brand's colour."""
        from pptx.oxml import parse_xml
        from pptx.oxml.ns import nsdecls

        for paragraph, text in self._paragraphs(place, texts, gap):
            properties = paragraph._p.get_or_add_pPr()
            indent = round(points * (25000 if numbers else 19000))
            properties.set("marL", str(indent))
            properties.set("indent", str(-indent))
            colour = f'<a:buClr {nsdecls("a")}><a:srgbClr val="{self.brand.palette["brand2"]}"/></a:buClr>'
            mark = (
                f'<a:buAutoNum {{}} type="arabicPeriod" startAt="{start}"/>' if numbers else '<a:buChar {} char="•"/>'
            )
            for xml in (colour, mark.format(nsdecls("a"))):
                properties.append(parse_xml(xml))
            self._brush.write(paragraph, text, points, "ink", False)

    def _paragraphs(self, place: Place, texts: Sequence[str], gap: float) -> Iterator[tuple[Any, str]]:
        """An empty paragraph for each of the texts, in a box of their own."""
        from pptx.util import Pt

        frame = self._slide.shapes.add_textbox(*self._sizes(place)).text_frame
        frame.word_wrap = True
        for number, text in enumerate(texts):
            paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
            paragraph.space_after, paragraph.line_spacing = Pt(gap), 1.1
            yield paragraph, text

    def figure(self, place: Place, number: str, label: str, colour: str = "brand") -> None:
        """One figure that the slide is about, with what it is."""
        self.panel(place, "panel")
        self.text(
            Place(place.left + 2, place.top + 2, place.width - 4, place.height * 0.6), [number], 30, colour, bold=True
        )
        self.text(Place(place.left + 2, place.top + place.height * 0.58, place.width - 4, 10), [label], 11, "slate")

    def panel(self, place: Place, colour: str) -> None:
        """A ground of one colour."""
        from pptx.enum.shapes import MSO_SHAPE

        shape = self._slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *self._sizes(place))
        shape.fill.solid()
        shape.fill.fore_color.rgb = self._brush.colour(colour)
        shape.line.fill.background()
        # the theme's style would give it a shadow
        style = shape._element.find("{*}style")
        shape._element.remove(style)

    def block(self, place: Place, title: str, texts: Sequence[str], points: float = 12) -> None:
        """A heading over a line, and a list under it."""
        self.text(Place(place.left, place.top, place.width, 8), [title], 14, "brand2", bold=True)
        self._line(place.left + 2.5, place.top + 9, place.width - 5)
        self.bullets(Place(place.left, place.top + 11, place.width, place.height - 11), texts, points, 5)

    def chart(self, place: Place, draw: "Callable[[SlideShapes, Box], Chart]", described: str) -> None:
        """A native chart; `described` is read to who cannot see it."""
        draw(self._slide.shapes, place.box)
        self._slide.shapes[-1]._element.nvGraphicFramePr.cNvPr.set("descr", visible(described))

    def table(
        self,
        place: Place,
        columns: Sequence[Column],
        rows: Sequence[Sequence[Cell | str]],
        points: float = 11,
        row_mm: float = 8,
        *,
        head: bool = True,
    ) -> None:
        """Rows apart by hair lines, without `head` tiles; the columns' widths are shares of the place's.

        Rows are `row_mm` high at least. The last of several lines in a cell stands out.
        """
        from pptx.util import Emu

        titles = [Cell(column.title, "slate", "panel", True) for column in columns]
        listed: list[Sequence[Cell | str]] = [titles, *rows] if head else [*rows]
        frame = self._slide.shapes.add_table(len(listed), len(columns), *self._sizes(place))
        table = frame.table
        style = frame._element.graphic.graphicData.tbl.tblPr
        for name in ("firstRow", "bandRow"):
            style.set(name, "0")
        for old in list(style):
            style.remove(old)
        whole = sum(column.mm for column in columns)
        for made, column in zip(table.columns, columns, strict=True):
            made.width = Emu(round(place.width * MM * column.mm / whole))
        for number, row in enumerate(listed):
            table.rows[number].height = Emu(round((8 if head and number == 0 else row_mm) * MM))
            for at, (content, column) in enumerate(zip(row, columns, strict=True)):
                self._brush.fill(table.cell(number, at), cell(content), column, points, tile=not head)

    def notes(self, text: str) -> None:
        """What the speaker reads under the slide."""
        self._slide.notes_slide.notes_text_frame.text = visible(text.replace("\n", " "))

    def finished(self) -> bytes:
        """The file; the same content gives the same bytes."""
        out = io.BytesIO()
        self._deck.save(out)
        return settled(out.getvalue(), EPOCH)

    # --- how

    def _set_theme(self) -> None:
        """The brand's fonts and colours as the theme's, so that what is added later looks alike."""
        from lxml import etree
        from pptx.opc.constants import RELATIONSHIP_TYPE

        part: Any = self._deck.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
        theme = etree.fromstring(part.blob)
        for group in theme.iter("{*}majorFont", "{*}minorFont"):
            group.find("{*}latin").set("typeface", self.brand.fonts[self.lang])
            group.find("{*}ea").set("typeface", self.brand.fonts["zh"])
        slots = {"dk2": "brand", "lt2": "panel", "accent1": "current", "accent2": "target", "accent3": "benchmark"}
        slots |= {"accent4": "competitor", "accent5": "brand2", "accent6": "alert"}
        for slot, name in slots.items():
            place = theme.find(f".//{{*}}{slot}")
            for old in list(place):
                place.remove(old)
            etree.SubElement(place, f"{{{theme.nsmap['a']}}}srgbClr").set("val", self.brand.palette[name])
        part._blob = etree.tostring(theme, xml_declaration=True, encoding="UTF-8", standalone=True)

    def _number(self) -> None:
        """The slide's number as a field."""
        from pptx.enum.text import PP_ALIGN
        from pptx.oxml import parse_xml
        from pptx.oxml.ns import nsdecls

        place = Place(WIDTH - LEFT - 30, HEIGHT - 11, 30, 7)
        paragraph = self._slide.shapes.add_textbox(*self._sizes(place)).text_frame.paragraphs[0]
        paragraph.alignment = PP_ALIGN.RIGHT
        fill = f'<a:solidFill><a:srgbClr val="{self.brand.palette["muted"]}"/></a:solidFill>'
        look = f'<a:rPr lang="en-GB" sz="900">{fill}</a:rPr>'
        id_ = "{00000000-0000-0000-0000-000000000001}"
        field = f'<a:fld {nsdecls("a")} id="{id_}" type="slidenum">{look}<a:t>{self.count}</a:t></a:fld>'
        paragraph._p.append(parse_xml(field))

    def _line(self, left: float, top: float, width: float, colour: str = "rule", height: float = 0.25) -> None:
        self.panel(Place(left, top, width, height), colour)

    @staticmethod
    def _put(shape: Any, place: Place) -> None:
        shape.left, shape.top, shape.width, shape.height = Stage._sizes(place)

    @staticmethod
    def _sizes(place: Place) -> tuple[Any, Any, Any, Any]:
        from pptx.util import Emu

        box = place.box
        return Emu(box.left), Emu(box.top), Emu(box.width), Emu(box.height)
