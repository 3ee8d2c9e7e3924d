"""Answers and results as data frames, for those who script. They are a consultant's: nothing is withheld in them."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from cmme_xl.catalogue import ROOT
from cmme_xl.plan.model import Plan
from cmme_xl.results.model import ANGLES, CUSTOMER, Results
from cmme_xl.returned.model import Outcome, Returned

if TYPE_CHECKING:
    from pandas import DataFrame

ANSWER_COLUMNS = (
    "respondent",
    "group",
    "angle",
    "dimension",
    "indicator",
    "question",
    "outcome",
    "score",
    "weight",
    "raw",
    "evidence",
    "comment",
    "proof",
    "file",
    "sheet",
    "cell",
)
RESULT_COLUMNS = (
    "score",
    "raw",
    "source",
    "level",
    "provisional",
    "low",
    "high",
    "coverage",
    "response_rate",
    "asked",
    "scored",
    "na",
    "dk",
    "blank",
    "open",
    "in_scope",
    "share",
    "valued_share",
)
KINDS = ("total", "dimension", "indicator", "question")


def answers_frame(plan: Plan, returned: Returned) -> "DataFrame":
    """The answers of all respondents: one row per expected answer, in the order of `returned.answers`.

    Columns ANSWER_COLUMNS. Ids and outcomes are ordered categories: people in the plan's order, the rest in the
    catalogue's. `score` is NaN unless `outcome` is "scored"; `weight` is the person's. Group and weight are missing
    for a respondent whom the plan does not name.
    """
    import pandas as pd

    catalogue, answers = plan.catalogue, returned.answers
    frame = pd.DataFrame(
        {
            "respondent": [a.respondent for a in answers],
            "question": [a.question for a in answers],
            "angle": [a.angle for a in answers],
            "outcome": [a.outcome.value for a in answers],
            "score": pd.Series([a.score for a in answers], dtype="float64"),
            "raw": [a.raw for a in answers],
            "evidence": [a.evidence for a in answers],
            "comment": [a.comment for a in answers],
            "proof": [a.proof for a in answers],
            "file": [a.file for a in answers],
            "sheet": [a.sheet for a in answers],
            "cell": [a.cell for a in answers],
        }
    )
    people = pd.DataFrame([(p.id, p.group, p.weight) for p in plan.people], columns=["respondent", "group", "weight"])
    places = pd.DataFrame(
        [(q, catalogue.dimension_of[q].id, catalogue.indicator_of[q].id) for q in catalogue.questions],
        columns=["question", "dimension", "indicator"],
    )
    merged = frame.merge(people, how="left", on="respondent").merge(places, how="left", on="question")
    orders: dict[str, Iterable[str]] = {
        "respondent": (*plan.by_id, *frame["respondent"]),
        "group": (group.id for group in catalogue.groups),
        "angle": (*ANGLES, *(group.angle for group in catalogue.groups)),
        "dimension": (dimension.id for dimension in catalogue.dimensions),
        "indicator": (indicator.id for indicator in catalogue.indicators),
        "question": (*catalogue.questions, *frame["question"]),
        "outcome": (outcome.value for outcome in Outcome),
    }
    for column, order in orders.items():
        merged[column] = pd.Categorical(merged[column], categories=list(dict.fromkeys(order)), ordered=True)
    return merged[list(ANSWER_COLUMNS)]


def scores_frame(results: Results) -> "DataFrame":
    """The results of the chosen scope: one row per angle and node, parents before children, unrounded.

    Columns: angle, kind (one of KINDS), node, then RESULT_COLUMNS as in `scoring.Result`; a figure that there is not
    is NaN, a missing level <NA>.
    """
    import pandas as pd

    catalogue = results.plan.catalogue
    kinds = {ROOT: "total"} | dict.fromkeys(catalogue.questions, "question")
    kinds |= {dimension.id: "dimension" for dimension in catalogue.dimensions}
    kinds |= {indicator.id: "indicator" for indicator in catalogue.indicators}
    rows = [
        (angle.id, kinds[id_], id_, *(getattr(result, column) for column in RESULT_COLUMNS))
        for angle in results.chosen.angles.values()
        for id_, result in angle.nodes.items()
    ]
    frame = pd.DataFrame(rows, columns=["angle", "kind", "node", *RESULT_COLUMNS])
    figures = ["score", "raw", "low", "high", "coverage", "response_rate"]
    frame = frame.astype(dict.fromkeys(figures, "float64") | {"level": "Int64"})
    nodes = list(results.chosen.angles["current"].nodes)
    for column, order in {"angle": [*ANGLES, CUSTOMER], "kind": list(KINDS), "node": nodes}.items():
        frame[column] = pd.Categorical(frame[column], categories=order, ordered=True)
    return frame
