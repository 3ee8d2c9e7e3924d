"""cmme.oxt, the functions as an extension of LibreOffice: our own Python files, and a description of each function."""

from pathlib import Path

import cmme_xl
from cmme_xl.hosts.functions import FUNCTIONS, TABLES, arguments
from cmme_xl.hosts.package import write
from cmme_xl.hosts.sources import macros

_PACKAGE = Path(cmme_xl.__file__).parent
_PARTS = ("__init__.py", "scoring/*.py", "hosts/__init__.py", "hosts/cells.py", "hosts/rollup.py", "hosts/functions.py")
def build(path: Path) -> None:
    """Write the extension to `path`; the same sources give the same bytes. Raises OSError where that cannot be done."""
    write(path, parts())


def parts() -> dict[str, bytes]:
    """The files of the extension, by their names in it."""
    ours = [path for pattern in _PARTS for path in sorted(_PACKAGE.glob(pattern))]
    described = (macros() / "calc.description.xml").read_text("utf-8")
    return {
        "META-INF/manifest.xml": (macros() / "calc.manifest.xml").read_bytes(),
        "description.xml": described.replace("%VERSION%", cmme_xl.__version__).encode(),
        "calc.components": (macros() / "calc.components").read_bytes(),
        "functions.idl": _interface().encode(),
        "cmme_calc.py": (_PACKAGE / "hosts" / "calc.py").read_bytes(),
        **{f"pythonpath/cmme_xl/{path.relative_to(_PACKAGE).as_posix()}": path.read_bytes() for path in ours},
    }


def _interface() -> str:
    """The functions as UNO sees them; LibreOffice reads this text as its type library."""
    body = "\n    ".join(map(_method, FUNCTIONS))
    return (
        "module org { module cmme {\n"
        f"  interface XFunctions : com::sun::star::uno::XInterface\n  {{\n    {body}\n  }};\n"
        "}; };\n"
    )


def _method(name: str) -> str:
    """UNO allows no underscore in the name of an argument, and a table no plain `any`."""
    taken = ", ".join(f"[in] any {each.replace('_', '')}" for each in arguments(name))
    return f"{'sequence< sequence< any > >' if name in TABLES else 'any'} {name}({taken});"
