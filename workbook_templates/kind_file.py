"""The tables of a regulation file that declare kinds of school and their unclear names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from workbook_templates.school_kind import (
    Receiver,
    SchoolKind,
    UnclearName,
    plain_name,
    spellings,
)
from workbook_templates.toml_lines import TomlReader, text_in

_LONGEST_KIND_ID = 24
"""Characters of a kind's id: it has to fit into the stamp of a template."""
MOST_KINDS = 100
"""Kinds of one file: each name is compared with every text that may mean it."""
MOST_UNITS = 30
"""Units and roles of a kind; the lists sheet has 40 rows, also for those of every school."""
_KIND_ID = re.compile(rf"[a-z0-9_]{{1,{_LONGEST_KIND_ID}}}")


class KindReader(TomlReader):
    """A reader of the tables ``[[school_kinds]]`` and ``[[unclear_names]]``."""

    def known_kinds(
        self, ids: Sequence[Any], known: Mapping[str, SchoolKind], at: int, key: str
    ) -> tuple[SchoolKind, ...]:
        """Return the kinds of school with some ids."""
        for kind_id in self.strings(ids, at, key):
            if kind_id not in known:
                raise self.fail(
                    at,
                    f"«{kind_id}» trong «{key}» không phải mã loại cơ sở giáo dục; hiện có: "
                    f"{', '.join(known)}; loại mới phải khai báo bằng bảng [[school_kinds]]",
                    f"'{kind_id}' in '{key}' is no school kind; known: {', '.join(known)}; "
                    "declare a new one in a table [[school_kinds]]",
                )
        return tuple(known[kind_id] for kind_id in ids)

    def school_kinds(self, known: Mapping[str, SchoolKind]) -> Iterator[SchoolKind]:
        """Yield the kinds of school that the file declares.

        ``known`` are those of other files, by id; a name of theirs is refused for another id.
        """
        tables = self.data.get("school_kinds", [])
        if not isinstance(tables, list):
            raise self.fail(
                self.line("school_kinds"),
                "«school_kinds» phải là các bảng [[school_kinds]]",
                "'school_kinds' must be tables [[school_kinds]]",
            )
        if len(tables) > MOST_KINDS:
            raise self.fail(
                self.line("school_kinds", MOST_KINDS),
                f"tệp khai báo {len(tables)} loại cơ sở, nhiều nhất là {MOST_KINDS}",
                f"the file declares {len(tables)} school kinds, and {MOST_KINDS} at most",
            )
        taken = {n: k.id for k in known.values() for n in spellings(k)}
        seen: set[str] = set()
        for nth, table in enumerate(tables):
            data = self.take(table, _SCHOOL_KIND, "school_kinds", nth)
            kind = self.school_kind(data, nth)
            if kind.id in seen or not _KIND_ID.fullmatch(kind.id):
                raise self.fail(
                    self.line("school_kinds", nth, "id"),
                    f"mã loại cơ sở «{kind.id}» bị trùng, hoặc không chỉ gồm chữ thường không "
                    f"dấu, chữ số, dấu gạch dưới (nhiều nhất {_LONGEST_KIND_ID} ký tự)",
                    f"school kind id '{kind.id}' is used twice, or is not {_LONGEST_KIND_ID} or "
                    "fewer lower-case letters, digits and underscores",
                )
            seen.add(kind.id)
            for name in spellings(kind):
                owner = taken.setdefault(name, kind.id)
                if not name or owner != kind.id:
                    raise self.fail(
                        self.line("school_kinds", nth, "aliases"),
                        f"tên «{name}» đã là tên của loại «{owner}», hoặc không có chữ nào",
                        f"name '{name}' belongs to kind '{owner}', or holds no letter",
                    )
            units = (*kind.leaders, *kind.units)
            if len(units) > MOST_UNITS:
                raise self.fail(
                    self.line("school_kinds", nth, "units"),
                    f"«head», «leaders» và «units» có trên {MOST_UNITS} bộ phận, chức danh; trang "
                    "danh mục của mẫu không đủ dòng",
                    f"'head', 'leaders' and 'units' name more than {MOST_UNITS} units and roles; "
                    "the lists sheet has no room for them",
                )
            for level in kind.levels:
                if level not in {*known, *seen}:
                    raise self.fail(
                        self.line("school_kinds", nth, "levels"),
                        f"cấp học «{level}» không phải mã loại cơ sở đã khai báo ở trên hoặc ở "
                        "tệp khác",
                        f"level '{level}' is no school kind declared above or in another file",
                    )
            yield kind

    def school_kind(self, data: Mapping[str, Any], nth: int) -> SchoolKind:
        def strings(key: str, default: Sequence[str] = ()) -> tuple[str, ...]:
            at = self.line("school_kinds", nth, key)
            return self.strings(data.get(key, list(default)), at, key)

        receiver = Receiver.UNKNOWN
        if "receiver" in data:
            at = self.line("school_kinds", nth, "receiver")
            receiver = self.member(Receiver, data["receiver"], at, "receiver")
        head = text_in(data, "head", en_key="head_en")
        return SchoolKind(
            data["id"],
            text_in(data, "name", en_key="name_en"),
            strings("aliases"),
            strings("levels", (data["id"],)),
            receiver,
            head,
            (head.vi, *strings("leaders")),
            strings("units"),
            text_in(data, "learners", en_key="learners_en"),
        )

    def unclear_names(
        self, tables: Sequence[Mapping[str, Any]], known: Mapping[str, SchoolKind]
    ) -> Iterator[UnclearName]:
        for nth, table in enumerate(tables):
            data = self.take(table, _UNCLEAR_NAMES, "unclear_names", nth)
            at = self.line("unclear_names", nth, "kinds")
            self.known_kinds(data["kinds"], known, at, "kinds")
            names_at = self.line("unclear_names", nth, "names")
            names = self.strings(data["names"], names_at, "names")
            if not all(map(plain_name, names)) or not (names and data["kinds"]):
                raise self.fail(
                    names_at if data["kinds"] else at,
                    "«names» và «kinds» phải có ít nhất một tên, mỗi tên có chữ cái",
                    "'names' and 'kinds' must have at least one name each, with a letter",
                )
            yield UnclearName(names, tuple(data["kinds"]))


_SCHOOL_KIND = {
    "id": (str, True),
    "name": (str, True),
    "name_en": (str, False),
    "aliases": (list, False),
    "levels": (list, False),
    "receiver": (str, False),
    "head": (str, True),
    "head_en": (str, False),
    "leaders": (list, False),
    "units": (list, False),
    "learners": (str, True),
    "learners_en": (str, False),
}
_UNCLEAR_NAMES = {"names": (list, True), "kinds": (list, True)}
