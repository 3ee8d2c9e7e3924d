"""Tiers and people: who sees the same enterprise differently, what is decided but not lived, and what to talk about."""

from collections.abc import Iterator, Sequence

from cmme_xl.calculation import expression as ex
from cmme_xl.calculation.expression import Expression, constant, sentence, shown
from cmme_xl.catalogue import ROOT
from cmme_xl.results import remarks, verdict
from cmme_xl.results.sentence import Sentence, paragraph
from cmme_xl.scoring import round_half_away
from cmme_xl.spreadsheet import Link, charts, measure, page
from cmme_xl.spreadsheet.band import Block, Cell, pour
from cmme_xl.spreadsheet.sheet import local
from cmme_xl.summary import asof, debrief, paper, tiermap
from cmme_xl.summary.context import DASH, Context
from cmme_xl.summary.furniture import GAP, SCORE, as_seen, head, scope_words, show, write
from cmme_xl.summary.places import Places
from cmme_xl.summary.tierview import NATURES, TierView
from cmme_xl.summary.view import View
from cmme_xl.summary.weights import WeightCells

ROLE = "people"
GLYPHS = ("◆", "■", "●")
LEFT, RIGHT = (1, 16), (18, page.CELLS)
NAME = (1, 5)
HEAD_PX, ROW_PX, TALLEST_PX = 36, 24, 40
PAGE_PX = 920


def draw(context: Context, view: View, tiers: TierView, settings: WeightCells, places: Places) -> None:
    """The sheet: tiers by dimension and where they differ most; the agenda; tiers by indicator as a heat map."""
    sheet, words = context.sheets[ROLE], context.words
    subtitle = sentence(words["people.subtitle"], scope=scope_words(context, settings), heard=constant(_heard(context)))
    row = head(context, ROLE, title(context, tiers), subtitle, page.CELLS)
    row = _by_dimension(context, view, tiers, places, row)
    row = _widest(context, tiers, places, row)
    breaks = [row]
    row = debrief.agreements(context, sheet, places, debrief.agenda(context, sheet, view, places, row))
    units = [(row, 0)]
    row = tiermap.draw(context, sheet, view, tiers, places, row, units)
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
