"""A catalogue as nested tables, the form of its TOML: what `loader.assembled` reads, and what a workbook holds."""

import re
from bisect import insort
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from cmme_xl.catalogue.model import Catalogue, Question
from cmme_xl.findings import LANGUAGES

Table = dict[str, Any]
Path = tuple[str | int, ...]
HEAD = ("id", "version", "name", "subject")
SCALE = ("na", "dk", "na_meaning", "dk_meaning")
LISTS = {"level": "levels", "realm": "realms", "band": "bands", "block": "blocks", "group": "groups"}


def model_table(catalogue: Catalogue) -> Table:
    """The tables of model.toml."""
    whole = asdict(catalogue)
    table: Table = {name: whole[name] for name in HEAD}
    table["dimensions"] = [dimension.id for dimension in catalogue.dimensions]
    table["scale"] = {name: whole[name] for name in SCALE} | {"step": list(whole["steps"])}
    table |= {name: list(whole[field]) for name, field in LISTS.items() if whole[field]}
    table |= {"limits": whole["limits"], "retired": list(catalogue.retired)}
    return table


def listed(catalogue: Catalogue) -> list[Question]:
    """All questions in catalogue order, those switched off among their siblings by their ids."""
    every: list[Question] = []
    for indicator in catalogue.indicators:
        siblings = list(indicator.questions)
        for question in catalogue.off:
            if question.id.startswith(f"{indicator.id}-"):
                insort(siblings, question, key=lambda each: natural(each.id))
        every += siblings
    return every


def natural(id_: str) -> tuple[tuple[int, int | str], ...]:
    """A key to sort ids by: Q10 comes after Q9."""
    parts = re.split(r"([0-9]+)", id_)
    return tuple((1, int(part)) if part.isdigit() else (0, part) for part in parts)


def leaves(table: Table, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every value of nested tables with its path; a wording and a list of ids are values. What is None is left out."""
    for key, value in table.items():
        if isinstance(value, dict) and not set(LANGUAGES) <= value.keys():
            yield from leaves(value, (*path, key))
        elif isinstance(value, list | tuple) and value and isinstance(value[0], dict):
            for number, each in enumerate(value):
                yield from leaves(each, (*path, key, number))
        elif value is not None:
            yield (*path, key), value


def put(table: Table, path: Path, value: object) -> None:
    """Set the value at `path`."""
    inner: Any = table
    for part in path[:-1]:
        inner = inner[part]
    inner[path[-1]] = value


def key_of(path: Path) -> str:
    """A path in one word: level.2.threshold (counted from 1)."""
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in path)


def kind_of(path: Path) -> str:
    """A path without its numbers: level.threshold."""
    return ".".join(part for part in path if isinstance(part, str))


def part_of(table: Mapping[str, Any], path: Path) -> tuple[str, str]:
    """What the checks call the part that a path leads into ("level 2", "group senior", the catalogue's id), and the
    field in it."""
    numbers = [at for at, part in enumerate(path) if isinstance(part, int)]
    if not numbers:
        return ("" if path[0] == "limits" else str(table["id"])), str(path[-1])
    inner: Any = table
    for part in path[: numbers[-1] + 1]:
        inner = inner[part]
    name = next(inner[key] for key in ("id", "value", "number") if key in inner)
    return f"{path[numbers[-1] - 1]} {name}", str(path[-1])
