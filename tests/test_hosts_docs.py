"""The functions and their pages cannot drift apart."""

import re
from pathlib import Path

import pytest

from cmme_xl.hosts.functions import FUNCTIONS, arguments

DOCS = Path(__file__).resolve().parent.parent / "docs"


@pytest.mark.parametrize("page", ["functions.md", "functions.zh-CN.md"])
def test_every_function_is_documented_with_its_arguments_and_nothing_else(page: str) -> None:
    shown = re.findall(r"^## `(CMME_\w+)\((.*)\)`$", (DOCS / page).read_text("utf-8"), re.M)
    taken = {n: ", ".join(f"[{a}]" if omitted else a for a, omitted in arguments(n).items()) for n in FUNCTIONS}
    assert shown == list(taken.items())


def block(text: str) -> list[list[object]]:
    """An argument of an example: a number, or an array as Excel writes it."""
    rows = text.strip("{}").split(";")
    return [[cell[1:-1] if cell.startswith('"') else float(cell) for cell in row.split(",")] for row in rows]


@pytest.mark.parametrize("page", ["functions.md", "functions.zh-CN.md"])
def test_the_examples_are_what_the_functions_answer(page: str) -> None:
    text = (DOCS / page).read_text("utf-8")
    examples = re.findall(r"`=(CMME_\w+)\(((?:\{[^}]*\}|[\d.]+)(?:,(?:\{[^}]*\}|[\d.]+))*)\)`(.*?)\n", text)
    assert len(examples) >= 9
    for name, given, told in examples:
        answer = FUNCTIONS[name](*(block(each) for each in re.findall(r"\{[^}]*\}|[\d.]+", given)))
        first = answer[0] if isinstance(answer, list) else [answer]
        numbers = [float(each) for each in re.findall(r"\d+(?:\.\d+)?", told)]
        values = [value for value in first if not isinstance(value, str)]
        assert numbers == values, (name, given)
        assert all(str(value) in told for value in first if isinstance(value, str)), (name, given)
