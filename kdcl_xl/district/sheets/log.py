"""The log: every input file of the merge, and its fate."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kdcl_xl.district.model.model import Input, authority_path
from kdcl_xl.district.sheets.common_columns import CODE, FILE, HASH, authority_columns, vietnam_time
from kdcl_xl.district.sheets.declare import ListColumn, ListSheet, Total
from kdcl_xl.district.sheets.links import Links
from kdcl_xl.template.stamp import Stamp
from macros_free_validation.values import Raw
from workbook_templates.text import Text

OUTCOME = Text("Kết quả", "Outcome")
OWNER = Text("Tính cho mã trường", "Taken for code")
ISSUED = Text("Mã trường khi phát", "Code issued")


def _columns(_inputs: Sequence[Input], links: Links) -> tuple[ListColumn[Input], ...]:
    language = links.language

    def stamped(words: Callable[[Stamp], str]) -> Callable[[Input], Raw]:
        return lambda i: words(i.stamp) if i.stamp else ""

    return (
        ListColumn(FILE, 60, lambda i: i.path),
        ListColumn(
            OUTCOME,
            22,
            lambda i: i.state.label.in_(language),
            total=Total.COUNT,
        ),
        ListColumn(Text("Loại tệp", "Kind of file"), 18, lambda i: i.kind.label.in_(language)),
        *authority_columns(links, lambda i: authority_path(i.under)),
        ListColumn(CODE, 13, lambda i: i.school_code),
        ListColumn(OWNER, 13, lambda i: i.owner_code),
        ListColumn(
            Text("Thời gian của tệp (giờ Việt Nam)", "File time (Viet Nam)"),
            17,
            lambda i: vietnam_time(i.modified),
            "cell_time",
        ),
        ListColumn(
            Text("Lưu lần cuối", "Last saved"),
            17,
            lambda i: i.saved.shown if i.saved else None,
            "cell_center",
        ),
        ListColumn(Text("Lý do", "Reason"), 56, lambda i: i.reason),
        ListColumn(ISSUED, 13, stamped(_school_code)),
        ListColumn(Text("Năm học khi phát", "Year issued"), 12, stamped(_year), "cell_center"),
        ListColumn(
            Text("Dấu của mẫu: mẫu biểu, quy định, cấp học, cấu trúc", "Template's stamp"),
            44,
            stamped(_stamp),
        ),
        ListColumn(HASH, 68, lambda i: i.digest),
    )


def _school_code(stamp: Stamp) -> str:
    return stamp.school_code


def _year(stamp: Stamp) -> str:
    return stamp.school_year


def _stamp(stamp: Stamp) -> str:
    limits = [f"{name} = {number}" for name, number in stamp.limits]
    return "; ".join((stamp.form, stamp.regulation, stamp.kind, stamp.structure, *limits))


SHEET = ListSheet(
    Text("Nhật ký", "Log"),
    Text("NHẬT KÝ TỆP ĐẦU VÀO", "LOG OF INPUT FILES"),
    lambda district: district.inputs,
    _columns,
    frozen_columns=1,
)
