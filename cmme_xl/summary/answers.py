"""Answers: one matrix per angle, questions by respondents grouped by tier. What is typed here moves every figure."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import repeat

from cmme_xl import formulas, scoring
from cmme_xl.calculation import matrix
from cmme_xl.calculation.engine import NONE, ZERO, Engine, Sealed, Tally
from cmme_xl.calculation.expression import Expression, constant
from cmme_xl.calculation.ground import by_id, raw
from cmme_xl.catalogue import Indicator
from cmme_xl.plan.model import Person
from cmme_xl.returned.model import Outcome
from cmme_xl.scoring import Kind
from cmme_xl.spreadsheet import Content, Link, measure
from cmme_xl.spreadsheet.lines import letters
from cmme_xl.spreadsheet.sheet import Sheet, local
from cmme_xl.summary import paper
from cmme_xl.summary.context import COLOURS, GLYPHS, Context
from cmme_xl.summary.furniture import ARROW, LEAD, head, lead, show, write
from cmme_xl.summary.places import Places
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


def draw(context: Context, cells: AnswerCells, engine: Engine, places: Places) -> None:
    """The sheet: head, one block per angle, a row per question."""
    words, sheet, book = context.words, context.sheets["answers"], context.book
    counts = context.tally
    said = {"n": counts["expected"], "scored": counts[Outcome.SCORED.value]}
    last = max((block.last for block in cells.blocks.values()), default=TEXT)
    marks = {each.value: cells.word(each) for each in Outcome}
    head(
        context,
        "answers",
        constant(words.counted("answers.title", said["n"], **said)),
        constant(words["answers.subtitle"]),
        last,
        narrow=True,
    )
    sheet.rows(6, (6, 20, 18, _name_height(cells), 20))
    small = book.style(font_size=8, font_color="slate", text_wrap=True, valign="top")
    sheet.text(BLOCK_ROW, ID, words.fill("answers.legend", **marks), small, (TIER_ROW, TEXT))
    low = book.style(font_size=9, font_color="slate", bold=True, valign="bottom")
    sheet.text(NAME_ROW, ID, words["answers.id"], low)
    sheet.text(NAME_ROW, TEXT, words["answers.question"], low)
    sheet.text(WEIGHT_ROW, TEXT, words["answers.weight"], book.style(font_size=8, font_color="muted", align="right"))
    _questions(context, cells, places, last)
    for block in cells.blocks.values():
        _block(context, cells, block, engine, places)
    end = max(cells.rows.values())
    sheet.freeze(FIRST_ROW, FIRST_BLOCK)
    sheet.repeat(BLOCK_ROW, WEIGHT_ROW)
    sheet.print_to(end, last)
    sheet.repeat_columns(0, TEXT)
    paper.across(sheet, TEXT, [(block.first, block.last) for block in cells.blocks.values()])


def widths(cells: AnswerCells) -> list[int]:
    """The columns of the sheet in pixels."""
    found = [20, 78, 330]
    words = [cells.word(outcome) for outcome in Outcome if outcome is not Outcome.SCORED]
    person = max(36, *(int(measure.width(word, 8)) + 10 for word in words))
    for block in cells.blocks.values():
        found += [20] * (block.first - len(found))
        found += [56, 48, *([52] if block.has_given else []), *([person] * len(block.people))]
    return found


def _name_height(cells: AnswerCells) -> int:
    names = [person.name for block in cells.blocks.values() for person in block.people]
    return min(150, max(40, *(int(measure.width(name, 9)) + 16 for name in names))) if names else 40


def _questions(context: Context, cells: AnswerCells, places: Places, last: int) -> None:
    sheet, book, lang = context.sheets["answers"], context.book, context.lang
    band = book.style(bg_color="tint2", bold=True, font_color="brand", font_size=9)
    code = book.style(font_size=8, font_color="slate", bottom=1, bottom_color="hair")
    text = book.style(font_size=9, text_wrap=True, bottom=1, bottom_color="hair")
    for dimension in context.dimensions:
        first = cells.rows[dimension.indicators[0].questions[0].id] - 1
        named = f"{dimension.number} {dimension.name.in_(lang)}"
        sheet.line(first, ID, (Link(named, places.page(dimension.id)), *repeat("", last - ID)), band, 22)
        for indicator in dimension.indicators:
            for question in indicator.questions:
                row, wording = cells.rows[question.id], question.text.in_(lang)
                sheet.rows(row, (max(24, measure.height(wording, 330, 9, padding=6)),))
                lead(sheet, row, 0, places.indicator(indicator.id))
                sheet.text(row, ID, question.id, code)
                sheet.text(row, TEXT, wording, text)


def _block(context: Context, cells: AnswerCells, block: Block, engine: Engine, places: Places) -> None:
    sheet, book = context.sheets["answers"], context.book
    colour = COLOURS[block.angle]
    under = {"bottom": 2, "bottom_color": colour}
    title, small = book.style(bold=True, font_color=colour, **under), book.style(**under, **LEAD)
    named = [f"{GLYPHS[block.angle]} {context.label(block.angle)}", *repeat("", block.person - block.first - 1)]
    sheet.line(BLOCK_ROW, block.first, named, title)
    files = [places.sent_by(person.id) for person in block.people] or [None]
    sheet.line(BLOCK_ROW, block.person, [Link(ARROW, file) if file else "" for file in files], small)
    _heads(context, cells, block)
    line = {"bottom": 1, "bottom_color": "hair", "font_size": 9}
    value = book.style(**line, bold=True, num_format="0.00", align="right", font_color=colour)
    count = book.style(**line, align="right", font_color="slate", indent=1)
    angle = raw(block.angle) if raw(block.angle) in context.raws else block.angle
    for question, row in cells.rows.items():
        show(sheet, row, block.value, engine.at(question, angle, "score"), value)
        write(sheet, row, block.n, engine.at(question, block.angle, "scored"), count)
    first, end = min(cells.rows.values()), max(cells.rows.values())
    scale = context.catalogue.scale_min, context.catalogue.scale_max
    if block.has_given:
        _given(context, cells, block, line, scale)
    if block.people:
        _matrix(context, cells, block)
        _marks(context, cells, block, first, end)


def _heads(context: Context, cells: AnswerCells, block: Block) -> None:
    sheet, book, words = context.sheets["answers"], context.book, context.words
    small = book.style(font_size=8, font_color="slate", align="right", valign="bottom", text_wrap=True)
    sheet.text(NAME_ROW, block.value, words["answers.value"], small)
    sheet.text(NAME_ROW, block.n, words["answers.n"], small)
    if block.has_given:
        sheet.text(NAME_ROW, block.given, words["answers.given"], small)
    group = book.style(font_size=8, font_color="slate", left=1, left_color="rule")
    name = book.style(font_size=9, rotation=90, align="center", valign="bottom")
    for tier, first, _ in block.tiers:
        sheet.text(TIER_ROW, first, context.catalogue.group(tier).name.in_(context.lang), group)
    yellow = book.style(
        font_size=8, align="center", bg_color="input", border=1, border_color="input_edge", num_format="0.##"
    )
    if block.people:
        sheet.line(NAME_ROW, block.person, [person.name or person.id for person in block.people], name)
        sheet.line(WEIGHT_ROW, block.person, [person.weight for person in block.people], yellow)
        rule = {"validate": "decimal", "criteria": ">=", "value": 0}
        prompt = words["weights.prompt_weight"]
        sheet.validation(WEIGHT_ROW, block.person, WEIGHT_ROW, block.last, rule, prompt=prompt, strict=True)


def _given(
    context: Context, cells: AnswerCells, block: Block, line: dict[str, object], scale: tuple[float, float]
) -> None:
    sheet, book, words = context.sheets["answers"], context.book, context.words
    style = book.style(**line, num_format="0.00", align="right", bg_color="input")
    for question, row in cells.rows.items():
        found = cells.given(block.angle, question)
        sheet.number(row, block.given, found.number if found else None, style)
    rule = {"validate": "decimal", "criteria": "between", "minimum": scale[0], "maximum": scale[1]}
    prompt = words.fill("weights.prompt_given", low=scale[0], high=scale[1])
    rows = cells.rows.values()
    sheet.validation(min(rows), block.given, max(rows), block.given, rule, prompt=prompt, strict=True)


def _matrix(context: Context, cells: AnswerCells, block: Block) -> None:
    """The answers themselves; a question a person was not asked has no cell."""
    style = context.book.style(font_size=9, align="center")
    for question, row in cells.rows.items():
        cells.sheet.line(row, block.person, cells.typed(block, question), style)


def _marks(context: Context, cells: AnswerCells, block: Block, first: int, last: int) -> None:
    """The look of a cell by what is in it, for the whole range at once, and what may be typed."""
    sheet, book, words, catalogue = context.sheets["answers"], context.book, context.words, context.catalogue
    area = (first, block.person, last, block.last)
    at = local(first, block.person)
    sheet.condition(*area, {"type": "blanks", "format": book.change(bg_color="hair"), "stop_if_true": True})
    on_scale = f"ISNUMBER({at}),{at}>={catalogue.scale_min:g},{at}<={catalogue.scale_max:g}"
    for number, step in enumerate(catalogue.steps):
        shade = number * 5 // max(len(catalogue.steps) - 1, 1)
        change = book.change(bg_color=f"step{shade}", font_color=f"step{shade}_text")
        test = f"=AND({on_scale},ROUND({at},0)={step.value})"
        sheet.condition(*area, {"type": "formula", "criteria": test, "format": change, "stop_if_true": True})
    spoken = [cells.word(each) for each in (Outcome.NA, Outcome.DK, Outcome.BLANK)]
    known = ",".join(f"{at}={formulas.quoted(word)}" for word in spoken)
    change = book.change(font_color="muted")
    sheet.condition(*area, {"type": "formula", "criteria": f"=OR({known})", "format": change, "stop_if_true": True})
    change = book.change(font_color="alert", bg_color="alert_bg")
    sheet.condition(*area, {"type": "formula", "criteria": f"=LEN({at})>0", "format": change})
    options: list[object] = [*(step.value for step in catalogue.steps), *spoken]
    prompt = words.fill("answers.prompt", low=catalogue.scale_min, high=catalogue.scale_max, words=" · ".join(spoken))
    sheet.choices(*area, options, prompt=prompt, strict=True)
