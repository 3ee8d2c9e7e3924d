"""The plan workbook as drawn: its live figures, prompts, words, validity."""

import io
import re
import tomllib
import warnings
from dataclasses import replace
from zipfile import ZipFile

import lanes
import openpyxl
import pytest
from plan_samples import SHARES, sample, sample_choices, small_catalogue
from recalculation import compare

from cmme_xl.catalogue import load
from cmme_xl.plan import words
from cmme_xl.plan.assignment import Mark
from cmme_xl.plan.layout import Layout
from cmme_xl.plan.live import Content
from cmme_xl.plan.model import Settings
from cmme_xl.plan.read import read_plan
from cmme_xl.plan.write import new_plan, plan_bytes
from cmme_xl.templates import folder

CATALOGUE = small_catalogue()
LONGEST_PROMPT = 80


def opened(data, **how):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(io.BytesIO(data), **how)


@pytest.fixture(scope="module", params=["zh", "en"])
def drawn(request):
    return request.param, plan_bytes(CATALOGUE, request.param, sample(CATALOGUE), people_slots=20)


def test_sheets_are_named_in_the_plans_language(drawn):
    lang, data = drawn
    book = opened(data)
    shown = [sheet.title for sheet in book if sheet.sheet_state == "visible"]
    assert shown == [entry[lang] for entry in words.table("sheets").values()]
    assert {sheet.title for sheet in book if sheet.sheet_state == "veryHidden"} == {"_plan", "_calc"}


def test_prompts_are_short_and_warn_only(drawn):
    _, data = drawn
    for sheet in opened(data):
        for rule in sheet.data_validations.dataValidation:
            assert 0 < len(rule.prompt) <= LONGEST_PROMPT, rule.prompt
            assert rule.errorStyle == "warning"


def test_every_input_cell_is_validated_and_yellow(drawn):
    lang, data = drawn
    book = opened(data)
    for sheet in book:
        covered = [span for rule in sheet.data_validations.dataValidation for span in rule.sqref.ranges]
        for row in sheet.iter_rows():
            for cell in row:
                inside = any(cell.coordinate in span for span in covered)
                yellow = cell.fill.fill_type == "solid" and cell.fill.fgColor.rgb == "FFFFF7E0"
                legend = sheet.title == words.sheet_name("guide", lang)
                assert inside == yellow or legend, (sheet.title, cell.coordinate)


def test_every_sheet_prints_on_a4_landscape_one_page_wide(drawn):
    _, data = drawn
    for sheet in opened(data):
        if sheet.sheet_state == "visible":
            assert (sheet.page_setup.orientation, str(sheet.page_setup.paperSize)) == ("landscape", "9")
            assert sheet.sheet_properties.pageSetUpPr.fitToPage
            assert sheet.page_setup.fitToWidth in (None, 1)


def test_empty_rows_for_people_are_not_printed(drawn):
    _, data = drawn
    with ZipFile(io.BytesIO(data)) as archive:
        book = archive.read("xl/workbook.xml").decode()
    (area,) = [each for each in re.findall(r"Print_Area[^>]*>([^<]*)<", book) if "INDEX(" in each]
    assert re.fullmatch(r"'(人员|People)'!\$A\$1:INDEX\(.*\+5\)\)", area)


def test_lists_are_frozen_below_their_headers(drawn):
    lang, data = drawn
    book, layout = opened(data), Layout(CATALOGUE, lang, 26)
    for block in (layout.people, layout.weights, layout.questions, layout.assignment, layout.figures):
        assert int(re.sub(r"\D", "", book[block.sheet].freeze_panes)) == block.first + 1


def test_every_wording_is_there_in_both_languages():
    def wordings(table, path=""):
        for key, value in table.items():
            for entry in value if isinstance(value, list) else [value]:
                if isinstance(entry, dict) and any(isinstance(entry.get(lang), str) for lang in ("zh", "en")):
                    yield f"{path}.{key}", entry
                elif isinstance(entry, dict):
                    yield from wordings(entry, f"{path}.{key}")

    found = list(wordings(tomllib.loads((folder() / "plan.toml").read_text("utf-8"))))
    assert len(found) > 150
    for path, entry in found:
        assert entry.keys() == {"zh", "en"}, path
        placeholders = [set(re.findall(r"{\w*}", entry[lang])) for lang in ("zh", "en")]
        assert placeholders[0] == placeholders[1], path
        assert bool(entry["zh"]) == bool(entry["en"]), path


def test_headers_of_a_sheet_are_unique_in_each_language():
    for sheet in ("people", "weights", "questions", "assignment", "figures"):
        for lang in ("zh", "en"):
            headers = [words.plain(column["header"][lang]) for column in words.columns(sheet)]
            assert len(headers) == len(set(headers))


def test_outside_text_never_becomes_a_formula(tmp_path):
    plan = sample(CATALOGUE)
    person = replace(plan.people[0], name="=1+1", title="@SUM(A1)", department="{=1}")
    plan = replace(plan, people=(person, *plan.people[1:]))
    layout = Layout(CATALOGUE, "zh", 26)
    row = opened(plan_bytes(CATALOGUE, "zh", plan))[layout.people.sheet][layout.people.first + 1]
    values = {cell.value: cell.data_type for cell in row if cell.value is not None}
    assert {values["=1+1"], values["@SUM(A1)"], values["{=1}"]} == {"s"}


def test_the_same_plan_gives_the_same_file():
    content = [plan_bytes(CATALOGUE, "zh", sample(CATALOGUE), people_slots=1) for _ in range(2)]
    assert content[0] == content[1]


def test_more_people_than_slots_get_their_rows():
    layout = Layout(CATALOGUE, "zh", 26)
    book = opened(plan_bytes(CATALOGUE, "zh", sample(CATALOGUE), people_slots=2), data_only=True)
    column = layout.people.columns["id"] + 1
    ids = [book[layout.people.sheet].cell(layout.people.first + 1 + slot, column).value for slot in range(16)]
    assert ids == [person.id for person in sample(CATALOGUE).people]


# --- cached values


def test_shares_of_voice_by_person_follow_the_weights():
    content = Content.of(sample(CATALOGUE))
    assert content.voice["senior"] == pytest.approx(4 / 12)
    assert content.voice_of(content.people[0]) == pytest.approx(2 / 12)
    assert sum(content.voice_of(p) for p in content.people if p.group == "benchmark") == pytest.approx(1)


def test_shares_of_voice_by_tier_leave_out_a_tier_without_people():
    plan = sample(CATALOGUE, Settings(voice="tier", tier_shares=SHARES))
    plan = replace(plan, people=tuple(person for person in plan.people if person.group != "front"))
    content = Content.of(plan)
    assert content.voice["senior"] == pytest.approx(50 / 80)
    assert content.voice["front"] == 0
    # of one tier all count alike, whatever their weights (scoring.md rule 3)
    assert content.voice_of(content.people[0]) == pytest.approx(50 / 80 / 3)


def test_shares_of_the_total_are_over_what_is_in_scope():
    content = Content.of(sample(CATALOGUE))
    third = CATALOGUE.dimensions[2]
    assert sum(content.share[d.id] for d in CATALOGUE.dimensions) == pytest.approx(1)
    assert content.share[CATALOGUE.dimensions[-1].id] == 0
    assert content.share[third.indicators[0].id] == content.share[third.indicators[2].id] == 0
    inside = sum(content.share[indicator.id] for indicator in third.indicators)
    assert inside == pytest.approx(content.share[third.id])
    plain = sum(d.weight for d in CATALOGUE.dimensions[:2])
    assert content.share[third.id] == pytest.approx(20 / (20 + plain))


def formulas(data):
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in opened(data)
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


def values(data, wanted):
    book = opened(data, data_only=True)
    return {place: book[place[0]][place[1]].value for place in wanted}


def test_every_formula_has_its_value(drawn):
    _, data = drawn
    for part in re.findall(r"<c [^>]*>(<f>.*?</c>)", "".join(_sheets(data))):
        assert "<v>" in part
        assert "#" not in re.sub(r"<f>.*</f>", "", part)


def _sheets(data):
    with ZipFile(io.BytesIO(data)) as archive:
        return [archive.read(n).decode() for n in archive.namelist() if n.startswith("xl/worksheets/sheet")]


def _variants():
    """Plans that take different ways through the formulas."""
    dropped_question = CATALOGUE.dimensions[1].indicators[0].questions[0].id
    by_tier = Settings(voice="tier", form="short", tier_shares=SHARES, askers_min=4)
    tierless = sample(CATALOGUE, Settings(voice="tier", tier_shares={"senior": 1.0, "front": 0.0}))
    everything = replace(sample(CATALOGUE), dropped=frozenset(d.id for d in CATALOGUE.dimensions))
    plans = {
        "person": sample(CATALOGUE),
        "tier": sample(CATALOGUE, by_tier),
        "tierless": replace(tierless, people=tierless.people[:5]),
        "nothing": everything,
        "question": replace(sample(CATALOGUE), dropped=frozenset((dropped_question,))),
    }
    choices = sample_choices(CATALOGUE)
    marked = dict(choices.marks) | {"P02": {CATALOGUE.dimensions[2].id: Mark.ALL}}
    return {
        name: (plan, replace(choices, marks=marked), lang)
        for (name, plan), lang in zip(plans.items(), ["zh", "en", "zh", "en", "zh"], strict=True)
    } | {"empty": (None, None, "en")}


@pytest.mark.lane("libreoffice")
def test_cached_values_are_what_libreoffice_computes(soffice, tmp_path):
    written, asked = [], {}
    for name, (plan, choices, lang) in _variants().items():
        path = tmp_path / f"{name}.xlsx"
        path.write_bytes(plan_bytes(CATALOGUE, lang, plan, 18, choices))
        asked[name] = Content.of(plan, choices).assigned if plan else {}
        written.append(path)
    for path, result in soffice.recalculated(written).items():
        comparison = compare(path, result)
        assert comparison.formulas > 2000
        assert comparison.wrong == {}, path.name
        if path.stem != "empty":
            reading = read_plan(result, CATALOGUE)
            assert reading.findings == ()
            assert reading.plan is not None
            assert reading.plan.assigned == asked[path.stem]


@pytest.mark.lane("libreoffice")
def test_live_figures_follow_what_is_typed(soffice, tmp_path):
    """An empty plan filled in by hand, in the other language, shows what the same plan written by us shows."""
    layout = Layout(CATALOGUE, "zh", 18)
    plan = sample(CATALOGUE)
    book = opened(plan_bytes(CATALOGUE, "zh", None, 18))
    sheet, block = book[layout.people.sheet], layout.people
    for slot, person in enumerate(plan.people):
        sheet.cell(block.first + slot + 1, block.columns["id"] + 1).value = person.id
        group = CATALOGUE.group(person.group).name.en
        sheet.cell(block.first + slot + 1, block.columns["group"] + 1).value = group
    row = layout.engagement_rows["form"] + 1
    book[layout.engagement.sheet].cell(row, layout.engagement.columns["value"] + 1).value = "short form"
    first = CATALOGUE.dimensions[0]
    book[layout.assignment.sheet].cell(layout.assignment_row[first.id] + 1, layout.person_column(0) + 1).value = "-"
    path = tmp_path / "typed.xlsx"
    book.save(path)
    result = soffice.recalculated([path])[path]
    computed = opened(result.read_bytes(), data_only=True)[layout.people.sheet]
    asked = [computed.cell(block.first + s + 1, block.columns["asked"] + 1).value for s in range(16)]
    short = [question for question in CATALOGUE.questions.values() if question.short]
    dimension = [q for q in short if CATALOGUE.dimension_of[q.id].id == first.id]
    senior = [q for q in short if "senior" in q.tiers]
    assert asked[0] == len(senior) - len([q for q in dimension if "senior" in q.tiers])
    assert asked[1] == len(senior)
    assert asked[-1] == len(short)


def test_the_workbook_passes_the_audit(tmp_path):
    for lang in ("zh", "en"):
        path = tmp_path / f"{lang}.xlsx"
        new_plan(path, CATALOGUE, lang, sample(CATALOGUE), people_slots=1)
        assert lanes.audit([path])[path] == []


@pytest.mark.lane("validator")
def test_the_workbook_passes_the_open_xml_sdk(tmp_path):
    path = tmp_path / "plan.xlsx"
    new_plan(path, load(), "zh")
    assert lanes.validate([path], "Office2016")[path] == []
