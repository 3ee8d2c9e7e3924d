"""What an interviewer should ask about: flags that never change a score (scoring.md rule 12)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import compress, count

from cmme_xl.catalogue import Catalogue, Dimension
from cmme_xl.findings import Finding, Place
from cmme_xl.returned.replies import Pairs, Reply

STRAIGHT_LINE_FROM = 6


@dataclass(frozen=True)
class Flags:
    """What is asked about answers to a catalogue's questions; made once, used for every reply."""

    catalogue: Catalogue

    def of(self, reply: Reply) -> Iterator[Finding]:
        """The flags over one person's answers, targets left out: the scale's top score without evidence (ANS_024), and
        `lines`."""
        for answer in map(reply.__getitem__, self.tops(reply)):
            where = Place(answer.file, answer.sheet, answer.cell, answer.question)
            yield Finding("ANS_024", where, answer.raw, self._top)
        yield from self.lines(reply)

    def tops(self, reply: Reply) -> Iterator[int]:
        """The places of the answers with the scale's top score and without evidence."""
        top = [mark.score == self.catalogue.scale_max for mark in reply.marks.values]
        if any(top):
            proven = {*reply.evidence.filled, *reply.proofs.filled}
            for place in compress(count(), map(top.__getitem__, reply.marks.codes)):
                question, angle = reply.asked[place]
                if place not in proven and angle != "target" and question in self.catalogue.questions:
                    yield place

    def lines(self, reply: Reply) -> Iterator[Finding]:
        """The dimensions with at least six scored answers that are all equal (ANS_023)."""
        scores = [mark.score for mark in reply.marks.values]
        given = [scores[code] for code in reply.marks.codes]
        lines = []
        for (dimension, _), places in self._dimensions(reply.asked).items():
            scored = [place for place in places if given[place] is not None]
            if len(scored) >= STRAIGHT_LINE_FROM and len({given[place] for place in scored}) == 1:
                lines.append((scored[0], len(scored), dimension))
        yield from (self._straight_line(reply, *line) for line in sorted(lines))

    def _straight_line(self, reply: Reply, place: int, count: int, dimension: str) -> Finding:
        first = reply[place]
        values = {"dimension": self._by_id[dimension].name, "count": count, "score": f"{first.score:g}"}
        return Finding("ANS_023", Place(first.file, first.sheet), values=values)

    @cached_property
    def _top(self) -> Mapping[str, object]:
        # one for all, since among very many returns there are very many
        return {"score": f"{self.catalogue.scale_max:g}"}

    @cached_property
    def _by_id(self) -> dict[str, Dimension]:
        return {dimension.id: dimension for dimension in self.catalogue.dimensions}

    @cached_property
    def _dimensions(self) -> Callable[[Pairs], dict[tuple[str, str], list[int]]]:
        """Where the answers of each dimension and angle stand; what is asked is the same in reply after reply."""

        @lru_cache(64)
        def dimensions(asked: Pairs) -> dict[tuple[str, str], list[int]]:
            found: dict[tuple[str, str], list[int]] = {}
            for place, (question, angle) in enumerate(asked):
                if angle != "target" and question in self.catalogue.questions:
                    found.setdefault((self.catalogue.dimension_of[question].id, angle), []).append(place)
            return found

        return dimensions
