"""Ordinary faults in a returned workbook, one test each: what was typed, where it stands, what becomes of it."""

from pathlib import Path

import pytest
from openpyxl import Workbook
from returned_books import HEADERS, IDS, answer, book, codes, full, issue, plan, read, statuses

from cmme_xl.returned.model import Outcome, Returned


def sheet(workbook: Workbook) -> object:
    return workbook["问卷"]


def given(folder: Path, table: str, **how: object) -> Returned:
    book(folder / "a.xlsx", table, **how)  # type: ignore[arg-type]
    return read(folder)


def test_a_clean_file_is_accepted_and_every_answer_scored(tmp_path: Path) -> None:
    returned = given(tmp_path, "\n".join(f"{n} | {n % 5} | 5 | 台账 {n} | 备注 {n}" for n in range(1, 8)))
    assert statuses(returned) == {"a.xlsx": "accepted"}
    assert codes(returned) == []
    assert returned.tally() == {
        "expected": 14,
        "scored": 14,
        "na": 0,
        "dk": 0,
        "blank": 0,
        "rejected": 0,
        "missing": 0,
        "conflict": 0,
    }
    first = answer(returned, 3)
    assert (first.score, first.raw, first.file, first.sheet, first.cell) == (3.0, "3", "a.xlsx", "问卷", "C4")
    assert (first.evidence, first.comment) == ("台账 3", "备注 3")
    assert returned.files[0].counts == {"scored": 14}


def test_the_four_kinds_of_answer_stay_apart(tmp_path: Path) -> None:
    returned = given(tmp_path, "1 | 0\n2 | 不适用\n3 | Don't know\n4 | \n5 | '3-4\n6 | 6\n7 | 4")
    outcomes = [answer(returned, number).outcome.value for number in range(1, 8)]
    assert outcomes == ["scored", "na", "dk", "blank", "rejected", "rejected", "scored"]
    assert {answer(returned, number, "target").outcome for number in range(1, 8)} == {Outcome.BLANK}
    assert statuses(returned) == {"a.xlsx": "accepted_with_findings"}
    assert codes(returned) == ["ANS_004", "ANS_003"]
    assert answer(returned, 5).raw == "3-4"


@pytest.mark.parametrize(
    ("typed", "code", "raw"),
    [
        ("TRUE", "ANS_008", "TRUE"),
        ("#REF!", "ANS_007", "#REF!"),
        ("@2026-05-04", "ANS_009", "2026-05-04"),
        ("=2+2", "ANS_006", "=2+2"),
        ("-1", "ANS_003", "-1"),
        ("'无", "ANS_004", "无"),
    ],
)
def test_what_is_no_score_is_quoted_with_its_place(tmp_path: Path, typed: str, code: str, raw: str) -> None:
    returned = given(tmp_path, f"1 | {typed}")
    (finding,) = (finding for finding in returned.files[0].findings if finding.code == code)
    assert (finding.raw, finding.place.file, finding.place.cell, finding.place.question) == (
        raw,
        "a.xlsx",
        "C2",
        IDS[0],
    )
    assert answer(returned, 1).outcome is Outcome.REJECTED


def test_a_date_is_quoted_with_what_was_probably_typed(tmp_path: Path) -> None:
    returned = given(tmp_path, "1 | @2026-05-04\n2 | @1900-01-04")
    typed, small = (finding for finding in returned.files[0].findings if finding.code in ("ANS_009", "ANS_032"))
    assert "5月4日" in typed.reason("zh")
    assert "5/4" in typed.reason("zh")
    assert "4.5" in typed.reason("zh")
    assert "5/4" in typed.reason("en")
    assert (small.code, small.values["number"]) == ("ANS_032", 4)


def test_rows_are_found_by_id_wherever_they_are(tmp_path: Path) -> None:
    def upset(workbook: Workbook) -> None:
        page = workbook["问卷"]
        page.title = "我的答案"
        page.insert_rows(1, 3)
        page.insert_rows(6)
        page.insert_cols(1, 2)
        page.move_range("A5:H5", rows=30)
        workbook.move_sheet(page, 1)

    returned = given(tmp_path, full(), edit=upset)
    assert returned.tally()["scored"] == 14
    assert answer(returned, 1).cell == "E35"
    assert [code for code in codes(returned) if code != "ANS_023"] == []


def test_columns_are_found_by_header_in_any_order_and_language(tmp_path: Path) -> None:
    def swap(workbook: Workbook) -> None:
        page = workbook["问卷"]
        page["C1"], page["D1"] = "Target", " current (0-5)\n"

    returned = given(tmp_path, "1 | 2 | 5", edit=swap)
    assert (answer(returned, 1).score, answer(returned, 1, "target").score) == (5.0, 2.0)


def test_a_lost_target_column_is_missing_not_blank(tmp_path: Path) -> None:
    returned = given(tmp_path, full(), edit=lambda workbook: workbook["问卷"].delete_cols(4))
    assert answer(returned, 1, "target").outcome is Outcome.MISSING
    assert "ANS_016" in codes(returned)


def test_a_lost_header_row_puts_the_file_in_quarantine(tmp_path: Path) -> None:
    returned = given(tmp_path, full(), edit=lambda workbook: workbook["问卷"].delete_rows(1))
    assert statuses(returned) == {"a.xlsx": "quarantined"}
    assert "ANS_031" in codes(returned)


def test_deleted_rows_are_missing_and_said_so(tmp_path: Path) -> None:
    returned = given(tmp_path, "1 | 4 | 5\n2 | 3 | 5")
    assert returned.tally()["missing"] == 10
    assert "ANS_015" in codes(returned)


def test_a_question_given_twice_the_same_counts_once(tmp_path: Path) -> None:
    returned = given(tmp_path, "1 | 4 | 5\n1 | 4 | 5")
    assert answer(returned, 1).score == 4.0
    assert codes(returned).count("ANS_014") == 2


def test_a_question_given_twice_differently_is_a_conflict(tmp_path: Path) -> None:
    returned = given(tmp_path, "1 | 4 | 5 | 甲\n1 | 2 | 5 | 乙")
    assert (answer(returned, 1).outcome, answer(returned, 1).raw, answer(returned, 1).evidence) == (
        Outcome.CONFLICT,
        "4 | 2",
        "甲\n乙",
    )
    assert answer(returned, 1, "target").score == 5.0
    assert "ANS_013" in codes(returned)


def test_a_copied_sheet_is_noted_and_a_changed_copy_is_a_conflict(tmp_path: Path) -> None:
    same = given(tmp_path / "same", full(), edit=lambda workbook: workbook.copy_worksheet(workbook["问卷"]))
    assert "ANS_025" in codes(same)
    assert same.tally()["scored"] == 14

    def changed(workbook: Workbook) -> None:
        workbook.copy_worksheet(workbook["问卷"])["C3"] = 1

    differing = given(tmp_path / "changed", full(), edit=changed)
    assert answer(differing, 2).outcome is Outcome.CONFLICT
    assert differing.tally()["conflict"] == 1


def test_a_merge_over_answers_is_ambiguous(tmp_path: Path) -> None:
    returned = given(tmp_path, full(), edit=lambda workbook: workbook["问卷"].merge_cells("C2:C4"))
    assert [answer(returned, number).outcome for number in (1, 2, 3, 4)] == [Outcome.CONFLICT] * 3 + [Outcome.SCORED]
    assert codes(returned).count("ANS_012") == 3


def test_a_merge_of_blank_answers_is_blank(tmp_path: Path) -> None:
    returned = given(tmp_path, "1\n2\n3 | 4", edit=lambda workbook: workbook["问卷"].merge_cells("C2:D3"))
    assert answer(returned, 1).outcome is Outcome.BLANK
    assert "ANS_012" not in codes(returned)


def test_a_question_reworded_by_hand_is_pointed_out(tmp_path: Path) -> None:
    def reword(workbook: Workbook) -> None:
        workbook["问卷"]["B2"] = "您喜欢我们吗？"

    returned = given(tmp_path, "1 | 4 | 5", edit=reword)
    (finding,) = (finding for finding in returned.files[0].findings if finding.code == "ANS_017")
    assert (finding.place.cell, finding.raw) == ("B2", "您喜欢我们吗？")
    assert answer(returned, 1).score == 4.0


def test_text_elsewhere_is_listed(tmp_path: Path) -> None:
    def scribble(workbook: Workbook) -> None:
        page = workbook["问卷"]
        page["H2"] = "见附件"
        page["A20"], page["C20"] = "D9-99-Q9", 3
        workbook.create_sheet("补充")["B2"] = "还想说一句"

    returned = given(tmp_path, full(), edit=scribble)
    found = {finding.code: finding.raw for finding in returned.files[0].findings}
    assert (found["ANS_019"], found["ANS_018"], found["ANS_026"]) == ("见附件", "3", "还想说一句")


def test_answers_to_what_was_not_asked_are_listed(tmp_path: Path) -> None:
    book(tmp_path / "a.xlsx", full())
    returned = read(tmp_path, (issue(ids=IDS[:6]),))
    assert returned.tally()["expected"] == 12
    assert codes(returned).count("ANS_020") == 3


def test_evidence_that_became_a_formula_is_kept_as_text(tmp_path: Path) -> None:
    returned = given(tmp_path, "1 | 4 | 5 | =1+1")
    assert answer(returned, 1).evidence == "=1+1"
    assert "ANS_027" in codes(returned)


def test_flags_are_notes_and_change_nothing(tmp_path: Path) -> None:
    returned = given(tmp_path, "\n".join(f"{n} | 5 | 5" for n in range(1, 8)))
    assert codes(returned).count("ANS_024") == 7
    assert codes(returned).count("ANS_023") == 1
    assert statuses(returned) == {"a.xlsx": "accepted"}
    assert returned.tally()["scored"] == 14


def test_outsiders_have_one_column_for_their_angle(tmp_path: Path) -> None:
    def outside(workbook: Workbook) -> None:
        workbook["问卷"].delete_cols(4)
        workbook["问卷"]["C1"] = "评分"

    book(tmp_path / "a.xlsx", full(3), edit=outside)
    returned = read(tmp_path, (issue(angles=("benchmark",)),))
    assert {(each.angle, each.score) for each in returned.answers} == {("benchmark", 3.0)}
    assert returned.tally()["expected"] == 7


def test_every_finding_reads_in_both_languages(tmp_path: Path) -> None:
    given(tmp_path, "1 | '3-4 | 9 | =1\n1 | 5 | TRUE\n2 | '４ | 3.5")
    book(tmp_path / "b.xlsx", full(5))
    (tmp_path / "x.csv").write_text("a,b\n")
    returned = read(tmp_path, plan_=plan())
    findings = [*returned.findings, *(finding for file in returned.files for finding in file.findings)]
    assert len(findings) > 8
    for finding in findings:
        for lang in ("zh", "en"):
            assert finding.reason(lang)
            assert finding.fix(lang)
            assert "{" not in finding.reason(lang) + finding.fix(lang)


def test_the_header_words_are_those_of_the_template() -> None:
    assert HEADERS[2:4] == ("现状", "目标")
