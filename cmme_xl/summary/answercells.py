"""Where the answers of a consultant's file stand, and what formulas make of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from cmme_xl import formulas, scoring
from cmme_xl.calculation import matrix
from cmme_xl.calculation.expression import NONE, ZERO, Expression
from cmme_xl.calculation.ground import by_id
from cmme_xl.calculation.inputs import Sealed, Tally
from cmme_xl.catalogue import Indicator
from cmme_xl.plan.model import Person
from cmme_xl.returned.model import Outcome
from cmme_xl.scoring import Kind
from cmme_xl.spreadsheet import Content
from cmme_xl.spreadsheet.lines import letters
from cmme_xl.spreadsheet.sheet import Sheet, local
from cmme_xl.summary.context import Context
from cmme_xl.summary.weights import WeightCells

BLOCK_ROW, TIER_ROW, NAME_ROW, WEIGHT_ROW, FIRST_ROW = 7, 8, 9, 10, 11
ID, TEXT, FIRST_BLOCK = 1, 2, 3
_ROW = "\0"
INTERNAL = ("current", "target")


@dataclass(frozen=True)
class Block:
    """The columns of one angle: combined value, count, given figures where there are any, then one per person."""

    angle: str
    people: tuple[Person, ...]
    first: int
    has_given: bool

    @property
    def value(self) -> int:
        return self.first

    @property
    def n(self) -> int:
        return self.first + 1

    @property
    def given(self) -> int:
        return self.first + 2

    @property
    def person(self) -> int:
        """The column of the first person."""
        return self.first + 2 + self.has_given

    @property
    def last(self) -> int:
        return self.person + max(len(self.people), 1) - 1

    @cached_property
    def ids(self) -> list[str]:
        return [person.id for person in self.people]

    @cached_property
    def tiers(self) -> tuple[tuple[str, int, int], ...]:
        """Each group with people, who stand together: id, first and last column."""
        return matrix.spans(self.people, self.person)


@dataclass(frozen=True)
class AnswerCells:
    """Where the answers of a consultant's file stand."""

    context: Context
    settings: WeightCells

    @cached_property
    def sheet(self) -> Sheet:
        return self.context.sheets["answers"]

    @cached_property
    def rows(self) -> dict[str, int]:
        """Row of every question, one after the other; a row above each dimension names it."""
        rows: dict[str, int] = {}
        row = FIRST_ROW
        for dimension in self.context.dimensions:
            row += 1
            for indicator in dimension.indicators:
                for question in indicator.questions:
                    rows[question.id] = row
                    row += 1
        return rows

    @cached_property
    def heads(self) -> dict[str, str]:
        """The head of the first column of each person's answers, for links."""
        found: dict[str, str] = {}
        for block in self.blocks.values():
            for column, person in enumerate(block.people, block.person):
                found.setdefault(person.id, f"{self.sheet.quoted}!{local(NAME_ROW, column)}")
        return found

    @cached_property
    def blocks(self) -> dict[str, Block]:
        """One block per angle that anybody was asked in, or for whose questions figures are given."""
        blocks: dict[str, Block] = {}
        column = FIRST_BLOCK
        for angle in self.context.voices:
            people = self._people(angle)
            has_given = any(g.angle == angle and g.node in self.rows for g in self.context.plan.given)
            if people or has_given:
                blocks[angle] = Block(angle, people, column, has_given)
                column = blocks[angle].last + 2
        return blocks

    def _people(self, angle: str) -> tuple[Person, ...]:
        """Whom the angle's votes are from, by group and then in the plan's order."""
        heard = {vote.respondent for node in by_id(self.context.angle(angle).tree).values() for vote in node.votes}
        order = [group.id for group in self.context.catalogue.groups]
        people = [person for person in self.context.plan.people if person.id in heard]
        return tuple(sorted(people, key=lambda person: order.index(person.group)))

    def typed(self, block: Block, question: str) -> list[float | str | None]:
        """What stands in the cells of a block's people, None where there is no cell: a person was not asked."""
        return self._typed[block.angle].get(question) or [None] * len(block.people)

    @cached_property
    def _typed(self) -> dict[str, dict[str, list[float | str | None]]]:
        words = {outcome: self.word(outcome) for outcome in Outcome}
        replies = self.context.results.returned.answers.replies
        return {angle: matrix.contents(replies, words, angle, block.ids) for angle, block in self.blocks.items()}

    def written(self) -> Iterator[tuple[str, list[Content]]]:
        """What stands in each question's row that is no formula, by question; "" is the row of the persons' weights."""
        blocks = self.blocks.values()
        weights = [person.weight for block in blocks for person in block.people]
        yield "", [self.context.words["answers.weight"], *weights]
        questions, lang = self.context.catalogue.questions, self.context.lang
        for question in self.rows:
            found: list[Content | None] = [question, questions[question].text.in_(lang)]
            for block in blocks:
                given = self.given(block.angle, question)
                found += [given.number] if given else []
                found += self.typed(block, question)
            yield question, [each for each in found if each is not None]

    @property
    def scale(self) -> formulas.Scale:
        """What a score must lie within: anything else typed into a cell counts as asked, not as scored."""
        return self.context.catalogue.scale_min, self.context.catalogue.scale_max

    def word(self, outcome: Outcome) -> str:
        """What stands in the cell of an answer without a score."""
        known = matrix.said(outcome, self.context.catalogue, self.context.lang)
        return self.context.words[f"outcome.{outcome.value}"] if known is None else known

    # --- for the engine

    def sealed(self, angle: str, indicator: str) -> Sealed | None:
        return None

    def counts(self, angle: str, indicator: Indicator) -> tuple[Expression, ...] | None:
        return None

    def gap(self, other: str, indicator: str) -> tuple[float | None, float]:
        raise LookupError("nothing is sealed in a consultant's file")

    def given(self, angle: str, question: str) -> Expression | None:
        block = self.blocks.get(angle)
        if not block or not block.has_given:
            return None
        value = next((g.value for g in self.context.plan.given if (g.angle, g.node) == (angle, question)), None)
        return Expression(self.sheet.cell(self.rows[question], block.given), value)

    def tally(self, angle: str, question: str) -> Tally:
        block = self.blocks.get(angle)
        if not block or not block.people:
            return Tally((ZERO,) * 5, NONE)
        result = self.context.angle(angle).nodes[question]
        if result.source == "answers":
            value, numbers = result.score, [result.asked, result.scored, result.na, result.dk, result.blank]
        else:  # another figure stands in place of the answers, or none: what these come to is not among the results
            votes = self._nodes[angle][question].votes
            kinds = [vote.kind for vote in votes]
            value = scoring.combine(votes, self._rules(angle))
            numbers = [len(votes), *map(kinds.count, (Kind.SCORED, Kind.NA, Kind.DK, Kind.BLANK))]
        row = str(self.rows[question] + 1)
        *counts, combined = (text.replace(_ROW, row) for text in self._texts[angle])
        return Tally(tuple(map(Expression, counts, numbers)), Expression(combined, value))

    @cached_property
    def _nodes(self) -> dict[str, dict[str, scoring.Node]]:
        return {angle: by_id(self.context.angle(angle).tree) for angle in self.context.voices}

    @cached_property
    def _texts(self) -> dict[str, tuple[str, ...]]:
        """The formulas of a question by angle, with _ROW for the number of its row: the counts, and the value."""
        return {angle: self._texts_of(block) for angle, block in self.blocks.items() if block.people}

    def _texts_of(self, block: Block) -> tuple[str, ...]:
        cells = self._across(block.person, block.last)
        words = (formulas.quoted(self.word(each)) for each in (Outcome.NA, Outcome.DK, Outcome.BLANK))
        counts = f"COUNTA({cells})", formulas.count_scores(cells, self.scale)
        return (*counts, *(f"COUNTIF({cells},{word})" for word in words), self._combined(block, cells))

    def _across(self, first: int, last: int) -> str:
        """Cells beside each other in a question's row."""
        return f"{self.sheet.quoted}!${letters(first)}${_ROW}:${letters(last)}${_ROW}"

    def _combined(self, block: Block, cells: str) -> str:
        """The value by the chosen rule (scoring.md rule 3); outsiders are always weighed by person."""
        settings = self.settings
        weights = self.sheet.range(WEIGHT_ROW, block.person, WEIGHT_ROW, block.last)
        text = formulas.combine_person(cells, weights, self.scale)
        if block.angle in INTERNAL:
            pairs = [(self._across(first, last), settings.tier_share(tier).text) for tier, first, last in block.tiers]
            text = f"IF({settings.voice_is_tier.text},{formulas.combine_tier(pairs, self.scale)},{text})"
        return f"IF({settings.combine_is_median.text},{formulas.combine_median(cells, self.scale)},{text})"

    def _rules(self, angle: str) -> scoring.Rules:
        plan = self.context.plan.settings
        return scoring.Rules(
            scale=scoring.Scale(*self.scale),
            ladder=scoring.Ladder((self.context.catalogue.scale_min,)),
            voice="tier" if plan.voice == "tier" and angle in INTERNAL else "person",
            combine="median" if plan.combine == "median" else "mean",
            tier_shares=plan.tier_shares,
        )
