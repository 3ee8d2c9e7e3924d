"""The summary as written: right figures in the cells, nothing of persons in a client's file, both languages."""

import io
import re
import warnings
import zipfile
from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path

import openpyxl
import pytest
import summary_cases as cases
from allowed_functions import EXCEL_2016
from openpyxl.workbook import Workbook

from cmme_xl.calculation import expression as ex
from cmme_xl.catalogue import ROOT
from cmme_xl.results.compute import compute
from cmme_xl.results.facts import facts
from cmme_xl.results.model import Results
from cmme_xl.results.sentence import paragraph
from cmme_xl.results.verdict import verdict
from cmme_xl.returned.model import Answers, Outcome, Status
from cmme_xl.returned.read import read_file
from cmme_xl.scoring import round_half_away
from cmme_xl.spreadsheet import Brand
from cmme_xl.spreadsheet.lint import lint
from cmme_xl.summary.furniture import as_seen
from cmme_xl.summary.write import summary_bytes
from cmme_xl.templates import template

BRAND = Brand.from_table(template("brand"))
NAMES = {
    "zh": [
        *("总览", "维度", "1 客户战略", "2 客户流程", "3 人与组织", "4 信息技术", "5 客户数据", "6 客户管理"),
        *(
            "7 客户体验",
            "8 客户绩效",
            "指标",
            "差距",
            "层级与人员",
            "诊断与建议",
            "行动",
            "轻重缓急",
            "路线图",
            "试算",
            "构件",
        ),
        *("权重", "答案", "依据", "来源", "方法"),
        *("计算", "取数", "次序", "层级取数", "行动取数", "轻重取数", "路径取数", "构件取数", "_summary", "_entries"),
    ],
    "en": [
        *("Overview", "Dimensions", "1 Strategy", "2 Processes", "3 People & org.", "4 Technology", "5 Data"),
        *("6 Management", "7 Experience", "8 Performance", "Indicators", "Gaps", "Tiers and people"),
        *("Recommendations", "Action plan", "Matrix", "Road map", "What if", "Building blocks"),
        *("Weights", "Answers", "Evidence", "Sources", "Method", "Engine", "Figures", "Order", "Tier figures"),
        *("Action figures", "Matrix figures", "Path figures", "Block figures", "_summary", "_entries"),
    ],
}


@cache
def results() -> Results:
    return cases.results_of(figures=(cases.given("benchmark", "D1", 3.5), cases.given("target", "D5-01", 5.0)))


@cache
def data(lang: str, audience: str) -> bytes:
    return summary_bytes(results(), lang, BRAND, audience)


def opened(content: bytes) -> Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(io.BytesIO(content), data_only=True)


def texts(content: bytes) -> str:
    """Every part of the file, as one text."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_sheets_stand_in_order_with_the_calculation_hidden(lang: str) -> None:
    book = opened(data(lang, "consultant"))
    assert book.sheetnames == NAMES[lang]
    assert [sheet.title for sheet in book if sheet.sheet_state != "visible"] == NAMES[lang][-10:]


def test_the_hidden_figures_are_the_results() -> None:
    sheet = opened(data("zh", "consultant"))["取数"]
    columns = {(sheet.cell(3, c).value, sheet.cell(4, c).value): c for c in range(1, 80)}
    rows = {sheet.cell(row, 1).value: row for row in range(5, 200)}
    angles = {"current": "现状", "target": "目标", "benchmark": "标杆", "competitor": "竞争对手"}
    checked = 0
    for angle, word in angles.items():
        for node in (ROOT, *(i.id for i in results().plan.catalogue.indicators)):
            found = results().chosen.angles[angle].nodes[node]
            shown = sheet.cell(rows[node], columns[word, "值"]).value
            assert (shown if shown not in ("", None) else None) == pytest.approx(found.score, abs=1e-12)
            checked += found.score is not None
    assert checked > 200


def test_the_overview_shows_both_totals_and_names_the_level() -> None:
    sheet = opened(data("en", "consultant"))["Overview"]
    total = results().chosen.angles["current"].nodes[ROOT]
    assert sheet["B10"].value == pytest.approx(total.score)
    level = results().plan.catalogue.levels[int(total.level or 0) - 1].name.en
    assert sheet["B4"].value.startswith(f'Level {total.level} "{level}"')
    assert sheet["B7"].value == paragraph(verdict(facts(results())), "en")
    shown = [row[23].value for row in sheet.iter_rows(min_row=10, max_row=11)]
    assert shown == [
        pytest.approx(results().scopes[scope].angles["current"].nodes[ROOT].score) for scope in ("standard", "key")
    ]


def test_the_lists_and_the_gaps_stand_in_the_order_of_the_results() -> None:
    book, scope = opened(data("zh", "consultant")), results().chosen
    number = {indicator.id: indicator.number for indicator in results().plan.catalogue.indicators}
    gaps = book["差距"]
    head = next(row for row in range(1, 20) if gaps.cell(row, 2).value == "名次")
    listed = [gaps.cell(head + place, 3).value for place in range(1, len(scope.importance_order) + 1)]
    assert listed == [number[id_] for id_ in scope.importance_order]
    overview = book["总览"]
    head = next(row for row in range(20, 60) if overview.cell(row, 2).value == "五项强项")
    assert [overview.cell(head + r, 2).value for r in range(1, 6)] == [number[i] for i in scope.strengths[:5]]
    nodes = scope.angles["current"].nodes
    rising = sorted(scope.strengths, key=lambda id_: (round_half_away(nodes[id_].score or 0.0), number[id_]))
    assert [overview.cell(head + r, 10).value for r in range(1, 6)] == [number[i] for i in rising[:5]]
    assert [overview.cell(head + r, 18).value for r in range(1, 6)] == [number[i] for i in scope.importance_order[:5]]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("audience", ["client", "consultant"])
def test_the_file_has_no_fault_and_only_functions_of_excel_2016(lang: str, audience: str) -> None:
    assert lint(data(lang, audience), EXCEL_2016) == ()


def test_a_summary_among_the_returns_is_known_for_ours(tmp_path: Path) -> None:
    (tmp_path / "summary.xlsx").write_bytes(data("zh", "client"))
    file, _ = read_file(tmp_path / "summary.xlsx", results().plan.catalogue)
    assert (file.status, [finding.code for finding in file.findings]) == (Status.SYSTEM, ["FIL_024"])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_visible_cell_shows_an_error(lang: str) -> None:
    for audience in ("client", "consultant"):
        for sheet in opened(data(lang, audience)):
            if sheet.sheet_state == "visible":
                shown = [cell.value for row in sheet.iter_rows() for cell in row]
                assert not [value for value in shown if isinstance(value, str) and value.startswith("#")]


def test_a_clients_file_holds_nothing_of_persons() -> None:
    content = texts(data("zh", "client"))
    assert "Respondent" not in content
    assert "Outsider" not in content
    assert "Secret evidence" not in content
    assert ".pdf" not in content
    assert not re.search(r"\bP\d+\.xlsx", content)
    # the same search finds them in a consultant's file
    assert "Secret evidence" in texts(data("zh", "consultant"))


def test_a_clients_file_shows_no_question_with_too_few_scores() -> None:
    few = cases.results_of(angles=("target",), count=2)
    book = opened(summary_bytes(few, "zh", BRAND, "client"))
    questions = few.plan.catalogue.questions
    answers = book["答案"]
    assert not [row for row in answers.iter_rows(min_row=10) if row[1].value in questions]
    assert str(answers["B8"].value).startswith(f"另有 {len(questions)} 题不列")
    engine = book["计算"]
    scores = [c for c in range(1, 60) if engine.cell(4, c).value == "值"]
    hidden = [
        engine.cell(row, c).value for row in range(5, 400) for c in scores if engine.cell(row, 1).value in questions
    ]
    assert not [value for value in hidden if isinstance(value, (int, float))]


def _engaged(**settings: object) -> Results:
    """Four people; the indicator D1-02 scored by two of them, D1-03 by one: hidden from a client."""
    plan = cases.plan_of(angles=("target",), count=4, dimensions=2, audience="client", **settings)  # type: ignore[arg-type]
    few = {"D1-02": {"P0", "P1"}, "D1-03": {"P2"}}
    back = cases.answers_of(plan)
    answers = [
        each._replace(outcome=Outcome.DK, score=None)
        if each.respondent not in few.get(plan.catalogue.indicator_of[each.question].id, {each.respondent})
        else each
        for each in back.answers
    ]
    return compute(plan, replace(back, answers=Answers.of(answers)))


def _view(content: bytes) -> dict[tuple[str, str, str], object]:
    sheet = opened(content)["取数"]
    heads = {c: (sheet.cell(3, c).value, sheet.cell(4, c).value) for c in range(5, 120) if sheet.cell(4, c).value}
    rows = {row: sheet.cell(row, 1).value for row in range(5, 200) if sheet.cell(row, 1).value}
    return {
        (str(node), str(angle), str(figure)): sheet.cell(row, c).value
        for row, node in rows.items()
        for c, (angle, figure) in heads.items()
    }


def test_a_clients_file_shows_no_figure_of_an_indicator_that_too_few_people_scored() -> None:
    found = _engaged()
    content = summary_bytes(found, "zh", BRAND, "client")
    shown, scope = _view(content), found.chosen
    for hidden in ("D1-02", "D1-03"):
        for figure in ("值", "最低", "最高", "覆盖率", "应答率", "评分", "级别"):
            assert shown[hidden, "现状", figure] in (None, "")
        assert shown[hidden, "目标", "差距"] in (None, "")
        assert shown[hidden, "现状", "无值时显示"] == "<3"
    for node in (ROOT, "D1", "D2"):  # what they roll up to is what it was
        result = scope.angles["current"].nodes[node]
        assert shown[node, "现状", "值"] == pytest.approx(result.score, abs=1e-9)
        assert shown[node, "现状", "应答率"] == pytest.approx(result.response_rate, abs=1e-9)
        assert shown[node, "目标", "差距"] == pytest.approx(scope.gaps["target"][node].value, abs=1e-9)
    # nor do the hidden sheets hold their own figures: one mean stands for both
    engine = opened(content)["计算"]
    column = next(c for c in range(5, 40) if (engine.cell(3, c).value, engine.cell(4, c).value) == ("现状", "值"))
    held = {engine.cell(row, 1).value: engine.cell(row, column).value for row in range(5, 200)}
    own = {hidden: scope.angles["current"].nodes[hidden].score for hidden in ("D1-02", "D1-03")}
    assert own["D1-02"] != own["D1-03"]
    assert held["D1-02"] == held["D1-03"] == pytest.approx(sum(score or 0.0 for score in own.values()) / 2)


def test_a_clients_file_shows_no_small_count() -> None:
    answers = opened(summary_bytes(_engaged(), "zh", BRAND, "client"))["答案"]
    counts = [c.value for row in answers.iter_rows(min_row=10, min_col=5, max_col=9) for c in row]
    assert "<3" in counts
    assert not {1, 2} & set(counts)


def test_a_provisional_level_is_marked_wherever_it_is_shown() -> None:
    thin = cases.results_of(angles=("target",), count=1)
    book = opened(summary_bytes(thin, "en", BRAND, "consultant"))
    assert thin.chosen.angles["current"].nodes[ROOT].provisional
    assert "(provisional)" in book["Overview"]["B4"].value
    assert "(provisional)" in book["Overview"]["B13"].value
    figures = book["Figures"]
    heads = {figures.cell(4, c).value: c for c in range(5, 40) if figures.cell(3, c).value == "Current"}
    for row in range(5, 60):
        node = str(figures.cell(row, 1).value)
        result = thin.chosen.angles["current"].nodes[node]
        starred = result.provisional and result.score is not None
        assert figures.cell(row, heads["provisional mark"]).value == ("*" if starred else None)
        firm = figures.cell(row, heads["firm score key"]).value
        some = any(not thin.chosen.angles["current"].nodes[d.id].provisional for d in thin.plan.catalogue.dimensions)
        if node.startswith("D") and "-" not in node and some and starred:
            assert firm is None


def test_an_angle_that_covers_little_is_not_on_the_ladder() -> None:
    sparse = cases.results_of(angles=(), figures=(cases.given("benchmark", "D1-01", 4.0),))
    book = opened(summary_bytes(sparse, "en", BRAND, "consultant"))
    overview = [c.value for row in book["Overview"].iter_rows(max_row=19) for c in row if isinstance(c.value, str)]
    assert not [text for text in overview if text.startswith("■")]
    weights = [c.value for row in book["Weights"].iter_rows() for c in row if isinstance(c.value, str)]
    assert [text for text in weights if re.fullmatch(r"\* covers \d+% of weight only", text)]


def test_a_gap_that_is_no_plain_difference_is_marked() -> None:
    sparse = cases.results_of(angles=(), figures=(cases.given("benchmark", "D1-01", 4.0),))
    shown = _view(summary_bytes(sparse, "zh", BRAND, "consultant"))
    assert shown["D1", "标杆", "非直接相减"] == 1  # rests on one indicator of eight
    assert shown["D1-01", "标杆", "非直接相减"] == 0


def test_no_tier_shares_is_what_the_headline_says() -> None:
    shareless = cases.results_of(angles=(), dimensions=2, voice="tier", tier_shares={})
    for audience in ("client", "consultant"):
        book = opened(summary_bytes(shareless, "en", BRAND, audience))
        assert book["Overview"]["B4"].value.startswith("Enter tier shares")
        spoken = [c.value for sheet in book for row in sheet.iter_rows() for c in row]
        assert "No answer can be scored yet" not in [book[name]["B4"].value for name in ("Dimensions", "Indicators")]
    assert "▲ enter tier shares" in spoken


def test_one_person_is_not_people() -> None:
    alone = cases.results_of(angles=(), count=1, dimensions=1)
    sheet = opened(summary_bytes(alone, "en", BRAND, "consultant"))["Overview"]
    assert "answers from 1 of 1 person" in sheet["B5"].value


def test_a_range_is_spoken_of_only_where_something_is_not_covered() -> None:
    """The level of a total just above its threshold does not "hold": it is covered, no more."""
    partly = cases.results_of(angles=(), count=1, dimensions=1)
    assert (partly.chosen.angles["current"].nodes[ROOT].coverage or 0.0) < 1
    whole = cases.results_of(angles=(), count=30, dimensions=1)
    assert whole.chosen.angles["current"].nodes[ROOT].coverage == pytest.approx(1)
    said = [opened(summary_bytes(each, "en", BRAND, "consultant"))["Overview"]["B17"].value for each in (partly, whole)]
    assert said[1] == "Every question in scope has been scored"
    assert said[0].endswith("% covered")


def test_what_lies_within_rounding_of_nothing_is_shown_as_nothing() -> None:
    for number in (-1e-17, -0.004, 0.0):
        assert str(as_seen(ex.Expression("A1", number)).value) == "0.0"


def test_an_answer_that_looks_like_a_formula_stays_text() -> None:
    sheet = opened(data("zh", "consultant"))["依据"]
    comments = [cell.value for cell in sheet["J"] if cell.value]
    assert "=not a formula" in comments
    assert all(cell.data_type != "f" for cell in sheet["J"])


@pytest.mark.parametrize(
    "made",
    [
        {"angles": (), "dimensions": 3},
        {"angles": (), "count": 0, "dimensions": 3},
        {"angles": ("target",), "count": 1, "dimensions": 4},
        {"dimensions": 1},
        {"dimensions": 2, "na": "D1-02"},
        {"angles": ("competitor",), "dimensions": 3},
    ],
)
@pytest.mark.parametrize("audience", ["client", "consultant"])
def test_whatever_is_missing_the_summary_is_written_and_says_so(made: dict[str, object], audience: str) -> None:
    found = cases.results_of(**made)  # type: ignore[arg-type]
    content = summary_bytes(found, "en", BRAND, audience)
    assert lint(content, EXCEL_2016) == ()
    sheet = opened(content)["Overview"]
    spoken = " ".join(str(cell.value) for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str))
    absent = [a for a in ("target", "benchmark") if not found.chosen.angles[a].present]
    assert not absent or all(f"{angle}" in spoken.partition("No ")[2] for angle in absent)


def test_an_absent_angle_is_in_no_table_and_no_chart() -> None:
    content = summary_bytes(cases.results_of(angles=("target",)), "en", BRAND, "consultant")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        charts = [archive.read(n).decode() for n in archive.namelist() if n.startswith("xl/charts/")]
    assert charts
    assert not any(">Benchmark<" in chart or ">Competitor<" in chart for chart in charts)
    assert any(">Target<" in chart for chart in charts)


def test_another_ladder_and_another_number_of_indicators_are_laid_out() -> None:
    plan = cases.plan_of(dimensions=3)
    model = plan.catalogue
    first = replace(model.dimensions[0], indicators=model.dimensions[0].indicators[:2])
    levels = tuple(replace(level, threshold=place * 1.2) for place, level in enumerate(model.levels[:4]))
    smaller = replace(model, dimensions=(first, *model.dimensions[1:]), levels=levels)
    asked = {person: tuple(q for q in of if q in smaller.questions) for person, of in plan.assigned.items()}
    plan = replace(plan, catalogue=smaller, assigned=asked)
    content = summary_bytes(compute(plan, cases.answers_of(plan)), "zh", BRAND, "consultant")
    assert lint(content, EXCEL_2016) == ()


def test_the_print_titles_do_not_lie_under_a_chart() -> None:
    """No chart over the filterable table: every anchor on that sheet would be one too many."""
    with zipfile.ZipFile(io.BytesIO(data("zh", "consultant"))) as archive:
        number = NAMES["zh"].index("指标") + 1
        assert f"xl/worksheets/_rels/sheet{number}.xml.rels" not in archive.namelist()


# --- the twin: text and value of one expression


@pytest.mark.parametrize(
    ("number", "pattern", "said"),
    [(2.675, "0.00", "2.68"), (-0.004, "0.00", "0.00"), (0.125, "0%", "13%"), (None, "0.00", "–"), (7, "0", "7")],
)
def test_numbers_are_shown_as_excel_shows_them(number: float | None, pattern: str, said: str) -> None:
    assert ex.as_shown(number, pattern) == said


def test_a_sentence_is_filled_with_live_parts() -> None:
    found = ex.sentence("{a} of “{b}”", a=ex.Expression("A1", 2.0), b=ex.constant('say "x"'))
    assert found.text == 'A1&" of “"&"say ""x"""&"”"'
    assert found.value == '2 of “say "x"”'


def test_a_long_text_is_cut_to_what_a_formula_holds() -> None:
    found = ex.constant("x" * 600)
    assert max(len(part) for part in re.findall(r'"([^"]*)"', found.text)) <= 255
    assert found.value == "x" * 600


def test_ranks_of_equals_stand_in_catalogue_order() -> None:
    keys = ex.Block("$A$1:$A$4", (2.0, 3.0, 2.0, None))
    addresses = [f"$A${row}" for row in range(1, 5)]
    assert [each.value for each in ex.ranks(keys, addresses)] == [2, 1, 3, None]


def test_every_rounded_importance_falls_along_the_list() -> None:
    points, fine = results().chosen.importance, results().plan.catalogue.limits.importance_decimals
    shown = [round_half_away(points[id_], fine) for id_ in results().chosen.importance_order]
    assert all(one >= other for one, other in pairwise(shown))
