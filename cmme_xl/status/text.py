"""Status on the terminal: tables whose columns line up, Chinese characters being two wide."""

import unicodedata
from collections.abc import Iterator, Sequence

from cmme_xl.findings import Finding, Severity, visible
from cmme_xl.results.progress import Progress
from cmme_xl.returned.model import ReturnedFile, Status
from cmme_xl.status.words import DAY, Words

LONGEST = 40
TEXTS = frozenset(("id", "name", "group", "state", "email", "indicator", "file", "status", "why"))


def lines(progress: Progress, lang: str) -> Iterator[str]:
    """People, groups, the indicators that lack someone, the files set aside, and what it comes to."""
    words = Words(lang)
    people = [
        {
            "id": each.person.id,
            "name": each.person.name,
            "group": progress.plan.catalogue.group(each.person.group).name.in_(lang),
            "answered": f"{each.answered}/{each.asked}",
            "blank": str(each.blank),
            "unclear": str(each.unclear),
            "state": words.state(each),
            "email": each.person.email if each in progress.waiting_for else "",
        }
        for each in progress.people
    ]
    yield from _section(words, "people", people)
    groups = [
        {
            "group": each.group.name.in_(lang),
            **{key: str(getattr(each, key)) for key in ("people", "sent", "returned", "complete")},
            "answered": f"{each.answered}/{each.asked}",
            "heard": str(each.heard),
            "wanted": str(each.wanted or "–"),
            "lacking": str(each.lacking or "–"),
        }
        for each in progress.groups
        if each.people
    ]
    yield from _section(words, "groups", groups)
    lacking = [
        {
            "indicator": f"{each.indicator.id} {each.indicator.name.in_(lang)}",
            **{key: str(getattr(each, key)) for key in ("heard", "wanted", "lacking")},
        }
        for each in progress.indicators
        if each.lacking
    ]
    yield from _section(words, "indicators", lacking)
    aside = [
        {
            "file": file.name,
            "status": words(f"status.{file.status.value}"),
            "why": finding.reason(lang) if (finding := cause(file)) else "",
        }
        for file in progress.set_aside
    ]
    yield from _section(words, "files", aside)
    yield summary(progress, words)


def cause(file: ReturnedFile) -> Finding | None:
    """The finding that says why a file was set aside: the last and gravest, or by which other file it was."""
    if file.status in (Status.SUPERSEDED, Status.CONFLICT):
        return next((finding for finding in reversed(file.findings) if not finding.place.cell), None)
    return min(reversed(file.findings), key=lambda finding: list(Severity).index(finding.severity), default=None)


def summary(progress: Progress, words: Words) -> str:
    """What it comes to, in a sentence."""
    returned, late = (sum(getattr(each, key) for each in progress.people) for key in ("returned", "late"))
    values = {"people": len(progress.people), "returned": returned, "complete": progress.complete}
    said = words("people.title", **values, waiting=len(progress.waiting_for))
    due = progress.plan.engagement.due
    return said + (words("people.late", late=late, due=due.strftime(DAY)) if due and late else "")


def _section(words: Words, name: str, rows: Sequence[dict[str, str]]) -> Iterator[str]:
    if not rows:
        return
    yield words(f"terminal.{name}")
    heads = {key: words(f"column.{key}") for key in rows[0]}
    yield from aligned([heads, *rows])
    yield ""


def aligned(rows: Sequence[dict[str, str]]) -> Iterator[str]:
    """Rows as lines; figures to the right, the last column as long as it is, others cut at LONGEST columns."""
    keys = list(rows[0])
    cells = [[_cut(visible(row[key])) if key != keys[-1] else visible(row[key]) for key in keys] for row in rows]
    wide = [max(_wide(row[at]) for row in cells) for at in range(len(keys))]
    for row in cells:
        padded = [
            " " * (px - _wide(text)) + text if key not in TEXTS else text + " " * (px - _wide(text))
            for key, text, px in zip(keys, row, wide, strict=True)
        ]
        yield "  " + "  ".join(padded).rstrip()


def _wide(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(0 if unicodedata.combining(ch) else 2 if unicodedata.east_asian_width(ch) in "WF" else 1 for ch in text)


def _cut(text: str) -> str:
    while _wide(text) > LONGEST:
        text = text[:-2] + "…"
    return text
