"""Commands and their documentation cannot drift apart."""

import re
from pathlib import Path

import click
import pytest

from cmme_xl.cli import cli

ROOT = Path(__file__).resolve().parent.parent
DOCS = ["docs/commands.md", "docs/commands.zh-CN.md"]
PAGES = sorted(path.relative_to(ROOT).as_posix() for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])


def commands(group: click.Group, path: str = "cmme-xl") -> dict[str, click.Command]:
    """Every command that does something, by its full name."""
    found: dict[str, click.Command] = {}
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            found |= commands(command, f"{path} {name}")
        else:
            found[f"{path} {name}"] = command
    return found


def sections(text: str) -> dict[str, str]:
    """The text under each heading that shows a command, by the command."""
    parts = re.split(r"^## `(cmme-xl [^`]*)`\n", text, flags=re.M)
    return {re.sub(r" [\[A-Z].*", "", head): body for head, body in zip(parts[1::2], parts[2::2], strict=True)}


@pytest.mark.parametrize("doc", DOCS)
def test_every_command_is_documented_and_nothing_else(doc: str) -> None:
    assert set(sections((ROOT / doc).read_text("utf-8"))) == set(commands(cli))


@pytest.mark.parametrize("doc", DOCS)
@pytest.mark.parametrize("name", sorted(commands(cli)))
def test_every_option_is_documented_and_nothing_else(doc: str, name: str) -> None:
    body = sections((ROOT / doc).read_text("utf-8"))[name]
    items = "\n".join(line for line in body.splitlines() if line.startswith("- "))
    documented = set(re.findall(r"`(--?[a-z][a-z-]*)", items))
    options = {flag for p in commands(cli)[name].params if isinstance(p, click.Option) for flag in p.opts}
    assert documented == options


@pytest.mark.parametrize("doc", ["README.md", "README.zh-CN.md", "docs/catalogue.md", "docs/catalogue.zh-CN.md", *DOCS])
def test_every_command_line_shown_exists(doc: str) -> None:
    known = set(commands(cli))
    shown = r"(?:^|[`/\\])cmme-xl ((?:plan|catalogue|addin) [a-z]+|[a-z]+)"
    for line in re.findall(shown, (ROOT / doc).read_text("utf-8"), re.M):
        assert f"cmme-xl {line}" in known, f"{doc}: cmme-xl {line}"


@pytest.mark.parametrize("doc", PAGES)
def test_every_linked_file_exists(doc: str) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", (ROOT / doc).read_text("utf-8")):
        assert ((ROOT / doc).parent / target).exists(), f"{doc}: {target}"


def test_every_command_has_help_in_both_languages() -> None:
    from cmme_xl.findings import message

    for name in commands(cli):
        key = "cli.help." + name.removeprefix("cmme-xl ").replace(" ", "_")
        assert message(key, "zh") != message(key, "en")
