"""The sheet of the assignment: indicators down, people across, with live counts at the top and at the left."""

from cmme_xl import formulas
from cmme_xl.plan import words
from cmme_xl.plan.assignment import Mark
from cmme_xl.plan.sheets.drawing import HEADER_PX, Drawing, bounds, headers
from cmme_xl.spreadsheet import Sheet, local

ROW_PX = 22
NAME_PX = {"zh": 46, "en": 116}
PRINTED_PEOPLE = 24
"""At least as many people are printed, more where the plan has more; all 60 would be too small to read."""


def draw(drawing: Drawing) -> None:
    """Draw the sheet."""
    layout, content = drawing.layout, drawing.content
    block = layout.assignment
    columns = words.columns("assignment")
    person_px = words.table("assignment")["person_width"]
    widths = [column["width"] for column in columns] + [person_px] * layout.slots
    first, last = layout.person_column(0), layout.person_column(layout.slots - 1)
    sheet = drawing.sheet("assignment", widths, last)
    headers(sheet, block.header, drawing, "assignment")
    _top(drawing, sheet)
    for node in layout.nodes:
        _left(drawing, sheet, node)
        for slot in range(layout.slots):
            _mark(drawing, sheet, node, slot)
    marks = words.table("marks")
    prompt = drawing.word("assignment", "prompt")
    sheet.choices(block.first, first, block.last, last, [marks["asked"], marks["none"]], prompt=prompt)
    _conditions(drawing, sheet)
    sheet.freeze(block.first, first)
    sheet.repeat(block.header, block.first - 1)
    printed = min(layout.slots, max(PRINTED_PEOPLE, len(content.people)))
    sheet.print_to(block.last, layout.person_column(printed - 1))
    sheet.select(block.first, first)


def _top(drawing: Drawing, sheet: Sheet) -> None:
    """A person's id, name, group, questions and minutes over each column."""
    layout, content = drawing.layout, drawing.content
    block, people, calc = layout.assignment, layout.people, layout.calc
    left = block.columns["name"]
    sheet.rows(block.header, (HEADER_PX, NAME_PX[drawing.lang], 20, 20, 20))
    label = drawing.book.style(font_size=9, font_color="slate", align="right")
    for number, (section, word) in enumerate(
        (("people", ""), ("assignment", "group"), ("assignment", "asked"), ("assignment", "needed"))
    ):
        text = drawing.word(section, word) if word else people_header(drawing, "name")
        sheet.text(block.header + 1 + number, left, text, label)
    identity = drawing.book.style(
        font_size=8, bold=True, font_color="white", bg_color="brand", align="center", shrink=True
    )
    turned = {"text_wrap": True, "align": "center"} | ({"rotation": 90} if drawing.lang == "en" else {})
    name = drawing.book.style(font_size=8, **turned)
    small = drawing.book.style(font_size=8, font_color="slate", align="center", shrink=True)
    for slot in range(layout.slots):
        column, row = layout.person_column(slot), people.first + slot
        person = content.people[slot] if slot < len(content.people) else None
        entered = people.cell(row, "id")
        sheet.formula(
            block.header, column, f'=IF({entered}="","",{entered})', person.id if person else None, identity
        )
        cells = (
            ("name", f'=IF({people.cell(row, "name")}="","",{people.cell(row, "name")})', name),
            ("group", f'=IF({people.cell(row, "group")}="","",{people.cell(row, "group")})', small),
            ("asked", f'=IF({entered}="","",{calc.person("questions", slot)})', drawing.live()),
            ("needed", f'=IF({entered}="","",{calc.person("minutes", slot)})', drawing.live()),
        )
        values: tuple[str | float | None, ...] = (None, None, None, None)
        if person:
            group = drawing.choice("group", person.group)
            values = (person.name or None, group, len(content.assigned[person.id]), content.needed(person))
        for number, ((_, formula, style), value) in enumerate(zip(cells, values, strict=True), 1):
            sheet.formula(block.header + number, column, formula, value, style)


def people_header(drawing: Drawing, role: str) -> str:
    """The header of a column on the sheet of people."""
    return next(str(c["header"][drawing.lang]) for c in words.columns("people") if c["role"] == role)


def _left(drawing: Drawing, sheet: Sheet, node: str) -> None:
    """Id, name, and for an indicator how many are asked against how many are wanted."""
    layout, content = drawing.layout, drawing.content
    columns, row, calc = layout.assignment.columns, layout.assignment_row[node], layout.calc
    is_dimension = node in calc.dimensions
    shade = {"bg_color": "tint2", "bold": True} if is_dimension else {}
    sheet.rows(row, (ROW_PX,))
    sheet.text(row, columns["id"], node, drawing.fixed(**shade))
    indent = {} if is_dimension else {"indent": 1}
    name = content.catalogue.names[node].in_(drawing.lang)
    sheet.text(row, columns["name"], name, drawing.fixed(**shade, **indent, shrink=True))
    if is_dimension:
        sheet.fill(row, columns["askers"], columns["note"], drawing.fixed(**shade))
        return
    number = calc.indicators.index(node)
    asked = f"=SUMPRODUCT(({calc.asked_row(number)}>0)*{calc.person('internal')})"
    sheet.formula(row, columns["askers"], asked, content.askers(node), drawing.live())
    # an indicator without a used question wants nobody
    minimum = wanted_people(drawing)
    wanted = f"=IF({calc.node('questions', node)}=0,0,{minimum})"
    least = content.settings.askers_min if content.used[node] else 0
    sheet.formula(row, columns["wanted"], wanted, least, drawing.live(font_color="muted"))
    few = drawing.word("assignment", "few")
    have, want = local(row, columns["askers"]), local(row, columns["wanted"])
    note = f"=IF({have}<{want},{formulas.quoted(few)},\"\")"
    sheet.formula(row, columns["note"], note, few if content.askers(node) < least else None, drawing.live())


def wanted_people(drawing: Drawing) -> str:
    """The wanted number of people per indicator: the setting where it is a number, else the catalogue's."""
    entry = drawing.layout.setting("askers_min")
    return f"IF(ISNUMBER({entry}),{entry},{drawing.content.catalogue.limits.askers_min})"


def _mark(drawing: Drawing, sheet: Sheet, node: str, slot: int) -> None:
    layout, content = drawing.layout, drawing.content
    marks = words.table("marks")
    mark = content.mark(content.people[slot].id, node) if slot < len(content.people) else None
    text = {None: "", Mark.ALL: marks["asked"], Mark.NONE: marks["none"]}[mark]
    strong = node in layout.calc.dimensions
    style = drawing.input(align="center", font_color="brand", font_size=11, bold=strong)
    sheet.text(layout.assignment_row[node], layout.person_column(slot), text, style)


def _conditions(drawing: Drawing, sheet: Sheet) -> None:
    layout = drawing.layout
    block = layout.assignment
    note = block.columns["note"]
    few = {"type": "formula", "criteria": f'={local(block.first, note, fix_column=True)}<>""', "format": drawing.alert}
    sheet.condition(block.first, block.columns["askers"], block.last, note, few)
    first, last = layout.person_column(0), layout.person_column(layout.slots - 1)
    minutes = block.header + 4
    cell = local(minutes, first)
    low, high = bounds(local(block.header + 2, first), drawing.content.catalogue)
    outside = f"=AND(ISNUMBER({cell}),OR({cell}<{low},{cell}>{high}))"
    sheet.condition(minutes, first, minutes, last, {"type": "formula", "criteria": outside, "format": drawing.alert})
    # columns without a person recede
    header = local(block.header, first, fix_row=True)
    quiet = drawing.book.change(bg_color="panel")
    empty = {"type": "formula", "criteria": f'={header}=""', "format": quiet}
    sheet.condition(block.first, first, block.last, last, empty)

