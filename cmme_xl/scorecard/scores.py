"""Scores: everyone's answers side by side, and the columns in which a score is calibrated. Live."""

from cmme_xl import formulas
from cmme_xl.calculation.expression import Expression
from cmme_xl.calculation.shown import SCORE, show, write
from cmme_xl.catalogue import ROOT, Indicator
from cmme_xl.returned.model import Outcome
from cmme_xl.returned.scorecard import header, id_header
from cmme_xl.scorecard import entry
from cmme_xl.scorecard.cells import (
    BLOCK_ROW,
    FIRST_BLOCK,
    FIRST_ROW,
    HEAD_ROW,
    ID,
    NAME_ROW,
    TEXT,
    TIER_ROW,
    WEIGHT_ROW,
    Block,
    ScoreCells,
    unseen,
)
from cmme_xl.scorecard.context import GLYPHS, TEXT_COLOURS, Context
from cmme_xl.scorecard.flags import flags
from cmme_xl.scorecard.furniture import engine_words, finding, head
from cmme_xl.scorecard.live import Live
from cmme_xl.scorecard.look import line
from cmme_xl.scoring import weighted_mean
from cmme_xl.spreadsheet import measure
from cmme_xl.spreadsheet.sheet import local, local_range

ROLE = "scores"
TEXT_PX, PERSON_PX = 340, 40
FIELD_PX = {"score": 66, "by": 84, "when": 84, "why": 230}
FLAG_PX, STATUS_PX = 150, 110
PRINT_SCALE, PRINTED_PX = 55, 930


def widths(cells: ScoreCells) -> list[int]:
    """The columns in pixels."""
    found = [20, 78, TEXT_PX]
    words = [cells.word(each) for each in Outcome if each is not Outcome.SCORED]
    person = max(PERSON_PX, *(int(measure.width(word, 8)) + 10 for word in words))
    for block in cells.blocks.values():
        found += [14] * (block.first - len(found))
        found += [58, 58, 48, FLAG_PX] if block.angle == "current" else [58]
        found += [*FIELD_PX.values(), STATUS_PX, 10, 10, *([person] * (block.last - block.person + 1))]
    return [*found, 20]


def draw(context: Context, cells: ScoreCells, live: Live) -> None:
    """The sheet: a row per node, a block of columns per angle; only calibrations are unlocked."""
    sheet, book, words = cells.sheet, context.book, context.words
    last = cells.blocks["current"].last
    head(context, ROLE, finding(context, live), last)
    write(sheet, BLOCK_ROW, TEXT, engine_words(live), book.style(font_size=8, font_color="muted"))
    sheet.rows(BLOCK_ROW, (20, 18, _name_height(cells), 16, 34))
    _nodes(context, cells)
    for block in cells.blocks.values():
        _heads(context, cells, block)
        _figures(context, cells, live, block)
        entry.draw(context, cells, block)
        _answers(context, cells, block)
    for column in unseen(cells.blocks.values()):
        sheet.hide_columns(column, column)
    small = book.style(font_size=8, font_color="muted", valign="bottom")
    sheet.text(NAME_ROW, TEXT, words["scores.legend"], book.style(font_size=8, font_color="slate", text_wrap=True))
    sheet.text(WEIGHT_ROW, TEXT, words["scores.weight"], small)
    sheet.freeze(FIRST_ROW, FIRST_BLOCK)
    sheet.repeat(HEAD_ROW, HEAD_ROW)
    sheet.repeat_columns(0, TEXT)
    sheet.print_to(cells.last_row, max(block.last for block in cells.blocks.values()))
    sheet.print_scale(PRINT_SCALE, column_breaks=_breaks(cells))
    sheet.select(FIRST_ROW + 3, cells.blocks["current"].field["score"])
    sheet.protect()


def _breaks(cells: ScoreCells) -> list[int]:
    """A page begins with each angle, and with the answers where they do not fit beside the calibrations."""
    room = PRINTED_PX * 100 / PRINT_SCALE - cells.sheet.span(0, TEXT)
    found = []
    for block in cells.blocks.values():
        found += [block.first] if block.first > FIRST_BLOCK else []
        found += [block.person] if cells.sheet.span(block.first, block.last) > room else []
    return found


def _name_height(cells: ScoreCells) -> int:
    """Names and roles stand upright, one beside the other."""
    people = [person for block in cells.blocks.values() for person in block.people]
    texts = [text for person in people for text in (person.name or person.id, person.title)]
    return min(124, max(60, *(int(measure.width(text, 8)) + 14 for text in texts))) if texts else 60


def _nodes(context: Context, cells: ScoreCells) -> None:
    sheet, book, lang = cells.sheet, context.book, context.lang
    white = {"font_size": 9, "bold": True, "font_color": "white", "bg_color": "brand", "text_wrap": True}
    sheet.text(HEAD_ROW, ID, id_header(lang), book.style(**white))
    sheet.text(HEAD_ROW, TEXT, context.words["scores.node"], book.style(**white))
    marks = flags(context)
    for node, row in cells.rows.items():
        look = line(context, node)
        question = context.catalogue.questions.get(node)
        wording = question.text.in_(lang) if question else context.numbered(node)
        sheet.text(row, ID, "" if node == ROOT else node, book.style(**{**look, "font_size": 8}, indent=1))
        indent = {"indent": 1} if question else {}
        sheet.text(row, TEXT, wording, book.style(**look, text_wrap=True, **indent))
        tall = measure.height(wording, TEXT_PX - 14, 9, padding=8) if question else 24
        reasons = [context.entries[angle, node].why.shown for angle in cells.blocks if (angle, node) in context.entries]
        tall = max(tall, measure.height(marks.get(node, ""), FLAG_PX - 18, 8, padding=6))
        tall = max([tall, *(measure.height(why, FIELD_PX["why"] - 8, 9, padding=8) for why in reasons)])
        sheet.rows(row, (min(max(26 if question else 24, tall), 300),))


def _heads(context: Context, cells: ScoreCells, block: Block) -> None:
    """Angle over the block, tiers and names over the answers, headers by which the sheet is read back."""
    sheet, book, words, lang = cells.sheet, context.book, context.words, context.lang
    colour = block.angle
    band = book.style(bold=True, font_color=TEXT_COLOURS[block.angle], bottom=2, bottom_color=colour)
    sheet.fill(BLOCK_ROW, block.first, block.last, band)
    sheet.text(BLOCK_ROW, block.first, f"{GLYPHS[block.angle]} {context.label(block.angle)}", band)
    white = {"font_size": 8, "bold": True, "font_color": "white", "bg_color": "brand", "text_wrap": True}
    heads = {block.raw: words["scores.raw"], block.status: words["scores.status"]}
    heads |= {column: header(name, block.angle, lang) for name, column in block.field.items()}
    if block.angle == "current":
        heads |= {block.live: words["scores.live"], block.spread: words["scores.spread"]}
        heads |= {block.flags: words["scores.flags"]}
    for column in range(block.first, block.last + 1):
        align = "left" if column in (block.field["by"], block.field["why"], block.status) else "center"
        align = "left" if block.angle == "current" and column == block.flags else align
        sheet.text(HEAD_ROW, column, heads.get(column, ""), book.style(**white, align=align))
    group = book.style(font_size=8, font_color="slate", bold=True, left=1, left_color="rule")
    name = book.style(font_size=8, rotation=90, align="center", valign="bottom", text_wrap=True)
    weight = book.style(font_size=8, font_color="muted", align="center", num_format="0.##")
    for tier, first, last in block.tiers:
        sheet.text(TIER_ROW, first, context.catalogue.group(tier).name.in_(lang), group)
        for column in range(first + 1, last + 1):
            sheet.blank(TIER_ROW, column, book.style(font_size=8))
    if block.people:
        recorded = {record.respondent for record in context.results.returned.records}
        suffix = dict.fromkeys(recorded, words["scores.recorded"])
        named = [f"{each.name or each.id}{suffix.get(each.id, '')}\n{each.title}".strip() for each in block.people]
        sheet.line(NAME_ROW, block.person, named, name)
        sheet.line(WEIGHT_ROW, block.person, [person.weight for person in block.people], weight)


# --- what the answers come to


def _figures(context: Context, cells: ScoreCells, live: Live, block: Block) -> None:
    sheet, book = cells.sheet, context.book
    marks = flags(context)
    for node, row in cells.rows.items():
        look = line(context, node)
        figure = book.style(**{**look, "font_color": "slate"}, num_format=SCORE, align="right")
        if block.angle == "current":
            show(sheet, row, block.raw, live.at(node, "raw"), figure)
            strong = {**look, "bold": True, "font_color": "brand"}
            show(sheet, row, block.live, live.at(node, "value"), book.style(**strong, num_format=SCORE, align="right"))
            if node in cells.answerable and block.people:
                width = book.style(**look, num_format="0.0", align="right")
                show(sheet, row, block.spread, _spread(context, cells, node), width)
            else:
                sheet.blank(row, block.spread, book.style(**look))
            said = book.style(
                **{**look, "font_size": 8, "font_color": "warn_text", "bold": False}, text_wrap=True, indent=1
            )
            sheet.text(row, block.flags, marks.get(node, ""), said)
        elif node in context.ids:
            show(sheet, row, block.raw, live.at(node, f"{block.angle}_value"), figure)
        else:
            show(sheet, row, block.raw, cells.tally(block.angle, node).value, figure)
    if block.angle == "current":
        area = (FIRST_ROW, block.live, cells.last_row, block.live)
        here, before = local(FIRST_ROW, block.live), local(FIRST_ROW, block.raw)
        moved = f"=AND(LEN({here})>0,ROUND(N({here}),2)<>ROUND(N({before}),2))"
        change = book.change(font_color="accent")
        sheet.condition(*area, {"type": "formula", "criteria": moved, "format": change})


def _spread(context: Context, cells: ScoreCells, node: str) -> Expression:
    return Expression(formulas.spread(cells.cells(node)), context.results.agreement[node].spread)


def _own_means(context: Context, cells: ScoreCells, block: Block, indicator: Indicator) -> list[Expression | None]:
    """Everyone's own mean over the indicator's questions (scoring.md rule 10); nothing for those not asked."""
    kept = [q for q in indicator.questions if context.nodes[q.id].in_scope]
    found: list[Expression | None] = []
    rows = [cells.typed(block, q.id) for q in kept]
    for place in range(len(block.people)):
        typed = [row[place] for row in rows]
        if all(each is None for each in typed):
            found.append(None)
            continue
        column = block.person + place
        weights = [context.nodes[q.id].weight for q in kept]
        scored = [each if isinstance(each, float) else None for each in typed]
        refs = [local(cells.rows[q.id], column) for q in kept]
        pairs = list(zip(refs, weights, strict=True))
        points = "+".join(f"N({ref})*{formulas.number(weight)}" for ref, weight in pairs)
        heavy = "+".join(f"ISNUMBER({ref})*{formulas.number(weight)}" for ref, weight in pairs)
        value = weighted_mean(zip(scored, weights, strict=True))
        found.append(Expression(f'IF({heavy}=0,"",({points})/({heavy}))', value))
    return found


# --- the answers


def _answers(context: Context, cells: ScoreCells, block: Block) -> None:
    """The answers themselves, and above those of an indicator everyone's own mean; nothing where not asked."""
    sheet, book = cells.sheet, context.book
    if not block.people:
        return
    style = book.style(font_size=9, align="center")
    own = book.style(font_size=8, align="center", num_format="0.0", bg_color="panel", font_color="slate")
    band = {node: book.style(**line(context, node)) for node in cells.rows if node not in cells.answerable}
    for dimension in context.dimensions:
        for indicator in dimension.indicators:
            row = cells.rows[indicator.id]
            for column, mean in enumerate(_own_means(context, cells, block, indicator), block.person):
                if mean is None:
                    sheet.blank(row, column, own)
                else:
                    write(sheet, row, column, mean, own)
            for question in indicator.questions:
                sheet.line(cells.rows[question.id], block.person, cells.typed(block, question.id), style)
    for node, look in band.items():
        sheet.fill(cells.rows[node], block.person, block.last, look)
    _shades(context, cells, block)


def _shades(context: Context, cells: ScoreCells, block: Block) -> None:
    """The look of an answer by what is in it."""
    sheet, book, catalogue = cells.sheet, context.book, context.catalogue
    families = [[cells.rows[q.id] for q in each.questions] for each in context.indicators]
    ranges = [local_range(rows[0], block.person, rows[-1], block.last) for rows in families]
    first = families[0][0]
    area, at = (first, block.person, families[-1][-1], block.last), local(first, block.person)
    together = {"multi_range": " ".join(ranges)}
    sheet.condition(*area, {**together, "type": "blanks", "format": book.change(bg_color="hair"), "stop_if_true": True})
    for number, step in enumerate(catalogue.steps):
        shade = number * 5 // max(len(catalogue.steps) - 1, 1)
        change = book.change(bg_color=f"step{shade}", font_color=f"step{shade}_text")
        test = f"=AND(ISNUMBER({at}),ROUND(N({at}),0)={step.value})"
        look = {"type": "formula", "criteria": test, "format": change, "stop_if_true": True}
        sheet.condition(*area, {**together, **look})
    muted = book.change(font_color="muted")
    sheet.condition(*area, {**together, "type": "formula", "criteria": f"=LEN({at})>0", "format": muted})
