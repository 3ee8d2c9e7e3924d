"""Answers: one matrix per angle, questions by respondents grouped by tier. What is typed here moves every figure."""

from itertools import repeat

from cmme_xl import formulas
from cmme_xl.calculation.engine import Engine
from cmme_xl.calculation.expression import constant
from cmme_xl.calculation.ground import raw
from cmme_xl.returned.model import Outcome
from cmme_xl.spreadsheet import Link, measure
from cmme_xl.spreadsheet.sheet import local
from cmme_xl.summary import paper
from cmme_xl.summary.answercells import (
    BLOCK_ROW,
    FIRST_BLOCK,
    FIRST_ROW,
    ID,
    NAME_ROW,
    TEXT,
    TIER_ROW,
    WEIGHT_ROW,
    AnswerCells,
    Block,
)
from cmme_xl.summary.context import COLOURS, GLYPHS, Context
from cmme_xl.summary.furniture import ARROW, LEAD, head, lead, show, write
from cmme_xl.summary.places import Places


def draw(context: Context, cells: AnswerCells, engine: Engine, places: Places) -> None:
    """The sheet: head, one block per angle, a row per question."""
    words, sheet, book = context.words, context.sheets["answers"], context.book
    counts = context.tally
    said = {"n": counts["expected"], "scored": counts[Outcome.SCORED.value]}
    last = max((block.last for block in cells.blocks.values()), default=TEXT)
    marks = {each.value: cells.word(each) for each in Outcome}
    head(
        context,
        "answers",
        constant(words.counted("answers.title", said["n"], **said)),
        constant(words["answers.subtitle"]),
        last,
        narrow=True,
    )
    sheet.rows(6, (6, 20, 18, _name_height(cells), 20))
    small = book.style(font_size=8, font_color="slate", text_wrap=True, valign="top")
    sheet.text(BLOCK_ROW, ID, words.fill("answers.legend", **marks), small, (TIER_ROW, TEXT))
    low = book.style(font_size=9, font_color="slate", bold=True, valign="bottom")
    sheet.text(NAME_ROW, ID, words["answers.id"], low)
    sheet.text(NAME_ROW, TEXT, words["answers.question"], low)
    sheet.text(WEIGHT_ROW, TEXT, words["answers.weight"], book.style(font_size=8, font_color="muted", align="right"))
    _questions(context, cells, places, last)
    for block in cells.blocks.values():
        _block(context, cells, block, engine, places)
    end = max(cells.rows.values())
    sheet.freeze(FIRST_ROW, FIRST_BLOCK)
    sheet.repeat(BLOCK_ROW, WEIGHT_ROW)
    sheet.print_to(end, last)
    sheet.repeat_columns(0, TEXT)
    paper.across(sheet, TEXT, [(block.first, block.last) for block in cells.blocks.values()])


def widths(cells: AnswerCells) -> list[int]:
    """The columns of the sheet in pixels."""
    found = [20, 78, 330]
    words = [cells.word(outcome) for outcome in Outcome if outcome is not Outcome.SCORED]
    person = max(36, *(int(measure.width(word, 8)) + 10 for word in words))
    for block in cells.blocks.values():
        found += [20] * (block.first - len(found))
        found += [56, 48, *([52] if block.has_given else []), *([person] * len(block.people))]
    return found


def _name_height(cells: AnswerCells) -> int:
    names = [person.name for block in cells.blocks.values() for person in block.people]
    return min(150, max(40, *(int(measure.width(name, 9)) + 16 for name in names))) if names else 40


def _questions(context: Context, cells: AnswerCells, places: Places, last: int) -> None:
    sheet, book, lang = context.sheets["answers"], context.book, context.lang
    band = book.style(bg_color="tint2", bold=True, font_color="brand", font_size=9)
    code = book.style(font_size=8, font_color="slate", bottom=1, bottom_color="hair")
    text = book.style(font_size=9, text_wrap=True, bottom=1, bottom_color="hair")
    for dimension in context.dimensions:
        first = cells.rows[dimension.indicators[0].questions[0].id] - 1
        named = f"{dimension.number} {dimension.name.in_(lang)}"
        sheet.line(first, ID, (Link(named, places.page(dimension.id)), *repeat("", last - ID)), band, 22)
        for indicator in dimension.indicators:
            for question in indicator.questions:
                row, wording = cells.rows[question.id], question.text.in_(lang)
                sheet.rows(row, (max(24, measure.height(wording, 330, 9, padding=6)),))
                lead(sheet, row, 0, places.indicator(indicator.id))
                sheet.text(row, ID, question.id, code)
                sheet.text(row, TEXT, wording, text)


def _block(context: Context, cells: AnswerCells, block: Block, engine: Engine, places: Places) -> None:
    sheet, book = context.sheets["answers"], context.book
    colour = COLOURS[block.angle]
    under = {"bottom": 2, "bottom_color": colour}
    title, small = book.style(bold=True, font_color=colour, **under), book.style(**under, **LEAD)
    named = [f"{GLYPHS[block.angle]} {context.label(block.angle)}", *repeat("", block.person - block.first - 1)]
    sheet.line(BLOCK_ROW, block.first, named, title)
    files = [places.sent_by(person.id) for person in block.people] or [None]
    sheet.line(BLOCK_ROW, block.person, [Link(ARROW, file) if file else "" for file in files], small)
    _heads(context, cells, block)
    line = {"bottom": 1, "bottom_color": "hair", "font_size": 9}
    value = book.style(**line, bold=True, num_format="0.00", align="right", font_color=colour)
    count = book.style(**line, align="right", font_color="slate", indent=1)
    angle = raw(block.angle) if raw(block.angle) in context.raws else block.angle
    for question, row in cells.rows.items():
        show(sheet, row, block.value, engine.at(question, angle, "score"), value)
        write(sheet, row, block.n, engine.at(question, block.angle, "scored"), count)
    first, end = min(cells.rows.values()), max(cells.rows.values())
    scale = context.catalogue.scale_min, context.catalogue.scale_max
    if block.has_given:
        _given(context, cells, block, line, scale)
    if block.people:
        _matrix(context, cells, block)
        _marks(context, cells, block, first, end)


def _heads(context: Context, cells: AnswerCells, block: Block) -> None:
    sheet, book, words = context.sheets["answers"], context.book, context.words
    small = book.style(font_size=8, font_color="slate", align="right", valign="bottom", text_wrap=True)
    sheet.text(NAME_ROW, block.value, words["answers.value"], small)
    sheet.text(NAME_ROW, block.n, words["answers.n"], small)
    if block.has_given:
        sheet.text(NAME_ROW, block.given, words["answers.given"], small)
    group = book.style(font_size=8, font_color="slate", left=1, left_color="rule")
    name = book.style(font_size=9, rotation=90, align="center", valign="bottom")
    for tier, first, _ in block.tiers:
        sheet.text(TIER_ROW, first, context.catalogue.group(tier).name.in_(context.lang), group)
    yellow = book.style(
        font_size=8, align="center", bg_color="input", border=1, border_color="input_edge", num_format="0.##"
    )
    if block.people:
        sheet.line(NAME_ROW, block.person, [person.name or person.id for person in block.people], name)
        sheet.line(WEIGHT_ROW, block.person, [person.weight for person in block.people], yellow)
        rule = {"validate": "decimal", "criteria": ">=", "value": 0}
        prompt = words["weights.prompt_weight"]
        sheet.validation(WEIGHT_ROW, block.person, WEIGHT_ROW, block.last, rule, prompt=prompt, strict=True)


def _given(
    context: Context, cells: AnswerCells, block: Block, line: dict[str, object], scale: tuple[float, float]
) -> None:
    sheet, book, words = context.sheets["answers"], context.book, context.words
    style = book.style(**line, num_format="0.00", align="right", bg_color="input")
    for question, row in cells.rows.items():
        found = cells.given(block.angle, question)
        sheet.number(row, block.given, found.number if found else None, style)
    rule = {"validate": "decimal", "criteria": "between", "minimum": scale[0], "maximum": scale[1]}
    prompt = words.fill("weights.prompt_given", low=scale[0], high=scale[1])
    rows = cells.rows.values()
    sheet.validation(min(rows), block.given, max(rows), block.given, rule, prompt=prompt, strict=True)


def _matrix(context: Context, cells: AnswerCells, block: Block) -> None:
    """The answers themselves; a question a person was not asked has no cell."""
    style = context.book.style(font_size=9, align="center")
    for question, row in cells.rows.items():
        cells.sheet.line(row, block.person, cells.typed(block, question), style)


def _marks(context: Context, cells: AnswerCells, block: Block, first: int, last: int) -> None:
    """The look of a cell by what is in it, for the whole range at once, and what may be typed."""
    sheet, book, words, catalogue = context.sheets["answers"], context.book, context.words, context.catalogue
    area = (first, block.person, last, block.last)
    at = local(first, block.person)
    sheet.condition(*area, {"type": "blanks", "format": book.change(bg_color="hair"), "stop_if_true": True})
    on_scale = f"ISNUMBER({at}),{at}>={catalogue.scale_min:g},{at}<={catalogue.scale_max:g}"
    for number, step in enumerate(catalogue.steps):
        shade = number * 5 // max(len(catalogue.steps) - 1, 1)
        change = book.change(bg_color=f"step{shade}", font_color=f"step{shade}_text")
        test = f"=AND({on_scale},ROUND({at},0)={step.value})"
        sheet.condition(*area, {"type": "formula", "criteria": test, "format": change, "stop_if_true": True})
    spoken = [cells.word(each) for each in (Outcome.NA, Outcome.DK, Outcome.BLANK)]
    known = ",".join(f"{at}={formulas.quoted(word)}" for word in spoken)
    change = book.change(font_color="muted")
    sheet.condition(*area, {"type": "formula", "criteria": f"=OR({known})", "format": change, "stop_if_true": True})
    change = book.change(font_color="alert", bg_color="alert_bg")
    sheet.condition(*area, {"type": "formula", "criteria": f"=LEN({at})>0", "format": change})
    options: list[object] = [*(step.value for step in catalogue.steps), *spoken]
    prompt = words.fill("answers.prompt", low=catalogue.scale_min, high=catalogue.scale_max, words=" · ".join(spoken))
    sheet.choices(*area, options, prompt=prompt, strict=True)
