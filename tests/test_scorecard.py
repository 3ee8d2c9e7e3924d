"""The scorecard as a file: what it holds, what is read back from it, and that nothing typed into it is lost."""

import io
import shutil
import zipfile
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import golden
import lanes
import openpyxl
import pytest
import scorecards
from allowed_functions import EXCEL_2016
from scorecards import DAY, answers, fill, places, plan
from small_engagement import returned

from cmme_xl.findings import Refusal
from cmme_xl.plan.model import Plan
from cmme_xl.results.compute import compute
from cmme_xl.results.export import as_json
from cmme_xl.returned import scorecard
from cmme_xl.returned.calibrations import read_calibrations
from cmme_xl.returned.model import Status
from cmme_xl.returned.read import read_file
from cmme_xl.scorecard.identity import is_scorecard
from cmme_xl.scorecard.making import make
from cmme_xl.spreadsheet.lint import lint
from cmme_xl.summary.write import summary_bytes
from cmme_xl.templates import template

OURS = {"CMME_ROLLUP", "CMME_VERSION"}
WHO = ("Mei Lin", datetime(2026, 11, 20), "Minutes of the review were shown.")


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("scorecard") / "blank.xlsx"
    path.write_bytes(scorecards.data(plan(), answers()))
    return path


@pytest.fixture
def card(blank: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(blank, tmp_path / "card.xlsx"))


def codes(path: Path, made: Plan | None = None) -> list[str]:
    return [finding.code for finding in read_calibrations(path, made or plan()).findings]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_is_free_of_lint(lang: str) -> None:
    assert lint(scorecards.data(plan(), answers(), lang, "current:A1:4"), EXCEL_2016 | OURS) == ()


@pytest.mark.lane("validator")
def test_it_holds_to_the_schema_of_open_xml(tmp_path: Path) -> None:
    paths = []
    for lang in ("zh", "en"):
        paths.append(tmp_path / f"{lang}.xlsx")
        paths[-1].write_bytes(scorecards.data(plan(), answers(), lang, "current:A1:4", "target:B1-a:NA"))
    assert {path.name: errors for path, errors in lanes.validate(paths).items() if errors} == {}


def test_an_independent_reader_finds_nothing_to_complain_of(blank: Path) -> None:
    assert lanes.audit([blank]) == {blank: []}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_is_the_golden_one(lang: str) -> None:
    golden.compare(f"scorecard_{lang}", scorecards.data(plan(), answers(), lang, "current:A1:4", "current:B2-b:NA"))


def test_among_the_returns_it_is_known_for_ours(blank: Path) -> None:
    file, _ = read_file(blank, plan().catalogue)
    assert (file.status, [finding.code for finding in file.findings]) == (Status.SYSTEM, ["FIL_024"])


def test_only_the_columns_of_calibrations_are_open_to_change(blank: Path) -> None:
    sheet = openpyxl.load_workbook(blank)["Scores"]
    rows, columns = places(sheet)
    nodes = {"A1", "A1-a", "A1-b", "A2", "A2-a", "B1", "B1-a", "B2", "B2-a", "B2-b"}
    meant = {(rows[node], column) for node in nodes for column in columns.values()}
    assert sheet.protection.sheet
    assert {(c.row, c.column) for row in sheet.iter_rows() for c in row if not c.protection.locked} == meant


def test_answers_stand_side_by_side_by_tier(blank: Path) -> None:
    sheet = openpyxl.load_workbook(blank, data_only=True)["Scores"]
    rows, columns = places(sheet)
    first = columns["current", "why"] + 4
    assert [sheet.cell(rows["A1-a"], first + i).value for i in range(4)] == [4, 1, "N/A", 3]
    assert [sheet.cell(rows["B2-b"], first + i).value for i in range(4)] == ["Rejected", 2, None, 1]
    assert [sheet.cell(rows["A1"], first + i).value for i in range(4)] == [4, 4, 2, 3]  # own means


def test_what_to_ask_about_is_not_cut_off() -> None:
    apart = returned("p1 p2 p3 p4\nA1-a 5 0 5 0\nA1-b 5 0 5 0")
    sheet = scorecards.opened(scorecards.data(plan(), apart), values=True)["Scores"]
    row = places(sheet)[0]["A1"]
    assert sheet.cell(row, 7).value == "on the agenda · 5.0 points apart"
    assert sheet.row_dimensions[row].height >= 2 * 12


def test_what_was_typed_is_read_back(card: Path) -> None:
    fill(card, {"current:A1": (4, *WHO), "current:B2-b": ("N/A", *WHO), "target:B1-a": (4.5, *WHO)})
    reading = read_calibrations(card, plan())
    found = [(each.angle, each.node, each.score, each.by, each.on, each.reason) for each in reading.calibrations]
    assert found == [
        ("current", "A1", 4.0, "Mei Lin", DAY, WHO[2]),
        ("target", "B1-a", 4.5, "Mei Lin", DAY, WHO[2]),
        ("current", "B2-b", None, "Mei Lin", DAY, WHO[2]),
    ]
    assert reading.findings == ()


FAULTS: dict[str, tuple[tuple[Any, ...], str]] = {
    "no name": ((4, None, *WHO[1:]), "CAL_012"),
    "no date": ((4, WHO[0], None, WHO[2]), "CAL_012"),
    "no reason": ((4, *WHO[:2], None), "CAL_012"),
    "spaces for a reason": ((4, *WHO[:2], "   "), "CAL_012"),
    "no score": ((None, *WHO), "CAL_017"),
    "too high": ((5.5, *WHO), "CAL_011"),
    "below the scale": ((-1, *WHO), "CAL_011"),
    "text": (("rather good", *WHO), "CAL_010"),
    "do not know": (("DK", *WHO), "CAL_010"),
    "truth": ((True, *WHO), "CAL_010"),
    "a date for a score": ((datetime(2026, 5, 4), *WHO), "CAL_010"),
    "a formula": (("=2+2", *WHO), "CAL_013"),
    "a formula for a reason": ((4, *WHO[:2], '=HYPERLINK("http://x","y")'), "CAL_013"),
    "no date at all": ((4, WHO[0], "last week", WHO[2]), "CAL_014"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_calibration_is_a_finding_and_counts_for_nothing(fault: str, card: Path) -> None:
    typed, code = FAULTS[fault]
    fill(card, {"current:A1-a": typed, "current:B1": (3, *WHO)})
    reading = read_calibrations(card, plan())
    assert [each.node for each in reading.calibrations] == ["B1"]
    [finding] = reading.findings
    assert (finding.code, finding.place.file, finding.place.sheet) == (code, "card.xlsx", "Scores")
    assert finding.place.question == "A1-a"
    for lang in ("zh", "en"):
        assert "{" not in finding.reason(lang) + finding.fix(lang)


@pytest.mark.parametrize(
    ("typed", "score", "on"),
    [
        (("4分", *WHO), 4.0, DAY),
        (("n/a", *WHO), None, DAY),
        ((4, WHO[0], "2026-11-20", WHO[2]), 4.0, DAY),
        ((4, WHO[0], 46346, WHO[2]), 4.0, date(2026, 11, 20)),
    ],
)
def test_what_can_only_mean_one_thing_is_understood_and_said_so(
    typed: tuple[Any, ...], score: float | None, on: date, card: Path
) -> None:
    fill(card, {"current:A1-a": typed})
    reading = read_calibrations(card, plan())
    assert [(each.score, each.on) for each in reading.calibrations] == [(score, on)]


def test_rows_are_found_by_id_and_columns_by_header(card: Path) -> None:
    fill(card, {"current:A1-a": (2, *WHO)})
    book = openpyxl.load_workbook(card)
    sheet = book["Scores"]
    sheet.insert_rows(5, 3)
    sheet.insert_cols(3, 2)
    sheet.title = "Ours"
    book.save(card)
    assert [each.node for each in read_calibrations(card, plan()).calibrations] == ["A1-a"]


def test_an_id_that_nobody_knows_and_one_given_twice(card: Path) -> None:
    fill(card, {"current:A1-a": (2, *WHO), "current:B1": (3, *WHO), "current:A2-a": (1, *WHO)})
    book = openpyxl.load_workbook(card)
    rows, _ = places(book["Scores"])
    book["Scores"].cell(rows["A1-a"], 2).value = "Z9-x"
    book["Scores"].cell(rows["A2-a"], 2).value = "B1"
    book.save(card)
    reading = read_calibrations(card, plan())
    assert reading.calibrations == ()
    assert sorted(finding.code for finding in reading.findings) == ["CAL_015", "CAL_016", "CAL_026"]
    assert "| |" not in "".join(finding.raw for finding in reading.findings)


def test_a_date_after_the_day_of_saving_is_told_and_counts(card: Path) -> None:
    ahead = datetime.now() + timedelta(40)
    fill(card, {"current:A1-a": (2, WHO[0], ahead, WHO[2])})
    reading = read_calibrations(card, plan())
    assert [each.on for each in reading.calibrations] == [ahead.date()]
    assert [finding.code for finding in reading.findings] == ["CAL_025"]


def test_a_copied_sheet_that_says_the_same_changes_nothing(card: Path) -> None:
    fill(card, {"current:A1-a": (2, *WHO)})
    book = openpyxl.load_workbook(card)
    book.copy_worksheet(book["Scores"])
    book.save(card)
    assert codes(card) == []
    assert len(read_calibrations(card, plan()).calibrations) == 1


def test_an_indicator_goes_before_its_questions_and_what_the_plan_drops_stays_out(card: Path) -> None:
    fill(card, {"current:A1": (4, *WHO), "current:A1-a": (1, *WHO), "current:B2": (5, *WHO)})
    assert codes(card) == ["CAL_020"]
    dropped = plan()
    dropped = type(dropped)(**{**vars_of(dropped), "dropped": frozenset({"B"})})
    reading = read_calibrations(card, dropped)
    assert sorted(finding.code for finding in reading.findings) == ["CAL_020", "CAL_023"]
    results = compute(dropped, answers(), calibrations=reading.calibrations)
    assert results.chosen.angles["current"].nodes["B2"].score is None
    assert results.chosen.angles["current"].nodes["A1"].score == 4.0


def test_what_the_short_form_leaves_out_cannot_be_settled(folder: Path) -> None:
    short = plan(form="short")
    assert made(folder, short) == []
    sheet = openpyxl.load_workbook(folder / "card.xlsx")["Scores"]
    rows, columns = places(sheet)
    column = columns["current", "score"]
    open_to = {node for node, row in rows.items() if not sheet.cell(row, column).protection.locked}
    assert open_to == {"A1", "A1-a", "A2", "A2-a", "B1", "B1-a", "B2", "B2-a"}
    # typed all the same, protection or not: it moves nothing, and that is said
    fill(folder / "card.xlsx", {"current:A1-b": (5, *WHO)})
    listed = read_calibrations(folder / "card.xlsx", short).calibrations
    results = compute(short, answers(), calibrations=listed)
    node = results.chosen.angles["current"].nodes["A1-b"]
    assert (node.score, [f.code for f in results.returned.findings]) == (5.0, [])
    empty = compute(short, returned("p1\nA1-a 4"), calibrations=listed)
    assert empty.chosen.angles["current"].nodes["A1"].score == 4.0
    assert [f.code for f in empty.returned.findings] == ["CAL_023"]
    assert sorted(made(folder, short)) == ["CAL_021", "CAL_022", "CAL_023"]


def vars_of(made: Plan) -> dict[str, Any]:
    return {name: getattr(made, name) for name in made.__dataclass_fields__}


@pytest.mark.parametrize(
    ("make_it", "code"),
    [
        (lambda path: path.write_bytes(b"PK\x03\x04"), "WBK_005"),
        (lambda path: path.write_bytes(b"%PDF-1.7"), "WBK_003"),
        (lambda path: openpyxl.Workbook().save(path), "CAL_001"),
        (lambda path: path.unlink(), "WBK_001"),
    ],
)
def test_what_is_no_scorecard_is_refused(make_it: Any, code: str, card: Path) -> None:
    make_it(card)
    with pytest.raises(Refusal) as refused:
        read_calibrations(card, plan())
    assert [(finding.code, finding.place.file) for finding in refused.value.findings] == [(code, "card.xlsx")]


def test_the_scorecard_of_another_engagement_is_refused(card: Path) -> None:
    book = openpyxl.load_workbook(card)
    book["_scorecard"]["B2"].value = "E2"
    book.save(card)
    with pytest.raises(Refusal, match="CAL_002"):
        read_calibrations(card, plan())


def test_json_lists_calibrations_and_tells_a_client_no_names() -> None:
    entries = [*map(scorecards.calibration, ("current:A1:4", "current:B2-b:NA"))]
    told = {}
    for audience in ("consultant", "client"):
        results = compute(plan(audience=audience), answers(), calibrations=entries)
        told[audience] = as_json(results, "en")["calibrations"]
    assert told["consultant"][0] == {  # type: ignore[index]
        "id": "A1", "angle": "current", "score": 4.0, "in_scope": True, "raw": pytest.approx(57 / 16),
        "by": "Mei Lin", "date": "2026-11-20", "reason": "Minutes were shown.",
    }  # fmt: skip
    assert told["client"][1] == {  # type: ignore[index]
        "id": "B2-b", "angle": "current", "score": None, "in_scope": False, "raw": None,
        "by": None, "date": "2026-11-20", "reason": None,
    }  # fmt: skip


def test_a_clients_summary_tells_what_was_calibrated_and_not_by_whom_or_why() -> None:
    """Nor the value before, where too few people's answers stand behind it: "<3" in its place."""
    entries = [*map(scorecards.calibration, ("current:A1:4", "current:B2-b:NA"))]
    found = compute(plan(audience="client"), answers(), calibrations=entries)
    texts = {}
    for audience in ("consultant", "client"):
        content = summary_bytes(found, "en", scorecards.BRAND, audience)
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            texts[audience] = "".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())
        sheet = scorecards.opened(content, values=True)["Calibrations"]
        rows = [[cell.value for cell in row[1:7]] for row in sheet.iter_rows(min_row=9, max_row=10)]
        if audience == "client":
            assert [row[3:5] for row in rows] == [["<3", 4], ["<3", "N/A"]]
        else:
            assert rows[0][3:6] == [57 / 16, 4, "Mei Lin"]
    for secret in ("Mei Lin", "Minutes were shown"):
        assert secret in texts["consultant"]
        assert secret not in texts["client"]


# --- made and refreshed


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "returned").mkdir()
    (tmp_path / "plan.xlsx").write_bytes(b"the plan")
    return tmp_path


def made(folder: Path, given: Plan, lang: str = "en") -> list[str]:
    found = make(given, folder / "plan.xlsx", folder / "returned", folder / "card.xlsx", DAY, lang)
    return [finding.code for finding in found.findings]


def test_a_refreshed_scorecard_keeps_everything_that_was_typed(folder: Path) -> None:
    assert made(folder, plan()) == []
    assert is_scorecard(folder / "card.xlsx")
    fill(folder / "card.xlsx", {
        "current:A1": (4, *WHO), "current:B1": (3.5, "Mei Lin", None, None), "current:A2-a": ("maybe", *WHO),
    })  # fmt: skip
    before = (folder / "card.xlsx").read_bytes()
    assert sorted(made(folder, plan(), "zh")) == ["CAL_010", "CAL_012", "CAL_022"]
    assert (folder / "card.previous.xlsx").read_bytes() == before
    sheet = openpyxl.load_workbook(folder / "card.xlsx", data_only=True)["打分与校准"]
    rows, columns = places(sheet, "zh")
    typed = {
        node: [sheet.cell(rows[node], columns["current", each]).value for each in scorecards.FIELDS]
        for node in ("A1", "B1", "A2-a")
    }
    assert typed == {
        "A1": [4, *WHO], "B1": [3.5, "Mei Lin", None, None], "A2-a": ["maybe", *WHO],
    }  # fmt: skip
    again = read_calibrations(folder / "card.xlsx", plan())
    assert [(each.node, each.score) for each in again.calibrations] == [("A1", 4.0)]


def test_what_finds_no_place_is_listed_with_all_that_was_typed(folder: Path) -> None:
    made(folder, plan())
    fill(folder / "card.xlsx", {"current:B2-b": (2, *WHO), "current:A1": (4, *WHO)})
    without = type(plan())(**{**vars_of(plan()), "dropped": frozenset({"B"})})
    found = make(without, folder / "plan.xlsx", folder / "returned", folder / "card.xlsx", DAY, "en")
    [lost] = [finding for finding in found.findings if finding.code == "CAL_021"]
    assert lost.place.question == "B2-b"
    assert "Mei Lin" in lost.raw
    assert WHO[2] in lost.reason("en")


def test_a_sheet_that_somebody_added_is_reported_with_what_stands_on_it(folder: Path) -> None:
    made(folder, plan())
    book = openpyxl.load_workbook(folder / "card.xlsx")
    book.create_sheet("Mine")["B2"] = "ask Bob"
    book.create_sheet("Empty")
    book.save(folder / "card.xlsx")
    given = make(plan(), folder / "plan.xlsx", folder / "returned", folder / "card.xlsx", DAY, "en")
    assert [(f.code, f.place.sheet, f.raw) for f in given.findings if f.code != "CAL_022"] == [
        ("CAL_024", "Mine", "ask Bob")
    ]


def test_somebody_elses_file_is_left_alone(folder: Path) -> None:
    (folder / "card.xlsx").write_bytes(b"somebody's work")
    with pytest.raises(Refusal, match="OUT_003"):
        made(folder, plan())
    assert (folder / "card.xlsx").read_bytes() == b"somebody's work"


def test_text_from_outside_never_becomes_a_formula(folder: Path) -> None:
    made(folder, plan())
    nasty = ('=HYPERLINK("http://x")', "@SUM(1)", "+1", "<r><t>x</t></r>")
    book = openpyxl.load_workbook(folder / "card.xlsx")
    rows, columns = places(book["Scores"])
    for node, text in zip(("A1", "A1-a", "B1", "B2"), nasty, strict=True):
        cell = book["Scores"].cell(rows[node], columns["current", "why"])
        cell.value, cell.data_type = text, "s"
    book.save(folder / "card.xlsx")
    made(folder, plan())
    sheet = openpyxl.load_workbook(folder / "card.xlsx")["Scores"]
    for node, text in zip(("A1", "A1-a", "B1", "B2"), nasty, strict=True):
        cell = sheet.cell(rows[node], columns["current", "why"])
        assert (cell.value, cell.data_type) == (text, "s")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_typed_beside_the_calibrations_is_told_and_nothing_that_stood_there(lang: str, tmp_path: Path) -> None:
    card = tmp_path / "card.xlsx"
    card.write_bytes(scorecards.data(plan(), answers(), lang, "current:A1:4", "target:B1-a:NA"))
    assert "CAL_026" not in codes(card)
    fill(card, {"current:A2": (3, *WHO)}, lang)
    book, names = openpyxl.load_workbook(card), template("scorecard")["sheets"]
    meeting, scores, whatif, guide = (book[names[role][lang]] for role in ("meeting", "scores", "whatif", "guide"))
    rows, columns = places(scores, lang)
    last = scores.max_column
    meeting["AB40"] = "ask Bob"
    scores.cell(1, last + 2).value = "on top"
    scores.cell(rows["A1"], last + 2).value = 4  # as many answers are
    scores.cell(rows["A1"], columns["current", "why"] + 2).value = "in between"
    scores.cell(max(rows.values()) + 9, 3).value = datetime(2026, 11, 20)
    whatif["B12"], whatif["J40"] = "✓", "not before May"
    guide["F60"] = 7
    book.save(card)
    reading = read_calibrations(card, plan())
    told = [(finding.place.sheet, finding.raw) for finding in reading.findings if finding.code == "CAL_026"]
    assert sorted(told) == sorted([
        *((meeting.title, "ask Bob"), (whatif.title, "not before May"), (guide.title, "7")),
        *((scores.title, raw) for raw in ("on top", "4", "in between", "2026-11-20")),
    ])
    assert [each.node for each in reading.calibrations] == ["A1", "A2", "B1-a"]


def test_it_is_told_of_pages_moved_about_too_and_very_much_is_counted(card: Path, monkeypatch: Any) -> None:
    book = openpyxl.load_workbook(card)
    book["Scores"].title = "Ours"
    book["Ours"].insert_rows(1, 2)
    for row in range(5):
        book["Meeting"].cell(90 + row, 3).value = f"idea {row}"
    book.save(card)
    assert codes(card) == ["CAL_026"] * 5
    monkeypatch.setattr(scorecard, "MOST_STRAY", 2)
    *listed, rest = read_calibrations(card, plan()).findings
    assert [finding.raw for finding in listed] == ["idea 0", "idea 1"]
    assert (rest.code, rest.values["count"]) == ("CAL_027", 3)


def test_what_was_typed_beside_the_calibrations_is_told_when_the_scorecard_is_refreshed(folder: Path) -> None:
    made(folder, plan())
    book = openpyxl.load_workbook(folder / "card.xlsx")
    book["Meeting"]["AB40"] = "ask Bob"
    book.save(folder / "card.xlsx")
    refreshed = make(plan(), folder / "plan.xlsx", folder / "returned", folder / "card.xlsx", DAY, "en")
    assert [(f.code, f.place.cell, f.raw) for f in refreshed.findings if f.code != "CAL_022"] == [
        ("CAL_026", "AB40", "ask Bob")
    ]
    assert made(folder, plan()) == ["CAL_022"]
