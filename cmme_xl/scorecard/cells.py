"""Where everything stands on the sheet of scores, and what the calculation takes from there."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from cmme_xl import formulas
from cmme_xl.calculation import matrix
from cmme_xl.calculation.expression import NONE, ZERO, Expression, Value, constant
from cmme_xl.calculation.ground import by_id
from cmme_xl.calculation.inputs import Sealed, Tally
from cmme_xl.catalogue import ROOT, Indicator
from cmme_xl.plan.model import Person
from cmme_xl.results.compute import rules
from cmme_xl.returned.model import Outcome
from cmme_xl.returned.scorecard import FIELDS
from cmme_xl.scorecard.context import Context, calibratable
from cmme_xl.scoring import Kind, Node, combine
from cmme_xl.spreadsheet import Sheet

BLOCK_ROW, TIER_ROW, NAME_ROW, WEIGHT_ROW, HEAD_ROW, FIRST_ROW = 6, 7, 8, 9, 10, 11
ID, TEXT = 1, 2
FIRST_BLOCK = 3


@dataclass(frozen=True)
class Block:
    """The columns of one angle: what it comes to, the calibration, and the answers grouped by tier.

    `effective` holds the calibration once it is complete, unseen, right before the answers; the column before that
    is empty, since the functions expect a given figure there.
    """

    angle: str
    people: tuple[Person, ...]
    first: int

    @property
    def raw(self) -> int:
        """The combined value."""
        return self.first

    @property
    def live(self) -> int:
        """What stands once calibrated; of the current angle only, like the three after it."""
        return self.first + 1

    @property
    def spread(self) -> int:
        return self.first + 2

    @property
    def flags(self) -> int:
        return self.first + 3

    @property
    def field(self) -> dict[str, int]:
        """The columns that are typed into."""
        start = self.first + (4 if self.angle == "current" else 1)
        return {name: start + place for place, name in enumerate(FIELDS)}

    @property
    def status(self) -> int:
        return self.field["why"] + 1

    @property
    def given(self) -> int:
        return self.status + 1

    @property
    def effective(self) -> int:
        return self.status + 2

    @property
    def person(self) -> int:
        """The first column of answers."""
        return self.status + 3

    @property
    def last(self) -> int:
        return self.person + max(len(self.people), 1) - 1

    @property
    def tiers(self) -> tuple[tuple[str, int, int], ...]:
        """Each tier with its first and last column, in the order of the columns."""
        return matrix.spans(self.people, self.person)


@dataclass(frozen=True)
class ScoreCells:
    """The sheet's rows and columns. Answers and settings of the calculation: weights and given figures are the plan's,
    and fixed here."""

    context: Context

    @property
    def sheet(self) -> Sheet:
        return self.context.sheets["scores"]

    @cached_property
    def rows(self) -> dict[str, int]:
        """A row for each node, each before what is in it, without a gap."""
        listed = [ROOT]
        for dimension in self.context.dimensions:
            listed.append(dimension.id)
            for indicator in dimension.indicators:
                listed += [indicator.id, *(question.id for question in indicator.questions)]
        return {node: FIRST_ROW + place for place, node in enumerate(listed)}

    @property
    def last_row(self) -> int:
        return FIRST_ROW + len(self.rows) - 1

    @cached_property
    def blocks(self) -> dict[str, Block]:
        """One per angle that has anything to show."""
        blocks: dict[str, Block] = {}
        column = FIRST_BLOCK
        for angle in self.context.voices:
            blocks[angle] = Block(angle, self._people(angle), column)
            column = blocks[angle].last + 2
        return blocks

    def _people(self, angle: str) -> tuple[Person, ...]:
        """Whom the angle's answers are from: by tier from the top, then by role, then in the plan's order."""
        heard = {vote.respondent for node in self._nodes[angle].values() for vote in node.votes}
        order = [group.id for group in self.context.catalogue.groups]
        people = [person for person in self.context.plan.people if person.id in heard]
        return tuple(sorted(people, key=lambda person: (order.index(person.group), person.title)))

    @cached_property
    def _nodes(self) -> dict[str, dict[str, Node]]:
        return {angle: by_id(self.context.angle(angle).tree) for angle in self.context.voices}

    def typed(self, block: Block, question: str) -> list[float | str | None]:
        """What stands in the cells of a block's people, None where there is no cell: a person was not asked."""
        return self._typed[block.angle].get(question) or [None] * len(block.people)

    @cached_property
    def _typed(self) -> dict[str, dict[str, list[float | str | None]]]:
        words = {outcome: self.word(outcome) for outcome in Outcome}
        replies = self.context.results.returned.answers.replies
        people = {angle: [person.id for person in block.people] for angle, block in self.blocks.items()}
        return {angle: matrix.contents(replies, words, angle, ids) for angle, ids in people.items()}

    def word(self, outcome: Outcome) -> str:
        """What stands in the cell of an answer without a score."""
        known = matrix.said(outcome, self.context.catalogue, self.context.lang)
        return self.context.words[f"outcome.{outcome.value}"] if known is None else known

    @property
    def scale(self) -> formulas.Scale:
        return self.context.catalogue.scale_min, self.context.catalogue.scale_max

    def cells(self, node: str, angle: str = "current") -> str:
        """The answers to a question, or everyone's own means of an indicator."""
        block, row = self.blocks[angle], self.rows[node]
        return self.sheet.range(row, block.person, row, block.last)

    # --- answers, for the calculation

    def tally(self, angle: str, question: str) -> Tally:
        block = self.blocks[angle]
        if not block.people:
            return Tally((ZERO,) * 5, NONE)
        votes = self._nodes[angle][question].votes
        kinds = [vote.kind for vote in votes]
        cells = self.cells(question, angle)
        texts = [f"COUNTA({cells})", formulas.count_scores(cells, self.scale)]
        texts += [f"COUNTIF({cells},{word})" for word in self._quoted]
        numbers = [len(votes), *map(kinds.count, (Kind.SCORED, Kind.NA, Kind.DK, Kind.BLANK))]
        value = combine(votes, rules(self.context.plan, angle))
        return Tally(tuple(map(Expression, texts, numbers)), Expression(self._combined(block, question), value))

    @cached_property
    def _quoted(self) -> list[str]:
        return [formulas.quoted(self.word(each)) for each in (Outcome.NA, Outcome.DK, Outcome.BLANK)]

    def _combined(self, block: Block, question: str) -> str:
        """The question's value by the plan's rule (scoring.md rule 3); outsiders are always weighed by person."""
        found, cells = rules(self.context.plan, block.angle), self.cells(question, block.angle)
        if found.combine == "median":
            return formulas.combine_median(cells, self.scale)
        if found.voice == "tier":
            row = self.rows[question]
            pairs = [
                (self.sheet.range(row, first, row, last), formulas.number(found.tier_shares.get(tier, 0.0)))
                for tier, first, last in block.tiers
            ]
            return formulas.combine_tier(pairs, self.scale)
        weights = self.sheet.range(WEIGHT_ROW, block.person, WEIGHT_ROW, block.last)
        return formulas.combine_person(cells, weights, self.scale)

    def sealed(self, angle: str, indicator: str) -> Sealed | None:
        return None

    def counts(self, angle: str, indicator: Indicator) -> tuple[Expression, ...] | None:
        return None

    def gap(self, other: str, indicator: str) -> tuple[float | None, float]:
        raise LookupError("nothing is sealed in a scorecard")

    # --- settings, for the calculation

    def weight(self, node: str) -> Expression:
        return constant(self.context.nodes[node].weight)

    def in_scope(self, node: str) -> Expression:
        return constant(self.context.nodes[node].in_scope)

    def given(self, angle: str, node: str) -> Expression | None:
        found = next((g.value for g in self.context.plan.given if (g.angle, g.node) == (angle, node)), None)
        return None if found is None else constant(found)

    def calibrated(self, angle: str, node: str) -> Expression | None:
        """The cell of a complete calibration: of questions and indicators."""
        if angle not in self.blocks or node not in self.calibratable:
            return None
        return Expression(self.sheet.cell(self.rows[node], self.blocks[angle].effective), self.agreed(angle, node))

    @cached_property
    def answerable(self) -> frozenset[str]:
        """The rows in which answers stand, or everyone's means of them: questions and indicators."""
        indicators = self.context.indicators
        return frozenset([each.id for each in indicators] + [q.id for each in indicators for q in each.questions])

    @cached_property
    def calibratable(self) -> frozenset[str]:
        return calibratable(self.context.results)

    def agreed(self, angle: str, node: str) -> Value:
        """The complete calibration that stands there now: a score, or the word for "not applicable"."""
        return self._agreed.get((angle, node))

    @cached_property
    def _agreed(self) -> dict[tuple[str, str], Value]:
        na = self.word(Outcome.NA)
        return {
            (each.angle, each.node): na if each.score is None else each.score
            for each in self.context.results.calibrations
        }


def unseen(blocks: Iterable[Block]) -> list[int]:
    """The columns that nobody is to see."""
    return [column for block in blocks for column in (block.given, block.effective)]
