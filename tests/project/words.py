"""List riddling words in the docstrings and comments of the three packages (`make lint`)."""

from __future__ import annotations

import ast
import re
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("kdcl_xl", "macros_free_validation", "workbook_templates")
OPENINGS = re.compile(
    r"(What|How|Where|Which|Who|Whose|Whether|Why|Under what|As much|So much|The same)\b"
)
"""First words of a docstring that hide its subject; a verb or a noun phrase names it."""
INSTEAD = {
    "stand": "is at, is in, means",
    "stands": "is at, is in, means",
    "stood": "was at, was in",
    "tell": "report, distinguish",
    "tells": "reports, distinguishes",
    "told": "reported, distinguished",
    "whoever": "the role",
    "what goes before": "the order",
}
_BANNED = re.compile(rf"\b({'|'.join(INSTEAD)})\b", re.IGNORECASE)


def hits(path: Path) -> Iterator[tuple[int, str]]:
    """Yield line and complaint of each riddle in a module."""
    tree = ast.parse(path.read_text("utf-8"))
    for node in ast.walk(tree):
        if not isinstance(node, ast.Expr) or not isinstance(node.value, ast.Constant):
            continue
        text = node.value.value
        if isinstance(text, str):
            if opening := OPENINGS.match(text.lstrip()):
                yield node.lineno, f"begins with «{opening[1]}»: name the thing"
            for nth, line in enumerate(text.splitlines()):
                yield from _banned(node.lineno + nth, line)
    with path.open("rb") as content:
        for token in tokenize.tokenize(content.readline):
            if token.type == tokenize.COMMENT:
                yield from _banned(token.start[0], token.string)


def _banned(number: int, line: str) -> Iterator[tuple[int, str]]:
    for found in _BANNED.finditer(line):
        yield number, f"«{found[1]}»: say {INSTEAD[found[1].lower()]}"


def main() -> int:
    """Print every riddle with its place, and return the exit code."""
    lines = [
        f"{path.relative_to(ROOT)}:{number}: {complaint}"
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
        for number, complaint in sorted(hits(path))
    ]
    print(*lines, sep="\n" if lines else "")
    return bool(lines)


if __name__ == "__main__":
    sys.exit(main())
