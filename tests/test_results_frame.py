"""Answers and results as data frames."""

import subprocess
import sys

from small_engagement import catalogue, plan, returned, together

from cmme_xl.results.compute import compute
from cmme_xl.results.frame import ANSWER_COLUMNS, RESULT_COLUMNS, answers_frame, scores_frame

PEOPLE = "t2:top:2 t1:top f1:floor"
ASKED = together(
    returned("f1 t1 t2\nB1-a 3 NA 4\nA1-b - ! ."),
    returned("f1\nB1-a 5", "target"),
)


def test_answers_are_merged_with_people_and_catalogue() -> None:
    frame = answers_frame(plan(PEOPLE), ASKED)
    assert tuple(frame.columns) == ANSWER_COLUMNS
    assert len(frame) == len(ASKED.answers) == 6
    row = frame.iloc[2]
    assert (row["respondent"], row["group"], row["angle"], row["weight"]) == ("t2", "top", "current", 2)
    assert (row["dimension"], row["indicator"], row["question"]) == ("B", "B1", "B1-a")
    assert (row["outcome"], row["score"], row["raw"], row["cell"]) == ("scored", 4, "4", "C5")
    assert frame["score"].isna().tolist() == [False, True, False, True, True, False]
    assert frame.iloc[4]["outcome"] == "rejected"


def test_answers_are_ordered_as_plan_and_catalogue_are() -> None:
    frame = answers_frame(plan(PEOPLE), ASKED)
    assert list(frame["respondent"].cat.categories) == ["t2", "t1", "f1"]
    assert list(frame["question"].cat.categories) == list(catalogue().questions)
    assert frame.sort_values(["question", "respondent"])["question"].tolist()[:2] == ["A1-b", "A1-b"]
    assert frame["question"].cat.ordered


def test_no_answer_is_lost_for_want_of_a_person() -> None:
    frame = answers_frame(plan("t1:top"), ASKED)
    assert frame["respondent"].tolist() == ["f1", "t1", "t2", "f1", "t1", "f1"]
    assert frame["group"].isna().tolist() == [True, False, True, True, False, True]


def test_no_answers_make_an_empty_frame() -> None:
    assert answers_frame(plan(PEOPLE), returned("t1")).empty


def test_results_are_one_row_per_angle_and_node() -> None:
    results = compute(plan(PEOPLE, audience="consultant"), ASKED)
    frame = scores_frame(results)
    assert list(frame.columns) == ["angle", "kind", "node", *RESULT_COLUMNS]
    assert len(frame) == 4 * (1 + 2 + 4 + 6)
    found = frame.set_index(["angle", "node"])
    assert found.loc[("current", "B1-a"), "score"] == 11 / 3  # (3 + 2*4)/3
    assert found.loc[("current", "B1-a"), "kind"] == "question"
    assert found.loc[("target", "total"), "level"] == 5
    assert frame[frame["node"] == "A2"]["level"].isna().all()
    assert frame["kind"].tolist()[:3] == ["total", "dimension", "indicator"]


def test_pandas_is_imported_only_for_frames() -> None:
    code = (
        "import sys, cmme_xl.results.compute, cmme_xl.results.export, cmme_xl.results.frame;"
        "sys.exit('pandas' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
