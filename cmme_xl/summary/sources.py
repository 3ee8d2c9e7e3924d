"""Sources: every file and what became of it, every expected answer, every finding."""

from collections import Counter
from collections.abc import Sequence

from xlsxwriter.format import Format

from cmme_xl.calculation.expression import as_shown, constant
from cmme_xl.findings import Finding, Severity
from cmme_xl.returned.model import ReturnedFile, Status
from cmme_xl.spreadsheet import Link, measure, page
from cmme_xl.summary import paper, sessions
from cmme_xl.summary.context import Context
from cmme_xl.summary.furniture import count, head
from cmme_xl.summary.places import Places

ROLE = "sources"
WIDTHS = (20, 38, 226, 110, 70, 146, 58, 58, 58, 58, 130, 250, 250, 20)
LAST, INDENT_PX = 12, 9
OUTCOMES = ("expected", "scored", "na", "dk", "blank", "rejected", "missing", "conflict")
TILES = ((1, 2), (3, 4), (5, 5), (6, 7), (8, 9), (10, 10), (11, 11), (12, 12))
MARKS = {
    Status.ACCEPTED: ("●", "good"),
    Status.WITH_FINDINGS: ("◆", "accent"),
    Status.DUPLICATE: ("■", "muted"),
    Status.SUPERSEDED: ("■", "muted"),
    Status.SYSTEM: ("■", "muted"),
    Status.MAIL: ("■", "muted"),
}
TALL = measure.Rows(
    [(px, 9) for px in (WIDTHS[2], WIDTHS[5], sum(WIDTHS[8:11]), WIDTHS[11] - INDENT_PX, WIDTHS[12] - INDENT_PX)],
    padding=8,
)
"""The columns of a finding whose texts may take more lines than one."""
FAULT = ("▲", "alert")
SEVERITIES = {Severity.ERROR: "alert", Severity.WARNING: "warn_text", Severity.NOTE: "slate"}


def draw(context: Context, places: Places) -> None:
    """The sheet; a client's file gives numbers only."""
    sheet, words, returned = context.sheets[ROLE], context.words, context.results.returned
    counted = sum(file.status.counted for file in returned.files)
    total = len(returned.files)
    numbers = {"n": total, "counted": counted, "aside": total - counted}
    said = {key: context.countable(number) for key, number in numbers.items()}
    title = constant(words.counted("sources.title", total, **said))
    client = context.audience == "client"
    kind = "subtitle_client" if client else "subtitle_records" if returned.records else "subtitle"
    row = head(context, ROLE, title, constant(words[f"sources.{kind}"]), LAST, narrow=True)
    row = _tally(context, row)
    if client:
        row = _statuses(context, row)
        sheet.print_to(row, LAST + 1)
    else:
        after = sessions.draw(context, places, sheet, _files(context, places, row))
        sheet.print_to(_findings(context, places, after), LAST + 1)
        # findings have pages of their own: a heading alone at the foot of one would be lost
        sheet.print_scale(paper.SCALE, (after,) if _all(context) else ())
    sheet.freeze(2)


def _tally(context: Context, row: int) -> int:
    """The answers by what became of them: the tiles add up to what was expected."""
    sheet, words = context.sheets[ROLE], context.words
    counts = context.tally
    sheet.rows(row, (24, 34, 20, 12))
    for (first, last), key in zip(TILES, OUTCOMES, strict=True):
        label = words[f"sources.{key}"]
        share = counts[key] / counts["expected"] if counts["expected"] else None
        note = words["sources.no_answers"] if share is None else as_shown(share, "0%")
        colour = "brand" if key in ("expected", "scored") else "rule"
        shown = context.countable(counts[key])
        note = "" if isinstance(shown, str) else note
        page.tile(sheet, row, first, last, label, shown, note, colour=colour, number_format="#,##0")
    return row + 4


def _statuses(context: Context, row: int) -> int:
    """How many files met which fate."""
    sheet, words, book = context.sheets[ROLE], context.words, context.book
    found = Counter(file.status for file in context.results.returned.files)
    page.header_row(
        sheet, row, 1, [("", "left"), (words["sources.status"], "left"), (words["sources.number"], "right")]
    )
    hair = {"bottom": 1, "bottom_color": "hair"}
    row += 1
    for status in Status:
        if found[status]:
            sheet.rows(row, (24,))
            glyph, colour = MARKS.get(status, FAULT)
            sheet.text(row, 1, glyph, book.style(**hair, font_color=colour, align="center"))
            sheet.text(row, 2, words[f"status.{status.value}"], book.style(**hair))
            style = book.style(**hair, num_format="0", align="right")
            count(sheet, row, 3, context.countable(found[status]), style)
            row += 1
    return row


def _files(context: Context, places: Places, row: int) -> int:
    """One row per file."""
    sheet, words, book, plan = context.sheets[ROLE], context.words, context.book, context.plan
    heads = [("", "center"), (words["sources.file"], "left"), (words["sources.person"], "left")]
    heads += [(words["sources.tier"], "left"), (words["sources.status"], "left"), (words["sources.scored"], "right")]
    heads += [(words[f"outcome.{key}"], "right") for key in ("na", "dk", "blank")]
    heads += [(words["sources.saved"], "left"), (words["sources.saved_by"], "left"), (words["sources.hash"], "left")]
    page.header_row(sheet, row, 1, heads, 30)
    hair = {"bottom": 1, "bottom_color": "hair", "font_size": 9}
    centred = {"font_color": "muted", "align": "center"}
    small = book.style(**{**hair, "font_size": 8}, font_color="slate", indent=1)
    for number, file in enumerate(context.results.returned.files, 1):
        row += 1
        person = plan.by_id.get(file.respondent)
        tone = "ink" if file.status.counted else "muted"
        quiet = book.style(**hair, font_color="slate")
        wrapped, grey = book.style(**hair, font_color=tone, text_wrap=True), book.style(**hair, **centred)
        figure, other = (book.style(**hair, align="right", font_color=colour) for colour in (tone, "slate"))
        tier = plan.catalogue.group(person.group).name.in_(context.lang) if person else ""
        who = person.name if person else file.respondent
        sheet.rows(row, (max(23, measure.tallest(((file.name, WIDTHS[2]), (who, WIDTHS[3])), 9, padding=6)),))
        target = places.people.get(file.respondent) if file.status.counted else None
        numbered = Link(str(number), target) if target else number
        sheet.line(row, 1, (numbered, file.name, who, tier), (grey, wrapped, wrapped, quiet))
        _status(context, row, file)
        counts = [file.counts.get(key, 0) if file.counts else "–" for key in ("scored", "na", "dk", "blank")]
        saved = file.saved_at[:16].replace("T", " "), file.saved_by, file.sha256[:32]
        sheet.line(row, 6, (*counts, *saved), (figure, other, other, other, small, small, small))
    return row + 1


def _status(context: Context, row: int, file: ReturnedFile) -> None:
    book, sheet = context.book, context.sheets[ROLE]
    glyph, colour = MARKS.get(file.status, FAULT)
    hair = {"bottom": 1, "bottom_color": "hair", "font_size": 9}
    word = book.style(**hair, font_color="ink" if file.status.counted else "alert" if colour == "alert" else "slate")
    parts = [(glyph, book.style(font_size=9, bold=True, font_color=colour))]
    sheet.rich(row, 5, [*parts, (" " + context.words[f"status.{file.status.value}"], word)], word)


def _findings(context: Context, places: Places, row: int) -> int:
    """Every finding: of files, then those that belong to none."""
    sheet, words, book = context.sheets[ROLE], context.words, context.book
    found = _all(context)
    sheet.rows(row, (14,))
    note = words.fill("sources.findings_note", n=len(found)) if found else ""
    page.section(sheet, row + 1, 1, LAST, words["sources.findings"], note)
    row += 2
    if not found:
        sheet.rows(row, (24,))
        sheet.text(row, 1, words["sources.none"], book.style(font_color="slate"))
        return row
    heads = ["", "file", "code", "severity", "place", "question", "", "raw", "", "", "reason", "fix"]
    page.header_row(sheet, row, 1, [(words[f"sources.{key}"] if key else "", "left") for key in heads], 28)
    hair = {"bottom": 1, "bottom_color": "hair", "font_size": 9, "valign": "top"}
    grey, plain = book.style(**hair, font_color="muted", align="center"), book.style(**hair)
    wrapped, inset = (book.style(**hair, text_wrap=True, **more) for more in ({}, {"align": "left", "indent": 1}))
    marks = {each: book.style(**hair, bold=True, font_color=colour) for each, colour in SEVERITIES.items()}
    for number, finding in enumerate(found, 1):
        row += 1
        looks = grey, wrapped, plain, marks[finding.severity], inset
        _finding(context, places, row, number, finding, looks)
    return row


def _all(context: Context) -> Sequence[Finding]:
    """Findings in the order of severity, each placed in its file."""
    returned = context.results.returned
    found = [f if f.place.file else f.at(file.name) for file in returned.files for f in file.findings]
    order = list(Severity)
    return sorted([*found, *returned.findings], key=lambda finding: order.index(finding.severity))


def _finding(
    context: Context, places: Places, row: int, number: int, finding: Finding, looks: tuple[Format, ...]
) -> None:
    sheet, words = context.sheets[ROLE], context.words
    grey, wrapped, plain, severity, inset = looks
    place = finding.place
    where = f"{place.sheet}!{place.cell}" if place.sheet and place.cell else place.sheet or place.cell
    raw, reason, fix = measure.clip(finding.raw, 500), finding.reason(context.lang), finding.fix(context.lang)
    sheet.rows(row, (min(TALL.height((place.file, where, raw, reason, fix)), 540),))
    word = words[f"severity.{finding.severity.value}"]
    target = places.answers(place.question) or places.file(place.file)
    numbered = Link(str(number), target) if target else number
    line = (numbered, place.file, finding.code, word, where)
    sheet.line(row, 1, line, (grey, wrapped, plain, severity, wrapped))
    sheet.text(row, 6, place.question, plain, (row, 7))
    sheet.text(row, 8, raw, wrapped, (row, 10))
    sheet.line(row, 11, (reason, fix), inset)
