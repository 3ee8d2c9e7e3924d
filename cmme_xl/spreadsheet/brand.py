"""Colours, fonts and the workbook theme made from them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from xlsxwriter.theme import THEME_XML_2023

ACCENTS = ("current", "target", "benchmark", "competitor", "brand2", "alert")


@dataclass(frozen=True)
class Brand:
    """The look of a workbook.

    `palette`: colour name -> six hexadecimal digits; `fonts`: language -> font name; `author` and
    `confidential` (one text per language) go into properties and footers; `logo`: a picture (PNG or JPEG) for the head
    of every page, b"" for none.
    """

    palette: Mapping[str, str]
    fonts: Mapping[str, str]
    author: str
    confidential: Mapping[str, str]
    logo: bytes = b""

    @classmethod
    def from_table(cls, table: Mapping[str, Any], folder: Path | None = None) -> "Brand":
        """The brand in the form of brand.toml; its logo lies in `folder`, without which there is none.

        Raises KeyError where a section is missing, ValueError where a colour is not six hexadecimal digits or the logo
        no PNG or JPEG, and OSError where it cannot be read.
        """
        words = table["words"]
        for name, value in table["palette"].items():
            if not re.fullmatch("[0-9A-Fa-f]{6}", str(value)):
                raise ValueError(f"palette.{name} = {value!r}")
        name = str(table.get("logo", {}).get("file", ""))
        logo = (folder / name).read_bytes() if name and folder else b""
        if logo and not logo.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")):
            raise ValueError(f"logo.file = {name!r} is neither PNG nor JPEG")
        return cls(table["palette"], table["fonts"], words["author"], words["confidential"], logo)

    def colour(self, name: str) -> str:
        """The colour called `name` as #RRGGBB; a value that already begins with # passes through."""
        return name if name.startswith("#") else f"#{self.palette[name]}"

    def theme(self, lang: str) -> str:
        """The theme part: our accents, and our font for Latin and for Chinese text (charts take it from here)."""
        xml = THEME_XML_2023
        colours = {"dk2": "brand", "lt2": "panel", "hlink": "brand2", "folHlink": "slate"}
        colours |= {f"accent{number}": name for number, name in enumerate(ACCENTS, 1)}
        for slot, name in colours.items():
            value = self.palette[name]
            xml = re.sub(rf'(<a:{slot}><a:srgbClr val=")[0-9A-F]+', rf"\g<1>{value}", xml)
        latin, chinese = (escape(font, {'"': "&quot;"}) for font in (self.fonts[lang], self.fonts["zh"]))
        xml = re.sub(
            r'<a:latin typeface="Aptos[^"]*" panose="[^"]*"/><a:ea typeface=""/>',
            lambda _: f'<a:latin typeface="{latin}"/><a:ea typeface="{chinese}"/>',
            xml,
        )
        return re.sub(r'(<a:font script="Hans" typeface=")[^"]*"', lambda found: f'{found[1]}{chinese}"', xml)
