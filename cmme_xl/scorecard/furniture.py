"""What the sheets of the scorecard share: head and navigation, which engine is live, levels in words."""

from cmme_xl.calculation import expression as ex
from cmme_xl.calculation.expression import Expression, constant, sentence
from cmme_xl.calculation.shown import DASH
from cmme_xl.catalogue import ROOT
from cmme_xl.findings import visible
from cmme_xl.scorecard.context import Context
from cmme_xl.scorecard.live import Live
from cmme_xl.spreadsheet import page

ROLES = ("meeting", "scores", "results", "whatif", "guide")


def head(context: Context, role: str, title: Expression, last: int, *, span: int = 2) -> int:
    """The head of a sheet with links to all others; returns the first free row. `span`: columns of a link."""
    sheet, words = context.sheets[role], context.words
    links = [(words[f"sheets.{each}"], f"{context.sheets[each].quoted}!A1") for each in ROLES]
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
    fixed = title.constant
    return page.head(
        sheet,
        str(title.value) if fixed else "=" + title.text,
        subtitle,
        last,
        links=links,
        here=ROLES.index(role),
        span=span,
        title_value=None if fixed else str(title.value),
        shrink=span > 1,
    )


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
        score=ex.shown(value),
        raw=ex.shown(before),
    )
    return ex.choose(ex.has(value), said, constant(words["meeting.title_none"]))
