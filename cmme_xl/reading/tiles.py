"""Parts of a workbook in the plain form that well-behaved programs write, cut into pieces.

A worksheet is cut at its cells, the shared strings one from the other; each piece must match a regular expression that
knows only the forms that Excel, LibreOffice, openpyxl and XlsxWriter write. So either every character is understood, or
the part is not plain and nothing of it is used. What stands around the pieces goes through expat, which must meet the
opening tag at the very place where the part was cut.

The files of one form have most pieces in common: what a piece comes to is remembered from file to file.
"""

import re
from collections import deque
from collections.abc import Callable
from functools import lru_cache
from itertools import compress, count
from operator import ne
from typing import NamedTuple, TypeVar, cast

from cmme_xl.reading.container import Refused
from cmme_xl.reading.grid import At, Cell, CellKind, decoded
from cmme_xl.reading.styles import Styles
from cmme_xl.reading.xml import local_name, new_parser, parse

# Beyond it the streaming reader is the thriftier one.
MAX_PLAIN = 2 * 2**20
# What stands around the pieces is remembered up to this length, and pieces up to this one
RECURRING = 2**16
RECURRING_PIECE = 1_500
# and so many bytes of them, of one form, each counting for some more than it has
MOST_OF_PIECES = 2**22
MOST_OF_STRINGS = 2**21
_OBJECT = 64
LONGEST_ADDRESS = len("XFD1048576")
# No well-behaved program writes a longer one: what is may pass a cap, which is for the streaming reader to judge.
LONGEST_PIECE = 50_000

# What may be missing is written (?:x|), which the engine takes in half the time of (?:x)?.
_TEXT = r"[^<\r]*+"
_END = "(?: |)/>"
_T = '<t(?: xml:space="preserve"|)'
_STYLE = '(?: s="([0-9]++)"|)'
_KIND = f'{_STYLE}(?: t="([A-Za-z]++)"|)'
_METADATA = '(?: cm="[0-9]++"|)(?: vm="[0-9]++"|)'
_ABOUT_FORMULA = "".join(f'(?: {name}="[A-Za-z0-9:$]++"|)' for name in ("aca", "t", "ref", "ca", "si"))
_FORMULA = f"(?:(<f){_ABOUT_FORMULA}(?:{_END}|>({_TEXT})</f>)|)"
_VALUE = f"(?:<v>({_TEXT})</v>|<v{_END}|<is>{_T}>({_TEXT})</t></is>|)"
_ATTRIBUTES = r'(?: (?:[a-wyz][A-Za-z]*+|x14ac:dyDescent)="[^"<>&\r\n]*+")*+'
_PHONETIC = f'(?:<phoneticPr fontId="[0-9]++"(?: type="[A-Za-z]++"|)(?: alignment="[A-Za-z]++"|){_END}|)'
_FONT = f"<rPr>(?:<[A-Za-z]++{_ATTRIBUTES}{_END})*+</rPr>"
_RUN = f"<r>(?:{_FONT}|){_T}>{_TEXT}</t></r>"

# behind "<c r=": the address; what follows it, up to the next cell or the end of the row, or its beginning; what stands
# before a row's first cell; and what stands behind "<si>"
_ADDRESS = re.compile(b"([A-Z]{1,3})([1-9][0-9]{0,6})")
_CELL = re.compile(f"{_KIND}{_METADATA}(?:{_END}|>{_FORMULA}{_VALUE}</c>)")
_STYLED = re.compile(_STYLE)
_TAGS = re.compile(f"(?:<row{_ATTRIBUTES}(?:></row>|{_END}))*+(<row{_ATTRIBUTES}>|)")
_STRING = re.compile(f"(?:{_T}>({_TEXT})</t>|{_T}{_END}|((?:{_RUN})++)){_PHONETIC}</si>")
_FONTS = re.compile(_FONT)
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|]]>")
_RUNS = re.compile(f"{_T}>({_TEXT})")
_QUOTED = re.compile('"[^"]*"')

_NAMED = {"&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'"}
_REFERENCE = re.compile("&[^;]*;?")
_NUMBERED = re.compile("&#([0-9]{1,7});")
_MEANINGFUL = frozenset(("sheetData", "c", "v", "f", "t", "si", "rPh"))
_UTF8 = re.compile(
    rb"""(?:\xef\xbb\xbf)?<(?:(?!\?xml)|"""
    rb"""\?xml version=["']1\.0["'](?: encoding=["']utf-8["'])?(?: standalone=["'](?:yes|no)["'])? ?\?>)""",
    re.IGNORECASE,
)


class NotPlain(Exception):
    """A text cannot be understood here: the whole part is for the streaming reader."""


T = TypeVar("T")
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
            self._left -= len(raw) + _OBJECT
            self[raw] = piece
        return piece


def tags(text: str) -> Tags | None:
    """What stands between two cells, None where it is not plain."""
    return (_tags_once if len(text) <= RECURRING_PIECE else _tags)(text)


def _tags(text: str) -> Tags | None:
    found = _TAGS.fullmatch(text) if _sound(text) else None
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


def as_text(raw: bytes) -> str | None:
    """The text of a piece, None where it is not UTF-8. Pieces are compared as they are: most need not be read."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return None


def all_known(known: dict[bytes, T | None], pieces: list[bytes]) -> list[T] | None:
    """What all the pieces come to, None where one is not plain."""
    found = list(map(known.__getitem__, pieces))
    return None if None in found else cast(list[T], found)


def _piece(text: str, styles: Styles) -> Piece | None:
    cell, closed, rest = text.partition("</row>")
    behind = tags(rest) if closed else None
    if closed and behind is None:
        return None
    simple, number = _simple(cell)
    if simple:
        return Piece(number, behind)
    found = _CELL.fullmatch(cell) if _sound(cell) else None
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


def strings(data: bytes) -> list[Cell] | None:
    """The shared strings of the part `data` as ready cells, phonetic runs left out; None where it is not plain."""
    first, last = data.find(b"<si>"), data.rfind(b"</si>") + len("</si>")
    head, *pieces = body(data, first, last).split(b"<si>")
    plain = _listed(pieces)
    if head or not plain:
        return None
    return None if around(data[:first], b"<si/>", data[last:], local_name) is None else plain


def _listed(pieces: list[bytes]) -> list[Cell] | None:
    """The strings that these pieces are; the first ones are mostly those of a table that was read before."""
    common, known = 0, list[Cell]()
    for others, cells in _TABLES:
        alike = next(compress(count(), map(ne, pieces, others)), min(len(pieces), len(others)))
        if alike > common:
            common, known = alike, cells
    rest = all_known(_STRINGS, pieces[common:])
    if rest is None:
        return None
    if len(rest) > common and sum(map(len, pieces)) + _OBJECT * len(pieces) <= MOST_OF_STRINGS:
        _TABLES.append((pieces, [*known[:common], *rest]))
    return [*known[:common], *rest]


class _Strings(dict[bytes, Cell | None]):
    """What shared strings come to, by what stands behind their "<si>": None where one is not plain."""

    def __init__(self) -> None:
        super().__init__()
        self._left = MOST_OF_STRINGS

    def __missing__(self, raw: bytes) -> Cell | None:
        text = as_text(raw)
        cell = None if text is None else _string(text)
        if self._left > 0 and len(raw) <= RECURRING_PIECE:
            self._left -= len(raw) + _OBJECT
            self[raw] = cell
        return cell


_STRINGS = _Strings()
_TABLES: deque[tuple[list[bytes], list[Cell]]] = deque(maxlen=4)
"""The tables of shared strings that were like none before, and what they came to."""


def _string(piece: str) -> Cell | None:
    found = _STRING.fullmatch(piece) if _sound(piece) else None
    if found is None:
        return None
    plain, runs = found.groups("")
    fonts = "".join(_FONTS.findall(runs)).encode()
    if fonts and around(b"", b"<si>" + fonts + b"</si>", b"", local_name) is None:
        return None
    try:
        text = text_of(plain) if plain else "".join(map(text_of, _RUNS.findall(runs)))
    except NotPlain:
        return None
    return Cell(CellKind.TEXT, decoded(text))


def _sound(piece: str) -> bool:
    """Whether a piece is no longer than any that a well-behaved program writes and holds nothing that XML forbids."""
    return len(piece) <= LONGEST_PIECE and (
        (piece.isprintable() and "]]>" not in piece) or _FORBIDDEN.search(piece) is None
    )


def text_of(raw: str) -> str:
    """A text as it stands in a file with its references resolved. Raises NotPlain where one is not to be resolved."""
    return _REFERENCE.sub(lambda match: _character(match[0]), raw) if "&" in raw else raw


@lru_cache(4_096)
def _character(reference: str) -> str:
    number = _NUMBERED.fullmatch(reference)
    code = int(number[1]) if number is not None else -1
    if code in (9, 10, 13) or 32 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0xFFFF < code <= 0x10FFFF:
        return chr(code)
    if reference in _NAMED:
        return _NAMED[reference]
    raise NotPlain


def body(data: bytes, first: int, last: int) -> bytes:
    """What stands in `data` from `first` to `last`, b"" where it says to be no UTF-8 or has what no plain part has."""
    if not 0 <= first < last <= first + MAX_PLAIN or _UTF8.match(data) is None:
        return b""
    return data[first:last]


def around(
    head: bytes, inside: bytes, tail: bytes, known: Callable[[str], str | None]
) -> tuple[str, ...] | None:
    """The merged ranges in what stands around the pieces; None where it is not well-formed, expat does not meet
    the first tag of `inside` there, or there are cells or texts besides the pieces. `known` shortens names."""
    short = len(head) + len(inside) + len(tail) <= RECURRING
    return (_parsed_once if short else _parsed)(head, inside, tail, known)


def _parsed(
    head: bytes, inside: bytes, tail: bytes, known: Callable[[str], str | None]
) -> tuple[str, ...] | None:
    opening = inside[1:].partition(b">")[0].rstrip(b"/").decode()
    parser = new_parser()
    met: list[str | None] = []
    merges: list[str] = []

    def start(name: str, attrs: dict[str, str]) -> None:
        tag = known(name)
        if tag == "mergeCell":
            merges.append(attrs.get("ref", ""))
        elif tag == opening and parser.CurrentByteIndex == len(head):
            met.append(tag)
        elif tag in _MEANINGFUL:
            met.append(None)

    try:
        parse(head + inside + tail, start, None, None, parser)
    except Refused:
        return None
    return tuple(merges) if met == [opening] else None


_parsed_once = lru_cache(64)(_parsed)
