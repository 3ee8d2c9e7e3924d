"""What the hidden sheet of a catalogue workbook keeps of the catalogue that was exported."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cmme_xl.catalogue import workbook
from cmme_xl.catalogue.model import Catalogue
from cmme_xl.catalogue.tables import listed, model_table
from cmme_xl.findings import Finding
from cmme_xl.reading.grid import RawBook


@dataclass(frozen=True)
class Base:
    """The catalogue as it was exported. `model`: the tables of its model.toml; `indicators`: their ids; `questions`:
    the revision and text hash of every question, those switched off included, in the order of their rows."""

    hash: str
    model: dict[str, Any]
    indicators: tuple[str, ...]
    questions: Mapping[str, tuple[int, str]]


def stored(catalogue: Catalogue) -> dict[str, str]:
    """What the hidden sheet says of the catalogue that was exported; the digest shows whether it was tampered with."""
    base = {
        "hash": catalogue.hash,
        "model": model_table(catalogue),
        "indicators": [indicator.id for indicator in catalogue.indicators],
        "questions": {question.id: [question.rev, question.text_hash] for question in listed(catalogue)},
    }
    text = json.dumps(base, ensure_ascii=False, separators=(",", ":"))
    return {"schema": workbook.schema(), "base": text, "digest": _digest(text)}


def base_of(book: RawBook) -> tuple[Base | None, Finding | None]:
    """What a workbook was exported from, or why that is not known."""
    name = workbook.table("hidden")["identity"]
    sheet = next((each for each in book.sheets if each.name == name), None)
    if sheet is None:
        return None, Finding("CAT_031")
    # a long text stands cut over several cells
    rows = ([line[column].text for column in sorted(line)] for line in sheet.rows.values())
    values = {first: "".join(rest) for first, *rest in rows}
    if values.get("schema") != workbook.schema():
        return None, Finding("CAT_032", values={"found": values.get("schema", "?"), "expected": workbook.schema()})
    text = values.get("base", "")
    if _digest(text) != values.get("digest"):
        return None, Finding("CAT_033")
    found = json.loads(text)
    questions = {id_: (int(rev), str(hash_)) for id_, (rev, hash_) in found["questions"].items()}
    return Base(found["hash"], found["model"], tuple(found["indicators"]), questions), None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
