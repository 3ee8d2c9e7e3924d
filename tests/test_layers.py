"""The rules of the house that the import-linter contract in pyproject.toml cannot state."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "cmme_xl"
CONTRACT = (ROOT / "pyproject.toml").read_text(encoding="utf-8").partition("[tool.importlinter]")[2]
HOSTS_MAY_IMPORT = {"hosts", "scoring", "findings"}
CHINESE = re.compile("[\u4e00-\u9fff]")


def imported(path: Path) -> Iterator[str]:
    """Every module that a file imports, as an absolute dotted name."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            here = path.relative_to(ROOT).with_suffix("").parts
            base = ".".join(here[: len(here) - node.level]) if node.level else ""
            module = ".".join(filter(None, [base, node.module]))
            yield from (f"{module}.{alias.name}" for alias in node.names) if module == "cmme_xl" else [module]


def part_files(part: str) -> list[Path]:
    """The files of one part of the package, a module or a package; none where it is not written yet."""
    module = PACKAGE / f"{part}.py"
    return [module] if module.is_file() else sorted((PACKAGE / part).rglob("*.py"))


def own_parts(path: Path) -> set[str]:
    """The parts of cmme_xl that a file imports from."""
    return {name.split(".")[1] for name in imported(path) if name.startswith("cmme_xl.")}


def test_hosts_import_only_scoring_and_findings() -> None:
    assert {part for path in part_files("hosts") for part in own_parts(path)} <= HOSTS_MAY_IMPORT


def test_scoring_needs_the_standard_library_only() -> None:
    """It also runs inside LibreOffice's Python, which has nothing else."""
    for path in part_files("scoring"):
        others = {name for name in imported(path) if name.partition(".")[0] not in sys.stdlib_module_names}
        assert {name for name in others if not name.startswith("cmme_xl.scoring")} == set()


def test_no_text_for_people_in_code() -> None:
    """It belongs in the catalogue, workbook_templates or the messages; docstrings and comments are free."""
    shown = []
    for path in PACKAGE.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        nodes = [n for n in ast.walk(tree) if isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant)]
        free = {id(node.value) for node in nodes}
        constants = [
            node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in free
        ]
        for node in constants:
            if isinstance(node.value, str) and CHINESE.search(node.value):
                shown.append(f"{path.relative_to(ROOT)}:{node.lineno}: {node.value}")
    assert shown == []


def test_the_contract_catches_an_upward_import(tmp_path: Path) -> None:
    """The layers as pyproject.toml states them, over a small package of the same name."""
    package = tmp_path / "cmme_xl"
    package.mkdir()
    (tmp_path / "pyproject.toml").write_text("[tool.importlinter]" + CONTRACT, encoding="utf-8")
    for name in ("__init__", "scoring", "plan"):
        (package / f"{name}.py").write_text("", encoding="utf-8")
    assert lint_imports(tmp_path) == 0
    (package / "scoring.py").write_text("from cmme_xl import plan\n", encoding="utf-8")
    assert lint_imports(tmp_path) == 1


def test_the_contract_wants_every_module_in_a_layer(tmp_path: Path) -> None:
    package = tmp_path / "cmme_xl"
    package.mkdir()
    (tmp_path / "pyproject.toml").write_text("[tool.importlinter]" + CONTRACT, encoding="utf-8")
    for name in ("__init__", "utils"):
        (package / f"{name}.py").write_text("", encoding="utf-8")
    assert lint_imports(tmp_path) == 1


def lint_imports(folder: Path) -> int:
    code = "import sys; sys.path.insert(0, ''); from importlinter.cli import lint_imports_command as c; c()"
    command = [sys.executable, "-c", code, "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True).returncode
