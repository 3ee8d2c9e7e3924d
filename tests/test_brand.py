"""A second brand: colours, fonts, logo, footer and confidentiality line come from brand.toml, and from nowhere else."""

import io
import re
import zipfile
from functools import cache
from pathlib import Path

import pytest
import summary_cases as cases
from logo import LOGO

from cmme_xl import templates
from cmme_xl.spreadsheet import Brand
from cmme_xl.spreadsheet.lint import lint
from cmme_xl.summary.write import summary_bytes
from cmme_xl.templates import template


def other(folder: Path) -> Brand:
    """Every colour, font and text of the brand is another."""
    (folder / "logo.png").write_bytes(LOGO)
    table = template("brand")
    palette = {name: f"{number * 1234567 % 0xFFFFFF:06X}" for number, name in enumerate(table["palette"], 1)}
    words = {"author": "Other House", "confidential": {"zh": "仅限阅读", "en": "For your eyes only"}}
    fonts = {"zh": "SimSun", "en": "Georgia"}
    changed = {"palette": palette, "fonts": fonts, "words": words, "logo": {"file": "logo.png"}}
    return Brand.from_table(changed, folder)


@cache
def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_of_the_first_brand_is_left(lang: str, tmp_path: Path) -> None:
    brand, first = other(tmp_path), templates.brand()
    found = cases.results_of(dimensions=3)
    data = summary_bytes(found, lang, brand, "client")
    assert lint(data) == ()
    text = "\n".join(
        content.decode("utf-8", "replace") for name, content in parts(data).items() if name.endswith(".xml")
    )
    colours = {colour.upper() for colour in re.findall(r'(?:rgb="FF|srgbClr val="|&amp;K)([0-9A-Fa-f]{6})\b', text)}
    ours = {value.upper() for value in brand.palette.values()}
    of_theme = {
        value.upper() for value in re.findall('srgbClr val="([0-9A-F]{6})', parts(data)["xl/theme/theme1.xml"].decode())
    }
    assert colours & ours
    # XlsxWriter's own red for bars below 0, of which there are none
    assert colours - ours - of_theme <= {"000000", "FFFFFF", "FF0000"}
    assert not {value.upper() for value in first.palette.values()} & (colours - of_theme)
    # a theme names fonts of its own for scripts that we do not write
    written = text.replace(parts(data)["xl/theme/theme1.xml"].decode(), "")
    assert brand.fonts[lang] in written
    assert first.fonts[lang] not in written
    assert brand.confidential[lang] in text
    assert first.confidential[lang] not in text
    assert "Other House" in text


def test_the_logo_is_stored_once_and_stands_on_every_page_with_a_title(tmp_path: Path) -> None:
    data = summary_bytes(cases.results_of(dimensions=2), "en", other(tmp_path), "client")
    media = [content for name, content in parts(data).items() if name.startswith("xl/media/")]
    assert media == [LOGO]
    drawings = [content for name, content in parts(data).items() if re.match(r"xl/drawings/drawing\d+\.xml", name)]
    assert sum(content.count(b"<xdr:pic>") for content in drawings) > 10


def test_a_logo_that_is_no_picture_is_refused(tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_bytes(b"GIF89a")
    table = {**template("brand"), "logo": {"file": "logo.png"}}
    with pytest.raises(ValueError, match=r"logo\.png"):
        Brand.from_table(table, tmp_path)
    with pytest.raises(OSError, match=r"none\.png"):
        Brand.from_table({**table, "logo": {"file": "none.png"}}, tmp_path)
