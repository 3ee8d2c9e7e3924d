"""Text and table cells on a slide in the brand's colours and fonts."""

from dataclasses import dataclass
from typing import Any

from cmme_xl.findings import visible
from cmme_xl.report.cells import Cell, Column
from cmme_xl.report.charts import fonts
from cmme_xl.spreadsheet import Brand


@dataclass(frozen=True, slots=True)
class Brush:
    """Writes in one brand and one language."""

    brand: Brand
    lang: str

    def write(self, paragraph: Any, text: str, points: float, colour: str, bold: bool) -> None:
        """Text at the end of a paragraph, in a colour of the palette."""
        from pptx.enum.text import PP_ALIGN
        from pptx.util import Pt

        if paragraph.alignment is None:
            paragraph.alignment = PP_ALIGN.LEFT
        run = paragraph.add_run()
        run.text = visible(text)
        run.font.size, run.font.bold = Pt(points), bold
        run.font.color.rgb = self.colour(colour)
        fonts(run.font._element, self.brand, self.lang)

    def fill(self, place: Any, content: Cell, column: Column, points: float, *, tile: bool) -> None:
        """A table's cell: a tile stands apart from its neighbours on every side, others from those above and below."""
        from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
        from pptx.oxml import parse_xml
        from pptx.oxml.ns import nsdecls
        from pptx.util import Mm

        place.vertical_anchor = MSO_ANCHOR.MIDDLE
        place.margin_left = place.margin_right = Mm(2)
        place.margin_top = place.margin_bottom = Mm(0.6)
        frame, lines = place.text_frame, content.text.split("\n")
        for number, text in enumerate(lines, 1):
            paragraph = frame.paragraphs[0] if number == 1 else frame.add_paragraph()
            paragraph.alignment = PP_ALIGN.RIGHT if column.figures else PP_ALIGN.LEFT
            self.write(paragraph, text, points, content.colour or "ink", content.bold or 1 < number == len(lines))
        properties = place._tc.get_or_add_tcPr()
        colour, width = ("white", 19050) if tile else ("rule", 6350)
        drawn = f'<a:solidFill><a:srgbClr val="{self.brand.palette[colour]}"/></a:solidFill>'
        for side in ("lnL", "lnR", "lnT", "lnB"):
            inside = drawn if tile or side in ("lnT", "lnB") else "<a:noFill/>"
            properties.append(parse_xml(f'<a:{side} {nsdecls("a")} w="{width}">{inside}</a:{side}>'))
        if content.fill:
            fill = f'<a:solidFill {nsdecls("a")}><a:srgbClr val="{self.brand.palette[content.fill]}"/></a:solidFill>'
        else:
            fill = f"<a:noFill {nsdecls('a')}/>"
        properties.append(parse_xml(fill))

    def colour(self, colour: str) -> Any:
        """A colour of the palette."""
        from pptx.dml.color import RGBColor

        return RGBColor.from_string(self.brand.colour(colour).lstrip("#").upper())
