"""What a curious reader does with a client's file: take every number that lies anywhere in it, and do sums.

`numbers` reads all parts: cells with their cached values, formulas' constants, defined names, chart caches. `solved`
knows how scores roll up, and what it cannot read off it works out.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

NUMBER = re.compile(r"-?\d+\.\d{4,}(?:[eE][+-]?\d+)?")
SAME = 1e-7


def numbers(data: bytes) -> set[float]:
    """Every number with four decimals or more in any part of the file, whatever it stands in."""
    found: set[float] = set()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")) and "theme" not in name and "styles" not in name:
                found |= {float(text) for text in NUMBER.findall(archive.read(name).decode("utf-8", "replace"))}
    return found


def holds(values: Iterable[float], wanted: float) -> bool:
    return any(abs(value - wanted) < SAME for value in values)


def missing_one(whole: float, parts: Sequence[tuple[float | None, float]]) -> float | None:
    """The one unknown among (value, weight) whose weighted mean is `whole`; None where there are more, or none."""
    unknown = [weight for value, weight in parts if value is None]
    if len(unknown) != 1 or not unknown[0]:
        return None
    weights = sum(weight for _, weight in parts)
    known = sum(value * weight for value, weight in parts if value is not None)
    return (whole * weights - known) / unknown[0]


def solved(
    wholes: Mapping[str, float | None], parts: Mapping[str, Sequence[tuple[str, float]]], known: Mapping[str, float]
) -> dict[str, float]:
    """What follows from `known` leaves and the `wholes` they roll up to: whole -> (leaf, weight) of all its parts.

    Differences of two wholes are used too: what is in one but not in the other has a mean of its own.
    """
    found = dict(known)
    sets = {whole: dict(own) for whole, own in parts.items() if wholes.get(whole) is not None}
    for one, other in combinations(list(sets), 2):
        for large, small in ((one, other), (other, one)):
            if sets[small].keys() < sets[large].keys():
                rest = {leaf: weight for leaf, weight in sets[large].items() if leaf not in sets[small]}
                share = {each: sum(sets[each].values()) for each in (large, small)}
                total = (wholes[large] or 0.0) * share[large] - (wholes[small] or 0.0) * share[small]
                sets[f"{large}-{small}"] = rest
                wholes = {**wholes, f"{large}-{small}": total / sum(rest.values())}
    moved = True
    while moved:
        moved = False
        for whole, own in sets.items():
            score = wholes.get(whole)
            value = None if score is None else missing_one(score, [(found.get(leaf), w) for leaf, w in own.items()])
            if value is not None:
                leaf = next(leaf for leaf in own if leaf not in found)
                found[leaf] = value
                moved = True
    return found
