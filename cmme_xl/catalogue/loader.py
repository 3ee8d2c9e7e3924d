"""Reading a catalogue from a folder of TOML: ``model.toml`` and one file per dimension."""

import tomllib
from collections.abc import Callable, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

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
from cmme_xl.findings import Finding, Place, Refusal

Table = Mapping[str, Any]
Made = TypeVar("Made")


def default_folder() -> Path:
    """The folder of the catalogue that ships with the program."""
    return Path(str(files("cmme_xl.catalogue").joinpath("cmm_e")))


def load(folder: Path | None = None) -> Catalogue:
    """The catalogue in `folder` (default: the one that ships).

    Raises Refusal with one finding per unreadable file or missing field; what is merely wrong in
    content is left to `catalogue.checks`.
    """
    folder = folder or default_folder()
    faults: list[Finding] = []
    model = _read(folder / "model.toml", faults)
    parts = [_read(folder / f"{name}.toml", faults) for name in model.get("dimensions", ())]
    if faults:
        raise Refusal(faults)
    built = _Builder(faults)
    dimensions = tuple(built.dimension(part, f"{name}.toml") for name, part in zip(model["dimensions"], parts, strict=True))
    catalogue = built.catalogue(model, tuple(d for d in dimensions if d is not None))
    if faults or catalogue is None:
        raise Refusal(faults)
    return catalogue


def _read(path: Path, faults: list[Finding]) -> Table:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        faults.append(Finding("CAT_001", Place(path.name), values={"detail": str(error)}))
        return {}


class _Builder:
    """Builds model objects from tables; a field that is missing becomes a finding, and the rest goes on."""

    def __init__(self, faults: list[Finding]) -> None:
        self.faults = faults
        self.file = ""

    def dimension(self, table: Table, file: str) -> Dimension | None:
        self.file = file
        head = table.get("dimension", {})
        indicators = tuple(self._indicator(entry) for entry in table.get("indicator", ()))
        return self._make(
            head.get("id", file),
            lambda: Dimension(
                id=str(head["id"]),
                number=int(head["number"]),
                name=_text(head["name"]),
                short=_text(head["short"]),
                statement=_text(head["statement"]),
                weight=float(head["weight"]),
                indicators=tuple(i for i in indicators if i is not None),
            ),
        )

    def _indicator(self, entry: Table) -> Indicator | None:
        questions = tuple(self._question(each) for each in entry.get("question", ()))
        return self._make(
            entry.get("id", "?"),
            lambda: Indicator(
                id=str(entry["id"]),
                number=int(entry["number"]),
                name=_text(entry["name"]),
                short=_text(entry["short"]),
                statement=_text(entry["statement"]),
                key=bool(entry["key"]),
                weight=float(entry["weight"]),
                questions=tuple(q for q in questions if q is not None),
            ),
        )

    def _question(self, entry: Table) -> Question | None:
        return self._make(
            entry.get("id", "?"),
            lambda: Question(
                id=str(entry["id"]),
                rev=int(entry["rev"]),
                text=_text(entry["text"]),
                tiers=tuple(str(tier) for tier in entry["tiers"]),
                minutes=float(entry["minutes"]),
                weight=float(entry["weight"]),
                short=bool(entry["short"]),
            ),
        )

    def catalogue(self, model: Table, dimensions: tuple[Dimension, ...]) -> Catalogue | None:
        self.file = "model.toml"
        return self._make(
            str(model.get("id", "model.toml")),
            lambda: Catalogue(
                id=str(model["id"]),
                version=str(model["version"]),
                name=_text(model["name"]),
                subject=_text(model["subject"]),
                steps=tuple(
                    Step(int(s["value"]), _text(s["name"]), _text(s["label"]), _text(s["meaning"]))
                    for s in model["scale"]["step"]
                ),
                na=_text(model["scale"]["na"]),
                dk=_text(model["scale"]["dk"]),
                na_meaning=_text(model["scale"]["na_meaning"]),
                dk_meaning=_text(model["scale"]["dk_meaning"]),
                levels=tuple(
                    Level(int(v["number"]), _text(v["name"]), float(v["threshold"]), _text(v["meaning"]))
                    for v in model["level"]
                ),
                groups=tuple(Group(str(g["id"]), _text(g["name"]), str(g["angle"])) for g in model["group"]),
                limits=Limits(**model["limits"]),
                dimensions=dimensions,
            ),
        )

    def _make(self, node: str, build: Callable[[], Made]) -> Made | None:
        try:
            return build()
        except KeyError as missing:
            field = str(missing.args[0])
        except (TypeError, ValueError, AttributeError) as wrong:
            field = str(wrong)
        self.faults.append(Finding("CAT_002", Place(self.file, question=str(node)), values={"field": field}))
        return None


def _text(entry: Table) -> Text:
    return Text(zh=str(entry.get("zh", "")).strip(), en=str(entry.get("en", "")).strip())
