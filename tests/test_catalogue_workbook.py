"""The catalogue in Excel and back: without edits nothing changes, with edits what was meant, faults by their cell."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from allowed_functions import EXCEL_2016
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from cmme_xl.catalogue import Catalogue, examine, load, workbook
from cmme_xl.catalogue.exporting import catalogue_bytes, export
from cmme_xl.findings import Finding, Refusal
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


def gone(of: str, id_: str) -> Edit:
    return lambda work: sheet(work, of).delete_rows(cell(work, of, id_, "id").row)


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


def test_a_question_switched_off_is_left_out_and_its_id_stays_reserved(
    after: Callable[[Edit], Path], tmp_path: Path
) -> None:
    last = base().indicators[0].questions[-1].id
    found = load(after(put("questions", last, "used", "否")))
    assert last not in found.questions
    assert found.retired == (last,)
    export(tmp_path / "next.xlsx", found, "en")
    work = openpyxl.load_workbook(tmp_path / "next.xlsx")
    added(**new_question(last))(work)
    work.save(tmp_path / "next.xlsx")
    assert "CAT_026" in {finding.code for finding in examine(tmp_path / "next.xlsx")[1]}


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
        (put("questions", "S1-01-Q2", "id", FIRST), "CAT_003", None),
        (put("questions", "S1-01-Q2", "id", "X9-01-Q2"), "CAT_038", ("questions", "X9-01-Q2", "id")),
        (put("indicators", "S1-01", "effort", 2.5), "CAT_043", ("indicators", "S1-01", "effort")),
        (put("indicators", "S1-01", "effort", 9), "CAT_021", ("indicators", "S1-01", "effort")),
        (put("indicators", "S1-01", "prerequisites", "S1-99"), "CAT_022", ("indicators", "S1-01", "prerequisites")),
        (put("indicators", "S1-01", "prerequisites", "S1-01"), "CAT_023", ("indicators", "S1-01", "prerequisites")),
        (put("indicators", "S1-01", "number", 7), "CAT_006", ("indicators", "S1-01", "number")),
        (put("settings", "version", "zh", "9"), "CAT_039", ("settings", "version", "zh")),
        (put("settings", "level.2.threshold", "zh", 0), "CAT_015", None),
        (put("settings", "level.1.name", "en", ""), "CAT_004", ("settings", "level.1.name", "en")),
        (added(**new_question("S1-01-Q 9")), "CAT_030", ("questions", "S1-01-Q 9", "id")),
        (added(text__en="No id?"), "CAT_041", None),
        (gone("indicators", "S1-02"), "CAT_040", None),
        (gone("questions", FIRST), "CAT_042", None),
        (gone("advice", "S1-02"), "CAT_040", None),
        (lambda work: work.remove(sheet(work, "advice")), "CAT_034", None),
        (lambda work: sheet(work, "questions").delete_cols(4), "CAT_035", None),
        (lambda work: work.remove(work[workbook.table("hidden")["identity"]]), "CAT_031", None),
        (lambda work: setattr(work["_catalogue"]["B1"], "value", "0"), "CAT_032", None),
        (lambda work: setattr(work["_catalogue"]["B2"], "value", "{}"), "CAT_033", None),
    ],
)
def test_a_fault_is_refused_with_its_cell(
    edit: Edit, code: str, where: tuple[str, ...] | None, after: Callable[[Edit], Path]
) -> None:
    path = after(edit)
    with pytest.raises(Refusal) as refused:
        load(path)
    found = placed(path, refused.value.findings)
    assert code in {each for each, _ in found}
    if where:
        assert (code, cell(openpyxl.load_workbook(path), *where).coordinate) in found


def test_all_faults_at_once_and_no_consequences(after: Callable[[Edit], Path]) -> None:
    edits = (
        put("questions", FIRST, "weight", "high"),
        put("questions", FIRST, "text.en", None),
        put("questions", "S1-02-Q1", "text.zh", "=A1"),
        put("questions", "S1-02-Q2", "id", "S1-02-Q1"),
        put("settings", "limits.window_days", "zh", "two weeks"),
        gone("indicators", "S2-01"),
    )

    def everything(work: Workbook) -> None:
        for edit in edits:
            edit(work)

    findings = examine(after(everything))[1]
    wanted = "CAT_003 CAT_004 CAT_036 CAT_040 CAT_042 CAT_043 CAT_044"
    assert sorted({finding.code for finding in findings}) == wanted.split()
    assert len(findings) == 7


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not really", b"<html>", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1old"])
def test_what_is_no_workbook_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "c.xlsx"
    path.write_bytes(content)
    with pytest.raises(Refusal) as refused:
        load(path)
    assert {finding.code.partition("_")[0] for finding in refused.value.findings} == {"WBK"}
    assert examine(tmp_path / "none.xlsx")[1][0].code == "WBK_001"
