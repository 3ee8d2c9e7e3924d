"""Returns in other formats: nothing lost silently, nothing that takes the program with it."""

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from fault_books import TYPED, as_csv, as_ods, as_xlsb, parts_of, raw, returned, sent, zipped
from returned_books import codes, statuses

from cmme_xl.reading.apart import out_of_time, read_apart, read_here
from cmme_xl.reading.container import Archive, Format, Refused
from cmme_xl.reading.delimited import read_delimited
from cmme_xl.reading.grid import Cell, CellKind, RawBook, RawSheet, Row, Rows
from cmme_xl.reading.ods import read_ods
from cmme_xl.reading.xlsb import read_xlsb
from cmme_xl.returned.model import Outcome, Returned

EVERY_KIND = RawBook(
    [
        RawSheet(
            "数据",
            False,
            {
                2: Row({
                    1: Cell(CellKind.TEXT, "多行\n文字"),
                    3: Cell(CellKind.NUMBER, "4"),
                    4: Cell(CellKind.NUMBER, "3.9999999999999996"),
                    5: Cell(CellKind.NUMBER, "-1"),
                }),
                9: Row({2: Cell(CellKind.BOOL, "TRUE"), 3: Cell(CellKind.BOOL, "FALSE")}),
            },
        ),
        RawSheet("_x", True, {1: Row({1: Cell(CellKind.TEXT, "a & <b>")})}),
    ],
    {},
    "",
    "",
)


def given(back: Returned, respondent: str = "P1", angle: str = "current") -> list[object]:
    """What is known of each of a person's questions, in the order in which they were asked."""
    found = {a.question: a for a in back.answers if (a.respondent, a.angle) == (respondent, angle)}
    return [
        found[question].score if found[question].outcome is Outcome.SCORED else found[question].outcome.value
        for question in sent().ids
    ]


EXPECTED: list[object] = [{"不适用": "na", "不知道": "dk"}.get(str(typed), typed) for typed in TYPED]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.xlsx", returned()),
        ("a.ods", as_ods(raw())),
        ("ods named.xlsx", as_ods(raw())),
        ("a.xlsb", as_xlsb(raw())),
        ("xlsb named.xlsx", as_xlsb(raw())),
        ("csv named.xlsx", as_csv(raw(), tail="CMME:Q7-2026:P1:{issue}\r\n").encode()),
        ("a.csv", as_csv(raw(), tail="CMME:Q7-2026:P1:{issue}\r\n").encode("utf-8-sig")),
        ("b.csv", as_csv(raw(), delimiter=";", tail="CMME:Q7-2026:P1:{issue}\r\n").encode("gb18030")),
        ("c.txt", as_csv(raw(), delimiter="\t", tail="CMME:Q7-2026:P1:{issue}\r\n").encode("utf-16")),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_answer_is_read_whatever_the_format(tmp_path: Path, name: str, data: bytes) -> None:
    issue = next(each.id for each in sent().issues if each.respondent == "P1")
    for encoding in ("utf-8", "utf-16-le"):
        data = data.replace("{issue}".encode(encoding), issue.encode(encoding))
    (tmp_path / name).write_bytes(data)
    back = sent().read(tmp_path)
    assert given(back) == EXPECTED
    assert ("FIL_043" in codes(back, name)) == (name != "a.xlsx")
    assert {each.evidence for each in back.answers if each.respondent == "P1"} == {f"依据 {n}" for n in range(12)}


def test_a_csv_without_the_code_is_nobodys(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(as_csv(raw()), "utf-8")
    (tmp_path / "b.csv").write_text("a,b\n1,2\n", "utf-8")
    back = sent().read(tmp_path)
    assert statuses(back) == {"a.csv": "quarantined", "b.csv": "unreadable"}
    assert codes(back, "a.csv") == ["FIL_043", "IDN_020"]
    assert codes(back, "b.csv") == ["FIL_009"]


def test_nothing_of_an_ods_is_lost() -> None:
    assert read_ods(Archive(as_ods(EVERY_KIND)))[0].sheets == EVERY_KIND.sheets


def test_nothing_of_an_xlsb_is_lost() -> None:
    assert read_xlsb(Archive(as_xlsb(EVERY_KIND)))[0].sheets == EVERY_KIND.sheets


def test_errors_formulas_and_formats_survive_an_xlsb() -> None:
    cells = {
        1: Cell(CellKind.ERROR, "#REF!"),
        2: Cell(CellKind.NUMBER, "4", "=2+2"),
        3: Cell(CellKind.TEXT, "x", '="x"'),
        4: Cell(CellKind.ERROR, "#N/A", "=NA()"),
    }
    sheet = RawSheet("a", False, {1: Row(cells)}, [(1, 1, 2, 3)])
    (back,) = read_xlsb(Archive(as_xlsb(RawBook([sheet], {}, "", ""))))[0].sheets
    assert back.merges == [(1, 1, 2, 3)]
    assert back.rows[1] == {
        1: Cell(CellKind.ERROR, "#REF!"),
        2: Cell(CellKind.NUMBER, "4", "=? (4)"),
        3: Cell(CellKind.TEXT, "x", "=? (x)"),
        4: Cell(CellKind.ERROR, "#N/A", "=? (#N/A)"),
    }


def ods(rows: str, before: str = "") -> bytes:
    content = parts_of(as_ods(RawBook([RawSheet("a", False)], {}, "", "")))
    text = content["content.xml"].decode()
    content["content.xml"] = text.replace("</table:table>", f"{before}{rows}</table:table>").encode()
    return zipped(content)


def cells_of(rows: str) -> Rows:
    return read_ods(Archive(ods(f"<table:table-row>{rows}</table:table-row>")))[0].sheets[0].rows


def test_an_ods_cell_is_what_it_was_typed_as() -> None:
    found = cells_of(
        '<table:table-cell office:value-type="percentage" office:value="0.04"><text:p>4%</text:p></table:table-cell>'
        '<table:table-cell office:value-type="date" office:date-value="2026-05-04"/>'
        '<table:table-cell table:formula="of:=1+1" office:value-type="float" office:value="2"/>'
        '<table:table-cell table:formula="of:=#REF!"><text:p>#REF!</text:p></table:table-cell>'
        '<table:table-cell office:value-type="string"><text:p>a<text:s text:c="2"/>b</text:p></table:table-cell>'
    )
    assert found[1] == {
        1: Cell(CellKind.PERCENT, "4%"),
        2: Cell(CellKind.DATE, "2026-05-04"),
        3: Cell(CellKind.NUMBER, "2", "=1+1"),
        4: Cell(CellKind.ERROR, "#REF!", "=#REF!"),
        5: Cell(CellKind.TEXT, "a  b"),
    }


def test_an_ods_note_is_no_value_and_a_covered_cell_is() -> None:
    found = cells_of(
        '<table:table-cell office:value-type="string"><office:annotation><text:p>note</text:p></office:annotation>'
        "<text:p>4</text:p></table:table-cell>"
        '<table:covered-table-cell office:value-type="float" office:value="3"/>'
    )
    assert found[1] == {1: Cell(CellKind.TEXT, "4"), 2: Cell(CellKind.NUMBER, "3")}


def test_an_ods_that_repeats_its_cells_without_end_is_refused_before_they_are_made() -> None:
    cell = '<table:table-cell table:number-columns-repeated="16384" office:value-type="float" office:value="1"/>'
    data = ods(f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>')
    with pytest.raises(Refused, match="FIL_015"):
        read_ods(Archive(data))


def test_a_chart_in_an_ods_is_nothing_that_could_act() -> None:
    space = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    entry = f'<file-entry xmlns="{space}" full-path="Object 1/" media-type="application/vnd.oasis.opendocument.'
    files = {"Object 1/content.xml": b"<a/>", "ObjectReplacements/Object 1": b"x", "Object 2": b"ole"}

    def told(kind: str, *names: str, before: str = "") -> list[str]:
        manifest = {"META-INF/manifest.xml": f'{before}{entry}{kind}"/>'.encode()}
        parts = parts_of(as_ods(raw())) | manifest | {name: files[name] for name in names}
        return [finding.raw for finding in read_ods(Archive(zipped(parts)))[1]]

    assert told("chart", "Object 1/content.xml", "ObjectReplacements/Object 1") == []
    assert told("chart", *files) == ["object 2"]
    assert told("text", *files) == ["object 1/content.xml, object 2"]
    assert told("chart", "Object 2", before="<!DOCTYPE a>") == ["object 2"]


def test_an_encrypted_ods_is_named_for_its_password() -> None:
    parts = parts_of(as_ods(raw())) | {"META-INF/manifest.xml": b"<manifest:encryption-data/>"}
    with pytest.raises(Refused, match="FIL_005"):
        read_ods(Archive(zipped(parts)))


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("a;b,c;4\nd;e,f;5\n", ["a", "b,c", "4"]),
        ("a,b;c,4\nd,e,5\n", ["a", "b;c", "4"]),
        ("sep=;\na;b,c\n", ["a", "b,c"]),
        ('a\t"多\n行"\t4\nb\tc\t5\n', ["a", "多\n行", "4"]),
        ("=1+1,TRUE\n", ["=1+1", "TRUE"]),
    ],
)
def test_the_delimiter_is_the_one_that_makes_a_table(text: str, row: list[str]) -> None:
    (sheet,) = read_delimited(text.encode())[0].sheets
    assert [cell.text for cell in sheet.rows[1].values()] == row


def test_a_csv_knows_numbers_truth_values_and_errors_and_no_formula() -> None:
    (sheet,) = read_delimited(b"4,4.5,TRUE,#REF!,=1+1,4x\n")[0].sheets
    kinds = [CellKind.NUMBER, CellKind.NUMBER, CellKind.BOOL, CellKind.ERROR, CellKind.TEXT, CellKind.TEXT]
    assert [cell.kind for cell in sheet.rows[1].values()] == kinds
    assert not any(cell.formula for cell in sheet.rows[1].values())


def test_a_child_tells_what_is_read_here() -> None:
    for format_, data in ((Format.ODS, as_ods(EVERY_KIND)), (Format.XLSB, as_xlsb(EVERY_KIND))):
        assert read_apart(data, format_) == read_here(data, format_)


@pytest.mark.parametrize(
    ("code", "format_", "limits"),
    [
        ("FIL_040", Format.ODS, {"seconds": 0.001}),
        ("FIL_041", Format.ODS, {"memory": 2**20}),
        ("FIL_042", Format.PDF, {}),
    ],
)
def test_a_child_that_hangs_eats_or_dies_is_one_finding(code: str, format_: Format, limits: dict[str, int]) -> None:
    if "memory" in limits:
        pytest.importorskip("resource", reason="this system sets no limit to the memory of a process")
    with pytest.raises(Refused) as caught:
        read_apart(as_ods(raw()) + bytes(2**24), format_, **limits)
    assert caught.value.finding.code == code
    assert caught.value.finding.reason("zh")
    assert caught.value.finding.reason("en")


def test_a_computer_with_other_things_to_do_costs_no_file() -> None:
    """The child starts in more than a fifth of a second on any clock, in less than a second of the processor."""
    pytest.importorskip("resource", reason="this system sets no limit to the time of the processor")
    assert read_apart(as_ods(EVERY_KIND), Format.ODS, seconds=0.2) == read_here(as_ods(EVERY_KIND), Format.ODS)


def test_the_time_of_the_processor_is_limited() -> None:
    pytest.importorskip("resource", reason="this system sets no limit to the time of the processor")
    burning = "from cmme_xl.reading.apart import limit_time\nlimit_time(0.1)\nwhile True: pass"
    done = subprocess.run([sys.executable, "-c", burning], timeout=60)
    assert out_of_time(done.returncode)
    assert not out_of_time(0)


@pytest.mark.parametrize("format_", [Format.ODS, Format.XLSB, Format.XLS])
def test_damage_in_another_format_is_told(format_: Format) -> None:
    whole = {Format.ODS: as_ods(raw()), Format.XLSB: as_xlsb(raw()), Format.XLS: b"\x09\x08\x10\0\0\x06" * 9}[format_]
    if format_ is Format.XLS:
        damaged = whole
    else:
        part = {Format.ODS: "content.xml", Format.XLSB: "xl/worksheets/sheet3.bin"}[format_]
        parts = parts_of(whole)
        damaged = zipped(parts | {part: parts[part][:-7]})
    with pytest.raises(Refused, match="FIL_004"):
        read_here(damaged, format_)


def test_the_same_answers_in_two_formats_are_one_return(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(returned())
    (tmp_path / "bb.ods").write_bytes(as_ods(raw()))
    (tmp_path / "ccc.xlsb").write_bytes(as_xlsb(raw()))
    back = sent().read(tmp_path)
    assert Counter(statuses(back).values())["duplicate"] == 2
    assert given(back) == EXPECTED
