"""What a returned file is, told by its bytes, and guarded access to the parts of a workbook's zip.

Nothing is ever written to disk, and no part is inflated beyond a cap (returns.md, fault matrix).
"""

import re
import struct
import zlib
from collections.abc import Iterator
from enum import StrEnum
from io import BytesIO
from itertools import pairwise
from typing import cast
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from zlib_ng import zlib_ng

from cmme_xl.findings import Finding

MAX_FILE = 64 * 2**20
MAX_PARTS = 4_000
MAX_PART = 32 * 2**20
MAX_READ = 64 * 2**20
MAX_DECLARED = 512 * 2**20
MAX_RATIO = 400

_BROKEN = (
    *(BadZipFile, zlib.error, cast(type[Exception], zlib_ng.error), struct.error),
    *(EOFError, NotImplementedError, RuntimeError, ValueError, IndexError, OSError),
)
# of the zip format (APPNOTE 4.3.7): signature, flags, method, and the lengths of the name and of what else is told;
# flags: the name is UTF-8; patched data and strong encryption
_LOCAL = struct.Struct("<4s2x2H16x2H")
_UTF8, _UNUSUAL = 1 << 11, 1 << 5 | 1 << 6
_CENTRAL = b"PK\x01\x02"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_DOCUMENTS = ("WordDocument", "PowerPoint Document", "VisioDocument")
_OFFICE_DOCUMENTS = frozenset(("word/document.xml", "ppt/presentation.xml", "visio/document.xml"))
_BIFF = re.compile(rb"\x09[\x00\x02\x04\x08][\x04-\x10]\x00")
_MARKUP = re.compile(
    rb"\s*(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html|head|body|table|\?xml|workbook)|\s*mime-version:", re.I | re.S
)
_MAIL = re.compile(rb"(?:Received|Return-Path|Delivered-To|Message-ID|X-[A-Za-z-]{1,40}|From):[ \t]", re.I)
_PICTURE = re.compile(
    rb"\x89PNG\r\n|\xff\xd8\xff|GIF8[79]a|BM.{4}\0\0\0\0|II\*\0|MM\0\*|RIFF.{4}WEBP|.{4}ftyp(?:hei|mif|avif)", re.S
)
_PACKED = re.compile(rb"Rar!\x1a\x07|7z\xbc\xaf\x27\x1c|\x1f\x8b|BZh[1-9]|\xfd7zXZ\0|.{257}ustar", re.S)
_SEALED = re.compile(  # TNEF; CMS, as S/MIME has it; OpenPGP
    rb"\x78\x9f\x3e\x22|0[\x80-\x84].{0,4}\x06\x09\x2a\x86\x48\x86\xf7\r\x01\x07[\x02\x03]|-----BEGIN PGP MESSAGE", re.S
)
_SHORTCUT = re.compile(rb"bplist00|\s*\{\s*\"(?:url|doc_id)\"|\[InternetShortcut\]|L\0\0\0\x01\x14\x02\0")
_SYSTEM_NAME = re.compile(
    r"~\$.*|\.~lock\..*#|\._.*|\.ds_store|(eh)?thumbs\.db|desktop\.ini|\.directory|\.localized"
    r"|\..+\.(lock|part)",  # the last are our own, of spreadsheet.saving
    re.I,
)


class Format(StrEnum):
    """What a file is. The value is the code of the finding that says so; a workbook we read has none."""

    WORKBOOK = ""
    SYSTEM = "FIL_001"
    EMPTY = "FIL_002"
    TRUNCATED = "FIL_003"
    DAMAGED = "FIL_004"
    ENCRYPTED = "FIL_005"
    XLS = "FIL_006"
    XLSB = "FIL_007"
    ODS = "FIL_008"
    TEXT = "FIL_009"
    MARKUP = "FIL_010"
    PDF = "FIL_011"
    ZIP = "FIL_012"
    OTHER = "FIL_013"
    PLACEHOLDER = "FIL_014"
    DOCUMENT = "FIL_044"
    PICTURE = "FIL_045"
    MAIL = "FIL_046"
    NUMBERS = "FIL_047"
    PACKED = "FIL_048"
    SEALED = "FIL_051"


class Refused(Exception):
    """A file cannot be read; carries the finding that says why."""

    def __init__(self, code: str, **values: object) -> None:
        self.finding = Finding(code, values=values)
        super().__init__(code)


def is_system_name(name: str) -> bool:
    """Whether a file name (without folder) is that of a lock or temporary file or a file-manager's own file."""
    return _SYSTEM_NAME.fullmatch(name) is not None


def recognise(data: bytes, name: str = "") -> Format:
    """What `data` is, by its bytes; the name only tells system files and cloud placeholders."""
    if is_system_name(name):
        return Format.SYSTEM
    if name.lower().endswith(".icloud") or _SHORTCUT.match(data[:4096]) or (data and not data.strip(b"\0")):
        return Format.PLACEHOLDER
    if not data:
        return Format.EMPTY
    if data.startswith(OLE):
        return _recognise_ole(data)
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _recognise_zip(data)
    if b"%PDF-" in data[:1024]:
        return Format.PDF
    if _PICTURE.match(data):
        return Format.PICTURE
    if _PACKED.match(data):
        return Format.PACKED
    if _SEALED.match(data):
        return Format.SEALED
    if data.startswith(b"{\\rtf"):
        return Format.DOCUMENT
    if _BIFF.match(data):
        return Format.XLS
    if _MARKUP.match(data[:4096].removeprefix(b"\xef\xbb\xbf").replace(b"\0", b"")):
        return Format.MARKUP
    if _MAIL.match(data):
        return Format.MAIL
    return Format.TEXT if _is_text(data) else Format.OTHER


def opened(data: bytes, name: str = "") -> "Archive | Format":
    """The parts of the workbook `data`, or what it is if none. Raises Refused as `Archive` does."""
    if not is_system_name(name) and data.startswith(b"PK\x03\x04") and b"PK\x05\x06" in data:
        archive = Archive(data)
        format_ = _kind_of(archive)
        return archive if format_ is Format.WORKBOOK else format_
    format_ = recognise(data, name)
    return Archive(data) if format_ is Format.WORKBOOK else format_


def _recognise_ole(data: bytes) -> Format:
    def holds(*names: str) -> bool:
        return any(name.encode("utf-16-le") in data for name in names)

    if holds("EncryptedPackage"):
        return Format.ENCRYPTED
    if holds("__substg1.0_"):
        return Format.MAIL
    if holds(*_OLE_DOCUMENTS):
        return Format.DOCUMENT
    return Format.XLS if holds("Workbook\0", "Book\0", "WORKBOOK\0", "BOOK\0") else Format.OTHER


def _recognise_zip(data: bytes) -> Format:
    if b"PK\x05\x06" not in data:
        return Format.TRUNCATED
    return _kind_of(Archive(data))


def _kind_of(archive: "Archive") -> Format:
    names = archive.names
    if any(name.startswith("xl/") and name.endswith("workbook.bin") for name in names):
        return Format.XLSB
    if "[content_types].xml" in names or any(name.startswith(("_rels/", "xl/")) for name in names):
        return Format.DOCUMENT if names & _OFFICE_DOCUMENTS else Format.WORKBOOK
    if "mimetype" in names and "content.xml" in names:
        return Format.ODS if b"spreadsheet" in archive.read("mimetype") else Format.DOCUMENT
    if any(name.endswith(".iwa") for name in names) or "index.apxl" in names:
        return Format.NUMBERS
    return Format.ZIP


def _is_text(data: bytes) -> bool:
    """Whether the first bytes read as text in an encoding that spreadsheets export to."""
    head = data[:4096]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    if b"\0" in head:
        return False
    for encoding in ("utf-8", "gb18030", "cp1252"):
        try:
            shown = head.decode(encoding)
        except UnicodeDecodeError as error:
            if error.start < len(head) - 4:
                continue
            shown = head[: error.start].decode(encoding)
        return sum(ch.isprintable() or ch in "\r\n\t\f" for ch in shown) >= 0.95 * len(shown)
    return False


class Archive:
    """The parts of a zip, found by name without regard to case or slashes, inflated within caps.

    Raises Refused: FIL_004 damaged, FIL_005 password, FIL_015 too large, FIL_016 doubled or overlapping
    entries, FIL_018 too many parts.
    """

    def __init__(self, data: bytes) -> None:
        # zipfile reads the whole central directory before it can be asked how long it is.
        if data.count(_CENTRAL) > MAX_PARTS:
            raise Refused("FIL_018", limit=MAX_PARTS)
        try:
            self._zip = ZipFile(BytesIO(data))
        except _BROKEN as error:
            raise Refused("FIL_004", detail=str(error)) from error
        self._data = memoryview(data)
        self._read = 0
        self._parts: dict[str, ZipInfo] = {}
        self.climbing: list[str] = []
        for info in self._zip.infolist():
            self._admit(info)
        self._check_sizes()

    @property
    def names(self) -> set[str]:
        """The names of all parts, lower-case, with forward slashes."""
        return set(self._parts)

    def _admit(self, info: ZipInfo) -> None:
        name = _key(info.filename)
        if name.endswith("/") or not name:
            return
        if ".." in name.split("/") or ":" in name:
            self.climbing.append(info.filename)
        elif name in self._parts:
            raise Refused("FIL_016", part=info.filename)
        else:
            self._parts[name] = info

    def _check_sizes(self) -> None:
        infos = sorted(self._zip.infolist(), key=lambda info: info.header_offset)
        for info, after in pairwise(infos):
            if info.header_offset + 30 + info.compress_size > after.header_offset:
                raise Refused("FIL_016", part=after.filename)
        declared = sum(info.file_size for info in infos)
        packed = sum(info.compress_size for info in infos)
        if declared > MAX_DECLARED or (declared > MAX_PART and declared > MAX_RATIO * packed):
            raise Refused("FIL_015", size=_megabytes(declared))

    def __contains__(self, name: str) -> bool:
        return _key(name) in self._parts

    def read(self, name: str) -> bytes:
        """The inflated part `name`, b"" where there is none. Raises Refused as the class says."""
        info = self._parts.get(_key(name))
        if info is None:
            return b""
        if info.flag_bits & 1:
            raise Refused("FIL_005")
        limit = min(MAX_PART, MAX_READ - self._read)
        if info.file_size > limit:
            raise Refused("FIL_015", size=_megabytes(info.file_size))
        try:
            data = self._inflated(info)
        except _BROKEN as error:
            raise Refused("FIL_004", detail=f"{info.filename}: {error}") from error
        self._read += len(data)
        return data

    def _inflated(self, info: ZipInfo) -> bytes:
        """A part, no longer than the directory says; what is not packed as usual is for zipfile to read or refuse."""
        signature, flags, method, path, more = _LOCAL.unpack_from(self._data, info.header_offset)
        start = info.header_offset + _LOCAL.size
        name = bytes(self._data[start : start + path]).decode("utf-8" if flags & _UTF8 else "cp437")
        told = (info.flag_bits, info.compress_type, info.orig_filename)
        usual = signature == b"PK\x03\x04" and (flags, method, name) == told and not flags & _UNUSUAL
        if not usual or method != ZIP_DEFLATED or not info.file_size:
            return self._zip.read(info)
        packed = self._data[start + path + more :][: info.compress_size]
        part = zlib_ng.decompressobj(-zlib_ng.MAX_WBITS).decompress(packed, info.file_size)
        if zlib_ng.crc32(part) != info.CRC:
            raise BadZipFile(f"Bad CRC-32 for {info.filename!r}")
        return part

    def under(self, *folders: str) -> Iterator[str]:
        """The names of the parts whose path begins with one of `folders`, in the order of the zip."""
        return (name for name in self._parts if name.startswith(folders))


def _key(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


def _megabytes(size: int) -> str:
    return f"{size / 2**20:,.0f}"
