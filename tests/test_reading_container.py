"""What a file is by its bytes, and the guards on its zip."""

import io
import struct
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmme_xl.reading.container import MAX_PARTS, Archive, Format, Refused, recognise


def zipped(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return buffer.getvalue()


WORKBOOK = zipped({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"})


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        (WORKBOOK, "a.xlsx", Format.WORKBOOK),
        (WORKBOOK, "a.csv", Format.WORKBOOK),
        (WORKBOOK, "~$a.xlsx", Format.SYSTEM),
        (b"x", ".DS_Store", Format.SYSTEM),
        (b"x", "._a.xlsx", Format.SYSTEM),
        (b"x", "Thumbs.db", Format.SYSTEM),
        (b"", "a.xlsx", Format.EMPTY),
        (WORKBOOK[:-40], "a.xlsx", Format.TRUNCATED),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "a.xlsx", Format.ENCRYPTED),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook\0".encode("utf-16-le"), "a.xlsx", Format.XLS),
        (b"\x09\x08\x10\x00\x00\x06", "a.xls", Format.XLS),
        (zipped({"[Content_Types].xml": b"", "xl/workbook.bin": b""}), "a.xlsx", Format.XLSB),
        (
            zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b""}),
            "a.xlsx",
            Format.ODS,
        ),
        (zipped({"问卷.xlsx": WORKBOOK}), "a.xlsx", Format.ZIP),
        (zipped({"[Content_Types].xml": b"", "word/document.xml": b""}), "a.xlsx", Format.DOCUMENT),
        (zipped({"mimetype": b"application/vnd.oasis.x.text", "content.xml": b""}), "a.ods", Format.DOCUMENT),
        (zipped({"Index/Document.iwa": b""}), "a.numbers", Format.NUMBERS),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"), "a.xls", Format.DOCUMENT),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "__substg1.0_37".encode("utf-16-le"), "a.msg", Format.MAIL),
        (b"Received: from mail\r\nSubject: x\r\n", "a.eml", Format.MAIL),
        (b"{\\rtf1 x}", "a.doc", Format.DOCUMENT),
        (b"Rar!\x1a\x07\x01\0", "a.xlsx", Format.PACKED),
        (b"7z\xbc\xaf\x27\x1c", "a.7z", Format.PACKED),
        (b"\x1f\x8b\x08", "a.gz", Format.PACKED),
        (b"\xff\xd8\xff\xe0", "a.xlsx", Format.PICTURE),
        (b"a,b\n1,2\n", "a.xlsx", Format.TEXT),
        ("编号,现状\n".encode("gb18030"), "a.csv", Format.TEXT),
        (b"\xef\xbb\xbf <!DOCTYPE html><html>", "a.xlsx", Format.MARKUP),
        (b"<html><table>", "a.xls", Format.MARKUP),
        (b'<?xml version="1.0"?><Workbook/>', "a.xls", Format.MARKUP),
        (b"%PDF-1.7", "a.xlsx", Format.PDF),
        (b"\x89PNG\r\n\x1a\n\0\0", "a.xlsx", Format.PICTURE),
        (b"\x7fELF\2\1\1\0\0", "a.xlsx", Format.OTHER),
        (b"bplist00...", "a.xlsx", Format.PLACEHOLDER),
        (b"\0" * 900, "a.xlsx", Format.PLACEHOLDER),
        (b'{"url": "https://example.com"}', "a.gsheet", Format.PLACEHOLDER),
    ],
)
def test_a_file_is_what_its_bytes_say(data: bytes, name: str, expected: Format) -> None:
    assert recognise(data, name) is expected


def refusal(data: bytes, part: str = "a") -> str:
    with pytest.raises(Refused) as caught:
        Archive(data).read(part)
    assert caught.value.finding.reason("zh")
    assert caught.value.finding.reason("en")
    return caught.value.finding.code


def test_a_bomb_is_refused_before_it_is_inflated() -> None:
    assert refusal(zipped({"a": b"\0" * (40 * 2**20)})) == "FIL_015"


def test_a_part_that_hides_its_size_is_not_inflated_beyond_the_cap() -> None:
    data = bytearray(zipped({"a": b"\0" * (40 * 2**20)}))
    at = data.index(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 10)
    assert refusal(bytes(data)) in ("FIL_004", "FIL_015")


def test_doubled_entries_are_refused() -> None:
    assert refusal(zipped({"a": b"1", "A": b"2"})) == "FIL_016"


def test_overlapping_entries_are_refused() -> None:
    data = bytearray(zipped({"a": b"1" * 500, "b": b"2" * 500}))
    second = data.rindex(b"PK\x01\x02")
    data[second + 42 : second + 46] = struct.pack("<I", 2)
    assert refusal(bytes(data)) in ("FIL_016", "FIL_004")


def test_too_many_parts_are_refused() -> None:
    assert refusal(zipped({str(n): b"" for n in range(MAX_PARTS + 1)})) == "FIL_018"


def test_a_flipped_bit_is_damage() -> None:
    data = bytearray(zipped({"a": b"some text that is long enough"}))
    data[40] ^= 0xFF
    assert refusal(bytes(data)) == "FIL_004"


@given(
    method=st.sampled_from((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2)),
    name=st.sampled_from(("xl/a.xml", "xl/\u9762.xml")),
    part=st.binary(max_size=40) | st.just(b"<c/>" * 9_000),
    flips=st.lists(st.tuples(st.integers(0, 400), st.integers(1, 255)), max_size=2),
)
def test_a_part_is_what_zipfile_says_of_it(
    method: int, name: str, part: bytes, flips: list[tuple[int, int]]
) -> None:
    """Whatever a local header, a stream or a directory holds: the same bytes, or both refuse."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        archive.writestr(name, part)
    data = bytearray(buffer.getvalue())
    for place, mask in flips:
        data[place % len(data)] ^= mask
    try:
        ours = Archive(bytes(data))
    except Refused:
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            (info,) = archive.infolist()
            expected = archive.read(info)
    except Exception:  # zipfile raises many kinds on damage
        for each in ours.names:
            with pytest.raises(Refused):
                ours.read(each)
    else:
        assert [ours.read(each) for each in ours.names] in ([expected], [])


def test_climbing_parts_are_left_out_and_backslashes_read() -> None:
    archive = Archive(zipped({"../../evil": b"x", "XL\\Workbook.xml": b"here"}))
    assert archive.climbing == ["../../evil"]
    assert archive.read("xl/workbook.xml") == b"here"
    assert archive.read("evil") == b""


@given(st.binary(max_size=600))
def test_any_bytes_have_a_format(data: bytes) -> None:
    for prefix in (b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x05\x06"):
        with suppress(Refused):
            assert isinstance(recognise(prefix + data, "a.xlsx"), Format)
