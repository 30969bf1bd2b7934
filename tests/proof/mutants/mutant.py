"""One mutant: a change of one place in the package's source, planted when it is imported."""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

PACKAGE = "macros_free_validation"
ROOT = Path(__file__).resolve().parents[3]


class Half(StrEnum):
    """The half of the language in which a mutant is planted; the other half is unchanged."""

    PYTHON = "Python"
    FORMULA = "formula"


@dataclass(frozen=True, slots=True)
class Mutant:
    """A replacement of some bytes in a source file, and the half that it is planted in.

    ``path`` is relative to the package, ``where`` the function or the module-level name, and
    ``nth`` distinguishes equal changes of one function.
    """

    half: Half
    path: str
    where: str
    start: int
    end: int
    new: bytes
    line: int
    before: str
    after: str
    nth: int = 1

    @property
    def key(self) -> str:
        """Return the name of the mutant, which lasts while the changed line does."""
        again = f" (no. {self.nth})" if self.nth > 1 else ""
        return f"{self.half}, {self.path}, {self.where}: {self.before} → {self.after}{again}"

    @property
    def module(self) -> str:
        """Return the name of the changed module."""
        parts = [PACKAGE, *Path(self.path).with_suffix("").parts]
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    def source(self) -> bytes:
        """Return the changed source of the module."""
        old = source_of(self.path)
        return old[: self.start] + self.new + old[self.end :]


@lru_cache(maxsize=32)
def source_of(path: str) -> bytes:
    """Return the source of a module of the package, by its path in the package."""
    return (ROOT / PACKAGE / path).read_bytes()


def plant(mutant: Mutant) -> None:
    """Let this process import the mutated module in place of the written one.

    Raises:
        RuntimeError: the package is imported already, so that parts of it are unchanged.
    """
    if any(name.split(".")[0] == PACKAGE for name in sys.modules):
        raise RuntimeError("a mutant has to be planted before its package is imported")
    sys.meta_path.insert(0, _Finder(mutant))


class _Loader(importlib.machinery.SourceFileLoader):
    """A loader of a module whose source is another one than that of its file."""

    def __init__(self, name: str, path: str, source: bytes) -> None:
        super().__init__(name, path)
        self._source = source

    def get_code(self, fullname: str) -> CodeType:
        """Compile the changed source; the file's compiled form is left alone."""
        return compile(self._source, self.path, "exec", dont_inherit=True)


class _Finder(importlib.abc.MetaPathFinder):
    """A finder of one module, which leaves all others to the usual finders."""

    def __init__(self, mutant: Mutant) -> None:
        self._mutant = mutant

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> Any:
        if fullname != self._mutant.module:
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        assert spec is not None
        assert spec.origin is not None
        spec.loader = _Loader(fullname, spec.origin, self._mutant.source())
        return spec
