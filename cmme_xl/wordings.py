"""Wordings by language, and values made fit to be shown in them. Light: the program's help needs this and no more."""

import os
import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Any

import tomli

LANGUAGES = ("zh", "en")
LONGEST_SHOWN = 2_000
"""So much of a text from outside is filled into a wording: a sentence has to fit a cell and a screen."""
FOLDER = os.path.join(os.path.dirname(__file__), "messages")


def message(key: str, lang: str, **values: object) -> str:
    """The command-line wording `key` ("cli.exists" stands in cli.toml) in `lang`, with `values` filled in.

    Only that one table is read, so that a short command stays quick. Raises KeyError for an unknown key: a
    missing wording is a fault of the program.
    """
    subject = key.partition(".")[0]
    wording: Any = table(f"{subject}.toml")["message"]
    for part in key.split("."):
        wording = wording[part]
    return str(wording[lang].format_map(shown(values, lang)))


@cache
def table(file: str) -> dict[str, Any]:
    """One file of messages."""
    with open(os.path.join(FOLDER, file), encoding="utf-8") as stream:
        return tomli.loads(stream.read())


def shown(values: Mapping[str, object], lang: str) -> dict[str, object]:
    """Values as they are filled into a wording: in `lang`, and texts, which may come from outside, made harmless."""
    chosen = {name: localised(value, lang) for name, value in values.items()}
    return {name: quoted(value) if isinstance(value, str) else value for name, value in chosen.items()}


def quoted(text: str) -> str:
    """`text` made `visible`, and cut with an ellipsis where it is very long."""
    whole = visible(text[: LONGEST_SHOWN + 1])
    return whole if len(whole) <= LONGEST_SHOWN else f"{whole[: LONGEST_SHOWN - 1]}…"


def localised(value: object, lang: str) -> object:
    """`value` in `lang` where it carries one text per language (an object with `zh` and `en`), else itself."""
    return getattr(value, lang) if all(hasattr(value, name) for name in LANGUAGES) else value


def visible(text: str) -> str:
    """`text` with control and direction-changing characters shown as escapes, so that it cannot act on a terminal."""
    return text if text.isprintable() else "".join(ch if _harmless(ch) else _escape(ch) for ch in text)


def _harmless(ch: str) -> bool:
    """Python counts the wide spaces among what cannot be printed; they are common in Chinese text."""
    return ch.isprintable() or unicodedata.category(ch) == "Zs"


def _escape(ch: str) -> str:
    return f"\\u{ord(ch):04x}" if ch <= "\uffff" else f"\\U{ord(ch):08x}"
