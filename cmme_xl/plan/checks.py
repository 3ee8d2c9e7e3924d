"""What must hold of a plan before anything is sent. Every fault is found at once; none stops the search.

What holds of many people, indicators or figures alike is one finding that lists them, placed at the first.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from cmme_xl.catalogue import ROOT
from cmme_xl.findings import Finding, Place
from cmme_xl.plan import words
from cmme_xl.plan.assignment import used_questions
from cmme_xl.plan.model import ALL_READ, UNKNOWN, Person, Plan, Unread

Places = Mapping[tuple[str, ...], Place]
ADDRESS = re.compile(r"[^\s@]+@[^\s@]+")
Listed = list[tuple[Place, str]]
"""What one finding is about: where each stands, and how it is named."""


def check(plan: Plan, places: Places | None = None, unread: Unread = ALL_READ) -> tuple[Finding, ...]:
    """All faults of a plan: errors, warnings and notes.

    `places` and `unread` come from `read_plan`: they name the cells, and what stands in faulty rows; nothing is said
    to be lacking that one of them might be.
    """
    where = places or {}
    return tuple(
        chain(
            _people(plan, where, unread),
            _interviews(plan, where),
            _window(plan, where),
            _askers(plan, where, unread),
            _groups(plan, where, unread),
            _shares(plan, where),
            _voices(plan, where, unread),
            _weights(plan, where),
            _figures(plan, where),
            _competitor(plan, where, unread),
            _contact(plan, where),
        )
    )


def _people(plan: Plan, where: Places, unread: Unread) -> Iterator[Finding]:
    if not plan.people and not unread.groups:
        yield Finding("PLN_046", _at(where, "header", "people", "id"))
    idle = [person for person in plan.people if not plan.assigned.get(person.id)]
    yield from _together("PLN_041", [(_of(where, person, "id"), _who(person)) for person in idle])
    odd = [person for person in plan.people if person.email and not ADDRESS.fullmatch(person.email)]
    yield from _together("PLN_054", [(_of(where, each, "email"), f"{_who(each)} {each.email}") for each in odd])
    for code, role in (("PLN_043", "email"), ("PLN_044", "name")):
        shared: dict[str, list[Person]] = {}
        for person in plan.people:
            if word := str(getattr(person, role)).strip():
                shared.setdefault(word.casefold(), []).append(person)
        for people in shared.values():
            if len(people) > 1:
                word = str(getattr(people[0], role)).strip()
                yield from _together(code, [(_of(where, each, role), _who(each)) for each in people], word)


def _interviews(plan: Plan, where: Places) -> Iterator[Finding]:
    needs: dict[tuple[float, float], Listed] = {}
    booked: dict[tuple[float, float], Listed] = {}
    short: Listed = []
    minutes = {asked: minutes_of(plan, asked) for asked in {*plan.assigned.values()}}
    for person in plan.people:
        low, high = plan.catalogue.minutes_of(person.group)
        if plan.settings.form == "short":
            low = 0.0  # the short form is there to take less
        bounds = low, high
        needed = minutes.get(plan.assigned.get(person.id, ()), 0)
        if needed and not low <= needed <= high:
            needs.setdefault(bounds, []).append((_of(where, person, "id"), f"{_who(person)} {needed:g}"))
        if person.minutes is None:
            continue
        place = _of(where, person, "minutes")
        if not low <= person.minutes <= high:
            booked.setdefault(bounds, []).append((place, f"{_who(person)} {person.minutes:g}"))
        if person.minutes < needed:
            short.append((place, f"{_who(person)} {person.minutes:g} < {needed:g}"))
    for code, by_bounds in (("PLN_031", needs), ("PLN_032", booked)):
        for (low, high), found in by_bounds.items():
            yield from _together(code, found, low=f"{low:g}", high=f"{high:g}")
    yield from _together("PLN_033", short)


def _window(plan: Plan, where: Places) -> Iterator[Finding]:
    dated = sorted(
        ((person.appointment, person) for person in plan.people if person.appointment), key=lambda pair: pair[0]
    )
    if not dated:
        return
    first, last = dated[0], dated[-1]
    limit = plan.catalogue.limits.window_days
    days = (last[0].date() - first[0].date()).days
    if days > limit:
        values = {"days": days, "limit": limit, "first": first[0].date(), "last": last[0].date()}
        yield Finding("PLN_034", _of(where, last[1], "appointment"), values=values)
    due = plan.engagement.due
    if due and due > first[0].date():
        values = {"due": due, "first": first[0].date()}
        yield Finding("PLN_042", _at(where, "engagement", "due"), str(due), values)
    if first[0].date() < plan.engagement.starts:
        values = {"starts": plan.engagement.starts, "first": first[0].date(), "person": _who(first[1])}
        yield Finding("PLN_047", _of(where, first[1], "appointment"), str(first[0]), values)


def _askers(plan: Plan, where: Places, unread: Unread) -> Iterator[Finding]:
    if unread.groups or not plan.people:
        return
    wanted = plan.settings.askers_min
    askers = askers_of(plan)
    used = used_questions(plan.catalogue, plan.settings.form, plan.dropped)
    for dimension in plan.catalogue.dimensions:
        few = [each.id for each in dimension.indicators if used[each.id] and askers[each.id] < wanted]
        found = [(_at(where, "asked", indicator), f"{indicator} ({askers[indicator]})") for indicator in few]
        yield from _together("PLN_030", found, dimension=dimension.name, wanted=wanted)


def _groups(plan: Plan, where: Places, unread: Unread) -> Iterator[Finding]:
    present = {*(person.group for person in plan.people), *unread.groups}
    if not plan.people or UNKNOWN in present:
        return
    for tier in plan.catalogue.tiers:
        if tier.id not in present:
            yield Finding("PLN_039", _at(where, "header", "people", "group"), values={"tier": tier.name})


def _shares(plan: Plan, where: Places) -> Iterator[Finding]:
    if plan.settings.voice != "tier":
        return
    present = {person.group for person in plan.people}
    shares = plan.settings.tier_shares
    if not sum(shares.get(tier.id, 0) for tier in plan.catalogue.tiers) > 0:
        yield Finding("PLN_038", _at(where, "engagement", "voice"))
        return
    for tier in plan.catalogue.tiers:
        if tier.id in present and not shares.get(tier.id):
            yield Finding("PLN_048", _at(where, "share", tier.id), values={"tier": tier.name})


def _voices(plan: Plan, where: Places, unread: Unread) -> Iterator[Finding]:
    """The scores of people without any weight, or of tiers without any share, have no mean (scoring.md rule 3)."""
    tiers = {tier.id for tier in plan.catalogue.tiers}
    own = [person for person in plan.people if person.group in tiers]
    if not own or unread.groups or plan.settings.combine == "median":
        return
    shares = plan.settings.tier_shares
    if plan.settings.voice == "tier":
        mute = sum(shares.values()) > 0 and not any(shares.get(person.group) for person in own)
        place = _at(where, "engagement", "voice")
    else:
        mute = not any(person.weight for person in own)
        place = _of(where, own[0], "weight")
    if mute:
        yield Finding("PLN_053", place)


def _weights(plan: Plan, where: Places) -> Iterator[Finding]:
    """A node whose children are all in scope with weight 0 can have no value."""
    catalogue = plan.catalogue
    kept = {
        indicator.id: tuple(question for question in indicator.questions if plan.in_scope(question.id))
        for indicator in catalogue.indicators
    }
    alive = [
        (dimension, [indicator for indicator in dimension.indicators if kept[indicator.id]])
        for dimension in catalogue.dimensions
    ]
    alive = [(dimension, indicators) for dimension, indicators in alive if indicators]
    empty: Listed = []
    if not alive:
        yield Finding("PLN_049", _at(where, "header", "weights", "scope"))
    elif not any(plan.weight(dimension.id, dimension.weight) for dimension, _ in alive):
        empty.append((_at(where, "weight", alive[0][0].id), ROOT))
    for dimension, indicators in alive:
        if not any(plan.weight(each.id, each.weight) for each in indicators):
            empty.append((_at(where, "weight", dimension.id), dimension.id))
        for indicator in indicators:
            if not any(plan.weight(question.id, question.weight) for question in kept[indicator.id]):
                empty.append((_at(where, "weight", indicator.id), indicator.id))
    yield from _together("PLN_040", empty)
    key = any(indicator.key for _, indicators in alive for indicator in indicators)
    if plan.settings.scope == "key" and not key:
        yield Finding("PLN_045", _at(where, "engagement", "scope"))


def _figures(plan: Plan, where: Places) -> Iterator[Finding]:
    for code, role in (("PLN_035", "source"), ("PLN_050", "year")):
        found = [
            (_at(where, "figure", str(number), role), f"{given.node} {given.value:g}")
            for number, given in enumerate(plan.given)
            if given.angle != "target" and not getattr(given, role)
        ]
        yield from _together(code, found)


def _competitor(plan: Plan, where: Places, unread: Unread) -> Iterator[Finding]:
    rivals = {group.id for group in plan.catalogue.groups if group.angle == "competitor"}
    people = [person for person in plan.people if person.group in rivals]
    given = "competitor" in (*(figure.angle for figure in plan.given), *unread.angles)
    wanted = plan.catalogue.limits.competitor_min
    if people and not unread.groups and len(people) < wanted:
        values = {"count": len(people), "wanted": wanted}
        yield Finding("PLN_036", _of(where, people[0], "group"), values=values)
    if (people or given or rivals.intersection(unread.groups)) and not plan.engagement.competitor:
        yield Finding("PLN_037", _at(where, "engagement", "competitor"))


def _contact(plan: Plan, where: Places) -> Iterator[Finding]:
    if not plan.engagement.contact.strip():
        yield Finding("PLN_051", _at(where, "engagement", "contact"))


def minutes_of(plan: Plan, questions: Iterable[str]) -> float:
    """The interview time of questions in minutes."""
    return sum(plan.catalogue.questions[question].minutes for question in questions)


def askers_of(plan: Plan) -> dict[str, int]:
    """Indicator id -> how many of the enterprise's own people are asked at least one of its questions."""
    askers = {indicator.id: 0 for indicator in plan.catalogue.indicators}
    own = {tier.id for tier in plan.catalogue.tiers}
    # most people are asked what others are asked
    asked = Counter(plan.assigned.get(person.id, ()) for person in plan.people if person.group in own)
    for questions, people in asked.items():
        for indicator in {plan.catalogue.indicator_of[question].id for question in questions}:
            askers[indicator] += people
    return askers


def _together(code: str, found: Listed, raw: str = "", **values: object) -> Iterator[Finding]:
    """One finding for all that it holds of, at the place of the first; none where there is nothing."""
    if found:
        listed = words.named([name for _, name in found])
        yield Finding(code, found[0][0], raw, {"count": len(found), "listed": listed, **values})


def _at(where: Places, *key: str) -> Place:
    """The place of an entry, or at least the file."""
    return where.get(key) or next((Place(place.file) for place in where.values()), Place())


def _of(where: Places, person: Person, role: str) -> Place:
    return _at(where, "person", person.id, role)


def _who(person: Person) -> str:
    return f"{person.id} {person.name}".strip()
