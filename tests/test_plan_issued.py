"""The issue log read back: whoever wrote its lines, and however they end."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest
from returned_books import issue

from cmme_xl.plan.issued import read

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
    with pytest.raises(ValueError, match=r"issued\.jsonl:2: "):
        read(log(tmp_path, FIRST.line(), cut, SECOND.line(), ""))
