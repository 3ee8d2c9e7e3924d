"""The sheet of weights: every node above the questions, its scope, weight and live share of the total."""

from cmme_xl.catalogue import ROOT, Dimension, Indicator
from cmme_xl.plan import words
from cmme_xl.plan.sheets.drawing import Drawing, headers
from cmme_xl.spreadsheet import Sheet, local

ROW_PX = 22


def draw(drawing: Drawing) -> None:
    """Draw the sheet."""
    layout, catalogue = drawing.layout, drawing.content.catalogue
    block = layout.weights
    columns = words.columns("weights")
    sheet = drawing.sheet("weights", [column["width"] for column in columns], len(columns))
    headers(sheet, block.header, drawing, "weights")
    _total(drawing, sheet)
    for dimension in catalogue.dimensions:
        _node(drawing, sheet, dimension, strong=True)
        for indicator in dimension.indicators:
            _node(drawing, sheet, indicator, strong=False)
    prompts = {column["role"]: column["prompt"][drawing.lang] for column in columns if "prompt" in column}
    first, last = block.first + 1, block.last
    drawing.offer(sheet, first, last, block.columns["scope"], "yesno", prompts["scope"])
    drawing.bound(sheet, first, last, block.columns["weight"], "weight", prompts["weight"])
    differs(drawing, sheet, first, last, block.columns["weight"], block.columns["catalogue"])
    off(drawing, sheet, first, last, block.columns["scope"])
    share = block.columns["share"]
    bars = {
        "type": "data_bar",
        "bar_solid": True,
        "bar_color": drawing.book.brand.colour("tint"),
        "min_type": "num",
        "min_value": 0,
        "max_type": "num",
        "max_value": 0.5,
    }
    sheet.condition(first, share, last, share, bars)
    sheet.freeze(block.first, block.columns["name"] + 1)
    sheet.repeat(block.header, block.header)
    sheet.print_to(block.last, len(columns) + 1)
    sheet.select(first, block.columns["weight"])


def _total(drawing: Drawing, sheet: Sheet) -> None:
    block, content = drawing.layout.weights, drawing.content
    calc = drawing.layout.calc
    row = drawing.layout.weight_row[ROOT]
    style = {"bold": True, "font_color": "brand", "font_size": 10}
    sheet.rows(row, (26,))
    sheet.fill(row, 1, len(block.columns), drawing.fixed(**style))
    sheet.text(row, block.columns["id"], ROOT, drawing.fixed(**style))
    sheet.text(row, block.columns["name"], content.catalogue.name.in_(drawing.lang), drawing.fixed(**style))
    shares = [content.share[dimension.id] for dimension in content.catalogue.dimensions]
    live = drawing.live(**style, num_format="0.0%", align="right", indent=1)
    sheet.formula(row, block.columns["share"], f"=SUM({calc.dimension_column('share')})", sum(shares), live)


def _node(drawing: Drawing, sheet: Sheet, node: Dimension | Indicator, *, strong: bool) -> None:
    block, content = drawing.layout.weights, drawing.content
    calc = drawing.layout.calc
    columns, row = block.columns, drawing.layout.weight_row[node.id]
    shade = {"bg_color": "tint2", "bold": True} if strong else {}
    sheet.rows(row, (ROW_PX,))
    sheet.text(row, columns["id"], node.id, drawing.fixed(**shade))
    name = drawing.fixed(**shade, **({} if strong else {"indent": 1}))
    sheet.text(row, columns["name"], node.name.in_(drawing.lang), name)
    key = words.table("marks")["key"] if isinstance(node, Indicator) and node.key else ""
    sheet.text(row, columns["key"], key, drawing.fixed(**shade, align="center", font_color="accent"))
    scope = drawing.choice("yesno", "no" if node.id in content.dropped else "yes")
    sheet.text(row, columns["scope"], scope, drawing.input(align="center"))
    weight = content.weight(node.id, node.weight)
    sheet.number(row, columns["weight"], weight, drawing.input(align="center", bold=strong))
    own = drawing.fixed(**shade, align="center", font_color="muted")
    sheet.number(row, columns["catalogue"], node.weight, own)
    # looked up by id, so that it stays right when rows are sorted
    identity = local(row, columns["id"], fix_column=True)
    share = f"=SUMIFS({calc.node_column('share')},{calc.node_column('id')},{identity})"
    live = drawing.live(num_format="0.00%" if not strong else "0.0%", bold=strong, align="right", indent=1)
    sheet.formula(row, columns["share"], share, content.share[node.id], live)


def differs(drawing: Drawing, sheet: Sheet, first: int, last: int, column: int, own: int) -> None:
    """Marks weights that differ from the catalogue's, which stand in column `own`."""
    changed = drawing.book.change(font_color="warn_text", bg_color="accent2", bold=True)
    rule = f"={local(first, column, fix_column=True)}<>{local(first, own, fix_column=True)}"
    sheet.condition(first, column, last, column, {"type": "formula", "criteria": rule, "format": changed})


def off(drawing: Drawing, sheet: Sheet, first: int, last: int, column: int) -> None:
    """Marks what is out of scope."""
    changed = drawing.book.change(font_color="warn_text", bg_color="accent2", bold=True)
    cell = local(first, column, fix_column=True)
    wording = words.choice_words("yesno", drawing.content.catalogue)["no"]
    rule = f'=OR({cell}="{wording.zh}",{cell}="{wording.en}")'
    sheet.condition(first, column, last, column, {"type": "formula", "criteria": rule, "format": changed})
