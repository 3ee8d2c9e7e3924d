"""A small made-up plan over the real catalogue, and filled-in workbooks, for the tests of what goes out."""

import io
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from cmme_xl.catalogue import Catalogue, load
from cmme_xl.interview.form import Form
from cmme_xl.plan.model import Engagement, Person, Plan, Settings

CATALOGUE: Catalogue = load()
ENGAGEMENT = Engagement(
    id="Q7-2026",
    name="松果一期评估",
    enterprise="松果家居集团",
    industry="家居零售",
    size="1000-5000",
    starts=date(2026, 11, 23),
    due=date(2026, 12, 4),
    lang="zh",
    contact="周明 · zhou.ming@example.com · 010-5555 0100",
    consultancy="远山顾问",
    competitor="青木家居",
)


def person(id: str, group: str = "middle", lang: str = "zh", **fields: object) -> Person:
    """Someone to ask; fields as in plan.model.Person."""
    base = Person(
        id=id,
        name=f"受访者{id}" if lang == "zh" else f"Person {id}",
        group=group,
        department="市场部" if lang == "zh" else "Marketing",
        title="经理" if lang == "zh" else "Manager",
        lang=lang,
        email=f"{id.lower()}@example.com",
        interviewer="周明",
        appointment=datetime(2026, 12, 8, 14, 0),
        minutes=75,
    )
    return replace(base, **fields)  # type: ignore[arg-type]


def plan(
    *people: Person, settings: Settings | None = None, catalogue: Catalogue = CATALOGUE, **engagement: object
) -> Plan:
    """A plan in which everyone is asked what their group is asked by default."""
    return Plan(
        catalogue=catalogue,
        engagement=replace(ENGAGEMENT, **engagement),  # type: ignore[arg-type]
        settings=settings or Settings(),
        people=people,
        assigned={each.id: tuple(q.id for q in catalogue.asked_of(each.group)) for each in people},
        weights={},
        dropped=frozenset(),
        given=(),
    )


def shortened(base: Plan, questions: int) -> Plan:
    """The same plan with everyone asked only the first so many of their questions."""
    return replace(base, assigned={id: asked[:questions] for id, asked in base.assigned.items()})


def row_of(form: Form, question: str) -> int:
    """The row of a question as Excel counts it."""
    indicator = form.catalogue.indicator_of[question].id
    return form.blocks[indicator].first + [each.id for each in form.asked[indicator]].index(question) + 1


def filled_in(data: bytes, form: Form, answers: Mapping[str, Mapping[str, str | float]]) -> bytes:
    """The workbook as Excel would save it after typing: question id -> role of the column -> what was typed."""
    part = f"xl/worksheets/sheet{form.sheets.index(form.asking) + 1}.xml"
    out = io.BytesIO()
    with ZipFile(io.BytesIO(data)) as source, ZipFile(out, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, _typed(content.decode(), form, answers) if name == part else content)
    return out.getvalue()


def _typed(xml: str, form: Form, answers: Mapping[str, Mapping[str, str | float]]) -> str:
    cells = {
        f"{chr(ord('A') + form.column(role))}{row_of(form, question)}": value
        for question, typed in answers.items()
        for role, value in typed.items()
    }

    def put(match: re.Match[str]) -> str:
        if match[2] not in cells:
            return match[0]
        value = cells.pop(match[2])
        if isinstance(value, str):
            return f'{match[1]} t="inlineStr"><is><t>{escape(value)}</t></is></c>'
        return f"{match[1]}><v>{value}</v></c>"

    xml = re.sub(r'(<c r="([A-Z]+[0-9]+)" s="[0-9]+")/>', put, xml)
    assert not cells, f"not blank in the workbook: {cells}"
    return xml
