"""The issue log: one line per workbook ever sent, appended to and never rewritten (``issued.jsonl``).

It knows who was asked which question in which wording, and so decides what a returned workbook may be.
"""

import json
import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from secrets import token_hex
from typing import NamedTuple

from cmme_xl.findings import Finding, Place, Refusal

FILE_NAME = "issued.jsonl"
LONGEST_TORN = 60
INTERVIEW, CLARIFICATION, RECORD = "interview", "clarification", "record"
"""The kinds of workbooks; the record is the interviewer's, all others are for the respondent."""


class Asked(NamedTuple):
    """One question as it was put: its id, revision and text hash."""

    id: str
    rev: int
    hash: str


@dataclass(frozen=True, slots=True)
class Issue:
    """One workbook that was generated.

    `id` is random (16 hexadecimal digits); `kind` is INTERVIEW, CLARIFICATION or RECORD; `angles` are asked of
    every question; `predecessor` is the id of the issue it replaces, or ""; `issued` an ISO time.
    """

    id: str
    engagement: str
    respondent: str
    kind: str
    lang: str
    angles: tuple[str, ...]
    questions: tuple[Asked, ...]
    catalogue_id: str
    catalogue_version: str
    catalogue_hash: str
    predecessor: str
    file: str
    sha256: str
    issued: str

    def line(self) -> str:
        """The issue as one line of JSON."""
        names = (field.name for field in fields(self) if field.name != "questions")
        head = _json({name: getattr(self, name) for name in names})
        return f'{head[:-1]},"questions":{_asked_json(self.questions)}}}'


def new_id() -> str:
    """A fresh random issue id."""
    return token_hex(8)


def read(path: Path) -> tuple[Issue, ...]:
    """All issues of a log, oldest first; none where the file does not exist.

    A last line cut short by a crash is passed over (see `torn`): its workbook was not handed out.
    Raises Refusal where the file cannot be read, or naming the line number where any other line is not an issue.
    """
    try:
        return tuple(_issues(path)) if path.exists() else ()
    except (ValueError, OSError) as error:
        detail = (isinstance(error, OSError) and error.strerror) or str(error)
        raise Refusal([Finding("GEN_010", Place(path.name), values={"detail": detail})]) from error


def torn(path: Path) -> tuple[Finding, ...]:
    """GEN_012 where the last line of a log is cut short, which `read` passes over and `append` cuts off."""
    with path.open("rb") if path.exists() else BytesIO() as log:
        tail = _tail(log.read())
    if not tail or _whole(tail):
        return ()
    named = re.search(rb'"file":"([^"]*)"', tail)
    raw = (named[1] if named else tail[:LONGEST_TORN]).decode(errors="replace")
    return (Finding("GEN_012", Place(path.name), raw),)


def _issues(path: Path) -> Iterator[Issue]:
    """The issues of a log. Raises OSError, ValueError naming a line."""
    # line by line: a log of very many people is far longer than what is kept of it
    with path.open("rb") as log:
        for number, line in enumerate(log, 1):
            if not line.strip():
                continue
            try:
                issue = _read(line)
            except (ValueError, KeyError, TypeError) as error:
                if not line.endswith(b"\n"):
                    break
                raise ValueError(f"{path.name}:{number}: {error}") from error
            yield issue


def latest(issues: Iterable[Issue]) -> dict[str, Issue]:
    """The latest issue of each respondent: what is expected back."""
    return {issue.respondent: issue for issue in issues}


def reused(issues: Iterable[Issue], questions: Iterable[Asked]) -> dict[str, int]:
    """The ids of `questions` whose revision went out in another wording, with the next revision that is free."""
    sent: dict[str, set[Asked]] = {}
    for asked in {each for issue in issues for each in issue.questions}:
        sent.setdefault(asked.id, set()).add(asked)
    return {
        now.id: 1 + max(each.rev for each in sent[now.id])
        for now in questions
        if any(each.rev == now.rev and each.hash != now.hash for each in sent.get(now.id, ()))
    }


def append(path: Path, issues: Iterable[Issue]) -> None:
    """Add issues at the end of a log and wait until the disk has them; hold `spreadsheet.lock` on `path` meanwhile.

    What a crash left of a last line is cut off first: its workbook was not handed out.
    """
    lines = "".join(f"{issue.line()}\n" for issue in issues).encode()
    if not lines:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "a+b") as file:
        file.seek(0)
        found = file.read()
        tail = _tail(found)
        if tail and _whole(tail):
            lines = b"\n" + lines
        elif tail:
            file.truncate(len(found) - len(tail))
        file.write(lines)
        file.flush()
        os.fsync(file.fileno())


def _tail(found: bytes) -> bytes:
    """What stands behind the last end of a line."""
    return found[found.rfind(b"\n") + 1 :]


def _whole(line: bytes) -> bool:
    try:
        _read(line)
    except (ValueError, KeyError, TypeError):
        return False
    return True


@lru_cache(maxsize=256)
def _asked_json(questions: tuple[Asked, ...]) -> str:
    # most people are asked what many others are asked
    return _json([{"id": each.id, "rev": each.rev, "hash": each.hash} for each in questions])


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _read(line: bytes) -> Issue:
    """The issue that a line says. Raises ValueError, KeyError or TypeError where it says none."""
    # no text of JSON holds these characters, where a quotation mark within it would be escaped
    head, found, questions = line.decode().rpartition(_QUESTIONS)
    if found:
        try:
            return _issue({**json.loads(f"{head}}}"), "questions": _asked(questions.rstrip())})
        except ValueError:
            pass
    entry = json.loads(line)
    return _issue({**entry, "questions": tuple(Asked(**asked) for asked in entry["questions"])})


_QUESTIONS = ',"questions":'


@lru_cache(256)
def _asked(listed: str) -> tuple[Asked, ...]:
    """The questions at the end of a line; they stand once in memory, since most people are asked the same."""
    if not listed.endswith("}"):
        raise ValueError("more than questions")
    return tuple(Asked(**asked) for asked in json.loads(listed[:-1]))


def _issue(entry: Mapping[str, object]) -> Issue:
    # most texts stand in many lines: of engagement and catalogue, angles, times
    kept = {key: sys.intern(value) if isinstance(value, str) else value for key, value in entry.items()}
    return Issue(**{**kept, "angles": tuple(map(sys.intern, entry["angles"]))})  # type: ignore[arg-type, call-overload]
