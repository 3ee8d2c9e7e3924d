"""What the screen shows: wordings in the reader's language, findings, progress."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from cmme_xl.wordings import message, visible

if TYPE_CHECKING:
    from pathlib import Path

    from cmme_xl.findings import Finding

COLOURS = {"error": 31, "warning": 33, "note": 36}
FEW_NOTES = 3
"""How many notes of one kind are enough where the whole list stands elsewhere."""


def screen_lang() -> str:
    """The language to speak: CMME_LANG, else the system's where that is English, else Chinese."""
    told = os.environ.get("CMME_LANG", "")
    if told in ("zh", "en"):
        return told
    named = [os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    # Windows sets none of them; Python calls the nameless C locale en_US, so it is asked last
    system = next(filter(None, named), None) or (_windows_locale() if os.name == "nt" else None) or ""
    return "en" if system.lower().startswith("en") else "zh"


def _windows_locale() -> str | None:
    import locale

    return locale.getlocale()[0]


LANG = screen_lang()


def say(key: str, **values: object) -> str:
    """The wording of this command line in the reader's language."""
    return message(f"cli.{key}", LANG, **values)


def echo(line: str, *, err: bool = False) -> None:
    """Print a line at once; `err`: beside the output, not in it."""
    print(line, file=sys.stderr if err else sys.stdout, flush=True)


def show(findings: "Iterable[Finding]", *, err: bool = True, few: bool = False) -> None:
    """Print findings, one or two lines each, and how many there are; `err`: beside the output, not in it.

    `few`: of the notes of one kind the first FEW_NOTES only, and how many more there are.
    """
    count = dict.fromkeys(COLOURS, 0)
    notes: dict[str, int] = {}
    for finding in findings:
        severity = finding.severity.value
        count[severity] += 1
        if severity == "note":
            notes[finding.code] = notes.get(finding.code, 0) + 1
        if few and notes.get(finding.code, 0) > FEW_NOTES:
            continue
        reason = visible(finding.reason(LANG))
        if finding.raw and visible(finding.raw) not in reason:
            reason += say("typed", raw=visible(finding.raw))
        label = _coloured(say(f"severity.{severity}"), COLOURS[severity], err)
        head = " ".join(filter(None, (finding.code, label, visible(str(finding.place)))))
        echo(f"{head}  {reason}", err=err)
        if fix := finding.fix(LANG):
            echo(say("fix", fix=visible(fix)), err=err)
    if any(count.values()):
        echo(say("count", errors=count["error"], warnings=count["warning"], notes=count["note"]), err=err)
    if few and (more := sum(max(0, each - FEW_NOTES) for each in notes.values())):
        echo(say("more_notes", count=more), err=err)


def _coloured(text: str, colour: int, err: bool) -> str:
    """`text` in a colour where the stream is a terminal that knows them, and nobody minds."""
    knows = os.name != "nt" or "WT_SESSION" in os.environ
    if knows and "NO_COLOR" not in os.environ and (sys.stderr if err else sys.stdout).isatty():
        return f"\x1b[{colour}m{text}\x1b[0m"
    return text


def shown(path: "Path") -> str:
    """A path as a person may read and retype it."""
    return visible(str(path))


@contextmanager
def progress(work: str) -> "Iterator[Callable[[int, int], None]]":
    """A progress bar on a terminal; elsewhere nothing, since the closing lines say it all."""
    if not sys.stderr.isatty():
        yield lambda done, total, *_: None
        return
    from tqdm import tqdm

    shape = "{desc} {bar} {n_fmt}/{total_fmt}"  # tqdm's own words are English
    with tqdm(desc=say(f"working.{work}"), total=1, bar_format=shape, file=sys.stderr) as bar:

        def advance(done: int, total: int) -> None:
            bar.total = max(total, 1)
            bar.update(done - bar.n)

        yield advance
