"""The mutants that follow from the source: each operator of this list, at each place it fits.

The source is read as a syntax tree, and the formulas in its texts by a few patterns. A change
replaces some bytes of the file, so that these mutants and those written by hand are planted alike.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from tests.proof.mutants.mutant import Half, Mutant, source_of
from tests.proof.mutants.scope import SCOPE, Part, halves_of


class Change(NamedTuple):
    """A replacement of the bytes from ``start`` to ``end``."""

    start: int
    end: int
    new: bytes


_SWAPPED = {b"<": b"<=", b"<=": b"<", b">": b">=", b">=": b">"}
"""Only bounds: a condition turned into its opposite is killed by any row."""
_SIGN = re.compile(rb"[<>]=?")
_STEPS = frozenset(
    (
        *("tidy", "key", "plain_key", "whole_day", "fifteen_digits", "round", "abs", "floor"),
        *("tidy_excel", "squashed_excel", "fifteen_excel", "day_excel", "without_wildcards"),
    )
)
"""Functions of one text or number: a call may be dropped, and its argument stays."""
_METHODS = frozenset(("strip", "lower", "upper", "replace"))
"""Methods of a text that may be dropped, so that the text stays as it was."""
_NO_CONDITIONS = frozenset(("Text", "Example", "TypeError", "Characters", "date"))
"""Calls that hold words for people, examples, or refusals: no verdict depends on them."""
_IN_FORMULAS = (
    *((">=", ">"), ("<=", "<"), (r"(?<![<>=])>(?![=>])", ">="), (r"(?<![<>=])<(?![=>])", "<=")),
    *((r"\bAND\(", "OR("), (r"\bOR\(", "AND("), (r"\b(?:NOT|TRIM|LOWER|INT|ABS)\(", "(")),
    *((r"\bTRUE\b", "FALSE"), (r"\bFALSE\b", "TRUE")),
    *((r"\bFIND\(", "SEARCH("),),
    *((r"\bSEARCH\(", "FIND("), (r"\bMAX\(", "MIN("), (r"\bMIN\(", "MAX(")),
    *((r"\bISERROR\(", "ISNUMBER("), (r"\bISLOGICAL\(", "ISERROR(")),
)
_NUMBER_IN_FORMULA = re.compile(r"(?<![\w.$^])\d+(?![\w.])")
_IN_PYTHON = ((" and ", " or "), (" or ", " and "), ("not ", ""))


def mutants_of_source() -> list[Mutant]:
    """Return every mutant that the operators make of the files in scope, in their order."""
    return [mutant for part in SCOPE for mutant in _Reader(part).mutants()]


def numbered(mutants: Iterable[Mutant]) -> list[Mutant]:
    """Return the mutants, those with equal changes of one function told apart by a number."""
    seen: Counter[str] = Counter()
    found = []
    for mutant in mutants:
        seen[mutant.key] += 1
        found.append(replace(mutant, nth=seen[mutant.key]))
    return found


def change_of(half: Half, path: str, where: str, change: Change) -> Mutant:
    """Return the mutant of a change, with the changed lines as they were and as they are."""
    source = source_of(path)
    begin = source.rfind(b"\n", 0, change.start) + 1
    end = source.find(b"\n", change.end)
    before = source[begin:end].decode()
    after = (source[begin : change.start] + change.new + source[change.end : end]).decode()
    line = source.count(b"\n", 0, change.start) + 1
    return Mutant(half, path, where, *change, line, _short(before), _short(after))


def _short(lines: str) -> str:
    return " ".join(lines.split())


class _Reader:
    """A reader of one source file, which finds the places where an operator fits."""

    def __init__(self, part: Part) -> None:
        """Read the file."""
        self._part = part
        self._source = source_of(part.path)
        self._tree = ast.parse(self._source)
        starts = [0, *(m.end() for m in re.finditer(rb"\n", self._source))]
        self._starts = starts

    def mutants(self) -> Iterator[Mutant]:
        """Yield the mutants of the file that Python can compile."""
        for where, node in self._named(self._tree.body, ""):
            halves = halves_of(self._part, where)
            found: dict[Change, None] = {}
            if halves:
                found = dict.fromkeys(self._changes(node, halves))
            for change in sorted(found):
                source = self._source[: change.start] + change.new + self._source[change.end :]
                if _compiles(source):
                    for half in halves:
                        yield change_of(half, self._part.path, where, change)

    def _named(self, body: list[ast.stmt], within: str) -> Iterator[tuple[str, ast.stmt]]:
        for node in body:
            match node:
                case ast.ClassDef():
                    yield from self._named(node.body, f"{node.name}.")
                case ast.FunctionDef():
                    yield within + node.name, node
                case ast.Assign(targets=[ast.Name(id=name)]):
                    yield within + name, node
                case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr()):
                    yield within + name, node

    def _changes(self, node: ast.AST, halves: Iterable[Half]) -> Iterator[Change]:
        match node:
            case ast.FunctionDef():
                body = node.body[1:] if ast.get_docstring(node, clean=False) else node.body
                for statement in body:
                    yield from self._changes(statement, halves)
                return
            case ast.Assign() | ast.AnnAssign():
                if node.value is not None:
                    yield from self._changes(node.value, halves)
                return
            case ast.Call(func=ast.Name(id="Limit"), args=[_, default, *_]):
                yield from self._changes(default, halves)
                return
            case ast.Call(func=ast.Name(id=name)) if name in _NO_CONDITIONS:
                return
            case ast.Raise() | ast.Assert() | ast.Subscript():
                return
            case ast.JoinedStr():
                yield from self._in_text(node, halves)
                return  # Python 3.11 gives no place to what is in braces
            case ast.Constant(value=str()):
                yield from self._in_text(node, halves)
                return
        yield from self._at(node)
        for child in ast.iter_child_nodes(node):
            if not (isinstance(node, ast.Tuple) and isinstance(child, ast.Constant)):
                yield from self._changes(child, halves)

    def _at(self, node: ast.AST) -> Iterator[Change]:
        """Yield what the operators on Python make of one node."""
        match node:
            case ast.Compare(left=left, comparators=others):
                for a, b in pairwise((left, *others)):
                    yield from self._swapped_sign(a, b)
            case ast.BoolOp(values=values):
                for a, b in pairwise(values):
                    yield Change(self._span(a)[0], self._span(b)[0], b"")
                yield Change(self._span(values[-2])[1], self._span(values[-1])[1], b"")
            case ast.BinOp(left=left, op=operator, right=right):
                if isinstance(operator, ast.BitAnd | ast.BitOr):
                    yield self._instead(node, left)
                    yield self._instead(node, right)
            case ast.comprehension(ifs=tests):
                for test in tests:
                    yield Change(*self._span(test), b"True")
            case ast.Call(func=ast.Name(id=name), args=[first, *_]) if name in _STEPS:
                yield self._instead(node, first)
            case ast.Call(func=ast.Attribute(attr=name, value=value)) if name in _METHODS:
                yield self._instead(node, value)
            case ast.Call(func=ast.Attribute(attr=name), args=[first]) if name in _STEPS:
                yield self._instead(node, first)
            case ast.Constant(value=bool()):
                pass
            case ast.Constant(value=int() | float() as number):
                yield from self._numbers(node, number)
            case ast.Tuple(elts=elements) if all(map(_is_entry, elements)):
                yield from self._without_one(elements)

    def _numbers(self, node: ast.AST, number: float) -> Iterator[Change]:
        changed = (number * 10, number / 10) if 0 < abs(number) < 0.1 else (number + 1, number - 1)
        for other in changed:
            yield Change(*self._span(node), repr(other).encode())

    def _without_one(self, elements: list[ast.expr]) -> Iterator[Change]:
        spans = [self._span(element) for element in elements]
        if len(spans) > 2:  # a pair is one entry of a table
            for (start, _), (following, _) in pairwise(spans):
                yield Change(start, following, b"")
            yield Change(spans[-2][1], spans[-1][1], b"")

    def _swapped_sign(self, a: ast.expr, b: ast.expr) -> Iterator[Change]:
        start, end = self._span(a)[1], self._span(b)[0]
        found = _SIGN.search(self._source, start, end)
        if found:
            yield Change(*found.span(), _SWAPPED[found[0]])

    def _instead(self, node: ast.AST, part: ast.AST) -> Change:
        start, end = self._span(part)
        return Change(*self._span(node), b"(" + self._source[start:end] + b")")

    def _span(self, node: ast.AST) -> tuple[int, int]:
        """Return the first byte and the end of a node; its own parentheses are outside."""
        assert isinstance(node, ast.expr | ast.stmt)
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        start = self._starts[node.lineno - 1] + node.col_offset
        return start, self._starts[node.end_lineno - 1] + node.end_col_offset

    def _in_text(self, node: ast.expr, halves: Iterable[Half]) -> Iterator[Change]:
        """Yield changes of a formula, or of Python source, in a text."""
        if not self._part.functions:  # rules hold words for people, and no formula
            return
        begin, end = self._span(node)
        formula = Half.FORMULA in halves and Half.PYTHON not in halves
        python = Half.PYTHON in halves and isinstance(node, ast.JoinedStr)
        for start, text, plain in _literals(self._source[begin:end].decode()):
            patterns = _IN_FORMULAS if formula else _IN_PYTHON if python else ()
            for pattern, new in patterns:
                for found in re.finditer(pattern, text):
                    if all(plain[found.start() : found.end()]):
                        yield self._bytes(begin, end, start, found, new)
            for found in _NUMBER_IN_FORMULA.finditer(text) if formula else ():
                if all(plain[found.start() : found.end()]):
                    for step in (1, -1):
                        yield self._bytes(begin, end, start, found, str(int(found[0]) + step))

    def _bytes(self, begin: int, end: int, offset: int, found: re.Match[str], new: str) -> Change:
        """Return a change of characters of a text as a change of bytes of the file."""
        text = self._source[begin:end].decode()
        start = begin + len(text[: offset + found.start()].encode())
        return Change(start, start + len(found[0].encode()), new.encode())


def _literals(source: str) -> Iterator[tuple[int, str, list[bool]]]:
    """Yield the literals of a text, each with its offset.

    Each character is plain if it is in no braces and, in a formula, in no quotation marks.
    """
    lines = [0, *(m.end() for m in re.finditer("\n", source))]
    for token in tokenize.generate_tokens(io.StringIO(f"({source})").readline):
        if token.type != tokenize.STRING:
            continue
        row, column = token.start
        offset = lines[row - 1] + column - (1 if row == 1 else 0)
        prefix = re.match(r"[A-Za-z]*", token.string)
        braces = prefix is not None and "f" in prefix[0].lower()
        yield offset, token.string, list(_plain(token.string, braces=braces))


def _plain(literal: str, *, braces: bool) -> Iterator[bool]:
    depth, quoted = 0, False
    ends = {literal.find(literal[-1]), len(literal) - 1}
    doubled = literal.replace("{{", "\0\0").replace("}}", "\0\0") if braces else literal
    for at, sign in enumerate(doubled):
        if braces and sign in "{}":
            depth += 1 if sign == "{" else -1
        elif sign == '"' and at not in ends and not depth:
            quoted = not quoted
        yield not depth and not quoted and at not in ends and sign not in '{}"'


def _is_entry(node: ast.expr) -> bool:
    """Return whether a node is an entry of a table: a word, a number, or a pair."""
    return isinstance(node, ast.Constant | ast.Starred) or (
        isinstance(node, ast.Tuple) and len(node.elts) > 1
    )


@lru_cache(maxsize=4096)
def _compiles(source: bytes) -> bool:
    try:
        ast.parse(source)
    except SyntaxError:
        return False
    return True
