"""Keep one school from filling the authority workbook: many findings of one rule become few.

The first findings of a rule on a sheet are reported one by one; a last one counts the others
and names their cells. What was typed stays in the school's file and, inside the form, in the
plan.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from kdcl_xl.xlsx.areas import Span, areas, span_of
from macros_free_validation.rule import Finding
from macros_free_validation.trace import Trace
from workbook_templates.text import Text

_MOST_AREAS = 8
"""Areas that a last finding names."""


def limited(findings: Iterable[Finding], most: int) -> list[Finding]:
    """Return at most ``most`` findings of each rule on each sheet, and one that counts the rest.

    Sheets that the form does not have, each with a finding of its own, count as one.
    """
    kept: list[Finding] = []
    first: dict[tuple[str, str | None], Finding] = {}
    count: dict[tuple[str, str | None], int] = {}
    more: dict[tuple[str, str | None], list[Span]] = {}
    for found in findings:
        key = (found.rule, found.sheet if found.cell or found.row else None)
        count[key] = count.get(key, 0) + 1
        if count[key] <= most:
            kept.append(found)
            first.setdefault(key, found)
        elif found.cell:
            more.setdefault(key, []).append(span_of(found.cell))
    for key, number in count.items():
        if number > most:
            kept.append(rest_of(first[key], number - most, more.get(key, ())))
    return kept


REST = ("…",)
"""Subject of the findings that count others."""


def rest_of(example: Finding, count: int, cells: Iterable[Span] = ()) -> Finding:
    """Return one finding in place of ``count`` others like the example."""
    named = [area for area, _ in areas(cells)]
    where = ", ".join([*named[:_MOST_AREAS], *(["…"] if len(named) > _MOST_AREAS else [])])
    said = f": {where}" if where else ""
    return replace(
        example,
        cell=None,
        row=None,
        field=None,
        value=None,
        message=Text(f"… và {count} chỗ khác{said}.", f"... and {count} other places{said}."),
        trace=Trace(REST, (("n", str(count)),)),
    )
