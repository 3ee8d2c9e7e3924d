"""The slides that a workshop works through: what to talk about, what to do, what to decide."""

from cmme_xl.report import charts, tables
from cmme_xl.report.brief import DASH, Brief
from cmme_xl.report.cells import Cell, Column
from cmme_xl.report.slides import DEEP, scope, stage_words
from cmme_xl.report.stage import HEIGHT, LEFT, ROOM, TOP, Place, Stage
from cmme_xl.results import advice as advising
from cmme_xl.results import headlines, remarks
from cmme_xl.results import verdict as judging

CLOSE = 8
"""So many recommendations stand on a slide with room between them; the rest of a plan moves closer."""


def tiers(stage: Stage, brief: Brief) -> None:
    """How the tiers see it; left out where fewer than two may be shown."""
    words = brief.words
    seen, series = brief.tier_series()
    if len(series) < 2 or not seen:
        return
    stage.slide(headlines.of_tiers(brief.facts).text(brief.lang), words["deck.tiers_note"])
    labels, look = [brief.short(each) for each in seen], brief.look(11)
    place = Place(LEFT, TOP + 2, ROOM * 0.66, DEEP - 2)
    stage.chart(place, lambda shapes, box: charts.dots(shapes, box, look, labels, series), stage_words(brief, labels))
    asked = [words[f"deck.tiers_{number}"] for number in range(1, 4)]
    stage.block(Place(LEFT + ROOM * 0.69, TOP + 4, ROOM * 0.31, DEEP), words["deck.tiers_ask"], asked, 14)


def agenda(stage: Stage, brief: Brief) -> None:
    """What the debrief has to talk about."""
    entries = advising.agenda(brief.facts)
    if not entries:
        return
    stage.slide(headlines.of_agenda(brief.facts).text(brief.lang), brief.words["report.agenda_text"])
    said = [each.text(brief.lang) for each in entries]
    half = -(-len(said) // 2)
    wide = ROOM / 2 - 4
    stage.bullets(Place(LEFT, TOP + 5, wide, DEEP), said[:half], 13, 9, numbers=True)
    stage.bullets(Place(LEFT + wide + 8, TOP + 5, wide, DEEP), said[half:], 13, 9, numbers=True, start=half + 1)


def expectation(stage: Stage, brief: Brief) -> None:
    """What is expected against what can be carried; left out without a target."""
    words, facts = brief.words, brief.facts
    if "target" not in facts.others:
        return
    stage.slide(headlines.of_expectation(facts).text(brief.lang), scope(brief))
    columns = [Column(words["report.dimension"], 54), Column(words["report.score"], 17, True)]
    columns += [Column(brief.label("target"), 18, True), Column(words["deck.now"], 32), Column(words["deck.then"], 34)]
    columns += [Column(words["deck.apart"], 19, True), Column(words["deck.stage"], 26, True)]
    rows: tables.Rows = []
    for each in facts.dimensions:
        apart, level = remarks.stretch(facts, each.id), facts.level(each.id)
        following = facts.catalogue.levels[level] if level and level < len(facts.catalogue.levels) else None
        stage_goal = f"{following.threshold:.2f}" if following and apart >= 2 else DASH
        aimed = facts.result(each.id, "target").level
        goal = facts.catalogue.levels[aimed - 1] if aimed else None
        aim = words.fill("report.level_of", number=goal.number, name=brief.name(goal.name)) if goal else DASH
        cells: list[Cell | str] = [Cell(brief.name(each.name), bold=True), tables.score_cell(brief, each.id)]
        cells += [brief.score(each.id, "target"), tables.level_cell(brief, each.id), aim]
        rows.append([*cells, Cell(f"{apart}", "alert" if apart >= 2 else "", "", apart >= 2), stage_goal])
    stage.table(Place(LEFT, TOP + 5, ROOM * 0.64, 20), columns, rows, 12, 11.5)
    said = [each.text(brief.lang) for each in judging.tensions(facts) if not each.rule.startswith("tiers")]
    stage.block(Place(LEFT + ROOM * 0.67, TOP + 3, ROOM * 0.33, DEEP), words["deck.expect"], said, 13)


def advice(stage: Stage, brief: Brief, kind: str) -> None:
    """The recommendations of one kind: "tactical" or "strategic"."""
    words, chosen = brief.words, brief.advice
    if not chosen:
        return
    stage.slide(headlines.of_advice(brief.facts, chosen, kind).text(brief.lang), words["report.advice_text"])
    columns = [Column("", 11), Column(words["report.indicator"], 62), Column(words[f"report.{kind}"], 187)]
    columns += [Column(words["report.owner"], 50)]
    rows: tables.Rows = [
        [
            Cell(str(number), "muted"),
            Cell(brief.name(each.indicator.name), bold=True),
            brief.name(each.tactical if kind == "tactical" else each.strategic),
            brief.name(each.indicator.owner),
        ]
        for number, each in enumerate(chosen, 1)
    ]
    points = 12.5 if len(rows) <= CLOSE else 11
    stage.table(Place(LEFT, TOP + 4, ROOM, 20), columns, rows, points, min(15.0, (DEEP - 8) / (len(rows) + 1)))


def plan(stage: Stage, brief: Brief) -> None:
    """The improvements in three waves."""
    words, facts = brief.words, brief.facts
    if not brief.advice:
        return
    stage.slide(headlines.of_plan(facts, brief.advice).text(brief.lang), words["report.plan_text"])
    stage.notes(words["report.plan_note"])
    wide = (ROOM - 12) / advising.WAVES
    for wave in range(1, advising.WAVES + 1):
        left = LEFT + (wave - 1) * (wide + 6)
        stage.panel(Place(left, TOP + 5, wide, DEEP - 36), "panel")
        said = [_action(brief, each) for each in brief.advice if each.wave == wave]
        stage.block(Place(left + 2, TOP + 7, wide - 4, DEEP - 40), words[f"deck.wave_{wave}"], said or [DASH], 14)
    route = advising.path_to_next(facts)
    if route:
        stage.text(Place(LEFT, HEIGHT - 40, ROOM, 20), [route[1].text(brief.lang)], 13, "brand", bold=True)


def _action(brief: Brief, each: advising.Advice) -> str:
    name, owner = brief.name(each.indicator.name), brief.name(each.indicator.owner)
    if each.points is None:
        return brief.words.fill("deck.action_alone", name=name, owner=owner)
    return brief.words.fill("deck.action", name=name, owner=owner, points=brief.points(each.points))


def decisions(stage: Stage, brief: Brief) -> None:
    """What management is asked to decide."""
    words = brief.words
    stage.slide(words["deck.decide"], words["deck.decide_note"])
    columns = [Column("", 8), Column(words["deck.decision"], 130), Column(words["deck.decided"], 90)]
    columns += [Column(words["deck.who"], 40), Column(words["deck.when"], 30)]
    room = Cell("", fill="input")
    rows: tables.Rows = [
        [Cell(str(number), "muted"), Cell(words[f"report.decide_{number}"], bold=True), room, room, room]
        for number in range(1, 5)
    ]
    stage.table(Place(LEFT, TOP + 5, ROOM, 20), columns, rows, 15, 26)
