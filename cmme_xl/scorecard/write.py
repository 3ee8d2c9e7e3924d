"""Results to the scorecard. Reads as a table of contents: a sheet a line."""

from collections.abc import Mapping, Sequence
from datetime import date

from cmme_xl.calculation import engine
from cmme_xl.results.model import Results
from cmme_xl.returned.scorecard import Entry
from cmme_xl.scorecard import figures, guide, identity, live, meeting, scores, whatif
from cmme_xl.scorecard.cells import ScoreCells
from cmme_xl.scorecard.context import Context
from cmme_xl.scorecard.words import Words
from cmme_xl.spreadsheet import Book, Brand, Sheet, page

HIDDEN = ("engine", "python", "live", "path", "choice")
TABS = {"meeting": "brand", "scores": "accent", "whatif": "benchmark"}
ONE_PAGE = ("meeting", "guide")


def scorecard_bytes(
    results: Results, entries: Mapping[tuple[str, str], Entry], lang: str, brand: Brand, today: date
) -> bytes:
    """The scorecard as an .xlsx file in `lang`, with everything that was typed into a former one.

    `results` are computed with the calibrations among `entries`; `today` is the day they were read.
    """
    words, engagement = Words(lang), results.plan.engagement
    with Book(brand, lang, words.fill("book.title", enterprise=engagement.enterprise)) as book:
        sheets: dict[str, Sheet] = {}
        context = Context(results, entries, today, words, book, sheets)
        cells = ScoreCells(context)
        columns: dict[str, Sequence[int]] = {
            "meeting": page.GRID,
            "scores": scores.widths(cells),
            "results": figures.widths(context),
            "whatif": whatif.WIDTHS,
            "guide": page.GRID,
        }
        _open(context, columns, sheets)

        calculation = engine.build(context, cells, cells)
        now = live.build(context, cells, calculation)

        meeting.draw(context, cells, now)
        scores.draw(context, cells, now)
        figures.draw(context, now)
        whatif.draw(context, now)
        guide.draw(context, now)
        identity.draw(context)
        return book.bytes()


def _open(context: Context, columns: Mapping[str, Sequence[int]], sheets: dict[str, Sheet]) -> None:
    """All sheets in the order of their tabs, the hidden ones last, so that any may refer to any."""
    words, engagement = context.words, context.plan.engagement
    header = words.fill("book.header", enterprise=engagement.enterprise, engagement=engagement.name)
    for role, widths in columns.items():
        pages = None if role == "scores" else (1, int(role in ONE_PAGE))
        name, tab = words[f"sheets.{role}"], TABS.get(role, "brand2")
        sheets[role] = context.book.sheet(
            name, widths, tab=tab, fit=pages, header=header, footer=words["book.consultant"]
        )
    for role in HIDDEN:
        sheets[role] = context.book.hidden_sheet(words[f"sheets.{role}"], very=False)
