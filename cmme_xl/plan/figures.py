"""The sheet of the figures that are given instead of being asked."""

from cmme_xl.plan.cells import Cells
from cmme_xl.plan.entries import Entries, filled_rows, want
from cmme_xl.plan.model import Given

YEARS = (1900, 2200)
REQUIRED = ("angle", "node", "value")


def read_figures(entries: Entries) -> tuple[tuple[Given, ...], tuple[str, ...]]:
    """The figures, and the angles of those whose rows are faulty."""
    given: list[Given] = []
    unread: list[str] = []
    cells = entries.cells("figures", REQUIRED)
    if cells is None:
        return (), ()
    typed, rows = filled_rows(cells, "figures")
    for row in rows:
        want(cells, row, "figures", REQUIRED)
        angle = cells.choice(row, "angle", entries.offered["angle"])
        figure = _figure(entries, cells, row, angle)
        if figure is None:
            unread += [angle] if angle else []
        elif any((each.angle, each.node) == (figure.angle, figure.node) for each in given):
            cells.fault("PLN_029", row, "node", figure.node, angle=entries.offered["angle"][figure.angle])
        else:
            for role in typed:
                entries.places["figure", str(len(given)), role] = cells.place(row, role)
            given.append(figure)
    return tuple(given), tuple(unread)


def _figure(entries: Entries, cells: Cells, row: int, angle: str | None) -> Given | None:
    catalogue = entries.catalogue
    node = cells.text(row, "node")
    known = {word.casefold(): word for word in (*catalogue.names, *catalogue.questions)}
    if node and node.casefold() not in known:
        cells.fault("PLN_019", row, "node", node)
    value = cells.number(row, "value", catalogue.scale_min, catalogue.scale_max)
    year = cells.number(row, "year", *YEARS, whole=True)
    n = cells.number(row, "n", 1, whole=True)
    source, industry, size = (cells.text(row, role) for role in ("source", "industry", "size"))
    if angle is None or value is None or node.casefold() not in known:
        return None
    return Given(
        angle,
        known[node.casefold()],
        value,
        source,
        None if year is None else int(year),
        None if n is None else int(n),
        industry,
        size,
    )
