"""Rows that are read by patterns are read as element by element, or not by patterns at all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kdcl_xl.xlsx import sheet_xml
from kdcl_xl.xlsx.bounded_cache import BoundedCache
from kdcl_xl.xlsx.bounds import SAFE
from kdcl_xl.xlsx.cells import SheetCells
from kdcl_xl.xlsx.odd_cells import Oddity
from kdcl_xl.xlsx.package import Meter, UnreadableError
from kdcl_xl.xlsx.plain_rows import plain_sheet
from kdcl_xl.xlsx.sheet_xml import find_cells
from kdcl_xl.xlsx.strings import Strings
from macros_free_validation.values import Raw
from workbook_templates.layout import letter_of

STRINGS = Strings(
    "<sst><si><t>Mức 1</t></si><si><t></t></si><si><t>B</t></si></sst>".encode(), "", Meter(SAFE)
)
NS = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def sheet(rows: str) -> bytes:
    return b"<worksheet %s><sheetData>%s</sheetData><x/></worksheet>" % (NS, rows.encode())


def mostly(usual: Sequence[str], odd: Sequence[str]) -> st.SearchStrategy[str]:
    """One of the usual ones, and now and then an odd one."""
    return st.sampled_from([*list(usual) * (12 * len(odd) // len(usual)), *odd])


NUMBERS = mostly(["", "0", "2", "-3.5e2", "46287"], [" 1 ", "1e999", "..", "x", "17"])
TEXTS = mostly(["đủ", "&amp;", "_x0041_", " a\n"], ["&#7;", "&x;", "]]>", "&", "\x01"])
KINDS = {
    "": NUMBERS, "n": NUMBERS, "s": mostly(["0", "1", "2", ""], ["17", "x", " 2"]), "str": TEXTS,
    "b": mostly(["0", "1"], ["true", "x"]), "e": TEXTS, "inlineStr": TEXTS, "?": TEXTS,
    "d": mostly(["2026-09-01"], ["x"]),
}  # fmt: skip
FORMULAS = mostly(
    ["", "", "<f>A1+1</f>", '<f t="shared" ref="A1:A9" si="0">B$1&amp;""</f>',
     '<f t="shared" si="0"/>'],
    ["<f/>", "<f></f>", '<f si="0" t="shared"/>', "<f/></f>", "<f>A1"],
)  # fmt: skip
CONTENTS = mostly(
    ["<v>{}</v>"], ["", "<v/>", "<v />", "<v>{}<!-- --></v>", "<v>{}</v><v>2</v>", "<is><r/></is>"]
)
OWN_TEXTS = mostly(
    ["<is><t>{}</t></is>", '<is><t xml:space="preserve">{}</t></is>'], ["<v>{}</v>", "<t>{}</t>"]
)


@st.composite
def cells(draw: st.DrawFn, letters: str, number: int) -> str:
    address = draw(mostly([f"{letters}{number}"], ["A1", "b2", "AAA2", "ZZZZ1", "", "$A$1"]))
    style = draw(mostly(["", ' s="3"'], [' s="3" s="4"']))
    kind = draw(mostly(["", "s", "str"], [*KINDS]))
    form = draw(OWN_TEXTS if kind == "inlineStr" else CONTENTS)
    inner = draw(FORMULAS) + form.replace("{}", draw(KINDS[kind]))
    start = f'<c r="{address}"{style}' + (f' t="{kind}"' if kind else "")
    return draw(mostly([f"{start}>{inner}</c>"], [f"{start}/>", f"{start}></c>"]))


@st.composite
def rows(draw: st.DrawFn) -> str:
    numbers = draw(st.lists(st.sampled_from(range(1, 9)), max_size=4, unique=True))
    numbers += [int(n) for n in draw(mostly(["", "10000"], ["1", "20000"])).split()]
    found = []
    for number in sorted(numbers):
        letters = draw(st.lists(st.sampled_from("ABC"), max_size=3, unique=True))
        inner = "".join(draw(cells(letter, number)) for letter in letters)
        end = draw(mostly(["</row>"], ["", "</row><v>7</v>", "</row></row>"]))
        found.append(f'<row r="{number}">{inner}{end}' if inner else f'<row r="{number}"/>')
    return "".join(found)


Told = tuple[object, ...]


def told(found: SheetCells) -> Told:
    """What is found, results included, or that there is no one meaning."""
    values = {row: dict(cells) for row, cells in found.values.items() if cells}
    results = {row: dict(cells) for row, cells in found.results.items() if cells}
    # A formula without a text of its own is told in several ways, which mean the same.
    formulas = {ref: body.partition(b">")[2] for ref, body in found.formulas.cells.items()}
    return values, results, formulas, sorted(found.far), found.odd


def outcome(xml: bytes, *, slowly: bool, everywhere: bool) -> Told | str:
    try:
        if slowly:
            return told(sheet_xml._cells_by_element(xml, "s", STRINGS, Meter(SAFE), everywhere))
        return told(find_cells(xml, "s", STRINGS, Meter(SAFE), everywhere=everywhere))
    except UnreadableError:
        return "refused"


@given(rows(), st.booleans())
@example('<row r="1"><c r="A1" t="s"><v>7</v></c></row>', False)
@example('<row r="1"><c r="A1"><f>1</f><v>x</v></c></row>', True)
@example('<row r="1"/><v>7</v><row r="2"><c r="A2"><v>1</v></c></row>', False)
def test_patterns_read_what_the_standard_says(data: str, everywhere: bool) -> None:
    xml = sheet(data)
    fast = outcome(xml, slowly=False, everywhere=everywhere)
    assert fast == outcome(xml, slowly=True, everywhere=everywhere)
    assert fast == outcome(xml, slowly=False, everywhere=everywhere), "the second time too"


PLAIN = '<row r="2" ht="9"><c r="A2" s="1"/><c r="B2" t="s"><v>0</v></c></row>'


@pytest.mark.parametrize(
    ("data", "is_plain"),
    [
        (PLAIN, True),
        ('<row r="1"/>' + PLAIN + '<row r="3"/>', True),
        (PLAIN.replace("0</v>", "</v>"), True),
        ("</row>" + PLAIN, False),
        (PLAIN + "</row>", False),
        (PLAIN + "x", False),
        (PLAIN.replace('r="B2"', 'r="B3"'), False),
        (PLAIN.replace('r="B2"', 'r="A2"'), False),
        (PLAIN.replace(' s="1"', ' s="&lt;"'), True),
        (PLAIN.replace(' ht="9"', ' ht="&"'), False),
        (PLAIN.replace(' s="1"', ' s="&"'), False),
    ],
)
def test_what_is_plain(data: str, is_plain: bool) -> None:
    assert (plain_sheet(sheet(data)) is not None) is is_plain


def test_values_differ_and_rows_are_remembered() -> None:
    def read(value: str) -> tuple[object, Raw]:
        plain = plain_sheet(sheet(PLAIN.replace("<v>0<", f"<v>{value}<")))
        assert plain is not None
        return plain.rows[0], plain.values(STRINGS.texts, lambda row: row.typed).get(2, {}).get(1)

    (first, one), (second, two), (third, none) = read("0"), read("2"), read("1")
    assert (one, two, none) == ("Mức 1", "B", None)
    assert first is second is third


SHAPE = (
    '<row r="{n}" s="12"><c r="A{n}" s="12"><f>{f}</f><v>{n}</v></c>'
    '<c r="AB{n}"><v>{n}</v></c></row>'
)


@pytest.mark.parametrize("formula", ['LEFT("A{n}",A{n})', "A1", "A1" + "&lt;A1" * 1_000])
def test_rows_below_each_other_differ_in_their_numbers(formula: str) -> None:
    rows = {n: SHAPE.replace("{f}", formula).format(n=n) for n in (3, 12, 13, 112)}
    found = find_cells(sheet("".join(rows.values())), "s", STRINGS, Meter(SAFE), everywhere=True)
    assert found.values == {n: {27: float(n)} for n in rows}
    assert found.results == {n: {0: float(n)} for n in rows}
    assert found.formulas.cells == {
        b"A%d" % n: b">" + row.partition("<f>")[2].partition("</f>")[0].encode()
        for n, row in rows.items()
    }
    assert found.read_styles() == {}
    once = plain_sheet(sheet("".join(rows.values())), once=True)
    again = plain_sheet(sheet("".join(rows.values())))
    assert once is not None
    assert again is not None
    for one, other in zip(once.rows, again.rows, strict=True):
        assert (one.numbers, one.key, [*one.bodies()]) == (
            other.numbers,
            other.key,
            [*other.bodies()],
        )


def test_a_long_row_without_formulas() -> None:
    cells = "".join(f'<c r="{letter_of(column)}7"><v>1</v></c>' for column in range(400))
    for _ in range(2):
        found = find_cells(sheet(f'<row r="7">{cells}</row>'), "s", STRINGS, Meter(SAFE))
        assert found.values == {7: dict.fromkeys(range(400), 1.0)}
        assert not found.formulas.cells


@pytest.mark.parametrize(
    "odd",
    [
        '<row r="4"><c r="A"><v>1</v></c><c r="B4"><v>2</v></c></row>',
        '<row r="4"><c r="A5"><v>1</v></c><c r="B4"><v>2</v></c></row>',
        '4"><c r="A4"><v>1</v></c><c r="B4"><v>2</v></c></row>',
        '<row r="04"><c r="A04"><v>1</v></c><c r="B04"><v>2</v></c></row>',
        '<row r=""><c r="A"><v>1</v></c><c r="B"><v>2</v></c></row>',
    ],
)
def test_a_row_like_one_above_has_to_have_its_own_number(odd: str) -> None:
    plain = '<row r="3"><c r="A3"><v>1</v></c><c r="B3"><v>2</v></c></row>'
    assert plain_sheet(sheet(plain), once=True) is not None
    assert plain_sheet(sheet(plain + odd), once=True) is None


def test_a_result_is_kept_under_a_shorter_key() -> None:
    asked: list[bytes] = []

    def work(piece: bytes) -> bytes:
        asked.append(piece)
        return piece.upper()

    memory = BoundedCache(work, 8 * 1_000)
    assert [memory.under(b"k", b"long", len) for _ in range(2)] == [b"LONG"] * 2
    assert memory.under(b"l", b"longer", lambda _: 1_000) == b"LONGER"
    assert memory.under(b"l", b"longer", lambda _: 1_000) == b"LONGER"
    assert asked == [b"long", b"longer", b"longer"], "a large result is not kept"


def test_the_older_generation_is_forgotten() -> None:
    asked: list[bytes] = []

    def work(piece: bytes) -> bytes:
        asked.append(piece)
        return piece

    memory = BoundedCache(work, 8 * (1 + 100))  # eight pieces of a byte

    def again(pieces: str) -> str:
        """Those of the pieces that had to be worked out."""
        asked.clear()
        assert [memory[piece.encode()] for piece in pieces] == [p.encode() for p in pieces]
        return b"".join(asked).decode()

    assert again("abcdefgh" + "aa") == "abcdefgh"
    assert again("ijkl" + "ab" + "i") == "ijkl", "of the generation before"
    assert again("mnop") == "mnop"
    assert again("ab" + "cd") == "cd", "nobody had asked for them since"


@pytest.mark.parametrize("odd", ["", "<!-- -->"], ids=["plain", "by element"])
@pytest.mark.parametrize(
    ("cell", "value", "result"),
    [
        ('t="inlineStr"><is><t>Việc</t></is>', "Việc", None),
        ('t="inlineStr"><is><t xml:space="preserve"> a </t></is>', " a ", None),
        ('t="inlineStr"><v>Việc</v>', "Việc", None),
        ("><is><t>Việc</t></is>", "Việc", None),
        ('t="str"><is><t>Việc</t></is>', "Việc", None),
        ('t="str"><v>_x0041_&amp;</v>', "A&", None),
        ('t="s"><v>2</v>', "B", None),
        ('t="s"><v>1</v>', None, None),
        ("><v>7</v>", 7.0, None),
        ('t="b"><v>1</v>', True, None),
        ('t="inlineStr"><f>A9</f><v>Việc</v>', None, "Việc"),
        ('t="str"><f>A9</f><is><t>Việc</t></is>', None, "Việc"),
        ("><f>A9</f><v>7</v>", None, 7.0),
    ],
)
def test_nothing_typed_is_lost(cell: str, value: Raw, result: Raw, odd: str) -> None:
    between = "" if cell.startswith(">") else " "
    xml = sheet(f'<row r="1"><c r="A1"{between}{cell}</c></row>{odd}')
    assert (plain_sheet(xml) is None) is bool(odd)
    found = find_cells(xml, "s", STRINGS, Meter(SAFE))
    assert found.values.get(1, {}).get(0) == value
    assert found.results.get(1, {}).get(0) == result


@pytest.mark.parametrize(
    "cell",
    [
        't="inlineStr"><v>a</v><is><t>b</t></is>',
        't="s"><v>3</v>',
        "><v>Việc</v>",
        't="str"><v>\ufffe</v>',
        't="str"><v>&#xFFFF;</v>',
    ],
)
def test_two_meanings_or_none_cost_one_cell(cell: str) -> None:
    rows = f'<row r="1"><c r="A1" {cell}</c><c r="B1"><v>7</v></c></row>'
    try:
        found = find_cells(sheet(rows), "s", STRINGS, Meter(SAFE))
    except UnreadableError:
        assert "\ufffe" in cell or "FFFF" in cell, "only what is no XML costs the sheet"
        return
    assert found.values == {1: {1: 7.0}}
    assert [(odd.ref, odd.why) for odd in found.odd] == [("A1", Oddity.CONTENT)]


@pytest.mark.parametrize(
    "tail",
    [
        '<dataValidations><dataValidation prompt="sheetData"/></dataValidations>',
        '<sheetProtection sheet="1"/><headerFooter><oddFooter>sheetData</oddFooter></headerFooter>',
    ],
)
@pytest.mark.parametrize("rows", [PLAIN, PLAIN + "<!-- -->", ""])
def test_what_stands_below_the_cells(rows: str, tail: str) -> None:
    found = find_cells(sheet(rows).replace(b"<x/>", tail.encode()), "s", STRINGS, Meter(SAFE))
    # A sheet that is parsed has its tail written anew.
    below = found.tail.removesuffix(b"</worksheet>").replace(b"ns0:", b"")
    assert re.sub(rb" xmlns:ns0=.[^>]*?main.", b"", below).replace(b" />", b"/>") == tail.encode()


@pytest.mark.parametrize("after", [PLAIN, '<x:ext xmlns:x="u"><x:c/></x:ext>', "<c/>", "<q:x/>"])
def test_cells_stand_where_they_belong(after: str) -> None:
    xml = sheet(PLAIN).replace(b"<x/>", after.encode())
    if after.startswith("<x:"):
        assert plain_sheet(xml) is not None or find_cells(xml, "s", STRINGS, Meter(SAFE)).values
        return
    if after == PLAIN:
        found = find_cells(xml, "s", STRINGS, Meter(SAFE))
        assert [(odd.ref, odd.why, odd.texts) for odd in found.odd] == [
            ("B2", Oddity.ELSEWHERE, ("Mức 1",))
        ]
        assert found.values == {}
        return
    with pytest.raises(UnreadableError):
        find_cells(xml, "s", STRINGS, Meter(SAFE))


def test_sheets_with_the_same_formulas_share_them() -> None:
    xml = sheet('<row r="1"><c r="A1"><f>B1</f></c></row>')
    odd = xml.replace(b"<x/>", b"<x/><!-- -->")
    for one in (xml, odd):
        first, second = (find_cells(one, "s", STRINGS, Meter(SAFE)).formulas for _ in range(2))
        assert first is second
    assert find_cells(xml, "s", STRINGS, Meter(SAFE)).formulas.cells == {b"A1": b">B1"}


def test_what_is_long_is_not_remembered() -> None:
    memory = BoundedCache(len, 8_000)
    assert memory[b"x" * 2_000] == 2_000
    assert not memory
    for number in range(1_000):
        assert memory[b"%07d" % number] == 7
    assert sum(map(len, [memory, memory._older])) <= 2 * 8_000 // 100


ONE = '<c r="B2"><v>1</v></c>'


@pytest.mark.parametrize(
    ("rows", "values", "odd"),
    [
        ('<row r="2"><c r="b2"><v>1</v></c></row>', {2: {1: 1.0}}, ["B2 LOWER_CASE"]),
        (f'<row r="2">{ONE}{ONE}<c r="C2"><v>3</v></c></row>', {2: {1: 1.0, 2: 3.0}}, []),
        (f'<row r="2">{ONE}<c r="B2"><v>2</v></c><c r="C2"><v>3</v></c></row>', {2: {2: 3.0}},
         ["B2 TWICE"]),
        (f'<row r="2">{ONE}<c r="b2"><v>2</v></c></row>', {}, ["B2 TWICE"]),
        (f'<row r="2">{ONE}</row><row r="2"><c r="C2"><v>3</v></c></row>', {},
         ["B2 ROW_TWICE", "C2 ROW_TWICE"]),
        (f'<row r="1">{ONE}<c r="C1"><v>3</v></c></row>', {1: {2: 3.0}}, ["B2 ELSEWHERE"]),
        (f'<row r="1">{ONE}</row><row r="2">{ONE}</row>', {}, ["B2 ELSEWHERE"]),
        (f'<row r="1"><c r="B1"><v>9</v></c>{ONE}</row>', {},
         ["B1 ELSEWHERE", "B2 ELSEWHERE"]),
        (f'<row r="x">{ONE}</row><row r="3"><c r="C3"><v>3</v></c></row>', {3: {2: 3.0}},
         ["B2 ELSEWHERE"]),
        ('<row r="2"><c r="A2"><v>0</v></c><c r="$B$2"><v>1</v></c></row>', {2: {0: 0.0}},
         ["B2 ELSEWHERE"]),
        (f'{ONE}<row r="2"><c r="B2"><v>2</v></c></row>', {}, ["B2 ELSEWHERE"]),
        (f'<row r="2"><g>{ONE}</g><c r="C2"><v>3</v></c></row>', {2: {2: 3.0}},
         ["B2 ELSEWHERE"]),
        (f'<row r="2">{ONE}</row></sheetData><sheetData><row r="2"><c r="B2"><v>2</v></c></row>',
         {}, ["B2 ELSEWHERE"]),
        ('<row r="2"><c r="B2"><f>A1</f><v>x</v></c><c r="C2"><v>3</v></c></row>', {2: {2: 3.0}},
         []),
    ],
)  # fmt: skip
def test_an_oddity_costs_its_own_cell(
    rows: str, values: dict[int, dict[int, Raw]], odd: list[str]
) -> None:
    """Two programs that read different values there cannot disagree about what is taken."""
    found = find_cells(sheet(rows), "s", STRINGS, Meter(SAFE))
    assert {row: dict(cells) for row, cells in found.values.items()} == values
    assert [f"{cell.ref} {cell.why.name}" for cell in found.odd] == odd


def test_quotation_marks_in_formulas_hardly_count() -> None:
    """LibreOffice writes a formula in full in every row, up to 2,000 of them."""
    formula = "A1&amp;" + "&quot;x&quot;&amp;" * 100
    rows = "".join(
        f'<row r="{n}"><c r="B{n}"><f>{formula}</f><v>1</v></c></row>' for n in range(1, 1_001)
    )
    meter = Meter(replace(SAFE, most_elements=60))
    found = find_cells(sheet(rows), "s", STRINGS, meter)
    assert len(found.formulas.places) == 1_000
    with pytest.raises(UnreadableError):
        find_cells(sheet(rows), "s", STRINGS, meter)


@pytest.mark.parametrize(
    ("head", "end"),
    [(b"\x0b", b""), (b"\xff", b""), (b"", b"\x0c"), (b"", b"\x00"), (b"", b"\xff")],
)
def test_odd_bytes_around_the_shared_strings_are_refused(head: bytes, end: bytes) -> None:
    xml = b'<sst xmlns="u"%b><si><t>a</t></si></sst>%b'
    assert Strings(xml % (b"", b" \n"), "s", Meter(SAFE)).texts == ["a"]
    with pytest.raises(UnreadableError):
        Strings(xml % (head, end), "s", Meter(SAFE))
