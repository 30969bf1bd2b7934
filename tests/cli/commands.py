"""The commands by what they take, so that no table of a test forgets a new one."""

from __future__ import annotations

import click

from kdcl_xl.cli import main
from kdcl_xl.cli.lazy import LazyGroup


def all_commands() -> dict[str, click.Command]:
    """Every command by its name, imported."""
    assert isinstance(main, LazyGroup)
    found = {name: main.get_command(click.Context(main), name) for name in main.summaries}
    return {name: command for name, command in found.items() if command is not None}


def commands_with(parameter: str) -> set[str]:
    """The names of the commands that take a parameter."""
    return {
        name
        for name, command in all_commands().items()
        if parameter in {param.name for param in command.params}
    }
