"""The answers of one workbook: every question row in every sheet."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter

from cmme_xl.catalogue import Catalogue
from cmme_xl.findings import Finding, Place
from cmme_xl.reading.container import Refused
from cmme_xl.reading.grid import Cell, Cells, RawBook, a1
from cmme_xl.returned.answer import DATED, Marks, Vocabulary, dated, folded
from cmme_xl.returned.asked import questions
from cmme_xl.returned.column import Column
from cmme_xl.returned.identity import is_own_sheet
from cmme_xl.returned.layout import OWN, Headers, Layout
from cmme_xl.returned.model import Respondent
from cmme_xl.returned.repeats import Standing, either, merge_sheet
from cmme_xl.returned.replies import Answer, Mark, Outcome, Pairs, Proof, Reply, shared_pairs
from cmme_xl.returned.unplaced import Unplaced
from cmme_xl.templates import template

MAX_REPEATS = 50
_LONGEST_TEXT = 2_000


class Reader:
    """Reads questionnaires of one catalogue; made once, used for every file."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._vocabulary = Vocabulary.of(catalogue)
        self._marks = Marks(self._vocabulary)
        self._texts = {q.id: (q.text.zh, q.text.en) for q in catalogue.questions.values()}
        self._bare_texts = {question: tuple(_bare(text) for text in texts) for question, texts in self._texts.items()}
        self._reworded = lru_cache(32)(self._otherwise)  # nobody changes it in most files of a form
        self._headers = Headers(frozenset(catalogue.questions))
        self._unplaced = Unplaced(catalogue, self._vocabulary)
        proofs = template("interview")["record"]["proof"]
        self._proofs = {folded(word): Proof(proof).value for proof, words in proofs.items() for word in words.values()}

    def layouts(self, book: RawBook, angles: tuple[str, ...], extra_ids: Iterable[str] = ()) -> tuple[Layout, ...]:
        """The sheets of `book` that hold question rows; `extra_ids` are ids the catalogue no longer has.

        Raises Refused FIL_015 where a question stands there more often than any copying explains.
        """
        unknown = frozenset(extra_ids) - self._headers.ids
        headers = Headers(self._headers.ids | unknown) if unknown else self._headers
        found = [headers.layout(sheet, angles) for sheet in book.sheets if not is_own_sheet(sheet)]
        layouts = tuple(layout for layout in found if layout is not None)
        repeats = Counter(question for layout in layouts for _, question in layout.ids)
        if max(repeats.values(), default=0) > MAX_REPEATS:
            raise Refused("FIL_015", size=f"> {MAX_REPEATS}")
        scored = tuple(layout for layout in layouts if any(angle in layout.columns for angle in angles))
        return scored or layouts

    def read(self, book: RawBook, layouts: tuple[Layout, ...], whose: Respondent) -> tuple[Reply, tuple[Finding, ...]]:
        """The answers of `book`, one per question and angle that stands in it, and the findings ANS_0xx.

        A question that stands there twice with different answers has the outcome CONFLICT.
        """
        findings: list[Finding] = []
        replies: list[Reply] = []
        for layout in layouts:
            reply, found = self._sheet(layout, whose)
            findings += found
            if replies:
                reply = _together(replies.pop(), reply, layout.sheet.name, findings)
            replies.append(reply)
            findings += self._unplaced.beside(layout, whose)
        reply = replies[0] if replies else Reply.of(whose.id, ())
        findings += self._missing(reply, layouts, whose)
        findings += self._unplaced.elsewhere(book, layouts, whose)
        return reply, tuple(findings)

    def _sheet(self, layout: Layout, whose: Respondent) -> tuple[Reply, list[Finding]]:
        """The answers on one sheet, column by column; its findings row by row."""
        notes: list[tuple[int, Finding]] = []
        angles = tuple(angle for angle in whose.angles if angle in layout.columns)
        columns = tuple(layout.columns[angle] for angle in angles)
        if whose.asked is not None:
            others = ((row, question) for row, question in layout.ids if question not in whose.asked)
            notes += ((row, note) for row, question in others for note in _not_asked(layout, row, question, whose))
        form = _form(layout.ids, whose.asked, angles, columns, layout.sheet.name)
        rows, asked = form.rows, form.asked
        notes += self._wordings(layout, form, whose)
        evidence = _remarks(layout, form, "evidence", whose, notes)
        comments = _remarks(layout, form, "comment", whose, notes)
        proofs = self._proven(layout, form, whose, notes)
        readings = [map(self._marks.__getitem__, layout.sheet.column(column, form.numbers)) for column in columns]
        marked = [reading for line in zip(*readings, strict=True) for reading in line]
        if layout.merged or layout.sheet.doubled:
            cells = [(row, column) for row, _ in rows for column in columns]
            marked = [_contested(layout, *each) for each in zip(cells, marked, strict=True)]
        width = len(columns)
        reply = Reply(
            whose.id,
            asked,
            Column.of([mark for mark, _ in marked]),
            Column.alike(whose.file, len(asked)),
            form.places,
            Column.of(evidence).widened(width),
            Column.of(comments).widened(width),
            Column.of(proofs).widened(width),
        )
        for place, (_, code) in enumerate(marked):
            if code:
                notes.append((rows[place // width][0], self._note(code, reply[place])))
        if len(asked.places) < len(asked):
            standing: Standing = {}
            for (row, _), answer in zip((row for row in rows for _ in columns), reply, strict=True):
                found: list[Finding] = []
                key = (answer.question, answer.angle)
                standing[key] = either(standing[key], answer, found) if key in standing else answer
                notes += ((row, finding) for finding in found)
            reply = Reply.of(whose.id, standing.values())
        notes.sort(key=itemgetter(0))
        return reply, [finding for _, finding in notes]

    def _proven(
        self,
        layout: Layout,
        form: "_Form",
        whose: Respondent,
        notes: list[tuple[int, Finding]],
    ) -> list[str]:
        """How well the evidence is proven, row by row (see `Proof`); what is none of the words is quoted (ANS_043)."""
        column = layout.columns.get("proof", 0)
        if not column:
            return [""] * len(form.rows)
        found = []
        for (row, question), cell in zip(form.rows, layout.sheet.column(column, form.numbers), strict=True):
            typed = "" if cell is None else cell.shown.strip()
            proof = self._proofs.get(folded(typed[:_LONGEST_TEXT]), "")
            if typed and not proof:
                place = Place(whose.file, layout.sheet.name, a1(row, column), question)
                notes.append((row, Finding("ANS_043", place, typed)))
            found.append(proof)
        return found

    def _note(self, code: str, answer: Answer) -> Finding:
        place = Place(answer.file, answer.sheet, answer.cell, answer.question)
        values = {**self._values(answer), **(dated(answer.raw)[1] if code in DATED else {})}
        return Finding(code, place, answer.raw, values)

    def _values(self, answer: Answer) -> Mapping[str, object]:
        shown = {"low": f"{self._vocabulary.low:g}", "high": f"{self._vocabulary.high:g}", "other": ""}
        words = {Outcome.NA: self._catalogue.na, Outcome.DK: self._catalogue.dk}
        score = f"{answer.score:g}" if answer.score is not None else words.get(answer.outcome, "")
        return {**shown, "score": score}

    def _wordings(self, layout: Layout, form: "_Form", whose: Respondent) -> Iterator[tuple[int, Finding]]:
        """The rows whose question reads otherwise than the catalogue's (ANS_017)."""
        column = layout.columns.get("question", 0)
        for (row, question), cell in self._reworded(layout.sheet.column(column, form.numbers), form):
            yield row, Finding("ANS_017", Place(whose.file, layout.sheet.name, a1(row, column), question), cell.shown)

    def _otherwise(self, cells: Cells, form: "_Form") -> tuple[tuple[tuple[int, str], Cell], ...]:
        """The rows, and what stands in `cells` there, whose wording is not the catalogue's."""
        found = []
        for (row, question), cell in zip(form.rows, cells, strict=True):
            wordings = self._texts.get(question, ())
            if cell is None or not cell.text or not wordings or cell.text in wordings:
                continue
            text = _bare(cell.text[:_LONGEST_TEXT])
            if not any(wording in text for wording in self._bare_texts[question]):
                found.append(((row, question), cell))
        return tuple(found)

    def _missing(self, reply: Reply, layouts: tuple[Layout, ...], whose: Respondent) -> Iterator[Finding]:
        for angle in whose.angles:
            if not any(angle in layout.columns for layout in layouts):
                yield Finding("ANS_016", Place(whose.file), values={"angle": _header(angle)})
        present = questions(reply.asked)
        absent = (whose.asked or frozenset()) - present
        gone = [question for question in self._catalogue.questions if question in absent] if absent else []
        if gone and present:
            listed = ", ".join(gone[:12]) + (" ..." if len(gone) > 12 else "")
            yield Finding("ANS_015", Place(whose.file), values={"count": len(gone), "ids": listed})


@dataclass(frozen=True, slots=True, eq=False)
class _Form:
    """The rows that were asked (row, question), their numbers, their questions with each angle, and in which cell each
    answer stands; the files of one form have them in common."""

    rows: tuple[tuple[int, str], ...]
    numbers: tuple[int, ...]
    asked: Pairs
    places: tuple[tuple[str, str], ...]


@lru_cache(256)
def _form(
    ids: tuple[tuple[int, str], ...],
    asked: frozenset[str] | None,
    angles: tuple[str, ...],
    columns: tuple[int, ...],
    sheet: str,
) -> _Form:
    rows = tuple((row, question) for row, question in ids if asked is None or question in asked)
    pairs = shared_pairs(Pairs((question, angle) for _, question in rows for angle in angles))
    places = tuple((sheet, a1(row, column)) for row, _ in rows for column in columns)
    return _Form(rows, tuple(row for row, _ in rows), pairs, places)


def _together(first: Reply, second: Reply, sheet: str, findings: list[Finding]) -> Reply:
    """The answers of two sheets as one reply."""
    if not first:
        return second
    standing, found = ({(each.question, each.angle): each for each in reply} for reply in (first, second))
    merge_sheet(standing, found, sheet, findings)
    return Reply.of(first.respondent, standing.values())


def _contested(layout: Layout, cell: tuple[int, int], marked: tuple[Mark, str]) -> tuple[Mark, str]:
    """What a score cell says: a conflict where it is merged with another (ANS_012) or given twice (ANS_030)."""
    code = "ANS_012" if cell in layout.merged else "ANS_030" if cell in layout.sheet.doubled else ""
    return (Mark(Outcome.CONFLICT, None, marked[0].raw), code) if code else marked


def _remarks(layout: Layout, form: _Form, role: str, whose: Respondent, notes: list[tuple[int, Finding]]) -> list[str]:
    """The texts of a column of remarks, row by row; a formula is no text of its own (ANS_027)."""
    column = layout.columns.get(role, 0)
    texts = [""] * len(form.rows)
    for number, cell in enumerate(layout.sheet.column(column, form.numbers)):
        if cell is None:
            continue
        if cell.formula:
            row, question = form.rows[number]
            place = Place(whose.file, layout.sheet.name, a1(row, column), question)
            notes.append((row, Finding("ANS_027", place, cell.formula)))
        texts[number] = cell.shown.strip()
    return texts


def _bare(text: str) -> str:
    return "".join(folded(text).split())


def _header(angle: str) -> object:
    """What heads the column of an angle, in both languages."""
    contract = template("interview")
    texts = next((c["header"] for c in contract["columns"] if c["role"] == angle), contract["external"]["header"])
    return _Words(texts["zh"], texts["en"])


@dataclass(frozen=True, slots=True)
class _Words:
    zh: str
    en: str


def _not_asked(layout: Layout, row: int, question: str, whose: Respondent) -> Iterator[Finding]:
    for role, column in layout.columns.items():
        cell = layout.sheet.rows[row].get(column)
        if role not in ("id", "question", *OWN) and cell is not None and cell.shown.strip() and not cell.formula:
            yield Finding("ANS_020", Place(whose.file, layout.sheet.name, a1(row, column), question), cell.shown)
