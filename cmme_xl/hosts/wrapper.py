"""The functions as VBA, made from `FUNCTIONS`: one public function for each, errors as Excel errors."""

from cmme_xl.hosts.functions import ARGUMENTS, CATEGORY, FUNCTIONS, arguments, help_text

MODULE = "CmmeFunctions"


def vba() -> str:
    """The whole module."""
    head = f'Attribute VB_Name = "{MODULE}"\nOption Explicit\n'
    return "\n".join([head, *(_function(name) for name in FUNCTIONS), _descriptions()])


def _function(name: str) -> str:
    taken = arguments(name)
    declared = ", ".join(f"{'Optional ' * omitted}{each} As Variant" for each, omitted in taken.items())
    return f"""Public Function {name}({declared}) As Variant
    On Error GoTo Failed
    {name} = Answer("{name}", Array({", ".join(taken)}))
    Exit Function
Failed:
    {name} = CellError(Err.description)
End Function
"""


def _descriptions() -> str:
    """What the function wizard shows; Excel takes at most 255 characters for each text."""
    lines = ["Public Sub DescribeFunctions()"]
    for name in FUNCTIONS:
        texts = ", _\n        ".join(_quoted(ARGUMENTS[each]) for each in arguments(name))
        described = f", _\n        ArgumentDescriptions:=Array( _\n        {texts})" if texts else ""
        lines.append(
            f'    Application.MacroOptions Macro:="{name}", Description:= _\n'
            f'        {_quoted(help_text(name))}, Category:="{CATEGORY}"{described}'
        )
    return "\n".join([*lines, "End Sub", ""])


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
