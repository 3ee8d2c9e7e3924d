"""What if: the total, the levels and the radar once the chosen actions are done; and the efficient path."""

from xlsxwriter.chart import Chart

from cmme_xl.calculation import expression as ex
from cmme_xl.calculation.expression import Expression, constant, sentence, shown
from cmme_xl.catalogue import ROOT
from cmme_xl.results.actions import MOST
from cmme_xl.scoring import round_half_away
from cmme_xl.spreadsheet import Link, charts, page
from cmme_xl.summary.actions import warning
from cmme_xl.summary.actionview import ActionView
from cmme_xl.summary.context import COLOURS, DASH, Context
from cmme_xl.summary.furniture import POINTS, SCORE, head, level_words, show, when, write
from cmme_xl.summary.path import PathView
from cmme_xl.summary.places import Places
from cmme_xl.summary.view import View

ROLE = "whatif"
RAISED = "whatif"
FEWEST_FOR_RADAR = 3
STEPS = 20
ROW_PX, STEP_PX, BODY_PX = 32, 23, 330


def draw(context: Context, view: View, figures: ActionView, path: PathView, places: Places) -> None:
    """Tiles, the radar beside the table of dimensions, and the path's steps in two columns."""
    sheet, words = context.sheets[ROLE], context.words
    title, subtitle = _title(context, view, figures), constant(words["whatif.subtitle"])
    row = head(context, ROLE, title, subtitle, page.CELLS)
    sheet.rows(row, (20, 34, 20, 20))
    _tiles(context, view, figures, row)
    alert = context.book.style(font_size=9, bold=True, font_color="alert")
    write(sheet, row + 3, 1, warning(context, figures), alert)
    row = _dimensions(context, view, figures, places, row + 4)
    sheet.rows(row, (12,))
    row = _path(context, view, path, places, row + 1)
    sheet.rows(row, (6, 16))
    page.footnote(sheet, row + 1, words["whatif.foot"])
    sheet.print_to(row + 1, page.CELLS + 1)
    sheet.freeze(2)


def _title(context: Context, view: View, figures: ActionView) -> Expression:
    """The finding: how far the chosen actions carry the total, and whether to another level."""
    words, before, after = context.words, view.at(ROOT, "current", "score"), figures.total
    parts = {"n": figures.chosen, "score": shown(before), "total": shown(after)}
    parts |= {"name": level_words(context, figures.level), "level": figures.level}
    rises = Expression(
        f"{figures.level.text}>{view.at(ROOT, 'current', 'level').text}",
        (figures.level.number or 0.0) > (view.at(ROOT, "current", "level").number or 0.0),
    )
    up, same = (sentence(words[f"whatif.{key}"], **parts) for key in ("title_up", "title_same"))
    gains = ex.both(ex.has(before), ex.above_zero(figures.gained))
    idle = constant(words["whatif.title_none" if context.compared else "whatif.title_alone"])
    return ex.choose(gains, ex.choose(rises, up, same), idle)


def _tiles(context: Context, view: View, figures: ActionView, row: int) -> None:
    """Now, then, what is gained, how many actions, and the target."""
    sheet, words = context.sheets[ROLE], context.words
    score = view.at(ROOT, "current", "score")
    level = sentence(words["whatif.level"], name=level_words(context, view.at(ROOT, "current", "level")))
    then = sentence(words["whatif.level"], name=level_words(context, figures.level))
    said = sentence(words["whatif.of_most"], most=constant(str(MOST)))
    tiles = [("now", score, level, SCORE, "current"), ("then", figures.total, then, SCORE, RAISED)]
    tiles += [("gained", figures.rise(score), constant(words["whatif.gained_note"]), '"+"0.00', RAISED)]
    tiles += [("chosen", figures.chosen, said, "0", "rule")]
    for angle in context.others[:2]:
        standing = sentence(words["whatif.level"], name=level_words(context, view.at(ROOT, angle, "level")))
        tiles.append((angle, view.at(ROOT, angle, "score"), standing, SCORE, COLOURS[angle]))
    if not context.compared:
        tiles = [tiles[0], tiles[3]]
    for number, (key, value, note, pattern, colour) in enumerate(tiles):
        label = words[f"whatif.{key}"] if key not in context.others else context.label(key)
        first = 1 + number * 4
        found = ex.choose(ex.has(value), value, constant(DASH))
        page.tile(
            sheet, row, first, first + 2, label, found.value, str(note.value), colour=colour, number_format=pattern,
            formula="=" + found.text, note_formula="=" + note.text,
        )  # fmt: skip


def _dimensions(context: Context, view: View, figures: ActionView, places: Places, row: int) -> int:
    """The radar of current, what-if and what it is compared with; the same figures as a table."""
    sheet, words, book = context.sheets[ROLE], context.words, context.book
    nodes = view.dimension_ids
    page.section(sheet, row, 1, 11, words["whatif.radar"])
    page.section(sheet, row, 13, page.CELLS, words["whatif.dimensions"], words["whatif.dimensions_note"])
    row_px = min(84, max(26, BODY_PX // (len(nodes) + 1)))
    against = [angle for angle in context.others if angle in ("target", "benchmark")][:2]
    heads: list[tuple[str, int, int, str]] = [(words["whatif.dimension"], 13, 18 - (len(against) > 1), "left")]
    column = heads[0][2] + 1
    for text in (context.short("current"), words["whatif.then_short"], words["whatif.gain"]):
        heads.append((text, column, column, "right"))
        column += 1
    for angle in against:
        heads.append((context.short(angle), column, column, "right"))
        column += 1
    heads.append((words["whatif.level_then"], column, page.CELLS, "right"))
    sheet.rows(row + 1, (28, *([row_px] * (len(nodes) + 1))))
    for text, first, last, align in heads:
        style = book.style(font_size=9, bold=True, font_color="white", bg_color="brand", align=align)
        sheet.text(row + 1, first, text, style, (row + 1, last))
    for place, node in enumerate((*nodes, ROOT)):
        at = (row + 2 + place, place if node != ROOT else -1)
        _dimension(context, view, figures, at, (node, places.behind(node)), heads, against)
    height = 28 + row_px * (len(nodes) + 1)
    if len(nodes) >= FEWEST_FOR_RADAR and context.drawn(nodes):
        sheet.chart(row + 1, 1, _radar(context, view, figures, height), words["whatif.radar"])
    else:
        missing = words["overview.radar_few" if context.drawn(nodes) else "overview.title_none"]
        sheet.text(row + 1, 1, missing, book.style(font_size=9, font_color="muted"))
    return row + 2 + len(nodes) + 1


def _dimension(
    context: Context,
    view: View,
    figures: ActionView,
    place: tuple[int, int],
    named: tuple[str, str | None],
    heads: list[tuple[str, int, int, str]],
    against: list[str],
) -> None:
    sheet, book = context.sheets[ROLE], context.book
    (row, number), (node, target) = place, named
    total = node == ROOT
    line: dict[str, object] = {"bottom": 1, "bottom_color": "hair", "bold": total}
    if total:
        line |= {"top": 1, "top_color": "brand", "bg_color": "tint2"}
    name = context.label("current") if total else context.name(node)
    name = context.words["whatif.total"] if total else name
    content = Link(name, target) if target else name
    sheet.content(row, heads[0][1], content, book.style(**line, font_size=10), (row, heads[0][2]))
    column = heads[1][1]
    plain = {**line, "align": "right", "num_format": SCORE}
    show(sheet, row, column, view.at(node, "current", "score"), book.style(**plain))
    raised = book.style(**{**plain, "bold": True, "font_color": "whatif_text"})
    show(sheet, row, column + 1, figures.at("whatif", number), raised)
    rise = figures.rise(view.at(node, "current", "score"), number)
    write(
        sheet, row, column + 2, ex.choose(ex.above_zero(figures.at("gained", number)), rise, constant("")),
        book.style(**{**plain, "num_format": '"+"0.00', "font_color": "good"}),
    )  # fmt: skip
    for offset, angle in enumerate(against):
        style = book.style(**{**plain, "font_color": COLOURS[angle]})
        show(sheet, row, column + 3 + offset, view.at(node, angle, "score"), style, None, context.absent(angle, node))
    first = column + 3 + len(against)
    style = book.style(**{**line, "align": "right", "font_size": 9, "font_color": "slate"})
    write(sheet, row, first, level_words(context, figures.at("level", number)), style, (row, page.CELLS))


def _radar(context: Context, view: View, figures: ActionView, height: int) -> Chart:
    """Target and benchmark beneath, the what-if above them, current on top."""
    nodes = view.dimension_ids
    labels = "=" + view.label(nodes, short=True).text
    order = [angle for angle in ("benchmark", "target", "current") if angle in context.drawn(nodes)]
    series = [
        charts.Series(angle, context.label(angle), labels, "=" + view.column(nodes, angle, "feed").text)
        for angle in order
    ]
    raised = charts.Series(RAISED, context.words["whatif.then"], labels, "=" + figures.column("feed").text)
    series.insert(len(series) - 1, raised)
    return charts.radar(
        context.book, series, 11 * page.CELL_PX, height,
        low=context.catalogue.scale_min, high=context.catalogue.scale_max,
        label_points=10 if context.lang == "zh" else 9, plot=(0.22, 0.12, 0.56, 0.68),
    )  # fmt: skip


# --- the efficient path (scoring.md rule 13)


def _path(context: Context, view: View, path: PathView, places: Places, row: int) -> int:
    """The steps in the order of the path, ten beside ten."""
    sheet, words, book = context.sheets[ROLE], context.words, context.book
    page.section(sheet, row, 1, page.CELLS, words["whatif.path"], words["whatif.path_note"])
    sheet.rows(row + 1, (24, 24))
    write(sheet, row + 1, 1, _path_says(context, view, path), book.style(bold=True, font_color="brand"))
    if not context.compared:
        return row + 2
    half = STEPS // 2
    for left in (1, 13):
        heads = [("", left, left, "center"), (words["whatif.step"], left + 1, left + 7, "left")]
        heads += [(words["whatif.effort"], left + 8, left + 8, "right")]
        heads += [(words["whatif.points"], left + 9, left + 9, "right")]
        heads += [(words["whatif.total_after"], left + 10, left + 10 + (left > 1), "right")]
        for text, first, last, align in heads:
            style = book.style(font_size=9, font_color="slate", bottom=1, bottom_color="brand", align=align)
            sheet.text(row + 2, first, text, style, (row + 2, last) if last > first else None)
    sheet.rows(row + 3, [STEP_PX] * half)
    for step in range(min(STEPS, path.count)):
        left = 1 if step < half else 13
        _step(context, view, path, places, (row + 3 + step % half, left), step)
    return row + 3 + half


def _path_says(context: Context, view: View, path: PathView) -> Expression:
    words = context.words
    goal = level_words(context, path.next_level)
    parts = {"n": path.length, "name": goal, "threshold": shown(path.threshold), "total": shown(path.end)}
    keys = ("path_reached", "path_short", "path_one")
    reached, short, one = (sentence(words[f"whatif.{key}"], **parts) for key in keys)
    decimals = context.catalogue.limits.decimals
    end, threshold = path.end, path.threshold
    there = end.number is not None and threshold.number is not None
    value = there and round_half_away(end.number or 0.0, decimals) >= (threshold.number or 0.0)
    enough = Expression(f"ROUND({end.text},{decimals})>={threshold.text}", value)
    many = Expression(f"{path.length.text}>{STEPS}", (path.length.number or 0.0) > STEPS)
    rest = sentence(words.fill("whatif.path_more", shown=STEPS, n="{n}"), n=path.length)
    single = Expression(f"{path.length.text}=1", path.length.number == 1)
    said = ex.joined([ex.choose(enough, ex.choose(single, one, reached), short), when(many, rest)])
    top = constant(words["whatif.path_top"])
    none = ex.choose(ex.has(view.at(ROOT, "current", "score")), top, constant(words["overview.title_none"]))
    nothing = constant(words["whatif.path_nothing" if context.compared else "whatif.path_alone"])
    return ex.choose(ex.has(threshold), ex.choose(ex.has(end), said, nothing), none)


def _step(context: Context, view: View, path: PathView, places: Places, place: tuple[int, int], step: int) -> None:
    sheet, book, (row, left) = context.sheets[ROLE], context.book, place
    taken, nodes = path.taken(step), view.indicator_ids
    on = ex.has(taken)
    hair = {"bottom": 1, "bottom_color": "hair", "font_size": 9}
    write(
        sheet, row, left, when(on, constant(float(step + 1))),
        book.style(**hair, align="center", bold=True, font_color="brand", num_format="0"),
    )  # fmt: skip
    number, label = ex.picked(view.numbers(), taken), ex.picked(view.label(nodes), taken)
    named = sentence("{number} {name}", number=number, name=label)
    name = book.style(**hair, shrink=True)
    write(sheet, row, left + 1, when(on, places.listed(named, taken)), name, (row, left + 7))
    figure = book.style(**hair, align="right", num_format="0", font_color="slate")
    write(sheet, row, left + 8, ex.picked(path.column("effort"), taken), figure)
    gain = book.style(**hair, align="right", num_format=f'"+"{POINTS}', font_color="brand")
    write(sheet, row, left + 9, ex.picked(path.column("points"), taken), gain)
    total = book.style(**hair, align="right", num_format=SCORE, bold=True)
    last = left + 10 + (left > 1)
    write(sheet, row, left + 10, path.at("total", step), total, (row, last) if last > left + 10 else None)
