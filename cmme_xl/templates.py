"""The one loader of ``workbook_templates/``: what sheets, columns and words our workbooks are made of.

The folder is part of the wheel and stands at the root of a checkout; a consultancy changes labels,
widths and colours there without touching Python. The same tables serve writer and reader.
"""

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tomli

if TYPE_CHECKING:
    from cmme_xl.spreadsheet.brand import Brand


def folder() -> Path:
    """The folder of templates: inside the installed package, else at the checkout's root."""
    packaged = Path(str(files("cmme_xl").joinpath("workbook_templates")))
    return packaged if packaged.is_dir() else Path(__file__).resolve().parent.parent / "workbook_templates"


@cache
def template(name: str) -> dict[str, Any]:
    """The template `name` ("interview" for interview.toml) as nested tables.

    Raises FileNotFoundError where there is none and tomli.TOMLDecodeError where it cannot be read.
    """
    return tomli.loads((folder() / f"{name}.toml").read_text("utf-8-sig"))


def brand() -> "Brand":
    """The look of every workbook, from brand.toml and the logo beside it. Raises as `Brand.from_table` does."""
    from cmme_xl.spreadsheet.brand import Brand

    return Brand.from_table(template("brand"), folder())


def words(name: str, section: str, lang: str) -> dict[str, str]:
    """One flat table of a template's texts in `lang`: {key: text}; nested keys are joined by dots."""
    found: dict[str, str] = {}

    def collect(prefix: str, table: dict[str, Any]) -> None:
        for key, value in table.items():
            if isinstance(value, dict) and isinstance(value.get(lang), str):
                found[prefix + key] = value[lang]
            elif isinstance(value, dict):
                collect(f"{prefix}{key}.", value)

    collect("", template(name)[section])
    return found
