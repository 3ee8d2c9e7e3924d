"""Plain worksheets, read by their form: the first of a form cell by cell, of the next only what differs from it.

Returned files have nearly all of a sheet's cells in common. What differs is found by comparing the pieces of two
sheets; what is common to them is the same object in file after file, with all that was learnt of it.
"""

from bisect import bisect_left
from collections import Counter, deque
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import compress, count
from operator import ne
from types import MappingProxyType
from typing import NamedTuple, cast

from cmme_xl.reading.grid import At, Cell, CellKind, RawSheet, Row, Rows
from cmme_xl.reading.pieces import all_known, around, as_text, body
from cmme_xl.reading.styles import Styles
from cmme_xl.reading.tiles import LONGEST_ADDRESS, Piece, Pieces, cells, place, tags
from cmme_xl.reading.xml import SHEET_TAGS

MOST_FORMS, MOST_CELLS, LARGEST = 32, 65_536, 16_384
"""So many are remembered for one set of styles, of so many cells together, and none that has more than the last."""
_CELL = 100
"""So many characters of cells and shared strings count as a cell, for what they take of the memory."""


class Plain(NamedTuple):
    """A plain worksheet: how many cells and how many elements of rows and cells it has, its merged ranges, and

    - its `rows`, or
    - the first worksheet of its form, and the `changes` in which the two differ (see `RawSheet`).
    """

    cells: int
    elements: int
    merges: tuple[str, ...]
    rows: Rows
    like: RawSheet | None
    changes: Mapping[At, Cell | None]

    def lay(self, sheet: RawSheet) -> None:
        """Makes this worksheet of an empty one; merges aside."""
        if self.like is None:
            sheet.rows.update(self.rows)
        else:
            sheet.lay(self.like, self.changes)


def plain(data: bytes, styles: Styles, strings: Sequence[Cell], once: bool = False) -> Plain | None:
    """The worksheet part `data`, None where it is not plain. `once`: it is like no other."""
    first, last = data.find(_BEGIN), data.find(b"</sheetData>")
    inside = body(data, first + len(_BEGIN), last) if first >= 0 else b""
    if not inside or b"\r" in inside:
        return None
    head, pieces = cells(inside)
    forms = _Forms(styles) if once else _forms_of(styles)
    sheet = forms.alike(head, pieces, strings) or forms.whole(head, pieces, strings, once)
    if sheet is None:
        return None
    rows = "".join(f"<row{each}/>" for each in sheet.attributes)
    merges = around(data[:first], _BEGIN + rows.encode(), data[last:], SHEET_TAGS.get)
    if merges is None:
        return None
    return Plain(sheet.cells, len(pieces) + sheet.begun, merges, sheet.rows, sheet.like, sheet.changes)


_BEGIN = b"<sheetData>"
_FILLED = Cell(CellKind.EMPTY, "")


class _Laid(NamedTuple):
    """As in `Plain`; `begun`: how many rows; `attributes`: those of their tags without values, each kind once."""

    cells: int
    begun: int
    attributes: Sequence[str]
    rows: Rows
    like: RawSheet | None = None
    changes: Mapping[At, Cell | None] = MappingProxyType({})


class _Forms:
    """The forms of the worksheets that were read with a set of styles."""

    def __init__(self, styles: Styles) -> None:
        self._known = Pieces(styles)
        self._forms: deque[_Form] = deque(maxlen=MOST_FORMS)
        self._compared: tuple[Sequence[Cell], Sequence[Cell], int] = ((), (), 0)

    def alike(self, head: bytes, pieces: list[bytes], strings: Sequence[Cell]) -> _Laid | None:
        """A worksheet by what differs from one that was read before, None where it is like none of them."""
        for form in self._forms:
            if len(form.pieces) == len(pieces) and form.head == head:
                which = form.differing(pieces, self._alike(strings, form.strings))
                laid = form.changed(which, pieces, self._known, strings) if which is not None else None
                if laid is not None:
                    return laid
        return None

    def _alike(self, strings: Sequence[Cell], others: Sequence[Cell]) -> int:
        """How many strings two tables have in common from the first on; those of sheets of one book are the same."""
        if self._compared[0] is not strings or self._compared[1] is not others:
            differ = compress(count(), map(ne, strings, others))
            self._compared = strings, others, next(differ, min(len(strings), len(others)))
        return self._compared[2]

    def whole(self, head: bytes, pieces: list[bytes], strings: Sequence[Cell], once: bool = False) -> _Laid | None:
        """A worksheet cell by cell, None where it is not plain; remembered as the first of its form unless `once`."""
        before = as_text(head)
        begins = None if before is None else tags(before)
        addresses, rests = _parted(pieces)
        if max(map(len, addresses), default=0) > LONGEST_ADDRESS:
            return None
        places, read = [place(address) for address in addresses], all_known(self._known, rests)
        if begins is None or read is None or begins.opens != bool(read) or None in places:
            return None
        at = cast(list[At], places)
        shared = max((each.content for each in read if isinstance(each.content, int)), default=-1)
        whole = shared < len(strings)
        rows = _rows(at, read, strings if whole else _Broken(strings))
        if rows is None:
            return None
        between = (begins, *(each.behind for each in read if each.behind is not None))
        attributes = [each for tag in between for each in tag.attributes]
        laid = _Laid(sum(map(len, rows.values())), len(attributes), tuple(dict.fromkeys(attributes)), rows)
        if read and whole and not once:
            self._remember(_Form(head, pieces, at, read, strings, laid))
        return laid

    def _remember(self, form: "_Form") -> None:
        if form.size > LARGEST or not form.is_sound:
            return
        self._forms.append(form)
        while sum(each.size for each in self._forms) > MOST_CELLS:
            self._forms.popleft()


class _Form:
    """The first worksheet of a form: its pieces, what they came to, and the strings they point to."""

    def __init__(
        self, head: bytes, pieces: list[bytes], at: list[At], read: list[Piece], strings: Sequence[Cell], laid: _Laid
    ) -> None:
        self.head, self.pieces, self.strings = head, pieces, strings
        self.size = len(pieces) + sum(map(len, (*pieces, *(each.text for each in strings)))) // _CELL
        self._at, self._read, self._laid = at, read, laid
        self._addresses = [address + b'"' for address in _parted(pieces)[0]]
        self._sheet = RawSheet("", False, laid.rows)
        # a cell of a row in which nothing stands has no place among the rows
        self._bare = [row not in laid.rows for row, _ in at]
        shared = sorted((each.content, number) for number, each in enumerate(read) if isinstance(each.content, int))
        self._numbers, self._pointing = [content for content, _ in shared], [number for _, number in shared]

    @property
    def is_sound(self) -> bool:
        """Whether every cell, filled or not, has a place of its own: what is empty here is filled in another sheet."""
        filled = [each if each.content is not None else each._replace(content=_FILLED) for each in self._read]
        return _rows(self._at, filled, self.strings) is not None

    def differing(self, pieces: list[bytes], common: int) -> list[bool] | None:
        """Which of the pieces are not this form's, or point to another string than the first `common`; None where
        most are."""
        found = list(map(ne, pieces, self.pieces))
        for number in self._pointing[bisect_left(self._numbers, common) :]:
            found[number] = True
        return found if 2 * sum(found) <= len(found) else None

    def changed(self, which: list[bool], pieces: list[bytes], known: Pieces, strings: Sequence[Cell]) -> _Laid | None:
        """A worksheet that differs in these pieces; None where more than what stands in the cells does."""
        texts, addresses = list(compress(pieces, which)), list(compress(self._addresses, which))
        if not all(map(bytes.startswith, texts, addresses)) or any(compress(self._bare, which)):
            return None
        read, was = all_known(known, list(map(bytes.removeprefix, texts, addresses))), list(compress(self._read, which))
        if read is None or [piece.behind for piece in read] != [piece.behind for piece in was]:
            return None
        try:
            contents = [strings[content] if type(content) is int else content for content, _ in read]
        except IndexError:
            return None
        changes = dict(zip(compress(self._at, which), cast(list[Cell | None], contents), strict=True))
        if self._empties(changes):
            return None
        more = [piece.content for piece in was].count(None) - contents.count(None)
        return self._laid._replace(cells=self._laid.cells + more, like=self._sheet, changes=changes)

    def _empties(self, changes: Mapping[At, Cell | None]) -> bool:
        """Whether a row might lose its last cell."""
        lost = [row for (row, _), cell in changes.items() if cell is None]
        return any(number >= len(self._laid.rows[row]) for row, number in Counter(lost).items())


_forms_of = lru_cache(8)(_Forms)


def _parted(pieces: list[bytes]) -> tuple[list[bytes], list[bytes]]:
    """The address of each piece, and what follows it."""
    parts = [piece.partition(b'"') for piece in pieces]
    return [address for address, _, _ in parts], [rest for _, _, rest in parts]


def _rows(at: list[At], read: list[Piece], strings: Sequence[Cell]) -> Rows | None:
    """The rows of a worksheet; None where its cells say different ones, or one stands twice."""
    rows: Rows = {}
    line, number, inside = Row(), 0, True
    for (row, column), (content, behind) in zip(at, read, strict=True):
        if content is not None:
            if not inside or column in line or (line and row != number):
                return None
            number = row
            line[column] = strings[content] if isinstance(content, int) else content
        if behind is not None:
            inside = behind.opens
            if line:
                if number in rows:
                    return None
                rows[number], line = line, Row()
    return None if read and inside else rows


class _Broken(Sequence[Cell]):
    """Shared strings, and beyond their end cells that point to none."""

    def __init__(self, strings: Sequence[Cell]) -> None:
        self._strings = strings

    def __len__(self) -> int:
        return len(self._strings)

    def __getitem__(self, number: int) -> Cell:  # type: ignore[override]
        return self._strings[number] if number < len(self._strings) else Cell(CellKind.BROKEN, str(number))
