"""The report's section per dimension: finding, figures, diagnosis, indicators, what to do."""

from collections.abc import Sequence

from cmme_xl.catalogue import Dimension, Indicator
from cmme_xl.report import tables
from cmme_xl.report.brief import Brief
from cmme_xl.report.cells import Cell, Column
from cmme_xl.report.opening import chapter, figure, key_figures
from cmme_xl.report.paper import Paper
from cmme_xl.results.diagnosis import Diagnosis

ASKED = 4
FIGURES_MM, SMALLER_MM = 82, 54
FEW = 4
"""Indicators that a smaller figure shows as well."""


def dimensions(paper: Paper, brief: Brief) -> None:
    """All of them, each on a page of its own."""
    chapter(paper, brief, 4, "dimensions")
    for number, (dimension, found) in enumerate(brief.diagnoses):
        _dimension(paper, brief, dimension, found, first=number == 0)


def _dimension(paper: Paper, brief: Brief, dimension: Dimension, found: Diagnosis, *, first: bool) -> None:
    words, facts, node = brief.words, brief.facts, dimension.id
    paper.heading(f"4.{dimension.number}  {brief.name(dimension.name)}", 2, page=not first)
    paper.text(found.headline.text(brief.lang), "Lead")
    rows = [*key_figures(brief, node), (words["report.rate"], brief.share(facts.result(node).response_rate))]
    rows += [(brief.label(angle), brief.score(node, angle)) for angle in facts.others]
    own = facts.indicators(dimension)
    height = FIGURES_MM if len(own) > FEW else SMALLER_MM
    figure(paper, brief, [(each.id, brief.short(each)) for each in own], rows, height)
    for subject, sentences in found.parts.items():
        paper.labelled(words[f"subject.{subject}"], brief.told(sentences))
    paper.table(*tables.indicators(brief, own))
    if found.links:
        paper.heading(words["report.links"], 3)
        _links(paper, brief, [each for id_ in found.links for each in own if each.id == id_])
    _questions(paper, brief, dimension)


def _links(paper: Paper, brief: Brief, listed: Sequence[Indicator]) -> None:
    """The indicators to be raised first: what is seen, what to do now, what top management is to decide."""
    words = brief.words
    columns = [Column(words["report.indicator"], 31), Column(words["report.seen"], 51)]
    columns += [Column(words["report.tactical"], 42), Column(words["report.strategic"], 42)]
    rows: tables.Rows = []
    for each in listed:
        band = brief.facts.band(each.id)
        if band is not None:
            texts = (each.diagnosis, each.tactical, each.strategic)
            rows.append([Cell(brief.name(each.name), bold=True), *(brief.name(text[band.id]) for text in texts)])
    paper.table(columns, rows)


def _questions(paper: Paper, brief: Brief, dimension: Dimension) -> None:
    """Where to begin: the questions with the lowest scores, what earns the next point, and what would prove it."""
    words, lowest = brief.words, brief.facts.lowest_questions(dimension, ASKED)
    if not lowest:
        return
    paper.heading(words["report.questions"], 3)
    columns = [Column(words["report.question"], 56), Column(words["report.score"], 13, True)]
    columns += [Column(words["report.next"], 54), Column(words["report.proof"], 43)]
    rows: tables.Rows = [
        [
            brief.name(each.text),
            tables.score_cell(brief, each.id),
            brief.name(each.next),
            brief.name(each.evidence),
        ]
        for each in lowest
    ]
    paper.table(columns, rows)
