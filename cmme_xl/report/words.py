"""The words of report and deck in one language, from workbook_templates/report.toml."""

from dataclasses import dataclass
from functools import cache

from cmme_xl import templates


@dataclass(frozen=True)
class Words:
    """`words["report.title"]` is a wording; `fill` puts values into its {placeholders}."""

    lang: str

    def __getitem__(self, key: str) -> str:
        section, _, rest = key.partition(".")
        return _section(section, self.lang)[rest]

    def fill(self, key: str, /, **values: object) -> str:
        """The wording filled in; `key`_one where `n` is 1 and there is such a wording."""
        section, _, rest = key.partition(".")
        one = f"{rest}_one" if values.get("n") == 1 and f"{rest}_one" in _section(section, self.lang) else rest
        return self[f"{section}.{one}"].format_map(values)


@cache
def _section(section: str, lang: str) -> dict[str, str]:
    return templates.words("report", section, lang)
