"""Text as a cell's XML holds it: what no file can hold is shown as an escape, never dropped."""

import re
from xml.sax.saxutils import escape

from cmme_xl.spreadsheet.measure import LONGEST_CELL

FORBIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPE_LIKE = re.compile("_(?=x[0-9a-fA-F]{4}_)")

# Nothing forbidden is printable, and whether a text is printable is known in a fraction of the time of a search.


def forbidden(text: str) -> bool:
    """Whether `text` has characters that XML cannot hold."""
    return not text.isprintable() and bool(FORBIDDEN.search(text))


def writable(text: str) -> str:
    """`text` with lone surrogates, which no file can hold, shown as escapes."""
    if text.isprintable():
        return text
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def printable(text: str) -> str:
    """`text` for where XML has no way to write control characters and lone surrogates: shown as escapes."""
    return FORBIDDEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text) if forbidden(text) else text


def controls_escaped(text: str) -> str:
    """`text` with control characters in the escapes that Excel itself uses (_x0001_)."""
    return FORBIDDEN.sub(lambda found: f"_x{ord(found[0]):04X}_", writable(text)) if forbidden(text) else text


def stored(text: str) -> str:
    """`text` as the XML of a cell holds it; what only looks like an escape is kept from being read as one."""
    if text.isprintable() and "_x" not in text:
        return escape(text)
    return escape(controls_escaped(_ESCAPE_LIKE.sub("_x005F_", text)))


def as_formula(text: str) -> str:
    """A formula, or a text that one comes to, as XML holds it: there only control characters are in escapes."""
    return escape(text if text.isprintable() else controls_escaped(text))


def too_long(text: str) -> bool:
    """Whether a cell cannot hold `text`."""
    return len(text) > LONGEST_CELL // 2 and len(text.encode("utf-16-le", "surrogatepass")) > 2 * LONGEST_CELL
