"""What customers say, beside what the enterprise's own people say of the same questions."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from cmme_xl.results.audience import sealed
from cmme_xl.results.compute import rules
from cmme_xl.results.model import CUSTOMER, Angle, Results, Scope
from cmme_xl.scoring import Kind, Node, Result, gaps, score_tree


@dataclass(frozen=True, slots=True)
class Compared:
    """A node that customers were asked about, in points of the scale; None where there is no value.

    `customers`: their own angle's score, over all that they scored. `own` and `matched`: current and theirs, both over
    the questions that have a value on either side. `difference`: matched - own, negative where customers see less
    (scoring.md rule 8). `scored`: their scores.
    """

    id: str
    customers: float | None
    matched: float | None
    own: float | None
    difference: float | None
    scored: int


def compared(results: Results, audience: str) -> dict[str, Compared]:
    """Every node of the chosen scope that customers were asked about, parents before children; {} without customers.

    For a client, what the audience may not see of current takes no part; `results` are those of `shown`.
    """
    theirs = results.chosen.angles.get(CUSTOMER)
    if theirs is None:
        return {}
    hidden = sealed(results, "current") if audience == "client" else frozenset()
    valued = frozenset(id_ for id_, node in theirs.nodes.items() if node.score is not None)
    own = _over(results.chosen.angles["current"].tree, valued - hidden)
    mine = score_tree(own, rules(results.plan, "current"))
    differences = gaps(own, theirs.tree, mine, theirs.nodes)
    return {
        id_: _compared(node, mine[id_].score, differences[id_].value)
        for id_, node in theirs.nodes.items()
        if node.in_scope
    }


def _compared(theirs: Result, own: float | None, difference: float | None) -> Compared:
    matched = None if own is None or difference is None else own + difference
    return Compared(theirs.id, theirs.score, matched, own, difference, theirs.scored)


def shown(results: Results, audience: str) -> Results:
    """The results as this audience may see them of customers.

    For a client a question that fewer than `limits.tier_shown_min` customers scored leaves their angle altogether, so
    that no figure above it gives it away (scoring.md rule 15).
    """
    if audience != "client" or CUSTOMER not in results.chosen.angles:
        return results
    scopes = {id_: _without_few(results, scope) for id_, scope in results.scopes.items()}
    return replace(results, scopes=scopes)


def _without_few(results: Results, scope: Scope) -> Scope:
    theirs, least = scope.angles[CUSTOMER], results.plan.catalogue.limits.tier_shown_min
    enough = frozenset(question.id for question in _leaves(theirs.tree) if _scores(question) >= least)
    tree = _over(theirs.tree, enough)
    nodes = score_tree(tree, rules(results.plan, CUSTOMER))
    people = {
        vote.respondent
        for question in _leaves(tree)
        for vote in question.votes
        if vote.kind is Kind.SCORED and nodes[question.id].in_scope
    }
    return replace(scope, angles={**scope.angles, CUSTOMER: Angle(CUSTOMER, tree, nodes, len(people))})


def _over(node: Node, questions: frozenset[str]) -> Node:
    """The tree with nothing in scope but these questions and what is above them; the rest loses its votes."""
    if not node.children:
        return node if node.id in questions else replace(node, in_scope=False, votes=())
    children = tuple(_over(child, questions) for child in node.children)
    return replace(node, children=children, in_scope=node.in_scope and any(child.in_scope for child in children))


def _leaves(node: Node) -> Iterator[Node]:
    if not node.children:
        yield node
    for child in node.children:
        yield from _leaves(child)


def _scores(question: Node) -> int:
    return sum(vote.kind is Kind.SCORED for vote in question.votes)
