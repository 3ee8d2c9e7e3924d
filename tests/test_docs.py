"""Commands and their documentation cannot drift apart."""

import re
from pathlib import Path

import pytest

from cmme_xl.cli import COMMANDS, parser_of

ROOT = Path(__file__).resolve().parent.parent
DOCS = ["docs/commands.md", "docs/commands.zh-CN.md"]
PAGES = sorted(path.relative_to(ROOT).as_posix() for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])


def sections(text: str) -> dict[str, str]:
    """The text under each heading that shows a command, by the command."""
    parts = re.split(r"^## `(cmme-xl [^`]*)`\n", text, flags=re.M)
    return {re.sub(r" [\[A-Z].*", "", head): body for head, body in zip(parts[1::2], parts[2::2], strict=True)}


@pytest.mark.parametrize("doc", DOCS)
def test_every_command_is_documented_and_nothing_else(doc: str) -> None:
    assert set(sections((ROOT / doc).read_text("utf-8"))) == {f"cmme-xl {name}" for name in COMMANDS}


@pytest.mark.parametrize("doc", DOCS)
@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_is_documented_and_nothing_else(doc: str, name: str) -> None:
    body = sections((ROOT / doc).read_text("utf-8"))[f"cmme-xl {name}"]
    items = "\n".join(line for line in body.splitlines() if line.startswith("- "))
    documented = set(re.findall(r"`(--?[a-z][a-z-]*)", items))
    assert documented == {flag for option in parser_of(name).options for flag in option.option_strings}


@pytest.mark.parametrize("doc", ["README.md", "README.zh-CN.md", "docs/catalogue.md", "docs/catalogue.zh-CN.md", *DOCS])
def test_every_command_line_shown_exists(doc: str) -> None:
    shown = r"(?:^|[`/\\])cmme-xl ((?:plan|catalogue|addin) [a-z]+|[a-z]+)"
    for line in re.findall(shown, (ROOT / doc).read_text("utf-8"), re.M):
        assert line in COMMANDS, f"{doc}: cmme-xl {line}"


@pytest.mark.parametrize("doc", PAGES)
def test_every_linked_file_exists(doc: str) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", (ROOT / doc).read_text("utf-8")):
        assert ((ROOT / doc).parent / target).exists(), f"{doc}: {target}"


def test_every_command_has_help_in_both_languages() -> None:
    from cmme_xl.findings import message

    for name in COMMANDS:
        key = "cli.help." + name.replace(" ", "_")
        assert message(key, "zh") != message(key, "en")
