"""Where a catalogue comes from: the one that ships, a folder of TOML, or a workbook that was edited."""

from pathlib import Path

from cmme_xl.catalogue.checks import check
from cmme_xl.catalogue.loader import default_folder, load_folder, shipped_folders
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
        return load_folder(place)
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
        catalogue = load_folder(place)
    except Refusal as refusal:
        return None, refusal.findings
    return catalogue, check(catalogue)


def _place(source: Source) -> Path:
    if source is None:
        return default_folder()
    return Path(source) if Path(source).exists() else shipped_folders().get(str(source), Path(source))
