"""The issue log read back: whoever wrote its lines, and however they end."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest
from returned_books import issue

from cmme_xl.findings import Refusal
from cmme_xl.plan.issued import read, torn

FIRST, SECOND = issue("P1"), issue("P2")
ENTRY = asdict(FIRST) | {"questions": [asked._asdict() for asked in FIRST.questions]}


def log(folder: Path, *lines: str) -> Path:
    path = folder / "issued.jsonl"
    path.write_text("\n".join(lines), "utf-8")
    return path


@pytest.mark.parametrize(
    "line",
    [
        FIRST.line(),
        f"{FIRST.line()}\r",
        json.dumps(ENTRY),
        json.dumps(ENTRY, separators=(",", ":")),
        json.dumps(dict(sorted(ENTRY.items())), separators=(",", ":")),
        json.dumps({"questions": ENTRY["questions"], **ENTRY}, separators=(",", ":")),
    ],
    ids=["ours", "windows", "spaced", "dense", "sorted", "questions first"],
)
def test_a_line_says_the_same_in_any_form(line: str, tmp_path: Path) -> None:
    assert read(log(tmp_path, line, SECOND.line(), "")) == (FIRST, SECOND)


@pytest.mark.parametrize("file", ["a.xlsx", ',"questions":[]}', "受访者.xlsx"])
def test_texts_may_look_like_parts_of_a_line(file: str, tmp_path: Path) -> None:
    entry = issue("P1", file=file)
    assert read(log(tmp_path, entry.line(), "")) == (entry,)


def test_people_who_are_asked_the_same_share_the_list(tmp_path: Path) -> None:
    first, second = read(log(tmp_path, FIRST.line(), SECOND.line(), ""))
    assert first.questions is second.questions


@pytest.mark.parametrize("length", [1, 40, -1, -2])
def test_a_last_line_cut_short_is_passed_over_and_any_other_is_not(length: int, tmp_path: Path) -> None:
    cut = SECOND.line()[:length]
    assert read(log(tmp_path, FIRST.line(), cut)) == (FIRST,)
    with pytest.raises(Refusal, match=r"GEN_010 .*issued\.jsonl:2: "):
        read(log(tmp_path, FIRST.line(), cut, SECOND.line(), ""))


@pytest.mark.parametrize(("length", "told"), [(40, SECOND.line()[:40]), (-1, SECOND.file)])
def test_a_last_line_cut_short_is_told_by_what_is_left_of_it(length: int, told: str, tmp_path: Path) -> None:
    (finding,) = torn(log(tmp_path, FIRST.line(), SECOND.line()[:length]))
    assert (finding.code, finding.raw) == ("GEN_012", told)
    assert torn(log(tmp_path, FIRST.line(), SECOND.line())) == ()
    assert torn(tmp_path / "none.jsonl") == ()


def test_a_log_that_cannot_be_read_is_a_refusal(tmp_path: Path) -> None:
    (tmp_path / "issued.jsonl").mkdir()
    with pytest.raises(Refusal, match=r"GEN_010 .*cannot be read"):
        read(tmp_path / "issued.jsonl")
