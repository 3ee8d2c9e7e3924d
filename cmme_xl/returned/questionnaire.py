"""The answers of one workbook: every question row in every sheet, and everything that stands beside them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from sys import intern

from cmme_xl.catalogue import Catalogue
from cmme_xl.findings import Finding, Place
from cmme_xl.reading.container import Refused
from cmme_xl.reading.grid import Cell, CellKind, RawBook, RawSheet, a1
from cmme_xl.returned.answer import DATED, Vocabulary, dated, folded
from cmme_xl.returned.identity import is_own_sheet
from cmme_xl.returned.layout import REVIEW, Headers, Layout
from cmme_xl.returned.model import Answer, Outcome
from cmme_xl.returned.repeats import Answers, either, merge_sheet
from cmme_xl.templates import template

MAX_UNPLACED = 300
MAX_REPEATS = 50
_LONGEST_TEXT = 2_000


@dataclass(frozen=True, slots=True)
class Respondent:
    """For whom a workbook is read: the file's name, the respondent's id, the angles and the ids asked (None =
    unknown, so every id counts as asked)."""

    file: str
    id: str
    angles: tuple[str, ...]
    asked: frozenset[str] | None


class Reader:
    """Reads questionnaires of one catalogue; made once, used for every file."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._vocabulary = Vocabulary.of(catalogue)
        self._texts = {q.id: (q.text.zh, q.text.en) for q in catalogue.questions.values()}
        self._bare_texts = {question: tuple(_bare(text) for text in texts) for question, texts in self._texts.items()}
        self._headers = Headers(frozenset(catalogue.questions))
        sheets = template("interview")["sheets"].values()
        self._closings = tuple(template("interview")["clarification"]["closing"].values())
        self._our_sheets = {name for sheet in sheets for name in sheet.values()}

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

    def read(
        self, book: RawBook, layouts: tuple[Layout, ...], whose: Respondent
    ) -> tuple[Answers, tuple[Finding, ...]]:
        """The answers of `book`, one per question and angle that stands in it, and the findings ANS_0xx.

        A question that stands there twice with different answers has the outcome CONFLICT.
        """
        findings: list[Finding] = []
        answers: Answers = {}
        for layout in layouts:
            found = self._sheet(layout, whose, findings)
            if answers:
                merge_sheet(answers, found, layout.sheet.name, findings)
            else:
                answers = found
            findings += self._unplaced(layout, whose)
        findings += self._missing(answers, layouts, whose)
        findings += self._added(book, layouts, whose)
        return answers, tuple(findings)

    def _sheet(self, layout: Layout, whose: Respondent, findings: list[Finding]) -> Answers:
        answers: Answers = {}
        rows, wordings = layout.sheet.rows, layout.columns.get("question", 0)
        scores = [(angle, layout.columns[angle]) for angle in whose.angles if angle in layout.columns]
        for row, question in layout.ids:
            if whose.asked is not None and question not in whose.asked:
                findings += _not_asked(layout, row, question, whose)
                continue
            cells = rows[row]
            wording = cells.get(wordings)
            if wording is not None and wording.text not in self._texts.get(question, ()):
                findings += self._wording(layout, wording, row, question, whose)
            evidence = self._remark(layout, cells, row, question, "evidence", whose, findings)
            comment = self._remark(layout, cells, row, question, "comment", whose, findings)
            for angle, column in scores:
                answer, code = self._answer(layout, row, column, question, angle, whose, evidence, comment)
                if code:
                    place = Place(whose.file, answer.sheet, answer.cell, question)
                    values = {**self._values(answer), **(dated(answer.raw)[1] if code in DATED else {})}
                    findings.append(Finding(code, place, answer.raw, values))
                key = (question, angle)
                if key in answers:
                    answers[key] = either(answers[key], answer, findings)
                else:
                    answers[key] = answer
        return answers

    def _answer(
        self,
        layout: Layout,
        row: int,
        column: int,
        question: str,
        angle: str,
        whose: Respondent,
        evidence: str,
        comment: str,
    ) -> tuple[Answer, str]:
        cell = layout.sheet.rows[row].get(column)
        reading = self._vocabulary.read(cell)
        outcome, score, code = reading
        if (row, column) in layout.merged:
            outcome, score, code = Outcome.CONFLICT, None, "ANS_012"
        elif (row, column) in layout.sheet.doubled:
            outcome, score, code = Outcome.CONFLICT, None, "ANS_030"
        raw = cell.shown if cell is not None else ""
        return (
            Answer(
                whose.id,
                question,
                angle,
                outcome,
                score,
                intern(raw) if len(raw) < 20 else raw,
                whose.file,
                layout.sheet.name,
                a1(row, column),
                evidence,
                comment,
            ),
            code,
        )

    def _values(self, answer: Answer) -> Mapping[str, object]:
        shown = {"low": f"{self._vocabulary.low:g}", "high": f"{self._vocabulary.high:g}", "other": ""}
        words = {Outcome.NA: self._catalogue.na, Outcome.DK: self._catalogue.dk}
        score = f"{answer.score:g}" if answer.score is not None else words.get(answer.outcome, "")
        return {**shown, "score": score}

    def _wording(
        self, layout: Layout, cell: Cell, row: int, question: str, whose: Respondent
    ) -> Iterator[Finding]:
        if not cell.text or question not in self._texts:
            return
        text = _bare(cell.text[:_LONGEST_TEXT])
        if not any(wording in text for wording in self._bare_texts[question]):
            place = Place(whose.file, layout.sheet.name, a1(row, layout.columns["question"]), question)
            yield Finding("ANS_017", place, cell.shown)

    def _remark(
        self,
        layout: Layout,
        cells: Mapping[int, Cell],
        row: int,
        question: str,
        role: str,
        whose: Respondent,
        findings: list[Finding],
    ) -> str:
        cell = cells.get(layout.columns.get(role, 0))
        if cell is None:
            return ""
        if cell.formula:
            place = Place(whose.file, layout.sheet.name, a1(row, layout.columns[role]), question)
            findings.append(Finding("ANS_027", place, cell.formula))
        return cell.shown.strip()

    def _unplaced(self, layout: Layout, whose: Respondent) -> Iterator[Finding]:
        """What stands on question rows outside the known columns, and scores on rows of no known question."""
        asked_rows = dict(layout.ids)
        # A column of a known role that this person was not asked for holds nothing of ours but its header.
        used = {column for role, column in layout.columns.items() if role in _TEXT_ROLES or role in whose.angles}
        scores = {column for role, column in layout.columns.items() if role in whose.angles}
        noted = layout.columns.get(REVIEW)
        count = 0
        for row, cells in layout.sheet.rows.items():
            question = asked_rows.get(row, "")
            for column, cell in cells.items():
                if column == noted and cell.text.endswith(self._closings):
                    continue
                if question and column not in used and not cell.formula and cell.text[:_LONGEST_TEXT].strip():
                    code, values = "ANS_019", {}
                elif not question and row > layout.header and column in scores and self._is_answer(cell):
                    first = cells.get(layout.columns["id"])
                    code, values = "ANS_018", {"id": first.shown if first else ""}
                else:
                    continue
                finding = Finding(
                    code, Place(whose.file, layout.sheet.name, a1(row, column), question), cell.shown, values
                )
                count += 1
                if count <= MAX_UNPLACED:
                    yield finding
        if count > MAX_UNPLACED:
            yield Finding("ANS_029", Place(whose.file, layout.sheet.name), values={"count": count - MAX_UNPLACED})

    def _is_answer(self, cell: Cell) -> bool:
        typed = cell.kind is CellKind.NUMBER and not cell.formula
        return typed or self._vocabulary.read(cell).outcome in (
            Outcome.SCORED,
            Outcome.NA,
            Outcome.DK,
        )

    def _missing(self, answers: Answers, layouts: tuple[Layout, ...], whose: Respondent) -> Iterator[Finding]:
        for angle in whose.angles:
            if not any(angle in layout.columns for layout in layouts):
                yield Finding("ANS_016", Place(whose.file), values={"angle": _header(angle)})
        present = {question for question, _ in answers}
        gone = [
            question
            for question in self._catalogue.questions
            if question in (whose.asked or ()) and question not in present
        ]
        if gone and present:
            listed = ", ".join(gone[:12]) + (" ..." if len(gone) > 12 else "")
            yield Finding("ANS_015", Place(whose.file), values={"count": len(gone), "ids": listed})

    def _added(self, book: RawBook, layouts: tuple[Layout, ...], whose: Respondent) -> Iterator[Finding]:
        read = {id(layout.sheet) for layout in layouts}
        for sheet in book.sheets:
            if id(sheet) in read or sheet.name in self._our_sheets or is_own_sheet(sheet) or not sheet.rows:
                continue
            if not _has_code(sheet):
                first = next(iter(sheet.rows.values()))
                quoted = next(iter(first.values())).shown
                count = sum(len(row) for row in sheet.rows.values())
                yield Finding("ANS_026", Place(whose.file, sheet.name), quoted, {"count": count})


_TEXT_ROLES = ("id", "question", "evidence", "comment")


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


def _has_code(sheet: RawSheet) -> bool:
    start: str = template("interview")["identity"]["code"].partition("{")[0]
    return any(start in cell.text[:_LONGEST_TEXT] for row in sheet.rows.values() for cell in row.values())


def _not_asked(layout: Layout, row: int, question: str, whose: Respondent) -> Iterator[Finding]:
    for role, column in layout.columns.items():
        cell = layout.sheet.rows[row].get(column)
        if role not in ("id", "question") and cell is not None and cell.shown.strip() and not cell.formula:
            yield Finding("ANS_020", Place(whose.file, layout.sheet.name, a1(row, column), question), cell.shown)
