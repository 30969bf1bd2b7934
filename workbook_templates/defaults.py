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
    "Chi đoàn TNCS Hồ Chí Minh",
    "Kế toán",
    "Văn thư",
    "Nhân viên y tế",
)
_OF_FORM: Mapping[str, tuple[str, ...]] = {"2018": ("Tổ giám sát",)}
"""Units that only one form knows: under circular 57/2026 (khoản 3 Điều 10) it is the
self-assessment council that follows the plan."""


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
_PASSAGES_OF_FORM: Mapping[str, Mapping[str, str]] = {
    "2018": {
        "requirements": (
            "Tiêu chí chưa đạt đều có công việc cụ thể, phù hợp với điều kiện của nhà trường.\n"
            "Mỗi công việc có một bộ phận chủ trì, có thời hạn, kinh phí (nếu cần) và minh chứng "
            "khi hoàn thành."
        ),
    },
    # The wording of Biểu 2, Phụ lục V of circular 57/2026: parts III.1, III.2 and VIII, as a
    # school's own program prints them; not compared with the gazette.
    "2026": {
        "purpose": (
            "Xác định các vấn đề trọng tâm cần cải tiến trên cơ sở kết quả tự đánh giá.\n"
            "Tổ chức thực hiện các giải pháp nhằm nâng cao chất lượng giáo dục.\n"
            "Tăng cường hiệu quả quản trị, sử dụng nguồn lực và trách nhiệm giải trình của cơ sở "
            "giáo dục."
        ),
        "requirements": (
            "Bảo đảm tính trọng tâm, khả thi, hiệu quả, phù hợp với điều kiện thực tế.\n"
            "Không xây dựng kế hoạch cải tiến đối với toàn bộ tiêu chí mà tập trung vào các vấn "
            "đề ưu tiên.\n"
            "Xác định rõ: nội dung, mục tiêu, biện pháp, thời gian, nguồn lực, trách nhiệm và kết "
            "quả.\n"
            "Gắn với kế hoạch năm học và kế hoạch phát triển của cơ sở giáo dục.\n"
            "Có cơ chế theo dõi, đánh giá và điều chỉnh trong quá trình thực hiện."
        ),
        "review_reporting": (
            "Thực hiện rà soát, đánh giá tối thiểu 02 lần trong năm học.\n"
            "Kết quả thực hiện kế hoạch cải tiến là cơ sở để cập nhật báo cáo tự đánh giá và xây "
            "dựng kế hoạch cải tiến của năm học tiếp theo.\n"
            "Bảo đảm công khai, minh bạch và phục vụ trách nhiệm giải trình của cơ sở giáo dục."
        ),
    },
}


def default_passages(form_id: str, kind: SchoolKind, authority: str = "") -> dict[str, str]:
    """Return texts around the table for a kind of school, by field of the cover, to be adapted.

    Without the name of an authority, the one that receives the plans of that kind is named
    (Thông tư 45/2026/TT-BGDĐT).
    """
    found = {**_PASSAGES, **_PASSAGES_OF_FORM[form_id]}
    found["signer"] = kind.head.vi
    found["recipients"] = (
        f"{authority or kind.receiver.label.vi} (để báo cáo);\n"
        "Các tổ, bộ phận của trường (để thực hiện);\n"
        "Lưu: VT, hồ sơ tự đánh giá."
    )
    return found


def default_units(kind: SchoolKind, form_id: str) -> tuple[str, ...]:
    """Return the units and roles that a school of that kind usually has, on that form."""
    units = (*kind.leaders, _COUNCIL, *kind.units, *_EVERYWHERE_LAST, *_OF_FORM.get(form_id, ()))
    return tuple(dict.fromkeys(units))


def default_legal_bases(regulation: Regulation, year: SchoolYear) -> str:
    """Return the legal grounds of every plan under a regulation, for the school to complete.

    Part II of Biểu 2 (the 2026 form) has one more: the results of last year's plan.
    """
    before = f"{year.first - 1}-{year.first}"
    last_plan = f"Kết quả rà soát việc thực hiện kế hoạch cải tiến chất lượng năm học {before}."
    return "\n".join(
        (
            f"Báo cáo tự đánh giá năm học {before} của nhà trường.",
            *((last_plan,) if regulation.form == "2026" else ()),
            _ground(regulation),
            f"Kế hoạch năm học {year} và định hướng phát triển của nhà trường.",
        )
    )


def _ground(regulation: Regulation) -> str:
    ground = f"Thông tư số {regulation.number} của Bộ trưởng Bộ Giáo dục và Đào tạo"
    if regulation.applied is None:
        return f"{ground}."
    return f"{ground}, được sửa đổi, bổ sung bởi Thông tư số {regulation.applied.number}."
