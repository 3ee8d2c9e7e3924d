"""Whose workbook this is and which issue of it: the hidden sheet, the visible code, the document properties.

Carriers that disagree put the file in quarantine (returns.md); the properties alone identify nothing.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import NamedTuple

from cmme_xl.findings import Finding, Place
from cmme_xl.plan.issued import Asked, Issue
from cmme_xl.plan.model import Plan
from cmme_xl.reading.grid import CellKind, RawBook, RawSheet, Row, a1, tidy
from cmme_xl.returned.pages import helpers
from cmme_xl.templates import template

_LONGEST_CODE, _LONGEST_VALUE = 1_000, 32_767
_MOST_KEPT = 2_000
_NUMBER = CellKind.NUMBER
_TRIPLE = ("engagement", "respondent", "issue")


@dataclass(frozen=True, slots=True)
class Identity:
    """What a workbook says of itself. `values` are the hidden sheet's keys (or the code's three), `asked` its
    question list, `sheet` the name of the hidden sheet or ""."""

    values: Mapping[str, str] = field(default_factory=dict)
    asked: tuple[Asked, ...] = ()
    sheet: str = ""

    @property
    def engagement(self) -> str:
        return self.values.get("engagement", "")

    @property
    def respondent(self) -> str:
        return self.values.get("respondent", "")

    @property
    def issue(self) -> str:
        return self.values.get("issue", "")

    @property
    def texts(self) -> str:
        """The digests of what it was sent with around the questionnaire, as they are carried (see `pages`)."""
        return self.values.get("texts", "")

    @property
    def headings(self) -> str:
        """The digests of the headings between its questions, as they are carried."""
        return self.values.get("headings", "")

    @property
    def weights(self) -> str:
        """The digest of the weights it was sent with, "" where unknown (see `pages.weighed`)."""
        return self.values.get("weights", "")

    @property
    def angles(self) -> tuple[str, ...]:
        """The angles asked of every question, in order."""
        return tuple(part for part in re.split(r"[\s,;|]+", self.values.get("angles", "")) if part)


def identify(book: RawBook) -> tuple[Identity, tuple[Finding, ...]]:
    """Who and what the workbook says it is.

    Findings: IDN_001 no carrier at all, IDN_003 carriers disagree (both errors), IDN_008 the hidden sheet is
    gone, IDN_010 another schema.
    """
    hidden = [_hidden(sheet) for sheet in book.sheets if _is_hidden_sheet(sheet)]
    codes = dict(_codes(book))
    claims = [(identity.sheet, _triple(identity.values)) for identity in hidden]
    claims += [(where, dict(zip(_TRIPLE, found, strict=True))) for found, where in codes.items()]
    if not claims:
        return Identity(), (Finding("IDN_001"),)
    claims.append(("", _triple(_claimed(book.properties))))
    first = claims[0][1]
    for where, claim in claims[1:]:
        for key in _TRIPLE:
            if claim.get(key) and first.get(key) and claim[key] != first[key]:
                values = {"first": first[key], "second": claim[key]}
                return hidden[0] if hidden else Identity(first), (
                    Finding("IDN_003", Place(sheet=where), values=values),
                )
    if not hidden:
        return Identity(first), (Finding("IDN_008"),)
    schema = hidden[0].values.get("schema", "")
    known = template("interview")["identity"]["schema"]
    wrong = (Finding("IDN_010", values={"found": schema, "known": known}),) if schema != known else ()
    return hidden[0], wrong


def match(
    identity: Identity, issues: Mapping[str, Issue], plan: Plan | None
) -> tuple[Issue | None, tuple[Finding, ...]]:
    """The issue a workbook belongs to, and why it belongs to none.

    `issues` by id. Findings (errors): IDN_004 another engagement, IDN_005 unknown issue, IDN_006 unknown
    respondent, IDN_007 the log knows the issue for someone else, IDN_009 another catalogue; (warning)
    IDN_012 the hidden question list was changed.
    """
    if plan is not None and identity.engagement != plan.engagement.id:
        values = {"found": identity.engagement, "expected": plan.engagement.id}
        return None, (Finding("IDN_004", values=values),)
    issue = issues.get(identity.issue)
    if issue is None:
        return None, (Finding("IDN_005", values={"found": identity.issue}),)
    if identity.respondent != issue.respondent or identity.engagement != issue.engagement:
        values = {"found": identity.respondent, "expected": issue.respondent}
        return None, (Finding("IDN_007", values=values),)
    if plan is not None and issue.respondent not in plan.by_id:
        return None, (Finding("IDN_006", values={"found": issue.respondent}),)
    if plan is not None and issue.catalogue_id != plan.catalogue.id:
        values = {"found": issue.catalogue_id, "expected": plan.catalogue.id}
        return None, (Finding("IDN_009", values=values),)
    changed = identity.asked not in ((), issue.questions) and set(identity.asked) != set(issue.questions)
    return issue, (Finding("IDN_012", Place(sheet=identity.sheet)),) if changed else ()


def is_own_sheet(sheet: RawSheet) -> bool:
    """Whether a sheet is a helper of ours rather than something a person added; some programs show what is hidden."""
    return sheet.name in helpers() or _is_hidden_sheet(sheet) or (sheet.hidden and sheet.name.startswith("_"))


def _triple(values: Mapping[str, str]) -> dict[str, str]:
    return {key: values.get(key, "") for key in _TRIPLE}


def _claimed(properties: Mapping[str, str]) -> dict[str, str]:
    names: Mapping[str, str] = template("interview")["identity"]["properties"]
    return {key: properties.get(name, "") for key, name in names.items()}


def _is_hidden_sheet(sheet: RawSheet) -> bool:
    """By its name, or by its keys where it was renamed."""
    contract = template("interview")["identity"]
    if sheet.name == contract["sheet"]:
        return True
    keys = frozenset(("schema", "engagement", "respondent", "issue"))
    return (
        sheet.may_hold(keys)
        and len(sheet.rows) >= 3
        and keys
        <= {cell.text for row in sheet.rows.values() if len(row) < 8 for cell in row.values() if len(cell.text) < 20}
    )


def _hidden(sheet: RawSheet) -> Identity:
    contract = template("interview")["identity"]
    keys, head = set(contract["keys"]), list(contract["head"])
    values: dict[str, str] = {}
    rows = [sheet.rows[row] for row in sorted(sheet.rows)]
    for place, row in enumerate(rows):
        texts = _texts(row)
        if texts[: len(head)] == head:
            below = tuple(rows[place + 1 :])
            listed = (_listed_once if len(below) <= _MOST_KEPT else _listed)(below, tuple(head))
            # below the list's head keys are looked for where a row is too short for a question
            for key, value in listed.short:
                if key in keys:
                    values.setdefault(key, value.strip()[:_LONGEST_VALUE])
            return Identity(values, listed.asked, sheet.name)
        if len(texts) >= 2 and texts[0] in keys:
            values.setdefault(texts[0], texts[1].strip()[:_LONGEST_VALUE])
    return Identity(values, (), sheet.name)


class _Listed(NamedTuple):
    """What stands below the head of the list: the questions, and rows of two texts."""

    asked: tuple[Asked, ...]
    short: tuple[tuple[str, str], ...]


def _listed(rows: tuple[Row, ...], head: tuple[str, ...]) -> _Listed:
    asked: list[Asked] = []
    short: list[tuple[str, str]] = []
    for texts in map(_texts, rows):
        if texts[: len(head)] == list(head):
            continue
        if len(texts) >= 3:
            rev = texts[1]
            asked.append(Asked(texts[0], int(rev) if rev.isascii() and rev.isdigit() and len(rev) < 7 else 0, texts[2]))
        elif len(texts) == 2:
            short.append((texts[0], texts[1]))
    return _Listed(tuple(asked), tuple(short))


_listed_once = lru_cache(64)(_listed)  # most people are asked the same


def _texts(row: Row) -> list[str]:
    return [tidy(cell.text) if cell.kind is _NUMBER else cell.text for _, cell in sorted(row.items())]


def _codes(book: RawBook) -> Iterator[tuple[tuple[str, str, str], str]]:
    """The visible codes: (engagement, respondent, issue) -> sheet and cell."""
    pattern, start = _code_pattern()
    for sheet in book.sheets:
        if not any(_hints(each, start) for each in (sheet, sheet.like) if each is not None):
            continue
        for number, row in sheet.rows.items():
            for column, cell in row.items():
                if len(cell.text) < _LONGEST_CODE and start in cell.text and (found := pattern.search(cell.text)):
                    yield (
                        (found["engagement"], found["respondent"], found["issue"]),
                        f"{sheet.name}!{a1(number, column)}",
                    )


def _hints(sheet: RawSheet, start: str) -> bool:
    """Whether a code may begin in the texts that are the sheet's own."""
    return sheet.learnt(("code", start), lambda: start in "\0".join(sheet.new_texts))


@cache
def _code_pattern() -> tuple[re.Pattern[str], str]:
    code: str = template("interview")["identity"]["code"]
    escaped = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^\\s:]+)", re.escape(code))
    return re.compile(escaped), code.partition("{")[0]
