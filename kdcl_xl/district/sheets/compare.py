"""The sheet of the comparison (So sánh): levels and tasks of an earlier workbook and of now."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kdcl_xl.district.model.model import CompareLine
from kdcl_xl.district.sheets.common_columns import CODE, NAME
from kdcl_xl.district.sheets.declare import ListColumn, ListSheet, Total
from kdcl_xl.district.sheets.links import Links
from macros_free_validation.values import Raw
from workbook_templates.text import Text


def _columns(_lines: Sequence[CompareLine], _links: Links) -> tuple[ListColumn[CompareLine], ...]:
    def level(value: Callable[[CompareLine], int | None]) -> Callable[[CompareLine], Raw]:
        return lambda line: None if (found := value(line)) is None else float(found)

    def count(header: Text, value: Callable[[CompareLine], int]) -> ListColumn[CompareLine]:
        return ListColumn(
            header, 11, lambda line: float(value(line)) or None, "cell_number", total=Total.SUM
        )

    return (
        ListColumn(CODE, 13, lambda line: line.school_code),
        ListColumn(NAME, 34, lambda line: line.school_name),
        ListColumn(Text("Quy định", "Regulation"), 21, lambda line: line.regulation),
        ListColumn(Text("Tiêu chí", "Criterion"), 9, lambda line: line.criterion, "cell_center"),
        ListColumn(Text("Mức trước", "Level then"), 9, level(lambda x: x.before), "cell_number"),
        ListColumn(Text("Mức nay", "Level now"), 9, level(lambda x: x.now), "cell_number"),
        ListColumn(Text("Thay đổi", "Change"), 9, level(lambda x: x.change), "cell_number"),
        count(Text("Việc đã hoàn thành", "Tasks finished"), lambda x: x.finished),
        count(Text("Việc làm tiếp", "Tasks carried on"), lambda x: x.carried),
        count(Text("Lặp lại nguyên văn", "Repeated word for word"), lambda x: x.repeated),
        count(Text("Việc bỏ dở", "Tasks dropped"), lambda x: x.dropped),
        count(Text("Việc mới", "New tasks"), lambda x: x.fresh),
    )


SHEET = ListSheet(
    Text("So sánh", "Comparison"),
    Text("SO SÁNH VỚI SỔ TRƯỚC (--compare)", "COMPARISON WITH AN EARLIER WORKBOOK (--compare)"),
    lambda district: district.compared,
    _columns,
    frozen_columns=2,
)
