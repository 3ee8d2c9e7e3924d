"""What a record asks and shows: the person's questions with their own answers, and the cells for what is agreed."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from cmme_xl.catalogue import Dimension, Indicator, Question
from cmme_xl.interview.draft import EMPTY, Draft
from cmme_xl.interview.form import Column, Form
from cmme_xl.interview.wording import TEMPLATE
from cmme_xl.plan.issued import RECORD
from cmme_xl.plan.model import Person, Plan
from cmme_xl.templates import template

OWN = {"own": "current", "own_target": "target"}
"""The columns of the person's own scores, and the angle of each."""


@dataclass(frozen=True)
class RecordForm(Form):
    """A form whose answers are agreed in the session: all empty as it goes out.

    `own` is what the person had answered, with what was not understood or stands against itself as doubts;
    `answered` whether anything came back from them; `interviewer` who is to hold the session.
    """

    own: Draft = EMPTY
    answered: bool = False
    interviewer: str = ""

    @classmethod
    def for_person(cls, plan: Plan, person: Person) -> "RecordForm":
        """The record of `person`, who is one of the enterprise's own people; nothing is known of their answers yet."""
        of = Form.of(plan, person)
        fields = {name: getattr(of, name) for name in Form.__dataclass_fields__}
        return replace(cls(**fields), interviewer=person.interviewer)

    @property
    def kind(self) -> str:
        return RECORD

    @property
    def asking(self) -> str:
        return "record"

    @property
    def sheets(self) -> tuple[str, ...]:
        return ("session", "record", "standing")

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The columns shown; what the targets would have taken goes to the question where none are asked."""
        entries = template(TEMPLATE)["record"]["columns"]
        every = [Column(entry["role"], entry["header"][self.lang], entry["width"]) for entry in entries]
        shown = [each for each in every if "target" in self.angles or each.role not in ("target", "own_target")]
        spare = sum(each.width for each in every) - sum(each.width for each in shown)
        return tuple(replace(each, width=each.width + spare) if each.role == "question" else each for each in shown)

    @property
    def bands(self) -> int:
        """As in an interview, with the rubric in a row of its own between an indicator's band and its questions."""
        return 2

    @property
    def headings(self) -> tuple[str, ...]:
        rubrics = [self.catalogue.indicator_of[question.id].rubric for question in self.questions]
        texts = [text.in_(self.lang) for rubric in rubrics for text in (rubric.one, rubric.three, rubric.five)]
        return (*super().headings, *texts)

    def rubric_row(self, indicator: Indicator) -> int:
        return self.blocks[indicator.id].band + 1

    def rows(self) -> Iterator[tuple[int, Dimension | Indicator | Question]]:
        """Every band and question row in order, with what stands in it."""
        for dimension in self.dimensions:
            yield self.blocks[dimension.id].band, dimension
            for indicator in self.indicators(dimension):
                block = self.blocks[indicator.id]
                yield block.band, indicator
                yield from enumerate(self.asked[indicator.id], block.first)

    def said(self, question: str, angle: str) -> float | str | None:
        """What the person had answered; of a doubtful answer all that was typed."""
        doubt = next((doubt for doubt in self.own.doubted.get(question, ()) if doubt.angle == angle), None)
        return doubt.raw if doubt else self.own.answers.get((question, angle))

    def wrote(self, question: str) -> str:
        """The evidence and comment they gave."""
        return "\n".join(filter(None, (self.own.evidence.get(question), self.own.comments.get(question))))

    def is_doubtful(self, question: str, angle: str) -> bool:
        return any(doubt.angle == angle for doubt in self.own.doubted.get(question, ()))
