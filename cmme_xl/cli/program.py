"""The program: from the words of a command line to the command they name, and how it ended."""

import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

from cmme_xl import __version__
from cmme_xl.cli.arguments import Parser, Usage
from cmme_xl.cli.ending import REFUSED, Ended
from cmme_xl.cli.screen import echo, say, show

if TYPE_CHECKING:
    from argparse import Namespace

COMMANDS = (
    "demo",
    "plan new",
    "plan check",
    "plan adopt",
    "generate",
    "check",
    "status",
    "scorecard",
    "consolidate",
    "report",
    "catalogue check",
    "catalogue export",
    "addin build",
    "addin install",
    "addin doctor",
)
"""Every command, in the order of an engagement. The module of its name says what it takes, and runs it."""


def main() -> None:
    """Run the command line; every foreseeable failure ends in a sentence, none in a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        status = run(sys.argv[1:])
    except Usage as wrong:
        echo(wrong.parser.format_usage() + say("usage.wrong", detail=str(wrong), program=wrong.parser.prog), err=True)
        status = REFUSED
    except Ended as ended:
        status = ended.status
    except BrokenPipeError:
        # whoever read the output has gone; what is left of it must not be written at exit either
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = REFUSED
    except KeyboardInterrupt:
        echo(say("interrupted"), err=True)
        status = REFUSED
    sys.exit(status)


def run(words: list[str]) -> int:
    """The exit status of what `words` ask for. Raises Usage, Ended; SystemExit after help or the version."""
    leading = next((place for place, word in enumerate(words) if not word.startswith("-")), len(words))
    if parser_of("").parse(words[:leading]).verbose:
        import logging

        logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    return _descend("", words[leading:])


def parser_of(name: str) -> Parser:
    """The parser of a command, of a group of commands ("plan"), or of the program itself ("")."""
    if name in COMMANDS:
        parser = Parser(name)
        _module(name).arguments(parser)
        return parser
    above = name.split()
    below = [words[len(above)] for words in map(str.split, COMMANDS) if words[: len(above)] == above]
    parser = Parser(name, tuple(dict.fromkeys(below)))
    if not name:
        parser.add_argument("--version", action="version", version=f"cmme-xl {__version__}", help=say("option.version"))
        parser.add_argument("-v", "--verbose", action="store_true", help=say("option.verbose"))
    return parser


def _descend(name: str, words: list[str]) -> int:
    """Goes from the group `name` down to the command that is meant, and runs it."""
    parser = parser_of(name)
    if name in COMMANDS:
        return _finished(name, parser.parse(words))
    if not words:
        echo(parser.format_help().rstrip(), err=True)
        return REFUSED
    if words[0] in parser.commands:
        return _descend(f"{name} {words[0]}".lstrip(), words[1:])
    parser.parse([word for word in words if word.startswith("-")])
    raise Usage(parser, say("usage.no_command", word=words[0]))


def _finished(name: str, given: "Namespace") -> int:
    from cmme_xl.findings import Refusal

    try:
        return int(_module(name).run(given))
    except Refusal as refusal:
        show(refusal.findings)
        echo(say("refused"), err=True)
        return REFUSED


def _module(name: str) -> Any:
    """The module of a command: `arguments(parser)` says what it takes, `run(given)` returns its exit status."""
    return import_module(f"cmme_xl.cli.{name.replace(' ', '_')}")
