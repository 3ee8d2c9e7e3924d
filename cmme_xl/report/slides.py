"""The slides that tell the result. One for which there is nothing to show is left out."""

from collections.abc import Sequence

from cmme_xl.catalogue import ROOT
from cmme_xl.report import charts, tables
from cmme_xl.report.brief import DASH, FEWEST_FOR_RADAR, Brief
from cmme_xl.report.cells import Cell, Column
from cmme_xl.report.charts import Series
from cmme_xl.report.stage import HEIGHT, LEFT, ROOM, TOP, Place, Stage
from cmme_xl.results import headlines
from cmme_xl.results import verdict as judging
from cmme_xl.results.diagnosis import Diagnosis
from cmme_xl.scoring import round_half_away

RANKED = 10
LISTED = 5
TALLIED = ("scored", "na", "dk", "blank", "rejected", "missing", "conflict")
DEEP = HEIGHT - TOP - 14
"""Height of a slide's body."""


def footer(brief: Brief) -> str:
    engagement = brief.facts.results.plan.engagement
    return f"{brief.plain(engagement.enterprise)} · {brief.confidential()}"


def cover(stage: Stage, brief: Brief) -> None:
    engagement = brief.facts.results.plan.engagement
    starts = brief.words.fill("report.starts", day=f"{engagement.starts:%Y-%m-%d}")
    lines = [engagement.enterprise, engagement.name, starts, engagement.consultancy]
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
        figures.append((brief.gap(ROOT, angle).rstrip("*"), _to(brief, angle), colour))
    tall = (DEEP - 12) / 4
    for number, (figure, label, colour) in enumerate(figures):
        stage.figure(Place(LEFT, TOP + 3 + number * (tall + 2), 62, tall), figure, label, colour)
    said = judging.verdict(facts)
    kept = [each.text(brief.lang) for each in said if not each.rule.startswith(("level", "to_next"))]
    left, wide = LEFT + 68, ROOM - 68
    stage.block(Place(left, TOP + 2, wide / 2, DEEP), words["report.verdict"], kept, 12)
    hidden = [each.text(brief.lang) for each in judging.tensions(facts)]
    stage.block(Place(left + wide / 2 + 2, TOP + 2, wide / 2 - 2, DEEP), words["report.tensions"], hidden, 12)
    stage.notes(brief.told(said))


def _to(brief: Brief, angle: str) -> str:
    """What the distance to an angle is, and what part of the weight it speaks of."""
    found, words = brief.facts.gap(ROOT, angle), brief.words
    part = found is not None and round_half_away(found.weight_share) < 1
    basis = words.fill("deck.basis", share=brief.share(found.weight_share)) if found and part else ""
    return words.fill("deck.to", angle=brief.inside(angle), basis=basis)


def base(stage: Stage, brief: Brief) -> None:
    """Whose answers it rests on."""
    words, facts = brief.words, brief.facts
    stage.slide(headlines.of_base(facts).text(brief.lang), scope(brief))
    wide, rows = ROOM * 0.58, tables.heard(brief)
    stage.table(Place(LEFT, TOP + 3, wide, 20), tables.heard_columns(brief), rows, 12, 8.5)
    tally = facts.results.returned.tally()
    kinds = [kind for kind in TALLIED if tally[kind]]
    top = TOP + 16 + 8.5 * (len(rows) + 1)
    stage.text(
        Place(LEFT, top, wide, 8),
        [words.fill("deck.tally", expected=f"{tally['expected']:,}")],
        12,
        "brand2",
        bold=True,
    )
    labels, look = [words[f"deck.tally_{kind}"] for kind in kinds], brief.look(11)
    series = Series(words["report.count"], "brand2", tuple(float(tally[kind]) for kind in kinds))
    place = Place(LEFT, top + 7, wide, HEIGHT - 16 - top - 7)
    stage.chart(
        place, lambda shapes, box: charts.bars(shapes, box, look, labels, series, "#,##0"), stage_words(brief, labels)
    )
    rate = brief.share(facts.result(ROOT).response_rate)
    asked = [words["deck.base_1"], words.fill("deck.base_2", rate=rate)]
    asked += [each.text(brief.lang) for each in judging.absent(facts)]
    place = Place(LEFT + ROOM * 0.62, TOP + 3, ROOM * 0.38, DEEP)
    stage.block(place, words["deck.base_note"], asked, 14)


def dimensions(stage: Stage, brief: Brief) -> None:
    """The radar, and every dimension beside what it is compared with."""
    facts = brief.facts
    stage.slide(headlines.of_dimensions(facts).text(brief.lang), scope(brief))
    nodes, labels = [each.id for each in brief.parts], [brief.short(each) for each in brief.parts]
    angles, look = brief.drawn(nodes), brief.look(12)
    if angles:
        many = len(nodes) >= FEWEST_FOR_RADAR
        recipe = charts.radar if many else charts.columns
        series = brief.series(nodes, angles[::-1] if many else angles)
        place = Place(LEFT, TOP + 2, ROOM * 0.48, DEEP - 2)
        stage.chart(place, lambda shapes, box: recipe(shapes, box, look, labels, series), stage_words(brief, labels))
    words = brief.words
    what = words["report.indicator" if len(facts.dimensions) == 1 else "report.dimension"]
    columns = [
        Column(what, 107 - 18.0 * len(facts.others)),
        Column(words["report.score"], 16, True),
    ]
    columns += [Column(words["report.level"], 33), *tables.gap_columns(brief, 18)]
    rows = [_row(brief, each.id, brief.name(each.name)) for each in brief.parts]
    rows.append(_row(brief, ROOT, brief.name(brief.catalogue.name), bold=True))
    stage.table(Place(LEFT + ROOM * 0.5, TOP + 6, ROOM * 0.5, 20), columns, rows, 12, 11)


def _row(brief: Brief, node: str, name: str, *, bold: bool = False) -> list[Cell | str]:
    cells: list[Cell | str] = [Cell(name, bold=bold), tables.score_cell(brief, node)]
    return [*cells, tables.level_cell(brief, node), *(tables.gap_cell(brief, node, a) for a in brief.facts.others)]


def stage_words(brief: Brief, labels: Sequence[str]) -> str:
    """What a chart shows, for who cannot see it."""
    return ", ".join(label.replace("\n", " ") for label in labels)


def findings(stage: Stage, brief: Brief) -> None:
    """Every dimension in one line, with its weak links; of a single one the diagnosis, else in the notes."""
    words, facts = brief.words, brief.facts
    if len(brief.diagnoses) == 1:
        _diagnosis(stage, brief, brief.diagnoses[0][1])
        return
    stage.slide(headlines.of_levels(facts).text(brief.lang), scope(brief))
    columns = [Column("", 7), Column(words["deck.finding"], 130), Column(words["deck.weak"], 150)]
    rows: tables.Rows = [
        [
            Cell(str(dimension.number), "muted"),
            Cell(found.headline.text(brief.lang), bold=True),
            brief.named([facts.catalogue.names[id_] for id_ in found.links]) or DASH,
        ]
        for dimension, found in brief.diagnoses
    ]
    stage.table(Place(LEFT, TOP + 4, ROOM, 20), columns, rows, 12, min(14.5, (DEEP - 8) / (len(rows) + 1)))
    stage.notes("\n\n".join(brief.told(found.sentences) for _, found in brief.diagnoses))


def _diagnosis(stage: Stage, brief: Brief, found: Diagnosis) -> None:
    words = brief.words
    stage.slide(found.headline.text(brief.lang), scope(brief))
    said = [(words[f"subject.{subject}"], brief.told(sentences)) for subject, sentences in found.parts.items()]
    said.append((words["deck.weak"], brief.named([brief.catalogue.names[id_] for id_ in found.links]) or DASH))
    rows: tables.Rows = [[Cell(label, "brand2", "", True), text] for label, text in said]
    stage.table(Place(LEFT, TOP + 4, ROOM, 20), [Column("", 50), Column("", 240)], rows, 13, 20, head=False)


def ends(stage: Stage, brief: Brief) -> None:
    """What is strongest, and what to raise first, with what the catalogue says of it."""
    words, facts = brief.words, brief.facts
    strong, weak = brief.ends(LISTED)
    if not strong:
        return
    stage.slide(headlines.of_ends(facts, strong, weak).text(brief.lang), scope(brief))
    by_id = {each.id: each for each in facts.indicators()}
    half = ROOM / 2 - 4
    for side, (title, listed) in enumerate(((words["report.strong"], strong), (words["report.first"], weak))):
        columns = [Column(title, 38), Column(words["report.score"], 15, True), Column(words["report.seen"], 82)]
        rows: tables.Rows = []
        for id_ in listed:
            band = facts.band(id_) or facts.catalogue.bands[0]
            fill, colour = brief.heat(id_)
            said = brief.name(by_id[id_].diagnosis[band.id])
            rows.append(
                [Cell(brief.name(by_id[id_].name), bold=True), Cell(brief.score(id_), colour, fill, True), said]
            )
        stage.table(Place(LEFT + side * (half + 8), TOP + 4, half, 20), columns, rows, 10.5, 22 if rows else 8)


def heat(stage: Stage, brief: Brief) -> None:
    """All indicators at a glance: a row for each dimension; left out where they stand beside each other already."""
    facts = brief.facts
    if len(facts.dimensions) == 1:
        return
    stage.slide(headlines.of_indicators(facts).text(brief.lang), _levels(brief))
    wide = max(len(facts.indicators(each)) for each in facts.dimensions) if facts.dimensions else 0
    columns = [Column("", 30), *(Column("", 26) for _ in range(wide))]
    rows: tables.Rows = []
    for dimension in facts.dimensions:
        cells: list[Cell | str] = [Cell(brief.name(dimension.short).replace("|", ""), "brand", "", True)]
        for each in facts.indicators(dimension):
            fill, colour = brief.heat(each.id)
            cells.append(Cell(f"{brief.short(each)}\n{brief.score(each.id)}", colour, fill))
        rows.append(cells + [""] * (wide + 1 - len(cells)))
    stage.table(Place(LEFT, TOP + 1, ROOM, 20), columns, rows, 9.5, min(16.0, (DEEP - 4) / (len(rows) + 1)), head=False)


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
    look = brief.look(11)
    place = Place(LEFT, TOP + 2, ROOM * 0.43, DEEP - 2)
    stage.chart(
        place, lambda shapes, box: charts.bars(shapes, box, look, names, series, pattern), stage_words(brief, names)
    )
    columns = [
        Column(words["report.indicator"], 126 - 17.0 * len(facts.others)),
        Column(words["report.score"], 16, True),
    ]
    columns += [*tables.gap_columns(brief, 17), Column(words["report.effort"], 22, True)]
    by_id = {each.id: each for each in facts.indicators()}
    rows: tables.Rows = [
        [
            name,
            tables.score_cell(brief, id_),
            *(tables.gap_cell(brief, id_, a) for a in facts.others),
            f"{by_id[id_].effort}",
        ]
        for id_, name in zip(shown, names, strict=True)
    ]
    tall = min(12.0, (DEEP - 10) / (len(rows) + 1))
    stage.table(Place(LEFT + ROOM * 0.45, TOP + 5, ROOM * 0.55, 20), columns, rows, 11, tall)
