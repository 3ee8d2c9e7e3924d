"""Method: the rules, the settings, who had how much say, and what the figures do not say."""

from collections.abc import Sequence

from cmme_xl.calculation.expression import as_shown, constant
from cmme_xl.catalogue import ROOT
from cmme_xl.plan.model import Person
from cmme_xl.results.model import ANGLES
from cmme_xl.spreadsheet import measure, page
from cmme_xl.summary.context import Context
from cmme_xl.summary.furniture import head

ROLE = "method"
HALF = 12


def draw(context: Context) -> None:
    """Rules and limits on the left; settings, levels, voices on the right; given figures below."""
    sheet, words, catalogue = context.sheets[ROLE], context.words, context.catalogue
    subtitle = words.fill(
        "method.subtitle",
        catalogue=catalogue.subject.in_(context.lang),
        version=catalogue.version,
        hash=catalogue.hash,
    )
    row = head(context, ROLE, constant(words["method.title"]), constant(subtitle), page.CELLS)
    page.section(sheet, row, 1, HALF, words["method.rules"])
    page.section(sheet, row, 14, page.CELLS, words["method.settings"], words["method.settings_note"])
    left = [*_numbered(context, "rule"), ("", words["method.limits"]), *_numbered(context, "limit")]
    if context.audience == "client":
        left += [("", words["method.withheld"]), *_numbered(context, "kept")]
    right = _right(context)
    end = row + 1 + max(len(left), len(right))
    for number in range(max(len(left), len(right))):
        _line(context, row + 1 + number, left[number : number + 1], right[number : number + 1])
    row = _given(context, end + 1)
    sheet.print_to(row, page.CELLS + 1)
    sheet.freeze(2)


def _numbered(context: Context, section: str) -> list[tuple[str, str]]:
    catalogue = context.catalogue
    values = {
        "low": f"{catalogue.scale_min:g}",
        "high": f"{catalogue.scale_max:g}",
        "na": catalogue.na.in_(context.lang),
        "dk": catalogue.dk.in_(context.lang),
        "limit": as_shown(catalogue.limits.provisional_below, "0%"),
        "least": catalogue.limits.tier_shown_min,
        "withheld": len({indicator for _, indicator in context.withheld}),
    }
    keys = [key for key in context.words.section("method") if key.startswith(f"{section}.")]
    return [(key.partition(".")[2], context.words.fill(f"method.{key}", **values)) for key in keys]


def _line(context: Context, row: int, left: Sequence[tuple[str, str]], right: Sequence[tuple[str, str, str]]) -> None:
    """One row of both columns; a heading on either side has no number."""
    sheet, book = context.sheets[ROLE], context.book
    width = (HALF - 1) * page.CELL_PX
    tall = [32]
    hair = {"bottom": 1, "bottom_color": "hair", "font_size": 9}
    heading = {"bottom": 1, "bottom_color": "brand", "bold": True, "font_color": "brand", "font_size": 11}
    for number, text in left:
        tall.append(measure.height(text, width, 9, padding=8))
        if number:
            sheet.text(row, 1, number, book.style(**hair, bold=True, font_color="brand", align="center"))
            sheet.text(row, 2, text, book.style(**hair, text_wrap=True), (row, HALF))
        else:
            sheet.text(row, 1, text, book.style(**heading, valign="bottom"), (row, HALF))
    for label, value, note in right:
        if value or note:
            sheet.text(row, 14, label, book.style(**hair, font_color="slate"), (row, 17))
            sheet.text(row, 18, value, book.style(**hair, bold=True, text_wrap=True), (row, 20))
            sheet.text(row, 21, note, book.style(**hair, font_color="slate", text_wrap=True), (row, page.CELLS))
            tall.append(measure.height(value, 3 * page.CELL_PX, 9, padding=8))
            tall.append(measure.height(note, 4 * page.CELL_PX, 9, padding=8))
        elif label:
            sheet.text(row, 14, label, book.style(**heading, valign="bottom"), (row, page.CELLS))
    sheet.rows(row, (max(tall),))


def _right(context: Context) -> list[tuple[str, str, str]]:
    """Settings, levels and voices: (label, value, note); a label alone is a heading."""
    words, plan, catalogue = context.words, context.plan, context.catalogue
    settings = plan.settings
    absent = [context.spoken(angle) for angle in ANGLES if angle not in context.present]
    dropped = (
        words.counted("method.dropped_n", len(plan.dropped), n=len(plan.dropped))
        if plan.dropped
        else words["method.none"]
    )
    current = context.results.chosen.angles["current"].nodes[ROOT]
    found = [
        (words["weights.scope"], words[f"scope.{context.results.scope}"], ""),
        (words["weights.voice"], words[f"voice.{settings.voice}"], ""),
        (words["weights.combine"], words[f"combine.{settings.combine}"], ""),
        (words["weights.importance"], words[f"importance.{settings.importance}"], ""),
        (words["method.form"], words[f"method.form_{settings.form}"], ""),
        (words["method.gates"], words["method.on" if settings.gates else "method.off"], ""),
        (words["method.audience"], words[f"method.audience_{context.audience}"], ""),
        (words["method.dropped"], dropped, ""),
        (words["method.missing_angles"], words["overview.and"].join(absent) or words["method.none"], ""),
        (words["overview.coverage"], as_shown(current.coverage, "0%"), ""),
        (words["overview.rate"], as_shown(current.response_rate, "0%"), ""),
        (words["method.levels"], "", ""),
    ]
    for level in catalogue.levels:
        name = f"{level.number} {level.name.in_(context.lang)}"
        found.append((name, f"≥ {level.threshold:.2f}", level.meaning.in_(context.lang)))
    return [*found, (words["method.voices"], "", ""), *_voices(context)]


def _voices(context: Context) -> list[tuple[str, str, str]]:
    """Each tier's actual share of the say, over those who scored (scoring.md rule 3)."""
    plan, catalogue, words = context.plan, context.catalogue, context.words
    heard = context.results.returned.answers.scorers("current")
    people = {tier.id: [p for p in plan.people if p.group == tier.id and p.id in heard] for tier in catalogue.tiers}
    say = {tier: _say(context, tier, group) for tier, group in people.items()}
    whole = sum(say.values())
    if not whole:
        return [(words["method.none"], "–", "")]
    if context.audience == "client" and any(0 < len(g) < catalogue.limits.tier_shown_min for g in people.values()):
        return [(tier.name.in_(context.lang), as_shown(say[tier.id] / whole, "0%"), "") for tier in catalogue.tiers]
    return [
        (
            tier.name.in_(context.lang),
            as_shown(say[tier.id] / whole, "0%"),
            words.counted("method.people_n", len(people[tier.id]), n=len(people[tier.id])),
        )
        for tier in catalogue.tiers
    ]


def _say(context: Context, tier: str, people: Sequence[Person]) -> float:
    settings = context.plan.settings
    if settings.combine == "median":
        return float(len(people))
    if settings.voice == "tier":
        return settings.tier_shares.get(tier, 0.0) if people else 0.0
    return sum(person.weight for person in people)


def _given(context: Context, row: int) -> int:
    """The given figures with their sources, and the value each displaces."""
    sheet, book, words, given = context.sheets[ROLE], context.book, context.words, context.plan.given
    if not given:
        return row
    sheet.rows(row - 1, (12,))
    page.section(sheet, row, 1, page.CELLS, words["method.given"], words["method.given_note"])
    columns = {"angle": (1, 3), "node": (4, 11), "value": (12, 13), "displaced": (14, 15), "source": (16, 21)}
    columns |= {"year": (22, 22), "n": (23, 24)}
    sheet.rows(row + 1, (24,))
    small = {"font_size": 9, "font_color": "slate", "bottom": 1, "bottom_color": "rule"}
    for key, (first, last) in columns.items():
        sheet.text(row + 1, first, words[f"method.given_{key}"], book.style(**small), _to(row + 1, first, last))
    row += 2
    names, questions = context.catalogue.names, context.catalogue.questions
    for each in given:
        name = names[each.node] if each.node in names else questions[each.node].text if each.node in questions else None
        result = context.results.scopes["standard"].angles[each.angle].nodes.get(each.node)
        texts = {
            "angle": words[f"angle.{each.angle}"],
            "node": f"{each.node} {name.in_(context.lang)}" if name else each.node,
            "value": as_shown(each.value),
            "displaced": as_shown(result.raw if result and result.source == "given" else None),
            "source": each.source,
            "year": str(each.year or "–"),
            "n": str(each.n or "–"),
        }
        hair = {"bottom": 1, "bottom_color": "hair", "font_size": 9, "text_wrap": True}
        tall = [measure.height(texts[k], sheet.span(*columns[k]), 9, padding=6) for k in columns]
        sheet.rows(row, (max(22, *tall),))
        for key, (first, last) in columns.items():
            sheet.text(row, first, texts[key], book.style(**hair), _to(row, first, last))
        row += 1
    return row


def _to(row: int, first: int, last: int) -> tuple[int, int] | None:
    return (row, last) if last > first else None
