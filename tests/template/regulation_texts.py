"""Regulation files as an authority may write them, at random and at the bounds of the reader."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from datetime import date, timedelta
from random import Random
from typing import Any

from workbook_templates.cell_text import LONGEST_LINE, LONGEST_TITLE
from workbook_templates.kind_file import MOST_UNITS
from workbook_templates.regulation import (
    MOST_AMENDMENTS,
    MOST_CRITERIA,
    SCHOOL_LEVEL_RULES,
    most_amendments,
)

Table = Mapping[str, Any]
ODD = (
    'Trường "hạnh phúc"',
    "Tiếng dân tộc ở Đắk Lắk, Krông Păk",
    "a!b*?[c]{d}<e>&f;",
    "Mức 1 (một)",
    "Tiêu chuẩn 1: kế hoạch",
    "%s {0} \\ ^ | $A$1",
    "5 điều Bác Hồ dạy",
    "“Xanh – sạch – đẹp” …",
)
"""Texts that are easily taken for something else, and are titles all the same."""


def as_toml(table: Table, prefix: str = "") -> str:
    """Return a table of TOML: values first, then the tables in it."""
    inner = {k: v for k, v in table.items() if isinstance(v, list) and v and _is_table(v[0])}
    lines = [f"{key} = {_value(v)}" for key, v in table.items() if key not in inner]
    for key, tables in inner.items():
        for each in tables:
            lines += ["", f"[[{prefix}{key}]]", as_toml(each, f"{prefix}{key}.")]
    return "\n".join(lines)


def in_one_line_each(table: Table) -> str:
    """Return a table of TOML whose values of any sort are in brackets on the line of their key."""
    return "\n".join(f"{json.dumps(key)} = {_value(value)}" for key, value in table.items())


def _is_table(value: object) -> bool:
    return isinstance(value, Mapping)


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{json.dumps(k)} = {_value(v)}' for k, v in value.items())}}}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    return json.dumps(value, ensure_ascii=False)


def kind(kind_id: str, name: str, **others: Any) -> Table:
    """Return the table of a kind of school."""
    return {
        "id": kind_id,
        "name": name,
        "head": "Viện trưởng",
        "learners": "học viên",
        "receiver": "province",
        **others,
    }


def criterion(code: str, title: str, levels: Sequence[int], *, mandatory: bool = False) -> Table:
    """Return the table of a criterion."""
    return {"code": code, "title": title, "levels": list(levels), "mandatory": mandatory}


def regulation(form: str, rule: str, standards: Sequence[Table], **others: Any) -> Table:
    """Return the top table of a regulation file for one kind of school of its own."""
    return {
        "id": "thu",
        "number": "99/2026/TT-VD",
        "title": "Quy định ví dụ",
        "form": form,
        "kinds": ["nang_khieu"],
        "in_force_from": date(2026, 8, 1),
        "school_level_rule": rule,
        "confidence": "low",
        "school_kinds": [kind("nang_khieu", "Trường năng khiếu")],
        "standards": list(standards),
        **others,
    }


def largest(form: str, rule: str) -> Table:
    """Return a regulation with as many and as long texts as the reader accepts."""
    levels = (1, 2, 3) if form == "2018" else (1, 2)
    level_4 = 6 if form == "2018" and rule == "all_criteria" else 0
    most = most_amendments(rule, levels[-1])
    left = MOST_CRITERIA - level_4 - 2 * most
    counts = [left // 9 + (n < left % 9) for n in range(9)]
    standards = [
        {
            "no": no,
            "title": _long(f"Mảng {no}", LONGEST_TITLE),
            "criteria": [
                criterion(
                    f"{no}.{nth}",
                    _long(f"Việc {no}-{nth}", LONGEST_TITLE),
                    levels,
                    mandatory=nth % 2 == 0,
                )
                for nth in range(1, count + 1)
            ],
        }
        for no, count in enumerate(counts, start=1)
    ]
    amendments = [
        {
            "number": _long(f"{nth}/2027/TT-VD", LONGEST_LINE),
            "id": f"thu-{nth}",
            "in_force_from": date(2026, 8, 1) + timedelta(days=30 * nth),
            "confirmed": nth % 2 == 0,
            "confidence": "low",
            "criteria": [
                criterion(f"{no}.{code}", _long(f"Mới {nth}-{no}", LONGEST_TITLE), levels)
                for no in range(1, 10)
                for code in ((1, nth + 1, 20 + nth) if no < 3 else (nth + 1,))
            ],
            "replaces": [f"{nth}.1", f"{nth + 4}.3"],
        }
        for nth in range(1, most + 1)
    ]
    own = kind(
        "nang_khieu",
        _long("Trường năng khiếu", LONGEST_LINE),
        head=_long("Viện trưởng", LONGEST_LINE),
        learners=_long("học viên", LONGEST_LINE),
        units=[_long(f"Khoa {n}", LONGEST_LINE) for n in range(MOST_UNITS - 1)],
    )
    others = [kind(f"loai_{n}", _long(f"Loại {n}", LONGEST_LINE)) for n in range(40)]
    return regulation(
        form,
        rule,
        standards,
        id="a" * 30,
        title=_long("Quy định", LONGEST_TITLE),
        number=_long("99/2026/TT-VD", LONGEST_LINE),
        kinds=["nang_khieu", *(each["id"] for each in others)],
        school_kinds=[own, *others],
        amendments=amendments,
        **(
            {
                "level4": [
                    {"no": n, "label": f"Khoản {n}", "summary": _long(f"Mục {n}", LONGEST_TITLE)}
                    for n in range(1, level_4 + 1)
                ]
            }
            if level_4
            else {}
        ),
    )


def _long(text: str, length: int) -> str:
    return f"{text} " + "ế" * (length - len(text) - 1)


def random_regulation(seed: int) -> Table:
    """Return a regulation of any size and shape; the reader may refuse it."""
    rng = Random(seed)
    form, rule = rng.choice(("2018", "2026")), rng.choice(SCHOOL_LEVEL_RULES)
    highest = 4 if form == "2018" else 2

    def title(about: str) -> str:
        return f"{rng.choice(ODD)} {about}" if rng.random() < 0.5 else f"Việc {about}"

    def of_standard(no: int) -> list[Table]:
        codes = rng.sample(range(1, 100), rng.choice((1, 2, 5, 9)))
        return [
            criterion(
                f"{no}.{code}",
                title(f"{no}-{code}" if rng.random() < 0.9 else "như nhau"),
                range(1, rng.randint(1, highest) + 1),
                mandatory=rng.random() < 0.4,
            )
            for code in codes
        ]

    standards: list[Table] = [
        {"no": no, "title": title(f"mảng {no}"), "criteria": of_standard(no)}
        for no in range(1, rng.choice((1, 2, 4, 9)) + 1)
    ]
    every = [each["code"] for standard in standards for each in standard["criteria"]]
    amendments = [
        {
            "number": f"{nth}/2027/TT-VD",
            "in_force_from": date(rng.choice((1, 1899, 1900, 2026, 2027, 9998)), 9, nth),
            "confirmed": rng.random() < 0.5,
            "confidence": "low",
            "replaces": rng.sample(every, rng.randint(0, len(every))),
            "criteria": of_standard(rng.randint(1, len(standards))) if rng.random() < 0.6 else [],
        }
        for nth in range(1, rng.randint(0, MOST_AMENDMENTS) + 1)
    ]
    level_4 = [
        {"no": n, "label": f"Khoản {n}", "summary": title(f"mục {n}")}
        for n in range(1, (rng.choice((0, 1, 6)) if form == "2018" else 0) + 1)
    ]
    return regulation(
        form,
        rule,
        standards,
        title=title("quy định"),
        in_force_from=date(rng.choice((1, 1900, 2018, 2026, 9999)), 8, 1),
        amendments=amendments,
        level4=level_4,
    )


_STRANGE: tuple[Any, ...] = (
    *("", " ", "x", "=1", "1.1", "9.9", "12", "'", "\n", "e\u0302", "\U0001f600", "_x0041_", "{0}"),
    *("thcs", "mam_non", "tt18-2018", "2018", "low", "all_criteria", "mandatory_and_five", "M4.1"),
    *("Trường", "TH", "và", "Khoản 1", "a" * 101, "a" * 241, *ODD),
    *(-1, 0, 1, 2, 4, 10**9, 10**30, True, False, date(1, 1, 1), date(9999, 12, 31)),
    *([], [1], [1, 2], [1, 2, 3, 4], [4], ["", "x"], {}, {"a": 1}),
)


def changed(table: Table, seed: int) -> Table:
    """Return a copy of a table with a few values at random removed, moved, doubled or replaced."""
    rng, copied = Random(seed), deepcopy(dict(table))
    for _ in range(rng.choice((1, 1, 2, 3))):
        places = list(_places(copied))
        if not places:
            break
        holder, key = rng.choice(places)
        match rng.randrange(5):
            case 0:
                del holder[key]
            case 1 if isinstance(holder, list):
                holder.insert(rng.randrange(len(holder) + 1), deepcopy(holder[key]))
            case 2 if isinstance(holder[key], str):
                at = rng.randint(0, len(holder[key]))
                holder[key] = f"{holder[key][:at]}{rng.choice(_STRANGE)}{holder[key][at:]}"
            case 3:
                other, its = rng.choice(places)
                holder[key] = deepcopy(other[its])
            case _:
                holder[key] = deepcopy(rng.choice(_STRANGE))
    return copied


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every value inside another one, as its holder and its key."""
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield value, key
            yield from _places(value[key])
