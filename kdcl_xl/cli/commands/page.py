"""``kdcl-xl page``: the page that does the work in a browser, without an installation."""

from __future__ import annotations

import hashlib
from pathlib import Path

from kdcl_xl.cli.base import command, option, say
from kdcl_xl.cli.lazy import Summary
from kdcl_xl.cli.outputs import PAGE
from kdcl_xl.files import keep_earlier, write_whole
from kdcl_xl.page.built import built_page
from workbook_templates.text import Text

SUMMARY = Summary(
    1, "Ghi trang dùng ngay trong trình duyệt.", "Write the page that works in a browser."
)


@command(
    "page",
    Text(
        "Ghi trang kdcl-xl.html: một tệp mở bằng trình duyệt, không cần cài đặt, không cần mạng. "
        "Nhà trường kiểm tra kế hoạch và lấy mẫu; cán bộ phát mẫu, kiểm tra, tổng hợp, gửi lại. Dữ "
        "liệu không rời máy.",
        "Write kdcl-xl.html: one file that a browser opens, without an installation and without a "
        "network. Schools check their plans and get templates; officers issue templates, check, "
        "merge and send back. No data leaves the machine.",
    ),
)
@option(
    "-o",
    "--output",
    type=PAGE,
    default=Path("kdcl-xl.html"),
    text=Text("Tệp .html (mặc định: kdcl-xl.html).", "The .html file (default: kdcl-xl.html)."),
)
def COMMAND(output: Path) -> None:  # noqa: N802 - found by this name
    """Write the page."""
    content = built_page()
    keep_earlier(output, content)
    write_whole(output, content)
    say(Text("Đã ghi trang: {path}", "Page written: {path}"), path=output)
    say(Text("SHA-256: {digest}", "SHA-256: {digest}"), digest=hashlib.sha256(content).hexdigest())
