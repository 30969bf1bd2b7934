"""Rows that are read by patterns are read as element by element, or not by patterns at all."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kdcl_xl import sheet_xml
from kdcl_xl.guard import UnreadableError
from kdcl_xl.memory import Memory
from kdcl_xl.plain_rows import plain_sheet
from kdcl_xl.sheet_xml import Found, find_cells
from kdcl_xl.strings import Strings
from macros_free_validation.values import Raw

STRINGS = Strings("<sst><si><t>Mức 1</t></si><si><t></t></si><si><t>B</t></si></sst>".encode(), "")
NS = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def sheet(rows: str) -> bytes:
    return b"<worksheet %s><sheetData>%s</sheetData><x/></worksheet>" % (NS, rows.encode())


def mostly(usual: Sequence[str], odd: Sequence[str]) -> st.SearchStrategy[str]:
    """One of the usual ones, and now and then an odd one."""
    return st.sampled_from([*usual * (12 * len(odd) // len(usual)), *odd])


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


def told(found: Found) -> Told:
    """What is found, results included, or that there is no one meaning."""
    values = {row: dict(cells) for row, cells in found.values.items() if cells}
    results = {row: dict(cells) for row, cells in found.results().items() if cells}
    # A formula without a text of its own is told in several ways, which mean the same.
    formulas = {ref: body.partition(b">")[2] for ref, body in found.formulas.cells.items()}
    return values, results, formulas, sorted(found.far)


def outcome(xml: bytes, *, slowly: bool, everywhere: bool) -> Told | str:
    try:
        if slowly:
            return told(sheet_xml._found_slowly(xml, "s", STRINGS, everywhere))
        return told(find_cells(xml, "s", STRINGS, everywhere=everywhere))
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


def test_the_older_generation_is_forgotten() -> None:
    asked: list[bytes] = []

    def work(piece: bytes) -> int:
        asked.append(piece)
        return len(asked)

    memory: Memory[int] = Memory(work, 2)

    def of(pieces: Sequence[bytes]) -> list[int]:
        return [memory[piece] for piece in pieces]

    assert of([b"a", b"b", b"a", b"c", b"a"]) == [1, 2, 1, 3, 1]
    assert of([b"d", b"a", b"e"]) == [4, 1, 5]
    assert asked == [b"a", b"b", b"c", b"d", b"e"]
    assert of([b"b"]) == [6], "nobody had asked for it in the generation before"
