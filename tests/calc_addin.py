"""LibreOffice with the extension cmme.oxt installed, as its package manager would leave the profile."""

import os
import subprocess
import zipfile
from collections.abc import Iterable
from pathlib import Path

import office

CONNECTED = """
import time, uno
context = uno.getComponentContext()
resolver = context.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", context)
for attempt in range(240):
    try:
        remote = resolver.resolve("uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        break
    except Exception:
        time.sleep(0.25)
desktop = remote.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", remote)
"""
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


def changed(sound: Path, broken: Path, old: bytes, new: bytes) -> Path:
    """A copy of the extension with another text in the part that Calc calls."""
    with zipfile.ZipFile(sound) as package, zipfile.ZipFile(broken, "w") as copy:
        for name in package.namelist():
            text = package.read(name)
            copy.writestr(name, text.replace(old, new) if name == "cmme_calc.py" else text)
    return broken


def script(made: Path, text: str) -> None:
    """Run `text`, in which `desktop` is that of a LibreOffice under the profile; that one ends with it."""
    pipe = f"cmme{os.getpid()}"
    program = subprocess.Popen(
        _command(made, f"--accept=pipe,name={pipe};urp;"),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=_environment(),
    )  # fmt: skip
    try:
        whole = CONNECTED.format(pipe=pipe) + text + "\ndesktop.terminate()\n"
        subprocess.run([_python(), "-c", whole], check=True, timeout=240, env=_environment())
        program.wait(60)
    finally:
        program.kill()


def _python() -> str:
    """A Python that can speak to LibreOffice: its own, or the system's."""
    beside = Path(os.path.realpath(office.program() or "")).parent
    for candidate in (beside / "python", beside / "python.exe", Path("/usr/bin/python3")):
        if candidate.exists() and not subprocess.run([candidate, "-c", "import uno"], capture_output=True).returncode:
            return str(candidate)
    raise FileNotFoundError("no Python with uno")


def recalculated(made: Path, book: Path, out: Path) -> Path:
    """The workbook as LibreOffice saves it after a full recalculation under the profile."""
    convert(made, [book], out)
    return out / book.name


def convert(made: Path, books: Iterable[Path], out: Path) -> None:
    """The same of several workbooks of different names in one start."""
    run(made, "--convert-to", office.FILTERS["xlsx"], "--outdir", str(out), *map(str, books))


def run(made: Path, *arguments: str) -> None:
    subprocess.run(_command(made, *arguments), capture_output=True, env=_environment(), timeout=300, check=True)


def _command(made: Path, *arguments: str) -> list[str]:
    program = office.program()
    assert program is not None, "ask for the lane libreoffice-24.8"
    return [program, f"-env:UserInstallation={made.as_uri()}", "--headless", "--norestore", *arguments]


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | {"SAL_USE_VCLPLUGIN": "svp"}
