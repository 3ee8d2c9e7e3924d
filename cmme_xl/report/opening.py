"""What the report opens with: cover, management summary, method, the result in total."""

from collections.abc import Sequence

from cmme_xl.catalogue import ROOT
from cmme_xl.report import charts, tables
from cmme_xl.report.brief import FEWEST_FOR_RADAR, Brief
from cmme_xl.report.cells import Cell, Column
from cmme_xl.report.paper import WIDTH_MM, Paper
from cmme_xl.results import headlines, remarks
from cmme_xl.results.verdict import tensions, verdict

ENDS = 3
FIGURES_MM = 62


def chapter(paper: Paper, brief: Brief, number: int, key: str, lead: str = "") -> None:
    """A chapter's heading on a new page, and its finding."""
    paper.heading(f"{number}  {brief.words[f'report.{key}']}", 1, page=True)
    if lead:
        paper.text(lead, "Lead")


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
    standing = list(remarks.standing(facts, ROOT))
    paper.callout(brief.told(standing))
    rows = key_figures(brief, ROOT)
    rows += [(words.fill("report.gap_to", angle=brief.inside(angle)), brief.gap(ROOT, angle)) for angle in facts.others]
    figure(paper, brief, [(each.id, brief.short(each)) for each in brief.parts], rows, FIGURES_MM)
    paper.heading(words["report.verdict"], 3)
    paper.bullets([each.text(brief.lang) for each in verdict(facts)[len(standing) :]])
    said = tensions(facts)
    if said:
        paper.heading(words["report.tensions"], 3)
        paper.bullets([each.text(brief.lang) for each in said])
    _ends(paper, brief)


def _ends(paper: Paper, brief: Brief) -> None:
    """What is strongest beside what to raise first."""
    words, facts = brief.words, brief.facts
    strong, weak = brief.ends(ENDS)
    if not strong:
        return
    half = WIDTH_MM / 2
    columns = [Column(words["report.strong"], half - 16), Column(words["report.score"], 16, True)]
    columns += [Column(words["report.first"], half - 16), Column(words["report.score"], 16, True)]
    name = {each.id: brief.name(each.name) for each in facts.indicators()}
    rows: tables.Rows = []
    for at in range(max(len(strong), len(weak))):
        cells: list[Cell | str] = []
        for side in (strong[at : at + 1], weak[at : at + 1]):
            cells += [name[side[0]], tables.score_cell(brief, side[0])] if side else ["", ""]
        rows.append(cells)
    paper.table(columns, rows)


def key_figures(brief: Brief, node: str) -> list[tuple[str, str]]:
    """Score and level of a node and what they rest on."""
    words, result = brief.words, brief.facts.result(node)
    rows = [(words["report.score"], brief.score(node)), (words["report.level"], brief.level(node))]
    rows += [(words["report.range"], brief.range(node))] if brief.open(node) else []
    if node != ROOT:
        return [*rows, (words["report.share_of"], brief.share(result.valued_share))]
    return [*rows, (words["report.coverage"], brief.share(result.coverage))]


def figure(
    paper: Paper, brief: Brief, nodes: Sequence[tuple[str, str]], rows: Sequence[tuple[str, str]], height: float
) -> None:
    """A radar of the nodes, columns where they are too few for one, beside key figures."""
    ids, labels = [node for node, _ in nodes], [label for _, label in nodes]
    angles = brief.drawn(ids)
    described = f"{' / '.join(map(brief.label, angles))}: " + ", ".join(label.replace("\n", " ") for label in labels)
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
    chapter(paper, brief, 2, "method", headlines.of_base(facts).text(brief.lang))
    low, high = f"{catalogue.scale_min:g}", f"{catalogue.scale_max:g}"
    counts = {"dimensions": len(facts.dimensions), "indicators": len(facts.indicators())}
    asked = sum(facts.result(id_).in_scope and facts.result(id_).asked > 0 for id_ in catalogue.questions)
    values = {"subject": brief.name(catalogue.subject), "version": catalogue.version, "low": low, "high": high}
    paper.text(words.fill("report.method_text", questions=asked, **counts, **values))
    if returned.records:
        paper.text(words["report.method_sessions"])
    paper.text(words.fill("report.method_scores", na=brief.name(catalogue.na), dk=brief.name(catalogue.dk)))
    paper.heading(words["report.base"], 2)
    accepted = sum(file.status.counted for file in returned.files)
    tally = {name: f"{count:,}" for name, count in returned.tally().items()}
    paper.text(words.fill("report.base_text", files=len(returned.files), accepted=accepted, **tally))
    paper.table(tables.heard_columns(brief), tables.heard(brief))
    paper.heading(words["report.levels"], 2)
    paper.text(words["report.levels_text"])
    levels: tables.Rows = [
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
    chapter(paper, brief, 3, "total", headlines.of_dimensions(facts).text(brief.lang))
    both = [(scope, facts.results.scopes[scope].angles["current"].nodes[ROOT]) for scope in ("standard", "key")]
    said = {scope: brief.number(result.score) for scope, result in both}
    paper.text(words.fill("report.total_text", scope=brief.scope(), **said))
    nodes = [each.id for each in brief.parts]
    angles = brief.drawn(nodes)
    if angles:
        labels = [brief.short(each) for each in brief.parts]
        series, look = brief.series(nodes, angles), brief.look(8)
        described = words["report.total"]
        paper.chart(WIDTH_MM, 80, described, lambda shapes, box: charts.columns(shapes, box, look, labels, series))
    ranged = any(brief.open(node) for node in (ROOT, *(each.id for each in facts.dimensions)))
    narrow = 16.0 * len(facts.others) + (22 if ranged else 0)
    columns = [Column("", 8), Column(words["report.dimension"], 106 - narrow), Column(words["report.share"], 14, True)]
    columns += [Column(words["report.score"], 13, True), Column(words["report.level"], 25)]
    columns += [Column(words["report.range"], 22, True)] if ranged else []
    columns += tables.gap_columns(brief, 16)
    rows: tables.Rows = []
    for each in facts.dimensions:
        share = brief.share(facts.result(each.id).valued_share)
        rows.append([Cell(str(each.number), "muted"), brief.name(each.name), share, *_figures(brief, each.id, ranged)])
    rows.append(["", Cell(brief.name(brief.catalogue.name), bold=True), "100%", *_figures(brief, ROOT, ranged)])
    paper.table(columns, rows)
    paper.text(words["report.gap_note"], "Note")


def _figures(brief: Brief, node: str, ranged: bool) -> list[Cell | str]:
    cells: list[Cell | str] = [tables.score_cell(brief, node), tables.level_cell(brief, node)]
    cells += [brief.range(node)] if ranged else []
    return cells + [tables.gap_cell(brief, node, angle) for angle in brief.facts.others]
