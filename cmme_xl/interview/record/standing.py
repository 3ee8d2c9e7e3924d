"""Where the scores stand while they are agreed: total, radar, and per dimension self beside what stands."""

from cmme_xl.catalogue import ROOT, Dimension
from cmme_xl.interview import board
from cmme_xl.interview.board import Board, Column
from cmme_xl.interview.record.form import RecordForm
from cmme_xl.interview.record.reckoning import Reckoning
from cmme_xl.interview.record.wording import figure, standing
from cmme_xl.interview.tally import Tally
from cmme_xl.interview.wording import Live, constant, either
from cmme_xl.scoring import round_half_away
from cmme_xl.spreadsheet import Book, Sheet
from cmme_xl.spreadsheet.charts import Series

SIGNED = '"+"0.00;"−"0.00;0.00'
COLUMNS = {"own": "0.00", "score": "0.00", "difference": SIGNED, "level": "0", "coverage": "0%", "agreed": "0%"}


def draw(book: Book, form: RecordForm, tally: Tally, reckoning: Reckoning, header: str, footer: str | None) -> Sheet:
    """Add the page."""
    words = form.words

    def series(role: str, field: str) -> Series:
        return Series(role, words(f"standing.{field}"), *reckoning.feed(field))

    def figures(dimension: Dimension | None) -> list[Live]:
        return _figures(form, tally, reckoning, dimension)

    page = Board(
        key="standing",
        title=standing(form, reckoning),
        columns=[Column(words(f"standing.{key}"), look, key == "score") for key, look in COLUMNS.items()],
        figures=figures,
        radar=[
            *([series("target", "target")] if form.target is not None else []),
            series("before", "own"),
            series("current", "score"),
        ],
        bars=series("current", "score"),
    )
    return board.draw(book, form, page, header, footer)


def _figures(form: RecordForm, tally: Tally, reckoning: Reckoning, dimension: Dimension | None) -> list[Live]:
    """What stands in the columns, in the order of COLUMNS."""
    node, none = dimension.id if dimension else ROOT, constant(form.words("scores.none"))
    coverage, level = reckoning.figure("coverage", node), reckoning.level(node)
    return [
        figure(form, reckoning, "own", node),
        figure(form, reckoning, "score", node),
        _difference(form, reckoning, node),
        either(f"ISNUMBER({level.text})", isinstance(level.value, int), level, none),
        either(f"ISNUMBER({coverage.text})", isinstance(coverage.value, float), coverage, none),
        tally.share(dimension),
    ]


def _difference(form: RecordForm, reckoning: Reckoning, node: str) -> Live:
    """What stands less the person's own, as both are shown; a dash where one of them is missing."""
    decimals = form.catalogue.limits.decimals
    own, score = (reckoning.figure(field, node) for field in ("own", "score"))
    both = isinstance(own.value, float) and isinstance(score.value, float)
    apart = round_half_away(float(score.value) - float(own.value), decimals) if both else ""
    text = Live(f"ROUND({score.text}-{own.text},{decimals})", apart)
    none = constant(form.words("scores.none"))
    return either(f"AND(ISNUMBER({own.text}),ISNUMBER({score.text}))", both, text, none)
