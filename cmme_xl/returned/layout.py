"""Where the answers stand in a worksheet: question rows by their ids, columns by their headers, never by position."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, chain
from unicodedata import combining

from cmme_xl.reading.grid import Cell, CellKind, RawSheet
from cmme_xl.returned.answer import folded
from cmme_xl.templates import template

EXTERNAL, REVIEW = "external", "review"
OWN = ("own", "own_target", "own_evidence")
"""The columns of an interviewer's record that show what the person had answered: nothing is read from them."""
_LONGEST_HEADER = 80
_MOST_PASSED, _LONGEST_PASSED = 20_000, 500


@dataclass(frozen=True, slots=True)
class Layout:
    """One worksheet that holds question rows.

    `columns`: role -> column; `ids`: (row, question id) in row order; `header`: the header's row, 0 if none;
    `merged`: cells (row, column) of score columns that share a merge with another answer.
    """

    sheet: RawSheet
    columns: Mapping[str, int]
    ids: tuple[tuple[int, str], ...]
    header: int
    merged: frozenset[tuple[int, int]] = frozenset()

    def scores(self, angles: Iterable[str]) -> list[int]:
        """The columns of the angles, in order."""
        return sorted({self.columns[angle] for angle in angles if angle in self.columns})


class Headers:
    """The words that head the columns, in every language, and the ids that mark the rows."""

    def __init__(self, ids: frozenset[str]) -> None:
        contract = template("interview")
        self.ids = ids
        self._ids_folded = {folded(question): question for question in ids}
        columns = (*contract["columns"], *contract["record"]["columns"])
        self._roles = {_squashed(text): str(column["role"]) for column in columns for text in column["header"].values()}
        self._roles |= {_squashed(text): EXTERNAL for text in contract["external"]["header"].values()}
        self._roles |= {_squashed(text): REVIEW for text in contract["clarification"]["header"].values()}
        words = (*self._ids_folded, *self._roles)
        self._first = _Plausible(word[0] for word in words if word)
        self._last = _Plausible(word[-1] for word in words if word)
        self._passed: set[str] = set()

    def layout(self, sheet: RawSheet, angles: tuple[str, ...]) -> Layout | None:
        """The layout of `sheet`, None where it holds no question rows."""
        like = sheet.like
        if like is None:
            return self._found(sheet, angles)
        usual = like.learnt((self, angles), lambda: self._usual(like, angles))
        if not usual.is_of(sheet) or any(self._known(sheet.new_texts)):
            return self._found(sheet, angles)
        layout = usual.layout
        return layout and replace(layout, sheet=sheet, merged=_merged(sheet, layout.ids, layout.scores(angles)))

    def _usual(self, sheet: RawSheet, angles: tuple[str, ...]) -> "_Usual":
        """What the sheets like `sheet` have in common."""
        words = frozenset(chain.from_iterable(self._known(sheet.texts)))
        cells = ((row, column, cell) for row, line in sheet.rows.items() for column, cell in line.items())
        telling = frozenset((row, column) for row, column, cell in cells if cell.text in words)
        return _Usual(self._found(sheet, angles), telling)

    def _found(self, sheet: RawSheet, angles: tuple[str, ...]) -> Layout | None:
        questions, roles = self._known(sheet.texts)
        if not questions:
            return None
        found: list[tuple[int, int, str]] = []
        heads: dict[int, dict[str, int]] = {}
        known = questions.keys() | roles.keys()
        for number, row in sorted(sheet.rows.items()):
            for column, (kind, text, _) in row.items():
                if text not in known:
                    continue
                if text in questions:
                    if text in self.ids or kind is CellKind.TEXT:
                        found.append((number, column, questions[text]))
                elif text in roles and kind is CellKind.TEXT:
                    heads.setdefault(number, {}).setdefault(roles[text], column)
        if not found:
            return None
        header = max(heads, key=lambda row: (len(heads[row]), -row), default=0)
        columns = dict(heads.get(header, {}))
        if header:
            self._complete(sheet.rows[header], columns)
        if EXTERNAL in columns:
            outside = columns.pop(EXTERNAL)
            if angles:
                columns.setdefault(angles[0], outside)
        counted = Counter(column for _, column, _ in found)
        if columns.get("id") not in counted:
            columns["id"] = counted.most_common(1)[0][0]
        ids = tuple((row, question) for row, column, question in found if column == columns["id"])
        layout = Layout(sheet, columns, ids, header)
        return replace(layout, merged=_merged(sheet, ids, layout.scores(angles)))

    def _known(self, texts: frozenset[str]) -> tuple[dict[str, str], dict[str, str]]:
        """Those of the texts that are question ids (text -> id) and those that are headers (text -> role)."""
        questions: dict[str, str] = {}
        roles: dict[str, str] = {}
        # the same texts stand in file after file: what was passed over once need not be looked at again
        for text in texts - self._passed:
            if text in self.ids:
                questions[text] = text
            elif (role := self._role(text)) in self.ids:
                questions[text] = role
            elif role:
                roles[text] = role
            elif len(text) <= _LONGEST_PASSED and len(self._passed) < _MOST_PASSED:
                self._passed.add(text)
        return questions, roles

    def _role(self, text: str) -> str:
        """The question that a text is an id of, or the role it heads; "" for nearly all texts."""
        if not (self._first[text[:1]] and self._last[text[-1:]]) or len(text) > _LONGEST_HEADER:
            return ""
        plain = folded(text)
        return self._ids_folded.get(plain) or self._roles.get(_without_space(plain), "")

    def _complete(self, row: Mapping[int, Cell], columns: dict[str, int]) -> None:
        """Adds roles whose header was added to by hand ("Current (0-5)"), where nothing heads them exactly."""
        for column, cell in row.items():
            if cell.kind is CellKind.TEXT and column not in columns.values():
                text = _squashed(cell.text)
                role = next((role for word, role in self._roles.items() if text.startswith(word)), None)
                if role is not None and role not in columns:
                    columns[role] = column


@dataclass(frozen=True, slots=True)
class _Usual:
    """The layout of a sheet, which those like it have too; `telling`: the cells that hold ids and headers."""

    layout: Layout | None
    telling: frozenset[tuple[int, int]]

    def is_of(self, sheet: RawSheet) -> bool:
        """Whether `sheet`, which is like this one, differs from it in none of the cells that tell the layout."""
        header = 0 if self.layout is None else self.layout.header
        return self.telling.isdisjoint(sheet.changes) and header not in {row for row, _ in sheet.changes}


def _merged(sheet: RawSheet, ids: Sequence[tuple[int, str]], scores: list[int]) -> frozenset[tuple[int, int]]:
    """The score cells that share a merge with another score cell of a question row, where any of them is filled.

    Merges are counted into running sums, so that thousands of wide ones cost no more than a look at each.
    """
    if not sheet.merges:
        return frozenset()
    rows = tuple(row for row, _ in ids)
    marks = {column: [0] * (len(rows) + 1) for column in scores}
    filled: dict[int, list[int]] = {}
    for top, left, bottom, right in sheet.merges:
        across = [column for column in scores if left <= column <= right]
        low, high = bisect_left(rows, top), bisect_right(rows, bottom)
        if len(across) * (high - low) < 2:
            continue
        if not filled:
            filled = {
                column: [0, *accumulate(cell is not None for cell in sheet.column(column, rows))] for column in scores
            }
        if any(filled[column][high] > filled[column][low] for column in across):
            for column in across:
                marks[column][low] += 1
                marks[column][high] -= 1
    if not filled:
        return frozenset()
    return frozenset(
        (row, column) for column in scores for row, depth in zip(rows, accumulate(marks[column]), strict=False) if depth
    )


class _Plausible(dict[str, bool]):
    """Whether a text with a character at its end may be a word with one of `ends` there: so most are passed over."""

    def __init__(self, ends: Iterable[str]) -> None:
        super().__init__()
        self._ends = frozenset(ends)

    def __missing__(self, character: str) -> bool:
        plain = folded(character)
        unsure = not plain or any(map(combining, character))
        self[character] = character != "" and (unsure or not self._ends.isdisjoint(plain))
        return self[character]


def _squashed(text: str) -> str:
    return _without_space(folded(text))


def _without_space(text: str) -> str:
    return "".join(text.split())
