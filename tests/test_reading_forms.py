"""Sheets read by what differs from the first of their form: never another thing than is read of them alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from interview_plans import CATALOGUE
from test_reading_tiles import STYLES
from test_reading_workbook import sheet

from cmme_xl.reading import forms
from cmme_xl.reading.cells import SheetReader
from cmme_xl.reading.grid import Cell, CellKind, RawSheet
from cmme_xl.reading.styles import Styles
from cmme_xl.returned.layout import Headers
from cmme_xl.templates import template

ANGLES = ("current", "target")
ROLES = ("id", "question", "current", "target", "evidence")
HEADERS = {column["role"]: column["header"]["zh"] for column in template("interview")["columns"]}
HEADS = tuple(HEADERS[role] for role in ROLES)
IDS = tuple(CATALOGUE.questions)[:12]
STRINGS = tuple(Cell(CellKind.TEXT, text) for text in (*HEADS, *IDS, f"{HEADERS['current']} (0-5)", "say", "备注", " "))
Values = dict[tuple[int, int], str]
"""(row, column) from 1 -> what stands behind a cell's reference and style; "/>" where nothing does."""


def values() -> Values:
    """A small questionnaire: a header, and ids with text beside them and two scores."""
    found = {(1, column): shared(place) for place, column in enumerate(range(1, 6))}
    for row, question in enumerate(IDS, 2):
        found |= {(row, 1): shared(STRINGS.index(Cell(CellKind.TEXT, question))), (row, 2): shared(len(STRINGS) - 3)}
        found |= {(row, 3): "/>", (row, 4): "><v>4</v></c>", (row, 5): "/>"}
    return found


def shared(number: int) -> str:
    return f' t="s"><v>{number}</v></c>'


def part(cells: Values) -> bytes:
    rows: dict[int, str] = {}
    for (row, column), value in cells.items():
        rows[row] = rows.get(row, "") + f'<c r="{"ABCDE"[column - 1]}{row}"{value}'
    return sheet("".join(f'<row r="{row}" ht="{row}">{line}</row>' for row, line in rows.items())).encode()


def read(data: bytes, strings: tuple[Cell, ...]) -> RawSheet:
    """The sheet, after the streaming reader has said the same of it, in the same order."""
    found, streamed = RawSheet("S", False), RawSheet("S", False)
    SheetReader(list(strings), STYLES).read(data, found)
    SheetReader(list(strings), STYLES).stream(data, streamed)
    assert [(row, list(line.items())) for row, line in found.rows.items()] == [
        (row, list(line.items())) for row, line in streamed.rows.items()
    ]
    assert (found.merges, found.doubled) == (streamed.merges, streamed.doubled)
    assert found.texts == streamed.texts
    headers = Headers(frozenset(CATALOGUE.questions))
    mine, alone = headers.layout(found, ANGLES), headers.layout(streamed, ANGLES)
    assert (mine is None) == (alone is None)
    if mine is not None and alone is not None:
        assert (mine.columns, mine.ids, mine.header, mine.merged) == (
            alone.columns,
            alone.ids,
            alone.header,
            alone.merged,
        )
    return found


edits = st.dictionaries(
    st.tuples(st.integers(1, len(IDS) + 1), st.integers(1, 5)),
    st.one_of(
        st.sampled_from(
            ["/>", "><v>3</v></c>", "><v>4.0</v></c>", "><f>1+1</f><v>2</v></c>", ' t="str"><v>x</v></c>', "><v/></c>"]
        ),
        st.integers(0, len(STRINGS) + 1).map(shared),
    ),
    max_size=8,
)
tables = st.one_of(
    st.just(STRINGS),
    st.just(STRINGS[:-2]),
    st.permutations(STRINGS).map(tuple),
    st.tuples(st.just(STRINGS[:-1]), st.text(min_size=1, max_size=3)).map(
        lambda pair: (*pair[0], Cell(CellKind.TEXT, pair[1]))
    ),
)


@given(st.lists(st.tuples(edits, tables), min_size=2, max_size=4))
def test_a_sheet_is_what_it_is_alone(sheets: list[tuple[Values, tuple[Cell, ...]]]) -> None:
    for edited, strings in sheets:
        read(part({**values(), **edited}), strings)


def test_what_differs_is_named_and_the_rest_is_shared() -> None:
    first = read(part(values()), STRINGS)
    given = read(part({**values(), (3, 3): "><v>5</v></c>", (3, 5): shared(len(STRINGS) - 3)}), STRINGS)
    assert given.like is not None
    assert given.like.rows == first.rows
    assert given.changes.keys() == {(3, 3), (3, 5)}
    assert all((given.rows[row] is given.like.rows[row]) == (row != 3) for row in given.rows)
    assert list(given.rows[3]) == [1, 2, 3, 4, 5]
    rows = tuple(range(2, len(IDS) + 2))
    for column in range(1, 7):
        assert given.column(column, rows) == tuple(given.rows[row].get(column) for row in rows)
        assert (given.column(column, rows) is given.like.column(column, rows)) == (column not in (3, 5))
    assert given.new_texts == {"5", "say"}
    assert given.may_hold(frozenset(("5", *IDS)))
    assert not given.may_hold(frozenset(("6",)))


def test_formulas_are_those_of_the_form_and_of_the_changes() -> None:
    first = read(part({**values(), (3, 3): "><f>1+1</f><v>2</v></c>"}), STRINGS)
    kept, gone, added = (
        read(part({**values(), **edited}), STRINGS)
        for edited in (
            {(3, 3): "><f>1+1</f><v>2</v></c>", (2, 3): "><v>5</v></c>"},
            {(3, 3): "><v>2</v></c>"},
            {(3, 3): "><v>2</v></c>", (4, 3): "><f>1</f><v>1</v></c>"},
        )
    )
    assert (first.computes, kept.computes, gone.computes, added.computes) == (True, True, False, True)


def test_another_text_behind_the_same_number_is_a_difference() -> None:
    read(part(values()), STRINGS)
    other = (*STRINGS[:-3], Cell(CellKind.TEXT, "other"), *STRINGS[-2:])
    assert {cell.text for row, line in read(part(values()), other).rows.items() if row > 1 for cell in [line[2]]} == {
        "other"
    }


def test_a_moved_id_or_header_moves_the_layout() -> None:
    """What tells where answers stand is looked at anew where it differs; nothing that was found before is kept."""
    headers = Headers(frozenset(CATALOGUE.questions))

    def layout(cells: Values) -> object:
        found = RawSheet("S", False)
        SheetReader(list(STRINGS), STYLES).read(part(cells), found)
        laid = headers.layout(found, ANGLES)
        return laid and (dict(laid.columns), laid.ids, laid.header)

    usual = values()
    columns, header = {role: column for column, role in enumerate(ROLES, 1)}, 1
    ids = tuple((row, question) for row, question in enumerate(IDS, 2))
    assert layout(usual) == (columns, ids, header)
    swapped = {**usual, (1, 3): usual[1, 4], (1, 4): usual[1, 3]}
    assert layout(swapped) == ({**columns, "current": 4, "target": 3}, ids, header)
    gone = {**usual, (5, 1): "/>"}
    assert layout(gone) == (columns, tuple(pair for pair in ids if pair[0] != 5), header)
    added = {**usual, (1, 3): shared(len(STRINGS) - 4)}
    assert layout(added) == ({**columns, "current": 3}, ids, header)
    assert layout(usual) == (columns, ids, header)


def test_what_is_remembered_is_bounded_by_cells_and_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many forms a folder has, and however large: what is not remembered is read cell by cell."""
    forms_of = [{**values(), (20 + number, 1): shared(0)} for number in range(3)]

    def size(laid: Values) -> int:
        styles = Styles({}, STYLES.epoch)
        SheetReader(list(STRINGS), styles).read(part(laid), RawSheet("S", False))
        return forms._forms_of(styles)._forms[0].size

    longer = (*STRINGS, Cell(CellKind.TEXT, "x" * 1_000))
    wider = {**values(), (20, 1): f' t="inlineStr"><is><t>{"x" * 1_000}</t></is></c>'}
    cells, more = size(values()), size(forms_of[0])
    assert cells < more < cells + 10 <= size(wider)

    def likes(*sheets: tuple[Values, tuple[Cell, ...]]) -> list[bool]:
        styles = Styles({}, STYLES.epoch)
        found = [RawSheet("S", False) for _ in sheets]
        for each, (laid, strings) in zip(found, sheets, strict=True):
            SheetReader(list(strings), styles).read(part(laid), each)
        return [each.like is not None for each in found]

    monkeypatch.setattr(forms, "LARGEST", cells)
    assert likes((values(), STRINGS), (values(), STRINGS)) == [False, True]
    assert likes((values(), longer), (values(), longer)) == [False, False]
    assert likes((wider, STRINGS), (wider, STRINGS)) == [False, False]
    assert likes((forms_of[0], STRINGS), (forms_of[0], STRINGS)) == [False, False]
    monkeypatch.setattr(forms, "LARGEST", more)
    monkeypatch.setattr(forms, "MOST_CELLS", 2 * more)
    again = [(laid, STRINGS) for laid in (*forms_of, forms_of[2], forms_of[0])]
    assert likes(*again) == [False, False, False, True, False]
