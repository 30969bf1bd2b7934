"""The default contents of a fresh workbook: units of a kind of school, texts of the cover."""

from __future__ import annotations

from collections.abc import Mapping

from workbook_templates.regulation import Regulation
from workbook_templates.school_kind import SchoolKind
from workbook_templates.school_year import SchoolYear

_COUNCIL = "Hội đồng tự đánh giá"
_EVERYWHERE_LAST = (
    "Tổ Văn phòng",
    "Công đoàn",
    "Chi đoàn Thanh niên",
    "Kế toán",
    "Văn thư",
    "Nhân viên y tế",
    "Tổ giám sát",
)


_PASSAGES: Mapping[str, str] = {
    "purpose": (
        "Khắc phục các hạn chế đã nêu trong báo cáo tự đánh giá, giữ vững những mặt mạnh của nhà "
        "trường.\n"
        "Từng bước nâng cao chất lượng giáo dục theo các mức của quy định."
    ),
    "organisation_principal": (
        "Ban hành kế hoạch, phân công nhiệm vụ và bảo đảm nguồn lực thực hiện.\n"
        "Chủ trì sơ kết vào cuối học kỳ I, tổng kết vào cuối năm học; quyết định điều chỉnh khi "
        "cần."
    ),
    "organisation_council": (
        "Hướng dẫn, đôn đốc các bộ phận thực hiện kế hoạch.\n"
        "Tổng hợp kết quả và minh chứng để cập nhật báo cáo tự đánh giá."
    ),
    "organisation_supervision": (
        "Theo dõi tiến độ từng công việc, báo cáo theo từng kỳ và kiến nghị kịp thời khi có việc "
        "chậm."
    ),
    "organisation_staff": (
        "Đưa việc được giao vào kế hoạch công tác và thực hiện đúng thời hạn.\n"
        "Lưu minh chứng, báo cáo kết quả theo từng kỳ."
    ),
    "review_reporting": (
        "Rà soát ít nhất 02 lần trong năm học: cuối học kỳ I và cuối năm học.\n"
        "Báo cáo kết quả với cơ quan quản lý và công khai trong nhà trường."
    ),
}
_REQUIREMENTS = {
    "2018": "Tiêu chí chưa đạt đều có công việc cụ thể, phù hợp với điều kiện của nhà trường.",
    "2026": "Tập trung vào các vấn đề ưu tiên trong năm học, không dàn trải ở mọi tiêu chí.",
}
_EACH_TASK = (
    "Mỗi công việc có một bộ phận chủ trì, có thời hạn, kinh phí (nếu cần) và minh chứng khi "
    "hoàn thành."
)


def default_passages(form_id: str, kind: SchoolKind, authority: str = "") -> dict[str, str]:
    """Return texts around the table for a kind of school, by field of the cover, to be adapted.

    Without the name of an authority, the one that receives the plans of that kind is named
    (Thông tư 45/2026/TT-BGDĐT).
    """
    found = dict(_PASSAGES)
    found["requirements"] = f"{_REQUIREMENTS[form_id]}\n{_EACH_TASK}"
    found["signer"] = kind.head.vi
    found["recipients"] = (
        f"{authority or kind.receiver.label.vi} (để báo cáo);\n"
        "Các tổ, bộ phận của trường (để thực hiện);\n"
        "Lưu: VT, hồ sơ tự đánh giá."
    )
    return found


def default_units(kind: SchoolKind) -> tuple[str, ...]:
    """Return the units and roles that a school of that kind usually has."""
    return (*kind.leaders, _COUNCIL, *kind.units, *_EVERYWHERE_LAST)


def default_legal_bases(regulation: Regulation, year: SchoolYear) -> str:
    """Return the legal grounds of every plan under a regulation, for the school to complete."""
    return "\n".join(
        (
            f"Báo cáo tự đánh giá năm học {year.first - 1}-{year.first} của nhà trường.",
            _ground(regulation),
            f"Kế hoạch năm học {year} và định hướng phát triển của nhà trường.",
        )
    )


def _ground(regulation: Regulation) -> str:
    ground = f"Thông tư số {regulation.number} của Bộ trưởng Bộ Giáo dục và Đào tạo"
    if regulation.applied is None:
        return f"{ground}."
    return f"{ground}, được sửa đổi, bổ sung bởi Thông tư số {regulation.applied.number}."
