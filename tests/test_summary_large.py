"""Two hundred people asked every question there is: the summary holds every answer, within what a workbook may hold."""

import io
import multiprocessing
import re
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import openpyxl
import pytest
import summary_cases as cases
from allowed_functions import EXCEL_2016
from openpyxl.utils import column_index_from_string

from cmme_xl.plan.model import Plan
from cmme_xl.results.compute import compute
from cmme_xl.returned.model import Returned
from cmme_xl.spreadsheet import Brand
from cmme_xl.spreadsheet.lint import lint
from cmme_xl.summary.answercells import FIRST_BLOCK
from cmme_xl.summary.words import Words
from cmme_xl.summary.write import summary_bytes
from cmme_xl.templates import template

PEOPLE = 200
MIB = 2**20
MOST_MIB = 400
MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
MOST_LINKS = 65_530
SHOWN_ERROR = re.compile(r'<c r="([A-Z]+\d+)"[^>]* t="e"')
LAST_CELL = re.compile(r'<dimension ref="[^"]*?([A-Z]+\d+)"/>')


def plan() -> Plan:
    """Everybody is asked everything, and so are outsiders of every kind."""
    made = cases.plan_of(count=PEOPLE, angles=("target", "benchmark", "competitor", "customer"))
    return replace(made, assigned=dict.fromkeys(made.assigned, tuple(made.catalogue.questions)))


def written() -> tuple[bytes, float]:
    """The consultant's edition, and the MiB that it took at the most to compute and write it."""
    asked = plan()
    brand = Brand.from_table(template("brand"))
    content = summary_bytes(compute(asked, cases.answers_of(asked)), "en", brand, "consultant")
    return content, held()


def held() -> float:
    """The most memory this process held; Linux counts in ru_maxrss what its parent held when it was forked."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(re.findall(r"VmHWM:\s*(\d+)", status.read_text())[0]) / 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (MIB if sys.platform == "darwin" else 1024)


@dataclass(frozen=True)
class Large:
    content: bytes
    memory: float
    returned: Returned

    def sheets(self) -> Iterator[tuple[str, bool, str]]:
        """Name, whether it is seen, and XML of each sheet."""
        with zipfile.ZipFile(io.BytesIO(self.content)) as archive:
            listed = re.findall(r'<sheet name="([^"]*)"([^>]*)', archive.read("xl/workbook.xml").decode())
            for number, (name, rest) in enumerate(listed, 1):
                yield name, "hidden" not in rest.lower(), archive.read(f"xl/worksheets/sheet{number}.xml").decode()


@pytest.fixture(scope="module")
def large() -> Large:
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as alone:
        made = alone.submit(written)
        returned = cases.answers_of(plan())
        return Large(*made.result(), returned)


def test_every_answer_stands_in_its_question_s_row(large: Large) -> None:
    book = openpyxl.load_workbook(io.BytesIO(large.content), read_only=True)
    expected: dict[str, Counter[object]] = {}
    for answer in large.returned.answers:
        expected.setdefault(answer.question, Counter())[answer.score] += 1
    found: dict[str, Counter[object]] = {}
    for row in book[Words("en")["sheets.answers"]].iter_rows(values_only=True):
        if row[1] in expected:
            typed = [value for value in row[FIRST_BLOCK:] if value is not None and not str(value).startswith("=")]
            found[str(row[1])] = Counter(None if isinstance(value, str) else value for value in typed)
    assert found == expected
    assert sum(sum(each.values()) for each in found.values()) > 2 * PEOPLE * 344


def test_it_is_sound(large: Large) -> None:
    assert lint(large.content, EXCEL_2016) == ()


def test_it_stays_within_what_a_workbook_may_hold(large: Large) -> None:
    links = 0
    for name, seen, xml in large.sheets():
        column, row = re.findall(r"[A-Z]+|\d+", LAST_CELL.findall(xml)[0])
        assert int(row) <= MOST_ROWS, name
        assert column_index_from_string(column) <= MOST_COLUMNS, name
        assert not seen or not SHOWN_ERROR.findall(xml), name
        links += xml.count("HYPERLINK(") + xml.count("<hyperlink ")
    assert 500 < links < MOST_LINKS


def test_it_takes_little_memory(large: Large) -> None:
    assert 20 < large.memory < MOST_MIB
