"""What must hold of a catalogue's content. Every fault is found at once; none stops the search."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from itertools import chain, pairwise

from cmme_xl.catalogue.model import (
    EFFORTS,
    GROUP_ANGLES,
    MINUTES,
    NATURES,
    WEIGHT_MOST,
    Catalogue,
    Dimension,
    Group,
    Indicator,
    Question,
    Text,
)
from cmme_xl.catalogue.wordings import duplicates, fault, wordings
from cmme_xl.findings import Finding, Place

ADVICE = ("diagnosis", "tactical", "strategic")
SHARES = ("provisional_below", "applicability_na_share")
MOST = {"decimals": 6, "importance_decimals": 6} | dict.fromkeys(SHARES, 1)
MOST_ELSE = 1_000
"""Limits are at most this: minutes, days, people, items."""
ID = re.compile("[A-Za-z0-9]+(-[A-Za-z0-9]+)*")


def check(catalogue: Catalogue) -> tuple[Finding, ...]:
    """All faults of `catalogue`, errors and warnings: ids, numbers, languages and lengths, weights and minutes, what
    an indicator is and needs, advice, tiers and askers, interview time, duplicates, ladders, scale, groups, limits;
    each rule in catalogue order."""
    return tuple(
        chain(
            _ids(catalogue),
            _numbers(catalogue),
            wordings(catalogue),
            _weights(catalogue),
            _kinds(catalogue),
            _prerequisites(catalogue),
            _advice(catalogue),
            _askers(catalogue),
            _interview_minutes(catalogue),
            duplicates(catalogue),
            _ladders(catalogue),
            _scale(catalogue),
            _groups(catalogue),
            _limits(catalogue),
        )
    )


def _families(catalogue: Catalogue) -> Iterator[tuple[str, Sequence[Dimension | Indicator | Question]]]:
    """Every id that has something below it, with what that is; the catalogue's own first."""
    yield catalogue.id, catalogue.dimensions
    for dimension in catalogue.dimensions:
        yield dimension.id, dimension.indicators
        yield from ((indicator.id, indicator.questions) for indicator in dimension.indicators)


def _ids(catalogue: Catalogue) -> Iterator[Finding]:
    reserved = {*catalogue.retired, *(question.id for question in catalogue.off)}
    first: dict[str, str] = {}
    for parent, children in _families(catalogue):
        for node in children:
            if node.id in first:
                yield fault("CAT_003", node.id, first=first[node.id])
            first.setdefault(node.id, parent)
            if not ID.fullmatch(node.id):
                yield fault("CAT_030", node.id)
            if node.id in reserved:
                yield fault("CAT_026", node.id)
            if not isinstance(node, Dimension) and not node.id.startswith(f"{parent}-"):
                yield fault("CAT_014", node.id, parent=parent)
            if isinstance(node, Question) and node.rev < 1:
                yield fault("CAT_029", node.id, field="rev", rev=node.rev)


def _numbers(catalogue: Catalogue) -> Iterator[Finding]:
    for expected, dimension in enumerate(catalogue.dimensions, 1):
        if dimension.number != expected:
            yield fault("CAT_006", dimension.id, field="number", found=dimension.number, expected=expected)
    for expected, indicator in enumerate(catalogue.indicators, 1):
        if indicator.number != expected:
            yield fault("CAT_006", indicator.id, field="number", found=indicator.number, expected=expected)


def _weights(catalogue: Catalogue) -> Iterator[Finding]:
    low, high = MINUTES
    for parent, children in _families(catalogue):
        for node in children:
            if not 0 <= node.weight <= WEIGHT_MOST:
                yield fault("CAT_008", node.id, field="weight", weight=f"{node.weight:g}", most=f"{WEIGHT_MOST:,}")
            if isinstance(node, Question) and not low <= node.minutes <= high:
                found = {"minutes": f"{node.minutes:g}", "low": f"{low:g}", "high": f"{high:g}"}
                yield fault("CAT_017", node.id, field="minutes", **found)
        if children and not any(node.weight for node in children):
            yield fault("CAT_045", children[0].id, field="weight", parent=parent)


def _kinds(catalogue: Catalogue) -> Iterator[Finding]:
    blocks = [block.id for block in catalogue.blocks]
    low, high = EFFORTS
    for indicator in catalogue.indicators:
        for field, known in (("block", blocks), ("nature", NATURES)):
            found = getattr(indicator, field)
            if found not in known:
                yield fault("CAT_021", indicator.id, field=field, found=found, known=", ".join(known))
        if not low <= indicator.effort <= high:
            yield fault("CAT_021", indicator.id, field="effort", found=indicator.effort, known=f"{low}-{high}")


def _prerequisites(catalogue: Catalogue) -> Iterator[Finding]:
    needs = {indicator.id: indicator.prerequisites for indicator in catalogue.indicators}
    for node, needed in needs.items():
        for other in needed:
            if other not in needs:
                yield fault("CAT_022", node, field="prerequisites", other=other)
    done: set[str] = set()
    for node in needs:
        if circle := _circle(node, needs, [], done):
            yield fault("CAT_023", circle[0], field="prerequisites", circle=" → ".join(circle))


def _circle(node: str, needs: Mapping[str, tuple[str, ...]], path: list[str], done: set[str]) -> list[str]:
    """The first circle of prerequisites met from `node` on, its first member again at the end; none: empty."""
    if node in path:
        done.update(path)
        return [*path[path.index(node) :], node]
    if node in done:
        return []
    for other in needs.get(node, ()):
        if circle := _circle(other, needs, [*path, node], done):
            return circle
    done.add(node)
    return []


def _advice(catalogue: Catalogue) -> Iterator[Finding]:
    """Every indicator has a text for every band and for nothing else."""
    bands = [band.id for band in catalogue.bands]
    for indicator in catalogue.indicators:
        for field in ADVICE:
            texts: Mapping[str, Text] = getattr(indicator, field)
            for band in [band for band in bands if band not in texts] + [band for band in texts if band not in bands]:
                yield fault("CAT_024", indicator.id, field=f"{field}.{band}", known=", ".join(bands))


def _askers(catalogue: Catalogue) -> Iterator[Finding]:
    known = [tier.id for tier in catalogue.tiers]
    listed = {question for group in catalogue.groups for question in group.questions}
    for question in catalogue.questions.values():
        if not question.tiers and question.id not in listed:
            yield fault("CAT_046", question.id, field="tiers")
        for tier in question.tiers:
            if tier not in known:
                yield fault("CAT_007", question.id, field="tiers", tier=tier, known=", ".join(known))
    for dimension in catalogue.dimensions:
        if not dimension.indicators:
            yield fault("CAT_009", dimension.id, field="questions")
        for indicator in dimension.indicators:
            if not indicator.questions:
                yield fault("CAT_009", indicator.id, field="questions")
            elif not any(question.short for question in indicator.questions):
                yield fault("CAT_010", indicator.id, field="questions.short")
            asked = {tier for question in indicator.questions for tier in question.tiers}
            if asked and len(asked) < min(2, len(known)):
                yield fault("CAT_011", indicator.id, field="questions.tiers", found=len(asked))


def _interview_minutes(catalogue: Catalogue) -> Iterator[Finding]:
    for group in catalogue.groups:
        low, high = catalogue.minutes_of(group.id)
        minutes = sum(question.minutes for question in catalogue.asked_of(group.id))
        if not low <= minutes <= high:
            yield Finding(
                "CAT_012",
                values={
                    "id": f"group {group.id}",
                    "field": "asked",
                    "tier": group.name,
                    "minutes": f"{minutes:g}",
                    "low": f"{low:g}",
                    "high": f"{high:g}",
                },
            )


def _ladders(catalogue: Catalogue) -> Iterator[Finding]:
    levels = [(f"level {level.number}", level.threshold) for level in catalogue.levels]
    bands = [(f"band {band.id}", band.threshold) for band in catalogue.bands]
    yield from _thresholds("CAT_015", levels, catalogue)
    yield from _thresholds("CAT_028", bands, catalogue)
    numbers = {
        "level": [level.number for level in catalogue.levels],
        "realm": [realm.number for realm in catalogue.realms],
    }
    for name, found in numbers.items():
        for expected, number in enumerate(found, 1):
            if number != expected:
                yield fault("CAT_006", f"{name} {expected}", field="number", found=number, expected=expected)


def _thresholds(code: str, rungs: Sequence[tuple[str, float]], catalogue: Catalogue) -> Iterator[Finding]:
    """The first rung of a ladder that does not begin at the low end of the scale or rise, within the scale."""
    ends = [catalogue.scale_min, catalogue.scale_max] if catalogue.steps else [math.nan, math.nan]
    before = -math.inf
    for number, (name, threshold) in enumerate(rungs or [("", math.nan)]):
        fits = threshold == ends[0] if number == 0 else before < threshold <= ends[1]
        if not fits:
            yield Finding(code, values={"id": name, "field": "threshold"})
            return
        before = threshold


def _scale(catalogue: Catalogue) -> Iterator[Finding]:
    values = [step.value for step in catalogue.steps]
    if len(values) < 2 or any(high <= low for low, high in pairwise(values)):
        yield Finding("CAT_018", values={"field": "scale.step.value", "found": ", ".join(map(str, values))})


def _groups(catalogue: Catalogue) -> Iterator[Finding]:
    seen: set[str] = set()
    for group in catalogue.groups:
        if group.id in seen:
            yield fault("CAT_003", group.id, first=catalogue.id)
        seen.add(group.id)
        if group.angle not in GROUP_ANGLES:
            yield fault("CAT_019", group.id, angle=group.angle, known=", ".join(GROUP_ANGLES))
        yield from _group_questions(catalogue, group)
    if not catalogue.tiers:
        yield fault("CAT_019", catalogue.id, angle="", known=GROUP_ANGLES[0])


def _group_questions(catalogue: Catalogue, group: Group) -> Iterator[Finding]:
    """A list of questions is for outsiders; a tier's own stand with the questions. One switched off may stay in it."""
    known = {*catalogue.questions, *(question.id for question in catalogue.off)}
    where = {"id": f"group {group.id}", "group": group.id}
    for question in group.questions:
        if question not in known or not group.external:
            values = {**where, "field": "questions", "question": question}
            yield Finding("CAT_027", Place(question=group.id), values=values)
    low, high = catalogue.minutes_of(group.id)
    own = group.minutes_min is not None or group.minutes_max is not None
    if own and not 0 <= low <= high <= MOST_ELSE:
        field, found = ("minutes_max", high) if low <= high else ("minutes_min", low)
        yield Finding("CAT_020", values={**where, "field": field, "found": f"{found:g}"})


def _limits(catalogue: Catalogue) -> Iterator[Finding]:
    limits = catalogue.limits
    if limits.minutes_min > limits.minutes_max:
        yield Finding("CAT_020", values={"field": "minutes_min", "found": f"{limits.minutes_min:g}"})
    for name in (field.name for field in fields(limits)):
        value: float = getattr(limits, name)
        if not 0 <= value <= MOST.get(name, MOST_ELSE):
            yield Finding("CAT_020", values={"field": name, "found": f"{value:g}"})
