"""Columns of values that recur: of several hundred answers few differ."""

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import compress, count
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Column(Generic[T]):
    """A column whose values recur: each different one, and the number of the one that stands in each place."""

    values: tuple[T, ...]
    codes: Sequence[int]

    @classmethod
    def of(cls, items: Iterable[T]) -> "Column[T]":
        listed = tuple(items)
        numbers = {value: number for number, value in enumerate(dict.fromkeys(listed))}
        if len(numbers) < 2:
            return cls(tuple(numbers), _zeros(len(listed)))
        codes = map(numbers.__getitem__, listed)
        return cls(tuple(numbers), bytes(codes) if len(numbers) <= 256 else array("I", codes))

    @classmethod
    def alike(cls, value: T, length: int) -> "Column[T]":
        """One value throughout."""
        return cls((value,) if length else (), _zeros(length))

    def widened(self, times: int) -> "Column[T]":
        """Each place so many times, one after the other."""
        if len(self.values) < 2:
            return Column(self.values, _zeros(times * len(self)))
        if not isinstance(self.codes, bytes):
            return Column(self.values, array("I", (code for code in self.codes for _ in range(times))))
        codes = bytearray(times * len(self))
        for first in range(times):
            codes[first::times] = self.codes
        return Column(self.values, bytes(codes))

    def __reduce__(self) -> tuple[object, ...]:
        # in another process too, columns of one value have their codes in common
        return _column, (self.values, self.codes if len(self.values) > 1 else len(self))

    def __len__(self) -> int:
        return len(self.codes)

    def __iter__(self) -> Iterator[T]:
        return map(self.values.__getitem__, self.codes)

    def __getitem__(self, place: int) -> T:
        return self.values[self.codes[place]]

    @property
    def filled(self) -> Iterator[int]:
        """The places in which a value stands that is not an empty one."""
        said = list(map(bool, self.values))
        return compress(count(), map(said.__getitem__, self.codes)) if any(said) else iter(())

    def counts(self) -> Iterator[tuple[T, int]]:
        """Each value that stands somewhere, and how often."""
        return ((self.values[code], number) for code, number in Counter(self.codes).items())

    def picked(self, places: Sequence[int], default: T) -> "Column[T]":
        """What stands in these places, in their order; `default` beyond the end."""
        end = len(self.codes)
        if len(self.values) < 2 and max(places, default=0) < end:
            return Column(self.values, _zeros(len(places)))
        if end in places or not isinstance(self.codes, bytes):
            return Column.of(self[place] if place < end else default for place in places)
        return Column(self.values, bytes(map(self.codes.__getitem__, places)))


_zeros = lru_cache(256)(bytes)


def _column(values: tuple[T, ...], codes: Sequence[int] | int) -> Column[T]:
    return Column(values, _zeros(codes) if isinstance(codes, int) else codes)
