"""The sheet of reminders: to whom, about what, and a text to copy."""

from cmme_xl.spreadsheet.measure import height
from cmme_xl.spreadsheet.page import header_row
from cmme_xl.status.context import POINTS, ROW_PX, Context

# (key of the heading, width in px)
COLUMNS = (("name", 120), ("state", 120), ("address", 200), ("subject", 260), ("text", 620))


def draw(context: Context) -> None:
    """The sheet."""
    words, mails = context.words, context.mails
    title = words("reminders.title", n=len(mails)) if mails else words("reminders.none")
    sheet, row = context.sheet("reminders", [px for _, px in COLUMNS], title, words("reminders.subtitle"))
    header_row(sheet, row, 1, [(words(f"column.{key}"), "left") for key, _ in COLUMNS])
    wrapped = context.style(text_wrap=True, valign="top")
    for at, mail in enumerate(mails, row + 1):
        standing = mail.standing
        name = standing.person.name or standing.person.id
        texts = (name, words.state(standing), mail.address, mail.subject, mail.text)
        tall = max(height(text, px, POINTS) for text, (_, px) in zip(texts, COLUMNS, strict=True))
        sheet.rows(at, [max(ROW_PX, tall)])
        for column, text in enumerate(texts, 1):
            sheet.text(at, column, text, wrapped)
    sheet.repeat(row, row)
    sheet.freeze(row + 1)
    sheet.print_to(row + len(mails), len(COLUMNS) + 1)
