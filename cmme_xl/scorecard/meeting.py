"""The meeting page: the radar, the level, and what there is to talk about. To be projected."""

from collections.abc import Sequence

from cmme_xl import formulas
from cmme_xl.calculation import expression as ex
from cmme_xl.calculation.expression import Expression, constant, sentence
from cmme_xl.calculation.shown import DASH, GAP, PERCENT, SCORE, as_seen, show, when, write
from cmme_xl.catalogue import ROOT
from cmme_xl.scorecard.cells import ScoreCells
from cmme_xl.scorecard.context import GLYPHS, TEXT_COLOURS, Context
from cmme_xl.scorecard.furniture import engine_words, finding, head, level_words
from cmme_xl.scorecard.live import Live
from cmme_xl.scoring import gated_level, round_half_away
from cmme_xl.spreadsheet import charts, measure, page
from cmme_xl.spreadsheet.lines import letters

ROLE = "meeting"
RADAR_CELLS = 12
RADAR_PX = 470
ROW_PX = 27
FEWEST_FOR_RADAR = 3
PLOT = (0.17, 0.09, 0.66, 0.7)
HAIR = {"bottom": 1, "bottom_color": "hair"}


def draw(context: Context, cells: ScoreCells, live: Live) -> None:
    """Radar on the left; total, level and dimensions on the right; the agenda below."""
    sheet, book, words = context.sheets[ROLE], context.book, context.words
    row = head(context, ROLE, finding(context, live), page.CELLS)
    muted = book.style(font_size=8, font_color="muted", align="right", bottom=1, bottom_color="rule")
    write(sheet, 1, 15, engine_words(live), muted, (1, page.CELLS))
    count = len(context.dimensions)
    page.section(sheet, row, 1, RADAR_CELLS, words.fill("meeting.radar", n=count))
    page.section(sheet, row, 14, page.CELLS, words["meeting.total"])
    body = row + 1
    height = max(RADAR_PX, 6 * 24 + 30 + count * ROW_PX + 30)
    sheet.rows(body, [24] * 6)
    _total(context, live, body)
    after = _dimensions(context, live, body + 6)
    spare = height - 6 * 24 - sum((30, count * ROW_PX))
    sheet.rows(after, (max(8, spare),))
    _radar(context, live, body, height)
    after = _agenda(context, cells, live, after + 1)
    sheet.rows(after, (6, 16))
    page.footnote(sheet, after + 1, words.fill("meeting.foot", day=context.today.isoformat()))
    sheet.print_to(after + 1, page.CELLS + 1)
    sheet.freeze(2)
    sheet.activate()


def _radar(context: Context, live: Live, row: int, height: int) -> None:
    """What stands on top is the score as calibrated; thin beneath it, what the answers alone came to."""
    sheet, words = context.sheets[ROLE], context.words
    nodes = [each.id for each in context.dimensions]
    if len(nodes) < FEWEST_FOR_RADAR:
        sheet.text(row, 1, words["meeting.radar_few"], context.book.style(font_size=9, font_color="muted"))
        return
    results = context.results.scopes[context.scope].angles
    names = "=" + live.label(nodes, short=True).text
    drawn = [
        a
        for a in ("benchmark", "competitor", "target")
        if a in context.others and any(results[a].nodes[node].score is not None for node in nodes)
    ]
    series = [charts.Series(a, context.label(a), names, "=" + _column(live, nodes, f"{a}_feed")) for a in drawn]
    series.append(charts.Series("before", words["meeting.before"], names, "=" + _column(live, nodes, "raw_feed")))
    series.append(charts.Series("current", words["meeting.now"], names, "=" + _column(live, nodes, "feed")))
    chart = charts.radar(
        context.book, series, RADAR_CELLS * page.CELL_PX, height,
        low=context.catalogue.scale_min, high=context.catalogue.scale_max, label_points=11, plot=PLOT,
    )  # fmt: skip
    sheet.chart(row, 1, chart, words.fill("meeting.radar", n=len(nodes)))


def _column(live: Live, nodes: Sequence[str], figure: str) -> str:
    return live.column(nodes, figure).text


def _total(context: Context, live: Live, row: int) -> None:
    """The total as it stands, large, with its level; what it was before, its range and coverage beside it."""
    sheet, book, words = context.sheets[ROLE], context.book, context.words
    big = book.style(font_size=44, bold=True, font_color="brand", num_format=SCORE, align="left")
    show(sheet, row, 14, live.at(ROOT, "value"), big, (row + 2, 17))
    most = words.fill("meeting.of_max", max=f"{context.catalogue.scale_max:.2f}")
    sheet.text(row, 18, most, book.style(font_size=11, font_color="muted", valign="bottom"), (row + 2, 18))
    band = book.style(bg_color="brand", font_color="white", bold=True, font_size=13, align="center")
    write(sheet, row + 3, 14, level_words(context, live.at(ROOT, "level")), band, (row + 4, 18))
    note = book.style(font_size=9, font_color="slate")
    write(sheet, row + 5, 14, _note(context, live), note, (row + 5, 18))
    low, high = live.at(ROOT, "low"), live.at(ROOT, "high")
    reach = sentence(words["meeting.range_of"], low=ex.shown(low), high=ex.shown(high))
    lines = [
        (words["meeting.raw"], live.at(ROOT, "raw"), SCORE, "slate"),
        (words["meeting.range"], ex.choose(ex.has(low), reach, constant(DASH)), "@", "ink"),
        (words["meeting.coverage"], live.at(ROOT, "coverage"), PERCENT, "ink"),
    ]
    for angle in context.others[:3]:
        label = words.fill("meeting.to", angle=context.label(angle))
        lines.append((f"{GLYPHS[angle]} {label}", as_seen(live.at(ROOT, f"{angle}_gap")), GAP, TEXT_COLOURS[angle]))
    for offset, (label, value, pattern, colour) in enumerate(lines[:6]):
        at = row + offset
        sheet.text(at, 20, label, book.style(font_size=10, font_color="slate", **HAIR), (at, 22))
        style = book.style(bold=True, font_size=11, align="right", num_format=pattern, font_color=colour, **HAIR)
        if pattern == "@":
            write(sheet, at, 23, value, style, (at, 24))
        else:
            show(sheet, at, 23, value, style, (at, 24))


def _note(context: Context, live: Live) -> Expression:
    """What is to be said of the level: that it is provisional, or held down by a gate (scoring.md rules 6 and 7)."""
    words = context.words
    limit = ex.as_shown(context.catalogue.limits.provisional_below, "0%")
    said = constant(words.fill("meeting.provisional_note", limit=limit))
    if not context.plan.settings.gates:
        return when(live.provisional(ROOT), said)
    total = live.at(ROOT, "level")
    levels = [live.at(each.id, "level") for each in context.dimensions]
    listed = ",".join(level.text for level in levels)
    reached = None if total.number is None else int(total.number)
    value = gated_level(reached, [None if each.number is None else int(each.number) for each in levels])
    gated = level_words(context, Expression(formulas.gated_level(total.text, listed), value))
    return when(live.provisional(ROOT), said, sentence(words["meeting.gated"], level=gated))


def _dimensions(context: Context, live: Live, row: int) -> int:
    """Every dimension: before, now, what it is compared with, gap and level. Returns the row after it."""
    sheet, book, words = context.sheets[ROLE], context.book, context.words
    heads = [(words["meeting.before_short"], "raw", SCORE), (words["meeting.now"], "value", SCORE)]
    if context.others:
        first = context.others[0]
        heads += [(context.label(first), f"{first}_value", SCORE), (words["meeting.gap"], f"{first}_gap", GAP)]
    heads.append((words["meeting.level_head"], "level", "0"))
    start = page.CELLS - len(heads) + 1
    small = {"font_size": 9, "font_color": "slate", "valign": "bottom", "bottom": 1, "bottom_color": "rule"}
    sheet.rows(row, (30,))
    sheet.fill(row, 14, start - 1, book.style(**small))
    for column, (title, _, _) in enumerate(heads, start):
        sheet.text(row, column, title, book.style(**small, align="right", text_wrap=True))
    for at, dimension in enumerate(context.dimensions, row + 1):
        sheet.rows(at, (ROW_PX,))
        name = f"{dimension.number} {dimension.name.in_(context.lang)}"
        sheet.text(at, 14, name, book.style(**HAIR, shrink=True), (at, start - 1))
        for column, (_, figure, pattern) in enumerate(heads, start):
            look = (
                {"bold": True, "font_color": "brand", "font_size": 11} if figure == "value" else {"font_color": "slate"}
            )
            value = live.at(dimension.id, figure)
            shown = as_seen(value) if figure.endswith("gap") else value
            show(sheet, at, column, shown, book.style(**HAIR, **look, num_format=pattern, align="right"))
    return row + 1 + len(context.dimensions)


# --- what to talk about (scoring.md rule 10)


def _agenda(context: Context, cells: ScoreCells, live: Live, row: int) -> int:
    """What people see differently, most weighty first, with a link to where it is settled."""
    sheet, book, words = context.sheets[ROLE], context.book, context.words
    agenda = context.results.agenda
    page.section(sheet, row, 1, page.CELLS, words["meeting.agenda"], words["meeting.agenda_note"])
    if not agenda:
        sheet.rows(row + 1, (26,))
        sheet.text(row + 1, 1, words["meeting.agenda_none"], book.style(font_size=9, font_color="muted"))
        return row + 2
    tiers = context.catalogue.tiers
    spans = _spans(len(tiers))
    small = {"font_size": 9, "font_color": "slate", "valign": "bottom", "bottom": 1, "bottom_color": "rule"}
    sheet.rows(row + 1, (36,))
    sheet.fill(row + 1, 1, page.CELLS, book.style(**small))
    titles = [
        words["meeting.item"],
        *(tier.name.in_(context.lang) for tier in tiers),
        words["meeting.deviation"],
        words["meeting.before_short"],
        words["meeting.now"],
        words["meeting.why"],
        words["meeting.settled"],
    ]
    for place, (title, (first, last)) in enumerate(zip(titles, spans, strict=True)):
        align = "left" if place in (0, len(titles) - 2) else "right" if place < len(titles) - 2 else "center"
        style = book.style(**small, align=align, text_wrap=True, indent=int(place == len(titles) - 2))
        sheet.text(row + 1, first, title, style, _to(row + 1, first, last))
    at = row + 2
    for node in agenda:
        if node in cells.rows:
            _item(context, cells, live, at, node, spans)
            at += 1
    return at


def _spans(tiers: int) -> list[tuple[int, int]]:
    """First and last column of: item, each tier, deviation, before, now, why, settled."""
    figures = tiers + 3
    item = max(5, 11 - figures // 2)
    found, column = [(1, item)], item + 1
    for _ in range(figures):
        found.append((column, column))
        column += 1
    return [*found, (column, page.CELLS - 2), (page.CELLS - 1, page.CELLS)]


def _item(
    context: Context, cells: ScoreCells, live: Live, row: int, node: str, spans: Sequence[tuple[int, int]]
) -> None:
    sheet, book = context.sheets[ROLE], context.book
    question = context.catalogue.questions.get(node)
    known = context.results.agreement[node]
    name = f"{node} {question.text.in_(context.lang)}" if question else context.numbered(node)
    figure = book.style(**HAIR, font_size=9, num_format=SCORE, align="right", font_color="slate")
    strong = book.style(**HAIR, num_format=SCORE, align="right", bold=True, font_color="brand")
    first, last = spans[0]
    width = sheet.span(first, last) - 8
    sheet.rows(row, (max(25, measure.height(name, width, 9, padding=8)),))
    target = f"{cells.sheet.quoted}!{letters(cells.blocks['current'].field['score'])}{cells.rows[node] + 1}"
    link = book.style(**HAIR, font_size=9, bold=question is None, text_wrap=True)
    sheet.jump(row, first, measure.clip(name, 250), target, link, _to(row, first, last))
    values = [known.tiers.get(tier.id) for tier in context.catalogue.tiers]
    for (column, _), value in zip(spans[1:], [*values, known.sd], strict=False):
        if value is None:
            sheet.text(row, column, DASH, figure)
        else:
            sheet.number(row, column, value, figure)
    place = 1 + len(values) + 1
    show(sheet, row, spans[place][0], live.at(node, "raw"), figure)
    show(sheet, row, spans[place + 1][0], live.at(node, "value"), strong)
    first, last = spans[place + 2]
    why = book.style(**HAIR, font_size=9, font_color="slate", shrink=True, indent=1)
    sheet.text(row, first, _reason(context, node), why, _to(row, first, last))
    first, last = spans[place + 3]
    style = book.style(**HAIR, font_size=9, bold=True, font_color="good", align="center")
    write(sheet, row, first, _settled(context, cells, node), style, _to(row, first, last))


def _settled(context: Context, cells: ScoreCells, node: str) -> Expression:
    """A tick where the item itself is calibrated, else how many of its questions are."""
    words, block = context.words, cells.blocks["current"]
    whole = cells.calibrated("current", node)
    if whole is None:
        return constant("")
    done = constant(words["meeting.done"])
    indicator = next((each for each in context.indicators if each.id == node), None)
    if indicator is None:
        return when(ex.filled(whole), done)
    rows = [cells.rows[question.id] for question in indicator.questions]
    area = cells.sheet.range(rows[0], block.effective, rows[-1], block.effective)
    open_to = [question.id for question in indicator.questions if question.id in cells.calibratable]
    count = sum(cells.agreed("current", id_) is not None for id_ in open_to)
    some = Expression(f"SUMPRODUCT(--(LEN({area})>0))", count)
    partly = when(ex.above_zero(some), sentence(words["meeting.some"], n=some, of=constant(len(open_to))))
    return when(ex.filled(whole), done, partly)


def _reason(context: Context, node: str) -> str:
    """Why it is to be talked about: who sees it higher than whom, or how far single answers lie apart."""
    words, known = context.words, context.results.agreement[node]
    result = context.angle("current", context.scope).nodes[node]
    if node in context.catalogue.questions:
        return words.fill("flags.na", na=result.na, asked=result.asked)
    order = [tier.id for tier in context.catalogue.tiers if tier.id in known.tiers]
    apart = known.largest_tier_difference or 0.0
    if len(order) > 1 and apart >= (known.sd or 0.0):
        high, low = max(order, key=known.tiers.__getitem__), min(order, key=known.tiers.__getitem__)
        names = {tier.id: tier.name.in_(context.lang) for tier in context.catalogue.tiers}
        return words.fill(
            "meeting.tiers_apart", high=names[high], low=names[low], apart=f"{round_half_away(apart):.2f}"
        )
    return words.fill("meeting.people_apart", spread=f"{known.spread or 0.0:.1f}", n=known.n)


def _to(row: int, first: int, last: int) -> tuple[int, int] | None:
    return (row, last) if last > first else None
