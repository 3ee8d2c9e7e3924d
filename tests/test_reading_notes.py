"""What is written beside the cells, in every format that has a place for it."""

import struct
from types import SimpleNamespace
from typing import Any, cast

import pytest
from fault_books import as_ods, as_xlsb, parts_of, raw, record, returned, zipped

from cmme_xl.reading import notes, xls
from cmme_xl.reading.apart import read_apart, read_here
from cmme_xl.reading.container import Archive, Format
from cmme_xl.reading.formats import read_as

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MICROSOFT = "http://schemas.microsoft.com/office"
THREADED = f"{MICROSOFT}/2017/10/relationships/threadedComment"
THREADS = f"{MICROSOFT}/spreadsheetml/2018/threadedcomments"
PART = "threadedComments/threadedComment1.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
ENGLISH = (
    "[Threaded comment]\n\nYour version of Excel allows you to read this threaded comment; however, any edits to it "
    "will get removed if the file is opened in a newer version of Excel. Learn more: "
    "https://go.microsoft.com/fwlink/?linkid=870924\n\nComment:\n    {}\nReply:\n    {}"
)
CHINESE = (
    "[线程批注]\n\n你的 Excel 版本可读取此线程批注；但如果在更新版本的 Excel 中打开文件，则对批注所作的"
    "任何改动都将被删除。了解详细信息: https://go.microsoft.com/fwlink/?linkid=870924。\n\n注释:\n    {}\n答复:\n    {}"
)


def threaded(comment: str | None) -> bytes:
    """P1's workbook with a thread of two texts on C7 of the instructions, and a `comment` in its place."""
    parts = parts_of(returned())
    related = f'<Relationship Id="t" Type="{THREADED}" Target="../{PART}"/>'
    if comment is not None:
        related += f'<Relationship Id="c" Type="{OFFICE}/comments" Target="../comments1.xml"/>'
        parts["xl/comments1.xml"] = (
            f'<comments xmlns="{MAIN}"><commentList><comment ref="C7"><text><t>{comment}</t></text></comment>'
            '<comment ref="D9"><text><t>beside</t></text></comment></commentList></comments>'
        ).encode()
    parts["xl/worksheets/_rels/sheet2.xml.rels"] = f"<Relationships>{related}</Relationships>".encode()
    parts[f"xl/{PART}"] = (
        f'<ThreadedComments xmlns="{THREADS}"><threadedComment ref="C7" personId="{{1}}" id="{{a}}"><text>六月起\n'
        '只算 2</text></threadedComment><threadedComment ref="C7" personId="{2}" id="{b}" parentId="{a}"><text>yes'
        "</text><mentions/></threadedComment></ThreadedComments>"
    ).encode()
    parts["xl/persons/person.xml"] = (
        f'<personList xmlns="{THREADS}"><person displayName="张晴" id="{{1}}" userId="z"/></personList>'
    ).encode()
    return zipped(parts)


def told(data: bytes, format_: Format = Format.WORKBOOK) -> list[tuple[str, str, str]]:
    """Sheet, cell and text of what is written beside the cells."""
    findings = read_here(data, format_)[1] if format_ else read_as(Archive(data), data)[1]
    return [(each.place.sheet, each.place.cell, each.raw) for each in findings if each.code == "FIL_052"]


THREAD = [("填写说明", "C7", "张晴: 六月起\n只算 2"), ("填写说明", "C7", "yes")]
OTHER = ("填写说明", "D9", "beside")


@pytest.mark.parametrize("wording", [ENGLISH, CHINESE, "[Threaded comment]"])
def test_a_thread_is_told_once_whatever_stands_in_its_place_for_older_programs(wording: str) -> None:
    assert told(threaded(None)) == THREAD
    assert told(threaded(wording.format("六月起\n    只算 2", "yes"))) == [OTHER, *THREAD]
    assert told(threaded("")) == [OTHER, *THREAD]


@pytest.mark.parametrize("comment", [
    ENGLISH.format("六月起\n    只算 2", "yes") + "\n王: 不是 2，是 3",
    CHINESE.format("六月起\n    只算 2", "yes, but"),
    ENGLISH.format("六月起\n    只算 3", "yes"),
    "张: 六月起",
])  # fmt: skip
def test_what_was_written_into_its_place_since_is_told_too(comment: str) -> None:
    assert told(threaded(comment)) == [("填写说明", "C7", comment.strip()), OTHER, *THREAD]


def test_comments_and_threads_of_an_xlsb() -> None:
    parts = parts_of(as_xlsb(raw()))
    sheet = {sheet.name: number for number, sheet in enumerate(raw().sheets, 1)}["填写说明"]
    threads = parts_of(threaded(None))
    related = (
        f'<Relationships><Relationship Id="c" Type="{OFFICE}/comments" Target="../comments1.bin"/><Relationship Id="t"'
        f' Type="{THREADED}" Target="../{PART}"/></Relationships>'
    )
    text = "六月起 😀"
    written = struct.pack("<B", 0) + struct.pack("<I", len(text) + 1) + text.encode("utf-16-le")
    comment = record(635, struct.pack("<I4I16x", 0, 8, 8, 3, 3)) + record(637, written) + record(636, b"")
    parts |= {
        f"xl/worksheets/_rels/sheet{sheet}.bin.rels": related.encode(),
        "xl/comments1.bin": record(628, b"") + record(633, b"") + comment + record(634, b"") + record(629, b""),
        **{name: threads[name] for name in (f"xl/{PART}", "xl/persons/person.xml")},
    }
    assert told(zipped(parts), Format.XLSB) == [("填写说明", "D9", text), *THREAD]
    broken = parts | {"xl/comments1.bin": parts["xl/comments1.bin"][:40]}
    assert told(zipped(broken), Format.XLSB) == [("填写说明", "", "xl/comments1.bin"), *THREAD]


def test_notes_and_text_boxes_of_an_ods() -> None:
    parts = parts_of(as_ods(raw()))
    note = (
        '<office:annotation><dc:creator xmlns:dc="d">张</dc:creator><dc:date xmlns:dc="d">2026</dc:date><text:p>六月'
        '<text:span>起</text:span></text:p><text:p>只算<text:s/>2</text:p></office:annotation>'
    )
    draw = 'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"'
    shape = f"<draw:custom-shape {draw}><text:p>{{}}</text:p><draw:enhanced-geometry/></draw:custom-shape>"
    box = f"<draw:frame {draw}><draw:text-box><text:p>on paper</text:p></draw:text-box></draw:frame>"
    table = (
        f'<table:table table:name="笔记"><table:shapes>{shape.format("看这里")}{shape.format("")}{box}</table:shapes>'
        f'<table:table-row><table:table-cell table:number-columns-repeated="2"/><table:table-cell>{note}'
        f'<text:p>4</text:p></table:table-cell><table:table-cell><text:p>5{shape.format("in a text")} of 6</text:p>'
        "</table:table-cell></table:table-row></table:table>"
    )
    end = "</office:spreadsheet>"
    parts["content.xml"] = parts["content.xml"].replace(end.encode(), f"{table}{end}".encode())
    assert told(zipped(parts), Format.ODS) == [
        ("笔记", "", "看这里"),
        ("笔记", "", "on paper"),
        ("笔记", "C1", "六月起\n只算 2"),
        ("笔记", "D1", "in a text"),
    ]
    book, _ = read_here(zipped(parts), Format.ODS)
    assert {column: cell.text for column, cell in book.sheets[-1].rows[1].items()} == {3: "4", 4: "5 of 6"}
    assert read_apart(zipped(parts), Format.ODS) == read_here(zipped(parts), Format.ODS)


def records(*each: tuple[int, bytes]) -> bytes:
    return b"".join(struct.pack("<HH", kind, len(body)) + body for kind, body in each)


def written(stream: bytes, version: int) -> list[tuple[str, str]]:
    book = cast(Any, SimpleNamespace(biff_version=version, encoding="cp936"))
    return list(xls._beside(stream, 0, book))


def test_notes_and_text_boxes_of_an_xls() -> None:
    begin, end = (0x0809, bytes(16)), (0x000A, b"")

    def shape(number: int, length: int, *pieces: bytes) -> list[tuple[int, bytes]]:
        text = (0x01B6, bytes(10) + struct.pack("<HH", length, 16) + bytes(4))
        content = [(0x003C, piece) for piece in (*pieces, b"\x10" + bytes(15))]
        return [(0x005D, struct.pack("<4H", 0x15, 18, 25, number)), text, *content]

    stream = records(
        begin,
        *shape(7, 5, b"\0two ", b"\1" + "件".encode("utf-16-le")),
        begin, *shape(9, 5, b"\0title"), end,  # of a chart
        *shape(8, 3, b"\1" + "看😀".encode("utf-16-le")),
        (0x005D, b"\x15"), (0x01B6, b""), (0x003C, b""), (0x001C, b"\0"),
        (0x001C, struct.pack("<4H", 4, 2, 0, 7) + bytes(3)),
        end,
    )  # fmt: skip
    assert written(stream, 80) == [("C5", "two 件"), ("", "看😀")]


def test_notes_of_an_xls_before_excel_97() -> None:
    first, rest, second = "一二".encode("cp936"), "三".encode("cp936"), b"second"
    stream = records(
        (0x0809, bytes(8)),
        (0x001C, struct.pack("<3H", 1, 1, 6) + first),
        (0x001C, struct.pack("<3H", 0xFFFF, 0, 2) + rest),
        (0x001C, struct.pack("<3H", 6, 2, 6) + second),
        (0x000A, b""),
    )
    assert written(stream, 70) == [("B2", "一二三"), ("C7", "second")]


def test_what_is_written_without_end_is_counted_and_shortened() -> None:
    found = notes.Notes()
    for number in range(notes.MOST + 5):
        found.add("a", "B" * 100, f"{number} " + "x" * 10_000)
    found.add("a", "B1", " \n ")
    *listed, rest = found.findings()
    assert len(listed) == notes.MOST
    assert {len(each.raw) for each in listed} == {notes.LONGEST}
    assert max(len(each.place.cell) for each in listed) < 100
    assert (rest.code, rest.values) == ("FIL_053", {"count": 5})
