"""Writing a catalogue as a workbook that a consultant can edit, and that `importing` reads back."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xlsxwriter.format import Format

from cmme_xl import formulas
from cmme_xl.catalogue import workbook
from cmme_xl.catalogue.model import EFFORTS, Catalogue, Dimension, Indicator, Question, Text
from cmme_xl.catalogue.tables import key_of, kind_of, leaves, model_table
from cmme_xl.findings import LANGUAGES
from cmme_xl.spreadsheet import Book, Brand, Sheet, local, measure, page, save
from cmme_xl.templates import template

HEADER_PX = 34
LEAST_PX = 24
POINTS = 9
MOST = 1_000_000
TILE_SPAN, TILE_GAP = 4, 1
FIRST = page.HEAD_ROWS + 1
CENTRED = frozenset(("weight", "minutes", "yesno", "nature", "effort", "tier", "ids"))

NEEDED = frozenset(("text", "weight", "minutes"))


def export(path: Path, catalogue: Catalogue, lang: str) -> None:
    """Write `catalogue` to `path`, its explanations in `lang`. Raises Locked, OSError where that cannot be done."""
    save(path, catalogue_bytes(catalogue, lang))


def catalogue_bytes(catalogue: Catalogue, lang: str) -> bytes:
    """The workbook as a file's content."""
    title = workbook.table("guide")["title"][lang]
    with Book(Brand.from_table(template("brand")), lang, title, catalogue.subject.in_(lang)) as book:
        drawing = _Drawing(book, catalogue, lang)
        drawing.guide()
        drawing.indicators()
        drawing.questions()
        drawing.advice()
        drawing.settings()
        drawing.identity()
        return book.bytes()


def stored(catalogue: Catalogue) -> dict[str, str]:
    """What the hidden sheet says of the catalogue that was exported; the digest shows whether it was tampered with."""
    base = {
        "hash": catalogue.hash,
        "model": model_table(catalogue),
        "indicators": [indicator.id for indicator in catalogue.indicators],
        "questions": {question.id: [question.rev, question.text_hash] for question in catalogue.questions.values()},
    }
    text = json.dumps(base, ensure_ascii=False, separators=(",", ":"))
    return {"schema": workbook.schema(), "base": text, "digest": hashlib.sha256(text.encode()).hexdigest()}


@dataclass(frozen=True)
class _Drawing:
    """A catalogue workbook being drawn."""

    book: Book
    catalogue: Catalogue
    lang: str

    # --- sheets -----------------------------------------------------------------------------------------------

    def guide(self) -> None:
        words = workbook.table("guide")
        sheet = self.book.sheet(self._name("guide"), page.GRID)
        links = [(self._name(role), self._target(role)) for role in ("guide", *workbook.SHEETS)]
        last = page.CELLS
        row = page.head(
            sheet, self._word("guide", "title"), self._about(), last, links=links, here=0, span=4
        )
        sheet.rows(row, (44, 14))
        lead = self.book.style(text_wrap=True, valign="top")
        sheet.text(row, 1, self._word("guide", "lead"), lead, (row, last))
        row = self._time(sheet, row + 2)
        page.section(sheet, row, 1, last, self._word("guide", "steps"))
        hair = {"bottom": 1, "bottom_color": "hair"}
        for number, step in enumerate(words["step"], 1):
            row += 1
            sheet.rows(row, (36,))
            sheet.fill(row, 1, last, self.book.style(**hair))
            big = self.book.style(font_size=17, bold=True, font_color="brand2", align="center", **hair)
            sheet.number(row, 1, number, big)
            name = self.book.style(bold=True, font_color="brand", **hair)
            sheet.text(row, 2, self._name(step["sheet"]), name, (row, 5))
            sheet.text(row, 6, step["text"][self.lang], self.book.style(text_wrap=True, **hair), (row, 21))
            button = self.book.style(font_size=9, font_color="brand", bg_color="tint2", align="center", **hair)
            sheet.jump(row, 22, self._word("guide", "open"), self._target(step["sheet"]), button, (row, last))
        sheet.rows(row + 1, (14,))
        row = self._colours(sheet, row + 2)
        sheet.rows(row, (12, 24))
        after = self.book.style(font_size=9, font_color="slate", top=1, top_color="rule")
        sheet.text(row + 1, 1, self._word("guide", "after"), after, (row + 1, last))
        sheet.print_to(row + 1, last + 1)
        sheet.activate(row + 1, 1)

    def indicators(self) -> None:
        columns = workbook.columns("indicators", self.catalogue)
        sheet = self._sheet("indicators", columns)
        row = FIRST
        for dimension in self.catalogue.dimensions:
            self._row(sheet, row, columns, dimension, {"number": dimension.number}, strong=True)
            for indicator in dimension.indicators:
                row += 1
                values = {"number": indicator.number, "prerequisites": ", ".join(indicator.prerequisites)}
                self._row(sheet, row, columns, indicator, values)
            row += 1
        self._bounds(sheet, columns, FIRST, row - 1)
        roles = [column["role"] for column in columns]
        # a dimension's row has no key and needs neither owner nor reason
        key = local(FIRST, 1 + roles.index("key"), fix_column=True)
        own = [role for role in roles if role.startswith(("owner", "why"))]
        self._blanks(sheet, columns, FIRST, row - 1, [role for role in roles if role not in own])
        self._blanks(sheet, columns, FIRST, row - 1, own, where=key)
        self._finish(sheet, len(columns), row - 1, frozen=3)

    def questions(self) -> None:
        columns = workbook.columns("questions", self.catalogue)
        sheet = self._sheet("questions", columns)
        mark = workbook.table("marks")["asked"]
        for row, question in enumerate(self.catalogue.questions.values(), FIRST):
            tiers = {f"{workbook.TIER}{tier}": mark for tier in question.tiers}
            self._row(sheet, row, columns, question, tiers | {"used": True})
        last = self._last_question
        for row in range(FIRST + len(self.catalogue.questions), last + 1):
            self._row(sheet, row, columns, None, {})
        self._bounds(sheet, columns, FIRST, last)
        used = local(FIRST, 2, fix_column=True)
        no = workbook.offered("yesno", self.catalogue)["no"]
        off = {"criteria": f"=OR({used}={formulas.quoted(no.zh)},{used}={formulas.quoted(no.en)})", "type": "formula"}
        quiet = self.book.change(font_color="muted", bg_color="panel", font_strikeout=True)
        sheet.condition(FIRST, 1, last, len(columns), off | {"format": quiet, "stop_if_true": True})
        self._blanks(sheet, columns, FIRST, last, [column["role"] for column in columns])
        self._finish(sheet, len(columns), last, frozen=3)

    def advice(self) -> None:
        columns = workbook.columns("advice", self.catalogue)
        sheet = self._sheet("advice", columns)
        row = FIRST
        for indicator in self.catalogue.indicators:
            for number, (part, label) in enumerate(workbook.advice_parts(self.catalogue).items()):
                field, _, key = part.partition(".")
                holder = getattr(indicator, field)
                wording: Text = getattr(holder, key) if field == "rubric" else holder[key]
                values = {"id": indicator.id, "name": indicator.name.in_(self.lang), "part": part}
                texts = {"label": label.in_(self.lang), "zh": wording.zh, "en": wording.en}
                self._row(sheet, row, columns, None, values | texts, strong=number == 0)
                row += 1
        self._bounds(sheet, columns, FIRST, row - 1, prompt=self._word("advice", "prompt"))
        self._blanks(sheet, columns, FIRST, row - 1, [column["role"] for column in columns])
        self._finish(sheet, len(columns), row - 1, frozen=5)

    def settings(self) -> None:
        columns = workbook.columns("settings", self.catalogue)
        sheet = self._sheet("settings", columns)
        words = workbook.table("settings")
        row = FIRST
        for path, value in leaves(model_table(self.catalogue)):
            numbers = [str(part + 1) for part in path if isinstance(part, int)]
            label = words["label"][kind_of(path)][self.lang].format(n=" ".join(numbers))
            shown: dict[str, Any] = {"key": key_of(path), "label": label}
            if isinstance(value, dict):
                shown |= {lang: value[lang] for lang in LANGUAGES}
            else:
                shown["zh"] = ", ".join(value) if isinstance(value, list | tuple) else value
            fixed, single = kind_of(path) in words["fixed"], not isinstance(value, dict)
            closed = ("zh", "en") if fixed else ("en",) if single else ()
            self._row(sheet, row, columns, None, shown, closed=closed)
            row += 1
        self._bounds(sheet, columns, FIRST, row - 1, prompt=self._word("settings", "prompt"))
        self._finish(sheet, len(columns), row - 1, frozen=3)

    def identity(self) -> None:
        """The very hidden sheet: a key and its value per row, long values in several cells."""
        sheet = self.book.hidden_sheet(workbook.table("hidden")["identity"])
        style = self.book.style()
        for row, (key, value) in enumerate(stored(self.catalogue).items()):
            sheet.text(row, 0, key, style)
            for column, piece in enumerate(measure.chunks(value, 30_000), 1):
                sheet.text(row, column, piece, style)

    # --- pieces -----------------------------------------------------------------------------------------------

    @property
    def _last_question(self) -> int:
        return FIRST + len(self.catalogue.questions) + int(workbook.table("questions")["spare"]) - 1

    def _name(self, role: str) -> str:
        return workbook.sheet_name(role, self.lang)

    def _word(self, section: str, key: str) -> str:
        return str(workbook.table(section)[key][self.lang])

    def _target(self, role: str) -> str:
        return f"'{self._name(role)}'!A1"

    def _about(self) -> str:
        catalogue = self.catalogue
        return f"{catalogue.subject.in_(self.lang)} · {catalogue.id} {catalogue.version} · {catalogue.hash}"

    def _sheet(self, role: str, columns: Sequence[Mapping[str, Any]]) -> Sheet:
        widths = [column["width"] for column in columns]
        sheet = self.book.sheet(
            self._name(role), (page.MARGIN_PX, *widths, page.MARGIN_PX), fit=(1, 0), header=self._about()
        )
        following = (*workbook.SHEETS[workbook.SHEETS.index(role) + 1 :], "guide")[0]
        links = [(f"‹ {self._name('guide')}", self._target("guide"))]
        links += [(f"{self._name(following)} ›", self._target(following))] if following != "guide" else []
        title, subtitle = self._word(role, "title"), self._word(role, "subtitle")
        page.head(sheet, title, subtitle, len(columns), links=links, span=2)
        titles = [(column["header"][self.lang], self._align(column["kind"])) for column in columns]
        page.header_row(sheet, page.HEAD_ROWS, 1, titles, HEADER_PX)
        return sheet

    def _align(self, kind: str) -> str:
        return "center" if kind in CENTRED else "left"

    def _row(
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

    def _bounds(
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
                sheet.validation(first, number, last, number, _RULES.get(kind, {"validate": "any"}), prompt=words)

    def _blanks(
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

    def _finish(self, sheet: Sheet, last: int, row: int, frozen: int) -> None:
        sheet.filter(page.HEAD_ROWS, 1, row, last)
        sheet.freeze(FIRST, frozen)
        sheet.repeat(page.HEAD_ROWS, page.HEAD_ROWS)
        sheet.print_to(row, last + 1)
        sheet.select(FIRST, frozen)

    def _time(self, sheet: Sheet, row: int) -> int:
        """Live tiles: questions in use, and the minutes of each tier."""
        words = workbook.table("guide")
        page.section(sheet, row, 1, page.CELLS, self._word("guide", "time"), self._word("guide", "time_note"))
        sheet.rows(row + 1, (10, 20, 38, 20, 16))
        columns = [column["role"] for column in workbook.columns("questions", self.catalogue)]

        def span(role: str) -> str:
            at = 1 + columns.index(role)
            ends = (local(r, at, fix_row=True, fix_column=True) for r in (FIRST, self._last_question))
            return f"'{self._name('questions')}'!{':'.join(ends)}"

        no = workbook.offered("yesno", self.catalogue)["no"]
        kept = ",".join(f'{span("used")},{formulas.quoted("<>" + word)}' for word in (no.zh, no.en))
        count = f'=COUNTIFS({span("id")},"?*",{kept})'
        tiles: list[tuple[str, str, float, str, tuple[float, float] | None]] = [
            (words["used"][self.lang], count, len(self.catalogue.questions), words["used_note"][self.lang], None)
        ]
        asked = formulas.quoted(workbook.table("marks")["asked"])
        for group in self.catalogue.tiers:
            formula = f"=SUMIFS({span('minutes')},{span(workbook.TIER + group.id)},{asked},{kept})"
            low, high = self.catalogue.minutes_of(group.id)
            note = words["tier_note"][self.lang].format(low=f"{low:g}", high=f"{high:g}")
            label = words["tier"][self.lang].format(tier=group.name.in_(self.lang))
            minutes = sum(question.minutes for question in self.catalogue.asked_of(group.id))
            tiles.append((label, formula, minutes, note, (low, high)))
        red = self.book.change(font_color="alert")
        for number, (label, formula, value, note, bounds) in enumerate(tiles[: page.CELLS // (TILE_SPAN + TILE_GAP)]):
            first = 1 + number * (TILE_SPAN + TILE_GAP)
            last = first + TILE_SPAN - 1
            page.tile(
                sheet, row + 2, first, last, label, value, note, colour="brand", number_format="0.#", formula=formula
            )
            if bounds:
                rule = {"type": "cell", "criteria": "not between", "minimum": bounds[0], "maximum": bounds[1]}
                sheet.condition(row + 3, first, row + 3, last, rule | {"format": red})
        return row + 6

    def _colours(self, sheet: Sheet, row: int) -> int:
        page.section(sheet, row, 1, page.CELLS, self._word("guide", "colours"))
        sheet.rows(row + 1, (10, 26))
        loud = {"font_size": POINTS, "align": "center"}
        samples = (
            ("input", self.book.style(border=1, border_color="input_edge", bg_color="input", **loud)),
            ("fixed", self.book.style(font_color="slate", bottom=1, bottom_color="hair", **loud)),
            ("off", self.book.style(font_color="muted", bg_color="panel", font_strikeout=True, **loud)),
            ("alert", self.book.style(bg_color="alert_bg", font_color="alert", bold=True, **loud)),
        )
        for number, (key, style) in enumerate(samples):
            first = 1 + number * (TILE_SPAN + TILE_GAP)
            sheet.text(row + 2, first, self._word("guide", key), style, (row + 2, first + TILE_SPAN - 1))
        return row + 3


_RULES: dict[str, Mapping[str, object]] = {
    "weight": {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": MOST},
    "minutes": {"validate": "decimal", "criteria": "between", "minimum": 0.1, "maximum": 60},
    "effort": {"validate": "integer", "criteria": "between", "minimum": EFFORTS[0], "maximum": EFFORTS[1]},
}
