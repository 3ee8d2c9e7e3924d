"""How a command ends: its exit status, and the ways in which writing can fail."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from cmme_xl.cli.screen import echo, say, shown

if TYPE_CHECKING:
    from pathlib import Path

    from cmme_xl.findings import Finding

DONE, NEEDS_SOMEONE, REFUSED = 0, 1, 2


class Ended(Exception):
    """The command has said why it cannot go on; what is left is its exit status."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def status_of(findings: "Iterable[Finding]") -> int:
    """NEEDS_SOMEONE where any finding is more than a note, else DONE."""
    from cmme_xl.findings import Severity

    return NEEDS_SOMEONE if any(finding.severity is not Severity.NOTE for finding in findings) else DONE


def spare(path: "Path", force: bool) -> None:
    """Leaves an existing file alone, unless it is to be replaced. Raises Ended."""
    if path.exists() and not force:
        echo(say("exists", file=shown(path)), err=True)
        raise Ended(REFUSED)


@contextmanager
def writing(target: "Path | None") -> Iterator[None]:
    """Turn the ways in which writing can fail into a sentence and exit status 2."""
    from pathlib import Path

    from cmme_xl.spreadsheet.saving import Locked

    try:
        yield
    except Locked as held:
        wording = "locked" if held.holder else "protected"
        echo(say(wording, file=shown(held.path), holder=held.holder), err=True)
        raise Ended(REFUSED) from held
    except OSError as error:
        path = Path(error.filename) if isinstance(error.filename, str) else target or Path()
        wording = "cannot_write_over" if path.is_file() else "cannot_write"
        echo(say(wording, file=shown(path), detail=error.strerror or str(error)), err=True)
        raise Ended(REFUSED) from error
