"""Stamped copies: the same as drawn in full, and refused where they could not be."""

import io
import re
import zlib
from collections.abc import Callable
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from interview_plans import person, plan, shortened

from cmme_xl.interview import workbook
from cmme_xl.interview.form import Form
from cmme_xl.spreadsheet import Book, Brand
from cmme_xl.spreadsheet.lint import lint
from cmme_xl.spreadsheet.stamp import Slots, Stamp, mark
from cmme_xl.templates import template

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
NASTY = " <b>&amp;\"'=1+1 _x0041_ 😀 @{x} "
BRAND = Brand.from_table(template("brand"))


def drawn(texts: dict[str, str] | None) -> tuple[bytes, Slots]:
    """A small book with one constant text, two slots in cells and one in a property."""
    slots = Slots(texts)
    with Book(BRAND, "en", "A book") as book:
        sheet = book.sheet("One", [100, 100, 100])
        style = book.style()
        sheet.text(0, 0, "constant", style)
        slots.put(sheet, 1, 0, "a", style)
        slots.put(sheet, 2, 0, "b", style, (2, 2))
        book.property("kept", "constant")
        book.property("owner", slots.property("a"))
        return book.bytes(), slots


def stamp() -> Stamp:
    data, slots = drawn(None)
    return Stamp(data, slots.cells, ["a"])


def parts(data: bytes) -> dict[str, bytes]:
    with ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert len(names) == len(set(names))
        return {name: archive.read(name) for name in names}


def resolved(found: dict[str, bytes]) -> dict[str, object]:
    """Every part, with texts standing in their cells.

    The noise named: where a text is stored (and so the table of shared strings, its part's relation and type are
    compared by what cells show), and the order of the parts.
    """
    table = ElementTree.fromstring(found["xl/sharedStrings.xml"])
    strings = [ElementTree.tostring(entry, encoding="unicode") for entry in table]
    plain = {name: content for name, content in found.items() if name != "xl/sharedStrings.xml"}
    return {
        name: sheet(content, strings) if name.startswith("xl/worksheets/sheet") else content
        for name, content in plain.items()
    }


def sheet(content: bytes, strings: list[str]) -> str:
    tree = ElementTree.fromstring(content)
    for cell in tree.iter(f"{MAIN}c"):
        kind, value = cell.get("t"), cell.find(f"{MAIN}v")
        if kind == "s" and value is not None:
            cell.set("t", "text")
            value.text = re.sub(r"^<[^>]*>|</[^>]*>$", "", strings[int(value.text or "")])
            value.text = text_of(value.text)
        elif kind == "inlineStr":
            inline = cell.find(f"{MAIN}is")
            assert inline is not None
            shown = ElementTree.tostring(inline, encoding="unicode")
            cell.remove(inline)
            cell.set("t", "text")
            ElementTree.SubElement(cell, f"{MAIN}v").text = text_of(re.sub(r"^<[^>]*>|</[^>]*>$", "", shown))
    return ElementTree.tostring(tree, encoding="unicode")


def text_of(item: str) -> str:
    """The runs of a string item, without the attribute that only guards its spaces."""
    return re.sub(r' (xml:space="preserve"|xmlns:\w+="[^"]*")', "", item)


@pytest.mark.parametrize("texts", [{"a": "Ann", "b": "x"}, {"a": NASTY, "b": ""}, {"a": "林岚", "b": "\ud800 alone"}])
def test_a_stamped_file_equals_one_drawn_in_full(texts: dict[str, str]) -> None:
    assert resolved(parts(stamp()(texts))) == resolved(parts(drawn(texts)[0]))


def test_the_comparison_sees_a_difference() -> None:
    full = resolved(parts(drawn({"a": "Ann", "b": "x"})[0]))
    assert resolved(parts(stamp()({"a": "Ann", "b": "y"}))) != full


@pytest.mark.parametrize(
    "who",
    [
        person("P1", name=NASTY, department="", title="R&D <lead>"),
        person("P2", "front", "en", appointment=None),
        person("B1", "benchmark", "en"),
    ],
)
def test_an_interview_workbook_stamped_equals_one_drawn_in_full(who: object) -> None:
    made = shortened(plan(who), 12)  # type: ignore[arg-type]
    form = Form.of(made, made.people[0])
    texts = workbook.texts(form, made.people[0], "0123456789abcdef")
    stamped = workbook.stamp(workbook.render(form))(texts)
    assert resolved(parts(stamped)) == resolved(parts(workbook.render(form, texts).data))
    assert lint(stamped) == ()


def test_what_differs_per_person_stands_in_three_parts_only() -> None:
    made = shortened(plan(person("P1"), person("P2")), 12)
    form = Form.of(made, made.people[0])
    ready = workbook.stamp(workbook.render(form))
    one, two = (parts(ready(workbook.texts(form, each, f"{n:016}"))) for n, each in enumerate(made.people))
    differing = {name for name in one if one[name] != two[name]}
    assert len(differing) == 3
    assert "docProps/custom.xml" in differing


def test_the_same_texts_give_the_same_bytes() -> None:
    assert stamp()({"a": "x", "b": "y"}) == stamp()({"a": "x", "b": "y"})


def test_a_long_text_of_wide_characters_fills_several_stored_blocks() -> None:
    long = "客" * 32_767
    assert len(long.encode()) > 0xFFFF
    found = parts(stamp()({"a": "x", "b": long}))["xl/worksheets/sheet1.xml"].decode()
    assert long in found


def wrong_cell() -> Stamp:
    data, _ = drawn(None)
    return Stamp(data, {"xl/worksheets/sheet1.xml": {"Z99": "a"}})


def cell_with_text() -> Stamp:
    data, _ = drawn(None)
    return Stamp(data, {"xl/worksheets/sheet1.xml": {"A1": "a"}})


def wrong_part() -> Stamp:
    data, _ = drawn(None)
    return Stamp(data, {"xl/worksheets/sheet9.xml": {}})


def wrong_mark() -> Stamp:
    data, slots = drawn(None)
    return Stamp(data, slots.cells, ["b"])


@pytest.mark.parametrize("make", [wrong_cell, cell_with_text, wrong_part, wrong_mark])
def test_a_place_that_is_not_there_is_refused(make: Callable[[], Stamp]) -> None:
    with pytest.raises(ValueError, match=r"wanted once|not in the template"):
        make()


@pytest.mark.parametrize("text", ["a\x00b", "a\x0bb", "line\nbreak", "tab\t", "\x7f", "\uffff"])
def test_control_characters_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="control character in b"):
        stamp()({"a": "x", "b": text})


def test_a_text_too_long_for_a_cell_is_refused() -> None:
    with pytest.raises(ValueError, match="too many"):
        stamp()({"a": "x", "b": "😀" * 16_384})


def test_a_missing_text_is_refused() -> None:
    with pytest.raises(KeyError):
        stamp()({"a": "x"})


def test_no_mark_is_left_over() -> None:
    for content in parts(stamp()({"a": "x", "b": "y"})).values():
        assert mark("a").encode() not in content


def test_stored_blocks_between_deflated_ones_are_one_stream() -> None:
    """Independent of zipfile: the raw stream of a stamped part ends where its data ends."""
    data = stamp()({"a": "x", "b": "y"})
    with ZipFile(io.BytesIO(data)) as archive:
        info = archive.getinfo("xl/worksheets/sheet1.xml")
    start = info.header_offset + 30 + len(info.filename)
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    plain = stream.decompress(data[start : start + info.compress_size])
    assert stream.eof
    assert stream.unused_data == b""
    assert len(plain) == info.file_size
