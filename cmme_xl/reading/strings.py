"""The table of shared strings: the strings of a workbook, each of which many cells may point to."""

import re
from collections import deque
from itertools import compress, count
from operator import ne

from cmme_xl.reading.grid import Cell, CellKind, decoded
from cmme_xl.reading.pieces import (
    ATTRIBUTES,
    END,
    OBJECT,
    RECURRING_PIECE,
    T_TAG,
    TEXT,
    NotPlain,
    all_known,
    around,
    as_text,
    body,
    sound,
    text_of,
)
from cmme_xl.reading.xml import local_name

MOST_OF_STRINGS = 2**21
"""So many bytes of strings are remembered."""

_PHONETIC = f'(?:<phoneticPr fontId="[0-9]++"(?: type="[A-Za-z]++"|)(?: alignment="[A-Za-z]++"|){END}|)'
_FONT = f"<rPr>(?:<[A-Za-z]++{ATTRIBUTES}{END})*+</rPr>"
_RUN = f"<r>(?:{_FONT}|){T_TAG}>{TEXT}</t></r>"
# what stands behind "<si>"
_STRING = re.compile(f"(?:{T_TAG}>({TEXT})</t>|{T_TAG}{END}|((?:{_RUN})++)){_PHONETIC}</si>")
_FONTS = re.compile(_FONT)
_RUNS = re.compile(f"{T_TAG}>({TEXT})")


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
    if len(rest) > common and sum(map(len, pieces)) + OBJECT * len(pieces) <= MOST_OF_STRINGS:
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
            self._left -= len(raw) + OBJECT
            self[raw] = cell
        return cell


_STRINGS = _Strings()
_TABLES: deque[tuple[list[bytes], list[Cell]]] = deque(maxlen=4)
"""The tables of shared strings that were like none before, and what they came to."""


def _string(piece: str) -> Cell | None:
    found = _STRING.fullmatch(piece) if sound(piece) else None
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
