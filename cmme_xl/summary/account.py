"""The written part of a dimension's page: what its figures say, what people wrote, what to do."""

from collections.abc import Iterator, Sequence

from cmme_xl.calculation import expression as ex
from cmme_xl.catalogue import Dimension, Indicator
from cmme_xl.findings import visible
from cmme_xl.results.diagnosis import Diagnosis
from cmme_xl.results.sentence import paragraph
from cmme_xl.spreadsheet import Link, measure, page
from cmme_xl.spreadsheet.band import Block, Cell
from cmme_xl.spreadsheet.sheet import local
from cmme_xl.summary.context import Context
from cmme_xl.summary.evidence import Entry, Register
from cmme_xl.summary.places import Places
from cmme_xl.templates import template

CELL_PX = 54
LEFT, RIGHT = (1, 11), (13, page.CELLS)
LABEL = 2
QUOTED, LONGEST_QUOTE = 4, 90
POINTS = 9


def label(context: Context, indicator: Indicator) -> str:
    """An indicator as a table names it."""
    return f"{indicator.number} {indicator.name.in_(context.lang)}{' ★' if indicator.key else ''}"


def said(context: Context, found: Diagnosis) -> Iterator[Block]:
    """The diagnosis, a paragraph per subject."""
    line = {"bottom": 1, "bottom_color": "hair", "font_size": POINTS, "text_wrap": True}
    bold = context.book.style(**line, bold=True, font_color="brand")
    plain = context.book.style(**line)
    first, last = LEFT
    for subject, sentences in found.parts.items():
        text = paragraph(sentences, context.lang)
        cells = (
            Cell(first, first + LABEL - 1, context.words[f"page.{subject}"], bold),
            Cell(first + LABEL, last, text, plain),
        )
        yield Block(cells, _height(text, first + LABEL, last))


def _height(text: str, first: int, last: int) -> int:
    return measure.height(text, (last - first + 1) * CELL_PX, POINTS, padding=9)


def evidence(context: Context, dimension: Dimension, found: Diagnosis, register: Register | None) -> Iterator[Block]:
    """What people wrote about the indicators to be raised first, then about the rest; each leads to the register."""
    if register is None:
        return
    words, book, first, last = context.words, context.book, *LEFT
    inside = context.facts.indicators(dimension)
    told = {key: sum(register.counts(each.id).get(key, 0) for each in inside) for key in ("given", "top")}
    told["line"] = register.counts(dimension.id).get("line", 0)
    title = book.style(bold=True, font_color="brand", bottom=1, bottom_color="brand")
    note = book.style(font_size=8, font_color="muted", align="right", bottom=1, bottom_color="brand")
    yield Block(
        (
            Cell(first, first + 3, words["page.evidence"], title),
            Cell(first + 4, last, words.fill("page.evidence_note", **told), note),
        ),
        27,
    )
    line = {"bottom": 1, "bottom_color": "hair", "font_size": 8, "text_wrap": True}
    linked, plain = book.style(**line, font_color="brand2"), book.style(**line)
    for row, entry in _quoted(context, dimension, found, register):
        text = words.fill("page.quote", who=entry.who, claim=entry.claim, text=_quote(context, entry))
        target = f"{context.sheets['evidence'].quoted}!{local(row, 1)}"
        cells = (
            Cell(first, first + LABEL - 1, Link(entry.node, target), linked),
            Cell(first + LABEL, last, text, plain),
        )
        yield Block(cells, measure.height(text, (last - first - LABEL + 1) * CELL_PX, 8, padding=6))
    if not told["given"]:
        yield Block((Cell(first, last, words["page.evidence_none"], plain),), 18)


def _quote(context: Context, entry: Entry) -> str:
    """What is written down, in one line; without words how far the interviewer could convince themselves."""
    lines = [" ".join(line.split()) for line in entry.evidence.splitlines()]
    written = context.words["page.quote_between"].join(line for line in lines if line)
    if not written and entry.proof:
        written = template("interview")["record"]["proof"][entry.proof][context.lang]
    return measure.clip(visible(written), LONGEST_QUOTE)


def _quoted(
    context: Context, dimension: Dimension, found: Diagnosis, register: Register
) -> Sequence[tuple[int, Entry]]:
    """The first few entries, those in words before those without: the indicators to be raised first in their order,
    and one entry of each before a second."""
    indicator, seen = context.catalogue.indicator_of, dict[tuple[bool, str], int]()
    keyed = []
    inside = {each.id for each in context.facts.indicators(dimension)}
    for row, entry in register.of(dimension):
        own = indicator[entry.node].id
        if own not in inside:
            continue
        wordless = not entry.evidence.strip()
        seen[wordless, own] = turn = seen.get((wordless, own), -1) + 1
        if turn < QUOTED:
            place = found.links.index(own) if own in found.links else len(found.links)
            keyed.append((wordless, turn, place, row, entry))
    return [(row, entry) for *_, row, entry in sorted(keyed, key=lambda each: each[:4])[:QUOTED]]


def advice(context: Context, places: Places, found: Diagnosis) -> Iterator[Block]:
    """The indicators to be raised first: what is seen, what to do now, what top management is to decide."""
    words, book, facts, lang = context.words, context.book, context.facts, context.lang
    first, last = RIGHT
    line = {"bottom": 1, "bottom_color": "hair", "font_size": POINTS, "text_wrap": True}
    bold = book.style(font_size=10, bold=True, font_color="brand", valign="bottom")
    figure = book.style(font_size=8, font_color="slate", align="right", valign="bottom")
    seen, plain = book.style(**line, font_color="slate"), book.style(**line, indent=1)
    tag = {"font_size": 8, "align": "center", "bottom": 1, "bottom_color": "white", "shrink": True}
    tags = {
        "tactical": book.style(**tag, bg_color="tint", font_color="brand"),
        "strategic": book.style(**tag, bg_color="brand", font_color="white"),
    }
    indicators = {each.id: each for each in context.indicators}
    for id_ in found.links:
        indicator, band = indicators[id_], facts.band(id_)
        if band is None:
            continue
        points = facts.points(id_)
        gain = words.fill("page.gain", points=ex.as_shown(points, "0.000")) if points else ""
        told = words.fill("page.link", score=ex.as_shown(facts.score(id_)), gain=gain)
        target = places.answers(id_)
        name = label(context, indicator)
        yield Block(
            (Cell(first, last - 5, Link(name, target) if target else name, bold), Cell(last - 4, last, told, figure)),
            27,
        )
        text = indicator.diagnosis[band.id].in_(lang)
        yield Block((Cell(first, last, text, seen),), _height(text, first, last))
        for kind, texts in (("tactical", indicator.tactical), ("strategic", indicator.strategic)):
            text = texts[band.id].in_(lang)
            cells = (Cell(first, first, words[f"page.{kind}"], tags[kind]), Cell(first + 1, last, text, plain))
            yield Block(cells, _height(text, first + 1, last))
    if not found.links:
        own = context.catalogue.dimension_of
        scored = any(own[each.id].id == found.dimension for each in facts.scored)
        text = words["page.no_links" if scored else "page.no_scores"]
        yield Block((Cell(first, last, text, seen),), _height(text, first, last))
