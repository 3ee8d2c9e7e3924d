"""Reading what strangers sent touches nothing: no connection, no file written, no program but our own reader."""

import json
import subprocess
import sys
from pathlib import Path

import mails
from fault_books import as_csv, as_ods, as_xlsb, raw, with_parts, zipped

READING = """
import json, sys
from pathlib import Path

seen = []

ALWAYS = ("socket.", "os.exec", "os.posix_spawn", "os.spawn", "os.system", "shutil.", "urllib.", "ftplib.")
CHANGES = ("os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.truncate", "os.chmod")

def watch(event, arguments):
    if event.startswith(ALWAYS) or event in CHANGES:
        seen.append(event)
    elif event == "open" and not isinstance(arguments[0], int):  # a pipe to our own reader has a number
        mode, flags = arguments[1] or "", arguments[2]
        if set("wax+") & set(mode) or flags & 3:
            seen.append(f"open {arguments[0]} {mode}")
    elif event == "subprocess.Popen" and list(arguments[1][1:4]) != ["-P", "-m", "cmme_xl.reading.apart"]:
        seen.append(f"start {arguments[1]}")

from cmme_xl.catalogue import load
from cmme_xl.returned.read import read_with_attached

catalogue = load()
sys.dont_write_bytecode = True
sys.addaudithook(watch)
statuses = []
for path in sorted(Path(sys.argv[1]).iterdir()):
    for file, answers in read_with_attached(path, catalogue):
        statuses.append(file.status.value)
        for finding in file.findings:
            finding.reason("zh"), finding.fix("en")
print(json.dumps([statuses, seen]))
"""


def test_reading_hostile_files_touches_nothing_else(tmp_path: Path) -> None:
    relations = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        b'<Relationship Id="r" Type="x/externalLink" Target="http://example.com/x" TargetMode="External"/>'
        b'<Relationship Id="s" Type="x/officeDocument" Target="../../../../etc/passwd"/></Relationships>'
    )
    files = {
        "dtd.xlsx": with_parts(strings=b'<!DOCTYPE x SYSTEM "http://example.com/x.dtd"><sst/>'),
        "entity.xlsx": with_parts(strings=b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><sst>&e;</sst>'),
        "out.xlsx": zipped({"../../evil": b"x", "_rels/.rels": relations, "xl/workbook.xml": b"<w/>"}),
        "macro.xlsm": with_parts(**{"xl/vbaProject.bin": b"x", "xl/externalLinks/externalLink1.xml": b"<x/>"}),
        "dde.csv": (as_csv(raw()) + "=cmd|' /C calc'!A0,4\n").encode(),
        "a.ods": as_ods(raw()),
        "a.xlsb": as_xlsb(raw()),
        "a.xls": b"\x09\x08\x10\0\0\x06" * 9,
        "a.eml": mails.eml(("../../evil.xlsx", b"PK")),
        "a.msg": mails.msg(("C:\\\\evil.xlsx", b"PK")),
        "page.html": b'<html><img src="http://example.com/x">',
    }
    folder = tmp_path / "in"
    folder.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    done = subprocess.run([sys.executable, "-c", READING, str(folder)], capture_output=True, text=True)
    statuses, seen = json.loads(done.stdout)
    assert len(statuses) == len(files) + 2, done.stderr
    assert seen == []
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == sorted(files)
