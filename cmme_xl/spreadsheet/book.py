"""A workbook being drawn: sheets, styles, properties. Knows cells and styles, nothing of what they mean.

Wraps XlsxWriter so that nothing is lost silently: every return code other than 0 and every warning is an
error, and text can only be written as text.
"""

import io
import warnings
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from functools import partial
from types import TracebackType
from typing import Any

import xlsxwriter
from xlsxwriter.chart import Chart
from xlsxwriter.format import Format

from cmme_xl.spreadsheet.archive import QUICK, Archive
from cmme_xl.spreadsheet.brand import Brand
from cmme_xl.spreadsheet.celltext import printable
from cmme_xl.spreadsheet.error import DrawingError
from cmme_xl.spreadsheet.sheet import Sheet
from cmme_xl.spreadsheet.worksheet import ROW_PX, Worksheet

BODY_POINTS = 10
EPOCH = datetime(2026, 1, 1)
LONGEST_HEADER = 255

_COLOUR_KEYS = (
    "font_color",
    "bg_color",
    "fg_color",
    "border_color",
    "bottom_color",
    "top_color",
    "left_color",
    "right_color",
)


class Book(AbstractContextManager["Book"]):
    """One workbook in memory. Use it in a `with` block and take `bytes()` at the end of the block.

    `lang` chooses the font; `created` is fixed, so that the same content gives the same file; `level` says how hard its
    sheets are compressed.
    """

    def __init__(
        self,
        brand: Brand,
        lang: str,
        title: str,
        subject: str = "",
        created: datetime = EPOCH,
        level: int = QUICK,
    ) -> None:
        self.brand = brand
        self.lang = lang
        self.font = brand.fonts[lang]
        self._buffer = io.BytesIO()
        self._formats: dict[tuple[object, ...], Format] = {}
        self._styles: dict[frozenset[tuple[str, object]], Format] = {}
        self._names: set[str] = set()
        self._sheets: list[Sheet] = []
        self._catch = warnings.catch_warnings()
        self._watched = False
        self._level = level
        self._work = xlsxwriter.Workbook(
            self._buffer,
            {
                "in_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "default_format_properties": {"font_name": self.font, "font_size": BODY_POINTS},
                "default_row_height": ROW_PX,
            },
        )
        self._work.use_custom_theme(io.StringIO(brand.theme(lang)))
        self._work.set_size(2400, 1500)
        self._work.set_properties(
            {
                "title": printable(title),
                "subject": printable(subject),
                "author": printable(brand.author),
                "created": created,
            }
        )

    def __enter__(self) -> "Book":
        self._catch.__enter__()
        warnings.simplefilter("error")
        self._watched = True
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._watched = False
        self._catch.__exit__(kind, error, trace)

    def sheet(
        self,
        name: str,
        columns: Sequence[int] = (),
        *,
        tab: str | None = None,
        landscape: bool = True,
        fit: tuple[int, int] | None = (1, 1),
        zoom: int = 100,
        header: str = "",
        footer: str | None = None,
    ) -> Sheet:
        """A new sheet on A4. `columns`: widths in pixels from column A; `fit`: (pages wide, pages tall), 0 = as
        many as needed, None = no fitting (so that manual breaks hold); `tab`: a colour name."""
        worksheet = self._add(name)
        sheet = self._keep(Sheet(self, worksheet, name, columns))
        worksheet.hide_gridlines(2)
        worksheet.set_zoom(zoom)
        if tab:
            worksheet.set_tab_color(self.brand.colour(tab))
        worksheet.set_paper(9)
        if landscape:
            worksheet.set_landscape()
        else:
            worksheet.set_portrait()
        worksheet.set_margins(0.35, 0.35, 0.45, 0.5)
        worksheet.center_horizontally()
        if fit:
            worksheet.fit_to_pages(*fit)
        small = f'&"{self.font},Regular"&8&K{self.brand.palette["muted"]}'
        foot = self.brand.confidential[self.lang] if footer is None else footer
        worksheet.set_header(_margin_line(small, header, "&A"), {"margin": 0.2})
        worksheet.set_footer(_margin_line(small, foot, "&P / &N"), {"margin": 0.22})
        return sheet

    def hidden_sheet(self, name: str, *, very: bool = True) -> Sheet:
        """A sheet for the program: very hidden unless told otherwise."""
        worksheet = self._add(name)
        if very:
            worksheet.very_hidden()
        else:
            worksheet.hide()
        return self._keep(Sheet(self, worksheet, name, ()))

    def style(self, **properties: Any) -> Format:
        """A cell format; colours by palette name. Defaults: body size, ink, centred vertically. Cached."""
        key = frozenset(properties.items())
        if key not in self._styles:
            base = {"font_name": self.font, "font_size": BODY_POINTS, "font_color": "ink", "valign": "vcenter"}
            self._styles[key] = self._format({**base, **properties})
        return self._styles[key]

    def change(self, **properties: Any) -> Format:
        """A format for conditional formatting: only what changes."""
        return self._format({**properties, "": "change"})

    def chart(self, kind: str, subtype: str | None = None) -> Chart:
        """An empty native chart of XlsxWriter's kind ("radar", "bar", "scatter", ...)."""
        options = {"type": kind} | ({"subtype": subtype} if subtype else {})
        chart = self._work.add_chart(options)
        if chart is None:
            raise DrawingError(f"chart type {kind} {subtype}")
        return chart

    def name(self, name: str, reference: str) -> None:
        """Define a workbook name, once, for a reference such as ='Sheet'!$A$1."""
        if name.casefold() in self._names:
            raise DrawingError(f"defined name {name} twice")
        self._names.add(name.casefold())
        if self._work.define_name(name, reference) == -1:
            raise DrawingError(f"defined name {name}")

    def property(self, name: str, value: str) -> None:
        """Set a custom document property to a text."""
        if self._work.set_custom_property(name, printable(value), "text") == -1:
            raise DrawingError(f"property {name}")

    def bytes(self) -> bytes:
        """Close the workbook and return the file. Raises DrawingError or a warning where anything was dropped."""
        if not self._watched:
            raise DrawingError("a book is drawn within a `with` block, or warnings would pass unseen")
        sheets = self._work.worksheets()
        if sheets and sheets[0].hidden and not self._work.worksheet_meta.activesheet:
            # XlsxWriter shows its first sheet where none was activated
            raise DrawingError(f"the first sheet, {sheets[0].name}, is hidden and none is activated")
        self._work.close()
        members = {sheet.part: sheet.member() for sheet in self._sheets}
        return Archive.of(self._buffer.getvalue(), without=members).extended(members.items()).bytes()

    def _keep(self, sheet: Sheet) -> Sheet:
        self._sheets.append(sheet)
        return sheet

    def _add(self, name: str) -> Worksheet:
        if not name or printable(name) != name:
            raise DrawingError(f"sheet name {name!r}")
        added: Worksheet = self._work.add_worksheet(name, partial(Worksheet, self._level))
        return added

    def _format(self, properties: dict[str, Any]) -> Format:
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            resolved = {name: value for name, value in properties.items() if name}
            for name in _COLOUR_KEYS:
                if name in resolved:
                    resolved[name] = self.brand.colour(resolved[name])
            self._formats[key] = self._work.add_format(resolved)
        return self._formats[key]


def _margin_line(font: str, left: str, code: str) -> str:
    """A header or footer: a text of the caller's on the left, clipped to what Excel allows, and a code on the right."""
    right = f"&R{font}{code}"
    room = LONGEST_HEADER - len(f"&L{font}") - len(right)
    kept = ""
    for ch in printable(left):
        # & begins a code; XlsxWriter would also count "&&G" or "&&[Picture]" as the place of a picture
        piece = "&&" if ch == "&" else f"\u200b{ch}" if ch in "G[" and kept.endswith("&") else ch
        if len((kept + piece).encode("utf-16-le")) > 2 * room:
            break
        kept += piece
    return f"&L{font}{kept}{right}"
