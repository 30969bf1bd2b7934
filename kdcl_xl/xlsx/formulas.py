"""The formulas of a sheet as its XML has them, and their texts."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cached_property
from html import unescape
from types import MappingProxyType
from typing import TypeVar, TypeVarTuple, cast

from workbook_templates.layout import column_index

Place = tuple[int, int]
"""Row from 1, column from 0."""
Masters = Mapping[bytes, tuple[bytes, str]]
"""By the number of a shared formula, the address of the cell that has its text, and the text."""
Args = TypeVarTuple("Args")
Result = TypeVar("Result")

_NONE: Mapping[bytes, bytes] = MappingProxyType({})
_NO_MASTERS: Masters = MappingProxyType({})
_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_GROUP = re.compile(rb'\bsi="([^"]*)"')
# The ampersand comes last: "&amp;lt;" means "&lt;".
_ENTITIES = (("&quot;", '"'), ("&lt;", "<"), ("&gt;", ">"), ("&apos;", "'"), ("&amp;", "&"))


class Formulas:
    """The formulas of a sheet; sheets of many files with equal formulas share one object.

    ``cells`` maps the address of a cell to the body of its ``<f>`` element: the bytes that
    follow ``<f``, up to the next tag.
    """

    def __init__(self, cells: Mapping[bytes, bytes] = _NONE, before: Masters = _NO_MASTERS) -> None:
        """Keep the bodies; ``before`` has the shared formulas of earlier rows."""
        self.cells = cells
        self._before = before
        self._results: dict[tuple[object, ...], object] = {}

    def once(self, work: Callable[[Formulas, *Args], Result], *args: *Args) -> Result:
        """Return a function's result for these formulas and arguments, computed once."""
        key = (work, *args)
        if key not in self._results:
            self._results[key] = work(self, *args)
        return cast("Result", self._results[key])

    @cached_property
    def places(self) -> frozenset[Place]:
        """The places of all formulas."""
        return frozenset(map(place_of, self.cells))

    @cached_property
    def masters(self) -> Masters:
        """The shared formulas, those of earlier rows included."""
        found = dict(self._before)
        for ref, body in self.cells.items():
            group = group_of(body)
            if group and (text := formula_in(body)):
                found.setdefault(group, (ref, text))
        return found

    def master_text(self, ref: bytes) -> str:
        """Return the text of a cell's formula; of a shared one the text in its first cell."""
        return self._text(ref)[1]

    def text(self, ref: bytes) -> str:
        """Return the text of a cell's formula, without ``=``; none if the cell has no formula.

        The references of a shared formula are moved from its first cell to this one.
        """
        master, text = self._text(ref)
        if master == ref or not text:
            return text
        from openpyxl.formula.translate import Translator

        try:
            moved = Translator("=" + text, master.decode()).translate_formula(ref.decode())
        except (ValueError, TypeError, IndexError, AttributeError):
            return text  # a formula that no program could have written
        return str(moved)[1:]

    def _text(self, ref: bytes) -> tuple[bytes, str]:
        body = self.cells.get(ref, b"")
        own = formula_in(body)
        group = group_of(body)
        return self.masters.get(group, (ref, "")) if group and not own else (ref, own)


NO_FORMULAS = Formulas()


def formula_in(body: bytes) -> str:
    """Return the text in the body of an ``<f>`` element, as :class:`Formulas` keeps it."""
    text = body.partition(b">")[2].decode("utf-8", "replace")
    if "&#" in text:
        return unescape(text)
    for entity, character in _ENTITIES:
        text = text.replace(entity, character)
    return text


def group_of(body: bytes) -> bytes:
    """Return the number (``si``) of a shared formula; nothing for any other."""
    attributes = body.partition(b">")[0]
    found = _GROUP.search(attributes) if b'"shared"' in attributes else None
    return found[1] if found else b""


def place_of(ref: bytes) -> Place:
    """Return the row (from 1) and the column (from 0) of an address."""
    digits = ref.lstrip(_LETTERS)
    return int(digits), column_index(ref[: len(ref) - len(digits)].decode())
