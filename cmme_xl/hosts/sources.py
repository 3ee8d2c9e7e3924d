"""Where the add-ins' sources lie: ``macros/``, part of the wheel and at the root of a checkout."""

from importlib.resources import files
from pathlib import Path


def macros() -> Path:
    """The folder of macros, ribbon and LibreOffice descriptions."""
    packaged = Path(str(files("cmme_xl").joinpath("macros")))
    return packaged if packaged.is_dir() else Path(__file__).resolve().parents[2] / "macros"
