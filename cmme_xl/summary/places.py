"""Where the rows behind a figure stand, for links: page of a dimension, rows of indicators, answers, files."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from cmme_xl.calculation.expression import Expression
from cmme_xl.spreadsheet import page
from cmme_xl.spreadsheet.sheet import local
from cmme_xl.summary.context import Context
from cmme_xl.summary.furniture import leading


@dataclass(frozen=True)
class Places:
    """Targets of links. `answer_rows`: row of the answers sheet by id of a question, and of an indicator where it has
    one of its own; `people`: the head of each person's column there by their id, none in a client's file."""

    context: Context
    answer_rows: Mapping[str, int]
    people: Mapping[str, str] = field(default_factory=dict)

    def behind(self, node: str) -> str | None:
        """What a figure of a dimension, an indicator or a question is made of; None for the total."""
        if node in {each.id for each in self.context.dimensions}:
            return self.page(node)
        if node in {each.id for each in self.context.indicators}:
            return self.indicator(node)
        return self.answers(node)

    def page(self, dimension: str) -> str:
        """The page of a dimension."""
        return f"{self.context.sheets[dimension].quoted}!A1"

    def indicator(self, node: str) -> str:
        """The row of an indicator in the table of all indicators."""
        place = [each.id for each in self.context.indicators].index(node)
        return f"{self.context.sheets['indicators'].quoted}!{local(self._table_row + place, 1)}"

    def file(self, name: str) -> str | None:
        """The row of a returned file among the sources."""
        row = self._files.get(name)
        return None if row is None else f"{self.context.sheets['sources'].quoted}!{local(row, 1)}"

    def sent_by(self, respondent: str) -> str | None:
        """The row of the file that a person's answers came from."""
        files = self.context.results.returned.files
        name = next((file.name for file in files if file.respondent == respondent and file.status.counted), "")
        return self.file(name)

    def listed(self, label: Expression, place: Expression) -> Expression:
        """A label that leads to the row of the indicator at this live place, from 1, of the catalogue's order."""
        first = self._table_row
        at = None if place.number is None else place.number + first
        return leading(label, self.context.sheets["indicators"], Expression(f"({place.text}+{first})", at))

    def answers(self, node: str) -> str | None:
        """The row of the answers to a question, else that of its indicator; the first one of an indicator or a
        dimension."""
        of = self.context.catalogue.indicator_of.get(node)
        row = self._first_rows.get(node, self.answer_rows.get(of.id) if of else None)
        return None if row is None else f"{self.context.sheets['answers'].quoted}!{local(row, 1)}"

    @property
    def _table_row(self) -> int:
        """The first row of all indicators: below the head, three rows of the heat map per dimension, and its legend."""
        return page.HEAD_ROWS + 2 + 3 * len(self.context.dimensions) + 7

    @cached_property
    def _files(self) -> Mapping[str, int]:
        """The rows of the sources, below head, tiles and the head of their table; a client sees none."""
        if self.context.audience == "client":
            return {}
        first = page.HEAD_ROWS + 5
        return {file.name: first + number for number, file in enumerate(self.context.results.returned.files)}

    @cached_property
    def _first_rows(self) -> Mapping[str, int]:
        catalogue, found = self.context.catalogue, dict(self.answer_rows)
        for id_, row in self.answer_rows.items():
            of = catalogue.indicator_of.get(id_)
            for node in (*([of.id] if of else []), catalogue.dimension_of[id_].id):
                found.setdefault(node, row)
        return found
