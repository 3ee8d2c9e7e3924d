"""Results as the stable, versioned JSON that other tools build on (design.md, "consolidate --json")."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass

from cmme_xl.catalogue import ROOT
from cmme_xl.results.agreed import Talk, agreed
from cmme_xl.results.agreed import shown as shown_agreed
from cmme_xl.results.audience import sealed, shown_agreement, withheld
from cmme_xl.results.customers import compared, shown
from cmme_xl.results.model import ANGLES, Angle, Results
from cmme_xl.results.views import blocks, realm
from cmme_xl.returned.model import Answer, ReturnedFile
from cmme_xl.scoring import Gap, Result

SCHEMA = 1
NO_GAP = Gap("", None, 0.0)
JSON = dict[str, object]


def as_json(results: Results, lang: str) -> JSON:
    """The results of the chosen scope, for the plan's audience; findings are worded in `lang`.

    Figures are unrounded; what is withheld from the audience, or has no value, is null. For a client
    (scoring.md rule 15) a file is its status and nothing else, in the order of the statuses; every figure of an
    indicator that is withheld and of a question that is sealed is null, and so is a count that would point at persons.
    The role and the view of customers are there where enough of them were heard.
    """
    results = shown(results, results.plan.settings.audience)
    plan, catalogue, settings = results.plan, results.plan.catalogue, results.plan.settings
    veil = _veil(results)
    return {
        "schema": SCHEMA,
        "engagement": plan.engagement.id,
        "catalogue": {"id": catalogue.id, "version": catalogue.version, "hash": catalogue.hash},
        "scope": results.scope,
        "combine": settings.combine,
        "voice": settings.voice,
        "audience": settings.audience,
        "roles": {angle.id: _role(results, angle, veil) for angle in results.chosen.angles.values()},
        "gaps": list(_gaps(results, veil)),
        "views": _views(results, lang, veil),
        "agreement": list(_agreement(results, veil)),
        "agreed": _agreed(results),
        "ledger": {"files": _files(results, lang), "answers": results.returned.tally()},
        "calibrations": list(_calibrations(results)),
    }


def _calibrations(results: Results) -> Iterator[JSON]:
    """Each with the value it displaces. A client is told what was calibrated, not by whom and in whose words, nor a
    value of too few people."""
    client, least = results.plan.settings.audience == "client", results.plan.catalogue.limits.tier_shown_min
    for each in results.calibrations:
        node = results.chosen.angles[each.angle].nodes[each.node]
        yield {
            "id": each.node,
            "angle": each.angle,
            "score": each.score,
            "in_scope": each.score is not None,
            "raw": None if client and node.scored < least else node.raw,
            "by": None if client else each.by,
            "date": each.on.isoformat(),
            "reason": None if client else each.reason,
        }


@dataclass(frozen=True, slots=True)
class _Veil:
    """What the audience may not see: (angle, node) pairs of indicators and questions; counts from 1 to under
    `least` (0: every count may be seen)."""

    hidden: frozenset[tuple[str, str]]
    least: int

    def count(self, found: int) -> int | None:
        return None if 0 < found < self.least else found


def _veil(results: Results) -> _Veil:
    if results.plan.settings.audience != "client":
        return _Veil(frozenset(), 0)
    questions = {(angle, id_) for angle in results.chosen.angles for id_ in sealed(results, angle)}
    return _Veil(withheld(results, "client") | questions, results.plan.catalogue.limits.tier_shown_min)


def _views(results: Results, lang: str, veil: _Veil) -> JSON:
    """The same scores cut otherwise: by block and realm, and what customers say beside current."""
    reached = realm(results)
    found: JSON = {
        "blocks": {
            each.id: {"scores": dict(each.scores), "level": each.level, "gaps": dict(each.gaps), "share": each.share}
            for each in blocks(results, veil.hidden).values()
        },
        "realm": {"number": reached.number, "name": reached.name.in_(lang)} if reached else None,
    }
    if seen := compared(results, results.plan.settings.audience):
        found["customers"] = {
            each.id: {
                "customers": each.customers,
                "matched": each.matched,
                "own": each.own,
                "difference": each.difference,
                "scored": each.scored,
            }
            for each in seen.values()
        }
    return found


def _role(results: Results, angle: Angle, veil: _Veil) -> JSON:
    catalogue = results.plan.catalogue
    gated = results.gated_level if angle.id == "current" else None

    def nodes(ids: Iterable[str]) -> JSON:
        return {id_: _node(angle.nodes[id_], veil, hidden=(angle.id, id_) in veil.hidden) for id_ in ids}

    return {
        "total": _node(angle.nodes[ROOT], veil, gated),
        "dimensions": nodes(dimension.id for dimension in catalogue.dimensions),
        "indicators": nodes(indicator.id for indicator in catalogue.indicators),
        "questions": nodes(catalogue.questions),
    }


def _node(result: Result, veil: _Veil, gated: int | None = None, *, hidden: bool = False) -> JSON:
    found: JSON = {
        "score": result.score,
        "raw": result.raw,
        "source": result.source,
        "level": result.level,
        "gated_level": gated,
        "provisional": result.provisional,
        "low": result.low,
        "high": result.high,
        "coverage": result.coverage,
        "response_rate": result.response_rate,
        "asked": veil.count(result.asked),
        "scored": veil.count(result.scored),
        "na": veil.count(result.na),
        "dk": veil.count(result.dk),
        "blank": veil.count(result.blank),
        "open": veil.count(result.open),
    }
    return dict.fromkeys(found) if hidden else found


def _gaps(results: Results, veil: _Veil) -> Iterator[JSON]:
    """Every node with a gap to target or benchmark, parents before children.

    `weight_share` is that of the gap which importance rests on (scoring.md rule 9). `priority` is the place in the
    order of importance: urgency, effort and prerequisites are set by people, later.
    """
    scope = results.chosen
    open_ = [id_ for id_ in scope.importance_order if _rests_on_shown(id_, veil)]
    place = {id_: number for number, id_ in enumerate(open_, 1)}
    for id_ in scope.angles["current"].nodes:
        to_target, to_benchmark = (
            NO_GAP if {("current", id_), (other, id_)} & veil.hidden else scope.gaps[other][id_]
            for other in ("target", "benchmark")
        )
        if to_target.value is None and to_benchmark.value is None:
            continue
        yield {
            "id": id_,
            "to_target": to_target.value,
            "to_benchmark": to_benchmark.value,
            "weight_share": _decisive(to_target, to_benchmark, results.plan.settings.importance).weight_share,
            "importance": scope.importance.get(id_) if _rests_on_shown(id_, veil) else None,
            "priority": place.get(id_),
        }


def _rests_on_shown(id_: str, veil: _Veil) -> bool:
    """Whether no figure that importance may rest on is hidden."""
    return not {(angle, id_) for angle in ("current", "target", "benchmark")} & veil.hidden


def _decisive(to_target: Gap, to_benchmark: Gap, setting: str) -> Gap:
    if to_target.value is None or to_benchmark.value is None:
        return to_benchmark if to_target.value is None else to_target
    if setting == "larger":
        return to_benchmark if to_benchmark.value > to_target.value else to_target
    return to_benchmark if setting == "benchmark" else to_target


def _agreement(results: Results, veil: _Veil) -> Iterator[JSON]:
    """Every indicator and question in scope."""
    nodes = results.chosen.angles["current"].nodes
    for id_, found in shown_agreement(results).items():
        if nodes[id_].in_scope:
            yield {
                "id": id_,
                "n": None if ("current", id_) in veil.hidden else veil.count(found.n),
                "spread": found.spread,
                "sd": found.sd,
                "tiers": dict(found.tiers),
                "agenda": id_ in results.agenda,
            }


def _agreed(results: Results) -> JSON:
    """By angle: what interviewers' records settled beside what people had answered; only angles with any record.

    `people` (none for a client) carry their session and the answers that changed, `nodes` the differences."""
    plan, found = results.plan, {}
    for angle in ANGLES[:2]:
        settled = agreed(plan, results.returned, angle)
        if any(talk.agreed for talk in settled.people):
            settled = shown_agreed(settled, plan, plan.settings.audience)
            nodes = {id_: asdict(difference) for id_, difference in settled.nodes.items()}
            found[angle] = {"people": [_talk(talk) for talk in settled.people], "nodes": nodes}
    return dict(found)


def _talk(talk: Talk) -> JSON:
    return {
        "respondent": talk.respondent,
        "asked": talk.asked,
        "agreed": talk.agreed,
        "difference": asdict(talk.difference),
        "changes": [
            {"id": each.question, "own": _said(each.own), "agreed": _said(each.agreed)} for each in talk.changes
        ],
        "sessions": [
            {**asdict(session), "points": [point._asdict() for point in session.points]} for session in talk.sessions
        ],
    }


def _said(answer: Answer) -> float | str:
    """A score, else the outcome's name."""
    return answer.outcome.value if answer.score is None else answer.score


def _files(results: Results, lang: str) -> list[JSON]:
    files = results.returned.files
    if results.plan.settings.audience == "client":
        statuses = Counter(file.status for file in files)
        return [_file(status.value) for status in sorted(statuses) for _ in range(statuses[status])]
    return [_named(file, lang) for file in files]


def _named(file: ReturnedFile, lang: str) -> JSON:
    findings: list[JSON] = [
        {key: value for key, value in finding.as_json(lang).items() if key != "file"} for finding in file.findings
    ]
    return _file(file.status.value, file.name, file.sha256, file.respondent or None, findings)


def _file(
    status: str,
    name: str | None = None,
    sha256: str | None = None,
    respondent: str | None = None,
    findings: Iterable[JSON] = (),
) -> JSON:
    return {
        "name": name,
        "sha256": sha256,
        "status": status,
        "respondent": respondent,
        "findings": list(findings),
    }
