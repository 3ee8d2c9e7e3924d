"""The report's chapters on what to do: gaps and their worth, recommendations, an action plan to propose."""

from cmme_xl.report import charts, tables
from cmme_xl.report.brief import DASH, Brief
from cmme_xl.report.cells import Cell, Column
from cmme_xl.report.charts import Series
from cmme_xl.report.opening import chapter
from cmme_xl.report.paper import WIDTH_MM, Paper
from cmme_xl.results import headlines
from cmme_xl.results.advice import WAVES, gained, path_to_next

RANKED = 12


def gaps(paper: Paper, brief: Brief) -> None:
    """Where points are to be gained."""
    words, facts = brief.words, brief.facts
    ranked = facts.levers[:RANKED]
    if not ranked:
        chapter(paper, brief, 5, "gaps")
        paper.text(words["report.gaps_none" if facts.results.chosen.importance else "report.gaps_alone"])
        return
    chapter(paper, brief, 5, "gaps", headlines.of_gaps(facts, ranked).text(brief.lang))
    names = {each.id: brief.name(each.name) for each in facts.indicators()}
    setting = words[f"importance.{facts.results.plan.settings.importance}"]
    paper.text(words.fill("report.gaps_text", setting=setting))
    series = Series(words["report.gain"], "current", tuple(facts.points(id_) for id_ in ranked))
    labels, look, height = [names[id_] for id_ in ranked], brief.look(8), 12 + 6.6 * len(ranked)
    described = words["report.gaps"]
    paper.chart(
        WIDTH_MM, height, described, lambda shapes, box: charts.bars(shapes, box, look, labels, series, "0.000")
    )
    columns = [Column(words["report.rank"], 12), Column(words["report.indicator"], 110 - 16.0 * len(facts.others))]
    columns += [Column(words["report.score"], 14, True), Column(words["report.share"], 14, True)]
    columns += [*tables.gap_columns(brief, 16), Column(words["report.gain"], 16, True)]
    rows: tables.Rows = [
        [
            Cell(str(rank), "muted"),
            names[id_],
            tables.score_cell(brief, id_),
            brief.share(facts.result(id_).valued_share),
            *(tables.gap_cell(brief, id_, angle) for angle in facts.others),
            brief.points(facts.points(id_)),
        ]
        for rank, id_ in enumerate(ranked, 1)
    ]
    paper.table(columns, rows)
    paper.text(words["report.gap_note"], "Note")


def recommendations(paper: Paper, brief: Brief) -> None:
    """Tactical and strategic, prerequisites first."""
    words = brief.words
    if not brief.advice:
        chapter(paper, brief, 7, "recommendations")
        paper.text(words["report.advice_none"])
        return
    chapter(
        paper, brief, 7, "recommendations", headlines.of_advice(brief.facts, brief.advice, "tactical").text(brief.lang)
    )
    paper.text(words["report.advice_text"])
    columns = [Column("", 8), Column(words["report.indicator"], 32), Column(words["report.tactical"], 50)]
    columns += [Column(words["report.strategic"], 50), Column(words["report.owner"], 26)]
    rows: tables.Rows = [
        [
            Cell(str(number), "muted"),
            Cell(brief.name(each.indicator.name), bold=True),
            brief.name(each.tactical),
            brief.name(each.strategic),
            brief.name(each.indicator.owner),
        ]
        for number, each in enumerate(brief.advice, 1)
    ]
    paper.table(columns, rows)


def plan(paper: Paper, brief: Brief) -> None:
    """The action plan to propose: what begins when, what it rests on, what it is worth."""
    words, facts = brief.words, brief.facts
    chapter(paper, brief, 8, "plan")
    if not brief.advice:
        paper.text(words["report.advice_none"])
        return
    paper.text(words["report.plan_text"])
    said = [*gained(facts, brief.advice)]
    route = path_to_next(facts)
    if route:
        said.append(route[1])
    if said:
        paper.callout(brief.told(said))
    columns = [Column(words["report.indicator"], 56), Column(words["report.owner"], 40)]
    columns += [Column(words["report.effort"], 20, True), Column(words["report.gain"], 14, True)]
    columns += [Column(words["report.before"], 36)]
    for wave in range(1, WAVES + 1):
        chosen = [each for each in brief.advice if each.wave == wave]
        if not chosen:
            continue
        paper.heading(words[f"report.wave_{wave}"], 3)
        rows: tables.Rows = [
            [
                Cell(brief.name(each.indicator.name), bold=True),
                brief.name(each.indicator.owner),
                f"{each.indicator.effort}",
                brief.points(each.points),
                brief.named(each.before) or DASH,
            ]
            for each in chosen
        ]
        paper.table(columns, rows)
    paper.text(words["report.plan_note"], "Note")
    paper.heading(words["report.decide"], 2)
    paper.numbered([words[f"report.decide_{n}"] for n in range(1, 5)])
