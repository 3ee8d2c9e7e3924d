"""What the debrief is to talk about, and what the sessions have agreed so far."""

from cmme_xl.catalogue import ROOT
from cmme_xl.results import advice
from cmme_xl.results.agreed import agreed
from cmme_xl.results.agreed import shown as shown_agreed
from cmme_xl.scoring import round_half_away
from cmme_xl.spreadsheet import Link, Sheet, measure, page
from cmme_xl.summary import asof
from cmme_xl.summary.context import Context
from cmme_xl.summary.furniture import SCORE
from cmme_xl.summary.places import Places
from cmme_xl.summary.view import View

ROLE = "people"
SIGNED = '"+"0.00;"−"0.00;0.00'
NAME = (1, 5)
ROW_PX = 22


def agenda(context: Context, sheet: Sheet, view: View, places: Places, row: int) -> int:
    """What to talk about, each with why it is there (scoring.md rules 6 and 10)."""
    book, words, facts = context.book, context.words, context.facts
    entries = advice.agenda(facts)
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


def agreements(context: Context, sheet: Sheet, places: Places, row: int) -> int:
    """What was agreed in the sessions beside what people had answered themselves (scoring.md rule 3)."""
    book, words = context.book, context.words
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
    sheet.rows(row + 1, (24, *([ROW_PX] * len(nodes)), 14))
    return row + 3 + len(nodes)
