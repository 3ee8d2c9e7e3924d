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

    def counted(self, key: str, count: int | str, **values: object) -> str:
        """The wording for this number of things: `key`_one for one, where there is such a wording."""
        section, _, rest = key.partition(".")
        one = f"{rest}_one" if count == 1 and f"{rest}_one" in _section(section, self.lang) else rest
        return self.fill(f"{section}.{one}", **values)

    def section(self, name: str) -> dict[str, str]:
        """All wordings of one section, by the rest of their key."""
        return _section(name, self.lang)


@cache
def _section(section: str, lang: str) -> dict[str, str]:
    return templates.words("summary", section, lang)
