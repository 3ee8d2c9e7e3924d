"""What the add-in's installation asks of a computer; a test puts another in its place."""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Computer:
    """appdata: the user's own folder of settings. registry: the value of a name under a key of the user, or None.

    module: whether Python could import a module of that name.
    """

    windows: bool
    appdata: Path
    python: Path
    registry: Callable[[str, str], object]
    module: Callable[[str], bool]

    @property
    def addin(self) -> Path:
        """Where Excel loads an add-in at every start, without being asked to."""
        return self.appdata / "Microsoft" / "Excel" / "XLSTART" / "cmme.xlam"

    @property
    def settings(self) -> Path:
        """The user's file of settings, the only one beside the add-in's own sheet."""
        return self.appdata / "cmme" / "cmme.conf"

    def library(self, version: str) -> Path | None:
        """The library of that version of xlwings for 64-bit Excel: beside Python, or above in a virtual environment."""
        folders = (self.python.parent, self.python.parent.parent)
        return next((p for folder in folders if (p := folder / f"xlwings64-{version}.dll").is_file()), None)


def this_computer() -> Computer:
    """The computer the program runs on."""
    return Computer(
        windows=sys.platform == "win32",
        appdata=Path(os.environ.get("APPDATA") or Path.home()),
        python=Path(sys.executable),
        registry=_registry,
        module=lambda name: find_spec(name) is not None,
    )


def _registry(key: str, name: str) -> object:
    try:
        registry: Any = import_module("winreg")
    except ImportError:
        return None
    try:
        with registry.OpenKey(registry.HKEY_CURRENT_USER, key) as opened:
            return registry.QueryValueEx(opened, name)[0]
    except OSError:
        return None
