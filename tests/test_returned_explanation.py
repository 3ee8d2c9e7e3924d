"""One returned file explained in the reader's language."""

from pathlib import Path

import pytest
import returned_books as books
from interview_plans import CATALOGUE

from cmme_xl.catalogue import load
from cmme_xl.returned.explanation import ANGLES, explained
from cmme_xl.returned.read import read_file

TABLE = "1 | 4分 | 5 | 台账 | \n2 | about 4 | 3 | | 见附件\n3 | 不适用\n4\n5 | 3\n6\n7 | 不知道"


@pytest.mark.parametrize(
    ("lang", "counts", "written"),
    [
        ("zh", "现状：评分 2 · 不适用 1 · 不知道 1 · 空白 2 · 没有采用 1 · 冲突 0", "依据 1 条，备注 1 条"),
        ("en", "current: scored 2 · N/A 1 · don't know 1 · blank 2 · not taken 1 · conflicting 0", "evidence: 1"),
    ],
)
def test_it_says_what_was_understood_and_what_is_open(tmp_path: Path, lang: str, counts: str, written: str) -> None:
    file, answers = read_file(books.book(tmp_path / "P1.xlsx", TABLE), CATALOGUE)
    said = "\n".join(explained(file, answers, lang))
    assert counts in said
    assert written in said
    assert f"{books.IDS[3]} (C5), {books.IDS[5]} (C7)" in said


def test_every_angle_a_group_speaks_for_has_a_name() -> None:
    assert {group.angle for group in load().groups} <= set(ANGLES)


def test_an_angle_that_a_file_makes_up_is_shown_and_cannot_act(tmp_path: Path) -> None:
    made = books.book(tmp_path / "P1.xlsx", "1 | 4")
    file, (answer, *_) = read_file(made, CATALOGUE)
    answer = answer._replace(angle="\x1b[2Jx")
    said = "\n".join(explained(file, (answer,), "en"))
    assert "\x1b" not in said
    assert "[2Jx: scored 1" in said


def test_a_file_that_holds_no_answers_is_named_with_its_fate(tmp_path: Path) -> None:
    (tmp_path / "x.pdf").write_bytes(b"%PDF-1.7")
    file, answers = read_file(tmp_path / "x.pdf", CATALOGUE)
    assert list(explained(file, answers, "en"))[:2] == ["x.pdf", "  status: unreadable    respondent: –"]
