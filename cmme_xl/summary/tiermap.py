"""How each tier sees each indicator: a heat map."""

from cmme_xl.calculation import expression as ex
from cmme_xl.calculation.expression import constant
from cmme_xl.catalogue import Dimension
from cmme_xl.spreadsheet import Sheet, measure, page
from cmme_xl.spreadsheet.sheet import local
from cmme_xl.summary.context import DASH, Context
from cmme_xl.summary.furniture import SCORE, level_shade, show, when, write
from cmme_xl.summary.places import Places
from cmme_xl.summary.tierview import TierView
from cmme_xl.summary.view import View

CALLED, TIER, CELL = (1, 3), (4, 5), 6


def draw(
    context: Context, sheet: Sheet, view: View, tiers: TierView, places: Places, row: int, units: list[tuple[int, int]]
) -> int:
    """A line per tier under the names of a dimension's indicators, and how far people scatter.

    `units` gets the first row and the height of what is to stay on one page.
    """
    book, words = context.book, context.words
    page.section(sheet, row, 1, page.CELLS, words["people.heat"], words["people.heat_note"])
    first = row + 1
    row += 1
    for dimension in context.dimensions:
        top, (row, px) = row, _rows(context, sheet, view, tiers, places, dimension, row)
        units.append((top, px))
    levels = context.catalogue.levels
    at = local(first, CELL)
    for number, level in enumerate(levels):
        shade = level_shade(level.number, len(levels))
        change = book.change(bg_color=f"level{shade}", font_color=f"level{shade}_text")
        upper = f",ROUND({at},2)<{levels[number + 1].threshold:g}" if number + 1 < len(levels) else ""
        test = f"=AND(ISNUMBER({at}),ROUND({at},2)>={level.threshold:g}{upper})"
        sheet.condition(first, CELL, row - 1, page.CELLS, {"type": "formula", "criteria": test, "format": change})
    return row


def _rows(
    context: Context, sheet: Sheet, view: View, tiers: TierView, places: Places, dimension: Dimension, row: int
) -> tuple[int, int]:
    """One dimension; returns the row after it, and the height in pixels."""
    book, words, facts = context.book, context.words, context.facts
    wide = max(1, (page.CELLS - CELL - 1) // max(len(each.indicators) for each in context.dimensions))
    least = context.catalogue.limits.tier_shown_min
    shorts = {
        each.id: f"{each.number} {each.short.in_(context.lang).replace('|', chr(10))}" for each in dimension.indicators
    }
    tall = max(measure.height(label, wide * page.CELL_PX + 10, 8, padding=2) for label in shorts.values())
    lines = [*tiers.tiers, "sd"]
    heights = (max(28, tall), *([16] * len(lines)), 4)
    sheet.rows(row, heights)
    bold = book.style(bold=True, font_color="brand", valign="top", text_wrap=True, font_size=9)
    called = f"{dimension.number} {context.name(dimension.id)}"
    sheet.jump(row, CALLED[0], called, places.page(dimension.id), bold, (row + 1, CALLED[1]))
    heading = book.style(font_size=8, align="center", valign="bottom", text_wrap=True, font_color="slate")
    small = book.style(font_size=8, font_color="slate", align="right")
    rim = {"align": "center", "font_size": 9, "left": 1, "right": 1, "left_color": "white", "right_color": "white"}
    figure = book.style(**rim, num_format=SCORE)
    quiet = book.style(**{**rim, "font_size": 8}, font_color="muted")
    total = page.CELLS - 1
    for line, key in enumerate(lines, row + 1):
        label = words["people.sd"] if key == "sd" else context.catalogue.group(key).name.in_(context.lang)
        sheet.text(line, TIER[0], label, small, (line, TIER[1]))
        for place, each in enumerate(dimension.indicators):
            at = CELL + place * wide
            to = (line, at + wide - 1) if wide > 1 else None
            if line == row + 1:
                sheet.text(row, at, shorts[each.id], heading, (row, at + wide - 1) if wide > 1 else None)
            agreed = facts.agreement[each.id]
            hidden = key in agreed.tiers and agreed.tiers[key] is None
            inside = ex.has(view.at(each.id, "current", "weight"))
            if key == "sd":
                scattered = agreed.sd is not None and agreed.n > 1
                said = constant(f"σ {ex.as_shown(agreed.sd)}" if scattered else "")
                write(sheet, line, at, when(inside, said), quiet, to)
            else:
                mean, missing = tiers.at(each.id, key), constant(f"<{least}" if hidden else DASH)
                write(sheet, line, at, when(inside, ex.choose(ex.has(mean), mean, missing)), figure, to)
        if key != "sd":
            strong = book.style(**rim, num_format=SCORE, bold=True)
            show(sheet, line, total, tiers.at(dimension.id, key), strong, (line, page.CELLS))
    sheet.text(row, total, words["people.dimension"], heading, (row, page.CELLS))
    return row + len(heights), sum(heights)
