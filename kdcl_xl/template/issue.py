"""Issue templates: choose a school's form, and fill in the values that are known beforehand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from kdcl_xl import __version__
from kdcl_xl.errors import UserError
from kdcl_xl.files import ProgressBar, safe_name
from kdcl_xl.schools import School
from kdcl_xl.template.stamp import LONGEST_STAMP, Stamp, structure_of
from macros_free_validation.derive import complete_plan
from macros_free_validation.plan import Plan
from macros_free_validation.values import Raw, to_serial
from workbook_templates.defaults import default_legal_bases, default_passages, default_units
from workbook_templates.layout import DEFAULT_ROWS, Layout, Limits, build_layout
from workbook_templates.regulation import Catalogue, levels_of_form
from workbook_templates.school_kind import SchoolKind
from workbook_templates.school_year import SchoolYear
from workbook_templates.text import Text

if TYPE_CHECKING:
    from kdcl_xl.template.series import Series

LONGEST_PASSWORD = 15
"""Characters that Excel's hash of a sheet password is defined for (MS-OFFCRYPTO 2.3.7.1)."""


def prefilled_cover(
    layout: Layout, kind: SchoolKind, year: SchoolYear, school: School
) -> dict[str, Raw]:
    """Return the values of a fresh cover by field: the district's data and default texts."""
    passages = default_passages(layout.form.id, kind, school.authority)
    sheet = layout.sheet("cover")
    return {
        **{field: text for field, text in passages.items() if sheet.has_cell(field)},
        "school_name": school.name or None,
        "school_code": school.code or None,
        "school_kind": kind.label.vi,
        "taught": None if kind.is_open else kind.label.vi,
        "address": school.address or None,
        "authority": school.authority or None,
        "school_year": str(year),
        "period_start": to_serial(year.start),
        "period_end": to_serial(year.end),
        "regulation": layout.regulation.title,
        "legal_bases": default_legal_bases(layout.regulation, year),
    }


def initial_plan(layout: Layout, kind: SchoolKind, year: SchoolYear, school: School) -> Plan:
    """Return an empty plan with the district's data, the regulation's lists and default texts."""
    cover = prefilled_cover(layout, kind, year, school)
    lists = layout.sheet("lists")
    names = default_units(kind, layout.form.id)
    units = [(lists.first_row + i, (unit,)) for i, unit in enumerate(names)]
    assessment = layout.sheet("self_assessment")
    empty = (None,) * len(assessment.columns)
    rows = [(assessment.first_row + i, empty) for i in range(assessment.row_count)]
    return complete_plan(layout, {"cover": cover}, {"lists": units, "self_assessment": rows})


def stamp_for(layout: Layout, kind: SchoolKind, year: SchoolYear, school: School) -> Stamp:
    """Return the stamp of a workbook issued to a school.

    Raises:
        UserError: the line of the stamp is too long for a workbook.
    """
    stamp = Stamp(
        layout.form.id,
        layout.regulation.id,
        kind.id,
        str(year),
        layout.rows,
        school.code,
        structure_of(layout),
        limits=layout.limits,
        tool=__version__,
    )
    length = len(stamp.encode())
    if length > LONGEST_STAMP:
        raise UserError(
            Text(
                f"Dấu của mẫu cho trường có mã «{school.code}» dài {length} ký tự, quá "
                f"{LONGEST_STAMP} ký tự Excel cho phép; vui lòng dùng mã trường ngắn hơn hoặc "
                "không dấu.",
                f"The stamp of the template for school code '{school.code}' has {length} "
                f"characters, and Excel allows {LONGEST_STAMP}; use a shorter code, without "
                "diacritics.",
            )
        )
    return stamp


def checked_password(password: str) -> str:
    """Return a sheet password that every program understands alike.

    The file keeps a short hash of the password's bytes, and programs differ on the bytes of letters
    with diacritics: LibreOffice did not unlock a sheet with the very password it was made with.

    Raises:
        UserError: the password has other characters, or too many.
    """
    if len(password) > LONGEST_PASSWORD or not (password.isascii() and password.isprintable()):
        raise UserError(
            Text(
                f"Mật khẩu khóa trang có nhiều nhất {LONGEST_PASSWORD} ký tự, chỉ gồm chữ không "
                "dấu, chữ số và dấu câu thông thường; nếu không, chính mật khẩu đó có thể không mở "
                "được trang.",
                f"A sheet password has at most {LONGEST_PASSWORD} characters, letters without "
                "diacritics, digits and plain punctuation; with others it may not unlock the "
                "sheet again.",
            )
        )
    return password


def kind_of(school: School) -> SchoolKind:
    """Return the kind of a school that is known to have one."""
    assert school.kind is not None
    return school.kind


def layout_from(
    catalogue: Catalogue,
    kind: SchoolKind,
    year: SchoolYear,
    rows: int = DEFAULT_ROWS,
    regulation_id: str | None = None,
    form_id: str | None = None,
    limits: Limits = (),
) -> Layout:
    """Return the layout for a kind of school and a year, either part of which can be forced.

    Raises:
        UserError: no such regulation, not for that kind, or none in force.
    """
    regulation = catalogue.get(regulation_id) if regulation_id else catalogue.choose(kind, year)
    if regulation is None and regulation_id:
        known = ", ".join(r.id for r in catalogue.regulations)
        raise UserError(
            Text(
                f"Không có quy định «{regulation_id}»; hiện có: {known}.",
                f"There is no regulation '{regulation_id}'; known: {known}.",
            )
        )
    if regulation is None:
        raise UserError(
            Text(
                f"Không có quy định nào có hiệu lực cho {kind.label.vi}, năm học {year}; hãy chọn "
                "bằng --regulation.",
                f"No regulation is in force for {kind.label.en} in {year}; choose one with "
                "--regulation.",
            )
        )
    if kind not in regulation.kinds:
        raise UserError(
            Text(
                f"Quy định {regulation.id} không áp dụng cho {kind.label.vi}.",
                f"Regulation {regulation.id} is not for {kind.label.en}.",
            )
        )
    room = levels_of_form(form_id or regulation.form)
    if max(regulation.levels) > room:
        raise UserError(
            Text(
                f"Mẫu {form_id} chỉ có {room} mức, quy định {regulation.id} có nhiều hơn.",
                f"Form {form_id} has {room} levels only, regulation {regulation.id} has more.",
            )
        )
    try:
        return build_layout(regulation, rows, form_id, limits)
    except ValueError as error:
        raise UserError(Text(str(error), str(error))) from None


def template_bytes(
    layout: Layout,
    school: School,
    year: SchoolYear,
    password: str = "",
    *,
    one_of_many: bool = False,
) -> bytes:
    """Return a fresh workbook for a school.

    With ``one_of_many``, the parts that all workbooks of a layout share are kept: that takes
    a little more time for the first, and a tenth for each of the others. The bytes are the same.
    """
    from kdcl_xl.template.writer import render_workbook  # some only ask which form a school gets

    kind = kind_of(school)
    plan, stamp = initial_plan(layout, kind, year, school), stamp_for(layout, kind, year, school)
    if one_of_many:
        return _series(layout, kind, year, password).workbook(plan, stamp)
    return render_workbook(plan, stamp, password)


@lru_cache(maxsize=8)
def _series(layout: Layout, kind: SchoolKind, year: SchoolYear, password: str) -> Series:
    """Return the shared parts of the templates of a layout, cached."""
    from kdcl_xl.template.series import Series

    nobody = School(kind=kind)
    plan = initial_plan(layout, kind, year, nobody)
    return Series(plan, stamp_for(layout, kind, year, nobody), password)


def district_templates(
    schools: Sequence[School],
    layouts: Sequence[Layout],
    year: SchoolYear,
    authority: str = "",
    password: str = "",
    progress: ProgressBar = iter,
) -> Iterator[tuple[str, bytes]]:
    """Yield the file name and the template of each school, which has its layout at its position.

    ``authority`` is filled in where the list names none.
    """
    names = file_names(schools, year)
    for school, layout in zip(schools, layouts, strict=True):
        stamp_for(layout, kind_of(school), year, school)  # refused before any file is written
    for school, layout, name in progress(list(zip(schools, layouts, names, strict=True))):
        known = replace(school, authority=school.authority or authority)
        yield name, template_bytes(layout, known, year, password, one_of_many=True)


def file_name(school: School, year: SchoolYear) -> str:
    """Return a safe file name for a school's workbook."""
    return safe_name(school.code, school.name, str(year)) + ".xlsx"


def file_names(schools: Sequence[School], year: SchoolYear) -> list[str]:
    """Return a safe file name for each school, all different even where case is ignored."""
    names: list[str] = []
    taken: set[str] = set()
    for school in schools:
        name = file_name(school, year)
        number = 2
        while name.casefold() in taken:
            name = safe_name(school.code, school.name, str(year))[:50] + f"_{number}.xlsx"
            number += 1
        taken.add(name.casefold())
        names.append(name)
    return names
