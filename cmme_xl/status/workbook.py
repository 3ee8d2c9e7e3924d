"""The status workbook: people, groups and indicators, files, reminders. A snapshot of one day."""

from cmme_xl import templates
from cmme_xl.results.progress import Progress
from cmme_xl.spreadsheet import Book
from cmme_xl.status import coverage, files, people, reminders
from cmme_xl.status.context import Context
from cmme_xl.status.words import Words

MARK = "_status"
"""The very hidden sheet by which the workbook is known."""


def status_bytes(progress: Progress, lang: str) -> bytes:
    """The workbook in `lang`."""
    words, engagement = Words(lang), progress.plan.engagement
    with Book(templates.brand(), lang, words("people.heading"), engagement.id) as book:
        context = Context(book, progress, words)
        people.draw(context)
        coverage.draw(context)
        files.draw(context)
        reminders.draw(context)
        mark = book.hidden_sheet(MARK)
        mark.text(0, 0, engagement.id, book.style())
        return book.bytes()
