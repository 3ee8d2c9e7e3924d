"""Formula text together with the value it has: every live formula is written with both.

The text comes from `formulas`, the value from `scoring`; the two engines are one truth (design.md). Absent values
are None here and "" in a cell, as `formulas` has it.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeGuard

from cmme_xl import formulas, scoring
from cmme_xl.scoring import round_half_away
from cmme_xl.spreadsheet import Formula

LONGEST = 250
"""Characters of one string in a formula; Excel holds 255."""

_NUMBERS = (float, int)
Value = float | int | str | bool | None


class Expression(Formula):
    """Formula text without "=" (a cell's address, a constant, anything) and its value."""

    __slots__ = ()

    @property
    def number(self) -> float | None:
        """The value where it is a number, else None."""
        return float(self.value) if is_number(self.value) else None


class Constant(Expression):
    """Formula text that is nothing but its value."""

    __slots__ = ()


class Block(NamedTuple):
    """A one-column or one-row range and the values of its cells, in order."""

    text: str
    values: tuple[Value, ...]

    @property
    def numbers(self) -> list[float | None]:
        return [float(value) if type(value) in _NUMBERS else None for value in self.values]  # type: ignore[arg-type]


def is_number(value: Value) -> TypeGuard[float]:
    """Whether Excel's ISNUMBER says so."""
    return type(value) in _NUMBERS


def constant(value: Value) -> Expression:
    """A constant as formula text."""
    if value is None:
        return Constant('""', None)
    if isinstance(value, str):
        pieces = [value[i : i + LONGEST] for i in range(0, len(value), LONGEST)] if len(value) > LONGEST else [value]
        return Constant("&".join(map(formulas.quoted, pieces)), value)
    if isinstance(value, bool):
        return Constant("TRUE" if value else "FALSE", value)
    return Constant(formulas.number(value), value)


NONE, ZERO, ONE = constant(None), constant(0.0), constant(1.0)


def choose(condition: Expression, yes: Expression, no: Expression) -> Expression:
    """IF(condition, yes, no)."""
    return Expression(f"IF({condition.text},{yes.text},{no.text})", yes.value if condition.value else no.value)


def has(value: Expression) -> Expression:
    """Whether there is a number."""
    return Expression(f"ISNUMBER({value.text})", is_number(value.value))


def filled(value: Expression) -> Expression:
    """Whether a cell holds anything: a number, or text that is not empty."""
    return Expression(f"LEN({value.text})>0", value.value not in (None, ""))


def same(left: Expression, right: Expression) -> Expression:
    return Expression(f"{left.text}={right.text}", left.value == right.value)


def both(*conditions: Expression) -> Expression:
    return Expression(f"AND({','.join(each.text for each in conditions)})", all(each.value for each in conditions))


def either(*conditions: Expression) -> Expression:
    return Expression(f"OR({','.join(each.text for each in conditions)})", any(each.value for each in conditions))


def above_zero(value: Expression) -> Expression:
    return Expression(f"{value.text}>0", (value.number or 0.0) > 0)


# --- from children to their parent


def mean(values: Block, weights: Block) -> Expression:
    """Weighted mean of the children that have a value (scoring.md rule 4)."""
    pairs = zip(values.numbers, (weight or 0.0 for weight in weights.numbers), strict=True)
    return Expression(formulas.weighted_mean(values.text, weights.text), scoring.weighted_mean(pairs))


def portion(portions: Block, weights: Block) -> Expression:
    """Covered, reached or compared weight, rolled up (scoring.md rules 6 and 8)."""
    inside = [(p or 0.0, w) for p, w in zip(portions.numbers, weights.numbers, strict=True) if w is not None]
    return Expression(formulas.portion(portions.text, weights.text), scoring.weighted_mean(inside) or 0.0)


def valued(block: Block) -> Block:
    """1 for each cell with a number, else 0."""
    return Block(f"--ISNUMBER({block.text})", tuple(float(is_number(value)) for value in block.values))


def total(block: Block) -> Expression:
    return Expression(f"SUM({block.text})", sum(number or 0.0 for number in block.numbers))


def product_total(left: Block, right: Block) -> Expression:
    pairs = zip(left.numbers, right.numbers, strict=True)
    return Expression(f"SUMPRODUCT({left.text},{right.text})", sum((a or 0.0) * (b or 0.0) for a, b in pairs))


def count(block: Block) -> Expression:
    return Expression(f"COUNT({block.text})", sum(map(is_number, block.values)))


def with_figures(figures: Sequence[Expression], rolled_up: Expression) -> Expression:
    """The first of the figures put at the node, else what its children come to (scoring.md rules 2 and 11)."""
    found = rolled_up
    for figure in reversed(figures):
        found = choose(has(figure), figure, found)
    return found


# --- one node's figures


def bound(value: Expression, end: float) -> Expression:
    """A question's own low or high (scoring.md rule 6)."""
    shown = value.value if is_number(value.value) else end
    return Expression(formulas.bound(value.text, formulas.number(end)), shown)


def covered(value: Expression) -> Expression:
    return Expression(formulas.covered(value.text), float(is_number(value.value)))


def coverage(covered: Expression, reached: Expression, weight: Expression) -> Expression:
    """Covered of in-scope effective weight (scoring.md rule 6)."""
    inside = covered.number is not None and weight.number is not None
    value = (covered.number / reached.number if reached.number else 0.0) if inside else None  # type: ignore[operator]
    return Expression(formulas.coverage(covered.text, reached.text, weight.text), value)


def response_rate(scored: Expression, asked: Expression, na: Expression) -> Expression:
    answerable = (asked.number or 0.0) - (na.number or 0.0)
    value = (scored.number or 0.0) / answerable if answerable else None
    return Expression(formulas.response_rate(scored.text, asked.text, na.text), value)


def level(score: Expression, thresholds: Sequence[float], decimals: int) -> Expression:
    value = scoring.level(score.number, scoring.Ladder(tuple(thresholds)), decimals)
    return Expression(formulas.level(score.text, thresholds, decimals), value)


def provisional(coverage: Expression, rate: Expression, limit: float) -> Expression:
    rates = [each for each in (coverage.number, rate.number) if each is not None]
    value = coverage.number is not None and any(round_half_away(each, 2) < limit for each in rates)
    return Expression(formulas.provisional(coverage.text, rate.text, formulas.number(limit)), value)


def gap(current: Expression, other: Expression) -> Expression:
    """other - current where both stand (scoring.md rule 8)."""
    here, there = current.number, other.number
    value = None if here is None or there is None else there - here
    return Expression(formulas.gap(current.text, other.text), value)


def gap_share(compared: Expression, reached: Expression) -> Expression:
    value = (compared.number or 0.0) / reached.number if reached.number else 0.0
    return Expression(formulas.gap_share(compared.text, reached.text), value)


def valued_share(
    value: Expression, weight: Expression, values: Block, weights: Block, parent: Expression
) -> Expression:
    """Share of the total over the siblings that have a value (scoring.md rule 9)."""
    all_weight = sum(w for v, w in zip(values.numbers, weights.numbers, strict=True) if v is not None and w)
    inside = value.number is not None and weight.number is not None and all_weight
    found = (parent.number or 0.0) * (weight.number or 0.0) / all_weight if inside else 0.0
    text = formulas.valued_share(value.text, weight.text, values.text, weights.text, parent.text)
    return Expression(text, found)


def effective_share(weight: Expression, siblings: Block, parent: Expression) -> Expression:
    """Share of the total over the siblings in scope (scoring.md rule 6)."""
    all_weight = sum(number or 0.0 for number in siblings.numbers)
    found = (parent.number or 0.0) * (weight.number or 0.0) / all_weight if all_weight else 0.0
    return Expression(formulas.effective_share(weight.text, siblings.text, parent.text), found)


# --- orders


def ranks(keys: Block, addresses: Sequence[str]) -> list[Expression]:
    """Of each key 1 for the largest; of equals the first in catalogue order (scoring.md rules 9 and 14).

    `addresses` are those of the keys' cells.
    """
    numbers = {place: key for place, key in enumerate(keys.numbers) if key is not None}
    falling = sorted(numbers, key=lambda place: -numbers[place])  # equals stay in their order
    values = {place: rank for rank, place in enumerate(falling, 1)}
    return [
        Expression(formulas.rank(address, keys.text, f"{addresses[0]}:{address}"), values.get(place))
        for place, address in enumerate(addresses)
    ]


# --- words


def shown(value: Expression, pattern: str = "0.00") -> Expression:
    """TEXT(value, pattern) of a number for the patterns 0, 0.0, 0.00 and 0%, "–" without a number.

    Rounded first: ROUND takes halves away from zero in every engine, TEXT does not (scoring.md rule 14).
    """
    digits = 2 if pattern.endswith("%") else len(pattern.partition(".")[2])
    text = f'IF(ISNUMBER({value.text}),TEXT(ROUND({value.text},{digits}),"{pattern}"),"–")'
    return Expression(text, as_shown(value.number, pattern))


def as_shown(number: float | None, pattern: str = "0.00") -> str:
    """What `shown` comes to."""
    if number is None:
        return "–"
    if pattern.endswith("%"):
        return f"{round_half_away(number * 100, 0):.0f}%"
    digits = len(pattern.partition(".")[2])
    return f"{round_half_away(number, digits):.{digits}f}"


def positive(value: Expression) -> Expression:
    """The number without its sign."""
    found = None if value.number is None else abs(value.number)
    return Expression(f"ABS({value.text})", found)


def sentence(template: str, **parts: Expression) -> Expression:
    """A wording with {placeholders}, filled live: literal pieces and the parts' formulas joined by &."""
    pieces: list[Expression] = []
    rest = template
    while rest:
        before, opened, after = rest.partition("{")
        pieces += [constant(before)] if before else []
        name, _, rest = after.partition("}")
        if opened:
            pieces.append(parts[name])
    return joined(pieces)


def joined(pieces: Iterable[Expression]) -> Expression:
    """The pieces' texts joined by &."""
    found = list(pieces)
    if not found:
        return constant("")
    if len(found) == 1 and isinstance(found[0].value, str):
        return found[0]
    return Expression("&".join(piece.text for piece in found), "".join(_as_text(piece.value) for piece in found))


def _as_text(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.15g}"
    return str(value)


# --- an order of doing (scoring.md rules 9 and 13)


def order_turns(keys: Block, addresses: Sequence[str]) -> list[Expression]:
    """Of each key a whole number, the larger the earlier; 0 without one; arguments as those of `ranks`."""
    there = sum(map(is_number, keys.values))
    return [
        Expression(
            formulas.order_turn(address, keys.text, f"{addresses[0]}:{address}"),
            0 if rank.number is None else there + 1 - rank.number,
        )
        for address, rank in zip(addresses, ranks(keys, addresses), strict=True)
    ]


def next_turn(turns: Block, numbers: Block, befores: Sequence[Block], taken: Block) -> Expression:
    """The turn of whoever comes next, 0 where nobody is ready."""
    gone, waits = set(taken.numbers), [before.numbers for before in befores]
    ready = [
        turn or 0.0
        for place, (turn, number) in enumerate(zip(turns.numbers, numbers.numbers, strict=True))
        if number not in gone and all(before[place] in gone for before in waits)
    ]
    text = formulas.next_turn(turns.text, numbers.text, [before.text for before in befores], taken.text)
    return Expression(text, max(ready, default=0.0))


def taken_next(turn: Expression, turns: Block) -> Expression:
    """The place, from 1, of the one whose turn it is."""
    value = turns.numbers.index(turn.number) + 1 if turn.number else None
    return Expression(formulas.taken_next(turn.text, turns.text), value)


def path_total(
    before: Expression, taken: Expression, points: Block, threshold: Expression, decimals: int
) -> Expression:
    """The total after the next step of the efficient path, none where the path has ended (scoring.md rule 13)."""
    value = None
    goes_on = before.number is not None and taken.number is not None and threshold.number is not None
    if goes_on and round_half_away(before.number or 0.0, decimals) < (threshold.number or 0.0):
        value = (before.number or 0.0) + (points.numbers[int(taken.number or 1) - 1] or 0.0)
    text = formulas.path_total(before.text, taken.text, points.text, threshold.text, decimals)
    return Expression(text, value)


def picked(shown: Block, place: Expression) -> Expression:
    """What stands in `shown` at a place from 1; "" without a place."""
    value = None if place.number is None else shown.values[int(place.number) - 1]
    return Expression(f'IF(ISNUMBER({place.text}),INDEX({shown.text},{place.text}),"")', value)
