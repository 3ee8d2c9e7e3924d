"""The functions in LibreOffice Calc: a UNO add-in, run by LibreOffice's own Python.

One method for each of `FUNCTIONS`, under the name Excel knows it by. A wrong argument is an error in the cell.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import unohelper
from com.sun.star.lang import IllegalArgumentException, Locale, XServiceInfo, XServiceName
from com.sun.star.sheet import LocalizedName, XAddIn, XCompatibilityNames
from org.cmme import XFunctions

from cmme_xl.hosts.cells import Block, ErrorKind
from cmme_xl.hosts.functions import ARGUMENTS, CATEGORY, FUNCTIONS, arguments, help_text

_IMPLEMENTATION, _SERVICE = "org.cmme.Functions.python", "org.cmme.Functions"
_SERVICES = ("com.sun.star.sheet.AddIn", _SERVICE)
_ENGLISH = Locale("en", "US", "")


class Functions(unohelper.Base, XFunctions, XAddIn, XCompatibilityNames, XServiceName, XServiceInfo):  # type: ignore[misc]
    """The functions, and what Calc asks about them. The misspelling is UNO's."""

    def __init__(self, context: object) -> None:
        self.locale = _ENGLISH

    def getProgrammaticFuntionName(self, shown: str) -> str:  # noqa: N802
        return shown

    def getDisplayFunctionName(self, name: str) -> str:  # noqa: N802
        return name

    def getFunctionDescription(self, name: str) -> str:  # noqa: N802
        return help_text(name) if name in FUNCTIONS else ""

    def getDisplayArgumentName(self, name: str, index: int) -> str:  # noqa: N802
        taken = list(arguments(name)) if name in FUNCTIONS else []
        return taken[index] if index < len(taken) else ""

    def getArgumentDescription(self, name: str, index: int) -> str:  # noqa: N802
        return ARGUMENTS.get(self.getDisplayArgumentName(name, index), "")

    def getProgrammaticCategoryName(self, name: str) -> str:  # noqa: N802
        return "Add-In"

    def getDisplayCategoryName(self, name: str) -> str:  # noqa: N802
        return CATEGORY

    def setLocale(self, locale: Any) -> None:  # noqa: N802
        self.locale = locale

    def getLocale(self) -> Any:  # noqa: N802
        return self.locale

    def getCompatibilityNames(self, name: str) -> tuple[Any, ...]:  # noqa: N802
        return (LocalizedName(_ENGLISH, name),)

    def getServiceName(self) -> str:  # noqa: N802
        return _SERVICE

    def getImplementationName(self) -> str:  # noqa: N802
        return _IMPLEMENTATION

    def supportsService(self, name: str) -> bool:  # noqa: N802
        return name in _SERVICES

    def getSupportedServiceNames(self) -> tuple[str, ...]:  # noqa: N802
        return _SERVICES


def _method(function: Callable[..., Any]) -> Callable[..., Any]:
    def method(self: Functions, *values: Any) -> Any:
        answer = function(*(_block(value) for value in values))
        if isinstance(answer, ErrorKind):
            raise IllegalArgumentException(answer.value, self, 0)
        return tuple(map(tuple, answer)) if isinstance(answer, list) else answer

    return method


def _block(value: Any) -> Block | None:
    """A range comes as rows, a cell bare, an argument left out as None."""
    return value if value is None or isinstance(value, tuple) else ((value,),)


for _name, _function in FUNCTIONS.items():
    setattr(Functions, _name, _method(_function))

g_ImplementationHelper = unohelper.ImplementationHelper()  # noqa: N816 (LibreOffice looks for it)
g_ImplementationHelper.addImplementation(Functions, _IMPLEMENTATION, _SERVICES)
