"""Where a catalogue comes from: the one that ships, a folder of TOML, or a workbook that was edited."""

import os
from pathlib import Path

from cmme_xl.catalogue.checks import check
from cmme_xl.catalogue.loader import MODEL, default_folder, load_folder, shipped_folders
from cmme_xl.catalogue.model import Catalogue
from cmme_xl.findings import Finding, Refusal, Severity

Source = Path | str | None


def load(source: Source = None) -> Catalogue:
    """The catalogue at `source`: a folder, an .xlsx made by `catalogue export`, the id of one that ships; default:
    the program's own.

    Raises Refusal with everything that keeps it from being read, all at once. What is merely wrong in the content
    of a folder is left to `check`; a workbook with errors of any kind is refused, each with its cell.
    """
    place = _place(source)
    if place.suffix.lower() != ".xlsx":
        return _folder(place)
    catalogue, findings = examine(place)
    if catalogue is None or any(finding.severity is Severity.ERROR for finding in findings):
        raise Refusal(findings)
    return catalogue


def examine(source: Source = None) -> tuple[Catalogue | None, tuple[Finding, ...]]:
    """The catalogue at `source` and all its faults, of form and of content; None where it cannot be made at all."""
    place = _place(source)
    if place.suffix.lower() == ".xlsx":
        from cmme_xl.catalogue.importing import read_workbook

        return read_workbook(place)
    try:
        catalogue = _folder(place)
    except Refusal as refusal:
        return None, refusal.findings
    return catalogue, check(catalogue)


def _folder(place: Path) -> Catalogue:
    """The catalogue in a folder of TOML. Raises Refusal, which says what `place` is where it is no such folder."""
    if not os.path.isfile(place / MODEL):
        values = {"source": str(place), "known": ", ".join(shipped_folders()), "wanted": MODEL}
        raise Refusal([Finding("CAT_057" if os.path.exists(place) else "CAT_056", values=values)])
    return load_folder(place)


def _place(source: Source) -> Path:
    if source is None:
        return default_folder()
    return Path(source) if os.path.exists(source) else shipped_folders().get(str(source), Path(source))
