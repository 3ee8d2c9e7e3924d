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
    words = context.words
    values = {"date": newest(context), "scope": words[f"scope.{context.results.scope}"]}
    fresh, moved = (constant(words.fill(f"asof.{key}", **values)) for key in ("fresh", "moved"))
    return ex.choose(_same(context, view, nodes), fresh, ex.joined([constant(f"{MOVED} "), moved]))


def put(context: Context, role: str, row: int, said: Expression) -> None:
    """The note in small print, in the colour of alarm once the figures have moved on."""
    sheet, book = context.sheets[role], context.book
    write(sheet, row, 1, said, book.style(font_size=8, font_color="muted"))
    moved = {"type": "text", "criteria": "begins with", "value": MOVED}
    sheet.condition(row, 1, row, 1, {**moved, "format": book.change(font_color="alert", bold=True)})


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
