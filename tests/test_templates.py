"""Workbook templates: one loader, every text in both languages, a brand that is whole."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import tomli

from cmme_xl import templates
from cmme_xl.findings import LANGUAGES
from cmme_xl.templates import folder, template, words

NAMES = sorted(path.stem for path in folder().glob("*.toml"))
COLOUR = re.compile(r"""(?:font_color|bg_color|_color|colour|color|tab)=["']([a-z]\w*)["']""")
CHINESE = re.compile("[\u4e00-\u9fff]")


def texts(value: Any, path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every table that holds a text in some language, with its path."""
    if isinstance(value, list):
        for number, each in enumerate(value):
            yield from texts(each, f"{path}[{number}]")
    elif isinstance(value, dict):
        if set(LANGUAGES) & set(value):
            yield path, value
        else:
            for key, below in value.items():
                yield from texts(below, f"{path}.{key}")


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder of templates."""
    monkeypatch.setattr(templates, "folder", lambda: tmp_path)
    template.cache_clear()
    yield tmp_path
    template.cache_clear()


@pytest.mark.parametrize("name", NAMES)
def test_every_text_stands_in_both_languages(name: str) -> None:
    halves = [path for path, table in texts(template(name), name) if set(table) != set(LANGUAGES)]
    assert halves == []


@pytest.mark.parametrize("name", [name for name in NAMES if name != "brand"])
def test_no_english_text_holds_chinese(name: str) -> None:
    mixed = [path for path, table in texts(template(name), name) if CHINESE.search(str(table["en"]))]
    assert [path for path in mixed if not path.endswith("choices.lang")] == []  # a language bears its own name


@pytest.mark.parametrize("name", NAMES)
def test_placeholders_are_the_same_in_both_languages(name: str) -> None:
    def holes(text: object) -> list[str]:
        return sorted(set(re.findall(r"\{(\w*)", str(text))))

    assert [path for path, table in texts(template(name), name) if holes(table["zh"]) != holes(table["en"])] == []


def test_every_colour_named_in_the_code_is_in_the_palette() -> None:
    palette = template("brand")["palette"]
    package = Path(templates.__file__).parent
    named = {name for path in package.rglob("*.py") for name in COLOUR.findall(path.read_text("utf-8"))}
    assert sorted(named - set(palette)) == []


def test_the_brand_has_a_font_and_a_footer_per_language() -> None:
    brand = template("brand")
    assert set(brand["fonts"]) == set(brand["words"]["confidential"]) == set(LANGUAGES)


def test_words_are_flat_and_in_one_language(elsewhere: Path) -> None:
    (elsewhere / "x.toml").write_text(
        '[part]\nn = 3\none = { zh = "一", en = "one" }\n[part.deep.er]\ntwo = { zh = "二", en = "two" }\n', "utf-8"
    )
    assert words("x", "part", "zh") == {"one": "一", "deep.er.two": "二"}
    assert words("x", "part", "en") == {"one": "one", "deep.er.two": "two"}


def test_a_template_saved_with_a_byte_order_mark_is_read(elsewhere: Path) -> None:
    (elsewhere / "x.toml").write_text("a = 1\n", "utf-8-sig")
    assert template("x") == {"a": 1}


def test_what_is_missing_or_broken_is_said(elsewhere: Path) -> None:
    with pytest.raises(FileNotFoundError):
        template("x")
    (elsewhere / "x.toml").write_text("a = \n", "utf-8")
    with pytest.raises(tomli.TOMLDecodeError):
        template("x")
