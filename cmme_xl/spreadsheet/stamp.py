"""Render once, stamp per copy: workbooks that differ in a few cells share everything else, already compressed.

The parts that do not differ are kept as one zip archive. Of the few that do, the stretches between the texts are
deflated once; a copy is put together from them, its own texts in stored blocks between, and a new directory.
So no copy costs a compression. A stamped file says the same, cell by cell, as one drawn in full; only where a
text is stored differs (in the cell instead of the table of shared strings).
"""

import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from struct import Struct
from zipfile import ZipFile

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from zlib_ng import zlib_ng

from cmme_xl.spreadsheet.archive import Archive, Member
from cmme_xl.spreadsheet.celltext import stored, too_long, writable
from cmme_xl.spreadsheet.sheet import Sheet

PROPERTIES = "docProps/custom.xml"
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ufffe\uffff]")
_OPEN, _CLOSE = b' t="inlineStr"><is><t xml:space="preserve">', b"</t></is></c>"
_BLANK = b"/>"

# of the deflate format (RFC 1951): a stored block of so many bytes at most, and an empty last block
_STORED, _LONGEST_STORED, _LAST = Struct("<BHH"), 0xFFFF, b"\x03\x00"


class Slots:
    """Cells whose text differs from copy to copy: written where `texts` are given, else left blank and remembered."""

    def __init__(self, texts: Mapping[str, str] | None = None) -> None:
        self.texts = texts
        self.cells: dict[str, dict[str, str]] = {}

    def put(
        self, sheet: Sheet, row: int, column: int, key: str, style: Format, to: tuple[int, int] | None = None
    ) -> None:
        """The cell of the text `key`; `to` merges down to that (row, column)."""
        self.cells.setdefault(sheet.part, {})[xl_rowcol_to_cell(row, column)] = key
        if self.texts is None:
            sheet.blank(row, column, style, to)
        else:
            sheet.text(row, column, self.texts[key], style, to)

    def property(self, key: str) -> str:
        """The value of a document property that holds the text `key`: its mark where there are no texts yet."""
        return mark(key) if self.texts is None else self.texts[key]


@dataclass(frozen=True, slots=True)
class _Fixed:
    """A stretch of a part that all copies share, plain and deflated."""

    plain: bytes
    deflated: bytes

    @classmethod
    def of(cls, plain: bytes) -> "_Fixed":
        squeeze = zlib_ng.compressobj(9, zlib_ng.DEFLATED, -zlib_ng.MAX_WBITS)
        # a full flush ends on a whole byte and lets what follows refer to nothing before it
        return cls(plain, squeeze.compress(plain) + squeeze.flush(zlib_ng.Z_FULL_FLUSH))


@dataclass(frozen=True, slots=True)
class _Slot:
    """Where a text goes; in a cell its tags go with it, and without a text the cell closes as a blank one."""

    key: str
    cell: bool


_Piece = _Fixed | _Slot


class Stamp:
    """A template ready to be filled in, once per copy.

    `cells`: part -> cell -> key, as `Slots` gathered them; `properties`: keys of document properties whose
    value is `mark(key)`. Raises ValueError where a part, cell or mark is not found exactly once in the template.
    """

    def __init__(self, template: bytes, cells: Mapping[str, Mapping[str, str]], properties: Iterable[str] = ()) -> None:
        marks = {mark(key): key for key in properties}
        self._parts: dict[str, tuple[_Piece, ...]] = {}
        with ZipFile(io.BytesIO(template)) as source:
            for name in source.namelist():
                if name in cells:
                    self._parts[name] = _cell_pieces(source.read(name).decode(), cells[name])
                elif name == PROPERTIES and marks:
                    self._parts[name] = _mark_pieces(source.read(name).decode(), marks)
        if missing := {*cells, *([PROPERTIES] if marks else [])} - self._parts.keys():
            raise ValueError(f"not in the template: {', '.join(sorted(missing))}")
        self._shared = Archive.of(template, without=self._parts)

    def __call__(self, texts: Mapping[str, str]) -> bytes:
        """The file with `texts` filled in.

        Raises KeyError for a missing text, ValueError for one with control characters or too long for a cell.
        """
        encoded = {key: _encoded(key, text) for key, text in texts.items()}
        return self._shared.extended((name, _filled(pieces, encoded)) for name, pieces in self._parts.items()).bytes()


def mark(key: str) -> str:
    """What stands in a template where the text `key` will go."""
    return f"@@{key}@@"


def _cell_pieces(xml: str, cells: Mapping[str, str]) -> tuple[_Piece, ...]:
    """The part, cut open at its blank cells."""
    blanks = [match for match in re.finditer(r'<c r="([A-Z]+[0-9]+)"(?: s="[0-9]+")?(/>)', xml) if match[1] in cells]
    _all_once([match[1] for match in blanks], cells)
    return _cut(xml, [(*match.span(2), _Slot(cells[match[1]], True)) for match in blanks])


def _mark_pieces(xml: str, marks: Mapping[str, str]) -> tuple[_Piece, ...]:
    """The part, cut open at its marks."""
    found = list(re.finditer("|".join(map(re.escape, marks)), xml))
    _all_once([match[0] for match in found], marks)
    return _cut(xml, [(*match.span(), _Slot(marks[match[0]], False)) for match in found])


def _cut(xml: str, slots: Iterable[tuple[int, int, _Slot]]) -> tuple[_Piece, ...]:
    pieces: list[_Piece] = []
    position = 0
    for start, end, slot in slots:
        pieces += [_Fixed.of(xml[position:start].encode()), slot]
        position = end
    return (*pieces, _Fixed.of(xml[position:].encode()))


def _all_once(found: list[str], wanted: Mapping[str, str]) -> None:
    if sorted(found) != sorted(wanted):
        raise ValueError(f"wanted once each: {sorted(wanted)}; found: {sorted(found)}")


def _filled(pieces: tuple[_Piece, ...], texts: Mapping[str, bytes]) -> Member:
    """A part with its texts."""
    plain, deflated = [], []
    for piece in pieces:
        if isinstance(piece, _Fixed):
            plain.append(piece.plain)
            deflated.append(piece.deflated)
            continue
        text = texts[piece.key]
        if piece.cell:
            text = _OPEN + text + _CLOSE if text else _BLANK
        plain.append(text)
        deflated += _stored(text)
    whole = b"".join(plain)
    return Member(b"".join([*deflated, _LAST]), zlib_ng.crc32(whole), len(whole))


def _stored(text: bytes) -> list[bytes]:
    chunks = [text[start : start + _LONGEST_STORED] for start in range(0, len(text), _LONGEST_STORED)]
    return [_STORED.pack(0, len(chunk), len(chunk) ^ 0xFFFF) + chunk for chunk in chunks]


def _encoded(key: str, text: str) -> bytes:
    text = writable(text)
    if _CONTROL.search(text):
        raise ValueError(f"control character in {key}: {text!r}")
    if too_long(text):
        raise ValueError(f"{key} has {len(text)} characters, too many for a cell")
    return stored(text).encode()
