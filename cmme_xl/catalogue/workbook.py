"""The catalogue workbook's contract, from catalogue.toml: sheets, columns, words, and what its cells offer."""

from collections.abc import Mapping
from typing import Any

from cmme_xl.catalogue.model import Catalogue, Text
from cmme_xl.catalogue.words import plain
from cmme_xl.findings import LANGUAGES
from cmme_xl.templates import template

SHEETS = ("indicators", "questions", "advice", "settings")
RUBRIC = ("one", "three", "five")
ADVICE = ("diagnosis", "tactical", "strategic")
TIER = "tier:"


def table(section: str) -> dict[str, Any]:
    """A section of catalogue.toml."""
    found: dict[str, Any] = template("catalogue")[section]
    return found


def schema() -> str:
    return str(template("catalogue")["schema"])


def text(entry: Mapping[str, str]) -> Text:
    return Text(entry["zh"], entry["en"])


def sheet_name(sheet: str, lang: str) -> str:
    return str(table("sheets")[sheet][lang])


def columns(sheet: str, catalogue: Catalogue) -> list[dict[str, Any]]:
    """The columns of a sheet in their order; the questions have one per tier, after their wording."""
    found: list[dict[str, Any]] = table(sheet)["column"]
    if sheet != "questions":
        return found
    tier = table("questions")["tier"]
    tiers = [
        {"role": f"{TIER}{group.id}", "kind": "tier", "header": {"zh": group.name.zh, "en": group.name.en}, **tier}
        for group in catalogue.tiers
    ]
    after = 1 + [column["role"] for column in found].index("text.en")
    return [*found[:after], *tiers, *found[after:]]


def offered(kind: str, catalogue: Catalogue) -> dict[str, Text]:
    """What a cell of that kind offers: key -> wording."""
    if kind == "block":
        return {block.id: block.name for block in catalogue.blocks}
    return {key: text(entry) for key, entry in table("choices")[kind].items()}


def understood(kind: str, catalogue: Catalogue) -> dict[str, str]:
    """What may be typed into a cell of that kind, as plain words -> the key it means: what is offered, in either
    language, the key itself, and the usual marks for yes and no, which a tier's cell takes as well."""
    answer = "yesno" if kind == "tier" else kind
    found = {
        plain(word): key
        for key, wording in offered(answer, catalogue).items()
        for word in (key, *(wording.in_(lang) for lang in LANGUAGES))
    }
    marks = table("marks")
    return found | {plain(mark): key for key in ("yes", "no") if answer == "yesno" for mark in marks[key]}


def advice_parts(catalogue: Catalogue) -> dict[str, Text]:
    """The parts of an indicator's rubric and advice, in order: "rubric.one", "tactical.weak" -> what to call it."""
    words = table("advice")["part"]
    parts = {f"rubric.{step}": text(words[f"rubric.{step}"]) for step in RUBRIC}
    for field in ADVICE:
        for band in catalogue.bands:
            zh, en = words[field]["zh"].format(band=band.name.zh), words[field]["en"].format(band=band.name.en)
            parts[f"{field}.{band.id}"] = Text(zh, en)
    return parts
