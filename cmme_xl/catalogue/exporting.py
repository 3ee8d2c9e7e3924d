"""Writing a catalogue as a workbook that a consultant can edit, and that `importing` reads back."""

from pathlib import Path
from typing import Any

from cmme_xl import formulas, templates
from cmme_xl.catalogue import workbook
from cmme_xl.catalogue.base import stored
from cmme_xl.catalogue.drawing import FIRST, POINTS, Drawing
from cmme_xl.catalogue.model import Catalogue, Text
from cmme_xl.catalogue.tables import key_of, kind_of, leaves, listed, model_table
from cmme_xl.findings import LANGUAGES
from cmme_xl.spreadsheet import Book, Sheet, local, measure, page, save

TILE_SPAN, TILE_GAP = 4, 1


def export(path: Path, catalogue: Catalogue, lang: str) -> None:
    """Write `catalogue` to `path`, its explanations in `lang`. Raises Locked, OSError where that cannot be done."""
    save(path, catalogue_bytes(catalogue, lang))


def catalogue_bytes(catalogue: Catalogue, lang: str) -> bytes:
    """The workbook as a file's content."""
    title = workbook.table("guide")["title"][lang]
    with Book(templates.brand(), lang, title, catalogue.subject.in_(lang)) as book:
        drawing = _Sheets(book, catalogue, lang)
        drawing.guide()
        drawing.indicators()
        drawing.questions()
        drawing.advice()
        drawing.settings()
        drawing.identity()
        return book.bytes()


class _Sheets(Drawing):
    """The sheets, one method each."""

    def guide(self) -> None:
        words = workbook.table("guide")
        sheet = self.book.sheet(self.name("guide"), page.GRID)
        links = [(self.name(role), self.target(role)) for role in ("guide", *workbook.SHEETS)]
        last = page.CELLS
        row = page.head(
            sheet, self.word("guide", "title"), self.about(), last, links=links, here=0, span=4
        )
        sheet.rows(row, (44, 14))
        lead = self.book.style(text_wrap=True, valign="top")
        sheet.text(row, 1, self.word("guide", "lead"), lead, (row, last))
        row = self._time(sheet, row + 2)
        page.section(sheet, row, 1, last, self.word("guide", "steps"))
        hair = {"bottom": 1, "bottom_color": "hair"}
        for number, step in enumerate(words["step"], 1):
            row += 1
            sheet.rows(row, (36,))
            sheet.fill(row, 1, last, self.book.style(**hair))
            big = self.book.style(font_size=17, bold=True, font_color="brand2", align="center", **hair)
            sheet.number(row, 1, number, big)
            name = self.book.style(bold=True, font_color="brand", **hair)
            sheet.text(row, 2, self.name(step["sheet"]), name, (row, 5))
            sheet.text(row, 6, step["text"][self.lang], self.book.style(text_wrap=True, **hair), (row, 21))
            button = self.book.style(font_size=9, font_color="brand", bg_color="tint2", align="center", **hair)
            sheet.jump(row, 22, self.word("guide", "open"), self.target(step["sheet"]), button, (row, last))
        sheet.rows(row + 1, (14,))
        row = self._colours(sheet, row + 2)
        sheet.rows(row, (12, 24))
        after = self.book.style(font_size=9, font_color="slate", top=1, top_color="rule")
        sheet.text(row + 1, 1, self.word("guide", "after"), after, (row + 1, last))
        sheet.print_to(row + 1, last + 1)
        sheet.activate(row + 1, 1)

    def indicators(self) -> None:
        columns = workbook.columns("indicators", self.catalogue)
        sheet = self.sheet("indicators", columns)
        row = FIRST
        for dimension in self.catalogue.dimensions:
            self.row(sheet, row, columns, dimension, {"number": dimension.number}, strong=True)
            for indicator in dimension.indicators:
                row += 1
                values = {"number": indicator.number, "prerequisites": ", ".join(indicator.prerequisites)}
                self.row(sheet, row, columns, indicator, values)
            row += 1
        self.bounds(sheet, columns, FIRST, row - 1)
        roles = [column["role"] for column in columns]
        # a dimension's row has no key and needs neither owner nor reason
        key = local(FIRST, 1 + roles.index("key"), fix_column=True)
        own = [role for role in roles if role.startswith(("owner", "why"))]
        self.blanks(sheet, columns, FIRST, row - 1, [role for role in roles if role not in own])
        self.blanks(sheet, columns, FIRST, row - 1, own, where=key)
        self.finish(sheet, len(columns), row - 1, frozen=3)

    def questions(self) -> None:
        columns = workbook.columns("questions", self.catalogue)
        sheet = self.sheet("questions", columns)
        mark = workbook.table("marks")["asked"]
        questions = listed(self.catalogue)
        for row, question in enumerate(questions, FIRST):
            tiers = {f"{workbook.TIER}{tier}": mark for tier in question.tiers}
            self.row(sheet, row, columns, question, tiers | {"used": question.id in self.catalogue.questions})
        last = self.last_question
        for row in range(FIRST + len(questions), last + 1):
            self.row(sheet, row, columns, None, {})
        self.bounds(sheet, columns, FIRST, last)
        used = local(FIRST, 2, fix_column=True)
        no = workbook.offered("yesno", self.catalogue)["no"]
        off = {"criteria": f"=OR({used}={formulas.quoted(no.zh)},{used}={formulas.quoted(no.en)})", "type": "formula"}
        quiet = self.book.change(font_color="muted", bg_color="panel", font_strikeout=True)
        sheet.condition(FIRST, 1, last, len(columns), off | {"format": quiet, "stop_if_true": True})
        self.blanks(sheet, columns, FIRST, last, [column["role"] for column in columns])
        self.finish(sheet, len(columns), last, frozen=3)

    def advice(self) -> None:
        columns = workbook.columns("advice", self.catalogue)
        sheet = self.sheet("advice", columns)
        row = FIRST
        for indicator in self.catalogue.indicators:
            for number, (part, label) in enumerate(workbook.advice_parts(self.catalogue).items()):
                field, _, key = part.partition(".")
                holder = getattr(indicator, field)
                wording: Text = getattr(holder, key) if field == "rubric" else holder[key]
                values = {"id": indicator.id, "name": indicator.name.in_(self.lang), "part": part}
                texts = {"label": label.in_(self.lang), "zh": wording.zh, "en": wording.en}
                self.row(sheet, row, columns, None, values | texts, strong=number == 0)
                row += 1
        self.bounds(sheet, columns, FIRST, row - 1, prompt=self.word("advice", "prompt"))
        self.blanks(sheet, columns, FIRST, row - 1, [column["role"] for column in columns])
        self.finish(sheet, len(columns), row - 1, frozen=5)

    def settings(self) -> None:
        columns = workbook.columns("settings", self.catalogue)
        sheet = self.sheet("settings", columns)
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
            self.row(sheet, row, columns, None, shown, closed=closed)
            row += 1
        self.bounds(sheet, columns, FIRST, row - 1, prompt=self.word("settings", "prompt"))
        self.finish(sheet, len(columns), row - 1, frozen=3)

    def identity(self) -> None:
        """The very hidden sheet: a key and its value per row, long values in several cells."""
        sheet = self.book.hidden_sheet(workbook.table("hidden")["identity"])
        style = self.book.style()
        for row, (key, value) in enumerate(stored(self.catalogue).items()):
            sheet.text(row, 0, key, style)
            for column, piece in enumerate(measure.chunks(value, 30_000), 1):
                sheet.text(row, column, piece, style)

    def _time(self, sheet: Sheet, row: int) -> int:
        """Live tiles: questions in use, and the minutes of each tier."""
        words = workbook.table("guide")
        page.section(sheet, row, 1, page.CELLS, self.word("guide", "time"), self.word("guide", "time_note"))
        sheet.rows(row + 1, (10, 20, 38, 20, 16))
        columns = [column["role"] for column in workbook.columns("questions", self.catalogue)]

        def span(role: str) -> str:
            at = 1 + columns.index(role)
            ends = (local(r, at, fix_row=True, fix_column=True) for r in (FIRST, self.last_question))
            return f"'{self.name('questions')}'!{':'.join(ends)}"

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
        page.section(sheet, row, 1, page.CELLS, self.word("guide", "colours"))
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
            sheet.text(row + 2, first, self.word("guide", key), style, (row + 2, first + TILE_SPAN - 1))
        return row + 3
