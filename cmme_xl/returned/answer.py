"""What is typed in a score cell, understood where it is unambiguous and else quoted (scoring.md rule 1)."""

import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from cmme_xl.catalogue import Catalogue
from cmme_xl.reading.grid import Cell, CellKind
from cmme_xl.returned.replies import Mark, Outcome
from cmme_xl.templates import template

_NUMBER = r"([+-]?[0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]{1,3})?)"
_WITH_COMMA_ZEROS = r"([0-9]+),0+"
_APOSTROPHES = str.maketrans(dict.fromkeys("\u2018\u2019\u00b4\u0060\u02bc\uff07", "'"))

_REJECTED_KINDS = {
    CellKind.ERROR: "ANS_007",
    CellKind.BOOL: "ANS_008",
    CellKind.PERCENT: "ANS_010",
    CellKind.BROKEN: "ANS_004",
}


# The codes of dates, whose wordings say more (see `dated`).
DATED = frozenset(("ANS_009", "ANS_032"))

# No answer is longer; what is would only cost time.
_LONGEST = 200
# A date of this number or less was no date when it was typed.
_SMALL = 10


class Reading(NamedTuple):
    """What a score cell says. `code` is the finding it calls for, "" where it is exactly as the form offers."""

    outcome: Outcome
    score: float | None = None
    code: str = ""


_BLANK = Reading(Outcome.BLANK)
# a member asked of its class by name costs more than all else that is done with most cells
_TEXT, _NUMBER_KIND = CellKind.TEXT, CellKind.NUMBER


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The answers a catalogue's scale knows: `exact` are the form's own words, `words` all that are understood
    (folded), `labels` the folded labels of each step; `number` matches a number with or without a word for
    points, `labelled` a step and its label; one of `endings` may follow any of them."""

    low: float
    high: float
    exact: Mapping[str, Reading]
    words: Mapping[str, Reading]
    labels: Mapping[int, tuple[str, ...]]
    number: re.Pattern[str]
    labelled: re.Pattern[str]
    endings: str

    @classmethod
    def of(cls, catalogue: Catalogue) -> "Vocabulary":
        """The vocabulary of a catalogue and of answers.toml, in both languages; a label that two steps share is
        not understood."""
        also = template("answers")
        na, dk = Reading(Outcome.NA), Reading(Outcome.DK)
        exact = {str(step.value): Reading(Outcome.SCORED, float(step.value)) for step in catalogue.steps}
        exact |= dict.fromkeys((catalogue.na.zh, catalogue.na.en), na)
        exact |= dict.fromkeys((catalogue.dk.zh, catalogue.dk.en), dk)
        labels = {
            step.value: tuple(
                dict.fromkeys(folded(text) for pair in (step.name, step.label) for text in (pair.zh, pair.en) if text)
            )
            for step in catalogue.steps
        }
        words: dict[str, Reading] = {}
        taken = [label for found in labels.values() for label in found]
        for value, found in labels.items():
            known = (label for label in found if taken.count(label) == 1 and label not in also["ambiguous"])
            words |= {label: Reading(Outcome.SCORED, float(value), "ANS_001") for label in known}
        words |= {
            folded(word): Reading(Outcome.NA, None, "ANS_001")
            for word in (*also["na"], catalogue.na.zh, catalogue.na.en)
        }
        words |= {
            folded(word): Reading(Outcome.DK, None, "ANS_001")
            for word in (*also["dk"], catalogue.dk.zh, catalogue.dk.en)
        }
        points = "|".join(map(re.escape, also["points"]))
        number = re.compile(rf"(?:{_NUMBER}|{_WITH_COMMA_ZEROS})(?:\s*(?:{points}))?")
        labelled = re.compile(rf"([0-9]+)\s*[{re.escape(also['separators'])}]?\s*([^\W\d].*?)\)?")
        low, high = float(catalogue.scale_min), float(catalogue.scale_max)
        return cls(low, high, exact, words, labels, number, labelled, also["endings"])

    def read(self, cell: Cell | None) -> Reading:
        """The reading of a score cell (None = no cell)."""
        if cell is None:
            return _BLANK
        if len(cell.text) > _LONGEST:
            return Reading(Outcome.REJECTED, None, "ANS_004")
        if cell.formula:
            return Reading(Outcome.REJECTED, None, "ANS_005" if cell.text else "ANS_006")
        plain = self.exact.get(cell.text)
        if plain is not None and cell.kind is (_TEXT if plain.score is None else _NUMBER_KIND):
            return plain
        if cell.kind is CellKind.NUMBER:
            return self._number(cell.text, "")
        if cell.kind is CellKind.TEXT:
            text = folded(cell.text)
            reading = self._text(text)
            ended = reading.code == "ANS_004" and text[-1] in self.endings and text[:-1].strip()
            return self._text(ended) if ended else reading
        if cell.kind is CellKind.DATE:
            return Reading(Outcome.REJECTED, None, dated(cell.text)[0])
        return Reading(Outcome.REJECTED, None, _REJECTED_KINDS[cell.kind]) if cell.text else Reading(Outcome.BLANK)

    def _text(self, text: str) -> Reading:
        if not text:
            return Reading(Outcome.BLANK)
        known = self.words.get(text)
        if known is not None:
            return known
        number = self.number.fullmatch(text)
        if number is not None:
            return self._number(number[1] or number[2], "ANS_001")
        labelled = self.labelled.fullmatch(text)
        if labelled is not None and self._names(int(labelled[1][:3]), labelled[2]):
            return Reading(Outcome.SCORED, float(labelled[1]), "ANS_001")
        return Reading(Outcome.REJECTED, None, "ANS_004")

    def _names(self, step: int, text: str) -> bool:
        """Whether `text` begins with a label of `step`, and not with a longer one of another step."""
        best = max(
            (label for labels in self.labels.values() for label in labels if text.startswith(label)),
            key=len,
            default="",
        )
        return bool(best) and best in self.labels.get(step, ())

    def _number(self, text: str, code: str) -> Reading:
        try:
            # Python reads 1_0 as ten; a spreadsheet does not.
            typed = float(text.replace("_", "?"))
        except ValueError:
            return Reading(Outcome.REJECTED, None, "ANS_004")
        if not math.isfinite(typed):
            return Reading(Outcome.REJECTED, None, "ANS_003" if math.isinf(typed) else "ANS_004")
        score = float(f"{typed:.15g}") + 0.0
        if not self.low <= score <= self.high:
            return Reading(Outcome.REJECTED, None, "ANS_003")
        if score % 1:
            code = "ANS_002"
        elif score != typed or len(text) > 15:
            code = "ANS_011"
        return Reading(Outcome.SCORED, score, code)


class Marks(dict[Cell | None, tuple[Mark, str]]):
    """What score cells say: cell (None = no cell) -> mark and the code of the finding it calls for.

    Very many cells say the same: each different one is read once.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        super().__init__()
        self._vocabulary = vocabulary

    def __missing__(self, cell: Cell | None) -> tuple[Mark, str]:
        outcome, score, code = self._vocabulary.read(cell)
        marked = Mark(outcome, score, cell.shown if cell is not None else ""), code
        if len(self) < _MOST_KEPT and (cell is None or len(cell.text) + len(cell.formula) <= _LONGEST):
            self[cell] = marked
        return marked


def dated(shown: str) -> tuple[str, Mapping[str, object]]:
    """The finding a date in a score cell calls for, and the values that fill its wording.

    ANS_009: a day and month, as which a fraction or a range was taken ("5/4"; which part is the month depends on
    the country). ANS_032: a small number typed where the cell had become a date. ANS_004: a time, or no date.
    """
    try:
        moment = datetime.fromisoformat(shown)
    except ValueError:
        return "ANS_004", {}
    # the days after which the two calendars of spreadsheets count; the first has none between 0 and 1 January
    number = (moment.date() - (date(1904, 1, 1) if moment.year > 1900 else date(1899, 12, 31))).days
    if moment != datetime(moment.year, moment.month, moment.day):
        return "ANS_004", {}
    if 0 <= number <= _SMALL:
        return "ANS_032", {"number": number}
    return "ANS_009", {"month": moment.month, "day": moment.day}


@lru_cache(2_048)  # the same words head the columns of every file
def folded(text: str) -> str:
    """`text` made comparable: compatibility forms, digits of any script, case, apostrophes, space at the ends
    and characters that cannot be seen."""
    if text.isascii() and text.isprintable():
        return text.replace("`", "'").strip().casefold()
    plain = unicodedata.normalize("NFKC", text.translate(_APOSTROPHES))
    return plain.translate(_SHOWN).strip().casefold()


class _Shown(dict[int, str]):
    """What is left of a character by its code: digits become ASCII, what cannot be seen becomes nothing."""

    def __missing__(self, code: int) -> str:
        ch = chr(code)
        seen = unicodedata.category(ch) not in ("Cf", "Cc") or ch in "\t\r\n"
        left = (ch if ch.isascii() else str(unicodedata.digit(ch, ch))) if seen else ""
        if len(self) < _MOST_KEPT:
            self[code] = left
        return left


_MOST_KEPT = 20_000
_SHOWN = _Shown()
