"""Other ways to see the same scores: by building block, and on the ladder of realms."""

from collections.abc import Mapping
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


def blocks(results: Results) -> dict[str, BlockScore]:
    """Every building block with an indicator in scope, by id, in catalogue order; {} where the catalogue has none."""
    catalogue, scope = results.plan.catalogue, results.chosen
    current = scope.angles["current"].nodes
    ladder = scoring.Ladder(tuple(level.threshold for level in catalogue.levels))
    found = {}
    for block in catalogue.blocks:
        ids = [each.id for each in catalogue.indicators if each.block == block.id and current[each.id].in_scope]
        if not ids:
            continue
        scores = {
            angle: scoring.weighted_mean(
                (scope.angles[angle].nodes[id_].score, scope.angles[angle].nodes[id_].valued_share) for id_ in ids
            )
            for angle in ANGLES
        }
        found[block.id] = BlockScore(
            id=block.id,
            indicators=tuple(ids),
            share=sum(current[id_].valued_share for id_ in ids),
            scores=scores,
            level=scoring.level(scores["current"], ladder, catalogue.limits.decimals),
            gaps={
                other: scoring.weighted_mean((scope.gaps[other][id_].value, current[id_].valued_share) for id_ in ids)
                for other in ANGLES[1:]
            },
        )
    return found


def realm(results: Results, angle: str = "current") -> Realm | None:
    """The realm that an angle's total has reached, decided on the rounded total; None without one (rules 7 and 14)."""
    catalogue = results.plan.catalogue
    if not catalogue.realms:
        return None
    ladder = scoring.Ladder(catalogue.realm_thresholds)
    number = scoring.level(results.chosen.angles[angle].nodes[ROOT].score, ladder, catalogue.limits.decimals)
    return None if number is None else catalogue.realms[number - 1]
