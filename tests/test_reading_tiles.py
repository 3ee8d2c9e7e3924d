"""The tiles of plain parts: they say what the streaming reader says, and they are taken where files are clean."""

import gc
import io
import random
import tracemalloc
import warnings
from collections import deque
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import lanes
import openpyxl
import pytest
import returned_books
from hypothesis import given
from hypothesis import strategies as st
from interview_plans import CATALOGUE, person, plan, shortened
from test_reading_workbook import MAIN, packed, sheet

from cmme_xl.interview.generation import generate
from cmme_xl.plan.write import new_plan
from cmme_xl.reading import cells, forms, pieces, strings, tiles, workbook
from cmme_xl.reading.cells import SheetReader
from cmme_xl.reading.container import Archive, Refused
from cmme_xl.reading.grid import Cell, CellKind, RawBook, RawSheet
from cmme_xl.reading.styles import read_styles
from cmme_xl.reading.workbook import read_book, read_strings

TEXTS = [Cell(CellKind.TEXT, text) for text in ("one", "two_x000D_", "D1-01-Q1")]
STYLES = read_styles(
    f'<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="9"/></cellXfs>'
    "</styleSheet>".encode(),
    False,
)
EXCEL = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
    f'<worksheet xmlns="{MAIN}" xmlns:x14ac="urn:x14ac"><!-- head --><dimension ref="A1:F9"/><sheetData>'
    '<row r="1" spans="1:6" ht="24" customHeight="1" x14ac:dyDescent="0.25"><c r="A1" s="1" t="s"><v>0</v></c>'
    '<c r="B1" s="0"/><c r="C1"><v>4</v></c><c r="D1" s="1"><v>46146</v></c></row><row r="2" ht="9"/>'
    '<row r="3"><c r="A3" t="s"><v>7</v></c><c r="B3" t="b"><v>1</v></c><c r="C3" t="e"><v>#REF!</v></c>'
    '<c r="D3" t="str"><f>A1&amp;"x"</f><v>客户 &lt;1&gt; &#10;</v></c>'
    '<c r="E3"><f t="shared" ref="E3:E4" si="0">C1</f></c>'
    '<c r="F3" t="inlineStr"><is><t xml:space="preserve"> &#23458;_x000D_</t></is></c></row>'
    '<row r="4"><c r="E4" s="2"><f t="shared" si="0"/><v>0.5</v></c><c r="F4" cm="1"><v>1</v></c></row>'
    '<row r="5"></row>'
    '<row r="6"/></sheetData><mergeCells count="1"><mergeCell ref="B2:A1"/></mergeCells></worksheet>'
).encode()
STRINGS = (
    f'<sst xmlns="{MAIN}" count="4">'
    '<si><t>one</t></si><si><t xml:space="preserve"> a &amp; b_x000D_ </t></si><si><t/></si>'
    '<si><r><t>客</t></r><r><rPr><b/><sz val="9"/></rPr><t>户 &amp;amp;</t></r></si>'
    '<si><t>户</t><phoneticPr fontId="1" type="noConversion"/></si></sst>'
).encode()


def read(part: bytes, how: Callable[[SheetReader, bytes, RawSheet], None], once: bool = False) -> object:
    """All that a reader says of a worksheet part, in its order, and how far it counted."""
    reader, found = SheetReader(TEXTS, STYLES, once), RawSheet("S", False)
    try:
        how(reader, part, found)
    except Refused as refused:
        return refused.finding
    rows = [(row, list(line.items())) for row, line in found.rows.items()]
    return rows, found.merges, found.doubled, reader._cells, reader._elements


def same(part: bytes) -> bool:
    """Asserts that all ways agree on a worksheet part; returns whether its tiles were taken."""
    streamed = read(part, SheetReader.stream)
    assert read(part, SheetReader.read) == streamed, part
    assert read(part, SheetReader.read, once=True) == streamed, part
    taken = forms.plain(part, STYLES, TEXTS) is not None
    assert taken == (forms.plain(part, STYLES, TEXTS, once=True) is not None), part
    return taken


def same_strings(part: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    def listed() -> object:
        try:
            return read_strings(part)
        except Refused as refused:
            return refused.finding

    with monkeypatch.context() as without:
        without.setattr(workbook, "strings", lambda data: None)
        slow = listed()
    assert listed() == slow, part


def same_book(data: bytes, monkeypatch: pytest.MonkeyPatch) -> RawBook:
    """The book, which both ways agree on."""
    with monkeypatch.context() as without:
        without.setattr(workbook, "strings", lambda data: None)
        without.setattr(cells, "plain", lambda data, styles, strings, once: None)
        slow = read_book(Archive(data))
    fast = read_book(Archive(data))
    assert fast == slow
    return fast[0]


def left_out(data: bytes) -> list[str]:
    """The parts with cells or shared strings whose tiles are not taken, though they are not too large."""
    with ZipFile(io.BytesIO(data)) as archive:
        infos = [info for info in archive.infolist() if info.file_size <= pieces.MAX_PLAIN]
        parts = {info.filename: archive.read(info) for info in infos}
    return [name for name, part in parts.items() if b"<c " in part and forms.plain(part, STYLES, TEXTS) is None] + [
        name for name, part in parts.items() if b"<si>" in part and strings.strings(part) is None
    ]


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """One workbook of every kind that goes out: long, English, for an outsider, and the plan."""
    folder = tmp_path_factory.mktemp("sent")
    people = (person("P1"), person("P2", lang="en"), person("B1", "benchmark"))
    made = shortened(plan(*people), 40)
    paths = list(generate(made, folder / "out", folder / "issued.jsonl").written)
    for lang in ("zh", "en"):
        new_plan(folder / f"plan_{lang}.xlsx", CATALOGUE, lang)
        paths.append(folder / f"plan_{lang}.xlsx")
    return paths


def filled(path: Path) -> bytes:
    """A workbook opened, answered and saved by openpyxl."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(path)
    for page in book.worksheets:
        for row in page.iter_rows(min_row=2):
            if len(row) > 4 and row[0].value in CATALOGUE.questions:
                row[2].value, row[4].value = 4, '台账 & "表" <3>\n第二行 😀'
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_tiles_are_taken_on_what_we_send(sent: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    for path in sent:
        assert same_book(path.read_bytes(), monkeypatch).sheets
        assert left_out(path.read_bytes()) == []


def test_tiles_are_taken_on_what_openpyxl_saves(sent: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    for path in sent:
        data = filled(path)
        same_book(data, monkeypatch)
        assert left_out(data) == []


@pytest.mark.lane("libreoffice")
def test_tiles_are_taken_on_what_libreoffice_saves(
    sent: list[Path], soffice: lanes.Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    came = []
    for number, path in enumerate(sent):
        came.append(tmp_path / f"{number}.xlsx")
        came[-1].write_bytes(filled(path))
    for path in soffice.recalculated(came).values():
        data = path.read_bytes()
        same_book(data, monkeypatch)
        assert left_out(data) == []


@pytest.mark.parametrize(
    "table",
    [
        returned_books.full(),
        "1 | '4 | 4.0 | =A1 | #REF!\n2 | @2026-05-04 | TRUE | x_x000D_y | '=1+1\n3 | -1 | 1e3",
        "1 | 4\n1 | 4",
        "",
    ],
)
def test_both_ways_agree_on_returned_books(table: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = returned_books.book(tmp_path / "r.xlsx", table).read_bytes()
    same_book(data, monkeypatch)
    assert left_out(data) == []


def test_every_plain_form_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    assert same(EXCEL)
    found = RawSheet("S", False)
    SheetReader(TEXTS, STYLES).read(EXCEL, found)
    assert (found.merges, found.doubled, list(found.rows)) == ([(1, 1, 2, 2)], set(), [1, 3, 4])
    assert found.rows[3][4] == Cell(CellKind.TEXT, "客户 <1> \n", '=A1&"x"')
    assert strings.strings(STRINGS) is not None
    assert [cell.text for cell in read_strings(STRINGS)] == ["one", " a & b\r ", "", "客户 &amp;", "户"]
    same_strings(STRINGS, monkeypatch)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("</row>", "<!-- x --></row>"),
        ("</row>", "<c><v>1</v></c></row>"),
        ("<v>4</v>", "<v><![CDATA[4]]></v>"),
        ("<v>4</v>", "<v>4<?pi?></v>"),
        ("<v>4</v>", "<v>&nbsp;</v>"),
        ("<v>4</v>", "<v>&#1;</v>"),
        ("<v>4</v>", "<v>&#55296;</v>"),
        ("<v>4</v>", "<v>4]]></v>"),
        ("<v>4</v>", "<v>4\x01</v>"),
        ("<v>4</v>", "<v>4\r\n</v>"),
        ("<v>4</v>", "<v>4\uffff</v>"),
        ("<v>4</v>", "<v>4</t>"),
        ("<v>4</v>", "<v>4</v><v>5</v>"),
        ('<c r="C1">', '<c r="C1" r="D1">'),
        ('<c r="C1">', '<c r="c1">'),
        ('<row r="3">', '<row r="3" r="4">'),
        ('<row r="3">', '<row r="3" x14ac:dyDescent="1" x14ac:dyDescent="2">'),
        ('<row r="3">', '<row xmlns="urn:other" r="3">'),
        ('<row r="3">', '<row x15:a="" r="3">'),
        ('<row r="3">', '</row><row r="3">'),
        ('xmlns:x14ac="urn:x14ac"', ""),
        (f'xmlns="{MAIN}"', 'xmlns="urn:other"'),
        (f'xmlns="{MAIN}"', f'xmlns="{MAIN}" xmlns:x="{MAIN}"'),
        ("<!-- head -->", "<!-- <sheetData><row/></sheetData> -->"),
        ("<!-- head -->", "<!-- "),
        ("<!-- head -->", "<![CDATA["),
        ("<!-- head -->", "<c><v>1</v></c>"),
        ("<sheetData>", "<sheetData/><sheetData>"),
        ("<?xml", "<!DOCTYPE x><?xml"),
        ("UTF-8", "ISO-8859-1"),
        ("UTF-8", "UTF-16"),
        ('encoding="UTF-8"', ' encoding="latin-1"'),
        ("</mergeCells>", '</mergeCells><f xmlns="">9</f>'),
        ("</worksheet>", ""),
        ("</worksheet>", "</worksheet>x"),
        ("</sheetData>", "</sheetData></sheetData>"),
        ("</sheetData>", "</sheetData><sheetData><row><c><v>7</v></c></row></sheetData>"),
    ],
)
def test_what_is_not_plain_is_left_to_the_streaming_reader(old: str, new: str) -> None:
    part = EXCEL.decode().replace(old, new, 1).encode()
    assert part != EXCEL
    same(part)


def test_bytes_that_are_not_utf8_are_refused_either_way() -> None:
    for wrong in (b"\xff", b"\xed\xa0\x80", b"\xc0\x80", b"\xef\xbf\xbf"):
        assert not same(EXCEL.replace(b"<v>4</v>", b"<v>4" + wrong + b"</v>"))


def test_a_reference_does_not_reach_from_run_to_run(monkeypatch: pytest.MonkeyPatch) -> None:
    same_strings(
        f'<sst xmlns="{MAIN}"><si><r><t>&am</t></r><r><t>p;</t></r></si></sst>'.encode(),
        monkeypatch,
    )


def test_caps_count_over_tiles_and_stream_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, cap in (("MAX_CELLS", 9), ("MAX_ELEMENTS", 15), ("MAX_MERGES", 0)):
        with monkeypatch.context() as capped:
            capped.setattr(cells, name, cap)
            same(EXCEL)
    for length in (pieces.LONGEST_PIECE, cells.MAX_TEXT + 1):
        same(EXCEL.replace(b"<v>4</v>", b"<v>" + b"4" * length + b"</v>"))
        same_strings(STRINGS.replace(b"one", b"1" * length), monkeypatch)


def test_rows_that_files_share_hold_what_each_file_has_there() -> None:
    """One row's text, read with other shared strings, with too few, and with the first ones again."""
    others = [*reversed(TEXTS)]
    for table in (TEXTS, others, TEXTS[:1], TEXTS, others):
        found, streamed = RawSheet("S", False), RawSheet("S", False)
        SheetReader(table, STYLES).read(EXCEL, found)
        SheetReader(table, STYLES).stream(EXCEL, streamed)
        assert found == streamed


@pytest.mark.parametrize("twice", ['<c r="A1" t="s"><v>1</v></c>', '</row><row><c r="B1"><v>1</v></c>'])
def test_a_cell_or_row_that_stands_twice_is_left_to_the_streaming_reader(twice: str) -> None:
    part = EXCEL.replace(b"</row>", f"{twice}</row>".encode(), 1)
    same(part)
    found = RawSheet("S", False)
    SheetReader(TEXTS, STYLES).read(part, found)
    assert (1, 1) in found.doubled or 2 in found.rows[1]


names = st.sampled_from(
    ["A1", "B1", "C7", "a1", "A0", "A01", "XFD1048576", "ZZZ9999999", "AAAA1", "A12345678", "", "$A$1"]
)
texts = st.one_of(
    st.text(max_size=8),
    st.sampled_from(
        ["0", "1", "2", "3", "02", "4.0", "&amp;", "&#65;", "&#10;", "&bad;", "_x000D_", "]]>", "&#x41;", "TRUE"]
    ),
)
types = st.sampled_from(
    ["", ' t="s"', ' t="n"', ' t="str"', ' t="inlineStr"', ' t="b"', ' t="e"', ' t="d"', ' t=""', ' t="x"']
)
styles = st.sampled_from(["", ' s="0"', ' s="1"', ' s="2"', ' s="9"', ' s=""', ' cm="1"'])
contents = st.one_of(
    st.just(""),
    st.sampled_from(["<v/>", "<v />", "<f/>", "<v></v>", "<f></f>", '<f t="shared" si="0"/>', "<is/>"]),
    texts.map(lambda text: f"<v>{text}</v>"),
    texts.map(lambda text: f"<is><t>{text}</t></is>"),
    st.tuples(texts, texts).map(lambda pair: f'<f ca="1">{pair[0]}</f><v>{pair[1]}</v>'),
    texts.map(lambda text: f"<is><r><t>{text}</t></r></is>"),
)
lines = st.lists(
    st.tuples(names, styles, types, contents).map(lambda c: f'<c r="{c[0]}"{c[1]}{c[2]}>{c[3]}</c>'), max_size=5
)
rows = st.lists(st.tuples(st.sampled_from(["", ' r="1"', ' r="7" ht="9"']), lines), max_size=4)


def test_a_cell_that_was_empty_in_the_first_sheet_is_not_given_twice_in_the_next() -> None:
    for first in ('<c r="C7"/>', '<c r="C7"><v>4</v></c>', '<c r="C7"><f/></c>'):
        rows = f'<row r="1">{first}</row><row r="7"><c r="C7"><v>0</v></c></row>'
        same(f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'.encode())



@given(rows)
def test_both_ways_agree_on_made_sheets(made: list[tuple[str, list[str]]]) -> None:
    body = "".join(f"<row{about}>{''.join(line)}</row>" if line else f"<row{about}/>" for about, line in made)
    same(sheet(body).encode("utf-8", "surrogatepass"))


def mutant(part: bytes, chance: random.Random) -> bytes:
    """`part` with a few bytes changed, or with a piece of it moved, doubled or taken away."""
    pieces = (
        b"<",
        b">",
        b"/",
        b'"',
        b"&",
        b" ",
        b"<c ",
        b"</c>",
        b"</row>",
        b"<row>",
        b"<v>",
        b"]]>",
        b"<!--",
        b"-->",
        b"\xff",
    )
    for _ in range(chance.randint(1, 2)):
        at, length, to = (chance.randrange(len(part)) for _ in range(3))
        length = length % 40
        match chance.randrange(5):
            case 0:
                part = part[:at] + bytes((chance.randrange(256),)) + part[at + 1 :]
            case 1:
                part = part[:at] + part[at + length :]
            case 2:
                part = part[:to] + part[at : at + length] + part[to:]
            case 3:
                part = part[:at] + chance.choice(pieces) + part[at:]
            case 4:
                tags = [place for place, byte in enumerate(part) if byte == 60] or [0]
                first, last = sorted(chance.choices(tags, k=2))
                part = (
                    part[:first] + part[last:]
                    if chance.random() < 0.5
                    else part[:last] + part[first:last] + part[last:]
                )
        if len(part) < 3:
            break
    return part


def test_both_ways_agree_on_mutants(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(7)
    taken = sum(same(mutant(EXCEL, chance)) for _ in range(2_000))
    assert taken > 50
    for _ in range(500):
        same_strings(mutant(STRINGS, chance), monkeypatch)


def test_a_whole_book_is_read_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    same_book(packed(EXCEL.decode(), STRINGS.decode()), monkeypatch)


def text_part(*texts: str) -> bytes:
    """A worksheet with these texts, one below the other."""
    cell = '<row r="{0}"><c r="A{0}" t="inlineStr"><is><t>{1}</t></is></c></row>'
    return sheet("".join(cell.format(row, text) for row, text in enumerate(texts, 1))).encode()


def test_what_is_remembered_of_very_many_texts_is_bounded_by_their_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tiles, "MOST_OF_PIECES", 50_000)
    monkeypatch.setattr(strings, "MOST_OF_STRINGS", 50_000)
    monkeypatch.setattr(strings, "_STRINGS", strings._Strings())
    monkeypatch.setattr(strings, "_TABLES", deque(maxlen=4))
    styles = read_styles(b"<styleSheet/>" + b" " * 2**14, False)  # so long that they are nobody else's
    for number in range(20):
        texts = [f"{number} {row} " + "x" * 1_000 for row in range(30)]
        found = RawSheet("S", False)
        SheetReader([], styles).read(text_part(*texts), found)
        assert [line[1].text for line in found.rows.values()] == texts
        table = f'<sst xmlns="{MAIN}">{"".join(f"<si><t>{text}</t></si>" for text in texts)}</sst>'
        assert [cell.text for cell in read_strings(table.encode())] == texts
    for known in (forms._forms_of(styles)._known, strings._STRINGS):
        assert 40_000 < sum(map(len, known)) < 52_000
    assert [len(pieces) for pieces, _ in strings._TABLES] == [30] * 4
    monkeypatch.setattr(strings, "MOST_OF_STRINGS", 20_000)
    strings._TABLES.clear()
    read_strings(table.replace("19 ", "20 ").encode())
    assert not strings._TABLES


@pytest.mark.parametrize("part", [
    '<row r="1"><c r="A1"><v>1</v></c></row><row r="2" a="{}"><c r="A2"><v>1</v></c></row>',
    '<row r="1" a="{}"><c r="A1"><v>1</v></c></row>',
    '<row r="1"><c r="A{}"/></row>',
    '<row r="1"><c r="A1" s="{}"/></row>',
    '<row r="1"><c r="A1"><v>{}</v></c></row>',
    '<row r="1"><c r="A1"><v>1</v></c></row></sheetData><mergeCells><mergeCell ref="A{}"/></mergeCells><sheetData>',
])  # fmt: skip
def test_what_is_longer_than_anybody_writes_is_not_remembered(part: str) -> None:
    def taken(first: int) -> int:
        for number in range(first, first + 70):  # what stands around is remembered of 64
            found = RawSheet("S", False)
            SheetReader([], STYLES).read(sheet(part.replace("{}", f"{number}{'1' * 30_000}")).encode(), found)
            assert [cell.shown for line in found.rows.values() for cell in line.values()] != [""]
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    try:
        before = taken(100)
        assert taken(200) - before < 200_000
    finally:
        tracemalloc.stop()
