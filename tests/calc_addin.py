"""LibreOffice with the extension cmme.oxt installed, as its package manager would leave the profile."""

import os
import subprocess
import zipfile
from pathlib import Path

import office

REGISTRY = "user/uno_packages/cache/registry/com.sun.star.comp.deployment.component.PackageRegistryBackend"


def profile(folder: Path, extension: Path | None) -> Path:
    """A profile that recalculates on load, with the extension, or without any."""
    made = folder / "profile"
    (made / "user").mkdir(parents=True)
    (made / "user" / "registrymodifications.xcu").write_text(office.PROFILE, encoding="utf-8")
    if extension is not None:
        # the first start would put the registry back
        run(made, "--terminate_after_init")
        files = folder / "extension"
        with zipfile.ZipFile(extension) as package:
            package.extractall(files)
        registry = made / REGISTRY
        registry.mkdir(parents=True, exist_ok=True)
        lines = f"UNO_TYPES={(files / 'functions.idl').as_uri()}\nUNO_SERVICES={(files / 'calc.components').as_uri()}\n"
        (registry / "unorc").write_text(lines, encoding="utf-8")
    return made


def recalculated(made: Path, book: Path, out: Path) -> Path:
    """The workbook as LibreOffice saves it after a full recalculation under the profile."""
    run(made, "--convert-to", office.FILTERS["xlsx"], "--outdir", str(out), str(book))
    return out / book.name


def run(made: Path, *arguments: str) -> None:
    program = office.program()
    assert program is not None, "ask for the lane libreoffice-24.8"
    command = [program, f"-env:UserInstallation={made.as_uri()}", "--headless", "--norestore", *arguments]
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | {"SAL_USE_VCLPLUGIN": "svp"}
    subprocess.run(command, capture_output=True, env=env, timeout=300, check=True)
