"""The cells of a plain worksheet, cut one from the other: where each stands and what is in it."""

import re
from functools import lru_cache
from typing import NamedTuple

from cmme_xl.reading.grid import At, Cell, decoded
from cmme_xl.reading.pieces import (
    ATTRIBUTES,
    END,
    OBJECT,
    RECURRING_PIECE,
    T_TAG,
    TEXT,
    NotPlain,
    as_text,
    sound,
    text_of,
)
from cmme_xl.reading.styles import Styles

MOST_OF_PIECES = 2**22
"""So many bytes of cells are remembered, of one form."""
LONGEST_ADDRESS = len("XFD1048576")

_STYLE = '(?: s="([0-9]++)"|)'
_KIND = f'{_STYLE}(?: t="([A-Za-z]++)"|)'
_METADATA = '(?: cm="[0-9]++"|)(?: vm="[0-9]++"|)'
_ABOUT_FORMULA = "".join(f'(?: {name}="[A-Za-z0-9:$]++"|)' for name in ("aca", "t", "ref", "ca", "si"))
_FORMULA = f"(?:(<f){_ABOUT_FORMULA}(?:{END}|>({TEXT})</f>)|)"
_VALUE = f"(?:<v>({TEXT})</v>|<v{END}|<is>{T_TAG}>({TEXT})</t></is>|)"

# behind "<c r=": the address; what follows it, up to the next cell or the end of the row, or its beginning; and what
# stands before a row's first cell
_ADDRESS = re.compile(b"([A-Z]{1,3})([1-9][0-9]{0,6})")
_CELL = re.compile(f"{_KIND}{_METADATA}(?:{END}|>{_FORMULA}{_VALUE}</c>)")
_STYLED = re.compile(_STYLE)
_TAGS = re.compile(f"(?:<row{ATTRIBUTES}(?:></row>|{END}))*+(<row{ATTRIBUTES}>|)")
_QUOTED = re.compile('"[^"]*"')

Content = Cell | int | None
"""A cell, or the number of the shared string in it; None where nothing stands."""


class Tags(NamedTuple):
    """The tags of rows between two cells: whether a row is left open, and the attributes of each without values."""

    opens: bool
    attributes: tuple[str, ...]


class Piece(NamedTuple):
    """What stands in a cell, and the tags behind it where it is its row's last."""

    content: Content
    behind: Tags | None


class Pieces(dict[bytes, Piece | None]):
    """What cells come to, by what follows their address: None where one is not plain. Nearly all come again."""

    def __init__(self, styles: Styles) -> None:
        super().__init__()
        self._styles = styles
        self._left = MOST_OF_PIECES

    def __missing__(self, raw: bytes) -> Piece | None:
        text = as_text(raw)
        piece = None if text is None else _piece(text, self._styles)
        if self._left > 0 and len(raw) <= RECURRING_PIECE:
            self._left -= len(raw) + OBJECT
            self[raw] = piece
        return piece


def tags(text: str) -> Tags | None:
    """What stands between two cells, None where it is not plain."""
    return (_tags_once if len(text) <= RECURRING_PIECE else _tags)(text)


def _tags(text: str) -> Tags | None:
    found = _TAGS.fullmatch(text) if sound(text) else None
    if found is None:
        return None
    opening = (tag.partition(">")[0].rstrip("/ ") for tag in text.split("<row")[1:])
    return Tags(bool(found[1]), tuple(_QUOTED.sub('""', attributes) for attributes in opening))


_tags_once = lru_cache(8_192)(_tags)


def cells(body: bytes) -> tuple[bytes, list[bytes]]:
    """What stands before the first cell of a worksheet, and each cell from its address on: up to the next."""
    head, *pieces = body.split(b'<c r="')
    return head, pieces


@lru_cache(16_384)
def place(address: bytes) -> At | None:
    """Row and column of a cell (from 1), None where it is no plain address; of at most `LONGEST_ADDRESS`."""
    found = _ADDRESS.fullmatch(address)
    return None if found is None else (int(found[2]), column_number(found[1].decode()))


def _piece(text: str, styles: Styles) -> Piece | None:
    cell, closed, rest = text.partition("</row>")
    behind = tags(rest) if closed else None
    if closed and behind is None:
        return None
    simple, number = _simple(cell)
    if simple:
        return Piece(number, behind)
    found = _CELL.fullmatch(cell) if sound(cell) else None
    if found is None:
        return None
    style, kind, opened, formula, value, inline = found.groups("")
    try:
        read, typed = text_of(value or inline), f"={text_of(formula)}" if opened else ""
    except NotPlain:
        return None
    content: Content
    if not read and not opened:
        content = None
    elif kind == "s":
        content = _number(read)
        if opened or content is None:
            return None
    elif kind in ("", "n") and read and style in styles.special:
        content = styles.cell(style, read, decoded(typed))
    else:
        content = Cell.of(kind or "n", read, typed)
    return Piece(content, behind)


def _simple(cell: str) -> tuple[bool, int | None]:
    """Whether nothing stands in a cell or a shared string and no more, and the string's number: the one there is most
    of, the other differs most from file to file."""
    if len(cell) > RECURRING_PIECE:
        return False, None
    if cell.endswith("/>"):
        return _styled(cell[:-2].removesuffix(" ")), None
    before, _, behind = cell.partition(' t="s"><v>')
    number = _number(behind.removesuffix("</v></c>")) if behind.endswith("</v></c>") else None
    return number is not None and _styled(before), number


@lru_cache(1_024)
def _styled(before: str) -> bool:
    """Whether what stands before the type of a cell is its style or nothing."""
    return _STYLED.fullmatch(before) is not None


def _number(text: str) -> int | None:
    """The number of a shared string, None where it is none in plain writing."""
    plain = text.isascii() and text.isdigit() and len(text) < 8 and (text[0] != "0" or text == "0")
    return int(text) if plain else None


@lru_cache(1_024)
def column_number(letters: str) -> int:
    """The number of a column, from 1."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
