"""Values on which spreadsheet programs may disagree, each with the reason, as rows of a plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from unicodedata import normalize

from macros_free_validation.values import Raw, to_serial
from tests.build import YEARS, good_task, raw
from workbook_templates.layout import Layout
from workbook_templates.text import Text


class Nasty(NamedTuple):
    """Values for some fields of a row of the plan, and their peculiarity."""

    about: Text
    values: Mapping[str, Raw]


def nasty_rows(layout: Layout) -> list[tuple[Text, dict[str, Raw]]]:
    """Return rows of the plan, each a good task but for one peculiarity."""
    year = YEARS[layout.form.id]
    start, end = to_serial(year.start), to_serial(year.end)
    long_criterion = max((c.label for c in layout.regulation.criteria), key=len)
    rows = (
        Nasty(Text("hàng không có gì lạ", "nothing odd"), {}),
        Nasty(
            Text("chữ tổ hợp: bộ phận", "decomposed letters: unit"),
            {"lead": normalize("NFD", "Ban Giám hiệu")},
        ),
        Nasty(
            Text("chữ tổ hợp: tần suất", "decomposed letters: recurrence"),
            {"recurrence": normalize("NFD", "Một lần")},
        ),
        Nasty(
            Text("chữ tổ hợp: nguồn kinh phí", "decomposed letters: funding source"),
            {"funding_source": normalize("NFD", "Chi thường xuyên")},
        ),
        Nasty(Text("khoảng trắng không rộng", "zero-width space"), {"lead": "Ban\u200b Giám hiệu"}),
        Nasty(Text("gạch nối mềm", "soft hyphen"), {"lead": "Ban Giám\u00ad hiệu"}),
        Nasty(Text("i không chấm", "dotless i"), {"lead": "Ban Gıám hiệu"}),
        Nasty(Text("khoảng trắng cứng", "no-break space"), {"lead": "\u00a0Ban\u00a0Giám hiệu "}),
        Nasty(Text("xuống dòng trong ô", "line break"), {"lead": "Ban Giám hiệu\nKế toán"}),
        Nasty(Text("chữ hoa", "capitals"), {"lead": "BAN GIÁM HIỆU", "recurrence": "MỘT LẦN"}),
        Nasty(Text("dấu sao, dấu hỏi", "wildcards"), {"lead": "Ban*", "target_level": "Mức ?"}),
        Nasty(Text("dấu ngã", "tilde"), {"lead": "~", "task": "~*?"}),
        Nasty(Text("chữ giống công thức", "text like a formula"), {"task": "=1+1", "lead": "=A1"}),
        Nasty(Text("chữ giống ngày", "text like a day"), {"start": "31/05/2027"}),
        Nasty(Text("chữ giống số", "text like a number"), {"budget": "5000000"}),
        Nasty(Text("chữ giống lỗi", "text like an error"), {"lead": "#N/A"}),
        Nasty(Text("chữ TRUE", "text TRUE"), {"lead": "TRUE", "task": "FALSE"}),
        Nasty(Text("chữ dài 300", "text of 300 letters"), {"task": "Công việc " + "x" * 290}),
        Nasty(Text("chữ dài hơn 255 ở ô danh sách", "long choice"), {"lead": "Kế toán " * 40}),
        Nasty(Text("đúng 60 chữ", "exactly 60 letters"), {"lead": "y" * 60}),
        Nasty(Text("61 chữ", "61 letters"), {"lead": "y" * 61}),
        Nasty(Text("ký hiệu ngoài 16 bit", "emoji"), {"lead": "😀" * 31, "task": "Việc 😀"}),
        Nasty(Text("hạn sớm hơn một chút", "deadline a hair before"), _hair(start + 40)),
        Nasty(Text("ngày kèm giờ ở cuối kỳ", "time on the last day"), {"deadline": end + 0.5}),
        Nasty(Text("ngày kèm giờ trước kỳ", "time before the period"), {"start": start - 0.25}),
        Nasty(Text("số âm gần 0", "negative near zero"), {"budget": -0.4, "lead": -0.4}),
        Nasty(Text("tổng 100,00000000000001", "sum just over 100"), {"budget": 28.6 + 35.7 + 35.7}),
        Nasty(Text("tiền ở sát giới hạn", "money at the limit"), {"budget": 9999.999999999998}),
        Nasty(Text("số rất lớn", "huge number"), {"budget": 1e15, "notes": 123456789012345680.0}),
        Nasty(Text("ngày 0", "day 0"), {"start": 0.0, "deadline": 60.0}),
        Nasty(Text("đúng, sai", "booleans"), {"lead": True, "target_level": False}),
        Nasty(
            Text("tiêu chí dài nhất thừa cách", "longest criterion, spaces"),
            {"criterion": long_criterion.replace(" ", "  ") + " "},
        ),
        Nasty(Text("việc trùng, khác hoa thường", "same task, other case"), {"task": "việc TRÙNG"}),
        Nasty(Text("việc trùng", "same task"), {"task": "Việc trùng"}),
    )
    found = []
    for nth, row in enumerate(rows):
        task = {name: raw(value) for name, value in good_task(layout, nth).items()}
        known = {n: v for n, v in row.values.items() if layout.sheet("plan").has_column(n)}
        found.append((row.about, task | known))
    return found


def _hair(day: float) -> dict[str, Raw]:
    return {"start": day, "deadline": day - 1e-10}
