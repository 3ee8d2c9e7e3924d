"""What is found in a mail, whatever its format: files, and mails that hold others."""

from typing import NamedTuple

from cmme_xl.reading.container import OLE

MAX_FILES, MAX_PARTS, MAX_DEPTH = 1_000, 10_000, 8


def is_file(data: bytes) -> bool:
    """Whether something that is said to belong to the text of a mail is a zip or OLE file, as every workbook is."""
    return data.startswith((b"PK\x03\x04", OLE))


class Item(NamedTuple):
    """A file attached to a mail, or a mail within it (`data` None), whose own files come after it, a level deeper.

    `depth` counts from 0, `name` is as the mail says it; `sent` is when the mail around it was sent by its own account
    (ISO, "" where it does not say), `furniture` whether it only belongs to the text: a picture in it, a signature.
    """

    depth: int
    name: str
    data: bytes | None
    sent: str
    furniture: bool
