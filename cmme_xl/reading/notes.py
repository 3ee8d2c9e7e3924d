"""What people write beside the cells of a workbook: comments on them, and text boxes."""

from collections.abc import Iterator

from cmme_xl.findings import Finding, Place
from cmme_xl.reading.container import Archive, Refused
from cmme_xl.reading.workbook import related, worksheets
from cmme_xl.reading.xml import local_name, parse

MOST, LONGEST = 100, 2_000
_BESIDE = ("/comments", "/drawing")
_FOLDERS = ("xl/comments", "xl/drawings/")


def notes(archive: Archive) -> Iterator[Finding]:
    """Each comment and text box with its sheet and cell (FIL_052), the first `MOST`; the rest is counted (FIL_053).

    What cannot be read there is named by its part: it costs no answer. Raises Refused where the list of sheets cannot
    be read.
    """
    if not any(archive.under(*_FOLDERS)):
        return
    count = 0
    for sheet, _, target in worksheets(archive):
        for kind in _BESIDE:
            for cell, text in _texts(archive, target, kind):
                count += 1
                if count <= MOST:
                    yield Finding("FIL_052", Place(sheet=sheet, cell=cell), text)
    if count > MOST:
        yield Finding("FIL_053", values={"count": count - MOST})


def _texts(archive: Archive, sheet: str, kind: str) -> list[tuple[str, str]]:
    """(cell, text) of the comments or text boxes of the worksheet part `sheet`; of the latter no cell is known."""
    part = sheet
    found: list[tuple[str, str]] = []
    cell, heard, written = "", False, [""]

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal cell, heard
        tag = local_name(name)
        if tag in ("comment", "txBody"):
            cell = attributes.get("ref", "")
            written.clear()
        heard = tag == "t"

    def end(name: str) -> None:
        nonlocal heard
        tag = local_name(name)
        heard = False
        if tag in ("comment", "txBody"):
            text = "".join(written).strip()
            if text:
                found.append((cell, text[:LONGEST]))
        elif tag == "p":
            written.append("\n")

    def hear(text: str) -> None:
        if heard:
            written.append(text)

    try:
        part = related(archive, sheet).first(kind)
        parse(archive.read(part), start, end, hear)
    except Refused:
        return [("", part)]
    return found
