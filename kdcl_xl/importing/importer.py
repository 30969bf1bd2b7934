"""Import a plan: the bytes of a document in, the bytes of a draft in the locked template out.

The draft is for a person. What is certain is filled in; what is not is filled in and marked;
what has no field is on the sheet «Chưa chuyển», in full.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from kdcl_xl.docx.document import Document, Paragraph, Story
from kdcl_xl.docx.read import read_document
from kdcl_xl.errors import Exit, UserError
from kdcl_xl.importing.convert import CONVERTED, format_of, require_readable
from kdcl_xl.importing.cover import CLOSING_LINE, Cover, Line, every_paragraph, read_cover
from kdcl_xl.importing.criteria import OTHER_STANDARD, is_title_of, standard_in, standard_of
from kdcl_xl.importing.draft import Draft, Row
from kdcl_xl.importing.identity import Identity, identity_of, name_from_sentences
from kdcl_xl.importing.ledger import (
    NO_PLACE,
    NOTHING,
    Ledger,
    Left,
    Reading,
)
from kdcl_xl.importing.narrative import Group, read_cards, read_narrative, unused
from kdcl_xl.importing.plain import words
from kdcl_xl.importing.read_carried import read_carried
from kdcl_xl.importing.restore import is_intact, restore
from kdcl_xl.importing.tables import (
    GROUP,
    GROUP_LEFT,
    Found,
    leave_other_cells,
    read_tables,
    standards_of,
)
from kdcl_xl.schools import School
from kdcl_xl.template.issue import initial_plan, layout_from, stamp_for
from kdcl_xl.template.not_carried import LeftBehind
from kdcl_xl.template.review import Doubtful, Review
from kdcl_xl.template.stamp import Stamp
from kdcl_xl.template.writer import render_workbook
from kdcl_xl.xlsx.bounds import SAFE, Bounds
from macros_free_validation.derive import complete_plan, period_of
from macros_free_validation.plan import Plan
from macros_free_validation.values import Raw, filled, is_number, show
from workbook_templates.forms.sheets import CLOSING
from workbook_templates.layout import DEFAULT_ROWS, MOST_ROWS, Layout, PlacedSheet
from workbook_templates.regulation import Catalogue
from workbook_templates.school_kind import SchoolKind
from workbook_templates.school_year import SchoolYear
from workbook_templates.text import Text, normalise

NO_ROOM = Text("Mẫu không còn dòng.", "The template has no row left.")
FROM_PDF = Text(
    "Đọc từ tệp PDF: thứ tự cột, dòng có thể sai; cần so với bản gốc.",
    "Read from a PDF: columns and rows may be mixed up; compare with the original.",
)
NO_WORDS = Text(
    "Văn bản không có chữ để đọc: có thể là bản quét hoặc ảnh chụp. Vui lòng dùng tệp Word gốc.",
    "The document has no text to read: it may be a scan or a photo. Please use the Word file.",
)
_CONVERT_FIRST = Text(
    "Tệp dạng .{format}: hãy mở bằng Word hoặc LibreOffice, lưu dạng .docx rồi đọc lại.",
    "A .{format} file: open it in Word or LibreOffice, save it as .docx and read that.",
)
LONGEST_VALUE = 32_000
"""Characters of a value; a cell of a workbook holds 32,767 units of UTF-16."""
_LONGEST_PIECE = 16_000


@dataclass(frozen=True, slots=True)
class Options:
    """The facts that the person who imports knows better than the document.

    ``source`` names the document in the draft. With ``is_all_doubtful`` every value is to be
    confirmed, as those read from a PDF.
    """

    kind: SchoolKind | None = None
    year: SchoolYear | None = None
    regulation: str | None = None
    source: str = ""
    password: str = ""
    bounds: Bounds = SAFE
    is_all_doubtful: bool = False


@dataclass(frozen=True)
class Understood:
    """A draft before it is a workbook, and what a person needs to know of it.

    ``behind`` are the paragraphs for «Chưa chuyển», ``review`` the cells to confirm. ``filled``
    counts the values that were read. ``missing`` are the required cells of the cover that stay
    empty, ``unread`` the contents that have no text, ``encodings`` the old ones that were
    converted.
    """

    plan: Plan
    stamp: Stamp
    kind: SchoolKind
    year: SchoolYear
    behind: tuple[LeftBehind, ...]
    review: Review
    filled: int
    missing: tuple[Text, ...]
    unread: tuple[str, ...]
    encodings: tuple[str, ...]

    @property
    def tasks(self) -> int:
        """The number of tasks."""
        return len(self.plan.rows("plan"))

    @property
    def marked(self) -> frozenset[tuple[str, str]]:
        """The cells to confirm: the name of the sheet, and the address."""
        return frozenset((entry.sheet, entry.cell) for entry in self.review.entries)


@dataclass(frozen=True)
class Imported:
    """A draft as a workbook; all that it is made of is in ``draft``."""

    content: bytes
    draft: Understood


def import_plan(content: bytes, catalogue: Catalogue, options: Options) -> Imported:
    """Read the bytes of a .docx into a draft.

    Raises:
        UnreadableError: the bytes are no sound document.
        UserError: the document does not say its kind or year, and the options neither.
    """
    found = format_of(content)
    require_readable(found, options.source)
    if found in CONVERTED:
        raise UserError(_CONVERT_FIRST.format(format=found))
    draft = understand(read_document(content, options.bounds), catalogue, options)
    workbook = render_workbook(
        draft.plan, draft.stamp, options.password, draft.behind, review=draft.review
    )
    return Imported(workbook, draft)


def understand(document: Document, catalogue: Catalogue, options: Options) -> Understood:
    """Turn a document into the values of a plan.

    Raises:
        UserError: the document does not say its kind or year, and the options neither.
    """
    if sum(len(words(p.text)) for p in document.paragraphs) < _FEWEST_WORDS:
        raise UserError(NO_WORDS, Exit.NOTHING_READ)
    read = _Read.of(document)
    texts = [paragraph.text for paragraph in read.paragraphs]
    asked = (options.kind, options.year)
    carried = read_carried(document.carried)
    is_same_head = carried is not None and is_intact(carried, texts)
    if carried is not None and is_same_head:
        asked, options = _from_stamp(carried.stamp, catalogue, options)
    identity = identity_of(read.cover, texts, read.times, catalogue, asked)
    count = len(read.found.plan) + sum(len(g.tasks) + 1 for g in read.groups)
    rows = min(MOST_ROWS, max(DEFAULT_ROWS, count + _SPARE_ROWS))
    layout = layout_from(
        catalogue, identity.kind, identity.year, rows, regulation_id=options.regulation
    )
    base = initial_plan(layout, identity.kind, identity.year, School())
    draft = Draft(layout, period_of(base.cells["cover"]), read.ledger, read.found.unit)
    draft.is_other_regulation = _cites_another(texts, layout, catalogue)
    _fill(draft, read, catalogue)
    behind: tuple[LeftBehind, ...] = ()
    if carried is not None:
        behind = restore(draft, carried, _OF_TEMPLATE, is_same_head=is_same_head)
        code, known = carried.stamp.school_code, draft.cover.get("school_code")
        if is_same_head and known is not None and known.value == code:
            draft.school_code = code
    return _placed(draft, read, base, identity, options, behind)


def _from_stamp(
    stamp: Stamp, catalogue: Catalogue, options: Options
) -> tuple[tuple[SchoolKind | None, SchoolYear | None], Options]:
    """Return the kind and the year of a stamp, and its regulation, where nobody asks for others."""
    kind, year = options.kind or catalogue.kind(stamp.kind), options.year
    if year is None:
        with contextlib.suppress(ValueError):
            year = SchoolYear.parse(stamp.school_year)
    regulation = catalogue.get(stamp.regulation)
    if options.regulation is None and (options.kind, options.year) == (None, None):
        is_known = regulation is not None and kind in regulation.kinds
        options = replace(options, regulation=stamp.regulation if is_known else None)
    return (kind, year), options


_SPARE_ROWS = 30
_FEWEST_WORDS = 1


@dataclass
class _Read:
    """A document whose parts are separated but not understood yet."""

    document: Document
    ledger: Ledger
    paragraphs: list[Paragraph]
    found: Found
    groups: list[Group]
    cover: Cover
    lines: list[Line] = field(default_factory=list)

    @classmethod
    def of(cls, document: Document) -> _Read:
        ledger = Ledger()
        found = read_tables(document, ledger)
        groups = read_cards(document, found.used, ledger)
        cover = read_cover(document, found.used, ledger)
        lines = [*cover.problems, *cover.contents]
        narrative = read_narrative(lines, ledger) if not found.plan and not groups else []
        groups += narrative
        if not narrative:
            of_rows = {
                id(p) for raw in found.plan for s in raw.texts.values() for p in s.paragraphs
            }
            rest = [line.paragraph for line in lines if id(line.paragraph) not in of_rows]
            ledger.leave(rest, NO_PLACE, _CONTENTS)
        paragraphs = every_paragraph(document)
        every = [Line(normalise(p.text), p) for p in paragraphs if p.story is Story.BODY]
        return cls(document, ledger, paragraphs, found, groups, cover, every)

    @property
    def times(self) -> list[str]:
        """The texts that say when a task is done."""
        rows = [raw.texts for raw in self.found.plan] + [group.texts for group in self.groups]
        return [texts[n].text for texts in rows for n in ("when", "deadline") if n in texts]


_CONTENTS = Text("Nội dung kế hoạch", "Contents of the plan")


def _cites_another(texts: Sequence[str], layout: Layout, catalogue: Catalogue) -> bool:
    """Return whether a document cites circulars of assessment, but not the one that applies."""
    whole = " ".join(texts)
    numbers = {r.number.partition("/TT")[0] for r in catalogue.regulations}
    cited = {number for number in numbers if f"{number}/" in whole or f" {number} " in whole}
    own = layout.regulation.number.partition("/TT")[0]
    if not cited or own in cited:
        return False
    return any(
        regulation.form != layout.form.id and regulation.number.partition("/TT")[0] in cited
        for regulation in catalogue.regulations
    )


def _fill(draft: Draft, read: _Read, catalogue: Catalogue) -> None:
    """Understand the parts of a document, one after the other."""
    for number, source in standards_of(read.found):
        named = standard_in(source.text.split("\n")[-1]) or standard_in(source.text)
        known = standard_of(named, draft.layout.regulation) if named else None
        if named and known and known.no == number and is_title_of(named.title, known):
            read.ledger.heading(*source.paragraphs)
        else:
            texts = [p for p in source.paragraphs if not p.text.strip(" .").isdigit()]
            read.ledger.heading(*(p for p in source.paragraphs if p not in texts))
            read.ledger.leave(texts, OTHER_STANDARD, GROUP)
    leave_other_cells(read.found, read.ledger)
    for raw in read.found.plan:
        draft.add_row(raw)
    for raw in read.found.problems:
        draft.add_problem(raw)
    for group in read.groups:
        draft.add_group(group)
    _reviews(draft, read)
    whole = "\n".join(line.text for line in read.lines)
    draft.add_cover(read.cover, whole)
    if "school_name" not in draft.cover:
        named_in = name_from_sentences(read.cover, read.lines, catalogue)
        if named_in is not None:
            draft.cover["school_name"] = named_in
    _closing(draft, read)
    for paragraph in unused(read.groups):
        read.ledger.leave((paragraph,), GROUP_LEFT, GROUP)


def _closing(draft: Draft, read: _Read) -> None:
    """Record closing words that are the form's own; leave others for a person."""
    school = str(draft.cover["school_name"].value) if "school_name" in draft.cover else ""
    own = {*words(f"{CLOSING.before} {CLOSING.after} năm học giai đoạn của {school}")}
    for line in read.cover.closing:
        rest = [word for word in words(line.text) if word not in own]
        if all(word.isdigit() for word in rest):
            read.ledger.heading(line.paragraph)
        else:
            read.ledger.leave((line.paragraph,), NO_PLACE, CLOSING_LINE)


def _reviews(draft: Draft, read: _Read) -> None:
    """Take the two reviews of part VI of the form of 2026."""
    sheet = draft.layout.sheet("progress")
    for nth, raw in enumerate(read.found.reviews):
        label = normalise(raw.text("when").text).casefold()
        term = "term_1" if "kỳ i" in label or "kì i" in label else "year_end"
        if not label:
            term = ("term_1", "year_end")[min(nth, 1)]
        for name, source in raw.texts.items():
            target = f"{name}_{term}"
            if name == "when":
                read.ledger.heading(*source.paragraphs)
            elif sheet.has_cell(target) and target not in draft.grid:
                draft.grid[target] = Reading(source.text, source)
            else:
                read.ledger.leave(source.paragraphs, NO_PLACE, _REVIEWS, raw.place)


_REVIEWS = Text("Theo dõi và đánh giá", "Monitoring and review")


# ---- writing ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Placed:
    sheet: PlacedSheet
    ref: str
    label: Text
    reading: Reading


def _placed(
    draft: Draft,
    read: _Read,
    base: Plan,
    identity: Identity,
    options: Options,
    unplaced: Sequence[LeftBehind],
) -> Understood:
    placed: list[_Placed] = []
    cells = {name: dict(values) for name, values in base.cells.items()}
    kept = {n: base.cell(n) for n in _OF_TEMPLATE if n in base.cells["cover"]}
    cells["cover"] = dict(kept)
    if identity.year_line is not None or identity.year_doubt is not None:
        year = identity.year_line
        source = year.source if year else NOTHING
        read_as = year.text if year else ""
        draft.cover["school_year"] = Reading(
            str(identity.year), source, read_as, identity.year_doubt
        )
    singles = {"cover": draft.cover, "progress": draft.grid, **draft.others}
    for key, values in singles.items():
        sheet = draft.layout.sheet(key)
        for name, reading in values.items():
            cut = _cut(reading)
            cell = sheet.cell(name)
            cells.setdefault(key, {})[name] = cut.value
            placed.append(_Placed(sheet, cell.ref, cell.cell.label, cut))
    rows = {key: [(r.row, r.values) for r in records] for key, records in base.tables.items()}
    rows["plan"] = list(_rows(draft, "plan", draft.plan, placed))
    if draft.layout.has_sheet("problems"):
        rows["problems"] = list(_rows(draft, "problems", draft.problems, placed))
    for key, values_of_list in draft.lists.items():
        rows[key] = list(_rows(draft, key, values_of_list, placed))
    rows["progress"] = list(_reported(draft, placed))
    rows["self_assessment"] = list(_assessed(draft, rows["self_assessment"], placed))
    plan = complete_plan(draft.layout, cells, rows)
    if options.is_all_doubtful or read.document.is_rebuilt:
        placed = [
            replace(p, reading=replace(p.reading, doubt=p.reading.doubt or FROM_PDF))
            for p in placed
        ]
    left = list(draft.ledger.balanced(read.paragraphs, (p.reading for p in placed)))
    behind = tuple(e for entry in left for e in _behind(entry, options.source))
    behind += tuple(replace(entry, source=options.source) for entry in unplaced)
    doubtful = tuple(_doubtful(p) for p in placed if p.reading.doubt is not None)
    review = Review(
        doubtful, _summary(plan, len(placed), len(doubtful), len(left) + len(unplaced), options)
    )
    return Understood(
        plan,
        stamp_for(draft.layout, identity.kind, identity.year, School(code=draft.school_code)),
        identity.kind,
        identity.year,
        behind,
        review,
        len(placed),
        tuple(_missing(plan)),
        read.document.unread,
        read.document.encodings,
    )


_OF_TEMPLATE = ("school_kind", "taught", "school_year", "period_start", "period_end", "regulation")
"""The cells of the cover that the template itself fills in; all others are the document's."""


def _cut(reading: Reading) -> Reading:
    value = reading.value
    if isinstance(value, str):
        value = _printable(value)
        return replace(reading, value=value[:LONGEST_VALUE])
    return reading


def _printable(text: str) -> str:
    return "".join(c for c in text.replace("\t", " ") if c >= " " or c == "\n")


def _rows(
    draft: Draft, key: str, rows: Sequence[Row], placed: list[_Placed]
) -> Iterator[tuple[int, tuple[Raw, ...]]]:
    sheet = draft.layout.sheet(key)
    for nth, row in enumerate(rows):
        if nth >= sheet.row_count:
            for reading in row.values():
                draft.ledger.leave(reading.source.paragraphs, NO_ROOM, Text(sheet.name, sheet.name))
            continue
        number = sheet.first_row + nth
        values: list[Raw] = [None] * len(sheet.columns)
        for name, reading in row.items():
            cut = _cut(reading)
            column = sheet.column(name)
            values[column.index] = cut.value
            placed.append(_Placed(sheet, sheet.ref(name, number), column.column.header, cut))
        yield number, tuple(values)


def _reported(draft: Draft, placed: list[_Placed]) -> Iterator[tuple[int, tuple[Raw, ...]]]:
    """Yield the rows of the progress sheet: each is beside the row of its task."""
    sheet = draft.layout.sheet("progress")
    for nth, row in sorted(draft.progress.items()):
        if nth >= sheet.row_count:
            continue
        number = sheet.first_row + nth
        values: list[Raw] = [None] * len(sheet.columns)
        for name, reading in row.items():
            column = sheet.column(name)
            values[column.index] = _cut(reading).value
            placed.append(_Placed(sheet, sheet.ref(name, number), column.column.header, reading))
        yield number, tuple(values)


def _assessed(
    draft: Draft, rows: Iterable[tuple[int, tuple[Raw, ...]]], placed: list[_Placed]
) -> Iterator[tuple[int, tuple[Raw, ...]]]:
    sheet = draft.layout.sheet("self_assessment")
    for (number, values), criterion in zip(rows, draft.layout.regulation.criteria, strict=True):
        own = draft.assessment.get(criterion.code)
        if not own:
            yield number, values
            continue
        new = list(values)
        for name, reading in own.items():
            cut, column = _cut(reading), sheet.column(name)
            new[column.index] = cut.value
            placed.append(_Placed(sheet, sheet.ref(name, number), column.column.header, cut))
        yield number, tuple(new)


def _behind(left: Left, source: str) -> Iterator[LeftBehind]:
    """Yield a paragraph for the sheet «Chưa chuyển», cut in pieces where it is too long."""
    paragraph = left.paragraph
    text = _printable(paragraph.shown)
    place, _, cell = paragraph.place.partition(", ")
    for start in range(0, max(1, len(text)), _LONGEST_PIECE):
        piece = text[start : start + _LONGEST_PIECE]
        yield LeftBehind(place, cell, left.field, left.about, piece, left.why, source)


def _doubtful(placed: _Placed) -> Doubtful:
    reading = placed.reading
    value = reading.value
    shown = show(value, as_date=True) if is_number(value) else str(value)
    places = dict.fromkeys(p.place for p in reading.source.paragraphs)
    assert reading.doubt is not None
    return Doubtful(
        placed.sheet.name,
        placed.ref,
        placed.label,
        shown[:_LONGEST_PIECE],
        reading.doubt,
        _printable(reading.source.text)[:_LONGEST_PIECE],
        "; ".join(list(places)[:_MOST_PLACES]),
    )


_MOST_PLACES = 3


def _missing(plan: Plan) -> Iterator[Text]:
    for placed in plan.layout.sheet("cover").cells:
        if placed.cell.required and not filled(plan.cell(placed.field)):
            yield placed.cell.label


def _summary(plan: Plan, count: int, doubtful: int, left: int, options: Options) -> str:
    tasks = len(plan.rows("plan"))
    origin = f" từ văn bản «{options.source}»" if options.source else ""
    return (
        f"Bản nháp do máy đọc{origin}: {tasks} công việc, {count} ô đã điền, {doubtful} ô cần xem "
        f"lại, {left} đoạn văn chưa chuyển (trang «Chưa chuyển»). Vui lòng kiểm tra trước khi nộp."
    )
