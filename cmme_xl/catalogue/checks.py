"""What must hold of a catalogue's content. Every fault is found at once; none stops the search."""

from collections.abc import Iterator
from itertools import chain, pairwise

from cmme_xl.catalogue.model import Catalogue, Dimension, Indicator, Question, Text
from cmme_xl.findings import LANGUAGES, Finding, Place

LONGEST = {"text": 160, "statement": 220, "name": 48}


def check(catalogue: Catalogue) -> tuple[Finding, ...]:
    """All faults of `catalogue`, errors and warnings, in catalogue order (issue rules: ids, languages, numbers,
    tiers, weights, interview time, askers, lengths, duplicates, ladder)."""
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


def _wording(node: str, field: str, wording: Text) -> Iterator[Finding]:
    for lang in LANGUAGES:
        if not wording.in_(lang):
            yield _fault("CAT_004", node, field=field, lang=lang)
        limit = LONGEST.get(field)
        if limit and len(wording.in_(lang)) > limit:
            yield _fault("CAT_016", node, field=field, found=len(wording.in_(lang)), limit=limit)
    if wording.zh and wording.zh == wording.en:
        yield _fault("CAT_005", node, field=field)


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
    if not thresholds or thresholds[0] != catalogue.scale_min or not rising:
        yield Finding("CAT_015")
