"""What was changed by hand in a returned workbook besides the answers: weights, formulas, catalogue, totals.

None of it bears on a score, since the summary counts and weighs for itself; it tells how far the rest can be trusted.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from cmme_xl.catalogue import ROOT, Catalogue
from cmme_xl.findings import Finding, Place
from cmme_xl.plan.issued import Issue
from cmme_xl.plan.model import Plan
from cmme_xl.reading.grid import Cell, CellKind, RawBook, RawSheet, a1
from cmme_xl.returned.identity import Identity
from cmme_xl.returned.layout import Layout
from cmme_xl.returned.pages import weighed
from cmme_xl.scoring.arithmetic import weighted_mean
from cmme_xl.templates import template

MAX_NAMED = 12
_REFERENCE = re.compile(r"'[^']*'!|\$?[A-Za-z]{1,3}\$?[0-9]+|\[\.|\]|\s")
_CLOSE = 1e-9
_LONGEST_KEPT = 1_000

# (row, column) from 1 -> what should stand there
Figures = Mapping[tuple[int, int], float | None]


@dataclass(frozen=True, slots=True)
class Tamper:
    """The report on one workbook. `issue` and `plan` are there where they are known."""

    book: RawBook
    layouts: tuple[Layout, ...]
    identity: Identity
    angles: tuple[str, ...]
    catalogue: Catalogue
    issue: Issue | None
    plan: Plan | None

    def findings(self) -> Iterator[Finding]:
        """IDN_021 another catalogue than was issued, ANS_040 weights, ANS_041 formulas, ANS_042 totals."""
        yield from self._issued()
        live = template("interview")["live"]
        tally, scores = (self._sheet(live[name]["sheet"]) for name in ("tally", "scores"))
        if scores is not None:
            yield from self._weights(scores)
        if any(sheet.computes for sheet in self.book.sheets):
            for sheet in filter(None, (tally, scores)):
                yield from _formulas(sheet, self._computed(sheet))
            yield from self._pages()
        if len(self.layouts) == 1 and not self.layouts[0].merged and (tally is None or self._was_computed(tally)):
            if tally is not None:
                yield from _totals(tally, self._counts(tally))
            if scores is not None:
                yield from _totals(scores, self._means(scores))

    def _issued(self) -> Iterator[Finding]:
        for key in ("catalogue_version", "catalogue_hash") if self.issue is not None else ():
            found, expected = self.identity.values.get(key, ""), getattr(self.issue, key)
            if found and found != expected:
                values = {"found": found[:16], "expected": expected[:16]}
                yield Finding("IDN_021", Place(sheet=self.identity.sheet), found, values)
                return

    def _sheet(self, name: str) -> RawSheet | None:
        return next((sheet for sheet in self.book.sheets if sheet.name == name), None)

    def _weights(self, sheet: RawSheet) -> Iterator[Finding]:
        column = template("interview")["live"]["scores"]["weight"]
        nodes = _nodes(sheet)
        weights = {node: _number(sheet.rows[row].get(column)) for row, node in nodes.items()}
        if self.identity.weights == weighed({node: each for node, each in weights.items() if each is not None}):
            return
        for row, node in nodes.items():
            expected, cell = self._weight(node), sheet.rows[row].get(column)
            found = _number(cell)
            if expected is not None and cell is not None and found != expected:
                place = Place(sheet=sheet.name, cell=a1(row, column), question=node)
                yield Finding("ANS_040", place, cell.shown, {"expected": f"{expected:g}"})

    def _weight(self, node: str) -> float | None:
        """The weight a node was sent with, as far as the plan still knows it."""
        catalogue = self.catalogue
        nodes = (catalogue.questions.get(node), *catalogue.indicators, *catalogue.dimensions)
        own = next((each.weight for each in nodes if each is not None and each.id == node), None)
        return own if own is None or self.plan is None else self.plan.weight(node, own)

    def _computed(self, sheet: RawSheet) -> dict[int, list[int]]:
        """Column -> rows that hold formulas of one form in the workbooks that are sent."""
        live = template("interview")["live"]
        if sheet.name == live["tally"]["sheet"]:
            rows = [row for row in sheet.rows if row > 1]
            fields = live["tally"]["fields"]
            return {column: rows for column, field in enumerate(fields, 2) if field != "asked"}
        rows = [row for row, node in _nodes(sheet).items() if node in self.catalogue.questions]
        first = live["scores"]["first_angle"]
        return dict.fromkeys(range(first, first + len(self.angles)), rows)

    def _pages(self) -> Iterator[Finding]:
        """Numbers typed on pages whose every number is computed."""
        contract = template("interview")
        names = {name for page in contract["live"]["pages"] for name in contract["sheets"][page].values()}
        for sheet in self.book.sheets:
            for row, cells in sheet.rows.items() if sheet.name in names else ():
                for column, cell in cells.items():
                    if not cell.formula and cell.kind in (CellKind.NUMBER, CellKind.PERCENT):
                        yield Finding("ANS_041", Place(sheet=sheet.name, cell=a1(row, column)), cell.shown)

    def _given(self, angle: str) -> dict[str, Cell] | None:
        """Question -> what stands in the angle's column; None where it takes a spreadsheet to count it."""
        layout = self.layouts[0]
        column = layout.columns.get(angle)
        if column is None or len({question for _, question in layout.ids}) < len(layout.ids):
            return None
        cells = layout.sheet.column(column, tuple(row for row, _ in layout.ids))
        given = {question: cell for (_, question), cell in zip(layout.ids, cells, strict=True) if cell is not None}
        return None if any(cell.kind in (CellKind.DATE, CellKind.BROKEN) for cell in given.values()) else given

    def _was_computed(self, tally: RawSheet) -> bool:
        """Whether the totals were computed at all since the workbook was sent with nothing answered."""
        column = 2 + template("interview")["live"]["tally"]["fields"].index("answered")
        return any(_number(cells.get(column)) for cells in tally.rows.values())

    def _counts(self, sheet: RawSheet) -> Figures:
        given = self._given(self.angles[0])
        fields = template("interview")["live"]["tally"]["fields"]
        figures: dict[tuple[int, int], float | None] = {}
        if given is None:
            return figures
        for row, cells in sheet.rows.items():
            name = cells[1].text if 1 in cells else ""
            if row == 1 or (name and name not in {dimension.id for dimension in self.catalogue.dimensions}):
                continue
            asked = [question for _, question in self.layouts[0].ids if not name or self._dimension(question) == name]
            mine = [given[question] for question in asked if question in given]
            scored = sum(self._score(cell) is not None for cell in mine)
            counts = {"asked": len(asked), "answered": len(mine), "scored": scored, "open": len(asked) - len(mine)}
            figures |= {(row, 2 + fields.index(field)): float(count) for field, count in counts.items()}
        return figures

    def _means(self, sheet: RawSheet) -> Figures:
        """Every node's score, weighed with the weights that stand in the sheet itself (scoring.md rule 4)."""
        live = template("interview")["live"]["scores"]
        nodes = _nodes(sheet)
        weights = {node: _number(sheet.rows[row].get(live["weight"])) or 0.0 for row, node in nodes.items()}
        figures: dict[tuple[int, int], float | None] = {}
        for column, angle in enumerate(self.angles, live["first_angle"]):
            given = self._given(angle)
            if given is None:
                continue
            scores = {node: self._score(given.get(node)) for node in nodes.values() if node in self.catalogue.questions}
            for dimension in self.catalogue.dimensions:
                for indicator in dimension.indicators:
                    children = [question.id for question in indicator.questions if question.id in weights]
                    scores[indicator.id] = weighted_mean((scores[child], weights[child]) for child in children)
                children = [indicator.id for indicator in dimension.indicators if indicator.id in weights]
                scores[dimension.id] = weighted_mean((scores[child], weights[child]) for child in children)
            children = [dimension.id for dimension in self.catalogue.dimensions if dimension.id in weights]
            scores[ROOT] = weighted_mean((scores[child], weights[child]) for child in children)
            figures |= {(row, column): scores.get(node) for row, node in nodes.items()}
        return figures

    def _dimension(self, question: str) -> str:
        dimension = self.catalogue.dimension_of.get(question)
        return "" if dimension is None else dimension.id

    def _score(self, cell: Cell | None) -> float | None:
        """What a spreadsheet takes for a score."""
        number = _number(cell)
        inside = number is not None and self.catalogue.scale_min <= number <= self.catalogue.scale_max
        return number if inside else None


def _nodes(sheet: RawSheet) -> dict[int, str]:
    return {row: cells[1].text for row, cells in sheet.rows.items() if 1 in cells}


def _number(cell: Cell | None) -> float | None:
    if cell is None or cell.kind not in (CellKind.NUMBER, CellKind.PERCENT):
        return None
    try:
        return float(cell.text) if cell.kind is CellKind.NUMBER else float(cell.text.rstrip("%")) / 100
    except ValueError:
        return None


def _formulas(sheet: RawSheet, columns: Mapping[int, list[int]]) -> Iterator[Finding]:
    """The cells that hold no formula any more, or one that is not of the form of most in the column."""
    for column, rows in columns.items():
        forms = {row: _bare(_formula(sheet.rows[row].get(column))) for row in rows}
        usual, count = Counter(forms.values()).most_common(1)[0] if forms else ("", 0)
        for row, form in forms.items():
            cell = sheet.rows[row].get(column)
            # a program that drops formulas leaves nothing; what a person types stands there
            if cell is None or not cell.shown or form == usual:
                continue
            if not form or 2 * count > len(forms):
                yield Finding("ANS_041", Place(sheet=sheet.name, cell=a1(row, column)), cell.shown)


def _formula(cell: Cell | None) -> str:
    return "" if cell is None else cell.formula


def _bare(formula: str) -> str:
    """A formula without what differs from row to row."""
    return (_bared_once if len(formula) <= _LONGEST_KEPT else _bared)(formula)


def _bared(formula: str) -> str:
    return _REFERENCE.sub("", formula)


_bared_once = lru_cache(8_192)(_bared)  # the same formulas stand in file after file


def _totals(sheet: RawSheet, figures: Figures) -> Iterator[Finding]:
    """One finding that names the figures with which a program last left the sheet and that its answers do not give."""
    named: list[str] = []
    for (row, column), expected in figures.items():
        cell = sheet.rows[row].get(column)
        if cell is None or not cell.text:
            continue
        found = _number(cell)
        if (found is None) != (expected is None) or abs((found or 0) - (expected or 0)) > _CLOSE:
            named.append(f"{a1(row, column)} {cell.text[:20]} ({'' if expected is None else format(expected, 'g')})")
    if named:
        shown = ", ".join(named[:MAX_NAMED]) + (" ..." if len(named) > MAX_NAMED else "")
        yield Finding("ANS_042", Place(sheet=sheet.name), shown, {"count": len(named)})
