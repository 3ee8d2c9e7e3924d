"""Results to the summary workbook. Reads as a table of contents: a sheet a line."""

from collections.abc import Mapping, Sequence

from cmme_xl.results.actions import proposed
from cmme_xl.results.customers import shown
from cmme_xl.results.model import Results
from cmme_xl.spreadsheet import Book, Brand, Sheet, page
from cmme_xl.summary import (
    actionrows,
    actions,
    actionview,
    answers,
    blocks,
    blockview,
    calibrations,
    combined,
    comparison,
    customers,
    dimensions,
    engine,
    entries,
    evidence,
    gaps,
    indicators,
    mark,
    method,
    order,
    overview,
    path,
    roadmap,
    sources,
    view,
    weights,
    whatif,
)
from cmme_xl.summary.context import Context
from cmme_xl.summary.kept import Kept
from cmme_xl.summary.words import Words

HIDDEN = ("engine", "view", "order", actionview.ROLE, path.ROLE)
FIGURES = {"blocks": "block_figures", "customers": "customer_figures"}
BROKEN_BY_HAND = ("dimensions", "indicators", "answers", "blocks", "customers")
ONE_PAGE = ("overview", "method", "actions", "roadmap", "whatif")


def summary_bytes(results: Results, lang: str, brand: Brand, audience: str, kept: Kept | None = None) -> bytes:
    """The summary as an .xlsx file in `lang`, for the `audience` "client" or "consultant" (scoring.md rule 15).

    `kept`: what people typed into a former one; `results` are then those under the settings it brings.
    """
    words, engagement = Words(lang), results.plan.engagement
    subject = results.plan.catalogue.subject.in_(lang)
    with Book(brand, lang, words.fill("book.title", enterprise=engagement.enterprise, subject=subject)) as book:
        sheets: dict[str, Sheet] = {}
        context = Context(shown(results, audience), audience, words, book, sheets)
        client = audience == "client"
        settings = weights.WeightCells(context)
        matrix = answers.AnswerCells(context, settings)
        values = combined.CombinedCells(context)
        notes = [] if client else evidence.written(context)
        kept = kept or Kept(results.plan)
        proposals = proposed(context.facts, lang)
        planned = actionrows.ActionCells(context, kept.actions(proposals), kept.begins)
        columns: dict[str, Sequence[int]] = {
            "overview": page.GRID,
            "dimensions": page.GRID,
            "indicators": indicators.widths(context),
            "gaps": gaps.widths(context),
            "actions": actions.widths(context),
            "roadmap": roadmap.widths(context),
            "whatif": page.GRID,
            "blocks": page.GRID if blocks.wanted(context) else (),
            "customers": customers.WIDTHS if customers.wanted(context) else (),
            "weights": weights.widths(context),
            "answers": combined.widths(values) if client else answers.widths(matrix),
            "calibrations": calibrations.widths(context) if calibrations.wanted(context) else (),
            "evidence": evidence.widths(context) if notes else (),
            "sources": sources.WIDTHS,
            "method": page.GRID,
        }
        _open(context, columns, sheets)

        calculation = engine.build(context, values if client else matrix, settings)
        figures = view.build(context, calculation, settings)
        ordered = order.build(context, figures)
        way = path.build(context, figures)
        acting = actionview.build(context, figures, planned, way.threshold)

        overview.draw(context, calculation, figures, settings)
        dimensions.draw(context, figures, settings)
        indicators.draw(context, figures, settings)
        gaps.draw(context, figures, ordered, settings)
        actions.draw(context, figures, planned, acting, settings)
        roadmap.draw(context, figures, planned, acting, way)
        whatif.draw(context, figures, acting, way)
        if blocks.wanted(context):
            blocks.draw(context, figures, blockview.build(context, calculation, figures, settings), settings)
        if customers.wanted(context):
            compared = comparison.build(context, calculation, figures, values if client else matrix, settings)
            customers.draw(context, compared, settings)
        weights.draw(context, settings, figures)
        if client:
            combined.draw(context, values)
        else:
            answers.draw(context, matrix, calculation)
        if calibrations.wanted(context):
            calibrations.draw(context, calculation)
        if notes:
            evidence.draw(context, notes)
        sources.draw(context)
        method.draw(context)
        mark.draw(context)
        answered = {} if client else entries.of_answers(matrix.written())
        quoted = {**answered, **entries.of_calibrations(context)}
        entries.draw(context, {**entries.written(context, kept.plan, proposals), **quoted})
        return book.bytes()


def _open(context: Context, columns: Mapping[str, Sequence[int]], sheets: dict[str, Sheet]) -> None:
    """All sheets in the order of their tabs, the hidden ones last, so that any may refer to any."""
    words, engagement = context.words, context.plan.engagement
    header = words.fill("book.header", enterprise=engagement.enterprise, engagement=engagement.name)
    footer = words["book.consultant"] if context.audience == "consultant" else None
    tabs = {"overview": "brand", "weights": "accent", "answers": "competitor"}
    tabs |= dict.fromkeys(("actions", "roadmap", "whatif"), "accent")
    for role, widths in columns.items():
        if widths:
            pages = None if role in BROKEN_BY_HAND else (1, int(role in ONE_PAGE))
            name, tab = words[f"sheets.{role}"], tabs.get(role, "brand2")
            sheets[role] = context.book.sheet(name, widths, tab=tab, fit=pages, header=header, footer=footer)
    for role in (*HIDDEN, *(FIGURES[role] for role in FIGURES if role in sheets)):
        sheets[role] = context.book.hidden_sheet(words[f"sheets.{role}"], very=False)
