"""Parts in the plain form that well-behaved programs write: what their texts are, and what stands around their pieces.

A part is cut into pieces, a worksheet at its cells, the shared strings one from the other. Each piece must match a
regular expression that knows only the forms that Excel, LibreOffice, openpyxl and XlsxWriter write: so either every
character is understood, or the part is not plain and nothing of it is used. What stands around the pieces goes through
expat, which must meet the opening tag at the very place where the part was cut.

The files of one form have most pieces in common: what a piece comes to is remembered from file to file.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar, cast

from cmme_xl.reading.container import Refused
from cmme_xl.reading.xml import new_parser, parse

# Beyond it the streaming reader is the thriftier one.
MAX_PLAIN = 2 * 2**20
# What stands around the pieces is remembered up to this length, and pieces up to this one
RECURRING = 2**16
RECURRING_PIECE = 1_500
OBJECT = 64
"""So many bytes a piece takes besides those it has, where what is remembered is limited."""
# No well-behaved program writes a longer one: what is may pass a cap, which is for the streaming reader to judge.
LONGEST_PIECE = 50_000

# What may be missing is written (?:x|), which the engine takes in half the time of (?:x)?.
TEXT = r"[^<\r]*+"
END = "(?: |)/>"
T_TAG = '<t(?: xml:space="preserve"|)'
ATTRIBUTES = r'(?: (?:[a-wyz][A-Za-z]*+|x14ac:dyDescent)="[^"<>&\r\n]*+")*+'

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|]]>")
_NAMED = {"&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'"}
_REFERENCE = re.compile("&[^;]*;?")
_NUMBERED = re.compile("&#([0-9]{1,7});")
_MEANINGFUL = frozenset(("sheetData", "c", "v", "f", "t", "si", "rPh"))
_UTF8 = re.compile(
    rb"""(?:\xef\xbb\xbf)?<(?:(?!\?xml)|"""
    rb"""\?xml version=["']1\.0["'](?: encoding=["']utf-8["'])?(?: standalone=["'](?:yes|no)["'])? ?\?>)""",
    re.IGNORECASE,
)

T = TypeVar("T")


class NotPlain(Exception):
    """A text cannot be understood here: the whole part is for the streaming reader."""


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


def sound(piece: str) -> bool:
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
