"""The JSON of results, and what each audience sees in it."""

import json
from dataclasses import replace
from typing import Any

import pytest
from small_engagement import catalogue, plan, returned, together

from cmme_xl.findings import Finding, Place, Refusal
from cmme_xl.results.audience import sealed, shown_agreement, withheld
from cmme_xl.results.compute import compute
from cmme_xl.results.export import as_json
from cmme_xl.returned.model import ReturnedFile, Status
from cmme_xl.summary.target import refuse_recognisable

PEOPLE = "tina:top tom:top mia:mid max:mid mel:mid fay:floor fred:floor fritz:floor flora:floor"
ANSWERS = """
       tina tom mia max mel fay fred fritz flora
A1-a   5    4   3   3   .   1   1    2     DK
A1-b   5    4   .   .   .   .   .    .     .
B1-a   .    .   3   4   5   1   1    2     2
B2-a   .    .   .   .   .   5   .    .     .
"""
NODE = "score raw source level gated_level provisional low high coverage response_rate asked scored na dk blank open"
DOCUMENT = (
    "schema engagement catalogue scope combine voice audience roles gaps views agreement agreed ledger calibrations"
)
LEDGER = "expected scored na dk blank rejected missing conflict"


def export(audience: str, given: str = "", scope: str | None = None, **settings: Any) -> dict[str, Any]:
    """What a reader of the file would get: through JSON and back, NaN refused."""
    results = compute(plan(PEOPLE, given, audience=audience, **settings), returned(ANSWERS), scope)
    return json.loads(json.dumps(as_json(results, "en"), allow_nan=False))  # type: ignore[no-any-return]


def test_the_schema() -> None:
    found = export("consultant", "target:A1:5", voice="person")
    assert " ".join(found) == DOCUMENT
    assert (found["schema"], found["engagement"], found["scope"], found["combine"]) == (1, "E1", "standard", "mean")
    assert found["catalogue"] == {"id": "small", "version": "1", "hash": catalogue().hash}
    assert list(found["roles"]) == ["current", "target", "benchmark", "competitor"]
    current = found["roles"]["current"]
    assert {key: list(current[key]) for key in ("dimensions", "indicators", "questions")} == {
        "dimensions": ["A", "B"],
        "indicators": ["A1", "A2", "B1", "B2"],
        "questions": ["A1-a", "A1-b", "A2-a", "B1-a", "B2-a", "B2-b"],
    }
    assert " ".join(current["total"]) == " ".join(current["questions"]["B2-b"]) == NODE
    assert found["calibrations"] == []
    assert " ".join(found["ledger"]["answers"]) == LEDGER


def test_nodes_are_unrounded_and_absent_figures_null() -> None:
    found = export("consultant", gates=True)["roles"]
    question = found["current"]["questions"]["A1-a"]
    assert question["score"] == pytest.approx(19 / 7, abs=1e-12)
    assert (question["asked"], question["scored"], question["dk"], question["level"]) == (8, 7, 1, 3)
    assert (found["current"]["total"]["gated_level"], found["current"]["dimensions"]["A"]["gated_level"]) == (4, None)
    assert found["current"]["indicators"]["A2"]["score"] is None
    assert (found["target"]["total"]["score"], found["target"]["total"]["gated_level"]) == (None, None)


def test_gaps_carry_importance_and_its_order() -> None:
    gaps = {gap.pop("id"): gap for gap in export("client", "target:A1:5 benchmark:B1:5 benchmark:A1:4.5")["gaps"]}
    assert list(gaps) == ["total", "A", "A1", "B", "B1"]
    assert list(gaps["A1"]) == ["to_target", "to_benchmark", "weight_share", "importance", "priority"]
    assert gaps["A1"]["to_target"] == pytest.approx(5 - gaps_score())
    assert gaps["A1"]["to_benchmark"] == pytest.approx(4.5 - gaps_score())
    assert (gaps["A1"]["priority"], gaps["B1"]["priority"], gaps["A"]["priority"]) == (1, 2, None)
    assert (gaps["A"]["importance"], gaps["B1"]["to_target"]) == (None, None)
    assert gaps["B"]["weight_share"] == 0.5
    assert gaps["total"]["weight_share"] == 0.375  # to target, the larger: half of A, 3 of 4


def gaps_score() -> float:
    return (19 / 7 + 3 * 4.5) / 4


def test_the_share_is_that_of_the_gap_importance_rests_on() -> None:
    shares = {
        setting: next(
            g for g in export("client", "target:A1:4 benchmark:A1:5 benchmark:B1:5", importance=setting)["gaps"]
        )
        for setting in ("target", "benchmark", "larger")
    }
    assert [shares[setting]["weight_share"] for setting in shares] == [0.375, 0.5, 0.5]


def test_a_client_sees_no_person_and_no_file() -> None:
    text = json.dumps(export("client"))
    assert not [
        name for name in PEOPLE.replace(":", " ").split() if name not in ("top", "mid", "floor") and name in text
    ]
    assert ".xlsx" not in text
    assert "seen by" not in text


def test_a_client_sees_files_as_statuses() -> None:
    files = export("client")["ledger"]["files"]
    assert len(files) == 9
    assert files[0] == {"name": None, "sha256": None, "status": "accepted", "respondent": None, "findings": []}
    asked = returned(ANSWERS)
    mixed = replace(asked, files=(replace(asked.files[0], status=Status.UNREADABLE), *asked.files[1:3]))
    ledger = as_json(compute(plan(PEOPLE), mixed), "en")["ledger"]
    assert isinstance(ledger, dict)
    assert [file["status"] for file in ledger["files"]] == ["accepted", "accepted", "unreadable"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_consultant_sees_files_and_their_findings(lang: str) -> None:
    finding = Finding("RES_001", Place("x.xlsx", "S", "C5", "A1-a"), "6", {"found": 1, "needed": 3})
    file = ReturnedFile("x.xlsx", "cd" * 32, 10, Status.WITH_FINDINGS, "tina", findings=(finding,))
    stray = ReturnedFile("y.xlsx", "ef" * 32, 10, Status.UNREADABLE)
    results = compute(plan(PEOPLE, audience="consultant"), replace(returned(ANSWERS), files=(file, stray)))
    ledger = as_json(results, lang)["ledger"]
    assert isinstance(ledger, dict)
    assert [(f["name"], f["status"], f["respondent"]) for f in ledger["files"]] == [
        ("x.xlsx", "accepted_with_findings", "tina"),
        ("y.xlsx", "unreadable", None),
    ]
    assert ledger["files"][0]["findings"] == [
        {
            "code": "RES_001",
            "severity": "warning",
            "sheet": "S",
            "cell": "C5",
            "question": "A1-a",
            "raw": "6",
            "reason": finding.reason(lang),
            "fix": finding.fix(lang),
        }
    ]


def agreement(audience: str, **settings: Any) -> dict[str, dict[str, Any]]:
    return {entry.pop("id"): entry for entry in export(audience, **settings)["agreement"]}


def test_a_consultant_sees_all_agreement() -> None:
    found = agreement("consultant")
    assert found["A1-a"]["tiers"] == {"top": 4.5, "mid": 3, "floor": pytest.approx(4 / 3)}
    assert (found["B2-a"]["n"], found["B2-a"]["spread"], found["B2-a"]["sd"]) == (1, 0, 0)
    assert list(found["B2-a"]) == ["n", "spread", "sd", "tiers", "agenda"]
    assert [id_ for id_, entry in found.items() if entry["agenda"]] == ["A1", "B1"]


def test_small_tiers_are_withheld_from_a_client() -> None:
    found = agreement("client")
    assert set(found["A1-a"]["tiers"].values()) == {None}  # too few scored A1-b, so that A1's mean would give both away
    assert found["B1-a"]["tiers"] == {"mid": 4, "floor": 1.5}  # three and four
    assert found["B2-a"]["tiers"] == {"floor": None}
    assert found["A1"]["tiers"]["top"] is None  # four answers, but of two people


def test_who_scored_only_what_is_dropped_is_nobody() -> None:
    people = "a:top b:top c:top"
    asked = returned("a b c\nA1-a 5 4 .\nA1-b . . 3")
    assert shown_agreement(compute(plan(people), asked))["A1"].tiers == {"top": 4}
    assert shown_agreement(compute(plan(people, dropped="A1-b"), asked))["A1"].tiers == {"top": None}


def test_one_tier_hidden_alone_takes_the_smallest_other_with_it() -> None:
    people = "a:top b:mid c:mid d:mid e:floor f:floor g:floor h:floor"
    asked = returned("a b c d e f g h\nB1-a 5 3 3 4 1 1 1 1")
    assert shown_agreement(compute(plan(people), asked))["B1-a"].tiers == {"top": None, "mid": None, "floor": 1}
    consultant = compute(plan(people, audience="consultant"), asked)
    assert shown_agreement(consultant)["B1-a"].tiers == {"top": 5, "mid": pytest.approx(10 / 3), "floor": 1}


def test_who_has_no_weight_is_no_cover() -> None:
    """Where the others weigh nothing, the figure is the one person's who is left."""
    asked = returned("a b c d e\nB1-a 5 3 3 4 1\nB2-a 5 3 3 4 1")
    for people, shares in (
        ("a:top b:mid:0 c:mid:0 d:mid:0 e:mid:0", {}),
        ("a:top b:mid c:mid d:mid e:mid", {"top": 1.0, "mid": 0.0}),
    ):
        voice = "tier" if shares else "person"
        found = compute(plan(people, voice=voice, tier_shares=shares), asked)
        assert {node for angle, node in withheld(found, "client") if angle == "current"} == {"B1", "B2"}
        assert sealed(found, "current") >= {"B1-a", "B2-a"}
        with pytest.raises(Refusal) as refused:
            list(refuse_recognisable(found))
        assert [finding.code for finding in refused.value.findings] == ["OUT_005"]
        assert not list(refuse_recognisable(compute(plan(people, voice=voice, combine="median"), asked)))


def test_a_tier_without_weight_does_not_hide_another() -> None:
    """The figure is that of top and floor together: with floor shown, top would follow; mid says nothing of either."""
    people = "a:top b:mid:0 c:mid:0 d:mid:0 e:floor f:floor g:floor h:floor"
    asked = returned("a b c d e f g h\nB1-a 5 3 3 4 1 1 1 1")
    tiers = shown_agreement(compute(plan(people), asked))["B1-a"].tiers
    assert tiers == {"top": None, "mid": pytest.approx(10 / 3), "floor": None}


def test_spread_is_withheld_from_a_client_under_five() -> None:
    people = "a:top b:top c:top d:top e:top"
    asked = returned("a b c d e\nB1-a 5 3 3 4 .\nB2-a 5 3 3 4 1")
    shown = shown_agreement(compute(plan(people), asked))
    assert (shown["B1-a"].n, shown["B1-a"].spread, shown["B1-a"].sd) == (4, None, None)
    assert (shown["B2-a"].n, shown["B2-a"].spread) == (5, 4)
    assert shown["B2-a"].sd is not None


def test_agreement_is_listed_within_the_scope_shown() -> None:
    assert "B2-a" in agreement("client")
    assert "B2-a" not in agreement("client", scope="key")


def test_what_others_say_of_them_is_not_agreement() -> None:
    asked = together(returned(ANSWERS), returned("b1\nB2-a 1", "benchmark"))
    found = shown_agreement(compute(plan(PEOPLE + " b1:benchmark", audience="consultant"), asked))
    assert found["B2-a"].tiers == {"floor": 5}
