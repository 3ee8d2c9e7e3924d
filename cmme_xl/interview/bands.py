"""What a questionnaire and an interviewer's record have in common: bands of dimensions and indicators, drop-downs, and
how the rows of questions look and break into pages."""

from collections.abc import Sequence
from math import floor

from xlsxwriter.format import Format

from cmme_xl.catalogue import Dimension, Indicator
from cmme_xl.interview.form import HEADER_ROW, Form
from cmme_xl.interview.wording import Live, constant, either
from cmme_xl.spreadsheet import Book, Sheet, local_range
from cmme_xl.spreadsheet.measure import clip, page_breaks

# what A4 landscape leaves between the margins of spreadsheet.Book, at 96 dpi and full size, less a reserve:
# programs turn a column's width in characters into pixels differently, LibreOffice some 6 % wider
PAGE_WIDTH_PX, PAGE_HEIGHT_PX = 990, 690
LONGEST_PROMPT = 80


def of_dimension(sheet: Sheet, form: Form, dimension: Dimension, count: Live) -> dict[str, str]:
    """The band of a dimension with its count at the end; returns how it looks."""
    book, row, last = sheet.book, form.blocks[dimension.id].band, len(form.columns) - 1
    look = {"bg_color": "brand2", "font_color": "white"}
    sheet.fill(row, 0, last, book.style(**look))
    title = f"{dimension.number}  {dimension.name.in_(form.lang)}"
    sheet.text(row, form.column("question"), title, book.style(bold=True, font_size=12, indent=1, **look))
    sheet.formula(row, last, count.formula, count.value, book.style(font_size=9, align="right", indent=1, **look))
    return look


def of_indicator(sheet: Sheet, form: Form, indicator: Indicator, complete: bool) -> dict[str, str]:
    """The band of an indicator, with a tick once all of it is scored, as it is now where it is `complete`; returns
    how it looks."""
    book, block, last = sheet.book, form.blocks[indicator.id], len(form.columns) - 1
    look = {"bg_color": "tint2", "font_color": "brand"}
    sheet.fill(block.band, 0, last, book.style(bold=True, **look))
    dimension = form.catalogue.dimension_of[indicator.id]
    number_in = dimension.indicators.index(indicator) + 1
    title = f"{dimension.number}.{number_in}  {indicator.name.in_(form.lang)}"
    sheet.text(block.band, form.column("question"), title, book.style(bold=True, indent=1, **look))
    scores = local_range(block.first, form.score, block.last, form.score)
    tick = either(f"COUNTA({scores})={block.count}", complete, constant(form.words("questions.done")), constant(""))
    style = book.style(bg_color="tint2", font_color="good", bold=True, align="right", indent=1)
    sheet.formula(block.band, last, tick.formula, tick.value, style)
    return look


def styles(book: Book) -> dict[str, Format]:
    """How the cells of a question's row look, by role; "score" is that of every first angle."""
    line = {"bottom": 1, "bottom_color": "rule"}
    answer = {"locked": False, "border": 1, "border_color": "rule"}
    # the text format keeps =, dates and fractions typed as evidence what they are: text
    writing = {"font_size": 9, "text_wrap": True, "num_format": "@", "indent": 1, **answer}
    return {
        "id": book.style(font_size=8, font_color="muted", indent=1, **line),
        "question": book.style(text_wrap=True, indent=1, **line),
        # a number wider than its cell would show as ####, hence shrink
        "score": book.style(align="center", shrink=True, bold=True, font_color="brand", **answer),
        "target": book.style(align="center", font_size=11, font_color="warn_text", **answer),
        "evidence": book.style(**writing),
        "comment": book.style(font_color="slate", **writing),
        "doubt": book.style(
            align="center", shrink=True, bold=True, font_color="brand", locked=False, border=2, border_color="alert"
        ),
        "review": book.style(font_size=9, font_color="alert", text_wrap=True, indent=1, **line),
    }


def data_bar(book: Book) -> dict[str, object]:
    """A bar in the cell, from 0 to 1, that leaves its figure readable."""
    return {
        "type": "data_bar",
        "bar_solid": True,
        "bar_color": book.brand.colour("tint"),
        "bar_no_border": True,
        "min_type": "num",
        "max_type": "num",
        "min_value": 0,
        "max_value": 1,
        "data_bar_2010": True,
    }


def questions_cell(form: Form) -> str:
    """A link's text up to the row number: the score column of the questionnaire."""
    return form.link(form.asking, 0, form.score)[:-1].replace('"', '""')


def offer_scores(sheet: Sheet, form: Form, target_prompt: str) -> None:
    """The scores to choose from, for today and, where it is asked, for the target."""
    words, catalogue = form.words, form.catalogue
    values = [step.value for step in reversed(catalogue.steps)]
    steps = (words("questions.prompt_step", value=s.value, label=s.label.in_(form.lang)) for s in catalogue.steps)
    meaning, error = words("questions.prompt", steps=" · ".join(steps)), words("questions.error", **form.scale)
    offer(sheet, form, form.score, [*values, form.scale["na"], form.scale["dk"]], meaning, error)
    if form.target is not None:
        offer(sheet, form, form.target, values, target_prompt, words("questions.error_target", **form.scale))


def offer(sheet: Sheet, form: Form, column: int, values: Sequence[object], prompt: str, error: str) -> None:
    """A drop-down on the question rows of a column; typing works without it."""
    words = form.words
    blocks = [form.blocks[indicator] for indicator in form.asked]
    others = [[block.first, column, block.last, column] for block in blocks[1:]]
    rule = {"validate": "list", "source": list(values), **({"other_cells": others} if others else {})}
    title = words("questions.prompt_title", header=form.columns[column].header, **form.scale)
    sheet.validation(
        blocks[0].first, column, blocks[0].last, column, rule,
        title=title, prompt=clip(prompt, LONGEST_PROMPT), error_title=words("questions.error_title"), error=error,
    )  # fmt: skip


def paginate(sheet: Sheet, form: Form, heights: dict[int, int], lead: int) -> None:
    """As large as the page's width allows; every page starts with a whole indicator below the header row. `heights`:
    of every row in pixels; `lead`: of the row below the header, which the first page alone has."""
    percent = min(100, floor(100 * PAGE_WIDTH_PX / sum(sheet.columns)))
    room = floor(PAGE_HEIGHT_PX * 100 / percent) - heights[HEADER_ROW]
    units: list[tuple[int, int]] = []
    for dimension in form.dimensions:
        band = form.blocks[dimension.id].band
        for number_in, indicator in enumerate(form.indicators(dimension)):
            block = form.blocks[indicator.id]
            first = band if number_in == 0 else block.band
            units.append((first, sum(heights[row] for row in range(first, block.last + 1))))
    sheet.print_scale(percent, page_breaks(units, room, room - lead))
    sheet.repeat(HEADER_ROW, HEADER_ROW)
    sheet.print_to(form.last_row, len(form.columns) - 1)
