"""The very hidden sheet behind the live figures: shares of voice and of weight, questions and minutes per person.

Native formulas of Excel 2016 at most, laid out by `layout.Calc`; each carries the value that `live.Content` gives.
"""

from cmme_xl import formulas
from cmme_xl.plan import words
from cmme_xl.plan.assignment import Mark
from cmme_xl.plan.layout import GROUP_COLUMNS, NODE_COLUMNS, PERSON_ROWS, at, span
from cmme_xl.plan.sheets.drawing import Drawing, chosen, count_no, either
from cmme_xl.spreadsheet import Sheet

MARK_CODES = {None: 0, Mark.ALL: 1, Mark.NONE: 2}


def draw(drawing: Drawing) -> None:
    """Draw the sheet."""
    sheet = drawing.book.hidden_sheet(drawing.layout.calc.sheet)
    _people(drawing, sheet)
    _groups(drawing, sheet)
    _nodes(drawing, sheet)
    _marks(drawing, sheet)
    _asked(drawing, sheet)


def _people(drawing: Drawing, sheet: Sheet) -> None:
    layout, content = drawing.layout, drawing.content
    calc, people = layout.calc, layout.people
    plain = drawing.book.style()
    for row, role in enumerate(PERSON_ROWS):
        sheet.text(row, 0, role, plain)
    groups = [group.id for group in content.catalogue.groups]
    by_tier = chosen(layout.setting("voice"), "voice", "tier", content)
    for slot in range(layout.slots):
        column = calc.people + slot
        row = people.first + slot
        person = content.people[slot] if slot < len(content.people) else None
        group = groups.index(person.group) if person else -1
        identity, typed, weight = (people.cell(row, role) for role in ("id", "group", "weight"))
        mine = {role: calc.person(role, slot) for role in PERSON_ROWS}
        shares = f"INDEX({calc.group('share')},{mine['group']})"
        tier_share = f"{shares}/INDEX({calc.group('people')},{mine['group']})"
        weight_sum = f"INDEX({calc.group('weight')},{mine['group']})"
        asked = span(calc.sheet, calc.first_questions, column, calc.first_minutes - 2, column)
        minutes = span(
            calc.sheet, calc.first_minutes, column, calc.first_minutes + len(calc.indicators) - 1, column
        )
        cells: dict[str, tuple[str, str | float | None]] = {
            "id": (f'=IF({identity}="","",{identity})', person.id if person else None),
            "group": (
                f'=IF(OR({identity}="",{typed}=""),0,IFERROR(MATCH({typed},{calc.group("zh")},0),'
                f"IFERROR(MATCH({typed},{calc.group('en')},0),IFERROR(MATCH({typed},{calc.group('id')},0),0))))",
                group + 1,
            ),
            "weight": (
                f"=IF({mine['group']}=0,0,IF(ISNUMBER({weight}),IF({weight}>=0,{weight},1),1))",
                person.weight if person else 0,
            ),
            "internal": (
                f"=IF({mine['group']}=0,0,INDEX({calc.group('internal')},{mine['group']}))",
                int(not content.catalogue.groups[group].external) if person else 0,
            ),
            "share": (
                f"=IF({mine['group']}=0,0,IF(AND({mine['internal']}=1,{by_tier}),{tier_share},"
                f"IF({weight_sum}=0,0,{shares}*{mine['weight']}/{weight_sum})))",
                content.voice_of(person) if person else 0,
            ),
            "questions": (f"=SUM({asked})", len(content.assigned[person.id]) if person else 0),
            "minutes": (f"=SUM({minutes})", content.needed(person) if person else 0),
        }
        for number, role in enumerate(PERSON_ROWS):
            formula, value = cells[role]
            sheet.formula(number, column, formula, value, plain)


def _groups(drawing: Drawing, sheet: Sheet) -> None:
    layout, content = drawing.layout, drawing.content
    calc = layout.calc
    plain = drawing.book.style()
    for column, role in enumerate(GROUP_COLUMNS):
        sheet.text(calc.first_group - 1, column, role, plain)
    by_tier = chosen(layout.setting("voice"), "voice", "tier", content)
    people, weight, given = (calc.group(role) for role in ("people", "weight", "set"))
    internal = calc.group("internal")
    all_shares = f"SUMPRODUCT(({people}>0)*{internal}*{given})"
    all_weights = f"SUMPRODUCT({internal}*{weight})"
    for number, group in enumerate(content.catalogue.groups):
        mine = {role: calc.group(role, number) for role in GROUP_COLUMNS}
        row = calc.first_group + number
        columns = {role: GROUP_COLUMNS.index(role) for role in GROUP_COLUMNS}
        sheet.text(row, columns["id"], group.id, plain)
        sheet.text(row, columns["zh"], group.name.zh, plain)
        sheet.text(row, columns["en"], group.name.en, plain)
        sheet.number(row, columns["internal"], int(not group.external), plain)
        head = f"=COUNTIF({calc.person('group')},{number + 1})"
        sheet.formula(row, columns["people"], head, len(content.members(group.id)), plain)
        total = f"=SUMIF({calc.person('group')},{number + 1},{calc.person('weight')})"
        sheet.formula(row, columns["weight"], total, content.weight_of(group.id), plain)
        if group.external:
            sheet.number(row, columns["set"], 0, plain)
            share = f"=IF({mine['people']}>0,1,0)"
        else:
            entry = layout.setting(f"share:{group.id}")
            value = content.settings.tier_shares.get(group.id, 0)
            sheet.formula(row, columns["set"], f"=IF(ISNUMBER({entry}),MAX({entry},0),0)", value, plain)
            tier = f"IF({all_shares}=0,0,({mine['people']}>0)*{mine['set']}/{all_shares})"
            share = f"=IF({by_tier},{tier},IF({all_weights}=0,0,{mine['weight']}/{all_weights}))"
        sheet.formula(row, columns["share"], share, content.voice[group.id], plain)


def _nodes(drawing: Drawing, sheet: Sheet) -> None:
    layout, content = drawing.layout, drawing.content
    calc, weights, questions = layout.calc, layout.weights, layout.questions
    plain = drawing.book.style()
    used_mark, asked_mark = (formulas.quoted(words.table("marks")[mark]) for mark in ("used", "asked"))
    for column, role in enumerate(NODE_COLUMNS):
        sheet.text(calc.first_node - 1, column, role, plain)
    ids, scopes, weight_column = (weights.column(role) for role in ("id", "scope", "weight"))
    of_indicator, question_scopes = questions.column("indicator"), questions.column("scope")
    used, minutes = questions.column("used"), questions.column("minutes")
    for dimension in content.catalogue.dimensions:
        for node, own, parent in (
            (dimension.id, dimension.weight, None),
            *((indicator.id, indicator.weight, dimension.id) for indicator in dimension.indicators),
        ):
            row = calc.node_row(node)
            mine = {role: calc.node(role, node) for role in NODE_COLUMNS}
            sheet.text(row, 0, node, plain)
            sheet.text(row, 1, parent or "", plain)
            kept = f"({count_no(ids, mine['id'], scopes, content)}=0)"
            above = f"*{calc.node('open', parent)}" if parent else ""
            sheet.formula(row, 2, f"={kept}*1{above}", int(content.open[node]), plain)
            found = f"SUMIFS({weight_column},{ids},{mine['id']},{weight_column},\">=0\")"
            one = f"COUNTIFS({ids},{mine['id']},{weight_column},\">=0\")"
            weight = f"=IF({one}=1,{found},{formulas.number(own)})"
            sheet.formula(row, 3, weight, content.weight(node, own), plain)
            if parent:
                dropped = count_no(of_indicator, mine["id"], question_scopes, content)
                remaining = f"COUNTIFS({of_indicator},{mine['id']})-({dropped})"
                alive = f"=IF({mine['open']}*({remaining})>0,1,0)"
                siblings = f"SUMIFS({calc.indicator_column('weight')},{calc.indicator_column('parent')},"
                siblings += f"{mine['parent']},{calc.indicator_column('alive')},1)"
                whole = calc.node("share", parent)
            else:
                beneath = f"{calc.indicator_column('alive')},{calc.indicator_column('parent')},{mine['id']}"
                alive = f"=IF(SUMIFS({beneath})>0,1,0)"
                siblings = f"SUMIFS({calc.dimension_column('weight')},{calc.dimension_column('alive')},1)"
                whole = "1"
            sheet.formula(row, 4, alive, int(content.alive[node]), plain)
            share = f"=IF({mine['alive']}=0,0,IF({siblings}=0,0,{whole}*{mine['weight']}/{siblings}))"
            sheet.formula(row, 5, share, content.share[node], plain)
            if not parent:
                continue
            filters = f"{of_indicator},{mine['id']},{used},{used_mark}"
            asked = content.used[node]
            sheet.formula(row, 6, f"=COUNTIFS({filters})", len(asked), plain)
            sheet.formula(row, 7, f"=SUMIFS({minutes},{filters})", content.minutes(asked), plain)
            for number, group in enumerate(content.catalogue.groups):
                filtered = f"{filters},{questions.column(f'group:{group.id}')},{asked_mark}"
                default = content.default(node, group.id)
                column = calc.default_column("questions", number)
                sheet.formula(row, column, f"=COUNTIFS({filtered})", len(default), plain)
                column = calc.default_column("minutes", number)
                sheet.formula(row, column, f"=SUMIFS({minutes},{filtered})", content.minutes(default), plain)


def _marks(drawing: Drawing, sheet: Sheet) -> None:
    """The mark that holds: a person's own for the indicator, else the dimension's."""
    layout, content = drawing.layout, drawing.content
    calc = layout.calc
    plain = drawing.book.style()
    marks = words.table("marks")
    for dimension in content.catalogue.dimensions:
        for node in (dimension.id, *(indicator.id for indicator in dimension.indicators)):
            for slot in range(layout.slots):
                cell = at(layout.assignment.sheet, layout.assignment_row[node], layout.person_column(slot))
                column = calc.people + slot
                above = "0" if node == dimension.id else at(calc.sheet, calc.node_row(dimension.id), column)
                none = either(cell, {marks["none"], marks["none_typed"]})
                formula = f"=IF({cell}={formulas.quoted(marks['asked'])},1,IF({none},2,{above}))"
                sheet.formula(calc.node_row(node), column, formula, _code(drawing, slot, node), plain)


def _code(drawing: Drawing, slot: int, node: str) -> int:
    content = drawing.content
    if slot >= len(content.people):
        return 0
    person = content.people[slot].id
    mark = content.mark(person, node)
    if mark is None and node in content.catalogue.dimension_of:
        mark = content.mark(person, content.catalogue.dimension_of[node].id)
    return MARK_CODES[mark]


def _asked(drawing: Drawing, sheet: Sheet) -> None:
    """Questions and minutes of every indicator and person."""
    layout, content = drawing.layout, drawing.content
    calc = layout.calc
    plain = drawing.book.style()
    groups = len(content.catalogue.groups)
    for figure, first, whole in (
        ("questions", calc.first_questions, "questions"),
        ("minutes", calc.first_minutes, "minutes"),
    ):
        sheet.text(first - 1, 0, figure, plain)
        start = calc.default_column(figure, 0)
        for number, indicator in enumerate(calc.indicators):
            node_row = calc.node_row(indicator)
            defaults = span(calc.sheet, node_row, start, node_row, start + groups - 1)
            everything = calc.node(whole, indicator)
            sheet.text(first + number, 0, indicator, plain)
            for slot in range(layout.slots):
                column = calc.people + slot
                group, mark = calc.person("group", slot), at(calc.sheet, node_row, column)
                formula = (
                    f"=IF(OR({group}=0,{mark}=2),0,IF({mark}=1,{everything},INDEX({defaults},{group})))"
                )
                asked: tuple[str, ...] = ()
                if slot < len(content.people):
                    asked = content.asked[content.people[slot].id][indicator]
                value = len(asked) if figure == "questions" else content.minutes(asked)
                sheet.formula(first + number, column, formula, value, plain)
