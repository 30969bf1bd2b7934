"""The bounds within which a file from outside is read."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

from workbook_templates.text import Text


def _bound(default: int, vi: str, en: str) -> int:
    """Return the field of a bound, with its description for the documentation."""
    return field(default=default, metadata={"about": Text(vi, en)})


@dataclass(frozen=True, slots=True)
class Bounds:
    """The largest sizes (in megabytes) and counts that a file may have."""

    largest_file: int = _bound(
        30, "Dung lượng tệp lớn nhất, tính bằng MB.", "Size of the file at most, in MB."
    )
    largest_content: int = _bound(
        200,
        "Dung lượng lớn nhất của nội dung sau khi giải nén, tính bằng MB.",
        "Size of the contents at most once they are inflated, in MB.",
    )
    largest_archive: int = _bound(
        100,
        "Dung lượng tệp nén (.zip) lớn nhất, tính bằng MB; mỗi tệp bên trong có giới hạn như mọi "
        "tệp khác.",
        "Size of a zip of files at most, in MB; each file in it has the bounds of any other file.",
    )
    most_parts: int = _bound(
        2000, "Số phần nhiều nhất bên trong tệp.", "Number of parts in the file at most."
    )
    greatest_ratio: int = _bound(
        500,
        "Một phần lớn gấp nhiều nhất bao nhiêu lần dung lượng nén của nó; phần dưới 1 MB không "
        "bị giới hạn.",
        "Size of a part divided by its compressed size, at most; a part of less than 1 MB may "
        "have any.",
    )
    most_elements: int = _bound(
        3_000,
        "Số phần tử và thuộc tính XML nhiều nhất được đọc trong một tệp, tính bằng nghìn.",
        "Elements and attributes of XML read in one file at most, in thousands.",
    )
    most_entries: int = _bound(
        5_000,
        "Số trang, số tên, số liên kết giữa các phần và số kiểm tra dữ liệu của một trang: mỗi "
        "loại nhiều nhất.",
        "Sheets, defined names, relationships of a part, data validations of a sheet: at most "
        "that many of each.",
    )
    longest_time: int = _bound(
        20,
        "Thời gian bộ xử lý dành cho một tệp nhiều nhất, tính bằng giây.",
        "Processor time for one file at most, in seconds.",
    )
    most_memory: int = _bound(
        500,
        "Bộ nhớ dành cho một tệp nhiều nhất, tính bằng MB (trên Linux).",
        "Memory for one file at most, in MB (on Linux).",
    )
    most_findings: int = _bound(
        200,
        "Số vấn đề của một quy tắc trên một trang được nêu riêng; các chỗ còn lại được đếm gộp.",
        "Findings of one rule on one sheet that are reported one by one; the others are counted.",
    )

    def widened(self, other: Bounds) -> Bounds:
        """Return bounds that allow what either of two bounds allows."""
        names = [field.name for field in fields(Bounds)]
        return Bounds(**{name: max(getattr(self, name), getattr(other, name)) for name in names})


SAFE = Bounds()
OWN_WORKBOOK = Bounds(
    largest_file=1_000,
    largest_content=8_000,
    most_elements=2_000_000,
    longest_time=3_600,
    most_memory=16_000,
)
"""Bounds of an authority workbook that an officer names; 20,000 schools need a third of it."""
