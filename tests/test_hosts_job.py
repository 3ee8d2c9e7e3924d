"""What the ribbon starts: one command in a process of its own, told and telling by files."""

import subprocess
import sys
from pathlib import Path

import pytest

import cmme_xl
from cmme_xl.hosts.job import run


def job(folder: Path, *lines: str) -> Path:
    path = folder / "cmme-1.job"
    path.write_bytes("\n".join([*lines, ""]).encode("utf-8-sig"))
    return path


def test_a_job_says_what_the_command_says_and_how_it_ended(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "cmme_xl.hosts.job", str(job(tmp_path, "en", "--version"))]
    assert subprocess.run(command).returncode == 0
    assert cmme_xl.__version__ in (tmp_path / "cmme-1.out").read_text("utf-8")
    assert (tmp_path / "cmme-1.done").read_text("utf-8") == "0"
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".done", ".job", ".out"]


@pytest.mark.parametrize(("lang", "word"), [("zh", "处理："), ("en", "fix: ")])
def test_a_refusal_is_told_in_the_language_of_the_ribbon(tmp_path: Path, lang: str, word: str) -> None:
    # a name that a command line could take for something else stays a name
    name = "计划 & (1) %PATH% \"x\" ^.xlsx"
    assert run(job(tmp_path, lang, "plan", "check", name)) == 2
    said = (tmp_path / "cmme-1.out").read_text("utf-8")
    assert "%PATH%" in said
    assert word in said
    assert (tmp_path / "cmme-1.done").read_text("utf-8") == "2"


def test_a_job_that_cannot_be_run_is_done_all_the_same(tmp_path: Path) -> None:
    path = job(tmp_path, "en", "--version")
    (tmp_path / "cmme-1.out").mkdir()
    with pytest.raises(OSError, match=r"cmme-1\.out"):
        run(path)
    assert (tmp_path / "cmme-1.done").read_text("utf-8") == "2"
