"""Parts of findings that several sheets put into their titles, live."""

from cmme_xl.calculation import expression as ex
from cmme_xl.calculation.expression import Expression, constant, sentence, shown
from cmme_xl.scoring import round_half_away
from cmme_xl.summary.context import Context
from cmme_xl.summary.furniture import when
from cmme_xl.summary.view import View


def against(context: Context, view: View, node: str) -> Expression:
    """How far a node is behind the first angle that there is, or ahead of it, and on how much of the weight."""
    words, other = context.words, context.others[0]
    gap = view.at(node, other, "gap")
    value = 0.0 if gap.number is None else round_half_away(gap.number)
    rounded = Expression(f"ROUND({gap.text},2)", value)
    angle = constant(context.spoken(other))
    points = shown(ex.positive(gap))
    behind, ahead, level_with = (
        sentence(words[f"overview.{key}"], angle=angle, gap=points) for key in ("behind", "ahead", "level_with")
    )
    is_ahead = Expression(f"{rounded.text}<0", value < 0)
    said = ex.choose(ex.above_zero(rounded), behind, ex.choose(is_ahead, ahead, level_with))
    share, limit = view.at(node, other, "gap_share"), context.catalogue.limits.provisional_below
    narrow = Expression(f"ROUND({share.text},2)<{limit:g}", round_half_away(share.number or 0.0) < limit)
    based = sentence(words["overview.comparable"], share=shown(share, "0%"))
    return when(ex.has(gap), ex.joined([said, when(narrow, based)]))
