"""The words by which plans name their parts, from ``names.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

NAMES = ("columns", "sections", "roles", "labels", "form")
"""The tables of the file that name headings and labels of a plan."""


def names_of(table: str) -> Mapping[str, tuple[str, ...]]:
    """Return the names of a table of the file, by what they name."""
    return {key: tuple(names) for key, names in _tables()[table].items()}


@cache
def _tables() -> Mapping[str, Mapping[str, list[str]]]:
    text = (files("kdcl_xl.importing") / "names.toml").read_text("utf-8")
    return tomllib.loads(text)
