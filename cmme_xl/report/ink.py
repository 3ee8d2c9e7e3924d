"""Text in a Word document in the brand's colours and fonts, and the elements that python-docx has no name for."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cmme_xl.findings import visible
from cmme_xl.spreadsheet import Brand

if TYPE_CHECKING:
    from docx.shared import Length
    from docx.text.paragraph import Paragraph

STYLES = {
    # name: (points, bold, colour, space before, space after)
    "Normal": (10, False, "ink", 0, 6),
    "Title": (30, True, "brand", 0, 6),
    "Subtitle": (14, False, "slate", 0, 4),
    "Heading 1": (20, True, "brand", 20, 8),
    "Heading 2": (14, True, "brand", 12, 4),
    "Heading 3": (10.5, True, "brand2", 10, 3),
    "Lead": (12, True, "brand2", 0, 8),
    "Note": (8, False, "muted", 4, 6),
    "Cell": (8.5, False, "ink", 1.5, 1.5),
    "toc 1": (11, True, "ink", 6, 2),
    "toc 2": (10, False, "slate", 0, 1),
}
AIRY = ("Normal", "Lead")


@dataclass(frozen=True, slots=True)
class Ink:
    """Writes in one brand and one language."""

    brand: Brand
    lang: str

    def run(self, paragraph: "Paragraph", text: str, **look: Any) -> None:
        """Text at the end of a paragraph. `look`: bold, colour (palette name), points."""
        run = paragraph.add_run("\t".join(map(visible, text.split("\t"))))
        if "bold" in look:
            run.bold = look["bold"]
        if look.get("colour"):
            run.font.color.rgb = self.colour(look["colour"])
        if "points" in look:
            run.font.size = points(look["points"])

    def colour(self, name: str) -> Any:
        """A colour of the palette."""
        from docx.shared import RGBColor

        return RGBColor.from_string(self.brand.colour(name).lstrip("#").upper())

    def set_styles(self, styles: Any) -> None:
        """The document's styles, ours among them."""
        from docx.enum.style import WD_STYLE_TYPE

        known = {each.name for each in styles}
        for name, (size, bold, colour, before, after) in STYLES.items():
            style: Any = styles[name] if name in known else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
            style.font.size, style.font.bold, style.font.italic = points(size), bold, False
            style.font.color.rgb = self.colour(colour)
            shape = style.paragraph_format
            shape.space_before, shape.space_after = points(before), points(after)
            shape.line_spacing = 1.2 if name in AIRY else 1.1
            properties = style.element.get_or_add_rPr()
            self._fonts(properties)
            for old in [*style.element.iter(w("pBdr")), *properties.findall(w("spacing"))]:
                old.getparent().remove(old)
        styles["List Bullet"].paragraph_format.space_after = points(4)

    def _fonts(self, properties: Any) -> None:
        fonts = properties.get_or_add_rFonts()
        for name in list(fonts.attrib):
            del fonts.attrib[name]
        latin, chinese = self.brand.fonts[self.lang], self.brand.fonts["zh"]
        for slot, font in (("ascii", latin), ("hAnsi", latin), ("cs", latin), ("eastAsia", chinese)):
            fonts.set(w(slot), font)
        # which of the two a quotation mark takes is decided by this hint
        fonts.set(w("hint"), "eastAsia" if self.lang == "zh" else "default")


def points(value: float) -> "Length":
    from docx.shared import Pt

    return Pt(value)


def mm(value: float) -> "Length":
    from docx.shared import Mm

    return Mm(value)


def w(name: str) -> str:
    """A name of WordprocessingML with its namespace."""
    return f"{{http://schemas.openxmlformats.org/wordprocessingml/2006/main}}{name}"


def element(tag: str, /, **values: str) -> Any:
    """A new element of WordprocessingML with its attributes."""
    from docx.oxml import OxmlElement

    made = OxmlElement(f"w:{tag}")
    for key, value in values.items():
        made.set(w(key), value)
    return made
