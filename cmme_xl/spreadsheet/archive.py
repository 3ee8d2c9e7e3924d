"""Zip archives put together from members that are already compressed, so that what stays costs nothing again."""

import io
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from struct import Struct
from typing import NamedTuple
from zipfile import ZipFile

from zlib_ng import zlib_ng

QUICK, USUAL = 2, 5
"""Of zlib-ng's nine levels: the first takes half of the time of the other, for a file a third larger."""
AT_ONCE = 1 << 16
"""How many bytes are compressed at once: very short pieces cost more to hand over than to compress."""

# of the zip format (APPNOTE 4.3): local header, directory entry, end of directory; the date is 1980-01-01
_LOCAL, _ENTRY, _END = Struct("<4s5H3L2H"), Struct("<4s6H3L5H2L"), Struct("<4s4H2LH")
_VERSION, _DOS_DATE, _DEFLATED = 20, 33, 8


class Member(NamedTuple):
    """What a member holds: as it stands in the archive, how it was compressed, checksum and size of the plain bytes."""

    data: bytes
    checksum: int
    size: int
    method: int = _DEFLATED


@dataclass(frozen=True, slots=True)
class Archive:
    """Members one after the other, and what the directory says of them."""

    members: bytes = b""
    directory: bytes = b""
    count: int = 0

    @classmethod
    def of(cls, data: bytes, without: Collection[str] = ()) -> "Archive":
        """The members of a zip file but for those named, in its order, none compressed again."""
        with ZipFile(io.BytesIO(data)) as source:
            kept = [info for info in source.infolist() if info.filename not in without]
        members = []
        for info in kept:
            *_, path, extra = _LOCAL.unpack_from(data, info.header_offset)
            start = info.header_offset + _LOCAL.size + path + extra
            member = Member(data[start : start + info.compress_size], info.CRC, info.file_size, info.compress_type)
            members.append((info.filename, member))
        return cls().extended(members)

    def extended(self, members: Iterable[tuple[str, Member]]) -> "Archive":
        """The same with more members behind; names are ASCII."""
        bodies, entries, end, count = [self.members], [self.directory], len(self.members), self.count
        for name, member in members:
            path, sizes = name.encode("ascii"), (member.checksum, len(member.data), member.size)
            shape = (_VERSION, 0, member.method, 0, _DOS_DATE, *sizes, len(path), 0)
            bodies += [_LOCAL.pack(b"PK\x03\x04", *shape), path, member.data]
            entries += [_ENTRY.pack(b"PK\x01\x02", _VERSION, *shape, 0, 0, 0, 0, end), path]
            end += _LOCAL.size + len(path) + len(member.data)
            count += 1
        return Archive(b"".join(bodies), b"".join(entries), count)

    def bytes(self) -> bytes:
        """The zip file."""
        sizes = self.count, self.count, len(self.directory), len(self.members)
        return b"".join((self.members, self.directory, _END.pack(b"PK\x05\x06", 0, 0, *sizes, 0)))


class Squeeze:
    """A member being written, which is never held whole."""

    def __init__(self, level: int = QUICK) -> None:
        self._deflate = zlib_ng.compressobj(level, zlib_ng.DEFLATED, -zlib_ng.MAX_WBITS)
        self._waiting: list[bytes] = []
        self._length = 0
        self._data: list[bytes] = []
        self._checksum = self._size = 0

    def write(self, text: str) -> None:
        """Add a text to the member."""
        self.add(text.encode())

    def add(self, data: bytes) -> None:
        """Add what is encoded already."""
        self._waiting.append(data)
        self._length += len(data)
        if self._length > AT_ONCE:
            self._press()

    def member(self) -> Member:
        """All that was written; to be taken once, at the end."""
        self._press()
        return Member(b"".join([*self._data, self._deflate.flush()]), self._checksum, self._size)

    def _press(self) -> None:
        piece = b"".join(self._waiting)
        self._waiting, self._length = [], 0
        self._checksum, self._size = zlib_ng.crc32(piece, self._checksum), self._size + len(piece)
        self._data.append(self._deflate.compress(piece))
