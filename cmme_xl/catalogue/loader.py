"""Reading a catalogue from a folder of TOML: ``model.toml`` and one file per dimension."""

import tomllib
from collections.abc import Callable, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar, cast

from cmme_xl.catalogue.model import (
    Catalogue,
    Dimension,
    Group,
    Indicator,
    Level,
    Limits,
    Question,
    Step,
    Text,
)
from cmme_xl.findings import LANGUAGES, Finding, Place, Refusal

MODEL = "model.toml"

Made = TypeVar("Made")


def default_folder() -> Path:
    """The folder of the catalogue that ships with the program."""
    return Path(str(files("cmme_xl.catalogue").joinpath("cmm_e")))


def load(folder: Path | None = None) -> Catalogue:
    """The catalogue in `folder` (default: the one that ships).

    Raises Refusal with one finding per unreadable file and per field that is missing or of the wrong type, all
    of them at once; what is merely wrong in content is left to `catalogue.checks`.
    """
    folder = folder or default_folder()
    faults: list[Finding] = []
    table = _read(folder / MODEL, faults)
    if table is None:
        raise Refusal(faults)
    model = _Entry(table, MODEL, faults, MODEL)
    parts = [f"{name}.toml" for name in model("dimensions", _strings) or ()]
    tables = [(file, _read(folder / file, faults)) for file in parts]
    catalogue = _catalogue(model, tuple(_dimension(part, file, faults) for file, part in tables if part is not None))
    if faults:
        raise Refusal(faults)
    return catalogue


def _read(path: Path, faults: list[Finding]) -> dict[str, Any] | None:
    try:
        # some editors put a byte order mark in front
        return tomllib.loads(path.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        faults.append(Finding("CAT_001", Place(path.name), values={"detail": str(error)}))
        return None


class _Entry:
    """One table of a file. A field that is missing or of the wrong type becomes a finding, and reading goes on.

    Such a field reads as None whatever its type: what is built with it is never handed out, since `load` refuses.
    """

    def __init__(self, table: object, file: str, faults: list[Finding], node: str, prefix: str = "") -> None:
        self._table: Mapping[str, object] = table if isinstance(table, dict) else {}
        self._file = file
        self._faults = faults
        self._node = str(self._table.get("id", node))
        self._prefix = prefix

    def __call__(self, field: str, convert: Callable[[object], Made]) -> Made:
        try:
            return convert(self._table[field])
        except (KeyError, TypeError):
            place = Place(self._file, question=self._node)
            self._faults.append(Finding("CAT_002", place, values={"field": self._prefix + field}))
            return cast(Made, None)

    def part(self, field: str) -> "_Entry":
        """The table in `field`."""
        return _Entry(self._table.get(field), self._file, self._faults, self._node, f"{self._prefix}{field}.")

    def list(self, field: str) -> "list[_Entry]":
        """The tables of the list in `field`."""
        name = self._prefix + field
        tables = self(field, _list) or ()
        return [_Entry(table, self._file, self._faults, f"{name} {n}") for n, table in enumerate(tables, 1)]


def _dimension(table: Mapping[str, object], file: str, faults: list[Finding]) -> Dimension:
    whole = _Entry(table, file, faults, file)
    head = _Entry(table.get("dimension"), file, faults, file, "dimension.")
    return Dimension(
        id=head("id", _string),
        number=head("number", _integer),
        name=head("name", _text),
        short=head("short", _text),
        statement=head("statement", _text),
        weight=head("weight", _number),
        indicators=tuple(_indicator(entry) for entry in whole.list("indicator")),
    )


def _indicator(entry: _Entry) -> Indicator:
    return Indicator(
        id=entry("id", _string),
        number=entry("number", _integer),
        name=entry("name", _text),
        short=entry("short", _text),
        statement=entry("statement", _text),
        key=entry("key", _flag),
        weight=entry("weight", _number),
        questions=tuple(_question(each) for each in entry.list("question")),
    )


def _question(entry: _Entry) -> Question:
    return Question(
        id=entry("id", _string),
        rev=entry("rev", _integer),
        text=entry("text", _text),
        tiers=entry("tiers", _strings),
        minutes=entry("minutes", _number),
        weight=entry("weight", _number),
        short=entry("short", _flag),
    )


def _catalogue(model: _Entry, dimensions: tuple[Dimension, ...]) -> Catalogue:
    scale = model.part("scale")
    return Catalogue(
        id=model("id", _string),
        version=model("version", _string),
        name=model("name", _text),
        subject=model("subject", _text),
        steps=tuple(
            Step(each("value", _integer), each("name", _text), each("label", _text), each("meaning", _text))
            for each in scale.list("step")
        ),
        na=scale("na", _text),
        dk=scale("dk", _text),
        na_meaning=scale("na_meaning", _text),
        dk_meaning=scale("dk_meaning", _text),
        levels=tuple(
            Level(each("number", _integer), each("name", _text), each("threshold", _number), each("meaning", _text))
            for each in model.list("level")
        ),
        groups=tuple(
            Group(each("id", _string), each("name", _text), each("angle", _string)) for each in model.list("group")
        ),
        limits=_limits(model.part("limits")),
        dimensions=dimensions,
    )


def _limits(limits: _Entry) -> Limits:
    return Limits(
        minutes_min=limits("minutes_min", _number),
        minutes_max=limits("minutes_max", _number),
        window_days=limits("window_days", _integer),
        askers_min=limits("askers_min", _integer),
        competitor_min=limits("competitor_min", _integer),
        tier_shown_min=limits("tier_shown_min", _integer),
        spread_shown_min=limits("spread_shown_min", _integer),
        provisional_below=limits("provisional_below", _number),
        applicability_na_share=limits("applicability_na_share", _number),
        agenda_size=limits("agenda_size", _integer),
        decimals=limits("decimals", _integer),
        importance_decimals=limits("importance_decimals", _integer),
    )


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _integer(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError
    return value


def _number(value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise TypeError
    return float(value)


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _text(value: object) -> Text:
    if not isinstance(value, dict):
        raise TypeError
    return Text(**{lang: _string(value.get(lang, "")).strip() for lang in LANGUAGES})


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise TypeError
    return value


def _strings(value: object) -> tuple[str, ...]:
    return tuple(_string(each) for each in _list(value))
