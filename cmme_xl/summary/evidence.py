"""Evidence and comments, word for word, in the order of the questions. For consultants only."""

from collections.abc import Sequence

from cmme_xl.returned.model import Answer
from cmme_xl.spreadsheet import measure, page
from cmme_xl.summary.context import Context
from cmme_xl.summary.expression import constant
from cmme_xl.summary.furniture import head
from cmme_xl.templates import template

ROLE = "evidence"
COLUMNS = {
    "number": 44, "id": 84, "indicator": 190, "person": 96, "tier": 76, "score": 64, "proof": 84, "evidence": 290,
    "comment": 250, "file": 170, "place": 90,
}  # fmt: skip
MARGIN_PX = 20
TABLE_ROW = 7
LONGEST = 2000
CENTRED = ("number", "tier", "score")


def columns(context: Context) -> dict[str, int]:
    """The columns shown and their widths; how evidence was proven is known only where interviewers kept records."""
    recorded = bool(context.results.returned.records)
    return {key: px for key, px in COLUMNS.items() if key != "proof" or recorded}


def widths(context: Context) -> list[int]:
    """The columns of the sheet in pixels."""
    return [MARGIN_PX, *columns(context).values(), MARGIN_PX]


def written(context: Context) -> list[Answer]:
    """One answer per person and question that carries evidence, its status or a comment, in catalogue order."""
    order = {question: place for place, question in enumerate(context.catalogue.questions)}
    found: dict[tuple[str, str], Answer] = {}
    for reply in context.results.returned.answers.replies:
        for answer in map(reply.__getitem__, reply.noted):
            if answer.question in order:
                found.setdefault((answer.question, answer.respondent), answer)
    return sorted(found.values(), key=lambda answer: order[answer.question])


def draw(context: Context, answers: Sequence[Answer]) -> None:
    """The list, to filter."""
    sheet, words, book = context.sheets[ROLE], context.words, context.book
    title = constant(words.counted("evidence.title", len(answers), n=len(answers)))
    shown = columns(context)
    head(context, ROLE, title, constant(words["evidence.subtitle"]), len(shown), narrow=True)
    sheet.rows(6, (6,))
    heads = [(words[f"evidence.{key}"], "center" if key in CENTRED else "left") for key in shown]
    page.header_row(sheet, TABLE_ROW, 1, heads, 28)
    hair = {"bottom": 1, "bottom_color": "hair", "font_size": 9, "valign": "top"}
    plain, wrapped = book.style(**hair), book.style(**hair, text_wrap=True)
    middle = book.style(**hair, align="center")
    small = book.style(**{**hair, "font_size": 8}, font_color="slate", text_wrap=True)
    grey = book.style(**{**hair, "font_color": "muted"}, align="center")
    lang, catalogue = context.lang, context.catalogue
    tiers = {group.id: group.name.in_(lang) for group in catalogue.groups}
    indicators = {question: f"{of.number} {of.name.in_(lang)}" for question, of in catalogue.indicator_of.items()}
    looks = {
        "number": grey,
        "id": plain,
        "person": plain,
        "tier": middle,
        "score": middle,
        "file": small,
        "place": small,
    }
    styles = tuple(looks.get(key, wrapped) for key in shown)
    proofs = template("interview")["record"]["proof"]
    for number, answer in enumerate(answers, 1):
        person = context.plan.by_id.get(answer.respondent)
        evidence, comment = measure.clip(answer.evidence, LONGEST), measure.clip(answer.comment, LONGEST)
        name = indicators[answer.question]
        place = "!".join(part for part in (answer.sheet, answer.cell) if part)
        who, tier = (person.name, tiers[person.group]) if person else (answer.respondent, "")
        score = "" if answer.score is None else answer.score
        cells: dict[str, str | float] = {
            "number": number, "id": answer.question, "indicator": name, "person": who, "tier": tier, "score": score,
            "proof": proofs[answer.proof][lang] if answer.proof else "", "evidence": evidence, "comment": comment,
            "file": answer.file, "place": place,
        }  # fmt: skip
        wrapping = [(str(cells[key]), shown[key]) for key in ("indicator", "evidence", "comment", "file", "place")]
        tall = measure.tallest(wrapping, 9, padding=8)
        sheet.line(TABLE_ROW + number, 1, [cells[key] for key in shown], styles, min(max(24, tall), 540))
    row = TABLE_ROW + len(answers)
    sheet.filter(TABLE_ROW, 1, row, len(shown))
    sheet.repeat(TABLE_ROW, TABLE_ROW)
    sheet.freeze(TABLE_ROW + 1, 4)
    sheet.print_to(row, len(shown) + 1)
