"""The command line: light to start, plain in failure, exit status as documented."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cmme_xl import __version__
from cmme_xl.cli import COMMANDS, main, parser_of
from cmme_xl.cli.screen import progress, show
from cmme_xl.findings import Finding, Place

HEAVY = {"pandas", "numpy", "openpyxl", "xlsxwriter", "xlwings", "tqdm", "python_calamine", "dataclasses", "pathlib"}


def run(*words: str | Path, lang: str = "en") -> subprocess.CompletedProcess[str]:
    import os

    return subprocess.run(
        [sys.executable, "-m", "cmme_xl", *map(str, words)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=os.environ | {"CMME_LANG": lang, "PYTHONUTF8": "1"},
    )


def test_help_imports_no_engine() -> None:
    program = "import sys; sys.argv = ['cmme-xl', '--help']\nfrom cmme_xl.cli import main\n"
    program += "try:\n    main()\nfinally:\n    print(' '.join(sys.modules), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    loaded = {name.partition(".")[0] for name in done.stderr.split()}
    assert "cmme_xl" in loaded
    assert not loaded & HEAVY


@pytest.mark.parametrize(("lang", "word"), [("zh", "评估"), ("en", "assessment")])
def test_help_speaks_the_readers_language(lang: str, word: str) -> None:
    done = run("--help", lang=lang)
    assert done.returncode == 0
    assert word in done.stdout


def test_the_shipped_catalogue_is_clean() -> None:
    done = run("catalogue", "check")
    assert (done.returncode, done.stderr) == (0, "")
    assert "64 indicators" in done.stdout


def test_plan_new_refuses_to_replace_a_file(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    path.write_bytes(b"somebody's work")
    done = run("plan", "new", path)
    assert done.returncode == 2
    assert path.read_bytes() == b"somebody's work"
    assert "--force" in done.stderr


def test_an_empty_plan_is_refused_with_its_faults(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    assert run("plan", "new", path, "--lang", "en").returncode == 0
    done = run("plan", "check", path)
    assert done.returncode == 2
    assert "PLN_" in done.stdout


@pytest.mark.parametrize(
    "words",
    [
        ["plan", "check", "missing.xlsx"],
        ["generate", "missing.xlsx"],
        ["consolidate", "missing.xlsx", ".", "-o", "s.xlsx"],
        ["consolidate", "missing.xlsx", "nowhere", "-o", "s.xlsx"],
        ["frobnicate"],
        ["generate"],
    ],
)
def test_refusals_end_in_words_not_in_a_traceback(words: list[str], tmp_path: Path) -> None:
    done = run(*[tmp_path / word if word.endswith("xlsx") else word for word in words])
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert (done.stdout + done.stderr).strip()


LINE = {
    "generate": ("缺少 PLAN", "PLAN is missing"),
    "consolidate p.xlsx": ("缺少 RETURNED, -o/--out", "RETURNED, -o/--out is missing"),
    "frobnicate": ("没有「frobnicate」这个命令", "no command frobnicate"),
    "plan frobnicate": ("没有「frobnicate」这个命令", "no command frobnicate"),
    "--lang en": ("没有「--lang」这个选项", "no option --lang"),
    "plan --new": ("没有「--new」这个选项", "no option --new"),
    "generate p.xlsx --bad": ("没有「--bad」这个选项", "no option --bad"),
    "generate p.xlsx --reiss": ("没有「--reiss」这个选项", "no option --reiss"),
    "generate p.xlsx --reissue=1": ("--reissue 后面不写值", "--reissue takes no value"),
    "generate p.xlsx -o": ("-o/--out 后面要写一个值", "-o/--out wants a value"),
    "generate p.xlsx q.xlsx": ("多了「q.xlsx」", "q.xlsx is one word too many"),
    "plan new p.xlsx --people 0": ("「0」不是 1 至 1000 的整数", "0 is no whole number from 1 to 1000"),
    "plan new p.xlsx --people ten": ("「ten」不是 1 至 1000 的整数", "ten is no whole number from 1 to 1000"),
    "plan new p.xlsx --lang fr": ("「fr」不在可选之列：zh / en", "fr is not offered; choose from zh / en"),
    "plan new .": (". 是文件夹", ". is a folder"),
    "consolidate p.xlsx made.txt -o s.xlsx": ("made.txt 是文件", "made.txt is a file"),
}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("line", LINE)
def test_a_line_that_is_not_understood(
    line: str, lang: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("cmme_xl.cli.screen.LANG", lang)
    monkeypatch.setattr("cmme_xl.cli.arguments.LANG", lang)
    monkeypatch.setattr(sys, "argv", ["cmme-xl", *line.split()])
    monkeypatch.chdir(tmp_path)
    (tmp_path / "made.txt").touch()
    with pytest.raises(SystemExit) as left:
        main()
    shown = capsys.readouterr()
    assert (left.value.code, shown.out) == (2, "")
    assert LINE[line][("zh", "en").index(lang)] in shown.err
    assert shown.err.startswith(("用法：cmme-xl", "Usage: cmme-xl"))


@pytest.mark.parametrize("words", [[], ["plan"]])
def test_a_group_without_a_command_shows_its_help(words: list[str]) -> None:
    bare, asked = run(*words), run(*words, "--help")
    assert (bare.returncode, bare.stdout) == (2, "")
    assert (asked.returncode, asked.stderr) == (0, "")
    assert bare.stderr == asked.stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_its_help(name: str) -> None:
    shown = parser_of(name).format_help()
    assert all(flag in shown for option in parser_of(name).options for flag in option.option_strings)
    assert all(option.help for option in parser_of(name).options)


def test_the_version() -> None:
    assert run("--version").stdout.split() == ["cmme-xl", __version__]


def test_a_bar_moves_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    with progress("generate") as advance:
        advance(1, 2)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with progress("generate") as advance:
        advance(1, 2)
        advance(2, 2)
    assert "2/2" in capsys.readouterr().err


def test_check_explains_any_file(tmp_path: Path) -> None:
    path = tmp_path / "notes.xlsx"
    path.write_bytes(b"not a workbook")
    plain = run("check", path)
    assert plain.returncode == 1
    assert "FIL_" in plain.stdout
    data = json.loads(run("check", "--json", path).stdout)
    assert data[0]["status"] == "unreadable"
    assert data[0]["findings"][0]["reason"]


@pytest.mark.parametrize("words", [["plan", "new", "p.xlsx"], ["catalogue", "export", "p.xlsx"]])
def test_nothing_is_written_from_a_catalogue_with_errors(words: list[str], tmp_path: Path) -> None:
    from openpyxl import load_workbook

    mine = tmp_path / "mine.xlsx"
    done = run("catalogue", "export", mine, "--catalogue", "cmm-s", "--lang", "en")
    assert (done.returncode, done.stderr) == (0, "")
    assert run("catalogue", "check", "--catalogue", mine).returncode == 0
    work = load_workbook(mine)
    work["Questions"]["H8"] = "high"
    work["Questions"]["D9"] = "=A1"
    work.save(mine)
    target = tmp_path / words[-1]
    done = run(*words[:-1], target, "--catalogue", mine)
    assert done.returncode == 2
    assert not target.exists()
    assert {"Questions!H8", "Questions!D9"} <= set(done.stderr.split())
    assert run("catalogue", "check", "--catalogue", mine).returncode == 2


def test_a_plan_names_its_catalogue_with_every_command(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    made = run("plan", "new", path, "--catalogue", "cmm-s")
    assert made.returncode == 0
    assert f"plan check {path} --catalogue cmm-s" in made.stdout
    done = run("plan", "check", path)
    assert done.returncode == 2
    assert "PLN_008" in done.stdout
    assert "--catalogue" in done.stdout
    assert "PLN_008" not in run("plan", "check", path, "--catalogue", "cmm-s").stdout


def test_a_catalogue_that_is_not_there(tmp_path: Path) -> None:
    for source in ("nowhere", tmp_path / "none.xlsx"):
        done = run("catalogue", "check", "--catalogue", source)
        assert done.returncode == 2
        assert "Traceback" not in done.stderr


def test_a_catalogue_with_an_error_is_not_fit_for_use(tmp_path: Path) -> None:
    import re
    import shutil

    import cmme_xl

    mine = tmp_path / "mine"
    shutil.copytree(Path(cmme_xl.__file__).parent / "catalogue" / "cmm_s", mine)
    part = mine / "S1.toml"
    part.write_text(re.sub(r'en = "[^"]+"', 'en = ""', part.read_text("utf-8"), count=1), "utf-8")
    done = run("catalogue", "check", "--catalogue", mine)
    assert done.returncode == 2
    assert "CAT_004" in done.stdout


@pytest.fixture
def engagement(tmp_path: Path) -> Path:
    """A plan, and one workbook come back with an answer that cannot be understood."""
    import warnings

    import openpyxl
    from interview_plans import CATALOGUE, person
    from interview_plans import plan as made

    from cmme_xl.interview.generation import generate
    from cmme_xl.plan.write import new_plan

    small = made(person("P1", "senior", "en"), person("P2", "middle", "en"), lang="en")
    new_plan(tmp_path / "plan.xlsx", CATALOGUE, "en", plan=small)
    first, _ = generate(small, tmp_path / "out", tmp_path / "issued.jsonl").written
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(first)
    sheet = book["Questions"]
    row = next(cells[0].row for cells in sheet.iter_rows() if cells[0].value in CATALOGUE.questions)
    sheet.cell(int(row or 0), 3).value = "about 4"
    (tmp_path / "returned").mkdir()
    book.save(tmp_path / "returned" / first.name)
    return tmp_path


def test_of_many_notes_of_one_kind_a_few_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    notes = [Finding("ANS_024", Place(sheet="Q", cell=f"C{row}"), values={"score": 5}) for row in range(5, 15)]
    errors = [Finding("WBK_003", Place(file=f"{row}.xlsx")) for row in range(5, 10)]
    show([*notes, *errors], few=True)
    said = capsys.readouterr().err
    assert [said.count(code) for code in ("ANS_024", "WBK_003")] == [3, 5]
    assert "10" in said
    assert "7" in said.splitlines()[-1]
    show(notes)
    assert capsys.readouterr().err.count("ANS_024") == 10


def test_a_reader_who_leaves_early_sees_no_traceback() -> None:
    command = [sys.executable, "-m", "cmme_xl", "catalogue", "check"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as started:
        assert started.stdout is not None
        assert started.stderr is not None
        started.stdout.close()
        assert started.stderr.read() == ""
    assert started.returncode == 2


def test_status_tells_who_is_missing_and_writes_the_workbook(engagement: Path) -> None:
    target = engagement / "status.xlsx"
    done = run("status", engagement / "plan.xlsx", engagement / "returned", "-o", target)
    assert done.returncode == 1, done.stderr
    assert "1 of 2 have returned" in done.stdout
    assert target.exists()
    data = json.loads(run("status", engagement / "plan.xlsx", engagement / "returned", "--json").stdout)
    assert [person["state"] for person in data["people"]] == ["unclear", "waiting"]


def test_status_of_no_folder_is_refused(engagement: Path) -> None:
    assert run("status", engagement / "plan.xlsx", engagement / "nowhere").returncode == 2


def test_check_writes_a_clarification_and_keeps_its_json_clean(engagement: Path) -> None:
    (came,) = (engagement / "returned").iterdir()
    options = ("--plan", engagement / "plan.xlsx", "--clarify", engagement / "again", "--json")
    done = run("check", came, *options)
    assert done.returncode == 1, done.stderr
    assert json.loads(done.stdout)[0]["respondent"] == "P1"
    (copy,) = (engagement / "again").glob("*.xlsx")
    assert copy.name in done.stderr
    assert run("check", copy, *options[:2]).returncode == 0


def test_the_newest_of_two_versions_counts_where_the_command_says_so(engagement: Path) -> None:
    import warnings

    import openpyxl
    from interview_plans import CATALOGUE

    (came,) = (engagement / "returned").iterdir()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(came)
    sheet = book["Questions"]
    row = next(cells[0].row for cells in sheet.iter_rows() if cells[0].value in CATALOGUE.questions)
    sheet.cell(int(row or 0), 3).value = 4
    time.sleep(1.1)  # a workbook records whole seconds
    book.save(came.with_name(f"later {came.name}"))
    places = (engagement / "plan.xlsx", engagement / "returned", "-o", engagement / "s.xlsx")
    options = ("--audience", "consultant", "--prefer", "newest", "--json", engagement / "s.json")
    done = run("consolidate", *places, *options)
    assert done.returncode == 1, done.stderr
    files = json.loads((engagement / "s.json").read_text("utf-8"))["ledger"]["files"]
    found = {file["name"]: file["status"] for file in files}
    assert found == {came.name: "superseded", f"later {came.name}": "accepted"}
    assert "LED_007" in {finding["code"] for file in files for finding in file["findings"]}


def test_nothing_is_written_where_one_of_two_files_cannot_be(engagement: Path) -> None:
    places = (engagement / "plan.xlsx", engagement / "returned", "-o", engagement / "s.xlsx")
    done = run("consolidate", *places, "--json", engagement / "plan.xlsx" / "s.json")
    assert done.returncode == 2
    assert "cannot be written" in done.stderr
    assert not (engagement / "s.xlsx").exists()


def test_a_file_that_is_read_only_is_called_that(engagement: Path) -> None:
    target = engagement / "status.xlsx"
    assert run("status", engagement / "plan.xlsx", engagement / "returned", "-o", target).returncode == 1
    target.chmod(0o444)
    done = run("status", engagement / "plan.xlsx", engagement / "returned", "-o", target)
    assert (done.returncode, "read-only" in done.stderr, "another run" in done.stderr) == (2, True, False)
    target.chmod(0o644)


def test_a_log_that_is_damaged_is_refused_in_words(engagement: Path) -> None:
    with (engagement / "issued.jsonl").open("a", encoding="utf-8") as log:
        log.write("hello\n")
    (came,) = (engagement / "returned").iterdir()
    plan = engagement / "plan.xlsx"
    for words in (("status", plan, came.parent), ("check", came, "--plan", plan)):
        done = run(*words)
        assert (done.returncode, "issued.jsonl:3" in done.stderr, "Traceback" in done.stderr) == (2, True, False)


def test_workbooks_that_went_out_before_are_not_counted_as_new(engagement: Path) -> None:
    done = run("generate", engagement / "plan.xlsx", "-o", engagement / "elsewhere")
    assert "written to" in done.stdout
    assert ": 2, of which issued before and made again: 2. Issued before and left as they are: 0." in done.stdout


def test_a_clarification_needs_the_plan(tmp_path: Path) -> None:
    done = run("check", tmp_path / "x.xlsx", "--clarify", tmp_path)
    assert done.returncode == 2
    assert "--plan" in done.stderr


def test_records_are_written_from_what_came_back(engagement: Path) -> None:
    done = run("generate", engagement / "plan.xlsx", "--record", engagement / "returned")
    assert "REC_004" in done.stderr
    assert "REC_005" in done.stderr
    assert len(list((engagement / "records").glob("*_record.xlsx"))) == 2
    assert ": 2; left as they are: 0" in done.stdout
    assert run("generate", engagement / "plan.xlsx", "--record", engagement / "nowhere").returncode == 2
