"""The regulations of the proof: built-in ones, and texts that an authority might complete itself.

No built-in amendment is confirmed, and none amends the regulation of 2026. An authority can bring
both in a file of its own, and the level of a school then follows other paths.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from workbook_templates.regulation import Amendment, Regulation, builtin_catalogue

BUILT_IN = ("tt18-2018", "tt57-2026-pho-thong", "tt19-2018", "tt57-2026-mam-non")
INVENTED = ("proof-2018-confirmed", "proof-2026-open", "proof-2026-confirmed")
EVERY = (*BUILT_IN, *INVENTED, "tt18-2018-tt22-2024")
"""The ids of the regulations of which whole workbooks are made."""


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
