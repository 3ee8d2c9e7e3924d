"""Words as people type them into our workbooks, and what they mean."""

import unicodedata
from collections.abc import Mapping

from cmme_xl.catalogue.model import Text
from cmme_xl.findings import LANGUAGES


def plain(word: str) -> str:
    """A word without what makes no difference: width, case, surrounding and repeated spaces, a required mark."""
    return " ".join(unicodedata.normalize("NFKC", word).casefold().replace("*", " ").split())


def understood(word: str, offered: Mapping[str, Text]) -> str | None:
    """The key that a typed word means, in either language or as the key itself; None where it means nothing."""
    wanted = plain(word)
    for key, wording in offered.items():
        if wanted in {plain(key), *(plain(wording.in_(lang)) for lang in LANGUAGES)}:
            return key
    return None
