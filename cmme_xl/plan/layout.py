"""Where everything stands in a plan workbook: sheet names, rows and columns, and references to them."""

from dataclasses import dataclass
from functools import cached_property

from cmme_xl.catalogue import ROOT, Catalogue
from cmme_xl.plan import words
from cmme_xl.spreadsheet.sheet import local

HEAD = 6
"""The first row below a page's head."""


@dataclass(frozen=True)
class Block:
    """Cells of one sheet: `first` row on, `count` rows; `columns`: role -> column."""

    sheet: str
    header: int
    first: int
    count: int
    columns: dict[str, int]

    @property
    def last(self) -> int:
        return self.first + self.count - 1

    def cell(self, row: int, role: str) -> str:
        """An absolute reference to a cell: 'Sheet'!$A$1."""
        return at(self.sheet, row, self.columns[role])

    def column(self, role: str) -> str:
        """An absolute reference to a whole column of the block."""
        column = self.columns[role]
        return span(self.sheet, self.first, column, self.last, column)


@dataclass(frozen=True)
class Layout:
    """The layout of one plan workbook. Rows and columns count from 0; column 0 is the margin."""

    catalogue: Catalogue
    lang: str
    slots: int

    def name(self, sheet: str) -> str:
        return words.sheet_name(sheet, self.lang)

    def word(self, section: str, key: str) -> str:
        """A single wording of a section of plan.toml."""
        return str(words.table(section)[key][self.lang])

    @cached_property
    def engagement(self) -> Block:
        """Columns label, value, explain; rows are found by `engagement_rows`."""
        rows = self.engagement_rows
        return Block(
            self.name("engagement"),
            HEAD,
            HEAD + 1,
            max(rows.values()) - HEAD,
            {"label": 1, "value": 2, "explain": 3},
        )

    @cached_property
    def engagement_rows(self) -> dict[str, int]:
        """Role -> row: fields, settings, then "share:<tier>" and "share_sum", each under a section head."""
        entries = words.table("engagement")["row"]
        rows: dict[str, int] = {}
        row = HEAD + 1
        groups = (
            [entry["role"] for entry in entries if not entry.get("setting")],
            [entry["role"] for entry in entries if entry.get("setting")],
            [*(f"share:{tier.id}" for tier in self.catalogue.tiers), "share_sum"],
        )
        for roles in groups:
            row += 1
            for role in roles:
                rows[role] = row
                row += 1
        return rows

    def setting(self, role: str) -> str:
        """A reference to the entry of an engagement row."""
        return self.engagement.cell(self.engagement_rows[role], "value")

    @cached_property
    def people(self) -> Block:
        """The list of people; the table of the shares of voice stands above it in `voice_rows`."""
        header = HEAD + 5
        return Block(self.name("people"), header, header + 1, self.slots, self._roles("people"))

    @property
    def voice_row(self) -> int:
        """The first of four rows: groups, headcount, weight, share."""
        return HEAD

    def voice_column(self, group: int) -> int:
        """The column of the group with that index in the table of the shares of voice."""
        return self.people.columns["group"] + group

    @cached_property
    def nodes(self) -> tuple[str, ...]:
        """Dimension and indicator ids in catalogue order, a dimension before its indicators."""
        return tuple(
            node
            for dimension in self.catalogue.dimensions
            for node in (dimension.id, *(indicator.id for indicator in dimension.indicators))
        )

    @cached_property
    def weights(self) -> Block:
        """One row per node, the root first."""
        return Block(self.name("weights"), HEAD, HEAD + 1, len(self.nodes) + 1, self._roles("weights"))

    @cached_property
    def weight_row(self) -> dict[str, int]:
        return {node: self.weights.first + number for number, node in enumerate((ROOT, *self.nodes))}

    @cached_property
    def questions(self) -> Block:
        """One row per question; the groups' columns are called "group:<id>"."""
        roles = self._roles("questions")
        after = max(roles.values()) + 1
        groups = {f"group:{group.id}": after + number for number, group in enumerate(self.catalogue.groups)}
        return Block(
            self.name("questions"), HEAD, HEAD + 1, len(self.catalogue.questions), roles | groups
        )

    @cached_property
    def assignment(self) -> Block:
        """One row per node; the people's columns begin at `person_column(0)`.

        The header row carries the people's ids; below it stand name, group, questions and minutes.
        """
        header = HEAD
        return Block(
            self.name("assignment"), header, header + 5, len(self.nodes), self._roles("assignment")
        )

    @cached_property
    def assignment_row(self) -> dict[str, int]:
        return {node: self.assignment.first + number for number, node in enumerate(self.nodes)}

    def person_column(self, slot: int) -> int:
        """The column of a person on the sheet of the assignment."""
        return max(self.assignment.columns.values()) + 1 + slot

    @cached_property
    def figures(self) -> Block:
        slots = int(words.table("figures")["slots"])
        return Block(self.name("figures"), HEAD, HEAD + 1, slots, self._roles("figures"))

    @cached_property
    def calc(self) -> "Calc":
        return Calc(self)

    def _roles(self, sheet: str) -> dict[str, int]:
        return {column["role"]: number for number, column in enumerate(words.columns(sheet), 1)}


PERSON_ROWS = ("id", "group", "weight", "internal", "share", "questions", "minutes")
GROUP_COLUMNS = ("id", "zh", "en", "internal", "people", "weight", "set", "share")
NODE_COLUMNS = ("id", "parent", "open", "weight", "alive", "share", "questions", "minutes")


class Calc:
    """The very hidden sheet behind the live figures.

    Top rows, from column `people` on: one column per person slot. Below: one row per group; one row per node
    (dimensions, then indicators) with, in the people's columns, the mark that holds (0 default, 1 all, 2 none);
    then one row per indicator with the number of questions, and again with their minutes.
    """

    def __init__(self, layout: Layout) -> None:
        catalogue = layout.catalogue
        self.sheet = str(words.table("hidden")["calc"])
        self.slots = layout.slots
        self.groups = [group.id for group in catalogue.groups]
        self.dimensions = [dimension.id for dimension in catalogue.dimensions]
        self.indicators = [indicator.id for indicator in catalogue.indicators]
        self.people = len(NODE_COLUMNS) + 2 * len(self.groups) + 1
        self.first_group = len(PERSON_ROWS) + 1
        self.first_node = self.first_group + len(self.groups) + 1
        self.first_indicator = self.first_node + len(self.dimensions)
        self.first_questions = self.first_indicator + len(self.indicators) + 1
        self.first_minutes = self.first_questions + len(self.indicators) + 1

    def person(self, role: str, slot: int | None = None) -> str:
        """A person's figure, or the row of all people's."""
        row = PERSON_ROWS.index(role)
        if slot is None:
            return span(self.sheet, row, self.people, row, self.people + self.slots - 1)
        return at(self.sheet, row, self.people + slot)

    def group(self, role: str, group: int | None = None) -> str:
        """A group's figure, or the column of all groups'."""
        column = GROUP_COLUMNS.index(role)
        if group is None:
            return span(self.sheet, self.first_group, column, self.first_group + len(self.groups) - 1, column)
        return at(self.sheet, self.first_group + group, column)

    def node(self, role: str, node: str) -> str:
        """A node's figure."""
        return at(self.sheet, self.node_row(node), NODE_COLUMNS.index(role))

    def dimension_column(self, role: str) -> str:
        """The column of all dimensions' figures."""
        return self._column(NODE_COLUMNS.index(role), self.first_node, len(self.dimensions))

    def indicator_column(self, role: str) -> str:
        """The column of all indicators' figures."""
        return self._column(NODE_COLUMNS.index(role), self.first_indicator, len(self.indicators))

    def node_column(self, role: str) -> str:
        """The column of all nodes' figures."""
        both = len(self.dimensions) + len(self.indicators)
        return self._column(NODE_COLUMNS.index(role), self.first_node, both)

    def node_row(self, node: str) -> int:
        if node in self.dimensions:
            return self.first_node + self.dimensions.index(node)
        return self.first_indicator + self.indicators.index(node)

    def default_column(self, figure: str, group: int) -> int:
        """The column of a group's default "questions" or "minutes" per indicator."""
        return len(NODE_COLUMNS) + group + (len(self.groups) if figure == "minutes" else 0)

    def asked_row(self, indicator: int) -> str:
        """The number of questions each person is asked of an indicator."""
        row = self.first_questions + indicator
        return span(self.sheet, row, self.people, row, self.people + self.slots - 1)

    def _column(self, column: int, first: int, count: int) -> str:
        return span(self.sheet, first, column, first + count - 1, column)


def at(sheet: str, row: int, column: int) -> str:
    """An absolute reference to a cell of a sheet."""
    return f"{_quoted(sheet)}!{local(row, column, fix_row=True, fix_column=True)}"


def span(sheet: str, first_row: int, first: int, last_row: int, last: int) -> str:
    """An absolute reference to a block of a sheet."""
    end = local(last_row, last, fix_row=True, fix_column=True)
    return f"{at(sheet, first_row, first)}:{end}"


def _quoted(sheet: str) -> str:
    return "'" + sheet.replace("'", "''") + "'"
