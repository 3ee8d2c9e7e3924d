"""The whole story, as `make demo` tells it: every workbook sound, every figure right."""

import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import warnings
import zipfile
from collections.abc import Callable, Iterable
from fractions import Fraction
from pathlib import Path

import lanes
import openpyxl
import pytest
from recalculation import cells, compare

from cmme_xl import demo
from cmme_xl.catalogue import load
from cmme_xl.findings import Refusal
from cmme_xl.spreadsheet import lock
from cmme_xl.spreadsheet.lint import lint
from cmme_xl.templates import template

CATALOGUE = load()


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("story") / "demo"
    demo.tell(folder, "zh", lambda line: None)
    return folder


def ours(folder: Path) -> list[Path]:
    """Every workbook the program itself wrote."""
    return sorted([*folder.glob("*.xlsx"), *folder.glob("out/*.xlsx"), *folder.glob("records/*.xlsx")])


def test_the_lint_finds_nothing(told: Path) -> None:
    assert {path.name: faults for path in ours(told) if (faults := lint(path.read_bytes()))} == {}


@pytest.mark.lane("validator")
def test_the_open_xml_sdk_finds_nothing(told: Path) -> None:
    assert {path.name: errors for path, errors in lanes.validate(ours(told)).items() if errors} == {}


@pytest.mark.lane("libreoffice")
def test_a_recalculation_changes_no_figure(told: Path, soffice: lanes.Office) -> None:
    compared = 0
    for path, again in soffice.recalculated(ours(told)).items():
        found = compare(path, again)
        assert found.wrong == {}, path.name
        compared += found.formulas
    assert compared > 50_000


def test_telling_it_again_replaces_it_and_spares_other_folders(told: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    shutil.copytree(told, again)
    demo.tell(again, "en", lambda line: None)
    assert (again / "summary-zh.xlsx").exists()
    assert not (again / "summary-en.xlsx").exists()
    (again / demo.MARK).unlink()
    with pytest.raises(Refusal):
        demo.tell(again, "zh", lambda line: None)
    assert (again / "summary-zh.xlsx").exists()


# --- the figures, worked out again from the returned files alone, sharing nothing with the program's arithmetic


def typed_scores(told: Path) -> dict[str, dict[str, list[Fraction]]]:
    """Angle -> question -> the scores typed into the returned workbooks, each person once, read with openpyxl.

    What was agreed in a person's record comes after what they had answered, and takes its place.
    """
    contract = template("interview")
    columns = [*contract["columns"], *contract["record"]["columns"]]
    heads = {head: column["role"] for column in columns for head in column["header"].values()}
    heads |= dict.fromkeys(contract["external"]["header"].values(), "external")
    outsiders = {"B": "benchmark", "K": "competitor", "C": "customer"}
    found: dict[str, dict[str, dict[str, object]]] = {}
    records = {path.name for path in told.glob("records/*.xlsx")}
    for path in sorted((told / "returned").glob("*.xlsx"), key=lambda path: path.name in records):
        person = re.match(r"([PBKC]\d\d)_", path.name)
        if person is None:
            continue
        for sheet in openpyxl.load_workbook(path).worksheets:
            roles = {heads[str(cell.value)]: int(cell.column or 0) for cell in sheet[1] if cell.value in heads}
            for row in range(2, sheet.max_row + 1):
                question = str(sheet.cell(row, 1).value)
                for role in {"current", "target", "external"} & roles.keys() if question in CATALOGUE.questions else ():
                    angle = outsiders[person[1][0]] if role == "external" else role
                    if (value := sheet.cell(row, roles[role]).value) is not None:
                        found.setdefault(angle, {}).setdefault(question, {})[person[1]] = value
    return {
        angle: {question: scores for question, given in asked.items() if (scores := understandable(given.values()))}
        for angle, asked in found.items()
    }


def understandable(typed: Iterable[object]) -> list[Fraction]:
    return [score for value in typed if (score := understood(value)) is not None]


def understood(value: object) -> Fraction | None:
    """A typed score, by the letter of scoring.md rule 1, as far as this story needs it."""
    if isinstance(value, int | float):
        return Fraction(value) if 0 <= value <= 5 else None
    match = re.fullmatch(r"([0-5])(?:分| - .+)?", str(value or "").translate(str.maketrans("０１２３４５", "012345")))
    return Fraction(match[1]) if match else None


def mean(pairs: list[tuple[Fraction | None, float]]) -> Fraction | None:
    valued = [(value, Fraction(weight)) for value, weight in pairs if value is not None]
    total = sum(weight for _, weight in valued)
    return sum((value * weight for value, weight in valued), Fraction(0)) / total if total else None


def rolled_up(values: dict[str, Fraction], given: dict[str, float]) -> dict[str, Fraction | None]:
    """The value of every node above the questions, from question values or gaps, figures given taking their place."""
    nodes: dict[str, Fraction | None] = {}
    for dimension in CATALOGUE.dimensions:
        for indicator in dimension.indicators:
            own = mean([(values.get(question.id), question.weight) for question in indicator.questions])
            nodes[indicator.id] = Fraction(str(given[indicator.id])) if indicator.id in given else own
        own = mean([(nodes[indicator.id], indicator.weight) for indicator in dimension.indicators])
        nodes[dimension.id] = Fraction(str(given[dimension.id])) if dimension.id in given else own
    nodes["total"] = mean([(nodes[dimension.id], dimension.weight) for dimension in CATALOGUE.dimensions])
    return nodes


def test_the_json_is_what_a_recomputation_by_hand_gives(told: Path) -> None:
    results = json.loads((told / "results.json").read_text("utf-8"))
    typed = typed_scores(told)
    given = {"target": {"D5": 3.5}, "benchmark": {"D8-08": 3.2}, "current": {}, "competitor": {}, "customer": {}}
    values = {
        angle: {question: sum(scores, Fraction(0)) / len(scores) for question, scores in asked.items()}
        for angle, asked in typed.items()
    }
    assert set(values) == set(given)
    for angle, figures in given.items():
        nodes = rolled_up(values[angle], figures)
        stored = results["roles"][angle]
        shown = {"total": stored["total"], **stored["dimensions"], **stored["indicators"]}
        assert nodes.keys() == shown.keys()
        for node, value in nodes.items():
            found = shown[node]["score"]
            assert (found is None) == (value is None), (angle, node)
            assert value is None or abs(found - value) <= 1e-9, (angle, node)
        assert stored["questions"].keys() == CATALOGUE.questions.keys()
    now, best = values["current"], values["benchmark"]
    gaps = {question: best[question] - now[question] for question in best.keys() & now.keys()}
    current = rolled_up(values["current"], {})
    like_for_like = rolled_up(gaps, {"D8-08": float(Fraction("3.2") - (current["D8-08"] or 0))})
    for entry in results["gaps"]:
        expected = like_for_like.get(entry["id"])
        if expected is not None:
            assert abs(entry["to_benchmark"] - expected) <= 1e-9, entry["id"]


def test_what_was_agreed_in_the_meeting_is_in_the_calibrated_summary(told: Path) -> None:
    """Typed into the scorecard as a file, read back, and shown beside what it displaces."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl tells of what it cannot keep
        sheet = openpyxl.load_workbook(told / "summary-calibrated.xlsx", data_only=True)["校准"]
    rows = {row[1].value: (row[4].value, row[5].value) for row in sheet.iter_rows(min_row=9, max_row=11)}
    plain = json.loads((told / "results.json").read_text("utf-8"))["roles"]["current"]
    nodes = {**plain["indicators"], **plain["questions"]}
    agreed = {"D7-03": 1.0, "D3-06": 2.0, "D6-07-Q1": 4.5}
    assert {node: score for node, (_, score) in rows.items()} == agreed
    assert all(abs(before - nodes[str(node)]["score"]) <= 1e-9 for node, (before, _) in rows.items())


def test_the_ledger_balances(told: Path) -> None:
    ledger = json.loads((told / "results.json").read_text("utf-8"))["ledger"]
    counts = dict(ledger["answers"])
    expected = counts.pop("expected")
    assert expected == sum(counts.values()) > 2000
    assert len(ledger["files"]) == len(list((told / "returned").iterdir()))


def test_the_comparison_compares(told: Path) -> None:
    """A workbook compared with itself differs nowhere, and there is something to compare."""
    path = told / "plan.xlsx"
    found = compare(path, path)
    assert found.wrong == {}
    assert found.formulas > 1000
    assert any(value is not None for value in cells(path, values=True).values())


# --- a run that ends before its time


def consolidation(told: Path, first: Callable[[], None] | None = None) -> "subprocess.Popen[str]":
    """`cmme-xl consolidate` on its way over the former summary, as a process of its own, which does `first` first."""
    places = (told / "plan.xlsx", told / "returned", "-o", told / "s.xlsx")
    return subprocess.Popen(
        [sys.executable, "-m", "cmme_xl", "consolidate", *places, "--lang", "en"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env=os.environ | {"CMME_LANG": "en", "PYTHONUTF8": "1"},
        preexec_fn=first,
    )


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_ended_at_any_moment_the_former_summary_stays_whole(how: signal.Signals, told: Path, tmp_path: Path) -> None:
    folder = tmp_path / "killed"
    shutil.copytree(told, folder)
    shutil.copy(folder / "summary.xlsx", folder / "s.xlsx")
    before, sent = (folder / "s.xlsx").read_bytes(), {p.name: p.read_bytes() for p in folder.glob("returned/*")}
    delay, ended = 0.2, False
    while not ended:
        run = consolidation(folder)
        try:
            run.communicate(timeout=delay)
            ended = True
        except subprocess.TimeoutExpired:
            run.send_signal(how)
            _, said = run.communicate()
            assert "Traceback" not in said
        now = (folder / "s.xlsx").read_bytes()
        assert now == before or zipfile.ZipFile(io.BytesIO(now)).testzip() is None
        assert how == signal.SIGKILL or not list(folder.glob(".*.part"))
        delay += 0.6
    assert run.returncode == 1  # findings that need someone
    assert (folder / "s.xlsx").read_bytes() != before
    assert {p.name: p.read_bytes() for p in folder.glob("returned/*")} == sent


def full_disk() -> None:
    """Leaves the process room for a few KB in any file, as a disk would that is nearly full."""
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (8_000, 8_000))


@pytest.mark.skipif(os.name != "posix", reason="the size of a file is limited on Unix only")
def test_on_a_full_disk_the_former_summary_stays_whole(told: Path, tmp_path: Path) -> None:
    folder = tmp_path / "full"
    shutil.copytree(told, folder)
    shutil.copy(folder / "summary.xlsx", folder / "s.xlsx")
    before = {path.name: path.read_bytes() for path in folder.glob("*.xlsx")}
    run = consolidation(folder, full_disk)
    _, said = run.communicate()
    assert run.returncode == 2
    assert "cannot be written" in said
    assert "Traceback" not in said
    assert {path.name: path.read_bytes() for path in folder.glob("*.xlsx")} == before
    assert not list(folder.glob(".*.part"))


def test_a_summary_that_is_open_is_left_alone(told: Path, tmp_path: Path) -> None:
    folder = tmp_path / "open"
    shutil.copytree(told, folder)
    shutil.copy(folder / "summary.xlsx", folder / "s.xlsx")
    (folder / "~$s.xlsx").touch()
    run = consolidation(folder)
    _, said = run.communicate()
    assert run.returncode == 2
    assert "Close it and try again" in said
    assert (folder / "s.xlsx").read_bytes() == (folder / "summary.xlsx").read_bytes()


def test_a_second_consolidation_is_told_who_is_at_work(told: Path) -> None:
    with lock(told / "s.xlsx"):
        run = consolidation(told)
        _, said = run.communicate()
    assert (run.returncode, (told / "s.xlsx").exists()) == (2, False)
    assert f"process {os.getpid()}" in said
