"""Findings: coded messages with a place, a reason and a fix, in the reader's language.

A finding is data. Its wording lives in ``messages/``, one table per subject, one entry per code, in every
language the project speaks; the values that fill the wording travel with the finding.
"""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache
from typing import Any

from cmme_xl.wordings import FOLDER, LANGUAGES, localised, message, quoted, shown, table, visible

__all__ = [
    "LANGUAGES",
    "Finding",
    "Place",
    "Refusal",
    "Severity",
    "codes",
    "localised",
    "message",
    "visible",
    "worst",
]


class Severity(StrEnum):
    """How much a finding weighs: an error stops or rejects, a warning needs someone, a note only informs."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a finding was made. Every part may be empty; `cell` is in A1 notation, `question` an id."""

    file: str = ""
    sheet: str = ""
    cell: str = ""
    question: str = ""

    def __str__(self) -> str:
        cell = f"{self.sheet}!{self.cell}" if self.sheet and self.cell else self.sheet or self.cell
        return " · ".join(visible(part) for part in (self.file, cell, self.question) if part)


@dataclass(frozen=True, slots=True)
class Finding:
    """One coded message. `raw` is what was typed, exactly; `values` fill the wording's placeholders."""

    code: str
    place: Place = Place()
    raw: str = ""
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def severity(self) -> Severity:
        return Severity(_wordings()[self.code]["severity"])

    def reason(self, lang: str) -> str:
        """What is wrong, in one sentence."""
        return self._fill("reason", lang)

    def fix(self, lang: str) -> str:
        """What to do about it, in one sentence; empty where nothing needs doing."""
        return self._fill("fix", lang)

    def at(self, file: str) -> "Finding":
        """The same finding, placed in `file`."""
        return replace(self, place=replace(self.place, file=file))

    def _fill(self, part: str, lang: str) -> str:
        wording = _wordings()[self.code][part][lang]
        return str(wording.format_map({"raw": quoted(self.raw), **shown(self.values, lang)}))

    def as_json(self, lang: str) -> dict[str, str]:
        """The stable, documented JSON form (design.md)."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "file": self.place.file,
            "sheet": self.place.sheet,
            "cell": self.place.cell,
            "question": self.place.question,
            "raw": self.raw,
            "reason": self.reason(lang),
            "fix": self.fix(lang),
        }


class Refusal(Exception):
    """The work cannot go on; carries the findings that say why (exit status 2)."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("; ".join(f"{f.code} {f.place} {f.reason('en')}" for f in self.findings))


def worst(findings: Iterable[Finding]) -> Severity | None:
    """The gravest severity among `findings`, or None where there are none."""
    order = list(Severity)
    return min((f.severity for f in findings), key=order.index, default=None)


def codes() -> tuple[str, ...]:
    """Every finding code there is, in the order of the message table."""
    return tuple(_wordings())


@cache
def _wordings() -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for name in sorted(name for name in os.listdir(FOLDER) if name.endswith(".toml")):
        merged |= table(name).get("finding", {})
    return merged
