"""Installing the add-in and examining an installation, on computers made up of folders."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from importlib import metadata
from pathlib import Path

import pytest

from cmme_xl.cli import main
from cmme_xl.findings import Refusal
from cmme_xl.hosts import addin, extension
from cmme_xl.hosts.computer import Computer, this_computer
from cmme_xl.hosts.installation import POLICY, SECURITY, doctor, install

LIBRARY = f"xlwings64-{metadata.version('xlwings')}.dll"


@pytest.fixture
def computer(tmp_path: Path) -> Computer:
    """A Windows computer of one 张三, whose Python stands in a virtual environment and has all it needs."""
    scripts = tmp_path / "张三" / "venv" / "Scripts"
    scripts.mkdir(parents=True)
    (scripts / "python.exe").touch()
    (scripts.parent / LIBRARY).touch()
    return Computer(True, tmp_path / "张三" / "AppData", scripts / "python.exe", lambda *_: None, lambda _: True)


def codes(computer: Computer) -> list[str]:
    return [finding.code for finding in doctor(computer)]


def test_an_installation_is_well(computer: Computer) -> None:
    assert codes(computer) == ["ADD_004", "ADD_006"]
    assert install(computer) == ()
    assert codes(computer) == []
    assert computer.addin.parent.name == "XLSTART"
    assert computer.settings.read_text("utf-8") == f"INTERPRETER={computer.python}\n"


def test_installing_again_mends_an_old_addin_and_a_python_that_is_gone(computer: Computer) -> None:
    install(computer)
    computer.addin.write_bytes(computer.addin.read_bytes() + b"\0")
    computer.settings.write_text("INTERPRETER=C:\\gone\\python.exe\n", "utf-8-sig")
    assert codes(computer) == ["ADD_005", "ADD_007"]
    other = computer.python.with_name("other.exe")
    other.touch()
    computer.settings.write_text(f"LANGUAGE=zh\ninterpreter= {other}\n", "utf-8-sig")
    assert codes(computer) == ["ADD_005", "ADD_008"]
    assert install(computer) == ()
    assert codes(computer) == []


def test_what_is_missing_refuses_the_installation_and_leaves_nothing(computer: Computer) -> None:
    (computer.python.parent.parent / LIBRARY).rename(computer.python.parent.parent / "xlwings64-0.1.0.dll")
    bare = replace(computer, module=lambda name: name != "win32com")
    with pytest.raises(Refusal) as refused:
        install(bare)
    assert [finding.code for finding in refused.value.findings] == ["ADD_002", "ADD_003"]
    assert not computer.appdata.exists()


def test_another_system_is_told_what_there_is_instead(computer: Computer) -> None:
    elsewhere = replace(computer, windows=False)
    assert codes(elsewhere) == ["ADD_001"]
    with pytest.raises(Refusal, match="Windows"):
        install(elsewhere)


@pytest.mark.parametrize("key", [SECURITY, POLICY])
@pytest.mark.parametrize(
    ("name", "value", "code"),
    [("VBAWarnings", 4, "ADD_009"), ("DisableAllAddins", 1, "ADD_010"), ("RequireAddinSig", 1, "ADD_011")],
)
def test_settings_of_excel_that_stand_in_the_way_are_named(
    computer: Computer, key: str, name: str, value: int, code: str
) -> None:
    settings: Mapping[tuple[str, str], object] = {(key, name): value}
    strict = replace(computer, registry=lambda key, name: settings.get((key, name)))
    assert [finding.code for finding in install(strict)] == [code]
    assert codes(strict) == [code]


def test_settings_that_ask_the_user_are_no_fault(computer: Computer) -> None:
    asking = replace(computer, registry=lambda _, name: 2 if name == "VBAWarnings" else 0)
    assert install(asking) == ()


def ended(monkeypatch: pytest.MonkeyPatch, *words: str) -> object:
    """The exit status of a command line."""
    monkeypatch.setattr(sys, "argv", ["cmme-xl", *words])
    with pytest.raises(SystemExit) as end:
        main()
    return end.value.code


@pytest.mark.skipif(sys.platform == "win32", reason="what another system than Windows is told")
@pytest.mark.parametrize(("command", "status"), [("doctor", 1), ("install", 2)])
def test_the_commands_say_what_they_found(
    command: str, status: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert not this_computer().windows
    assert ended(monkeypatch, "addin", command) == status
    shown = capsys.readouterr()
    assert "ADD_001" in shown.out + shown.err


@pytest.mark.parametrize(("name", "build"), [("cmme.xlam", addin.build), ("cmme.oxt", extension.build)])
def test_the_ending_says_which_addin_is_built(
    tmp_path: Path, name: str, build: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    build(tmp_path / f"expected-{name}")
    assert ended(monkeypatch, "addin", "build", "-o", str(tmp_path / name)) == 0
    assert (tmp_path / name).read_bytes() == (tmp_path / f"expected-{name}").read_bytes()


def test_another_ending_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ended(monkeypatch, "addin", "build", "-o", str(tmp_path / "cmme.xlsm")) == 2
    assert list(tmp_path.iterdir()) == []
