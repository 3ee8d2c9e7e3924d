"""xlwings' Windows side on any system: its real conversion layer behind stand-ins for pywin32.

Importing `xlwings.udfs` changes what `xlwings` offers to the whole process, so tests that need it run in a process of
their own (test_hosts_excel.py).
"""

import ctypes
import datetime as dt
import importlib
import sys
import types
from typing import Any
from unittest import mock

MISSING = -2147352572
"""DISP_E_PARAMNOTFOUND: what VBA sends for an argument that is left out."""
ERRORS = {"#DIV/0!": -2146826281, "#N/A": -2146826246, "#NUM!": -2146826252, "#VALUE!": -2146826273}
RANGE_IID = "{00020846-0000-0000-C000-000000000046}"
MODULES = """
    pywintypes pythoncom win32api win32con win32event win32gui win32process win32timezone win32com win32com.client
    win32com.client.dynamic win32com.server win32com.server.dispatcher win32com.server.policy win32com.server.util
    win32com.server.exception
"""


class Anything(types.ModuleType):
    """A module of which every attribute exists."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        value = mock.MagicMock(name=f"{self.__name__}.{name}")
        setattr(self, name, value)
        return value


class ComError(Exception):
    pass


def install() -> Any:
    """xlwings' module of functions, as it is on Windows."""
    xlwings: Any = importlib.import_module("xlwings")
    names = MODULES.split()
    made: dict[str, Any] = {name: Anything(name) for name in names}
    for name in names:
        parent, _, child = name.rpartition(".")
        if parent:
            setattr(made[parent], child, made[name])
        made[name].__path__ = []
    made["pywintypes"].com_error = made["pythoncom"].com_error = ComError
    made["pywintypes"].TimeType = type("TimeType", (dt.datetime,), {})
    made["pywintypes"].IID = lambda text: text
    made["pythoncom"].CoInitialize = lambda *_: None
    made["pythoncom"].TypeIIDs = {made["pythoncom"].IID_IDispatch: type("PyIDispatch", (), {})}
    made["pythoncom"].__file__ = None
    client = made["win32com.client"]
    for kind in ("CDispatch", "DispatchBaseClass", "CoClassBaseClass"):
        setattr(client, kind, type(kind, (), {}))
    client.Dispatch = client.DispatchEx = lambda thing, *_, **__: thing
    made["win32com.server.util"].wrap = lambda thing, *_, **__: thing
    made["win32com.server.util"].unwrap = lambda thing: types.SimpleNamespace(obj=thing)
    sys.modules.update(made)
    ctypes.windll = ctypes.oledll = mock.MagicMock()  # type: ignore[attr-defined]
    with mock.patch("ctypes.PyDLL"):
        windows = importlib.import_module("xlwings._xlwindows")
    xlwings._xlwindows = windows
    engine = xlwings.Engine(impl=windows.engine)
    xlwings.engines.add(engine)
    xlwings.engines.active = engine
    udfs = importlib.import_module("xlwings.udfs")
    xlwings.func, xlwings.arg, xlwings.ret = udfs.xlfunc, udfs.xlarg, udfs.xlret
    xlwings.script = xlwings.sub = udfs.xlsub
    importlib.import_module("xlwings.com_server")
    return udfs


class ComRange:
    """What VBA hands over for a reference to cells: `value` is one cell, or a tuple of rows."""

    def __init__(self, value: Any) -> None:
        rows = value if isinstance(value, tuple) else ((value,),)
        space = types.SimpleNamespace
        self.Value, self.Row, self.Column = value, 1, 1
        self.Rows, self.Columns = space(Count=len(rows)), space(Count=len(rows[0]))
        self.Count = len(rows) * len(rows[0])
        self.Application = mock.MagicMock(Hwnd=1)
        book = space(Name="Book1.xlsx", FullName="Book1.xlsx", Application=self.Application)
        self.Worksheet = space(Name="Sheet1", Parent=book, Application=self.Application)
        self.CLSID, self.Address = RANGE_IID, "$A$1"
        self._oleobj_ = space(GetTypeInfo=lambda: space(GetTypeAttr=lambda: space(iid=RANGE_IID)))

    def GetAddress(self, *_: Any, **__: Any) -> str:  # noqa: N802 (Excel's name)
        return self.Address


def com(block: Any) -> Any:
    """A block as Excel would send the cells: errors as their numbers, one cell bare, no argument as missing."""
    if block is None:
        return MISSING
    rows = tuple(tuple(ERRORS.get(cell, cell) if isinstance(cell, str) else cell for cell in row) for row in block)
    return ComRange(rows[0][0] if len(rows) == len(rows[0]) == 1 else rows)


def cell_call(name: str, *arguments: Any) -> Any:
    """What Excel does for a formula in one cell, from the wrapper's call on."""
    from xlwings.com_server import XLPython

    return XLPython().CallUDF("cmme_xl.hosts.excel", name, arguments, None, ComRange(None))
