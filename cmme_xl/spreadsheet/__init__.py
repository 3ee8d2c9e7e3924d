"""The drawing kit: books, sheets, charts, page furniture, measuring and safe saving. Knows nothing of CRM."""

from cmme_xl.spreadsheet.book import Book
from cmme_xl.spreadsheet.brand import Brand
from cmme_xl.spreadsheet.error import DrawingError
from cmme_xl.spreadsheet.lines import Content, Formula, Line, Link
from cmme_xl.spreadsheet.saving import Locked, lock, save
from cmme_xl.spreadsheet.sheet import Sheet, local, local_range

__all__ = [
    "Book",
    "Brand",
    "Content",
    "DrawingError",
    "Formula",
    "Line",
    "Link",
    "Locked",
    "Sheet",
    "local",
    "local_range",
    "lock",
    "save",
]
