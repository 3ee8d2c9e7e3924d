"""Findings: every code is worded alike in both languages, used somewhere, and harmless to show."""

import ast
import re
import string
import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from cmme_xl import findings
from cmme_xl.findings import LANGUAGES, Finding, Place, Refusal, Severity, codes, localised, message, visible, worst
from cmme_xl.wordings import LONGEST_SHOWN

PACKAGE = Path(findings.__file__).parent
TABLES = {path.name: tomllib.loads(path.read_text("utf-8")) for path in sorted((PACKAGE / "messages").glob("*.toml"))}
ENTRIES = {code: entry for table in TABLES.values() for code, entry in table.get("finding", {}).items()}
CODE = re.compile(r"[A-Z]{2,5}_\d{3}")
CHINESE = re.compile("[\u4e00-\u9fff]")


def placeholders(wording: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(wording) if name is not None}


def constants() -> set[str]:
    """Every string in the package's code that has the form of a finding code."""
    trees = (ast.parse(path.read_text("utf-8")) for path in PACKAGE.rglob("*.py"))
    texts = (node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return {text for text in texts if isinstance(text, str) and CODE.fullmatch(text)}


def worded() -> dict[str, dict[str, str]]:
    """Every entry of the [message] sections by its dotted key."""
    found: dict[str, dict[str, str]] = {}

    def collect(prefix: str, table: dict[str, object]) -> None:
        if any(isinstance(value, str) for value in table.values()):
            found[prefix] = {lang: str(value) for lang, value in table.items()}
        else:
            for key, below in table.items():
                assert isinstance(below, dict)
                collect(f"{prefix}.{key}", below)

    for table in TABLES.values():
        for section, below in table.get("message", {}).items():
            collect(section, below)
    return found


def test_no_two_tables_word_the_same_code() -> None:
    times = Counter(code for table in TABLES.values() for code in table.get("finding", {}))
    assert [code for code, count in times.items() if count > 1] == []
    assert set(codes()) == set(times)


def test_tables_hold_findings_and_messages_only() -> None:
    assert {section for table in TABLES.values() for section in table} <= {"finding", "message"}


def test_messages_stand_in_the_table_of_their_name() -> None:
    assert [
        name for name, table in TABLES.items() if set(table.get("message", {})) - {name.removesuffix(".toml")}
    ] == []


def test_every_code_in_the_source_is_worded() -> None:
    assert sorted(constants() - set(ENTRIES)) == []


def test_every_worded_code_is_used() -> None:
    assert sorted(set(ENTRIES) - constants()) == []


@pytest.mark.parametrize("code", ENTRIES)
def test_a_code_is_whole_and_alike_in_both_languages(code: str) -> None:
    entry = ENTRIES[code]
    assert CODE.fullmatch(code)
    assert set(entry) == {"severity", "reason", "fix"}
    assert entry["severity"] in list(Severity)
    for part in ("reason", "fix"):
        assert set(entry[part]) == set(LANGUAGES)
        assert placeholders(entry[part]["zh"]) == placeholders(entry[part]["en"])
        if part == "reason" or entry["severity"] != Severity.NOTE:
            assert all(entry[part].values())
    assert CHINESE.search(entry["reason"]["zh"])
    assert not CHINESE.search(entry["reason"]["en"])


@pytest.mark.parametrize("key", worded())
def test_a_message_is_alike_in_both_languages(key: str) -> None:
    entry = worded()[key]
    assert set(entry) == set(LANGUAGES)
    assert all(entry.values())
    assert placeholders(entry["zh"]) == placeholders(entry["en"])
    assert not CHINESE.search(entry["en"])


@dataclass(frozen=True)
class Words:
    zh: str
    en: str


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> None:
    """One code per severity, worded for the test."""
    reason = {"zh": "「{raw}」不是{what}", "en": '"{raw}" is no {what}'}
    wordings = {
        f"TST_{number:03}": {"severity": severity, "reason": reason, "fix": {"zh": "改正", "en": "Correct it"}}
        for number, severity in enumerate(Severity, 1)
    }
    monkeypatch.setattr(findings, "_wordings", lambda: wordings)


@pytest.mark.usefixtures("table")
def test_a_finding_speaks_the_readers_language() -> None:
    finding = Finding("TST_001", Place("a.xlsx", "S", "B2", "D1-01-Q1"), "四", {"what": Words("数", "number")})
    assert (finding.reason("zh"), finding.reason("en")) == ("「四」不是数", '"四" is no number')
    assert finding.fix("en") == "Correct it"
    assert str(finding.place) == "a.xlsx · S!B2 · D1-01-Q1"
    assert finding.at("b.xlsx").place == Place("b.xlsx", "S", "B2", "D1-01-Q1")
    assert finding.as_json("en") == {
        "code": "TST_001",
        "severity": "error",
        "file": "a.xlsx",
        "sheet": "S",
        "cell": "B2",
        "question": "D1-01-Q1",
        "raw": "四",
        "reason": '"四" is no number',
        "fix": "Correct it",
    }


@pytest.mark.usefixtures("table")
def test_what_was_typed_is_never_a_template_and_never_acts_on_a_terminal() -> None:
    finding = Finding("TST_001", Place("\x1b[2J.xlsx"), "{what}\x1b]0;x\x07", {"what": "\u202e{raw}\r"})
    assert finding.reason("en") == '"{what}\\u001b]0;x\\u0007" is no \\u202e{raw}\\u000d'
    assert str(finding.place) == "\\u001b[2J.xlsx"
    assert finding.as_json("en")["raw"] == "{what}\x1b]0;x\x07"


@pytest.mark.usefixtures("table")
def test_of_a_very_long_text_the_wording_quotes_what_fits_a_cell() -> None:
    finding = Finding("TST_001", raw="\x07" * 40_000, values={"what": "x" * 40_000})
    assert len(finding.reason("en")) < 2 * LONGEST_SHOWN + 20
    assert finding.reason("en").endswith("x…")
    assert finding.as_json("en")["raw"] == finding.raw


@pytest.mark.usefixtures("table")
def test_the_worst_of_several() -> None:
    error, warning, note = (Finding(f"TST_{number:03}") for number in (1, 2, 3))
    assert worst([note, warning, error, note]) is Severity.ERROR
    assert worst([note, warning]) is Severity.WARNING
    assert worst([]) is None


@pytest.mark.usefixtures("table")
def test_a_refusal_carries_its_findings() -> None:
    refusal = Refusal(Finding("TST_001", Place("a.xlsx"), raw, {"what": "number"}) for raw in "xy")
    assert [finding.raw for finding in refusal.findings] == ["x", "y"]
    assert str(refusal) == 'TST_001 a.xlsx "x" is no number; TST_001 a.xlsx "y" is no number'


@pytest.mark.usefixtures("table")
def test_an_unknown_code_or_a_missing_value_is_a_bug_that_shows() -> None:
    with pytest.raises(KeyError):
        _ = Finding("TST_999").severity
    with pytest.raises(KeyError):
        Finding("TST_001").reason("en")
    with pytest.raises(KeyError):
        message("catalogue.no_such_key", "en")


def test_a_message_is_filled_in_and_harmless() -> None:
    values = {"id": "x\x1b", "version": "1", "dimensions": 8, "indicators": 64, "questions": 200}
    assert message("catalogue.checked", "en", **values).startswith("Catalogue x\\u001b 1: 8 dimensions")
    assert CHINESE.search(message("catalogue.checked", "zh", **values))


def test_only_what_speaks_both_languages_is_localised() -> None:
    assert localised(Words("数", "number"), "zh") == "数"
    assert localised("number", "zh") == "number"
    assert localised(3, "en") == 3


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("客户 abc — ①", "客户 abc — ①"),
        ("full\u3000width\u00a0space", "full\u3000width\u00a0space"),
        ("a\nb\tc", "a\\u000ab\\u0009c"),
        ("\x1b[31m", "\\u001b[31m"),
        ("\x9b31m", "\\u009b31m"),
        ("\u202eabc\u2066\u200f\u061c", "\\u202eabc\\u2066\\u200f\\u061c"),
        ("\ud83d", "\\ud83d"),
        ("\U0001f600\U000e0001", "\U0001f600\\U000e0001"),
    ],
)
def test_visible(text: str, shown: str) -> None:
    assert visible(text) == shown
