"""The scorecard's words in one language: its own, and where it has none, those of the summary."""

from dataclasses import dataclass
from functools import cache

from cmme_xl.templates import words


@dataclass(frozen=True)
class Words:
    """`words["meeting.title"]` is a wording; `fill` puts static values into its {placeholders}."""

    lang: str

    def __getitem__(self, key: str) -> str:
        section, _, rest = key.partition(".")
        own = _section("scorecard", section, self.lang)
        return own[rest] if rest in own else _section("summary", section, self.lang)[rest]

    def fill(self, key: str, **values: object) -> str:
        return self[key].format_map(values)

    def section(self, name: str) -> dict[str, str]:
        """All wordings of one section of the scorecard, by the rest of their key."""
        return _section("scorecard", name, self.lang)


@cache
def _section(template: str, section: str, lang: str) -> dict[str, str]:
    try:
        return words(template, section, lang)
    except KeyError:
        return {}
