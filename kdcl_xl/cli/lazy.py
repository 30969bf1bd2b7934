"""The group of commands: one module a command, imported only when the command is used.

A command ``NAME`` is a module ``NAME`` (with ``_`` for ``-``) of a package, with a ``COMMAND``
and a ``SUMMARY``. There is no list of commands: the package's files are the list.
"""

from __future__ import annotations

import ast
import gc
import importlib
import io
import keyword
import pkgutil
import sys
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import click

from kdcl_xl.cli.base import COMMANDS, OneLineError, TextCommand, TextUsageError, echo, language
from kdcl_xl.cli.base import is_terminal as is_watched
from kdcl_xl.errors import Exit, UserError
from workbook_templates.text import Text, one_line


class Summary(NamedTuple):
    """The line of a command in the list of commands: its position in the list, and its words.

    It is read from the source of the module, so that the list imports no command. All its
    arguments are therefore literals.
    """

    position: int
    vi: str
    en: str


def read_summary(source: str) -> Summary:
    """Return the ``SUMMARY`` in the source of a command's module.

    Raises:
        ValueError: there is none, or its arguments are no literals.
    """
    for node in ast.parse(source).body:
        match node:
            case ast.Assign(targets=[ast.Name(id="SUMMARY")], value=ast.Call(args=arguments)):
                return Summary(*map(ast.literal_eval, arguments))
    raise ValueError("a command needs SUMMARY = Summary(position, vi, en)")


class LazyGroup(TextCommand, click.Group):
    """A group whose commands are the modules of a package."""

    def __init__(self, *args: Any, package: str, **kwargs: Any) -> None:
        """Keep the name of the package."""
        super().__init__(*args, **kwargs)
        self.package = package

    @cached_property
    def _folder(self) -> Path:
        # ``find_spec`` imports the package, but none of its modules.
        spec = find_spec(self.package)
        assert spec is not None
        assert spec.origin is not None
        return Path(spec.origin).parent

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of the commands."""
        return frozenset(
            m.name.rstrip("_").replace("_", "-") for m in pkgutil.iter_modules([self._folder])
        )

    @cached_property
    def summaries(self) -> dict[str, Summary]:
        """The line of each command, in the order of the list."""
        found = {
            name: read_summary((self._folder / f"{_module(name)}.py").read_text("utf-8"))
            for name in self.names
        }
        return dict(sorted(found.items(), key=lambda pair: pair[1].position))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or name those that exist."""
        name = args[0]
        if name not in self.names and not name.startswith("-"):
            known = ", ".join(self.summaries)
            text = Text(
                f"không có lệnh «{name}»; các lệnh: {known}",
                f"there is no command '{name}'; commands: {known}",
            )
            raise TextUsageError(text, ctx)
        return super().resolve_command(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the work."""
        return list(self.summaries)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command."""
        if cmd_name not in self.names:
            return None
        found = importlib.import_module(f"{self.package}.{_module(cmd_name)}").COMMAND
        assert isinstance(found, click.Command)
        return found

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, then the commands."""
        super().format_options(ctx, formatter)
        self.format_commands(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write one line a command, without importing any."""
        spoken = language()
        rows = [(n, Text(s.vi, s.en).in_(spoken)) for n, s in self.summaries.items()]
        with formatter.section(COMMANDS.in_(spoken)):
            formatter.write_dl(rows)

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run as a program."""
        # Vietnamese needs UTF-8, but a redirected stream has the code page of the system.
        for stream in (sys.stdout, sys.stderr):
            encoding = (getattr(stream, "encoding", "") or "").lower().replace("-", "")
            if encoding != "utf8" and isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(encoding="utf-8", errors="replace")
        # What a command makes lives until its end: a search for garbage at every 700 objects
        # takes a twelfth of the time of a merge's model and workbook, and finds nothing.
        gc.set_threshold(20_000, 20, 50)
        return super().main(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; an error that the user can mend becomes one line."""
        try:
            return super().invoke(ctx)
        except UserError as error:
            echo(f"kdcl-xl: {one_line(error.text.in_(language()))}", err=True)
            ctx.exit(error.code)
        except KeyboardInterrupt:
            if is_watched():
                click.echo(err=True)  # the line of the terminal's ^C, or of a progress bar
            click.echo(f"kdcl-xl: {_INTERRUPTED.in_(language())}", err=True)
            ctx.exit(Exit.INTERRUPTED)
        except OSError as error:
            name = f" «{str(error.filename)[:80]}…»" if error.filename else ""
            echo(f"kdcl-xl: {error.strerror or error}{name}", err=True)
            ctx.exit(Exit.WRONG_USE)
        except click.UsageError as error:
            raise OneLineError(error) from None

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the options before the command."""
        try:
            return super().parse_args(ctx, args)
        except click.exceptions.NoArgsIsHelpError:
            raise
        except click.UsageError as error:
            raise OneLineError(error) from None


def _module(name: str) -> str:
    module = name.replace("-", "_")
    return f"{module}_" if keyword.iskeyword(module) else module


_INTERRUPTED = Text(
    "đã dừng theo yêu cầu; không có tệp nào bị ghi dở.",
    "stopped as asked; no file was left half-written.",
)
