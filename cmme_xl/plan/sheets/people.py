"""The sheet of people: one row each, with live columns, below the table of the actual shares of voice."""

from cmme_xl import formulas
from cmme_xl.plan import words
from cmme_xl.plan.layout import span
from cmme_xl.plan.model import Person
from cmme_xl.plan.sheets.drawing import DATE_TIME, ROW_PX, Drawing, alignment, bounds, headers
from cmme_xl.spreadsheet import Sheet, local

OFFERED = ("group", "lang")
BELOW = 5
"""Empty rows printed below the last person."""


def draw(drawing: Drawing) -> None:
    """Draw the sheet."""
    layout = drawing.layout
    block = layout.people
    columns = words.columns("people")
    last = len(columns)
    sheet = drawing.sheet("people", [column["width"] for column in columns], last)
    _voice(drawing, sheet)
    headers(sheet, block.header, drawing, "people")
    for slot in range(layout.slots):
        row = block.first + slot
        sheet.rows(row, (ROW_PX,))
        people = drawing.content.people
        person = people[slot] if slot < len(people) else None
        _inputs(drawing, sheet, row, person)
        _live(drawing, sheet, row, person)
    for column in columns:
        if column["kind"] == "live":
            continue
        validate = drawing.offer if column["kind"] in OFFERED else drawing.bound
        number = block.columns[column["role"]]
        validate(sheet, block.first, block.last, number, column["kind"], column["prompt"][drawing.lang])
    _conditions(drawing, sheet)
    sheet.freeze(block.first, block.columns["name"] + 1)
    sheet.repeat(block.header, block.header)
    sheet.print_while(_printed(drawing, last + 1))
    sheet.select(block.first, 1)


def _printed(drawing: Drawing, last: int) -> str:
    """The last cell to print: in column `last`, a few rows below the last person, so that empty rows cost no paper."""
    block = drawing.layout.people
    entries = span(block.sheet, block.first, block.columns["id"], block.last, block.columns["group"])
    filled = f'SUMPRODUCT(MAX(({entries}<>"")*(ROW({entries})-{block.first})))'
    corner = span(block.sheet, block.first, last, block.last, last)
    return f"INDEX({corner},MIN({block.count},{filled}+{BELOW}))"


def _inputs(drawing: Drawing, sheet: Sheet, row: int, person: Person | None) -> None:
    for column in words.columns("people"):
        role, kind = column["role"], column["kind"]
        if kind == "live":
            continue
        number = drawing.layout.people.columns[role]
        style = drawing.input(align=alignment(role), **({"num_format": DATE_TIME} if kind == "datetime" else {}))
        value = getattr(person, role) if person else None
        if value is None:
            sheet.blank(row, number, style)
        elif kind == "datetime":
            sheet.datetime(row, number, value, style)
        elif kind in OFFERED:
            sheet.text(row, number, drawing.choice(kind, value), style)
        elif isinstance(value, str):
            sheet.text(row, number, value, style)
        else:
            sheet.number(row, number, value, style)


def _live(drawing: Drawing, sheet: Sheet, row: int, person: Person | None) -> None:
    """Figures are looked up by the person's id, so that they stay right when rows are sorted."""
    layout, content = drawing.layout, drawing.content
    calc, columns = layout.calc, layout.people.columns
    identity = local(row, columns["id"], fix_column=True)

    def found(role: str) -> str:
        return f"INDEX({calc.person(role)},MATCH({identity},{calc.person('id')},0))"

    asked = len(content.assigned[person.id]) if person else None
    needed = content.needed(person) if person else None
    for role, source, value, style in (
        ("asked", "questions", asked, drawing.live()),
        ("needed", "minutes", needed, drawing.live()),
        ("share", "share", content.voice_of(person) if person else None, drawing.live(num_format="0.0%")),
    ):
        formula = f'=IF({identity}="","",IFERROR({found(source)},""))'
        sheet.formula(row, columns[role], formula, value, style)
    minutes = local(row, columns["needed"], fix_column=True)
    nothing, below, above = (formulas.quoted(drawing.word("people", key)) for key in ("nothing", "below", "above"))
    low, high = bounds(local(row, columns["group"], fix_column=True), content.catalogue)
    outside = f'IF({minutes}<{low},{below},IF({minutes}>{high},{above},""))'
    note = f'=IF(ISNUMBER({minutes}),IF({minutes}=0,{nothing},{outside}),"")'
    sheet.formula(row, columns["note"], note, _note(drawing, person), drawing.live())


def _note(drawing: Drawing, person: Person | None) -> str:
    content = drawing.content
    if person is None:
        return ""
    if not content.needed(person):
        return drawing.word("people", "nothing")
    key = {-1: "below", 0: "", 1: "above"}[content.outside(person)]
    return drawing.word("people", key) if key else ""


def _conditions(drawing: Drawing, sheet: Sheet) -> None:
    block = drawing.layout.people
    note = block.columns["note"]
    anchor = local(block.first, note, fix_column=True)
    for column in (block.columns["needed"], note):
        marked = {"type": "formula", "criteria": f'={anchor}<>""', "format": drawing.alert}
        sheet.condition(block.first, column, block.last, column, marked)
    missing = drawing.book.change(bg_color="alert_bg")
    first, last = block.columns["id"], block.columns["group"]
    begun = f"COUNTA({local(block.first, first, fix_column=True)}:{local(block.first, last, fix_column=True)})>0"
    blank = f'AND({local(block.first, first)}="",{begun})'
    sheet.condition(
        block.first, first, block.last, last, {"type": "formula", "criteria": f"={blank}", "format": missing}
    )


def _voice(drawing: Drawing, sheet: Sheet) -> None:
    """The actual shares of voice: a column per group; headcount, weight and share below."""
    layout, content = drawing.layout, drawing.content
    calc, top = layout.calc, layout.voice_row
    label = drawing.book.style(font_size=9, font_color="slate", align="right")
    title = drawing.book.style(font_size=9, bold=True, font_color="brand")
    sheet.rows(top, (20, 18, 18, 18, 10))
    sheet.text(top, 1, drawing.word("people", "voice"), title)
    for number, word in enumerate(("head", "weight", "share"), 1):
        sheet.text(top + number, 2, drawing.word("people", word), label)
    for number, group in enumerate(content.catalogue.groups):
        column = layout.voice_column(number)
        head = drawing.book.style(
            font_size=9, bold=True, font_color="brand", align="center", bottom=1, bottom_color="brand"
        )
        sheet.text(top, column, group.name.in_(drawing.lang), head)
        centre = {"font_size": 9, "align": "center", "font_color": "ink"}
        plain = drawing.book.style(**centre)
        people, weight = len(content.members(group.id)), content.weight_of(group.id)
        sheet.formula(top + 1, column, f"={calc.group('people', number)}", people, plain)
        sheet.formula(top + 2, column, f"={calc.group('weight', number)}", weight, plain)
        strong = drawing.book.style(**centre, bold=not group.external, num_format="0.0%")
        if group.external:
            quiet = drawing.book.style(**centre | {"font_color": "muted"})
            sheet.text(top + 3, column, "–", quiet)
        else:
            sheet.formula(top + 3, column, f"={calc.group('share', number)}", content.voice[group.id], strong)
    after = layout.voice_column(len(content.catalogue.groups))
    small = drawing.book.style(font_size=8, font_color="muted", indent=1)
    sheet.text(top + 3, after, drawing.word("people", "share_note"), small)
