"""Blank templates without a school, for people who have no Python.

``python -m kdcl_xl.template.blank_templates`` writes them into ``workbook_templates/blank`` of the
current folder, one for each kind of school, on the regulation in force in :data:`YEAR`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from kdcl_xl.files import write_whole
from kdcl_xl.schools import School
from kdcl_xl.template.issue import layout_from, template_bytes
from workbook_templates.regulation import builtin_catalogue
from workbook_templates.school_kind import SchoolKind
from workbook_templates.school_year import SchoolYear

FOLDER = "workbook_templates/blank"
INDEX = "README.md"
YEAR = SchoolYear(2026, 2027)
"""The current school year; raised every summer, when the next plans are written."""

_HEAD = """\
# Mẫu kế hoạch để trống, năm học {year}

Dành cho trường không cài công cụ: tải đúng tệp của loại cơ sở, mở bằng chương trình bảng tính, điền
từ trang «Thông tin» (tên trường, mã trường), lưu dạng .xlsx và nộp. Mẫu cho năm học khác, hoặc có
sẵn tên trường: `kdcl-xl template`. Quy định trong mẫu chưa được đối chiếu với Công báo.

*Blank templates for {year}, no school filled in, one for each school kind. Made by
`make templates`; a test holds them against what the code makes. The regulation was not compared
with the gazette.*

| Loại cơ sở | Tệp | Quy định | Nơi nhận kế hoạch |
|---|---|---|---|
"""


def file_name(kind: SchoolKind) -> str:
    """Return the name of a kind's blank template."""
    return f"{kind.id.replace('_', '-')}-{YEAR}.xlsx"


@cache
def blank_templates() -> Mapping[str, bytes]:
    """Yield every file of the folder: its name and its content."""
    return dict(_blank_templates())


def _blank_templates() -> Iterator[tuple[str, bytes]]:
    catalogue = builtin_catalogue()
    lines = [_HEAD.format(year=YEAR)]
    for kind in catalogue.kinds:
        layout = layout_from(catalogue, kind, YEAR)
        name = file_name(kind)
        cells = (kind.label.vi, f"[{name}]({name})", layout.regulation.title)
        lines.append(f"| {' | '.join(cells)} | {kind.receiver.label.vi} |\n")
        yield name, template_bytes(layout, School(kind=kind), YEAR)
    yield INDEX, "".join(lines).encode("utf-8")


def write_blank_templates(folder: Path) -> None:
    """Write the folder anew; templates of another year or kind go."""
    made = blank_templates()
    for old in folder.glob("*.xlsx"):
        if old.name not in made:
            old.unlink()
    for name, content in made.items():
        write_whole(folder / name, content)


if __name__ == "__main__":
    write_blank_templates(Path(FOLDER))
