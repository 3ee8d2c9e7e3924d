"""The yellow cells: what was typed before, what is lacking, what may be typed, and the unseen cell that counts."""

from datetime import date

from xlsxwriter.format import Format

from cmme_xl import formulas
from cmme_xl.calculation import expression as ex
from cmme_xl.calculation.expression import Expression, Value, constant
from cmme_xl.calculation.shown import write
from cmme_xl.reading.grid import Cell, CellKind
from cmme_xl.returned.calibrations import day
from cmme_xl.returned.model import Outcome
from cmme_xl.returned.scorecard import FIELDS
from cmme_xl.scorecard.cells import FIRST_ROW, Block, ScoreCells
from cmme_xl.scorecard.context import Context
from cmme_xl.scorecard.look import line
from cmme_xl.spreadsheet import measure
from cmme_xl.spreadsheet.sheet import local

INPUT = {"bg_color": "input", "border": 1, "border_color": "input_edge", "font_size": 9, "locked": False}
LONGEST = 32_000


def draw(context: Context, cells: ScoreCells, block: Block) -> None:
    """The yellow cells with what was typed before, what is still lacking, and the unseen cell that counts."""
    sheet, book = cells.sheet, context.book
    number = book.style(**INPUT, num_format="0.0#", align="center", bold=True, font_color="brand")
    text = book.style(**INPUT, text_wrap=True)
    moment = book.style(**INPUT, num_format="yyyy-mm-dd", align="center")
    styles = {"score": number, "by": text, "when": moment, "why": text}
    for node, row in cells.rows.items():
        look = line(context, node)
        plain = book.style(**look)
        if node not in cells.calibratable:
            sheet.fill(row, block.field["score"], block.status, plain)
            continue
        entry = context.entries.get((block.angle, node))
        typed = dict(zip(FIELDS, entry.typed, strict=True)) if entry else {}
        for name, column in block.field.items():
            _typed(cells, row, column, name, typed.get(name), styles[name])
        status = book.style(
            **{**look, "font_size": 8, "bold": False, "bg_color": "white"}, font_color="alert", text_wrap=True
        )
        write(
            sheet,
            row,
            block.status,
            _status(context, cells, block, row, typed, cells.agreed(block.angle, node)),
            status,
        )
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
    off = constant(
        words.fill("scores.off_scale", low=f"{cells.scale[0]:g}", high=f"{cells.scale[1]:g}", na=cells.word(Outcome.NA))
    )
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
        missing = f"=AND(LEN({begun})>0,LEN({local(first, column[name])})=0)"
        options = {"type": "formula", "criteria": missing, "format": alert}
        sheet.condition(first, column[name], last, column[name], options)
    tick = local(first, block.status)
    good = book.change(font_color="good", bold=True)
    sheet.condition(
        first, block.status, last, block.status, {"type": "formula", "criteria": f'={tick}="✓"', "format": good}
    )


def _interviewers(context: Context) -> list[object]:
    """Those who may have calibrated: the plan's interviewers, as far as a list of a drop-down can hold them."""
    names = dict.fromkeys(person.interviewer for person in context.plan.people if person.interviewer)
    sound = [name for name in names if not set(name) & set(',"')]
    return list(sound) if 0 < len(",".join(sound)) <= 250 else []
