"""Sentences composed from results: a rule, the node it speaks of, and the figures and names it says.

The wording of every rule stands in workbook_templates/report.toml under [sentence], in every language. A sentence
knows no language until it is told one, so that each can be traced to its rule and its numbers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from cmme_xl import templates
from cmme_xl.catalogue import Text
from cmme_xl.findings import visible
from cmme_xl.scoring import round_half_away


class Shape(StrEnum):
    """How a figure is shown: two decimals; the same with the sign left to the words; three; whole per cent; whole."""

    SCORE = "score"
    DISTANCE = "distance"
    POINTS = "points"
    PERCENT = "percent"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Figure:
    """An unrounded figure of the results and the shape it is shown in."""

    value: float
    shape: Shape = Shape.SCORE

    def __str__(self) -> str:
        if self.shape is Shape.PERCENT:
            return f"{round_half_away(self.value * 100, 0):.0f}%"
        if self.shape is Shape.COUNT:
            return f"{self.value:,.0f}"
        digits = 3 if self.shape is Shape.POINTS else 2
        shown = round_half_away(self.value, digits)
        return f"{abs(shown) if self.shape is Shape.DISTANCE else shown:.{digits}f}"


@dataclass(frozen=True, slots=True)
class Sentence:
    """`rule` is the key of the wording, `node` the id it speaks of, `values` what fills the wording."""

    rule: str
    node: str
    values: "Mapping[str, Value]"

    @property
    def figures(self) -> dict[str, Figure]:
        """The numbers that the sentence says, by their names in the wording."""
        own = {name: value for name, value in self.values.items() if isinstance(value, Figure)}
        parts = [value.figures for value in self.values.values() if isinstance(value, Sentence)]
        return own | {name: value for part in parts for name, value in part.items()}

    def text(self, lang: str) -> str:
        """The sentence in `lang` ("zh" or "en"). Raises KeyError where the wording asks for what is not there."""
        said = self.part(lang)
        return said[:1].upper() + said[1:]

    def part(self, lang: str) -> str:
        """The wording filled in, as it stands within a sentence."""
        wordings = _wordings(lang)
        wording = wordings[self.rule]
        n = self.values.get("n")
        if isinstance(n, Figure) and n.value == 1:
            wording = wordings.get(f"{self.rule}_one", wording)
        return wording.format_map({name: _said(value, lang) for name, value in self.values.items()})


Value = Figure | Text | str | Sequence[Text] | Sentence


def paragraph(sentences: Sequence[Sentence], lang: str) -> str:
    """The sentences as one running text: Chinese ones touch, English ones are set apart by a space."""
    return ("" if lang == "zh" else " ").join(each.text(lang) for each in sentences)


def listed(names: Sequence[Text], lang: str) -> str:
    """Names in one phrase."""
    words = _joiners(lang)
    said = [words["name"].format(name=each.in_(lang)) for each in names]
    return said[0] if len(said) == 1 else words["last"].format(others=words["between"].join(said[:-1]), last=said[-1])


def _said(value: Value, lang: str) -> str:
    if isinstance(value, Text):
        return value.in_(lang)
    if isinstance(value, Sentence):
        return value.part(lang)
    if isinstance(value, str):
        return visible(value)
    return str(value) if isinstance(value, Figure) else listed(value, lang)


@cache
def _wordings(lang: str) -> dict[str, str]:
    return templates.words("report", "sentence", lang)


@cache
def _joiners(lang: str) -> dict[str, str]:
    return templates.words("report", "joined", lang)
