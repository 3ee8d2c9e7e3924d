"""The report's chapter on people: how tiers and customers see it, and what the debrief has to talk about."""

from cmme_xl.report import charts, tables
from cmme_xl.report.brief import Brief
from cmme_xl.report.cells import Cell, Column
from cmme_xl.report.opening import chapter
from cmme_xl.report.paper import WIDTH_MM, Paper
from cmme_xl.results.advice import agenda
from cmme_xl.results.verdict import tensions
from cmme_xl.scoring import round_half_away

SHORT_AGENDA = 5
"""A longer agenda has a page of its own, to be handed out."""


def people(paper: Paper, brief: Brief) -> None:
    """Tiers, customers, agenda."""
    words, facts = brief.words, brief.facts
    chapter(paper, brief, 6, "people")
    paper.callout(brief.told([each for each in tensions(facts) if each.rule.startswith(("tiers", "customers"))]))
    _tiers(paper, brief)
    entries = agenda(facts)
    paper.heading(words["report.agenda"], 2, page=len(entries) > SHORT_AGENDA)
    paper.text(words["report.agenda_text" if entries else "report.agenda_none"])
    paper.numbered([entry.text(brief.lang) for entry in entries])


def _tiers(paper: Paper, brief: Brief) -> None:
    """Every tier at every dimension, customers beside them; nothing where fewer than two tiers may be shown."""
    words, facts = brief.words, brief.facts
    seen, series = brief.tier_series()
    if len(series) < 2 or not seen:
        return
    labels, look, described = [brief.short(each) for each in seen], brief.look(8), words["report.people"]
    paper.chart(WIDTH_MM, 74, described, lambda shapes, box: charts.dots(shapes, box, look, labels, series))
    asked = any(dimension.id in facts.customers for dimension in seen)
    narrow = (WIDTH_MM - 46 - 24) / (len(series) + 2 * asked)
    columns = [Column(words["report.dimension"], 46), *(Column(line.name, narrow, True) for line in series)]
    columns.append(Column(words["report.apart"], 24, True))
    if asked:
        columns += [Column(brief.label("customer"), narrow, True), Column(words["report.theirs"], narrow, True)]
    rows: tables.Rows = []
    for number, dimension in enumerate(seen):
        values = [line.values[number] or 0.0 for line in series]
        apart = round_half_away(values[0]) - round_half_away(values[-1])
        cells: list[Cell | str] = [brief.name(dimension.name), *map(brief.number, values)]
        cells.append(Cell(brief.signed(apart), bold=abs(apart) >= 1))
        if asked:
            found = facts.customers.get(dimension.id)
            theirs = (found.customers if found.matched is None else found.matched) if found else None
            cells += [brief.number(theirs), brief.signed(found.difference if found else None)]
        rows.append(cells)
    paper.table(columns, rows)
    paper.text(words["report.tiers_note"] + (words["report.theirs_note"] if asked else ""), "Note")
