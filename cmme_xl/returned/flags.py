"""What an interviewer should ask about: flags that never change a score (scoring.md rule 12)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from cmme_xl.catalogue import Catalogue, Dimension
from cmme_xl.findings import Finding, Place
from cmme_xl.returned.replies import Pairs, Reply

STRAIGHT_LINE_FROM = 6


@dataclass(frozen=True)
class Flags:
    """What is asked about answers to a catalogue's questions; made once, used for every reply."""

    catalogue: Catalogue

    def of(self, reply: Reply) -> Iterator[Finding]:
        """The flags over one person's answers, targets left out: a dimension with at least six scored answers that
        are all equal (ANS_023), and the scale's top score without evidence (ANS_024)."""
        scores = [mark.score for mark in reply.marks.values]
        codes, dimensions = reply.marks.codes, self._dimensions(reply.asked)
        tops = {code for code, score in enumerate(scores) if score == self.catalogue.scale_max}
        if tops.intersection(codes):
            of_dimensions = {place for places in dimensions.values() for place in places}
            for place, code in enumerate(codes):
                proven = reply.evidence[place] or reply.proofs[place]
                if code in tops and place in of_dimensions and not proven:
                    yield self._top(reply, place)
        lines = []
        for (dimension, _), places in dimensions.items():
            scored = [place for place in places if scores[codes[place]] is not None]
            if len(scored) >= STRAIGHT_LINE_FROM and len({scores[codes[place]] for place in scored}) == 1:
                lines.append((scored[0], len(scored), dimension))
        yield from (self._straight_line(reply, *line) for line in sorted(lines))

    def _top(self, reply: Reply, place: int) -> Finding:
        answer = reply[place]
        where = Place(answer.file, answer.sheet, answer.cell, answer.question)
        return Finding("ANS_024", where, answer.raw, {"score": f"{answer.score:g}"})

    def _straight_line(self, reply: Reply, place: int, count: int, dimension: str) -> Finding:
        first = reply[place]
        values = {"dimension": self._by_id[dimension].name, "count": count, "score": f"{first.score:g}"}
        return Finding("ANS_023", Place(first.file, first.sheet), values=values)

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
