"""Describe a school of a district's list."""

from __future__ import annotations

from dataclasses import dataclass

from kdcl_xl.errors import UserError
from workbook_templates.school_kind import SchoolKind
from workbook_templates.school_year import SchoolYear
from workbook_templates.text import Text


@dataclass(frozen=True, slots=True)
class Contact:
    """The ways to reach a school, as its list spells them; empty where unknown."""

    email: str = ""
    phone: str = ""
    person: str = ""

    def __str__(self) -> str:
        """Return everything that is known, in one line."""
        return ", ".join(part for part in (self.person, self.phone, self.email) if part)

    @property
    def record(self) -> dict[str, str | None]:
        """The parts by their names, for programs; None where unknown."""
        return {
            "person": self.person or None,
            "phone": self.phone or None,
            "email": self.email or None,
        }


NO_CONTACT = Contact()


@dataclass(frozen=True, slots=True)
class School:
    """A school on the district's list; fields are empty where unknown.

    ``kind`` is None where the list names none that is known: such a school is expected all the
    same, but gets no template. ``under`` names the authorities below this one that expect it,
    the highest first. ``school_year`` is the year for which the list expects its plan.
    """

    code: str = ""
    name: str = ""
    kind: SchoolKind | None = None
    authority: str = ""
    address: str = ""
    under: tuple[str, ...] = ()
    contact: Contact = NO_CONTACT
    school_year: SchoolYear | None = None


LONGEST_CODE = 40
"""Bytes of a code: it has to fit into the stamp of a template."""


LONGEST_LINE = 300
"""Characters of a name or an address: they are in one cell, in headings and in letters."""


def checked_line(text: str) -> str:
    """Return a name or an address that a person typed, checked to be one line.

    Raises:
        UserError: it is too long, or holds line ends or control characters.
    """
    if len(text) > LONGEST_LINE or not text.replace("\u00a0", " ").isprintable():
        raise UserError(
            Text(
                f"phải là một dòng chữ, nhiều nhất {LONGEST_LINE} ký tự, không có ký tự điều khiển",
                f"must be one line of {LONGEST_LINE} or fewer characters, without controls",
            )
        )
    return text


def checked_code(code: str) -> str:
    """Return a school code, checked to fit into a stamp.

    Raises:
        UserError: it is too long, or not text.
    """
    if len(code.encode("utf-8", "replace")) > LONGEST_CODE or not code.isprintable():
        raise UserError(
            Text(
                f"Mã trường «{code[:20]!r}…» quá dài (trên {LONGEST_CODE} byte) hoặc có ký tự lạ.",
                f"School code {code[:20]!r}… is longer than {LONGEST_CODE} bytes or no plain text.",
            )
        )
    return code


def checked_year(text: str) -> SchoolYear:
    """Return the school year, or the period, that a person typed.

    Raises:
        UserError: it is none; gives examples.
    """
    try:
        return SchoolYear.parse(text)
    except ValueError:
        raise UserError(
            Text(
                f"Năm học «{text}» không hợp lệ; ví dụ 2026-2027, hoặc giai đoạn 2023-2026 (không "
                "quá 5 năm).",
                f"'{text}' is no school year; for example 2026-2027, or a period 2023-2026.",
            )
        ) from None
