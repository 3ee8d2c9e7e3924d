"""Composed sentences carry the figures they were written under: when those have moved on, the sheet says so."""

from collections.abc import Sequence

from cmme_xl.calculation import expression as ex
from cmme_xl.calculation.expression import Block, Expression, constant
from cmme_xl.summary.context import Context
from cmme_xl.summary.furniture import write
from cmme_xl.summary.view import View

SAME = 1e-6
MOVED = "▲"
"""What the note begins with when the figures have moved on."""


def note(context: Context, view: View, nodes: Sequence[str]) -> Expression:
    """Under which scope and on returns up to when the text was written, or that the figures of consecutive `nodes`
    are no longer those it speaks of."""
    return warned(context, view, nodes, constant(_told(context, "fresh")))


def warned(context: Context, view: View, nodes: Sequence[str], fresh: Expression) -> Expression:
    """`fresh`, or in its place that the figures of consecutive `nodes` have moved on."""
    return ex.choose(_same(context, view, nodes), fresh, constant(f"{MOVED} {_told(context, 'moved')}"))


def put(context: Context, role: str, row: int, said: Expression) -> None:
    """The note in small print, in the colour of alarm once the figures have moved on."""
    write(context.sheets[role], row, 1, said, context.book.style(font_size=8, font_color="muted"))
    alarm(context, role, row)


def alarm(context: Context, role: str, row: int) -> None:
    """The colour of alarm for a note in a row's first column once the figures have moved on."""
    moved = {"type": "text", "criteria": "begins with", "value": MOVED}
    look = context.book.change(font_color="alert", bold=True)
    context.sheets[role].condition(row, 1, row, 1, {**moved, "format": look})


def flag(context: Context, view: View, role: str, place: tuple[int, int], nodes: Sequence[str]) -> None:
    """A word at the end of a section's head, at row and column, once the figures that its text speaks of have moved
    on: the note itself may stand a page below."""
    look = {"font_size": 8, "font_color": "alert", "bold": True, "align": "right", "bottom": 1, "bottom_color": "brand"}
    moved = constant(f"{MOVED} {context.words['asof.short']}")
    said = ex.choose(_same(context, view, nodes), constant(""), moved)
    write(context.sheets[role], *place, said, context.book.style(**look))


def _told(context: Context, key: str) -> str:
    scope = context.words[f"scope.{context.results.scope}"]
    return context.words.fill(f"asof.{key}", date=newest(context), scope=scope)


def newest(context: Context) -> str:
    """The day on which the newest file counted was saved, else that on which the interviews begin."""
    saved = [file.saved_at[:10] for file in context.results.returned.files if file.status.counted and file.saved_at]
    return max(saved, default=context.plan.engagement.starts.isoformat())


def _same(context: Context, view: View, nodes: Sequence[str]) -> Expression:
    figures = [("current", "score"), ("current", "valued_share"), *((other, "gap") for other in context.others)]
    sums = [_checksum(view.column(nodes, angle, figure)) for angle, figure in figures]
    text = "+".join(each.text for each in sums)
    written = sum(each.number or 0.0 for each in sums)
    return Expression(f"ABS({text}-{written:.9f})<{SAME:f}", True)


def _checksum(block: Block) -> Expression:
    """A sum in which every cell weighs differently, so that two changes do not cancel out."""
    first = int(block.text.split("$")[2].partition(":")[0])
    value = sum((number or 0.0) * row for row, number in enumerate(block.numbers, first))
    return Expression(f"SUMPRODUCT({block.text},ROW({block.text}))", value)
