"""Answers in a client's file: combined values and counts per question, nothing of persons (scoring.md rule 15).

Where a question has too few scores to hide who gave them, its indicator is sealed: no question of it is shown, and
the calculation starts from the indicator's own value. Where fewer people than that scored anything of an indicator,
the indicator is withheld as well, and stands in the calculation with what all withheld ones of its dimension come to.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from xlsxwriter.format import Format

from cmme_xl import scoring
from cmme_xl.calculation.expression import NONE, ZERO, Expression, constant
from cmme_xl.calculation.ground import by_id
from cmme_xl.calculation.inputs import Sealed, Tally
from cmme_xl.catalogue import Indicator, Question
from cmme_xl.scoring import Result
from cmme_xl.spreadsheet import measure, page
from cmme_xl.spreadsheet.sheet import Sheet
from cmme_xl.summary import paper
from cmme_xl.summary.context import COLOURS, GLYPHS, Context
from cmme_xl.summary.furniture import count, head
from cmme_xl.summary.places import Places

BLOCK_ROW, HEAD_ROW, FIRST_ROW = 7, 8, 9
ID, TEXT, FIRST_BLOCK = 1, 2, 3
COUNTS = ("asked", "scored", "na", "dk", "blank")
VALUE_PX, COUNT_PX, GAP_PX, TEXT_PX, HEAD_PX = 72, 48, 14, 400, 38


@dataclass(frozen=True)
class CombinedCells:
    """Where the combined values stand."""

    context: Context

    @cached_property
    def sheet(self) -> Sheet:
        return self.context.sheets["answers"]

    @cached_property
    def rows(self) -> dict[str, int]:
        """Row of every indicator and of each question with anything to show; a row above each dimension names it."""
        rows: dict[str, int] = {}
        row = FIRST_ROW
        for dimension in self.context.dimensions:
            row += 1
            for indicator in dimension.indicators:
                for node in (indicator.id, *(question.id for question in self.shown(indicator))):
                    rows[node] = row
                    row += 1
        return rows

    def shown(self, indicator: Indicator) -> tuple[Question, ...]:
        """The questions of which at least one angle may show what it has."""
        open_ = [angle for angle in self.columns if not self._closed(angle, indicator)]
        return tuple(each for each in indicator.questions if any(self._has(angle, each.id) for angle in open_))

    def _closed(self, angle: str, indicator: Indicator) -> bool:
        return (angle, indicator.id) in self.context.withheld or self._must_seal(angle, indicator)

    def _has(self, angle: str, question: str) -> bool:
        return self.result(angle, question).asked > 0 or self._given(angle, question) is not None

    def _given(self, angle: str, question: str) -> float | None:
        return next((g.value for g in self.context.plan.given if (g.angle, g.node) == (angle, question)), None)

    @cached_property
    def has_given(self) -> frozenset[str]:
        """The angles for whose questions figures are given."""
        questions = self.context.catalogue.questions
        return frozenset(given.angle for given in self.context.plan.given if given.node in questions)

    @cached_property
    def columns(self) -> dict[str, int]:
        """The first column of each angle's block: value, counts, given figures where there are any."""
        found: dict[str, int] = {}
        column = FIRST_BLOCK
        for angle in self.context.voices:
            if self._asked(angle) or angle in self.has_given:
                found[angle] = column
                column += len(self.widths(angle)) + 1
        return found

    def _asked(self, angle: str) -> bool:
        return any(node.votes for node in self._nodes[angle].values())

    def widths(self, angle: str) -> list[int]:
        return [VALUE_PX, *([COUNT_PX] * len(COUNTS)), *([VALUE_PX] if angle in self.has_given else [])]

    @property
    def last_column(self) -> int:
        angle = list(self.columns)[-1] if self.columns else ""
        return self.columns[angle] + len(self.widths(angle)) - 1 if angle else TEXT

    @cached_property
    def _nodes(self) -> dict[str, dict[str, scoring.Node]]:
        return {angle: by_id(self.context.angle(angle).tree) for angle in self.context.voices}

    @cached_property
    def _sealed(self) -> dict[tuple[str, str], Sealed]:
        found = {}
        for angle in self.columns:
            for indicator in self.context.indicators:
                if self._closed(angle, indicator):
                    found[angle, indicator.id] = self._seal(angle, indicator)
        for angle in self.columns:
            withheld = [i for i in self.context.indicators if (angle, i.id) in self.context.withheld]
            for family in self._families(withheld):
                found |= self._pooled(angle, {each.id: found[angle, each.id] for each in family})
            for each in withheld:
                if not self.context.kept(each):
                    found[angle, each.id] = Sealed(Tally((ZERO,) * len(COUNTS), NONE), False, None, None, 0.0, 0.0)
        return found

    def _families(self, indicators: Sequence[Indicator]) -> list[list[Indicator]]:
        """Those that stand in for one another without moving any total: of one dimension, key or not."""
        families: dict[tuple[str, bool], list[Indicator]] = {}
        for each in indicators:
            if self.context.kept(each):
                families.setdefault((self.context.catalogue.dimension_of[each.id].id, each.key), []).append(each)
        return list(families.values())

    def _pooled(self, angle: str, family: Mapping[str, Sealed]) -> dict[tuple[str, str], Sealed]:
        """Withheld indicators each with the figures of all of them together; what they roll up to is unchanged."""
        weights = {id_: self._nodes[angle][id_].weight for id_ in family}

        def mean(figure: str) -> float | None:
            return scoring.weighted_mean([(getattr(each, figure), weights[id_]) for id_, each in family.items()])

        scores = [(each.tally.value.number, weights[id_]) for id_, each in family.items()]
        value = constant(scoring.weighted_mean(scores))
        counts = tuple(
            constant(sum(each.tally.counts[place].number or 0.0 for each in family.values()) / len(family))
            for place in range(len(COUNTS))
        )
        low, high, covered, reached = (mean(figure) for figure in ("low", "high", "covered", "reached"))
        sealed = Sealed(Tally(counts, value), True, low, high, covered or 0.0, reached or 0.0)
        return {(angle, id_): sealed for id_ in family}

    def _must_seal(self, angle: str, indicator: Indicator) -> bool:
        least = self.context.catalogue.limits.tier_shown_min
        nodes = [self._nodes[angle][question.id] for question in indicator.questions]
        counts = [sum(vote.score is not None for vote in node.votes) for node in nodes if node.in_scope]
        return any(0 < count < least for count in counts)

    def _seal(self, angle: str, indicator: Indicator) -> Sealed:
        results = self.context.angle(angle).nodes
        found = [(results[q.id], self._nodes[angle][q.id].weight) for q in indicator.questions]
        inside = [(result, weight) for result, weight in found if result.in_scope]
        weights = sum(weight for _, weight in inside)

        def mean(figure: str) -> float | None:
            return scoring.weighted_mean([(getattr(result, figure), weight) for result, weight in inside])

        row, first = self.rows[indicator.id], self.columns[angle]
        return Sealed(
            tally=Tally(self.counts(angle, indicator), self._typed(row, first, mean("score"))),
            in_scope=bool(inside),
            low=mean("low"),
            high=mean("high"),
            covered=mean("coverage") or 0.0,
            reached=1.0 if weights else 0.0,
        )

    # --- for the engine

    def sealed(self, angle: str, indicator: str) -> Sealed | None:
        return self._sealed.get((angle, indicator))

    def counts(self, angle: str, indicator: Indicator) -> tuple[Expression, ...]:
        """The indicator's counts, as constants: nobody changes them, and the cells shown hide small ones."""
        kept = [question.id for question in indicator.questions if self._nodes[angle][question.id].in_scope]
        results = [self.result(angle, question) for question in kept]
        return tuple(constant(float(sum(getattr(result, name) for result in results))) for name in COUNTS)

    def gap(self, other: str, indicator: str) -> tuple[float | None, float]:
        """The gap of an indicator that is sealed, and the share of weight it rests on."""
        known = self.context.results.scopes["standard"].gaps[other]
        for family in self._families(self._ungapped(other)):
            ids = [each.id for each in family if known[each.id].value is not None]
            if indicator in ids:
                weights = [self._nodes["current"][id_].weight for id_ in ids]
                pairs = [(known[id_].value, weight) for id_, weight in zip(ids, weights, strict=True)]
                return scoring.weighted_mean(pairs), known[indicator].weight_share
        return known[indicator].value, known[indicator].weight_share

    def _ungapped(self, other: str) -> list[Indicator]:
        hidden = self.context.withheld
        return [i for i in self.context.indicators if {("current", i.id), (other, i.id)} & hidden]

    def given(self, angle: str, question: str) -> Expression | None:
        if angle not in self.has_given or angle not in self.columns or question not in self.rows:
            return None
        column = self.columns[angle] + 1 + len(COUNTS)
        return Expression(self.sheet.cell(self.rows[question], column), self._given(angle, question))

    def tally(self, angle: str, question: str) -> Tally:
        if angle not in self.columns:
            return Tally((ZERO,) * len(COUNTS), NONE)
        result = self.result(angle, question)
        row = self.rows.get(question)
        value = self._typed(row, self.columns[angle], self._votes_value(result)) if row else NONE
        return Tally((), value, constant(result.asked == 0 or result.na < result.asked))

    def _typed(self, row: int, column: int, value: float | None) -> Expression:
        """A combined value that may be changed: counted where it is a number on the scale."""
        cell, catalogue = self.sheet.cell(row, column), self.context.catalogue
        on_scale = f"ISNUMBER({cell}),{cell}>={catalogue.scale_min:g},{cell}<={catalogue.scale_max:g}"
        return Expression(f'IF(AND({on_scale}),{cell},"")', value)

    def result(self, angle: str, question: str) -> Result:
        return self.context.angle(angle).nodes[question]

    def _votes_value(self, result: Result) -> float | None:
        """What the votes come to, before a given or calibrated figure takes its place."""
        return result.score if result.source in ("answers", "") else result.raw


def widths(cells: CombinedCells) -> list[int]:
    """The columns of the sheet in pixels."""
    found = [20, 78, TEXT_PX]
    for angle in cells.columns:
        found += [*cells.widths(angle), GAP_PX]
    return [*found[:-1], 20] if cells.columns else [*found, 20]


def draw(context: Context, cells: CombinedCells, places: Places) -> None:
    """The sheet: an indicator's questions beneath it, one block of columns per angle."""
    sheet, words, book = cells.sheet, context.words, context.book
    least = context.catalogue.limits.tier_shown_min
    everything = sum(len(each.questions) for each in context.indicators)
    n = sum(len(cells.shown(each)) for each in context.indicators)
    head(
        context,
        "answers",
        constant(words.fill("answers.client_title", n=n)),
        constant(words["answers.client_subtitle"]),
        cells.last_column,
        narrow=True,
    )
    sheet.rows(6, (6, 22, 32))
    small = book.style(font_size=8, font_color="slate")
    sheet.text(BLOCK_ROW, ID, words.fill("answers.client_legend", min=least, n=everything - n), small)
    titles = [(words["answers.id"], "left"), (words["answers.question"], "left")]
    page.header_row(sheet, HEAD_ROW, 1, titles, HEAD_PX)
    for angle, first in cells.columns.items():
        style = book.style(bold=True, font_color=COLOURS[angle], bottom=2, bottom_color=COLOURS[angle])
        last = first + len(cells.widths(angle)) - 1
        sheet.fill(BLOCK_ROW, first, last, style)
        sheet.text(BLOCK_ROW, first, f"{GLYPHS[angle]} {context.label(angle)}", style)
        heads = [(words["answers.value"], "right"), (words["engine.asked"], "right")]
        heads += [(words["engine.scored"], "right")]
        heads += [(words[f"outcome.{each}"], "right") for each in COUNTS[2:]]
        heads += [(words["answers.given"], "right")] if angle in cells.has_given else []
        page.header_row(sheet, HEAD_ROW, first, heads, HEAD_PX)
    _body(context, cells, places)
    _limits(context, cells)
    end = max(cells.rows.values())
    sheet.freeze(FIRST_ROW, FIRST_BLOCK)
    sheet.repeat(BLOCK_ROW, HEAD_ROW)
    sheet.print_to(end, cells.last_column + 1)
    sheet.repeat_columns(0, TEXT)
    blocks = [(first, first + len(cells.widths(angle)) - 1) for angle, first in cells.columns.items()]
    paper.across(sheet, TEXT, blocks)


def _body(context: Context, cells: CombinedCells, places: Places) -> None:
    sheet, book, lang = cells.sheet, context.book, context.lang
    band = book.style(bg_color="tint2", bold=True, font_color="brand", font_size=9)
    hair = {"bottom": 1, "bottom_color": "hair", "font_size": 9}
    bold = book.style(**hair, bold=True, font_color="brand")
    code = book.style(**{**hair, "font_size": 8}, font_color="slate")
    text = book.style(**hair, text_wrap=True, indent=1)
    for dimension in context.dimensions:
        row = cells.rows[dimension.indicators[0].id] - 1
        sheet.rows(row, (22,))
        sheet.fill(row, ID, cells.last_column, band)
        sheet.jump(row, ID, f"{dimension.number} {dimension.name.in_(lang)}", places.page(dimension.id), band)
        for indicator in dimension.indicators:
            row = cells.rows[indicator.id]
            sheet.rows(row, (23,))
            sheet.jump(row, ID, indicator.id, places.indicator(indicator.id), bold)
            sheet.text(row, TEXT, f"{indicator.number} {indicator.name.in_(lang)}", bold)
            for question in cells.shown(indicator):
                row, wording = cells.rows[question.id], question.text.in_(lang)
                sheet.rows(row, (max(22, measure.height(wording, TEXT_PX - 12, 9, padding=6)),))
                sheet.jump(row, ID, question.id, places.indicator(indicator.id), code)
                sheet.text(row, TEXT, wording, text)
            for angle in cells.columns:
                _indicator(context, cells, angle, indicator)


def _indicator(context: Context, cells: CombinedCells, angle: str, indicator: Indicator) -> None:
    """One angle of an indicator: its questions, or itself as a whole where it is sealed."""
    sheet, book, words = cells.sheet, context.book, context.words
    hair = {"bottom": 1, "bottom_color": "hair", "font_size": 9}
    yellow = book.style(
        font_size=9, num_format="0.00", align="right", bg_color="input", border=1, border_color="input_edge"
    )
    plain = book.style(**hair, align="right", font_color="slate", num_format="0")
    note = book.style(**{**hair, "font_size": 8}, font_color="muted")
    empty = book.style(**hair)
    first, width = cells.columns[angle], len(cells.widths(angle))
    sealed = cells.sealed(angle, indicator.id)
    sheet.fill(cells.rows[indicator.id], first, first + width - 1, empty)
    least = context.catalogue.limits.tier_shown_min
    if (angle, indicator.id) in context.withheld:
        sheet.text(cells.rows[indicator.id], first, words.fill("answers.client_withheld", min=least), note)
    elif sealed:
        counts = [int(each.number or 0) for each in cells.counts(angle, indicator)]
        _tally(context, cells.rows[indicator.id], first, sealed.tally.value, counts, (yellow, plain))
    for question in cells.shown(indicator):
        row = cells.rows[question.id]
        if sealed:
            sheet.fill(row, first, first + width - 1, empty)
            sheet.text(row, first, words.fill("answers.client_sealed", min=least), note)
            continue
        counts = [getattr(cells.result(angle, question.id), name) for name in COUNTS]
        _tally(context, row, first, cells.tally(angle, question.id).value, counts, (yellow, plain))
        given = cells.given(angle, question.id)
        if angle in cells.has_given:
            sheet.number(row, first + width - 1, given.number if given else None, yellow)


def _tally(
    context: Context, row: int, first: int, value: Expression, counts: Sequence[int], styles: tuple[Format, Format]
) -> None:
    sheet = context.sheets["answers"]
    sheet.number(row, first, value.number, styles[0])
    for place, found in enumerate(counts, first + 1):
        count(sheet, row, place, context.countable(found), styles[1])


def _limits(context: Context, cells: CombinedCells) -> None:
    """Values must lie within the scale."""
    low, high = context.catalogue.scale_min, context.catalogue.scale_max
    rule = {"validate": "decimal", "criteria": "between", "minimum": low, "maximum": high}
    prompt = context.words.fill("weights.prompt_given", low=low, high=high)
    rows = cells.rows.values()
    for angle, first in cells.columns.items():
        cells.sheet.validation(min(rows), first, max(rows), first, rule, prompt=prompt, strict=True)
        if angle in cells.has_given:
            at = first + len(cells.widths(angle)) - 1
            cells.sheet.validation(min(rows), at, max(rows), at, rule, prompt=prompt, strict=True)
