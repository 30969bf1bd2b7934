"""Write the generated pages of the documentation from the program itself.

``python docs/make_reference.py`` (``make reference``) writes them into ``docs``. With ``--check``
it writes nothing, names every page that is stale, and ends with 1 where there is one.
"""

from __future__ import annotations

import contextlib
import inspect
import json
import re
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import click
from click.testing import CliRunner

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from docs.reference_words import EXITS, KEYS, SETTING_TYPES, TYPES  # noqa: E402
from kdcl_xl.checking.rulebook import example_parts, facts, without_names  # noqa: E402
from kdcl_xl.checking.settings import GREATEST_BOUND, SETTINGS_FILE, TOP, Key  # noqa: E402
from kdcl_xl.checking.settings import WAIVER as WAIVER_KEYS  # noqa: E402
from kdcl_xl.cli import main as program  # noqa: E402
from kdcl_xl.errors import Exit  # noqa: E402
from kdcl_xl.xlsx.bounds import Bounds  # noqa: E402
from macros_free_validation import expression  # noqa: E402
from macros_free_validation.amount_text import money  # noqa: E402
from macros_free_validation.rule import Example, Rule  # noqa: E402
from macros_free_validation.rules import ALL_RULES, FAMILIES, LIMITS  # noqa: E402
from macros_free_validation.understood import Period, examples, reader_of  # noqa: E402
from macros_free_validation.values import to_date, to_serial  # noqa: E402
from tests.submission import tampering  # noqa: E402
from workbook_templates.declare import Column, Edge, Type  # noqa: E402
from workbook_templates.regulation import Regulation, builtin_catalogue  # noqa: E402
from workbook_templates.school_year import SchoolYear  # noqa: E402
from workbook_templates.text import Language, Text  # noqa: E402

VI = Language.VI
Page = tuple[str, str]
"""Where a page is, from ``docs``, and its text."""

GENERATED = "<!-- make reference -->"
"""The first line of every generated page: so that a stale one can be found and removed."""


class NoWordsError(Exception):
    """Something of the program that these pages have no words for."""


# --- Markdown


def page(path: str, *blocks: str) -> Page:
    """Return a page of paragraphs."""
    return path, "\n\n".join((GENERATED, *blocks)) + "\n"


def cell(text: str) -> str:
    """Return text that may be put into a cell of a table."""
    return " ".join(text.split()).replace("|", "\\|")


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(map(cell, line))} |" for line in lines)


def bullets(items: Iterable[str]) -> str:
    """Return a list."""
    return "\n".join(f"- {item}" for item in items)


# --- Commands


def _synopsis(command: click.Command, ctx: click.Context) -> str:
    pieces = " ".join(command.collect_usage_pieces(ctx)).replace("[OPTIONS]", "[TÙY CHỌN]")
    return f"```sh\n{ctx.command_path} {pieces}\n```"


def _options(command: click.Command, ctx: click.Context) -> str:
    records = (param.get_help_record(ctx) for param in command.get_params(ctx))
    return bullets(
        f"`{names}`: {_ranges(' '.join(text.split()))}"
        for names, text in filter(None, records)
        if text
    )


def _ranges(text: str) -> str:
    """Return a help text with the bounds of a number in words."""
    return re.sub(r"(\d+)<=x<=(\d+)", r"từ \1 đến \2", text)


def _exits(name: str) -> str:
    known = {**EXITS["*"], **EXITS.get(name, {})}
    return table(("Mã", "Ý nghĩa"), ((str(code), known[code]) for code in sorted(known)))


def commands() -> Iterator[Page]:
    """Yield the page of every command, and their list."""
    root = click.Context(program, info_name="kdcl-xl", **program.context_settings)
    lines = []
    for name in program.list_commands(root):
        command = program.get_command(root, name)
        assert command is not None
        ctx = click.Context(command, parent=root, info_name=name)
        lines.append((f"[`kdcl-xl {name}`]({name}.md)", program.summaries[name].vi))
        yield page(
            f"tham-khao/lenh/{name}.md",
            f"# kdcl-xl {name}",
            command.text.vi,  # type: ignore[attr-defined]
            _synopsis(command, ctx),
            "## Tùy chọn",
            _options(command, ctx),
            "## Mã thoát",
            _exits(name),
            "[Các lệnh](index.md)",
        )
    yield page(
        "tham-khao/lenh/index.md",
        "# Các lệnh",
        table(("Lệnh", "Việc"), lines),
        "Mỗi lệnh có `--help`. Thêm `--lang en`, hoặc đặt biến `KDCL_XL_LANG=en`, để dùng tiếng "
        "Anh.",
    )


def exit_codes() -> Iterator[Page]:
    """Yield the page of exit codes."""
    if {code for known in EXITS.values() for code in known} != set(Exit):
        raise NoWordsError("EXITS does not name every exit code")
    blocks = ["# Mã thoát", "Mọi lệnh dùng chung các mã sau; lệnh nào có nghĩa riêng thì ghi rõ."]
    for name, known in EXITS.items():
        blocks.append("## Mọi lệnh" if name == "*" else f"## [kdcl-xl {name}](lenh/{name}.md)")
        rows = ((f"**{int(code)}**", known[code]) for code in sorted(known))
        blocks.append(table(("Mã", "Ý nghĩa"), rows))
    yield page("tham-khao/ma-thoat.md", *blocks)


# --- Rules

_RULES_INTRO = (
    "Mỗi quy tắc có một trang: phát hiện điều gì, vì sao, ví dụ và cách xử lý. Các ví dụ được thay "
    "vào một kế hoạch mẫu không có vấn đề nào của quy tắc đó: trường THCS; mẫu 2018 cho năm học "
    "2020-2021, ban hành ngày 12/09/2020; mẫu 2026 cho năm học 2026-2027, ban hành ngày "
    "12/09/2026; thời gian thực hiện từ 01/8 đến 31/7."
)


def _example(rule: Rule, heading: str, example: Example | None) -> Iterator[str]:
    if example is not None:
        yield f"## {heading}"
        yield bullets(part.vi for part in example_parts(rule, example))


def _rule(rule: Rule) -> Page:
    return page(
        f"tham-khao/quy-tac/{rule.id}.md",
        f"# {rule.id}: {rule.title.vi}",
        f"`{rule.name}`",
        "## Nội dung phát hiện",
        without_names(rule.message).vi,
        "## Vì sao",
        rule.why.vi,
        *_example(rule, "Ví dụ chưa đúng", rule.wrong),
        *_example(rule, "Ví dụ đúng", rule.right),
        "## Cách xử lý",
        without_names(rule.remedy).vi,
        "## Thông tin thêm",
        bullets(f"{label.vi}: {text.vi}" for label, text in facts(rule)),
        "[Danh sách quy tắc](index.md)",
    )


def rules() -> Iterator[Page]:
    """Yield the page of every rule, and their list by family."""
    blocks = ["# Các quy tắc kiểm tra", _RULES_INTRO]
    for family, words in FAMILIES.items():
        blocks.append(f"## {words.vi}")
        blocks.append(
            table(
                ("Mã", "Tên", "Mức độ", "Nội dung"),
                (
                    (f"[{r.id}]({r.id}.md)", f"`{r.name}`", r.severity.label.vi, r.title.vi)
                    for r in ALL_RULES
                    if r.family == family
                ),
            )
        )
    yield page("tham-khao/quy-tac/index.md", *blocks)
    yield from map(_rule, ALL_RULES)


# --- What the program prints


def run(*arguments: str) -> str:
    """Return what a command prints, run in the folder of the project."""
    with contextlib.chdir(ROOT):
        result = CliRunner(env={"KDCL_XL_LANG": "vi"}).invoke(
            program, arguments, catch_exceptions=False
        )
    if result.exit_code not in (Exit.OK, Exit.ERRORS_FOUND):
        raise NoWordsError(f"kdcl-xl {' '.join(arguments)}: {result.output}")
    return result.stdout


_SHOWN_VALUES = 8


def _values(values: list[str] | dict[str, list[str]] | None) -> str:
    if values is None:
        return ""
    if isinstance(values, dict):
        return f"phụ thuộc: {len(values)} danh sách"
    if len(values) > _SHOWN_VALUES:
        return f"{len(values)} giá trị: {values[0]}; …; {values[-1]}"
    return "; ".join(values)


def _entries(place: str, name: str, entries: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    if entries:
        yield table(
            (name, "Trường dữ liệu", "Tên", "Kiểu", "Yêu cầu", "Giá trị"),
            (
                (
                    e[place],
                    f"`{e['field']}`",
                    e.get("label") or e.get("header", ""),
                    TYPES[e["type"]],
                    ", ".join(
                        word
                        for key, word in (("required", "bắt buộc"), ("locked", "khóa"))
                        if e[key]
                    ),
                    _values(e["values"]),
                )
                for e in entries
            ),
        )


def _form(form: str, kind: str, year: str) -> Page:
    said = json.loads(
        run("form", "--kind", kind, "--school-year", year, "--form", form, "--format", "json")
    )
    blocks = [
        f"# Từ điển mẫu {form}",
        (
            f"Mẫu {form} cho trường THCS, năm học {year}. Tiêu chí, mức và bộ phận khác nhau theo "
            f"cấp học: `kdcl-xl form --kind {kind} --school-year {year} --format json` in đầy "
            "đủ, kể cả mọi giá trị của từng danh sách chọn."
        ),
    ]
    for sheet in said["sheets"]:
        blocks.append(f"## {sheet['name']}")
        if sheet["first_row"]:
            blocks.append(f"Dòng {sheet['first_row']} đến {sheet['last_row']}.")
        blocks += _entries("ref", "Ô", sheet["cells"])
        blocks += _entries("letter", "Cột", sheet["columns"])
    return page(f"tham-khao/mau-{form}.md", *blocks)


def forms() -> Iterator[Page]:
    """Yield the data dictionary of each form."""
    yield _form("2026", "thcs", "2026-2027")
    yield _form("2018", "thcs", "2020-2021")


# --- Regulations


def _day(day: Any) -> str:
    return f"{day:%d/%m/%Y}"


def _regulation(regulation: Regulation) -> Iterator[str]:
    yield f"## {regulation.title}"
    end = ""
    if regulation.repealed_on:
        end = f" đến trước {_day(regulation.repealed_on)} (thay bởi {regulation.repealed_by})"
    yield bullets(
        (
            f"Mã: `{regulation.id}`",
            f"Cấp học (loại cơ sở): {', '.join(kind.label.vi for kind in regulation.kinds)}",
            f"Mẫu: {regulation.form}",
            f"Hiệu lực: từ {_day(regulation.in_force_from)}{end}",
            *(
                f"Sửa đổi: Thông tư {a.number}, hiệu lực từ {_day(a.in_force_from)}, mã `{a.id}`, "
                f"{'đã đối chiếu' if a.is_confirmed else 'chưa đối chiếu'} (độ tin cậy: "
                f"{a.confidence.label.vi}). {a.other_changes.vi}".rstrip()
                for a in regulation.amendments
            ),
        )
    )
    yield table(
        ("Nội dung", "Độ tin cậy", "Công báo", "Nguồn và ghi chú"),
        (
            (
                entry.item.label.vi,
                entry.confidence.label.vi,
                entry.gazette.vi,
                f"{entry.source.vi} {entry.note.vi}".rstrip(),
            )
            for entry in regulation.certainty
        ),
    )
    yield table(
        ("Loại cơ sở", "Ghi trong danh sách trường", "Nơi nhận kế hoạch"),
        ((kind.label.vi, kind.short, kind.receiver.label.vi) for kind in regulation.kinds),
    )
    yield table(
        ("Tiêu chí", "Mức", "Bắt buộc"),
        (
            (c.label, ", ".join(map(str, c.levels)), "có" if c.mandatory else "")
            for c in regulation.criteria
        ),
    )


def regulations() -> Iterator[Page]:
    """Yield the page of the regulations."""
    yield page(
        "tham-khao/quy-dinh.md",
        "# Quy định",
        "**Không văn bản nào ở đây đã được đối chiếu với Công báo.** Quy định được chọn theo loại "
        "hình và năm học. Cơ quan quản lý có thể [dùng tệp của mình](../can-bo/quy-dinh.md).",
        *(block for r in builtin_catalogue().regulations for block in _regulation(r)),
    )


# --- Manipulations of a locked workbook


def manipulations() -> Iterator[Page]:
    """Yield the page of what people do to a locked workbook, in each language."""
    for language, path in (
        (VI, "tham-khao/sua-doi.md"),
        (Language.EN, "phat-trien/manipulations.md"),
    ):
        yield page(path, *tampering.page(language))


# --- Tables and JSON, for analysts

SAMPLES = ("samples/workbooks", "--schools", "samples/schools.csv", "--today", "2026-11-22")


def tables() -> Iterator[Page]:
    """Yield the page of the tables, as a merge of the samples writes them."""
    blocks = [
        "# Các bảng",
        (
            "Mỗi bảng mang tên một trang của sổ tổng hợp. Cột «… (ghi khác)» chỉ có khi có chữ gõ "
            "vào ô ngày hoặc ô số của cột đó. Khi tổng hợp từ hai cơ quan trở lên có thêm cột «Cơ "
            "quan quản lý»; khi có sổ trước, trang «Cờ» có thêm cột của kết luận cũ."
        ),
    ]
    with tempfile.TemporaryDirectory() as name:
        target = Path(name) / "tong-hop.xlsx"
        run("merge", *SAMPLES, "-o", str(target), "--format", "sqlite", "--jobs", "1", "--no-cache")
        with contextlib.closing(sqlite3.connect(target.with_suffix(".sqlite"))) as database:
            found = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            for (sheet,) in found.fetchall():
                columns = database.execute("SELECT name, type FROM pragma_table_info(?)", (sheet,))
                blocks.append(f"## {sheet}")
                blocks.append(
                    table(
                        ("Cột", "Kiểu"),
                        (
                            (column, TYPES[kind])
                            for column, kind in columns.fetchall()
                            if not column.endswith("(ghi khác)")
                        ),
                    )
                )
    yield page("phan-tich/bang.md", *blocks)


WAIVER = """[[waivers]]
school = "00790125"
rule = "KD401"
reason = "Việc thực hiện quanh năm."
by = "Chuyên viên phụ trách kiểm định"
until = 2030-12-31
"""
"""So that one finding shows what a waiver adds."""

LISTING = """DANH SÁCH TRƯỜNG
Mã trường,Tên trường,Cấp học,Điện thoại,Email,Liên hệ,Địa chỉ,Cơ quan quản lý,Năm học,Ghi chú
00790125,Trường THCS Ánh Dương,THCS,02430000,a@example.edu.vn,Văn thư,Thôn 1,UBND xã A,2026-2027,
00790126,Trường Vườn Cau,chưa rõ,,,,,,,
"""
"""So that one school has everything that a list can have, and another one lacks it."""

PRINTED: dict[str, tuple[str, ...]] = {
    "rules": ("rules",),
    "form": ("form", "--kind", "thcs", "--school-year", "2026-2027"),
    "regulations": ("regulations",),
}
"""The other commands with JSON, and what they are asked."""

KEYS_ARE_DATA = ("values", "limits")
"""Objects whose keys are data, not names."""


def _type(value: Any) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true/false"
        case str():
            return "chữ"
        case int() | float():
            return "số"
        case list():
            return "danh sách"
        case _:
            return "đối tượng"


def _keys(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield every key of a shape, and the type of its value, wherever it occurs."""
    if isinstance(value, list):
        for inner in value:
            yield from _keys(inner, f"{path}[]")
    elif isinstance(value, dict):
        for key, inner in value.items():
            at = f"{path}.{key}" if path else key
            yield at, _type(inner)
            if key not in KEYS_ARE_DATA:
                yield from _keys(inner, at)


def _shape(command: str, said: Any) -> str:
    types: dict[str, dict[str, None]] = {}
    for key, kind in _keys(said):
        types.setdefault(key, {})[kind] = None
    known = KEYS[command]
    if types.keys() != known.keys():
        raise NoWordsError(
            f"reference_words.KEYS of {command}: {sorted(types.keys() ^ known.keys())}"
        )
    return table(
        ("Khóa", "Kiểu", "Ý nghĩa"),
        (
            (f"`{key}`", " hoặc ".join(sorted(kinds, key="null".__eq__)), known[key])
            for key, kinds in types.items()
        ),
    )


def _on_files(folder: Path) -> dict[str, tuple[str, ...]]:
    """Make returned files of every sort; return the commands that read them."""
    config = folder / "kdcl-xl.toml"
    config.write_text(WAIVER, "utf-8")
    returned = folder / "ban-nop"
    returned.mkdir()
    good = (ROOT / SAMPLES[0] / "thcs-2020-2021.xlsx").read_bytes()
    for path, content in {"a.xlsx": good, "b.xlsx": good, "c.xlsx": b"?"}.items():
        (returned / path).write_bytes(content)
    listing = folder / "truong.csv"
    listing.write_text(LISTING, "utf-8")
    common = (str(returned), "--config", str(config), *SAMPLES[3:])
    return {
        "schools": ("schools", str(listing)),
        "check": ("check", *common, "--jobs", "1", "--no-cache"),
        "status": ("status", *common, "--schools", str(listing)),
    }


def shapes() -> Iterator[Page]:
    """Yield the page of what commands print as JSON."""
    blocks = [
        "# Các dạng JSON",
        (
            "Các lệnh sau in JSON với `--format json`. Dấu `[]` sau tên khóa nghĩa là: với từng "
            "phần tử của danh sách. Chữ dành cho người đọc là tiếng Việt, hoặc tiếng Anh với "
            "`--lang en`; mọi mã thì như nhau."
        ),
    ]
    with tempfile.TemporaryDirectory() as name:
        asked = {**_on_files(Path(name)), **PRINTED}
        for command, arguments in asked.items():
            blocks.append(f"## [kdcl-xl {command}](../tham-khao/lenh/{command}.md)")
            blocks.append(_shape(command, json.loads(run(*arguments, "--format", "json"))))
    yield page("phan-tich/json.md", *blocks)


# --- The condition language

_LANGUAGE_INTRO = """A condition says when a row is *wrong*. It is built of nodes. Every node writes
itself as an Excel formula and as Python, and is *total*: it has a value, never an error, whatever
the cells hold."""
_OPERATORS = (
    ("`a < b`, `a > b`", "both are numbers, and one is smaller"),
    ("`a <= b`, `a >= b`", "both are numbers, and one is at most the other"),
    ("`a == b`", "both are the same number, or the same text, case and spaces aside"),
    ("`a != b`", "both are numbers, or both are texts, and they are not equal"),
    ("`a + b`, `a - b`", "the sum and the difference of two numbers"),
    ("`p & q`", "both conditions hold"),
    ("`p | q`", "one of the conditions holds, or both"),
    ("`~p`", "the condition does not hold"),
)
_SHOWN_RULES = 4


def _users(node: type) -> str:
    """Return some rules whose conditions have a node."""
    using = [
        rule.id
        for rule in ALL_RULES
        if any(
            type(found) is node for case in rule.live_cases for found in expression.nodes(case.when)
        )
    ]
    more = ["…"] if len(using) > _SHOWN_RULES else []
    return ", ".join([*using[:_SHOWN_RULES], *more])


def _said(thing: object) -> str:
    """Return the first paragraph of a docstring, without Sphinx's marks."""
    text = (inspect.getdoc(thing) or "").split("\n\n")[0]
    return re.sub(r":\w+:`([^`]*)`", r"`\1`", text).replace("``", "`")


def _members(kind: type) -> Iterator[tuple[str, str]]:
    """Yield the members of an enumeration with the docstring below each."""
    source = inspect.getsource(kind)
    for name, said in re.findall(r'^    ([A-Z_]+) = .*\n    """(.*)"""$', source, re.MULTILINE):
        yield name, said.replace("``", "`")


def _nodes(base: type) -> str:
    found = [
        (node, entry)
        for entry in expression.entries()
        if issubclass(node := vars(expression)[entry.name], base)
    ]
    return table(
        ("Node", "Written", "Meaning", "In Excel, in short", "Used by"),
        (
            (
                f"`{entry.name}`",
                entry.spelling.replace("``", "`"),
                entry.meaning.replace("``", "`"),
                f"`{entry.excel}`",
                _users(node),
            )
            for node, entry in found
        ),
    )


def _helpers() -> str:
    """Return the functions that make nodes of other nodes."""
    found = [
        (name, thing)
        for name, thing in vars(expression).items()
        if inspect.isfunction(thing)
        and not name.startswith("_")
        and inspect.signature(thing).return_annotation in ("Condition", "Count")
    ]
    return table(
        ("Function", "Meaning"),
        (
            (f"`{name}({', '.join(inspect.signature(f).parameters)})`", _said(f))
            for name, f in found
        ),
    )


def language() -> Iterator[Page]:
    """Yield the page of the condition language."""
    yield page(
        "phat-trien/condition-language.md",
        "# The condition language",
        _LANGUAGE_INTRO.replace("\n", " "),
        '```python\nIsDate(Field("deadline")) & (Field("deadline") < Field("start"))\n```',
        "The nodes are classes of `macros_free_validation/expression/`. How to add one: "
        "[Adding a rule](adding-a-rule.md#a-new-node-of-the-language).",
        "## Operators",
        table(("Written", "Meaning"), _OPERATORS),
        "`b` may be a number, a date or, beside `==` and `!=`, a text. No comparison holds where a "
        "cell is empty or holds an error, or where one side is a number and the other a text: "
        "`a != b` needs two filled cells, and `~(a == b)` does not. Each comparison is in "
        "parentheses: `(a < b) & (c < d)`. `and`, `or`, `not`, `in` and `a < b < c` raise a "
        "`TypeError` that names the right spelling.",
        "## Conditions",
        _nodes(expression.Condition),
        "## Values",
        _nodes(expression.Value),
        "## Functions",
        _helpers(),
        "## Dates and amounts as typed",
        "An input of `Type.DATE` or `Type.MONEY` is a cell in text format. What its text means is "
        "in a hidden computed cell, the field with `_meant` behind it: a serial day or đồng, an "
        "empty text where the input is blank, `?` where it is not understood. `budget_per` holds "
        "the time after which an amount comes again. A condition on the day or the amount asks "
        '`Field("deadline_meant")`; a condition on what was typed asks `Field("deadline")`, at '
        "which the finding points and which its message quotes:",
        '```python\nFilled(Field("deadline")) & ~IsDate(Field("deadline_meant"))\n```',
        "The readers are in `macros_free_validation/understood/`, each with its Python half and "
        "the formulas of a few hidden columns, which the proof compares. They replace words by "
        "signs with SUBSTITUTE, look up the shape that is left, and ask for the value of plain "
        "digits alone: VALUE, DATEVALUE and TEXT of anything else depend on the region of the "
        "program. The texts that they understand: "
        "[Ngày và số tiền](../tham-khao/ngay-va-so-tien.md).",
        "## Keys that rows are counted by",
        table(
            ("`KeyKind`", "Meaning"),
            ((f"`{name}`", said) for name, said in _members(expression.KeyKind)),
        ),
    )


# --- Dates and amounts


_PLAN_OF_2026 = SchoolYear(2026, 2027)


def _meaning(text: str, kind: Type, edge: Edge = Edge.DAY) -> str:
    """Return what a text means in a plan of 2026-2027, as a cell of the page."""
    column = Column("x", Text("", ""), Text("", ""), 1, kind, edge=edge)
    ends = (_PLAN_OF_2026.start, _PLAN_OF_2026.end)
    period = Period(*map(to_serial, ends))
    meant, *per = reader_of(column).meaning(text, period)
    if not isinstance(meant, float):
        return "không hiểu"
    if kind is Type.DATE:
        return f"{to_date(meant):%d/%m/%Y}"
    return f"{money(meant)} đồng" + (f", mỗi {per[0]}" if per[0] else "")


def _dates(texts: Iterable[str]) -> str:
    edges = (Edge.FIRST, Edge.LAST, Edge.DAY)
    return table(
        ("Đã gõ", "Ở ô bắt đầu", "Ở ô hoàn thành, đến ngày", "Ở ô ngày khác"),
        ((f"`{t}`", *(_meaning(t, Type.DATE, edge) for edge in edges)) for t in texts),
    )


def _amounts(texts: Iterable[str]) -> str:
    return table(("Đã gõ", "Hiểu là"), ((f"`{t}`", _meaning(t, Type.MONEY)) for t in texts))


def dates_and_amounts() -> Iterator[Page]:
    """Yield the page of texts that are understood as dates and amounts."""
    yield page(
        "tham-khao/ngay-va-so-tien.md",
        "# Ngày và số tiền",
        "Ô ghi ngày và ô ghi tiền giữ nguyên chữ đã gõ, ở máy đặt tiếng Việt hay tiếng Anh cũng "
        "vậy. Máy hiểu các cách ghi dưới đây: ngày luôn đứng trước tháng. Tháng, quý, năm là ngày "
        "đầu ở ô bắt đầu, ngày cuối ở ô hoàn thành. Nơi chữ đã gõ chưa phải ngày đầy đủ, cột "
        "«Kiểm tra» ghi máy hiểu thế nào («Hiểu là: đến 31/05/2027.»). Điều chưa hiểu được thì giữ "
        "nguyên, và báo lỗi. Ngày thật dán từ tệp khác cũng hiểu được.",
        f"Các ví dụ là của kế hoạch năm học {_PLAN_OF_2026}.",
        "## Ngày",
        _dates(examples.DATES),
        "«hết năm học» là ngày cuối của thời gian thực hiện ghi ở trang «Thông tin». «trước» một "
        "ngày là đến hết ngày liền trước.",
        "Không hiểu được, hoặc không có thật:",
        _dates(examples.NO_DATES),
        "## Số tiền",
        _amounts(examples.AMOUNTS),
        "Tiền đồng không có số lẻ: dấu chấm hoặc dấu phẩy trước ba chữ số ngăn hàng nghìn, nên "
        "`1.234` là 1.234 đồng. Trước «triệu», «tỷ» thì một hoặc hai chữ số sau dấu là phần lẻ, ba "
        "chữ số sau dấu chấm là hàng nghìn. Số tiền theo tháng, quý, năm chỉ được tính một lần "
        "trong tổng kinh phí (KD508).",
        "Không hiểu được, vì có thể hiểu nhiều cách:",
        _amounts(examples.NO_AMOUNTS),
    )


# --- Settings


def _setting_keys(keys: Mapping[str, Key]) -> str:
    return table(
        ("Khóa", "Kiểu", "Yêu cầu", "Ý nghĩa"),
        (
            (
                f"`{name}`",
                SETTING_TYPES[key.kind],
                "bắt buộc" if key.is_required else "",
                key.about.vi,
            )
            for name, key in keys.items()
        ),
    )


def _rules_with(limit: str) -> str:
    using = (rule.id for rule in ALL_RULES if limit in {known.name for known in rule.limits})
    return ", ".join(f"[{rule}](quy-tac/{rule}.md)" for rule in using)


def settings() -> Iterator[Page]:
    """Yield the page of ``kdcl-xl.toml``."""
    yield page(
        "tham-khao/cau-hinh.md",
        f"# {SETTINGS_FILE}",
        "Tệp văn bản UTF-8 ở thư mục làm việc, hoặc tệp nêu bằng `--config`. Khóa lạ hoặc giá trị "
        "sai được báo đúng dòng. Cách dùng và ví dụ: [Chọn quy tắc và ngưỡng]"
        "(../can-bo/cau-hinh.md).",
        "## Các khóa",
        _setting_keys(TOP),
        "## `[limits]`",
        table(
            ("Khóa", "Mặc định", "Khoảng cho phép", "Ý nghĩa", "Quy tắc"),
            (
                (
                    f"`{name}`",
                    str(limit.default),
                    f"{limit.least}–{limit.most}",
                    limit.about.vi,
                    _rules_with(name),
                )
                for name, limit in LIMITS.items()
            ),
        ),
        "## `[bounds]`",
        f"Mỗi giá trị là số nguyên từ 1 đến {GREATEST_BOUND}. Tệp vượt quá thì không được đọc "
        "([KD008](quy-tac/KD008.md)).",
        table(
            ("Khóa", "Mặc định", "Ý nghĩa"),
            ((f"`{f.name}`", str(f.default), f.metadata["about"].vi) for f in fields(Bounds)),
        ),
        "## `[[waivers]]`",
        _setting_keys(WAIVER_KEYS),
    )


SECTIONS: tuple[Callable[[], Iterator[Page]], ...] = (
    commands,
    exit_codes,
    rules,
    forms,
    dates_and_amounts,
    settings,
    regulations,
    manipulations,
    tables,
    shapes,
    language,
)


READMES = {"../README.md": ("Lệnh", "Việc"), "../README.en.md": ("Command", "What it does")}
_COMMANDS_OF_README = re.compile(r"(<!-- commands[^>]*-->\n)(?:\|.*\n)*")


def readmes() -> Iterator[Page]:
    """Yield the two READMEs with their tables of commands written anew."""
    for path, headings in READMES.items():
        lines = [
            (f"[`kdcl-xl {name}`](docs/tham-khao/lenh/{name}.md)", summary.vi)
            if path == "../README.md"
            else (f"`kdcl-xl {name}`", summary.en)
            for name, summary in program.summaries.items()
        ]
        text = (HERE / path).read_text("utf-8")
        found = _COMMANDS_OF_README.search(text)
        assert found is not None, path
        yield path, text.replace(found[0], found[1] + table(headings, lines) + "\n")


def pages() -> dict[str, str]:
    """Return every generated page by its path from ``docs``."""
    return {path: text for section in (*SECTIONS, readmes) for path, text in section()}


def written() -> dict[str, str]:
    """Return the generated pages that are there now."""
    texts = {p.relative_to(HERE).as_posix(): p.read_text("utf-8") for p in HERE.rglob("*.md")}
    found = {path: text for path, text in texts.items() if text.startswith(GENERATED)}
    return found | {path: (HERE / path).read_text("utf-8") for path in READMES}


def main(arguments: Sequence[str]) -> int:
    """Write every page, or only look for stale ones."""
    wanted, found = pages(), written()
    stale = sorted(p for p in {*wanted, *found} if wanted.get(p) != found.get(p))
    if "--check" in arguments:
        for path in stale:
            print(f"docs/{path} is stale: make reference")
        return 1 if stale else 0
    for path in stale:
        if path in wanted:
            (HERE / path).parent.mkdir(parents=True, exist_ok=True)
            (HERE / path).write_text(wanted[path], "utf-8", newline="\n")
        else:
            (HERE / path).unlink()
    print(f"{len(wanted)} pages, {len(stale)} changed")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
