"""What the sheets of a plan share: page heads, cell styles, validated inputs, formula pieces."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from xlsxwriter.format import Format

from cmme_xl import formulas
from cmme_xl.catalogue import Catalogue
from cmme_xl.plan import words
from cmme_xl.plan.layout import Layout, at
from cmme_xl.plan.live import Content
from cmme_xl.spreadsheet import Book, Sheet, page

ORDER = ("guide", "engagement", "people", "weights", "questions", "assignment", "figures")
ROW_PX = 24
HEADER_PX = 38
DATE = "yyyy-mm-dd"
DATE_TIME = "yyyy-mm-dd hh:mm"
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)
MOST = 1_000_000
WORDY = frozenset(
    ("id", "name", "text", "department", "title", "email", "interviewer", "source", "industry", "size")
)


@dataclass(frozen=True)
class Drawing:
    """A plan workbook being drawn: the book, where things stand, what they hold."""

    book: Book
    layout: Layout
    content: Content

    @property
    def lang(self) -> str:
        return self.layout.lang

    def word(self, section: str, key: str, **values: object) -> str:
        """A wording of plan.toml, its limits filled in."""
        limits = self.content.catalogue.limits
        filled = {"low": f"{limits.minutes_min:g}", "high": f"{limits.minutes_max:g}", **values}
        return self.layout.word(section, key).format_map(filled)

    def sheet(self, role: str, widths: Sequence[int], last: int, *, tall: int = 0) -> Sheet:
        """A visible sheet with its head; `last` is the last content column, `tall` pages at most (0: as needed)."""
        engagement = self.content.engagement
        header = engagement.name if engagement else ""
        sheet = self.book.sheet(
            self.layout.name(role), (page.MARGIN_PX, *widths, page.MARGIN_PX), fit=(1, tall), header=header
        )
        title = self.word(role, "title")
        subtitle = self.word(role, "subtitle")
        page.head(sheet, title, subtitle, last, links=self._links(role), span=1)
        return sheet

    def _links(self, role: str) -> list[page.Link]:
        """Back to the guide, on to the next sheet."""
        following = ORDER.index(role) + 1
        links = [(f"‹ {self.layout.name('guide')}", self.target("guide"))]
        if following < len(ORDER):
            links.append((f"{self.layout.name(ORDER[following])} ›", self.target(ORDER[following])))
        return links

    def target(self, role: str) -> str:
        """Where a link to a sheet leads."""
        return at(self.layout.name(role), 0, 0).replace("$", "")

    # --- styles -----------------------------------------------------------------------------------------------

    def input(self, **properties: Any) -> Format:
        """An open cell: pale yellow within a fine edge."""
        edge = {"border": 1, "border_color": "input_edge", "bg_color": "input"}
        return self.book.style(**{"font_size": 9, **edge, **properties})

    def fixed(self, **properties: Any) -> Format:
        """A cell that comes from the catalogue."""
        return self.book.style(**{"font_size": 9, "bottom": 1, "bottom_color": "hair", **properties})

    def live(self, **properties: Any) -> Format:
        """A cell that is worked out."""
        shade = {"font_color": "slate", "bg_color": "panel", "bottom": 1, "bottom_color": "rule"}
        return self.book.style(**{"font_size": 9, "align": "center", **shade, **properties})

    @property
    def alert(self) -> Format:
        """The change that marks what needs attention."""
        return self.book.change(font_color="alert", bg_color="alert_bg", bold=True)

    # --- inputs -----------------------------------------------------------------------------------------------

    def offer(self, sheet: Sheet, first: int, last: int, column: int, kind: str, prompt: str) -> None:
        """A drop-down of the words of a kind over the rows of a column."""
        offered = words.choice_words(kind, self.content.catalogue)
        shown = [wording.in_(self.lang) for wording in offered.values()]
        sheet.choices(first, column, last, column, shown, prompt=prompt)

    def bound(self, sheet: Sheet, first: int, last: int, column: int, kind: str, prompt: str) -> None:
        """The range of what is typed into a column, by its kind; a warning, never a stop."""
        scale = self.content.catalogue
        rules: dict[str, Mapping[str, object]] = {
            "text": {"validate": "any"},
            "date": {"validate": "date", "criteria": "between", "minimum": FIRST_DAY, "maximum": LAST_DAY},
            "weight": {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": MOST},
            "minutes": {"validate": "decimal", "criteria": "between", "minimum": 1, "maximum": 1440},
            "number": {"validate": "integer", "criteria": "between", "minimum": 1, "maximum": 1000},
            "count": {"validate": "integer", "criteria": "between", "minimum": 1, "maximum": MOST},
            "year": {"validate": "integer", "criteria": "between", "minimum": 1900, "maximum": 2200},
            "score": {
                "validate": "decimal",
                "criteria": "between",
                "minimum": scale.scale_min,
                "maximum": scale.scale_max,
            },
        }
        rules["datetime"] = rules["date"]
        sheet.validation(first, column, last, column, rules[kind], prompt=prompt)

    def choice(self, kind: str, key: str) -> str:
        """The word for a key of a drop-down, in the plan's language."""
        return words.choice_words(kind, self.content.catalogue)[key].in_(self.lang)


def chosen(cell: str, kind: str, key: str, content: Content) -> str:
    """A condition: a cell says `key`, in either language (Excel compares without regard to case)."""
    wording = words.choice_words(kind, content.catalogue)[key]
    return either(cell, {wording.zh, wording.en, key})


def either(cell: str, spelled: set[str]) -> str:
    """A condition: a cell holds one of some words."""
    tests = ",".join(f"{cell}={formulas.quoted(word)}" for word in sorted(spelled))
    return f"OR({tests})"


def bounds(cell: str, catalogue: Catalogue) -> tuple[str, str]:
    """How long an interview should take, from and to in minutes, for the group named in a cell."""
    low, high = formulas.number(catalogue.limits.minutes_min), formulas.number(catalogue.limits.minutes_max)
    for group in catalogue.groups:
        own = catalogue.minutes_of(group.id)
        if own != (catalogue.limits.minutes_min, catalogue.limits.minutes_max):
            mine = either(cell, {group.name.zh, group.name.en, group.id})
            low, high = (f"IF({mine},{formulas.number(a)},{b})" for a, b in zip(own, (low, high), strict=True))
    return low, high


def count_no(ids: str, node: str, scope: str, content: Content) -> str:
    """How many rows of a node say No under In scope, in either language."""
    wording = words.choice_words("yesno", content.catalogue)["no"]
    return "+".join(
        f"COUNTIFS({ids},{node},{scope},{formulas.quoted(word)})" for word in sorted({wording.zh, wording.en})
    )


def headers(sheet: Sheet, row: int, drawing: Drawing, role: str) -> None:
    """The header row of a list, its words from plan.toml; it must be a single line of unique texts."""
    titles = [(column["header"][drawing.lang], alignment(column["role"])) for column in words.columns(role)]
    page.header_row(sheet, row, 1, titles, HEADER_PX)


def alignment(role: str) -> str:
    """How a column and its header are aligned: words left, all else centred."""
    return "left" if role in WORDY else "center"
