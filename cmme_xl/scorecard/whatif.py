"""What-if: tick improvements, or take the efficient path, and see total, level and radar move. Live."""

from cmme_xl.calculation import expression as ex
from cmme_xl.calculation.expression import NONE, ONE, ZERO, Expression, constant, sentence
from cmme_xl.calculation.shown import GAP, POINTS, SCORE, as_seen, show, write
from cmme_xl.catalogue import ROOT, Indicator
from cmme_xl.scorecard import choice as choices
from cmme_xl.scorecard import path as paths
from cmme_xl.scorecard.choice import FIRST_ROW, GOAL_LEVEL, ROLE, SWITCH, TICK, TILE_ROW, Choice, goal_level, threshold
from cmme_xl.scorecard.context import Context
from cmme_xl.scorecard.furniture import head, level_words
from cmme_xl.scorecard.live import Live
from cmme_xl.scorecard.path import Path
from cmme_xl.spreadsheet import charts, page
from cmme_xl.spreadsheet.sheet import local

HEAD_ROW = 10
TICKED = "✓"
ROW_PX, NAME_PX, FIRST_PX = 24, 250, 150
NUMBER, NAME, NOW, GOAL, EFFORT, POINTS_COLUMN, STEP, BEFORE = range(TICK + 1, TICK + 9)
RIGHT, RIGHT_COLUMNS, RIGHT_PX = 11, 10, 56
RADAR_ROWS = 20
SHOWN_STEPS = 20
WISH_LIST = 15
"""More chosen improvements than these are a wish list."""
FEWEST_FOR_RADAR = 3
PLOT = (0.19, 0.08, 0.62, 0.74)
WIDTHS = (20, 44, 40, NAME_PX, 54, 54, 54, 62, 48, FIRST_PX, 22, *([RIGHT_PX] * RIGHT_COLUMNS), 20)
HAIR = {"bottom": 1, "bottom_color": "hair", "font_size": 9}
YELLOW = {"bg_color": "input", "border": 1, "border_color": "input_edge", "locked": False, "bold": True}


def draw(context: Context, live: Live) -> None:
    """Tiles on top, the improvements to the left, radar and path to the right."""
    sheet, words = context.sheets[ROLE], context.words
    last = RIGHT + RIGHT_COLUMNS - 1
    path = paths.build(context, live, threshold(context, live))
    choice = choices.build(context, live, path)
    head(context, ROLE, _title(context, live, choice), last)
    _tiles(context, live, choice)
    heads = [("tick", "center"), ("number", "center"), ("name", "left"), ("now", "right"), ("goal", "right")]
    heads += [("effort", "right"), ("points", "right"), ("step", "center"), ("before", "left")]
    page.header_row(sheet, HEAD_ROW, 1, [(words[f"whatif.{key}"], align) for key, align in heads], 34)
    for row, indicator in enumerate(context.indicators, FIRST_ROW):
        _row(context, live, path, choice, row, indicator)
    end = FIRST_ROW + len(context.indicators) - 1
    _looks(context, end)
    _radar(context, live, choice)
    bottom = max(_path(context, live, path), end)
    sheet.rows(bottom + 1, (6, 16, 16))
    page.footnote(sheet, bottom + 2, words["whatif.foot"])
    page.footnote(sheet, bottom + 3, words["whatif.foot_path"])
    sheet.freeze(FIRST_ROW)
    sheet.repeat(HEAD_ROW, HEAD_ROW)
    sheet.print_to(bottom + 3, last + 1)
    sheet.select(FIRST_ROW, TICK)
    sheet.protect()


def goals(context: Context) -> list[int]:
    """The levels that may be aimed at."""
    return [*range(2, len(context.catalogue.levels) + 1)]


def switches(context: Context) -> list[str]:
    """What may count: what is ticked, or the efficient path."""
    return [context.words["whatif.by_tick"], context.words["whatif.by_path"]]


def _count(context: Context, choice: Choice) -> Expression:
    return ex.total(choice.column([each.id for each in context.indicators]))


def _level(context: Context, value: Expression) -> Expression:
    thresholds = [each.threshold for each in context.catalogue.levels]
    return ex.level(value, thresholds, context.catalogue.limits.decimals)


# --- what is seen


def _title(context: Context, live: Live, choice: Choice) -> Expression:
    words = context.words
    count, before, after = _count(context, choice), live.at(ROOT, "value"), choice.at(ROOT)
    said = sentence(
        words["whatif.title"],
        n=count,
        before=ex.shown(before),
        after=ex.shown(after),
        level=level_words(context, _level(context, after)),
    )
    plain = ex.choose(ex.above_zero(count), said, constant(words["whatif.title_none"]))
    return ex.choose(ex.has(before), plain, constant(words["meeting.title_none"]))


def _tiles(context: Context, live: Live, choice: Choice) -> None:
    """Total and level now and after, how many are chosen and what they take; the level to reach, and the switch."""
    sheet, words = context.sheets[ROLE], context.words
    sheet.rows(TILE_ROW, (18, 32, 18, 8))
    after, count = choice.at(ROOT), _count(context, choice)
    indicators = [each.id for each in context.indicators]
    chosen = choice.column(indicators)
    efforts = [each.effort for each in context.indicators]
    effort = Expression(
        f"SUMPRODUCT({chosen.text},{{{';'.join(map(str, efforts))}}})",
        sum((on or 0.0) * each for on, each in zip(chosen.numbers, efforts, strict=True)),
    )
    many = Expression(f"{count.text}>{WISH_LIST}", (count.number or 0) > WISH_LIST)
    load = sentence(words["whatif.effort_sum"], effort=ex.shown(effort, "0"))
    warned = ex.choose(many, constant(words["whatif.too_many"]), load)
    here, there = (level_words(context, found) for found in (live.at(ROOT, "level"), _level(context, after)))
    tiles = [
        (TICK, NAME, "total_now", live.at(ROOT, "value"), SCORE, "before", here),
        (NOW, EFFORT, "total_after", after, SCORE, "current", there),
        (POINTS_COLUMN, STEP, "gain", ex.total(choice.column(indicators, second=True)), "+0.00", "accent", None),
        (BEFORE, BEFORE, "count", count, "0", "brand3", warned),
    ]
    for first, last, label, value, pattern, colour, note in tiles:
        _tile(context, (first, last), words[f"whatif.{label}"], value, pattern, colour, note or constant(""))
    _switches(context, live)


def _tile(
    context: Context,
    span: tuple[int, int],
    label: str,
    value: Expression,
    pattern: str,
    colour: str,
    note: Expression,
) -> None:
    """A key figure over three rows, live."""
    sheet, book = context.sheets[ROLE], context.book
    first, last = span

    def to(row: int) -> tuple[int, int] | None:
        return (row, last) if last > first else None

    small = book.style(font_size=9, font_color="slate")
    sheet.text(
        TILE_ROW, first, label, book.style(font_size=9, font_color="slate", top=5, top_color=colour), to(TILE_ROW)
    )
    big = book.style(font_size=22, bold=True, font_color="brand", num_format=pattern, align="left")
    show(sheet, TILE_ROW + 1, first, value, big, to(TILE_ROW + 1))
    write(sheet, TILE_ROW + 2, first, note, small, to(TILE_ROW + 2))


def _switches(context: Context, live: Live) -> None:
    """The level to reach, and whether the efficient path is taken or what is ticked."""
    sheet, book, words = context.sheets[ROLE], context.book, context.words
    small = book.style(font_size=9, font_color="slate", top=5, top_color="input_edge")
    yellow = book.style(**YELLOW, font_size=12, align="center", font_color="brand")
    last = RIGHT + RIGHT_COLUMNS - 1
    sheet.text(TILE_ROW, GOAL_LEVEL, words["whatif.goal_level"], small, (TILE_ROW, GOAL_LEVEL + 1))
    level = goal_level(context, live)
    sheet.number(TILE_ROW + 1, GOAL_LEVEL, level.number, yellow, (TILE_ROW + 1, GOAL_LEVEL + 1))
    prompt = words["whatif.prompt_level"]
    sheet.choices(TILE_ROW + 1, GOAL_LEVEL, TILE_ROW + 1, GOAL_LEVEL, goals(context), prompt=prompt, strict=True)
    note = book.style(font_size=9, font_color="slate")
    write(sheet, TILE_ROW + 2, GOAL_LEVEL, level_words(context, level), note, (TILE_ROW + 2, GOAL_LEVEL + 1))
    sheet.text(TILE_ROW, SWITCH, words["whatif.switch"], small, (TILE_ROW, last))
    sheet.text(TILE_ROW + 1, SWITCH, words["whatif.by_tick"], yellow, (TILE_ROW + 1, last))
    prompt = words["whatif.prompt_switch"]
    sheet.choices(TILE_ROW + 1, SWITCH, TILE_ROW + 1, SWITCH, switches(context), prompt=prompt, strict=True)


def _row(context: Context, live: Live, path: Path, choice: Choice, row: int, indicator: Indicator) -> None:
    """One improvement: raising an indicator to its target, else its benchmark."""
    sheet, book, words, lang = context.sheets[ROLE], context.book, context.words, context.lang
    sheet.rows(row, (ROW_PX,))
    figure = book.style(**HAIR, num_format=SCORE, align="right", font_color="slate")
    sheet.blank(row, TICK, book.style(**YELLOW, align="center", font_color="brand", font_size=11))
    sheet.number(row, NUMBER, indicator.number, book.style(**HAIR, align="center", font_color="muted"))
    name = f"{indicator.name.in_(lang)}{' ★' if indicator.key else ''}"
    sheet.text(row, NAME, name, book.style(**HAIR, shrink=True))
    show(sheet, row, NOW, live.at(indicator.id, "value"), figure)
    goal = as_seen(live.at(indicator.id, "to_goal"))
    show(sheet, row, GOAL, goal, book.style(**HAIR, num_format=GAP, align="right", font_color="slate"))
    sheet.number(row, EFFORT, indicator.effort, book.style(**HAIR, align="right", font_color="slate"))
    points = book.style(**HAIR, num_format=POINTS, align="right", bold=True)
    show(sheet, row, POINTS_COLUMN, live.at(indicator.id, "points"), points)
    step = path.step(indicator.id)
    write(sheet, row, STEP, step, book.style(**HAIR, align="center", bold=True, font_color="accent"))
    write(
        sheet,
        row,
        BEFORE,
        _missing(context, path, choice, indicator, words["whatif.first"]),
        book.style(**{**HAIR, "font_size": 8}, font_color="alert", shrink=True),
    )


def _missing(context: Context, path: Path, choice: Choice, indicator: Indicator, wording: str) -> Expression:
    """What has to come first and is not chosen, once the improvement is: prerequisites that have points to gain."""
    known = [each for each in context.indicators if each.id in indicator.prerequisites]
    if not known:
        return constant("")
    pieces = []
    for each in known:
        gains = Expression(f"LEN({path.key(each.id).text})>0", path.key(each.id).value is not None)
        lacks = ex.both(gains, ex.same(choice.at(each.id), ZERO))
        pieces.append(ex.choose(lacks, constant(f" {each.number}"), constant("")))
    listed = ex.joined(pieces)
    some = Expression(f"LEN({listed.text})>0", bool(listed.value))
    chosen = ex.same(choice.at(indicator.id), ONE)
    before, _, after = wording.partition("{numbers}")
    said = ex.joined([constant(before), listed, constant(after)])
    return ex.choose(ex.both(chosen, some), said, constant(""))


def _looks(context: Context, end: int) -> None:
    """What is chosen stands out; bars behind the points."""
    sheet, book, words = context.sheets[ROLE], context.book, context.words
    prompt = words["whatif.prompt_tick"]
    sheet.choices(FIRST_ROW, TICK, end, TICK, [TICKED], prompt=prompt, strict=True)
    switch = local(TILE_ROW + 1, SWITCH, fix_row=True, fix_column=True)
    tick, step = (local(FIRST_ROW, column, fix_column=True) for column in (TICK, STEP))
    by_path = f"{switch}={constant(words['whatif.by_path']).text}"
    on = f"=IF({by_path},LEN({step})>0,LEN({tick})>0)"
    change = book.change(bg_color="good_bg")
    sheet.condition(FIRST_ROW, NUMBER, end, BEFORE, {"type": "formula", "criteria": on, "format": change})


def _radar(context: Context, live: Live, choice: Choice) -> None:
    sheet, words = context.sheets[ROLE], context.words
    nodes = [each.id for each in context.dimensions]
    if len(nodes) < FEWEST_FOR_RADAR:
        return
    names = "=" + live.label(nodes, short=True).text
    goal = next((a for a in ("target", "benchmark") if a in context.others), None)
    series = (
        [charts.Series(goal, context.label(goal), names, "=" + live.column(nodes, f"{goal}_feed").text)] if goal else []
    )
    series.append(charts.Series("before", words["whatif.now"], names, "=" + live.column(nodes, "feed").text))
    series.append(charts.Series("current", words["whatif.after"], names, "=" + choice.column(nodes, second=True).text))
    chart = charts.radar(
        context.book, series, RIGHT_COLUMNS * RIGHT_PX, RADAR_ROWS * ROW_PX - 6,
        low=context.catalogue.scale_min, high=context.catalogue.scale_max, label_points=10, plot=PLOT,
    )  # fmt: skip
    sheet.chart(FIRST_ROW, RIGHT, chart, words["whatif.after"])


def _path(context: Context, live: Live, path: Path) -> int:
    """The steps of the efficient path; returns the last row."""
    sheet, book = context.sheets[ROLE], context.book
    last = RIGHT + RIGHT_COLUMNS - 1
    row = FIRST_ROW + RADAR_ROWS
    line = book.style(bottom=1, bottom_color="brand", font_size=11, bold=True, font_color="brand")
    sheet.fill(row, RIGHT, last, line)
    write(sheet, row, RIGHT, _path_title(context, live, path), line)
    count = min(SHOWN_STEPS, len(context.indicators))
    small = book.style(**HAIR, align="center", font_color="accent", bold=True)
    for step in range(1, count + 1):
        at, taken, total = row + step, path.taken(step), path.total(step)
        number = ex.choose(ex.has(taken), constant(step), NONE)
        write(sheet, at, RIGHT, number, small)
        write(sheet, at, RIGHT + 1, ex.picked(path.names, taken), book.style(**HAIR, shrink=True), (at, last - 2))
        gained = ex.picked(path.points, taken)
        write(sheet, at, last - 1, gained, book.style(**HAIR, num_format="+0.000", align="right", font_color="slate"))
        write(sheet, at, last, total, book.style(**HAIR, num_format=SCORE, align="right", bold=True))
    return row + count


def _path_title(context: Context, live: Live, path: Path) -> Expression:
    """How many steps lead to the level, or that they do not."""
    words, level = context.words, level_words(context, goal_level(context, live))
    steps = path.count()
    reached = path.reached(threshold(context, live), context.catalogue.limits.decimals)
    there = Expression(f"AND({reached.text},{steps.text}=0)", bool(reached.value) and not steps.number)
    found = sentence(words["whatif.path"], n=steps, level=level)
    short = sentence(words["whatif.path_short"], level=level, total=ex.shown(path.end()))
    return ex.choose(there, sentence(words["whatif.path_there"], level=level), ex.choose(reached, found, short))
