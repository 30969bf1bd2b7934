"""Texts in encodings from before Unicode are recognised by their letters alone."""

from __future__ import annotations

import pytest

from kdcl_xl.old_encodings import guess

PLAIN = [
    "Tổ chức bồi dưỡng giáo viên",
    "Ban Giám hiệu",
    "Hòa, hoà, toà án, số 5 – «trích»",
    "Công ty ABC® và đối tác",
    "25 °C ± 2, 5 m²",
    "Kế toán và thủ quỹ",
    "Trang thiết bị «mới»",
    "résumé, façade, naïve",
    "Café «Mùa Xuân»",
]


@pytest.mark.parametrize("text", PLAIN)
def test_unicode_is_left_alone(text: str) -> None:
    assert guess(text) is None


@pytest.mark.parametrize(
    ("text", "encoding", "meant"),
    [
        ("Tæ chøc båi d\u00adìng gi¸o viªn", "TCVN3", "Tổ chức bồi dưỡng giáo viên"),
        ("§iÓm tr\u00adêng chÝnh", "TCVN3", "Điểm trường chính"),
        ("Toå chöùc boài döôõng giaùo vieân", "VNI", "Tổ chức bồi dưỡng giáo viên"),
        ("Tá»• chá»©c bá»“i dÆ°á»¡ng", "UTF-8", "Tổ chức bồi dưỡng"),
        ("GiÃ¡o viÃªn", "UTF-8", "Giáo viên"),
    ],
)
def test_old_and_broken_texts_are_decoded(text: str, encoding: str, meant: str) -> None:
    found = guess(text)
    assert found is not None
    assert found.encoding.startswith(encoding)
    assert found.text == meant
