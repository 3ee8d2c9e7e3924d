"""The plan workbook's words: what stands on sheets, headers and drop-downs, and what is understood when typed."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cmme_xl.catalogue import Catalogue, Text
from cmme_xl.findings import LANGUAGES
from cmme_xl.templates import template

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


def understood(word: str, offered: Mapping[str, Text]) -> str | None:
    """The key that a typed word means, in either language or as the key itself; None where it means nothing."""
    wanted = plain(word)
    for key, wording in offered.items():
        if wanted in {plain(key), *(plain(wording.in_(lang)) for lang in LANGUAGES)}:
            return key
    return None


def spellings(wording: Mapping[str, str] | Text) -> frozenset[str]:
    """The plain spellings of a wording in every language."""
    shown = wording if isinstance(wording, Text) else text(wording)
    return frozenset(plain(shown.in_(lang)) for lang in LANGUAGES)


def plain(word: str) -> str:
    """A word without what makes no difference: width, case, surrounding and repeated spaces, a required mark."""
    return " ".join(unicodedata.normalize("NFKC", word).casefold().replace("*", " ").split())


def named(names: Sequence[str]) -> str:
    """Names in one line, for a message; of very many the first."""
    return ", ".join(names[:MOST_NAMED]) + (" …" if len(names) > MOST_NAMED else "")


def listed(offered: Iterable[Text], lang: str) -> str:
    """Wordings in one line, for a message."""
    return (" / ").join(wording.in_(lang) for wording in offered)
