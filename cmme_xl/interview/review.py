"""What a clarification asks again: the list of doubtful cells, each with its link, and how many are still empty."""

from dataclasses import dataclass

from cmme_xl.interview.draft import Doubt
from cmme_xl.interview.form import Form
from cmme_xl.interview.wording import Live, constant, either, link
from cmme_xl.spreadsheet import Book, Sheet, local
from cmme_xl.spreadsheet.measure import clip, height
from cmme_xl.spreadsheet.page import CELLS, GRID, head

SHEET = "_review"
TARGET, STILL = 0, 1
# (key of the heading, first and last cell of the page's grid, alignment)
COLUMNS = (
    ("cell", 1, 3, "left"), ("question", 4, 11, "left"), ("typed", 12, 15, "left"), ("reason", 16, 22, "left"),
    ("state", 23, CELLS, "center"),
)  # fmt: skip
HEAD_PX, LEAST_PX, POINTS, LONGEST_TYPED = 30, 40, 9, 300


@dataclass(frozen=True)
class Review:
    """Live figures of the doubtful cells, all of which are empty as the workbook goes out."""

    form: Form

    @property
    def doubts(self) -> tuple[Doubt, ...]:
        return self.form.draft.doubts

    def open(self) -> Live:
        """How many are still empty."""
        return Live(self._at(len(self.doubts), STILL), len(self.doubts))

    def next(self) -> Live:
        """The place of the first that is still empty, as a link's target; "" where none is."""
        return Live(self._at(len(self.doubts), TARGET), self.target(self.doubts[0]))

    def target(self, doubt: Doubt) -> str:
        return self.form.link("questions", *self.form.place(doubt))

    def state(self, number: int) -> Live:
        """Whether doubt `number`, from 0, is still empty, in words."""
        open_, done = (constant(self.form.words(f"review.{key}")) for key in ("open", "done"))
        return either(f"{self._at(number, STILL)}=1", True, open_, done)

    def _at(self, row: int, column: int) -> str:
        return f"{SHEET}!{local(row, column, fix_row=True, fix_column=True)}"

    def draw(self, book: Book) -> Sheet:
        """Write the very hidden sheet: a row per doubt, then what they come to."""
        sheet, style = book.hidden_sheet(SHEET), book.style()
        for row, doubt in enumerate(self.doubts):
            target = self.target(doubt)
            sheet.text(row, TARGET, target, style)
            sheet.formula(row, STILL, f'=IF({target}="",1,0)', 1, style)
        last = len(self.doubts)
        targets, still = (f"{local(0, column)}:{local(last - 1, column)}" for column in (TARGET, STILL))
        first = f'=IF({local(last, STILL)}=0,"",INDEX({targets},MATCH(1,{still},0)))'
        sheet.formula(last, TARGET, first, self.target(self.doubts[0]), style)
        sheet.formula(last, STILL, f"=SUM({still})", last, style)
        return sheet


def draw(book: Book, form: Form, review: Review, header: str, footer: str | None) -> Sheet:
    """Add the sheet that lists them."""
    words = form.words
    sheet = book.sheet(words.sheet("review"), GRID, tab="alert", fit=(1, 0), header=header, footer=footer)
    total, open_ = Live(str(len(form.draft.doubts)), len(form.draft.doubts)), review.open()
    to_do = words.live("review.title", open=open_, total=total)
    title = either(f"{open_.text}=0", False, constant(words("review.title_done")), to_do)
    top = head(
        sheet, title.formula, words("review.subtitle"), CELLS,
        links=form.navigation, here=form.sheets.index("review"), span=3, title_value=str(title.value),
    )  # fmt: skip
    sheet.rows(top, [HEAD_PX])
    for key, first, last, align in COLUMNS:
        look = book.style(font_size=POINTS, bold=True, font_color="white", bg_color="brand", align=align)
        sheet.text(top, first, words(f"review.{key}"), look, (top, last))
    for number, doubt in enumerate(form.draft.doubts):
        _row(sheet, form, review, top + 1 + number, number, doubt)
    end = top + len(form.draft.doubts)
    waiting = book.change(bg_color="alert_bg", font_color="alert")
    rule = {"type": "cell", "criteria": "==", "value": f'"{words("review.open")}"', "format": waiting}
    sheet.condition(top + 1, COLUMNS[-1][1], end, CELLS, rule)
    sheet.repeat(top, top)
    sheet.freeze(top + 1)
    sheet.print_to(end, CELLS + 1)
    sheet.protect()
    return sheet


def _row(sheet: Sheet, form: Form, review: Review, row: int, number: int, doubt: Doubt) -> None:
    book, line = sheet.book, {"bottom": 1, "bottom_color": "hair"}
    wrapped = book.style(font_size=POINTS, text_wrap=True, **line)
    cell, *written, last = COLUMNS
    texts = (form.catalogue.questions[doubt.question].text.in_(form.lang), clip(doubt.raw, LONGEST_TYPED), doubt.reason)
    tall = max(height(text, sheet.span(*at[1:3]), POINTS) for at, text in zip(written, texts, strict=True))
    sheet.rows(row, [max(LEAST_PX, tall)])
    go = book.style(bold=True, font_color="brand2", underline=1, **line)
    sheet.jump(row, cell[1], f"{form.label(doubt)} ›", review.target(doubt), go, (row, cell[2]))
    for (_, first, end, _), text in zip(written, texts, strict=True):
        sheet.text(row, first, text, wrapped, (row, end))
    state, style = review.state(number), book.style(align="center", font_size=POINTS, **line)
    sheet.formula(row, last[1], state.formula, state.value, style, (row, last[2]))


def first_link(review: Review, label: Live) -> Live:
    """A link to the first cell that is still empty."""
    return link(f'"#"&{review.next().text}', label)
