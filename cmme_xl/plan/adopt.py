"""Settings of a plan changed in its workbook: the cells that say otherwise are typed over, and no others."""

from collections.abc import Iterator

from cmme_xl.catalogue import Dimension, Indicator
from cmme_xl.plan import words
from cmme_xl.plan.model import Given, Plan
from cmme_xl.plan.read import PlanReading
from cmme_xl.plan.write import plan_bytes
from cmme_xl.spreadsheet.patch import Typed, patched

CHOICES = ("scope", "voice", "combine", "importance")
Cell = tuple[tuple[str, str], Typed]


def adopted(data: bytes, reading: PlanReading, plan: Plan) -> bytes:
    """The plan workbook `data`, of which `reading` was read, saying what `plan` says of settings, weights, scope and
    given figures. Whatever else is in it stays.

    Raises KeyError where the workbook has no cell for an entry, DrawingError where it cannot be written into.
    """
    if reading.plan is None:
        raise KeyError("no plan")
    cells = dict([*_settings(reading, plan), *_nodes(reading, plan), *_figures(reading, plan)])
    return patched(data, cells, plan_bytes(plan.catalogue, reading.lang, plan, choices=reading.choices))


def _place(reading: PlanReading, *key: str) -> tuple[str, str]:
    place = reading.places[key]
    return place.sheet, place.cell


def _settings(reading: PlanReading, plan: Plan) -> Iterator[Cell]:
    was = reading.plan.settings if reading.plan else plan.settings
    for role in CHOICES:
        code = getattr(plan.settings, role)
        if code != getattr(was, role):
            yield _place(reading, "engagement", role), words.choice_words(role, plan.catalogue)[code].in_(reading.lang)
    for tier, share in plan.settings.tier_shares.items():
        if share != was.tier_shares.get(tier, 0.0):
            yield _place(reading, "share", tier), share


def _nodes(reading: PlanReading, plan: Plan) -> Iterator[Cell]:
    was = reading.plan or plan
    yes_or_no = words.choice_words("yesno", plan.catalogue)
    nodes: list[Dimension | Indicator] = [*plan.catalogue.dimensions, *plan.catalogue.indicators]
    for node in nodes:
        weight = plan.weight(node.id, node.weight)
        if weight != was.weight(node.id, node.weight):
            yield _place(reading, "weight", node.id), weight
        if (node.id in plan.dropped) != (node.id in was.dropped):
            sheet, cell = _place(reading, "weight", node.id)
            _, header = _place(reading, "header", "weights", "scope")
            word = yes_or_no["no" if node.id in plan.dropped else "yes"].in_(reading.lang)
            yield (sheet, header.rstrip("0123456789") + cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")), word


def _figures(reading: PlanReading, plan: Plan) -> Iterator[Cell]:
    """Values typed over where they stand; figures no longer given emptied; new ones below all others."""
    was = {(each.angle, each.node): number for number, each in enumerate(reading.plan.given if reading.plan else ())}
    now = {(each.angle, each.node): each for each in plan.given}
    for at, number in was.items():
        if at not in now:
            for key in [key for key in reading.places if key[:2] == ("figure", str(number))]:
                yield _place(reading, *key), None
        elif reading.plan and now[at].value != reading.plan.given[number].value:
            yield _place(reading, "figure", str(number), "value"), now[at].value
    columns = {role: _place(reading, "header", "figures", role) for role in ("angle", "node", "value")}
    sheet, header = columns["angle"]
    used = [place.cell for key, place in reading.places.items() if key[0] == "figure"]
    row = max(int(cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) for cell in (header, *used))
    for at, figure in now.items():
        if at not in was:
            row += 1
            for role, typed in _new(figure, reading.lang, plan):
                yield (sheet, columns[role][1].rstrip("0123456789") + str(row)), typed


def _new(figure: Given, lang: str, plan: Plan) -> Iterator[tuple[str, Typed]]:
    yield "angle", words.choice_words("angle", plan.catalogue)[figure.angle].in_(lang)
    yield "node", figure.node
    yield "value", figure.value
