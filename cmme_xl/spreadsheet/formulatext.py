"""The text of a formula, checked without computing it: brackets, quotes, and whether what it names exists."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

LONGEST_FORMULA = 8_192
LONGEST_LITERAL = 255
ERRORS = {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"}

_TOKEN = re.compile(
    r"""
      (?P<text>"(?:[^"]|"")*")
    | (?P<sheet>'(?:[^']|'')+'!)
    | (?P<error>\#(?:N/A|DIV/0!|VALUE!|REF!|NAME\?|NUM!|NULL!))
    | (?P<number>\d+(?:\.\d*)?(?:[Ee][+-]?\d+)?(?![\w.!(]))
    | (?P<cell>\$?[A-Z]{1,3}\$?\d+(?![\w.!(])|\$?[A-Z]{1,3}:\$?[A-Z]{1,3}(?![\w.!(]))
    | (?P<word>[^\W\d][\w.]*[!(]?)
    | (?P<columns>\[[^\]]*\]+)
    | (?P<sign>[-+*/^&=<>,;:%(){}\s.$])
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_CLOSING = {")": "(", "}": "{"}
_JUMP = re.compile(r"""^#(?:'((?:[^']|'')+)'|([^'!]+))!""")
_CONSTANTS = {"TRUE", "FALSE"}


@dataclass(frozen=True, slots=True)
class Known:
    """What a formula may refer to, in lower case: sheets, defined names and tables; `functions` in upper case, or
    None where every function is allowed. Functions newer than Excel 2007 are known by the name they have in the
    file ("_XLFN.STDEV.P")."""

    sheets: Collection[str]
    names: Collection[str]
    functions: Collection[str] | None = None


def faults(formula: str, known: Known) -> Iterator[tuple[str, str]]:
    """What is wrong with `formula` (without its leading "="), as (rule, the text in question).

    Rules: formula_text, formula_long, literal_long, function, sheet_reference, name_reference.
    """
    if len(formula) > LONGEST_FORMULA:
        yield "formula_long", formula[:40]
    bare = formula.strip()
    if not bare or bare[0] in "=*/^&<>,;)" or bare[-1] in "=+-*/^&<>,;(":
        yield "formula_text", bare
    stack: list[str] = []
    for match in _TOKEN.finditer(formula):
        kind, token = match.lastgroup, match[0]
        if kind == "text":
            yield from _literal(token, known)
        elif kind == "sheet":
            yield from _sheet(token[1:-2].replace("''", "'"), known)
        elif kind == "word":
            yield from _word(token, known)
        elif kind == "other" or token == "#REF!":
            yield "formula_text", token
        if token[-1] in "({" and kind in ("word", "sign"):
            stack.append(token[-1])
        elif token in _CLOSING and (not stack or stack.pop() != _CLOSING[token]):
            yield "formula_text", formula[: match.end()]
    if stack:
        yield "formula_text", formula


def _literal(token: str, known: Known) -> Iterator[tuple[str, str]]:
    text = token[1:-1].replace('""', '"')
    if len(text) > LONGEST_LITERAL:
        yield "literal_long", text[:40]
    if target := _JUMP.match(text):
        yield from _sheet((target[1] or target[2]).replace("''", "'"), known)


def _word(token: str, known: Known) -> Iterator[tuple[str, str]]:
    name = token.rstrip("!(")
    if token.endswith("("):
        if known.functions is not None and name.upper() not in known.functions:
            yield "function", name
    elif token.endswith("!"):
        yield from _sheet(name, known)
    elif name.upper() not in _CONSTANTS and name.lower() not in known.names:
        yield "name_reference", name


def _sheet(name: str, known: Known) -> Iterator[tuple[str, str]]:
    if name.lower() not in known.sheets:
        yield "sheet_reference", name
