"""Parts of a workbook in the plain form that well-behaved programs write, read at one stroke.

A regular expression reads what stands between two values of cells, or all shared strings. It knows only the
forms that Excel, LibreOffice, openpyxl and XlsxWriter write, and its last alternative takes all the rest: so
either the tiles cover every character, or the part is not plain and nothing of it is used. What stands around
them goes through expat, which must meet the opening tag at the very place where the part was cut.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

from cmme_xl.reading.container import Refused
from cmme_xl.reading.xml import SHEET_TAGS, local_name, new_parser, parse

# Beyond it the streaming reader is the thriftier one.
MAX_PLAIN = 2 * 2**20
# What stands around the cells is the same in file after file of a form; up to this length it is remembered.
RECURRING = 2**16
RECURRING_GAP = 8_000
# They make of what stands before the first value and behind the last a gap like all others.
_BEFORE, _BEHIND = "</c></row>", '<row><c r="A1">'

# What may be missing is written (?:x|), which the engine takes in half the time of (?:x)?.
_TEXT = r"[^<\r]*+"
_END = "(?: |)/>"
_T = '<t(?: xml:space="preserve"|)'
_CELL = '<c r="{0}[A-Z]{{1,3}}){0}[1-9][0-9]{{0,6}})"(?: s="{0}[0-9]++)"|)(?: t="{0}[A-Za-z]++)"|)'
_METADATA = '(?: cm="[0-9]++"|)(?: vm="[0-9]++"|)'
_ABOUT_FORMULA = "".join(f'(?: {name}="[A-Za-z0-9:$]++"|)' for name in ("aca", "t", "ref", "ca", "si"))
_FORMULA = f"(?:(<f){_ABOUT_FORMULA}(?:{_END}|>({_TEXT})</f>)|)"
_VALUE = f"(?:<v>({_TEXT})</v>|<v{_END}|<is>{_T}>({_TEXT})</t></is>|)"
_EMPTY = _CELL.format("(?:") + f"(?:{_END}|></c>)"
_OPENING = _CELL.format("(") + f"{_METADATA}>{_FORMULA}"
_FILLED = f"{_OPENING}{_VALUE}</c>"
_ATTRIBUTES = r'(?: (?:[a-wyz][A-Za-z]*+|x14ac:dyDescent)="[^"<>&\r\n]*+")*+'
_EMPTY_ROWS = f"(?:<row{_ATTRIBUTES}{_END})*+"
_ROW = f"{_EMPTY_ROWS}<row{_ATTRIBUTES}>"
_BETWEEN = f"(?:{_EMPTY}|</row>{_ROW})"
_REST = "((?s:.++))"
_PHONETIC = f'(?:<phoneticPr fontId="[0-9]++"(?: type="[A-Za-z]++"|)(?: alignment="[A-Za-z]++"|){_END}|)'
_FONT = f"<rPr>(?:<[A-Za-z]++{_ATTRIBUTES}{_END})*+</rPr>"
_RUN = f"<r>(?:{_FONT}|){_T}>{_TEXT}</t></r>"

_CELLS = re.compile(f"{_BETWEEN}*+{_FILLED}|{_BETWEEN}++|{_REST}")
_STRINGS = re.compile(f"<si>(?:{_T}>({_TEXT})</t>|{_T}{_END}|((?:{_RUN})++)){_PHONETIC}</si>|{_REST}")
_OPENED = re.compile(_OPENING)
_VALUES = re.compile(f"<v>({_TEXT})</v>")
_ROWS = re.compile(f"<sheetData>{_ROW}")
_LAST_ROWS = re.compile(f"</row>{_EMPTY_ROWS}")
_ROWS = re.compile("<row[^>]*+")
_FONTS = re.compile(_FONT)
_RUNS = re.compile(f"{_T}>({_TEXT})")
_WITHOUT_FIGURES = str.maketrans("", "", "0123456789.")

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

# Column, row; style, type, "<f" where there is a formula, its text, value, inline text; what is no tile.
Tile = tuple[str, str, str, str, str, str, str, str, str]


class Where(NamedTuple):
    """A cell as it is opened in its file: place (from 1), style, type ("n" where none is given), "<f" where there
    is a formula, and its text."""

    row: int
    column: int
    style: str
    kind: str
    opened: str
    formula: str


class Gap(NamedTuple):
    """What stands between two values: cells with none or with an inline text, the cell `next` that the second value
    is of, one row of every kind that begins there (by its kind), and how many rows and cells do."""

    between: tuple[tuple[Where, str], ...]
    next: Where
    rows: dict[str, str]
    elements: int


_BETWEEN_VALUES, _NEXT, _ELEMENTS = itemgetter(0), itemgetter(1), itemgetter(3)


class NotPlain(Exception):
    """A text of a tile cannot be understood here: the whole part is for the streaming reader."""


class Cells(NamedTuple):
    """The filled cells of a worksheet in their order, with their texts as in the file; how many rows and cells it has
    in all; its merged ranges."""

    filled: list[tuple[Where, str]]
    elements: int
    merges: tuple[str, ...]


def cells(data: bytes, once: bool = False) -> Cells | None:
    """The cells of the worksheet part `data`, None where it is not plain. Texts are as in the file: see `text_of`.

    Files of one form differ in their values: what stands between these is the same, and is remembered. A part that is
    like no other, which is read `once`, is one gap with its values inside.
    """
    first, last = data.find(b"<sheetData>"), data.find(b"</sheetData>")
    body = _plain(data, first, last)
    if not body or "\r" in body:
        return None
    whole = f"{_BEFORE}{body[len('<sheetData>') :]}{_BEHIND}"
    texts = [whole] if once else _VALUES.split(whole)
    values = [*texts[1::2], ""]
    read = _recurring_gap if not once and max(map(len, texts)) <= RECURRING_GAP else _read_gap
    gaps = [gap for gap in map(read, texts[::2]) if gap is not None]
    if len(gaps) < len(values):
        return None
    if any(map(_BETWEEN_VALUES, gaps)):
        filled = [cell for gap, value in zip(gaps, values, strict=True) for cell in (*gap[0], (gap[1], value))]
    else:
        filled = list(zip(map(_NEXT, gaps), values, strict=True))
    if not all(values[:-1]) or filled[-1][0].opened:
        filled = [cell for cell in filled if cell[1] or cell[0].opened]
    else:
        filled.pop()  # the cell that was put behind
    rows: dict[str, str] = {}
    for kinds in {id(gap.rows): gap.rows for gap in gaps if gap.rows}.values():
        rows |= kinds
    elements = sum(map(_ELEMENTS, gaps)) - 2  # what was put before and behind opens a row and a cell of its own
    # Most rows differ in nothing but figures, and no attribute's name has any: one of each kind is enough for expat.
    inside = "<sheetData>" + "".join(f"{row.rstrip('/')}/>" for row in rows.values())
    merges = _around(data[:first], inside.encode(), data[last:], SHEET_TAGS.get)
    return None if merges is None else Cells(filled, elements, merges)


def _read_gap(text: str) -> Gap | None:
    """What `text` between two values holds, None where it is not plain."""
    last = text.rfind("<c ")
    opening = _OPENED.fullmatch(text, max(last, 0))
    if opening is None or not text.startswith("</c>"):
        return None
    tiles: list[Tile] = _CELLS.findall(text, len("</c>"), last)
    if tiles and tiles[-1][-1]:
        return None
    between = [
        (Where(int(row), column_number(letters), style, kind or "n", opened, formula), value or inline)
        for letters, row, style, kind, opened, formula, value, inline, _ in tiles
        if opened or value or inline
    ]
    rows = {row.translate(_WITHOUT_FIGURES): row for row in _ROWS.findall(text)}
    return Gap(tuple(between), _where(*opening.groups("")), rows, text.count("<row") + text.count("<c "))


_recurring_gap = lru_cache(8_192)(_read_gap)


def _where(letters: str, row: str, style: str, kind: str, opened: str, formula: str) -> Where:
    return Where(int(row), column_number(letters), style, kind or "n", opened, formula)


@lru_cache(1_024)
def column_number(letters: str) -> int:
    """The number of a column, from 1."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def strings(data: bytes) -> list[str] | None:
    """The shared strings of the part `data`, as in the file (see `text_of`); None where it is not plain. Raises
    NotPlain as `text_of` does."""
    first, last = data.find(b"<si>"), data.rfind(b"</si>") + len("</si>")
    body = _plain(data, first, last)
    tiles: list[tuple[str, str, str]] = _STRINGS.findall(body)
    fonts = "".join(dict.fromkeys(_FONTS.findall(body)))
    inside = f"<si>{fonts}</si>".encode()
    if not tiles or tiles[-1][-1] or _around(data[:first], inside, data[last:], local_name) is None:
        return None
    return [text or _joined(runs) for text, runs, _ in tiles]


def text_of(raw: str) -> str:
    """The text of a tile with its references resolved. Raises NotPlain where one is not to be resolved."""
    return _REFERENCE.sub(lambda match: _character(match[0]), raw) if "&" in raw else raw


def _joined(runs: str) -> str:
    """The raw text of a string in several fonts; no reference may reach from one run into the next."""
    return "".join(run if "&" not in run else text_of(run).replace("&", "&amp;") for run in _RUNS.findall(runs))


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
    """The merged ranges in what stands around the tiles; None where it is not well-formed, expat does not meet
    the first tag of `inside` there, or there are cells or texts besides the tiles. `known` shortens names."""
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
