"""A summary is never written over what the run reads, nor over somebody else's file."""

import json
import shutil
from pathlib import Path

import pytest
from small_engagement import plan as small_plan
from small_engagement import returned as small_returns

from cmme_xl.findings import Refusal
from cmme_xl.results.compute import compute
from cmme_xl.spreadsheet import Brand
from cmme_xl.summary.mark import is_summary
from cmme_xl.summary.target import keep_previous, refuse_misplaced, refuse_recognisable
from cmme_xl.summary.write import summary_bytes
from cmme_xl.templates import template

SUMMARY = summary_bytes(
    compute(small_plan("t1:top t2:top t3:top"), small_returns("t1 t2 t3\nB1-a 3 4 5")),
    "zh",
    Brand.from_table(template("brand")),
    "consultant",
)


@pytest.fixture
def engagement(tmp_path: Path) -> Path:
    (tmp_path / "plan.xlsx").write_bytes(b"the plan")
    (tmp_path / "issued.jsonl").write_text("{}\n")
    (tmp_path / "returned").mkdir()
    (tmp_path / "returned" / "P1.xlsx").write_bytes(b"an answer")
    (tmp_path / "summary.xlsx").write_bytes(SUMMARY)
    (tmp_path / "mine.xlsx").write_bytes(b"somebody's work")
    (tmp_path / "mine.json").write_text('{"name": "somebody else"}')
    (tmp_path / "results.json").write_text(json.dumps({"schema": 1}, indent=1))
    return tmp_path


def codes(folder: Path, target: str, json_file: str | None = None) -> list[str]:
    json_path = folder / json_file if json_file else None
    try:
        refuse_misplaced(folder / "plan.xlsx", folder / "returned", folder / target, json_path)
    except Refusal as refusal:
        return [finding.code for finding in refusal.findings]
    return []


@pytest.mark.parametrize(
    ("target", "json_file", "expected"),
    [
        ("summary.xlsx", None, []),
        ("new/summary.XLSX", "results.json", []),
        ("plan.xlsx", None, ["OUT_002"]),
        ("returned/../plan.xlsx", None, ["OUT_002"]),
        ("returned/P1.xlsx", None, ["OUT_002"]),
        ("returned/deeper/new.xlsx", None, ["OUT_002"]),
        ("mine.xlsx", None, ["OUT_003"]),
        ("summary.pdf", None, ["OUT_001"]),
        ("summary.xlsx", "issued.jsonl", ["OUT_002"]),
        ("summary.xlsx", "results.txt", ["OUT_001"]),
        ("summary.xlsx", "mine.json", ["OUT_003"]),
        ("plan.xlsx", "returned/r.json", ["OUT_002", "OUT_002"]),
    ],
)
def test_where_nothing_may_be_written(
    engagement: Path, target: str, json_file: str | None, expected: list[str]
) -> None:
    before = {path: path.read_bytes() for path in engagement.rglob("*") if path.is_file()}
    assert codes(engagement, target, json_file) == expected
    assert {path: path.read_bytes() for path in engagement.rglob("*") if path.is_file()} == before


def test_a_former_summary_is_kept(engagement: Path) -> None:
    assert [finding.code for finding in keep_previous(engagement / "summary.xlsx")] == ["OUT_004"]
    assert (engagement / "summary.previous.xlsx").read_bytes() == SUMMARY
    assert list(keep_previous(engagement / "none.xlsx")) == []


def test_a_summary_is_known_by_its_mark(engagement: Path, tmp_path: Path) -> None:
    renamed = tmp_path / "renamed.xlsx"
    shutil.copy(engagement / "summary.xlsx", renamed)
    assert is_summary(renamed)
    assert not is_summary(engagement / "mine.xlsx")
    assert not is_summary(engagement / "missing.xlsx")


@pytest.mark.parametrize(("people", "refused"), [(1, True), (2, True), (3, False)])
def test_a_clients_edition_of_too_few_people_is_refused(people: int, refused: bool) -> None:
    names = [f"t{number}" for number in range(1, people + 1)]
    answers = small_returns(" ".join(names) + "\nB1-a " + " ".join("3" for _ in names))
    results = compute(small_plan(" ".join(f"{name}:top" for name in names)), answers)
    if refused:
        with pytest.raises(Refusal) as caught:
            list(refuse_recognisable(results))
        assert [finding.code for finding in caught.value.findings] == ["OUT_005"]
    else:
        assert list(refuse_recognisable(results)) == []


def test_an_indicator_that_cannot_be_hidden_among_others_is_named() -> None:
    answers = small_returns("t1 t2 t3\nB1-a 3 4 5\nB2-a 3 . .")
    with pytest.raises(Refusal) as caught:
        list(refuse_recognisable(compute(small_plan("t1:top t2:top t3:top"), answers)))
    [found] = caught.value.findings
    assert found.code == "OUT_014"
    assert "B2" in found.reason("en")
    assert "B1" not in found.reason("en")
