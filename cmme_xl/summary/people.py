"""Tiers and people: who sees the same enterprise differently, what is decided but not lived, and what to talk about."""

from collections.abc import Iterator, Sequence

from cmme_xl.calculation import expression as ex
from cmme_xl.calculation.expression import Expression, constant, sentence, shown
from cmme_xl.catalogue import ROOT, Dimension
from cmme_xl.results import remarks, verdict
from cmme_xl.results.advice import agenda
from cmme_xl.results.agreed import agreed
from cmme_xl.results.agreed import shown as shown_agreed
from cmme_xl.results.sentence import Sentence, paragraph
from cmme_xl.scoring import round_half_away
from cmme_xl.spreadsheet import Link, charts, measure, page
from cmme_xl.spreadsheet.band import Block, Cell, pour
from cmme_xl.spreadsheet.sheet import local
from cmme_xl.summary import asof, paper
from cmme_xl.summary.context import DASH, Context
from cmme_xl.summary.furniture import GAP, SCORE, as_seen, head, level_shade, scope_words, show, when, write
from cmme_xl.summary.places import Places
from cmme_xl.summary.tierview import NATURES, TierView
from cmme_xl.summary.view import View
from cmme_xl.summary.weights import WeightCells

ROLE = "people"
SIGNED = '"+"0.00;"−"0.00;0.00'
GLYPHS = ("◆", "■", "●")
LEFT, RIGHT = (1, 16), (18, page.CELLS)
NAME = (1, 5)
HEAD_PX, ROW_PX, TALLEST_PX = 36, 24, 40
CALLED, TIER, CELL = (1, 3), (4, 5), 6
PAGE_PX = 920


def draw(context: Context, view: View, tiers: TierView, settings: WeightCells, places: Places) -> None:
    """The sheet: tiers by dimension and where they differ most; the agenda; tiers by indicator as a heat map."""
    sheet, words = context.sheets[ROLE], context.words
    subtitle = sentence(words["people.subtitle"], scope=scope_words(context, settings), heard=constant(_heard(context)))
    row = head(context, ROLE, title(context, tiers), subtitle, page.CELLS)
    row = _by_dimension(context, view, tiers, places, row)
    row = _widest(context, tiers, places, row)
    breaks = [row]
    row = _agreed(context, places, _agenda(context, view, places, row))
    units = [(row, 0)]
    row = _heat_map(context, view, tiers, places, row, units)
    breaks += [units[0][0], *measure.page_breaks(units, PAGE_PX, PAGE_PX)]
    sheet.rows(row, (6, 16, 16))
    page.footnote(sheet, row + 1, words["people.foot"])
    if context.audience == "client":
        least = context.catalogue.limits.tier_shown_min
        page.footnote(sheet, row + 2, words.fill("people.foot_client", least=least))
    sheet.print_to(row + 2, page.CELLS + 1)
    paper.whole(sheet, breaks)
    sheet.freeze(2)


def title(context: Context, tiers: TierView) -> Expression:
    """The finding: the highest tier against the lowest, and where they are furthest apart."""
    words, facts = context.words, context.facts
    if facts.score(ROOT) is None:
        return constant(words["overview.title_none"])
    if len(tiers.tiers) < 2:
        return constant(words["people.title_withheld" if context.audience == "client" else "people.title_one"])
    top = context.catalogue.group(tiers.tiers[0]).name.in_(context.lang)
    bottom = remarks.tier_name(facts, tiers.tiers[-1]).in_(context.lang)
    if not tiers.listed:
        return constant(words["people.title_none"])
    difference = tiers.at(ROOT, "difference")
    value = 0.0 if difference.number is None else round_half_away(difference.number)
    rounded = Expression(f"ROUND({difference.text},2)", value)
    name, most = tiers.name("#1"), tiers.at("#1", "difference")
    parts = {"top": constant(top), "bottom": constant(bottom), "distance": shown(ex.positive(as_seen(difference)))}
    parts |= {"name": name, "most": shown(ex.positive(as_seen(most)))}
    reach = remarks.reach(facts, remarks.NOTABLE)
    above, below = (Expression(f"{rounded.text}{sign}{reach:g}", found) for sign, found in
                    ((">=", value >= reach), ("<=-", value <= -reach)))  # fmt: skip
    alike, over, under = (sentence(words[f"people.title_{key}"], **parts) for key in ("alike", "above", "below"))
    said = ex.choose(above, over, ex.choose(below, under, alike))
    return ex.choose(ex.has(difference), said, constant(words["people.title_none"]))


def _heard(context: Context) -> str:
    """How many of each tier gave a score, as far as this audience may know."""
    words, plan, heard = context.words, context.plan, context.results.returned.answers.scorers()
    counts = {
        tier: sum(person.group == tier.id and person.id in heard for person in plan.people)
        for tier in context.catalogue.tiers
    }
    if any(isinstance(context.countable(n), str) for n in counts.values()):
        return words.fill("people.heard", n=sum(counts.values()))
    parts = [words.fill("overview.tier", name=tier.name.in_(context.lang), n=n) for tier, n in counts.items() if n]
    return (" · " if context.lang == "zh" else ", ").join(parts) or DASH


# --- tiers by dimension


def _by_dimension(context: Context, view: View, tiers: TierView, places: Places, row: int) -> int:
    """The table with dumbbells, and on its right what the figures say; returns the row after them."""
    sheet, words = context.sheets[ROLE], context.words
    page.section(sheet, row, *LEFT, words["people.dimensions"])
    page.section(sheet, row, *RIGHT, words["people.read"])
    asof.flag(context, view, ROLE, (row, RIGHT[1]), view.indicator_ids)
    labelled = [(constant(f"{d.number} {context.name(d.id)}"), d.id, places.page(d.id)) for d in context.dimensions]
    labelled.append((constant(words["people.total"]), ROOT, ""))
    said = list(_remarks(context))
    fits = (px for px in range(ROW_PX, TALLEST_PX) if sum(block.steps(px) for block in said) <= len(labelled))
    row_px = next(fits, TALLEST_PX)
    after = max(_table(context, tiers, row + 1, labelled, row_px), pour(sheet, row + 2, [said], row_px))
    sheet.rows(after, (14,))
    return after + 1


def _remarks(context: Context) -> Iterator[Block]:
    """What follows from the figures, by subject."""
    facts, words = context.facts, context.words
    said: dict[str, Sequence[Sentence]] = {
        "tiers": tuple(verdict.perception(facts)),
        "nature": tuple(remarks.nature(facts, ROOT)),
        "scatter": tuple(verdict.scatter(facts)),
        "customers": tuple(remarks.customers(facts, ROOT)),
    }
    look = {"bg_color": "panel", "font_size": 9, "text_wrap": True, "indent": 1}
    bold = context.book.style(bold=True, font_color="brand")
    plain = context.book.style(**look)
    width = (RIGHT[1] - RIGHT[0] + 1) * page.CELL_PX - 12
    for subject, sentences in said.items():
        if sentences:
            text = paragraph(sentences, context.lang)
            lead = (f"{words[f'people.read_{subject}']}\n", bold)
            yield Block((Cell(*RIGHT, text, plain, lead),), measure.height(f"{lead[0]}{text}", width, 9, padding=4))


def _table(
    context: Context, tiers: TierView, row: int, labelled: Sequence[tuple[Expression, str, str]], row_px: int = ROW_PX
) -> int:
    """Rows of the tier view with markers over them and figures on the right. `labelled`: label, row, link or ""."""
    sheet, book, words = context.sheets[ROLE], context.book, context.words
    names = [context.catalogue.group(tier).name.in_(context.lang) for tier in tiers.tiers]
    figures = [(name, tier, SCORE) for name, tier in zip(names, tiers.tiers, strict=True)]
    if len(tiers.tiers) > 1:
        figures.append((words["people.difference"], "difference", GAP))
    first = LEFT[1] + 1 - len(figures)
    sheet.rows(row, (HEAD_PX, *([row_px] * len(labelled))))
    line = {"bottom": 1, "bottom_color": "rule", "font_size": 9, "font_color": "slate", "valign": "bottom"}
    sheet.fill(row, *LEFT, book.style(**line))
    if names:
        entries = [(GLYPHS[min(2, at)], f"tier{min(3, at + 1)}", name) for at, name in enumerate(names)]
        page.legend(sheet, row, *NAME, entries)
    for offset, (said, _, _) in enumerate(figures):
        sheet.text(row, first + offset, said, book.style(**line, align="right", text_wrap=True))
    hair = {"bottom": 1, "bottom_color": "hair"}
    for at, (label, key, target) in enumerate(labelled, row + 1):
        strong = {"bold": True, "top": 1, "top_color": "brand"} if key == ROOT else {}
        name = book.style(**hair, **strong, shrink=True, font_size=10 if context.lang == "zh" else 9)
        if target:
            sheet.jump(at, NAME[0], str(label.value), target, name, (at, NAME[1]))
        else:
            write(sheet, at, NAME[0], label, name, (at, NAME[1]))
        sheet.fill(at, NAME[1] + 1, first - 1, book.style(**hair, **strong))
        for offset, (_, figure, pattern) in enumerate(figures):
            look = {"bold": True} if figure == "difference" else {}
            style = book.style(**hair, **{**look, **strong}, num_format=pattern, align="right")
            found = tiers.at(key, figure)
            found = as_seen(found) if figure == "difference" else found
            show(sheet, at, first + offset, found, style, missing="" if key in tiers.listed else DASH)
    if len(tiers.tiers) > 1:
        apart = local(row + 1, LEFT[1])
        change = book.change(font_color="alert", bg_color="alert_bg")
        test = f"=AND(ISNUMBER({apart}),ABS(ROUND({apart},2))>=1)"
        rule = {"type": "formula", "criteria": test, "format": change}
        sheet.condition(row + 1, LEFT[1], row + len(labelled), LEFT[1], rule)
    _dumbbells(context, tiers, row, [key for _, key, _ in labelled], (NAME[1] + 1, first - 1), row_px)
    return row + 1 + len(labelled)


def _dumbbells(
    context: Context, tiers: TierView, row: int, keys: Sequence[str], columns: tuple[int, int], row_px: int
) -> None:
    sheet, book, words = context.sheets[ROLE], context.book, context.words
    if not any(tiers.at(key, tier).number is not None for key in keys for tier in tiers.tiers):
        return
    rows = charts.RowChart(len(keys), HEAD_PX, row_px, sheet.span(*columns))
    low, high = context.catalogue.scale_min, context.catalogue.scale_max
    names = "=" + tiers.names(keys).text
    before = charts.unseen(words["people.dimensions"], names, "=" + tiers.column(keys, "offset").text)
    span = charts.bar(book.brand, words["people.difference"], names, "=" + tiers.column(keys, "length").text, "link")
    described = words["sheets.people"]
    lines = charts.row_bars(book, rows, [before, span], gap=400, stacked=True, low=low, high=high)
    sheet.chart(row, columns[0], lines, described)
    marks = []
    for place, tier in reversed(list(enumerate(tiers.tiers))):
        x, y = (f"={tiers.column(keys, f'{tier}_{axis}').text}" for axis in "xy")
        name = context.catalogue.group(tier).name.in_(context.lang)
        marks.append(charts.dots(book.brand, name, x, y, f"tier{min(3, place + 1)}"))
    sheet.chart(row, columns[0], charts.row_markers(book, rows, marks, low=low, high=high), described)


# --- where they differ most


def _widest(context: Context, tiers: TierView, places: Places, row: int) -> int:
    """The indicators that the tiers see most differently, beside what is decided against what is lived."""
    sheet, words = context.sheets[ROLE], context.words
    page.section(sheet, row, *RIGHT, words["people.nature"])
    after = row + 1
    if tiers.listed:
        page.section(sheet, row, *LEFT, words.fill("people.widest", n=len(tiers.listed)))
        labelled = [(places.listed(tiers.name(key), tiers.at(key, "place")), key, "") for key in tiers.listed]
        after = _table(context, tiers, row + 1, labelled)
    figures = [(words[f"people.{nature}"], nature) for nature in NATURES] + [(words["people.distance"], "distance")]
    nodes = [(f"{d.number} {context.name(d.id)}", d.id) for d in context.dimensions] + [(words["people.total"], ROOT)]
    line = {"bottom": 1, "bottom_color": "rule", "font_size": 9, "font_color": "slate", "valign": "bottom"}
    sheet.fill(row + 1, *RIGHT, context.book.style(**line))
    first = RIGHT[1] - len(figures) + 1
    for offset, (heading, _) in enumerate(figures):
        sheet.text(row + 1, first + offset, heading, context.book.style(**line, align="right", shrink=True))
    for at, (name, node) in enumerate(nodes, row + 2):
        look = {"bottom": 1, "bottom_color": "hair", "font_size": 9, "bold": node == ROOT}
        target = places.behind(node)
        named = Link(name, target) if target else name
        sheet.content(at, RIGHT[0], named, context.book.style(**look, shrink=True), (at, first - 1))
        for offset, (_, figure) in enumerate(figures):
            pattern = GAP if figure == "distance" else SCORE
            style = context.book.style(**look, num_format=pattern, align="right")
            found = tiers.at(node, figure)
            show(sheet, at, first + offset, as_seen(found) if figure == "distance" else found, style)
    end = max(after, row + 2 + len(nodes))
    sheet.rows(after, [ROW_PX] * (end - after) + [14])
    return end + 1


# --- the agenda of the debrief


def _agenda(context: Context, view: View, places: Places, row: int) -> int:
    """What to talk about, each with why it is there (scoring.md rules 6 and 10)."""
    sheet, book, words, facts = context.sheets[ROLE], context.book, context.words, context.facts
    entries = agenda(facts)
    note = words.fill("people.agenda_note", n=len(entries)) if entries else ""
    page.section(sheet, row, 1, page.CELLS, words["people.agenda"], note)
    row += 1
    hair = {"bottom": 1, "bottom_color": "hair", "font_size": 9}
    grey, plain = book.style(**hair, font_color="muted", align="center"), book.style(**hair, text_wrap=True)
    linked = book.style(**hair, font_color="brand2", align="center")
    if not entries:
        sheet.rows(row, (24,))
        sheet.text(row, 1, words["people.agenda_none"], book.style(font_size=9, font_color="slate"))
        row += 1
    catalogue, shown_ids = context.catalogue, {each.id for each in context.indicators}
    numbers = {each.id: str(each.number) for each in catalogue.indicators}
    for number, entry in enumerate(entries, 1):
        text, node = entry.text(context.lang), entry.node
        sheet.rows(row, (max(23, measure.height(text, 21 * page.CELL_PX, 9, padding=7)),))
        sheet.number(row, 1, number, grey)
        target = places.indicator(node) if node in shown_ids else places.answers(node)
        label = numbers.get(node, node)
        sheet.content(row, 2, Link(label, target) if target else label, linked, (row, 3))
        sheet.text(row, 4, text, plain, (row, page.CELLS))
        row += 1
    sheet.rows(row, (18, 14))
    asof.put(context, ROLE, row, asof.note(context, view, view.indicator_ids))
    return row + 2


# --- self-scores and agreed scores


def _agreed(context: Context, places: Places, row: int) -> int:
    """What was agreed in the sessions beside what people had answered themselves (scoring.md rule 3)."""
    sheet, book, words = context.sheets[ROLE], context.book, context.words
    found = shown_agreed(agreed(context.plan, context.results.returned), context.plan, context.audience)
    page.section(sheet, row, 1, page.CELLS, words["people.agreed_title"], words["people.agreed_note"])
    if not found.nodes:
        sheet.rows(row + 1, (24, 14))
        absent = "people.agreed_withheld" if context.results.returned.records else "people.agreed_none"
        sheet.text(row + 1, 1, words[absent], book.style(font_size=9, font_color="slate"))
        return row + 3
    heads = ("own", "agreed", "apart", "answers", "raised", "lowered")
    line = {"bottom": 1, "bottom_color": "rule", "font_size": 9, "font_color": "slate", "valign": "bottom"}
    first = NAME[1] + 2
    sheet.fill(row + 1, 1, first + 2 * len(heads) - 1, book.style(**line))
    for offset, key in enumerate(heads):
        at = first + 2 * offset
        sheet.text(row + 1, at, words[f"people.{key}"], book.style(**line, align="right"), (row + 1, at + 1))
    nodes = [(each.id, f"{each.number} {context.name(each.id)}") for each in context.dimensions]
    nodes = [(id_, name) for id_, name in (*nodes, (ROOT, words["people.total"])) if id_ in found.nodes]
    for at, (node, name) in enumerate(nodes, row + 2):
        each = found.nodes[node]
        look = {"bottom": 1, "bottom_color": "hair", "bold": node == ROOT, "font_size": 9}
        target = places.behind(node)
        sheet.content(at, 1, Link(name, target) if target else name, book.style(**look), (at, first - 1))
        figures = (each.own, each.agreed, each.difference, each.n, each.raised, each.lowered)
        for offset, (key, figure) in enumerate(zip(heads, figures, strict=True)):
            pattern = SIGNED if key == "apart" else SCORE if key in ("own", "agreed") else "0"
            rounded = None if figure is None else round_half_away(figure, 2)
            place = first + 2 * offset
            sheet.number(at, place, rounded, book.style(**look, num_format=pattern, align="right"), (at, place + 1))
    sheet.rows(row + 1, (24, *([ROW_PX - 2] * len(nodes)), 14))
    return row + 3 + len(nodes)


# --- tiers by indicator


def _heat_map(
    context: Context, view: View, tiers: TierView, places: Places, row: int, units: list[tuple[int, int]]
) -> int:
    """A line per tier under the names of a dimension's indicators, and how far people scatter.

    `units` gets the first row and the height of what is to stay on one page.
    """
    sheet, book, words = context.sheets[ROLE], context.book, context.words
    page.section(sheet, row, 1, page.CELLS, words["people.heat"], words["people.heat_note"])
    first = row + 1
    row += 1
    for dimension in context.dimensions:
        top, (row, px) = row, _heat_rows(context, view, tiers, places, dimension, row)
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


def _heat_rows(
    context: Context, view: View, tiers: TierView, places: Places, dimension: Dimension, row: int
) -> tuple[int, int]:
    """One dimension; returns the row after it, and the height in pixels."""
    sheet, book, words, facts = context.sheets[ROLE], context.book, context.words, context.facts
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
