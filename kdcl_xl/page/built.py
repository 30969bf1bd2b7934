"""Find the built page that an installation carries."""

from __future__ import annotations

from pathlib import Path

from kdcl_xl.errors import UserError
from workbook_templates.text import Text

PAGE = Path(__file__).parent / "kdcl-xl.html"
"""The page, which ``make web`` puts here; the packages of a release carry it along."""


def built_page() -> bytes:
    """Return the page as one HTML file with everything inside.

    Raises:
        UserError: this installation was made without it.
    """
    try:
        return PAGE.read_bytes()
    except FileNotFoundError:
        raise UserError(_NOT_BUILT) from None


_NOT_BUILT = Text(
    "Bản cài đặt này không kèm trang kdcl-xl.html. Hãy lấy tệp đó trong bản phát hành, hoặc chạy "
    "`make web` trong thư mục mã nguồn rồi chạy lại lệnh.",
    "This installation has no page. Take kdcl-xl.html from a release, or run `make web` in the "
    "folder of the sources and then this command again.",
)
