"""What to ask about at a question, indicator or dimension, in a few words (scoring.md rules 6, 10 and 12)."""

from collections import Counter

from cmme_xl.returned.flags import Flags
from cmme_xl.scorecard.context import Context

WIDE = 0.6
"""Answers this far apart, as a share of the scale, are far apart."""


def flags(context: Context) -> dict[str, str]:
    """Node -> its flags; nodes without any are left out. They never change a score."""
    tops, lines = _from_answers(context)
    catalogue, words = context.catalogue, context.words
    results = context.angle("current", context.scope).nodes
    reach = WIDE * (catalogue.scale_max - catalogue.scale_min)
    found = {}
    for node in (each.id for each in catalogue.nodes):
        said = []
        if node in context.results.agenda:
            said.append(words["flags.agenda"])
        known = context.results.agreement.get(node)
        if known is not None and known.spread is not None and known.spread >= reach:
            said.append(words.fill("flags.wide", spread=f"{known.spread:.1f}"))
        tally = results[node]
        if node in catalogue.questions and 0 < tally.asked <= tally.na / catalogue.limits.applicability_na_share:
            said.append(words.fill("flags.na", na=tally.na, asked=tally.asked))
        if tops[node]:
            said.append(words.fill("flags.top", n=tops[node]))
        if node in lines:
            said.append(words.fill("flags.line", names=words["flags.and"].join(lines[node])))
        if said:
            found[node] = " · ".join(said)
    return found


def _from_answers(context: Context) -> tuple[Counter[str], dict[str, list[str]]]:
    """How many top scores without evidence a question has; who answered a whole dimension alike."""
    flagged, people = Flags(context.catalogue), context.plan.by_id
    inside = {tier.id for tier in context.catalogue.tiers}
    tops: Counter[str] = Counter()
    lines: dict[str, list[str]] = {}
    for reply in context.results.returned.answers.replies:
        person = people.get(reply.respondent)
        if person is None or person.group not in inside:
            continue
        for finding in flagged.of(reply):
            if finding.code == "ANS_024":
                tops[finding.place.question] += 1
            elif finding.code == "ANS_023":
                named = finding.values["dimension"]
                dimension = next(each.id for each in context.catalogue.dimensions if each.name == named)
                lines.setdefault(dimension, []).append(person.name or person.id)
    return tops, lines
