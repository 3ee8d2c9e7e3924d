"""scoring's text twin: formula text for Excel 2016, made from cell references. Knows nothing of CRM.

Arguments are formula text: a cell ("$E$5"), a range ("$E$5:$E$9") or an expression; results come without "=".
Two conventions carry scope and absence through every sheet:

- a **value** cell holds a number, or text (as a rule "") where there is no value;
- a **weight** cell holds a number >= 0 where its node is in scope, and "" where it is out of scope.

A **calibration** cell holds a score, other text to take the node out of scope, or nothing.

Ranges given together have one shape and one direction. Text in them counts as nothing, so that a sheet may show a
dash or the word for "not applicable" in a value cell and still be added up. A weight cell is never left empty.
"""

from collections.abc import Iterable, Sequence

Scale = tuple[float, float]
"""The two ends of the answer scale."""


def number(value: float) -> str:
    """A number as formula text, to 15 significant digits."""
    return f"{value:.15g}"


def quoted(text: str) -> str:
    """Text as a formula's string. Raises ValueError where Excel could not hold it (over 255 characters)."""
    if len(text) > 255:
        raise ValueError(f"{len(text)} characters are too many for a string in a formula")
    return '"' + text.replace('"', '""') + '"'


def rounded(value: str, decimals: int = 2) -> str:
    """The figure that is shown; "" without one (scoring.md rule 14: Excel's ROUND is the rule)."""
    return f'IF(ISNUMBER({value}),ROUND({value},{decimals}),"")'


# --- from votes to a question (rules 3 and 6)


def combine_person(scores: str, weights: str, scale: Scale | None = None) -> str:
    """A question's value from its scores and the persons' weights; "" where no score carries weight (rule 3).

    With `scale`, here and below, only numbers on it are scores: for cells that people type into (rule 1).
    """
    if scale is None:
        return weighted_mean(scores, weights)
    low, high = map(number, scale)
    inside = f"ISNUMBER({scores})*({scores}>={low})*({scores}<={high})"
    total = f"SUMPRODUCT({inside},{weights})"
    return f'IF({total}=0,"",SUMPRODUCT({inside},{scores},{weights})/{total})'


def combine_tier(tiers: Iterable[tuple[str, str]], scale: Scale | None = None) -> str:
    """A question's value from (scores, share) of each tier: share times mean, over the tiers that scored (rule 3)."""
    pairs = [(count_scores(scores, scale), _sum_scores(scores, scale), share) for scores, share in tiers]
    points = "+".join(f"IF({count}=0,0,{total}/{count}*{share})" for count, total, share in pairs)
    shares = "+".join(f"({count}>0)*{share}" for count, _, share in pairs)
    return f'IF({shares}=0,"",({points})/({shares}))'


def combine_median(scores: str, scale: Scale | None = None) -> str:
    """A question's value as the median of the bare scores, unweighted (rule 3)."""
    count = count_scores(scores, scale)
    if scale is None:
        return f'IF({count}=0,"",MEDIAN({scores}))'
    below = f'COUNTIF({scores},"<{number(scale[0])}")'
    middle = "+".join(f"SMALL({scores},{below}+INT(({count}+{place})/2))" for place in (1, 2))
    return f'IF({count}=0,"",({middle})/2)'


def count_scores(scores: str, scale: Scale | None = None) -> str:
    """How many scores there are among the cells (rules 1 and 6)."""
    if scale is None:
        return f"COUNT({scores})"
    return f"COUNTIFS({_on_scale(scores, scale)})"


def _sum_scores(scores: str, scale: Scale | None) -> str:
    return f"SUM({scores})" if scale is None else f"SUMIFS({scores},{_on_scale(scores, scale)})"


def _on_scale(scores: str, scale: Scale) -> str:
    low, high = map(number, scale)
    return f'{scores},">={low}",{scores},"<={high}"'


def mean(scores: str) -> str:
    """Plain mean, as of one tier; "" without a score (rules 3 and 10)."""
    return f'IF(COUNT({scores})=0,"",SUM({scores})/COUNT({scores}))'


def question_weight(weight: str, asked: str, na: str, in_scope: str = "TRUE") -> str:
    """The weight a question carries in its scope: "" where dropped, or where everyone asked said NA (rule 6).

    `in_scope` is a condition: that neither plan nor scope drops it.
    """
    return f'IF(AND({in_scope},OR({asked}=0,{na}<{asked})),{weight},"")'


def node_weight(weight: str, children_weights: str, in_scope: str = "TRUE") -> str:
    """The weight a parent carries: "" where dropped, or where nothing beneath it is in scope (rule 6)."""
    return f'IF(AND({in_scope},COUNT({children_weights})>0),{weight},"")'


def response_rate(scored: str, asked: str, na: str) -> str:
    """scored / (asked - NA); "" where nobody could have answered (rule 6)."""
    return f'IF({asked}-{na}=0,"",{scored}/({asked}-{na}))'


# --- from children to their parent (rules 2, 4, 6 and 11)


def weighted_mean(values: str, weights: str) -> str:
    """The weighted mean of the children that have a value; "" where there are none, or they weigh nothing (rule 4)."""
    total = f"SUMPRODUCT(--ISNUMBER({values}),{weights})"
    return f'IF({total}=0,"",SUMPRODUCT({values},{weights})/{total})'


def bound(value: str, end: str) -> str:
    """A question's low or high: its value, else that end of the scale; rolled up by `weighted_mean` (rule 6)."""
    return f"IF(ISNUMBER({value}),{value},{end})"


def covered(value: str) -> str:
    """How much of a question is covered: 1 with a value, else 0 (rule 6)."""
    return f"IF(ISNUMBER({value}),1,0)"


def portion(portions: str, weights: str) -> str:
    """The children's portions rolled up by weight: the part of a node that is covered, reached or compared.

    0 where the weights in scope sum to 0: no share of the node falls to its children (rules 6 and 8).
    """
    return f"IF(SUM({weights})=0,0,SUMPRODUCT({portions},{weights})/SUM({weights}))"


def coverage(covered: str, reached: str, weight: str) -> str:
    """Covered effective weight / effective weight in scope; "" where the node is out of scope (rule 6).

    Both are portions; `reached` is 1 at every question, and stays 1 above it unless weights in scope sum to 0.
    """
    return f'IF(ISNUMBER({weight}),{_ratio(covered, reached)},"")'


def first_number(*values: str) -> str:
    """The first of the cells that holds a number, else "": calibrated before given before rolled up (rules 2, 11)."""
    text = '""'
    for value in reversed(values):
        text = f"IF(ISNUMBER({value}),{value},{text})"
    return text


def figure_weight(weight: str, plain_weight: str, given: str, calibrated: str, in_scope: str = "TRUE") -> str:
    """The weight once figures have been put at the node: they bring it back into scope, unless the plan drops it.

    `plain_weight` is that of `question_weight` or `node_weight` (rules 2 and 11).
    """
    uncalibrated = f'IF(LEN({calibrated})>0,"",IF(ISNUMBER({given}),{weight},{plain_weight}))'
    return f'IF({in_scope},IF(ISNUMBER({calibrated}),{weight},{uncalibrated}),"")'


def figure_covered(covered: str, given: str) -> str:
    """What is covered once figures have been put at the node: all by a given one (rules 2, 11)."""
    return f"IF(ISNUMBER({given}),1,{covered})"


def figure_reached(reached: str, given: str, calibrated: str) -> str:
    """The portion that can be covered at all, once figures have been put at the node: never 0 (rules 2 and 11)."""
    return f"IF(OR(ISNUMBER({given}),AND(ISNUMBER({calibrated}),{reached}=0)),1,{reached})"


def within(weight: str, parent_within: str = "TRUE") -> str:
    """TRUE where the node and all above it are in scope (rules 5 and 11)."""
    return f"AND(ISNUMBER({weight}),{parent_within})"


def only_within(value: str, within: str) -> str:
    """The value where the node is in scope, else "" (rule 4)."""
    return f'IF({within},{value},"")'


def effective_share(weight: str, siblings: str, parent_share: str) -> str:
    """A node's share of the root over the siblings in scope; 0 out of scope (rule 6)."""
    return f"IF(ISNUMBER({weight}),IF(SUM({siblings})=0,0,{parent_share}*{weight}/SUM({siblings})),0)"


def valued_share(value: str, weight: str, values: str, weights: str, parent_share: str) -> str:
    """A node's share of the root over the siblings in scope that have a value; 0 without one (rule 9)."""
    total = f"SUMPRODUCT(--ISNUMBER({values}),{weights})"
    own = f"IF({total}=0,0,{parent_share}*{weight}/{total})"
    return f"IF(ISNUMBER({value}),IF(ISNUMBER({weight}),{own},0),0)"


# --- levels (rule 7)


def level(score: str, thresholds: Sequence[float], decimals: int = 2) -> str:
    """The level, 1 or more, that the rounded score has reached; "" without a score (rules 7 and 14).

    The first threshold is the scale's low end. Counted, not matched: LibreOffice's MATCH misses the last place of an
    array that is written out.
    """
    ladder = ",".join(number(threshold) for threshold in thresholds)
    reached = f"SUMPRODUCT(--(ROUND({score},{decimals})>={{{ladder}}}))"
    return f'IF(ISNUMBER({score}),{reached},"")'


def level_name(level: str, names: Iterable[str]) -> str:
    """The name of a level; `names` are formula text, from level 1 up: cells, or `quoted` words (rule 7)."""
    return f'IF(ISNUMBER({level}),CHOOSE({level},{",".join(names)}),"")'


def gated_level(total_level: str, dimension_levels: str) -> str:
    """min(plain level, lowest dimension level + 1), over the dimensions that have a level (rule 7)."""
    gate = f"IF(COUNT({dimension_levels})=0,{total_level},MIN({dimension_levels})+1)"
    return f'IF(ISNUMBER({total_level}),MIN({total_level},{gate}),"")'


def provisional(coverage: str, response_rate: str, limit: str, decimals: int = 2) -> str:
    """TRUE where the rounded coverage or response rate is under `limit`; FALSE out of scope (rules 6 and 14)."""
    slow = f"IF(ISNUMBER({response_rate}),ROUND({response_rate},{decimals})<{limit},FALSE)"
    return f"IF(ISNUMBER({coverage}),OR(ROUND({coverage},{decimals})<{limit},{slow}),FALSE)"


# --- gaps, importance, order (rules 8, 9 and 14)


def gap(current: str, other: str) -> str:
    """other - current, "" unless both stand: at a question, or where one side is a single figure (rule 8)."""
    return f'IF(AND(ISNUMBER({current}),ISNUMBER({other})),{other}-{current},"")'


def node_gap(current: str, other: str, figures: str, children_gaps: str, weights: str) -> str:
    """Above a question: like for like, the weighted mean of the gaps of the children that have one (rule 8).

    `figures` are the cells that may hold a single figure for the node, given or calibrated on either side, parted by
    commas: where one does, `gap` holds.
    """
    return f"IF(COUNT({figures})>0,{gap(current, other)},{weighted_mean(children_gaps, weights)})"


def node_compared(gap: str, figures: str, children_compared: str, weights: str) -> str:
    """The portion of a node that its gap rests on; at a question, `covered` of its gap (rule 8)."""
    return f"IF(COUNT({figures})>0,{covered(gap)},{portion(children_compared, weights)})"


def node_reached(figures: str, children_reached: str, weights: str) -> str:
    """The portion of a node that a gap could rest on; 1 at a question (rule 8)."""
    return f"IF(COUNT({figures})>0,1,{portion(children_reached, weights)})"


def gap_share(compared: str, reached: str) -> str:
    """The share, in [0, 1], of the node's weight in scope that its gap rests on (rule 8)."""
    return _ratio(compared, reached)


def importance(share: str, to_target: str, to_benchmark: str, setting: str = "target") -> str:
    """Points of total that closing the gap would add, not below 0; "" without a gap (rule 9).

    `share` is a `valued_share`, both gaps are cells; `setting` "target", "benchmark" (each else the other) or "larger".
    Raises KeyError on another setting.
    """
    gap = {
        "target": first_number(to_target, to_benchmark),
        "benchmark": first_number(to_benchmark, to_target),
        "larger": f"MAX({to_target},{to_benchmark})",
    }[setting]
    return f'IF(COUNT({to_target},{to_benchmark})=0,"",{share}*MAX({gap},0))'


def rank_key(points: str, decimals: int = 2) -> str:
    """What importance is ranked by: rounded, and "" where nothing is to be gained (rules 9 and 14).

    Points within 1e-9 of 0 are 0, as far as two engines can tell.
    """
    return f'IF(ISNUMBER({points}),IF({points}>1E-9,ROUND({points},{decimals}),""),"")'


def rank(key: str, keys: str, keys_so_far: str) -> str:
    """1 for the largest; of equals the first in catalogue order comes first; "" without a key (rules 9 and 14).

    `keys` are cells with rounded figures, in catalogue order; `keys_so_far` those from the first to `key` itself.
    """
    return f'IF(ISNUMBER({key}),RANK({key},{keys})+COUNTIF({keys_so_far},{key})-1,"")'


def order_turn(key: str, keys: str, keys_so_far: str) -> str:
    """A whole number for each key, the larger the earlier; of equals the first in catalogue order; 0 without a key.

    Arguments as those of `rank`. What `next_turn` picks from.
    """
    return f"IF(ISNUMBER({key}),COUNT({keys})+1-({rank(key, keys, keys_so_far)}),0)"


def next_turn(turns: str, numbers: str, befores: Iterable[str], taken: str) -> str:
    """The turn of whoever comes next: the largest among those ready; 0 where nobody is (rules 9 and 13).

    `turns`: cells of `order_turn`; `numbers`: their places, from 1; `befores`: ranges that hold, for each, the place
    of one that has to come first, 0 where there is none or it holds nobody up; `taken`: a cell with 0, and below it
    the places taken so far. One step of an order, one cell.
    """
    ready = "".join(f"*(COUNTIF({taken},{before})>0)" for before in befores)
    return f"SUMPRODUCT(MAX((COUNTIF({taken},{numbers})=0){ready}*{turns}))"


def taken_next(turn: str, turns: str) -> str:
    """The place, from 1, of the one whose turn it is; "" where nobody is left."""
    return f'IF({turn}>0,MATCH({turn},{turns},0),"")'


def path_total(before: str, taken: str, points: str, threshold: str, decimals: int = 2) -> str:
    """The total once the next step of the efficient path is taken; "" where the path has ended (rule 13).

    `before`: the total before it; `taken`: the cell of `taken_next`; `points`: cells with the points of all.
    """
    step = f'IF(ROUND({before},{decimals})<{threshold},{before}+INDEX({points},{taken}),"")'
    return f'IF(AND(ISNUMBER({before}),ISNUMBER({taken})),{step},"")'


# --- agreement (rule 10)


def spread(scores: str) -> str:
    """max - min of the scores; "" without one (rule 10)."""
    return f'IF(COUNT({scores})=0,"",MAX({scores})-MIN({scores}))'


def deviation(scores: str) -> str:
    """Population standard deviation of the scores; "" without one (rule 10)."""
    return f'IF(COUNT({scores})=0,"",STDEVP({scores}))'


def _ratio(part: str, whole: str) -> str:
    return f"IF({whole}=0,0,{part}/{whole})"
