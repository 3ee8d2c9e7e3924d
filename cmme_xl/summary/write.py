"""Results to the summary workbook. Reads as a table of contents: a sheet a line."""

from collections.abc import Mapping, Sequence

from cmme_xl.calculation import engine
from cmme_xl.results.actions import proposed
from cmme_xl.results.customers import shown
from cmme_xl.results.model import Results
from cmme_xl.spreadsheet import Book, Brand, Sheet, page
from cmme_xl.summary import (
    actionrows,
    actions,
    actionview,
    advice,
    answercells,
    answers,
    blocks,
    blockview,
    calibrations,
    combined,
    comparison,
    customers,
    dimension,
    dimensions,
    entries,
    evidence,
    gaps,
    indicators,
    mark,
    matrix,
    method,
    order,
    overview,
    path,
    people,
    roadmap,
    sources,
    tierview,
    viewsheet,
    weights,
    whatif,
)
from cmme_xl.summary.context import Context
from cmme_xl.summary.kept import Kept
from cmme_xl.summary.places import Places
from cmme_xl.summary.words import Words

HIDDEN = ("engine", "view", "order", tierview.ROLE, actionview.ROLE, matrix.FIGURES_ROLE, path.ROLE)
FIGURES = {"blocks": "block_figures", "customers": "customer_figures"}
BROKEN_BY_HAND = ("people", "advice", "indicators", "answers", "blocks", "customers")
ONE_PAGE = ("overview", "dimensions", "method", "actions", "matrix", "roadmap", "whatif")


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
        typed = answercells.AnswerCells(context, settings)
        values = combined.CombinedCells(context)
        register = None if client else evidence.Register(context)
        kept = kept or Kept(results.plan)
        proposals = proposed(context.facts, lang)
        planned = actionrows.ActionCells(context, kept.actions(proposals), kept.begins)
        columns: dict[str, Sequence[int]] = {
            "overview": page.GRID,
            "dimensions": page.GRID,
            **{each.id: dimension.WIDTHS for each in context.dimensions},
            "indicators": indicators.widths(context),
            "gaps": gaps.widths(context),
            "people": page.GRID,
            "advice": advice.WIDTHS,
            "actions": actions.widths(context),
            "matrix": page.GRID,
            "roadmap": roadmap.widths(context),
            "whatif": page.GRID,
            "blocks": page.GRID if blocks.wanted(context) else (),
            "customers": customers.WIDTHS if customers.wanted(context) else (),
            "weights": weights.widths(context),
            "answers": combined.widths(values) if client else answers.widths(typed),
            "calibrations": calibrations.widths(context) if calibrations.wanted(context) else (),
            "evidence": evidence.widths(context) if register and register.entries else (),
            "sources": sources.WIDTHS,
            "method": page.GRID,
        }
        _open(context, columns, sheets)
        places = Places(context, values.rows) if client else Places(context, typed.rows, typed.heads)

        calculation = engine.build(context, values if client else typed, settings)
        figures = viewsheet.build(context, calculation, settings)
        ordered = order.build(context, figures)
        way = path.build(context, figures)
        acting = actionview.build(context, figures, planned, way.threshold)

        overview.draw(context, calculation, figures, settings, places)
        dimensions.draw(context, figures, settings, places)
        for each in context.dimensions:
            dimension.draw(context, figures, settings, places, each, register)
        indicators.draw(context, figures, settings, places)
        gaps.draw(context, figures, ordered, settings, places)
        people.draw(context, figures, tierview.build(context, figures), settings, places)
        advice.draw(context, figures, settings, places, register)
        actions.draw(context, figures, planned, acting, settings, places)
        matrix.draw(context, planned, acting, places)
        roadmap.draw(context, figures, planned, acting, way, places)
        whatif.draw(context, figures, acting, way, places)
        if blocks.wanted(context):
            counted = blockview.build(context, calculation, figures, settings)
            blocks.draw(context, figures, counted, settings, places)
        if customers.wanted(context):
            compared = comparison.build(context, calculation, figures, values if client else typed, settings)
            customers.draw(context, compared, settings, places)
        weights.draw(context, settings, figures, places)
        if client:
            combined.draw(context, values, places)
        else:
            answers.draw(context, typed, calculation, places)
        if calibrations.wanted(context):
            calibrations.draw(context, calculation, places)
        if register and register.entries:
            evidence.draw(context, register, places)
        sources.draw(context, places)
        method.draw(context)
        mark.draw(context)
        answered = {} if client else entries.of_answers(typed.written())
        quoted = {**answered, **entries.of_calibrations(context)}
        entries.draw(context, {**entries.written(context, kept.plan, proposals), **quoted})
        return book.bytes()


def _open(context: Context, columns: Mapping[str, Sequence[int]], sheets: dict[str, Sheet]) -> None:
    """All sheets in the order of their tabs, the hidden ones last, so that any may refer to any."""
    words, engagement = context.words, context.plan.engagement
    header = words.fill("book.header", enterprise=engagement.enterprise, engagement=engagement.name)
    footer = words["book.consultant"] if context.audience == "consultant" else None
    pages = {each.id: dimension.tab(context, each) for each in context.dimensions}
    tabs = {"overview": "brand", "weights": "accent", "answers": "competitor"}
    tabs |= dict.fromkeys(("actions", "matrix", "roadmap", "whatif"), "accent")
    for role, widths in columns.items():
        if widths:
            one = role in ONE_PAGE or role in pages
            fit = None if role in BROKEN_BY_HAND else (1, int(one))
            name, tab = (
                pages.get(role) or words[f"sheets.{role}"],
                tabs.get(role, "brand3" if role in pages else "brand2"),
            )
            sheets[role] = context.book.sheet(name, widths, tab=tab, fit=fit, header=header, footer=footer)
    for role in (*HIDDEN, *(FIGURES[role] for role in FIGURES if role in sheets)):
        sheets[role] = context.book.hidden_sheet(words[f"sheets.{role}"], very=False)
