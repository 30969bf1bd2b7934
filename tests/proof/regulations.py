"""The regulations of the proof: built-in ones, and texts that an authority might complete itself.

No built-in amendment is confirmed, and none amends the regulation of 2026. An authority can bring
both in a file of its own, and the level of a school then follows other paths.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from workbook_templates.regulation import (
    Amendment,
    Criterion,
    Regulation,
    Standard,
    builtin_catalogue,
)

BUILT_IN = ("tt18-2018", "tt57-2026-pho-thong", "tt19-2018", "tt57-2026-mam-non")
INVENTED = ("proof-2018-confirmed", "proof-2026-open", "proof-2026-confirmed")
EVERY = (*BUILT_IN, *INVENTED, "tt18-2018-tt22-2024")
"""The ids of the regulations of which whole workbooks are made."""
OF_LEVELS = (
    *("tt18-2018", "proof-2018-confirmed", "proof-2018-settled", "proof-2018-uneven"),
    *("proof-2026-two", "proof-2026-open", "proof-2026-settled", "proof-2026-wide"),
)
"""The ids of the regulations of plans around the level that verdicts give a school."""
OF_DAYS = ("proof-2018-uneven",)
"""Those of plans around the days of an amendment, too."""
OF_EVERY_CRITERION = ("proof-2026-few", "proof-2026-nine")
"""The ids of the regulations of plans for every criterion."""
OF_VALUES = ("tt18-2018", "proof-2026-open", "proof-2026-nine")
"""The ids of the regulations of plans with typed values at the edges of conditions."""


@lru_cache(maxsize=32)
def regulation(regulation_id: str) -> Regulation:
    """Return a regulation of the proof."""
    found = builtin_catalogue().get(regulation_id) or _invented()[regulation_id]
    assert found is not None
    return found


@lru_cache(maxsize=1)
def _invented() -> dict[str, Regulation]:
    of_2018, of_2026 = map(regulation, BUILT_IN[:2])
    (open_2018,) = of_2018.amendments
    confirmed = replace(_changed(of_2018, open_2018), is_confirmed=True)
    open_2026 = _changed(of_2026, replace(open_2018, replaces=("1.2", "1.3", "2.2", "2.3", "3.4")))
    made = {
        "proof-2018-confirmed": replace(of_2018, amendments=(confirmed,)),
        "proof-2026-open": replace(of_2026, amendments=(open_2026,)),
        "proof-2026-confirmed": replace(
            of_2026, amendments=(replace(open_2026, is_confirmed=True),)
        ),
        "proof-2018-settled": replace(of_2018, amendments=(_settled(of_2018, open_2018),)),
        "proof-2026-settled": replace(of_2026, amendments=(_settled(of_2026, open_2026),)),
        "proof-2026-wide": replace(of_2026, amendments=(_wide(of_2026, open_2026),)),
        "proof-2026-two": replace(of_2026, amendments=(_all_but_two(of_2026, open_2026),)),
        "proof-2026-few": replace(of_2026, standards=of_2026.standards[:3], amendments=()),
        "proof-2026-nine": _nine(of_2026),
        "proof-2018-uneven": _uneven(replace(of_2018, amendments=(confirmed,))),
    }
    return {name: replace(found, id=name) for name, found in made.items()}


def _changed(text: Regulation, amendment: Amendment) -> Amendment:
    """Return an amendment of a text: alike in some criteria, with other levels or none in others.

    A criterion of a new code comes last.
    """

    def criteria() -> Iterator[object]:
        replaced = [c for c in text.criteria if c.code in amendment.replaces]
        for nth, criterion in enumerate(replaced):
            if nth % 3 == 0:
                yield replace(criterion, title=f"{criterion.title}, theo văn bản mới")
            elif nth % 3 == 1:
                yield replace(criterion, levels=criterion.levels[:1])
        last = replaced[-1]
        yield replace(last, code=f"{last.code.partition('.')[0]}.9", title="Tiêu chí thêm")

    return replace(amendment, criteria=tuple(criteria()))  # type: ignore[arg-type]


def _settled(text: Regulation, amendment: Amendment) -> Amendment:
    """Return a confirmed amendment that words the first criterion anew and drops the others."""
    first = next(c for c in text.criteria if c.code in amendment.replaces)
    anew = replace(first, title=f"{first.title}, theo văn bản mới")
    return replace(amendment, is_confirmed=True, criteria=(anew,))


def _wide(text: Regulation, amendment: Amendment) -> Amendment:
    """Return an amendment of as many criteria as a school needs beyond the mandatory ones."""
    replaced = tuple(c.code for c in text.criteria if not c.mandatory)[:-1]
    return _changed(text, replace(amendment, replaces=replaced))


def _all_but_two(text: Regulation, amendment: Amendment) -> Amendment:
    """Return an amendment that leaves two criteria as they are."""
    codes = [c.code for standard in text.standards for c in standard.criteria]
    return replace(amendment, replaces=tuple(codes[2:]), criteria=())


def _nine(text: Regulation) -> Regulation:
    """Return a text of nine standards with the codes 1.0, 1.9, 2.0 and so on up to 9.0."""
    standards = []
    criteria = iter(text.criteria)
    for no in range(1, 10):
        own: list[Criterion] = []
        for last, criterion in zip(("0", "9") if no < 7 else ("0",), criteria, strict=False):
            own.append(replace(criterion, code=f"{no}.{last}", standard=no))
        standards.append(Standard(no, f"Lĩnh vực {no}", tuple(own)))
    return replace(text, standards=tuple(standards), amendments=())


def _uneven(text: Regulation) -> Regulation:
    """Return a text in which a criterion of each standard has the first level alone."""
    return replace(
        text,
        standards=tuple(
            replace(s, criteria=(replace(s.criteria[0], levels=(1,)), *s.criteria[1:]))
            for s in text.standards
        ),
    )
