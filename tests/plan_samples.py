"""A small catalogue and made-up plans for the tests of the plan workbook."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from cmme_xl.catalogue import Catalogue, load
from cmme_xl.plan.assignment import Choices, Mark, assign, catalogue_marks
from cmme_xl.plan.model import Engagement, Given, Person, Plan, Settings

START = datetime(2026, 3, 16, 9, 30)
SHARES = {"senior": 50.0, "middle": 30.0, "front": 20.0}


def small_catalogue() -> Catalogue:
    """Four dimensions of five indicators: another catalogue than the one that ships."""
    whole = load()
    dimensions = [replace(d, indicators=d.indicators[:5]) for d in (*whole.dimensions[:3], whole.dimensions[-1])]
    return replace(whole, id="small", dimensions=tuple(dimensions))


def engagement(lang: str = "zh") -> Engagement:
    return Engagement(
        id="HC-2026",
        name="客户管理能力评估",
        enterprise="样本家居有限公司",
        industry="家居零售",
        size="1000-5000 人",
        starts=date(2026, 3, 2),
        due=date(2026, 3, 13),
        lang=lang,
        contact="王小样 · wang@example.com",
        consultancy="样本咨询",
        competitor="样本竞争企业",
    )


def people() -> tuple[Person, ...]:
    groups = ["senior"] * 3 + ["middle"] * 4 + ["front"] * 4 + ["benchmark"] * 2 + ["competitor"] * 3
    names = [f"样{last}" for last in "甲乙丙丁戊己庚辛壬癸子丑寅卯辰"] + ["Alexandra Sample"]
    return tuple(
        Person(
            id=f"P{number:02}",
            name=name,
            group=group,
            department="市场部",
            title="经理",
            lang="en" if number > 15 else "zh",
            email=f"p{number}@example.com",
            interviewer="顾问甲",
            appointment=START + timedelta(days=number % 9, hours=number % 5),
            minutes=90.0,
            weight=2.0 if number == 1 else 1.0,
        )
        for number, (name, group) in enumerate(zip(names, groups, strict=True), 1)
    )


def sample_choices(catalogue: Catalogue) -> Choices:
    """P01 skips a dimension but for one indicator; P03 answers all of another; P05 skips one indicator."""
    first, second = catalogue.dimensions[0], catalogue.dimensions[1]
    marks = {
        "P01": {first.id: Mark.NONE, first.indicators[0].id: Mark.ALL},
        "P03": {second.id: Mark.ALL},
        "P05": {second.indicators[1].id: Mark.NONE},
    }
    return Choices(marks, catalogue_marks(catalogue))


def sample(catalogue: Catalogue, settings: Settings | None = None, choices: Choices | None = None) -> Plan:
    """A plan with every kind of entry: weights changed, nodes dropped, figures given, all groups present."""
    settings = settings or Settings(tier_shares=SHARES)
    choices = choices or sample_choices(catalogue)
    third, last = catalogue.dimensions[2], catalogue.dimensions[-1]
    dropped = frozenset((last.id, third.indicators[0].id, third.indicators[1].questions[0].id))
    weights = {third.id: 20.0, third.indicators[2].id: 0.0, third.indicators[1].questions[1].id: 4.0}
    given = (
        Given("benchmark", third.indicators[3].id, 3.5, "样本行业报告", 2025, 40, "家居零售", ""),
        Given("target", "total", 4.0, "", None, None, "", ""),
        Given("competitor", third.indicators[4].questions[0].id, 2.25, "公开年报", 2024, None, "", ""),
    )
    asked = assign(catalogue, people(), choices.marks, choices.question_marks, settings.form, dropped)
    return Plan(catalogue, engagement(), settings, people(), asked, weights, dropped, given)
