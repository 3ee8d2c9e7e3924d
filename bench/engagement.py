"""A made-up engagement of any size, and what came back of it, kept in bench/.data for the next run.

Every person is the enterprise's own and is asked every question of the shipped catalogue; every tenth answers in
English. Returned workbooks are those that were sent, with the answers put into their XML the way a spreadsheet program
saves them; every twentieth is also saved again by openpyxl.
"""

import hashlib
import io
import random
import re
import shutil
import warnings
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from cmme_xl.catalogue import Catalogue, load
from cmme_xl.interview.form import Form
from cmme_xl.interview.generation import generate
from cmme_xl.plan import issued
from cmme_xl.plan.model import Engagement, Person, Plan, Settings
from cmme_xl.plan.write import new_plan
from cmme_xl.templates import template

DATA = Path(__file__).resolve().parent / ".data"
ENGLISH_EVERY, SAVED_AGAIN_EVERY = 10, 20
NA, DK, BLANK = "NA", "DK", ""
ODDS: dict[int | str, float] = {0: 0.06, 1: 0.2, 2: 0.28, 3: 0.22, 4: 0.09, 5: 0.03, NA: 0.03, DK: 0.04, BLANK: 0.05}
EVIDENCE, EVIDENCE_OF_TOP, COMMENT = 0.1, 0.7, 0.02
Typed = Mapping[str, int | str]
"""What stands in one row of a questionnaire: role of the column -> a score, NA, DK or a text; nothing where blank."""


@dataclass(frozen=True)
class Sample:
    """An engagement of `size` people in `folder`: plan.xlsx, issued.jsonl, returned/."""

    size: int
    folder: Path

    @property
    def plan_path(self) -> Path:
        return self.folder / "plan.xlsx"

    @property
    def returned(self) -> Path:
        return self.folder / "returned"

    @cached_property
    def plan(self) -> Plan:
        return plan_of(load(), self.size)

    @cached_property
    def files(self) -> dict[str, Path]:
        """Person id -> the returned file."""
        issues = issued.latest(issued.read(self.folder / issued.FILE_NAME))
        return {person: self.returned / issue.file for person, issue in issues.items()}

    @cached_property
    def answers(self) -> dict[tuple[str, str, str], int | str]:
        """(person, question, angle) -> what was typed: a score, NA, DK or BLANK."""
        return {
            (person.id, question, angle): row.get(angle, BLANK)
            for person in self.plan.people
            for question, row in typed(self.plan, person).items()
            for angle in self.plan.angles(person)
        }


def sample(size: int) -> Sample:
    """The engagement of `size` people, made where there is none of this version yet."""
    catalogue = load()
    parts = (catalogue.hash, str(template("interview")), Path(__file__).read_text("utf-8"))
    version = hashlib.sha256("".join(parts).encode()).hexdigest()[:8]
    made = Sample(size, DATA / f"{size}-{version}")
    if not made.folder.exists():
        for old in DATA.glob(f"{size}-*"):
            shutil.rmtree(old, ignore_errors=True)
        DATA.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=DATA) as making:
            _make(Sample(size, Path(making) / "made"))
            with suppress(OSError):  # another run may have been quicker
                (Path(making) / "made").rename(made.folder)
    return made


def plan_of(catalogue: Catalogue, size: int) -> Plan:
    """The plan for `size` people, spread over the tiers."""
    engagement = Engagement(
        id="BENCH-2026",
        name="测速项目",
        enterprise="长尺样本集团",
        industry="零售",
        size="> 5000",
        starts=date(2026, 11, 23),
        due=date(2026, 12, 4),
        lang="zh",
        contact="罗衡 · luo.heng@example.com",
        consultancy="样本咨询",
        competitor="",
    )
    tiers = [tier.id for tier in catalogue.tiers]
    people = tuple(_person(number, tiers[number % len(tiers)]) for number in range(size))
    return Plan(
        catalogue=catalogue,
        engagement=engagement,
        settings=Settings(audience="consultant", tier_shares=dict.fromkeys(tiers, 1.0)),
        people=people,
        assigned=dict.fromkeys((person.id for person in people), tuple(catalogue.questions)),
        weights={},
        dropped=frozenset(),
        given=(),
    )


def _person(number: int, tier: str) -> Person:
    english = number % ENGLISH_EVERY == ENGLISH_EVERY - 1
    return Person(
        id=f"P{number:04}",
        name=f"Person {number:04}" if english else f"受访者{number:04}",
        group=tier,
        department="Sales" if english else "销售部",
        title="Manager" if english else "经理",
        lang="en" if english else "zh",
        email=f"p{number:04}@example.com",
        interviewer="罗衡",
        appointment=datetime(2026, 11, 24 + number % 5, 9 + number % 8),
        minutes=90.0,
    )


def typed(plan: Plan, person: Person) -> dict[str, Typed]:
    """What a person types, by question; the same at every run."""
    dice = random.Random(person.id)
    rows: dict[str, Typed] = {}
    for question in plan.questions_for(person):
        row: dict[str, int | str] = {}
        for angle, said in zip(plan.angles(person), dice.choices([*ODDS], [*ODDS.values()], k=2), strict=True):
            if said != BLANK:
                row[angle] = said
        if dice.random() < (EVIDENCE_OF_TOP if row.get("current") == 5 else EVIDENCE):
            row["evidence"] = f"{question.id} 台账第 {dice.randint(1, 99)} 页，制度 2026-{dice.randint(1, 12):02} 版"
        if dice.random() < COMMENT:
            row["comment"] = f"口头补充 {dice.randint(1, 999)}"
        rows[question.id] = row
    return rows


def _make(new: Sample) -> None:
    plan = new.plan
    new.returned.mkdir(parents=True)
    new_plan(new.plan_path, plan.catalogue, plan.engagement.lang, plan=plan)
    out = new.folder / "out"
    generate(plan, out, new.folder / issued.FILE_NAME)
    forms = {person.lang: Form.of(plan, person) for person in plan.people}
    for number, person in enumerate(plan.people):
        path = new.files[person.id]
        data = filled((out / path.name).read_bytes(), forms[person.lang], typed(plan, person))
        path.write_bytes(saved_again(data) if number % SAVED_AGAIN_EVERY == 0 else data)
    shutil.rmtree(out)


def filled(data: bytes, form: Form, rows: Mapping[str, Typed]) -> bytes:
    """A workbook with its rows filled in, every text in the table of shared strings as spreadsheet programs keep it."""
    questionnaire = f"xl/worksheets/sheet{form.sheets.index('questions') + 1}.xml"
    texts: list[str] = []
    out = io.BytesIO()
    with ZipFile(io.BytesIO(data)) as source, ZipFile(out, "w", ZIP_DEFLATED) as target:
        parts = {name: source.read(name).decode() for name in source.namelist()}
        strings = parts["xl/sharedStrings.xml"]
        first = strings.count("<si>")
        for name in parts:
            if name.startswith("xl/worksheets/sheet"):
                cells = _cells(form, rows) if name == questionnaire else {}
                parts[name] = _shared(_put(parts[name], cells, texts, first), texts, first)
        added = "".join(f'<si><t xml:space="preserve">{text}</t></si>' for text in texts)
        parts["xl/sharedStrings.xml"] = re.sub(
            r' count="[0-9]+" uniqueCount="[0-9]+"', "", strings.replace("</sst>", f"{added}</sst>")
        )
        for name, text in parts.items():
            target.writestr(name, text)
    return out.getvalue()


def saved_again(data: bytes) -> bytes:
    """The workbook as openpyxl saves it."""
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        work = load_workbook(io.BytesIO(data))
    out = io.BytesIO()
    work.save(out)
    return out.getvalue()


def _cells(form: Form, rows: Mapping[str, Typed]) -> dict[str, int | str]:
    """Cell -> what is typed there."""
    words = {NA: form.catalogue.na.in_(form.lang), DK: form.catalogue.dk.in_(form.lang)}
    return {
        f"{chr(ord('A') + form.column(role))}{row}": words.get(value, value) if isinstance(value, str) else value
        for question, row in _rows(form)
        for role, value in rows[question].items()
    }


def _rows(form: Form) -> Iterator[tuple[str, int]]:
    for indicator, questions in form.asked.items():
        first = form.blocks[indicator].first
        yield from ((question.id, first + number) for number, question in enumerate(questions, 1))


def _put(xml: str, cells: dict[str, int | str], texts: list[str], first: int) -> str:
    if not cells:
        return xml

    def put(match: re.Match[str]) -> str:
        value = cells.pop(match[2], None)
        if value is None:
            return match[0]
        if isinstance(value, int):
            return f"{match[1]}><v>{value}</v></c>"
        texts.append(escape(value))
        return f'{match[1]} t="s"><v>{first + len(texts) - 1}</v></c>'

    xml = re.sub(r'(<c r="([A-Z]+[0-9]+)" s="[0-9]+")/>', put, xml)
    if cells:
        raise ValueError(f"not blank in the workbook: {sorted(cells)}")
    return xml


def _shared(xml: str, texts: list[str], first: int) -> str:
    """Inline strings moved to the table of shared strings."""

    def move(match: re.Match[str]) -> str:
        texts.append(match[1])
        return f' t="s"><v>{first + len(texts) - 1}</v></c>'

    return re.sub(r' t="inlineStr"><is><t xml:space="preserve">([^<]*)</t></is></c>', move, xml)
