"""Mutants of returned workbooks, and other people's spreadsheets: bench/fuzz.py says what is demanded of each."""

import os
import subprocess
import sys
from pathlib import Path

import lanes
import pytest
from fault_books import as_csv, as_ods, as_xlsb, raw

FUZZ = lanes.ROOT / "bench" / "fuzz.py"


def fuzz(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    command = [sys.executable, str(FUZZ), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=600, env=environment)


def test_no_mutant_ends_in_an_exception_or_is_lost(tmp_path: Path) -> None:
    files = {"a.ods": as_ods(raw()), "a.xlsb": as_xlsb(raw()), "a.csv": as_csv(raw()).encode()}
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    done = fuzz("--seconds", "4", "--seeds", *(str(tmp_path / name) for name in files))
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.lane("corpus")
def test_no_spreadsheet_of_others_ends_in_an_exception_or_is_lost() -> None:
    done = fuzz("--files", str(lanes.corpus()))
    assert done.returncode == 0, done.stdout + done.stderr
