"""The first sheet: what a plan is, whether it is ready, the order of work, the colours."""

from dataclasses import dataclass
from datetime import date

from cmme_xl import formulas
from cmme_xl.catalogue import Catalogue
from cmme_xl.plan import words
from cmme_xl.plan.sheets.drawing import ORDER, Drawing
from cmme_xl.spreadsheet import Sheet, local, page

LAST = page.CELLS
SEPARATOR = " · "
TILE_SPAN = 4
TILE_GAP = 1


@dataclass(frozen=True)
class Tile:
    """A live figure: formula and value, a note (formula where it begins with =), and the condition that is a fault."""

    key: str
    formula: str
    value: float | None
    note: str
    note_value: str
    fault: str


def draw(drawing: Drawing) -> None:
    """Draw the sheet."""
    engagement = drawing.content.engagement
    sheet = drawing.book.sheet(
        drawing.layout.name("guide"), page.GRID, header=engagement.name if engagement else ""
    )
    links = [(drawing.layout.name(role), drawing.target(role)) for role in ORDER]
    title = drawing.word("guide", "title")
    subject = drawing.content.catalogue.subject.in_(drawing.lang)
    row = page.head(sheet, title, subject, LAST, links=links, here=0, span=3)
    sheet.rows(row, (44, 14))
    lead = drawing.book.style(text_wrap=True, valign="top", font_color="ink")
    sheet.text(row, 1, drawing.word("guide", "lead"), lead, (row, LAST))
    row = _ready(drawing, sheet, row + 2)
    row = _steps(drawing, sheet, row)
    row = _colours(drawing, sheet, row)
    sheet.rows(row, (12, 24))
    after = drawing.book.style(font_size=9, font_color="slate", top=1, top_color="rule")
    sheet.text(row + 1, 1, drawing.word("guide", "after"), after, (row + 1, LAST))
    sheet.print_to(row + 1, LAST + 1)
    sheet.activate(row + 1, 1)


def _ready(drawing: Drawing, sheet: Sheet, row: int) -> int:
    page.section(sheet, row, 1, LAST, drawing.word("guide", "ready"), drawing.word("guide", "ready_note"))
    sheet.rows(row + 1, (10, 20, 38, 20, 16))
    top = row + 2
    for number, tile in enumerate(_tiles(drawing)):
        first = 1 + number * (TILE_SPAN + TILE_GAP)
        last = min(first + TILE_SPAN - 1, LAST)
        label = words.table("guide")["tile"][tile.key][drawing.lang]
        live = tile.note.startswith("=")
        page.tile(
            sheet, top, first, last, label, tile.value, tile.note_value, colour="brand", number_format="0",
            formula=tile.formula, note_formula=tile.note if live else None,
        )  # fmt: skip
        cell = local(top + 1, first, fix_row=True, fix_column=True)
        red = drawing.book.change(font_color="alert")
        fault = {"type": "formula", "criteria": "=" + tile.fault.format(cell=cell), "format": red}
        sheet.condition(top + 1, first, top + 1, last, fault)
    return row + 6


def _tiles(drawing: Drawing) -> tuple[Tile, ...]:
    return _people(drawing), _window(drawing), _length(drawing), _askers(drawing), _missing(drawing)


def _note(drawing: Drawing, key: str, **values: object) -> str:
    limits = drawing.content.catalogue.limits
    filled = {"low": f"{limits.minutes_min:g}", "high": f"{limits.minutes_max:g}", **values}
    return str(words.table("guide")["note"][key][drawing.lang]).format_map(filled)


def _people(drawing: Drawing) -> Tile:
    content, calc = drawing.content, drawing.layout.calc
    count = f"=COUNTIF({calc.person('group')},\">0\")"
    parts, shown = [], []
    for number, group in enumerate(content.catalogue.groups):
        if group.external:
            continue
        name = group.name.in_(drawing.lang)
        parts.append(f"{formulas.quoted(name + ' ')}&{calc.group('people', number)}")
        shown.append(f"{name} {len(content.members(group.id))}")
    nobody = _note(drawing, "people_none")
    everyone = f'&"{SEPARATOR}"&'.join(parts)
    total = f"SUM({calc.group('people')})"
    return Tile(
        "people",
        count,
        len(content.people),
        f"=IF({total}=0,{formulas.quoted(nobody)},{everyone})",
        SEPARATOR.join(shown) if content.people else nobody,
        "{cell}=0",
    )


def _window(drawing: Drawing) -> Tile:
    content = drawing.content
    column = drawing.layout.people.column("appointment")
    dates = sorted(person.appointment.date() for person in content.people if person.appointment)
    none = _note(drawing, "window_none")
    limit = content.catalogue.limits.window_days
    days = (dates[-1] - dates[0]).days if dates else 0
    most = _note(drawing, "window", days=limit)
    note = f'=IF(COUNT({column})=0,{formulas.quoted(none)},{_day(f"MIN({column})")}&" – "&{_day(f"MAX({column})")})'
    value = f"{_shown(dates[0])} – {_shown(dates[-1])}" if dates else none
    return Tile(
        "window",
        f"=IF(COUNT({column})=0,0,INT(MAX({column}))-INT(MIN({column})))",
        days,
        note[:-1] + f'&"{SEPARATOR}"&{formulas.quoted(most)})',
        value + SEPARATOR + most if dates else none,
        f"{{cell}}>{limit}",
    )


def _day(moment: str) -> str:
    """A date as month-day text that no language setting changes."""
    return f'RIGHT("0"&MONTH({moment}),2)&"-"&RIGHT("0"&DAY({moment}),2)'


def _shown(day: date) -> str:
    return f"{day:%m-%d}"


def _length(drawing: Drawing) -> Tile:
    content, calc = drawing.content, drawing.layout.calc
    minutes, groups = calc.person("minutes"), calc.person("group")
    terms = []
    for bounds, numbers in _by_length(content.catalogue).items():
        low, high = map(formulas.number, bounds)
        members = "+".join(f"({groups}={number})" for number in numbers)
        terms.append(f"({members})*(({minutes}<{low})+({minutes}>{high}))")
    formula = f"=SUMPRODUCT({'+'.join(terms)})"
    outside = sum(bool(content.outside(person)) for person in content.people)
    note = _note(drawing, "length")
    return Tile("length", formula, outside, note, note, "{cell}>0")


def _by_length(catalogue: Catalogue) -> dict[tuple[float, float], list[int]]:
    """The lengths an interview may have, each with the numbers (from 1) of the groups it holds for."""
    found: dict[tuple[float, float], list[int]] = {}
    for number, group in enumerate(catalogue.groups, 1):
        found.setdefault(catalogue.minutes_of(group.id), []).append(number)
    return found


def _askers(drawing: Drawing) -> Tile:
    content, block = drawing.content, drawing.layout.assignment
    few = formulas.quoted(drawing.word("assignment", "few"))
    formula = f"=COUNTIF({block.column('note')},{few})"
    wanted = content.settings.askers_min
    short = sum(
        bool(content.used[indicator.id]) and content.askers(indicator.id) < wanted
        for indicator in content.catalogue.indicators
    )
    note = _note(drawing, "askers", count=len(content.catalogue.indicators))
    return Tile("askers", formula, short, note, note, "{cell}>0")


def _missing(drawing: Drawing) -> Tile:
    content, layout = drawing.content, drawing.layout
    roles = [entry["role"] for entry in words.table("engagement")["row"] if entry.get("required")]
    formula = "=" + "+".join(f'({layout.setting(role)}="")' for role in roles)
    empty = sum(not (content.engagement and getattr(content.engagement, role)) for role in roles)
    note = _note(drawing, "missing")
    return Tile("missing", formula, empty, note, note, "{cell}>0")


def _steps(drawing: Drawing, sheet: Sheet, row: int) -> int:
    page.section(sheet, row, 1, LAST, drawing.word("guide", "steps"))
    row += 1
    hair = {"bottom": 1, "bottom_color": "hair"}
    limits = drawing.content.catalogue.limits
    for number, step in enumerate(words.table("guide")["step"], 1):
        sheet.rows(row, (34,))
        sheet.fill(row, 1, LAST, drawing.book.style(**hair))
        big = drawing.book.style(font_size=17, bold=True, font_color="brand2", align="center", **hair)
        sheet.number(row, 1, number, big)
        name = drawing.book.style(bold=True, font_color="brand", **hair)
        sheet.text(row, 2, drawing.layout.name(step["sheet"]), name, (row, 4))
        text = step["text"][drawing.lang].format(low=f"{limits.minutes_min:g}", high=f"{limits.minutes_max:g}")
        sheet.text(row, 5, text, drawing.book.style(text_wrap=True, **hair), (row, 21))
        button = drawing.book.style(font_size=9, font_color="brand", bg_color="tint2", align="center", **hair)
        sheet.jump(row, 22, drawing.word("guide", "open"), drawing.target(step["sheet"]), button, (row, LAST))
        row += 1
    sheet.rows(row, (14,))
    return row + 1


def _colours(drawing: Drawing, sheet: Sheet, row: int) -> int:
    page.section(sheet, row, 1, LAST, drawing.word("guide", "colours"))
    sheet.rows(row + 1, (10, 26))
    row += 2
    loud = {"font_size": 9, "align": "center", "bold": True}
    samples = (
        ("input", drawing.input(align="center")),
        ("live", drawing.live()),
        ("fixed", drawing.fixed(align="center")),
        ("differs", drawing.book.style(bg_color="accent2", font_color="warn_text", **loud)),
        ("alert", drawing.book.style(bg_color="alert_bg", font_color="alert", **loud)),
    )
    for number, (key, style) in enumerate(samples):
        first = 1 + number * (TILE_SPAN + TILE_GAP)
        last = min(first + TILE_SPAN - 1, LAST)
        sheet.text(row, first, drawing.word("guide", key), style, (row, last))
    return row + 1

