"""Figures of a record as they are shown: rounded, a dash where there is none; and the sentence of the total."""

from cmme_xl import formulas
from cmme_xl.catalogue import ROOT
from cmme_xl.interview.record.form import RecordForm
from cmme_xl.interview.record.reckoning import Reckoning
from cmme_xl.interview.wording import Live, constant, either, rounded
from cmme_xl.scoring import round_half_away


def figure(form: RecordForm, reckoning: Reckoning, field: str, node: str = ROOT) -> Live:
    """A score of a node as a number, a dash without one."""
    return rounded(reckoning.figure(field, node), form.catalogue.limits.decimals, form.words("scores.none"))


def fixed(form: RecordForm, live: Live) -> Live:
    """A score within a sentence, a dash without one."""
    decimals, none = form.catalogue.limits.decimals, constant(form.words("scores.none"))
    known = isinstance(live.value, float)
    shown = f"{round_half_away(float(live.value), decimals):.{decimals}f}" if known else ""
    # FIXED alone does not round as scoring.md rule 14 wants it
    text = Live(f"FIXED(ROUND({live.text},{decimals}),{decimals},TRUE)", shown)
    return either(f"ISNUMBER({live.text})", known, text, none)


def compared(form: RecordForm, reckoning: Reckoning, node: str) -> Live:
    """The person's own score of a node, and the one that stands."""
    own, score = (fixed(form, reckoning.figure(field, node)) for field in ("own", "score"))
    return form.words.live("record.compared", own=own, score=score)


def percent(live: Live) -> Live:
    """A share within a sentence."""
    shown = "" if isinstance(live.value, str) else f"{round_half_away(float(live.value) * 100, 0):.0f}%"
    return Live(f'TEXT(ROUND({live.text},2),"0%")', shown)


def level_name(form: RecordForm, reckoning: Reckoning) -> Live:
    """The name of the level that the total has reached."""
    level, levels = reckoning.level(), form.catalogue.levels
    names = [formulas.quoted(each.name.in_(form.lang)) for each in levels]
    reached = [each.name.in_(form.lang) for each in levels if each.number == level.value]
    return Live(formulas.level_name(level.text, names), "".join(reached))


def standing(form: RecordForm, reckoning: Reckoning) -> Live:
    """Total, level and coverage in one sentence; other words where nothing is scored yet."""
    words, score = form.words, reckoning.figure("score")
    full = words.live(
        "record.total",
        score=fixed(form, score),
        level=reckoning.level(),
        name=level_name(form, reckoning),
        coverage=percent(reckoning.figure("coverage")),
    )
    known = isinstance(score.value, float)
    return either(f"ISNUMBER({score.text})", known, full, constant(words("record.total_empty")))
