"""What the sheets of the scorecard share: head and navigation, which engine is live, levels in words."""

from cmme_xl.calculation import expression as ex
from cmme_xl.calculation.expression import Constant, Expression, constant, sentence
from cmme_xl.calculation.shown import DASH, when
from cmme_xl.catalogue import ROOT
from cmme_xl.findings import visible
from cmme_xl.scorecard.context import Context
from cmme_xl.scorecard.live import Live
from cmme_xl.spreadsheet import measure, page

ROLES = ("meeting", "scores", "results", "whatif", "guide")


def head(context: Context, role: str, title: Expression, last: int) -> int:
    """The head of a sheet with links to all others; returns the first free row."""
    sheet, words = context.sheets[role], context.words
    engagement = context.plan.engagement
    subtitle = words.fill(
        f"{role}.subtitle",
        enterprise=visible(engagement.enterprise),
        engagement=visible(engagement.name),
        scope=words[f"scope.{context.scope}"],
        day=context.today.isoformat(),
        low=f"{context.catalogue.scale_min:g}",
        high=f"{context.catalogue.scale_max:g}",
        na=context.catalogue.na.in_(context.lang),
    )
    fixed = isinstance(title, Constant)
    written = str(title.value) if fixed else "=" + title.text
    row = page.head(sheet, written, subtitle, last, title_value=None if fixed else str(title.value))
    _links(context, role, last)
    return row


def _links(context: Context, role: str, last: int) -> None:
    """The tabs of all sheets, each over as many columns as its name needs."""
    sheet, book = context.sheets[role], context.book
    column = 1
    for each in ROLES:
        name = context.words[f"sheets.{each}"]
        first = column
        while column < last and sheet.span(first, column) < measure.width(name, 9, bold=True) + 24:
            column += 1
        on = {"bottom": 5, "bottom_color": "accent", "bold": True, "font_color": "brand"}
        off = {"bottom": 1, "bottom_color": "rule", "font_color": "slate"}
        style = book.style(font_size=9, align="center", **(on if each == role else off))
        to = (1, column) if column > first else None
        sheet.jump(1, first, name, f"{context.sheets[each].quoted}!A1", style, to)
        column += 1


def engine_words(live: Live) -> Expression:
    """Which engine stands behind the figures now: a silent fallback would hide an add-in that fails."""
    words = live.context.words
    answers = sentence(words["live.python_on"], version=live.version)
    failing = sentence(words["live.python_fails"], version=live.version)
    native = constant(words["live.native_on"])
    version, answer = live.version.text, live.answer.text
    text = f"IF(ISERROR({version}),{native.text},IF(ISERROR({answer}),{failing.text},{answers.text}))"
    return Expression(text, native.value)


def level_words(context: Context, level: Expression) -> Expression:
    """A level with its name; a dash without one."""
    wording = context.words["meeting.level"]
    named = [wording.format(level=each.number, name=each.name.in_(context.lang)) for each in context.catalogue.levels]
    value = DASH if level.number is None else named[int(level.number) - 1]
    listed = ",".join(constant(name).text for name in named)
    return Expression(f'IF(ISNUMBER({level.text}),CHOOSE({level.text},{listed}),"{DASH}")', value)


def finding(context: Context, live: Live) -> Expression:
    """Level and score of the total, and what calibration has changed of it."""
    words = context.words
    value, before = live.at(ROOT, "value"), live.at(ROOT, "raw")
    said = sentence(
        words["meeting.title"],
        level=level_words(context, live.at(ROOT, "level")),
        mark=when(live.provisional(ROOT), constant(words["meeting.provisional"])),
        score=ex.shown(value),
        raw=ex.shown(before),
    )
    return ex.choose(ex.has(value), said, constant(words["meeting.title_none"]))
