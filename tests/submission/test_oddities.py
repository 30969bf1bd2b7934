"""One oddity never costs the plan: the same answer from every command, and the rest is read."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from kdcl_xl.checking.check import check_file
from kdcl_xl.reissue.open_old import CarriedOver, Wanted, migrate_file
from kdcl_xl.xlsx.package import relationships_part
from kdcl_xl.xlsx.workbook import open_workbook
from macros_free_validation.rule import Severity
from tests.build import TODAY, good_task, layout_of, make_plan, workbook_bytes
from tests.cli.test_bad_input import edited
from tests.conftest import Run
from tests.district.test_merge import table
from tests.opened import sheet_in
from workbook_templates.regulation import builtin_catalogue

LAYOUT = layout_of()
PLAN = LAYOUT.sheet("plan")
TASKS = [good_task(LAYOUT, n) for n in range(3)]
PROGRESS = [{}, {"progress_state": "Hoàn thành", "evidence": "(MC.1.1.01)"}]
CONTENT = workbook_bytes(make_plan(LAYOUT, tables={"plan": TASKS, "progress": PROGRESS}))
PARTS = open_workbook(CONTENT).sheets
TASK = PLAN.ref("task", PLAN.first_row + 1)
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
Parts = dict[str, bytes]


def parts_of(content: bytes) -> Parts:
    """The parts of a workbook by name."""
    parts: Parts = {}
    edited(content, lambda part, data: parts.setdefault(part, data))
    return parts


def packed(parts: Parts) -> bytes:
    """A workbook of some parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return target.getvalue()


def edit(parts: Parts, name: str, change: Callable[[str], str]) -> None:
    before = parts[name].decode()
    after = change(before)
    assert after != before, name
    parts[name] = after.encode()


def in_cell(ref: str, change: Callable[[str], str]) -> Callable[[Parts], None]:
    """Change the element of a cell of the plan."""

    def build(parts: Parts) -> None:
        pattern = rf'<c r="{ref}"(?:[^>]*/>|.*?</c>)'
        edit(
            parts,
            PARTS[PLAN.name],
            lambda xml: re.sub(pattern, lambda m: change(m[0]), xml, count=1),
        )

    return build


def added_sheet(
    name: str, kind: str = "worksheet", part: bytes | None = None
) -> Callable[[Parts], None]:
    """Add a sheet to the workbook, with a part of some kind or with none."""

    def build(parts: Parts) -> None:
        rel = "rId777" if part is not None else ""
        edit(
            parts,
            "xl/workbook.xml",
            lambda xml: xml.replace(
                "</sheets>", f'<sheet name="{name}" sheetId="77" r:id="{rel}"/></sheets>'
            ),
        )
        if part is not None:
            link = f'<Relationship Id="rId777" Type="{REL}/{kind}" Target="{kind}s/x77.xml"/>'
            parts[f"xl/{kind}s/x77.xml"] = part
            edit(
                parts,
                "xl/_rels/workbook.xml.rels",
                lambda xml: xml.replace("</Relationships>", f"{link}</Relationships>"),
            )

    return build


def damaged(name: str) -> Callable[[Parts], None]:
    """Cut a part short, or add one that is."""

    def build(parts: Parts) -> None:
        parts[name] = parts.get(name, b"<a><b></b></a>")[:-4] + b"<"

    return build


def damaged_notes(parts: Parts) -> None:
    rels = relationships_part(PARTS[PLAN.name])
    none = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    before = parts.get(rels, f"{none}</Relationships>".encode()).decode()
    link = f'<Relationship Id="rId9" Type="{REL}/comments" Target="../comments9.xml"/>'
    parts[rels] = before.replace("</Relationships>", f"{link}</Relationships>").encode()
    parts["xl/comments9.xml"] = b"<comments><commentList>"


def moved_to(row: int) -> Callable[[str], str]:
    ref = re.sub(r"\d+", str(row), TASK)
    return lambda cell: cell.replace(f'r="{TASK}"', f'r="{ref}"', 1)


OWN = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
OWN_CELL = OWN + b'<row r="1"><c r="a1" t="inlineStr"><is><t>Danh b\xe1\xba\xa1</t></is></c></row>'
SECOND = f'<c r="{TASK}" t="inlineStr"><is><t>việc khác</t></is></c>'
ODDITIES: dict[str, tuple[Callable[[Parts], None], str, str | None, str | None]] = {
    # name: the oddity, the rule of its finding, its sheet, its cell
    "two contents in a cell": (
        in_cell(TASK, lambda c: re.sub("</c>$", "<is><t>việc khác</t></is></c>", c)),
        "KD860", PLAN.name, TASK),
    "a text that the file lacks": (
        in_cell(TASK, lambda c: re.sub(r"<v>\d+</v>", "<v>99999</v>", c)),
        "KD860", PLAN.name, TASK),
    "a number that is none": (
        in_cell(TASK, lambda c: re.sub(r' t="s"><v>\d+</v>', "><v>1.2.3</v>", c)),
        "KD860", PLAN.name, TASK),
    "an address twice": (in_cell(TASK, lambda c: c + SECOND), "KD860", PLAN.name, TASK),
    "an address in lower case": (
        in_cell(TASK, lambda c: c.replace(TASK, TASK.lower(), 1)), "KD862", PLAN.name, TASK),
    "a cell outside its row": (
        in_cell(TASK, moved_to(PLAN.first_row + 9)),
        "KD860", PLAN.name, re.sub(r"\d+", str(PLAN.first_row + 9), TASK)),
    "an odd heading": (
        in_cell(PLAN.ref("task", PLAN.header_row), lambda c: c.replace("<v>", "<v>x")),
        "KD861", PLAN.name, PLAN.ref("task", PLAN.header_row)),
    "a sheet without part": (added_sheet("Module1"), "KD864", "Module1", None),
    "a chart sheet": (
        added_sheet("Chart1", "chartsheet", b"<chartsheet/>"), "KD804", "Chart1", None),
    "a dialog sheet": (
        added_sheet("Dialog1", "dialogsheet", b"<dialogsheet/>"), "KD804", "Dialog1", None),
    "an own sheet with lower-case addresses": (
        added_sheet("Danh ba", part=OWN_CELL + b"</sheetData></worksheet>"),
        "KD804", "Danh ba", None),
    "an own sheet that is no XML": (
        added_sheet("Danh ba", part=OWN_CELL), "KD864", "Danh ba", None),
    "a damaged guide": (
        damaged(PARTS[LAYOUT.sheet("guide").name]), "KD864", LAYOUT.sheet("guide").name, None),
    "damaged notes": (damaged_notes, "KD863", PLAN.name, None),
    "damaged relationships of a sheet": (
        damaged(relationships_part(PARTS[PLAN.name])), "KD863", PLAN.name, None),
    "damaged properties": (damaged("docProps/custom.xml"), "KD863", None, None),
    "damaged styles": (damaged("xl/styles.xml"), "KD863", None, None),
}  # fmt: skip
LOST = "KD860"
"""The one rule whose oddity costs a value: that of its own cell."""


def odd(name: str, *, is_renamed: bool = False) -> bytes:
    parts = parts_of(CONTENT)
    ODDITIES[name][0](parts)
    if is_renamed:  # then every sheet of the file is looked at for the one that is missing
        edit(
            parts,
            "xl/workbook.xml",
            lambda xml: xml.replace(f'name="{PLAN.name}"', 'name="Kế hoạch 2026"'),
        )
    return packed(parts)


@pytest.mark.parametrize("is_renamed", [False, True], ids=["", "renamed"])
@pytest.mark.parametrize("name", ODDITIES)
def test_an_oddity_is_told_at_its_place_and_costs_nothing_else(
    tmp_path: Path, name: str, *, is_renamed: bool
) -> None:
    _, rule, sheet, cell = ODDITIES[name]
    if is_renamed and name == "an odd heading":
        pytest.skip("a sheet without its name and with an unknown heading is two oddities")
    path = tmp_path / "a.xlsx"
    path.write_bytes(odd(name, is_renamed=is_renamed))
    checked = check_file(path, builtin_catalogue(), TODAY)
    assert checked.submission.is_read, checked.findings
    assert (rule, sheet, cell) in [(f.rule, f.sheet, f.cell) for f in checked.findings]
    plan = checked.submission.plan
    assert plan is not None
    tasks = [task["task"] for task in TASKS]
    if rule == LOST:
        tasks[1] = None
    assert list(plan.column("plan", "task")) == tasks
    assert list(plan.column("plan", "lead")) == [task["lead"] for task in TASKS]
    errors = [f for f in checked.findings if f.severity is Severity.ERROR and f.rule != LOST]
    rows = {f.row for f in errors if f.sheet == PLAN.name}
    assert rows <= {PLAN.first_row + 1} if rule == LOST else not errors
    migrated = migrate_file(path, builtin_catalogue(), Wanted())
    assert isinstance(migrated, CarriedOver), migrated
    assert list(migrated.migration.plan.column("plan", "lead")) == [t["lead"] for t in TASKS]
    left = {(entry.sheet, entry.cell, str(entry.value)) for entry in migrated.migration.left}
    if rule == LOST:
        assert any(ref == cell for _, ref, _ in left), "what was not taken is listed"
    if rule in ("KD863", "KD864"):
        assert any(place == sheet or place.endswith((".xml", ".rels")) for place, _, _ in left)
    if name == "two contents in a cell":
        assert {(PLAN.name, TASK, f"{TASKS[1]['task']} | việc khác")} <= left


@pytest.mark.slow
@pytest.mark.parametrize("name", ["an address twice", "an own sheet that is no XML"])
def test_merge_feedback_and_combine_give_the_same_answer(
    run: Run, tmp_path: Path, name: str
) -> None:
    _, rule, sheet, cell = ODDITIES[name]
    path = tmp_path / "nop" / "a.xlsx"
    path.parent.mkdir()
    path.write_bytes(odd(name))
    (tmp_path / "b.xlsx").write_bytes(CONTENT)
    checked = json.loads(run("check", path, "--format", "json").stdout)
    (said,) = [f for f in checked["files"][0]["findings"] if f["rule"] == rule]
    book = tmp_path / "so.xlsx"
    assert run("merge", path.parent, "-o", book).exit_code == 0
    flags = table(sheet_in(book, "Cờ"))
    (flag,) = [row for row in flags if rule in row.values()]
    assert said["message"] in flag.values()
    assert (said["sheet"], said["cell"]) == (sheet, cell)
    assert run("feedback", book, path, "-o", tmp_path / "lai", "--all").exit_code == 0
    (copy,) = (tmp_path / "lai").rglob("*.xlsx")
    back = openpyxl.load_workbook(copy)
    is_asked = said["severity"] != "note"  # no note is a request
    cells = back["Yêu cầu sửa" if is_asked else "Chưa chuyển"].iter_rows()
    assert (said["message"] if is_asked else sheet) in [c.value for row in cells for c in row]
    together = tmp_path / "gop.xlsx"
    assert run("combine", path, tmp_path / "b.xlsx", "-o", together).exit_code == 0
    assert check_file(together, builtin_catalogue(), TODAY).submission.is_read


def test_where_a_cell_has_two_meanings_none_is_read(tmp_path: Path) -> None:
    """Programs that go by the address, by the row or by the order agree on all that is taken."""
    ref = PLAN.ref("budget", PLAN.first_row)
    pair = f'<c r="{ref}"><v>1</v></c><c r="{ref}"><v>2</v></c>'
    parts = parts_of(CONTENT)
    in_cell(ref, lambda _: pair)(parts)
    path = tmp_path / "a.xlsx"
    path.write_bytes(packed(parts))
    checked = check_file(path, builtin_catalogue(), TODAY)
    assert checked.submission.plan is not None
    assert checked.submission.plan.column("plan", "budget")[0] is None
    (found,) = [f for f in checked.findings if f.rule == "KD860"]
    assert found.cell == ref
    assert "«1», «2»" in found.message.vi


@pytest.mark.parametrize("name", ["xl/workbook.xml", PARTS[PLAN.name], "xl/sharedStrings.xml"])
def test_what_truly_cannot_be_read_is_said_in_vietnamese(tmp_path: Path, name: str) -> None:
    parts = parts_of(CONTENT)
    parts[name] = parts[name][:-30]
    path = tmp_path / "x.xlsx"
    path.write_bytes(packed(parts))
    checked = check_file(path, builtin_catalogue(), TODAY)
    (found,) = checked.findings
    assert found.rule == "KD007"
    inside = found.message.vi.partition("(")[2]
    words = set(re.findall(r"[a-z]+", inside.replace(name, ""))) - {"sai", "trong", "dong"}
    assert not words & {"no", "element", "not", "line", "column", "file", "is", "found", "token"}
    assert "lưu lại" in found.remedy.vi
    assert checked.submission.issued_code, "its stamp is whole"
