"""File names that every system can hold, made from ids first and names second."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping

from cmme_xl.plan.model import Person

SUFFIX = ".xlsx"
ID_BYTES, NAME_BYTES = 60, 90
_FORBIDDEN = re.compile(r'[<>:"/\\|?*~$%&#\[\]{}]')
RESERVED = frozenset(
    [
        "CON",
        "PRN",
        "AUX",
        "NUL",
        "CONIN$",
        "CONOUT$",
        *(f"{port}{n}" for port in ("COM", "LPT") for n in "0123456789¹²³"),
    ]
)


def file_names(people: Iterable[Person], taken: Mapping[str, str]) -> dict[str, str]:
    """Person id -> file name, no two alike on a system that ignores case.

    `taken`: names in use, casefolded -> the id of the person they belong to.
    """
    used = dict(taken)
    names: dict[str, str] = {}
    for person in people:
        stem = file_stem(person.id, person.name)
        name = stem + SUFFIX
        if used.get(name.casefold(), person.id) != person.id:
            name = f"{stem}_{hashlib.sha256(person.id.encode('utf-8', 'backslashreplace')).hexdigest()[:6]}{SUFFIX}"
        used[name.casefold()] = person.id
        names[person.id] = name
    return names


def file_stem(person_id: str, name: str) -> str:
    """`id_name` with everything taken out that a file name cannot or should not hold."""
    parts = (_part(person_id, ID_BYTES), _part(name, NAME_BYTES))
    stem = "_".join(part for part in parts if part) or "_"
    device = stem.split(".")[0].rstrip(" ").upper()
    return f"_{stem}" if device in RESERVED else stem


def numbered(name: str, number: int) -> str:
    """The file name of a person's workbook number `number`; the first keeps the plain name."""
    return name if number < 2 else f"{name.removesuffix(SUFFIX)}_{number}{SUFFIX}"


def _part(text: str, most: int) -> str:
    """`text` in at most `most` bytes of UTF-8: nothing invisible, no separators, no dot at an end."""
    seen = "".join(ch if _shown(ch) else " " if ch.isspace() else "" for ch in unicodedata.normalize("NFC", text))
    plain = " ".join(_FORBIDDEN.sub("_", seen).split())
    return plain.encode()[:most].decode(errors="ignore").strip(" .")


def _shown(ch: str) -> bool:
    # controls, direction marks, lone surrogates, private and unassigned characters, line separators
    return unicodedata.category(ch) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
