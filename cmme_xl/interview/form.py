"""A form: everything that the workbooks of one language and question set have in common."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from math import ceil
from typing import Any

from cmme_xl.catalogue import Catalogue, Dimension, Indicator, Question
from cmme_xl.interview.draft import EMPTY, Doubt, Draft
from cmme_xl.interview.wording import TEMPLATE, Wording
from cmme_xl.plan.issued import CLARIFICATION, INTERVIEW, Asked, Issue, new_id
from cmme_xl.plan.model import Person, Plan
from cmme_xl.results.model import CUSTOMER
from cmme_xl.spreadsheet.sheet import local
from cmme_xl.templates import template

HEADER_ROW, LEAD_ROW, FIRST_ROW = 0, 1, 2
REVIEW = "review"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the questionnaire: its role for the reader, its header and its width in pixels."""

    role: str
    header: str
    width: int


@dataclass(frozen=True, slots=True)
class Block:
    """Question rows under one band: `band` and the rows `first` to `last`, counted from 0; `count` questions."""

    band: int
    first: int
    last: int
    count: int


@dataclass(frozen=True)
class Form:
    """What a workbook asks and says, apart from the person it is for and, in a clarification, the `draft` of theirs.

    `anonymous`: nothing in the workbook may tell whose assessment it is, and `enterprise` is empty. So it is for
    outsiders, except customers, who are asked about the enterprise by name. `name` is for the enterprise's people.
    `weights` holds the plan's weight of every node asked about; it is used where `self_assessment` is on.
    """

    catalogue: Catalogue
    lang: str
    angles: tuple[str, ...]
    external: bool
    anonymous: bool
    questions: tuple[Question, ...]
    self_assessment: bool
    engagement: str
    name: str
    enterprise: str
    consultancy: str
    contact: str
    due: date | None
    weights: Mapping[str, float]
    draft: Draft = EMPTY

    @classmethod
    def of(cls, plan: Plan, person: Person, questions: tuple[Question, ...] | None = None) -> "Form":
        """The form that `person` gets, asking `questions`, by default those of the plan."""
        catalogue, engagement = plan.catalogue, plan.engagement
        external = catalogue.group(person.group).external
        anonymous = external and catalogue.group(person.group).angle != CUSTOMER
        questions = plan.questions_for(person) if questions is None else questions
        nodes = {q.id: q.weight for q in questions}
        nodes |= {i.id: i.weight for i in catalogue.indicators} | {d.id: d.weight for d in catalogue.dimensions}
        contact = engagement.contact
        if anonymous and names_client(contact, plan):
            contact = ""
        return cls(
            catalogue=catalogue,
            lang=person.lang,
            angles=plan.angles(person),
            external=external,
            anonymous=anonymous,
            questions=questions,
            self_assessment=plan.settings.self_assessment and not external,
            engagement=engagement.id,
            name="" if external else engagement.name,
            enterprise="" if anonymous else engagement.enterprise,
            consultancy="" if anonymous and names_client(engagement.consultancy, plan) else engagement.consultancy,
            contact=contact,
            due=engagement.due,
            weights={node: plan.weight(node, weight) for node, weight in nodes.items()},
        )

    @cached_property
    def words(self) -> Wording:
        return Wording(self.lang)

    @cached_property
    def as_asked(self) -> tuple[Asked, ...]:
        """The questions as the issue log knows them."""
        return tuple(Asked(question.id, question.rev, question.text_hash) for question in self.questions)

    @property
    def headings(self) -> tuple[str, ...]:
        """What the bands between the questions say, but for their numbers."""
        indicators = [indicator for dimension in self.dimensions for indicator in self.indicators(dimension)]
        names = [*(each.name for each in self.dimensions), *(each.name for each in indicators)]
        return tuple(name.in_(self.lang) for name in names)

    def issue(
        self, engagement: str, person: Person, kind: str, file: str, at: str, before: Issue | None = None
    ) -> Issue:
        """A new issue of the form for a person, not yet drawn and so without a hash.

        `kind`: one of `issued`'s; `at`: an ISO time; `before`: the issue it replaces, None for a first one.
        """
        return Issue(
            id=new_id(),
            engagement=engagement,
            respondent=person.id,
            kind=kind,
            lang=self.lang,
            angles=self.angles,
            questions=self.as_asked,
            catalogue_id=self.catalogue.id,
            catalogue_version=self.catalogue.version,
            catalogue_hash=self.catalogue.hash,
            predecessor=before.id if before else "",
            file=file,
            sha256="",
            issued=at,
        )

    @property
    def outsider(self) -> str:
        """The ending of the wordings for outsiders, customers having their own; "" for the enterprise's people."""
        return "" if not self.external else "_external" if self.anonymous else "_customer"

    @property
    def clarifies(self) -> bool:
        """Whether this asks again about answers that came back."""
        return bool(self.draft.doubts)

    @property
    def kind(self) -> str:
        """What the issue log calls such a workbook."""
        return CLARIFICATION if self.clarifies else INTERVIEW

    @property
    def asking(self) -> str:
        """The role of the sheet that holds the questions."""
        return "questions"

    @property
    def minutes(self) -> int:
        """The time the questions take that are to be answered, rounded up to five minutes."""
        wanted = [q for q in self.questions if not self.clarifies or q.id in self.draft.doubted]
        return ceil(sum(question.minutes for question in wanted) / 5) * 5

    @property
    def scale(self) -> dict[str, str]:
        """Values for wordings that name the scale: low, high, na, dk and the score from which evidence is wanted."""
        catalogue = self.catalogue
        low, high = f"{catalogue.scale_min:g}", f"{catalogue.scale_max:g}"
        na, dk = catalogue.na.in_(self.lang), catalogue.dk.in_(self.lang)
        return {"low": low, "high": high, "na": na, "dk": dk, "from": f"{self.proven_from:g}"}

    @property
    def proven_from(self) -> float:
        """Scores from here on want evidence: the last step but one."""
        return self.catalogue.steps[-2].value

    @property
    def sheets(self) -> tuple[str, ...]:
        """The roles of the visible sheets, in order."""
        review, scores = ("review",) if self.clarifies else (), ("scores",) if self.self_assessment else ()
        return ("cover", *review, "howto", "questions", "progress", *scores)

    # --- the questionnaire's columns and rows

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The columns shown. What a column left out would have taken goes to the question.

        In a clarification one more stands beside the scores: what was typed there and why it was not taken.
        """
        table = template(TEMPLATE)
        shown: list[Column] = []
        spare = 0
        for entry in table["columns"]:
            column = self._column(entry, table["external"]["header"])
            if column is None:
                spare += int(entry["width"])
            else:
                shown.append(column)
        if self.clarifies:
            review = table["clarification"]
            spare -= int(review["taken"])
            answered = [column.role for column in shown].index(self.angles[-1]) + 1
            shown.insert(answered, Column(REVIEW, review["header"][self.lang], int(review["width"])))
        return tuple(Column(c.role, c.header, c.width + spare if c.role == "question" else c.width) for c in shown)

    def _column(self, entry: Mapping[str, Any], external_header: Mapping[str, str]) -> Column | None:
        role, header, width = str(entry["role"]), str(entry["header"][self.lang]), int(entry["width"])
        if role == "current" and self.external:
            return Column(self.angles[0], external_header[self.lang], width)
        return None if role == "target" and role not in self.angles else Column(role, header, width)

    def column(self, role: str) -> int:
        """The number of the column with that role, from 0."""
        return [column.role for column in self.columns].index(role)

    @property
    def score(self) -> int:
        """The column of the first angle's score."""
        return self.column(self.angles[0])

    @property
    def target(self) -> int | None:
        """The column of the target, where it is asked."""
        return self.column("target") if "target" in self.angles else None

    @cached_property
    def dimensions(self) -> tuple[Dimension, ...]:
        """The dimensions asked about, in catalogue order."""
        asked = {self.catalogue.dimension_of[question.id].id for question in self.questions}
        return tuple(dimension for dimension in self.catalogue.dimensions if dimension.id in asked)

    def indicators(self, dimension: Dimension) -> tuple[Indicator, ...]:
        """The indicators of a dimension that are asked about."""
        return tuple(indicator for indicator in dimension.indicators if indicator.id in self.asked)

    @cached_property
    def asked(self) -> dict[str, tuple[Question, ...]]:
        """Indicator id -> its questions on this form."""
        found: dict[str, tuple[Question, ...]] = {}
        for question in self.questions:
            indicator = self.catalogue.indicator_of[question.id].id
            found[indicator] = (*found.get(indicator, ()), question)
        return found

    @property
    def bands(self) -> int:
        """How many rows stand above an indicator's questions."""
        return 1

    @cached_property
    def blocks(self) -> dict[str, Block]:
        """Where each dimension and indicator stands in the questionnaire."""
        blocks: dict[str, Block] = {}
        row = FIRST_ROW
        for dimension in self.dimensions:
            band, total = row, 0
            row += 1
            for indicator in self.indicators(dimension):
                count, first = len(self.asked[indicator.id]), row + self.bands
                blocks[indicator.id] = Block(row, first, first + count - 1, count)
                row = first + count
                total += count
            blocks[dimension.id] = Block(band, band + 1, row - 1, total)
        return blocks

    @cached_property
    def row_of(self) -> dict[str, int]:
        """Question id -> its row."""
        first = {indicator: self.blocks[indicator].first for indicator in self.asked}
        return {q.id: row for indicator, asked in self.asked.items() for row, q in enumerate(asked, first[indicator])}

    def given(self, question: str, angle: str) -> float | str | None:
        """The answer that the workbook holds already."""
        return self.draft.answers.get((question, angle))

    def place(self, doubt: Doubt) -> tuple[int, int]:
        """The row and column of the cell that is to be filled in again."""
        return self.row_of[doubt.question], self.column(doubt.angle)

    def label(self, doubt: Doubt) -> str:
        """That cell in words: its question's id, and its column where there are several of scores."""
        header = self.columns[self.column(doubt.angle)].header
        return f"{doubt.question} {header}" if len(self.angles) > 1 else doubt.question

    @property
    def last_row(self) -> int:
        return max(block.last for block in self.blocks.values())

    @property
    def first_question_row(self) -> int:
        """The row of the first question."""
        return self.blocks[self.indicators(self.dimensions[0])[0].id].first

    def link(self, role: str, row: int = 0, column: int = 0) -> str:
        """A link's target: a cell of the sheet with that role."""
        name = self.words.sheet(role).replace("'", "''")
        return f"'{name}'!{local(row, column)}"

    @property
    def navigation(self) -> tuple[tuple[str, str], ...]:
        """(label, target) for every visible sheet."""
        return tuple((self.words(f"link.{role}"), self.link(role)) for role in self.sheets)


def names_client(text: str, plan: Plan) -> bool:
    """Whether `text` names the client or the engagement, in any case of letters; a Latin name as a word of its own."""
    names = (plan.engagement.enterprise.strip(), plan.engagement.name.strip())
    found = "|".join(re.escape(name) for name in names if name)
    return bool(found and re.search(rf"(?<![a-z0-9])({found})(?![a-z0-9])", text, re.IGNORECASE))
