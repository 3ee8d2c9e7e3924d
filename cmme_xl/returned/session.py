"""The session an interviewer's record tells of: who held it, when, how long, and the points left open."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from cmme_xl.reading.grid import At, CellKind, RawBook, RawSheet
from cmme_xl.returned.answer import folded
from cmme_xl.templates import template

_LONGEST_LABEL = 80


class Point(NamedTuple):
    """A point left open: what, who sees to it, by when; as typed."""

    point: str
    who: str
    due: str


@dataclass(frozen=True, slots=True)
class Session:
    """One session as it was written down, each entry as typed (a date in ISO form), "" where nothing was."""

    file: str
    interviewer: str = ""
    day: str = ""
    minutes: str = ""
    points: tuple[Point, ...] = ()


def session_of(book: RawBook, file: str) -> Session:
    """The session that a record tells of; labels and ids are found by their words, never by position."""
    found: dict[str, str] = {}
    points: list[Point] = []
    for sheet in book.sheets:
        for _, key, value in _entries(sheet):
            found.setdefault(key, value)
        points += [point for _, point in _points(sheet)]
    return Session(file, **found, points=tuple(points))


def taken(sheet: RawSheet) -> set[At]:
    """The cells of a sheet from which a session is read."""
    return {at for at, _, _ in _entries(sheet)}.union(*(cells for cells, _ in _points(sheet)))


def _entries(sheet: RawSheet) -> Iterator[tuple[At, str, str]]:
    """What stands to the right of each label, before the next one: where, the label's key, what."""
    labels = _labels()
    for row, cells in sheet.rows.items():
        label = ""
        for column, cell in sorted(cells.items()):
            if cell.kind is CellKind.TEXT and (known := labels.get(_plain(cell.text))):
                label = known
            elif label and (typed := cell.shown.strip()):
                yield (row, column), label, typed
                label = ""


def _points(sheet: RawSheet) -> Iterator[tuple[set[At], Point]]:
    """The cells in which each point stands, and the point."""
    ids, heads = _ids(), _heads()
    if ids.isdisjoint(sheet.texts):
        return
    columns: dict[str, int] = {}
    for row, cells in sorted(sheet.rows.items()):
        named = {heads[_plain(cell.text)]: column for column, cell in cells.items() if _plain(cell.text) in heads}
        if len(named) > 1:
            columns = named
        elif any(cell.text in ids for cell in cells.values()):
            typed = {field: cells[column].shown.strip() for field, column in columns.items() if column in cells}
            if any(typed.values()):
                point = Point(**{field: typed.get(field, "") for field in Point._fields})
                yield {(row, column) for column in columns.values()}, point


@cache
def _labels() -> Mapping[str, str]:
    entries = template("interview")["record"]["session"]
    return {_plain(text): key for key, label in entries.items() for text in label.values()}


@cache
def _heads() -> Mapping[str, str]:
    heads = template("interview")["record"]["points"]["heads"]
    return {_plain(text): key for key, label in heads.items() for text in label.values()}


@cache
def _ids() -> frozenset[str]:
    points = template("interview")["record"]["points"]
    return frozenset(points["id"].format(number=number) for number in range(1, 1 + points["count"]))


def _plain(text: str) -> str:
    return "".join(folded(text[:_LONGEST_LABEL]).rstrip(":").split())
