"""The questionnaire sheet: one header row, one row that says where one stands, then bands and questions."""

from collections.abc import Iterator

from xlsxwriter.format import Format

from cmme_xl.catalogue import Dimension, Indicator, Question
from cmme_xl.formulas import number, quoted
from cmme_xl.interview import bands
from cmme_xl.interview.form import FIRST_ROW, HEADER_ROW, LEAD_ROW, REVIEW, Form
from cmme_xl.interview.tally import Tally
from cmme_xl.interview.wording import Live, constant, either, link
from cmme_xl.spreadsheet import Book, Sheet, local
from cmme_xl.spreadsheet.measure import height

HEADER_PX, LEAD_PX, DIMENSION_PX, INDICATOR_PX, QUESTION_PX = 32, 32, 34, 28, 42
INDENT_PX, REMARK_POINTS = 9, 9
REMARKS = ("evidence", "comment")


def draw(book: Book, form: Form, tally: Tally, header: str, footer: str | None) -> Sheet:
    """Add the questionnaire."""
    name = form.words.sheet("questions")
    widths = [column.width for column in form.columns]
    sheet = book.sheet(name, widths, tab="accent", fit=None, header=header, footer=footer)
    heights = _heights(form)
    sheet.rows(HEADER_ROW, [heights[row] for row in sorted(heights)])
    _head(sheet, form, tally)
    for dimension in form.dimensions:
        _dimension_band(sheet, form, tally, dimension)
        for indicator in form.indicators(dimension):
            _indicator_band(sheet, form, indicator)
            for offset, question in enumerate(form.asked[indicator.id]):
                _question(sheet, form, form.blocks[indicator.id].first + offset, question)
    bands.offer_scores(sheet, form, form.words("questions.prompt_target", **form.scale))
    _conditions(sheet, form)
    bands.paginate(sheet, form, heights, LEAD_PX)
    sheet.freeze(HEADER_ROW + 1)
    sheet.select(form.first_question_row, form.score)
    sheet.protect()
    return sheet


def rows(form: Form) -> Iterator[tuple[int, Dimension | Indicator | Question]]:
    """Every row below the lead row, in order, with what stands in it."""
    for dimension in form.dimensions:
        yield form.blocks[dimension.id].band, dimension
        for indicator in form.indicators(dimension):
            block = form.blocks[indicator.id]
            yield block.band, indicator
            yield from enumerate(form.asked[indicator.id], block.first)


def _heights(form: Form) -> dict[int, int]:
    px = form.columns[form.column("question")].width
    heights = {HEADER_ROW: HEADER_PX, LEAD_ROW: LEAD_PX}
    for row, item in rows(form):
        if isinstance(item, Question):
            heights[row] = max(QUESTION_PX, height(item.text.in_(form.lang), px - INDENT_PX, padding=12))
            for column in form.columns if form.clarifies else ():
                text = remark(form, item.id, column.role)
                heights[row] = max(heights[row], height(text or "", column.width - INDENT_PX, REMARK_POINTS))
        else:
            heights[row] = DIMENSION_PX if isinstance(item, Dimension) else INDICATOR_PX
    return heights


# --- rows


def _head(sheet: Sheet, form: Form, tally: Tally) -> None:
    book, words = sheet.book, form.words
    for column, entry in enumerate(form.columns):
        look = {"font_size": 9, "bold": True, "font_color": "white", "bg_color": "brand", "text_wrap": True}
        written = entry.role in ("id", "question", REVIEW, *REMARKS)
        style = book.style(**look, **({"align": "left", "indent": 1} if written else {"align": "center"}))
        sheet.text(HEADER_ROW, column, entry.header, style)
    line = {"bg_color": "panel", "bottom": 1, "bottom_color": "rule"}
    last = len(form.columns) - 1
    sheet.fill(LEAD_ROW, 0, last, book.style(**line))
    share, done, asked = tally.share(), tally.figure("answered"), tally.figure("asked")
    style = book.style(
        num_format=words("questions.share"), align="left", indent=1, bold=True, font_color="brand", **line
    )
    question = form.column("question")
    sheet.formula(LEAD_ROW, question, share.formula, share.value, style)
    sheet.condition(LEAD_ROW, question, LEAD_ROW, question, bands.data_bar(book))
    row = tally.figure("next")
    target = f'"#{bands.questions_cell(form)}"&{row.text}'
    onward = either(
        f"{row.text}=0",
        tally.count("next") == 0,
        constant(words("questions.complete")),
        link(target, words.live("questions.next", row=row)),
    )
    style = book.style(bold=True, font_color="brand2", underline=1, indent=1, **line)
    sheet.formula(LEAD_ROW, form.column("evidence"), onward.formula, onward.value, style)
    count = words.live("questions.answered", done=done, total=asked)
    style = book.style(font_size=9, font_color="slate", align="right", indent=1, **line)
    sheet.formula(LEAD_ROW, last, count.formula, count.value, style)


def _dimension_band(sheet: Sheet, form: Form, tally: Tally, dimension: Dimension) -> None:
    words = form.words
    done, asked = tally.figure("answered", dimension), tally.figure("asked", dimension)
    count = words.live("questions.answered", done=done, total=asked)
    complete, mark = tally.count("open", dimension) == 0, words("questions.done") + " "
    tick = either(f"{done.text}={asked.text}", complete, constant(mark), constant(""))
    bands.of_dimension(sheet, form, dimension, Live(f"{tick.text}&{count.text}", f"{tick.value}{count.value}"))


def _indicator_band(sheet: Sheet, form: Form, indicator: Indicator) -> None:
    given = (form.given(question.id, form.angles[0]) for question in form.asked[indicator.id])
    bands.of_indicator(sheet, form, indicator, complete=all(each is not None for each in given))


def _question(sheet: Sheet, form: Form, row: int, question: Question) -> None:
    looks = bands.styles(sheet.book)
    for column, entry in enumerate(form.columns):
        if entry.role == "id":
            sheet.text(row, column, question.id, looks["id"])
        elif entry.role == "question":
            sheet.text(row, column, question.text.in_(form.lang), looks["question"])
        else:
            text = remark(form, question.id, entry.role)
            marked = any(doubt.angle == entry.role for doubt in form.draft.doubted.get(question.id, ()))
            style = looks["doubt"] if marked else looks.get(entry.role, looks["score"])
            _typed(sheet, row, column, form.given(question.id, entry.role) if text is None else text, style)


def remark(form: Form, question: str, role: str) -> str | None:
    """What stands in the column `role` of text beside a question; None where the column is one of scores."""
    draft = form.draft
    if role == REVIEW:
        doubts = draft.doubted.get(question, ())
        return form.words.note([(form.columns[form.column(doubt.angle)].header, doubt) for doubt in doubts])
    return {"evidence": draft.evidence, "comment": draft.comments}[role].get(question, "") if role in REMARKS else None


def _typed(sheet: Sheet, row: int, column: int, value: float | str | None, style: Format) -> None:
    if isinstance(value, str):
        sheet.text(row, column, value, style)
    else:
        sheet.number(row, column, value, style)


# --- what answering is like


def _conditions(sheet: Sheet, form: Form) -> None:
    """Colours that answer for themselves. A row with an id is a question row."""
    book, catalogue = sheet.book, form.catalogue
    top, last, score = FIRST_ROW, form.last_row, form.score

    def at(column: int) -> str:
        return local(top, column, fix_column=True)

    def when(column: int, criteria: str, **change: object) -> None:
        options = {"type": "formula", "criteria": f"={criteria}", "format": book.change(**change)}
        sheet.condition(top, column, last, column, options)

    given, here = f'{at(0)}<>""', at(score)
    low, high = number(catalogue.scale_min), number(catalogue.scale_max)
    valid = f"AND(ISNUMBER({here}),{here}>={low},{here}<={high})"
    na, dk = quoted(form.scale["na"]), quoted(form.scale["dk"])
    for doubt in form.draft.doubts:
        place = form.place(doubt)
        options = {"type": "blanks", "format": book.change(bg_color="alert_bg"), "stop_if_true": True}
        sheet.condition(*place, *place, options)
    when(score, f'AND({given},{here}="")', bg_color="input")
    when(0, f'AND({given},{here}="")', font_color="warn_text", bold=True)
    when(score, f"OR({here}={na},{here}={dk})", font_color="slate")
    when(
        score,
        f'AND({given},{here}<>"",NOT({valid}),{here}<>{na},{here}<>{dk})',
        font_color="alert",
        bg_color="alert_bg",
    )
    for step in catalogue.steps:
        label = step.label.in_(form.lang).replace('"', "")
        when(score, f"AND({given},ISNUMBER({here}),{here}={step.value})", num_format=f'0" {label}"')
    if form.target is not None:
        goal = at(form.target)
        when(form.target, f'AND({given},{valid},{goal}="")', bg_color="input")
        wrong = f"NOT(AND(ISNUMBER({goal}),{goal}>={low},{goal}<={high}))"
        when(form.target, f'AND({given},{goal}<>"",{wrong})', font_color="alert", bg_color="alert_bg")
    evidence = form.column("evidence")
    unproven = f'AND({given},{valid},{here}>={number(form.proven_from)},{at(evidence)}="")'
    when(evidence, unproven, bg_color="alert_bg")
