"""Status: where everyone stands, what is lacking, whom to remind; as a table, as data and as a workbook."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import lanes
import openpyxl
import pytest
import returned_books as books
from allowed_functions import EXCEL_2016
from interview_plans import CATALOGUE

from cmme_xl.findings import Refusal
from cmme_xl.plan import issued
from cmme_xl.plan.issued import Issue
from cmme_xl.plan.model import Plan
from cmme_xl.results.progress import Progress, State, progress
from cmme_xl.returned.model import Status
from cmme_xl.returned.read import read_folder
from cmme_xl.spreadsheet.lint import lint
from cmme_xl.status.export import as_json
from cmme_xl.status.text import aligned, lines
from cmme_xl.status.words import reminder
from cmme_xl.status.workbook import status_bytes
from cmme_xl.status.write import status

BEFORE, AFTER = date(2026, 12, 1), date(2026, 12, 20)
PEOPLE = ("P1", "P2", "P3", "P4", "P5", "P6", "P7", "P8")


def plan(**settings: object) -> Plan:
    return books.plan(*PEOPLE, **settings)


def issues() -> tuple[Issue, ...]:
    """Everyone but P1 has been sent a workbook; P6 has a clarification of it."""
    first = [books.issue(id_, file=f"{id_}.xlsx") for id_ in PEOPLE[1:]]
    again = books.issue("P6", 2, kind="clarification", predecessor=books.issue_id("P6"), file="P6_2.xlsx")
    return (*first, again)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Everyone in a state of their own: see `wanted`."""
    returned = tmp_path / "returned"
    unclear = books.full().replace("1 | 4", "1 | about 4", 1)
    books.book(returned / "P3.xlsx", "", "P3", engagement="other")
    books.book(returned / "P4.xlsx", books.full(3), "P4")
    books.book(returned / "P4b.xlsx", books.full(2), "P4")
    books.book(returned / "P5.xlsx", unclear, "P5")
    books.book(returned / "P6.xlsx", unclear, "P6")
    books.book(returned / "P7.xlsx", "\n".join(books.full().splitlines()[:4]) + "\n5\n6\n7", "P7")
    books.book(returned / "P8.xlsx", books.full("不知道"), "P8", saved=datetime(2026, 12, 2, 8, 30))
    (returned / "notes.txt").write_text("hello", encoding="utf-8")
    return returned


def told(folder: Path, today: date = BEFORE, made: Plan | None = None) -> Progress:
    made = made or plan()
    return progress(made, issues(), read_folder(made, issues(), folder), today)


def by_id(found: Progress) -> dict[str, State]:
    return {standing.person.id: standing.state for standing in found.people}


def wanted() -> dict[str, State]:
    order = ("unsent", "waiting", "aside", "conflict", "unclear", "clarifying", "partial", "complete")
    return {person: State(state) for person, state in zip(PEOPLE, order, strict=True)}


def test_everyone_stands_where_they_are(folder: Path) -> None:
    found = told(folder)
    assert by_id(found) == wanted()
    counts = {each.person.id: (each.answered, each.asked, each.blank, each.unclear) for each in found.people}
    assert counts == {
        "P1": (0, 7, 0, 0),
        "P2": (0, 7, 0, 0),
        "P3": (0, 7, 0, 0),
        "P4": (0, 7, 0, 7),
        "P5": (6, 7, 0, 1),
        "P6": (6, 7, 0, 1),
        "P7": (4, 7, 3, 0),
        "P8": (7, 7, 0, 0),
    }


def test_a_clarification_that_came_back_ends_the_clarifying(folder: Path) -> None:
    books.book(folder / "P6_2.xlsx", books.full(), "P6", 2)
    assert by_id(told(folder))["P6"] is State.COMPLETE


def test_what_only_a_newer_workbook_asks_is_newly_asked_and_not_unclear(folder: Path) -> None:
    ids = tuple(CATALOGUE.questions)[:9]
    made = replace(plan(), assigned={**plan().assigned} | dict.fromkeys(("P5", "P8"), ids))
    again = {id_: books.issue(id_, 3, ids=ids, predecessor=books.issue_id(id_)) for id_ in ("P5", "P8")}
    sent = [*issues(), *(replace(each, file=f"{id_}_3.xlsx") for id_, each in again.items())]
    # the first question of P8 has been reworded since
    old = next(each for each in sent if each.respondent == "P8")
    sent[sent.index(old)] = replace(old, questions=(old.questions[0]._replace(hash="old"), *old.questions[1:]))
    found = progress(made, sent, read_folder(made, sent, folder), BEFORE)
    p5, p8 = (each for each in found.people if each.person.id in ("P5", "P8"))
    assert (p5.state, p5.answered, p5.unclear, p5.added) == (State.UNCLEAR, 6, 1, 2)
    assert (p8.state, p8.answered, p8.unclear, p8.added) == (State.ADDED, 6, 0, 3)
    mails = [mail.text for each in (p5, p8) if (mail := reminder(each))]
    assert ["P5.xlsx" in text for text in mails] == [True, False]
    assert [sent[-1].file in text for text in mails] == [False, True]


@pytest.mark.parametrize(("today", "late"), [(BEFORE, set()), (date(2026, 12, 4), set()), (AFTER, set(PEOPLE[:7]))])
def test_late_is_whoever_is_not_complete_after_the_day_it_was_due(folder: Path, today: date, late: set[str]) -> None:
    assert {each.person.id for each in told(folder, today).people if each.late} == late


def test_groups_and_indicators_say_what_they_lack(folder: Path) -> None:
    found = told(folder, made=plan(askers_min=5))
    (middle,) = (each for each in found.groups if each.people)
    assert (middle.people, middle.sent, middle.returned, middle.complete) == (8, 7, 5, 1)
    assert (middle.heard, middle.wanted, middle.lacking) == (3, CATALOGUE.limits.tier_shown_min, 0)
    first, last = found.indicators[0], found.indicators[-1]
    assert (first.indicator.id, first.asked, first.heard, first.lacking) == ("D1-01", 8, 3, 2)
    assert first.groups == {"middle": (8, 3)}
    # P7 answered the first four questions only
    assert (last.heard, last.lacking) == (2, 3)


def test_reminders_speak_each_persons_language_and_name_no_client(folder: Path) -> None:
    made = plan()
    english = replace(made, people=tuple(replace(each, lang="en") for each in made.people))
    for each in (made, english):
        found = told(folder, AFTER, each)
        mails = {s.person.id: mail for s in found.people if (mail := reminder(s))}
        assert set(mails) == set(PEOPLE[1:7])
        assert len({mail.text.split("\n\n")[1] for mail in mails.values()}) == 6
        for person, mail in mails.items():
            assert mail.address == f"{person.lower()}@example.com"
            said = mail.subject + mail.text
            assert made.engagement.enterprise not in said
            assert made.engagement.name not in said
    assert "3" in mails["P7"].text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_terminal_names_everyone_and_every_file_set_aside(folder: Path, lang: str) -> None:
    shown = list(lines(told(folder), lang))
    assert all(person in "\n".join(shown) for person in PEOPLE)
    assert any("notes.txt" in line for line in shown)


def test_chinese_characters_are_two_wide() -> None:
    rows = [{"name": "n", "blank": "b", "why": "w"}, {"name": "王芳", "blank": "10", "why": "x"}]
    assert list(aligned(rows)) == ["  n      b  w", "  王芳  10  x"]


def test_what_comes_from_outside_cannot_act_on_the_terminal() -> None:
    (_, line) = aligned([{"name": "n", "why": "w"}, {"name": "\x1b[2J", "why": "\u202ex"}])
    assert "\x1b" not in line
    assert "\u202e" not in line


def test_the_data_says_it_all(folder: Path) -> None:
    data = json.loads(json.dumps(as_json(told(folder), "en")))
    assert (data["schema"], data["due"]) == (1, "2026-12-04")
    assert {person["id"]: person["state"] for person in data["people"]} == {k: v.value for k, v in wanted().items()}
    assert {file["status"] for file in data["files"]} >= {Status.CONFLICT, Status.QUARANTINED, Status.UNREADABLE}
    assert data["ledger"]["expected"] == sum(count for key, count in data["ledger"].items() if key != "expected")


# --- the workbook


def texts(data: bytes, path: Path) -> Iterator[str]:
    path.write_bytes(data)
    for sheet in openpyxl.load_workbook(path).worksheets:
        yield from (str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None)


@pytest.mark.filterwarnings("ignore:.*extension is not supported")
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_workbook_is_sound_and_holds_everyone(folder: Path, tmp_path: Path, lang: str) -> None:
    data = status_bytes(told(folder, AFTER), lang)
    assert lint(data, EXCEL_2016) == ()
    shown = list(texts(data, tmp_path / "s.xlsx"))
    assert lanes.audit([tmp_path / "s.xlsx"]) == {tmp_path / "s.xlsx": []}
    for person in plan().people[1:7]:
        assert shown.count(person.email) == 2
    assert "4 / 7" in shown
    assert "notes.txt" in shown


@pytest.mark.lane("validator")
def test_the_open_xml_sdk_finds_nothing(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "s.xlsx"
    path.write_bytes(status_bytes(told(folder, AFTER), "zh"))
    assert lanes.validate([path]) == {path: []}


def test_an_empty_folder_and_nobody_sent_make_a_status_too(tmp_path: Path) -> None:
    (tmp_path / "returned").mkdir()
    found = progress(plan(), (), read_folder(plan(), (), tmp_path / "returned"), BEFORE)
    assert set(by_id(found).values()) == {State.UNSENT}
    assert lint(status_bytes(found, "en"), EXCEL_2016) == ()


def test_a_status_among_the_returns_is_known_for_ours(folder: Path) -> None:
    (folder / "status.xlsx").write_bytes(status_bytes(told(folder), "zh"))
    (file,) = (file for file in told(folder).returned.files if file.name == "status.xlsx")
    assert file.status is Status.SYSTEM


@pytest.mark.parametrize(
    ("target", "code"),
    [
        ("plan.xlsx", "OUT_002"),
        ("issued.jsonl", "OUT_002"),
        ("returned/s.xlsx", "OUT_002"),
        ("s.csv", "OUT_001"),
        ("mine.xlsx", "OUT_003"),
    ],
)
def test_nothing_else_is_written_over(folder: Path, tmp_path: Path, target: str, code: str) -> None:
    (tmp_path / "mine.xlsx").write_bytes(b"somebody's")
    with pytest.raises(Refusal) as refused:
        status(plan(), tmp_path / "plan.xlsx", folder, BEFORE, tmp_path / target)
    assert [finding.code for finding in refused.value.findings] == [code]
    assert (tmp_path / "mine.xlsx").read_bytes() == b"somebody's"


def test_a_former_status_is_replaced(folder: Path, tmp_path: Path) -> None:
    issued.append(tmp_path / issued.FILE_NAME, issues())
    target = tmp_path / "status.xlsx"
    for _ in range(2):
        found = status(plan(), tmp_path / "plan.xlsx", folder, BEFORE, target)
        assert by_id(found) == wanted()
        assert target.read_bytes() == status_bytes(found, "zh")
