"""Parts of a workbook in the plain form that well-behaved programs write, read at one stroke.

A worksheet is cut into its rows, a row into its cells, and the shared strings one from the other; each piece must
match a regular expression that knows only the forms that Excel, LibreOffice, openpyxl and XlsxWriter write. So either
every character is understood, or the part is not plain and nothing of it is used. What stands around the pieces goes
through expat, which must meet the opening tag at the very place where the part was cut.

The files of one form have most pieces in common: what a piece comes to is remembered from file to file.
"""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple, cast

from cmme_xl.reading.container import Refused
from cmme_xl.reading.grid import Cell, CellKind, Row, decoded
from cmme_xl.reading.styles import Styles
from cmme_xl.reading.xml import SHEET_TAGS, local_name, new_parser, parse

# Beyond it the streaming reader is the thriftier one.
MAX_PLAIN = 2 * 2**20
# What stands around the pieces is remembered up to this length, rows, and cells and strings, up to these.
RECURRING = 2**16
RECURRING_LINE = 4_000
RECURRING_PIECE = 1_500
# and so many of each, of one form
MOST_LINES = 8_192
MOST_PIECES = 32_768
MOST_STRINGS = 16_384
# No well-behaved program writes a longer one: what is may pass a cap, which is for the streaming reader to judge.
LONGEST_PIECE = 50_000

# What may be missing is written (?:x|), which the engine takes in half the time of (?:x)?.
_TEXT = r"[^<\r]*+"
_END = "(?: |)/>"
_T = '<t(?: xml:space="preserve"|)'
_CELL = 'r="([A-Z]{1,3})([1-9][0-9]{0,6})"(?: s="([0-9]++)"|)(?: t="([A-Za-z]++)"|)'
_METADATA = '(?: cm="[0-9]++"|)(?: vm="[0-9]++"|)'
_ABOUT_FORMULA = "".join(f'(?: {name}="[A-Za-z0-9:$]++"|)' for name in ("aca", "t", "ref", "ca", "si"))
_FORMULA = f"(?:(<f){_ABOUT_FORMULA}(?:{_END}|>({_TEXT})</f>)|)"
_VALUE = f"(?:<v>({_TEXT})</v>|<v{_END}|<is>{_T}>({_TEXT})</t></is>|)"
_ATTRIBUTES = r'(?: (?:[a-wyz][A-Za-z]*+|x14ac:dyDescent)="[^"<>&\r\n]*+")*+'
_PHONETIC = f'(?:<phoneticPr fontId="[0-9]++"(?: type="[A-Za-z]++"|)(?: alignment="[A-Za-z]++"|){_END}|)'
_FONT = f"<rPr>(?:<[A-Za-z]++{_ATTRIBUTES}{_END})*+</rPr>"
_RUN = f"<r>(?:{_FONT}|){_T}>{_TEXT}</t></r>"

# what stands behind "<c ", "<row" and "<si>", up to the next; the last, shorter by its closing tag
_PIECE = re.compile(f"{_CELL}{_METADATA}(?:{_END}|>{_FORMULA}{_VALUE}</c>)")
_OPENING = re.compile(f"({_ATTRIBUTES})>")
_BARE_ROW = re.compile(f"({_ATTRIBUTES})(?:></row>|{_END})")
_STRING = re.compile(f"(?:{_T}>({_TEXT})</t>|{_T}{_END}|((?:{_RUN})++)){_PHONETIC}</si>")
_FONTS = re.compile(_FONT)
_RUNS = re.compile(f"{_T}>({_TEXT})")
_QUOTED = re.compile('"[^"]*"')

_NAMED = {"&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'"}
_REFERENCE = re.compile("&[^;]*;?")
_NUMBERED = re.compile("&#([0-9]{1,7});")
_CONTROLS = bytes(code for code in range(32) if code not in (9, 10, 13))
_MEANINGFUL = frozenset(("sheetData", "c", "v", "f", "t", "si", "rPh"))
_UTF8 = re.compile(
    rb"""(?:\xef\xbb\xbf)?<(?:(?!\?xml)|"""
    rb"""\?xml version=["']1\.0["'](?: encoding=["']utf-8["'])?(?: standalone=["'](?:yes|no)["'])? ?\?>)""",
    re.IGNORECASE,
)

class NotPlain(Exception):
    """A text cannot be understood here: the whole part is for the streaming reader."""


Content = Cell | int
"""A cell, or the number of the shared string in it."""
Piece = tuple[int, int, Content]
"""Row and column (from 1) of a cell and what stands there."""
EMPTY = (0, 0, -1)
"""A cell in which nothing stands."""


class Line:
    """A row of a worksheet: what stands in it but for the shared strings.

    `row` is its number, 0 where its cells say different ones or one stands twice; `filled` and `elements` are how many
    cells hold something, and how many there are, the row itself included; `attributes` are the row's, without their
    values.
    """

    __slots__ = ("_cells", "_contents", "_pick", "_picked", "_top", "attributes", "elements", "filled", "row")

    def __init__(self, filled: Sequence[Piece], elements: int, attributes: str) -> None:
        self._contents = {column: content for _, column, content in filled}
        self.filled = len(filled)
        self.row = filled[0][0] if len(self._contents) == len({row for row, _, _ in filled}) * self.filled > 0 else 0
        self.elements = elements
        self.attributes = attributes
        shared = [content for content in self._contents.values() if type(content) is int]
        self._pick = itemgetter(*shared) if shared else None
        self._top = max(shared) if shared else -1
        self._picked: object = None
        self._cells = Row() if shared else Row(cast(dict[int, Cell], self._contents))

    def cells(self, strings: Sequence[Cell]) -> Row:
        """Column -> cell; as long as it finds the same strings there, the same object, not to be changed."""
        if self._pick is None:
            return self._cells
        if self._top >= len(strings):
            strings = _Broken(strings)
        picked = self._pick(strings)
        if picked != self._picked:
            self._picked = picked
            self._cells = Row(
                [
                    (column, strings[each] if isinstance(each, int) else each)
                    for column, each in self._contents.items()
                ]
            )
        return self._cells


class Lines(NamedTuple):
    """The rows of a worksheet and its merged ranges."""

    lines: list[Line]
    merges: tuple[str, ...]


def lines(data: bytes, styles: Styles, once: bool = False) -> Lines | None:
    """The rows of the worksheet part `data`, None where it is not plain. `once`: it is like no other."""
    first, last = data.find(b"<sheetData>"), data.find(b"</sheetData>")
    body = _plain(data, first, last)
    if not body or "\r" in body:
        return None
    head, *rows = body[len("<sheetData>") :].split("<row")
    known = _Rows(styles) if once else _rows_of(styles)
    found = list(map(known.__getitem__, rows))
    plain = [line for line in found if line is not None]
    if head or len(plain) < len(found):
        return None
    kinds = dict.fromkeys([line.attributes for line in plain])
    inside = "<sheetData>" + "".join(f"<row{attributes}/>" for attributes in kinds)
    merges = _around(data[:first], inside.encode(), data[last:], SHEET_TAGS.get)
    return None if merges is None else Lines(plain, merges)


class _Rows(dict[str, Line | None]):
    """What rows come to, by what stands behind their "<row": None where one is not plain. Most come again."""

    def __init__(self, styles: Styles) -> None:
        super().__init__()
        self._pieces = _Pieces(styles)

    def __missing__(self, row: str) -> Line | None:
        line = self._line(row)
        if len(self) < MOST_LINES and len(row) <= RECURRING_LINE:
            self[row] = line
        return line

    def _line(self, row: str) -> Line | None:
        opening, *pieces = row.split("<c ")
        attributes = _attributes(opening, bool(pieces))
        if attributes is None:
            return None
        if pieces:
            if not pieces[-1].endswith("</row>"):
                return None
            pieces[-1] = pieces[-1][: -len("</row>")]
        read = [piece for piece in map(self._pieces.__getitem__, pieces) if piece is not None]
        if len(read) < len(pieces):
            return None
        return Line([piece for piece in read if piece is not EMPTY], 1 + len(pieces), attributes)


class _Pieces(dict[str, Piece | None]):
    """What cells come to, by what stands behind their "<c ": None where one is not plain. Nearly all come again."""

    def __init__(self, styles: Styles) -> None:
        super().__init__()
        self._styles = styles

    def __missing__(self, piece: str) -> Piece | None:
        read = _piece(piece, self._styles)
        if len(self) < MOST_PIECES and len(piece) <= RECURRING_PIECE:
            self[piece] = read
        return read


_rows_of = lru_cache(8)(_Rows)


@lru_cache(4_096)
def _attributes(opening: str, filled: bool) -> str | None:
    """A row's attributes without their values, of which expat looks at one of each kind; None where it is not plain."""
    found = (_OPENING if filled else _BARE_ROW).fullmatch(opening)
    return None if found is None else _QUOTED.sub('""', found[1])


def _piece(piece: str, styles: Styles) -> Piece | None:
    found = _PIECE.fullmatch(piece) if len(piece) <= LONGEST_PIECE else None
    if found is None:
        return None
    letters, row, style, kind, opened, formula, value, inline = found.groups("")
    try:
        text, typed = text_of(value or inline), f"={text_of(formula)}" if opened else ""
    except NotPlain:
        return None
    content: Content
    if not text and not opened:
        return EMPTY
    if kind == "s":
        content = int(text) if text.isascii() and text.isdigit() and len(text) < 8 else -1
        if opened or str(content) != text:
            return None
    elif kind in ("", "n") and text and style in styles.special:
        content = styles.cell(style, text, decoded(typed))
    else:
        content = Cell.of(kind or "n", text, typed)
    return int(row), column_number(letters), content


class _Broken(Sequence[Cell]):
    """Shared strings, and beyond their end cells that point to none."""

    def __init__(self, strings: Sequence[Cell]) -> None:
        self._strings = strings

    def __len__(self) -> int:
        return len(self._strings)

    def __getitem__(self, number: int) -> Cell:  # type: ignore[override]
        return self._strings[number] if number < len(self._strings) else Cell(CellKind.BROKEN, str(number))


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
    head, *pieces = _plain(data, first, last).split("<si>")
    found = list(map(_STRINGS.__getitem__, pieces))
    plain = [cell for cell in found if cell is not None]
    if head or not plain or len(plain) < len(found):
        return None
    return None if _around(data[:first], b"<si/>", data[last:], local_name) is None else plain


class _Strings(dict[str, Cell | None]):
    """What shared strings come to, by what stands behind their "<si>": None where one is not plain."""

    def __missing__(self, piece: str) -> Cell | None:
        cell = _string(piece)
        if len(self) < MOST_STRINGS and len(piece) <= RECURRING_PIECE:
            self[piece] = cell
        return cell


_STRINGS = _Strings()


def _string(piece: str) -> Cell | None:
    found = _STRING.fullmatch(piece) if len(piece) <= LONGEST_PIECE else None
    if found is None:
        return None
    plain, runs = found.groups("")
    fonts = "".join(_FONTS.findall(runs)).encode()
    if fonts and _around(b"", b"<si>" + fonts + b"</si>", b"", local_name) is None:
        return None
    try:
        text = text_of(plain) if plain else "".join(map(text_of, _RUNS.findall(runs)))
    except NotPlain:
        return None
    return Cell(CellKind.TEXT, decoded(text))


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


def _plain(data: bytes, first: int, last: int) -> str:
    """What stands in `data` from `first` to `last`, "" where it is not UTF-8 or has what no plain part has."""
    body = data[first:last]
    if not 0 <= first < last <= first + MAX_PLAIN or _UTF8.match(data) is None:
        return ""
    if len(body.translate(None, _CONTROLS)) != len(body) or b"]]>" in body:
        return ""
    try:
        plain = body.decode()
    except UnicodeDecodeError:
        return ""
    return "" if "\ufffe" in plain or "\uffff" in plain else plain


def _around(
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
