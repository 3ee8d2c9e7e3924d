"""What a new summary takes over from a former one: changed settings as what-if, and the action plan, by id."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from cmme_xl import templates
from cmme_xl.catalogue import ROOT, Catalogue, Text
from cmme_xl.findings import LANGUAGES, Finding, Place
from cmme_xl.plan.model import Given, Plan
from cmme_xl.results.actions import BEFORES, CRITERIA, Action
from cmme_xl.summary.actionrows import OWN
from cmme_xl.summary.entries import ACTION, NO, SETTING, Key
from cmme_xl.summary.former import Former

TEXTS = ("text", "owner", "start", "status", "note")
NUMBERS = ("effort", "urgency", "quarters")


@dataclass(frozen=True)
class Kept:
    """What is to stand in a new summary. `plan`: the plan without the settings taken over, which is the record."""

    plan: Plan
    former: Former | None = None

    def actions(self, proposals: Sequence[Action]) -> tuple[Action, ...]:
        """The proposals with what people typed; then actions no longer proposed that they worked on; then their own."""
        if self.former is None:
            return tuple(proposals)
        now, typed = _by_action(self.former.now), _by_action(self.former.typed)
        proposed = {action.key: action for action in proposals}
        wanted = [key for key in now if key in proposed or key in typed]
        for key in wanted:  # what a kept action waits for is kept too: the list grows as it is gone through
            wanted += [each for each in _waits_for(now[key]) if each in now and each not in wanted]
        numbers = {str(each.number): each.id for each in self.plan.catalogue.indicators}
        mended = [_typed(action, typed.get(action.key, {}), numbers) for action in proposals]
        others = [_typed(Action(key), now[key], numbers) for key in now if key in wanted and key not in proposed]
        return (*mended, *sorted(others, key=lambda action: action.key.startswith(OWN)))

    @property
    def begins(self) -> str:
        """The quarter with which the road map begins, where somebody chose one."""
        return self.former.typed.get(Key(SETTING, "begins", ""), "") if self.former else ""


def _by_action(found: Mapping[Key, str]) -> dict[str, dict[str, str]]:
    """Key of an action -> field -> entry, in the order of the rows."""
    actions: dict[str, dict[str, str]] = {}
    for key, value in found.items():
        if key.kind == ACTION:
            actions.setdefault(key.of, {})[key.field] = value
    return actions


def _waits_for(fields: Mapping[str, str]) -> list[str]:
    return [key for which in range(1, BEFORES + 1) if (key := fields.get(f"after{which}", ""))]


def _typed(action: Action, fields: Mapping[str, str], numbers: Mapping[str, str]) -> Action:
    """The action with these entries in place of its own."""
    changed: dict[str, object] = {name: fields[name] for name in TEXTS if name in fields}
    changed |= {name: _number(fields[name]) for name in NUMBERS if name in fields}
    if "chosen" in fields:
        changed["chosen"] = bool(fields["chosen"])
    if "indicator" in fields:
        changed["indicator"] = numbers.get(fields["indicator"], "")
    if any(name in fields for name in CRITERIA):
        judged = {**action.ratings, **{name: _number(fields[name]) for name in CRITERIA if name in fields}}
        changed["ratings"] = {name: value for name, value in judged.items() if value is not None}
    if any(f"after{which}" in fields for which in range(1, BEFORES + 1)):
        own = dict(enumerate(action.after, 1))
        places = range(1, BEFORES + 1)
        waits = (fields.get(f"after{which}", own.get(which, "")) for which in places)
        changed["after"] = tuple(key for key in waits if key)
    return replace(action, **changed)  # type: ignore[arg-type]


def _number(text: str) -> float | None:
    return float(text) if text else None


# --- settings


@dataclass(frozen=True, slots=True)
class Change:
    """A setting of the plan that the summary has otherwise: `was` and `now` as entries."""

    key: Key
    was: str
    now: str
    place: Place


def changes(former: Former, plan: Plan, written: Mapping[Key, str]) -> tuple[Change, ...]:
    """What was typed over weights, scope, given figures and settings, as far as the plan has it otherwise.

    `written`: the entries of the plan as it stands (`entries.of_plan`).
    """
    typed = {key: value for key, value in former.typed.items() if value != written.get(key, value)}
    return tuple(Change(key, written[key], value, former.places[key]) for key, value in typed.items())


def listed(found: Sequence[Change], catalogue: Catalogue) -> Text:
    """The changes in one line: what, and from what to what."""
    return Text(*("; ".join(said(change, catalogue, lang) for change in found) for lang in LANGUAGES))


def said(change: Change, catalogue: Catalogue, lang: str) -> str:
    """One change as it is told: "D1-02 Weight: 2 → 3"."""
    key, words = change.key, templates.words("summary", "weights", lang)
    if key.kind == SETTING:
        tiers = {tier.id: tier.name.in_(lang) for tier in catalogue.tiers}
        what = tiers[key.field] if key.of == "share" else words[key.of]
        coded = {} if key.of == "share" else templates.words("summary", key.of, lang)
    else:
        angles = templates.words("summary", "angle", lang)
        field = words["given"].format(angle=angles[key.field]) if key.field in angles else words[key.field]
        what = f"{catalogue.names[ROOT].in_(lang) if key.of == ROOT else key.of} {field}"
        coded = words if key.field == "inside" else {}
    was, now = (coded.get(value, value) or "–" for value in (change.was, change.now))
    return f"{what}: {was} → {now}"


def applied(plan: Plan, found: Sequence[Change]) -> Plan:
    """The plan with these changes."""
    weights, dropped, given = dict(plan.weights), set(plan.dropped), {(g.angle, g.node): g for g in plan.given}
    settings: dict[str, object] = {}
    shares = dict(plan.settings.tier_shares)
    own = {each.id: each.weight for each in plan.catalogue.dimensions}
    own |= {each.id: each.weight for each in plan.catalogue.indicators}
    for key, now in ((change.key, change.now) for change in found):
        if key.kind == SETTING and key.of == "share":
            shares[key.field] = float(now)
        elif key.kind == SETTING:
            settings[key.of] = now
        elif key.field == "weight":
            weights[key.of] = float(now)
            if weights[key.of] == own[key.of]:
                del weights[key.of]
        elif key.field == "inside":
            (dropped.add if now == NO else dropped.discard)(key.of)
        elif now:
            plain = Given(key.field, key.of, float(now), "", None, None, "", "")
            at = key.field, key.of
            given[at] = replace(given[at], value=float(now)) if at in given else plain
        else:
            given.pop((key.field, key.of), None)
    chosen = replace(plan.settings, tier_shares=shares, **settings)  # type: ignore[arg-type]
    return replace(plan, settings=chosen, weights=weights, dropped=frozenset(dropped), given=tuple(given.values()))


def unplaced(former: Former, catalogue: Catalogue) -> Iterator[Finding]:
    """Entries of the former summary that nothing in a new one can take."""
    yield from former.findings
    numbers = {str(each.number) for each in catalogue.indicators}
    for key, value in former.typed.items():
        lost = key.kind == ACTION and key.field == "indicator" and value and value not in numbers
        if lost:
            yield Finding("OUT_008", former.places[key], value)
