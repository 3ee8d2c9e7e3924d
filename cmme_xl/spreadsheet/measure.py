"""How much room a text takes. Wrapped and merged cells never fit themselves, so their height is measured here."""

import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

LINE_HEIGHT = 1.5
CELL_PADDING_PX = 8
ALMOST = 1 - 1e-9
"""A text this much narrower than its room has one line, in whatever order its characters are added up."""
LONGEST_CELL = 32_767
TALLEST_ROW_PX = 546

_NARROW = frozenset(" .,:;|!'ijlIft()[]")
_WIDE = frozenset("mwMW%@")


def width(text: str, points: float = 10, bold: bool = False) -> float:
    """The estimated width of one line in pixels at 96 dpi: Chinese characters one em, Latin by class."""
    return sum(map(_EMS.__getitem__, text)) * points * 96 / 72 * (1.04 if bold else 1)


class _Ems(dict[str, float]):
    """Character -> its width in em."""

    def __missing__(self, ch: str) -> float:
        if unicodedata.east_asian_width(ch) in "WF":
            found = 1.0
        elif ch in _NARROW:
            found = 0.32
        elif ch in _WIDE:
            found = 0.86
        else:
            found = 0.68 if ch.isupper() else 0.555
        self[ch] = found
        return found


_EMS = _Ems()


@lru_cache(16_384)  # names and labels come again and again
def lines(text: str, px: float, points: float = 10, bold: bool = False) -> int:
    """How many lines `text` takes when wrapped in a cell `px` pixels wide."""
    count = 0
    room = max(px - CELL_PADDING_PX, 1)
    if "\n" not in text and width(text, points, bold) < room * ALMOST:
        return 1
    widest = width("\u3000", points, bold)
    for paragraph in text.split("\n"):
        count += 1
        if widest * len(paragraph) <= room:
            continue
        used = 0.0
        for token in re.findall(r"[\x21-\x7e]+|\s|.", paragraph):
            wide = width(token, points, bold)
            if used and used + wide > room:
                count += 1
                used = 0.0
                if token.isspace():
                    continue
            if wide > room and len(token) > 1:
                # a word wider than the cell is broken by Excel wherever the line ends
                full = math.ceil(wide / room) - 1
                count += full
                wide -= full * room
            used += wide
    return count


def height(text: str, px: float, points: float = 10, bold: bool = False, padding: float = 10) -> int:
    """The row height in pixels that shows `text` wrapped in `px` pixels, or as much of it as Excel's tallest row."""
    return tallest(((text, px),), points, bold, padding)


def tallest(texts: Iterable[tuple[str, float]], points: float = 10, bold: bool = False, padding: float = 10) -> int:
    """The row height in pixels that shows each text wrapped in its pixels, or as much of it as Excel's tallest row."""
    most, em = 1, points * 96 / 72 * (1.04 if bold else 1)
    for text, px in texts:
        if em * len(text) > px - CELL_PADDING_PX or "\n" in text:
            most = max(most, lines(text, px, points, bold))
    return _tall(most, points, padding)


def _tall(lines: int, points: float, padding: float) -> int:
    return min(math.ceil(lines * points * 96 / 72 * LINE_HEIGHT + padding), TALLEST_ROW_PX)


class Rows:
    """How tall the rows of a table are, whose texts wrap in columns of fixed widths."""

    def __init__(self, columns: Sequence[tuple[float, float]], padding: float = 10) -> None:
        """`columns`: the width of each in pixels, and the size of its texts in points."""
        self._columns = [((px - CELL_PADDING_PX) / (points * 96 / 72), px, points) for px, points in columns]
        self._padding = padding
        self._least = max(_tall(1, points, padding) for _, points in columns)

    def height(self, texts: Sequence[str]) -> int:
        """The height in pixels of the row with these texts, or Excel's tallest."""
        found = self._least
        for text, (sure, px, points) in zip(texts, self._columns, strict=True):
            if len(text) > sure or "\n" in text:
                count = lines(text, px, points)
                if count > 1:
                    found = max(found, _tall(count, points, self._padding))
        return found


def clip(text: str, longest: int) -> str:
    """`text`, cut with an ellipsis where it is longer than `longest` characters."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


def fitted(text: str, px: float, points: float = 10, bold: bool = False) -> str:
    """`text`, cut with an ellipsis where it is wider than `px` pixels."""
    if width(text, points, bold) <= px:
        return text
    kept = len(text)
    while kept and width(f"{text[:kept]}…", points, bold) > px:
        kept -= 1
    return f"{text[:kept].rstrip()}…"


def chunks(text: str, longest: int = LONGEST_CELL) -> list[str]:
    """`text` in pieces that fit a cell (Excel holds 32,767 UTF-16 units); at least one piece.

    A lone surrogate counts six: it is written as an escape.
    """
    pieces: list[str] = []
    piece: list[str] = []
    units = 0
    for ch in text:
        size = 2 if ch > "\uffff" else 6 if "\ud800" <= ch <= "\udfff" else 1
        if units + size > longest:
            pieces.append("".join(piece))
            piece, units = [], 0
        piece.append(ch)
        units += size
    return [*pieces, "".join(piece)]


def page_breaks(units: Iterable[tuple[int, int]], room: int, first_room: int) -> list[int]:
    """The rows to break before so that no unit that fits a page is cut.

    `units`: (first row, height in px) of what stays together; `room` is a page's height in px, `first_room`
    that of the first.
    """
    breaks: list[int] = []
    used, left = 0, first_room
    for row, px in units:
        if used + px > left and (used or left < px <= room):
            breaks.append(row)
            used, left = 0, room
        used += px
    return breaks
