"""The files attached to an e-mail message, as .eml (RFC 5322, MIME) or as Outlook's .msg.

A mail is only a wrapping: nobody is known by its headers, and nothing in it is shown but the names of its files. The
headers are read by the standard library, the body is cut here, in time that grows with its length and no faster.
"""

import binascii
import re
from collections.abc import Iterator
from datetime import UTC
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import HeaderParser
from email.utils import collapse_rfc2231_value, parsedate_to_datetime
from itertools import zip_longest
from typing import NamedTuple

from cmme_xl.reading.apart import message_apart
from cmme_xl.reading.container import OLE, Refused
from cmme_xl.reading.wrapping import MAX_DEPTH, MAX_FILES, MAX_PARTS, Item, is_file
from cmme_xl.wordings import visible

LONGEST_HEAD, LONGEST_NAME = 2**18, 120
MOST_APART = 3
"""So many messages of Outlook's are taken apart in one mail, each by a process."""
WITHIN = " › "
"""Stands between the name of a mail and that of a file in it."""

_BROKEN = (MessageError, LookupError, ValueError, TypeError, AttributeError, OverflowError, RecursionError)
_LINE = rb"[!-9;-~]{1,80}:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*(?:\r?\n|\Z)"
# the first line of a mail in a mailbox of many (mbox), which stands in one alone too
_FROM = rb"From [^\r\n]{1,300}[0-9]{4}[^\r\n]{0,40}\r?\n"
_HEADER = re.compile(rb"(?:\xef\xbb\xbf)?[\r\n]*+(?:" + _FROM + rb")?(?:" + _LINE + rb"){1,400}")
_MAILBOX = re.compile(rb"(?:\A|(?<=\n\n)|(?<=\n\r\n))" + _FROM)
_OF_MAIL = re.compile(rb"^(?:from|to|subject|date|received|message-id|return-path):", re.I | re.M)
_OF_PAGE = re.compile(rb"^(?:snapshot-content-location|x-document-type):", re.I | re.M)
_ENCODINGS = ("utf-8", "gb18030", "big5")
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030"}
"""Mail programs name the smallest of these and write any."""
_TEXTS = ("text/plain", "text/html", "text/enriched", "text/calendar", "text/rfc822-headers", "message/delivery-status")
_SIGNATURES = ("application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature")


class Attached(NamedTuple):
    """A file of a mail: `name` goes below the mail's own and is harmless wherever it is shown; `sent` is when the mail
    was sent by its own account (ISO, "" where it does not say)."""

    name: str
    data: bytes
    sent: str


class Mail(NamedTuple):
    """The files of a mail, and how many pictures and signatures of its text were passed over."""

    files: tuple[Attached, ...]
    passed: int


def is_mail(data: bytes) -> bool:
    """Whether `data` is an e-mail message and no saved web page, which may look much alike."""
    if data.startswith(OLE):
        return "__substg1.0_".encode("utf-16-le") in data
    head = _HEADER.match(data, 0, LONGEST_HEAD)
    if head is None or _OF_PAGE.search(head[0]):
        return False
    return len({name.lower() for name in _OF_MAIL.findall(head[0])}) > 1


def read_mail(data: bytes) -> Mail:
    """The files of the mail `data`, those of mails attached to it among them.

    Raises Refused: FIL_018 more files or parts than anybody sends, FIL_050 deeper in each other; FIL_004 no mail can
    be made of it; for an .msg what `message_apart` raises.
    """
    files: list[Attached] = []
    taken: set[str] = set()
    within = [""]
    passed = 0
    for depth, name, content, sent, furniture in _Walk().mail(data, "", 0):
        passed += furniture
        if furniture:
            continue
        del within[depth + 1 :]
        found = _another(within[depth] + (harmless(name) or ("mail" if content is None else "attachment")), taken)
        if content is None:
            within.append(found + WITHIN)
        elif len(files) < MAX_FILES:
            files.append(Attached(found, content, sent))
        else:
            raise Refused("FIL_018", limit=MAX_FILES)
    return Mail(tuple(files), passed)


def harmless(name: str) -> str:
    """The last part of a name as it can be shown and listed anywhere; nothing is ever written under it."""
    last = re.split(r"[\\/]", name[:LONGEST_HEAD].strip())[-1].replace(WITHIN.strip(), " ")
    shown = visible(" ".join(last.encode("utf-8", "backslashreplace").decode().split()))
    return shown if len(shown) <= LONGEST_NAME else f"{shown[: LONGEST_NAME - 20]}…{shown[-15:]}"


def _another(name: str, taken: set[str]) -> str:
    """`name`, with a number where it is taken; takes it."""
    number, found = 1, name
    while found in taken:
        number += 1
        found = f"{name} ({number})"
    taken.add(found)
    return found


class _Walk:
    """One walk through a MIME message and all that is in it."""

    def __init__(self) -> None:
        self._parts = self._apart = 0

    def mail(self, data: bytes, sent: str, depth: int) -> Iterator[Item]:
        """What is in the mail or mailbox `data`; `sent` is when the mail around it was."""
        found = list(_MAILBOX.finditer(data)) if data.startswith(b"From ") else []
        if data.startswith(OLE):
            yield from self._outlook(data, depth)
        elif len(found) > 1:
            for one, after in zip_longest(found, found[1:]):
                yield from self._within(data[one.end() : after.start() if after else None], "", sent, depth)
        else:
            yield from self._message(data[found[0].end() :] if found else data, sent, depth)

    def _within(self, data: bytes, name: str, sent: str, depth: int) -> Iterator[Item]:
        """A mail within another, and what is in it."""
        if depth >= MAX_DEPTH:
            raise Refused("FIL_050", limit=MAX_DEPTH)
        yield Item(depth, name or ("" if data.startswith(OLE) else _subject(_split(data)[0])), None, sent, False)
        yield from self.mail(data, sent, depth + 1)

    def _outlook(self, data: bytes, depth: int) -> Iterator[Item]:
        self._apart += 1
        if self._apart > MOST_APART:
            raise Refused("FIL_050", limit=MOST_APART)
        for below, name, content, sent, furniture in message_apart(data):
            if content is not None and not furniture and is_mail(content):
                yield from self._within(content, name, sent, depth + below)
            else:
                yield Item(depth + below, name, content, sent, furniture)

    def _message(self, data: bytes, sent: str, depth: int) -> Iterator[Item]:
        headers, body = _split(data)
        yield from self._part(headers, body, _sent(headers) or sent, depth, 0)

    def _part(
        self, headers: Message, body: bytes, sent: str, depth: int, level: int, related: bool = False
    ) -> Iterator[Item]:
        self._parts += 1
        if self._parts > MAX_PARTS:
            raise Refused("FIL_018", limit=MAX_PARTS)
        if level > MAX_DEPTH:
            raise Refused("FIL_050", limit=MAX_DEPTH)
        kind, name = headers.get_content_type(), _name(headers)
        boundary = _boundary(headers) if headers.get_content_maintype() == "multipart" else b""
        if boundary:
            for part in _cut(body, boundary):
                yield from self._part(*_split(part), sent, depth, level + 1, kind == "multipart/related")
        elif kind == "message/rfc822":
            yield from self._within(_decoded(headers, body), name, sent, depth)
        elif _is_furniture(headers, kind, name, related) and not is_file(_decoded(headers, body)):
            yield Item(depth, name, b"", sent, True)
        elif name or _attached(headers) or not kind.startswith(("multipart/", *_TEXTS)):
            content = _decoded(headers, body)
            if is_mail(content):
                yield from self._within(content, name, sent, depth)
            else:
                yield Item(depth, name, content, sent, False)


def _split(data: bytes) -> tuple[Message, bytes]:
    """The headers of a message or part, and what follows them. Raises Refused FIL_018 where they never end."""
    data = data.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n") if not data.startswith((b"\r\n", b"\n")) else data
    end = re.match(rb"\r?\n", data) or re.search(rb"\r?\n\r?\n", data[: LONGEST_HEAD + 4])
    if end is None and len(data) > LONGEST_HEAD:
        raise Refused("FIL_018", limit=LONGEST_HEAD)
    head, body = (data, b"") if end is None else (data[: end.start()], data[end.end() :])
    try:
        return HeaderParser().parsestr(_written(head) + "\r\n\r\n"), body
    except _BROKEN as error:
        raise Refused("FIL_004", detail=type(error).__name__) from error


def _written(head: bytes) -> str:
    """Headers as text. What is beyond ASCII, which the standards forbid, is in an encoding in which it can be read."""
    if head.isascii():
        return head.decode("ascii")
    return "\n".join(map(_line, head.split(b"\n")))


def _line(line: bytes) -> str:
    found = ""
    for encoding in _ENCODINGS:
        try:
            text = line.decode(encoding)
        except UnicodeDecodeError:
            continue
        # most of what is written in one is well-formed in another, where it says strange things
        if text.replace("\t", " ").rstrip("\r").isprintable():
            return text
        found = found or text
    return found or line.decode("utf-8", "replace")


def _cut(body: bytes, boundary: bytes) -> Iterator[bytes]:
    """The parts between the lines of a boundary; the last may lack its end."""
    line = re.compile(rb"(?:\A|\r?\n)--" + re.escape(boundary) + rb"(--)?[ \t]*(?=\r?\n|\Z)")
    start = -1
    for found in line.finditer(body):
        if start >= 0:
            yield _after_line(body, start, found.start())
        start = found.end()
        if found[1]:
            return
    if start >= 0:
        yield _after_line(body, start, len(body))


def _after_line(body: bytes, start: int, end: int) -> bytes:
    """What stands between, without the end of the boundary's line."""
    start += 2 if body.startswith(b"\r\n", start) else 1
    return body[start : max(start, end)]


def _decoded(headers: Message, body: bytes) -> bytes:
    """The bytes that were attached; what cannot be decoded stays as it is, for the reader of the file to judge."""
    how = str(headers.get("Content-Transfer-Encoding", "")).strip().lower()
    try:
        if how == "base64":
            # the standard library gives up where the padding is missing
            return binascii.a2b_base64(re.sub(rb"[^A-Za-z0-9+/]", b"", body) + b"==")
        return binascii.a2b_qp(body) if how == "quoted-printable" else body
    except binascii.Error:
        return body


def _boundary(headers: Message) -> bytes:
    try:
        return (headers.get_boundary() or "").encode("ascii", "surrogateescape").rstrip()
    except _BROKEN:
        return b""


def _name(headers: Message) -> str:
    """The name of a part's file, "" where it has none: made of what its header says, whatever that is."""
    try:
        given = headers.get_param("filename", None, "content-disposition") or headers.get_param("name", None)
        if isinstance(given, tuple):
            given = (_WIDER.get(str(given[0]).lower(), given[0]), *given[1:])
        told = collapse_rfc2231_value(given).strip() if given else ""
    except _BROKEN:
        return "attachment"
    return _readable(told)


def _subject(headers: Message) -> str:
    return _readable(str(headers.get("Subject", "")))


def _readable(told: str) -> str:
    """A header's text with its encoded words made readable."""
    try:
        words = [(text, _WIDER.get(charset or "", charset)) for text, charset in decode_header(told)]
        return str(make_header(words)) if told.isascii() else told
    except (*_BROKEN, UnicodeError):
        return told


def _is_furniture(headers: Message, kind: str, name: str, related: bool) -> bool:
    """Whether a part belongs to the text of a mail, with which it may be `related`: a picture, a style, a signature."""
    if kind in _SIGNATURES:
        return True
    named = "Content-ID" in headers or "Content-Location" in headers
    shown = named or _disposition(headers).startswith("inline")
    attached = _attached(headers) and not related
    return shown and not attached and (kind.startswith("image/") or (named and not name))


def _attached(headers: Message) -> bool:
    return _disposition(headers).startswith("attachment")


def _disposition(headers: Message) -> str:
    return str(headers.get("Content-Disposition", "")).strip().lower()


def _sent(headers: Message) -> str:
    """When a mail was sent by its own account, as an ISO time of UTC."""
    try:
        moment = parsedate_to_datetime(str(headers.get("Date", "")))
        return (moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)).isoformat()
    except _BROKEN:
        return ""
