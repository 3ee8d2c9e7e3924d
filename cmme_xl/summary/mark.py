"""What tells a summary of ours from any other workbook: a very hidden sheet that says what it was made from."""

from pathlib import Path

from cmme_xl.plan.target import has_sheet
from cmme_xl.summary.context import Context

SHEET = "_summary"
SCHEMA = "1"


def draw(context: Context) -> None:
    """The mark: keys in column A, values in column B."""
    plan, results = context.plan, context.results
    entries = {
        "schema": SCHEMA,
        "engagement": plan.engagement.id,
        "catalogue_id": plan.catalogue.id,
        "catalogue_version": plan.catalogue.version,
        "catalogue_hash": plan.catalogue.hash,
        "scope": results.scope,
        "audience": context.audience,
    }
    sheet, style = context.book.hidden_sheet(SHEET), context.book.style()
    for row, (key, value) in enumerate(entries.items()):
        sheet.text(row, 0, key, style)
        sheet.text(row, 1, value, style)


def is_summary(path: Path) -> bool:
    """Whether the file at `path` is a summary of ours, by its mark; False for whatever cannot be opened."""
    return has_sheet(path, SHEET)
