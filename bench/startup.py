"""What it costs to start: `cmme-xl --help` beside a Python that does nothing."""

import os
import subprocess
import sys
from pathlib import Path

from clock import Contender

HELP, PYTHON = "ours: --help", "python -c pass"


class Startup:
    """The contenders; each starts its own interpreter."""

    def contenders(self) -> tuple[Contender, ...]:
        return (
            Contender(HELP, lambda _: run("-m", "cmme_xl", "--help")),
            Contender(PYTHON, lambda _: run("-c", "pass")),
        )

    def verify(self) -> None:
        """Asserts that help is given."""
        assert "consolidate" in run("-m", "cmme_xl", "--help")


def run(*arguments: str) -> str:
    """What this Python prints when started so, its modules compiled once and for all, as they are when installed."""
    done = subprocess.run(
        [sys.executable, *arguments],
        check=True,
        capture_output=True,
        encoding="utf-8",
        cwd=Path(__file__).resolve().parent.parent,
        env={name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
    )
    return done.stdout
