"""Texts that people type for dates and amounts: those that are understood, and some that are not.

The page of the documentation shows what each means, and the tests prove it in both judges.
"""

from __future__ import annotations

DATES = (
    *("31/05/2027", "31/5/27", "31.05.2027", "31-5-2027", "2027-05-31"),
    *("ngày 5 tháng 9 năm 2026", "5/2027", "tháng 5/2027", "Tháng 5 năm 2027", "T9/2026"),
    *("quý II/2027", "Quý 2 năm 2027", "năm 2027", "năm học 2026-2027", "hết năm học"),
    *("cuối tháng 5/2027", "đầu tháng 9/2026", "đến 31/5/2027", "Từ tháng 8/2026"),
    *("từ 1/9/2026 đến 31/5/2027", "trước 15/6/2027", "chậm nhất là 31/5/2027"),
)
AMOUNTS = (
    *("81000000", "81.000.000", "81,000,000", "81 000 000", "81 triệu", "1,5 tỷ"),
    *("494.510.000 đồng", "494.510.000 đồng (Bốn trăm chín mươi bốn triệu)", "500 nghìn"),
    *("20tr", "1 triệu/tháng", "200.000đ/lần", "1.500 triệu", "Không", "0"),
)
NO_DATES = (
    *("31/02/2027", "5/13/2027", "5/27", "tháng 5", "giữa tháng 5/2027", "hết học kỳ I"),
    *("hết năm học 2025-2026", "thường xuyên"),
)
NO_AMOUNTS = (
    "81.5",
    "1,234 triệu",
    "81.00.000",
    "1 tỷ 200 triệu",
    "50.000đ/học sinh",
    "theo thực tế",
)
