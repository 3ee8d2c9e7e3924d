"""The overview: one page, one message."""

from collections.abc import Sequence

from cmme_xl.calculation import expression as ex
from cmme_xl.calculation.engine import Engine
from cmme_xl.calculation.expression import Expression, constant, sentence, shown
from cmme_xl.catalogue import ROOT
from cmme_xl.findings import visible
from cmme_xl.results.model import ANGLES
from cmme_xl.results.sentence import paragraph
from cmme_xl.results.verdict import verdict
from cmme_xl.spreadsheet import measure, page
from cmme_xl.summary import asof, bullets, standing
from cmme_xl.summary.context import COLOURS, GLYPHS, Context
from cmme_xl.summary.finding import against
from cmme_xl.summary.furniture import (
    GAP,
    POINTS,
    SCORE,
    as_seen,
    head,
    level_shade,
    level_words,
    marks_note,
    nothing,
    scope_words,
    when,
    write,
)
from cmme_xl.summary.places import Places
from cmme_xl.summary.view import View
from cmme_xl.summary.weights import WeightCells

ROLE = "overview"
LISTED = 5
VERDICT_POINTS = 9
FEWEST_FOR_RADAR, MOST_INSIDE = 3, 10


def draw(context: Context, engine: Engine, view: View, settings: WeightCells, places: Places) -> None:
    """The verdict; score card, ladder and key figures; radar and dimensions; strongest and weakest indicators."""
    sheet = context.sheets[ROLE]
    row = head(context, ROLE, title(context, view, settings), subtitle(context, view, settings), page.CELLS)
    row = _verdict(context, view, row)
    row = _dimensions(context, view, places, standing.draw(context, sheet, engine, view, row))
    sheet.rows(row, (12,))
    row = _lists(context, view, places, row + 1)
    sheet.rows(row, (8, 24))
    _level_counts(context, view, row + 1)
    sheet.rows(row + 2, (6, 16, 16))
    page.footnote(sheet, row + 3, _foot(context))
    page.footnote(sheet, row + 4, marks_note(context))
    sheet.print_to(row + 4, page.CELLS + 1)
    sheet.freeze(2)
    sheet.activate()


# --- sentences


def title(context: Context, view: View, settings: WeightCells) -> Expression:
    """The finding: level, distance to what it is compared with, the weakest dimensions that are not provisional."""
    words = context.words
    level = view.at(ROOT, "current", "level")
    compared = against(context, view, ROOT) if context.others else constant("")
    weak = constant("")
    if len(view.dimension_ids) >= FEWEST_FOR_RADAR:
        labels = view.label(view.dimension_ids, short=True)
        first, second = (view.ranked(view.dimension_ids, "worst_rank", rank, labels) for rank in (1, 2))
        both = sentence(words["overview.weak_two"], first=first, second=second)
        enough = ex.has(view.holder(view.dimension_ids, "worst_rank", 2))
        doubtful = when(view.all_provisional(view.dimension_ids), constant(words["overview.provisional"]))
        weak = when(enough, ex.joined([both, doubtful]))
    full = sentence(
        words["overview.title"],
        level=level,
        name=level_words(context, level),
        mark=standing.provisional(context, view),
        against=compared,
        weak=weak,
    )
    return ex.choose(ex.has(level), full, nothing(context, settings))


def subtitle(context: Context, view: View, settings: WeightCells) -> Expression:
    """Whose assessment, scope, how many answered."""
    words, plan, catalogue = context.words, context.plan, context.catalogue
    heard = context.results.returned.answers.scorers("current")
    tiers = [(tier, sum(plan.by_id[each].group == tier.id for each in heard)) for tier in context.catalogue.tiers]
    parts = [words.fill("overview.tier", name=t.name.in_(context.lang), n=n) for t, n in tiers if n]
    joiner = " · " if context.lang == "zh" else ", "
    few = context.audience == "client" and any(0 < n < context.catalogue.limits.tier_shown_min for _, n in tiers)
    key = "overview.returns_plain" if few or not parts else "overview.returns"
    planned = sum(plan.by_id[each.id].group in {tier.id for tier in catalogue.tiers} for each in plan.people)
    form = words["overview.form_short"] if plan.settings.form == "short" else ""
    returns = form + words.counted(key, planned, n=len(heard), planned=planned, tiers=joiner.join(parts))
    counted = ex.count(view.column(view.indicator_ids, "current", "weight"))
    return sentence(
        words["overview.subtitle"],
        enterprise=constant(visible(plan.engagement.enterprise)),
        scope=scope_words(context, settings),
        n=counted,
        returns=constant(returns),
        low=constant(f"{catalogue.scale_min:g}"),
        high=constant(f"{catalogue.scale_max:g}"),
    )


def _verdict(context: Context, view: View, row: int) -> int:
    """The paragraph on the whole, or that the figures are no longer those it speaks of; returns the row after it."""
    sheet, text = context.sheets[ROLE], paragraph(verdict(context.facts), context.lang)
    room = sheet.span(1, page.CELLS)
    sheet.rows(row, (measure.height(text, room, VERDICT_POINTS, padding=4), 8))
    style = context.book.style(font_size=VERDICT_POINTS, text_wrap=True, valign="top")
    said = asof.warned(context, view, view.indicator_ids, constant(text))
    write(sheet, row, 1, said, style, (row, page.CELLS))
    asof.alarm(context, ROLE, row)
    return row + 2


def _foot(context: Context) -> str:
    words, catalogue = context.words, context.catalogue
    absent = [context.spoken(angle) for angle in ANGLES if angle not in context.present]
    missing = words.fill("overview.missing", angles=words["overview.and"].join(absent)) if absent else ""
    low, high = f"{catalogue.scale_min:g}", f"{catalogue.scale_max:g}"
    return words.fill("overview.foot", legend=missing, low=low, high=high)


# --- radar and dimensions


def _dimensions(context: Context, view: View, places: Places, row: int) -> int:
    """The radar beside the table of the dimensions; of a single one its indicators, as many as a page holds."""
    sheet, book, words = context.sheets[ROLE], context.book, context.words
    inner = view.indicator_ids
    inside = len(view.dimension_ids) == 1 and FEWEST_FOR_RADAR <= len(inner) <= MOST_INSIDE
    nodes = inner if inside else view.dimension_ids
    called = words.fill("page.within" if inside else "overview.radar", n=len(nodes))
    page.section(sheet, row, 1, 11, called)
    note = words.fill("overview.bars_note", angle=context.spoken(context.others[0])) if context.others else ""
    bars = "page.indicators" if inside else "overview.bars" if context.others else "overview.bars_alone"
    page.section(sheet, row, 13, 24, words[bars], note)
    entries = [(GLYPHS[angle], COLOURS[angle], context.label(angle)) for angle in context.present]
    sheet.rows(row + 1, (24,))
    if len(entries) > 1:
        page.legend(sheet, row + 1, 13, 24, entries)
    row_px = 34 if len(nodes) >= 8 else min(64, 272 // max(len(nodes), 4))
    place = places.indicator if inside else places.page
    labelled = [(node, context.name(node), place(node)) for node in nodes]
    figures = bullets.figures(context)
    columns = bullets.Columns((13, 15), (16, page.CELLS - len(figures)))
    after = bullets.draw(context, view, ROLE, row + 2, columns, labelled, row_px, figures)
    height = 24 + bullets.HEAD_PX + len(nodes) * row_px
    if len(nodes) >= FEWEST_FOR_RADAR and context.drawn(nodes):
        points = 10 if context.lang == "zh" else 9
        chart = bullets.radar(context, view, nodes, 11 * page.CELL_PX, height, points)
        sheet.chart(row + 1, 1, chart, called)
    else:
        missing = words["overview.radar_few" if context.drawn(nodes) else "overview.title_none"]
        sheet.text(row + 1, 1, missing, book.style(font_size=9, font_color="muted"))
    return after


# --- lists


def _lists(context: Context, view: View, places: Places, row: int) -> int:
    """The strongest and the weakest by score, and those whose gaps add most to the total."""
    sheet, words = context.sheets[ROLE], context.words
    first = context.others[0] if context.others else ""
    note = words.fill("overview.list_note", angle=context.spoken(first)) if first else words["overview.list_note_plain"]
    compared = bool(set(context.others) & {"target", "benchmark"})
    page.section(sheet, row, 1, 7, words["overview.strong"], note)
    page.section(sheet, row, 9, 15, words["overview.weak"], note)
    page.section(sheet, row, 17, 24, words["overview.levers"], words["overview.levers_note"])
    sheet.rows(row + 1, [24] * LISTED)
    gap: list[Figure] = [(first, "gap", GAP, {"font_color": "slate", "font_size": 9})] if first else []
    plain: list[Figure] = [("current", "score", SCORE, {"bold": True}), *gap]
    gain: Figure = ("current", "importance", POINTS, {"font_color": "alert", "bold": True, "font_size": 9})
    for rank in range(1, LISTED + 1):
        at = row + rank
        _listed(context, view, places, (at, 1, 7), ("strength_rank", rank), "brand", plain)
        _listed(context, view, places, (at, 9, 15), ("weak_rank", rank), "alert", plain)
        if compared:
            _listed(context, view, places, (at, 17, 24), ("rank", rank), "alert", [*plain, gain])
    if not compared:
        muted = context.book.style(font_size=9, font_color="muted", text_wrap=True, valign="top")
        sheet.text(row + 1, 17, words["overview.nothing_compared"], muted, (row + 2, 24))
    return row + 1 + LISTED


Figure = tuple[str, str, str, dict[str, object]]
"""Angle, figure, number format, look."""


def _listed(
    context: Context,
    view: View,
    places: Places,
    place: tuple[int, int, int],
    ranked: tuple[str, int],
    colour: str,
    figures: Sequence[Figure],
) -> None:
    """One line of a list: number, name with a star where its level is provisional, figures at the right end."""
    sheet, book = context.sheets[ROLE], context.book
    nodes, (row, first, last) = view.indicator_ids, place
    hair = {"bottom": 1, "bottom_color": "hair"}
    number = book.style(bold=True, font_size=9, align="center", font_color=colour, num_format="0", **hair)
    name = book.style(**hair, shrink=True, font_size=10 if context.lang == "zh" else 9)
    write(sheet, row, first, view.ranked(nodes, *ranked, view.numbers()), number)
    parts = (
        view.ranked(nodes, *ranked, view.label(nodes)),
        view.ranked(nodes, *ranked, view.column(nodes, "current", "mark")),
    )
    right = last - len(figures) + 1
    linked = places.listed(ex.joined(parts), view.holder(nodes, *ranked))
    write(sheet, row, first + 1, linked, name, (row, right - 1))
    for column, (angle, figure, pattern, look) in enumerate(figures, right):
        found = view.ranked(nodes, *ranked, view.column(nodes, angle, figure))
        style = book.style(num_format=pattern, align="right", shrink=True, **look, **hair)
        if figure == "gap":
            found = _marked_gap(found, view.ranked(nodes, *ranked, view.column(nodes, angle, "gap_mark")))
        write(sheet, row, column, found, style)


def _marked_gap(gap: Expression, mark: Expression) -> Expression:
    """A gap as shown; as text with ≈ before it where it is not the difference of the figures beside it."""
    seen = as_seen(gap)
    sign = Expression(f'IF({gap.text}<0,"−","")', "−" if (seen.number or 0.0) < 0 else "")
    text = sentence("≈{sign}{gap}", sign=sign, gap=shown(ex.positive(seen)))
    marked = Expression(f"{mark.text}=1", mark.value == 1)
    return ex.choose(marked, text, seen)


def _level_counts(context: Context, view: View, row: int) -> None:
    """How many indicators stand at each level, in the levels' colours, and how many of them provisionally."""
    sheet, book, words = context.sheets[ROLE], context.book, context.words
    levels = context.catalogue.levels
    sheet.text(row, 1, words["overview.levels"], book.style(font_size=9, bold=True, font_color="brand"), (row, 4))
    width = max(2, 16 // len(levels))
    column = 5
    for level in levels:
        last = column + width - 1
        if last > page.CELLS:
            return
        shade = level_shade(level.number, len(levels))
        look = {"bg_color": f"level{shade}", "font_color": f"level{shade}_text", "font_size": 9, "align": "center"}
        look |= {"left": 5, "left_color": "white", "shrink": True}
        name = f"{level.number} {level.name.in_(context.lang)}"
        said = sentence(words["overview.level_count"], name=constant(name), n=view.level_count(level.number))
        write(sheet, row, column, said, book.style(**look), (row, last))
        column = last + 1
    stars = view.column(view.indicator_ids, "current", "mark")
    number = Expression(f'COUNTIF({stars.text},"~*")', stars.values.count("*"))
    note = when(ex.above_zero(number), sentence(words["overview.level_doubtful"], n=number))
    if column <= page.CELLS:
        style = book.style(font_size=8, font_color="muted", align="right")
        write(sheet, row, column, note, style, (row, page.CELLS))
