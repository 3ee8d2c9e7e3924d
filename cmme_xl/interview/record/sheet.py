"""The record itself: what was answered, what is agreed and on what evidence, with rubric and hints at hand."""

from collections.abc import Mapping

from xlsxwriter.format import Format

from cmme_xl.catalogue import Dimension, Indicator, Question
from cmme_xl.formulas import number, quoted
from cmme_xl.interview import bands
from cmme_xl.interview.form import FIRST_ROW, HEADER_ROW, LEAD_ROW
from cmme_xl.interview.record.form import OWN, RecordForm
from cmme_xl.interview.record.reckoning import Reckoning
from cmme_xl.interview.record.wording import compared, standing
from cmme_xl.interview.tally import Tally
from cmme_xl.interview.wording import TEMPLATE, constant, either, link
from cmme_xl.spreadsheet import Book, Sheet, local
from cmme_xl.spreadsheet.measure import clip, height, tallest
from cmme_xl.templates import template

HEADER_PX, LEAD_PX, DIMENSION_PX, INDICATOR_PX, QUESTION_PX = 34, 32, 32, 26, 56
HINT_POINTS, WROTE_POINTS, INDENT_PX = 8, 8, 9
LONGEST_WROTE = 400
WRITTEN = ("id", "question", "own_evidence", "evidence", "comment")
DIFFERS = 2
"""From so many points on, what is agreed is far from what was answered."""


def draw(book: Book, form: RecordForm, tally: Tally, reckoning: Reckoning, header: str, footer: str | None) -> Sheet:
    """Add the sheet."""
    widths = [column.width for column in form.columns]
    sheet = book.sheet(form.words.sheet(form.asking), widths, tab="accent", fit=None, header=header, footer=footer)
    heights = _heights(form)
    sheet.rows(HEADER_ROW, [heights[row] for row in sorted(heights)])
    _head(sheet, form)
    _lead(sheet, form, tally, reckoning)
    for row, item in form.rows():
        if isinstance(item, Dimension):
            _dimension_band(sheet, form, tally, reckoning, item)
        elif isinstance(item, Indicator):
            _indicator_band(sheet, form, reckoning, item)
            _rubric(sheet, form, item)
        else:
            _question(sheet, form, row, item)
    _choices(sheet, form)
    _conditions(sheet, form)
    bands.paginate(sheet, form, heights, LEAD_PX)
    sheet.freeze(FIRST_ROW)
    sheet.select(form.first_question_row, form.score)
    sheet.protect()
    return sheet


def _heights(form: RecordForm) -> dict[int, int]:
    heights = {HEADER_ROW: HEADER_PX, LEAD_ROW: LEAD_PX}
    px = form.columns[form.column("question")].width - INDENT_PX
    wrote_px = form.columns[form.column("own_evidence")].width - INDENT_PX
    wide = sum(column.width for column in form.columns[form.column("question") :]) - INDENT_PX
    for row, item in form.rows():
        if isinstance(item, Question):
            hints = "\n".join(hint + text for hint, text in _hints(form, item))
            own = height(item.text.in_(form.lang), px, padding=4) + height(hints, px, HINT_POINTS, padding=8)
            heights[row] = max(QUESTION_PX, own, height(_wrote(form, item), wrote_px, WROTE_POINTS, padding=8))
        elif isinstance(item, Indicator):
            heights[row] = INDICATOR_PX
            steps = "\n".join(" ".join(part) for part in _steps(form, item))
            heights[form.rubric_row(item)] = tallest([(steps, wide)], HINT_POINTS, padding=8)
        else:
            heights[row] = DIMENSION_PX
    return heights


# --- bands


def _head(sheet: Sheet, form: RecordForm) -> None:
    for column, entry in enumerate(form.columns):
        bg = "brand2" if entry.role.startswith("own") else "brand"
        look = {"font_size": 9, "bold": True, "font_color": "white", "bg_color": bg, "text_wrap": True}
        place = {"align": "left", "indent": 1} if entry.role in WRITTEN else {"align": "center"}
        sheet.text(HEADER_ROW, column, entry.header, sheet.book.style(**look, **place))


def _lead(sheet: Sheet, form: RecordForm, tally: Tally, reckoning: Reckoning) -> None:
    """Where one stands: total and level, how to get to what is not agreed yet, how much is."""
    book, words = sheet.book, form.words
    line = {"bg_color": "panel", "bottom": 1, "bottom_color": "rule"}
    last = len(form.columns) - 1
    sheet.fill(LEAD_ROW, 0, last, book.style(**line))
    total = standing(form, reckoning)
    style = book.style(bold=True, font_color="brand", indent=1, **line)
    sheet.formula(LEAD_ROW, form.column("question"), total.formula, total.value, style)
    row = tally.figure("next")
    onward = link(f'"#{bands.questions_cell(form)}"&{row.text}', words.live("record.next", row=row))
    shown = either(f"{row.text}=0", False, constant(words("record.complete")), onward)
    style = book.style(bold=True, font_color="brand2", underline=1, **line)
    sheet.formula(LEAD_ROW, form.score, shown.formula, shown.value, style)
    share = tally.share()
    style = book.style(num_format=words("record.share"), align="left", indent=1, font_color="brand", **line)
    sheet.formula(LEAD_ROW, last - 1, share.formula, share.value, style)
    sheet.condition(LEAD_ROW, last - 1, LEAD_ROW, last - 1, bands.data_bar(book))
    count = words.live("record.count", done=tally.figure("answered"), total=tally.figure("asked"))
    style = book.style(font_size=9, font_color="slate", align="right", indent=1, **line)
    sheet.formula(LEAD_ROW, last, count.formula, count.value, style)


def _dimension_band(sheet: Sheet, form: RecordForm, tally: Tally, reckoning: Reckoning, dimension: Dimension) -> None:
    done, asked = tally.figure("answered", dimension), tally.figure("asked", dimension)
    look = bands.of_dimension(sheet, form, dimension, form.words.live("record.count", done=done, total=asked))
    _scores(sheet, form, reckoning, form.blocks[dimension.id].band, dimension.id, look)


def _indicator_band(sheet: Sheet, form: RecordForm, reckoning: Reckoning, indicator: Indicator) -> None:
    look = bands.of_indicator(sheet, form, indicator, complete=False)
    _scores(sheet, form, reckoning, form.blocks[indicator.id].band, indicator.id, look)


def _scores(
    sheet: Sheet, form: RecordForm, reckoning: Reckoning, row: int, node: str, look: Mapping[str, object]
) -> None:
    """The person's own score of a node and the one that stands: in words, outside the columns where scores count."""
    shown = compared(form, reckoning, node)
    style = sheet.book.style(font_size=9, indent=1, **look)
    sheet.formula(row, form.column("evidence"), shown.formula, shown.value, style)


def _steps(form: RecordForm, indicator: Indicator) -> list[tuple[str, str]]:
    """The scores that the rubric describes, low, half way up and at the top, and what it says of each."""
    steps, rubric = form.catalogue.steps, indicator.rubric
    values = (steps[1].value, steps[len(steps) // 2].value, steps[-1].value)
    texts = (rubric.one, rubric.three, rubric.five)
    return [
        (form.words("record.step", value=value), text.in_(form.lang)) for value, text in zip(values, texts, strict=True)
    ]


def _rubric(sheet: Sheet, form: RecordForm, indicator: Indicator) -> None:
    book, row = sheet.book, form.rubric_row(indicator)
    line = {"bottom": 1, "bottom_color": "rule", "bg_color": "panel"}
    score = book.style(font_size=HINT_POINTS, bold=True, font_color="brand2")
    text = book.style(font_size=HINT_POINTS, font_color="slate")
    parts: list[tuple[str, Format]] = []
    for place, (value, meaning) in enumerate(_steps(form, indicator)):
        parts += [(("\n" if place else "") + value, score), (f"  {meaning}", text)]
    sheet.blank(row, 0, book.style(**line))
    wrapped = book.style(font_size=HINT_POINTS, font_color="slate", text_wrap=True, indent=1, **line)
    sheet.rich(row, 1, parts, wrapped, (row, len(form.columns) - 1))


# --- questions


def _hints(form: RecordForm, question: Question) -> list[tuple[str, str]]:
    """What would prove a high score, and what earns the next point, each with the words before it."""
    texts = {"proof": question.evidence, "next_point": question.next}
    return [(form.words(f"record.{key}"), text.in_(form.lang)) for key, text in texts.items() if text.in_(form.lang)]


def _wrote(form: RecordForm, question: Question) -> str:
    """Their evidence and comment; where a score wants evidence and has none, that it is to be asked for."""
    note = form.words("record.unproven") if _unproven(form, question) else ""
    return "\n".join(filter(None, (clip(form.wrote(question.id), LONGEST_WROTE), note)))


def _question(sheet: Sheet, form: RecordForm, row: int, question: Question) -> None:
    looks = _looks(sheet.book)
    for column, entry in enumerate(form.columns):
        if entry.role == "id":
            sheet.text(row, column, question.id, looks["id"])
        elif entry.role == "question":
            _asked(sheet, form, row, column, question, looks["question"])
        elif entry.role in OWN:
            _own(sheet, form, row, column, question, OWN[entry.role])
        elif entry.role == "own_evidence":
            look = "unproven" if _unproven(form, question) else entry.role
            sheet.text(row, column, _wrote(form, question), looks[look])
        else:
            sheet.blank(row, column, looks.get(entry.role, looks["score"]))


def _asked(sheet: Sheet, form: RecordForm, row: int, column: int, question: Question, style: Format) -> None:
    book = sheet.book
    label = book.style(font_size=HINT_POINTS, font_color="brand2")
    hint = book.style(font_size=HINT_POINTS, font_color="slate")
    parts = [(question.text.in_(form.lang), book.style())]
    for words, text in _hints(form, question):
        parts += [(f"\n{words}", label), (text, hint)]
    if len(parts) > 1:
        sheet.rich(row, column, parts, style)
    else:
        sheet.text(row, column, question.text.in_(form.lang), style)


def _own(sheet: Sheet, form: RecordForm, row: int, column: int, question: Question, angle: str) -> None:
    """A score as a number; words small; what contradicts itself or was not understood as it was typed."""
    said, looks = form.said(question.id, angle), _looks(sheet.book)
    if isinstance(said, str):
        sheet.text(row, column, said, looks["doubt" if form.is_doubtful(question.id, angle) else "word"])
    else:
        sheet.number(row, column, said, looks["own"])


def _unproven(form: RecordForm, question: Question) -> bool:
    """Whether the person gave a score that wants evidence, and none."""
    said = form.said(question.id, "current")
    return isinstance(said, float | int) and said >= form.proven_from and question.id not in form.own.evidence


def _looks(book: Book) -> dict[str, Format]:
    line = {"bottom": 1, "bottom_color": "rule"}
    own = {"align": "center", "bg_color": "panel", **line}
    wrote = {"font_size": WROTE_POINTS, "bg_color": "panel", "text_wrap": True, "indent": 1, **line}
    answer = {"locked": False, "border": 1, "border_color": "rule"}
    return {
        **bands.styles(book),
        "own": book.style(font_size=11, font_color="brand2", bold=True, shrink=True, **own),
        "word": book.style(font_size=8, font_color="slate", text_wrap=True, **own),
        "doubt": book.style(font_size=8, font_color="alert", text_wrap=True, **{**own, "bg_color": "alert_bg"}),
        "own_evidence": book.style(font_color="slate", **wrote),
        "unproven": book.style(font_color="alert", **wrote),
        "proof": book.style(font_size=9, align="center", text_wrap=True, **answer),
    }


# --- what filling it in is like


def _choices(sheet: Sheet, form: RecordForm) -> None:
    """Drop-downs on the cells for what is agreed."""
    words = form.words
    bands.offer_scores(sheet, form, words("record.prompt_target"))
    proofs = [word[form.lang] for word in template(TEMPLATE)["record"]["proof"].values()]
    bands.offer(sheet, form, form.column("proof"), proofs, words("record.prompt_proof"), words("record.error_proof"))


def _conditions(sheet: Sheet, form: RecordForm) -> None:
    """Colours that answer for themselves. A row with an id is a question row."""
    book, catalogue = sheet.book, form.catalogue
    top, last = FIRST_ROW, form.last_row

    def at(role: str) -> str:
        return local(top, form.column(role), fix_column=True)

    def when(role: str, criteria: str, **change: object) -> None:
        options = {"type": "formula", "criteria": f"=AND({asked},{criteria})", "format": book.change(**change)}
        sheet.condition(top, form.column(role), last, form.column(role), options)

    asked = f'{at("id")}<>""'
    agreed, own = at("current"), at("own")
    low, high = number(catalogue.scale_min), number(catalogue.scale_max)
    na, dk = quoted(form.scale["na"]), quoted(form.scale["dk"])

    def valid(cell: str) -> str:
        return f"ISNUMBER({cell}),{cell}>={low},{cell}<={high}"

    when("current", f'{agreed}=""', bg_color="input")
    when("id", f'{agreed}=""', font_color="warn_text", bold=True)
    when("current", f"OR({agreed}={na},{agreed}={dk})", font_color="slate")
    wrong = f'{agreed}<>"",NOT(AND({valid(agreed)})),{agreed}<>{na},{agreed}<>{dk}'
    when("current", wrong, font_color="alert", bg_color="alert_bg")
    for step in catalogue.steps:
        label = step.label.in_(form.lang).replace('"', "")
        when("current", f"ISNUMBER({agreed}),{agreed}={step.value}", num_format=f'0" {label}"')
    if form.target is not None:
        goal = at("target")
        when("target", f'{goal}<>"",NOT(AND({valid(goal)}))', font_color="alert", bg_color="alert_bg")
    far = f"ISNUMBER({agreed}),ISNUMBER({own}),ABS({agreed}-{own})>={DIFFERS}"
    when("own", far, font_color="warn_text", bg_color="input")
    unproven = f'{valid(agreed)},{agreed}>={number(form.proven_from)},{at("proof")}=""'
    when("proof", unproven, bg_color="alert_bg")
