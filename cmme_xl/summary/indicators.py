"""Indicators: a heat map, and one row per indicator to filter."""

from cmme_xl.calculation import expression as ex
from cmme_xl.calculation.expression import Expression, constant, sentence, shown
from cmme_xl.calculation.ground import raw
from cmme_xl.catalogue import Dimension
from cmme_xl.spreadsheet import Link, measure, page
from cmme_xl.spreadsheet.sheet import local
from cmme_xl.summary import bullets, paper
from cmme_xl.summary.context import DASH, Context
from cmme_xl.summary.furniture import (
    GAP,
    PERCENT,
    POINTS,
    SCORE,
    as_seen,
    head,
    level_shade,
    marks_note,
    nothing,
    scope_words,
    show,
    when,
    write,
)
from cmme_xl.summary.places import Places
from cmme_xl.summary.view import View, flag
from cmme_xl.summary.weights import WeightCells

ROLE = "indicators"
NUMBER_PX, HALF_PX = 44, 53
NAME_PX = {"zh": 156, "en": 206}
LAST_PX = {"zh": 100, "en": 132}
FIRST = 3
SWITCH_ROW = 6
NAME_POINTS = 10
OUT = -1


def halves(context: Context) -> int:
    """Columns of half a heat-map cell: two per indicator of the largest dimension, and enough for the table
    with a column for its unseen marks, which move along when it is sorted."""
    return max(2 * max(len(each.indicators) for each in context.dimensions), len(_figures(context)) + 1)


def widths(context: Context) -> list[int]:
    """The columns in pixels."""
    return [20, NUMBER_PX, NAME_PX[context.lang], *([HALF_PX] * halves(context)), LAST_PX[context.lang], 20]


def draw(context: Context, view: View, settings: WeightCells, places: Places) -> None:
    """The sheet: heat map on the first page, the table from the second."""
    sheet, words = context.sheets[ROLE], context.words
    last = FIRST + halves(context)
    edge = lower_half(context)
    subtitle = sentence(
        words["indicators.subtitle"],
        scope=scope_words(context, settings),
        shown=_switch(context, ""),
        edge=constant(str(edge)),
    )
    row = head(context, ROLE, title(context, view, settings, edge), subtitle, last, narrow=True)
    row = _heat_map(context, view, places, row, last)
    table = _table(context, view, places, row + 1, last)
    paper.whole(sheet, [row + 1])
    sheet.print_to(table, last + 1)
    sheet.freeze(2, FIRST)


def lower_half(context: Context) -> int:
    """The highest level that is marked as low."""
    return len(context.catalogue.levels) // 2


def title(context: Context, view: View, settings: WeightCells, edge: int) -> Expression:
    """The finding: how many are low, and which is lowest, of those whose level is not provisional."""
    words, nodes = context.words, view.indicator_ids
    levels = view.column(nodes, "current", "level")
    few = sum(1 for level in levels.numbers if level is not None and level <= edge)
    low = Expression(f'COUNTIF({levels.text},"<={edge}")', few)
    scored = ex.count(view.column(nodes, "current", "strength_key"))
    full = sentence(
        words["indicators.title"],
        n=scored,
        low=low,
        edge=constant(str(edge)),
        first=view.ranked(nodes, "worst_rank", 1, view.label(nodes)),
        score=shown(view.ranked(nodes, "worst_rank", 1, view.column(nodes, "current", "score"))),
    )
    doubtful = when(view.all_provisional(nodes), constant(words["overview.provisional"]))
    return ex.choose(ex.above_zero(scored), ex.joined([full, doubtful]), nothing(context, settings))


# --- heat map


def _switch(context: Context, qualified: str) -> Expression:
    """The cell that says what the heat map shows."""
    return Expression(
        f"{qualified}{local(SWITCH_ROW, FIRST, fix_row=True, fix_column=True)}",
        context.words["indicators.heat_current"],
    )


def _heat_map(context: Context, view: View, places: Places, row: int, last: int) -> int:
    sheet, book, words = context.sheets[ROLE], context.book, context.words
    options = [words["indicators.heat_current"]]
    options += [words.fill("indicators.heat_gap", angle=context.spoken(angle)) for angle in context.others]
    sheet.rows(row, (24, 24))
    sheet.text(row, 1, words["indicators.show"], book.style(font_size=9, font_color="slate"), (row, 2))
    yellow = book.style(bg_color="input", border=1, border_color="input_edge", bold=True, font_size=9, align="center")
    sheet.text(row, FIRST, options[0], yellow, (row, FIRST + 2))
    sheet.choices(row, FIRST, row, FIRST, options, prompt=words["weights.prompt_setting"], strict=True)
    small = {"font_size": 9, "font_color": "slate", "valign": "bottom"}
    sheet.text(row + 1, 1, words["indicators.dimension"], book.style(**small), (row + 1, 2))
    for number in range(max(len(each.indicators) for each in context.dimensions)):
        at = FIRST + 2 * number
        sheet.text(
            row + 1,
            at,
            words.fill("indicators.column", n=number + 1),
            book.style(**small, align="center"),
            (row + 1, at + 1),
        )
    at = _score_column(context)
    sheet.text(row + 1, at, words["indicators.score"], book.style(**small, align="center"), _to(row + 1, at, last))
    row += 2
    for dimension in context.dimensions:
        row = _heat_row(context, view, places, dimension, row, last)
    return _legend(context, view, row, last)


def _label(context: Context, indicator_name: str, number: int, key: bool) -> str:
    return f"{number} {indicator_name}{' ★' if key else ''}"


def _heat_row(context: Context, view: View, places: Places, dimension: Dimension, row: int, last: int) -> int:
    """A dimension: names, figures, and a hairline that holds the levels for the colours."""
    sheet, book, words = context.sheets[ROLE], context.book, context.words
    labels = {
        each.id: _label(context, each.short.in_(context.lang).replace("|", "\n"), each.number, each.key)
        for each in dimension.indicators
    }
    tall = max(measure.height(label, 2 * HALF_PX + 14, NAME_POINTS, padding=4) for label in labels.values())
    sheet.rows(row, (max(50, tall), 36, 6))
    title = f"{dimension.number}  {dimension.name.in_(context.lang)}"
    line = {"bottom": 1, "bottom_color": "rule"}
    heading = book.style(bold=True, font_color="brand", text_wrap=True, **line)
    sheet.jump(row, 1, title, places.page(dimension.id), heading, (row + 1, 2))
    rim = {"left": 2, "right": 2, "left_color": "white", "right_color": "white", "align": "center"}
    name = book.style(font_size=NAME_POINTS, text_wrap=True, valign="bottom", **rim)
    figure = book.style(font_size=14, bold=True, num_format=GAP, **rim)
    small = book.style(font_size=9, font_color="slate", **rim)
    unseen = book.style(font_size=1, num_format=";;;", font_color="white")
    for number, indicator in enumerate(dimension.indicators):
        at = FIRST + 2 * number
        sheet.text(row, at, labels[indicator.id], name, (row, at + 1))
        value = _heat_value(context, view, indicator.id)
        withheld = ("current", indicator.id) in context.withheld
        missing = words.fill("marks.people", least=context.catalogue.limits.tier_shown_min) if withheld else DASH
        found = when(_inside(view, indicator.id), ex.choose(ex.has(value), value, constant(missing)))
        write(sheet, row + 1, at, found, small if withheld else figure, (row + 1, at + 1))
        for half in (at, at + 1):
            write(sheet, row + 2, half, _coded_level(view, indicator.id), unseen)
    large = book.style(font_size=16, bold=True, num_format=GAP, **rim)
    at = _score_column(context)
    show(sheet, row, at, _heat_value(context, view, dimension.id), large, (row + 1, last))
    for column in range(at, last + 1):
        write(sheet, row + 2, column, _coded_level(view, dimension.id), unseen)
    end = FIRST + 2 * len(dimension.indicators) - 1
    for first, final in ((FIRST, end), (at, last)):
        _colours(context, row, first, final)
    return row + 3


def _score_column(context: Context) -> int:
    """Where the dimensions' own cells begin, which reach to the last column: one beyond the widest row, so that the
    map is as wide as the table."""
    widest = max(len(each.indicators) for each in context.dimensions)
    return FIRST + min(2 * widest + 1, halves(context))


def _to(row: int, first: int, last: int) -> tuple[int, int] | None:
    return (row, last) if first < last else None


def _heat_value(context: Context, view: View, node: str) -> Expression:
    """Score or gap, as the switch says."""
    found = view.at(node, "current", "score")
    switch = _switch(context, "")
    for angle in context.others:
        word = constant(context.words.fill("indicators.heat_gap", angle=context.spoken(angle)))
        found = ex.choose(ex.same(switch, word), view.at(node, angle, "gap"), found)
    return as_seen(found)


def _inside(view: View, node: str) -> Expression:
    """Whether the chosen scope has the node."""
    return ex.has(view.at(node, "current", "weight"))


def _coded_level(view: View, node: str) -> Expression:
    """The level, and a half more where it is provisional; OUT out of scope: one cell for the conditional formats."""
    level, mark = view.at(node, "current", "level"), view.at(node, "current", "mark")
    value = None if level.number is None else level.number + 0.5 * (mark.value == "*")
    coded = Expression(f'IF(ISNUMBER({level.text}),{level.text}+0.5*({mark.text}="*"),"")', value)
    return ex.choose(_inside(view, node), coded, constant(OUT))


def _colours(context: Context, row: int, first: int, last: int) -> None:
    """Fill and text by level; low levels also carry a mark that survives grey print, provisional ones a star."""
    sheet, book = context.sheets[ROLE], context.book
    levels = context.catalogue.levels
    at = local(row + 2, first, fix_row=True)
    outside = {"type": "formula", "criteria": f"={at}={OUT}", "format": book.change(font_color="muted")}
    sheet.condition(row, first, row + 1, last, outside)
    for level in levels:
        shade = level_shade(level.number, len(levels))
        look = {"bg_color": f"level{shade}", "font_color": f"level{shade}_text"}
        before = "▼ " if level.number <= lower_half(context) else ""
        for code, after in ((level.number, ""), (level.number + 0.5, "*")):
            look["num_format"] = f'"{before}"0.00"{after}";"{before}−"0.00"{after}"'
            rule = {"type": "formula", "criteria": f"={at}={code:g}", "format": book.change(**look)}
            sheet.condition(row, first, row + 1, last, rule)


def _legend(context: Context, view: View, row: int, last: int) -> int:
    sheet, book, words = context.sheets[ROLE], context.book, context.words
    levels = context.catalogue.levels
    sheet.rows(row, (10, 26, 22, 16, 10))
    sheet.text(row + 1, 1, words["indicators.scale"], book.style(font_size=9, font_color="slate"), (row + 1, 2))
    for number, level in enumerate(levels):
        at, shade = FIRST + 2 * number, level_shade(level.number, len(levels))
        if at + 1 > last - 1:
            break
        text = words.fill(
            "indicators.from", number=level.number, name=level.name.in_(context.lang), threshold=f"{level.threshold:g}"
        )
        look = {"bg_color": f"level{shade}", "font_color": f"level{shade}_text", "font_size": 9, "align": "center"}
        sheet.text(row + 1, at, text, book.style(**look, shrink=True), (row + 1, at + 1))
    counts = [
        sentence(words["indicators.count"], level=constant(str(each.number)), n=view.level_count(each.number))
        for each in levels
    ]
    joined = ex.joined([counts[0], *(p for count in counts[1:] for p in (constant(" · "), count))])
    at = FIRST + 2 * len(levels)
    if at < last:
        write(sheet, row + 1, at, joined, book.style(font_size=9, font_color="slate", align="right"), (row + 1, last))
    edge = levels[min(len(levels) - 1, len(levels) // 2)]
    foot = words.fill("indicators.foot", example=f"{edge.threshold:.2f}", level=edge.number)
    page.footnote(sheet, row + 2, foot)
    page.footnote(sheet, row + 3, marks_note(context))
    return row + 4


# --- table


def _figures(context: Context) -> list[bullets.Figure]:
    words = context.words
    found = [(words["indicators.inside"], "current", "valued_share", "0.0%")]
    found += [(context.short(angle), angle, "score", SCORE) for angle in context.present]
    if raw("current") in context.raws:
        found.insert(2, (words["calibrations.raw_short"], "current", "raw", SCORE))
    found += [
        (words.fill("indicators.gap", angle=context.spoken_short(angle)), angle, "gap", GAP) for angle in context.others
    ]
    found += [(words["indicators.points"], "current", "importance", POINTS)] if context.others else []
    found += [(words["indicators.level"], "current", "level", "0")]
    found += [(words["indicators.range_low"], "current", "low", SCORE)]
    found += [(words["indicators.range_high"], "current", "high", SCORE)]
    found += [(words["indicators.coverage"], "current", "coverage", PERCENT)]
    found += [(words["dimensions.rate"], "current", "rate", PERCENT)]
    found += [(words["indicators.answers"], "current", "scored", "0")]
    found += [(words["indicators.spread"], "current", "spread", SCORE)]
    return [*found, (words["indicators.provisional"], "current", "provisional", "0")]


def _table(context: Context, view: View, places: Places, row: int, last: int) -> int:
    """One row per indicator with a filter; returns the last row."""
    sheet, book, words = context.sheets[ROLE], context.book, context.words
    figures = _figures(context)
    sheet.rows(row, (26,))
    page.section(sheet, row, 1, last, words["indicators.table"], _note(context))
    heads = [(words["indicators.number"], "center"), (words["indicators.name"], "left")]
    heads += [(title, "center" if key in ("level", "provisional") else "right") for title, _, key, _ in figures]
    blank = last - FIRST - len(figures)
    heads += [("", "left")] * blank + [(words["indicators.dimension"], "left")]
    page.header_row(sheet, row + 1, 1, heads, 40, size=8)
    hair = {"bottom": 1, "bottom_color": "hair", "font_size": 9}
    first = row + 2
    for number, indicator in enumerate(context.indicators):
        at = first + number
        name = f"{indicator.name.in_(context.lang)}{' ★' if indicator.key else ''}"
        dimension = context.catalogue.dimension_of[indicator.id].name.in_(context.lang)
        height = max(
            measure.height(name, NAME_PX[context.lang] + 12, 9, padding=6),
            measure.height(dimension, LAST_PX[context.lang] + 12, 8, padding=6),
            24,
        )
        sheet.rows(at, (height,))
        sheet.number(at, 1, indicator.number, book.style(**hair, align="center", font_color="slate"))
        target = places.answers(indicator.id)
        wrapped = book.style(**hair, text_wrap=True)
        sheet.content(at, 2, Link(name, target) if target else name, wrapped)
        for offset, (_, angle, figure, pattern) in enumerate(figures):
            found = view.at(indicator.id, angle, figure)
            strong = {"bold": True, "font_color": "brand"} if (angle, figure) == ("current", "score") else {}
            align = "center" if figure in ("level", "provisional") else "right"
            style = book.style(**hair, **strong, num_format=pattern, align=align, shrink=figure == "provisional")
            if figure == "provisional":
                write(sheet, at, FIRST + offset, _standing(context, view, indicator.id), style)
            else:
                if figure == "valued_share":
                    found = when(_inside(view, indicator.id), found)
                missing = context.absent(angle, indicator.id) if figure in ("score", "scored") else DASH
                found = as_seen(found) if figure == "gap" else found
                show(sheet, at, FIRST + offset, found, style, missing=missing)
        for column in range(FIRST + len(figures), last):
            sheet.blank(at, column, book.style(**hair))
        bullets.flags(context, ROLE, at, last - 1, view.at(indicator.id, "current", "marks"), **hair)
        sheet.text(at, last, dimension, book.style(**{**hair, "font_size": 8}, font_color="slate", text_wrap=True))
    end = first + len(context.indicators) - 1
    for offset, (_, angle, figure, _) in enumerate(figures):
        area = (first, end, FIRST + offset)
        if figure == "gap":
            bullets.gap_looks(context, ROLE, area, last - 1, angle)
        if figure == "level":
            _level_cells(context, area, last - 1)
    bullets.pale(context, ROLE, (first, 1, end, last), last - 1)
    sheet.filter(row + 1, 1, end, last)
    sheet.repeat(row + 1, row + 1)
    return end


def _note(context: Context) -> str:
    """What the columns mean that need saying."""
    if context.audience == "client":
        return context.words.fill("indicators.table_note_client", least=context.catalogue.limits.spread_shown_min)
    return context.words["indicators.table_note"]


def _standing(context: Context, view: View, node: str) -> Expression:
    """Whether its level is provisional, or that the scope does not have it."""
    words, provisional = context.words, view.at(node, "current", "provisional")
    said = when(provisional, constant(words["indicators.yes"]))
    return ex.choose(_inside(view, node), said, constant(words["overview.outside"]))


def _level_cells(context: Context, area: bullets.Area, flags_column: int) -> None:
    """A level in its colour, with a star where it is provisional."""
    first, last, column = area
    levels, at = context.catalogue.levels, local(first, column)
    for level in levels:
        shade = level_shade(level.number, len(levels))
        look = {"bg_color": f"level{shade}", "font_color": f"level{shade}_text"}
        provisional = bullets.flagged(first, flags_column, flag("current"))
        rules = [(f"=AND({at}={level.number},{provisional})", {"num_format": '0"*"'}), (f"={at}={level.number}", {})]
        for rule, more in rules:
            options = {"type": "formula", "criteria": rule, "format": context.book.change(**look, **more)}
            context.sheets[ROLE].condition(first, column, last, column, options | {"stop_if_true": True})
