"""What is typed on a command line: parsed by the standard library, explained in the reader's language.

The wordings of argparse are English only, and its faults are told by their kind, never by their text.
"""

from argparse import SUPPRESS, Action, ArgumentError, ArgumentParser, ArgumentTypeError, HelpFormatter, Namespace
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, NoReturn

from cmme_xl.cli.screen import LANG, say

if TYPE_CHECKING:
    from pathlib import Path

WIDTH = {"zh": 60, "en": 100}
"""Characters of a line of help: Chinese ones are twice as wide."""
INDENT = 30


class Usage(Exception):
    """A command line that cannot be understood: why, and the parser that knows how it is to be written."""

    def __init__(self, parser: "Parser", why: str) -> None:
        super().__init__(why)
        self.parser = parser


class Parser(ArgumentParser):
    """The parser of the command `name`, or of a group and the `commands` in it; "" is the program itself."""

    def __init__(self, name: str, commands: Sequence[str] = ()) -> None:
        super().__init__(
            prog=f"cmme-xl {name}".rstrip(),
            description=say(f"help.{name.replace(' ', '_') or 'main'}"),
            formatter_class=partial(HelpFormatter, width=WIDTH[LANG], max_help_position=INDENT),
            add_help=False,
            allow_abbrev=False,
            exit_on_error=False,
        )
        self.commands = {word: say(f"help.{f'{name} {word}'.strip().replace(' ', '_')}") for word in commands}
        self.add_argument("-h", "--help", action="help", help=say("option.help"))

    @property
    def options(self) -> list[Action]:
        """Its options, help aside."""
        return [action for action in self._actions[1:] if action.option_strings]

    def parse(self, words: Sequence[str]) -> Namespace:
        """What `words` say. Raises Usage; SystemExit after help or the version has been shown."""
        try:
            given, extra = self.parse_known_args(words)
        except ArgumentError as wrong:
            raise Usage(self, self._why(wrong)) from wrong
        if extra:
            raise Usage(self, say("usage.no_option" if extra[0].startswith("-") else "usage.too_many", word=extra[0]))
        return given

    def error(self, message: str) -> NoReturn:
        """Faults of no single argument: like all others."""
        raise ArgumentError(None, message)

    def format_usage(self) -> str:
        formatter = self._get_formatter()
        self._add_usage(formatter)
        return formatter.format_help()

    def format_help(self) -> str:
        formatter = self._get_formatter()
        self._add_usage(formatter)
        formatter.add_text(self.description)
        commands = [Action((), SUPPRESS, metavar=word, help=purpose) for word, purpose in self.commands.items()]
        options = [action for action in self._actions if action.option_strings]
        for heading, actions in (("commands", commands), ("options", options)):
            formatter.start_section(say(f"usage.{heading}"))
            formatter.add_arguments(actions)
            formatter.end_section()
        return formatter.format_help()

    def _add_usage(self, formatter: HelpFormatter) -> None:
        written = f"{self.prog} {say('usage.group')}" if self.commands else None
        formatter.add_usage(written, self._actions, (), say("usage.usage"))

    def _why(self, wrong: ArgumentError) -> str:
        name = wrong.argument_name
        if name is None:  # only required arguments are faults of the whole; their names stand behind a colon
            return say("usage.missing", names=str(wrong).rpartition(": ")[2])
        if isinstance(wrong.__context__, ArgumentTypeError):
            return say("usage.bad_value", name=name, why=str(wrong.__context__))
        takes_none = any(action.nargs == 0 for action in self._actions if "/".join(action.option_strings) == name)
        return say("usage.value_given" if takes_none else "usage.value_missing", name=name)


def add_choice(parser: Parser, flag: str, words: Sequence[str], purpose: str, default: str | None = None) -> None:
    """An option that takes one of a few words."""

    def chosen(typed: str) -> str:
        if typed not in words:
            raise ArgumentTypeError(say("usage.not_offered", typed=typed, offered=" / ".join(words)))
        return typed

    parser.add_argument(flag, metavar="|".join(words), type=chosen, default=default, help=purpose)


def add_lang(parser: Parser, default: str | None = LANG) -> None:
    """The language of what is written."""
    add_choice(parser, "--lang", ("zh", "en"), say("option.lang"), default)


def whole(low: int, high: int) -> Callable[[str], int]:
    """The kind of whole numbers from `low` to `high`."""

    def number(typed: str) -> int:
        if not (typed.isascii() and typed.isdigit() and low <= int(typed) <= high):
            raise ArgumentTypeError(say("usage.not_whole", typed=typed, low=low, high=high))
        return int(typed)

    return number


def file(typed: str) -> "Path":
    """The kind of paths that are no folders."""
    from pathlib import Path

    if (path := Path(typed)).is_dir():
        raise ArgumentTypeError(say("usage.is_folder", path=typed))
    return path


def folder(typed: str) -> "Path":
    """The kind of paths that are no files."""
    from pathlib import Path

    if (path := Path(typed)).is_file():
        raise ArgumentTypeError(say("usage.is_file", path=typed))
    return path
