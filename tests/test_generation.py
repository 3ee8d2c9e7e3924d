"""Generating: what is written, what is left alone, what is refused, and what the log says."""

import hashlib
import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from allowed_functions import EXCEL_2016
from interview_plans import CATALOGUE, ENGAGEMENT, person, plan, shortened

from cmme_xl.findings import Refusal, Severity
from cmme_xl.interview import generation, workbook
from cmme_xl.interview.form import Form, names_client
from cmme_xl.interview.generation import Generated, generate
from cmme_xl.interview.naming import RESERVED, file_names, file_stem
from cmme_xl.plan import issued
from cmme_xl.plan.model import Plan
from cmme_xl.spreadsheet import Locked, lock
from cmme_xl.spreadsheet.lint import lint
from cmme_xl.spreadsheet.saving import place

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported")

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


class Folder:
    """An engagement's folder."""

    def __init__(self, root: Path) -> None:
        self.out, self.log = root / "out", root / issued.FILE_NAME

    def run(self, made: Plan, reissue: bool = False) -> Generated:
        return generate(made, self.out, self.log, reissue=reissue, now=NOW)

    @property
    def issues(self) -> tuple[issued.Issue, ...]:
        return issued.read(self.log)

    def dispatched(self) -> list[list[Any]]:
        sheet = openpyxl.load_workbook(self.out / "dispatch.xlsx").worksheets[0]
        rows = [[cell.value for cell in row][1:-1] for row in sheet.iter_rows(min_row=7)]
        return rows[1 : 1 + next(n for n, row in enumerate(rows[1:]) if row[1] is None)]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def codes(done: Generated) -> list[str]:
    return [finding.code for finding in done.findings]


def small(*people: object, **engagement: object) -> Plan:
    return shortened(plan(*people, **engagement), 4)  # type: ignore[arg-type]


TWO = small(person("P1", "senior"), person("P2", "front", "en"))


# --- first run


def test_one_workbook_per_person_and_a_log_of_them(folder: Folder) -> None:
    done = folder.run(TWO)
    assert [path.name for path in done.written] == ["P1_受访者P1.xlsx", "P2_Person P2.xlsx"]
    assert done.skipped == ()
    assert done.findings == ()
    for issue, path, who in zip(folder.issues, done.written, TWO.people, strict=True):
        data = path.read_bytes()
        assert lint(data, EXCEL_2016) == ()
        assert issue.sha256 == hashlib.sha256(data).hexdigest()
        assert (issue.respondent, issue.lang, issue.file) == (who.id, who.lang, path.name)
        assert (issue.engagement, issue.kind, issue.predecessor) == (ENGAGEMENT.id, "interview", "")
        assert (issue.catalogue_id, issue.catalogue_hash) == (CATALOGUE.id, CATALOGUE.hash)
        assert [(each.id, each.rev, each.hash) for each in issue.questions] == [
            (question.id, question.rev, question.text_hash) for question in TWO.questions_for(who)
        ]
        assert issue.angles == TWO.angles(who)
        assert issue.issued == "2026-11-21T09:30:00+00:00"
    assert len({issue.id for issue in folder.issues}) == 2


def test_each_workbook_carries_its_issue(folder: Folder) -> None:
    done = folder.run(TWO)
    for issue, path in zip(folder.issues, done.written, strict=True):
        book = openpyxl.load_workbook(path)
        identity = {row[0].value: row[1].value for row in book["_cmme"].iter_rows(max_row=11)}
        assert (identity["respondent"], identity["issue"]) == (issue.respondent, issue.id)


def test_the_dispatch_list_is_a_view_of_the_log(folder: Folder) -> None:
    folder.run(TWO)
    assert lint((folder.out / "dispatch.xlsx").read_bytes(), EXCEL_2016) == ()
    rows = folder.dispatched()
    assert [row[:6] for row in rows] == [
        ["P1", "受访者P1", "高层", "p1@example.com", "中文", "P1_受访者P1.xlsx"],
        ["P2", "Person P2", "一线", "p2@example.com", "英文", "P2_Person P2.xlsx"],
    ]
    minutes = sum(question.minutes for question in TWO.questions_for(TWO.people[0]))
    assert rows[0][6:] == [datetime(2026, 12, 4), datetime(2026, 12, 8, 14), 4, minutes, datetime(2026, 11, 21, 9, 30)]


def test_progress_is_told(folder: Folder) -> None:
    told: list[tuple[int, int]] = []
    generate(TWO, folder.out, folder.log, progress=lambda done, of: told.append((done, of)))
    assert told == [(1, 2), (2, 2)]


def test_a_form_is_rendered_once(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    rendered: list[str] = []
    render = workbook.render

    def counting(form: Form) -> workbook.Drawn:
        rendered.append(form.lang)
        return render(form)

    monkeypatch.setattr(workbook, "render", counting)
    made = small(*(person(f"P{n}", "senior", "zh" if n % 2 else "en") for n in range(8)))
    assert len(folder.run(made).written) == 8
    assert sorted(rendered) == ["en", "zh"]
    folder.run(made)
    assert len(rendered) == 2, "nothing new, nothing rendered"


# --- running again


def test_again_creates_only_what_is_new(folder: Folder) -> None:
    first = folder.run(TWO)
    before = {path: path.read_bytes() for path in first.written}
    third = person("P3")
    again = folder.run(small(*TWO.people, third))
    assert [path.name for path in again.written] == ["P3_受访者P3.xlsx"]
    assert again.skipped == ("P1", "P2")
    assert {path: path.read_bytes() for path in first.written} == before
    assert len(folder.issues) == 3
    assert len(folder.dispatched()) == 3


@pytest.mark.parametrize("spoil", [Path.unlink, lambda path: path.write_bytes(path.read_bytes()[:-200])])
def test_a_file_that_is_gone_or_cut_short_comes_back_under_the_same_issue(
    folder: Folder, spoil: Callable[[Path], object]
) -> None:
    first = folder.run(TWO)
    log, data = folder.log.read_bytes(), first.written[1].read_bytes()
    spoil(first.written[1])
    again = folder.run(TWO)
    assert again.written == (first.written[1],)
    assert again.written[0].read_bytes() == data
    assert folder.log.read_bytes() == log
    assert codes(again) == ["GEN_011"]


def test_changed_questions_are_reported_and_the_old_workbook_stands(folder: Folder) -> None:
    first = folder.run(TWO)
    data, log = first.written[0].read_bytes(), folder.log.read_bytes()
    asked = (*TWO.assigned["P1"][1:], "D8-01-Q1", "D8-01-Q2")
    changed = replace(TWO, assigned={**TWO.assigned, "P1": asked})
    again = folder.run(changed)
    assert again.written == ()
    assert again.skipped == ("P1", "P2")
    (finding,) = again.findings
    assert (finding.code, finding.severity, finding.place.file) == ("GEN_001", Severity.WARNING, first.written[0].name)
    assert finding.values["added"] == 2
    assert finding.values["removed"] == 1
    assert first.written[0].read_bytes() == data
    assert folder.log.read_bytes() == log


def reworded(made: Plan) -> Plan:
    """The same plan over a catalogue in which the first question has a new wording."""
    dimension = CATALOGUE.dimensions[0]
    indicator = dimension.indicators[0]
    question = replace(indicator.questions[0], rev=2, text=replace(indicator.questions[0].text, en="New?"))
    indicator = replace(indicator, questions=(question, *indicator.questions[1:]))
    dimension = replace(dimension, indicators=(indicator, *dimension.indicators[1:]))
    catalogue = replace(CATALOGUE, dimensions=(dimension, *CATALOGUE.dimensions[1:]))
    return replace(made, catalogue=catalogue)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (reworded, "reworded"),
        (lambda made: replace(made, settings=replace(made.settings, ask_target=False)), "angles"),
        (lambda made: replace(made, people=(replace(made.people[0], lang="en"),)), "lang"),
    ],
)
def test_every_kind_of_change_is_seen(folder: Folder, change: Callable[[Plan], Plan], what: str) -> None:
    made = small(person("P1", "senior"))
    folder.run(made)
    (finding,) = folder.run(change(made)).findings
    assert finding.code == "GEN_001"
    counts = {name: finding.values[name] for name in generation.CHANGES}
    assert counts == {name: int(name == what) for name in generation.CHANGES}


def test_reissue_makes_a_successor_for_those_that_changed(folder: Folder) -> None:
    first = folder.run(TWO)
    data = first.written[0].read_bytes()
    changed = replace(TWO, assigned={**TWO.assigned, "P1": TWO.assigned["P1"][:2]})
    again = folder.run(changed, reissue=True)
    assert [path.name for path in again.written] == ["P1_受访者P1_2.xlsx"]
    assert again.skipped == ("P2",)
    assert codes(again) == ["GEN_008"]
    old, _, new = folder.issues
    assert (new.respondent, new.predecessor) == ("P1", old.id)
    assert new.id != old.id
    assert first.written[0].read_bytes() == data, "the old file is not taken away"
    assert [row[5] for row in folder.dispatched()] == ["P1_受访者P1_2.xlsx", "P2_Person P2.xlsx"]
    assert folder.run(changed, reissue=True).written == ()


# --- what is refused


def test_a_person_without_questions_gets_none(folder: Folder) -> None:
    made = replace(TWO, assigned={"P2": TWO.assigned["P2"]})
    done = folder.run(made)
    assert len(done.written) == 1
    assert codes(done) == ["GEN_002"]


@pytest.mark.parametrize("bad", ["a\nb", "\u202eabc", "x" * 101])
def test_an_unusable_id_is_a_finding(folder: Folder, bad: str) -> None:
    done = folder.run(small(person(bad), person("P1")))
    assert [path.name for path in done.written] == ["P1_受访者P1.xlsx"]
    assert codes(done) == ["GEN_004"]


@pytest.mark.parametrize(
    ("who", "engagement"),
    [
        (person("B1", "benchmark", department=f"前{ENGAGEMENT.enterprise}顾问"), {}),
        (person("B1", "benchmark", name=ENGAGEMENT.enterprise), {}),
        (person("B1", "competitor"), {"id": f"{ENGAGEMENT.enterprise}-1"}),
        (person("B1", "benchmark"), {"enterprise": "客户满意度"}),
    ],
)
def test_a_workbook_that_would_name_the_client_to_an_outsider_is_not_written(
    folder: Folder, who: object, engagement: dict[str, object]
) -> None:
    made = plan(who, **engagement)  # type: ignore[arg-type]
    done = folder.run(made)
    assert done.written == ()
    assert codes(done) == ["GEN_003"]
    assert folder.issues == ()
    assert [path.name for path in folder.out.glob("B1*")] == []


def test_an_outsiders_file_and_its_name_are_neutral(folder: Folder) -> None:
    done = folder.run(small(person("B1", "benchmark", department=""), contact=f"{ENGAGEMENT.enterprise} 办公室"))
    assert codes(done) == ["GEN_007"]
    (path,) = done.written
    assert ENGAGEMENT.enterprise not in path.name
    with ZipFile(path) as archive:
        text = "".join(archive.read(name).decode() for name in archive.namelist())
    assert ENGAGEMENT.enterprise not in text
    assert ENGAGEMENT.name not in text


def test_another_engagements_log_is_refused(folder: Folder) -> None:
    folder.run(TWO)
    with pytest.raises(Refusal) as refused:
        folder.run(replace(TWO, engagement=replace(ENGAGEMENT, id="Q8-2026")))
    assert [finding.code for finding in refused.value.findings] == ["GEN_009"]


def test_a_damaged_log_is_refused(folder: Folder) -> None:
    folder.run(TWO)
    lines = folder.log.read_text("utf-8").splitlines()
    folder.log.write_text("\n".join(["{broken", *lines]) + "\n", "utf-8")
    with pytest.raises(Refusal) as refused:
        folder.run(TWO)
    assert [finding.code for finding in refused.value.findings] == ["GEN_010"]


def test_two_runs_at_once_are_refused(folder: Folder) -> None:
    with lock(folder.log), pytest.raises(Locked):
        folder.run(TWO)


def test_a_workbook_held_open_is_a_finding_and_not_logged(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:

    def held(path: Path, data: bytes) -> None:
        if path.name.startswith("P1"):
            raise Locked(path)
        place(path, data)

    monkeypatch.setattr(generation, "place", held)
    done = folder.run(TWO)
    assert codes(done) == ["GEN_006"]
    assert [issue.respondent for issue in folder.issues] == ["P2"]


def test_a_dispatch_list_held_open_is_a_finding(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    def held(path: Path, data: bytes) -> None:
        raise Locked(path)

    monkeypatch.setattr(generation, "save", held)
    done = folder.run(TWO)
    assert codes(done) == ["GEN_005"]
    assert len(folder.issues) == 2


def test_what_was_written_before_a_stop_is_logged(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:

    def full(path: Path, data: bytes) -> None:
        if path.name.startswith("P2"):
            raise OSError("no space left")
        place(path, data)

    monkeypatch.setattr(generation, "place", full)
    with pytest.raises(OSError, match="no space"):
        folder.run(TWO)
    assert [issue.respondent for issue in folder.issues] == ["P1"]
    monkeypatch.undo()
    assert [path.name for path in folder.run(TWO).written] == ["P2_Person P2.xlsx"]


# --- the log


def test_a_line_cut_short_by_a_crash_is_cut_off(folder: Folder) -> None:
    folder.run(TWO)
    whole = folder.log.read_bytes()
    folder.log.write_bytes(whole[:-40])
    assert len(folder.issues) == 1
    done = folder.run(TWO)
    assert [(finding.code, finding.raw) for finding in done.findings] == [("GEN_012", "P2_Person P2.xlsx")]
    assert [path.name for path in done.written] == ["P2_Person P2.xlsx"]
    assert [issue.respondent for issue in folder.issues] == ["P1", "P2"]


def test_a_last_line_that_only_lacks_its_end_is_kept(folder: Folder) -> None:
    folder.run(TWO)
    folder.log.write_bytes(folder.log.read_bytes().rstrip(b"\n"))
    folder.run(small(*TWO.people, person("P3")))
    assert [issue.respondent for issue in folder.issues] == ["P1", "P2", "P3"]


def test_a_log_line_is_plain_json(folder: Folder) -> None:
    folder.run(TWO)
    entry = json.loads(folder.log.read_text("utf-8").splitlines()[0])
    assert list(entry["questions"][0]) == ["id", "rev", "hash"]
    assert entry["respondent"] == "P1"


# --- file names


@pytest.mark.parametrize(
    ("person_id", "name", "stem"),
    [
        ("P1", "林岚", "P1_林岚"),
        ("P1", "", "P1"),
        ("../etc", "a/b\\c", ".._etc_a_b_c".lstrip(".")),
        ("C:", "x?*<>|", "C__x_____"),
        ("CON", "", "_CON"),
        ("con.x", "y", "_con.x_y"),
        ("Lpt1", "", "_Lpt1"),
        ("P1", "trailing. ", "P1_trailing"),
        ("P1", "a\u202eb\u200f\x00c\nd", "P1_abc d"),
        ("", "", "_"),
        ("~$P1", "[x]", "__P1__x_"),
        ("P1", "e\u0301", "P1_\u00e9"),
    ],
)
def test_file_stems(person_id: str, name: str, stem: str) -> None:
    assert file_stem(person_id, name) == stem


@pytest.mark.parametrize("name", ["客" * 500, "😀" * 500, "x" * 500])
def test_long_names_fit_every_file_system(name: str) -> None:
    stem = file_stem(name, name)
    assert len(stem.encode()) <= 200
    assert stem.encode().decode() == stem


def test_names_never_collide() -> None:
    people = [person("A/1", name="x"), person("A_1", name="x"), person("a_1", name="X"), person("dispatch", name="")]
    names = file_names(people, {"dispatch.xlsx": ""})
    assert len({name.casefold() for name in names.values()} | {"dispatch.xlsx"}) == 5
    assert names == file_names(people, {"dispatch.xlsx": ""})


def test_devices_are_known() -> None:
    assert {"CON", "NUL", "COM1", "LPT9"} <= RESERVED


def test_two_people_of_one_name_get_two_files(folder: Folder) -> None:
    done = folder.run(small(person("P1", name="王芳"), person("P2", name="王芳")))
    assert [path.name for path in done.written] == ["P1_王芳.xlsx", "P2_王芳.xlsx"]


def test_a_name_with_formula_and_control_characters_is_shown_as_text(folder: Folder) -> None:
    (path,) = folder.run(small(person("P1", name='=HYPERLINK("x")\x07'))).written
    cover = openpyxl.load_workbook(io.BytesIO(path.read_bytes())).worksheets[0]
    shown = [
        cell for row in cover.iter_rows() for cell in row if "=HYPERLINK" in str(cell.value) and cell.data_type == "s"
    ]
    assert len(shown) == 2
    assert all("\\u0007" in str(cell.value) for cell in shown)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("the Acme group", True),
        ("ACME公司", True),
        ("acmeist", False),
        ("Spring review", True),
        ("", False),
    ],
)
def test_a_latin_name_is_looked_for_as_a_word(text: str, named: bool) -> None:
    assert names_client(text, plan(enterprise="Acme", name="spring review")) is named


def test_no_client_name_matches_nothing() -> None:
    assert not names_client("anything", plan(enterprise=" ", name=""))


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "a.xlsx"
    place(target, b"old")

    def refuse(source: object, to: object) -> None:
        raise PermissionError(13, "in use")

    monkeypatch.setattr("os.replace", refuse)
    with pytest.raises(Locked):
        place(target, b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["a.xlsx"]
    assert target.read_bytes() == b"old"


# --- the date of return


@pytest.mark.parametrize(("now", "told"), [("2026-12-04T12:00+00:00", []), ("2026-12-05T12:00+00:00", ["GEN_013"])])
def test_a_date_of_return_that_is_past_is_told_when_workbooks_name_it(
    folder: Folder, now: str, told: list[str]
) -> None:
    def run() -> list[str]:
        return codes(generate(TWO, folder.out, folder.log, now=datetime.fromisoformat(now)))

    assert run() == told
    assert run() == []
