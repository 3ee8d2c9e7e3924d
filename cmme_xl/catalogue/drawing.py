"""What the sheets of the catalogue workbook share: page heads, rows of cells open or closed, what they accept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xlsxwriter.format import Format

from cmme_xl.catalogue import workbook
from cmme_xl.catalogue.model import EFFORTS, MINUTES, WEIGHT_MOST, Catalogue, Dimension, Indicator, Question, Text
from cmme_xl.spreadsheet import Book, Sheet, local, measure, page

HEADER_PX = 34
LEAST_PX = 24
POINTS = 9
FIRST = page.HEAD_ROWS + 1
CENTRED = frozenset(("weight", "minutes", "rev", "yesno", "nature", "effort", "tier", "ids"))
NEEDED = frozenset(("text", "weight", "minutes"))
RULES: dict[str, Mapping[str, object]] = {
    "weight": {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": WEIGHT_MOST},
    "minutes": {"validate": "decimal", "criteria": "between", "minimum": MINUTES[0], "maximum": MINUTES[1]},
    "rev": {"validate": "integer", "criteria": ">=", "value": 1},
    "effort": {"validate": "integer", "criteria": "between", "minimum": EFFORTS[0], "maximum": EFFORTS[1]},
}


@dataclass(frozen=True)
class Drawing:
    """A catalogue workbook being drawn."""

    book: Book
    catalogue: Catalogue
    lang: str

    @property
    def last_question(self) -> int:
        rows = len(self.catalogue.questions) + len(self.catalogue.off)
        return FIRST + rows + int(workbook.table("questions")["spare"]) - 1

    def name(self, role: str) -> str:
        return workbook.sheet_name(role, self.lang)

    def word(self, section: str, key: str) -> str:
        return str(workbook.table(section)[key][self.lang])

    def target(self, role: str) -> str:
        return f"'{self.name(role)}'!A1"

    def about(self) -> str:
        catalogue = self.catalogue
        return f"{catalogue.subject.in_(self.lang)} · {catalogue.id} {catalogue.version} · {catalogue.hash}"

    def sheet(self, role: str, columns: Sequence[Mapping[str, Any]]) -> Sheet:
        widths = [column["width"] for column in columns]
        sheet = self.book.sheet(
            self.name(role), (page.MARGIN_PX, *widths, page.MARGIN_PX), fit=(1, 0), header=self.about()
        )
        following = (*workbook.SHEETS[workbook.SHEETS.index(role) + 1 :], "guide")[0]
        links = [(f"‹ {self.name('guide')}", self.target("guide"))]
        links += [(f"{self.name(following)} ›", self.target(following))] if following != "guide" else []
        title, subtitle = self.word(role, "title"), self.word(role, "subtitle")
        page.head(sheet, title, subtitle, len(columns), links=links, span=2)
        titles = [(column["header"][self.lang], self._align(column["kind"])) for column in columns]
        page.header_row(sheet, page.HEAD_ROWS, 1, titles, HEADER_PX)
        return sheet

    def _align(self, kind: str) -> str:
        return "center" if kind in CENTRED else "left"

    def row(
        self,
        sheet: Sheet,
        row: int,
        columns: Sequence[Mapping[str, Any]],
        node: Dimension | Indicator | Question | None,
        values: Mapping[str, Any],
        *,
        strong: bool = False,
        closed: Sequence[str] = (),
    ) -> None:
        """One row: each cell from `values` by its role, else from the node; fields a node has not are closed."""
        tallest = LEAST_PX
        for number, column in enumerate(columns, 1):
            role, kind = str(column["role"]), str(column["kind"])
            value, known = self._value(role, node, values)
            open_ = kind != "fixed" and known and role not in closed and not (kind == "id" and node)
            style = self._style(kind, open_, strong)
            if isinstance(value, bool):
                value = "yes" if value else "no"
            if kind in ("yesno", "nature", "block") and value:
                value = workbook.offered(kind, self.catalogue)[value].in_(self.lang)
            if isinstance(value, str):
                sheet.text(row, number, value, style)
                tallest = max(tallest, measure.height(value, column["width"], POINTS, padding=8))
            else:
                sheet.number(row, number, value, style)
        sheet.rows(row, (tallest,))

    def _value(self, role: str, node: object, values: Mapping[str, Any]) -> tuple[Any, bool]:
        """The value of a cell, and whether there is such a field at all."""
        field, _, lang = role.partition(".")
        if role in values:
            return values[role], True
        if node is None or role.startswith(workbook.TIER):
            return None, True
        if not hasattr(node, field):
            return None, False
        value = getattr(node, field)
        return (value.in_(lang) if isinstance(value, Text) else value), True

    def _style(self, kind: str, open_: bool, strong: bool) -> Format:
        align = {"align": self._align(kind)} | ({"text_wrap": True} if kind in ("text", "fixed", "ids") else {})
        if open_:
            edge = {"border": 1, "border_color": "input_edge", "bg_color": "input"}
            colour = {"font_color": "brand"} if kind == "tier" else {}
            return self.book.style(font_size=POINTS, **edge, **align, **colour)
        shade = {"bg_color": "tint2", "bold": True} if strong else {"font_color": "slate"}
        return self.book.style(font_size=POINTS, bottom=1, bottom_color="hair", **shade, **align)

    def bounds(
        self, sheet: Sheet, columns: Sequence[Mapping[str, Any]], first: int, last: int, prompt: str = ""
    ) -> None:
        """What may be typed into each column; a warning, never a stop."""
        for number, column in enumerate(columns, 1):
            kind = column["kind"]
            words = column["prompt"][self.lang] if "prompt" in column else prompt
            if kind == "fixed":
                continue
            if kind in ("yesno", "nature", "block"):
                shown = [wording.in_(self.lang) for wording in workbook.offered(kind, self.catalogue).values()]
                sheet.choices(first, number, last, number, shown, prompt=words)
            elif kind == "tier":
                sheet.choices(first, number, last, number, [workbook.table("marks")["asked"]], prompt=words)
            else:
                sheet.validation(first, number, last, number, RULES.get(kind, {"validate": "any"}), prompt=words)

    def blanks(
        self,
        sheet: Sheet,
        columns: Sequence[Mapping[str, Any]],
        first: int,
        last: int,
        roles: Sequence[str],
        where: str = "",
    ) -> None:
        """Marks cells of these roles that lack something, on rows whose cell `where` (the id) is filled in."""
        missing = self.book.change(bg_color="alert_bg")
        filled = where or local(first, 1, fix_column=True)
        for number, column in enumerate(columns, 1):
            if column["role"] not in roles or column["kind"] not in NEEDED:
                continue
            cell = local(first, number)
            rule = f'=AND({filled}<>"",{cell}="")'
            sheet.condition(first, number, last, number, {"type": "formula", "criteria": rule, "format": missing})

    def finish(self, sheet: Sheet, last: int, row: int, frozen: int) -> None:
        sheet.filter(page.HEAD_ROWS, 1, row, last)
        sheet.freeze(FIRST, frozen)
        sheet.repeat(page.HEAD_ROWS, page.HEAD_ROWS)
        sheet.print_to(row, last + 1)
        sheet.select(FIRST, frozen)
