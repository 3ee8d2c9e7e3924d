"""What must hold of a catalogue's content. Every fault is found at once; none stops the search."""

from collections.abc import Iterator
from dataclasses import fields
from itertools import chain, pairwise

from cmme_xl.catalogue.model import Catalogue, Dimension, Group, Indicator, Level, Question, Step, Text
from cmme_xl.findings import LANGUAGES, Finding, Place

LONGEST = {"text": 160, "statement": 220, "name": 48}
GROUP_ANGLES = ("current", "benchmark", "competitor")
SHARES = ("provisional_below", "applicability_na_share")


def check(catalogue: Catalogue) -> tuple[Finding, ...]:
    """All faults of `catalogue`, errors and warnings: ids, numbers, languages and lengths, weights and minutes, tiers
    and askers, interview time, duplicates, ladder, scale, groups, limits; each rule in catalogue order."""
    return tuple(
        chain(
            _ids(catalogue),
            _numbers(catalogue),
            _wordings(catalogue),
            _weights(catalogue),
            _askers(catalogue),
            _interview_minutes(catalogue),
            _duplicates(catalogue),
            _ladder(catalogue),
            _scale(catalogue),
            _groups(catalogue),
            _limits(catalogue),
        )
    )


def _nodes(catalogue: Catalogue) -> Iterator[Dimension | Indicator | Question]:
    for dimension in catalogue.dimensions:
        yield dimension
        for indicator in dimension.indicators:
            yield indicator
            yield from indicator.questions


def _fault(code: str, node: str, **values: object) -> Finding:
    return Finding(code, Place(question=node), values={"id": node, **values})


def _ids(catalogue: Catalogue) -> Iterator[Finding]:
    seen: set[str] = set()
    for node in _nodes(catalogue):
        if node.id in seen:
            yield _fault("CAT_003", node.id)
        seen.add(node.id)
    for dimension in catalogue.dimensions:
        for indicator in dimension.indicators:
            if not indicator.id.startswith(f"{dimension.id}-"):
                yield _fault("CAT_014", indicator.id, parent=dimension.id)
            for question in indicator.questions:
                if not question.id.startswith(f"{indicator.id}-"):
                    yield _fault("CAT_014", question.id, parent=indicator.id)


def _numbers(catalogue: Catalogue) -> Iterator[Finding]:
    for expected, dimension in enumerate(catalogue.dimensions, 1):
        if dimension.number != expected:
            yield _fault("CAT_006", dimension.id, found=dimension.number, expected=expected)
    for expected, indicator in enumerate(catalogue.indicators, 1):
        if indicator.number != expected:
            yield _fault("CAT_006", indicator.id, found=indicator.number, expected=expected)


def _wordings(catalogue: Catalogue) -> Iterator[Finding]:
    for node in _nodes(catalogue):
        for field in ("name", "short", "statement", "text"):
            wording = getattr(node, field, None)
            if isinstance(wording, Text):
                yield from _wording(node.id, field, wording)
    for name, part in _parts(catalogue):
        for attribute in fields(part):
            wording = getattr(part, attribute.name)
            if isinstance(wording, Text):
                yield from _missing(name, attribute.name, wording)


def _parts(catalogue: Catalogue) -> Iterator[tuple[str, Catalogue | Step | Level | Group]]:
    """What else carries words: the catalogue's head, steps, levels and groups, each with what to call it."""
    yield catalogue.id, catalogue
    yield from ((f"step {step.value}", step) for step in catalogue.steps)
    yield from ((f"level {level.number}", level) for level in catalogue.levels)
    yield from ((f"group {group.id}", group) for group in catalogue.groups)


def _wording(node: str, field: str, wording: Text) -> Iterator[Finding]:
    yield from _missing(node, field, wording)
    for lang in LANGUAGES:
        limit = LONGEST.get(field)
        if limit and len(wording.in_(lang)) > limit:
            yield _fault("CAT_016", node, field=field, found=len(wording.in_(lang)), limit=limit)
    if wording.zh and wording.zh == wording.en:
        yield _fault("CAT_005", node, field=field)


def _missing(node: str, field: str, wording: Text) -> Iterator[Finding]:
    yield from (_fault("CAT_004", node, field=field, lang=lang) for lang in LANGUAGES if not wording.in_(lang))


def _weights(catalogue: Catalogue) -> Iterator[Finding]:
    for node in _nodes(catalogue):
        if not 0 <= node.weight < float("inf"):
            yield _fault("CAT_008", node.id, weight=node.weight)
        if isinstance(node, Question) and not 0 < node.minutes < float("inf"):
            yield _fault("CAT_017", node.id, minutes=node.minutes)


def _askers(catalogue: Catalogue) -> Iterator[Finding]:
    known = [tier.id for tier in catalogue.tiers]
    for question in catalogue.questions.values():
        for tier in question.tiers:
            if tier not in known:
                yield _fault("CAT_007", question.id, tier=tier, known=", ".join(known))
    for dimension in catalogue.dimensions:
        if not dimension.indicators:
            yield _fault("CAT_009", dimension.id)
        for indicator in dimension.indicators:
            if not indicator.questions:
                yield _fault("CAT_009", indicator.id)
            elif not any(question.short for question in indicator.questions):
                yield _fault("CAT_010", indicator.id)
            asked = {tier for question in indicator.questions for tier in question.tiers}
            if indicator.questions and len(asked) < min(2, len(known)):
                yield _fault("CAT_011", indicator.id, found=len(asked))


def _interview_minutes(catalogue: Catalogue) -> Iterator[Finding]:
    limits = catalogue.limits
    for group in catalogue.groups:
        minutes = sum(question.minutes for question in catalogue.asked_of(group.id))
        if not limits.minutes_min <= minutes <= limits.minutes_max:
            yield Finding(
                "CAT_012",
                values={
                    "tier": group.name,
                    "minutes": f"{minutes:g}",
                    "low": f"{limits.minutes_min:g}",
                    "high": f"{limits.minutes_max:g}",
                },
            )


def _duplicates(catalogue: Catalogue) -> Iterator[Finding]:
    for lang in LANGUAGES:
        first: dict[str, str] = {}
        for question in catalogue.questions.values():
            plain = "".join(ch for ch in question.text.in_(lang).casefold() if ch.isalnum())
            if plain and plain in first:
                yield _fault("CAT_013", question.id, other=first[plain])
            first.setdefault(plain, question.id)


def _ladder(catalogue: Catalogue) -> Iterator[Finding]:
    thresholds = [level.threshold for level in catalogue.levels]
    rising = all(low < high for low, high in pairwise(thresholds))
    low = catalogue.steps[0].value if catalogue.steps else None
    if not thresholds or thresholds[0] != low or not rising:
        yield Finding("CAT_015")
    for expected, level in enumerate(catalogue.levels, 1):
        if level.number != expected:
            yield _fault("CAT_006", f"level {expected}", found=level.number, expected=expected)


def _scale(catalogue: Catalogue) -> Iterator[Finding]:
    values = [step.value for step in catalogue.steps]
    if len(values) < 2 or any(high <= low for low, high in pairwise(values)):
        yield Finding("CAT_018", values={"found": ", ".join(map(str, values))})


def _groups(catalogue: Catalogue) -> Iterator[Finding]:
    seen: set[str] = set()
    for group in catalogue.groups:
        if group.id in seen:
            yield _fault("CAT_003", group.id)
        seen.add(group.id)
        if group.angle not in GROUP_ANGLES:
            yield _fault("CAT_019", group.id, angle=group.angle, known=", ".join(GROUP_ANGLES))
    if not catalogue.tiers:
        yield _fault("CAT_019", catalogue.id, angle="", known=GROUP_ANGLES[0])


def _limits(catalogue: Catalogue) -> Iterator[Finding]:
    limits = catalogue.limits
    if limits.minutes_min > limits.minutes_max:
        yield Finding("CAT_020", values={"field": "minutes_min", "found": f"{limits.minutes_min:g}"})
    for name in (field.name for field in fields(limits)):
        value: float = getattr(limits, name)
        if not 0 <= value <= (1 if name in SHARES else float("inf")):
            yield Finding("CAT_020", values={"field": name, "found": f"{value:g}"})
