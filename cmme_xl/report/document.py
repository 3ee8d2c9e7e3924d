"""The written diagnosis, in the order of a consultant's report (domain.md, step 5)."""

from cmme_xl.report import appendix, improvement, opening, people
from cmme_xl.report.brief import Brief
from cmme_xl.report.dimensions import dimensions
from cmme_xl.report.paper import Paper
from cmme_xl.report.target import MARK
from cmme_xl.report.words import Words
from cmme_xl.results.facts import Facts
from cmme_xl.spreadsheet import Brand


def written(facts: Facts, lang: str, brand: Brand) -> bytes:
    """The document for the facts' audience."""
    brief = Brief(facts, Words(lang), brand)
    words, plan = brief.words, facts.results.plan
    enterprise = brief.plain(plan.engagement.enterprise)
    title = words.fill("report.title", enterprise=enterprise)
    header = words.fill("report.header", enterprise=enterprise, engagement=brief.plain(plan.engagement.name))
    paper = Paper(brand, lang, title, MARK, header, brief.confidential())
    opening.cover(paper, brief)
    paper.contents(words["report.contents"])
    opening.summary(paper, brief)
    opening.method(paper, brief)
    opening.total(paper, brief)
    dimensions(paper, brief)
    improvement.gaps(paper, brief)
    people.people(paper, brief)
    improvement.recommendations(paper, brief)
    improvement.plan(paper, brief)
    appendix.indicators(paper, brief)
    appendix.sources(paper, brief)
    appendix.settings(paper, brief)
    appendix.rules(paper, brief)
    return paper.finished()
