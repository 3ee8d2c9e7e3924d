"""Putting the add-in where Excel loads it, and saying what is wrong with an installation."""

import tempfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from cmme_xl.findings import Finding, Refusal
from cmme_xl.hosts import addin
from cmme_xl.hosts.computer import Computer

SECURITY = r"Software\Microsoft\Office\16.0\Excel\Security"
POLICY = r"Software\Policies\Microsoft\Office\16.0\Excel\Security"
_NO_MACROS = 4


def install(computer: Computer) -> tuple[Finding, ...]:
    """Build the add-in into Excel's start folder, write down this Python, and return what still stands in the way.

    Raises Refusal where Excel cannot run functions of ours, or misses what they need; nothing is written then.
    """
    missing = tuple(_needed(computer))
    if missing:
        raise Refusal(missing)
    computer.addin.parent.mkdir(parents=True, exist_ok=True)
    computer.settings.parent.mkdir(parents=True, exist_ok=True)
    computer.settings.write_text(f"INTERPRETER={computer.python}\n", "utf-8")
    addin.build(computer.addin)
    return tuple(_hindrances(computer))


def doctor(computer: Computer) -> tuple[Finding, ...]:
    """Everything that keeps the functions from working, each with how to mend it; nothing is changed."""
    if not computer.windows:
        return tuple(_needed(computer))
    return (*_needed(computer), *_installed(computer), *_hindrances(computer))


def _needed(computer: Computer) -> Iterator[Finding]:
    if not computer.windows:
        yield Finding("ADD_001")
        return
    version = metadata.version("xlwings")
    if not computer.module("win32com"):
        yield Finding("ADD_002", values={"python": str(computer.python)})
    if computer.library(version) is None:
        yield Finding("ADD_003", values={"library": f"xlwings64-{version}.dll", "folder": str(computer.python.parent)})


def _installed(computer: Computer) -> Iterator[Finding]:
    if not computer.addin.is_file():
        yield Finding("ADD_004", values={"file": str(computer.addin)})
    elif computer.addin.read_bytes() != _fresh():
        yield Finding("ADD_005", values={"file": str(computer.addin), "version": metadata.version("xlwings")})
    named = _interpreter(computer)
    if named is None:
        yield Finding("ADD_006", values={"file": str(computer.settings)})
    elif not named.is_file():
        yield Finding("ADD_007", values={"named": str(named)})
    elif named != computer.python:
        yield Finding("ADD_008", values={"named": str(named), "python": str(computer.python)})


def _interpreter(computer: Computer) -> Path | None:
    """The Python that the user's settings name, read as the add-in reads it."""
    if not computer.settings.is_file():
        return None
    lines = computer.settings.read_text("utf-8-sig", errors="replace").splitlines()
    named = [value.strip() for key, _, value in (line.partition("=") for line in lines) if key.upper() == "INTERPRETER"]
    return Path(named[-1]) if named and named[-1] else None


def _fresh() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        addin.build(Path(folder) / addin.NAME)
        return (Path(folder) / addin.NAME).read_bytes()


def _hindrances(computer: Computer) -> Iterator[Finding]:
    """Settings of Excel under which no add-in of ours runs; a policy is the administrator's to change."""
    for key in (SECURITY, POLICY):
        if computer.registry(key, "VBAWarnings") == _NO_MACROS:
            yield Finding("ADD_009")
        if computer.registry(key, "DisableAllAddins") == 1:
            yield Finding("ADD_010")
        if computer.registry(key, "RequireAddinSig") == 1:
            yield Finding("ADD_011")
