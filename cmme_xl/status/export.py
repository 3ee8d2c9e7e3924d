"""Status as data, for other programs (docs/commands.md)."""

from typing import Any

from cmme_xl.results.progress import Progress, Standing
from cmme_xl.status.words import reminder

SCHEMA = 1


def as_json(progress: Progress, lang: str) -> dict[str, Any]:
    """Everything; reasons and fixes in `lang`."""
    due = progress.plan.engagement.due
    return {
        "schema": SCHEMA,
        "engagement": progress.plan.engagement.id,
        "today": progress.today.isoformat(),
        "due": due.isoformat() if due else None,
        "people": [_person(each) for each in progress.people],
        "groups": [
            {
                "id": each.group.id,
                **{
                    key: getattr(each, key)
                    for key in (
                        "people", "sent", "returned", "complete", "asked", "answered", "heard", "wanted", "lacking",
                    )
                },
            }
            for each in progress.groups
        ],
        "indicators": [
            {
                "id": each.indicator.id,
                **{key: getattr(each, key) for key in ("asked", "heard", "wanted", "lacking")},
                "groups": {group: {"asked": asked, "heard": heard} for group, (asked, heard) in each.groups.items()},
            }
            for each in progress.indicators
        ],
        "files": [
            {
                "name": file.name,
                "sha256": file.sha256,
                "status": file.status.value,
                "respondent": file.respondent,
                "findings": [finding.as_json(lang) for finding in file.findings],
            }
            for file in progress.returned.files
        ],
        "ledger": progress.returned.tally(),
    }  # fmt: skip


def _person(standing: Standing) -> dict[str, Any]:
    person, mail = standing.person, reminder(standing)
    return {
        "id": person.id,
        "name": person.name,
        "group": person.group,
        "email": person.email,
        "interviewer": person.interviewer,
        "appointment": person.appointment.isoformat() if person.appointment else None,
        "issued": standing.issue.issued if standing.issue else None,
        "file": standing.file.name if standing.file else None,
        "state": standing.state.value,
        "late": standing.late,
        **{key: getattr(standing, key) for key in ("asked", "answered", "blank", "unclear", "added")},
        "reminder": {"subject": mail.subject, "text": mail.text} if mail else None,
    }
