"""Our words in one language, plain or as a formula that keeps figures in a sentence alive."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from cmme_xl.formulas import quoted
from cmme_xl.interview.draft import Doubt
from cmme_xl.scoring import round_half_away
from cmme_xl.spreadsheet.sheet import Cached
from cmme_xl.templates import template, words

TEMPLATE = "interview"
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Live:
    """A piece of formula text (without "=") and the value it has in the workbook as we write it."""

    text: str
    value: Cached

    @property
    def formula(self) -> str:
        return f"={self.text}"


@dataclass(frozen=True)
class Wording:
    """The words of the interview workbook in `lang` ("zh" or "en")."""

    lang: str

    @cached_property
    def _words(self) -> Mapping[str, str]:
        return words(TEMPLATE, "text", self.lang)

    def __call__(self, key: str, **values: object) -> str:
        """The wording `key` ("cover.title") with `values` filled in. Raises KeyError for an unknown key."""
        return self._words[key].format_map(values)

    def live(self, key: str, **values: Live) -> Live:
        """The wording `key` as a formula that joins its words and the live `values`."""
        wording = self._words[key]
        parts = _PLACEHOLDER.split(wording)
        # split() alternates: words, placeholder, words, placeholder, ..., words
        texts = [values[part].text if number % 2 else quoted(part) for number, part in enumerate(parts) if part]
        shown = {name: value.value for name, value in values.items()}
        return Live("&".join(texts), wording.format_map(shown))

    def note(self, doubts: Sequence[tuple[str, Doubt]]) -> str:
        """What stands beside answers to be given again, each with the name of its cell; "" where there are none."""
        wording = "clarification.reason" if len(doubts) == 1 else "clarification.reason_of"
        lines = [self(wording, cell=cell, reason=doubt.reason) for cell, doubt in doubts]
        return "\n".join([*lines, template(TEMPLATE)["clarification"]["closing"][self.lang]]) if lines else ""

    def sheet(self, role: str) -> str:
        """The name of the sheet with that role."""
        return str(template(TEMPLATE)["sheets"][role][self.lang])

    def weekday(self, day: date) -> str:
        return self("calendar.weekdays").split()[day.weekday()]

    def date(self, day: date) -> str:
        """A date with its day of the week."""
        month = self("calendar.months").split()[day.month - 1]
        return self("calendar.day", year=day.year, month=month, day=day.day, weekday=self.weekday(day))

    def appointment(self, moment: datetime | None, minutes: float | None) -> str:
        """When the interview is and how long it takes; that it is still to be arranged where there is no date."""
        if moment is None:
            return self("calendar.open")
        shown = self("calendar.moment", date=self.date(moment), hour=moment.hour, minute=moment.minute)
        return self("calendar.length", moment=shown, minutes=f"{minutes:g}") if minutes else shown


def either(condition: str, holds: bool, yes: Live, no: Live) -> Live:
    """IF as live text: `holds` says which branch has the cached value."""
    return Live(f"IF({condition},{yes.text},{no.text})", (yes if holds else no).value)


def rounded(figure: Live, decimals: int, none: str) -> Live:
    """A score as it is shown, `none` where there is none."""
    known = isinstance(figure.value, float)
    shown = Live(f"ROUND({figure.text},{decimals})", round_half_away(float(figure.value), decimals) if known else "")
    return either(f"ISNUMBER({figure.text})", known, shown, constant(none))


def link(target: str, label: Live) -> Live:
    """A HYPERLINK inside the workbook; `target` is formula text for "#'Sheet'!A1"."""
    return Live(f"HYPERLINK({target},{label.text})", label.value)


def constant(text: str) -> Live:
    """Words of ours as formula text."""
    return Live(quoted(text), text)
