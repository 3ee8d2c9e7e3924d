"""The sessions that interviewers kept a record of, a row each: when, by whom, what was agreed, what is left open."""

from cmme_xl.results.agreed import Talk, agreed
from cmme_xl.returned.session import Session
from cmme_xl.scoring import round_half_away
from cmme_xl.spreadsheet import Content, Link, Sheet, measure, page
from cmme_xl.summary.context import DASH, Context
from cmme_xl.summary.places import Places

# (key of the heading, alignment), from the second column on
HEADS = (
    ("", "center"), ("person", "left"), ("tier", "left"), ("day", "left"), ("interviewer", "left"),
    ("minutes", "right"), ("agreed", "right"), ("raised", "right"), ("lowered", "right"), ("difference", "right"),
    ("points", "left"), ("file", "left"),
)  # fmt: skip
INTERVIEWER, POINTS, FILE = 5, 11, 12
LONGEST, INDENT_PX = 2000, 9
SIGNED = '"+"0.00;"−"0.00;0.00'


def draw(context: Context, places: Places, sheet: Sheet, row: int) -> int:
    """The block from `row` on, where any record came back; returns the row after it. For consultants only."""
    found = agreed(context.plan, context.results.returned)
    if not found.people:
        return row
    words, total = context.words, found.total
    note = (
        "" if total.difference is None else words.fill("sessions.note", n=total.n, difference=_signed(total.difference))
    )
    sheet.rows(row, (14,))
    page.section(sheet, row + 1, 1, len(HEADS), words["sessions.title"], note)
    heads = [(words[f"sessions.{key}"] if key else "", align) for key, align in HEADS]
    page.header_row(sheet, row + 2, 1, heads, 34)
    row += 3
    number = 0
    for talk in found.people:
        for session in talk.sessions:
            number += 1
            target = places.people.get(talk.respondent)
            numbered = Link(str(number), target) if target else number
            _row(context, sheet, row, numbered, talk, session)
            row += 1
    return row


def _row(context: Context, sheet: Sheet, row: int, number: Content, talk: Talk, session: Session) -> None:
    book, words, person = context.book, context.words, context.plan.by_id[talk.respondent]
    hair = {"bottom": 1, "bottom_color": "hair", "font_size": 9, "valign": "top"}
    plain, wrapped = book.style(**hair), book.style(**hair, text_wrap=True)
    figure, signed = book.style(**hair, align="right"), book.style(**hair, align="right", indent=1, num_format=SIGNED)
    grey = book.style(**hair, font_color="muted", align="center")
    inset = book.style(**hair, text_wrap=True, align="left", indent=1)
    points = "\n".join(
        words.fill("sessions.point", point=" · ".join(part for part in point if part)) for point in session.points
    )
    points = measure.clip(points, LONGEST)
    apart = talk.difference.difference
    cells = (
        number,
        person.name or person.id,
        context.catalogue.group(person.group).name.in_(context.lang),
        session.day or DASH,
        session.interviewer or DASH,
        session.minutes or DASH,
        words.fill("sessions.of", n=talk.agreed, asked=talk.asked),
        talk.difference.raised,
        talk.difference.lowered,
        DASH if apart is None else round_half_away(apart, 2),
        points,
        session.file,
    )
    styles = (grey, plain, plain, plain, wrapped, *(figure,) * 4, signed, inset, inset)
    wrapping = ((cells[place - 1], sheet.columns[place] - INDENT_PX) for place in (INTERVIEWER, POINTS, FILE))
    texts = [(str(text), px) for text, px in wrapping]
    sheet.line(row, 1, cells, styles, min(max(24, measure.tallest(texts, 9, padding=8)), 540))


def _signed(difference: float) -> str:
    """The difference as SIGNED shows it."""
    shown = round_half_away(difference, 2)
    return f"{'+' if shown > 0 else '−' if shown < 0 else ''}{abs(shown):.2f}"
