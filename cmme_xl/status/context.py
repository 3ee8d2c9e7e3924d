"""What every sheet of the status workbook is drawn from, and how each begins."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cmme_xl.results.progress import Progress
from cmme_xl.spreadsheet import Book, Sheet
from cmme_xl.spreadsheet.page import head
from cmme_xl.status.words import TEMPLATE, Mail, Words, reminder
from cmme_xl.templates import template

ROLES = ("people", "coverage", "files", "reminders")
MARGIN_PX, POINTS, ROW_PX = 20, 9, 26
LINE = {"bottom": 1, "bottom_color": "hair", "font_size": POINTS}
TABS = {"people": "brand", "coverage": "benchmark", "files": "brand3", "reminders": "accent"}


@dataclass(frozen=True)
class Context:
    """The book, what is shown in it and in which words."""

    book: Book
    progress: Progress
    words: Words

    @cached_property
    def mails(self) -> tuple[Mail, ...]:
        """The reminders, in the order of the people."""
        return tuple(mail for standing in self.progress.people if (mail := reminder(standing)) is not None)

    def name(self, role: str) -> str:
        """The name of the sheet with that role."""
        return str(template(TEMPLATE)["sheets"][role][self.words.lang])

    def sheet(self, role: str, widths: Sequence[int], title: str, subtitle: str) -> tuple[Sheet, int]:
        """A new sheet of columns so wide between two margins, with its head; and the first row below that."""
        columns = [MARGIN_PX, *widths, MARGIN_PX]
        engagement = self.progress.plan.engagement
        sheet = self.book.sheet(self.name(role), columns, tab=TABS[role], fit=(1, 0), header=engagement.name)
        links = [(self.name(each), f"'{self.name(each)}'!A1") for each in ROLES]
        return sheet, head(sheet, title, subtitle, len(widths), links=links, here=ROLES.index(role), span=1)

    def style(self, **look: Any) -> Any:
        """A cell of a table."""
        return self.book.style(**{**LINE, **look})
