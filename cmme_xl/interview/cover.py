"""The cover: for whom, for what, until when, what becomes of the answers, and the way in."""

from cmme_xl.interview.bands import data_bar, questions_cell
from cmme_xl.interview.form import Form
from cmme_xl.interview.review import Review, first_link
from cmme_xl.interview.tally import Tally
from cmme_xl.interview.wording import constant, either, link
from cmme_xl.spreadsheet import Book, Sheet
from cmme_xl.spreadsheet.measure import height
from cmme_xl.spreadsheet.page import GRID, tile, written
from cmme_xl.spreadsheet.stamp import Slots

PANEL_LAST, LEFT, VALUE, RIGHT = 8, 10, 13, 24
# rows of the page
GREETING, INTRO, TILES, FACTS, NOTES, STATE, BUTTONS, CODE = 1, 2, 4, 8, 12, 16, 18, 20
TITLE, FOOT = 2, 16
GREETING_POINTS, INTRO_POINTS, NOTE_POINTS = 18, 11, 9
SHOWN = 4


def draw(book: Book, form: Form, tally: Tally, slots: Slots, header: str, footer: str | None) -> Sheet:
    """Add the cover; the texts of the person go into `slots`: greeting, respondent, appointment, code."""
    sheet = book.sheet(form.words.sheet("cover"), GRID, tab="brand", header=header, footer=footer)
    _rows(sheet, form)
    _panel(sheet, form)
    large = book.style(font_size=GREETING_POINTS, bold=True, font_color="brand")
    slots.put(sheet, GREETING, LEFT, "greeting", large, (GREETING, RIGHT))
    intro = book.style(font_size=INTRO_POINTS, text_wrap=True, valign="top")
    sheet.text(INTRO, LEFT, _intro(form), intro, (INTRO, RIGHT))
    _tiles(sheet, form)
    _facts(sheet, form, slots)
    _notes(sheet, form)
    _state(sheet, form, tally)
    _buttons(sheet, form, tally)
    small = {"font_size": 8, "font_color": "muted"}
    sheet.text(CODE, LEFT, form.words("cover.code"), book.style(**small), (CODE, VALUE))
    slots.put(sheet, CODE, VALUE + 1, "code", book.style(align="right", **small), (CODE, RIGHT))
    sheet.print_to(CODE, RIGHT + 1)
    sheet.activate(BUTTONS, LEFT)
    sheet.protect()
    return sheet


def _intro(form: Form) -> str:
    if form.clarifies:
        return form.words("cover.intro_clarification", count=len(form.draft.doubts))
    kind = form.outsider or ("_target" if form.target is not None else "")
    return form.words(f"cover.intro{kind}", enterprise=form.enterprise)


def _note_lines(form: Form) -> tuple[tuple[str, str], ...]:
    words = form.words
    if form.clarifies:
        return (
            (words("cover.kept"), words("cover.kept_text")),
            (words("cover.review"), ""),
            (words("cover.hand_in"), words("cover.hand_in_text")),
        )
    use = words(f"cover.use_text{form.outsider}")
    return (
        (words("cover.use"), use),
        (words("cover.editing"), words("cover.editing_text")),
        (words("cover.hand_in"), words("cover.hand_in_text")),
    )


def _rows(sheet: Sheet, form: Form) -> None:
    sheet.rows(0, [50, 48, height(_intro(form), sheet.span(LEFT, RIGHT), INTRO_POINTS, padding=4), 34])
    sheet.rows(TILES, [24, 46, 24, 34, 38, 38, 38, 30])
    texts = [text for _, text in _note_lines(form)]
    heights = [max(38, height(text, sheet.span(VALUE, RIGHT), NOTE_POINTS)) for text in texts]
    sheet.rows(NOTES, [*heights, 34, 32, 20, 56, 26, 24])


def _panel(sheet: Sheet, form: Form) -> None:
    """The coloured panel on the left: what this is and whose."""
    book, words = sheet.book, form.words
    look = {"bg_color": "brand"}
    sheet.column_style(0, PANEL_LAST, book.style(**look))
    last = PANEL_LAST
    kind = book.style(font_size=12, bold=True, font_color="accent2", **look)
    sheet.text(GREETING, 1, kind_of(form), kind, (GREETING, last))
    title = book.style(font_size=24, bold=True, font_color="white", text_wrap=True, valign="top", **look)
    sheet.text(TITLE, 1, form.catalogue.subject.in_(form.lang), title, (TILES + 2, last))
    sheet.fill(TILES + 3, 1, 2, book.style(top=5, top_color="accent", **look))
    small = book.style(font_size=9, font_color="brand3", **look)
    if form.anonymous:
        lines = (words("cover.name_external"), form.engagement, form.consultancy)
    elif form.external:
        lines = (form.enterprise, words("cover.name_customer"), form.consultancy)
    else:
        lines = (form.enterprise, form.name, form.consultancy)
    styles = (
        book.style(font_size=14, bold=True, font_color="white", text_wrap=True, **look),
        book.style(font_color="tint", text_wrap=True, **look),
        small,
    )
    for row, line, style in zip((FOOT - 2, FOOT, BUTTONS), lines, styles, strict=True):
        if line:
            sheet.text(row, 1, line, style, (row, last))
    sheet.text(CODE, 1, book.brand.confidential[form.lang], small, (CODE, last))


def kind_of(form: Form) -> str:
    """What this workbook is, in words."""
    return form.words("cover.kind_clarification" if form.clarifies else "cover.kind")


def _tiles(sheet: Sheet, form: Form) -> None:
    words = form.words
    if form.clarifies:
        left = words.live("cover.review_left", open=Review(form).open())
        label, figure, note, live = words("cover.review_count"), len(form.draft.doubts), str(left.value), left.formula
    else:
        count = "cover.count_note_target" if form.target is not None else "cover.count_note"
        label, figure, note, live = words("cover.count"), len(form.questions), words(count), None
    tile(
        sheet,
        TILES,
        LEFT,
        LEFT + 3,
        label,
        figure,
        note,
        colour="brand",
        number_format="0",
        note_formula=live,
    )
    minutes = words("cover.minutes_value", minutes=form.minutes)
    tile(sheet, TILES, LEFT + 5, LEFT + 8, words("cover.minutes"), minutes, words("cover.minutes_note"))
    if form.due:
        due, note = form.due.isoformat(), words("cover.due_note", weekday=words.weekday(form.due))
    else:
        due, note = words("cover.due_open"), words("cover.due_open_note")
    tile(sheet, TILES, LEFT + 10, RIGHT, words("cover.due"), due, note, colour="accent")


def _facts(sheet: Sheet, form: Form, slots: Slots) -> None:
    book, words = sheet.book, form.words
    line = {"bottom": 1, "bottom_color": "rule"}
    label = book.style(font_size=9, font_color="slate", **line)
    value = book.style(text_wrap=True, **line)
    for row, key in enumerate(("respondent", "appointment", "contact"), FACTS):
        sheet.text(row, LEFT, words(f"cover.{key}"), label, (row, VALUE - 1))
        if key == "contact":
            sheet.text(row, VALUE, form.contact or words("cover.contact_none"), value, (row, RIGHT))
        else:
            slots.put(sheet, row, VALUE, key, value, (row, RIGHT))


def _notes(sheet: Sheet, form: Form) -> None:
    book = sheet.book
    line = {"bottom": 1, "bottom_color": "hair", "text_wrap": True}
    for row, (label, text) in enumerate(_note_lines(form), NOTES):
        sheet.text(row, LEFT, label, book.style(font_size=9, bold=True, font_color="brand", **line), (row, VALUE - 1))
        if text:
            sheet.text(row, VALUE, text, book.style(font_size=NOTE_POINTS, font_color="slate", **line), (row, RIGHT))
        else:
            _links(sheet, form, row)


def _links(sheet: Sheet, form: Form, row: int) -> None:
    """The first doubtful cells, as many as there is room for, and the list of all."""
    review, line = Review(form), {"bottom": 1, "bottom_color": "hair"}
    style = sheet.book.style(font_size=NOTE_POINTS, bold=True, font_color="alert", underline=1, **line)
    sheet.fill(row, VALUE, RIGHT, sheet.book.style(**line))
    links = [(form.label(doubt), review.target(doubt)) for doubt in form.draft.doubts[:SHOWN]]
    if len(form.draft.doubts) > SHOWN:
        links[-1] = (form.words("cover.review_all", count=len(form.draft.doubts)), form.link("review"))
    cells = (RIGHT + 1 - VALUE) // SHOWN
    for first, (label, target) in zip(range(VALUE, RIGHT + 1, cells), links, strict=False):
        sheet.jump(row, first, f"{label} ›", target, style, (row, first + cells - 1))


def _state(sheet: Sheet, form: Form, tally: Tally) -> None:
    """The live bar and count."""
    book, share = sheet.book, tally.share()
    bar = book.style(num_format="0%", align="left", indent=1, bold=True, font_color="brand", bg_color="panel")
    sheet.formula(STATE, LEFT, share.formula, share.value, bar, (STATE, RIGHT - 5))
    sheet.condition(STATE, LEFT, STATE, LEFT, data_bar(book))
    count = form.words.live("cover.progress", done=tally.figure("answered"), total=tally.figure("asked"))
    style = book.style(bold=True, font_color="brand", align="right")
    written(sheet, STATE, RIGHT - 4, count.formula, count.value, style, (STATE, RIGHT))


def _buttons(sheet: Sheet, form: Form, tally: Tally) -> None:
    """One large button to the first open question, small ones to the other sheets."""
    book, words = sheet.book, form.words
    row, open_, answered = tally.figure("next"), tally.figure("open"), tally.figure("answered")
    if form.clarifies:
        open_, go = Review(form).open(), first_link(Review(form), constant(words("cover.start_clarification")))
    else:
        label = either(f"{answered.text}=0", True, constant(words("cover.start")), constant(words("cover.carry_on")))
        go = link(f'"#{questions_cell(form)}"&{row.text}', label)
    start = either(f"{open_.text}<=0", False, constant(words("cover.complete")), go)
    big = book.style(bold=True, font_size=13, font_color="brand", bg_color="accent2", align="center")
    sheet.formula(BUTTONS, LEFT, start.formula, start.value, big, (BUTTONS, LEFT + 5))
    others = [role for role in form.sheets if role not in ("cover", "questions")]
    cells = 9 // len(others)
    small = book.style(font_color="brand", bg_color="tint2", align="center", left=5, left_color="white", font_size=9)
    for number, role in enumerate(others):
        first = RIGHT + 1 - cells * (len(others) - number)
        sheet.jump(BUTTONS, first, f"{words(f'link.{role}')} ›", form.link(role), small, (BUTTONS, first + cells - 1))
