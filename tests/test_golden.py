"""Real workbooks, free of lint and the same as the golden ones (golden.py says how to renew those)."""

from datetime import UTC, datetime
from pathlib import Path

import golden
import plan_samples
import pytest
from allowed_functions import EXCEL_2016
from interview_plans import person
from interview_plans import plan as interview_plan
from scorecards import CURRENT, TARGET, plan
from small_engagement import catalogue as small_catalogue
from small_engagement import returned, together

from cmme_xl.catalogue import load
from cmme_xl.interview.generation import generate
from cmme_xl.interview.record.generation import record
from cmme_xl.plan import issued
from cmme_xl.plan.write import plan_bytes
from cmme_xl.results.compute import compute
from cmme_xl.spreadsheet import Brand
from cmme_xl.spreadsheet.lint import lint
from cmme_xl.summary.write import summary_bytes
from cmme_xl.templates import template

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_empty_plan(lang: str) -> None:
    data = plan_bytes(small_catalogue(), lang, people_slots=5)
    assert lint(data, EXCEL_2016) == ()
    golden.compare(f"plan_empty_{lang}", data)


def test_a_plan_filled_in() -> None:
    catalogue = load()
    data = plan_bytes(catalogue, "zh", plan_samples.sample(catalogue))
    assert lint(data, EXCEL_2016) == ()
    golden.compare("plan_filled_zh", data)


def test_what_is_sent_out(tmp_path: Path) -> None:
    """One workbook of each kind, and the dispatch list."""
    people = {
        "interview_zh": person("R1"),
        "interview_en": person("R2", "senior", "en"),
        "interview_benchmark_en": person("R3", "benchmark", "en"),
    }
    log = tmp_path / issued.FILE_NAME
    done = generate(interview_plan(*people.values()), tmp_path / "out", log, now=NOW)
    ids = {issue.id: f"ISSUE-{issue.respondent}" for issue in issued.read(log)}
    assert len(ids) == len(done.written) == len(people)
    for (name, _), path in zip(people.items(), done.written, strict=True):
        assert lint(path.read_bytes(), EXCEL_2016) == ()
        golden.compare(name, path.read_bytes(), ids)
    assert lint(done.dispatch_path.read_bytes(), EXCEL_2016) == ()
    golden.compare("dispatch", done.dispatch_path.read_bytes(), ids)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_record(lang: str, tmp_path: Path) -> None:
    whose = interview_plan(person("R1", lang=lang))
    log, folder = tmp_path / issued.FILE_NAME, tmp_path / "returned"
    folder.mkdir()
    (path,) = record(whose, folder, tmp_path / "records", log, now=NOW).written
    ids = {issue.id: f"ISSUE-{issue.respondent}" for issue in issued.read(log)}
    assert lint(path.read_bytes(), EXCEL_2016) == ()
    golden.compare(f"record_{lang}", path.read_bytes(), ids)


@pytest.mark.parametrize(("lang", "audience"), [("zh", "client"), ("en", "consultant")])
def test_a_summary(lang: str, audience: str) -> None:
    whose = plan()
    results = compute(whose, together(returned(CURRENT), returned(TARGET, "target")))
    data = summary_bytes(results, lang, Brand.from_table(template("brand")), audience)
    assert lint(data, EXCEL_2016) == ()
    golden.compare(f"summary_{audience}_{lang}", data)
