"""The register of evidence: every claim that somebody backed, and those that stand without. For consultants only.

Flags name what an interviewer should ask about; none of them alters a score (scoring.md rule 12).
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import product, zip_longest
from typing import NamedTuple

from cmme_xl.calculation.expression import constant
from cmme_xl.catalogue import ROOT, Dimension
from cmme_xl.findings import Finding, visible
from cmme_xl.returned.column import Column
from cmme_xl.returned.flags import Flags
from cmme_xl.returned.replies import Mark, Reply
from cmme_xl.spreadsheet import Content, Line, Link, measure, page
from cmme_xl.summary.context import DASH, Context
from cmme_xl.summary.furniture import head
from cmme_xl.summary.places import Places
from cmme_xl.templates import template

ROLE = "evidence"
COLUMNS = {
    "number": 40, "status": 112, "id": 76, "indicator": 190, "claim": 104, "person": 120, "who": 186, "proof": 100,
    "evidence": 280, "comment": 164, "file": 166, "place": 92,
}  # fmt: skip
TEXTS = ("indicator", "claim", "person", "who", "evidence", "comment", "file", "place")
"""The columns whose texts may take more lines than one."""
MARGIN_PX = 20
TABLE_ROW = 7
LONGEST = 2000
"""So much of a text stands in one cell; the rest stands in the rows below."""
STATUSES = ("given", "comment", "top", "line")


class Entry(NamedTuple):
    """A claim and what it rests on. `status` is one of STATUSES: evidence given, a comment alone, the top score of the
    scale without evidence (all such answers to a question in one entry), a dimension answered all alike.

    `node`: id of a question, of a dimension for "line"; `claim`: what is claimed, in words; `respondent`: "" where
    `who` names several by their groups; `proof`: how far an interviewer could convince themselves, "" without a record.
    `continued`: it only carries on the texts of the entry before it, which are too long for one row.
    """

    status: str
    node: str
    claim: str
    respondent: str = ""
    who: str = ""
    evidence: str = ""
    comment: str = ""
    file: str = ""
    place: str = ""
    proof: str = ""
    continued: bool = False

    def rows(self) -> "Iterator[Entry]":
        """The entry itself, or the entries that hold its texts piece by piece."""
        pieces = (measure.chunks(text, LONGEST) for text in (self.evidence, self.comment))
        for number, (evidence, comment) in enumerate(zip_longest(*pieces, fillvalue="")):
            yield self._replace(evidence=evidence, comment=comment, continued=number > 0)


@dataclass(frozen=True)
class Register:
    """All entries in the order of the catalogue, those of a dimension as a whole before its questions."""

    context: Context

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        nodes = [node.id for node in self.context.catalogue.nodes]
        order = {of: place for place, of in enumerate(product(nodes, STATUSES))}
        found = [*self._written(), *self._flagged()]
        found.sort(key=lambda entry: order[entry.node, entry.status])
        rows: list[Entry] = []
        for entry in found:
            if max(len(entry.evidence), len(entry.comment)) > LONGEST:
                rows += entry.rows()
            else:
                rows.append(entry)
        return tuple(rows)

    def of(self, dimension: Dimension) -> Sequence[tuple[int, Entry]]:
        """The entries with evidence on a dimension's questions, each with its row."""
        return self._given.get(dimension.id, ())

    @cached_property
    def _given(self) -> dict[str, list[tuple[int, Entry]]]:
        found: dict[str, list[tuple[int, Entry]]] = {}
        dimension_of, questions = self.context.catalogue.dimension_of, self.context.catalogue.questions
        for row, entry in enumerate(self.entries, TABLE_ROW + 1):
            if entry.status == "given" and entry.node in questions and not entry.continued:
                found.setdefault(dimension_of[entry.node].id, []).append((row, entry))
        return found

    def counts(self, node: str = ROOT) -> Mapping[str, int]:
        """How many entries of each status there are at a node and beneath it."""
        return self._counts.get(node, {})

    @cached_property
    def _counts(self) -> dict[str, Counter[str]]:
        catalogue, found = self.context.catalogue, dict[str, Counter[str]]()
        at = Counter((entry.node, entry.status) for entry in self.entries if not entry.continued)
        for (node, status), n in at.items():
            above = catalogue.indicator_of.get(node), catalogue.dimension_of.get(node)
            for each in (ROOT, *(of.id for of in above if of), node):
                found.setdefault(each, Counter())[status] += n
        return found

    def _written(self) -> Iterator[Entry]:
        """One per person and question that carries evidence, its status or a comment."""
        questions, told = self.context.catalogue.questions, defaultdict[str, set[str]](set)
        for reply in self.context.results.returned.answers.replies:
            places: dict[str, int] = {}
            for place in reply.noted:  # such texts stand on the answers of every angle
                places.setdefault(reply.asked[place][0], place)
            seen = told[reply.respondent]
            noted = {of: place for of, place in places.items() if of in questions and of not in seen}
            seen.update(noted)
            yield from self._noted(reply, noted)

    def _noted(self, reply: Reply, places: Mapping[str, int]) -> Iterator[Entry]:
        """A person's entries on these questions; `places`: where in the reply each stands."""
        whose, who = reply.respondent, self.role(reply.respondent)
        claims = Column(tuple(map(self._claim, reply.marks.values)), reply.marks.codes)
        columns = claims, reply.evidence, reply.comments, reply.files, reply.proofs
        found = (map(column.values.__getitem__, map(column.codes.__getitem__, places.values())) for column in columns)
        cells = map(reply.places.__getitem__, places.values())
        for question, claim, evidence, comment, file, proof, cell in zip(places, *found, cells, strict=True):
            status = "given" if evidence or proof else "comment"
            yield Entry(status, question, claim, whose, who, evidence, comment, file, _place(*cell), proof)

    def _flagged(self) -> Iterator[Entry]:
        flags = Flags(self.context.catalogue)
        tops: dict[str, list[str]] = {}
        for reply in self.context.results.returned.answers.replies:
            for place in flags.tops(reply):
                tops.setdefault(reply.asked[place][0], []).append(reply.respondent)
            yield from (self._line(reply, finding) for finding in flags.lines(reply))
        top = self._step(self.context.catalogue.scale_max)
        for question, respondents in tops.items():
            alone = respondents[0] if len(respondents) == 1 else ""
            who = self.role(alone) if alone else self._groups(respondents)
            yield Entry("top", question, top, alone, who)

    def _line(self, reply: Reply, finding: Finding) -> Entry:
        words, values = self.context.words, finding.values
        dimension = next(d for d in self.context.catalogue.dimensions if d.name == values["dimension"])
        claim = words.fill("evidence.line_claim", n=values["count"], score=values["score"])
        place, who = finding.place, self.role(reply.respondent)
        return Entry("line", dimension.id, claim, reply.respondent, who, file=place.file, place=place.sheet)

    def _claim(self, mark: Mark) -> str:
        if mark.score is None:
            return self.context.words[f"outcome.{mark.outcome.value}"]
        return self._step(mark.score)

    def _step(self, score: float) -> str:
        """A score with the name of its step, where it is one."""
        return self._steps.get(score) or f"{score:g}"

    @cached_property
    def _steps(self) -> dict[float, str]:
        steps = self.context.catalogue.steps
        return {step.value: f"{step.value:g} · {step.label.in_(self.context.lang)}" for step in steps}

    def role(self, respondent: str) -> str:
        """Who that is, by tier and position."""
        person = self.context.plan.by_id.get(respondent)
        if person is None:
            return ""
        group = self.context.catalogue.group(person.group).name.in_(self.context.lang)
        return " · ".join(part for part in (group, visible(person.title or person.department)) if part)

    def _groups(self, respondents: Sequence[str]) -> str:
        people = self.context.plan.by_id
        counted = Counter(people[each].group for each in respondents if each in people)
        names = {group.id: group.name.in_(self.context.lang) for group in self.context.catalogue.groups}
        return " · ".join(f"{names[group]} ×{counted[group]}" for group in names if counted[group])


@lru_cache(1_024)
def _place(sheet: str, cell: str) -> str:
    """Where a claim stands; most people are asked in the same cells."""
    return "!".join(part for part in (sheet, cell) if part)


def columns(context: Context) -> dict[str, int]:
    """The columns shown and their widths; how evidence was proven is known only where interviewers kept records."""
    recorded = bool(context.results.returned.records)
    return {key: px for key, px in COLUMNS.items() if key != "proof" or recorded}


def widths(context: Context) -> list[int]:
    """The columns of the sheet in pixels."""
    return [MARGIN_PX, *columns(context).values(), MARGIN_PX]


def draw(context: Context, register: Register, places: Places) -> None:
    """The list, to filter."""
    sheet, words, shown = context.sheets[ROLE], context.words, columns(context)
    counts = {status: register.counts().get(status, 0) for status in STATUSES}
    title = constant(words.fill("evidence.title", n=sum(counts.values()), **counts))
    head(context, ROLE, title, constant(words["evidence.subtitle"]), len(shown), narrow=True)
    sheet.rows(6, (6,))
    heads = [(words[f"evidence.{key}"], "center" if key == "number" else "left") for key in shown]
    page.header_row(sheet, TABLE_ROW, 1, heads, 28)
    rows = _Rows(context, places)
    sheet.lines(TABLE_ROW + 1, [rows.line(number, entry) for number, entry in enumerate(register.entries, 1)])
    row = TABLE_ROW + len(register.entries)
    sheet.filter(TABLE_ROW, 1, row, len(shown))
    sheet.repeat(TABLE_ROW, TABLE_ROW)
    sheet.freeze(TABLE_ROW + 1, 4)
    sheet.print_to(row, len(shown) + 1)


class _Rows:
    """The rows of the list, of which there may be thousands."""

    def __init__(self, context: Context, places: Places) -> None:
        self.context, self.places = context, places
        style, lang, catalogue, shown = context.book.style, context.lang, context.catalogue, columns(context)
        hair = {"bottom": 1, "bottom_color": "hair", "font_size": 9, "valign": "top"}
        wrapped = style(**hair, text_wrap=True)
        small = style(**{**hair, "font_size": 8}, font_color="slate", text_wrap=True)
        grey, linked = style(**hair, font_color="muted", align="center"), style(**hair, font_color="brand2")
        good, flagged = style(**hair, font_color="good"), style(**hair, font_color="alert")
        looks = {"given": good, "comment": style(**hair, font_color="slate"), "top": flagged, "line": flagged}
        fixed = {"number": grey, "id": linked, "file": small, "place": small}
        self.styles = {
            status: tuple(look if key == "status" else fixed.get(key, wrapped) for key in shown)
            for status, look in looks.items()
        }
        self.tall = measure.Rows([(COLUMNS[key], 8 if key in ("file", "place") else 9) for key in TEXTS], padding=6)
        proofs = {"": "", **{key: text[lang] for key, text in template("interview")["record"]["proof"].items()}}
        self.proofs = {key: (text,) if "proof" in shown else () for key, text in proofs.items()}
        self.statuses = {status: context.words[f"evidence.status_{status}"] for status in STATUSES}
        self.names = {question: f"{of.number} {of.name.in_(lang)}" for question, of in catalogue.indicator_of.items()}
        self.names |= {each.id: f"{each.number} {each.name.in_(lang)}" for each in catalogue.dimensions}
        self.links = {node: self._link(node) for node in self.names}
        self.persons = {id_: person.name or DASH for id_, person in context.plan.by_id.items()}
        self.targets = cache(places.file)

    def line(self, number: int, entry: Entry) -> Line:
        """An entry's row, from the first column on."""
        node, claim, respondent, file = entry.node, entry.claim, entry.respondent, entry.file
        if entry.continued:
            claim = self.context.words.fill("evidence.continued", claim=claim)
        person = self.persons.get(respondent) or respondent or DASH
        whose = self.names[node], claim, person, entry.who
        what = entry.evidence, entry.comment, file, entry.place
        about = self._number(number, file), self.statuses[entry.status], self.links[node]
        cells = (*about, *whose, *self.proofs[entry.proof], *what)
        return Line(1, cells, self.styles[entry.status], min(self.tall.height((*whose, *what)), 540))

    def _number(self, number: int, file: str) -> Content:
        """The entry's number, leading to the file that it was read from."""
        target = self.targets(file)
        return Link(str(number), target) if target else number

    def _link(self, node: str) -> Content:
        """The id, leading to the answers behind the claim."""
        target = self.places.answers(node)
        return Link(node, target) if target else node
