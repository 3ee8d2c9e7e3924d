"""What must hold of a catalogue's content. Every fault is found at once; none stops the search."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from itertools import chain, pairwise

from cmme_xl.catalogue.model import (
    EFFORTS,
    GROUP_ANGLES,
    NATURES,
    Catalogue,
    Dimension,
    Group,
    Indicator,
    Question,
    Rubric,
    Text,
)
from cmme_xl.findings import LANGUAGES, Finding, Place

# the most characters that fit where a field is shown, in Chinese and in English
LONGEST = {
    "name": (24, 48),
    "short": (16, 32),
    "statement": (110, 220),
    "owner": (16, 48),
    "why": (80, 220),
    "rubric": (80, 220),
    "diagnosis": (110, 280),
    "tactical": (70, 200),
    "strategic": (70, 200),
    "text": (60, 160),
    "evidence": (50, 140),
    "next": (60, 180),
}
ADVICE = ("diagnosis", "tactical", "strategic")
SHARES = ("provisional_below", "applicability_na_share")
ID = re.compile("[A-Za-z0-9]+(-[A-Za-z0-9]+)*")
# two wordings are alike from this share of common pairs of characters (zh) or words (en) on: Dice's coefficient
ALIKE = {"zh": 0.6, "en": 0.7}
LEAST_PIECES = 5


def check(catalogue: Catalogue) -> tuple[Finding, ...]:
    """All faults of `catalogue`, errors and warnings: ids, numbers, languages and lengths, weights and minutes, what
    an indicator is and needs, advice, tiers and askers, interview time, duplicates, ladders, scale, groups, limits;
    each rule in catalogue order."""
    return tuple(
        chain(
            _ids(catalogue),
            _numbers(catalogue),
            _wordings(catalogue),
            _weights(catalogue),
            _kinds(catalogue),
            _prerequisites(catalogue),
            _advice(catalogue),
            _askers(catalogue),
            _interview_minutes(catalogue),
            _duplicates(catalogue),
            _ladders(catalogue),
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
        if not ID.fullmatch(node.id):
            yield _fault("CAT_030", node.id)
        if node.id in catalogue.retired:
            yield _fault("CAT_026", node.id)
        if isinstance(node, Question) and node.rev < 1:
            yield _fault("CAT_029", node.id, rev=node.rev)
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
        for field, wording in _texts(node):
            yield from _wording(node.id, field, wording)
    for name, part in _parts(catalogue):
        for field, wording in _texts(part):
            yield from _missing(name, field, wording)


def _texts(part: object) -> Iterator[tuple[str, Text]]:
    """Every wording of a part of the catalogue with the name of its field ("name", "rubric.one", "tactical.weak")."""
    for attribute in fields(part):  # type: ignore[arg-type]
        value = getattr(part, attribute.name)
        if isinstance(value, Text):
            yield attribute.name, value
        elif isinstance(value, Rubric):
            yield from ((f"{attribute.name}.{field}", wording) for field, wording in _texts(value))
        elif isinstance(value, Mapping):
            yield from ((f"{attribute.name}.{key}", wording) for key, wording in value.items())


def _parts(catalogue: Catalogue) -> Iterator[tuple[str, object]]:
    """What else carries words: the catalogue's head, steps, ladders, blocks and groups, each with what to call it."""
    yield catalogue.id, catalogue
    yield from ((f"step {step.value}", step) for step in catalogue.steps)
    yield from ((f"level {level.number}", level) for level in catalogue.levels)
    yield from ((f"realm {realm.number}", realm) for realm in catalogue.realms)
    yield from ((f"band {band.id}", band) for band in catalogue.bands)
    yield from ((f"block {block.id}", block) for block in catalogue.blocks)
    yield from ((f"group {group.id}", group) for group in catalogue.groups)


def _wording(node: str, field: str, wording: Text) -> Iterator[Finding]:
    yield from _missing(node, field, wording)
    for lang, limit in zip(LANGUAGES, LONGEST[field.partition(".")[0]], strict=True):
        if len(wording.in_(lang)) > limit:
            yield _fault("CAT_016", node, field=field, lang=lang, found=len(wording.in_(lang)), limit=limit)
    if wording.zh and wording.zh == wording.en:
        yield _fault("CAT_005", node, field=field)


def _missing(node: str, field: str, wording: Text) -> Iterator[Finding]:
    yield from (_fault("CAT_004", node, field=field, lang=lang) for lang in LANGUAGES if not wording.in_(lang))


def _weights(catalogue: Catalogue) -> Iterator[Finding]:
    for node in _nodes(catalogue):
        if not 0 <= node.weight < float("inf"):
            yield _fault("CAT_008", node.id, field="weight", weight=node.weight)
        if isinstance(node, Question) and not 0 < node.minutes < float("inf"):
            yield _fault("CAT_017", node.id, field="minutes", minutes=node.minutes)


def _kinds(catalogue: Catalogue) -> Iterator[Finding]:
    blocks = [block.id for block in catalogue.blocks]
    low, high = EFFORTS
    for indicator in catalogue.indicators:
        for field, known in (("block", blocks), ("nature", NATURES)):
            found = getattr(indicator, field)
            if found not in known:
                yield _fault("CAT_021", indicator.id, field=field, found=found, known=", ".join(known))
        if not low <= indicator.effort <= high:
            yield _fault("CAT_021", indicator.id, field="effort", found=indicator.effort, known=f"{low}-{high}")


def _prerequisites(catalogue: Catalogue) -> Iterator[Finding]:
    needs = {indicator.id: indicator.prerequisites for indicator in catalogue.indicators}
    for node, needed in needs.items():
        for other in needed:
            if other not in needs:
                yield _fault("CAT_022", node, field="prerequisites", other=other)
    done: set[str] = set()
    for node in needs:
        if circle := _circle(node, needs, [], done):
            yield _fault("CAT_023", circle[0], field="prerequisites", circle=" → ".join(circle))


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
                yield _fault("CAT_024", indicator.id, field=f"{field}.{band}", known=", ".join(bands))


def _askers(catalogue: Catalogue) -> Iterator[Finding]:
    known = [tier.id for tier in catalogue.tiers]
    for question in catalogue.questions.values():
        for tier in question.tiers:
            if tier not in known:
                yield _fault("CAT_007", question.id, field="tiers", tier=tier, known=", ".join(known))
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
    for group in catalogue.groups:
        low, high = catalogue.minutes_of(group.id)
        minutes = sum(question.minutes for question in catalogue.asked_of(group.id))
        if not low <= minutes <= high:
            yield Finding(
                "CAT_012",
                values={
                    "tier": group.name,
                    "minutes": f"{minutes:g}",
                    "low": f"{low:g}",
                    "high": f"{high:g}",
                },
            )


def _duplicates(catalogue: Catalogue) -> Iterator[Finding]:
    for lang in LANGUAGES:
        first: dict[str, str] = {}
        met: list[tuple[str, frozenset[str]]] = []
        for question in catalogue.questions.values():
            text = question.text.in_(lang)
            plain = "".join(ch for ch in text.casefold() if ch.isalnum())
            pieces = _pieces(text, lang)
            where = {"field": "text", "lang": lang}
            if plain and plain in first:
                yield _fault("CAT_013", question.id, other=first[plain], **where)
            elif found := _nearest(pieces, met, lang):
                other, share = found
                yield _fault("CAT_025", question.id, other=other, percent=f"{share:.0%}", **where)
            first.setdefault(plain, question.id)
            if len(pieces) >= LEAST_PIECES:
                met.append((question.id, pieces))


def _nearest(pieces: frozenset[str], met: list[tuple[str, frozenset[str]]], lang: str) -> tuple[str, float] | None:
    """The wording most like this one and how much, where it is alike at all; very short ones are not compared."""
    if len(pieces) < LEAST_PIECES:
        return None
    shares = ((2 * len(pieces & parts) / (len(pieces) + len(parts)), id_) for id_, parts in met)
    share, other = max(shares, default=(0.0, ""))
    return (other, share) if share >= ALIKE[lang] else None


def _pieces(text: str, lang: str) -> frozenset[str]:
    """What a wording is compared by: its words, in Chinese its pairs of neighbouring characters."""
    if lang == "en":
        return frozenset(re.findall(r"[^\W_]+", text.casefold()))
    plain = "".join(ch for ch in text.casefold() if ch.isalnum())
    return frozenset(map("".join, pairwise(plain)))


def _ladders(catalogue: Catalogue) -> Iterator[Finding]:
    low = catalogue.steps[0].value if catalogue.steps else None
    ladders = {
        "CAT_015": [level.threshold for level in catalogue.levels],
        "CAT_028": [band.threshold for band in catalogue.bands],
    }
    for code, thresholds in ladders.items():
        rising = all(low < high for low, high in pairwise(thresholds))
        if not thresholds or thresholds[0] != low or not rising:
            yield Finding(code, values={"field": "level.threshold" if code == "CAT_015" else "band.threshold"})
    numbers = {
        "level": [level.number for level in catalogue.levels],
        "realm": [realm.number for realm in catalogue.realms],
    }
    for name, found in numbers.items():
        for expected, number in enumerate(found, 1):
            if number != expected:
                yield _fault("CAT_006", f"{name} {expected}", found=number, expected=expected)


def _scale(catalogue: Catalogue) -> Iterator[Finding]:
    values = [step.value for step in catalogue.steps]
    if len(values) < 2 or any(high <= low for low, high in pairwise(values)):
        yield Finding("CAT_018", values={"field": "scale.step.value", "found": ", ".join(map(str, values))})


def _groups(catalogue: Catalogue) -> Iterator[Finding]:
    seen: set[str] = set()
    for group in catalogue.groups:
        if group.id in seen:
            yield _fault("CAT_003", group.id)
        seen.add(group.id)
        if group.angle not in GROUP_ANGLES:
            yield _fault("CAT_019", group.id, angle=group.angle, known=", ".join(GROUP_ANGLES))
        yield from _group_questions(catalogue, group)
    if not catalogue.tiers:
        yield _fault("CAT_019", catalogue.id, angle="", known=GROUP_ANGLES[0])


def _group_questions(catalogue: Catalogue, group: Group) -> Iterator[Finding]:
    """A list of questions is for outsiders; a tier's own stand with the questions."""
    for question in group.questions:
        if question not in catalogue.questions or not group.external:
            yield _fault("CAT_027", group.id, question=question)
    low, high = catalogue.minutes_of(group.id)
    if low > high:
        yield Finding("CAT_020", values={"field": f"{group.id}.minutes_min", "found": f"{low:g}"})


def _limits(catalogue: Catalogue) -> Iterator[Finding]:
    limits = catalogue.limits
    if limits.minutes_min > limits.minutes_max:
        yield Finding("CAT_020", values={"field": "minutes_min", "found": f"{limits.minutes_min:g}"})
    for name in (field.name for field in fields(limits)):
        value: float = getattr(limits, name)
        if not 0 <= value <= (1 if name in SHARES else float("inf")):
            yield Finding("CAT_020", values={"field": name, "found": f"{value:g}"})
