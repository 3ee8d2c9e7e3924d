"""Calibrations: every score that consultants put in place of a combined value, with what it displaced. Live."""

from cmme_xl.calculation.engine import Engine
from cmme_xl.calculation.expression import constant
from cmme_xl.calculation.ground import raw
from cmme_xl.returned.calibrations import Calibration
from cmme_xl.spreadsheet import measure, page
from cmme_xl.summary.context import CALIBRATED, CALIBRATIONS_FROM, TEXT_COLOURS, Context
from cmme_xl.summary.furniture import SCORE, head, lead, show
from cmme_xl.summary.places import Places

ROLE = "calibrations"
HEAD_ROW = CALIBRATIONS_FROM - 1
ID, NAME, ANGLE, RAW = 1, 2, 3, 4
BY, ON, WHY = CALIBRATED + 1, CALIBRATED + 2, CALIBRATED + 3
NAME_PX, WHY_PX = 360, 380


def wanted(context: Context) -> bool:
    return bool(context.calibrations)


def widths(context: Context) -> list[int]:
    """The columns in pixels: by whom and why are for consultants."""
    found = [20, 84, NAME_PX, 84, 72, 84]
    return [*found, 84, 20] if context.audience == "client" else [*found, 110, 84, WHY_PX, 20]


def draw(context: Context, engine: Engine, places: Places) -> None:
    """The list, in catalogue order."""
    sheet, words = context.sheets[ROLE], context.words
    client = context.audience == "client"
    keys = ["id", "name", "angle", "raw", "score"] + (["on"] if client else ["by", "on", "why"])
    title = words.counted("calibrations.title", len(context.calibrations), n=len(context.calibrations))
    head(context, ROLE, constant(title), constant(words["calibrations.subtitle"]), len(keys), narrow=True)
    sheet.rows(6, (6,))
    aligned = {"angle": "center", "raw": "center", "score": "center", "on": "center"}
    page.header_row(sheet, HEAD_ROW, 1, [(words[f"calibrations.{k}"], aligned.get(k, "left")) for k in keys], 28)
    for row, each in enumerate(context.calibrations.values(), CALIBRATIONS_FROM):
        _row(context, engine, row, each)
        lead(sheet, row, 0, places.behind(each.node))
    last = CALIBRATIONS_FROM + len(context.calibrations) - 1
    _limits(context, last)
    sheet.rows(last + 1, (6, 16))
    page.footnote(sheet, last + 2, words["calibrations.foot"])
    sheet.repeat(HEAD_ROW, HEAD_ROW)
    sheet.freeze(CALIBRATIONS_FROM)
    sheet.print_to(last + 2, len(keys) + 1)


def _row(context: Context, engine: Engine, row: int, each: Calibration) -> None:
    sheet, book, lang = context.sheets[ROLE], context.book, context.lang
    question = context.catalogue.questions.get(each.node)
    named = question.text.in_(lang) if question else context.name(each.node)
    hair = {"bottom": 1, "bottom_color": "hair", "font_size": 9}
    sheet.text(row, ID, each.node, book.style(**hair, font_color="slate"))
    sheet.text(row, NAME, named, book.style(**hair, text_wrap=True, bold=question is None))
    sheet.text(
        row, ANGLE, context.label(each.angle),
        book.style(**hair, align="center", font_color=TEXT_COLOURS[each.angle]),
    )  # fmt: skip
    plain = book.style(**hair, num_format=SCORE, align="center", font_color="slate")
    if raw(each.angle) in context.raws:
        show(sheet, row, RAW, engine.at(each.node, raw(each.angle), "score"), plain)
    else:
        sheet.text(row, RAW, f"<{context.catalogue.limits.tier_shown_min}", plain)
    yellow = {"bg_color": "input", "border": 1, "border_color": "input_edge", "font_size": 9}
    style = book.style(**yellow, num_format=SCORE, align="center", bold=True, locked=False)
    sheet.content(row, CALIBRATED, context.catalogue.na.in_(lang) if each.score is None else each.score, style)
    when = book.style(**hair, num_format="yyyy-mm-dd", align="center")
    if context.audience == "client":
        sheet.datetime(row, BY, each.on, when)
        why = ""
    else:
        why = measure.clip(each.reason, 2000)
        sheet.text(row, BY, each.by, book.style(**hair, text_wrap=True))
        sheet.datetime(row, ON, each.on, when)
        sheet.text(row, WHY, why, book.style(**hair, text_wrap=True))
    tall = measure.tallest(((named, NAME_PX), (why, WHY_PX)), 9, padding=10)
    sheet.rows(row, (min(max(28, tall), 540),))


def _limits(context: Context, last: int) -> None:
    """A score within the scale, or the word that takes the node out of scope."""
    sheet, words, catalogue = context.sheets[ROLE], context.words, context.catalogue
    na = catalogue.na.in_(context.lang)
    at = f"{chr(ord('A') + CALIBRATED)}{CALIBRATIONS_FROM + 1}"
    on_scale = f"AND(ISNUMBER({at}),{at}>={catalogue.scale_min:g},{at}<={catalogue.scale_max:g})"
    rule = {"validate": "custom", "value": f"=OR({on_scale},{at}={constant(na).text})"}
    prompt = words.fill("calibrations.prompt", low=catalogue.scale_min, high=catalogue.scale_max, na=na)
    sheet.validation(CALIBRATIONS_FROM, CALIBRATED, last, CALIBRATED, rule, prompt=prompt, strict=True)
