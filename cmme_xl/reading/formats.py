"""A workbook out of the bytes of any format that is read; what cannot be trusted to a library is read apart."""

from cmme_xl.findings import Finding
from cmme_xl.reading.container import Archive, Format
from cmme_xl.reading.grid import RawBook
from cmme_xl.reading.notes import notes
from cmme_xl.reading.workbook import read_book

_NAMES = {Format.XLS: ".xls", Format.XLSB: ".xlsb", Format.ODS: ".ods", Format.TEXT: ".csv"}

READ = frozenset(_NAMES)
"""The formats besides .xlsx that `read_as` takes."""


def read_as(content: Archive | Format, data: bytes) -> tuple[RawBook, tuple[Finding, ...]]:
    """The workbook in `data`, which `container.opened` found to be `content`, and what is to be said of the file
    (FIL_043: it is no .xlsx).

    Raises Refused as the reader of the format does.
    """
    if isinstance(content, Archive):
        book, findings = read_book(content)
        return book, (*findings, *notes(content))
    if content is Format.TEXT:
        from cmme_xl.reading.delimited import read_delimited

        book, findings = read_delimited(data)
    else:
        from cmme_xl.reading.apart import read_apart

        book, findings = read_apart(data, content)
    return book, (Finding("FIL_043", values={"format": _NAMES[content]}), *findings)
