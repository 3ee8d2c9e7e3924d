"""What people type on the pages around the questionnaire is told, and nothing that stood there when it was sent is."""

import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import lanes
import pytest
from fault_books import as_xlsb, edited
from interview_plans import filled_in, person, plan, shortened
from openpyxl.workbook import Workbook

from cmme_xl.interview.form import Form
from cmme_xl.interview.generation import generate
from cmme_xl.plan import issued
from cmme_xl.plan.issued import Issue
from cmme_xl.plan.model import Plan, Settings
from cmme_xl.reading.container import Archive
from cmme_xl.reading.grid import Cell, CellKind, RawSheet, Row
from cmme_xl.reading.workbook import read_book
from cmme_xl.returned.pages import Pages, digests
from cmme_xl.returned.read import read_folder
from cmme_xl.templates import template

SHEETS = template("interview")["sheets"]
PAGES = ("cover", "howto", "progress", "scores")


@dataclass(frozen=True)
class Sent:
    """A plan, the log of what was sent, and the workbooks by respondent."""

    plan: Plan
    issues: tuple[Issue, ...]
    files: dict[str, bytes]

    def told(self, folder: Path, data: bytes, name: str = "a.xlsx") -> list[tuple[str, str, str]]:
        """Sheet, cell and text of what is unplaced in this return."""
        folder.mkdir(exist_ok=True)
        (folder / name).write_bytes(data)
        (file,) = read_folder(self.plan, self.issues, folder).files
        assert file.status.counted
        found = [finding for finding in file.findings if finding.code in ("ANS_019", "ANS_026", "ANS_029")]
        return [(finding.place.sheet, finding.place.cell, finding.raw) for finding in found]

    def answered(self, who: str, share: float) -> bytes:
        """The workbook of `who` with so many of the questions answered."""
        form = Form.of(self.plan, self.plan.by_id[who])
        asked = form.questions[: round(share * len(form.questions))]
        angles = dict.fromkeys(form.angles, 5)
        return filled_in(self.files[who], form, {question.id: {**angles, "evidence": "x"} for question in asked})


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Sent:
    folder = tmp_path_factory.mktemp("pages")
    people = (person("P1"), person("P2", lang="en"), person("B1", "benchmark"), person("C1", "customer", lang="en"))
    made = shortened(plan(*people, settings=Settings(ask_target=True, self_assessment=True)), 30)
    written = generate(made, folder / "out", folder / "issued.jsonl").written
    files = {each.id: path.read_bytes() for each, path in zip(people, written, strict=True)}
    return Sent(made, issued.read(folder / "issued.jsonl"), files)


def scribbled(lang: str) -> Callable[[Workbook], None]:
    def change(workbook: Workbook) -> None:
        cover, howto, progress, scores = (workbook[SHEETS[role][lang]] for role in PAGES)
        cover["N11"] = "please ask my deputy"  # over the contact
        cover["K30"], cover["K31"] = "周三不在", 5
        howto["B45"] = "what is a rubric?"
        progress["D40"] = "the rest on Friday"
        scores["B60"] = "too low"

    return change


@pytest.mark.parametrize(("who", "lang"), [("P1", "zh"), ("P2", "en")])
def test_what_is_typed_on_any_page_is_told(tmp_path: Path, sent: Sent, who: str, lang: str) -> None:
    told = sent.told(tmp_path, edited(scribbled(lang), sent.answered(who, 1)))
    cover, howto, progress, scores = (SHEETS[role][lang] for role in PAGES)
    assert told == [
        (cover, "N11", "please ask my deputy"),
        (cover, "K30", "周三不在"),
        (cover, "K31", "5"),
        (howto, "B45", "what is a rubric?"),
        (progress, "D40", "the rest on Friday"),
        (scores, "B60", "too low"),
    ]


def test_it_is_told_of_a_cover_that_was_renamed_too(tmp_path: Path, sent: Sent) -> None:
    def change(workbook: Workbook) -> None:
        workbook["封面"]["K30"] = "周三不在"
        workbook["封面"].title = "首页"

    assert sent.told(tmp_path, edited(change, sent.answered("P1", 1))) == [("首页", "K30", "周三不在")]


@pytest.mark.parametrize("share", [0.1, 1])
def test_nothing_that_was_sent_is_told(tmp_path: Path, sent: Sent, share: float) -> None:
    for who in sent.files:
        assert sent.told(tmp_path, sent.answered(who, share)) == []
        assert sent.told(tmp_path, edited(lambda workbook: None, sent.answered(who, share))) == []


def test_nothing_is_told_where_the_plan_names_others_since(tmp_path: Path, sent: Sent) -> None:
    people = tuple(replace(each, name="改名", appointment=None, title="") for each in sent.plan.people)
    engagement = replace(sent.plan.engagement, contact="somebody else", consultancy="another", name="another")
    now = replace(sent, plan=replace(sent.plan, people=people, engagement=engagement))
    assert now.told(tmp_path, sent.answered("P1", 1)) == []


def test_a_workbook_that_does_not_carry_what_it_was_sent_with_is_not_suspected(tmp_path: Path, sent: Sent) -> None:
    def forget(workbook: Workbook) -> None:
        (cell,) = (row[1] for row in workbook["_cmme"].iter_rows(max_col=2) if row[0].value == "texts")
        cell.value = None
        workbook["封面"]["K30"] = "周三不在"

    assert sent.told(tmp_path, edited(forget, sent.answered("P1", 1))) == []


def test_what_one_was_sent_with_is_typed_in_another_and_on_another_page() -> None:
    """Files of one form share their rows; what is known of one in a row tells nothing of the other."""
    row = Row({1: Cell(CellKind.TEXT, "A. Sample"), 2: Cell(CellKind.NUMBER, "3")})
    formula = Row({1: Cell(CellKind.TEXT, "12%", "=A1")})
    cover, howto = RawSheet("封面", False, {1: formula, 4: row}), RawSheet("填写说明", False, {1: formula, 4: row})
    said = Row({1: Cell(CellKind.TEXT, "12%")})
    kept, dropped = RawSheet("进度", False, {1: formula, 2: said}), RawSheet("进度", False, {2: said})
    mine, other = digests(["A. Sample", "封面!3"]), digests(["B. Sample"])
    pages = Pages()
    for _ in range(2):
        assert list(pages.typed(cover, mine)) == []
        assert list(pages.typed(cover, other)) == [(4, 1, row[1]), (4, 2, row[2])]
        assert list(pages.typed(howto, mine)) == [(4, 2, row[2])]
        assert list(pages.typed(dropped, mine)) == []
        assert list(pages.typed(kept, mine)) == [(2, 1, said[1])]


def test_very_many_texts_on_a_page_without_formulas_take_no_time() -> None:
    lines = {row: Row({1: Cell(CellKind.TEXT, f"text {row}")}) for row in range(1, 20_001)}
    began = time.process_time()
    assert sum(1 for _ in Pages().typed(RawSheet("封面", False, lines), digests(["a"]))) == len(lines)
    assert time.process_time() - began < 3


def values_only(data: bytes) -> bytes:
    """The workbook as a program leaves it that drops formulas and keeps what they said."""
    book, _ = read_book(Archive(data))
    for sheet in book.sheets:
        for number, row in sheet.rows.items():
            sheet.rows[number] = Row({column: Cell(cell.kind, cell.text) for column, cell in row.items()})
    return as_xlsb(book)


@pytest.mark.lane("libreoffice")
@pytest.mark.xdist_group("libreoffice")
def test_what_formulas_last_said_is_not_taken_for_typed(tmp_path: Path, sent: Sent, soffice: lanes.Office) -> None:
    paths = []
    for who in sent.files:
        for share in (0.1, 1):
            paths.append(tmp_path / f"{who}-{share}.xlsx")
            paths[-1].write_bytes(sent.answered(who, share))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        again = soffice.recalculated(paths)
    for path in again.values():
        assert sent.told(tmp_path / "in", values_only(path.read_bytes()), "a.xlsb") == []
