"""The files attached to a message as Outlook saves it (.msg, MS-OXMSG), which is an OLE file of streams with telling
names. Read by a child process (see `apart`), since nothing bounds what such a file does to its reader."""

import struct
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from io import BytesIO

import olefile

from cmme_xl.reading.container import Refused
from cmme_xl.reading.wrapping import MAX_DEPTH, MAX_PARTS, Item, is_file

Path = tuple[str, ...]

_ATTACHED, _STREAM, _PROPERTIES = "__attach_version1.0_", "__substg1.0_", "__properties_version1.0"
_BROKEN = (OSError, ValueError, struct.error, LookupError, TypeError, AttributeError, RecursionError)
# of MS-OXPROPS: the number of a property
_DATA, _METHOD, _FLAGS, _HIDDEN = 0x3701, 0x3705, 0x3714, 0x7FFE
_NAMES, _TYPE, _CONTENT_ID, _SUBJECT = (0x3707, 0x3704, 0x3001), 0x370E, 0x3712, 0x0037
_TIMES = (0x0039, 0x0E06)
_BY_VALUE, _EMBEDDED, _SHOWN_IN_TEXT = 1, 5, 4
# what goes before the entries of a properties stream: of a message, of one within, of an attachment
_HEAD, _HEAD_WITHIN, _HEAD_ATTACHED = 32, 24, 8
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)


def items(data: bytes) -> Iterator[Item]:
    """What is attached to a message. Raises Refused: FIL_004 damaged, FIL_018 more than anybody sends, FIL_050
    deeper in each other."""
    try:
        with olefile.OleFileIO(BytesIO(data), raise_defects=olefile.DEFECT_INCORRECT) as ole:
            for number, item in enumerate(_Message(ole).items((), 0, _HEAD, "")):
                if number >= MAX_PARTS:
                    raise Refused("FIL_018", limit=MAX_PARTS)
                yield item
    except _BROKEN as error:
        raise Refused("FIL_004", detail=type(error).__name__) from error


class _Message:
    def __init__(self, ole: olefile.OleFileIO) -> None:
        self._ole = ole
        self._children: dict[Path, list[str]] = {}
        for path in ole.listdir(streams=True, storages=True):
            self._children.setdefault(tuple(path[:-1]), []).append(path[-1])

    def items(self, path: Path, depth: int, head: int, sent: str) -> Iterator[Item]:
        """The files of the message in the storage `path`."""
        if depth > MAX_DEPTH:
            raise Refused("FIL_050", limit=MAX_DEPTH)
        sent = _moment(self._fixed(path, head)) or sent
        for child in sorted(self._children.get(path, ())):
            if child.startswith(_ATTACHED):
                yield from self._attachment((*path, child), depth, sent)

    def _attachment(self, path: Path, depth: int, sent: str) -> Iterator[Item]:
        fixed = self._fixed(path, _HEAD_ATTACHED)
        method = fixed.get(_METHOD, _BY_VALUE)
        name = next((text for number in _NAMES if (text := self._text(path, number))), "")
        inner = (*path, f"{_STREAM}{_DATA:04X}000D")
        if method == _EMBEDDED:
            yield Item(depth, name or self._text(inner, _SUBJECT), None, sent, False)
            yield from self.items(inner, depth + 1, _HEAD_WITHIN, sent)
            return
        shown = bool(fixed.get(_FLAGS, 0) & _SHOWN_IN_TEXT or fixed.get(_HIDDEN, 0) or self._text(path, _CONTENT_ID))
        content = self._stream((*path, f"{_STREAM}{_DATA:04X}0102"))
        picture = self._text(path, _TYPE).lower().startswith("image/") and not is_file(content)
        yield Item(depth, name, content, sent, shown and picture)

    def _stream(self, path: Path) -> bytes:
        return bytes(self._ole.openstream(list(path)).read()) if self._ole.exists(list(path)) else b""

    def _text(self, path: Path, number: int) -> str:
        wide = self._stream((*path, f"{_STREAM}{number:04X}001F"))
        if wide:
            return wide.decode("utf-16-le", "replace").strip("\0 ")
        return self._stream((*path, f"{_STREAM}{number:04X}001E")).decode("utf-8", "replace").strip("\0 ")

    def _fixed(self, path: Path, head: int) -> Mapping[int, int]:
        """The properties of fixed length: number -> value."""
        data = self._stream((*path, _PROPERTIES))[head:]
        whole = data[: len(data) // 16 * 16]
        masks = {0x0003: 0xFFFFFFFF, 0x000B: 0xFFFF}
        return {tag >> 16: value & masks.get(tag & 0xFFFF, -1) for tag, _, value in struct.iter_unpack("<IIQ", whole)}


def _moment(fixed: Mapping[int, int]) -> str:
    ticks = next((fixed[number] for number in _TIMES if fixed.get(number)), 0)
    try:
        return (_EPOCH + timedelta(microseconds=ticks // 10)).isoformat() if ticks else ""
    except OverflowError:
        return ""
