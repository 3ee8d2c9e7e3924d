"""The checks of a plan: each triggered by one change to a plan without that fault."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from plan_samples import START, people, sample, small_catalogue

from cmme_xl.findings import Place
from cmme_xl.plan.assignment import assign, catalogue_marks
from cmme_xl.plan.checks import check
from cmme_xl.plan.model import Given, Settings, Unread

CATALOGUE = small_catalogue()
CATALOGUE = replace(CATALOGUE, limits=replace(CATALOGUE.limits, minutes_min=5.0, minutes_max=90.0))
DEFAULTS = catalogue_marks(CATALOGUE)
PLAN = replace(
    sample(CATALOGUE),
    dropped=frozenset(),
    weights={},
    assigned=assign(CATALOGUE, people(), {}, DEFAULTS, "full", frozenset()),
)
D1 = CATALOGUE.dimensions[0]
FIRST = D1.indicators[0]


def codes(plan):
    return [finding.code for finding in check(plan)]


def with_person(number, **fields):
    changed = list(PLAN.people)
    changed[number] = replace(changed[number], **fields)
    return replace(PLAN, people=tuple(changed))


def with_settings(**fields):
    return replace(PLAN, settings=replace(PLAN.settings, **fields))


def without(*groups):
    return replace(PLAN, people=tuple(person for person in PLAN.people if person.group not in groups))


def test_a_sound_plan_has_no_finding():
    assert codes(PLAN) == []


ZERO = dict.fromkeys((indicator.id for indicator in D1.indicators), 0.0)
LIMITS = CATALOGUE.limits
TIGHT = replace(CATALOGUE, limits=replace(LIMITS, minutes_max=19.0))
CASES = {
    "few askers": (with_settings(askers_min=99), "PLN_030"),
    "long interview": (replace(PLAN, catalogue=TIGHT), "PLN_031"),
    "short appointment": (with_person(0, minutes=4.0), "PLN_032"),
    "appointment below need": (with_person(0, minutes=6.0), "PLN_033"),
    "window": (with_person(0, appointment=START + timedelta(days=15)), "PLN_034"),
    "no source": (replace(PLAN, given=(Given("benchmark", "total", 3, "", 2025, None, "", ""),)), "PLN_035"),
    "no year": (replace(PLAN, given=(Given("benchmark", "total", 3, "s", None, None, "", ""),)), "PLN_050"),
    "few from the competitor": (replace(PLAN, people=PLAN.people[:-1]), "PLN_036"),
    "no competitor": (replace(PLAN, engagement=replace(PLAN.engagement, competitor="")), "PLN_037"),
    "no shares": (with_settings(voice="tier", tier_shares={}), "PLN_038"),
    "empty tier": (without("front"), "PLN_039"),
    "share of nothing": (with_settings(voice="tier", tier_shares={"senior": 1.0, "middle": 1.0}), "PLN_048"),
    "weights of nothing": (replace(PLAN, weights=ZERO), "PLN_040"),
    "asked nothing": (replace(PLAN, assigned=dict(PLAN.assigned) | {"P01": ()}), "PLN_041"),
    "due too late": (replace(PLAN, engagement=replace(PLAN.engagement, due=date(2026, 3, 17))), "PLN_042"),
    "starts too late": (replace(PLAN, engagement=replace(PLAN.engagement, starts=date(2026, 3, 17))), "PLN_047"),
    "one address twice": (with_person(0, email="P2@example.com"), "PLN_043"),
    "one name twice": (with_person(0, name=PLAN.people[1].name), "PLN_044"),
    "nobody weighs": (replace(PLAN, people=tuple(replace(each, weight=0.0) for each in PLAN.people)), "PLN_053"),
    "shares of nobody": (
        replace(without("senior"), settings=with_settings(voice="tier", tier_shares={"senior": 1.0}).settings),
        "PLN_053",
    ),
    "no address": (with_person(0, email="not an email"), "PLN_054"),
    "two lines of address": (with_person(0, email="a@example.com\nb"), "PLN_054"),
    "no contact": (replace(PLAN, engagement=replace(PLAN.engagement, contact=" ")), "PLN_051"),
    "nobody": (replace(PLAN, people=()), "PLN_046"),
    "nothing in scope": (replace(PLAN, dropped=frozenset(d.id for d in CATALOGUE.dimensions)), "PLN_049"),
    "no key in scope": (
        replace(
            with_settings(scope="key"),
            dropped=frozenset(indicator.id for indicator in CATALOGUE.indicators if indicator.key),
        ),
        "PLN_045",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_fault_is_found(case):
    plan, code = CASES[case]
    assert code in codes(plan)


@pytest.mark.parametrize(
    "plan",
    [
        with_person(0, minutes=5.0, weight=0.0),
        with_settings(askers_min=1),
        replace(PLAN, given=(Given("target", "total", 3, "", None, None, "", ""),)),
        replace(PLAN, engagement=replace(PLAN.engagement, due=date(2026, 3, 16))),
        with_settings(voice="person", tier_shares={}),
        replace(CASES["nobody weighs"][0], settings=with_settings(combine="median").settings),
        with_settings(scope="key"),
        replace(with_person(0, minutes=4.0), settings=with_settings(form="short").settings),
    ],
    ids=[
        "short but enough",
        "one asker",
        "target without source",
        "due that day",
        "no shares needed",
        "no weights needed",
        "key",
        "short form",
    ],
)
def test_what_is_just_right_is_no_fault(plan):
    assert set(codes(plan)) <= {"PLN_033"}


def test_the_window_may_be_as_long_as_the_limit():
    first = min(person.appointment for person in PLAN.people if person.appointment)
    last = first + timedelta(days=LIMITS.window_days)
    assert codes(with_person(0, appointment=last)) == []


def test_outsiders_are_no_askers():
    insiders = {person.id for person in PLAN.people if person.group in ("senior", "middle", "front")}
    assigned = {p: (q if p not in insiders else ()) for p, q in PLAN.assigned.items()}
    few = [f for f in check(replace(PLAN, assigned=assigned)) if f.code == "PLN_030"]
    assert [f.values["dimension"] for f in few] == [dimension.name for dimension in CATALOGUE.dimensions]
    assert few[0].values["listed"] == ", ".join(f"{indicator.id} (0)" for indicator in D1.indicators)


def test_a_dropped_indicator_wants_no_askers():
    plan = replace(with_settings(askers_min=99), dropped=frozenset((FIRST.id,)))
    found = [str(finding.values["listed"]) for finding in check(plan) if finding.code == "PLN_030"]
    assert FIRST.id not in found[0]
    assert D1.indicators[1].id in found[0]


def test_weights_of_what_is_out_of_scope_do_not_matter():
    plan = replace(PLAN, weights=ZERO, dropped=frozenset((D1.id,)))
    assert "PLN_040" not in codes(plan)


def test_findings_name_the_cell():
    place = Place("plan.xlsx", "People", "K12")
    found = check(with_person(0, minutes=4.0), {("person", "P01", "minutes"): place})
    assert [finding.place for finding in found if finding.code == "PLN_032"] == [place]


def test_what_holds_of_many_is_one_finding_at_the_first():
    places: dict[tuple[str, ...], Place] = {
        ("person", person.id, "minutes"): Place("plan.xlsx", "People", person.id) for person in PLAN.people
    }
    booked = replace(PLAN, people=tuple(replace(person, minutes=4.0) for person in PLAN.people))
    (finding,) = [finding for finding in check(booked, places) if finding.code == "PLN_032"]
    assert finding.place.cell == "P01"
    assert finding.values["count"] == len(PLAN.people)
    assert all(person.id in str(finding.values["listed"]) for person in PLAN.people)


def test_a_plan_without_people_is_not_told_so_for_every_indicator():
    assert codes(replace(PLAN, people=())) == ["PLN_046"]


def test_nothing_is_said_to_lack_that_a_faulty_row_may_hold():
    few = without("front", "competitor")
    assert [f.code for f in check(few)] == ["PLN_039"]
    assert [f.code for f in check(few, unread=Unread(("front",)))] == []
    assert [f.code for f in check(few, unread=Unread(("",)))] == []
    assert [f.code for f in check(replace(few, people=()), unread=Unread(("",)))] == []
    assert "PLN_030" not in [f.code for f in check(with_settings(askers_min=99), unread=Unread(("senior",)))]


def test_a_competitor_in_a_faulty_row_wants_a_name():
    nameless = replace(without("competitor"), engagement=replace(PLAN.engagement, competitor=""))
    assert codes(replace(nameless, given=())) == []
    for unread in (Unread(("competitor",)), Unread(angles=("competitor",))):
        assert [f.code for f in check(replace(nameless, given=()), unread=unread)] == ["PLN_037"]


def test_a_finding_without_a_cell_names_the_file():
    place = Place("plan.xlsx", "People", "B12")
    found = check(with_settings(askers_min=99), {("person", "P01", "id"): place})
    assert {finding.place for finding in found} == {Place("plan.xlsx")}


def test_every_finding_speaks_both_languages():
    for plan, _ in CASES.values():
        for finding in check(plan):
            for lang in ("zh", "en"):
                assert "{" not in finding.reason(lang) + finding.fix(lang)


def test_the_default_settings_are_sound():
    assert codes(replace(PLAN, settings=Settings())) == []
    assert len(people()) == 16
