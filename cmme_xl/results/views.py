"""Other ways to see the same scores: by building block, and on the ladder of realms."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from cmme_xl import scoring
from cmme_xl.catalogue import ROOT, Realm
from cmme_xl.results.model import ANGLES, Results


@dataclass(frozen=True, slots=True)
class BlockScore:
    """A building block under the chosen scope.

    `indicators`: ids of its indicators in scope; `share`, in [0, 1]: what those with a score weigh in the total;
    `scores`: angle -> mean of the indicators' scores, weighted by their effective share over the valued indicators in
    scope; `level` of current; `gaps`: other angle -> mean of the indicators' gaps, like for like, weighted as current
    is (scoring.md rules 7-9). None where there is no value.
    """

    id: str
    indicators: tuple[str, ...]
    share: float
    scores: Mapping[str, float | None]
    level: int | None
    gaps: Mapping[str, float | None]


def blocks(results: Results, hidden: Collection[tuple[str, str]] = ()) -> dict[str, BlockScore]:
    """Every building block with an indicator in scope, by id, in catalogue order; {} where the catalogue has none.

    What is `hidden` from the audience, as (angle, indicator), has no part in any figure.
    """
    catalogue, scope = results.plan.catalogue, results.chosen
    current = scope.angles["current"].nodes
    ladder = scoring.Ladder(tuple(level.threshold for level in catalogue.levels))
    shares = {angle: _shares(results, angle, hidden) for angle in ANGLES}
    found = {}
    for block in catalogue.blocks:
        ids = [each.id for each in catalogue.indicators if each.block == block.id and current[each.id].in_scope]
        if not ids:
            continue
        scores = {
            angle: scoring.weighted_mean((scope.angles[angle].nodes[id_].score, shares[angle][id_]) for id_ in ids)
            for angle in ANGLES
        }
        gaps = {
            other: scoring.weighted_mean(
                (scope.gaps[other][id_].value, shares["current"][id_]) for id_ in ids if (other, id_) not in hidden
            )
            for other in ANGLES[1:]
        }
        found[block.id] = BlockScore(
            id=block.id,
            indicators=tuple(ids),
            share=sum(shares["current"][id_] for id_ in ids),
            scores=scores,
            level=scoring.level(scores["current"], ladder, catalogue.limits.decimals),
            gaps=gaps,
        )
    return found


def _shares(results: Results, angle: str, hidden: Collection[tuple[str, str]]) -> dict[str, float]:
    """Each indicator's share of the total in an angle; those that are not hidden have their dimension's among them."""
    nodes, shares = results.chosen.angles[angle].nodes, dict[str, float]()
    for dimension in results.plan.catalogue.dimensions:
        own = {each.id: nodes[each.id].valued_share for each in dimension.indicators}
        open_ = {id_: 0.0 if (angle, id_) in hidden else share for id_, share in own.items()}
        seen = sum(open_.values())
        shares |= {id_: share * sum(own.values()) / seen if seen else 0.0 for id_, share in open_.items()}
    return shares


def realm(results: Results, angle: str = "current") -> Realm | None:
    """The realm that an angle's total has reached, decided on the rounded total; None without one (rules 7 and 14)."""
    catalogue = results.plan.catalogue
    if not catalogue.realms:
        return None
    ladder = scoring.Ladder(catalogue.realm_thresholds)
    number = scoring.level(results.chosen.angles[angle].nodes[ROOT].score, ladder, catalogue.limits.decimals)
    return None if number is None else catalogue.realms[number - 1]
