"""Archives put together again: members that stay are not touched, new ones read back."""

import io
import zipfile

from cmme_xl.spreadsheet.archive import Archive, Member, Squeeze


def packed(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number, (name, data) in enumerate(members.items()):
            archive.writestr(name, data, zipfile.ZIP_STORED if number % 2 else zipfile.ZIP_DEFLATED)
    return out.getvalue()


def unpacked(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def squeezed(*pieces: str) -> Member:
    squeeze = Squeeze()
    for piece in pieces:
        squeeze.write(piece)
    return squeeze.member()


def test_the_members_that_stay_and_the_new_ones() -> None:
    old = packed(a=b"one" * 999, b=b"two", c=b"", d=b"gone")
    new = Archive.of(old, without={"d"}).extended([("e", squeezed("fi", "", "ve" * 70_000)), ("d", squeezed())])
    found = unpacked(new.bytes())
    assert found == {"a": b"one" * 999, "b": b"two", "c": b"", "e": b"fi" + b"ve" * 70_000, "d": b""}
    assert list(found) == ["a", "b", "c", "e", "d"]


def test_an_archive_of_nothing() -> None:
    assert unpacked(Archive().bytes()) == {}
