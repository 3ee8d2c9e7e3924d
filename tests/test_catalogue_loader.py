"""Loading a catalogue: every fault at once, with its file, and a hash that notices every change."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from cmme_xl.catalogue import ROOT, Catalogue, Question, Text, check, examine, load
from cmme_xl.catalogue.loader import default_folder
from cmme_xl.findings import Refusal


@pytest.fixture(scope="module")
def shipped() -> Catalogue:
    return load()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The shipped catalogue with its first two dimensions only, to be broken."""
    shutil.copytree(default_folder(), tmp_path / "c")
    edit(tmp_path / "c" / "model.toml", '["D1", "D2", "D3", "D4", "D5", "D6", "D7", "D8"]', '["D1", "D2"]')
    return tmp_path / "c"


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def faults(folder: Path) -> set[tuple[str, str, str]]:
    """Code, file and place or field of every finding of the refusal."""
    with pytest.raises(Refusal) as caught:
        load(folder)
    return {(f.code, f.place.file, str(f.values.get("field", ""))) for f in caught.value.findings}


def test_the_model_as_the_source_has_it(shipped: Catalogue) -> None:
    assert len(shipped.dimensions) == 8
    assert {len(dimension.indicators) for dimension in shipped.dimensions} == {8}
    assert [indicator.number for indicator in shipped.indicators] == list(range(1, 65))
    assert (shipped.scale_min, shipped.scale_max, len(shipped.levels)) == (0, 5, 5)
    assert [tier.id for tier in shipped.tiers] == ["senior", "middle", "front"]


def test_ways_through_the_model(shipped: Catalogue) -> None:
    question = shipped.questions["D2-03-Q1"]
    assert shipped.indicator_of[question.id].id == "D2-03"
    assert shipped.dimension_of[question.id].id == shipped.dimension_of["D2-03"].id == "D2"
    assert set(shipped.names) == {ROOT, *shipped.dimension_of} - set(shipped.questions) | {
        "D1",
        "D2",
        "D3",
        "D4",
        "D5",
        "D6",
        "D7",
        "D8",
    }
    assert shipped.group("benchmark").external
    assert not shipped.group("senior").external
    assert all("senior" in asked.tiers for asked in shipped.asked_of("senior"))
    assert all(asked.short for asked in shipped.asked_of("benchmark"))
    with pytest.raises(KeyError):
        shipped.group("nobody")


def test_a_smaller_catalogue_loads(copy: Path) -> None:
    assert [dimension.id for dimension in load(copy).dimensions] == ["D1", "D2"]


def test_a_byte_order_mark_is_no_fault(copy: Path) -> None:
    (copy / "D1.toml").write_text((copy / "D1.toml").read_text("utf-8"), "utf-8-sig")
    assert load(copy).dimensions[0].id == "D1"


def test_every_fault_of_every_file_at_once(copy: Path) -> None:
    edit(copy / "model.toml", 'version = "1.0"', "version = 1.0")
    edit(copy / "model.toml", "decimals = 2\n", "")
    edit(copy / "model.toml", "threshold = 2.5", 'threshold = "2.5"')
    edit(copy / "model.toml", "value = 3", "value = true")
    edit(copy / "model.toml", '["D1", "D2"]', '["D1", "D2", "D9"]')
    edit(copy / "D1.toml", "number = 1\nweight = 12\n", "number = 1.5\n")
    edit(copy / "D1.toml", "key = true", 'key = "yes"')
    edit(copy / "D1.toml", 'tiers = ["senior", "middle"]', 'tiers = "senior"')
    edit(copy / "D2.toml", "[dimension]", "[dimension")
    assert faults(copy) == {
        ("CAT_001", "D2.toml", ""),
        ("CAT_001", "D9.toml", ""),
        ("CAT_002", "D1.toml", "dimension.number"),
        ("CAT_002", "D1.toml", "dimension.weight"),
        ("CAT_002", "D1.toml", "key"),
        ("CAT_002", "D1.toml", "tiers"),
        ("CAT_002", "model.toml", "version"),
        ("CAT_002", "model.toml", "limits.decimals"),
        ("CAT_002", "model.toml", "threshold"),
        ("CAT_002", "model.toml", "value"),
    }


def test_a_fault_names_the_node(copy: Path) -> None:
    edit(copy / "D1.toml", "rev = 1\n", "")
    with pytest.raises(Refusal) as caught:
        load(copy)
    (finding,) = caught.value.findings
    assert str(finding.place) == "D1.toml · D1-01-Q1"
    assert "rev" in finding.reason("en")


def test_what_is_no_catalogue_is_called_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("dimensions = []", "utf-8")
    (tmp_path / "old.xls").write_bytes(b"")
    for source, code in (("none", "CAT_056"), ("", "CAT_057"), ("notes.txt", "CAT_057"), ("old.xls", "CAT_057")):
        with pytest.raises(Refusal) as caught:
            load(tmp_path / source)
        (finding,) = caught.value.findings
        assert (finding.code, examine(tmp_path / source)[1]) == (code, (finding,))
        assert source in finding.reason("en")
        assert "cmm-s" in finding.fix("zh")


def test_a_question_may_be_switched_off(copy: Path, shipped: Catalogue) -> None:
    edit(copy / "D1.toml", "rev = 1\n", "rev = 1\nused = false\n")
    found = load(copy)
    assert [question.id for question in found.off] == ["D1-01-Q1"]
    assert found.off[0] == shipped.questions["D1-01-Q1"]
    assert "D1-01-Q1" not in found.questions
    assert replace(found, off=()).hash == found.hash != replace(shipped, dimensions=shipped.dimensions[:2]).hash


@pytest.mark.parametrize(
    ("file", "content", "fault"),
    [
        ("model.toml", "", ("CAT_002", "model.toml", "dimensions")),
        ("model.toml", "dimensions = 3", ("CAT_002", "model.toml", "dimensions")),
        ("model.toml", 'dimensions = "D1"', ("CAT_002", "model.toml", "dimensions")),
        ("model.toml", "dimensions = [1]\nscale = 3\nlevel = 4", ("CAT_002", "model.toml", "level")),
        ("D1.toml", "", ("CAT_002", "D1.toml", "dimension.id")),
        ("D1.toml", "dimension = []\nindicator = 3", ("CAT_002", "D1.toml", "indicator")),
        ("D1.toml", "indicator = [1, 2]", ("CAT_002", "D1.toml", "name")),
        ("D1.toml", "[[indicator]]\nid = 3\nname = 'x'\nshort = {zh = 1}", ("CAT_002", "D1.toml", "short")),
    ],
)
def test_a_file_of_another_shape_is_a_finding_not_a_crash(
    file: str, content: str, fault: tuple[str, str, str], copy: Path
) -> None:
    (copy / file).write_text(content, "utf-8")
    assert fault in faults(copy)


def test_bytes_that_are_no_text(copy: Path) -> None:
    (copy / "D1.toml").write_bytes(b"\xff\xfe\x00")
    assert faults(copy) == {("CAT_001", "D1.toml", "")}


def changed(value: Any) -> Any:
    """Another value of the same kind."""
    match value:
        case bool():
            return not value
        case int() | float():
            return value + 0.25
        case str():
            return value + "x"
        case tuple() if value and isinstance(value[0], str):
            return value[:-1]
        case tuple():
            return ("x",)
        case dict():
            first = next(iter(value))
            return value | {first: Text("别的", "other")}
        case None:
            return 1.0
    raise AssertionError(value)


def variants(node: Any) -> Iterator[tuple[str, Any]]:
    """`node` with one leaf below it changed, for every leaf (of lists only the first member), with its path."""
    for field in fields(node):
        value = getattr(node, field.name)
        if is_dataclass(value):
            inner = variants(value)
        elif isinstance(value, tuple) and value and is_dataclass(value[0]):
            inner = ((path, (new, *value[1:])) for path, new in variants(value[0]))
        else:
            inner = iter([("", changed(value))])
        for path, new in inner:
            yield f"{field.name}.{path}", replace(node, **{field.name: new})


def test_the_hash_changes_with_every_wording_weight_and_setting(shipped: Catalogue) -> None:
    hashes = {path: variant.hash for path, variant in variants(shipped)}
    assert {"dimensions.indicators.questions.text.en.", "dimensions.indicators.weight.", "levels.threshold."} <= set(
        hashes
    )
    assert [path for path, value in hashes.items() if value == shipped.hash] == ["off."]
    assert len(set(hashes.values())) == len(hashes)


def test_the_hash_is_of_the_content_alone(shipped: Catalogue) -> None:
    assert load().hash == shipped.hash
    assert len(shipped.hash) == 16
    assert int(shipped.hash, 16) >= 0


def test_text_cannot_move_between_fields_unnoticed(shipped: Catalogue) -> None:
    first, second = (replace(shipped, id=one, version=two) for one, two in (("a", "bc"), ("ab", "c")))
    assert first.hash != second.hash


@pytest.mark.parametrize("change", [lambda text: replace(text, zh="别的？"), lambda text: replace(text, en="Other?")])
def test_a_questions_hash_changes_with_its_wording_only(change: Callable[[Text], Text], shipped: Catalogue) -> None:
    question: Question = next(iter(shipped.questions.values()))
    assert replace(question, text=change(question.text)).text_hash != question.text_hash
    assert replace(question, weight=9, minutes=9).text_hash == question.text_hash
    assert len(question.text_hash) == 12


@pytest.mark.parametrize("id_", ["cmm-e", "cmm-s"])
def test_no_id_that_was_ever_asked_is_lost(id_: str) -> None:
    """tests/cases/<catalogue>_ids.txt is only ever added to: an id is asked or retired, for good."""
    catalogue = load(id_)
    asked = (Path(__file__).parent / "cases" / f"{id_.replace('-', '_')}_ids.txt").read_text("utf-8").split()
    assert set(asked) == {*catalogue.questions, *catalogue.retired}


def test_a_catalogue_that_ships_is_named_by_its_id(shipped: Catalogue) -> None:
    assert load("cmm-e") == shipped
    assert load("cmm-s").id == "cmm-s"
    assert [f"{f.place} {f.reason('en')}" for f in check(load("cmm-s"))] == []


def test_every_indicator_is_asked_in_depth(shipped: Catalogue) -> None:
    core = max(shipped.dimensions, key=lambda dimension: dimension.weight)
    assert core.id == "D6"
    for indicator in shipped.indicators:
        wanted = 8 if indicator in core.indicators else 5
        assert len(indicator.questions) >= wanted, indicator.id
    assert len(shipped.questions) >= 348
    assert {indicator.block for indicator in shipped.indicators} == {block.id for block in shipped.blocks}


def test_realms_are_equal_parts_of_the_scale(shipped: Catalogue) -> None:
    assert len(shipped.realms) == 7
    assert shipped.realm_thresholds == pytest.approx([5 * n / 7 for n in range(7)])
