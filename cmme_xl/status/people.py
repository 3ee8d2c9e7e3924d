"""The sheet of people: who has answered how much, where each stands, and whom to remind."""

from datetime import datetime

from cmme_xl.results.progress import Standing, State
from cmme_xl.spreadsheet import Sheet
from cmme_xl.spreadsheet.measure import height
from cmme_xl.spreadsheet.page import footnote, header_row, tile
from cmme_xl.status.context import ROW_PX, Context
from cmme_xl.status.text import summary

# (key of the heading, width in px, alignment)
COLUMNS = (
    ("name", 130, "left"), ("group", 92, "left"), ("role", 150, "left"), ("state", 112, "left"), ("share", 92, "left"),
    ("answered", 74, "right"), ("blank", 62, "center"), ("unclear", 70, "center"), ("appointment", 118, "left"),
    ("sent", 84, "left"), ("returned", 118, "left"), ("interviewer", 84, "left"), ("email", 190, "left"),
)  # fmt: skip
TILES = ((1, 1), (3, 3), (5, 6), (8, 9), (11, 11), (13, 13))
GLYPHS = {
    State.COMPLETE: ("●", "good"),
    State.ADDED: ("◐", "accent"),
    State.PARTIAL: ("◐", "accent"),
    State.UNCLEAR: ("◆", "accent"),
    State.CLARIFYING: ("◇", "accent"),
    State.WAITING: ("○", "muted"),
    State.UNSENT: ("○", "muted"),
    State.ASIDE: ("▲", "alert"),
    State.CONFLICT: ("▲", "alert"),
}
DAY, MOMENT, SAVED = "yyyy-mm-dd", "yyyy-mm-dd hh:mm", 16


def draw(context: Context) -> None:
    """The sheet, shown first."""
    words, progress = context.words, context.progress
    engagement = progress.plan.engagement
    named = f"{engagement.name} ({engagement.id})"
    subtitle = words("people.subtitle", engagement=named, today=progress.today.isoformat())
    sheet, row = context.sheet("people", [px for _, px, _ in COLUMNS], summary(progress, words), subtitle)
    row = _tiles(context, sheet, row)
    header_row(sheet, row, 1, [(words(f"column.{key}"), align) for key, _, align in COLUMNS])
    reminded = {mail.standing.person.id for mail in context.mails}
    for at, standing in enumerate(progress.people, row + 1):
        _row(context, sheet, at, standing, standing.person.id in reminded)
    end = row + len(progress.people)
    if progress.people:
        share = 1 + [key for key, _, _ in COLUMNS].index("share")
        sheet.filter(row, 1, end, len(COLUMNS))
        bar = {"type": "data_bar", "bar_solid": True, "bar_color": context.book.brand.colour("tint")}
        ends = {"min_type": "num", "max_type": "num", "min_value": 0, "max_value": 1, "data_bar_2010": True}
        sheet.condition(row + 1, share, end, share, {**bar, **ends, "bar_no_border": True})
    sheet.rows(end + 1, [10, 20])
    footnote(sheet, end + 2, words("people.note"))
    sheet.freeze(row + 1, 2)
    sheet.repeat(row, row)
    sheet.print_to(end + 2, len(COLUMNS) + 1)
    sheet.activate(row + 1, 1)


def _tiles(context: Context, sheet: Sheet, row: int) -> int:
    words, progress = context.words, context.progress
    people, files = progress.people, progress.returned.files
    returned, sent = sum(each.returned for each in people), sum(each.issue is not None for each in people)
    answered, asked = sum(each.answered for each in people), sum(each.asked for each in people)
    figures: tuple[tuple[str, float, dict[str, float]], ...] = (
        ("people", len(people), {"sent": sent}),
        ("returned", returned, {"share": returned / (len(people) or 1)}),
        ("complete", progress.complete, {"share": progress.complete / (len(people) or 1)}),
        ("answered", answered / (asked or 1), {"answered": answered, "asked": asked}),
        ("waiting", len(progress.waiting_for), {}),
        ("aside", len(progress.set_aside), {"files": len(files)}),
    )
    sheet.rows(row, (24, 38, 22, 14))
    for (first, last), (key, figure, values) in zip(TILES, figures, strict=True):
        note = words(f"tile.{key}_note", **values)
        form = "0%" if key == "answered" else "0"
        colour = "accent" if key in ("waiting", "aside") and figure else "brand" if key == "people" else "rule"
        tile(sheet, row, first, last, words(f"tile.{key}"), figure, note, colour=colour, number_format=form)
    return row + 4


def _row(context: Context, sheet: Sheet, row: int, standing: Standing, remind: bool) -> None:
    words, person = context.words, standing.person
    role = " · ".join(part for part in (person.department, person.title) if part)
    sheet.rows(row, [max(ROW_PX, height(role, COLUMNS[2][1], 9))])
    plain, muted = context.style(text_wrap=True), context.style(font_color="slate", text_wrap=True)
    sheet.text(row, 1, person.name or person.id, context.style(bold=True, font_color="brand"))
    sheet.text(row, 2, context.progress.plan.catalogue.group(person.group).name.in_(words.lang), plain)
    sheet.text(row, 3, role, muted)
    glyph, colour = GLYPHS[standing.state]
    word = context.style(font_color="alert" if standing.late else "ink")
    dot = context.book.style(font_size=9, bold=True, font_color=colour)
    sheet.rich(row, 4, [(glyph, dot), (f" {words.state(standing)}", word)], word)
    share = context.style(num_format="0%", align="left", indent=1)
    sheet.number(row, 5, standing.answered / standing.asked if standing.asked else None, share)
    figure = context.style(align="right")
    sheet.text(row, 6, f"{standing.answered} / {standing.asked}", figure)
    _count(context, sheet, row, 7, standing.blank)
    _count(context, sheet, row, 8, standing.unclear)
    sheet.datetime(row, 9, person.appointment, context.style(num_format=MOMENT, align="left", indent=1))
    issued = datetime.fromisoformat(standing.issue.issued).replace(tzinfo=None) if standing.issue else None
    sheet.datetime(row, 10, issued, context.style(num_format=DAY, align="left"))
    sheet.text(row, 11, standing.file.saved_at[:SAVED].replace("T", " ") if standing.file else "", plain)
    sheet.text(row, 12, person.interviewer, muted)
    if not remind:
        sheet.blank(row, 13, plain)
    else:
        sheet.text(row, 13, person.email or words("people.no_address"), context.style(font_color="brand2"))


def _count(context: Context, sheet: Sheet, row: int, column: int, count: int) -> None:
    """A number of answers that are wanting; none is a dash."""
    look = {"font_color": "warn_text", "bold": True} if count else {"font_color": "muted"}
    sheet.number(row, column, count, context.style(align="center", num_format='0;-0;"–"', **look))
