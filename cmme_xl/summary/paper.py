"""How a table that is wider than a page is printed: whole blocks of columns side by side, large enough to read."""

from collections.abc import Sequence

from cmme_xl.spreadsheet import Sheet

PRINTED_PX = 930
"""What an A4 page in landscape holds across at 100 %, with room for fonts that are a little wider than measured."""
SCALE = 62
"""Per cent of the size on the screen: under 60, print is too small to read."""


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
