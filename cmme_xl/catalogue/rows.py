"""Which row of an edited table is whose: ids are known in any case or width, overwritten ones by where they stand."""

import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

from cmme_xl.catalogue.cells import Sheet
from cmme_xl.catalogue.words import plain


class Rows(NamedTuple):
    """The row of each id; the ids whose rows are missing; the ids of rows that were not taken ("" of an empty one)."""

    of: dict[str, int]
    missing: tuple[str, ...]
    refused: tuple[str, ...]


def match(
    sheet: Sheet,
    order: Sequence[str],
    roles: Sequence[str],
    *,
    missing: str,
    needed: Callable[[str], bool] = bool,
    added: Callable[[str], str] = lambda typed: "",
) -> Rows:
    """The rows of a table whose ids, typed in the columns `roles`, are known in the `order` of export.

    An id that is not among them stands for what `added` makes of it ("" is unknown, CAT_038). Findings at the cell of
    the id: given twice (CAT_003), empty (CAT_041), overwritten (CAT_052: the row stands where the row of an id
    should that is nowhere else); for each id that is `needed` but not there, the code `missing`, at the cell where its
    row belongs.
    """
    known = {plain(name): name for name in order}
    typed: dict[int, tuple[str, str]] = {}
    for row in sheet.rows():
        text = " ".join(part for part in (sheet.text(row, role) for role in roles) if part)
        typed[row] = text, known.get(plain(text)) or added(unicodedata.normalize("NFKC", text))
    times = Counter(name for _, name in typed.values())
    following = dict(zip(("", *order), order, strict=False))
    place = {name: number for number, name in enumerate(order)}
    found: dict[str, int] = {}
    refused: list[str] = []
    before, last = "", sheet.first - 1
    for row, (text, name) in typed.items():
        expected = following.get(before, "")
        overwritten = row == last + 1 and expected and not times[expected] and (name not in place or times[name] > 1)
        if overwritten:
            sheet.fault("CAT_052", row, roles[0], text, id=expected)
            times[name] -= 1
            name, times[expected] = expected, 1
        elif name in found:
            first = sheet.place(found[name], roles[0]).cell
            sheet.fault("CAT_003", row, roles[0], text, id=name, first=first)
            refused.append(name)
        elif not name:
            sheet.fault("CAT_038" if text else "CAT_041", row, roles[0], text, id=text)
            refused.append(text)
        if name:
            found.setdefault(name, row)
            before = name if name in place else before
        last = row
    gone = tuple(name for name in order if name not in found and needed(name))
    for name in gone:
        above = next((found[each] for each in reversed(order[: place[name]]) if each in found), sheet.first - 1)
        sheet.fault(missing, above + 1, roles[0], id=name)
    return Rows(found, gone, tuple(refused))
