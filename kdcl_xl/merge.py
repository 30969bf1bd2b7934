"""The main job of a district: files in, one consolidated workbook out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from pathlib import Path

from kdcl_xl.check import Checked, check_file
from kdcl_xl.district.build import build_district
from kdcl_xl.district.model import District
from kdcl_xl.district.write import render_district
from kdcl_xl.errors import Exit, UserError
from kdcl_xl.files import find_workbooks, write_whole
from kdcl_xl.schools import School
from kdcl_xl.settings import Settings
from workbook_templates.regulation import Catalogue
from workbook_templates.text import Language, Text

EARLIER = ".truoc-"
"""Marks the dated copy of a district workbook that was written over."""


def merge(
    paths: Sequence[Path],
    target: Path,
    catalogue: Catalogue,
    today: date,
    settings: Settings,
    *,
    schools: Sequence[School] = (),
    authority: str = "",
    language: Language = Language.VI,
    progress: Callable[[Sequence[Path]], Iterable[Path]] = iter,
) -> District:
    """Merge files into a district workbook; one bad file never stops it.

    A workbook that stood at the target is kept beside it under a dated name.

    Raises:
        UserError: nothing to merge, nothing readable, or the target cannot be written.
    """
    files = [p for p in find_workbooks(paths) if not _is_own_output(p, target)]
    checked = [check_file(path, catalogue, today) for path in progress(files)]
    if not any(entry.submission.is_read for entry in checked):
        raise _nothing_read(checked)
    district = build_district(checked, schools, authority, today, settings, language)
    content = render_district(district, language)
    _keep_earlier(target)
    write_whole(target, content)
    return district


def _is_own_output(path: Path, target: Path) -> bool:
    same_folder = path.resolve().parent == target.resolve().parent
    is_copy = path.name.startswith(target.stem + EARLIER)
    return same_folder and (path.name == target.name or is_copy)


def _nothing_read(checked: Sequence[Checked]) -> UserError:
    reasons = [(c.submission.path.name, c.findings[0].message) for c in checked if c.findings]
    vi = "; ".join(f"{name}: {message.vi}" for name, message in reasons)
    en = "; ".join(f"{name}: {message.en}" for name, message in reasons)
    return UserError(
        Text(f"Không đọc được bản nộp nào. {vi}", f"No submission could be read. {en}"),
        Exit.NOTHING_READ,
    )


def _keep_earlier(target: Path) -> None:
    if not target.is_file():
        return
    moment = datetime.fromtimestamp(target.stat().st_mtime)
    copy = target.with_name(f"{target.stem}{EARLIER}{moment:%Y%m%d-%H%M%S}{target.suffix}")
    if not copy.exists():
        write_whole(copy, target.read_bytes())
