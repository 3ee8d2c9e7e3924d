"""The action plan: what to do, what it is worth, how people judge it, and the two orders."""

from xlsxwriter.format import Format

from cmme_xl.calculation import expression as ex
from cmme_xl.calculation.expression import Expression, constant, sentence, shown
from cmme_xl.catalogue import ROOT
from cmme_xl.results.actions import CRITERIA, MOST
from cmme_xl.results.remarks import NOTABLE, reach
from cmme_xl.spreadsheet import Sheet, measure, page
from cmme_xl.spreadsheet.sheet import local
from cmme_xl.summary import actionrows as at
from cmme_xl.summary import asof
from cmme_xl.summary.actionrows import FIRST_ROW, OWN, TICK, ActionCells
from cmme_xl.summary.actionview import ActionView
from cmme_xl.summary.context import DASH, Context
from cmme_xl.summary.furniture import POINTS, head, scope_words, when, write
from cmme_xl.summary.places import Places
from cmme_xl.summary.view import View
from cmme_xl.summary.weights import WeightCells

ROLE = at.PLAN
TEXT_PX = {"zh": 340, "en": 410}
ROW_PX, FREE_PX = 48, 32
EFFORT, URGENCY, RATING = (1, 5), (1, 3), (1, 3)
FEWEST_JUDGED = 2
"""One judgement, which the results may have made, has no mean."""


def widths(context: Context) -> list[int]:
    """The columns in pixels."""
    name = max(measure.width(each.name.in_(context.lang), 9, bold=True) for each in context.indicators)
    judged = [54 if context.lang == "zh" else 60] * len(CRITERIA)
    return [20, 34, 30, 54, 40, min(230, int(name) + 12), TEXT_PX[context.lang], 70, 46, *judged, 50, 50, 50, 50, 20]


def draw(
    context: Context, view: View, cells: ActionCells, figures: ActionView, settings: WeightCells, places: Places
) -> None:
    """The sheet: one row per action."""
    sheet, words = context.sheets[ROLE], context.words
    row = head(
        context, ROLE, title(context, view, figures), _subtitle(context, settings), at.PRIORITY, narrow=True
    )  # fmt: skip
    sheet.rows(row, (20, 22))
    write(sheet, row, 1, warning(context, figures), context.book.style(font_size=9, bold=True, font_color="alert"))
    _bands(context, row + 1)
    heads = [(TICK, "center"), *((words[f"actions.{key}"], "center") for key in ("row", "key", "indicator"))]
    heads += [(words["actions.name"], "left"), (words["actions.text"], "left"), (words["actions.points"], "right")]
    heads += [(words["actions.effort"], "center")]
    heads += [(words[f"criterion.{key}"], "center") for key in CRITERIA] + [(words["actions.mean"], "center")]
    heads += [(words[f"actions.{key}"], "center") for key in ("urgency", "importance", "priority")]
    page.header_row(sheet, FIRST_ROW - 1, 1, heads, 36)
    for place in cells.places:
        _row(context, cells, figures, places, place)
    _rules(context, cells)
    foot = cells.last_row + 1
    sheet.rows(foot, (8, 16, 16, 16, 16))
    rivals = reach(context.facts, NOTABLE)
    criteria = "foot_rivals" if "competitor" in context.others else "foot_criteria"
    for offset, key in enumerate(("foot_orders", criteria, "foot_own"), 1):
        page.footnote(sheet, foot + offset, words.fill(f"actions.{key}", own=OWN, most=MOST, reach=f"{rivals:g}"))
    asof.put(context, ROLE, foot + 4, asof.note(context, view, view.indicator_ids))
    sheet.repeat(FIRST_ROW - 1, FIRST_ROW - 1)
    sheet.freeze(FIRST_ROW, at.NAME + 1)
    sheet.print_to(foot + 4, at.PRIORITY + 1)


def title(context: Context, view: View, figures: ActionView) -> Expression:
    """The finding: what the chosen actions come to together."""
    words, before, after = context.words, view.at(ROOT, "current", "score"), figures.total
    parts = {"n": figures.chosen, "score": shown(before), "total": shown(after), "points": shown(figures.rise(before))}
    several, one = (sentence(words[f"actions.{key}"], **parts) for key in ("title", "title_one"))
    gains = ex.both(ex.has(before), ex.above_zero(figures.gained))
    more = Expression(f"{figures.chosen.text}>1", (figures.chosen.number or 0.0) > 1)
    alone = sentence(words["actions.title_alone"], n=figures.chosen)
    idle = ex.choose(ex.above_zero(figures.chosen), alone, constant(words["actions.title_none"]))
    return ex.choose(gains, ex.choose(more, several, one), idle)


def warning(context: Context, figures: ActionView) -> Expression:
    """Too many actions chosen, or some that wait for each other."""
    words, chosen = context.words, figures.chosen
    many = Expression(f"{chosen.text}>{MOST}", (chosen.number or 0.0) > MOST)
    said = sentence(words.fill("actions.too_many", most=MOST, n="{n}"), n=chosen)
    ring = constant(words["actions.ring"])
    return ex.joined([when(many, said), when(figures.in_a_ring, ring)])


def _subtitle(context: Context, settings: WeightCells) -> Expression:
    return sentence(context.words["actions.subtitle"], scope=scope_words(context, settings))


def _bands(context: Context, row: int) -> None:
    """What groups of columns have in common."""
    sheet, words, book = context.sheets[ROLE], context.words, context.book
    style = book.style(font_size=8, font_color="slate", align="center", valign="bottom", bottom=1, bottom_color="rule")
    sheet.text(row, at.CRITERION, words["actions.judged"], style, (row, at.MEAN))
    sheet.text(row, at.IMPORTANCE, words["actions.orders"], style, (row, at.PRIORITY))


def _row(context: Context, cells: ActionCells, figures: ActionView, places: Places, place: int) -> None:
    sheet, book = context.sheets[ROLE], context.book
    action, row = cells.actions[place], FIRST_ROW + place
    line: dict[str, object] = {"bottom": 1, "bottom_color": "hair", "font_size": 9}
    typed = {**line, "bg_color": "input", "locked": False, "border": 1, "border_color": "input_edge"}
    centred = book.style(**typed, align="center", num_format="0.##")
    text_px = sheet.columns[at.TEXT] - 12
    sheet.rows(row, (max(ROW_PX if action.text else FREE_PX, measure.height(action.text, text_px, 10, padding=10)),))
    chosen = book.style(**{**typed, "font_size": 11}, align="center", bold=True, font_color="brand")
    sheet.text(row, at.TICKED, TICK if action.chosen else "", chosen)
    sheet.number(row, at.NUMBER, place + 1, book.style(**line, align="center", font_color="slate", num_format="0"))
    small = book.style(**{**line, "font_size": 8}, align="center", font_color="muted")
    sheet.text(row, at.KEY, action.key, small)
    own = action.key.startswith(OWN)
    number = book.style(**(typed if own else line), align="center", num_format="0")
    sheet.number(row, at.INDICATOR, cells.number(place), number)
    named = figures.at("name", place)
    found_at = figures.at("found", place)
    known = ex.choose(ex.has(found_at), places.listed(named, found_at), constant(""))
    write(sheet, row, at.NAME, known, book.style(**line, bold=True, text_wrap=True))
    sheet.text(row, at.TEXT, action.text, book.style(**{**typed, "font_size": 10}, text_wrap=True, indent=1))
    points = book.style(**line, align="right", indent=1, bold=True, num_format=f'"+"{POINTS}', font_color="brand")
    there = ex.above_zero(figures.at("exists", place))
    _shown(sheet, row, at.POINTS, figures.at("points", place), there, points)
    sheet.number(row, at.EFFORT, action.effort, centred)
    for offset, key in enumerate(CRITERIA):
        sheet.number(row, at.CRITERION + offset, action.ratings.get(key), centred)
    ratings = ex.Block(
        sheet.range(row, at.CRITERION, row, at.MEAN - 1).rpartition("!")[2],
        tuple(action.ratings.get(key) for key in CRITERIA),
    )
    found = [number for number in ratings.numbers if number is not None]
    several = len(found) >= FEWEST_JUDGED
    mean = Expression(
        f'IF(COUNT({ratings.text})<{FEWEST_JUDGED},"",AVERAGE({ratings.text}))',
        sum(found) / len(found) if several else None,
    )
    _shown(sheet, row, at.MEAN, mean, there, book.style(**line, align="center", bold=True, num_format="0.0"))
    sheet.number(row, at.URGENCY, action.urgency, centred)
    ordinal = book.style(**line, align="center", bold=True, num_format="0", font_color="slate")
    _shown(sheet, row, at.IMPORTANCE, figures.at("importance_rank", place), there, ordinal)
    first = book.style(**{**line, "font_size": 10}, align="center", bold=True, num_format="0", font_color="brand")
    _shown(sheet, row, at.PRIORITY, figures.at("priority", place), there, first)


def _shown(sheet: Sheet, row: int, column: int, value: Expression, there: Expression, style: Format) -> None:
    """A figure of an action, a dash without one; nothing in a row without an action."""
    write(sheet, row, column, ex.choose(ex.has(value), value, when(there, constant(DASH))), style)


def _rules(context: Context, cells: ActionCells) -> None:
    """What may be typed, and what stands out."""
    sheet, words, book = context.sheets[ROLE], context.words, context.book
    first, last = FIRST_ROW, cells.last_row
    sheet.choices(first, at.TICKED, last, at.TICKED, [TICK], prompt=words["actions.prompt_tick"], strict=True)
    whole = [(at.EFFORT, at.EFFORT, EFFORT, "effort"), (at.URGENCY, at.URGENCY, URGENCY, "urgency")]
    whole += [(at.CRITERION, at.MEAN - 1, RATING, "rating")]
    for left, right, (low, high), key in whole:
        sheet.choices(
            first, left, last, right, list(range(low, high + 1)),
            prompt=words.fill(f"actions.prompt_{key}", low=low, high=high), strict=True,
        )  # fmt: skip
    own = [place for place in cells.places if cells.actions[place].key.startswith(OWN)]
    numbers = [each.number for each in context.indicators]
    for place in own:
        row = FIRST_ROW + place
        rule = {"validate": "integer", "criteria": "between", "minimum": min(numbers), "maximum": max(numbers)}
        prompt = words["actions.prompt_indicator"]
        sheet.validation(row, at.INDICATOR, row, at.INDICATOR, rule, prompt=prompt, strict=True)
    unticked = f"=LEN({local(first, at.TICKED, fix_column=True)})=0"
    grey = book.change(font_color="muted")
    sheet.condition(first, at.NAME, last, at.NAME, {"type": "formula", "criteria": unticked, "format": grey})
    sheet.condition(first, at.POINTS, last, at.POINTS, {"type": "formula", "criteria": unticked, "format": grey})
    pressing = book.change(font_color="alert", bold=True)
    urgent = {"type": "cell", "criteria": "==", "value": URGENCY[1], "format": pressing}
    sheet.condition(first, at.URGENCY, last, at.URGENCY, urgent)
    for value, colour in ((RATING[0], "alert_bg"), (RATING[1], "good_bg")):
        change = book.change(bg_color=colour)
        rule = {"type": "cell", "criteria": "==", "value": value, "format": change}
        sheet.condition(first, at.CRITERION, last, at.MEAN - 1, rule)
