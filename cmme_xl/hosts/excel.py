"""The functions in Excel, through xlwings: what its COM server loads, and calls for every cell.

One function for each of `FUNCTIONS`, under Excel's name for it. Ranges arrive as rows of cells, errors among them as
their text; a wrong argument leaves as an exception whose message is the error to show, which the add-in's own
wrapper turns into an Excel error.
"""

import inspect
from collections.abc import Callable
from typing import Any

import xlwings as xw

from cmme_xl.hosts.cells import ErrorKind
from cmme_xl.hosts.functions import ARGUMENTS, CATEGORY, FUNCTIONS, help_text


class CellError(Exception):
    """The cell is to show an error; the message is its text."""


def _for_excel(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    def called(*blocks: Any) -> Any:
        answer = function(*blocks)
        if isinstance(answer, ErrorKind):
            raise CellError(answer.value)
        return answer

    signature = inspect.signature(function)
    bare = [each.replace(annotation=inspect.Parameter.empty) for each in signature.parameters.values()]
    called.__name__, called.__doc__ = name, help_text(name)
    # xlwings would take a type hint for a converter
    called.__annotations__ = {}
    called.__signature__ = inspect.Signature(bare)  # type: ignore[attr-defined]
    registered: Callable[..., Any] = called
    for each in bare:
        registered = xw.arg(each.name, ndim=2, err_to_str=True, doc=ARGUMENTS[each.name])(registered)
    # last: every arg puts the category back to xlwings' own
    registered = xw.func(category=CATEGORY)(registered)
    return registered


globals().update({name: _for_excel(name, function) for name, function in FUNCTIONS.items()})
