"""The sheet of given figures: targets, benchmarks and competitor values with their sources."""

from cmme_xl.plan import words
from cmme_xl.plan.model import Given
from cmme_xl.plan.sheets.drawing import ROW_PX, Drawing, alignment, chosen, headers
from cmme_xl.spreadsheet import Sheet, local


def draw(drawing: Drawing) -> None:
    """Draw the sheet."""
    block, given = drawing.layout.figures, drawing.content.given
    columns = words.columns("figures")
    sheet = drawing.sheet("figures", [column["width"] for column in columns], len(columns))
    headers(sheet, block.header, drawing, "figures")
    for slot in range(block.count):
        _row(drawing, sheet, block.first + slot, given[slot] if slot < len(given) else None)
    catalogue = drawing.content.catalogue
    for column in columns:
        kind, number = column["kind"], block.columns[column["role"]]
        if kind == "live":
            continue
        prompt = column["prompt"][drawing.lang].format(low=f"{catalogue.scale_min:g}", high=f"{catalogue.scale_max:g}")
        if kind == "angle":
            drawing.offer(sheet, block.first, block.last, number, kind, prompt)
        elif kind == "node":
            # questions are not on the list but may be typed, hence no warning
            rule = {"validate": "list", "source": f"={drawing.layout.weights.column('id')}", "show_error": False}
            sheet.validation(block.first, number, block.last, number, rule, prompt=prompt)
        else:
            drawing.bound(sheet, block.first, block.last, number, kind, prompt)
    _conditions(drawing, sheet)
    sheet.freeze(block.first, block.columns["node"] + 1)
    sheet.repeat(block.header, block.header)
    sheet.print_to(block.last, len(columns) + 1)
    sheet.select(block.first, 1)


def _row(drawing: Drawing, sheet: Sheet, row: int, given: Given | None) -> None:
    columns, lang = drawing.layout.figures.columns, drawing.lang
    sheet.rows(row, (ROW_PX,))
    for column in words.columns("figures"):
        role, kind = column["role"], column["kind"]
        number = columns[role]
        if kind == "live":
            continue
        style = drawing.input(align=alignment(role))
        value = getattr(given, role) if given else None
        if value is None:
            sheet.blank(row, number, style)
        elif kind == "angle":
            sheet.text(row, number, drawing.choice("angle", value), style)
        elif isinstance(value, str):
            sheet.text(row, number, value, style)
        else:
            sheet.number(row, number, value, style)
    weights, questions = drawing.layout.weights, drawing.layout.questions
    node = local(row, columns["node"], fix_column=True)
    above = f"INDEX({weights.column('name')},MATCH({node},{weights.column('id')},0))"
    below = f"INDEX({questions.column('text')},MATCH({node},{questions.column('id')},0))"
    formula = f'=IF({node}="","",IFERROR({above},IFERROR({below},"?")))'
    catalogue = drawing.content.catalogue
    name = None
    if given:
        known = catalogue.names.get(given.node) or catalogue.questions[given.node].text
        name = known.in_(lang)
    sheet.formula(row, columns["name"], formula, name, drawing.live(align="left", indent=1))


def _conditions(drawing: Drawing, sheet: Sheet) -> None:
    """Unknown ids and missing entries of a row that has been begun; a target needs neither source nor year."""
    block = drawing.layout.figures
    columns = block.columns
    name = local(block.first, columns["name"], fix_column=True)
    unknown = {"type": "formula", "criteria": f'={name}="?"', "format": drawing.alert}
    sheet.condition(block.first, columns["node"], block.last, columns["name"], unknown)
    node = local(block.first, columns["node"], fix_column=True)
    missing = drawing.book.change(bg_color="alert_bg")
    angle = local(block.first, columns["angle"], fix_column=True)
    own = chosen(angle, "angle", "target", drawing.content)
    for role in ("value", "source", "year"):
        cell = local(block.first, columns[role], fix_column=True)
        wanted = "TRUE" if role == "value" else f"NOT({own})"
        rule = {"type": "formula", "criteria": f'=AND({node}<>"",{cell}="",{wanted})', "format": missing}
        sheet.condition(block.first, columns[role], block.last, columns[role], rule)
