"""Rows and columns that more than one chapter or slide shows."""

from collections.abc import Sequence

from cmme_xl.catalogue import Indicator
from cmme_xl.report.brief import Brief
from cmme_xl.report.cells import Cell, Column

Rows = list[list[Cell | str]]


def gap_columns(brief: Brief, mm: float) -> list[Column]:
    """A column for the gap to each angle there is."""
    return [Column(brief.words.fill("report.to", angle=brief.short_label(a)), mm, True) for a in brief.facts.others]


def gap_cell(brief: Brief, node: str, angle: str) -> Cell:
    """A gap; a whole step behind, or more, in the colour of alarm."""
    return Cell(brief.gap(node, angle), "alert" if brief.far(node, angle) else "", "", brief.far(node, angle))


def level_cell(brief: Brief, node: str) -> Cell:
    """The level in its colours."""
    fill, colour = brief.heat(node)
    return Cell(brief.level(node), colour, fill)


def score_cell(brief: Brief, node: str) -> Cell:
    return Cell(brief.score(node), "brand", "", True)


def indicators(brief: Brief, listed: Sequence[Indicator]) -> tuple[list[Column], Rows]:
    """Indicators with their figures; coverage only where something is left to cover, gains where there are any."""
    words, others = brief.words, brief.facts.others
    partly, ranked = not brief.covered, bool(brief.facts.levers)
    narrow = 13.5 * len(others) + (17 if partly else 0) + (14 if ranked else 0)
    columns = [Column("", 8), Column(words["report.indicator"], 121 - narrow), Column(words["report.score"], 13, True)]
    columns += [Column(words["report.level"], 24)]
    columns += [Column(words["report.coverage"], 17, True)] if partly else []
    columns += gap_columns(brief, 13.5)
    columns += [Column(words["report.gain"], 14, True)] if ranked else []
    rows: Rows = []
    for each in listed:
        name = brief.name(each.name) + ("\N{NO-BREAK SPACE}★" if each.key else "")
        cells: list[Cell | str] = [Cell(str(each.number), "muted"), name, score_cell(brief, each.id)]
        cells.append(level_cell(brief, each.id))
        cells += [brief.share(brief.facts.result(each.id).coverage)] if partly else []
        cells += [gap_cell(brief, each.id, angle) for angle in others]
        cells += [brief.points(brief.facts.points(each.id))] if ranked else []
        rows.append(cells)
    return columns, rows


def heard(brief: Brief) -> Rows:
    """Of every group: whom it speaks for, how many were asked and how many scored."""
    return [
        [
            Cell(brief.name(brief.catalogue.group(id_).name), bold=True),
            brief.words[f"report.speaks_{brief.catalogue.group(id_).angle}"],
            brief.countable(people),
            brief.countable(n),
        ]
        for id_, n, people in brief.heard()
    ]


def heard_columns(brief: Brief) -> list[Column]:
    words = brief.words
    columns = [Column(words["report.group"], 40), Column(words["report.speaks"], 66)]
    return [*columns, Column(words["report.asked"], 26, True), Column(words["report.scored"], 34, True)]
