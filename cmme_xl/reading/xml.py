"""XML from strangers: expat with namespaces, document types refused, faults as findings."""

import re
from collections.abc import Callable
from xml.parsers import expat

from cmme_xl.reading.container import Refused

SEPARATOR = "\n"
LARGE = 2**20
"""A part up to this length can do no harm by the number of its elements or attributes."""
MAX_ELEMENTS = 1_500_000
# a tag with so many attributes, or a text that no cell can hold
_ENDLESS = re.compile(rb"<[^<]{1000000}")

_SHEET_NAMESPACES = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
_SHEET_TAGS = ("sheetData", "row", "c", "v", "f", "t", "rPh", "mergeCell")

# The full names of the elements that matter in a worksheet -> their local names; some writers give no namespace.
SHEET_TAGS = {f"{space}{SEPARATOR}{tag}": tag for space in _SHEET_NAMESPACES for tag in _SHEET_TAGS}
SHEET_TAGS |= {tag: tag for tag in _SHEET_TAGS}


def parse(
    data: bytes,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
    parser: "expat.XMLParserType | None" = None,
) -> None:
    """Runs expat over `data`; element names arrive as namespace, newline, local name. Raises Refused: FIL_004 not
    well-formed, FIL_015 too many elements (expat keeps those that are open), FIL_017 a document type."""
    parser = parser or new_parser()
    if len(data) > LARGE:
        start = _counted(data, start)
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    if not data:
        return
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise Refused("FIL_004", detail=str(error)) from error
    finally:
        # they know the parser, which knows them: such rings, a part's cells and all, would pile up
        parser.StartElementHandler = parser.EndElementHandler = parser.CharacterDataHandler = None


def _counted(data: bytes, start: Callable[[str, dict[str, str]], None]) -> Callable[[str, dict[str, str]], None]:
    """`start` for a part that is large: neither endless tags nor endlessly many. Raises Refused."""
    if _ENDLESS.search(data):
        raise Refused("FIL_015", size=f"> {LARGE / 2**20:g}")
    left = MAX_ELEMENTS

    def counted(name: str, attributes: dict[str, str]) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise Refused("FIL_015", size=f"> {MAX_ELEMENTS:,}")
        start(name, attributes)

    return counted


def new_parser() -> "expat.XMLParserType":
    parser = expat.ParserCreate(namespace_separator=SEPARATOR)
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    return parser


def _refuse_doctype(*_: object) -> None:
    raise Refused("FIL_017")


def local_name(name: str) -> str:
    return name.rpartition(SEPARATOR)[2]


def integer(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
