"""What a fresh workbook is filled with: units of a school kind, grounds of a regulation."""

from __future__ import annotations

from workbook_templates.regulation import Regulation
from workbook_templates.school_year import SchoolYear
from workbook_templates.vocabulary import SchoolKind

_EVERYWHERE_FIRST = ("Hiệu trưởng", "Phó Hiệu trưởng", "Ban Giám hiệu", "Hội đồng tự đánh giá")
_EVERYWHERE_LAST = (
    "Tổ Văn phòng",
    "Công đoàn",
    "Chi đoàn Thanh niên",
    "Kế toán",
    "Văn thư",
    "Nhân viên y tế",
    "Tổ giám sát",
)
_TEACHING: dict[SchoolKind, tuple[str, ...]] = {
    SchoolKind.MAM_NON: (
        "Tổ Nhà trẻ",
        "Tổ Mẫu giáo",
        "Tổ Nuôi dưỡng",
        "Giáo viên phụ trách lớp",
        "Nhân viên nấu ăn",
        "Nhân viên bảo vệ",
    ),
    SchoolKind.TIEU_HOC: (
        "Tổ khối 1",
        "Tổ khối 2 - 3",
        "Tổ khối 4 - 5",
        "Giáo viên chủ nhiệm",
        "Tổng phụ trách Đội",
        "Nhân viên thư viện",
        "Nhân viên thiết bị",
    ),
    SchoolKind.THCS: (
        "Tổ chuyên môn",
        "Tổ Khoa học tự nhiên",
        "Tổ Khoa học xã hội",
        "Giáo viên chủ nhiệm",
        "Tổng phụ trách Đội",
        "Nhân viên thư viện",
        "Nhân viên thiết bị",
    ),
    SchoolKind.THPT: (
        "Tổ chuyên môn",
        "Tổ Khoa học tự nhiên",
        "Tổ Khoa học xã hội",
        "Giáo viên chủ nhiệm",
        "Đoàn trường",
        "Nhân viên thư viện",
        "Nhân viên thiết bị",
    ),
    SchoolKind.NHIEU_CAP_HOC: (
        "Tổ chuyên môn cấp tiểu học",
        "Tổ chuyên môn cấp THCS",
        "Tổ chuyên môn cấp THPT",
        "Giáo viên chủ nhiệm",
        "Tổng phụ trách Đội",
        "Đoàn trường",
        "Nhân viên thư viện",
        "Nhân viên thiết bị",
    ),
}


def default_units(kind: SchoolKind) -> tuple[str, ...]:
    """Units and roles that a school of that kind usually has."""
    return (*_EVERYWHERE_FIRST, *_TEACHING[kind], *_EVERYWHERE_LAST)


def default_legal_bases(regulation: Regulation, year: SchoolYear) -> str:
    """The grounds every plan under that regulation has, for the school to complete."""
    return "\n".join(
        (
            f"Báo cáo tự đánh giá năm học {year.first - 1}-{year.first} của nhà trường.",
            f"Thông tư số {regulation.number} của Bộ trưởng Bộ Giáo dục và Đào tạo.",
            f"Kế hoạch năm học {year} và định hướng phát triển của nhà trường.",
        )
    )
