"""The arithmetic against an independent oracle in exact fractions, on trees that hypothesis makes up."""

import math
from fractions import Fraction

import oracle
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import Answer, Settings, Tree

from cmme_xl import scoring
from cmme_xl.scoring import OUT_OF_SCOPE, Kind, Ladder, Node, Rules, Scale, Vote

TIERS = {"r1": "senior", "r2": "middle", "r3": "front", "r4": "front", "r5": ""}
THRESHOLDS = tuple(Fraction(n, 2) for n in (0, 3, 5, 7, 9))

weights = st.integers(0, 4).map(Fraction)
figures = st.integers(0, 20).map(lambda n: Fraction(n, 4))
answers_ = st.sampled_from(["scored", "scored", "scored", "na", "na", "dk", "blank", "open"])
rarely = st.sampled_from([False] * 9 + [True])


@st.composite
def people(draw: st.DrawFn) -> dict[str, Fraction]:
    return {respondent: draw(weights) for respondent in TIERS}


@st.composite
def questions(draw: st.DrawFn, crowd: dict[str, Fraction]) -> list[Answer]:
    asked = draw(st.lists(st.sampled_from(sorted(crowd)), unique=True, max_size=len(crowd)))
    return [Answer(draw(answers_), draw(figures), crowd[r], TIERS[r], r) for r in asked]


@st.composite
def trees(draw: st.DrawFn, crowd: dict[str, Fraction], id_: str = "T", depth: int = 3) -> Tree:
    size = draw(st.integers(1, 3)) if depth else 0
    calibrated = draw(rarely)
    out = calibrated and draw(st.booleans())
    return Tree(
        id_,
        draw(weights),
        [draw(trees(crowd, f"{id_}.{i}", depth - 1)) for i in range(size)],
        [] if size else draw(questions(crowd)),
        kept=not draw(rarely),
        given=draw(figures) if draw(rarely) else None,
        calibrated=draw(figures) if calibrated and not out else None,
        out=out,
    )


@st.composite
def another_angle(draw: st.DrawFn, tree: Tree, crowd: dict[str, Fraction]) -> Tree:
    """The same nodes, weights and plan; other answers and figures."""
    given_, calibrated = draw(rarely), draw(rarely)
    return Tree(
        tree.id,
        tree.weight,
        [draw(another_angle(child, crowd)) for child in tree.children],
        [] if tree.children else draw(questions(crowd)),
        tree.kept,
        draw(figures) if given_ else None,
        draw(figures) if calibrated else None,
    )


@st.composite
def angles(draw: st.DrawFn) -> tuple[Tree, Tree]:
    crowd = draw(people())
    tree = draw(trees(crowd))
    return tree, draw(another_angle(tree, crowd))


@st.composite
def rules(draw: st.DrawFn) -> Settings:
    shares = draw(st.dictionaries(st.sampled_from(["senior", "middle", "front"]), weights))
    voice, combine = draw(st.sampled_from(["person", "tier"])), draw(st.sampled_from(["mean", "mean", "median"]))
    return Settings(voice, combine, shares, thresholds=THRESHOLDS)


def as_node(tree: Tree) -> Node:
    return Node(
        tree.id,
        float(tree.weight),
        tuple(as_node(child) for child in tree.children),
        tuple(as_vote(answer) for answer in tree.answers),
        tree.kept,
        None if tree.given is None else float(tree.given),
        OUT_OF_SCOPE if tree.out else None if tree.calibrated is None else float(tree.calibrated),
    )


def as_vote(answer: Answer) -> Vote:
    kind = Kind(answer.kind)
    score = float(answer.score) if kind is Kind.SCORED else None
    return Vote(kind, score, float(answer.weight), answer.tier, answer.respondent)


def as_rules(given_: Settings) -> Rules:
    return Rules(
        Scale(float(given_.low), float(given_.high)),
        Ladder(tuple(map(float, given_.thresholds))),
        "tier" if given_.voice == "tier" else "person",
        "median" if given_.combine == "median" else "mean",
        {tier: float(share) for tier, share in given_.tier_shares.items()},
        float(given_.enough),
    )


def same(found: float | None, expected: Fraction | None) -> bool:
    if found is None or expected is None:
        return found is None and expected is None
    return math.isclose(found, float(expected), rel_tol=0, abs_tol=1e-9)


def reachable(tree: Tree) -> set[str]:
    """Ids in scope with all that is above them."""
    if not oracle.in_scope(tree):
        return set()
    return {tree.id}.union(*(reachable(child) for child in tree.children))


@settings(max_examples=300, deadline=None)
@given(people().flatmap(trees), rules())
def test_tree(tree: Tree, given_: Settings) -> None:
    results = scoring.score_tree(as_node(tree), as_rules(given_))
    planned = oracle.planned(tree)
    kept = {node.id: node for node in oracle.nodes(planned)} if planned else {}
    inside = reachable(planned) if planned else set()
    shares = oracle.shares(planned, given_, valued=False) if planned else {}
    valued = oracle.shares(planned, given_, valued=True) if planned else {}

    assert set(results) == {node.id for node in oracle.nodes(tree)}
    for id_, found in results.items():
        assert found.in_scope is (id_ in inside)
        assert same(found.share, shares.get(id_, Fraction(0)))
        assert same(found.valued_share, valued.get(id_, Fraction(0)))
        if id_ not in inside:
            assert (found.score, found.low, found.high, found.coverage, found.level) == (None,) * 5
            assert not found.provisional
        if id_ not in kept:
            assert (found.raw, found.asked, found.source) == (None, 0, "")
            continue
        node = kept[id_]
        kinds = [answer.kind for answer in oracle.answers(node)]
        assert found.asked == len(kinds)
        assert all(getattr(found, kind) == kinds.count(kind) for kind in ("scored", "na", "dk", "blank", "open"))
        assert same(found.response_rate, oracle.response_rate(node))
        assert same(found.raw, oracle.raw(node, given_))
        if id_ in inside:
            low, high = oracle.value(node, given_, given_.low), oracle.value(node, given_, given_.high)
            score = oracle.value(node, given_)
            assert same(found.score, score)
            assert same(found.low, low)
            assert same(found.high, high)
            assert same(found.coverage, oracle.coverage(node, given_))
            assert found.provisional is oracle.provisional(node, given_)
            assert found.level == oracle.level(score, given_)
            assert (found.low_level, found.high_level) == (oracle.level(low, given_), oracle.level(high, given_))


@settings(max_examples=200, deadline=None)
@given(angles(), rules())
def test_gaps(pair: tuple[Tree, Tree], given_: Settings) -> None:
    current, other = (as_node(tree) for tree in pair)
    found = scoring.gaps(
        current,
        other,
        scoring.score_tree(current, as_rules(given_)),
        scoring.score_tree(other, as_rules(given_)),
    )
    mine, theirs = (oracle.planned(tree) for tree in pair)
    if mine is None or theirs is None:
        assert all(gap.value is None for gap in found.values())
        return
    both = reachable(mine)
    for here, there in zip(oracle.nodes(mine), oracle.nodes(theirs), strict=True):
        if here.id in both:
            value, share = oracle.gap(here, there, given_)
            assert same(found[here.id].value, value), here.id
            assert same(found[here.id].weight_share, share), here.id
        else:
            assert found[here.id].value is None


@settings(max_examples=100, deadline=None)
@given(people().flatmap(trees))
def test_agreement(tree: Tree) -> None:
    planned = oracle.planned(tree)
    for node in oracle.nodes(planned) if planned else []:
        own = {respondent: oracle.own_mean(node, respondent) for respondent in TIERS}
        values = [value for value in own.values() if value is not None]
        tiers = {
            tier: oracle.plain_mean(found)
            for tier in ("senior", "middle", "front")
            if (found := [v for r, v in own.items() if v is not None and TIERS[r] == tier])
        }
        found_ = scoring.agreement(as_node(node))
        assert found_.n == len(values)
        assert same(found_.spread, max(values) - min(values) if values else None)
        assert same(None if found_.sd is None else found_.sd**2, oracle.variance(values))
        assert set(found_.tiers) == set(tiers)
        assert all(same(found_.tiers[tier], value) for tier, value in tiers.items())
        apart = max(tiers.values()) - min(tiers.values()) if len(tiers) > 1 else None
        assert same(found_.largest_tier_difference, apart)


@settings(max_examples=500, deadline=None)
@given(
    st.floats(-1e6, 1e6) | st.integers(-(10**7), 10**7).map(lambda n: n / 1000),
    st.integers(0, 4),
)
def test_rounding(x: float, digits: int) -> None:
    expected = oracle.half_away(oracle.fifteen_digits(Fraction(x)), digits)
    assert scoring.round_half_away(x, digits) == float(expected)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_priority_takes_the_best_that_is_ready(data: st.DataObject) -> None:
    ids = [f"I{i}" for i in range(data.draw(st.integers(0, 7)))]
    points = {id_: data.draw(st.integers(0, 300)) / 1000 for id_ in ids if data.draw(st.booleans())}
    urgency = {id_: data.draw(st.integers(1, 3)) for id_ in ids}
    effort = {id_: float(data.draw(st.integers(1, 3))) for id_ in ids}
    # only on earlier ones of a shuffled row, so that there is no ring
    row = data.draw(st.permutations(ids))
    needs = {id_: data.draw(st.lists(st.sampled_from(row[:i]), max_size=2)) for i, id_ in enumerate(row) if i}

    order = scoring.priority(ids, points, urgency, effort, needs)

    assert sorted(order) == sorted(points)
    for i, taken in enumerate(order):
        left = order[i:]
        ready = [id_ for id_ in left if not any(n in left and points[n] > 0 for n in needs.get(id_, []))]
        best = min(
            ready,
            key=lambda id_: (
                -urgency[id_],
                -oracle.half_away(oracle.fifteen_digits(Fraction(points[id_] / effort[id_])), 2),
                ids.index(id_),
            ),
        )
        assert taken == best
