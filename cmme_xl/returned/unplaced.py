"""What stands in a returned workbook besides the answers that were asked for: listed where it stands, never dropped."""

from collections.abc import Iterable, Iterator, Mapping

from cmme_xl.catalogue import Catalogue
from cmme_xl.findings import Finding, Place
from cmme_xl.reading.grid import Cell, CellKind, RawBook, RawSheet, Row, Rows, a1
from cmme_xl.returned.answer import Vocabulary
from cmme_xl.returned.identity import is_own_sheet
from cmme_xl.returned.layout import OWN, REVIEW, Layout
from cmme_xl.returned.model import Outcome, Respondent
from cmme_xl.returned.pages import Pages, knows, was_live
from cmme_xl.returned.session import taken
from cmme_xl.templates import template

MAX_UNPLACED = 300
_LONGEST_TEXT = 2_000
_TEXT_ROLES = ("id", "question", "evidence", "comment", "proof")
_SAID = (Outcome.SCORED, Outcome.NA, Outcome.DK)


class Unplaced:
    """Finds it; made once for a catalogue, used for every file."""

    def __init__(self, catalogue: Catalogue, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        names = [*(each.name for each in catalogue.dimensions), *(each.name for each in catalogue.indicators)]
        rubrics = [each.rubric for each in catalogue.indicators]
        names += [text for rubric in rubrics for text in (rubric.one, rubric.three, rubric.five)]
        self._headings = {text for name in names for text in (name.zh, name.en)}
        contract = template("interview")
        self._closings = tuple(contract["clarification"]["closing"].values())
        self._our_pages = {name for sheet in contract["sheets"].values() for name in sheet.values()}
        self._pages = Pages()

    def beside(self, layout: Layout, whose: Respondent) -> Iterator[Finding]:
        """On question rows outside the known columns (ANS_019), and on rows of no known question (ANS_018, ANS_019)."""
        return _limited(self._beside(layout, whose), Place(whose.file, layout.sheet.name))

    def elsewhere(self, book: RawBook, layouts: Iterable[Layout], whose: Respondent) -> Iterator[Finding]:
        """What was typed on our other pages (ANS_019), and sheets that are not ours (ANS_026)."""
        read = {id(layout.sheet) for layout in layouts}
        for sheet in book.sheets:
            if id(sheet) in read or is_own_sheet(sheet) or not sheet.rows:
                continue
            if sheet.name in self._our_pages or _has_code(sheet):
                yield from _limited(self._typed(sheet, whose), Place(whose.file, sheet.name))
            else:
                first = next(iter(sheet.rows.values()))
                quoted = next(iter(first.values())).shown
                count = sum(len(row) for row in sheet.rows.values())
                yield Finding("ANS_026", Place(whose.file, sheet.name), quoted, {"count": count})

    def _beside(self, layout: Layout, whose: Respondent) -> Iterator[Finding]:
        asked_rows, first, sheet = dict(layout.ids), layout.columns["id"], layout.sheet
        # A column of a known role that this person was not asked for holds nothing of ours but its header.
        ours = (*_TEXT_ROLES, *OWN)
        used = frozenset(column for role, column in layout.columns.items() if role in ours or role in whose.angles)
        scores = layout.scores(whose.angles)
        noted, headed = layout.columns.get(REVIEW), frozenset(layout.columns.values())
        for row in self._telling(layout, used, scores, asked_rows):
            cells, question = sheet.rows[row], asked_rows.get(row, "")
            below = not question and row > layout.header
            answers = {column for column in scores if below and column in cells and self._is_answer(cells[column])}
            for column, cell in cells.items():
                if (column == noted and cell.text.endswith(self._closings)) or (answers and column == first):
                    continue
                place = Place(whose.file, sheet.name, a1(row, column), question)
                outside = column not in (headed if row == layout.header else used if question else ())
                if column in answers:
                    yield Finding("ANS_018", place, cell.shown, {"id": cells[first].shown if first in cells else ""})
                elif self._is_stray(cell, whose.headings) and outside and not was_live(sheet, cell):
                    yield Finding("ANS_019", place, cell.shown)

    def _telling(
        self, layout: Layout, used: frozenset[int], scores: list[int], asked: Mapping[int, str]
    ) -> Iterable[int]:
        """The rows in which anything may stand that is not ours."""
        like, header, headed = layout.sheet.like, layout.header, frozenset(layout.columns.values())

        def tells(row: int, cells: Row) -> bool:
            if row == header:
                return not headed.issuperset(cells)
            return any(map(self._is_stray, cells.values())) or not cells.keys().isdisjoint(scores)

        def telling(rows: Rows) -> list[int]:
            unusual = [row for row, cells in rows.items() if not (row in asked and used.issuperset(cells))]
            return [row for row in unusual if tells(row, rows[row])]

        if like is None:
            return telling(layout.sheet.rows)
        usual = like.learnt((self, layout.ids, used, headed, *scores, header), lambda: telling(like.rows))
        changed = {row for row, column in layout.sheet.changes if column not in used or row not in asked}
        return sorted(changed.union(usual)) if changed else usual

    def _is_stray(self, cell: Cell, known: str = "") -> bool:
        """Whether a cell holds something of its own, and no heading or rubric of ours ("1.2  Strategy"), be it the
        catalogue's or of those `known` by their digests."""
        lines = cell.text[:_LONGEST_TEXT].strip().splitlines()
        headings = [line.partition("  ")[2] for line in lines]
        return not cell.formula and any(each not in self._headings and not knows(known, each) for each in headings)

    def _is_answer(self, cell: Cell) -> bool:
        typed = cell.kind is CellKind.NUMBER and not cell.formula
        return typed or self._vocabulary.read(cell).outcome in _SAID

    def _typed(self, sheet: RawSheet, whose: Respondent) -> Iterator[Finding]:
        if not whose.texts or (whose.recorded and not sheet.computes):
            return
        read = taken(sheet) if whose.recorded else ()
        for row, column, cell in self._pages.typed(sheet, whose.texts):
            if (row, column) not in read:
                yield Finding("ANS_019", Place(whose.file, sheet.name, a1(row, column)), cell.shown)


def _limited(found: Iterable[Finding], place: Place) -> Iterator[Finding]:
    """The first MAX_UNPLACED findings, and how many more there are (ANS_029)."""
    more = 0
    for number, finding in enumerate(found):
        if number < MAX_UNPLACED:
            yield finding
        else:
            more += 1
    if more:
        yield Finding("ANS_029", place, values={"count": more})


def _has_code(sheet: RawSheet) -> bool:
    start: str = template("interview")["identity"]["code"].partition("{")[0]
    return any(start in cell.text[:_LONGEST_TEXT] for row in sheet.rows.values() for cell in row.values())
