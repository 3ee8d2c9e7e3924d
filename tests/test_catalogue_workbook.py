"""The catalogue in Excel and back: without edits nothing changes, with edits what was meant, faults by their cell."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time
from functools import cache
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from allowed_functions import EXCEL_2016
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from cmme_xl.catalogue import Catalogue, examine, load, workbook
from cmme_xl.catalogue.exporting import catalogue_bytes, export
from cmme_xl.findings import Finding, Refusal, Severity
from cmme_xl.spreadsheet.lint import lint

Edit = Callable[[Workbook], None]
SHIPPED = ["cmm-e", "cmm-s"]


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The catalogue as a workbook."""
    path = tmp_path_factory.mktemp("exported") / "en.xlsx"
    export(path, base(), "en")
    return path


@cache
def base() -> Catalogue:
    """Three indicators of the smaller of the shipped catalogues."""
    whole = load("cmm-s")
    first, second, *_ = whole.dimensions
    third = replace(second.indicators[0], number=3, prerequisites=())
    kept = replace(first, indicators=first.indicators[:2]), replace(second, indicators=(third,))
    return replace(whole, dimensions=kept)


@pytest.fixture
def after(exported: Path, tmp_path: Path) -> Callable[[Edit], Path]:
    """The workbook after an edit, as a file."""

    def edited(edit: Edit) -> Path:
        work = openpyxl.load_workbook(exported)
        edit(work)
        work.save(tmp_path / "mine.xlsx")
        return tmp_path / "mine.xlsx"

    return edited


def sheet(work: Workbook, role: str) -> Worksheet:
    found: Worksheet = work[workbook.sheet_name(role, "en")]
    return found


def column(role: str, of: str) -> int:
    return 2 + [entry["role"] for entry in workbook.columns(of, base())].index(role)


def cell(work: Workbook, of: str, id_: str, role: str, part: str = "") -> Any:
    """The cell of a role in the row of an id."""
    key = "key" if of == "settings" else "id"
    where = sheet(work, of)
    for row in range(8, where.max_row + 1):
        fits = not part or where.cell(row, column("part", of)).value == part
        if fits and str(where.cell(row, column(key, of)).value) == id_:
            return where.cell(row, column(role, of))
    raise AssertionError(id_)


def put(of: str, id_: str, role: str, value: Any, part: str = "") -> Edit:
    def edit(work: Workbook) -> None:
        cell(work, of, id_, role, part).value = value

    return edit


def added(**values: Any) -> Edit:
    """A question typed into the first empty row; __ stands for the dot in a role."""

    def edit(work: Workbook) -> None:
        where = sheet(work, "questions")
        row = next(r for r in range(8, 999) if where.cell(r, column("id", "questions")).value is None)
        for role, value in values.items():
            where.cell(row, column(role.replace("__", "."), "questions")).value = value

    return edit


def new_question(id_: str) -> dict[str, Any]:
    words = {"text": ("员工是否收到过系统的升级通知？", "Do staff hear of an upgrade before it happens?")}
    words |= {"evidence": ("升级通知邮件", "Upgrade notices"), "next": ("提前一周通知。", "Announce it a week ahead.")}
    texts = {f"{field}__{lang}": pair[lang == "en"] for field, pair in words.items() for lang in ("zh", "en")}
    tier = f"{workbook.TIER}{base().tiers[0].id}"
    return {"id": id_, "minutes": 1, "weight": 1, "short": "No", tier: "✓", **texts}


def each_of(indicator: str, role: str, value: Any) -> Edit:
    """The same value in a column of all questions of an indicator."""

    def edit(work: Workbook) -> None:
        for id_ in base().questions:
            if id_.startswith(f"{indicator}-"):
                put("questions", id_, role, value)(work)

    return edit


def no_tier(work: Workbook) -> None:
    for tier in base().tiers:
        put("questions", FIRST, f"{workbook.TIER}{tier.id}", None)(work)


weightless = each_of("S2-01", "weight", 0)
all_off = each_of("S1-01", "used", "No")
none_short = each_of("S1-01", "short", "No")


def swapped(first: str, second: str) -> Edit:
    def edit(work: Workbook) -> None:
        one, other = (cell(work, "questions", id_, "id") for id_ in (first, second))
        one.value, other.value = second, first

    return edit


def merged(work: Workbook) -> None:
    sheet(work, "questions").merge_cells("D8:D9")


def gone(of: str, id_: str) -> Edit:
    key = "key" if of == "settings" else "id"
    return lambda work: sheet(work, of).delete_rows(cell(work, of, id_, key).row)


def placed(path: Path, findings: tuple[Finding, ...]) -> set[tuple[str, str]]:
    """Code and cell of every finding; each is in the file and says what to do in both languages."""
    assert all(f.place.file == path.name and f.reason(lang) and f.fix(lang) for f in findings for lang in ("zh", "en"))
    return {(f.code, f.place.cell) for f in findings}


FIRST = "S1-01-Q1"


@pytest.mark.parametrize("id_", SHIPPED)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_round_trip_without_edits_changes_nothing(id_: str, lang: str, tmp_path: Path) -> None:
    meant = load(id_)
    export(tmp_path / "c.xlsx", meant, lang)
    found, findings = examine(tmp_path / "c.xlsx")
    assert findings == ()
    assert found == meant
    assert found is not None
    assert found.hash == meant.hash


def test_what_openpyxl_saves_is_the_same_catalogue(after: Callable[[Edit], Path]) -> None:
    assert load(after(lambda work: None)) == base()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_workbook_is_clean_and_its_formulas_are_old_enough(lang: str) -> None:
    assert lint(catalogue_bytes(base(), lang), EXCEL_2016) == ()


def test_a_reworded_question_gets_a_new_revision(after: Callable[[Edit], Path]) -> None:
    found = load(after(put("questions", FIRST, "text.en", "Does the record alone tell a successor all there was?")))
    question, before = found.questions[FIRST], base().questions[FIRST]
    assert (question.rev, question.text.zh) == (before.rev + 1, before.text.zh)
    assert question.text_hash != before.text_hash
    assert {q.rev for q in found.questions.values() if q.id != FIRST} == {1}


def test_an_edited_catalogue_has_a_version_of_its_own(after: Callable[[Edit], Path], tmp_path: Path) -> None:
    path = after(put("questions", FIRST, "weight", 7))
    found = load(path)
    assert found.id == base().id
    assert found.version.startswith(f"{base().version}+")
    assert found.hash != base().hash
    assert found == load(path)
    assert found.questions[FIRST].rev == 1
    export(tmp_path / "again.xlsx", found, "zh")
    assert load(tmp_path / "again.xlsx") == found


def test_a_question_is_added_in_its_indicator(after: Callable[[Edit], Path]) -> None:
    found = load(after(added(**new_question("S1-01-Q9"))))
    question = found.questions["S1-01-Q9"]
    assert (question.rev, question.short, question.tiers) == (1, False, (base().tiers[0].id,))
    assert found.indicator_of["S1-01-Q9"].questions[-1] is question
    assert len(found.questions) == len(base().questions) + 1


@pytest.mark.parametrize("number", [1, -1])
def test_a_question_switched_off_can_be_switched_on_again(
    number: int, after: Callable[[Edit], Path], tmp_path: Path
) -> None:
    question = base().indicators[0].questions[number]
    off = load(after(put("questions", question.id, "used", "否")))
    assert question.id not in off.questions
    assert (off.off, off.retired) == ((question,), base().retired)
    assert off.hash != base().hash
    export(tmp_path / "next.xlsx", off, "en")
    assert load(tmp_path / "next.xlsx") == off
    work = openpyxl.load_workbook(tmp_path / "next.xlsx")
    put("questions", question.id, "used", "Yes")(work)
    work.save(tmp_path / "next.xlsx")
    on = load(tmp_path / "next.xlsx")
    assert (on.dimensions, on.off) == (base().dimensions, ())
    added(**new_question(question.id))(work)
    work.save(tmp_path / "next.xlsx")
    assert [finding.code for finding in examine(tmp_path / "next.xlsx")[1]] == ["CAT_003"]


def test_an_outsiders_list_outlives_a_question_switched_off(tmp_path: Path) -> None:
    listed = [question.id for question in base().questions.values()][:2]
    groups = tuple(replace(g, questions=tuple(listed)) if g.external else g for g in base().groups)
    export(tmp_path / "c.xlsx", replace(base(), groups=groups), "en")
    work = openpyxl.load_workbook(tmp_path / "c.xlsx")
    put("questions", listed[1], "used", "No")(work)
    work.save(tmp_path / "c.xlsx")
    found = load(tmp_path / "c.xlsx")
    assert found.groups == groups
    assert [question.id for question in found.asked_of("benchmark")] == listed[:1]


def test_the_order_of_rows_means_nothing(after: Callable[[Edit], Path]) -> None:
    def turned(work: Workbook) -> None:
        for of in ("questions", "advice", "settings", "indicators"):
            where = sheet(work, of)
            rows = [row for row in range(8, where.max_row + 1) if where.cell(row, 2).value]
            values = [[cell.value for cell in where[row]] for row in rows]
            for row, kept in zip(rows, reversed(values), strict=True):
                for number, value in enumerate(kept, 1):
                    where.cell(row, number).value = value

    assert load(after(turned)) == base()


@pytest.mark.parametrize(
    ("of", "id_", "role", "typed"),
    [
        ("questions", FIRST, "weight", "２"),
        ("questions", FIRST, "weight", " 2.0 "),
        ("questions", FIRST, "used", "√"),
        ("questions", FIRST, "used", True),
        ("questions", FIRST, f"{workbook.TIER}sponsor", "√"),
        ("questions", FIRST, f"{workbook.TIER}sponsor", "✔\ufe0f"),
        ("questions", FIRST, f"{workbook.TIER}sponsor", "是"),
        ("questions", FIRST, f"{workbook.TIER}it", "No"),
        ("questions", FIRST, "id", "s1-01-q1"),
        ("questions", FIRST, "id", " Ｓ1-01-Q1 "),
        ("indicators", "S1-01", "id", "s1-01"),
        ("indicators", "S1", "weight", "２８"),
        ("settings", "limits.agenda_size", "zh", "１２"),
    ],
)
def test_what_can_only_be_meant_one_way_is_understood(
    of: str, id_: str, role: str, typed: object, after: Callable[[Edit], Path]
) -> None:
    assert load(after(put(of, id_, role, typed))) == base()


def test_a_new_questions_id_is_understood_in_any_case(after: Callable[[Edit], Path]) -> None:
    assert "S1-01-Q9" in load(after(added(**new_question("s1-01-q9")))).questions


@pytest.mark.parametrize(
    ("edit", "read"),
    [
        (put("indicators", "S1-01", "name.zh", "客户资料"), lambda c: c.indicators[0].name.zh == "客户资料"),
        (put("indicators", "S1", "weight", 3.5), lambda c: c.dimensions[0].weight == 3.5),
        (put("indicators", "S1-01", "key", "no"), lambda c: not c.indicators[0].key),
        (put("indicators", "S1-01", "block", "技术"), lambda c: c.indicators[0].block == "technology"),
        (put("indicators", "S1-02", "prerequisites", "S1-01"), lambda c: c.indicators[1].prerequisites == ("S1-01",)),
        (put("advice", "S1-01", "zh", "重来。", "tactical.weak"), lambda c: "重来。" in str(c.indicators[0].tactical)),
        (put("advice", "S1-01", "en", "Done.", "rubric.five"), lambda c: c.indicators[0].rubric.five.en == "Done."),
        (put("settings", "level.2.threshold", "zh", 1.25), lambda c: c.levels[1].threshold == 1.25),
        (put("settings", "limits.agenda_size", "zh", 5), lambda c: c.limits.agenda_size == 5),
        (put("settings", "group.1.name", "en", "Sponsor"), lambda c: c.groups[0].name.en == "Sponsor"),
    ],
)  # fmt: skip
def test_edits_are_taken(edit: Edit, read: Callable[[Catalogue], bool], after: Callable[[Edit], Path]) -> None:
    assert read(load(after(edit)))


@pytest.mark.parametrize(
    ("edit", "code", "where"),
    [
        (put("questions", FIRST, "text.en", None), "CAT_004", ("questions", FIRST, "text.en")),
        (put("indicators", "S1-01", "why.zh", " "), "CAT_004", ("indicators", "S1-01", "why.zh")),
        (put("advice", "S1-01", "en", "", "tactical.good"), "CAT_004", ("advice", "S1-01", "en", "tactical.good")),
        (put("questions", FIRST, "weight", "high"), "CAT_044", ("questions", FIRST, "weight")),
        (put("questions", FIRST, "weight", None), "CAT_041", ("questions", FIRST, "weight")),
        (put("questions", FIRST, "weight", -1), "CAT_008", ("questions", FIRST, "weight")),
        (put("questions", FIRST, "minutes", 0), "CAT_017", ("questions", FIRST, "minutes")),
        (put("questions", FIRST, "text.zh", "=CONCAT(A1)"), "CAT_036", ("questions", FIRST, "text.zh")),
        (put("questions", FIRST, "minutes", "=1+1"), "CAT_036", ("questions", FIRST, "minutes")),
        (put("questions", FIRST, "used", "perhaps"), "CAT_037", ("questions", FIRST, "used")),
        (put("questions", FIRST, f"{workbook.TIER}it", "x"), "CAT_037", ("questions", FIRST, f"{workbook.TIER}it")),
        (added(**new_question(FIRST.lower())), "CAT_003", ("questions", FIRST.lower(), "id")),
        (added(**new_question("X9-01-Q2")), "CAT_038", ("questions", "X9-01-Q2", "id")),
        (put("questions", "S1-01-Q2", "id", FIRST), "CAT_052", "B9"),
        (put("questions", FIRST, "id", "S1-01-Q2"), "CAT_052", "B8"),
        (put("questions", "S1-01-Q2", "id", "X9-01-Q2"), "CAT_052", ("questions", "X9-01-Q2", "id")),
        (put("questions", "S1-01-Q2", "id", "S1-01-Q77"), "CAT_052", ("questions", "S1-01-Q77", "id")),
        (put("questions", "S1-01-Q2", "id", None), "CAT_052", "B9"),
        (put("indicators", "S1-02", "id", "S1-01"), "CAT_052", "B10"),
        (put("advice", "S1-01", "id", "S1-02", "rubric.three"), "CAT_052", "B9"),
        (put("settings", "level.2.name", "key", "x"), "CAT_052", ("settings", "x", "key")),
        (put("questions", FIRST, "used", None), "CAT_041", ("questions", FIRST, "used")),
        (put("questions", FIRST, "short", None), "CAT_041", ("questions", FIRST, "short")),
        (put("questions", FIRST, "rev", 2), "CAT_054", ("questions", FIRST, "rev")),
        (put("questions", FIRST, "rev", "one"), "CAT_043", ("questions", FIRST, "rev")),
        (put("questions", FIRST, "weight", "1,5"), "CAT_044", ("questions", FIRST, "weight")),
        (put("questions", FIRST, "weight", "3 points"), "CAT_044", ("questions", FIRST, "weight")),
        (put("questions", FIRST, "weight", datetime(2026, 1, 2)), "CAT_051", ("questions", FIRST, "weight")),
        (put("questions", FIRST, "text.en", time(9, 30)), "CAT_051", ("questions", FIRST, "text.en")),
        (put("questions", FIRST, "weight", 1e300), "CAT_008", ("questions", FIRST, "weight")),
        (put("questions", FIRST, "text.en", "员工能看到客户吗？"), "CAT_047", ("questions", FIRST, "text.en")),
        (put("questions", FIRST, "text.zh", "Do staff see it?"), "CAT_047", ("questions", FIRST, "text.zh")),
        (put("advice", "S1-01", "en", "同样。", "rubric.one"), "CAT_047", ("advice", "S1-01", "en", "rubric.one")),
        (put("settings", "level.1.name", "en", "起步"), "CAT_047", ("settings", "level.1.name", "en")),
        (put("questions", FIRST, "text.en", "long " * 6_000), "CAT_048", ("questions", FIRST, "text.en")),
        (put("questions", FIRST, "text.zh", 5), "CAT_004", ("questions", FIRST, "text.zh")),
        (put("questions", FIRST, "text.en", "Is it\nchecked?"), "CAT_060", ("questions", FIRST, "text.en")),
        (put("settings", "limits.decimals", "zh", 9), "CAT_020", ("settings", "limits.decimals", "zh")),
        (put("settings", "limits.decimals", "en", 9), "CAT_053", ("settings", "limits.decimals", "en")),
        (put("indicators", "S1", "key", "Yes"), "CAT_053", ("indicators", "S1", "key")),
        (no_tier, "CAT_046", ("questions", FIRST, f"{workbook.TIER}sponsor")),
        (weightless, "CAT_045", ("questions", "S2-01-Q1", "weight")),
        (all_off, "CAT_009", ("questions", "S1-01-Q1", "used")),
        (none_short, "CAT_010", ("questions", "S1-01-Q1", "short")),
        (merged, "CAT_050", "D9"),
        (put("indicators", "S1-01", "effort", 2.5), "CAT_043", ("indicators", "S1-01", "effort")),
        (put("indicators", "S1-01", "effort", 9), "CAT_021", ("indicators", "S1-01", "effort")),
        (put("indicators", "S1-01", "prerequisites", "S1-99"), "CAT_022", ("indicators", "S1-01", "prerequisites")),
        (put("indicators", "S1-01", "prerequisites", "S1-01"), "CAT_023", ("indicators", "S1-01", "prerequisites")),
        (put("indicators", "S1-01", "number", 7), "CAT_006", ("indicators", "S1-01", "number")),
        (put("settings", "version", "zh", "9"), "CAT_039", ("settings", "version", "zh")),
        (put("settings", "level.2.threshold", "zh", 0), "CAT_015", ("settings", "level.2.threshold", "zh")),
        (put("settings", "level.4.threshold", "zh", 50), "CAT_015", ("settings", "level.4.threshold", "zh")),
        (put("settings", "band.2.threshold", "zh", 0), "CAT_028", ("settings", "band.2.threshold", "zh")),
        (put("settings", "level.1.name", "en", ""), "CAT_004", ("settings", "level.1.name", "en")),
        (added(**new_question("S1-01-Q 9")), "CAT_030", ("questions", "S1-01-Q 9", "id")),
        (added(text__en="No id?"), "CAT_041", None),
        (gone("indicators", "S1-02"), "CAT_040", "B10"),
        (gone("questions", FIRST), "CAT_042", "B8"),
        (gone("questions", "S1-02-Q1"), "CAT_042", "B12"),
        (gone("settings", "limits.decimals"), "CAT_040", None),
        (lambda work: work.remove(sheet(work, "advice")), "CAT_034", None),
        (lambda work: sheet(work, "questions").delete_cols(4), "CAT_035", "D7"),
        (lambda work: sheet(work, "questions").delete_cols(2), "CAT_035", "B7"),
        (lambda work: sheet(work, "questions").delete_rows(7), "CAT_035", None),
        (lambda work: setattr(sheet(work, "questions")["D7"], "value", "Frage"), "CAT_035", "D7"),
        (lambda work: setattr(sheet(work, "advice")["H7"], "value", "English"), "CAT_049", "H7"),
        (lambda work: work.remove(work[workbook.table("hidden")["identity"]]), "CAT_031", None),
        (lambda work: setattr(work["_catalogue"]["B1"], "value", "0"), "CAT_032", None),
        (lambda work: setattr(work["_catalogue"]["B2"], "value", "{}"), "CAT_033", None),
    ],
)
def test_a_fault_is_refused_with_its_cell(
    edit: Edit, code: str, where: tuple[str, ...] | str | None, after: Callable[[Edit], Path]
) -> None:
    """One fault is one finding, at its cell where it has one (`where`: the cell, or how to find it)."""
    path = after(edit)
    with pytest.raises(Refusal) as refused:
        load(path)
    found = placed(path, tuple(f for f in refused.value.findings if f.severity is Severity.ERROR))
    assert [each for each, _ in found] == [code]
    if where:
        at = where if isinstance(where, str) else cell(openpyxl.load_workbook(path), *where).coordinate
        assert found == {(code, at)}


def test_ids_sorted_without_their_rows_are_noticed(after: Callable[[Edit], Path]) -> None:
    path = after(swapped("S1-01-Q2", "S1-02-Q2"))
    assert {(code, at) for code, at in placed(path, examine(path)[1]) if code != "CAT_012"} == {
        ("CAT_058", "B9"),
        ("CAT_058", "B13"),
    }


def test_all_faults_at_once_and_no_consequences(after: Callable[[Edit], Path]) -> None:
    edits = (
        put("indicators", "S1-02", "prerequisites", "S9-99, S1-01"),
        put("advice", "S1-01", "en", "是", "rubric.one"),
        put("advice", "S1-01", "zh", "是", "rubric.one"),
        weightless,
        put("questions", FIRST, "weight", "high"),
        put("questions", FIRST, "text.en", None),
        put("questions", "S1-02-Q1", "text.zh", "=A1"),
        put("questions", "S1-02-Q2", "id", "S1-02-Q1"),
        put("settings", "limits.window_days", "zh", "two weeks"),
        gone("advice", "S1-02"),
    )

    def everything(work: Workbook) -> None:
        for edit in edits:
            edit(work)

    findings = [f for f in examine(after(everything))[1] if f.severity is Severity.ERROR]
    wanted = "CAT_004 CAT_005 CAT_022 CAT_036 CAT_040 CAT_043 CAT_044 CAT_045 CAT_052"
    assert sorted(finding.code for finding in findings) == wanted.split()


def test_a_missing_column_hides_no_other_fault(after: Callable[[Edit], Path]) -> None:
    def edit(work: Workbook) -> None:
        put("questions", FIRST, "weight", "high")(work)
        put("questions", FIRST, "evidence.zh", None)(work)
        sheet(work, "questions").delete_cols(column("minutes", "questions"))

    findings = [f for f in examine(after(edit))[1] if f.severity is Severity.ERROR]
    assert [finding.code for finding in findings] == ["CAT_035", "CAT_044", "CAT_004"]


def test_columns_moved_or_added_and_sheets_renamed_are_no_faults(after: Callable[[Edit], Path]) -> None:
    def edit(work: Workbook) -> None:
        where = sheet(work, "questions")
        where.insert_cols(4)
        where["D7"] = "My notes"
        where["D8"] = "=1+1"
        for row in range(7, where.max_row + 1):
            where.cell(row, 30).value, where.cell(row, 6).value = where.cell(row, 6).value, None
        where.title = "Our questions"
        sheet(work, "advice").title = "2026"

    assert load(after(edit)) == base()


def test_an_edited_copy_of_a_sheet_is_not_read_without_a_word(after: Callable[[Edit], Path]) -> None:
    def copied(work: Workbook) -> None:
        work.copy_worksheet(sheet(work, "questions"))

    def edited(work: Workbook) -> None:
        copied(work)
        work.worksheets[-1]["D8"] = "员工能否看到客户的全部往来？"

    def told(path: Path) -> list[str]:
        return [each.place.sheet for each in examine(path)[1] if each.code == "CAT_059"]

    assert told(after(copied)) == []
    assert told(after(edited)) == ["Questions Copy"]
    assert load(after(edited)) == base()


def test_ids_in_a_list_are_known_in_any_case_and_width(after: Callable[[Edit], Path]) -> None:
    found = load(after(put("indicators", "S1-02", "prerequisites", "s1-01；Ｓ２－０１")))
    assert found.indicators[1].prerequisites == ("S1-01", "S2-01")


def test_a_document_type_is_refused_before_anything_is_read(exported: Path, tmp_path: Path) -> None:
    path = tmp_path / "c.xlsx"
    with ZipFile(exported) as whole, ZipFile(path, "w") as forged:
        for name in whole.namelist():
            data = whole.read(name)
            if name == "xl/workbook.xml":
                data = data.replace(b"?>", b'?><!DOCTYPE x [<!ENTITY a "b">]>', 1)
            forged.writestr(name, data)
    assert [finding.code for finding in examine(path)[1]] == ["WBK_006"]


def test_how_long_an_interview_takes_is_said_where_it_is_decided(after: Callable[[Edit], Path]) -> None:
    path = after(put("settings", "limits.minutes_min", "zh", 50))
    tier, short = (column(role, "questions") for role in (f"{workbook.TIER}sponsor", "short"))
    where = sheet(openpyxl.load_workbook(path), "questions")
    cells = {f.place.cell for f in examine(path)[1] if f.code == "CAT_012"}
    assert {where.cell(7, tier).coordinate, where.cell(7, short).coordinate} <= cells


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not really", b"<html>", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1old"])
def test_what_is_no_workbook_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "c.xlsx"
    path.write_bytes(content)
    with pytest.raises(Refusal) as refused:
        load(path)
    assert {finding.code.partition("_")[0] for finding in refused.value.findings} == {"WBK"}
    assert examine(tmp_path / "none.xlsx")[1][0].code == "WBK_001"
