"""From answers to results: a tree per angle and scope, then gaps, importance, agreement and the debrief agenda."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import cast

from cmme_xl.catalogue import ROOT, Dimension, Indicator, Question
from cmme_xl.findings import Finding, Place
from cmme_xl.plan.model import Plan
from cmme_xl.results.model import ANGLES, CUSTOMER, Angle, Results, Scope, Scopes
from cmme_xl.returned.calibrations import Calibration
from cmme_xl.returned.model import Outcome, Returned
from cmme_xl.returned.replies import Pairs
from cmme_xl.scoring import (
    OUT_OF_SCOPE,
    Agreement,
    Ladder,
    Node,
    Rules,
    Scale,
    Vote,
    agenda,
    agreement,
    gaps,
    gated_level,
    importance,
    round_half_away,
    score_tree,
)
from cmme_xl.scoring.order import Setting

SCOPES = ("standard", "key")
SAME = 1e-9
"""Two figures this close are one figure to every engine (scoring.md rule 14)."""

Ballots = Mapping[str, tuple[Vote, ...]]
"""Question id -> the votes on it, in the order of the answers."""

Agreed = Mapping[tuple[str, str], float | str]
"""Angle and node -> its calibration: a score or OUT_OF_SCOPE."""


def compute(
    plan: Plan, returned: Returned, scope: str | None = None, calibrations: Sequence[Calibration] = ()
) -> Results:
    """Everything that the answers come to, under both scopes; `scope` is the one to be shown (default: the plan's).

    Calibrations take the place of combined values (scoring.md rule 11).

    Angles (scoring.md rule 2): the enterprise's people speak for current and target, outsiders for their own.
    The competitor's people are heard from `limits.competitor_min` who scored; fewer leave a finding (RES_001) in
    `Results.returned.findings`. Customers are heard from `limits.customer_min` who scored (else RES_002), over the
    questions that customers were asked; all others are out of their scope. For a client the target is heard from
    `limits.tier_shown_min` whose scores of it carry weight (else RES_003), since with fewer it would be theirs alone
    (rule 15).
    An answer left blank counts as asked in every angle, the target included. Answers of someone whom the plan no
    longer names are not counted. Tier shares are the enterprise's own: outsiders are always weighed by person (rule 3).

    Scope (rule 5): under the short form a question that is not short, and that nobody was asked, is out of scope,
    so that coverage speaks of what was to be asked; a figure given for it does not bring it back.

    Agreement (rule 10) is that of the current angle under the standard scope. Raises ValueError for an unknown scope.
    """
    chosen = plan.settings.scope if scope is None else scope
    if chosen not in SCOPES:
        raise ValueError(f"scope {chosen!r} is none of {', '.join(SCOPES)}")
    ballots = _ballots(plan, returned)
    limits = plan.catalogue.limits
    ballots["competitor"], findings = _quorate(ballots["competitor"], limits.competitor_min, "RES_001")
    ballots[CUSTOMER], few = _quorate(ballots[CUSTOMER], limits.customer_min, "RES_002")
    findings += few
    if plan.settings.audience == "client":
        ballots["target"], few = _quorate(
            ballots["target"], limits.tier_shown_min, "RES_003", rules(plan, "target").hears
        )
        findings += few
    left_out = _left_out(plan, returned)
    findings += tuple(Finding("CAL_023", Place(question=each.node)) for each in calibrations if each.node in left_out)
    agreed = {(each.angle, each.node): OUT_OF_SCOPE if each.score is None else each.score for each in calibrations}
    scopes = Scopes(SCOPES, lambda each: _scope(plan, each, ballots, left_out, agreed))
    agreements = _agreements(scopes["standard"].angles["current"].tree)
    return Results(
        plan=plan,
        returned=replace(returned, findings=(*returned.findings, *findings)),
        scope=chosen,
        scopes=scopes,
        agreement=agreements,
        agenda=_agenda(plan, scopes[chosen].angles["current"], agreements),
        gated_level=_gated_level(plan, scopes[chosen].angles["current"]),
        calibrations=tuple(calibrations),
    )


def _ballots(plan: Plan, returned: Returned) -> dict[str, Ballots]:
    spoken_for = {group.id: group.angle for group in plan.catalogue.groups}
    kinds = {outcome: outcome.kind for outcome in Outcome}
    gathered: dict[str, dict[str, list[Vote]]] = {angle: {} for angle in (*ANGLES, CUSTOMER)}

    @cache  # most people are asked what others are asked
    def boxes(asked: Pairs, angles: tuple[str, ...]) -> tuple[list[Vote], ...]:
        """Where each vote is cast; what is not heard falls beside."""
        beside: list[Vote] = []
        return tuple(
            gathered[angle].setdefault(question, []) if angle in angles else beside for question, angle in asked
        )

    for reply in returned.answers.replies:
        person = plan.by_id.get(reply.respondent)
        angle = spoken_for[person.group] if person is not None else ""
        if person is None or angle not in gathered:
            continue
        # votes do not know their question: a respondent casts few that differ
        cast = [
            Vote(kinds[mark.outcome], mark.score, person.weight, person.group, person.id)
            for mark in reply.marks.values
        ]
        heard = ("current", "target") if angle == "current" else (angle,)
        for box, code in zip(boxes(reply.asked, heard), reply.marks.codes, strict=True):
            box.append(cast[code])
    del boxes  # so that each list goes as its tuple comes
    return {angle: {question: tuple(found.pop(question)) for question in [*found]} for angle, found in gathered.items()}


def _scored(vote: Vote) -> bool:
    return vote.score is not None


def _scorers(ballots: Ballots, counts: Callable[[Vote], bool] = _scored) -> set[str]:
    return {vote.respondent for votes in ballots.values() for vote in votes if counts(vote)}


def _quorate(
    ballots: Ballots, needed: int, code: str, counts: Callable[[Vote], bool] = _scored
) -> tuple[Ballots, tuple[Finding, ...]]:
    """The votes where those of `needed` people or more count (scoring.md rule 2), else none and a finding."""
    found = len(_scorers(ballots, counts))
    if not ballots or found >= needed:
        return ballots, ()
    return {}, (Finding(code, values={"found": found, "needed": needed}),)


def _left_out(plan: Plan, returned: Returned) -> frozenset[str]:
    """The questions that the short form leaves out (scoring.md rule 5)."""
    if plan.settings.form != "short":
        return frozenset()
    forms = {reply.asked for reply in returned.answers.replies}
    asked = {question for form in forms for question, _ in form}.union(*plan.assigned.values())
    return frozenset(q.id for q in plan.catalogue.questions.values() if not q.short and q.id not in asked)


def _not_asked_of_customers(plan: Plan, ballots: Ballots) -> frozenset[str]:
    """The questions that stand outside what customers can judge."""
    customers = {group.id for group in plan.catalogue.groups if group.angle == CUSTOMER}
    asked = set(ballots).union(*(plan.assigned.get(p.id, ()) for p in plan.people if p.group in customers))
    return frozenset(plan.catalogue.questions) - asked


def _scope(
    plan: Plan, scope: str, ballots: Mapping[str, Ballots], left_out: frozenset[str], agreed: Agreed
) -> Scope:
    angles = {angle: _angle(plan, scope, angle, ballots[angle], left_out, agreed) for angle in ANGLES}
    if ballots[CUSTOMER]:
        unasked = _not_asked_of_customers(plan, ballots[CUSTOMER])
        angles[CUSTOMER] = _angle(plan, scope, CUSTOMER, ballots[CUSTOMER], unasked, agreed)
    current = angles["current"]
    found = {other: gaps(current.tree, angles[other].tree, current.nodes, angles[other].nodes) for other in ANGLES[1:]}
    indicators = [indicator.id for indicator in plan.catalogue.indicators]
    setting = cast(Setting, plan.settings.importance)
    points = importance(indicators, current.nodes, found["target"], found["benchmark"], setting)
    gaining = [id_ for id_ in indicators if points.get(id_, 0.0) > SAME]
    decimals = plan.catalogue.limits.decimals
    fine = plan.catalogue.limits.importance_decimals
    order = tuple(sorted(gaining, key=lambda id_: -round_half_away(points[id_], fine)))
    scores = {id_: score for id_ in indicators if (score := current.nodes[id_].score) is not None}
    rising = sorted(scores, key=lambda id_: round_half_away(scores[id_], decimals))
    falling = sorted(scores, key=lambda id_: -round_half_away(scores[id_], decimals))
    return Scope(
        id=scope,
        angles=angles,
        gaps=found,
        importance=points,
        importance_order=order,
        strengths=tuple(falling),
        weaknesses=order if points else tuple(rising),
    )


def _angle(
    plan: Plan, scope: str, angle: str, ballots: Ballots, left_out: frozenset[str], agreed: Agreed
) -> Angle:
    """One angle under one scope; `n` counts the respondents who scored a question in scope."""
    tree = _tree(plan, scope, angle, ballots, left_out, agreed)
    nodes = score_tree(tree, rules(plan, angle))
    n = len(_scorers({id_: votes for id_, votes in ballots.items() if id_ in nodes and nodes[id_].in_scope}))
    return Angle(angle, tree, nodes, n)


def rules(plan: Plan, angle: str) -> Rules:
    """What the plan decides of how an angle is computed."""
    catalogue, settings = plan.catalogue, plan.settings
    return Rules(
        scale=Scale(catalogue.scale_min, catalogue.scale_max),
        ladder=Ladder(tuple(level.threshold for level in catalogue.levels)),
        voice="tier" if settings.voice == "tier" and angle in ("current", "target") else "person",
        combine="median" if settings.combine == "median" else "mean",
        tier_shares=settings.tier_shares,
        provisional_below=catalogue.limits.provisional_below,
        decimals=catalogue.limits.decimals,
    )


def _tree(
    plan: Plan, scope: str, angle: str, ballots: Ballots, left_out: frozenset[str], agreed: Agreed
) -> Node:
    given = {each.node: each.value for each in plan.given if each.angle == angle}

    def node(each: Dimension | Indicator | Question, children: Iterator[Node], kept: bool = True) -> Node:
        return Node(
            id=each.id,
            weight=plan.weight(each.id, each.weight),
            children=tuple(children),
            votes=ballots.get(each.id, ()) if isinstance(each, Question) else (),
            in_scope=kept and each.id not in plan.dropped,
            given=given.get(each.id),
            calibrated=agreed.get((angle, each.id)),
        )

    def question(each: Question) -> Node:
        return node(each, iter(()), each.id not in left_out)

    def indicator(each: Indicator) -> Node:
        return node(each, map(question, each.questions), each.key or scope == "standard")

    def dimension(each: Dimension) -> Node:
        return node(each, map(indicator, each.indicators))

    return Node(ROOT, children=tuple(map(dimension, plan.catalogue.dimensions)), given=given.get(ROOT))


def _agreements(root: Node) -> dict[str, Agreement]:
    """Of every indicator and its questions, in catalogue order."""
    indicators = [indicator for dimension in root.children for indicator in dimension.children]
    return {node.id: agreement(node) for indicator in indicators for node in (indicator, *indicator.children)}


def _agenda(plan: Plan, current: Angle, agreements: Mapping[str, Agreement]) -> tuple[str, ...]:
    """For a client without the questions that too few were asked: there an N/A is that of one of them (rule 15)."""
    catalogue, limits, nodes = plan.catalogue, plan.catalogue.limits, current.nodes
    least = limits.tier_shown_min if plan.settings.audience == "client" else 1
    doubtful = [
        question
        for question in catalogue.questions
        if nodes[question].asked >= least
        and nodes[question].na >= limits.applicability_na_share * nodes[question].asked
    ]
    indicators = [indicator.id for indicator in catalogue.indicators]
    return agenda(indicators, nodes, agreements, doubtful, limits.agenda_size, limits.importance_decimals)


def _gated_level(plan: Plan, current: Angle) -> int | None:
    if not plan.settings.gates:
        return None
    dimensions = [current.nodes[dimension.id].level for dimension in plan.catalogue.dimensions]
    return gated_level(current.nodes[ROOT].level, dimensions)
