"""What must hold of a catalogue's words: both languages, each its own, short enough, and no question asked twice."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from itertools import pairwise

from cmme_xl.catalogue.model import Catalogue, Rubric, Text
from cmme_xl.catalogue.words import plain
from cmme_xl.findings import LANGUAGES, Finding, Place, message

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
    "subject": (40, 100),
    "label": (8, 24),
    "meaning": (60, 200),
    "na": (8, 24),
    "dk": (8, 24),
    "na_meaning": (60, 200),
    "dk_meaning": (60, 200),
}
MOST = 1_000
"""No text of a catalogue has more characters: it would fit nowhere."""
HAN = re.compile(r"[\u3400-\u9fff]")
LATIN_WORD = re.compile("[A-Za-z]+")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Line breaks, control characters, turned directions of writing, halves of characters: none can be shown as meant."""
SENTENCE = 4
"""Latin words without any Chinese from which on a Chinese text is taken for English; fewer may be a name."""
# two wordings are alike from this share of common pairs of characters (zh) or words (en) on: Dice's coefficient
ALIKE = {"zh": 0.6, "en": 0.7}
LEAST_PIECES = 5


def fault(code: str, node: str, **values: object) -> Finding:
    """A finding about the part of a catalogue with that id; its values say which (`id`) and what of it (`field`)."""
    return Finding(code, Place(question=node), values={"id": node, **values})


def wordings(catalogue: Catalogue) -> Iterator[Finding]:
    """Texts that are missing, too long, the same in both languages or in the wrong one."""
    for node in catalogue.nodes:
        for field, wording in _texts(node):
            if wording.zh and plain(wording.zh) == plain(wording.en):
                yield fault("CAT_005", node.id, field=field)
            else:
                yield from _swapped(node.id, field, wording)
            yield from _sized(node.id, field, wording)
    for name, part in _parts(catalogue):
        for field, wording in _texts(part):
            yield from _swapped(name, field, wording)
            yield from _sized(name, field, wording)


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


def _sized(node: str, field: str, wording: Text) -> Iterator[Finding]:
    for lang, limit in zip(LANGUAGES, LONGEST[field.partition(".")[0]], strict=True):
        size = len(wording.in_(lang))
        worded = size and (field != "text" or any(map(str.isalpha, wording.in_(lang))))
        where = {"field": field, "lang": lang, "language": _language(lang)}
        if not worded:
            yield fault("CAT_004", node, **where)
        elif size > MOST:
            yield fault("CAT_048", node, **where, found=size, limit=MOST)
        elif size > limit:
            yield fault("CAT_016", node, **where, found=size, limit=limit)
        if CONTROL.search(wording.in_(lang)):
            yield fault("CAT_060", node, **where)


def _swapped(node: str, field: str, wording: Text) -> Iterator[Finding]:
    """A name in the other language is common, a text in it a slip."""
    if len(HAN.findall(wording.en)) > len(LATIN_WORD.findall(wording.en)):
        yield fault("CAT_047", node, field=field, lang="en", language=_language("en"))
    if not HAN.search(wording.zh) and len(LATIN_WORD.findall(wording.zh)) >= SENTENCE:
        yield fault("CAT_047", node, field=field, lang="zh", language=_language("zh"))


def _language(lang: str) -> Text:
    """What a language is called, in each."""
    return Text(*(message(f"catalogue.language.{lang}", each) for each in LANGUAGES))


def duplicates(catalogue: Catalogue) -> Iterator[Finding]:
    """Questions that say the same, or nearly so."""
    for lang in LANGUAGES:
        first: dict[str, str] = {}
        met: list[tuple[str, frozenset[str]]] = []
        for question in catalogue.questions.values():
            text = question.text.in_(lang)
            bare = "".join(ch for ch in text.casefold() if ch.isalnum())
            pieces = _pieces(text, lang)
            where = {"field": "text", "lang": lang, "language": _language(lang)}
            if bare and bare in first:
                yield fault("CAT_013", question.id, other=first[bare], **where)
            elif found := _nearest(pieces, met, lang):
                other, share = found
                yield fault("CAT_025", question.id, other=other, percent=f"{share:.0%}", **where)
            first.setdefault(bare, question.id)
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
    bare = "".join(ch for ch in text.casefold() if ch.isalnum())
    return frozenset(map("".join, pairwise(bare)))
