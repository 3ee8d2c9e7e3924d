"""Evidence and comments, word for word, in the order of the questions. For consultants only."""

from collections.abc import Sequence

from cmme_xl.returned.model import Answer
from cmme_xl.spreadsheet import measure, page
from cmme_xl.summary.context import Context
from cmme_xl.summary.expression import constant
from cmme_xl.summary.furniture import head

ROLE = "evidence"
WIDTHS = (20, 44, 84, 190, 96, 76, 64, 290, 250, 170, 90, 20)
HEAD = ("number", "id", "indicator", "person", "tier", "score", "evidence", "comment", "file", "place")
TABLE_ROW = 7
LONGEST = 2000


def written(context: Context) -> list[Answer]:
    """One answer per person and question that carries evidence or a comment, in catalogue order."""
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
    head(context, ROLE, title, constant(words["evidence.subtitle"]), len(HEAD), narrow=True)
    sheet.rows(6, (6,))
    aligned = {"number": "center", "tier": "center", "score": "center"}
    page.header_row(sheet, TABLE_ROW, 1, [(words[f"evidence.{key}"], aligned.get(key, "left")) for key in HEAD], 28)
    hair = {"bottom": 1, "bottom_color": "hair", "font_size": 9, "valign": "top"}
    plain, wrapped = book.style(**hair), book.style(**hair, text_wrap=True)
    middle = book.style(**hair, align="center")
    small = book.style(**{**hair, "font_size": 8}, font_color="slate", text_wrap=True)
    grey = book.style(**{**hair, "font_color": "muted"}, align="center")
    lang, catalogue = context.lang, context.catalogue
    tiers = {group.id: group.name.in_(lang) for group in catalogue.groups}
    indicators = {question: f"{of.number} {of.name.in_(lang)}" for question, of in catalogue.indicator_of.items()}
    styles = (grey, plain, wrapped, plain, middle, middle, wrapped, wrapped, small, small)
    for number, answer in enumerate(answers, 1):
        person = context.plan.by_id.get(answer.respondent)
        evidence, comment = measure.clip(answer.evidence, LONGEST), measure.clip(answer.comment, LONGEST)
        name = indicators[answer.question]
        place = "!".join(part for part in (answer.sheet, answer.cell) if part)
        texts = (name, WIDTHS[3]), (evidence, WIDTHS[7]), (comment, WIDTHS[8]), (answer.file, WIDTHS[9])
        tall = measure.tallest((*texts, (place, WIDTHS[10])), 9, padding=8)
        who, tier = (person.name, tiers[person.group]) if person else (answer.respondent, "")
        score = "" if answer.score is None else answer.score
        cells = (number, answer.question, name, who, tier, score, evidence, comment, answer.file, place)
        sheet.line(TABLE_ROW + number, 1, cells, styles, min(max(24, tall), 540))
    row = TABLE_ROW + len(answers)
    sheet.filter(TABLE_ROW, 1, row, len(HEAD))
    sheet.repeat(TABLE_ROW, TABLE_ROW)
    sheet.freeze(TABLE_ROW + 1, 4)
    sheet.print_to(row, len(HEAD) + 1)
