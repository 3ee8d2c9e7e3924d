"""The live score of one person's answers: total, level, radar and a row per dimension. Only for a self-assessment."""

from cmme_xl import formulas
from cmme_xl.catalogue import Dimension
from cmme_xl.interview.form import Form
from cmme_xl.interview.tally import Tally
from cmme_xl.interview.weighing import Weighing
from cmme_xl.interview.wording import Live, constant, either
from cmme_xl.scoring import round_half_away
from cmme_xl.spreadsheet import Book, Sheet
from cmme_xl.spreadsheet.charts import RowChart, Series, bar, radar, row_bars
from cmme_xl.spreadsheet.page import CELLS, GRID, head, section

RADAR = (1, 10)
NAME, BARS = 12, 15
HEAD_PX, ROW_PX, RADAR_PX = 30, 48, 470
FEWEST_FOR_RADAR = 3


def draw(book: Book, form: Form, tally: Tally, weighing: Weighing, header: str, footer: str | None) -> Sheet:
    """Add the sheet."""
    words = form.words
    sheet = book.sheet(words.sheet("scores"), GRID, tab="target", header=header, footer=footer)
    title = _title(form, weighing)
    here = form.sheets.index("scores")
    row = head(
        sheet, title.formula, words("scores.subtitle"), CELLS,
        links=form.navigation, here=here, span=3, title_value=str(title.value),
    )  # fmt: skip
    sheet.rows(row, [12])
    top = row + 1
    section(sheet, top, *RADAR, words("scores.radar"))
    section(sheet, top, NAME, CELLS, words("scores.table"))
    last = _table(sheet, form, tally, weighing, top + 1)
    _bars(sheet, form, weighing, top + 1)
    _radar(sheet, form, weighing, top + 1)
    while sum((HEAD_PX, *([ROW_PX] * (last - top - 1)))) < RADAR_PX:
        last += 1
        sheet.rows(last, [ROW_PX])
    sheet.rows(last + 1, [12, 24])
    sheet.text(last + 2, 1, ladder(form), book.style(font_size=9, font_color="slate"), (last + 2, CELLS))
    sheet.print_to(last + 2, CELLS + 1)
    sheet.protect()
    return sheet


def ladder(form: Form) -> str:
    """The levels and where each begins, in one line."""
    steps = (
        form.words("scores.ladder_step", number=level.number, name=level.name.in_(form.lang), threshold=level.threshold)
        for level in form.catalogue.levels
    )
    return form.words("scores.ladder", levels=" · ".join(steps))


def _title(form: Form, weighing: Weighing) -> Live:
    words, catalogue = form.words, form.catalogue
    score, level = weighing.score(form.angles[0]), weighing.level()
    names = [formulas.quoted(each.name.in_(form.lang)) for each in catalogue.levels]
    decimals, known = catalogue.limits.decimals, isinstance(score.value, float)
    fixed = f"{round_half_away(float(score.value), decimals):.{decimals}f}" if known else ""
    shown = Live(f"FIXED(ROUND({score.text},{decimals}),{decimals},TRUE)", fixed)
    reached = [each.name.in_(form.lang) for each in catalogue.levels if each.number == level.value]
    name = Live(formulas.level_name(level.text, names), "".join(reached))
    full = words.live("scores.title", score=shown, level=level, name=name)
    return either(f"ISNUMBER({score.text})", known, full, constant(words("scores.title_empty")))


def _table(sheet: Sheet, form: Form, tally: Tally, weighing: Weighing, top: int) -> int:
    """Heading, a row per dimension, the total; returns the last row."""
    book = sheet.book
    small = {"font_size": 9, "font_color": "slate", "bottom": 1, "bottom_color": "rule"}
    sheet.rows(top, [HEAD_PX])
    sheet.fill(top, NAME, CELLS, book.style(**small))
    for column, label in enumerate(_headings(form), _figures(form)):
        sheet.text(top, column, label, book.style(align="right", **small))
    for row, dimension in enumerate((*form.dimensions, None), top + 1):
        _row(sheet, form, tally, weighing, row, dimension)
    return top + 1 + len(form.dimensions)


def _headings(form: Form) -> list[str]:
    words = form.words
    target = [words("scores.target")] if form.target is not None else []
    return [words("scores.current"), *target, words("scores.level"), words("scores.answered")]


def _figures(form: Form) -> int:
    """The first column of the figures, which end where the page ends."""
    return CELLS + 1 - len(_headings(form))


def _row(sheet: Sheet, form: Form, tally: Tally, weighing: Weighing, row: int, dimension: Dimension | None) -> None:
    book, words = sheet.book, form.words
    line = {"bottom": 1, "bottom_color": "hair"} if dimension else {"top": 1, "top_color": "brand", "bold": True}
    decimals = form.catalogue.limits.decimals
    sheet.rows(row, [ROW_PX])
    sheet.fill(row, NAME, CELLS, book.style(**line))
    name = dimension.name.in_(form.lang) if dimension else words("scores.total")
    sheet.text(row, NAME, name, book.style(font_color="brand", text_wrap=True, **line), (row, BARS - 1))
    none, first = words("scores.none"), _figures(form)
    figures = [weighing.score(angle, dimension) for angle in form.angles]
    shown = [rounded(figure, decimals, none) for figure in figures]
    level, known = weighing.level(dimension), isinstance(figures[0].value, float)
    shown.append(either(f"ISNUMBER({figures[0].text})", known, level, constant(none)))
    for column, each in enumerate(shown, first):
        look = {"bold": True, "font_color": "brand"} if column == first else {"font_color": "slate"}
        style = book.style(align="right", num_format="0" if each is shown[-1] else "0.00", **{**line, **look})
        sheet.formula(row, column, each.formula, each.value, style)
    share = tally.share(dimension)
    style = book.style(num_format="0%", align="right", font_color="slate", **line)
    sheet.formula(row, first + len(shown), share.formula, share.value, style)


def rounded(figure: Live, decimals: int, none: str) -> Live:
    """A score as it is shown, `none` where there is none."""
    known = isinstance(figure.value, float)
    shown = Live(f"ROUND({figure.text},{decimals})", round_half_away(float(figure.value), decimals) if known else "")
    return either(f"ISNUMBER({figure.text})", known, shown, constant(none))


def _bars(sheet: Sheet, form: Form, weighing: Weighing, top: int) -> None:
    """A bar per dimension over the table's rows; the target as a marker."""
    book, words = sheet.book, form.words
    catalogue = form.catalogue
    rows = RowChart(len(form.dimensions), HEAD_PX, ROW_PX, sheet.span(BARS, _figures(form) - 1))
    names, values = weighing.feed(form.angles[0])
    series = [bar(book.brand, words("scores.current"), names, values, "current")]
    chart = row_bars(book, rows, series, low=catalogue.scale_min, high=catalogue.scale_max)
    sheet.chart(top, BARS, chart, words("scores.bars_text"))


def _radar(sheet: Sheet, form: Form, weighing: Weighing, top: int) -> None:
    if len(form.dimensions) < FEWEST_FOR_RADAR:
        return
    book, words, catalogue = sheet.book, form.words, form.catalogue
    series = [Series(angle, words(f"scores.{angle}"), *weighing.feed(angle)) for angle in reversed(form.angles)]
    width = sheet.span(*RADAR)
    chart = radar(book, series, width, RADAR_PX, low=catalogue.scale_min, high=catalogue.scale_max)
    sheet.chart(top, RADAR[0], chart, words("scores.radar_text"), dy=6)
