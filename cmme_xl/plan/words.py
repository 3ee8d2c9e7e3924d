"""The plan workbook's words: what stands on sheets, headers and drop-downs, and what is understood when typed."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cmme_xl.catalogue import Catalogue, Text
from cmme_xl.catalogue.words import plain, understood
from cmme_xl.findings import LANGUAGES
from cmme_xl.templates import template

__all__ = [
    "choice_words",
    "columns",
    "listed",
    "named",
    "plain",
    "sheet_name",
    "spellings",
    "table",
    "text",
    "understood",
]

MOST_NAMED = 24


def table(section: str) -> dict[str, Any]:
    """A section of plan.toml."""
    found: dict[str, Any] = template("plan")[section]
    return found


def text(entry: Mapping[str, str]) -> Text:
    """A wording of plan.toml."""
    return Text(entry["zh"], entry["en"])


def columns(sheet: str) -> list[dict[str, Any]]:
    """The columns of a sheet in their order."""
    found: list[dict[str, Any]] = table(sheet)["column"]
    return found


def sheet_name(sheet: str, lang: str) -> str:
    """The name of a visible sheet, by its role."""
    return str(table("sheets")[sheet][lang])


def choice_words(kind: str, catalogue: Catalogue) -> dict[str, Text]:
    """What a drop-down offers: key -> wording. `kind` is a table of [choices], or "group" for the groups."""
    if kind == "group":
        return {group.id: group.name for group in catalogue.groups}
    return {key: text(entry) for key, entry in table("choices")[kind].items()}


def spellings(wording: Mapping[str, str] | Text) -> frozenset[str]:
    """The plain spellings of a wording in every language."""
    shown = wording if isinstance(wording, Text) else text(wording)
    return frozenset(plain(shown.in_(lang)) for lang in LANGUAGES)


def named(names: Sequence[str]) -> str:
    """Names in one line, for a message; of very many the first."""
    return ", ".join(names[:MOST_NAMED]) + (" …" if len(names) > MOST_NAMED else "")


def listed(offered: Iterable[Text], lang: str) -> str:
    """Wordings in one line, for a message."""
    return (" / ").join(wording.in_(lang) for wording in offered)
