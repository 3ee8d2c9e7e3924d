"""The deck for the feedback workshop: ten to fifteen slides, each titled with its finding."""

from cmme_xl.report import slides, workshop
from cmme_xl.report.brief import Brief
from cmme_xl.report.stage import Stage
from cmme_xl.report.target import MARK
from cmme_xl.report.words import Words
from cmme_xl.results.facts import Facts
from cmme_xl.spreadsheet import Brand


def written(facts: Facts, lang: str, brand: Brand) -> bytes:
    """The deck for the facts' audience."""
    brief = Brief(facts, Words(lang), brand)
    words, enterprise = brief.words, brief.plain(facts.results.plan.engagement.enterprise)
    stage = Stage(brand, lang, words.fill("report.title", enterprise=enterprise), MARK, slides.footer(brief))
    slides.cover(stage, brief)
    slides.verdict(stage, brief)
    slides.base(stage, brief)
    slides.dimensions(stage, brief)
    slides.findings(stage, brief)
    slides.ends(stage, brief)
    slides.heat(stage, brief)
    slides.gaps(stage, brief)
    workshop.tiers(stage, brief)
    workshop.agenda(stage, brief)
    workshop.expectation(stage, brief)
    workshop.advice(stage, brief, "tactical")
    workshop.advice(stage, brief, "strategic")
    workshop.plan(stage, brief)
    workshop.decisions(stage, brief)
    return stage.finished()
