"""The chapters of the report, each on its own page."""

from collections.abc import Sequence

from cmme_xl.catalogue import ROOT, Dimension, Indicator
from cmme_xl.report import charts
from cmme_xl.report.brief import DASH, FEWEST_FOR_RADAR, Brief
from cmme_xl.report.charts import Series
from cmme_xl.report.paper import WIDTH_MM, Cell, Column, Paper
from cmme_xl.results.advice import WAVES, agenda, gained, path_to_next
from cmme_xl.results.diagnosis import Diagnosis
from cmme_xl.results.verdict import tensions, verdict
from cmme_xl.scoring import round_half_away

LISTED = 5
ENDS = 3
RANKED = 12
ASKED = 4


def chapter(paper: Paper, brief: Brief, number: int, key: str) -> None:
    """A chapter's heading on a new page, and what the chapter is about."""
    paper.heading(f"{number}  {brief.words[f'report.{key}']}", 1, page=True)


def cover(paper: Paper, brief: Brief) -> None:
    words, plan = brief.words, brief.facts.results.plan
    engagement = plan.engagement
    lines = [brief.plain(engagement.enterprise), brief.plain(engagement.name)]
    lines += [brief.plain(text) for text in (engagement.industry, engagement.size) if text]
    lines.append(words.fill("report.starts", day=f"{engagement.starts:%Y-%m-%d}"))
    if engagement.consultancy:
        lines.append(words.fill("report.by", consultancy=brief.plain(engagement.consultancy)))
    subject = brief.name(brief.catalogue.subject)
    paper.cover(words["report.cover"], subject, lines, f"{brief.edition()} · {brief.confidential()}")


def summary(paper: Paper, brief: Brief) -> None:
    """The verdict, the key figures, what is strong and weak, what to do."""
    words, facts = brief.words, brief.facts
    chapter(paper, brief, 1, "summary")
    paper.callout(brief.told(verdict(facts)))
    nodes = [each.id for each in facts.dimensions]
    rows = [
        (words["report.score"], brief.score(ROOT)),
        (words["report.level"], brief.level(ROOT)),
        (words["report.range"], brief.range(ROOT)),
        (words["report.coverage"], brief.share(facts.result(ROOT).coverage)),
        (words["report.rate"], brief.share(facts.result(ROOT).response_rate)),
    ]
    rows += [
        (words.fill("report.to", angle=brief.short_label(angle)), brief.gap(ROOT, angle)) for angle in facts.others
    ]
    figure(paper, brief, [(each.id, brief.short(each)) for each in facts.dimensions], rows, 62)
    said = tensions(facts)
    if said:
        paper.heading(words["report.tensions"], 3)
        paper.bullets([each.text(brief.lang) for each in said])
    strong = [each for each in facts.results.chosen.strengths if facts.score(each) is not None][:ENDS]
    weak = [each.indicator.id for each in brief.advice][:ENDS]
    if strong and len(nodes):
        paper.heading(words["report.both"], 3)
        half = WIDTH_MM / 2
        name = {each.id: brief.name(each.name) for each in facts.indicators()}
        columns = [Column(words["report.strong"], half - 16), Column("", 16, True)]
        columns += [Column(words["report.first"], half - 16), Column("", 16, True)]
        rows_of = []
        for at in range(max(len(strong), len(weak))):
            left, right = strong[at : at + 1], weak[at : at + 1]
            cells: list[Cell | str] = []
            for side in (left, right):
                cells += [Cell(name[side[0]]), Cell(brief.score(side[0]), bold=True)] if side else ["", ""]
            rows_of.append(cells)
        paper.table(columns, rows_of)


def figure(
    paper: Paper, brief: Brief, nodes: Sequence[tuple[str, str]], rows: Sequence[tuple[str, str]], height: float
) -> None:
    """A radar of the nodes, columns where they are too few for one, beside key figures."""
    ids, labels = [node for node, _ in nodes], [label for _, label in nodes]
    angles = brief.drawn(ids)
    described = f"{' / '.join(map(brief.label, angles))}: " + ", ".join(label.replace("\n", "") for label in labels)
    if not angles:
        paper.text(brief.words["report.nothing_drawn"], "Note")
        return
    look = brief.look(8)
    many = len(ids) >= FEWEST_FOR_RADAR
    recipe, series = (
        (charts.radar, brief.series(ids, angles[::-1])) if many else (charts.columns, brief.series(ids, angles))
    )
    paper.chart_beside(104, height, described, lambda shapes, box: recipe(shapes, box, look, labels, series), rows)


def method(paper: Paper, brief: Brief) -> None:
    """How it was done, what the figures rest on, and what they do not say."""
    words, facts, catalogue = brief.words, brief.facts, brief.catalogue
    returned = facts.results.returned
    chapter(paper, brief, 2, "method")
    low, high = f"{catalogue.scale_min:g}", f"{catalogue.scale_max:g}"
    counts = {"dimensions": len(facts.dimensions), "indicators": len(facts.indicators())}
    asked = sum(facts.result(id_).in_scope and facts.result(id_).asked > 0 for id_ in catalogue.questions)
    values = {"subject": brief.name(catalogue.subject), "version": catalogue.version, "low": low, "high": high}
    paper.text(words.fill("report.method_text", questions=asked, **counts, **values))
    if returned.records:
        paper.text(words["report.method_sessions"])
    paper.text(words.fill("report.method_scores", na=brief.name(catalogue.na), dk=brief.name(catalogue.dk)))
    paper.heading(words["report.base"], 2)
    tally = returned.tally()
    accepted = sum(file.status.counted for file in returned.files)
    ledger = {"files": len(returned.files), "accepted": accepted, **tally}
    paper.text(words.fill("report.base_text", **ledger))
    rows: list[list[Cell | str]] = [
        [brief.name(catalogue.group(id_).name), words[f"report.speaks_{catalogue.group(id_).angle}"], *counted]
        for id_, n, people in brief.heard()
        for counted in [(brief.countable(people), brief.countable(n))]
    ]
    columns = [Column(words["report.group"], 46), Column(words["report.speaks"], 60)]
    columns += [Column(words["report.asked"], 30, True), Column(words["report.scored"], 30, True)]
    paper.table(columns, rows)
    paper.heading(words["report.levels"], 2)
    paper.text(words["report.levels_text"])
    levels: list[list[Cell | str]] = [
        [
            Cell(f"{level.number}"),
            Cell(brief.name(level.name), bold=True),
            f"≥ {level.threshold:.2f}",
            brief.name(level.meaning),
        ]
        for level in catalogue.levels
    ]
    titles = ("level", "name", "threshold", "meaning")
    widths = (20, 40, 30, 76)
    paper.table([Column(words[f"report.{t}"], mm) for t, mm in zip(titles, widths, strict=True)], levels)
    paper.heading(words["report.limits"], 2)
    limits = ["limit_range", "limit_people"]
    limits += ["limit_withheld"] if brief.client else ["limit_consultant"]
    least = catalogue.limits.tier_shown_min
    paper.bullets([words.fill(f"report.{key}", least=least) for key in limits])


def total(paper: Paper, brief: Brief) -> None:
    """The total in both scopes, and every dimension beside what it is compared with."""
    words, facts = brief.words, brief.facts
    chapter(paper, brief, 3, "total")
    both = [(scope, facts.results.scopes[scope].angles["current"].nodes[ROOT]) for scope in ("standard", "key")]
    said = {scope: brief.number(result.score) for scope, result in both}
    paper.text(words.fill("report.total_text", scope=brief.scope(), **said))
    nodes = [each.id for each in facts.dimensions]
    angles = brief.drawn(nodes)
    if angles:
        labels = [brief.short(each) for each in facts.dimensions]
        series, look = brief.series(nodes, angles), brief.look(8)
        described = words["report.total"]
        paper.chart(WIDTH_MM, 72, described, lambda shapes, box: charts.columns(shapes, box, look, labels, series))
    columns = [Column("", 8), Column(words["report.dimension"], 86 - 16.0 * len(facts.others))]
    columns += [Column(words["report.share"], 13, True), Column(words["report.score"], 13, True)]
    columns += [Column(words["report.level"], 24), Column(words["report.range"], 22, True)]
    columns += gap_columns(brief, 16)
    rows = [_row(brief, str(each.number), brief.name(each.name), each.id) for each in facts.dimensions]
    rows.append(_row(brief, "", brief.name(brief.catalogue.name), ROOT, bold=True))
    paper.table(columns, rows)
    paper.text(words["report.gap_note"], "Note")


def _row(brief: Brief, number: str, name: str, node: str, *, bold: bool = False) -> list[Cell | str]:
    fill, colour = brief.heat(node)
    cells: list[Cell | str] = [Cell(number, "muted"), Cell(name, bold=bold)]
    cells += [brief.share(brief.facts.result(node).valued_share) if node != ROOT else "100%"]
    cells += [Cell(brief.score(node), "brand", "", True), Cell(brief.level(node), colour, fill), brief.range(node)]
    return cells + [gap_cell(brief, node, angle) for angle in brief.facts.others]


def gap_columns(brief: Brief, mm: float) -> list[Column]:
    return [Column(brief.words.fill("report.to", angle=brief.short_label(a)), mm, True) for a in brief.facts.others]


def gap_cell(brief: Brief, node: str, angle: str) -> Cell:
    """A gap; a whole step behind, or more, in the colour of alarm."""
    return Cell(brief.gap(node, angle), "alert" if brief.far(node, angle) else "", "", brief.far(node, angle))


def dimensions(paper: Paper, brief: Brief) -> None:
    """One section per dimension: finding, figures, diagnosis, indicators, what to do."""
    chapter(paper, brief, 4, "dimensions")
    for number, (dimension, found) in enumerate(brief.diagnoses):
        _dimension(paper, brief, dimension, found, first=number == 0)


def _dimension(paper: Paper, brief: Brief, dimension: Dimension, found: Diagnosis, *, first: bool) -> None:
    words, facts, node = brief.words, brief.facts, dimension.id
    paper.heading(f"4.{dimension.number}  {brief.name(dimension.name)}", 2, page=not first)
    paper.text(found.headline.text(brief.lang), "Lead")
    rows = [
        (words["report.score"], brief.score(node)),
        (words["report.level"], brief.level(node)),
        (words["report.share"], brief.share(facts.result(node).valued_share)),
        (words["report.range"], brief.range(node)),
        (words["report.rate"], brief.share(facts.result(node).response_rate)),
    ]
    rows += [(brief.label(angle), brief.score(node, angle)) for angle in facts.others]
    own = facts.indicators(dimension)
    figure(paper, brief, [(each.id, brief.short(each)) for each in own], rows, 80)
    for subject, sentences in found.parts.items():
        paper.labelled(words[f"subject.{subject}"], brief.told(sentences))
    indicator_table(paper, brief, own)
    if found.links:
        paper.heading(words["report.links"], 3)
        _links(paper, brief, [each for id_ in found.links for each in own if each.id == id_])
    _questions(paper, brief, dimension)


def indicator_table(paper: Paper, brief: Brief, listed: Sequence[Indicator]) -> None:
    """Indicators with their figures."""
    words, others = brief.words, brief.facts.others
    gaps_mm = 15.0 * len(others)
    columns = [Column("", 8), Column(words["report.indicator"], 95 - gaps_mm), Column(words["report.score"], 13, True)]
    columns += [Column(words["report.level"], 22), Column(words["report.coverage"], 12, True)]
    columns += [*gap_columns(brief, 15), Column(words["report.gain"], 16, True)]
    rows = []
    for each in listed:
        fill, colour = brief.heat(each.id)
        name = brief.name(each.name) + (" ★" if each.key else "")
        cells: list[Cell | str] = [Cell(str(each.number), "muted"), name, Cell(brief.score(each.id), "brand", "", True)]
        cells += [Cell(brief.level(each.id), colour, fill), brief.share(brief.facts.result(each.id).coverage)]
        cells += [gap_cell(brief, each.id, angle) for angle in others]
        rows.append([*cells, brief.points(brief.facts.points(each.id))])
    paper.table(columns, rows)


def _links(paper: Paper, brief: Brief, listed: Sequence[Indicator]) -> None:
    """Weak links: what is seen, what to do now, what top management is to decide."""
    words = brief.words
    columns = [Column(words["report.indicator"], 28), Column(words["report.seen"], 50)]
    columns += [Column(words["report.tactical"], 44), Column(words["report.strategic"], 44)]
    rows: list[list[Cell | str]] = []
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
    rows: list[list[Cell | str]] = [
        [
            brief.name(each.text),
            Cell(brief.score(each.id), "brand", "", True),
            brief.name(each.next),
            brief.name(each.evidence),
        ]
        for each in lowest
    ]
    paper.table(columns, rows)


def gaps(paper: Paper, brief: Brief) -> None:
    """Where points are to be gained."""
    words, facts = brief.words, brief.facts
    chapter(paper, brief, 5, "gaps")
    names = {each.id: brief.name(each.name) for each in facts.indicators()}
    ranked = facts.levers[:RANKED]
    if not ranked:
        paper.text(words["report.gaps_none" if facts.results.chosen.importance else "report.gaps_alone"])
        return
    setting = words[f"importance.{facts.results.plan.settings.importance}"]
    paper.text(words.fill("report.gaps_text", setting=setting))
    series = Series(words["report.gain"], "current", tuple(facts.points(id_) for id_ in ranked))
    labels, look, height = [names[id_] for id_ in ranked], brief.look(8), 12 + 6.6 * len(ranked)
    described = words["report.gaps"]
    paper.chart(
        WIDTH_MM, height, described, lambda shapes, box: charts.bars(shapes, box, look, labels, series, "0.000")
    )
    columns = [Column(words["report.rank"], 12), Column(words["report.indicator"], 96 - 17.0 * len(facts.others))]
    columns += [Column(words["report.score"], 18, True), Column(words["report.share"], 20, True)]
    columns += [*gap_columns(brief, 17), Column(words["report.gain"], 20, True)]
    rows: list[list[Cell | str]] = [
        [
            str(rank),
            names[id_],
            Cell(brief.score(id_), bold=True),
            brief.share(facts.result(id_).valued_share),
            *(gap_cell(brief, id_, angle) for angle in facts.others),
            brief.points(facts.points(id_)),
        ]
        for rank, id_ in enumerate(ranked, 1)
    ]
    paper.table(columns, rows)
    paper.text(words["report.gap_note"], "Note")


def people(paper: Paper, brief: Brief) -> None:
    """How the tiers see it, and what the debrief has to talk about."""
    words, facts = brief.words, brief.facts
    chapter(paper, brief, 6, "people")
    paper.callout(brief.told([each for each in tensions(facts) if each.rule.startswith(("tiers", "customers"))]))
    seen, series = brief.tier_series()
    if len(series) > 1 and seen:
        labels = [brief.short(each) for each in seen]
        described, look = words["report.people"], brief.look(8)
        paper.chart(WIDTH_MM, 54, described, lambda shapes, box: charts.dots(shapes, box, look, labels, series))
        columns = [Column(words["report.dimension"], 50)]
        each_mm = (WIDTH_MM - 50 - 30) / len(series)
        columns += [*(Column(line.name, each_mm, True) for line in series), Column(words["report.apart"], 30, True)]
        rows = []
        for number, dimension in enumerate(seen):
            values = [line.values[number] or 0.0 for line in series]
            apart = round_half_away(values[0]) - round_half_away(values[-1])
            cells: list[Cell | str] = [brief.name(dimension.name), *map(brief.number, values)]
            rows.append([*cells, Cell(brief.number(apart).replace("-", "−"), bold=abs(apart) >= 1)])
        paper.table(columns, rows)
        paper.text(words["report.tiers_note"], "Note")
    entries = agenda(facts)
    paper.heading(words["report.agenda"], 2)
    paper.text(words["report.agenda_text" if entries else "report.agenda_none"])
    paper.numbered([entry.text(brief.lang) for entry in entries])


def recommendations(paper: Paper, brief: Brief) -> None:
    """Tactical and strategic, prerequisites first."""
    words = brief.words
    chapter(paper, brief, 7, "recommendations")
    if not brief.advice:
        paper.text(words["report.advice_none"])
        return
    paper.text(words["report.advice_text"])
    columns = [Column("", 8), Column(words["report.indicator"], 32), Column(words["report.tactical"], 53)]
    columns += [Column(words["report.strategic"], 53), Column(words["report.owner"], 20)]
    rows: list[list[Cell | str]] = [
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
    columns = [Column(words["report.indicator"], 44), Column(words["report.owner"], 28)]
    columns += [Column(words["report.effort"], 16, True), Column(words["report.gain"], 18, True)]
    columns += [Column(words["report.before"], 60)]
    for wave in range(1, WAVES + 1):
        chosen = [each for each in brief.advice if each.wave == wave]
        if not chosen:
            continue
        paper.heading(words[f"report.wave_{wave}"], 2)
        rows: list[list[Cell | str]] = [
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
