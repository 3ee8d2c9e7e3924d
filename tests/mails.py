"""E-mail messages to throw at the reader: as .eml by the standard library, as .msg by a small writer of OLE files."""

import struct
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

XLSX = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")
PIXEL = b"\x89PNG\r\n\x1a\n\0\0\0\0"
SENT = datetime(2026, 12, 8, 9, 30, tzinfo=UTC)

Tree = Mapping[str, "bytes | Tree"]


def eml(*files: tuple[str, bytes], sent: datetime | None = SENT, within: Iterable[EmailMessage] = ()) -> bytes:
    """A mail with a text, a picture in it, and these files and mails attached."""
    return message(*files, sent=sent, within=within).as_bytes(policy=SMTP)


def message(
    *files: tuple[str, bytes], sent: datetime | None = SENT, within: Iterable[EmailMessage] = ()
) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "Li Wen <li.wen@example.com>", "office@example.com", "回复：访谈问卷"
    if sent is not None:
        made["Date"] = format_datetime(sent)
    made.set_content("见附件。")
    made.add_alternative('<p>见附件。<img src="cid:logo"></p>', subtype="html")
    html = made.get_payload(1)
    assert isinstance(html, EmailMessage)
    html.add_related(PIXEL, "image", "png", cid="<logo>", filename="logo.png")
    for name, data in files:
        made.add_attachment(data, *XLSX, filename=name)
    for each in within:
        made.add_attachment(each)
    return made


def msg(*files: tuple[str, bytes], sent: datetime | None = SENT, within: Iterable[Tree] = ()) -> bytes:
    """The same as Outlook saves it."""
    return ole(letter(*files, sent=sent, within=within))


def letter(
    *files: tuple[str, bytes], sent: datetime | None = SENT, within: Iterable[Tree] = (), head: int = 32
) -> dict[str, "bytes | Tree"]:
    """The storages and streams of a message; `head` is 24 in one that lies within another."""
    ticks = int((sent - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds() * 10_000_000) if sent else 0
    tree: dict[str, bytes | Tree] = {
        "__properties_version1.0": bytes(head) + (_property(0x0039, 0x40, ticks) if sent else b""),
        "__substg1.0_0037001F": "回复：访谈问卷".encode("utf-16-le"),
    }
    parts: list[Tree] = [_file(name, data) for name, data in files]
    parts.append(_file("logo.png", PIXEL) | {"__substg1.0_3712001F": "logo".encode("utf-16-le")} | _type("image/png"))
    parts += [_embedded(each) for each in within]
    return tree | {f"__attach_version1.0_#{number:08X}": part for number, part in enumerate(parts)}


def _file(name: str, data: bytes) -> dict[str, "bytes | Tree"]:
    return {
        "__properties_version1.0": bytes(8) + _property(0x3705, 3, 1),
        "__substg1.0_3707001F": name.encode("utf-16-le"),
        "__substg1.0_37010102": data,
    }


def _type(kind: str) -> dict[str, "bytes | Tree"]:
    return {"__substg1.0_370E001F": kind.encode("utf-16-le")}


def _embedded(tree: Tree) -> dict[str, "bytes | Tree"]:
    return {
        "__properties_version1.0": bytes(8) + _property(0x3705, 3, 5),
        "__substg1.0_3001001F": "转发".encode("utf-16-le"),
        "__substg1.0_3701000D": tree,
    }


def _property(number: int, type_: int, value: int) -> bytes:
    return struct.pack("<IIQ", number << 16 | type_, 6, value)


# --- an OLE file (MS-CFB, version 3): header, sectors of 512 bytes, small streams in a stream of their own

_SECTOR, _SMALL, _CUTOFF = 512, 64, 4096
_FREE, _END, _FAT, _NONE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF


def ole(tree: Tree) -> bytes:
    """The file whose root storage holds `tree`: name -> stream or storage."""
    entries: list[list[object]] = [["Root Entry", 5, _NONE, _NONE, _END, 0]]
    streams: list[tuple[int, bytes]] = []
    _enter(tree, 0, entries, streams)
    small, small_fat = bytearray(), list[int]()
    chains: list[bytes] = []
    for number, data in streams:
        entries[number][5] = len(data)
        if not data:
            continue
        if len(data) < _CUTOFF:
            first, count = len(small_fat), -(-len(data) // _SMALL)
            entries[number][4] = first
            small += data.ljust(count * _SMALL, b"\0")
            small_fat += [*range(first + 1, first + count), _END]
        else:
            entries[number][4] = -1 - len(chains)  # its place among the chains, until their sectors are known
            chains.append(data)
    listed = bytes(small)
    entries[0][5] = len(listed)
    directory_count = -(-len(entries) // 4)
    tables = [listed, struct.pack(f"<{len(small_fat)}I", *small_fat), bytes(directory_count * _SECTOR), *chains]
    lengths = [-(-len(table) // _SECTOR) for table in tables]
    fat_count = 1
    while fat_count * 128 < sum(lengths) + fat_count:
        fat_count += 1
    assert fat_count <= 109
    fat, starts, at = [_FAT] * fat_count, list[int](), fat_count
    for length in lengths:
        starts.append(at if length else _END)
        fat += [*range(at + 1, at + length), _END] if length else []
        at += length
    for entry in entries:
        if isinstance(entry[4], int) and entry[4] < 0:
            entry[4] = starts[3 - 1 - entry[4]]
    entries[0][4] = starts[0]
    tables[2] = b"".join(_entry(*entry) for entry in entries).ljust(directory_count * _SECTOR, b"\0")
    fat += [_FREE] * (fat_count * 128 - len(fat))
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIII", 0, fat_count, starts[2], 0, _CUTOFF, starts[1], lengths[1], _END, 0)
    header += struct.pack("<109I", *range(fat_count), *[_FREE] * (109 - fat_count))
    body = b"".join(table.ljust(length * _SECTOR, b"\0") for table, length in zip(tables, lengths, strict=True))
    return header + struct.pack(f"<{len(fat)}I", *fat) + body


def _enter(tree: Tree, parent: int, entries: list[list[object]], streams: list[tuple[int, bytes]]) -> None:
    """Puts the children of `parent` into the directory, each the right neighbour of the one before."""
    before = parent
    for name in sorted(tree, key=lambda name: (len(name), name.upper())):
        number, content = len(entries), tree[name]
        entries[before][3 if before == parent else 2] = number
        before = number
        entries.append([name, *((2, _NONE, _NONE, _END) if isinstance(content, bytes) else (1, _NONE, _NONE, 0)), 0])
        if isinstance(content, bytes):
            streams.append((number, content))
        else:
            _enter(content, number, entries, streams)


def _entry(name: object, kind: object, right: object, child: object, start: object, size: object) -> bytes:
    coded = str(name).encode("utf-16-le") + b"\0\0"
    numbers: Sequence[object] = (len(coded), kind, 1, _NONE, right, child)
    return coded.ljust(64, b"\0") + struct.pack("<HBBIII36xIQ", *numbers, start, size)
