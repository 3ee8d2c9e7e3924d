"""Opening a workbook that a person has filled in and that is not a return: the same guards, in words of its own."""

from collections.abc import Collection
from pathlib import Path

from cmme_xl.findings import Finding, Place
from cmme_xl.reading.container import MAX_FILE, Archive, Format, Refused, recognise
from cmme_xl.reading.grid import RawBook, a1
from cmme_xl.reading.workbook import read_book

_TOO_LARGE, _NO_WORKBOOK, _CLOSED = "WBK_002", "WBK_003", "WBK_004"
_DAMAGED, _FORGED, _CARRIES = "WBK_005", "WBK_006", "WBK_007"
_SAID_AS = {
    "FIL_003": _DAMAGED,
    "FIL_004": _DAMAGED,
    "FIL_005": _CLOSED,
    "FIL_006": _CLOSED,
    "FIL_015": _TOO_LARGE,
    "FIL_016": _FORGED,
    "FIL_017": _FORGED,
    "FIL_018": _TOO_LARGE,
    "FIL_019": _CARRIES,
    "FIL_020": _CARRIES,
    "FIL_026": _CARRIES,
    "FIL_027": _DAMAGED,
}
"""What is said of returns is said to their sender; here it is said to whoever runs the program."""
_DETAILS = {"FIL_003": "EOF", "FIL_017": "DOCTYPE"}


def open_book(path: Path, spared: Collection[str] = ()) -> tuple[RawBook | None, tuple[Finding, ...]]:
    """The workbook at `path` and the warnings that go with it, or None and the reason why not; nothing is raised.

    Sheets named in `spared` are left empty: our own calculations have most of the cells and nobody's entries.
    """
    try:
        data = _content(path)
        format_ = recognise(data)
        if format_ is not Format.WORKBOOK:
            return None, (_said(Finding(format_.value)),)
        book, warnings = read_book(Archive(data), spared, once=True)
    except OSError as error:
        return None, (Finding("WBK_001", values={"detail": error.strerror or type(error).__name__}),)
    except Refused as refused:
        return None, (_said(refused.finding),)
    except Exception as error:  # the last net under hostile input
        return None, (Finding("WBK_005", values={"detail": repr(error)[:200]}),)
    doubled = [
        Finding("WBK_008", Place(sheet=sheet.name, cell=a1(*min(sheet.doubled))))
        for sheet in book.sheets
        if sheet.doubled
    ]
    findings = (*map(_said, warnings), *doubled)
    return (None if any(finding.code != _CARRIES for finding in findings) else book), findings


def _content(path: Path) -> bytes:
    """Raises OSError, Refused FIL_015."""
    with path.open("rb") as file:
        data = file.read(MAX_FILE + 1)
    if len(data) > MAX_FILE:
        raise Refused("FIL_015", size=f"> {MAX_FILE / 2**20:,.0f}")
    return data


def _said(finding: Finding) -> Finding:
    """The finding about any workbook that says what the one about a return does."""
    code = _SAID_AS.get(finding.code, _NO_WORKBOOK)
    values = finding.values
    size = values.get("size") or values.get("limit", "")
    detail = values.get("detail") or values.get("part") or _DETAILS.get(finding.code, finding.place.sheet)
    raw = (finding.raw or finding.place.sheet) if code == _CARRIES else ""
    return Finding(code, finding.place, raw, {"size": size, "detail": detail})
