"""The command line: parses, calls, shows. The work itself is done by the functions it calls.

Exit status: 0 done; 1 done, with findings that need someone; 2 refused.
"""

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cmme_xl import __version__
from cmme_xl.findings import Finding, Refusal, Severity, message, visible

if TYPE_CHECKING:
    from cmme_xl.catalogue import Catalogue
    from cmme_xl.returned.model import Answer, ReturnedFile

DONE, NEEDS_SOMEONE, REFUSED = 0, 1, 2
CHANGED = "GEN_001"
COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
FILE = click.Path(dir_okay=False, path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)


def screen_lang() -> str:
    """The language to speak: CMME_LANG, else the system's where that is English, else Chinese."""
    told = os.environ.get("CMME_LANG", "")
    if told in ("zh", "en"):
        return told
    named = [os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    # Windows sets none of them; Python calls the nameless C locale en_US, so it is asked last
    system = next(filter(None, named), None) or (_windows_locale() if os.name == "nt" else None) or ""
    return "en" if system.lower().startswith("en") else "zh"


def _windows_locale() -> str | None:
    import locale

    return locale.getlocale()[0]


LANG = screen_lang()


def say(key: str, **values: object) -> str:
    """The wording of this command line in the reader's language."""
    return message(f"cli.{key}", LANG, **values)


def main() -> None:
    """Run the command line; every foreseeable failure ends in a sentence, none in a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        status = cli(standalone_mode=False)
    except Refusal as refusal:
        show(refusal.findings)
        click.echo(say("refused"), err=True)
        status = REFUSED
    except click.exceptions.Exit as leaving:
        status = leaving.exit_code
    except click.ClickException as wrong:
        wrong.show()
        status = REFUSED
    except (click.Abort, KeyboardInterrupt):
        click.echo(say("interrupted"), err=True)
        status = REFUSED
    sys.exit(status or DONE)


@click.group(help=say("help.main"), context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="cmme-xl")
@click.option("-v", "--verbose", is_flag=True, help=say("option.verbose"))
def cli(verbose: bool) -> None:
    if verbose:
        import logging

        logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(name)s %(message)s")


def catalogue_option(command: "Callable[..., int]") -> "Callable[..., int]":
    """The option that names another catalogue than the program's own."""
    option = click.option("--catalogue", "source", metavar="SOURCE", help=say("option.catalogue"))
    return option(command)


def chosen_catalogue(source: str | None) -> "Catalogue":
    """The catalogue to work with. One that did not come with the program is checked before anything is done with it.

    Raises Refusal with all its findings where any of them is an error.
    """
    from cmme_xl.catalogue import examine, load

    if source is None:
        return load()
    found, findings = examine(source)
    if found is None or any(finding.severity is Severity.ERROR for finding in findings):
        raise Refusal(findings)
    return found


@cli.command(help=say("help.demo"))
@click.argument("folder", type=FOLDER, default=Path("demo"))
@click.option("--lang", type=click.Choice(["zh", "en"]), default=LANG, help=say("option.lang"))
def demo(folder: Path, lang: str) -> int:
    from cmme_xl.demo import tell

    with writing(folder):
        tell(folder, lang, lambda line: click.echo(line))
    return DONE


@cli.group(help=say("help.plan"))
def plan() -> None:
    """Commands on the plan workbook."""


@plan.command("new", help=say("help.plan_new"))
@click.argument("path", metavar="PLAN", type=FILE)
@click.option("--lang", type=click.Choice(["zh", "en"]), default=LANG, help=say("option.lang"))
@click.option("--people", type=click.IntRange(1, 1000), default=60, show_default=True, help=say("option.people"))
@click.option("--force", is_flag=True, help=say("option.force"))
@catalogue_option
def plan_new(path: Path, lang: str, people: int, force: bool, source: str | None) -> int:
    from cmme_xl.plan.write import new_plan

    if path.suffix.lower() != ".xlsx":
        raise Refusal([Finding("OUT_001", values={"file": path.name, "suffix": ".xlsx"})])
    if path.exists() and not force:
        click.echo(say("exists", file=shown(path)), err=True)
        return REFUSED
    catalogue = chosen_catalogue(source)
    with writing(path):
        new_plan(path, catalogue, lang, people_slots=people)
    click.echo(say("plan_new_done", file=shown(path), again=again(path, source)))
    return DONE


@plan.command("check", help=say("help.plan_check"))
@click.argument("path", metavar="PLAN", type=FILE)
@catalogue_option
def plan_check(path: Path, source: str | None) -> int:
    from cmme_xl.summary.consolidation import usable_plan

    catalogue = chosen_catalogue(source)
    try:
        found, findings = usable_plan(path, catalogue)
    except Refusal as refusal:
        show(refusal.findings, err=False)
        click.echo(say("plan_check_refused"))
        return REFUSED
    show(findings, err=False)
    questions = sum(found.in_scope(question) for question in found.catalogue.questions)
    wording = "plan_check_usable" if needs_someone(findings) else "plan_check_clean"
    click.echo(say(wording, people=len(found.people), questions=questions, again=again(path, source)))
    return NEEDS_SOMEONE if needs_someone(findings) else DONE


@cli.command(help=say("help.generate"))
@click.argument("path", metavar="PLAN", type=FILE)
@click.option("-o", "--out", type=FOLDER, help=say("option.out"))
@click.option("--reissue", is_flag=True, help=say("option.reissue"))
@catalogue_option
def generate(path: Path, out: Path | None, reissue: bool, source: str | None) -> int:
    from cmme_xl.interview.generation import generate as write_workbooks
    from cmme_xl.plan.issued import FILE_NAME
    from cmme_xl.summary.consolidation import usable_plan

    found, findings = usable_plan(path, chosen_catalogue(source))
    folder = out or path.parent / "out"
    with writing(folder), progress("generate") as advance:
        made = write_workbooks(found, folder, path.parent / FILE_NAME, reissue=reissue, progress=advance)
    findings += tuple(made.findings)
    show(findings)
    if changed := sum(finding.code == CHANGED for finding in made.findings):
        click.echo(say("generate_changed", changed=changed))
    click.echo(
        say(
            "generate_done",
            written=len(made.written),
            skipped=len(made.skipped),
            folder=shown(folder),
            dispatch=shown(made.dispatch_path),
            again=again(path, source),
        )
    )
    return NEEDS_SOMEONE if needs_someone(findings) else DONE


@cli.command(help=say("help.check"))
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--plan", "plan_path", type=FILE, help=say("option.plan"))
@click.option("--json", "as_json", is_flag=True, help=say("option.json_flag"))
@catalogue_option
def check(files: tuple[Path, ...], plan_path: Path | None, as_json: bool, source: str | None) -> int:
    from cmme_xl.plan import issued
    from cmme_xl.returned.read import read_file
    from cmme_xl.summary.consolidation import usable_plan

    catalogue = chosen_catalogue(source)
    found = usable_plan(plan_path, catalogue)[0] if plan_path else None
    with writing(plan_path):
        issues = issued.read(plan_path.parent / issued.FILE_NAME) if plan_path else None
    checked = [read_file(path, catalogue, issues, found) for path in files]
    if as_json:
        import json

        click.echo(json.dumps([file_json(*each) for each in checked], ensure_ascii=False, indent=1))
    else:
        for each in checked:
            show_file(*each)
    findings = [finding for file, _ in checked for finding in file.findings]
    return NEEDS_SOMEONE if needs_someone(findings) else DONE


@cli.command(help=say("help.consolidate"))
@click.argument("path", metavar="PLAN", type=FILE)
@click.argument("folder", metavar="RETURNED", type=FOLDER)
@click.option("-o", "--out", type=FILE, required=True, help=say("option.summary"))
@click.option("--scope", type=click.Choice(["standard", "key"]), help=say("option.scope"))
@click.option("--lang", type=click.Choice(["zh", "en"]), help=say("option.lang"))
@click.option("--audience", type=click.Choice(["client", "consultant"]), help=say("option.audience"))
@click.option("--prefer", type=click.Choice(["newest"]), help=say("option.prefer_newest"))
@click.option("--json", "json_path", type=FILE, help=say("option.json"))
@catalogue_option
def consolidate(
    path: Path,
    folder: Path,
    out: Path,
    scope: str | None,
    lang: str | None,
    audience: str | None,
    prefer: str | None,
    json_path: Path | None,
    source: str | None,
) -> int:
    from cmme_xl.summary.consolidation import Choices
    from cmme_xl.summary.consolidation import consolidate as run

    if not folder.is_dir():
        click.echo(say("folder_missing", folder=shown(folder)), err=True)
        return REFUSED
    choices = Choices(scope, lang, audience, True if prefer else None)
    catalogue = chosen_catalogue(source)
    with writing(out), progress("consolidate") as advance:
        done = run(path, folder, out, catalogue, choices, json_path, advance)
    show(done.findings)
    click.echo(say("consolidate_done", **outcome(done.results), file=shown(done.summary)))
    return NEEDS_SOMEONE if needs_someone(done.findings) else DONE


@cli.command(help=say("help.report"))
@click.argument("path", metavar="PLAN", type=FILE)
@click.argument("folder", metavar="RETURNED", type=FOLDER)
@click.option("-o", "--out", type=FILE, required=True, help=say("option.report"))
@click.option("--scope", type=click.Choice(["standard", "key"]), help=say("option.scope"))
@click.option("--lang", type=click.Choice(["zh", "en"]), help=say("option.lang"))
@click.option("--audience", type=click.Choice(["client", "consultant"]), help=say("option.audience"))
@click.option("--prefer", type=click.Choice(["newest"]), help=say("option.prefer_newest"))
@catalogue_option
def report(
    path: Path,
    folder: Path,
    out: Path,
    scope: str | None,
    lang: str | None,
    audience: str | None,
    prefer: str | None,
    source: str | None,
) -> int:
    from cmme_xl.report.making import make
    from cmme_xl.summary.consolidation import Choices

    if not folder.is_dir():
        click.echo(say("folder_missing", folder=shown(folder)), err=True)
        return REFUSED
    choices = Choices(scope, lang, audience, True if prefer else None)
    catalogue = chosen_catalogue(source)
    with writing(out), progress("consolidate") as advance:
        done = make(path, folder, out, catalogue, choices, advance)
    show(done.findings)
    click.echo(say("report_done", **outcome(done.results), file=shown(done.file)))
    return NEEDS_SOMEONE if needs_someone(done.findings) else DONE


@cli.group(help=say("help.catalogue"))
def catalogue() -> None:
    """Commands on the catalogue."""


@catalogue.command("check", help=say("help.catalogue_check"))
@catalogue_option
def catalogue_check(source: str | None) -> int:
    from cmme_xl.catalogue import examine

    found, findings = examine(source)
    if found is None:
        raise Refusal(findings)
    show(findings, err=False)
    for group in found.groups:
        asked = list(found.asked_of(group.id))
        minutes = f"{sum(question.minutes for question in asked):g}"
        click.echo(
            message("catalogue.tier_minutes", LANG, group=group.name, questions=len(asked), minutes=minutes)
        )
    click.echo(
        message(
            "catalogue.faults" if findings else "catalogue.checked",
            LANG,
            id=found.id,
            version=found.version,
            dimensions=len(found.dimensions),
            indicators=len(found.indicators),
            questions=len(found.questions),
            faults=len(findings),
        )
    )
    if any(finding.severity is Severity.ERROR for finding in findings):
        return REFUSED
    return NEEDS_SOMEONE if needs_someone(findings) else DONE


@catalogue.command("export", help=say("help.catalogue_export"))
@click.argument("path", metavar="OUT", type=FILE)
@click.option("--lang", type=click.Choice(["zh", "en"]), default=LANG, help=say("option.lang"))
@click.option("--force", is_flag=True, help=say("option.force"))
@catalogue_option
def catalogue_export(path: Path, lang: str, force: bool, source: str | None) -> int:
    from cmme_xl.catalogue.exporting import export

    if path.exists() and not force:
        click.echo(say("exists", file=shown(path)), err=True)
        return REFUSED
    found = chosen_catalogue(source)
    with writing(path):
        export(path, found, lang)
    click.echo(say("catalogue_export_done", file=shown(path)))
    return DONE


def needs_someone(findings: Iterable[Finding]) -> bool:
    """Whether any finding is more than a note."""
    return any(finding.severity is not Severity.NOTE for finding in findings)


def show(findings: Iterable[Finding], *, err: bool = True) -> None:
    """Print findings, one or two lines each, and how many there are; `err`: beside the output, not in it."""
    count = dict.fromkeys(Severity, 0)
    for finding in findings:
        count[finding.severity] += 1
        label = click.style(say(f"severity.{finding.severity.value}"), fg=COLOURS[finding.severity])
        reason = visible(finding.reason(LANG))
        if finding.raw and visible(finding.raw) not in reason:
            reason += say("typed", raw=visible(finding.raw))
        click.echo(f"{finding.code} {label} {visible(str(finding.place))}  {reason}", err=err)
        if fix := finding.fix(LANG):
            click.echo(say("fix", fix=visible(fix)), err=err)
    if any(count.values()):
        errors, warnings, notes = (count[severity] for severity in Severity)
        click.echo(say("count", errors=errors, warnings=warnings, notes=notes), err=err)


def show_file(file: "ReturnedFile", answers: "tuple[Answer, ...]") -> None:
    """One returned file, explained."""
    status, respondent = say(f"status.{file.status.value}"), visible(file.respondent) or "–"
    click.echo(say("check_file", file=visible(file.name), status=status, respondent=respondent))
    for angle in dict.fromkeys(answer.angle for answer in answers):
        of_angle = [answer.outcome.value for answer in answers if answer.angle == angle]
        counts = {name: of_angle.count(name) for name in ("scored", "na", "dk", "blank", "rejected")}
        click.echo(say("check_counts", angle=say(f"angle.{angle}"), **counts))
    show(file.findings, err=False)


def file_json(file: "ReturnedFile", answers: "tuple[Answer, ...]") -> dict[str, Any]:
    """One returned file as data."""
    return {
        "name": file.name,
        "sha256": file.sha256,
        "status": file.status.value,
        "respondent": file.respondent,
        "answers": dict(file.counts),
        "findings": [finding.as_json(LANG) for finding in file.findings],
        "read": [
            {
                "question": answer.question,
                "angle": answer.angle,
                "outcome": answer.outcome.value,
                "score": answer.score,
                "raw": answer.raw,
                "sheet": answer.sheet,
                "cell": answer.cell,
            }
            for answer in answers
        ],
    }


def outcome(results: Any) -> dict[str, object]:
    """The figures of a consolidation for its closing lines."""
    from cmme_xl.catalogue import ROOT
    from cmme_xl.scoring import round_half_away

    total = results.chosen.angles["current"].nodes[ROOT]
    levels = {level.number: level.name for level in results.plan.catalogue.levels}
    accepted = sum(file.status.counted for file in results.returned.files)
    level = say("level", number=total.level, name=levels[total.level]) if total.level else say("no_value")
    return {
        **results.returned.tally(),
        "accepted": accepted,
        "aside": len(results.returned.files) - accepted,
        "score": "–" if total.score is None else f"{round_half_away(total.score):.2f}",
        "level": level,
        "coverage": "–" if total.coverage is None else f"{total.coverage:.0%}",
    }


def again(path: Path, source: str | None) -> str:
    """What follows the name of the next command: the plan, and the catalogue where it was named."""
    return f"{shown(path)} --catalogue {visible(source)}" if source else shown(path)


def shown(path: Path) -> str:
    """A path as a person may read and retype it."""
    return visible(str(path))


@contextmanager
def writing(target: Path | None) -> Iterator[None]:
    """Turn the ways in which writing can fail into a sentence and exit status 2."""
    from cmme_xl.spreadsheet.saving import Locked

    try:
        yield
    except Locked as held:
        click.echo(say("locked", file=shown(held.path), holder=held.holder or "–"), err=True)
        raise click.exceptions.Exit(REFUSED) from held
    except OSError as error:
        path = Path(error.filename) if isinstance(error.filename, str) else target or Path()
        wording = "cannot_write_over" if path.is_file() else "cannot_write"
        click.echo(say(wording, file=shown(path), detail=error.strerror or str(error)), err=True)
        raise click.exceptions.Exit(REFUSED) from error


@contextmanager
def progress(work: str) -> "Iterator[Callable[[int, int], None]]":
    """A progress bar on a terminal; elsewhere nothing, since the closing lines say it all."""
    if not sys.stderr.isatty():
        yield lambda done, total, *_: None
        return
    with click.progressbar(length=1, label=say(f"working.{work}"), file=sys.stderr) as bar:

        def advance(done: int, total: int) -> None:
            bar.length = max(total, 1)
            bar.update(done - bar.pos)

        yield advance
