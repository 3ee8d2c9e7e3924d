"""Parts of made-up catalogues, whole unless told otherwise, for tests that need one small enough to see through."""

from typing import Any

from cmme_xl.catalogue import Band, Block, Indicator, Question, Rubric, Text

BANDS = (Band("low", Text("低", "Low"), 0.0), Band("high", Text("高", "High"), 1.5))
BLOCKS = (Block("one", Text("一", "One")), Block("two", Text("二", "Two")))


def text(word: str) -> Text:
    return Text(zh=f"{word}（中）", en=word)


def question(id_: str, tiers: tuple[str, ...], **more: Any) -> Question:
    whole: dict[str, Any] = {"id": id_, "rev": 1, "tiers": tiers, "minutes": 1.0, "weight": 1.0, "short": True}
    whole |= {"text": text(id_), "evidence": text(f"proof of {id_}"), "next": text(f"after {id_}")}
    return Question(**whole | more)


def indicator(id_: str, number: int, *questions: Question, **more: Any) -> Indicator:
    whole: dict[str, Any] = {name: text(f"{name} {id_}") for name in ("name", "short", "statement", "owner", "why")}
    rubric = Rubric(*(text(f"{step} of {id_}") for step in ("one", "three", "five")))
    for field in ("diagnosis", "tactical", "strategic"):
        whole[field] = {band.id: text(f"{field} {band.id} {id_}") for band in BANDS}
    whole |= {"key": True, "weight": 1.0, "block": "one", "nature": "reality", "effort": 2, "prerequisites": ()}
    whole |= {"id": id_, "number": number, "rubric": rubric, "questions": questions}
    return Indicator(**whole | more)
