"""Scores: everyone's answers side by side, and the columns in which a score is calibrated. Live."""

from datetime import date

from xlsxwriter.format import Format

from cmme_xl import formulas
from cmme_xl.calculation import expression as ex
from cmme_xl.calculation.expression import Expression, Value, constant
from cmme_xl.calculation.shown import SCORE, show, write
from cmme_xl.catalogue import ROOT, Indicator
from cmme_xl.reading.grid import Cell, CellKind
from cmme_xl.returned.calibrations import FIELDS, day, header, id_header
from cmme_xl.returned.model import Outcome
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
from cmme_xl.scoring import weighted_mean
from cmme_xl.spreadsheet import measure
from cmme_xl.spreadsheet.sheet import local, local_range

ROLE = "scores"
TEXT_PX, PERSON_PX = 340, 40
FIELD_PX = {"score": 66, "by": 84, "when": 84, "why": 230}
FLAG_PX, STATUS_PX = 150, 110
HAIR = {"bottom": 1, "bottom_color": "hair", "font_size": 9}
INPUT = {"bg_color": "input", "border": 1, "border_color": "input_edge", "font_size": 9, "locked": False}
LONGEST = 32_000
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
        _calibrations(context, cells, block)
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


def _line(context: Context, node: str) -> dict[str, object]:
    """The look of a row by what kind of node it is."""
    if node == ROOT:
        return {**HAIR, "bg_color": "tint", "bold": True, "font_color": "brand"}
    if node in {each.id for each in context.dimensions}:
        return {**HAIR, "bg_color": "tint2", "bold": True, "font_color": "brand"}
    if node in context.ids:
        return {**HAIR, "bg_color": "panel", "bold": True}
    return {**HAIR}


def _nodes(context: Context, cells: ScoreCells) -> None:
    sheet, book, lang = cells.sheet, context.book, context.lang
    white = {"font_size": 9, "bold": True, "font_color": "white", "bg_color": "brand", "text_wrap": True}
    sheet.text(HEAD_ROW, ID, id_header(lang), book.style(**white))
    sheet.text(HEAD_ROW, TEXT, context.words["scores.node"], book.style(**white))
    for node, row in cells.rows.items():
        line = _line(context, node)
        question = context.catalogue.questions.get(node)
        wording = question.text.in_(lang) if question else context.numbered(node)
        sheet.text(row, ID, "" if node == ROOT else node, book.style(**{**line, "font_size": 8}, indent=1))
        indent = {"indent": 1} if question else {}
        sheet.text(row, TEXT, wording, book.style(**line, text_wrap=True, **indent))
        tall = measure.height(wording, TEXT_PX - 14, 9, padding=8) if question else 24
        reasons = [context.entries[angle, node].why.shown for angle in cells.blocks if (angle, node) in context.entries]
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
        line = _line(context, node)
        figure = book.style(**{**line, "font_color": "slate"}, num_format=SCORE, align="right")
        if block.angle == "current":
            show(sheet, row, block.raw, live.at(node, "raw"), figure)
            strong = {**line, "bold": True, "font_color": "brand"}
            show(sheet, row, block.live, live.at(node, "value"), book.style(**strong, num_format=SCORE, align="right"))
            if node in cells.calibratable and block.people:
                width = book.style(**line, num_format="0.0", align="right")
                show(sheet, row, block.spread, _spread(context, cells, node), width)
            else:
                sheet.blank(row, block.spread, book.style(**line))
            said = book.style(**{**line, "font_size": 8, "font_color": "warn_text", "bold": False}, text_wrap=True,
                              indent=1)
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
    for place, person in enumerate(block.people):
        typed = [cells.typed.get((block.angle, q.id), {}).get(person.id) for q in kept]
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


# --- what is typed


def _calibrations(context: Context, cells: ScoreCells, block: Block) -> None:
    """The yellow cells with what was typed before, what is still lacking, and the unseen cell that counts."""
    sheet, book = cells.sheet, context.book
    number = book.style(**INPUT, num_format="0.0#", align="center", bold=True, font_color="brand")
    text = book.style(**INPUT, text_wrap=True)
    moment = book.style(**INPUT, num_format="yyyy-mm-dd", align="center")
    styles = {"score": number, "by": text, "when": moment, "why": text}
    for node, row in cells.rows.items():
        line = _line(context, node)
        plain = book.style(**line)
        if node not in cells.calibratable:
            sheet.fill(row, block.field["score"], block.status, plain)
            continue
        entry = context.entries.get((block.angle, node))
        typed = dict(zip(FIELDS, entry.typed, strict=True)) if entry else {}
        for name, column in block.field.items():
            _typed(cells, row, column, name, typed.get(name), styles[name])
        status = book.style(**{**line, "font_size": 8, "bold": False, "bg_color": "white"}, font_color="alert",
                            text_wrap=True)
        write(sheet, row, block.status, _status(context, cells, block, row, typed, cells.agreed(block.angle, node)),
              status)
        write(sheet, row, block.effective, _effective(cells, block, node), plain)
    _rules(context, cells, block)


def _typed(cells: ScoreCells, row: int, column: int, name: str, cell: Cell | None, style: Format) -> None:
    """What was typed before, as it was typed: a formula comes back as text."""
    if cell is None or not (cell.formula or cell.text.strip()):
        cells.sheet.blank(row, column, style)
        return
    on = day(cell) if name == "when" else None
    if isinstance(on, date):
        cells.sheet.datetime(row, column, on, style)
    elif cell.kind is CellKind.NUMBER and not cell.formula:
        cells.sheet.number(row, column, float(cell.text), style)
    else:
        cells.sheet.text(row, column, measure.clip(cell.shown, LONGEST), style)


def _places(block: Block, row: int) -> dict[str, str]:
    return {name: local(row, column, fix_column=True) for name, column in block.field.items()}


def _understood(cells: ScoreCells, at: str) -> str:
    """Whether a cell holds a score on the scale, or the word for "not applicable"."""
    low, high = map(formulas.number, cells.scale)
    na = formulas.quoted(cells.word(Outcome.NA))
    return f"OR(AND(ISNUMBER({at}),N({at})>={low},N({at})<={high}),{at}={na})"


def _effective(cells: ScoreCells, block: Block, node: str) -> Expression:
    """The calibration once it is complete (scoring.md rule 11), else ""."""
    at = _places(block, cells.rows[node])
    complete = f"AND({_understood(cells, at['score'])},LEN({at['by']})>0,ISNUMBER({at['when']}),LEN({at['why']})>0)"
    return Expression(f'IF({complete},{at["score"]},"")', cells.agreed(block.angle, node))


def _status(
    context: Context, cells: ScoreCells, block: Block, row: int, typed: dict[str, Cell], agreed: Value
) -> Expression:
    """Nothing, a tick, or what is still lacking."""
    words, at = context.words, _places(block, row)
    filled = {name: bool(cell.formula or cell.text.strip()) for name, cell in typed.items()}
    tests = {name: f"LEN({at[name]})=0" for name in FIELDS} | {"when": f"NOT(ISNUMBER({at['when']}))"}
    lacking = [constant(words["scores.lacks"])]
    for name in FIELDS:
        here = filled.get(name, False) and (name != "when" or day(typed[name]) is not None)
        lacking.append(
            ex.choose(Expression(tests[name], not here), constant(words[f"scores.lacks_{name}"]), constant(""))
        )
    empty = Expression("&".join(at.values()) + '=""', not any(filled.values()))
    done = Expression(f"LEN({local(row, block.effective, fix_column=True)})>0", agreed is not None)
    wrong = Expression(
        f"AND(LEN({at['score']})>0,NOT({_understood(cells, at['score'])}))",
        filled.get("score", False) and agreed is None and not _sound(cells, typed["score"]),
    )
    off = constant(words.fill("scores.off_scale", low=f"{cells.scale[0]:g}", high=f"{cells.scale[1]:g}",
                              na=cells.word(Outcome.NA)))
    said = ex.choose(wrong, off, ex.joined(lacking))
    return ex.choose(empty, constant(""), ex.choose(done, constant("✓"), said))


def _sound(cells: ScoreCells, cell: Cell) -> bool:
    """Whether the workbook's own test takes a typed score for one."""
    if cell.kind is CellKind.NUMBER:
        return cells.scale[0] <= float(cell.text) <= cells.scale[1]
    return not cell.formula and cell.text == cells.word(Outcome.NA)


def _rules(context: Context, cells: ScoreCells, block: Block) -> None:
    """What may be typed, and red where a calibration is begun but not complete."""
    sheet, words, book = cells.sheet, context.words, context.book
    first, last = FIRST_ROW + 2, cells.last_row
    at = {name: local(first, column, fix_column=True) for name, column in block.field.items()}
    said = {"low": f"{cells.scale[0]:g}", "high": f"{cells.scale[1]:g}", "na": cells.word(Outcome.NA)}
    prompts = {name: words.fill(f"scores.prompt_{name}", **said) for name in FIELDS}
    column = block.field
    sheet.validation(
        first, column["score"], last, column["score"],
        {"validate": "custom", "value": f"={_understood(cells, local(first, column['score']))}"},
        prompt=prompts["score"], error=prompts["score"], strict=True,
    )  # fmt: skip
    names = _interviewers(context)
    if names:
        sheet.choices(first, column["by"], last, column["by"], names, prompt=prompts["by"])
    else:
        rule: dict[str, object] = {"validate": "length", "criteria": "between", "minimum": 1, "maximum": 80}
        sheet.validation(first, column["by"], last, column["by"], rule, prompt=prompts["by"])
    days = {"validate": "date", "criteria": "between", "minimum": date(2000, 1, 1), "maximum": date(2099, 12, 31)}
    sheet.validation(first, column["when"], last, column["when"], days, prompt=prompts["when"], strict=True)
    reason = {"validate": "length", "criteria": "between", "minimum": 4, "maximum": 2000}
    sheet.validation(first, column["why"], last, column["why"], reason, prompt=prompts["why"])
    alert = book.change(bg_color="alert_bg", font_color="alert")
    begun = "&".join(at.values())
    for name in FIELDS:
        missing = f'=AND(LEN({begun})>0,LEN({local(first, column[name])})=0)'
        options = {"type": "formula", "criteria": missing, "format": alert}
        sheet.condition(first, column[name], last, column[name], options)
    tick = local(first, block.status)
    good = book.change(font_color="good", bold=True)
    sheet.condition(first, block.status, last, block.status,
                    {"type": "formula", "criteria": f'={tick}="✓"', "format": good})


def _interviewers(context: Context) -> list[object]:
    """Those who may have calibrated: the plan's interviewers, as far as a list of a drop-down can hold them."""
    names = dict.fromkeys(person.interviewer for person in context.plan.people if person.interviewer)
    sound = [name for name in names if not set(name) & set(',"')]
    return list(sound) if 0 < len(",".join(sound)) <= 250 else []


# --- the answers


def _answers(context: Context, cells: ScoreCells, block: Block) -> None:
    """The answers themselves, and above those of an indicator everyone's own mean; nothing where not asked."""
    sheet, book = cells.sheet, context.book
    if not block.people:
        return
    style = book.style(font_size=9, align="center")
    own = book.style(font_size=8, align="center", num_format="0.0", bg_color="panel", font_color="slate")
    band = {node: book.style(**_line(context, node)) for node in cells.rows if node not in cells.calibratable}
    people = [person.id for person in block.people]
    for dimension in context.dimensions:
        for indicator in dimension.indicators:
            row = cells.rows[indicator.id]
            for column, mean in enumerate(_own_means(context, cells, block, indicator), block.person):
                if mean is None:
                    sheet.blank(row, column, own)
                else:
                    write(sheet, row, column, mean, own)
            for question in indicator.questions:
                typed = cells.typed.get((block.angle, question.id), {})
                sheet.line(cells.rows[question.id], block.person, [*map(typed.get, people)], style)
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
