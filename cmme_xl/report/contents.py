"""The table of contents of a Word document: one field over links to the headings."""

from typing import TYPE_CHECKING, Any

from cmme_xl.report.ink import Ink, element, mm

if TYPE_CHECKING:
    from docx.text.paragraph import Paragraph

DEPTH = 2


class Contents:
    """Gathers the headings as they are written; `fill` sets them where the contents stand."""

    def __init__(self, ink: Ink) -> None:
        self._ink = ink
        self._entries: list[tuple[int, str, str]] = []

    def mark(self, paragraph: "Paragraph", text: str, level: int) -> None:
        """Write a heading so that the contents can lead to it."""
        number = len(self._entries) + 1
        name = f"_Toc{number:06d}"
        paragraph._p.append(element("bookmarkStart", id=str(number), name=name))
        self._ink.run(paragraph, text)
        paragraph._p.append(element("bookmarkEnd", id=str(number)))
        self._entries.append((level, text, name))

    def fill(self, end: "Paragraph") -> None:
        """All entries in place of `end`.

        Only a program that lays pages out knows their numbers: it is told to renew the field when the file is opened;
        any other shows the entries as links.
        """
        listed = [each for each in self._entries if each[0] <= DEPTH]
        for number, (level, text, name) in enumerate(listed):
            line = end.insert_paragraph_before(style=f"toc {level}")
            line.paragraph_format.left_indent = mm(6 * (level - 1))
            if number == 0:
                _begin(line, f'TOC \\o "1-{DEPTH}" \\h \\z', dirty="true")
            link = element("hyperlink", anchor=name)
            self._ink.run(line, text)
            link.append(line.runs[-1]._r)
            line._p.append(link)
            if number == len(listed) - 1:
                _part(line, "end")
        end._p.getparent().remove(end._p)


def field(paragraph: "Paragraph", code: str, shown: str) -> None:
    """A field that programs renew by themselves, such as the page's number."""
    _begin(paragraph, code)
    paragraph.add_run(shown)
    _part(paragraph, "end")


def _begin(paragraph: "Paragraph", code: str, **values: str) -> None:
    _part(paragraph, "begin", **values)
    text: Any = element("instrText")
    text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    text.text = f" {code} "
    paragraph.add_run()._r.append(text)
    _part(paragraph, "separate")


def _part(paragraph: "Paragraph", kind: str, **values: str) -> None:
    paragraph.add_run()._r.append(element("fldChar", fldCharType=kind, **values))
