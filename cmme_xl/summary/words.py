"""The summary's words in one language, from workbook_templates/summary.toml."""

from dataclasses import dataclass
from functools import cache

from cmme_xl import templates


@dataclass(frozen=True)
class Words:
    """`words["overview.title"]` is a wording; `fill` puts static values into its {placeholders}."""

    lang: str

    def __getitem__(self, key: str) -> str:
        section, _, rest = key.partition(".")
        return _section(section, self.lang)[rest]

    def fill(self, key: str, **values: object) -> str:
        return self[key].format_map(values)

    def section(self, name: str) -> dict[str, str]:
        """All wordings of one section, by the rest of their key."""
        return _section(name, self.lang)


@cache
def _section(section: str, lang: str) -> dict[str, str]:
    return templates.words("summary", section, lang)
