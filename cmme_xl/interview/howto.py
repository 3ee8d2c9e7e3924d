"""How to answer: the scale, the two words, the steps, what counts as evidence, the colours. One page."""

from collections.abc import Sequence

from cmme_xl.interview.form import Form
from cmme_xl.spreadsheet import Book, Sheet
from cmme_xl.spreadsheet.measure import height
from cmme_xl.spreadsheet.page import CELLS, GRID, head, section

STEP_COLOURS = 6
SCALE, WORDS, LISTS = 7, 13, 17
STEPS, PROOF, COLOURS = (1, 8), (10, 16), (18, 24)


def draw(book: Book, form: Form, header: str, footer: str | None) -> Sheet:
    """Add the sheet."""
    words = form.words
    sheet = book.sheet(words.sheet("howto"), GRID, tab="brand2", header=header, footer=footer)
    subtitle = words("howto.subtitle_target" if form.target is not None else "howto.subtitle")
    here = form.sheets.index("howto")
    row = head(sheet, words("howto.title"), subtitle, CELLS, links=form.navigation, here=here, span=3)
    section(sheet, row, 1, CELLS, words("howto.scale", **form.scale), words("howto.scale_note"))
    scale(sheet, form, SCALE)
    _off_scale(sheet, form)
    last = _lists(sheet, form)
    sheet.print_to(last, CELLS + 1)
    sheet.protect()
    return sheet


def scale(sheet: Sheet, form: Form, row: int) -> int:
    """One column per step, the darker the higher, from `row` on; returns the row below."""
    book, steps = sheet.book, form.catalogue.steps
    cells = CELLS // len(steps)
    tallest = max(height(s.meaning.in_(form.lang), cells * GRID[1] - 12, 9) for s in steps)
    sheet.rows(row, [12, 66, 34, tallest + 12, 24])
    for number, step in enumerate(steps):
        shade = round(number * (STEP_COLOURS - 1) / max(1, len(steps) - 1))
        colours = {"bg_color": f"step{shade}", "font_color": f"step{shade}_text"}
        look = {"align": "center", "left": 5, "right": 5, "left_color": "white", "right_color": "white", **colours}
        first = 1 + cells * number
        last = first + cells - 1
        sheet.number(row + 1, first, step.value, book.style(font_size=28, bold=True, **look), (row + 1, last))
        name = book.style(font_size=12, bold=True, **look)
        sheet.text(row + 2, first, step.name.in_(form.lang), name, (row + 2, last))
        meaning = book.style(font_size=9, text_wrap=True, **{**look, "valign": "top"})
        sheet.text(row + 3, first, step.meaning.in_(form.lang), meaning, (row + 3, last))
    return row + 4


def _off_scale(sheet: Sheet, form: Form) -> None:
    book, catalogue, lang = sheet.book, form.catalogue, form.lang
    section(sheet, WORDS - 1, 1, CELLS, form.words("howto.off_scale"))
    sheet.rows(WORDS, [54, 24])
    half = CELLS // 2
    name = book.style(bold=True, align="center", font_color="slate", bg_color="panel")
    text = book.style(font_size=9, font_color="slate", text_wrap=True, indent=1)
    for first, word, meaning in (
        (1, catalogue.na, catalogue.na_meaning),
        (half + 1, catalogue.dk, catalogue.dk_meaning),
    ):
        sheet.text(WORDS, first, word.in_(lang), name, (WORDS, first + 2))
        sheet.text(WORDS, first + 3, meaning.in_(lang), text, (WORDS, first + half - 2))


def _steps(form: Form) -> list[tuple[str, str]]:
    keys = (
        ["score", "target", "evidence", "hand_in"]
        if form.target is not None
        else ["score", "evidence", "review", "hand_in"]
    )
    words, scale = form.words, form.scale
    return [(words(f"howto.{key}"), words(f"howto.{key}_text", **scale)) for key in keys]


def _lists(sheet: Sheet, form: Form) -> int:
    """Three lists side by side on shared rows; returns the last row."""
    words = form.words
    steps = _steps(form)
    proofs = [(words(f"howto.{key}"), words(f"howto.{key}_text")) for key in ("document", "figure", "case")]
    colours = _colours(form)
    for (first, last), key in ((STEPS, "steps"), (PROOF, "proof"), (COLOURS, "colours")):
        section(sheet, LISTS - 2, first, last, words(f"howto.{key}"))
    count = max(len(steps), len(proofs) + 1, len(colours))
    texts = [*(text for _, text in steps), *(text for _, text in proofs)]
    tallest = max(height(text, (STEPS[1] - STEPS[0] - 2) * GRID[1], 9) for text in texts)
    sheet.rows(LISTS - 1, [8, *([max(52, tallest)] * count)])
    _numbered(sheet, steps)
    _proof(sheet, proofs, words("howto.no_proof"))
    _samples(sheet, colours)
    return LISTS + count - 1


def _numbered(sheet: Sheet, steps: Sequence[tuple[str, str]]) -> None:
    book, (first, last), line = sheet.book, STEPS, {"bottom": 1, "bottom_color": "hair"}
    for row, (name, text) in enumerate(steps, LISTS):
        sheet.number(
            row,
            first,
            row - LISTS + 1,
            book.style(font_size=16, bold=True, font_color="brand2", align="center", **line),
        )
        sheet.text(row, first + 1, name, book.style(bold=True, text_wrap=True, **line), (row, first + 2))
        style = book.style(font_size=9, font_color="slate", text_wrap=True, **line)
        sheet.text(row, first + 3, text, style, (row, last))


def _proof(sheet: Sheet, proofs: Sequence[tuple[str, str]], no_proof: str) -> None:
    book, (first, last), line = sheet.book, PROOF, {"bottom": 1, "bottom_color": "hair"}
    small = book.style(font_size=9, font_color="slate", text_wrap=True, **line)
    for row, (name, text) in enumerate(proofs, LISTS):
        sheet.text(row, first, name, book.style(bold=True, **line), (row, first + 1))
        sheet.text(row, first + 2, text, small, (row, last))
    row = LISTS + len(proofs)
    sheet.text(row, first, no_proof, book.style(font_size=9, font_color="alert", text_wrap=True), (row, last))


def _colours(form: Form) -> list[tuple[str, dict[str, object], str]]:
    """(sample text, its look, what it means) as the questionnaire shows it."""
    words, catalogue = form.words, form.catalogue
    step = catalogue.steps[-3]
    scored = f"{step.value} {step.label.in_(form.lang)}"
    edge = {"border": 1, "border_color": "rule"}
    return [
        ("", {"bg_color": "input", **edge}, words("howto.open")),
        (scored, {"bold": True, "font_color": "brand", **edge}, words("howto.scored")),
        (form.scale["na"], {"font_color": "slate", **edge}, words("howto.unscored")),
        ("", {"bg_color": "alert_bg", **edge}, words("howto.unproven", **form.scale)),
        (
            words("howto.unreadable_sample"),
            {"bg_color": "alert_bg", "font_color": "alert", **edge},
            words("howto.unreadable"),
        ),
    ]


def _samples(sheet: Sheet, colours: Sequence[tuple[str, dict[str, object], str]]) -> None:
    book, (first, last) = sheet.book, COLOURS
    for row, (sample, look, meaning) in enumerate(colours, LISTS):
        sheet.text(row, first, sample, book.style(align="center", **look), (row, first + 1))
        style = book.style(font_size=9, font_color="slate", text_wrap=True, indent=1)
        sheet.text(row, first + 2, meaning, style, (row, last))
