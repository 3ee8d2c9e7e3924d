"""The whole story on a made-up engagement: plan, workbooks, returns, records, status, summary, report and deck."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

from cmme_xl.catalogue import load
from cmme_xl.demo.mailbox import answer_all
from cmme_xl.demo.meeting import calibrate
from cmme_xl.demo.sessions import hold_all
from cmme_xl.demo.story import demo_plan
from cmme_xl.findings import Finding, Refusal, message
from cmme_xl.interview.generation import generate
from cmme_xl.interview.record.generation import record
from cmme_xl.plan.issued import FILE_NAME, RECORD, latest, read
from cmme_xl.plan.write import new_plan
from cmme_xl.report.making import make
from cmme_xl.scorecard import making as scorecard
from cmme_xl.status.write import status
from cmme_xl.summary.consolidation import Choices, consolidate, usable_plan

MARK = ".cmme-demo"
EDITIONS = (
    ("summary.xlsx", Choices(audience="consultant")),
    ("summary-client.xlsx", Choices(audience="client")),
)
WRITTEN = ("report.docx", "deck.pptx")


def tell(folder: Path, lang: str, say: Callable[[str], None]) -> None:
    """Write the made-up engagement into `folder`, saying at each step what was done; a former demo there is replaced.

    Raises Refusal where `folder` holds anything that is not a demo's, and what the commands themselves raise.
    """

    def line(key: str, **values: object) -> None:
        say(message(f"demo.{key}", lang, **values))

    _clear(folder)
    catalogue = load()
    line("begin", folder=folder)

    plan_path = folder / "plan.xlsx"
    new_plan(plan_path, catalogue, lang, plan=demo_plan(catalogue, lang))
    plan, _ = usable_plan(plan_path, catalogue)
    line("plan", file=plan_path, people=len(plan.people), questions=len(catalogue.questions))

    generate(plan, folder / "out", folder / FILE_NAME)
    issues = latest(read(folder / FILE_NAME))
    sent = {person: folder / "out" / Path(issue.file).name for person, issue in issues.items()}
    line("generate", count=len(sent), folder=folder / "out")

    came = answer_all(plan, sent, folder / "returned")
    line("answer", count=len(came), folder=folder / "returned")

    drawn = record(plan, folder / "returned", folder / "records", folder / FILE_NAME)
    kept = latest(issue for issue in read(folder / FILE_NAME) if issue.kind == RECORD)
    of = {person: folder / "records" / issue.file for person, issue in kept.items()}
    held = hold_all(plan, of, folder / "returned")
    line("record", count=len(drawn.written), held=len(held), folder=folder / "records")

    status(plan, plan_path, folder / "returned", date.today(), folder / "status.xlsx", lang)
    line("status", file=folder / "status.xlsx")

    card = folder / "scorecard.xlsx"
    scorecard.make(plan, plan_path, folder / "returned", card, date.today(), lang)
    line("scorecard", file=card, count=calibrate(card, lang))
    # made again from what was typed; the former file, as a program other than Excel has saved it, is of no use
    scorecard.make(plan, plan_path, folder / "returned", card, date.today(), lang)
    card.with_name("scorecard.previous.xlsx").unlink()

    other = "en" if lang == "zh" else "zh"
    for name, choices in (*EDITIONS, (f"summary-{other}.xlsx", Choices(audience="consultant", lang=other))):
        json_path = folder / "results.json" if name == EDITIONS[0][0] else None
        done = consolidate(plan_path, folder / "returned", folder / name, catalogue, choices, json_path)
        line("summary", file=folder / name)
    calibrated = folder / "summary-calibrated.xlsx"
    consolidate(plan_path, folder / "returned", calibrated, catalogue, Choices(audience="consultant", scorecard=card))
    line("calibrated", file=calibrated)
    tally = done.results.returned.tally()
    line("ledger", files=len(done.results.returned.files), findings=len(done.findings), **tally)
    for name in WRITTEN:
        make(plan_path, folder / "returned", folder / name, catalogue)
        line("report", file=folder / name)
    line("end", folder=folder)


def _clear(folder: Path) -> None:
    """Make room for the demo: an empty folder, or one that only a former demo has written."""
    if folder.exists() and any(folder.iterdir()):
        if not (folder / MARK).exists():
            raise Refusal([Finding("DEM_001", values={"folder": folder})])
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARK).touch()
