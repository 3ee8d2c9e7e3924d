"""The appendix: every indicator, where given figures come from, and the rules behind the figures."""

from cmme_xl.report import tables
from cmme_xl.report.brief import DASH, Brief
from cmme_xl.report.cells import Cell, Column
from cmme_xl.report.paper import Paper

RULES = ("answer", "gap", "importance", "level", "coverage", "words")


def indicators(paper: Paper, brief: Brief) -> None:
    """All indicators in scope, by dimension."""
    paper.heading(brief.words["report.appendix_indicators"], 1, page=True)
    for dimension in brief.facts.dimensions:
        paper.heading(f"{dimension.number}  {brief.name(dimension.name)}", 3)
        paper.table(*tables.indicators(brief, brief.facts.indicators(dimension)))
    paper.text(f"{brief.words['report.key_note']} {brief.words['report.gap_note']}", "Note")


def sources(paper: Paper, brief: Brief) -> None:
    """The given figures with their sources."""
    words, given = brief.words, brief.facts.results.plan.given
    paper.heading(words["report.appendix_sources"], 1, page=True)
    if not given:
        paper.text(words["report.given_none"])
        return
    names, questions = brief.catalogue.names, brief.catalogue.questions
    columns = [Column(words["report.angle"], 26), Column(words["report.node"], 50)]
    columns += [Column(words["report.score"], 16, True), Column(words["report.source"], 44)]
    columns += [Column(words["report.year"], 15, True), Column(words["report.count"], 15, True)]
    rows: tables.Rows = []
    for each in given:
        name = names[each.node] if each.node in names else questions[each.node].text
        rows.append(
            [
                brief.label(each.angle),
                brief.name(name),
                brief.number(each.value),
                brief.plain(each.source) or DASH,
                str(each.year or DASH),
                str(each.n or DASH),
            ]
        )
    paper.table(columns, rows)


def settings(paper: Paper, brief: Brief) -> None:
    """The settings that the figures were computed under."""
    words, chosen = brief.words, brief.facts.results.plan.settings
    paper.heading(words["report.appendix_settings"], 1)
    rows = [
        (words["report.scope"], brief.scope()),
        (words["report.voice"], words[f"voice.{chosen.voice}"]),
        (words["report.combine"], words[f"combine.{chosen.combine}"]),
        (words["report.form"], words[f"form.{chosen.form}"]),
        (words["report.importance"], words[f"importance.{chosen.importance}"]),
        (words["report.edition"], brief.edition()),
    ]
    paper.table([Column("", 46), Column("", 120)], [[Cell(label, "slate"), value] for label, value in rows])


def rules(paper: Paper, brief: Brief) -> None:
    """How figures and sentences come about, so that each can be checked."""
    paper.heading(brief.words["report.appendix_rules"], 1)
    limits = brief.catalogue.limits
    values = {"limit": brief.share(limits.provisional_below), "max": f"{brief.catalogue.scale_max:g}"}
    for key in RULES:
        paper.labelled(brief.words[f"report.rule_{key}_name"], brief.words.fill(f"report.rule_{key}", **values))
