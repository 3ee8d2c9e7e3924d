"""The functions as Excel calls them: xlwings' real conversion layer, arguments in the shapes of COM.

xlwings turns into another program when its Windows side is loaded, so all calls are made in one process apart.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from test_hosts_functions import WRONG, agrees, column, roll_up_arguments, whole
from test_scoring import CASES

from cmme_xl.hosts.cells import ErrorKind
from cmme_xl.hosts.functions import FUNCTIONS

CALLS = """
import json, sys, time
import xlwings_on_any_system as excel
excel.install()
answers = []
for name, blocks, plain in json.load(sys.stdin):
    arguments = blocks if plain else [excel.com(block) for block in blocks]
    started = time.process_time()
    try:
        answer = excel.cell_call(name, *arguments)
    except Exception as error:
        answer = {"error": type(error).__name__ + ": " + str(error)}
    answers.append([answer, time.process_time() - started])
print(json.dumps(answers))
"""
MISSING = -2147352572


def excel(*calls: tuple[str, Any]) -> list[tuple[Any, float]]:
    """What Excel would be answered, and how long it took, for each (function, arguments)."""
    given = [(f"CMME_{name}", blocks, isinstance(blocks, dict)) for name, blocks in calls]
    given = [(name, b["plain"] if plain else b, plain) for name, b, plain in given]
    done = subprocess.run(
        [sys.executable, "-c", CALLS],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        cwd=Path(__file__).parent,
        env={"PYTHONPATH": str(Path(__file__).parent.parent)},
        check=True,
    )
    return [(answer, seconds) for answer, seconds in json.loads(done.stdout)]


def answer(name: str, *blocks: Any) -> Any:
    [(found, _)] = excel((name, blocks))
    return found


def test_blocks_roll_up_as_the_table_says() -> None:
    cases = CASES["tree"] + CASES["gap"]
    answers = excel(*(("ROLLUP", roll_up_arguments(case)) for case in cases))
    for case, (found, _) in zip(cases, answers, strict=True):
        rows = found if isinstance(found[0], list) else [found]
        by_id = dict(zip((row["id"] for row in case["node"]), rows, strict=True))
        for id_, expected in case["expect"].items():
            if isinstance(expected, dict):
                for key, figure in zip(("score", "low", "high", "coverage"), by_id[id_], strict=False):
                    assert key not in expected or agrees(figure, expected[key]), (case["name"], id_, key)
            else:
                assert agrees(by_id[id_][5], expected[0]), (case["name"], id_)


def test_cells_in_every_shape_that_excel_sends() -> None:
    calls: list[tuple[str, Any, Any]] = [
        ("SCORE", [column(4, None, "NA", 2)], 3),
        ("SCORE", [column(4, "#DIV/0!", 2)], 3),
        ("SCORE", [column(4, True, "4", 2)], 3),
        ("SCORE", [[[4, 2, None]]], 3),
        ("SCORE", [[[4, 1], [3, 0]]], 2),
        ("SCORE", [[[4]]], 4),
        ("SCORE", [[[4]], [[2]], None], 4),
        ("SCORE", [column(None, "NA")], ""),
        ("SCORE", {"plain": [4, MISSING, MISSING]}, 4),
        ("SCORE", {"plain": [[[1, 3]], [[3, 1]], MISSING]}, 1.5),
        ("LEVEL", [[[2.5]], None], 3),
        ("LEVEL", [[[None]], None], ""),
        ("LEVEL", {"plain": [4.5, MISSING]}, 5),
        ("LEVEL_NAME", [[[2]], column("Initial", "Repeatable")], "Repeatable"),
        ("RANGE", [column(4, None), None, None, None], [2, 4.5]),
        ("AGREEMENT", [column(4, 2), column("senior", "front"), None], [2, 2, 1, 2]),
        ("IMPORTANCE", [column(0.5, 0.25), column(1, None), column(None, 2), None], [[0.5], [0.5]]),
    ]
    answers = excel(*((name, blocks) for name, blocks, _ in calls))
    assert [found for found, _ in answers] == [expected for *_, expected in calls]


def test_a_wrong_argument_is_an_error_with_the_name_that_the_wrapper_looks_for() -> None:
    wrong = [(name, blocks, kind) for name, blocks, kind in WRONG if all(blocks) and all(all(b) for b in blocks if b)]
    answers = excel(*((name, blocks) for name, blocks, _ in wrong))
    assert len(wrong) > 30
    found = {
        f"{name} {blocks}": found
        for (name, blocks, kind), (found, _) in zip(wrong, answers, strict=True)
        if not isinstance(found, dict) or (kind is ErrorKind.NUM and not found["error"].endswith(kind.value))
    }
    assert found == {}


def test_whole_columns_are_answered_in_bounded_time() -> None:
    [(found, seconds)] = excel(("SCORE", [whole("Score", 4, None, 2), whole("Weight", 1, 1, 2)]))
    assert found == pytest.approx(8 / 3)
    assert seconds < 30


def test_every_function_is_there_with_its_texts() -> None:
    """As the function wizard is to show them."""
    code = (
        "import json, xlwings_on_any_system as e; e.install(); from cmme_xl.hosts import excel as x;"
        "print(json.dumps({n: f.__xlfunc__ for n, f in vars(x).items() if hasattr(f, '__xlfunc__')}))"
    )
    here = Path(__file__).parent
    environment = {"PYTHONPATH": str(here.parent)}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=here, env=environment, check=True
    )
    known = json.loads(done.stdout)
    assert list(known) == list(FUNCTIONS)
    assert {each["category"] for each in known.values()} == {"CMME"}
    assert {each["volatile"] for each in known.values()} == {False}
    assert all(arg["doc"] and arg["options"]["ndim"] == 2 for each in known.values() for arg in each["args"])
