"""From returned files to a summary: ours beside the pandas loop a consultant would write, and reading alone."""

import warnings
import zipfile
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from clock import Contender
from engagement import BLANK, DK, NA, Sample

from cmme_xl.catalogue import load
from cmme_xl.plan import issued
from cmme_xl.plan.model import Plan
from cmme_xl.results.compute import compute
from cmme_xl.results.model import Results
from cmme_xl.returned.model import Outcome
from cmme_xl.returned.read import read_folder
from cmme_xl.summary.consolidation import consolidate, usable_plan
from cmme_xl.templates import template, words

if TYPE_CHECKING:
    from pandas import DataFrame, Series

OURS, READING = "ours: plan, returns, scores, summary", "ours: reading and scoring"
CALAMINE, FLOOR = "calamine reads every sheet", "floor: every part inflated"
PANDAS = "pandas.read_excel, groupby, ExcelWriter"
SAME = 1e-9
ANGLES = ("current", "target")
OUTCOMES = {Outcome.NA: NA, Outcome.DK: DK, Outcome.BLANK: BLANK}
Lines = Sequence[Sequence[object]]
Written = dict[tuple[str, str, str], object]
"""(angle, question, name) -> what stands in the cell; blank answers left out."""


class Consolidation:
    """The contenders over one sample."""

    def __init__(self, sample: Sample) -> None:
        self.sample = sample
        contract = template("interview")
        self.headers = {
            header: column["role"] for column in contract["columns"] for header in column["header"].values()
        }
        self.questionnaires = set(contract["sheets"]["questions"].values())
        self.hidden = contract["identity"]["sheet"]

    def contenders(self) -> tuple[Contender, ...]:
        return (
            Contender(OURS, self._ours),
            Contender(READING, lambda _: self._results()),
            Contender(CALAMINE, lambda _: deque(self._calamine(), 0)),
            Contender(FLOOR, lambda _: self._inflate()),
            Contender(PANDAS, self._pandas),
        )

    def verify(self) -> None:
        """Asserts that all read the same people and answers, score the indicators alike and write the same cells."""
        sample, typed = self.sample, self.sample.answers
        results = self._results()
        read = {(a.respondent, a.question, a.angle): _said(a.outcome, a.score) for a in results.returned.answers}
        assert read == typed, "ours: not the answers that were typed"
        assert self._answers_of_calamine() == typed, "calamine: not the answers that were typed"
        with TemporaryDirectory() as folder:
            self._ours(Path(folder))
            scores = self._pandas(Path(folder))
            for angle in ANGLES:
                nodes = results.scopes["standard"].angles[angle].nodes
                for indicator, score in scores[angle].items():
                    ours = nodes[str(indicator)].score
                    same = ours is not None and abs(ours - score) <= SAME
                    assert same, f"{angle} {indicator}: {ours}, {score}"
                assert len(scores[angle]) == len(sample.plan.catalogue.indicators)
            expected = _cells_of(sample.plan, typed)
            assert self._written_by_pandas(Path(folder) / "pandas.xlsx") == expected, "pandas: other cells"
            assert self._written_by_us(Path(folder) / "ours.xlsx") == expected, "ours: other cells"

    # --- the contenders

    def _ours(self, folder: Path) -> None:
        consolidate(self.sample.plan_path, self.sample.returned, folder / "ours.xlsx", load())

    def _results(self) -> Results:
        plan, _ = usable_plan(self.sample.plan_path, load())
        issues = issued.read(self.sample.folder / issued.FILE_NAME)
        return compute(plan, read_folder(plan, issues, self.sample.returned))

    def _calamine(self) -> Iterator[tuple[str, dict[str, Lines]]]:
        """Person by the file's name, and the lines of every sheet."""
        from python_calamine import CalamineWorkbook

        for person, path in self.sample.files.items():
            book = CalamineWorkbook.from_path(path)
            yield (
                person,
                {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names},
            )

    def _inflate(self) -> None:
        for path in self.sample.files.values():
            with zipfile.ZipFile(path) as archive:
                for name in archive.namelist():
                    archive.read(name)

    def _pandas(self, folder: Path) -> "dict[str, Series[float]]":
        """What a consultant would write: no checks, no ledger, no formulas. Indicator scores by angle."""
        import pandas as pd

        catalogue, plan = self.sample.plan.catalogue, self.sample.plan
        frames = []
        for path in self.sample.files.values():
            with warnings.catch_warnings(), pd.ExcelFile(path, engine="openpyxl") as book:
                warnings.simplefilter("ignore", UserWarning)
                (questions,) = self.questionnaires & set(book.sheet_names)
                # pandas would take the words N/A for nothing
                sheets = book.parse([self.hidden, questions], header=None, keep_default_na=False, na_values=[""])
            who = dict(sheets[self.hidden].iloc[:, :2].itertuples(index=False, name=None))
            frame = sheets[questions]
            frame = frame.iloc[1:].set_axis([self.headers.get(head, head) for head in frame.iloc[0]], axis=1)
            frame = frame[frame["id"].isin(catalogue.questions)]
            frames.append(frame.assign(respondent=who["respondent"]))
        rows = pd.concat(frames)
        people = pd.DataFrame([(p.id, p.name, p.weight) for p in plan.people], columns=["respondent", "name", "weight"])
        places = pd.DataFrame(
            [(q.id, catalogue.indicator_of[q.id].id, q.weight) for q in catalogue.questions.values()],
            columns=["id", "indicator", "share"],
        )
        rows = rows.merge(people, on="respondent").merge(places, on="id")
        scores = {angle: _indicators(rows, angle) for angle in ANGLES}
        notes = rows.loc[rows["evidence"].notna() | rows["comment"].notna(), ["id", "name", "evidence", "comment"]]
        with pd.ExcelWriter(folder / "pandas.xlsx") as writer:
            for angle in ANGLES:
                rows.pivot(index="id", columns="name", values=angle).to_excel(writer, sheet_name=angle)
                scores[angle].to_frame("score").to_excel(writer, sheet_name=f"{angle} scores")
            notes.to_excel(writer, sheet_name="notes", index=False)
        return scores

    def _answers_of_calamine(self) -> dict[tuple[str, str, str], object]:
        """What stands in the score columns, by the respondent on the hidden sheet, the question and the angle."""
        found: dict[tuple[str, str, str], object] = {}
        for person, sheets in self._calamine():
            who = str(next(line[1] for line in sheets[self.hidden] if line[0] == "respondent"))
            assert who == person, f"{person}: says it is {who}"
            (name,) = self.questionnaires & sheets.keys()
            head, *lines = sheets[name]
            columns = {self.headers.get(str(text), ""): column for column, text in enumerate(head)}
            for line in lines:
                for angle in ANGLES if line[columns["id"]] in self.sample.plan.catalogue.questions else ():
                    found[who, str(line[columns["id"]]), angle] = self._plain(line[columns[angle]])
        return found

    # --- what was written

    def _written_by_pandas(self, path: Path) -> Written:
        found: Written = {}
        for angle in ANGLES:
            head, *lines = _sheet(path, angle)
            for line in lines:
                found |= self._line(angle, str(line[0]), zip(head[1:], line[1:], strict=True))
        return found

    def _written_by_us(self, path: Path) -> Written:
        """The matrices of the sheet of answers: where a row holds a person's name twice, the second is the target."""
        plan = self.sample.plan
        lines = _sheet(path, words("summary", "sheets", plan.engagement.lang)["answers"])
        names = {person.name for person in plan.people}
        head = next(line for line in lines if names <= set(line))
        columns = [(column, str(name)) for column, name in enumerate(head) if name in names]
        blank = words("summary", "outcome", plan.engagement.lang)["blank"]
        found: Written = {}
        for line in lines:
            question = next((str(cell) for cell in line if cell in plan.catalogue.questions), "")
            for angle, block in zip(ANGLES, (columns[: len(names)], columns[len(names) :]), strict=True):
                cells = ((name, "" if line[column] == blank else line[column]) for column, name in block)
                found |= self._line(angle, question, cells) if question else {}
        return found

    def _line(self, angle: str, question: str, cells: Iterable[tuple[object, object]]) -> Written:
        """One row of a matrix."""
        found = {(angle, question, str(name)): self._plain(value) for name, value in cells}
        return {place: value for place, value in found.items() if value not in ("", None)}

    def _plain(self, value: object) -> object:
        """What a cell says: NA and DK may stand there in either language."""
        catalogue = self.sample.plan.catalogue
        if value in (catalogue.na.zh, catalogue.na.en):
            return NA
        return DK if value in (catalogue.dk.zh, catalogue.dk.en) else value


def _indicators(rows: "DataFrame", angle: str) -> "Series[float]":
    """The scores of the indicators: people's weighted mean by question, then the questions' by indicator."""
    import pandas as pd

    scored = rows.assign(score=pd.to_numeric(rows[angle], errors="coerce")).dropna(subset=["score"])
    scored = scored.assign(product=scored["score"] * scored["weight"])
    sums = scored.groupby(["indicator", "id", "share"])[["product", "weight"]].sum().reset_index()
    sums["product"] = sums["product"] / sums["weight"] * sums["share"]
    sums = sums.groupby("indicator")[["product", "share"]].sum()
    return sums["product"] / sums["share"]


def _said(outcome: Outcome, score: float | None) -> float | str:
    return OUTCOMES[outcome] if score is None else score


def _cells_of(plan: Plan, typed: dict[tuple[str, str, str], int | str]) -> Written:
    return {
        (angle, question, plan.by_id[person].name): value
        for (person, question, angle), value in typed.items()
        if value != BLANK
    }


def _sheet(path: Path, name: str) -> Lines:
    from python_calamine import CalamineWorkbook

    return CalamineWorkbook.from_path(path).get_sheet_by_name(name).to_python(skip_empty_area=False)
