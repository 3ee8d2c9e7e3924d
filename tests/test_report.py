"""The report and the deck: both open, hold what the results say, and nothing that their reader may not know."""

import io
import re
import zipfile
from dataclasses import replace
from functools import cache
from pathlib import Path

import lanes
import pytest
from docx import Document
from logo import LOGO
from pptx import Presentation
from summary_cases import answers_of, plan_of, results_of

from cmme_xl.findings import Refusal
from cmme_xl.report.brief import Brief
from cmme_xl.report.making import report_bytes
from cmme_xl.report.target import is_report, keep_previous, refuse_misplaced
from cmme_xl.report.words import Words
from cmme_xl.results.compute import compute
from cmme_xl.results.facts import facts
from cmme_xl.results.model import Results
from cmme_xl.results.verdict import verdict
from cmme_xl.returned.model import Record
from cmme_xl.returned.replies import Reply
from cmme_xl.spreadsheet import Brand
from cmme_xl.templates import template

KINDS = (".docx", ".pptx")


def written(results: Results, lang: str, kind: str, brand: Brand | None = None) -> bytes:
    return report_bytes(results, lang, brand or Brand.from_table(template("brand")), kind)


@cache
def sample(lang: str, kind: str, audience: str = "consultant") -> bytes:
    return written(results_of(audience=audience), lang, kind)


def everything(data: bytes) -> str:
    """The text of every part, those of the workbooks behind the charts included."""
    found = []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            part = archive.read(name)
            found.append(everything(part) if name.endswith(".xlsx") else part.decode("utf-8", "ignore"))
    return "\n".join(found)


def words(data: bytes, kind: str) -> str:
    """What a reader sees as text."""
    if kind == ".docx":
        document = Document(io.BytesIO(data))
        cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        return "\n".join([paragraph.text for paragraph in document.paragraphs] + cells)
    found = []
    for slide in Presentation(io.BytesIO(data)).slides:
        for shape in slide.shapes:
            if shape.has_text_frame:
                found.append(shape.text_frame.text)
            if shape.has_table:
                found += [cell.text for row in shape.table.rows for cell in row.cells]
    return "\n".join(found)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_it_opens_and_leaves_no_blank_unfilled(kind: str, lang: str) -> None:
    text = words(sample(lang, kind), kind)
    assert not re.search(r"{\w+}|\bNone\b|\bnan\b", text)
    assert "Northwind Home" in text


def test_the_deck_is_made_to_be_discussed() -> None:
    deck = Presentation(io.BytesIO(sample("en", ".pptx")))
    titles = [slide.shapes.title.text_frame.text for slide in deck.slides]
    assert 10 <= len(titles) <= 15
    assert len(set(titles)) == len(titles)
    assert sum(shape.has_chart for slide in deck.slides for shape in slide.shapes) >= 3


def test_the_report_holds_the_verdict_and_a_section_per_dimension() -> None:
    results = results_of()
    document = Document(io.BytesIO(sample("en", ".docx")))
    text = words(sample("en", ".docx"), ".docx")
    for each in verdict(facts(results)):
        assert each.text("en") in text
    headings = [p.text for p in document.paragraphs if p.style is not None and p.style.name.startswith("Heading")]
    for dimension in results.plan.catalogue.dimensions:
        assert f"4.{dimension.number}  {dimension.name.en}" in headings


@pytest.mark.parametrize(("lang", "talk"), [("zh", "共同商定"), ("en", "agreed in it")])
def test_only_where_there_are_records_are_scores_agreed_in_interviews(lang: str, talk: str) -> None:
    results = results_of()
    assert talk not in words(sample(lang, ".docx"), ".docx")
    silent = Reply.of("P0", ())
    record = Record("P0", silent, silent, ())
    held = replace(results, returned=replace(results.returned, records=(record,)))
    assert talk in words(written(held, lang, ".docx"), ".docx")


def test_no_page_is_left_empty() -> None:
    body = Document(io.BytesIO(sample("en", ".docx"))).element.body
    for paragraph in body.iter("{*}p"):
        if paragraph.find("{*}pPr/{*}pageBreakBefore") is not None:
            before = paragraph.getprevious()
            assert before is not None
            assert before.tag.endswith("}tbl") or "".join(before.itertext()).strip(), "".join(paragraph.itertext())


def test_a_short_table_stands_on_one_page() -> None:
    tables = Document(io.BytesIO(sample("en", ".docx"))).tables
    short = [table for table in tables if 2 < len(table.rows) <= 13 and len(table.columns) > 2]
    assert len(short) >= 8
    for table in short:
        kept = [bool(row.cells[0].paragraphs[0].paragraph_format.keep_with_next) for row in table.rows]
        assert kept == [True] * (len(kept) - 1) + [False]


def test_of_a_single_dimension_the_indicators_are_drawn_and_none_is_strong_and_weak_at_once() -> None:
    results = results_of(dimensions=1)
    brief = Brief(facts(results), Words("en"), Brand.from_table(template("brand")))
    assert [each.id for each in brief.parts] == [each.id for each in facts(results).indicators()]
    strong, weak = brief.ends(5)
    assert len(strong) == 5
    assert weak
    assert not set(strong) & set(weak)
    deck = Presentation(io.BytesIO(written(results, "en", ".pptx")))
    titles = [slide.shapes.title.text_frame.text for slide in deck.slides]
    assert len(set(titles)) == len(titles)
    assert not any("ranks" in title for title in titles)


def test_charts_in_the_report_are_native_and_carry_their_figures() -> None:
    with zipfile.ZipFile(io.BytesIO(sample("zh", ".docx"))) as archive:
        charts = [name for name in archive.namelist() if re.fullmatch(r"word/charts/chart\d+\.xml", name)]
        assert len(charts) >= 8
        for name in charts:
            relations = archive.read(name.replace("charts/", "charts/_rels/") + ".rels").decode()
            book = re.search(r'Target="\.\./(embeddings/[^"]+)"', relations)
            assert book is not None
            assert f"word/{book[1]}" in archive.namelist()
            shown = re.search(rb'externalData[^>]* r:id="(\w+)"', archive.read(name))
            assert shown is not None
            assert f'Id="{shown[1].decode()}"' in relations


def test_the_contents_are_a_field_that_is_renewed_and_lead_to_the_headings() -> None:
    with zipfile.ZipFile(io.BytesIO(sample("zh", ".docx"))) as archive:
        xml = archive.read("word/document.xml").decode()
    assert 'w:dirty="true"' in xml
    assert "TOC \\o" in xml
    anchors = set(re.findall(r'<w:hyperlink w:anchor="(\w+)"', xml))
    assert anchors
    assert anchors <= set(re.findall(r'<w:bookmarkStart [^>]*w:name="(\w+)"', xml))


@pytest.mark.parametrize("kind", KINDS)
def test_chinese_text_has_its_own_font(kind: str) -> None:
    font = Brand.from_table(template("brand")).fonts["zh"]
    mark = f'w:eastAsia="{font}"' if kind == ".docx" else f'<a:ea typeface="{font}"'
    assert mark in everything(sample("zh", kind))


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_content_gives_the_same_file(kind: str) -> None:
    assert sample("zh", kind) == written(results_of(audience="consultant"), "zh", kind)


@pytest.mark.parametrize("kind", KINDS)
def test_a_client_finds_no_person_in_it(kind: str) -> None:
    found = everything(sample("en", kind, "client"))
    for secret in ("Respondent 1", "Outsider", "Secret evidence", "P1.xlsx", "Letter from"):
        assert secret not in found


@pytest.mark.parametrize("kind", KINDS)
def test_text_from_outside_stays_text(kind: str) -> None:
    made = plan_of(3, angles=("target",), dimensions=1)
    odd = '<w:p>&amp; {0} =1+1 \x07 "quoted"'
    odd_plan = replace(made, engagement=replace(made.engagement, enterprise=odd, name=odd, competitor=odd))
    data = written(compute(odd_plan, answers_of(odd_plan)), "en", kind)
    assert '<w:p>&amp; {0} =1+1 \\u0007 "quoted"' in words(data, kind)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "case",
    [
        {"count": 1, "dimensions": 1, "angles": ()},
        {"count": 3, "angles": (), "audience": "client"},
        {"dimensions": 2, "angles": ("benchmark",), "scope": "key"},
        {"angles": ("target", "customer"), "na": "D1-01"},
    ],
)
def test_small_and_odd_assessments_are_written_too(case: dict[str, object], kind: str) -> None:
    text = words(written(results_of(**case), "zh", kind), kind)  # type: ignore[arg-type]
    assert not re.search(r"{\w+}|\bNone\b", text)


@pytest.mark.parametrize("kind", KINDS)
def test_another_brand_shows(kind: str, tmp_path: Path) -> None:
    table = template("brand")
    (tmp_path / "logo.png").write_bytes(LOGO)
    palette = {name: "7A1FA2" if value == "12355B" else value for name, value in table["palette"].items()}
    other = Brand.from_table(
        table | {"palette": palette, "fonts": {"zh": "KaiTi", "en": "Georgia"}, "logo": {"file": "logo.png"}}, tmp_path
    )
    data = written(results_of(dimensions=2), "en", kind, other)
    found = everything(data)
    assert "7A1FA2" in found
    assert "Georgia" in found
    assert "12355B" not in found
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert [name for name in archive.namelist() if "/media/" in name and archive.read(name) == LOGO]


@pytest.mark.parametrize("name", ["plan.xlsx", "returned/report.docx", "report.xlsx", "theirs.docx"])
def test_nothing_that_is_read_or_not_ours_is_written_over(name: str, tmp_path: Path) -> None:
    (tmp_path / "theirs.docx").write_bytes(b"somebody's")
    with pytest.raises(Refusal):
        refuse_misplaced(tmp_path / "plan.xlsx", tmp_path / "returned", tmp_path / name)


@pytest.mark.parametrize("kind", KINDS)
def test_a_former_report_is_known_and_kept(kind: str, tmp_path: Path) -> None:
    target = tmp_path / f"report{kind}"
    target.write_bytes(sample("zh", kind))
    assert is_report(target)
    refuse_misplaced(tmp_path / "plan.xlsx", tmp_path / "returned", target)
    assert [finding.code for finding in keep_previous(target)] == ["RPT_001"]
    assert (tmp_path / f"report.previous{kind}").read_bytes() == target.read_bytes()


@pytest.mark.lane("validator")
def test_the_open_xml_sdk_finds_nothing(tmp_path: Path) -> None:
    written_to = [tmp_path / f"report{kind}" for kind in KINDS]
    for target in written_to:
        target.write_bytes(sample("en", target.suffix))
    assert lanes.validate(written_to) == {target: [] for target in written_to}


@pytest.mark.parametrize("kind", KINDS)
def test_openxml_audit_finds_nothing(kind: str, tmp_path: Path) -> None:
    from openxml_audit import OpenXmlValidator

    target = tmp_path / f"report{kind}"
    target.write_bytes(sample("zh", kind))
    assert [str(error.description) for error in OpenXmlValidator().validate(target).errors] == []
