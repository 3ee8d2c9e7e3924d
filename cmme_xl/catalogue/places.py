"""Where the parts of a catalogue stand in its workbook, and so where a finding of the checks belongs."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from cmme_xl.findings import Finding, Place

INDICATOR_ROW, QUESTION_ROW = "indicator row", "question row"
ROWS = (INDICATOR_ROW, QUESTION_ROW)
Key = tuple[str, str]

# What a finding of the checks rests on: where any of it could not be read, the finding may be a mere consequence.
# That is looked for in what the finding is about and below, for codes in WIDE in the whole catalogue.
RESTS_ON = {
    "CAT_006": (INDICATOR_ROW,),
    "CAT_009": (*ROWS, "used"),
    "CAT_010": (*ROWS, "used", "short"),
    "CAT_011": (*ROWS, "used", "tiers"),
    "CAT_012": (*ROWS, "used", "short", "tiers", "minutes", "questions", "minutes_min", "minutes_max"),
    "CAT_015": ("threshold",),
    "CAT_020": ("minutes_min", "minutes_max"),
    "CAT_022": (INDICATOR_ROW,),
    "CAT_027": ROWS,
    "CAT_028": ("threshold",),
    "CAT_045": (*ROWS, "used"),
    "CAT_046": ("tiers", "questions"),
}
WIDE = frozenset(("CAT_006", "CAT_012", "CAT_015", "CAT_020", "CAT_022", "CAT_027", "CAT_028"))


@dataclass
class Places:
    """The cell of each field, by the id it belongs to and its name; `unread`: what else could not be read, one of
    ROWS for a whole row."""

    of: dict[Key, Place] = field(default_factory=dict)
    unread: set[Key] = field(default_factory=set)

    def placed(self, checked: Iterable[Finding], read: Iterable[Finding]) -> Iterator[Finding]:
        """The findings of the checks, each with its cell, without those that may only follow from what was found in
        reading: they speak of the same cell, of something that stands in no cell, or rest on what is unread."""
        met = {(each.place.sheet, each.place.cell) for each in read}
        unread = self.unread | {key for key, place in self.of.items() if (place.sheet, place.cell) in met}
        for finding in checked:
            place = self._place(finding)
            follows = place is None or (place.sheet, place.cell) in met or _rests(finding, unread)
            if not (met and follows):
                yield replace(finding, place=replace(place or finding.place, question=finding.place.question))

    def _place(self, finding: Finding) -> Place | None:
        """By the id and the field that the finding's values name; the id's own cell where they name no field."""
        node, name, lang = (str(finding.values.get(key, "")) for key in ("id", "field", "lang"))
        keys = ((node, f"{name}.{lang}"), (node, f"{name}.zh"), (node, name)) if name else ((node, "id"),)
        return next((self.of[key] for key in keys if key in self.of), None)


def _rests(finding: Finding, unread: Iterable[Key]) -> bool:
    """Whether a finding rests on anything that is unread."""
    about = "" if finding.code in WIDE else str(finding.values.get("parent", finding.values.get("id", "")))
    bases = RESTS_ON.get(finding.code, ())
    return any(node.startswith(about) and name.partition(".")[0] in bases for node, name in unread)
