"""Building blocks and realms: other views of the same scores, for whoever thinks in these."""

from cmme_xl.calculation import expression as ex
from cmme_xl.calculation.expression import Expression, constant, sentence, shown
from cmme_xl.catalogue import ROOT, Indicator
from cmme_xl.spreadsheet import charts, measure, page
from cmme_xl.spreadsheet.sheet import local
from cmme_xl.summary import bullets, paper
from cmme_xl.summary.blockview import LABEL, BlockView, members
from cmme_xl.summary.context import COLOURS, DASH, GLYPHS, TEXT_COLOURS, Context
from cmme_xl.summary.furniture import GAP, PERCENT, SCORE, as_seen, head, marks_note, scope_words, show, when, write
from cmme_xl.summary.places import Places
from cmme_xl.summary.view import View
from cmme_xl.summary.weights import WeightCells

ROLE = "blocks"
FEWEST_FOR_RADAR = 3
HEAD_PX, ROW_PX = 34, 36
BLOCK_PX, INDICATOR_PX = 24, 22
PAGE_PX = 855
RADAR_LAST, NAME, CHART = 8, (10, 13), 14
PLOT = (0.2, 0.13, 0.6, 0.74)
Figure = tuple[str, str, str, str]
"""Heading, angle, figure, number format."""


def wanted(context: Context) -> bool:
    """Whether the catalogue knows building blocks or realms."""
    return bool(members(context) or context.catalogue.realms)


def draw(context: Context, view: View, blocks: BlockView, settings: WeightCells, places: Places) -> None:
    """The sheet: radar and scores of the blocks, the ladder of realms, the indicators of each block."""
    sheet, words = context.sheets[ROLE], context.words
    kind = "subtitle" if blocks.members else "subtitle_realm"
    subtitle = sentence(words[f"blocks.{kind}"], scope=scope_words(context, settings))
    row = head(context, ROLE, title(context, blocks), subtitle, page.CELLS)
    if blocks.members:
        row = _scores(context, blocks, row)
    if context.catalogue.realms:
        row = _realms(context, view, blocks, row)
    breaks: list[int] = []
    if blocks.members:
        units = [(row, 26 + 32)]
        row = _indicators(context, view, blocks, places, row, units)
        breaks = [units[0][0], *measure.page_breaks(units, PAGE_PX, PAGE_PX)]
    sheet.rows(row, (6, 16, 16))
    page.footnote(sheet, row + 1, words["blocks.foot"])
    page.footnote(sheet, row + 2, marks_note(context))
    sheet.print_to(row + 2, page.CELLS + 1)
    paper.whole(sheet, breaks)
    sheet.freeze(2)


def title(context: Context, blocks: BlockView) -> Expression:
    """The finding: the strongest and the weakest block, and the realm of the total."""
    words, realms = context.words, context.catalogue.realms
    none, reached = constant(words["blocks.title_none"]), constant("")
    if realms:
        number = blocks.at(ROOT, "current", "realm")
        names = ",".join(constant(each.name.in_(context.lang)).text for each in realms)
        chosen = "" if number.number is None else realms[int(number.number) - 1].name.in_(context.lang)
        name = Expression(f"CHOOSE({number.text},{names})", chosen)
        reached = when(ex.has(number), sentence(words["blocks.title_realm"], name=name))
        if not blocks.members:
            return ex.choose(ex.has(number), sentence(words["blocks.title_only_realm"], name=name), none)
    keys, names_ = blocks.column("current", "key"), blocks.names()
    values = [number for number in keys.numbers if number is not None]
    parts: dict[str, Expression] = {"realm": reached}
    for end, function, value in (("best", "MAX", max(values, default=0.0)), ("worst", "MIN", min(values, default=0.0))):
        found = Expression(f"{function}({keys.text})", value)
        at = keys.numbers.index(value) if value in keys.numbers else 0
        parts[end] = Expression(f"INDEX({names_.text},MATCH({found.text},{keys.text},0))", names_.values[at])
        parts[f"{end}_score"] = shown(found)
    several = Expression(f"COUNT({keys.text})>1", len(values) > 1)
    one = ex.choose(ex.above_zero(ex.count(keys)), sentence(words["blocks.title_one"], **parts), none)
    return ex.choose(several, sentence(words["blocks.title"], **parts), one)


# --- radar and table


def _figures(context: Context) -> list[Figure]:
    words = context.words
    found = [(context.short(angle), angle, "score", SCORE) for angle in context.present]
    found += [
        (words.fill("blocks.to", angle=context.spoken_short(angle)), angle, "gap", GAP) for angle in context.others[:1]
    ]
    found += [(words["blocks.level"], "current", "level", "0")]
    return [*found, (words["blocks.share"], "current", "share", PERCENT)]


def _scores(context: Context, blocks: BlockView, row: int) -> int:
    """The radar on the left, scores with bars and markers on the right; returns the row after them."""
    sheet, book, words = context.sheets[ROLE], context.book, context.words
    count = len(blocks.members)
    page.section(sheet, row, 1, RADAR_LAST, words.fill("blocks.radar", n=count))
    page.section(sheet, row, NAME[0], page.CELLS, words["blocks.bars"])
    entries = [(GLYPHS[angle], COLOURS[angle], context.label(angle)) for angle in context.present]
    sheet.rows(row + 1, (24, HEAD_PX, *([ROW_PX] * count), 12))
    if len(entries) > 1:
        page.legend(sheet, row + 1, NAME[0], page.CELLS, entries)
    figures = _figures(context)
    first = page.CELLS + 1 - len(figures)
    line = {"bottom": 1, "bottom_color": "rule", "font_size": 9, "font_color": "slate", "valign": "bottom"}
    sheet.fill(row + 2, NAME[0], page.CELLS, book.style(**line))
    for offset, (heading, _, _, _) in enumerate(figures):
        sheet.text(row + 2, first + offset, heading, book.style(**line, align="right", text_wrap=True))
    hair = {"bottom": 1, "bottom_color": "hair"}
    names = blocks.names().values
    name = book.style(**hair, shrink=True, font_size=10 if context.lang == "zh" else 9)
    for number, block in enumerate(blocks.members):
        at = row + 3 + number
        sheet.text(at, NAME[0], str(names[number]), name, (at, NAME[1]))
        sheet.fill(at, CHART, first - 1, book.style(**hair))
        for offset, (_, angle, figure, pattern) in enumerate(figures):
            strong = {"bold": True, "font_color": "brand"} if offset == 0 else {"font_color": "slate"}
            style = book.style(**hair, **strong, num_format=pattern, align="right")
            found = blocks.at(block, angle, figure)
            show(sheet, at, first + offset, as_seen(found) if figure == "gap" else found, style)
        bullets.flags(context, ROLE, at, 0, blocks.at(block, "current", "marks"))
    _mark_gaps(context, figures, row + 3, row + 2 + count, first)
    _charts(context, blocks, row, first - 1)
    return row + 4 + count


def _charts(context: Context, blocks: BlockView, row: int, last: int) -> None:
    sheet, book, words = context.sheets[ROLE], context.book, context.words
    drawn, count = blocks.drawn(context.present), len(blocks.members)
    note = book.style(font_size=9, font_color="muted")
    if not drawn or count < FEWEST_FOR_RADAR:
        sheet.text(row + 1, 1, words["blocks.radar_few" if drawn else "blocks.title_none"], note)
    if not drawn:
        return
    low, high = context.catalogue.scale_min, context.catalogue.scale_max
    names, labels = "=" + blocks.names().text, "=" + blocks.names(LABEL).text
    if count >= FEWEST_FOR_RADAR:
        order = [angle for angle in ("benchmark", "competitor", "target", "current") if angle in drawn]
        series = [
            charts.Series(angle, context.label(angle), labels, "=" + blocks.column(angle, "feed").text)
            for angle in order
        ]
        width, height = RADAR_LAST * page.CELL_PX, 24 + HEAD_PX + count * ROW_PX
        radar = charts.radar(
            book, series, width, height, low=low, high=high, label_points=9, plot=PLOT, legend=False
        )  # fmt: skip
        sheet.chart(row + 1, 1, radar, words.fill("blocks.radar", n=count))
    rows = charts.RowChart(count, HEAD_PX, ROW_PX, sheet.span(CHART, last))
    current = charts.bar(
        book.brand, context.label("current"), names, "=" + blocks.column("current", "feed").text, "current"
    )
    described = words["blocks.bars"]
    sheet.chart(row + 2, CHART, charts.row_bars(book, rows, [current], gap=170, low=low, high=high), described)
    marks = [
        charts.dots(
            book.brand,
            context.label(angle),
            "=" + blocks.column(angle, "mark_x").text,
            "=" + blocks.column(angle, "mark_y").text,
            angle,
        )
        for angle in reversed(drawn)
        if angle != "current"
    ]
    if marks:
        sheet.chart(row + 2, CHART, charts.row_markers(book, rows, marks, low=low, high=high), described)


# --- realms


def _realms(context: Context, view: View, blocks: BlockView, row: int) -> int:
    """One cell per realm; above it the totals that have reached it. Returns the row after the ladder."""
    sheet, book, words, catalogue = context.sheets[ROLE], context.book, context.words, context.catalogue
    count, angles = len(catalogue.realms), context.present
    page.section(
        sheet, row, 1, page.CELLS, words.fill("blocks.realms", n=count), words.fill("blocks.realms_note", n=count)
    )
    sheet.rows(row + 1, (6, *([18] * len(angles)), 28, 20, 14))
    band, width = row + 2 + len(angles), max(1, page.CELLS // count)
    unseen = book.style(font_size=1, font_color="white", num_format=";;;")
    write(sheet, band, 0, blocks.at(ROOT, "current", "realm"), unseen)
    here = local(band, 0, fix_row=True, fix_column=True)
    on, over = book.change(bg_color="brand", font_color="white"), book.change(bg_color="tint", font_color="brand")
    for number, realm in enumerate(catalogue.realms, 1):
        first = 1 + width * (number - 1)
        last = first + width - 1
        for offset, angle in enumerate(angles):
            reached = blocks.at(ROOT, angle, "realm")
            total = shown(view.at(ROOT, angle, "score"))
            score = sentence(f"{GLYPHS[angle]} {context.short(angle)} {{score}}", score=total)
            mark = when(Expression(f"{reached.text}={number}", reached.value == number), score)
            style = book.style(font_size=9, bold=True, align="center", font_color=TEXT_COLOURS[angle])
            write(sheet, row + 2 + offset, first, mark, style, (row + 2 + offset, last) if width > 1 else None)
        edge = {"left": 1, "right": 1, "left_color": "white", "right_color": "white", "align": "center"}
        name = book.style(**edge, bold=True, bg_color="panel", font_color="muted", shrink=True)
        to = (band, last) if width > 1 else None
        sheet.text(band, first, f"{number} {realm.name.in_(context.lang)}", name, to)
        begins = words.fill("blocks.from", threshold=f"{catalogue.realm_thresholds[number - 1]:.3f}")
        small = book.style(font_size=8, font_color="muted", align="center")
        sheet.text(band + 1, first, begins, small, (band + 1, last) if width > 1 else None)
        area = (band, first, band, last)
        sheet.condition(*area, {"type": "formula", "criteria": f"={here}={number}", "format": on})
        passed = f"=AND(ISNUMBER({here}),{here}>{number})"
        sheet.condition(*area, {"type": "formula", "criteria": passed, "format": over})
    return band + 3


# --- the indicators of each block


def _indicators(
    context: Context, view: View, blocks: BlockView, places: Places, row: int, units: list[tuple[int, int]]
) -> int:
    """Each block with the indicators it is made of; returns the row after them. What a page should not part is added
    to `units` (measure.page_breaks)."""
    sheet, book, words = context.sheets[ROLE], context.book, context.words
    page.section(sheet, row, 1, page.CELLS, words["blocks.indicators"])
    figures: list[Figure] = [(words["blocks.share"], "current", "share", "0.0%")]
    figures += [(context.short(angle), angle, "score", SCORE) for angle in context.present]
    figures += [
        (words.fill("blocks.to", angle=context.spoken_short(angle)), angle, "gap", GAP) for angle in context.others
    ]
    figures += [(words["blocks.level"], "current", "level", "0")]
    first = page.CELLS + 1 - len(figures)
    area = first - 5
    page.header_row(sheet, row + 1, 1, [("", "left")] * (first - 1), 32)
    page.header_row(sheet, row + 1, first, [(heading, "right") for heading, _, _, _ in figures], 32, 8)
    white = book.style(font_size=9, bold=True, font_color="white", bg_color="brand")
    sheet.text(row + 1, 1, words["blocks.name"], white, (row + 1, area - 1))
    sheet.text(row + 1, area, words["blocks.dimension"], white, (row + 1, first - 1))
    sheet.repeat(row + 1, row + 1)
    begin = row = row + 2
    names = blocks.names().values
    for number, (block, indicators) in enumerate(blocks.members.items()):
        heights = (BLOCK_PX, *([INDICATOR_PX] * len(indicators)))
        units.append((row, sum(heights)))
        sheet.rows(row, heights)
        band = {"bg_color": "tint2", "bold": True, "font_color": "brand", "font_size": 9}
        sheet.fill(row, 1, page.CELLS, book.style(**band))
        sheet.text(row, 1, str(names[number]), book.style(**band), (row, area - 1))
        for offset, (_, angle, figure, pattern) in enumerate(figures):
            style = book.style(**band, num_format=pattern, align="right")
            found = blocks.at(block, angle, figure)
            show(sheet, row, first + offset, as_seen(found) if figure == "gap" else found, style)
        bullets.flags(context, ROLE, row, 0, blocks.at(block, "current", "marks"))
        for indicator in indicators:
            row += 1
            _indicator(context, view, blocks, places, row, f"{block}/{indicator.id}", indicator, figures, (area, first))
        row += 1
    _mark_gaps(context, figures, begin, row - 1, first)
    return row


def _mark_gaps(context: Context, figures: list[Figure], top: int, end: int, first: int) -> None:
    """A gap that is not the difference of the figures beside it is marked; what is out of scope steps back."""
    bullets.pale(context, ROLE, (top, 1, end, page.CELLS), 0)
    for offset, (_, angle, figure, _) in enumerate(figures):
        if figure == "gap":
            bullets.marked_gap(context, ROLE, (top, end, first + offset), 0, angle)


def _indicator(
    context: Context,
    view: View,
    blocks: BlockView,
    places: Places,
    row: int,
    member: str,
    indicator: Indicator,
    figures: list[Figure],
    columns: tuple[int, int],
) -> None:
    sheet, book, lang = context.sheets[ROLE], context.book, context.lang
    hair = {"bottom": 1, "bottom_color": "hair", "font_size": 9}
    label = f"{indicator.number} {indicator.name.in_(lang)}{' ★' if indicator.key else ''}"
    name = book.style(**hair, indent=1, shrink=True)
    sheet.jump(row, 1, label, places.indicator(indicator.id), name, (row, columns[0] - 1))
    dimension = context.catalogue.dimension_of[indicator.id].name.in_(lang)
    small = book.style(**hair, font_color="slate", shrink=True)
    inside = ex.has(view.at(indicator.id, "current", "weight"))
    outside = f"{dimension} · {context.words['overview.outside']}"
    said = ex.choose(inside, constant(dimension), constant(outside))
    write(sheet, row, columns[0], said, small, (row, columns[1] - 1))
    for offset, (_, angle, figure, pattern) in enumerate(figures):
        strong = {"bold": True, "font_color": "brand"} if (angle, figure) == ("current", "score") else {}
        style = book.style(**{**hair, "font_color": "slate", **strong}, num_format=pattern, align="right")
        share = figure == "share"
        found = view.at(indicator.id, angle, figure)
        if share:
            found = when(inside, blocks.at(member, angle, figure))
        missing = context.absent(angle, indicator.id) if figure == "score" else DASH
        show(sheet, row, columns[1] + offset, as_seen(found) if figure == "gap" else found, style, missing=missing)
    bullets.flags(context, ROLE, row, 0, view.at(indicator.id, "current", "marks"))
