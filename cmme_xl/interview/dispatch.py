"""The dispatch list: who gets which file by when. A view of the issue log and the plan."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from xlsxwriter.format import Format

from cmme_xl import templates
from cmme_xl.interview.wording import Wording
from cmme_xl.plan.issued import Asked, Issue
from cmme_xl.plan.model import Person, Plan
from cmme_xl.spreadsheet import Book, Sheet
from cmme_xl.spreadsheet.page import footnote, head, header_row

FILE_NAME = "dispatch.xlsx"
MARK = "_dispatch"
"""The very hidden sheet by which the list is known among returned files."""
# (key of the heading, width in px, alignment)
COLUMNS = (
    ("id", 80, "left"), ("respondent", 130, "left"), ("group", 90, "left"), ("email", 210, "left"),
    ("lang", 70, "left"), ("file", 250, "left"), ("due", 90, "left"), ("appointment", 125, "left"),
    ("questions", 76, "center"), ("minutes", 70, "center"), ("issued", 125, "left"),
)  # fmt: skip
ROW_PX, HEAD_PX, MARGIN_PX = 26, 32, 20
DAY, MOMENT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm"


def dispatch_bytes(plan: Plan, issues: Mapping[str, Issue]) -> bytes:
    """The list as a workbook, one row per person of the plan who has an issue. `issues`: person id -> latest issue."""
    words = Wording(plan.engagement.lang)
    people = [person for person in plan.people if person.id in issues]
    last = len(COLUMNS)
    widths = [MARGIN_PX, *(width for _, width, _ in COLUMNS), MARGIN_PX]
    with Book(templates.brand(), words.lang, words("dispatch.title"), plan.engagement.id) as book:
        sheet = book.sheet(words("dispatch.title"), widths, tab="brand", fit=(1, 0), header=plan.engagement.name)
        subtitle = words("dispatch.subtitle", engagement=f"{plan.engagement.name} ({plan.engagement.id})")
        top = head(sheet, words("dispatch.heading", count=len(people)), subtitle, last)
        header_row(sheet, top, 1, [(words(f"dispatch.{key}"), align) for key, _, align in COLUMNS], HEAD_PX)
        looks = _looks(book)
        # most people are asked the same, and then it is the same object
        asked = {id(issue.questions): issue.questions for issue in issues.values()}
        minutes = {key: _minutes(plan, questions) for key, questions in asked.items()}
        for row, person in enumerate(people, top + 1):
            issue = issues[person.id]
            _row(sheet, words, plan, row, person, issue, minutes[id(issue.questions)], looks)
        end = top + len(people)
        if people:
            sheet.filter(top, 1, end, last)
        sheet.rows(end + 1, [10, 20])
        footnote(sheet, end + 2, words("dispatch.note"))
        sheet.freeze(top + 1)
        sheet.repeat(top, top)
        sheet.print_to(end + 2, last + 1)
        mark = book.hidden_sheet(MARK)
        mark.text(0, 0, plan.engagement.id, book.style())
        return book.bytes()


def _looks(book: Book) -> dict[str, Format]:
    line = {"font_size": 9, "bottom": 1, "bottom_color": "hair"}
    return {
        "text": book.style(**line),
        "wide": book.style(text_wrap=True, **line),
        "day": book.style(num_format=DAY, align="left", **line),
        "moment": book.style(num_format=MOMENT, align="left", **line),
        "figure": book.style(align="center", **line),
    }


def _row(
    sheet: Sheet,
    words: Wording,
    plan: Plan,
    row: int,
    person: Person,
    issue: Issue,
    minutes: float,
    looks: Mapping[str, Format],
) -> None:
    sheet.rows(row, [ROW_PX])
    group = plan.catalogue.group(person.group).name.in_(words.lang)
    lang = words(f"dispatch.lang_{issue.lang}")
    for column, text in enumerate((person.id, person.name, group, person.email, lang), 1):
        sheet.text(row, column, text, looks["text"])
    sheet.text(row, 6, issue.file, looks["wide"])
    sheet.datetime(row, 7, plan.engagement.due, looks["day"])
    sheet.datetime(row, 8, person.appointment, looks["moment"])
    sheet.number(row, 9, len(issue.questions), looks["figure"])
    sheet.number(row, 10, minutes, looks["figure"])
    sheet.datetime(row, 11, datetime.fromisoformat(issue.issued).replace(tzinfo=None), looks["moment"])


def _minutes(plan: Plan, questions: Iterable[Asked]) -> float:
    """The time the questions take that were put, as far as the catalogue still has them."""
    known = plan.catalogue.questions
    return sum(known[asked.id].minutes for asked in questions if asked.id in known)
