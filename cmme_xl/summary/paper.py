"""How a sheet with page breaks of its own is printed: all of its columns on one page, or whole blocks of them."""

from collections.abc import Sequence
from itertools import pairwise

from cmme_xl.spreadsheet import Sheet, measure

PRINTED_PX = 930
"""What an A4 page in landscape holds across at 100 %, with room for fonts that are a little wider than measured."""
SCALE = 62
"""Per cent of the size on the screen: under 60, print is too small to read."""
WHOLE_PX = 840
"""What a page holds across where nothing may go over to a second one: columns grow by up to a quarter where the
brand's font is missing."""
LARGEST = 80
TALL_PX = 670
"""What such a page holds down at 100 %."""


def whole(sheet: Sheet, breaks: Sequence[int]) -> None:
    """Print all columns beside each other, at most at `LARGEST`; a page begins at each row of `breaks`."""
    sheet.print_scale(_scale(sheet), breaks)


def between(sheet: Sheet, parts: Sequence[int], last: int) -> list[int]:
    """The breaks that keep parts of a sheet, each from its row in `parts` on, together; what stands above the first
    part is kept with it, and so are the small rows down to `last` with the last."""
    starts = [0, *parts[1:], last + 1]
    units = [(start, sheet.height(start, after - 1)) for start, after in pairwise(starts)]
    room = TALL_PX * 100 // _scale(sheet)
    return measure.page_breaks(units, room, room)


def _scale(sheet: Sheet) -> int:
    return min(LARGEST, WHOLE_PX * 100 // sum(sheet.columns))


def across(sheet: Sheet, repeated: int, blocks: Sequence[tuple[int, int]]) -> None:
    """Print columns 0 to `repeated` on every page, and beside them as many of `blocks` as a page holds.

    `blocks`: first and last column of each. One that is too wide for a page goes on over further pages.
    """
    room = PRINTED_PX * 100 / SCALE - sheet.span(0, repeated)
    breaks: list[int] = []
    start = blocks[0][0] if blocks else 0
    for first, last in blocks:
        if start < first and sheet.span(start, last) > room:
            breaks.append(first)
            start = first
        for column in range(first, last + 1):
            if sheet.span(start, column) > room:
                breaks.append(column)
                start = column
    sheet.print_scale(SCALE, column_breaks=breaks)
