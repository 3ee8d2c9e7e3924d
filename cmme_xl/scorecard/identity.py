"""What tells a scorecard of ours from any other workbook: a very hidden sheet that says what it was made from."""

from collections.abc import Iterator
from pathlib import Path

from cmme_xl.plan.target import has_sheet
from cmme_xl.reading.grid import decoded
from cmme_xl.returned.pages import carried, digests, numbered
from cmme_xl.returned.scorecard import PAGES, SCORES, TEMPLATE
from cmme_xl.scorecard.cells import FIRST_ROW
from cmme_xl.scorecard.context import Context
from cmme_xl.scorecard.whatif import TICKED, goals, switches
from cmme_xl.spreadsheet.measure import chunks
from cmme_xl.templates import template


def draw(context: Context) -> None:
    """Keys in column A, values from column B on, in as many cells as they take."""
    plan, mark = context.plan, template(TEMPLATE)["identity"]
    entries = {
        "schema": mark["schema"],
        "engagement": plan.engagement.id,
        "catalogue_id": plan.catalogue.id,
        "catalogue_version": plan.catalogue.version,
        "catalogue_hash": plan.catalogue.hash,
        "lang": context.lang,
        "made": context.today.isoformat(),
    }
    entries["texts"] = carried(digests(_sent(context)))
    sheet, style = context.book.hidden_sheet(mark["sheet"]), context.book.style()
    for row, (key, value) in enumerate(entries.items()):
        sheet.text(row, 0, key, style)
        for column, piece in enumerate(chunks(value), 1):
            sheet.text(row, column, piece, style)


def _sent(context: Context) -> Iterator[str]:
    """All that stands on the visible sheets but the answers, by which what is typed there is told from it; and what
    may be chosen there."""
    for role in PAGES:
        sheet = context.sheets[role]
        for row, value in sheet.constants():
            if isinstance(value, str):
                yield decoded(value)
            elif role != SCORES or row < FIRST_ROW:
                yield numbered(SCORES if role == SCORES else sheet.name, f"{value:.16G}")  # as it is written
    yield from (TICKED, *switches(context))
    yield from (numbered(context.sheets["whatif"].name, str(level)) for level in goals(context))


def is_scorecard(path: Path) -> bool:
    """Whether the file at `path` is a scorecard of ours, by its mark; False for whatever cannot be opened."""
    return has_sheet(path, template(TEMPLATE)["identity"]["sheet"])
