"""Where the scores stand while they are agreed: total, radar, and per dimension self beside what stands."""

from cmme_xl.catalogue import ROOT, Dimension
from cmme_xl.interview.record.form import RecordForm
from cmme_xl.interview.record.reckoning import Reckoning
from cmme_xl.interview.record.wording import figure, standing
from cmme_xl.interview.scores import FEWEST_FOR_RADAR, HEAD_PX, RADAR_PX, ROW_PX, ladder
from cmme_xl.interview.tally import Tally
from cmme_xl.interview.wording import Live, constant, either
from cmme_xl.scoring import round_half_away
from cmme_xl.spreadsheet import Book, Sheet
from cmme_xl.spreadsheet.charts import RowChart, Series, bar, radar, row_bars
from cmme_xl.spreadsheet.page import CELLS, GRID, head, section

RADAR = (1, 10)
NAME, BARS = 12, 15
SIGNED = '"+"0.00;"−"0.00;0.00'
COLUMNS = ("own", "score", "difference", "level", "coverage", "agreed")


def draw(book: Book, form: RecordForm, tally: Tally, reckoning: Reckoning, header: str, footer: str | None) -> Sheet:
    """Add the page."""
    words = form.words
    sheet = book.sheet(words.sheet("standing"), GRID, tab="target", header=header, footer=footer)
    title = standing(form, reckoning)
    here = form.sheets.index("standing")
    row = head(
        sheet, title.formula, words("standing.subtitle"), CELLS,
        links=form.navigation, here=here, span=3, title_value=str(title.value),
    )  # fmt: skip
    sheet.rows(row, [12])
    top = row + 1
    section(sheet, top, *RADAR, words("scores.radar"))
    section(sheet, top, NAME, CELLS, words("scores.table"))
    last = _table(sheet, form, tally, reckoning, top + 1)
    _bars(sheet, form, reckoning, top + 1)
    _radar(sheet, form, reckoning, top + 1)
    while sum((HEAD_PX, *([ROW_PX] * (last - top - 1)))) < RADAR_PX:
        last += 1
        sheet.rows(last, [ROW_PX])
    sheet.rows(last + 1, [12, 24])
    sheet.text(last + 2, 1, ladder(form), book.style(font_size=9, font_color="slate"), (last + 2, CELLS))
    sheet.print_to(last + 2, CELLS + 1)
    sheet.protect()
    return sheet


def _table(sheet: Sheet, form: RecordForm, tally: Tally, reckoning: Reckoning, top: int) -> int:
    """Heading, a row per dimension, the total; returns the last row."""
    book = sheet.book
    small = {"font_size": 9, "font_color": "slate", "bottom": 1, "bottom_color": "rule"}
    sheet.rows(top, [HEAD_PX])
    sheet.fill(top, NAME, CELLS, book.style(**small))
    for column, key in enumerate(COLUMNS, CELLS + 1 - len(COLUMNS)):
        sheet.text(top, column, form.words(f"standing.{key}"), book.style(align="right", text_wrap=True, **small))
    for row, dimension in enumerate((*form.dimensions, None), top + 1):
        _row(sheet, form, tally, reckoning, row, dimension)
    return top + 1 + len(form.dimensions)


def _row(
    sheet: Sheet, form: RecordForm, tally: Tally, reckoning: Reckoning, row: int, dimension: Dimension | None
) -> None:
    book, words, node = sheet.book, form.words, dimension.id if dimension else ROOT
    line = {"bottom": 1, "bottom_color": "hair"} if dimension else {"top": 1, "top_color": "brand", "bold": True}
    sheet.rows(row, [ROW_PX])
    sheet.fill(row, NAME, CELLS, book.style(**line))
    name = dimension.name.in_(form.lang) if dimension else words("scores.total")
    sheet.text(row, NAME, name, book.style(font_color="brand", text_wrap=True, **line), (row, BARS - 1))
    none = constant(words("scores.none"))
    coverage, level = reckoning.figure("coverage", node), reckoning.level(node)
    shown = {
        "own": figure(form, reckoning, "own", node),
        "score": figure(form, reckoning, "score", node),
        "difference": _difference(form, reckoning, node),
        "level": either(f"ISNUMBER({level.text})", isinstance(level.value, int), level, none),
        "coverage": either(f"ISNUMBER({coverage.text})", isinstance(coverage.value, float), coverage, none),
        "agreed": tally.share(dimension),
    }
    patterns = {"difference": SIGNED, "level": "0", "coverage": "0%", "agreed": "0%"}
    for column, key in enumerate(COLUMNS, CELLS + 1 - len(COLUMNS)):
        look = {"bold": True, "font_color": "brand"} if key == "score" else {"font_color": "slate", "font_size": 9}
        style = book.style(align="right", num_format=patterns.get(key, "0.00"), **{**line, **look})
        sheet.formula(row, column, shown[key].formula, shown[key].value, style)


def _difference(form: RecordForm, reckoning: Reckoning, node: str) -> Live:
    """What stands less the person's own, as both are shown; a dash where one of them is missing."""
    decimals = form.catalogue.limits.decimals
    own, score = (reckoning.figure(field, node) for field in ("own", "score"))
    both = isinstance(own.value, float) and isinstance(score.value, float)
    apart = round_half_away(float(score.value) - float(own.value), decimals) if both else ""
    text = Live(f"ROUND({score.text}-{own.text},{decimals})", apart)
    none = constant(form.words("scores.none"))
    return either(f"AND(ISNUMBER({own.text}),ISNUMBER({score.text}))", both, text, none)


def _bars(sheet: Sheet, form: RecordForm, reckoning: Reckoning, top: int) -> None:
    """A bar per dimension over the table's rows."""
    book, words, catalogue = sheet.book, form.words, form.catalogue
    rows = RowChart(len(form.dimensions), HEAD_PX, ROW_PX, sheet.span(BARS, CELLS - len(COLUMNS)))
    series = [bar(book.brand, words("standing.score"), *reckoning.feed("score"), "current")]
    chart = row_bars(book, rows, series, low=catalogue.scale_min, high=catalogue.scale_max)
    sheet.chart(top, BARS, chart, words("standing.bars_text"))


def _radar(sheet: Sheet, form: RecordForm, reckoning: Reckoning, top: int) -> None:
    if len(form.dimensions) < FEWEST_FOR_RADAR:
        return
    book, words, catalogue = sheet.book, form.words, form.catalogue
    roles = [("target", "target")] if form.target is not None else []
    roles += [("before", "own"), ("current", "score")]
    series = [Series(role, words(f"standing.{field}"), *reckoning.feed(field)) for role, field in roles]
    width = sheet.span(*RADAR)
    chart = radar(book, series, width, RADAR_PX, low=catalogue.scale_min, high=catalogue.scale_max)
    sheet.chart(top, RADAR[0], chart, words("standing.radar_text"), dy=6)
