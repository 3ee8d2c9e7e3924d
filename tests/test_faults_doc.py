"""The list of faults names tests and codes that there are, and says the same in both languages."""

import ast
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from cmme_xl.findings import codes

TESTS = Path(__file__).parent
DOCS = TESTS.parent / "docs"
ROW = re.compile(r"^\| (?P<fault>.+?) \| (?P<outcome>.+?) \| (?P<codes>.*?) ?\| (?P<tests>.+?) \|$", re.M)
NAMED = re.compile(r"`(test_\w+\.py)::(test_\w+)`")


class Line(NamedTuple):
    """One fault: what is wrong, what comes of it, the codes of the findings, and the tests that hold it."""

    fault: str
    outcome: str
    codes: tuple[str, ...]
    tests: tuple[tuple[str, ...], ...]


@cache
def lines(name: str) -> tuple[Line, ...]:
    rows = [row for row in ROW.finditer((DOCS / name).read_text("utf-8")) if NAMED.search(row["tests"])]
    return tuple(
        Line(row["fault"], row["outcome"], tuple(re.findall(r"\w+", row["codes"])), tuple(NAMED.findall(row["tests"])))
        for row in rows
    )


@cache
def named_in(file: str) -> frozenset[str]:
    tree = ast.parse((TESTS / file).read_text("utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


@pytest.mark.parametrize("name", ["faults.md", "faults.zh-CN.md"])
def test_every_line_has_a_test_that_there_is_and_codes_that_are_worded(name: str) -> None:
    table = [row for row in (DOCS / name).read_text("utf-8").splitlines() if row.startswith("| ")]
    heads = [row for row in table if "`test_" not in row]
    assert set(heads) <= {"| fault | outcome | code | test |", "| 毛病 | 结果 | 代码 | 测试 |"}
    assert len(lines(name)) == len(table) - len(heads) > 100
    assert [line.fault for line in lines(name) if set(line.codes) - set(codes())] == []
    assert [
        f"{file}::{test}" for line in lines(name) for file, test in line.tests if test not in named_in(file)
    ] == []


def test_both_languages_list_the_same_faults() -> None:
    english, chinese = ([(line.codes, line.tests) for line in lines(f"faults{end}.md")] for end in ("", ".zh-CN"))
    assert english == chinese


def test_a_line_that_names_a_code_names_a_test_that_knows_it() -> None:
    for line in lines("faults.md"):
        told = "".join((TESTS / file).read_text("utf-8") for file, _ in line.tests)
        assert [code for code in line.codes if code not in told] == [], line.fault
