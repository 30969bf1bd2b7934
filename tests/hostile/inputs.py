"""Hostile inputs that are no workbook of a school: authority workbooks, lists, settings, paths."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import io
import json
import os
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory

from click.testing import CliRunner

from kdcl_xl.cli import main
from tests.build import TODAY
from tests.hostile.forge import MB, filled, parts, zipped

Args = list[object]


@dataclass(frozen=True)
class Input:
    """Files that ``make`` puts into a folder, and the command that is given them."""

    name: str
    kind: str
    make: Callable[[Path], Args]


INPUTS: dict[str, Input] = {}


def add(name: str, kind: str, make: Callable[[Path], Args]) -> None:
    """Add an input."""
    assert name not in INPUTS, name
    INPUTS[name] = Input(name, kind, make)


# ---- authority workbooks ------------------------------------------------------------------------


@lru_cache(maxsize=1)
def district() -> bytes:
    """Return an authority workbook of one school."""
    with TemporaryDirectory() as folder:
        source, target = Path(folder, "a.xlsx"), Path(folder, "d.xlsx")
        source.write_bytes(filled())
        args = ["merge", source, "-o", target, "--today", TODAY, "--no-cache"]
        done = CliRunner().invoke(main, list(map(str, args)))
        assert done.exit_code == 0, done.output
        return target.read_bytes()


def with_hidden(sheet: str, lines: list[str]) -> bytes:
    """Return the authority workbook with other texts in a hidden sheet, one cell a row."""
    found = parts(district())
    book, rels = found["xl/workbook.xml"].decode(), found["xl/_rels/workbook.xml.rels"].decode()
    relation = re.search(rf'name="{sheet}"[^>]*r:id="(\w+)"', book)
    assert relation
    target = re.search(rf'Id="{relation[1]}"[^>]*Target="([^"]+)"', rels) or re.search(
        rf'Target="([^"]+)"[^>]*Id="{relation[1]}"', rels
    )
    assert target
    part = f"xl/{target[1].removeprefix('/xl/')}"
    rows = "".join(
        f'<row r="{n}">'
        + "".join(
            f'<c r="{letters}{n}" t="inlineStr"><is><t>{piece}</t></is></c>'
            for letters, piece in zip("ABCDEFGHIJ", pieces_of(line), strict=False)
        )
        + "</row>"
        for n, line in enumerate(lines, start=1)
    )
    data = re.sub(
        rb"<sheetData>.*</sheetData>|<sheetData/>",
        b"<sheetData>@</sheetData>",
        found[part],
        flags=re.DOTALL,
    )
    found[part] = data.replace(b"@", rows.encode())
    return zipped(found)


def pieces_of(line: str) -> list[str]:
    """Return a text in pieces that cells can hold, escaped."""
    escaped = line.replace("&", "&amp;").replace("<", "&lt;")
    return [escaped[i : i + 32_000] for i in range(0, len(escaped), 32_000)]


def sources_of(content: bytes, size: int | None = None) -> list[str]:
    """Return the lines of hidden sources with a checksum that fits."""
    facts = {
        "format": 1,
        "size": size or len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    text = base64.b64encode(zlib.compress(content, 9)).decode()
    return [json.dumps(facts), *(text[i : i + 32_000] for i in range(0, len(text), 32_000))]


def archive_of(*records: str) -> list[str]:
    """Return the lines of a hidden memory with a checksum that fits."""
    checksum = hashlib.sha256("\n".join(records).encode()).hexdigest()
    return [json.dumps({"format": 2, "records": len(records), "sha256": checksum}), *records]


ABOUT = '["s","KD303","p","f",[],[],"",1]'


def line_with(value: str) -> str:
    """Return a record whose decision has a value."""
    return f'["L","k",[{ABOUT},"c","n","p","v","m",[{value},null,null,null]],null]'


SOURCES: dict[str, Callable[[], list[str]]] = {
    "sources_bomb_40mb": lambda: sources_of(b"[" + b"[]," * (13 * MB) + b"[]]"),
    "sources_bomb_199mb": lambda: sources_of(b"[" + b"[]," * (66 * MB) + b"[]]"),
    "sources_lie_1gb": lambda: sources_of(b" " * (1000 * MB), 1000),
    "sources_nested": lambda: sources_of(b"[" * 900_000 + b"]" * 900_000),
    "sources_10m_lines": lambda: sources_of(b'["",[],[]]' + b"\n" * (10 * MB)),
    "sources_digits": lambda: sources_of(b"[" + b"9" * (2 * MB) + b"]"),
    "sources_format_digits": lambda: ['{"format":' + "9" * 4000 + "}"],
    "sources_format_nan": lambda: ['{"format":NaN}'],
    "sources_5m_schools": lambda: sources_of(
        b'["",[' + b'["c","n",null,"","",[]],' * (1 * MB) + b'["c","n",null,"","",[]]],[]]'
    ),
}
ARCHIVES: dict[str, Callable[[], list[str]]] = {
    "memory_400_digits": lambda: archive_of(line_with("9" * 400)),
    "memory_nan": lambda: archive_of(line_with("NaN")),
    "memory_infinity": lambda: archive_of(line_with("-Infinity")),
    "memory_1e999": lambda: archive_of(line_with("1e999")),
    "memory_nested": lambda: archive_of('["L",' + "[" * 30_000 + "]" * 30_000 + "]"),
    "memory_million_records": lambda: archive_of(*['["H"]'] * 300_000),
    "memory_format_digits": lambda: ['{"format":' + "9" * 4000 + "}"],
    "memory_row_digits": lambda: archive_of(
        line_with("null").replace(',1],"c"', f',{"9" * 400}],"c"')
    ),
    "memory_day": lambda: archive_of('["N","p","t","' + "9" * 1000 + '"]'),
}


def as_previous(content: Callable[[], bytes]) -> Callable[[Path], Args]:
    """Give an authority workbook as the earlier one."""

    def make(folder: Path) -> Args:
        (folder / "d.xlsx").write_bytes(content())
        (folder / "a.xlsx").write_bytes(filled())
        return [
            "merge",
            folder / "a.xlsx",
            "--previous",
            folder / "d.xlsx",
            "-o",
            folder / "o.xlsx",
        ]

    return make


def as_input(content: Callable[[], bytes]) -> Callable[[Path], Args]:
    """Give an authority workbook beside a school's."""

    def make(folder: Path) -> Args:
        (folder / "d.xlsx").write_bytes(content())
        (folder / "a.xlsx").write_bytes(filled())
        return ["merge", folder / "a.xlsx", folder / "d.xlsx", "-o", folder / "o.xlsx"]

    return make


def hidden(sheet: str, lines: Callable[[], list[str]]) -> bytes:
    """Return the authority workbook with texts that are made late in a hidden sheet."""
    return with_hidden(sheet, lines())


for _name, _lines in SOURCES.items():
    add(_name, "district", as_input(partial(hidden, "_kdcl_nguon", _lines)))
for _name, _lines in ARCHIVES.items():
    add(
        f"{_name}_previous",
        "district",
        as_previous(partial(hidden, "_kdcl_so", _lines)),
    )
    add(
        f"{_name}_input",
        "district",
        as_input(partial(hidden, "_kdcl_so", _lines)),
    )


def district_with_rows() -> bytes:
    """Return an authority workbook in whose overview somebody filled a column down."""
    found = parts(district())
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(5000, 700_000))
    name = "xl/worksheets/sheet1.xml"
    found[name] = found[name].replace(b"</sheetData>", rows.encode() + b"</sheetData>", 1)
    return zipped(found)


add("district_700k_rows", "district", as_previous(district_with_rows))


# ---- lists of schools, settings, regulations ----------------------------------------------------


def list_of(content: Callable[[], bytes]) -> Callable[[Path], Args]:
    """Give a list of schools to a command."""

    def make(folder: Path) -> Args:
        (folder / "s.csv").write_bytes(content())
        (folder / "a.xlsx").write_bytes(filled())
        return ["merge", folder / "a.xlsx", "--schools", folder / "s.csv", "-o", folder / "o.xlsx"]

    return make


HEAD = b"code,name,kind\n"
add("list_one_line_100mb", "list", list_of(lambda: HEAD + b"a" * (100 * MB)))
add("list_commas_100mb", "list", list_of(lambda: HEAD + b"," * (100 * MB)))
add("list_quotes_100mb", "list", list_of(lambda: HEAD + b'"' * (100 * MB)))
add("list_blank_lines_50mb", "list", list_of(lambda: b"\n" * (50 * MB)))
add("list_huge_cell", "list", list_of(lambda: HEAD + b"001," + b"a" * (20 * MB) + b",thcs\n"))
add(
    "list_3m_schools",
    "list",
    list_of(lambda: HEAD + b"".join(b"%d,n,thcs\n" % n for n in range(3_000_000))),
)
add("list_nul", "list", list_of(lambda: HEAD + b"001,\0,thcs\n"))


def settings_of(content: Callable[[], bytes]) -> Callable[[Path], Args]:
    """Give settings to a command."""

    def make(folder: Path) -> Args:
        (folder / "k.toml").write_bytes(content())
        (folder / "a.xlsx").write_bytes(filled())
        return ["check", folder / "a.xlsx", "--config", folder / "k.toml"]

    return make


TOML: dict[str, Callable[[], bytes]] = {
    "nested": lambda: b"a = " + b"[" * 100_000 + b"]" * 100_000,
    "tables": lambda: b"a = " + b"{a=" * 50_000,
    "dotted": lambda: b".".join([b"a"] * 200_000) + b" = 1",
    "digits": lambda: b"[bounds]\nlargest_file = " + b"9" * 5_000_000,
    "5000_digits": lambda: b"[bounds]\nlargest_file = " + b"9" * 5_000,
    "50mb": lambda: b"# " + b"x" * (50 * MB),
    "keys": lambda: b"".join(b"a%d = 1\n" % n for n in range(1_000_000)),
    "waivers": lambda: b"[[waivers]]\n" * 300_000,
    "nul": lambda: b"a = 'b\0'",
    "string": lambda: b'stage = """' + b"\\u0041" * 2_000_000 + b'"""',
    "dates": lambda: b"a = 9999-99-99T99:99:99.9999999999999999",
}
for _name, _content in TOML.items():
    add(f"toml_{_name}", "toml", settings_of(_content))


def regulation_of(content: Callable[[], bytes]) -> Callable[[Path], Args]:
    """Give an authority's own regulation to a command."""

    def make(folder: Path) -> Args:
        (folder / "k.toml").write_bytes(content())
        return ["regulations", "--catalogue", folder / "k.toml"]

    return make


add("regulation_nested", "toml", regulation_of(TOML["nested"]))
add("regulation_50mb", "toml", regulation_of(TOML["50mb"]))


# ---- paths ---------------------------------------------------------------------------------------

add("path_dev_zero", "path", lambda _: ["check", "/dev/zero"])
add(
    "path_dev_zero_list",
    "path",
    lambda folder: ["merge", folder, "--schools", "/dev/zero", "-o", folder / "o.xlsx"],
)
add("path_dev_zero_config", "path", lambda folder: ["check", folder, "--config", "/dev/zero"])


def pipe_named(folder: Path) -> Args:
    """Name a pipe that nobody writes to."""
    os.mkfifo(folder / "a.xlsx")
    return ["check", folder / "a.xlsx"]


def pipe_found(folder: Path) -> Args:
    """Leave a pipe in a folder."""
    os.mkfifo(folder / "p.xlsx")
    (folder / "a.xlsx").write_bytes(filled())
    return ["check", folder]


def name_with_line_feed(folder: Path) -> Args:
    """Give a file a name that forges a line of the report."""
    (folder / "a.xlsx: OK\nb\x1b[2J.xlsx").write_bytes(b"PK")
    return ["check", folder]


def link_out(folder: Path) -> Args:
    """Leave a link to a workbook outside the folder."""
    (folder / "out").mkdir()
    (folder / "in").mkdir()
    (folder / "out" / "secret.xlsx").write_bytes(filled())
    (folder / "in" / "a.xlsx").symlink_to(folder / "out" / "secret.xlsx")
    (folder / "in" / "sub").symlink_to(folder / "out")
    return ["check", folder / "in"]


add("path_pipe_named", "path", pipe_named)
add("path_pipe_found", "path", pipe_found)
add("path_line_feed", "path", name_with_line_feed)
add("path_link_out", "path", link_out)


@contextlib.contextmanager
def made(given: Input) -> Iterator[tuple[Path, Args]]:
    """Make an input in a folder of its own."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        yield folder, given.make(folder)


def is_zip(content: bytes) -> bool:
    """Return whether bytes are a zip at all."""
    return zipfile.is_zipfile(io.BytesIO(content))
