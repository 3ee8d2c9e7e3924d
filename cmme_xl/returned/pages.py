"""The pages around the questionnaire: cover, instructions, progress. What they were sent with is known by its digests,
which the hidden sheet carries; whatever else stands there was typed, and is not to be lost."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from hashlib import blake2b

from cmme_xl.reading.grid import Cell, CellKind, RawSheet, Row, tidy
from cmme_xl.returned.answer import folded
from cmme_xl.templates import template

_DIGITS = 6
_LONGEST, _LONGEST_LIVE = 4_000, 400
_MOST_KEPT, _LONGEST_KEPT = 20_000, 1_000
_TEXTS = (CellKind.TEXT, CellKind.DATE)
NUMBERS = (CellKind.NUMBER, CellKind.PERCENT, CellKind.BOOL)
_LIVE = ("cover", "review", "progress", "scores")
_LIVE_QUESTIONS = ("answered", "next", "complete", "done")
"""The sections of the template with wordings that a formula puts together, and such wordings of the questionnaire."""


@cache
def helpers() -> frozenset[str]:
    """The names of the hidden sheets that compute, which some programs show."""
    live = template("interview")["live"]
    return frozenset(live[helper]["sheet"] for helper in ("tally", "scores", "review", "record"))


def digests(texts: Iterable[str]) -> str:
    """The texts a workbook is sent with, as the hidden sheet carries them: one short digest after the other."""
    return "".join(sorted({_digest(text) for text in texts if text.strip()}))


def weighed(weights: Mapping[str, float]) -> str:
    """A digest of the weight of every node a workbook is sent with, as the hidden sheet carries it."""
    listed = " ".join(f"{node}={weight:.15g}" for node, weight in sorted(weights.items()))
    return blake2b(listed.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def carried(known: str) -> str:
    """Digests as they stand in their cell, headed by their length."""
    return f"{len(known)}:{known}"


def brought_back(text: str) -> str:
    """The digests that were `carried`; none where some are missing: not every program keeps a text so long."""
    length, _, known = text.partition(":")
    return known if length == str(len(known)) else ""


def texts_of(sheet: RawSheet) -> Iterator[str]:
    """What is known of a page that is sent: its texts, and its numbers with its name."""
    for row in sheet.rows.values():
        for cell in row.values():
            yield _numbered(sheet, cell) if cell.kind in NUMBERS else cell.text


def knows(known: str, text: str) -> bool:
    """Whether `text` is among those of which `known` are the digests."""
    return text != "" and _holds(known, _digest(text))


class Pages:
    """Finds what was typed; made once, used for every file."""

    def __init__(self) -> None:
        # files of one form share their rows: what one needs to be known for is found once
        self._needed: dict[tuple[str, Row], tuple[str, ...]] = {}
        contract = template("interview")
        still = contract["sheets"].keys() - set(contract["live"]["pages"])
        self._code = contract["identity"]["code"].partition("{")[0]
        self._still = {name for page in still for name in contract["sheets"][page].values()}

    def typed(self, sheet: RawSheet, known: str) -> Iterator[tuple[int, int, Cell]]:
        """(row, column, cell) of what was not there when the workbook was sent with the texts `known`."""
        for number, row in sheet.rows.items():
            needed = self._needed.get((sheet.name, row))
            for digest in self._needs(sheet, row) if needed is None else needed:
                if not _holds(known, digest):
                    break
            else:
                continue
            for column, cell in row.items():
                digest = self._need(sheet, cell)
                if digest and not _holds(known, digest) and not was_live(sheet, cell):
                    yield number, column, cell

    def _needs(self, sheet: RawSheet, row: Row) -> tuple[str, ...]:
        """The digests that must be known for nothing in `row` to be typed."""
        needed = tuple(filter(None, (self._need(sheet, cell) for cell in row.values())))
        if len(self._needed) < _MOST_KEPT and sum(10 + len(cell.text) for cell in row.values()) < _LONGEST_KEPT:
            self._needed[sheet.name, row] = needed
        return needed

    def _need(self, sheet: RawSheet, cell: Cell) -> str:
        """The digest that must be known for a cell not to be typed, "" where it cannot be."""
        if cell.formula or not cell.text.strip():
            return ""
        if cell.kind in NUMBERS:  # on a page that computes they are tampering, and said to be (ANS_041)
            return _digest(_numbered(sheet, cell)) if sheet.name in self._still else ""
        return _digest(cell.text) if cell.kind in _TEXTS and not cell.text.startswith(self._code) else ""


def was_live(sheet: RawSheet, cell: Cell) -> bool:
    """Whether a cell is what a formula of ours last said, left by a program that drops formulas."""
    if sheet.computes:
        return False
    return cell.kind in NUMBERS or _live().fullmatch(cell.text[:_LONGEST_LIVE]) is not None


def _numbered(sheet: RawSheet, cell: Cell) -> str:
    return numbered(sheet.name, cell.text)


def numbered(sheet: str, number: str) -> str:
    """What is known of a number on a page; small ones stand on many: one that stands on another was typed
    nonetheless."""
    return f"{sheet}!{tidy(number)}"


def _holds(known: str, digest: str) -> bool:
    at = known.find(digest)
    while at % _DIGITS and at >= 0:  # across the end of one and the beginning of another
        at = known.find(digest, at + 1)
    return at >= 0


def _digest(text: str) -> str:
    return (_digest_once if len(text) <= _LONGEST_KEPT else _digest_of)(text[:_LONGEST])


def _digest_of(text: str) -> str:
    bare = "".join(folded(text).split())
    return blake2b(bare.encode("utf-8", "surrogatepass"), digest_size=_DIGITS // 2).hexdigest()


_digest_once = lru_cache(8_192)(_digest_of)  # the same texts stand in file after file


@cache
def _live() -> re.Pattern[str]:
    """What the formulas on our pages may say, in either language."""
    text = template("interview")["text"]
    pairs = [pair for section in _LIVE for pair in text[section].values()]
    pairs += [text["questions"][key] for key in _LIVE_QUESTIONS]
    wordings = {wording for pair in pairs for wording in pair.values()}
    said = "|".join(re.sub(r"\\\{[^}]*\\\}", ".{0,60}", re.escape(each)) for each in sorted(wordings))
    done = "|".join(map(re.escape, text["questions"]["done"].values()))
    return re.compile(f"(?:(?:{done}) )?(?:{said})|[0-9.]{{1,20}}%")
