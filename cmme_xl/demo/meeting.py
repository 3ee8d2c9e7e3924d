"""The calibration meeting: what was agreed there, typed into the scorecard as a file."""

import warnings
from datetime import datetime, time
from pathlib import Path

from cmme_xl.demo.story import story
from cmme_xl.returned.scorecard import header, id_header
from cmme_xl.templates import template


def calibrate(path: Path, lang: str) -> int:
    """Type the story's calibrations into the scorecard at `path`, whose words are in `lang`; returns how many."""
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        # what openpyxl does not know it drops, and says so; the scorecard is refreshed from what was typed
        warnings.simplefilter("ignore", UserWarning)
        work = load_workbook(path)
    sheet = work[template("scorecard")["sheets"]["scores"][lang]]
    columns = {str(cell.value): cell.column for row in sheet.iter_rows(max_row=40) for cell in row if cell.value}
    rows = {str(sheet.cell(row, columns[id_header(lang)]).value): row for row in range(1, sheet.max_row + 1)}
    told = story()["calibration"]
    for each in told:
        typed = {"score": each["score"], "by": story()["engagement"]["interviewer"][lang]}
        typed |= {"when": datetime.combine(each["day"], time()), "why": each["reason"][lang]}
        for field, value in typed.items():
            sheet.cell(rows[each["node"]], columns[header(field, "current", lang)]).value = value
    work.save(path)
    return len(told)
