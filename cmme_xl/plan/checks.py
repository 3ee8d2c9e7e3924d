"""What must hold of a plan before anything is sent. Every fault is found at once; none stops the search."""

from collections.abc import Iterator, Mapping
from itertools import chain

from cmme_xl.catalogue import ROOT, Group
from cmme_xl.findings import Finding, Place
from cmme_xl.plan.assignment import used_questions
from cmme_xl.plan.model import Person, Plan

Places = Mapping[tuple[str, ...], Place]


def check(plan: Plan, places: Places | None = None) -> tuple[Finding, ...]:
    """All faults of a plan: errors, warnings and notes. `places` (from `read_plan`) names the cells."""
    where = places or {}
    return tuple(
        chain(
            _people(plan, where),
            _interviews(plan, where),
            _window(plan, where),
            _askers(plan, where),
            _groups(plan, where),
            _shares(plan, where),
            _weights(plan, where),
            _figures(plan, where),
            _competitor(plan, where),
        )
    )


def _people(plan: Plan, where: Places) -> Iterator[Finding]:
    if not plan.people:
        yield Finding("PLN_046")
    for person in plan.people:
        if not plan.assigned.get(person.id):
            yield Finding("PLN_041", _of(where, person, "id"), values=_who(person))
    for code, role in (("PLN_043", "email"), ("PLN_044", "name")):
        first: dict[str, Person] = {}
        for person in plan.people:
            word = str(getattr(person, role)).strip()
            if not word:
                continue
            other = first.setdefault(word.casefold(), person)
            if other is not person:
                yield Finding(code, _of(where, person, role), word, _who(person) | {"other": other.id})


def _interviews(plan: Plan, where: Places) -> Iterator[Finding]:
    for person in plan.people:
        low, high = plan.catalogue.minutes_of(person.group)
        limits = {"low": f"{low:g}", "high": f"{high:g}"}
        needed = minutes_needed(plan, person)
        if needed and not low <= needed <= high:
            values = _who(person) | limits | {"minutes": f"{needed:g}"}
            yield Finding("PLN_031", _of(where, person, "id"), values=values)
        booked = person.minutes
        if booked is None:
            continue
        values = _who(person) | limits | {"minutes": f"{booked:g}", "needed": f"{needed:g}"}
        if not low <= booked <= high:
            yield Finding("PLN_032", _of(where, person, "minutes"), f"{booked:g}", values)
        if booked < needed:
            yield Finding("PLN_033", _of(where, person, "minutes"), f"{booked:g}", values)


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
        yield Finding("PLN_042", where.get(("engagement", "due"), Place()), str(due), values)
    if first[0].date() < plan.engagement.starts:
        values = {"starts": plan.engagement.starts, "first": first[0].date(), **_who(first[1])}
        yield Finding("PLN_047", _of(where, first[1], "appointment"), str(first[0]), values)


def _askers(plan: Plan, where: Places) -> Iterator[Finding]:
    wanted = plan.settings.askers_min
    askers = askers_of(plan)
    used = used_questions(plan.catalogue, plan.settings.form, plan.dropped)
    for indicator in plan.catalogue.indicators:
        if used[indicator.id] and askers[indicator.id] < wanted:
            values = {"id": indicator.id, "name": indicator.name, "count": askers[indicator.id], "wanted": wanted}
            yield Finding("PLN_030", where.get(("asked", indicator.id), Place()), values=values)


def _groups(plan: Plan, where: Places) -> Iterator[Finding]:
    present = {person.group for person in plan.people}
    for tier in plan.catalogue.tiers:
        if plan.people and tier.id not in present:
            yield Finding("PLN_039", values={"tier": tier.name})


def _shares(plan: Plan, where: Places) -> Iterator[Finding]:
    if plan.settings.voice != "tier":
        return
    present = {person.group for person in plan.people}
    shares = plan.settings.tier_shares
    if not sum(shares.get(tier.id, 0) for tier in plan.catalogue.tiers) > 0:
        yield Finding("PLN_038", where.get(("engagement", "voice"), Place()))
        return
    for tier in plan.catalogue.tiers:
        if tier.id in present and not shares.get(tier.id):
            yield Finding("PLN_048", where.get(("share", tier.id), Place()), values={"tier": tier.name})


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
    if not alive:
        yield Finding("PLN_049")
    elif not any(plan.weight(dimension.id, dimension.weight) for dimension, _ in alive):
        yield _weightless(ROOT, where.get(("weight", alive[0][0].id), Place()))
    for dimension, indicators in alive:
        if not any(plan.weight(each.id, each.weight) for each in indicators):
            yield _weightless(dimension.id, where.get(("weight", dimension.id), Place()))
        for indicator in indicators:
            if not any(plan.weight(question.id, question.weight) for question in kept[indicator.id]):
                yield _weightless(indicator.id, where.get(("weight", indicator.id), Place()))
    key = any(indicator.key for _, indicators in alive for indicator in indicators)
    if plan.settings.scope == "key" and not key:
        yield Finding("PLN_045", where.get(("engagement", "scope"), Place()))


def _figures(plan: Plan, where: Places) -> Iterator[Finding]:
    for number, given in enumerate(plan.given):
        if given.angle == "target":
            continue
        for code, role in (("PLN_035", "source"), ("PLN_050", "year")):
            if not getattr(given, role):
                place = where.get(("figure", str(number), role), Place())
                yield Finding(code, place, values={"id": given.node, "value": f"{given.value:g}"})


def _competitor(plan: Plan, where: Places) -> Iterator[Finding]:
    people = [person for person in plan.people if _group(plan, person).angle == "competitor"]
    given = any(figure.angle == "competitor" for figure in plan.given)
    wanted = plan.catalogue.limits.competitor_min
    if people and len(people) < wanted:
        values = {"count": len(people), "wanted": wanted}
        yield Finding("PLN_036", _of(where, people[0], "group"), values=values)
    if (people or given) and not plan.engagement.competitor:
        yield Finding("PLN_037", where.get(("engagement", "competitor"), Place()))


def minutes_needed(plan: Plan, person: Person) -> float:
    """The interview time of a person's questions in minutes."""
    return sum(question.minutes for question in plan.questions_for(person))


def askers_of(plan: Plan) -> dict[str, int]:
    """Indicator id -> how many of the enterprise's own people are asked at least one of its questions."""
    askers = {indicator.id: 0 for indicator in plan.catalogue.indicators}
    for person in plan.people:
        if _group(plan, person).external:
            continue
        for indicator in {plan.catalogue.indicator_of[q].id for q in plan.assigned.get(person.id, ())}:
            askers[indicator] += 1
    return askers


def _group(plan: Plan, person: Person) -> Group:
    return plan.catalogue.group(person.group)


def _weightless(node: str, place: Place) -> Finding:
    return Finding("PLN_040", place, values={"id": node})


def _of(where: Places, person: Person, role: str) -> Place:
    return where.get(("person", person.id, role), Place())


def _who(person: Person) -> dict[str, object]:
    return {"person": f"{person.id} {person.name}".strip()}
