"""What tells a scorecard of ours from any other workbook: a very hidden sheet that says what it was made from."""

from pathlib import Path

from cmme_xl.plan.target import has_sheet
from cmme_xl.returned.scorecard import TEMPLATE
from cmme_xl.scorecard.context import Context
from cmme_xl.templates import template


def draw(context: Context) -> None:
    """Keys in column A, values in column B."""
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
    sheet, style = context.book.hidden_sheet(mark["sheet"]), context.book.style()
    for row, (key, value) in enumerate(entries.items()):
        sheet.text(row, 0, key, style)
        sheet.text(row, 1, value, style)


def is_scorecard(path: Path) -> bool:
    """Whether the file at `path` is a scorecard of ours, by its mark; False for whatever cannot be opened."""
    return has_sheet(path, template(TEMPLATE)["identity"]["sheet"])
