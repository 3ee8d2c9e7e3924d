"""Reading a catalogue from a folder of TOML: ``model.toml`` and one file per dimension."""

from collections.abc import Callable, Iterable, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar, cast

import tomli

from cmme_xl.catalogue.model import (
    Band,
    Block,
    Catalogue,
    Dimension,
    Group,
    Indicator,
    Level,
    Limits,
    Question,
    Realm,
    Rubric,
    Step,
    Text,
)
from cmme_xl.findings import LANGUAGES, Finding, Place, Refusal

MODEL = "model.toml"

Table = Mapping[str, object]
Made = TypeVar("Made")


def default_folder() -> Path:
    """The folder of the catalogue that ships with the program and is used unless another one is named."""
    return shipped_folders()["cmm-e"]


def shipped_folders() -> dict[str, Path]:
    """The folders of all catalogues that ship with the program, by catalogue id."""
    home = Path(str(files("cmme_xl.catalogue")))
    return {folder.name.replace("_", "-"): folder for folder in sorted(home.iterdir()) if (folder / MODEL).is_file()}


def load_folder(folder: Path) -> Catalogue:
    """The catalogue in `folder`.

    Raises Refusal with one finding per unreadable file and per field that is missing or of the wrong type, all
    of them at once; what is merely wrong in content is left to `catalogue.checks`.
    """
    faults: list[Finding] = []
    model = _read(folder / MODEL, faults)
    if model is None:
        raise Refusal(faults)
    named = _Entry(model, MODEL, [], MODEL)("dimensions", _strings) or ()
    parts = [(f"{name}.toml", _read(folder / f"{name}.toml", faults)) for name in named]
    catalogue = assembled(model, MODEL, [(file, part) for file, part in parts if part is not None], faults)
    if faults:
        raise Refusal(faults)
    return catalogue


def assembled(model: Table, file: str, parts: Iterable[tuple[str, Table]], faults: list[Finding]) -> Catalogue:
    """The catalogue made of its tables: the model's, and one per dimension, each with the name of its file.

    Fields that are missing or of the wrong type are added to `faults`; then what is returned must not be used.
    """
    head = _Entry(model, file, faults, file)
    head("dimensions", _strings)
    groups = tuple(_group(each) for each in head.list("group"))
    order = [group.id for group in groups]
    off: list[Question] = []
    dimensions = tuple(_dimension(part, name, faults, order, off) for name, part in parts)
    return _catalogue(head, groups, dimensions, tuple(off))


def _read(path: Path, faults: list[Finding]) -> dict[str, Any] | None:
    try:
        # some editors put a byte order mark in front
        return tomli.loads(path.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomli.TOMLDecodeError) as error:
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

    def optional(self, field: str, convert: Callable[[object], Made], default: Made) -> Made:
        """The same of a field that may be left out."""
        return self(field, convert) if self._table.get(field) is not None else default

    def part(self, field: str) -> "_Entry":
        """The table in `field`."""
        return _Entry(self._table.get(field), self._file, self._faults, self._node, f"{self._prefix}{field}.")

    def list(self, field: str, *, optional: bool = False) -> "list[_Entry]":
        """The tables of the list in `field`; none where it is left out and may be."""
        name = self._prefix + field
        tables = () if optional and field not in self._table else self(field, _list) or ()
        return [_Entry(table, self._file, self._faults, f"{name} {n}") for n, table in enumerate(tables, 1)]


def _dimension(
    table: Table, file: str, faults: list[Finding], order: list[str], off: list[Question]
) -> Dimension:
    """The dimension; questions within it that are switched off go to `off`."""
    whole = _Entry(table, file, faults, file)
    head = _Entry(table.get("dimension"), file, faults, file, "dimension.")
    return Dimension(
        id=head("id", _string),
        number=head("number", _integer),
        name=head("name", _text),
        short=head("short", _text),
        statement=head("statement", _text),
        weight=head("weight", _number),
        indicators=tuple(_indicator(entry, order, off) for entry in whole.list("indicator")),
    )


def _indicator(entry: _Entry, order: list[str], off: list[Question]) -> Indicator:
    asked: list[Question] = []
    for each in entry.list("question"):
        (asked if each.optional("used", _flag, True) else off).append(_question(each, order))
    return Indicator(
        id=entry("id", _string),
        number=entry("number", _integer),
        name=entry("name", _text),
        short=entry("short", _text),
        statement=entry("statement", _text),
        key=entry("key", _flag),
        weight=entry("weight", _number),
        block=entry("block", _string),
        nature=entry("nature", _string),
        effort=entry("effort", _integer),
        prerequisites=entry("prerequisites", _strings),
        owner=entry("owner", _text),
        why=entry("why", _text),
        rubric=_rubric(entry.part("rubric")),
        diagnosis=entry("diagnosis", _texts),
        tactical=entry("tactical", _texts),
        strategic=entry("strategic", _texts),
        questions=tuple(asked),
    )


def _rubric(entry: _Entry) -> Rubric:
    return Rubric(one=entry("one", _text), three=entry("three", _text), five=entry("five", _text))


def _question(entry: _Entry, order: list[str]) -> Question:
    # the order in which tiers are named means nothing
    named = entry("tiers", _strings) or ()
    tiers = sorted(named, key=lambda tier: order.index(tier) if tier in order else len(order))
    return Question(
        id=entry("id", _string),
        rev=entry("rev", _integer),
        text=entry("text", _text),
        tiers=tuple(tiers),
        minutes=entry("minutes", _number),
        weight=entry("weight", _number),
        short=entry("short", _flag),
        evidence=entry("evidence", _text),
        next=entry("next", _text),
    )


def _catalogue(
    model: _Entry, groups: tuple[Group, ...], dimensions: tuple[Dimension, ...], off: tuple[Question, ...]
) -> Catalogue:
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
        realms=tuple(
            Realm(each("number", _integer), each("name", _text)) for each in model.list("realm", optional=True)
        ),
        bands=tuple(
            Band(each("id", _string), each("name", _text), each("threshold", _number)) for each in model.list("band")
        ),
        blocks=tuple(Block(each("id", _string), each("name", _text)) for each in model.list("block")),
        groups=groups,
        limits=_limits(model.part("limits")),
        retired=model.optional("retired", _strings, ()),
        dimensions=dimensions,
        off=off,
    )


def _group(entry: _Entry) -> Group:
    return Group(
        id=entry("id", _string),
        name=entry("name", _text),
        angle=entry("angle", _string),
        questions=entry.optional("questions", _strings, ()),
        minutes_min=entry.optional("minutes_min", _number, None),
        minutes_max=entry.optional("minutes_max", _number, None),
    )


def _limits(limits: _Entry) -> Limits:
    return Limits(
        minutes_min=limits("minutes_min", _number),
        minutes_max=limits("minutes_max", _number),
        window_days=limits("window_days", _integer),
        askers_min=limits("askers_min", _integer),
        competitor_min=limits("competitor_min", _integer),
        customer_min=limits("customer_min", _integer),
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


def _texts(value: object) -> dict[str, Text]:
    if not isinstance(value, dict):
        raise TypeError
    return {str(key): _text(each) for key, each in value.items()}


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise TypeError
    return value


def _strings(value: object) -> tuple[str, ...]:
    return tuple(_string(each) for each in _list(value))
