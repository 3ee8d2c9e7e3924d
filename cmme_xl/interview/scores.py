"""The live score of one person's answers: total, level, radar and a row per dimension. Only for a self-assessment."""

from cmme_xl import formulas
from cmme_xl.catalogue import Dimension
from cmme_xl.interview import board
from cmme_xl.interview.board import Board, Column
from cmme_xl.interview.form import Form
from cmme_xl.interview.tally import Tally
from cmme_xl.interview.weighing import Weighing
from cmme_xl.interview.wording import Live, constant, either, rounded
from cmme_xl.scoring import round_half_away
from cmme_xl.spreadsheet import Book, Sheet
from cmme_xl.spreadsheet.charts import Series


def draw(book: Book, form: Form, tally: Tally, weighing: Weighing, header: str, footer: str | None) -> Sheet:
    """Add the sheet."""
    words = form.words

    def figures(dimension: Dimension | None) -> list[Live]:
        return _figures(form, tally, weighing, dimension)

    page = Board(
        key="scores",
        title=_title(form, weighing),
        columns=_columns(form),
        figures=figures,
        radar=[Series(angle, words(f"scores.{angle}"), *weighing.feed(angle)) for angle in reversed(form.angles)],
        bars=Series("current", words("scores.current"), *weighing.feed(form.angles[0])),
    )
    return board.draw(book, form, page, header, footer)


def _title(form: Form, weighing: Weighing) -> Live:
    words, catalogue = form.words, form.catalogue
    score, level = weighing.score(form.angles[0]), weighing.level()
    names = [formulas.quoted(each.name.in_(form.lang)) for each in catalogue.levels]
    decimals, known = catalogue.limits.decimals, isinstance(score.value, float)
    fixed = f"{round_half_away(float(score.value), decimals):.{decimals}f}" if known else ""
    shown = Live(f"FIXED(ROUND({score.text},{decimals}),{decimals},TRUE)", fixed)
    reached = [each.name.in_(form.lang) for each in catalogue.levels if each.number == level.value]
    name = Live(formulas.level_name(level.text, names), "".join(reached))
    full = words.live("scores.title", score=shown, level=level, name=name)
    return either(f"ISNUMBER({score.text})", known, full, constant(words("scores.title_empty")))


def _columns(form: Form) -> list[Column]:
    words = form.words
    target = [Column(words("scores.target"))] if form.target is not None else []
    current = Column(words("scores.current"), first=True)
    return [current, *target, Column(words("scores.level"), "0"), Column(words("scores.answered"), "0%")]


def _figures(form: Form, tally: Tally, weighing: Weighing, dimension: Dimension | None) -> list[Live]:
    """Score by angle, level, and how much is answered."""
    decimals, none = form.catalogue.limits.decimals, form.words("scores.none")
    scores = [weighing.score(angle, dimension) for angle in form.angles]
    level, known = weighing.level(dimension), isinstance(scores[0].value, float)
    shown = either(f"ISNUMBER({scores[0].text})", known, level, constant(none))
    return [*(rounded(score, decimals, none) for score in scores), shown, tally.share(dimension)]
