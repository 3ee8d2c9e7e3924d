"""What is installed is what a user gets: the wheel, whole, with its data and its command."""

import re
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

import cmme_xl

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = Path(cmme_xl.__file__).parent
FROM_CHECKOUT = PACKAGE == ROOT / "cmme_xl"
needs_wheel = pytest.mark.skipif(
    FROM_CHECKOUT, reason="runs against the checkout, not the wheel: use `make test`"
)

CLI_EXISTS = (ROOT / "cmme_xl" / "cli.py").exists() or (ROOT / "cmme_xl" / "cli").is_dir()
needs_cli = pytest.mark.skipif(not CLI_EXISTS, reason="cmme_xl.cli is not written yet")
ENGINES = {"pandas", "numpy", "openpyxl", "xlsxwriter", "xlwings", "python_calamine", "rich"}


def _data_files(folder: Path) -> dict[str, bytes]:
    kept = (p for p in folder.rglob("*") if p.is_file() and p.suffix != ".pyc")
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in kept}


@needs_wheel
def test_the_package_under_test_is_installed() -> None:
    assert "site-packages" in PACKAGE.parts


@needs_wheel
def test_the_wheel_holds_the_whole_package_and_nothing_else() -> None:
    installed = _data_files(PACKAGE)
    beside = {
        f"{folder}/{name}": data
        for folder in ("macros", "workbook_templates")
        for name, data in _data_files(ROOT / folder).items()
    }
    assert installed == _data_files(ROOT / "cmme_xl") | beside
    tops = {file.parts[0] for file in metadata.files("cmme-xl") or () if file.parts[0] != ".."}
    assert tops == {"cmme_xl", f"cmme_xl-{cmme_xl.__version__}.dist-info"}


@needs_wheel
def test_metadata() -> None:
    about = metadata.metadata("cmme-xl")
    assert about["Version"] == cmme_xl.__version__
    assert about["License-Expression"] == "MIT"
    assert about["Requires-Python"] == ">=3.11"
    [script] = metadata.entry_points(group="console_scripts", name="cmme-xl")
    assert script.value == "cmme_xl.cli:main"


def test_typed() -> None:
    assert (PACKAGE / "py.typed").is_file()


def test_changelog_knows_the_version() -> None:
    assert cmme_xl.__version__ in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_lock_pins_every_requirement_within_its_range() -> None:
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [Requirement(r) for r in project["dependencies"] + project["optional-dependencies"]["dev"]]
    lines = (ROOT / "requirements-dev.lock").read_text(encoding="utf-8").splitlines()
    pins = [line.split("==") for line in lines if not line.startswith("#")]
    locked = {canonicalize_name(name): version for name, version in pins}
    for requirement in wanted:
        assert requirement.specifier.contains(locked[canonicalize_name(requirement.name)]), requirement


@needs_cli
@pytest.mark.parametrize("start", [["-m", "cmme_xl"], ["-c", "from cmme_xl.cli import main; main()"]])
def test_help(start: list[str], tmp_path: Path) -> None:
    command = [sys.executable, *start, "--help"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert re.search("usage|用法", done.stdout, re.I)


@needs_cli
def test_help_starts_no_engine(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from cmme_xl.cli import main\n"
        "sys.argv = ['cmme-xl', '--help']\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print('LOADED', *sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", cwd=tmp_path, check=True)
    loaded = set(done.stdout.rpartition("LOADED ")[2].split())
    assert "cmme_xl" in loaded
    assert not loaded & ENGINES
