"""The sheet of schools: what each school returned."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kdcl_xl.district.model.model import SchoolLine, authority_path
from kdcl_xl.district.model.summary import Summary
from kdcl_xl.district.sheets.common_columns import CODE, FILE, NAME, authority_columns, vietnam_time
from kdcl_xl.district.sheets.declare import ListColumn, ListSheet, Total
from kdcl_xl.district.sheets.links import SCHOOLS, Links
from kdcl_xl.files import base_name
from macros_free_validation.rule import Severity
from macros_free_validation.values import Raw
from workbook_templates.text import Text
from workbook_templates.vocabulary import NOT_REACHED, level_label, word_of


def _columns(_schools: Sequence[SchoolLine], links: Links) -> tuple[ListColumn[SchoolLine], ...]:
    language = links.language

    def count(severity: Severity) -> ListColumn[SchoolLine]:
        return ListColumn(
            severity.label,
            9,
            lambda s: float(s.counts.get(severity, 0)) if s.paths else None,
            "cell_number",
            total=Total.SUM,
        )

    def levels(words: Callable[[Summary], Text]) -> Callable[[SchoolLine], Raw]:
        return lambda s: ", ".join(dict.fromkeys(words(x).in_(language) for x in s.summaries))

    return (
        ListColumn(CODE, 13, lambda s: s.school.code),
        ListColumn(NAME, 38, lambda s: s.school.name),
        *authority_columns(links, lambda s: authority_path(s.under)),
        ListColumn(
            Text("Cấp học", "School kind"),
            25,
            lambda s: s.school.kind.label.in_(language) if s.school.kind else "",
        ),
        ListColumn(
            Text("Tình trạng", "State"),
            17,
            lambda s: s.state.label.in_(language),
            total=Total.COUNT,
        ),
        # In sight where the link from the flags leads to.
        ListColumn(
            Text("Đến các cờ", "To the flags"),
            12,
            lambda s: (
                _FLAGS.format(count=sum(s.counts.values())).in_(language)
                if sum(s.counts.values())
                else None
            ),
            link=lambda s: links.to_flags(s.paths[0]) if s.paths else None,
        ),
        ListColumn(
            Text("Đã điền (%)", "Filled in (%)"),
            9,
            lambda s: None if s.percent is None else float(s.percent),
            "cell_number",
        ),
        ListColumn(
            Text("Trong danh sách", "Expected"),
            11,
            lambda s: (
                Text("có", "yes").in_(language) if s.expected else Text("không", "no").in_(language)
            ),
            "cell_center",
        ),
        ListColumn(
            Text("Thời gian của tệp (giờ Việt Nam)", "File time (Viet Nam)"),
            17,
            lambda s: vietnam_time(s.received),
            "cell_time",
        ),
        ListColumn(Text("Năm học", "School year"), 12, lambda s: s.school_year, "cell_center"),
        ListColumn(
            Text("Số công việc", "Tasks"),
            9,
            lambda s: float(s.tasks) if s.paths else None,
            "cell_number",
            total=Total.SUM,
        ),
        ListColumn(
            Text("Đến các công việc", "To the tasks"),
            14,
            lambda s: links.shown_rows(*s.paths),
            link=lambda s: links.to_tasks(*s.paths),
        ),
        ListColumn(
            Text("Kinh phí (đồng)", "Budget (VND)"),
            17,
            lambda s: s.budget or None,
            "cell_number",
            total=Total.SUM,
        ),
        *(count(severity) for severity in Severity),
        ListColumn(
            Text("Mức đạt theo tự đánh giá", "Level reached"),
            13,
            levels(reached_of),
            "cell_center",
        ),
        ListColumn(
            Text("Mức nhà trường ghi", "Level claimed"),
            13,
            levels(claimed_of),
            "cell_center",
        ),
        ListColumn(FILE, 40, lambda s: "\n".join(base_name(p) for p in s.paths)),
        ListColumn(Text("Ghi chú", "Remark"), 46, lambda s: s.remark),
    )


_FLAGS = Text("{count} cờ", "{count} flags")


def reached_of(summary: Summary) -> Text:
    """Return the level of a school by its self-assessment."""
    if summary.reached is None:
        return Text("Chưa đủ kết quả", "Not all assessed")
    if summary.reached == 0:
        return Text(NOT_REACHED, "None")
    return Text(level_label(summary.reached), f"Level {summary.reached}")


def claimed_of(summary: Summary) -> Text:
    """Return the level that a school states."""
    return word_of(summary.claimed) if summary.claimed else Text("Không ghi", "Not given")


SHEET = ListSheet(
    SCHOOLS,
    Text("TÌNH TRẠNG NỘP KẾ HOẠCH", "SCHOOLS AND SUBMISSIONS"),
    lambda district: district.schools_by_authority,
    _columns,
    frozen_columns=2,
    numbered=True,
)
