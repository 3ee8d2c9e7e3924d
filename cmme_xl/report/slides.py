"""The slides of the deck. One for which there is nothing to show is left out."""

from collections.abc import Sequence

from cmme_xl.catalogue import ROOT
from cmme_xl.report import charts
from cmme_xl.report.brief import DASH, FEWEST_FOR_RADAR, Brief
from cmme_xl.report.chapters import LISTED, gap_cell, gap_columns
from cmme_xl.report.charts import Series
from cmme_xl.report.paper import Cell, Column
from cmme_xl.report.stage import HEIGHT, LEFT, ROOM, TOP, Place, Stage
from cmme_xl.results import advice as advising
from cmme_xl.results import headlines, remarks
from cmme_xl.results import verdict as judging

RANKED = 10
ASKED = 8
DEEP = HEIGHT - TOP - 14
"""Height of a slide's body."""


def footer(brief: Brief) -> str:
    engagement = brief.facts.results.plan.engagement
    return f"{brief.plain(engagement.enterprise)} · {brief.confidential()}"


def cover(stage: Stage, brief: Brief) -> None:
    engagement = brief.facts.results.plan.engagement
    lines = [engagement.enterprise, engagement.name, engagement.consultancy]
    mark = f"{brief.edition()} · {brief.confidential()}"
    stage.cover(brief.words["deck.cover"], brief.name(brief.catalogue.subject), list(filter(None, lines)), mark)


def scope(brief: Brief) -> str:
    low, high = f"{brief.catalogue.scale_min:g}", f"{brief.catalogue.scale_max:g}"
    return brief.words.fill("deck.scope", scope=brief.scope(), low=low, high=high, edition=brief.edition())


def verdict(stage: Stage, brief: Brief) -> None:
    """The answer on one page."""
    words, facts = brief.words, brief.facts
    stage.slide(headlines.of_total(facts).text(brief.lang), scope(brief))
    level = facts.level(ROOT)
    name = brief.name(brief.catalogue.levels[level - 1].name) if level else DASH
    figures = [(brief.score(ROOT), words.fill("deck.total", max=f"{brief.catalogue.scale_max:g}"), "brand")]
    figures.append((str(level or DASH), words.fill("deck.level", name=name), "brand"))
    for angle in facts.others[:2]:
        colour = "alert" if brief.far(ROOT, angle) else "brand"
        figures.append((brief.gap(ROOT, angle), words.fill("deck.to", angle=brief.label(angle)), colour))
    tall = (DEEP - 12) / 4
    for number, (figure, label, colour) in enumerate(figures):
        stage.figure(Place(LEFT, TOP + 3 + number * (tall + 2), 62, tall), figure, label, colour)
    said = judging.verdict(facts)
    kept = [each.text(brief.lang) for each in said if not each.rule.startswith(("level", "to_next"))]
    left, wide = LEFT + 68, ROOM - 68
    stage.block(Place(left, TOP + 2, wide / 2, DEEP), words["deck.verdict"], kept, 12)
    hidden = [each.text(brief.lang) for each in judging.tensions(facts)]
    stage.block(Place(left + wide / 2 + 2, TOP + 2, wide / 2 - 2, DEEP), words["deck.behind"], hidden, 12)
    stage.notes(brief.told(said))


def base(stage: Stage, brief: Brief) -> None:
    """Whose answers it rests on."""
    words, facts = brief.words, brief.facts
    stage.slide(headlines.of_base(facts).text(brief.lang), scope(brief))
    columns = [Column(words["report.group"], 32), Column(words["report.speaks"], 80)]
    columns += [Column(words["report.asked"], 28, True), Column(words["report.scored"], 28, True)]
    rows: list[list[Cell | str]] = [
        [
            Cell(brief.name(brief.catalogue.group(id_).name), bold=True),
            words[f"report.speaks_{brief.catalogue.group(id_).angle}"],
            brief.countable(people),
            brief.countable(n),
        ]
        for id_, n, people in brief.heard()
    ]
    stage.table(Place(LEFT, TOP + 5, ROOM * 0.58, 20), columns, rows, 13, 11)
    tally = facts.results.returned.tally()
    rate = brief.share(facts.result(ROOT).response_rate)
    asked = [words["deck.base_1"], words.fill("deck.base_2", rate=rate), words.fill("deck.base_3", **tally)]
    asked += [each.text(brief.lang) for each in judging.absent(facts)]
    place = Place(LEFT + ROOM * 0.62, TOP + 3, ROOM * 0.38, DEEP)
    stage.block(place, words["deck.base_note"], asked, 14)


def dimensions(stage: Stage, brief: Brief) -> None:
    """The radar, and every dimension beside what it is compared with."""
    facts = brief.facts
    stage.slide(headlines.of_dimensions(facts).text(brief.lang), scope(brief))
    nodes, labels = [each.id for each in facts.dimensions], [brief.short(each) for each in facts.dimensions]
    angles, look = brief.drawn(nodes), brief.look(12)
    if angles:
        many = len(nodes) >= FEWEST_FOR_RADAR
        recipe = charts.radar if many else charts.columns
        series = brief.series(nodes, angles[::-1] if many else angles)
        place = Place(LEFT, TOP + 2, ROOM * 0.48, DEEP - 2)
        stage.chart(place, lambda shapes, box: recipe(shapes, box, look, labels, series), stage_words(brief, labels))
    words = brief.words
    columns = [
        Column(words["report.dimension"], 88 - 14.0 * len(facts.others)),
        Column(words["report.score"], 15, True),
    ]
    columns += [Column(words["report.level"], 26), *gap_columns(brief, 14)]
    rows = [_row(brief, each.id, brief.name(each.name)) for each in facts.dimensions]
    rows.append(_row(brief, ROOT, brief.name(brief.catalogue.name), bold=True))
    stage.table(Place(LEFT + ROOM * 0.5, TOP + 6, ROOM * 0.5, 20), columns, rows, 12, 11)


def _row(brief: Brief, node: str, name: str, *, bold: bool = False) -> list[Cell | str]:
    fill, colour = brief.heat(node)
    cells: list[Cell | str] = [Cell(name, bold=bold), Cell(brief.score(node), "brand", "", True)]
    return [*cells, Cell(brief.level(node), colour, fill), *(gap_cell(brief, node, a) for a in brief.facts.others)]


def stage_words(brief: Brief, labels: Sequence[str]) -> str:
    """What a chart shows, for who cannot see it."""
    return ", ".join(label.replace("\n", "") for label in labels)


def findings(stage: Stage, brief: Brief) -> None:
    """Every dimension in one line, with its weak links; the full diagnosis in the notes."""
    words, facts = brief.words, brief.facts
    stage.slide(headlines.of_levels(facts).text(brief.lang), scope(brief))
    columns = [Column("", 7), Column(words["deck.finding"], 130), Column(words["deck.weak"], 150)]
    rows: list[list[Cell | str]] = [
        [
            Cell(str(dimension.number), "muted"),
            Cell(found.headline.text(brief.lang), bold=True),
            brief.named([facts.catalogue.names[id_] for id_ in found.links]) or DASH,
        ]
        for dimension, found in brief.diagnoses
    ]
    stage.table(Place(LEFT, TOP + 4, ROOM, 20), columns, rows, 12, min(14.5, (DEEP - 8) / (len(rows) + 1)))
    stage.notes("\n\n".join(brief.told(found.sentences) for _, found in brief.diagnoses))


def ends(stage: Stage, brief: Brief) -> None:
    """What is strongest, and what to raise first, with what the catalogue says of it."""
    words, facts = brief.words, brief.facts
    strong = [each for each in facts.results.chosen.strengths if facts.score(each) is not None][:LISTED]
    weak = [each.indicator.id for each in brief.advice][:LISTED]
    if not strong:
        return
    stage.slide(headlines.of_ends(facts, strong, weak).text(brief.lang), scope(brief))
    by_id = {each.id: each for each in facts.indicators()}
    half = ROOM / 2 - 4
    for side, (title, listed) in enumerate(((words["report.strong"], strong), (words["report.first"], weak))):
        columns = [Column(title, 38), Column(words["report.score"], 12, True), Column(words["report.seen"], 85)]
        rows: list[list[Cell | str]] = []
        for id_ in listed:
            band = facts.band(id_) or facts.catalogue.bands[0]
            fill, colour = brief.heat(id_)
            said = brief.name(by_id[id_].diagnosis[band.id])
            rows.append(
                [Cell(brief.name(by_id[id_].name), bold=True), Cell(brief.score(id_), colour, fill, True), said]
            )
        stage.table(Place(LEFT + side * (half + 8), TOP + 4, half, 20), columns, rows, 10.5, 22 if rows else 8)


def heat(stage: Stage, brief: Brief) -> None:
    """All indicators at a glance: a row for each dimension."""
    facts = brief.facts
    stage.slide(headlines.of_indicators(facts).text(brief.lang), _levels(brief))
    wide = max(len(facts.indicators(each)) for each in facts.dimensions) if facts.dimensions else 0
    columns = [Column("", 30), *(Column("", 26) for _ in range(wide))]
    rows: list[list[Cell | str]] = []
    for dimension in facts.dimensions:
        cells: list[Cell | str] = [Cell(brief.name(dimension.short).replace("|", ""), "brand", "", True)]
        for each in facts.indicators(dimension):
            fill, colour = brief.heat(each.id)
            label = brief.name(each.short).replace("|", "" if brief.lang == "zh" else " ")
            cells.append(Cell(f"{label} {brief.score(each.id)}", colour, fill))
        rows.append(cells + [""] * (wide + 1 - len(cells)))
    stage.table(Place(LEFT, TOP + 1, ROOM, 20), columns, rows, 9.5, (DEEP - 4) / (len(rows) + 1), head=False)


def _levels(brief: Brief) -> str:
    joined = " · ".join(
        f"{each.number} {brief.name(each.name)} ≥ {each.threshold:.2f}" for each in brief.catalogue.levels
    )
    return brief.words.fill("deck.heat_note", levels=joined)


def gaps(stage: Stage, brief: Brief) -> None:
    """Where points are to be gained; without gaps, where the scores are lowest."""
    words, facts = brief.words, brief.facts
    shown = facts.levers[:RANKED]
    if shown:
        stage.slide(headlines.of_gaps(facts, shown).text(brief.lang), words["deck.gaps_note"])
        series = Series(words["report.gain"], "current", tuple(facts.points(id_) for id_ in shown))
        pattern = "0.000"
    else:
        shown = tuple(each.indicator.id for each in brief.advice)[:RANKED]
        stage.slide(headlines.of_gaps(facts, ()).text(brief.lang), words["deck.lowest_note"] if shown else "")
        series = Series(words["report.score"], "current", tuple(facts.score(id_) for id_ in shown))
        pattern = "0.00"
    if not shown:
        return
    names = [brief.name(facts.catalogue.names[id_]) for id_ in shown]
    look = brief.look(12)
    place = Place(LEFT, TOP + 2, ROOM * 0.48, DEEP - 2)
    stage.chart(
        place, lambda shapes, box: charts.bars(shapes, box, look, names, series, pattern), stage_words(brief, names)
    )
    columns = [
        Column(words["report.indicator"], 70 - 14.0 * len(facts.others)),
        Column(words["report.score"], 14, True),
    ]
    columns += [*gap_columns(brief, 13), Column(words["report.effort"], 15, True)]
    by_id = {each.id: each for each in facts.indicators()}
    rows: list[list[Cell | str]] = [
        [
            name,
            Cell(brief.score(id_), "brand", "", True),
            *(gap_cell(brief, id_, a) for a in facts.others),
            f"{by_id[id_].effort}",
        ]
        for id_, name in zip(shown, names, strict=True)
    ]
    stage.table(Place(LEFT + ROOM * 0.5, TOP + 5, ROOM * 0.5, 20), columns, rows, 10.5, (DEEP - 10) / (len(rows) + 1))


def tiers(stage: Stage, brief: Brief) -> None:
    """How the tiers see it; left out where fewer than two may be shown."""
    words = brief.words
    seen, series = brief.tier_series()
    if len(series) < 2 or not seen:
        return
    stage.slide(headlines.of_tiers(brief.facts).text(brief.lang), words["deck.tiers_note"])
    labels, look = [brief.short(each) for each in seen], brief.look(12)
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
    columns = [Column(words["report.dimension"], 60), Column(words["report.score"], 16, True)]
    columns += [Column(brief.label("target"), 16, True), Column(words["deck.now"], 32), Column(words["deck.then"], 32)]
    columns += [Column(words["deck.apart"], 16, True), Column(words["deck.stage"], 22, True)]
    rows: list[list[Cell | str]] = []
    for each in facts.dimensions:
        apart, level = remarks.stretch(facts, each.id), facts.level(each.id)
        following = facts.catalogue.levels[level] if level and level < len(facts.catalogue.levels) else None
        stage_goal = f"{following.threshold:.2f}" if following and apart >= 2 else DASH
        aimed = facts.result(each.id, "target").level
        goal = facts.catalogue.levels[aimed - 1] if aimed else None
        aim = words.fill("report.level_of", number=goal.number, name=brief.name(goal.name)) if goal else DASH
        fill, colour = brief.heat(each.id)
        cells: list[Cell | str] = [
            Cell(brief.name(each.name), bold=True),
            Cell(brief.score(each.id), "brand", "", True),
        ]
        cells += [brief.score(each.id, "target"), Cell(brief.level(each.id), colour, fill), aim]
        rows.append([*cells, Cell(f"{apart}", "alert" if apart >= 2 else "", "", apart >= 2), stage_goal])
    stage.table(Place(LEFT, TOP + 5, ROOM * 0.64, 20), columns, rows, 12, 11.5)
    said = [each.text(brief.lang) for each in judging.tensions(facts) if not each.rule.startswith("tiers")]
    stage.block(Place(LEFT + ROOM * 0.67, TOP + 3, ROOM * 0.33, DEEP), words["deck.expect"], said, 13)


def advice(stage: Stage, brief: Brief, kind: str) -> None:
    """The recommendations of one kind: "tactical" or "strategic"."""
    words, chosen = brief.words, brief.advice[:ASKED]
    if not chosen:
        return
    stage.slide(headlines.of_advice(brief.facts, chosen, kind).text(brief.lang), words["report.advice_text"])
    columns = [Column("", 8), Column(words["report.indicator"], 62), Column(words[f"report.{kind}"], 190)]
    columns += [Column(words["report.owner"], 50)]
    rows: list[list[Cell | str]] = [
        [
            Cell(str(number), "muted"),
            Cell(brief.name(each.indicator.name), bold=True),
            brief.name(each.tactical if kind == "tactical" else each.strategic),
            brief.name(each.indicator.owner),
        ]
        for number, each in enumerate(chosen, 1)
    ]
    stage.table(Place(LEFT, TOP + 4, ROOM, 20), columns, rows, 12.5, min(15.0, (DEEP - 8) / (len(rows) + 1)))


def plan(stage: Stage, brief: Brief) -> None:
    """The improvements in three waves."""
    words, facts = brief.words, brief.facts
    if not brief.advice:
        return
    stage.slide(headlines.of_plan(facts, brief.advice).text(brief.lang), words["report.plan_text"])
    wide = (ROOM - 12) / advising.WAVES
    for wave in range(1, advising.WAVES + 1):
        left = LEFT + (wave - 1) * (wide + 6)
        stage.panel(Place(left, TOP + 5, wide, DEEP - 36), "panel")
        said = [_action(brief, each) for each in brief.advice if each.wave == wave]
        stage.block(Place(left + 2, TOP + 7, wide - 4, DEEP - 40), words[f"deck.wave_{wave}"], said or [DASH], 13)
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
    stage.slide(words["deck.decide"], words["report.plan_note"])
    said = [words[f"report.decide_{number}"] for number in range(1, 5)]
    stage.bullets(Place(LEFT, TOP + 12, ROOM * 0.9, DEEP), said, 20, 20, numbers=True)
