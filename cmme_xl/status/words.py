"""The words of status in one language, from workbook_templates/status.toml."""

from dataclasses import dataclass
from functools import cached_property

from cmme_xl.results.progress import Standing, State
from cmme_xl.templates import words

TEMPLATE = "status"
DAY = "%Y-%m-%d"


@dataclass(frozen=True)
class Words:
    """`words("people.title", n=3)` is a wording with its values filled in."""

    lang: str

    @cached_property
    def _words(self) -> dict[str, str]:
        return words(TEMPLATE, "text", self.lang)

    def __call__(self, key: str, **values: object) -> str:
        """Raises KeyError for an unknown key."""
        return self._words[key].format_map(values)

    def state(self, standing: Standing) -> str:
        """Where a person stands, and that it is late."""
        state = self(f"state.{standing.state.value}")
        return self("state.late", state=state) if standing.late else state


@dataclass(frozen=True, slots=True)
class Mail:
    """A reminder, ready to be sent: its address, subject and text in the person's own language."""

    standing: Standing
    address: str
    subject: str
    text: str


def reminder(standing: Standing) -> Mail | None:
    """What to write to a person; None where nothing is to be asked of them now.

    It names neither client nor engagement, so that it may go to outsiders too.
    """
    if standing.issue is None or standing.state in (State.COMPLETE, State.UNSENT):
        return None
    person, words = standing.person, Words(standing.person.lang)
    late = "_late" if standing.late and standing.state is State.WAITING else ""
    values = {
        "name": person.name or person.id,
        "file": standing.issue.file,
        "came": standing.file.name if standing.file else "",
        "answered": standing.answered,
        "asked": standing.asked,
        "open": standing.open,
        "unclear": standing.unclear,
        "added": standing.added,
    }
    text = "\n\n".join(words(f"mail.{key}", **values) for key in ("greeting", standing.state.value + late, "close"))
    return Mail(standing, person.email, words("mail.subject", **values), text)
