"""Read a document of Word: every text of every part, with its place.

A document is a zip of XML from outside, and is read on the bounds of a workbook: see
:mod:`kdcl_xl.xlsx.package`. Nothing is executed or fetched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from xml.etree.ElementTree import Element

from kdcl_xl.docx.document import (
    CARRIED_ROOT,
    CARRIED_SPACE,
    Block,
    Cell,
    Document,
    Paragraph,
    Row,
    Story,
    Table,
    paragraphs_of,
)
from kdcl_xl.docx.read_drawn import drawn_blocks
from kdcl_xl.docx.read_numbering import Numbering, W, read_numbering, value_of
from kdcl_xl.xlsx.bounds import SAFE, Bounds
from kdcl_xl.xlsx.package import Package, UnreadableError, open_package
from macros_free_validation.rules import workbook as rules
from workbook_templates.old_encodings import Encoding, encoding_of_font

_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_MAIN = "officeDocument"
"""The kind of the relationship from the package to its main part."""
_BREAKS = {f"{W}br", f"{W}cr"}
_DELETED = {f"{W}del", f"{W}moveFrom"}
_INSERTED = {f"{W}ins", f"{W}moveTo"}
_NO_TEXT = {f"{W}instrText", f"{W}delInstrText", f"{W}pPr", f"{W}rPr", f"{W}tblPr", f"{W}tcPr"}
_PICTURES = ("}pic", "}imagedata", "}chart", "}OLEObject", "}relIds")
_EMBEDDED = {f"{W}altChunk", f"{W}subDoc"}
_WIDEST = 500
"""Columns of a table's grid; Word itself has 63."""
_ASIDES = (
    ("header", Story.HEADER),
    ("footer", Story.FOOTER),
    ("footnotes", Story.FOOTNOTE),
    ("endnotes", Story.ENDNOTE),
    ("comments", Story.COMMENT),
)


def read_document(content: bytes, bounds: Bounds = SAFE) -> Document:
    """Read the bytes of a .docx.

    Raises:
        UnreadableError: the bytes are no sound document of bearable size.
    """
    package = open_package(content, bounds)
    main = next(iter(package.related("", _MAIN)), "word/document.xml")
    root = _tree(package, main)
    if root is None or root.find(f"{W}body") is None:
        raise UnreadableError(rules.DAMAGED, found=main)
    reader = _Reader(_Styles.of(_part(package, main, "styles")), _numbering(package, main))
    drawn = drawn_blocks(root)
    body = drawn or tuple(reader.blocks(root.find(f"{W}body"), Story.BODY))
    for kind, story in _ASIDES:
        for name in package.related(main, kind):
            reader.read_aside(_tree(package, name), story)
    return Document(
        body,
        tuple(reader.asides),
        tuple(dict.fromkeys(reader.unread)),
        tuple(sorted({encoding.value for encoding in reader.encodings})),
        is_rebuilt=drawn is not None,
        carried=_carried(package, main),
    )


def _carried(package: Package, main: str) -> str:
    """Return the text that a document carries unseen; an empty one where it carries none."""
    for name in package.related(main, "customXml"):
        root = package.sound_tree(name)
        if root is not None and root.tag == f"{{{CARRIED_SPACE}}}{CARRIED_ROOT}":
            return root.text or ""
    return ""


def _part(package: Package, main: str, kind: str) -> Element | None:
    name = next(iter(package.related(main, kind)), "")
    return _tree(package, name) if name else None


def _tree(package: Package, name: str) -> Element | None:
    """Return a part; the names of the strict form (ISO/IEC 29500-1) become the usual ones."""
    root = package.tree(name)
    if root is None or not root.tag.startswith(_STRICT):
        return root
    for element in root.iter():
        element.tag = element.tag.replace(_STRICT, W)
        strict = [key for key in element.attrib if key.startswith(_STRICT)]
        for key in strict:
            element.attrib[key.replace(_STRICT, W)] = element.attrib.pop(key)
    return root


def _numbering(package: Package, main: str) -> Numbering:
    return read_numbering(_part(package, main, "numbering"), _part(package, main, "styles"))


@dataclass(frozen=True)
class _Styles:
    """The fonts of the styles, as far as they decide how bytes become letters."""

    fonts: dict[str, str]
    default: str

    @classmethod
    def of(cls, styles: Element | None) -> _Styles:
        if styles is None:
            return cls({}, "")
        fonts = {
            style.get(f"{W}styleId", ""): (_font(style.find(f"{W}rPr")), value_of(style, "basedOn"))
            for style in styles.iter(f"{W}style")
        }
        found: dict[str, str] = {}
        for name in fonts:
            at, seen = name, set[str]()
            while at in fonts and at not in seen and not fonts[at][0]:
                seen.add(at)
                at = fonts[at][1]
            found[name] = fonts.get(at, ("", ""))[0]
        normal = next(
            (
                style.get(f"{W}styleId", "")
                for style in styles.iter(f"{W}style")
                if style.get(f"{W}default") in ("1", "true", "on")
                and style.get(f"{W}type") == "paragraph"
            ),
            "",
        )
        base = _font(styles.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr"))
        return cls(found, found.get(normal) or base)

    def font(self, run: Element | None, paragraph: Element) -> str:
        """Return the font of a run: its own, that of its style, or that of the paragraph's."""
        own = _font(run)
        if own:
            return own
        for properties, name in ((run, "rStyle"), (paragraph.find(f"{W}pPr"), "pStyle")):
            style = value_of(properties, name) if properties is not None else ""
            if self.fonts.get(style):
                return self.fonts[style]
        return self.default


def _font(properties: Element | None) -> str:
    fonts = properties.find(f"{W}rFonts") if properties is not None else None
    if fonts is None:
        return ""
    return fonts.get(f"{W}ascii") or fonts.get(f"{W}hAnsi") or fonts.get(f"{W}cs") or ""


@dataclass
class _Words:
    """The text of a paragraph while it is read, and the parts of it that are not shown."""

    shown: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)
    bold: int = 0
    plain: int = 0
    is_inserted: bool = False


@dataclass
class _Reader:
    """One reading in progress; counts paragraphs and tables for their places."""

    styles: _Styles
    numbering: Numbering
    asides: list[Paragraph] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    encodings: set[Encoding] = field(default_factory=set)
    _paragraphs: int = 0
    _tables: int = 0

    def read_aside(self, root: Element | None, story: Story) -> None:
        """Read a part outside the body; a table in it is read as its paragraphs."""
        if root is None:
            return
        found = [p for block in self.blocks(root, story) for p in paragraphs_of(block)]
        self.asides += [replace(p, story=story, place=story.value) for p in found]

    def blocks(self, parent: Element | None, story: Story, place: str = "") -> Iterator[Block]:
        """Yield the blocks of a body, a cell, a note or a text box, in order."""
        for element in parent if parent is not None else ():
            if element.tag == f"{W}p":
                yield from self._paragraph(element, story, place)
            elif element.tag == f"{W}tbl":
                yield self._table(element, story)
            elif element.tag in _EMBEDDED:
                self.unread.append("tài liệu nhúng")
            elif element.tag in _DELETED and element.find(f".//{W}p") is None:
                continue
            elif element.tag == f"{_COMPATIBILITY}AlternateContent":
                yield from self.blocks(_chosen(element), story, place)
            elif element.tag not in _NO_TEXT:
                yield from self.blocks(element, story, place)

    def _paragraph(self, element: Element, story: Story, place: str) -> Iterator[Paragraph]:
        words = _Words()
        self._words(element, element, words, is_deleted=False)
        if not place:
            self._paragraphs += 1
        here = place or f"Đoạn {self._paragraphs}"
        text = _tidy("".join(words.shown))
        if text:
            label = self.numbering.label(element)
            is_bold = words.bold > words.plain
            yield Paragraph(text, here, label, story, is_bold, words.is_inserted)
        for texts, kind in ((words.deleted, Story.DELETED), (words.hidden, Story.HIDDEN)):
            if unseen := _tidy("".join(texts)):
                self.asides.append(Paragraph(unseen, f"{here}, {kind.value.lower()}", story=kind))
        for box in words.boxes:
            self._box(box, here)

    def _box(self, box: Element, here: str) -> None:
        where = f"Hộp chữ ở {here[0].lower()}{here[1:]}"
        for block in list(self.blocks(box, Story.TEXT_BOX, where)):
            found = [replace(p, story=Story.TEXT_BOX, place=where) for p in paragraphs_of(block)]
            self.asides += found

    def _words(
        self, element: Element, paragraph: Element, words: _Words, *, is_deleted: bool
    ) -> None:
        properties: Element | None = None
        is_run = element.tag == f"{W}r"
        if is_run:
            properties = element.find(f"{W}rPr")
        for child in element:
            tag = child.tag
            if is_run and tag in (f"{W}t", f"{W}delText"):
                self._text(child, properties, paragraph, words, is_deleted=is_deleted)
            elif tag == f"{_MATH}t":
                words.shown.append(child.text or "")
            elif sign := _sign_of(child):
                (words.deleted if is_deleted else words.shown).append(sign)
            elif tag == f"{W}txbxContent":
                words.boxes.append(child)
            elif tag == f"{_COMPATIBILITY}AlternateContent":
                self._words(_chosen(child), paragraph, words, is_deleted=is_deleted)
            elif tag in _DELETED:
                self._words(child, paragraph, words, is_deleted=True)
            elif tag in _INSERTED:
                words.is_inserted = True
                self._words(child, paragraph, words, is_deleted=is_deleted)
            elif tag not in _NO_TEXT:
                if tag.endswith(_PICTURES):
                    self.unread.append("hình ảnh, biểu đồ hoặc đối tượng nhúng")
                self._words(child, paragraph, words, is_deleted=is_deleted)

    def _text(
        self,
        element: Element,
        properties: Element | None,
        paragraph: Element,
        words: _Words,
        *,
        is_deleted: bool,
    ) -> None:
        text = element.text or ""
        encoding = encoding_of_font(self.styles.font(properties, paragraph))
        if encoding is not None and text.strip():
            text = encoding.decoded(text)
            self.encodings.add(encoding)
        if is_deleted or element.tag == f"{W}delText":
            words.deleted.append(text)
        elif properties is not None and _is_on(properties, "vanish"):
            words.hidden.append(text)
        else:
            words.shown.append(text)
            is_bold = properties is not None and _is_on(properties, "b")
            words.bold += len(text) * is_bold
            words.plain += len(text) * (not is_bold)

    def _table(self, element: Element, story: Story) -> Table:
        self._tables += 1
        number = self._tables
        rows = []
        for nth, row in enumerate(_rows(element), start=1):
            rows.append(self._row(row, story, f"Bảng {number}, hàng {nth}"))
        return Table(number, tuple(rows))

    def _row(self, element: Element, story: Story, place: str) -> Row:
        properties = element.find(f"{W}trPr")
        column = _count(value_of(properties, "gridBefore"), 0) if properties is not None else 0
        cells: list[Cell] = []
        for nth, cell in enumerate(_cells(element), start=1):
            own = cell.find(f"{W}tcPr")
            span, is_continued, is_joined = 1, False, False
            if own is not None:
                span = _count(value_of(own, "gridSpan"), 1)
                merge = own.find(f"{W}vMerge")
                is_continued = merge is not None and merge.get(f"{W}val") != "restart"
                across = own.find(f"{W}hMerge")
                is_joined = across is not None and across.get(f"{W}val") != "restart"
            blocks = tuple(self.blocks(cell, story, f"{place}, ô {nth}"))
            if is_joined and cells:  # the merge of columns of old versions (17.4.22)
                last = cells[-1]
                cells[-1] = replace(last, span=last.span + span, blocks=(*last.blocks, *blocks))
            else:
                cells.append(Cell(column, span, blocks, is_continued))
            column += span
        return tuple(cells)


def _flat(block: Block) -> Iterator[Paragraph]:
    if isinstance(block, Paragraph):
        yield block
        return
    for row in block.rows:
        for cell in row:
            for inner in cell.blocks:
                yield from _flat(inner)


def _chosen(element: Element) -> Element:
    """Return the contents of the first alternative; the others say the same for old programs."""
    choice = element.find(f"{_COMPATIBILITY}Choice")
    fallback = element.find(f"{_COMPATIBILITY}Fallback")
    chosen = choice if choice is not None else fallback
    return chosen if chosen is not None else Element("none")


def _sign_of(element: Element) -> str:
    """Return the character that an element means; empty for other elements."""
    match element.tag.removeprefix(W):
        case "br":
            return "\n"
        case "cr":
            return "\n"
        case "tab" | "ptab":
            return "\t"
        case "noBreakHyphen":
            return "-"
        case "sym":
            return "•"
        case _:
            return ""


def _is_on(properties: Element, name: str) -> bool:
    found = properties.find(f"{W}{name}")
    return found is not None and found.get(f"{W}val", "1") not in ("0", "false", "off")


def _count(text: str, least: int) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 5 else least
    return min(max(number, least), _WIDEST)


def _rows(parent: Element) -> Iterator[Element]:
    """Yield the rows of a table, also those in content controls; not those of inner tables."""
    for element in parent:
        if element.tag == f"{W}tr":
            yield element
        elif element.tag not in (f"{W}tblPr", f"{W}tblGrid", f"{W}tbl"):
            yield from _rows(element)


def _cells(parent: Element) -> Iterator[Element]:
    for element in parent:
        if element.tag == f"{W}tc":
            yield element
        elif element.tag not in (f"{W}trPr", f"{W}tbl", f"{W}tblPrEx"):
            yield from _cells(element)


def _tidy(text: str) -> str:
    """Return a text without spaces at the ends of its lines, and without empty lines.

    Tabs, and spaces in their place, part what is side by side on paper: they become one tab.
    """
    lines = (_GAP.sub("\t", line.replace("\xa0", " ")) for line in text.split("\n"))
    lines = ("\t".join(" ".join(part.split()) for part in line.split("\t")) for line in lines)
    return "\n".join(line for each in lines if (line := each.strip()))


_GAP = re.compile(r"[ \t]*\t[ \t]*| {4,}")
