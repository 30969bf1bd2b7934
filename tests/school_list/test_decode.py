"""Encodings of CSV files, of which nothing but the bytes is known."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kdcl_xl.school_list.decode import DecodingError, decode
from tests.school_list.lists import windows_1258

LETTERS = "aàảãáạăằẳẵắặâầẩẫấậeèẻẽéẹêềểễếệiìỉĩíịoòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵđ"
ENCODERS: dict[str, Callable[[str], bytes]] = {
    "UTF-8": lambda text: text.encode(),
    "UTF-16": lambda text: text.encode("utf-16-le"),
    "Windows-1258": windows_1258,
}
TEXTS = (
    "code,name,kind\r\n01001701,Truong MN Ban Mai,MN\r\n01001702,Trường TH A,TH\r\n",
    "code,name,kind\r\n01001701,Truong MN Hoa,MN\r\n01001702,Truong THCS Bé,THCS\r\n",
    "Mã,Tên,Cấp\r\n1,A,MN\r\n2,B,TH\r\n3,C,THCS\r\n",
    "MÃ TRƯỜNG;TÊN TRƯỜNG;CẤP HỌC\r\n1;TRƯỜNG MẦM NON ĐỒI CỎ;MẦM NON\r\n",
    f"Mã;Tên\r\n1;{LETTERS}{LETTERS.upper()}\r\n",
)


@pytest.mark.parametrize("encoding", ENCODERS)
@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_vietnamese_is_decoded_however_few_its_accents(text: str, encoding: str) -> None:
    assert decode(ENCODERS[encoding](text)) == (text, encoding)


@given(st.text(st.sampled_from(LETTERS + LETTERS.upper() + " ,;1"), min_size=1))
def test_windows_1258_gives_back_every_vietnamese_text(text: str) -> None:
    assert decode(windows_1258(text))[0] == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize(
    "content",
    [
        # «Mã trường;Tên trường» in TCVN3, whose letters are others in Windows-1258.
        b"M\xb7 tr\xad\xeang;T\xaan tr\xad\xeang\r\n1;Tr\xad\xeang M\xc7m non\r\n",
        "Код;Имя\r\n".encode("cp1251"),
        "学校,名称\r\n".encode("gbk"),
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    ],
)
def test_another_encoding_is_refused_instead_of_misread(content: bytes) -> None:
    with pytest.raises(DecodingError):
        decode(content)
