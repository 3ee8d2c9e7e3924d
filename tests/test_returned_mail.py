"""A mailbox thrown at the reader: every attached file is a return of its own, and the mail is accounted for."""

import base64
import json
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import mails
import pytest
from interview_plans import CATALOGUE
from returned_books import answer, book, codes, full, issue, plan, read, statuses

from cmme_xl.reading.container import Refused
from cmme_xl.reading.mail import WITHIN, is_mail, read_mail
from cmme_xl.returned.read import read_files, read_with_attached

EARLIER, LATER = mails.SENT, mails.SENT + timedelta(hours=3)
SAVED = datetime(2026, 12, 1)
MIXED = b"Content-Type: multipart/mixed; boundary=%b\n\n"
HEAD = b"From: a@example.com\r\nTo: b@example.com\r\n"


def workbook(folder: Path, score: object = 4, **how: object) -> bytes:
    """A filled-in workbook, saved at the same time as any other."""
    path = book(folder / "made" / "x.xlsx", full(score), saved=SAVED, **how)  # type: ignore[arg-type]
    return path.read_bytes()


def inbox(folder: Path, **data: bytes) -> Path:
    """The folder with these files; keywords are names, with _ for the point."""
    (folder / "in").mkdir(exist_ok=True)
    for name, content in data.items():
        (folder / "in" / ".".join(name.rsplit("_", 1))).write_bytes(content)
    return folder / "in"


@pytest.mark.parametrize(("name", "make"), [("m_eml", mails.eml), ("m_msg", mails.msg)])
def test_every_attached_file_is_a_return_of_its_own(tmp_path: Path, name: str, make: Callable[..., bytes]) -> None:
    data = make(("问卷 林岚.xlsx", workbook(tmp_path)), ("scan.pdf", b"%PDF-1.7"))
    mail = ".".join(name.split("_"))
    returned = read(inbox(tmp_path, **{name: data}))
    assert statuses(returned) == {
        mail: "mail",
        f"{mail} › scan.pdf": "unreadable",
        f"{mail} › 问卷 林岚.xlsx": "accepted",
    }
    assert (codes(returned, mail), codes(returned, f"{mail} › scan.pdf")) == (["FIL_049"], ["FIL_011"])
    (note,) = returned.files[0].findings
    assert (note.values["count"], note.values["passed"]) == (2, 1)
    assert {file.mailed_at for file in returned.files[1:]} == {"2026-12-08T09:30:00+00:00"}
    assert answer(returned, 3).file == f"{mail} › 问卷 林岚.xlsx"
    assert returned.tally()["scored"] == 14


@pytest.mark.parametrize(("name", "make"), [("m_eml", mails.eml), ("m_msg", mails.msg)])
def test_a_mail_without_a_file_says_what_to_do(tmp_path: Path, name: str, make: Callable[..., bytes]) -> None:
    returned = read(inbox(tmp_path, **{name: make()}))
    assert [(file.status.value, file.findings[0].code) for file in returned.files] == [("unreadable", "FIL_046")]


def test_a_workbook_said_to_be_a_picture_in_the_text_is_a_return(tmp_path: Path) -> None:
    made = mails.message()
    html = made.get_payload(1)
    html.add_related(workbook(tmp_path), "image", "png", cid="<w>", filename="photo.png")  # type: ignore[union-attr]
    letter = mails.letter(("photo.png", workbook(tmp_path, 3)))
    photo = letter["__attach_version1.0_#00000000"] | {"__substg1.0_3712001F": "w".encode("utf-16-le")}  # type: ignore[operator]
    photo |= {"__substg1.0_370E001F": "image/png".encode("utf-16-le")}
    folder = inbox(tmp_path, a_eml=made.as_bytes(), b_msg=mails.ole(letter | {"__attach_version1.0_#00000000": photo}))
    assert statuses(read(folder)) == {
        "a.eml": "mail",
        "a.eml › photo.png": "conflict",
        "b.msg": "mail",
        "b.msg › photo.png": "conflict",
    }


def test_mails_in_mails_are_opened(tmp_path: Path) -> None:
    data = workbook(tmp_path)
    forwarded = mails.message(("a.xlsx", data), sent=EARLIER)
    folder = inbox(
        tmp_path,
        m_eml=mails.eml(sent=LATER, within=[forwarded]),
        n_msg=mails.msg(within=[mails.letter(("b.xlsx", workbook(tmp_path, 3)), sent=EARLIER, head=24)], sent=LATER),
        o_msg=mails.msg(("c.eml", mails.eml(("c.xlsx", workbook(tmp_path, 2)), sent=EARLIER)), sent=LATER),
        p_mbox=b"".join(b"From x Tue Dec  8 09:30:00 2026\n" + mails.eml((name, b"%PDF-"), sent=EARLIER) + b"\n\n"
                        for name in ("d.pdf", "e.pdf")),
    )  # fmt: skip
    returned = read(folder)
    attached = {file.name: file.mailed_at for file in returned.files if WITHIN in file.name}
    assert attached == dict.fromkeys(
        (
            "m.eml › 回复：访谈问卷 › a.xlsx",
            "n.msg › 转发 › b.xlsx",
            "o.msg › c.eml › c.xlsx",
            "p.mbox › 回复：访谈问卷 › d.pdf",
            "p.mbox › 回复：访谈问卷 (2) › e.pdf",
        ),
        EARLIER.isoformat(),
    )


def test_the_date_of_the_mail_decides_only_between_equals(tmp_path: Path) -> None:
    four, two = workbook(tmp_path, 4), workbook(tmp_path, 2)
    folder = inbox(tmp_path, a_eml=mails.eml(("x.xlsx", four), sent=LATER), b_eml=mails.eml(("x.xlsx", two)))
    assert read(folder).tally()["conflict"] == 7
    newest = read(folder, plan_=plan(prefer_newest=True))
    assert statuses(newest)["b.eml › x.xlsx"] == "superseded"
    assert "LED_007" in codes(newest, "b.eml › x.xlsx")
    assert answer(newest, 1).score == 4.0

    book(tmp_path / "in" / "c.xlsx", full(1), saved=SAVED + timedelta(days=9))
    newest = read(folder, plan_=plan(prefer_newest=True))
    assert answer(newest, 1).score == 1.0


@pytest.mark.parametrize("sent", [EARLIER, None])
def test_mails_of_one_time_or_none_stay_a_conflict(tmp_path: Path, sent: datetime | None) -> None:
    folder = inbox(
        tmp_path,
        a_eml=mails.eml(("x.xlsx", workbook(tmp_path, 4))),
        b_eml=mails.eml(("x.xlsx", workbook(tmp_path, 2)), sent=sent),
    )
    returned = read(folder, plan_=plan(prefer_newest=True))
    assert returned.tally()["conflict"] == 7
    assert "LED_001" in codes(returned, "a.eml › x.xlsx")


def test_who_sent_it_means_nothing(tmp_path: Path) -> None:
    data = mails.eml(("x.xlsx", workbook(tmp_path, respondent="P2"))).replace(b"li.wen@example.com", b"p1@example.com")
    returned = read(inbox(tmp_path, a_eml=data), (issue(), issue("P2")), plan("P1", "P2"))
    assert {file.respondent for file in returned.files} == {"", "P2"}
    assert answer(returned, 1, respondent="P1").outcome.value == "missing"


def test_a_file_attached_twice_or_saved_beside_the_mail_counts_once(tmp_path: Path) -> None:
    data = workbook(tmp_path)
    folder = inbox(tmp_path, a_eml=mails.eml(("x.xlsx", data), ("x.xlsx", data)), y_xlsx=data)
    returned = read(folder)
    assert codes(returned, "y.xlsx") == ["FIL_023"]
    assert statuses(returned) == {
        "a.eml": "mail",
        "a.eml › x.xlsx": "accepted",
        "a.eml › x.xlsx (2)": "duplicate",
        "y.xlsx": "duplicate",
    }


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../x.xlsx", "x.xlsx"),
        ("C:\\a\\x.xlsx", "x.xlsx"),
        ("CON", "CON"),
        ("", "attachment"),
        ("..", ".."),
        ("\x1b[2Jx\u202e.xlsx", "\\u001b[2Jx\\u202e.xlsx"),
        ("a › b.xlsx", "a b.xlsx"),
        ("x" * 500 + ".xlsx", "x" * 100 + "…" + "x" * 10 + ".xlsx"),
    ],
)
def test_the_name_of_an_attachment_is_only_shown(tmp_path: Path, given: str, shown: str) -> None:
    folder = inbox(tmp_path, a_msg=mails.msg((given, workbook(tmp_path))))
    before = sorted(tmp_path.rglob("*"))
    returned = read(folder)
    assert [file.name for file in returned.files] == ["a.msg", f"a.msg › {shown}"]
    assert returned.tally()["scored"] == 14
    assert sorted(tmp_path.rglob("*")) == before


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "ten thousand attachments": (
        lambda: HEAD + MIXED % b"x" + b"--x\nContent-Type: a/b; name=c\n\nd\n" * 10_000,
        "FIL_018",
    ),
    "parts in parts": (
        lambda: HEAD + b"".join(MIXED % (b"b%d" % n) + b"--b%d\n" % n for n in range(9_000)),
        "FIL_050",
    ),
    "mails in mails": (lambda: (b"From: a\nTo: b\nContent-Type: message/rfc822\n\n") * 9_000, "FIL_050"),
    "endless headers": (lambda: HEAD + b"X: a\r\n" * 900_000, "FIL_018"),
    "an endless header": (lambda: HEAD + b"X: " + b"a" * 9_000_000, "FIL_018"),
    "Outlook in Outlook": (
        lambda: mails.eml(*((f"{n}.msg", mails.msg(("a.xlsx", b"x"))) for n in range(9))),
        "FIL_050",
    ),
    "a message cut short": (lambda: mails.msg(("a.xlsx", b"x" * 90_000))[:-60_000], "FIL_004"),
}


@pytest.mark.parametrize(("make", "code"), HOSTILE.values(), ids=HOSTILE)
def test_a_mail_made_to_harm_is_refused_at_once(tmp_path: Path, make: Callable[[], bytes], code: str) -> None:
    folder = inbox(tmp_path, a_eml=make())
    began = time.process_time()
    returned = read(folder)
    assert time.process_time() - began < 1.5
    assert [(file.status.value, *codes(returned, file.name)) for file in returned.files] == [("unreadable", code)]


ODD = {
    "a name in pieces": b"Content-Type: a/b;" + b"".join(b" name*%d=a;" % n for n in range(2_000)) + b"\n\nx",
    "quotes": b"Content-Type: a/b; " + b'"\\' * 20_000 + b"\n\nx",
    "semicolons": b"Content-Type: a/b; " + b";" * 20_000 + b"\n\nx",
    "words of no encoding": b'Content-Type: a/b; name="' + b"=?x?q?a?= " * 2_000 + b'"\n\nx',
    "a date of brackets": b"Date: " + b"(" * 50_000 + b"\nContent-Type: a/b; name=a\n\nx",
    "the year 99999": b"Date: Tue, 8 Dec 99999 99:99:99 +9999\nContent-Type: a/b; name=a\n\nx",
    "base64 that is none": b"Content-Type: a/b; name=a\nContent-Transfer-Encoding: base64\n\n!!!!a",
    "much base64": b"Content-Type: a/b; name=a\nContent-Transfer-Encoding: base64\n\n" + (b"A" * 76 + b"\n") * 99_000,
    "a boundary without end": b'Content-Type: multipart/mixed; boundary="\n\n--\nContent-Type: a/b; name=a\n\nx',
    "bytes for headers": b"Subject: \xff\xfe\nContent-Type: a/b; name=\xe9\xff\n\nx",
}


@pytest.mark.parametrize("rest", ODD.values(), ids=ODD)
def test_broken_headers_end_in_no_exception(tmp_path: Path, rest: bytes) -> None:
    began = time.process_time()
    returned = read(inbox(tmp_path, a_eml=HEAD + rest))
    assert time.process_time() - began < 1.5
    assert "FIL_028" not in codes(returned)
    assert all(name.isprintable() for name in statuses(returned))


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "gb18030", "big5"])
def test_names_in_raw_bytes_of_any_usual_encoding_are_read(encoding: str) -> None:
    name, subject = ("問卷_許功蓋.xlsx", "FW") if encoding == "big5" else ("问卷_张三.xlsx", "转发")
    for field in (b"Content-Disposition: attachment; filename=", b"Content-Type: application/octet-stream; name="):
        part = field + b'"' + name.encode(encoding) + b'"\n\nx\n'
        within = HEAD + b"Subject: " + subject.encode(encoding) + b"\n" + part
        whole = HEAD + b"Content-Type: multipart/mixed; boundary=B\n\n--B\n" + part
        whole += b"--B\nContent-Type: message/rfc822\n\n" + within + b"\n--B--\n"
        assert [file.name for file in read_mail(whole).files] == [name, f"{subject} › {name}"]


@pytest.mark.parametrize("charset", ["gb2312", "GBK"])
def test_an_encoding_named_too_small_is_read_as_what_it_is(charset: str) -> None:
    """喆 and 镕 are not in GB 2312, € is not in GBK."""
    coded = "喆镕€.xlsx".encode("gb18030")
    word = b"=?%s?B?%s?=" % (charset.encode(), base64.b64encode(coded))
    parted = b"%s''%s" % (charset.encode(), quote(coded).encode())
    for given in (b'filename="%s"' % word, b"filename*=" + parted):
        mail = read_mail(HEAD + b"Content-Disposition: attachment; " + given + b"\n\nx")
        assert [file.name for file in mail.files] == ["喆镕€.xlsx"]


def test_a_bomb_that_is_attached_is_refused_and_the_others_are_read(tmp_path: Path) -> None:
    from test_faults import bomb_of_parts

    folder = inbox(tmp_path, a_eml=mails.eml(("bomb.xlsx", bomb_of_parts()), ("x.xlsx", workbook(tmp_path))))
    returned = read(folder)
    assert statuses(returned)["a.eml › bomb.xlsx"] == "unreadable"
    assert returned.tally()["scored"] == 14


def test_what_looks_like_a_mail_and_is_a_page_is_none() -> None:
    page = b"From: <Saved by Blink>\nSnapshot-Content-Location: x\nSubject: y\nDate: z\n\n"
    assert not is_mail(page)
    assert is_mail(HEAD + b"\n")
    assert not is_mail(b"From: one header alone\n\n")
    with pytest.raises(Refused):
        read_mail(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))


def test_check_and_clarify_open_mails_too(tmp_path: Path) -> None:
    folder = inbox(tmp_path, a_eml=mails.eml(("x.xlsx", workbook(tmp_path, "about 4"))))
    (mail, _), (file, answers) = read_with_attached(folder / "a.eml", CATALOGUE)
    assert (mail.status.value, file.name, len(answers)) == ("mail", "a.eml › x.xlsx", 14)
    returned = read_files(plan(), (issue(),), [folder / "a.eml"])
    assert (len(returned.files), returned.tally()["rejected"]) == (2, 7)


def test_a_mailbox_is_read_by_processes_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from cmme_xl.returned import read as module

    folder = inbox(tmp_path, a_eml=mails.eml(("x.xlsx", workbook(tmp_path))), b_eml=mails.eml(("y.pdf", b"%PDF-")))
    alone = read(folder)
    monkeypatch.setattr(module, "MANY", 1)
    monkeypatch.setattr(module, "cores", lambda: 2)
    assert read(folder) == alone


def test_the_command_shows_mail_and_file(tmp_path: Path) -> None:
    folder = inbox(tmp_path, a_eml=mails.eml(("x.xlsx", workbook(tmp_path))))
    command = [sys.executable, "-m", "cmme_xl", "check", str(folder / "a.eml"), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    assert [file["status"] for file in json.loads(done.stdout)] == ["mail", "accepted"], done.stderr
