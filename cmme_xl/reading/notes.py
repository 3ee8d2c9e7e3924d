"""What people write beside the cells of a workbook: comments on them, and text boxes."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from cmme_xl.findings import Finding, Place
from cmme_xl.reading.container import Archive, Refused
from cmme_xl.reading.grid import LONGEST_NAME
from cmme_xl.reading.workbook import related, worksheets
from cmme_xl.reading.xml import local_name, parse

MOST, LONGEST = 100, 2_000
_LONGEST_CELL = 40
_FOLDERS = ("xl/comments", "xl/threadedcomments/", "xl/drawings/")
_PERSONS = "xl/persons/"

# What older programs are shown of a thread: a title in brackets, where to read more, and its texts, each with a label;
# all in the language of the program that saved it.
_PLACEHOLDER = re.compile(r"\s*\[[^\]\n]{1,60}\](?:.*?linkid=870924[.。]?)?", re.S)
_LABEL = re.compile(r"(?:[^:：]{1,20}[:：])?")

T = TypeVar("T")
Written = tuple[str, str]
"""The cell at which something is written, "" where none is known, and what."""


class Notes:
    """What is written beside the cells of a book: the first `MOST` one by one (FIL_052), the rest counted (FIL_053)."""

    def __init__(self) -> None:
        self._listed: list[Finding] = []
        self._more = 0

    def add(self, sheet: str, cell: str, text: str) -> None:
        """Adds a text, if it is any."""
        text = text[: 2 * LONGEST].strip()[:LONGEST]
        if text and len(self._listed) < MOST:
            self._listed.append(Finding("FIL_052", Place(sheet=sheet, cell=cell[:_LONGEST_CELL]), text))
        elif text:
            self._more += 1

    def findings(self) -> Iterator[Finding]:
        yield from self._listed
        if self._more:
            yield Finding("FIL_053", values={"count": self._more})


def notes(archive: Archive) -> Iterator[Finding]:
    """Each comment, text of a thread and text box in the .xlsx `archive` (see `beside`). Raises Refused where the list
    of sheets cannot be read."""
    if any(archive.under(*_FOLDERS)):
        yield from beside(archive, ((name, part) for name, _, part in worksheets(archive)), _comments)


def beside(
    archive: Archive, sheets: Iterable[tuple[str, str]], comments: Callable[[bytes], list[Written]]
) -> Iterator[Finding]:
    """What is written beside the cells of `sheets` (name, part), whose parts of comments `comments` reads.

    What cannot be read there is named by its part: it costs no answer.
    """
    found = Notes()

    def read(sheet: str, part: str, reader: Callable[[bytes], list[T]]) -> list[T]:
        try:
            return reader(archive.read(part)) if part else []
        except Refused:
            found.add(sheet, "", part)
            return []

    persons = dict(each for part in archive.under(_PERSONS) for each in read("", part, _persons))
    for sheet, part in sheets:
        try:
            parts = related(archive, part)
        except Refused:
            found.add(sheet, "", part)
            continue
        threads: dict[str, list[str]] = {}
        said: list[Written] = []
        for cell, person, text in read(sheet, parts.first("/threadedComment"), _threads):
            threads.setdefault(cell, []).append(text)
            said.append((cell, f"{persons[person]}: {text}" if person in persons else text))
        for cell, text in read(sheet, parts.first("/comments"), comments):
            if not _is_placeholder(text, threads.get(cell, ())):
                found.add(sheet, cell, text)
        for cell, text in (*said, *read(sheet, parts.first("/drawing"), _boxes)):
            found.add(sheet, cell, text)
    yield from found.findings()


def _comments(data: bytes) -> list[Written]:
    return [(attributes.get("ref", ""), text) for attributes, text in _texts(data, "comment", "t")]


def _boxes(data: bytes) -> list[Written]:
    return [("", text) for _, text in _texts(data, "txBody", "t")]


def _threads(data: bytes) -> list[tuple[str, str, str]]:
    """(cell, id of the person, text) of each text of a thread, in the order in which they were written."""
    found = _texts(data, "threadedComment", "text")
    return [(attributes.get("ref", ""), attributes.get("personId", ""), text) for attributes, text in found]


def _persons(data: bytes) -> list[tuple[str, str]]:
    """(id, name) of each person who takes part in threads."""
    found = _texts(data, "person", "")
    return [(attributes.get("id", ""), attributes.get("displayName", "")[:LONGEST_NAME]) for attributes, _ in found]


def _texts(data: bytes, holder: str, texts: str) -> list[tuple[dict[str, str], str]]:
    """The attributes of each element `holder`, and what the elements `texts` in it say. Raises Refused."""
    found: list[tuple[dict[str, str], str]] = []
    holding: dict[str, str] = {}
    heard, written = False, [""]

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal heard, holding
        tag = local_name(name)
        if tag == holder:
            holding = attributes
            written.clear()
        heard = tag == texts

    def end(name: str) -> None:
        nonlocal heard
        tag = local_name(name)
        heard = False
        if tag == holder:
            found.append((holding, "".join(written).strip()))
        elif tag == "p":
            written.append("\n")

    def hear(text: str) -> None:
        if heard:
            written.append(text)

    parse(data, start, end, hear)
    return found


def _is_placeholder(comment: str, thread: Sequence[str]) -> bool:
    """Whether a comment says no more than what older programs are shown in place of the thread at its cell."""
    begun = _PLACEHOLDER.match(comment) if thread else None
    if begun is None:
        return False
    rest = _squeezed(comment[begun.end() :])
    for text in map(_squeezed, thread) if rest else ():
        label, found, rest = rest.partition(text) if text else ("", " ", rest)
        if not found or _LABEL.fullmatch(label) is None:
            return False
    return not rest


def _squeezed(text: str) -> str:
    return "".join(text.split())
