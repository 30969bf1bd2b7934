"""Decrypt workbooks that need a password to open, with an optional library."""

from __future__ import annotations

import io

from kdcl_xl.errors import UserError
from kdcl_xl.xlsx.package import UnreadableError, is_encrypted
from macros_free_validation.rules import workbook as rules
from workbook_templates.text import Text


def require_decryption() -> None:
    """Check that the library for passwords is installed.

    Raises:
        UserError: the library is missing.
    """
    try:
        import msoffcrypto  # noqa: F401
    except ImportError:
        raise UserError(
            Text(
                "Để mở tệp có mật khẩu cần cài thêm: pip install 'kdcl-xl[password]'.",
                "Files with a password need one more package: pip install 'kdcl-xl[password]'.",
            )
        ) from None


_EXCEL_PASSWORD = "VelvetSweatshop"  # noqa: S105 - public, in MS-OFFCRYPTO 2.3
"""The password that Excel itself sets where only the structure of a workbook is protected."""


def without_own_password(content: bytes) -> bytes:
    """Return the workbook inside a file that Excel encrypted without asking for a password.

    Excel opens such files without a question. Other contents, and those that no library here can
    decrypt, are unchanged.
    """
    try:
        require_decryption()
        return decrypted(content, _EXCEL_PASSWORD)
    except (UnreadableError, UserError):
        return content


def decrypted(content: bytes, password: str) -> bytes:
    """Return the workbook inside an encrypted file; other contents unchanged.

    Raises:
        UnreadableError: the password is wrong, or the encryption is damaged.
    """
    if not is_encrypted(content):
        return content
    import msoffcrypto

    target = io.BytesIO()
    try:
        file = msoffcrypto.OfficeFile(io.BytesIO(content))
        file.load_key(password=password)
        file.decrypt(target)
    except Exception:  # the library passes on any error of its parsers
        raise UnreadableError(rules.OTHER_PASSWORD) from None
    return target.getvalue()
