"""The sheet of files: what became of each, and of those set aside why, and what to do."""

from cmme_xl.findings import Severity
from cmme_xl.returned.model import ReturnedFile, Status
from cmme_xl.spreadsheet import Sheet
from cmme_xl.spreadsheet.measure import clip, fitted, height
from cmme_xl.spreadsheet.page import header_row
from cmme_xl.status.context import POINTS, ROW_PX, Context
from cmme_xl.status.text import cause

# (key of the heading, width in px)
COLUMNS = (
    ("file", 240), ("status", 140), ("name", 110), ("saved", 118), ("saved_by", 170), ("findings", 70), ("why", 320),
    ("fix", 290),
)  # fmt: skip
GLYPHS = {
    Status.ACCEPTED: ("●", "good"),
    Status.WITH_FINDINGS: ("◆", "accent"),
    Status.DUPLICATE: ("■", "muted"),
    Status.SUPERSEDED: ("■", "muted"),
    Status.SYSTEM: ("■", "muted"),
    Status.MAIL: ("■", "muted"),
}
FAULT = ("▲", "alert")
LONGEST, SAVED = 600, 16


def draw(context: Context) -> None:
    """The sheet."""
    words, files = context.words, context.progress.returned.files
    aside = len(context.progress.set_aside)
    values = {"n": len(files), "counted": len(files) - aside, "aside": aside}
    title = words("files.title" if files else "files.none", **values)
    sheet, row = context.sheet("files", [px for _, px in COLUMNS], title, words("files.subtitle"))
    header_row(sheet, row, 1, [(words(f"column.{key}"), "left") for key, _ in COLUMNS])
    # what was set aside comes first
    for at, file in enumerate(sorted(files, key=lambda file: file.status.counted), row + 1):
        _row(context, sheet, at, file)
    sheet.repeat(row, row)
    sheet.freeze(row + 1)
    sheet.print_to(row + len(files), len(COLUMNS) + 1)


def _row(context: Context, sheet: Sheet, row: int, file: ReturnedFile) -> None:
    words = context.words
    serious = sum(finding.severity is not Severity.NOTE for finding in file.findings)
    found = cause(file) if serious or not file.status.counted else None
    person = context.progress.plan.by_id.get(file.respondent)
    texts = (
        file.name,
        "",
        person.name if person else file.respondent,
        file.saved_at[:SAVED].replace("T", " "),
        fitted(file.saved_by, COLUMNS[4][1] - 10, POINTS),
        str(serious or ""),
        clip(found.reason(words.lang), LONGEST) if found else "",
        clip(found.fix(words.lang), LONGEST) if found else "",
    )
    tall = max(height(text, px, POINTS, padding=8) for text, (_, px) in zip(texts, COLUMNS, strict=True))
    sheet.rows(row, [max(ROW_PX, tall)])
    for column, text in enumerate(texts, 1):
        look = {"font_color": "slate"} if column > 2 else {"bold": True, "font_color": "brand"}
        sheet.text(row, column, text, context.style(text_wrap=True, **look))
    glyph, colour = GLYPHS.get(file.status, FAULT)
    word = context.style(font_color="ink" if colour != "alert" else "alert")
    dot = context.book.style(font_size=POINTS, bold=True, font_color=colour)
    sheet.rich(row, 2, [(glyph, dot), (" " + words(f"status.{file.status.value}"), word)], word)
