"""The sheet of questions: weight, scope and the groups each is asked of by default."""

from cmme_xl.catalogue import Question
from cmme_xl.plan import words
from cmme_xl.plan.sheets.drawing import HEADER_PX, Drawing, chosen, either, headers
from cmme_xl.plan.sheets.weights import off
from cmme_xl.spreadsheet import Sheet, local, measure, page

LEAST_PX = 24


def draw(drawing: Drawing) -> None:
    """Draw the sheet."""
    layout, catalogue = drawing.layout, drawing.content.catalogue
    block = layout.questions
    columns = words.columns("questions")
    group_px = words.table("questions")["group"]["width"]
    widths = [column["width"] for column in columns] + [group_px] * len(catalogue.groups)
    last = len(widths)
    sheet = drawing.sheet("questions", widths, last)
    headers(sheet, block.header, drawing, "questions")
    titles = [(group.name.in_(drawing.lang), "center") for group in catalogue.groups]
    page.header_row(sheet, block.header, len(columns) + 1, titles, HEADER_PX)
    for number, question in enumerate(catalogue.questions.values()):
        _question(drawing, sheet, block.first + number, question, widths)
    prompts = {column["role"]: column["prompt"][drawing.lang] for column in columns if "prompt" in column}
    drawing.bound(sheet, block.first, block.last, block.columns["weight"], "weight", prompts["weight"])
    drawing.offer(sheet, block.first, block.last, block.columns["scope"], "yesno", prompts["scope"])
    off(drawing, sheet, block.first, block.last, block.columns["scope"])
    first = block.columns[f"group:{catalogue.groups[0].id}"]
    prompt = words.table("questions")["group"]["prompt"][drawing.lang]
    sheet.choices(block.first, first, block.last, last, [words.table("marks")["asked"]], prompt=prompt)
    sheet.freeze(block.first, block.columns["id"] + 1)
    sheet.repeat(block.header, block.header)
    sheet.print_to(block.last, last + 1)
    sheet.select(block.first, first)


def _question(drawing: Drawing, sheet: Sheet, row: int, question: Question, widths: list[int]) -> None:
    content, columns = drawing.content, drawing.layout.questions.columns
    marks = words.table("marks")
    text = question.text.in_(drawing.lang)
    tall = measure.height(text, widths[columns["text"] - 1], 9, padding=8)
    sheet.rows(row, (max(LEAST_PX, tall),))
    centred = drawing.fixed(align="center", font_color="slate")
    sheet.text(row, columns["id"], question.id, drawing.fixed())
    sheet.text(row, columns["text"], text, drawing.fixed(text_wrap=True))
    sheet.text(row, columns["indicator"], content.catalogue.indicator_of[question.id].id, centred)
    sheet.text(row, columns["short"], marks["used"] if question.short else "", centred)
    sheet.number(row, columns["minutes"], question.minutes, centred)
    weight = content.weight(question.id, question.weight)
    sheet.number(row, columns["weight"], weight, drawing.input(align="center"))
    scope = drawing.choice("yesno", "no" if question.id in content.dropped else "yes")
    sheet.text(row, columns["scope"], scope, drawing.input(align="center"))
    _used(drawing, sheet, row, question)
    for group in content.catalogue.groups:
        asked = group.id in content.choices.question_marks[question.id]
        style = drawing.input(align="center", font_color="brand", font_size=11)
        sheet.text(row, columns[f"group:{group.id}"], marks["asked"] if asked else "", style)
    differing = drawing.book.change(font_color="warn_text", bg_color="accent2", bold=True)
    rule = f"={local(row, columns['weight'])}<>{question.weight:.15g}"
    cell = row, columns["weight"], row, columns["weight"]
    sheet.condition(*cell, {"type": "formula", "criteria": rule, "format": differing})


def _used(drawing: Drawing, sheet: Sheet, row: int, question: Question) -> None:
    """Whether this plan uses the question: nothing above it dropped, and short where the form is."""
    content, columns, calc = drawing.content, drawing.layout.questions.columns, drawing.layout.calc
    mark = words.table("marks")["used"]
    indicator, scope, short = (
        local(row, columns[role], fix_column=True) for role in ("indicator", "scope", "short")
    )
    wording = words.choice_words("yesno", content.catalogue)["no"]
    opened = f"SUMIFS({calc.indicator_column('open')},{calc.indicator_column('id')},{indicator})=1"
    out = either(scope, {wording.zh, wording.en})
    form = chosen(drawing.layout.setting("form"), "form", "short", content)
    formula = f'=IF(AND({opened},NOT({out}),OR({short}<>"",NOT({form}))),"{mark}","")'
    used = question.id in content.used[content.catalogue.indicator_of[question.id].id]
    sheet.formula(row, columns["used"], formula, mark if used else None, drawing.live())
