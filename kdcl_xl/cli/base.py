"""Declare commands in two languages: help texts, the language option, one-line errors."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

import click
from click.core import ParameterSource

from workbook_templates.text import Language, Text, one_line, printable

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")
LANGUAGE_VARIABLE = "KDCL_XL_LANG"


def language() -> Language:
    """Return the language of the running command."""
    ctx = click.get_current_context(silent=True)
    chosen = ctx.find_root().obj if ctx else None
    return chosen if isinstance(chosen, Language) else Language.VI


def say(text: Text, **values: object) -> None:
    """Print one line in the language of the command."""
    echo(text.format(**values).in_(language()))


def say_aside(text: Text) -> None:
    """Print one line on standard error in the language of the command."""
    echo(one_line(text.in_(language())), err=True)


def echo(text: str, **options: Any) -> None:
    """Print text that may come from schools, with control characters spelt out."""
    click.echo(printable(text), **options)


_WORKING = Text("Đang xử lý", "Working")


def with_bar(things: Sequence[T], label: Text = _WORKING) -> Iterable[T]:
    """Return the same things one by one; a terminal shows a progress bar meanwhile."""

    def run() -> Iterator[T]:
        words = label.in_(language())
        with click.progressbar(things, label=words, hidden=not is_terminal()) as bar:
            yield from bar

    return run()


def is_terminal() -> bool:
    """Return whether a person watches the output."""
    return sys.stdout.isatty()


def _set_language(ctx: click.Context, _param: click.Parameter, value: str | None) -> None:
    if not value:
        return
    root = ctx.find_root()
    # Before the command and after it is twice as well. A variable of the system is no repetition.
    sources = {context.get_parameter_source("lang") for context in (root, ctx)}
    if ctx is not root and sources == {ParameterSource.COMMANDLINE}:
        raise TextUsageError(_given_again("--lang", 2), ctx)
    root.obj = Language(value)


_EXTRAS = (("[required]", "[bắt buộc]"), ("[default: ", "[mặc định: "))
"""The words that click adds to an option's help, and their translations."""


class TextOption(click.Option):
    """An option whose help is a :class:`Text`."""

    def __init__(self, *args: Any, text: Text, **kwargs: Any) -> None:
        """Keep the help in both languages."""
        super().__init__(*args, **kwargs)
        self.text = text

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return the help in the language of the command."""
        self.help = self.text.in_(language())
        found = super().get_help_record(ctx)
        if found is None or language() is not Language.VI:
            return found
        names, help_text = found
        for english, vietnamese in _EXTRAS:
            help_text = help_text.replace(english, vietnamese)
        return names, help_text


_USAGE = Text("Cách dùng: ", "Usage: ")
_OPTIONS = Text("Tùy chọn", "Options")
COMMANDS = Text("Lệnh", "Commands")
_HELP = Text("Hiện hướng dẫn này.", "Show this help.")


class TextCommand(click.Command):
    """A command whose help is a :class:`Text`."""

    def __init__(self, *args: Any, text: Text, **kwargs: Any) -> None:
        """Keep the help in both languages."""
        super().__init__(*args, **kwargs)
        self.text = text

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments, and refuse an option of one value that is given twice.

        Click itself takes the last value and drops the others without a word.

        Raises:
            TextUsageError: an option that is not repeatable is given more than once.
        """
        given = list(args)
        rest = super().parse_args(ctx, args)
        _, _, order = self.make_parser(ctx).parse_args(args=given)
        for param, count in Counter(order).items():
            if isinstance(param, TextOption) and count > 1 and not param.multiple:
                raise TextUsageError(_given_again(param.opts[-1], count), ctx)
        return rest

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the usage line, with its first word in the language of the command."""
        pieces = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, _USAGE.in_(language()))

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help in the language of the command."""
        self.help = self.text.in_(language())
        super().format_help_text(ctx, formatter)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options under a heading in the language of the command."""
        records = [param.get_help_record(ctx) for param in self.get_params(ctx)]
        with formatter.section(_OPTIONS.in_(language())):
            formatter.write_dl([record for record in records if record and record[1]])

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return the help option, with its help in the language of the command."""
        found = super().get_help_option(ctx)
        if found is not None:
            found.help = _HELP.in_(language())
        return found


def _given_again(name: str, count: int) -> Text:
    return Text(
        f"tùy chọn {name} chỉ được ghi một lần, trong câu lệnh có {count} lần",
        f"{name} may be given once, and the command has it {count} times",
    )


def command(name: str, text: Text) -> Callable[[Callable[..., Any]], TextCommand]:
    """Declare a command; every command takes ``--lang``."""

    def declare(function: Callable[..., Any]) -> TextCommand:
        made: TextCommand = click.command(name, cls=TextCommand, text=text)(
            language_option(function)
        )
        return made

    return declare


def option(*names: str, text: Text, **kwargs: Any) -> Callable[[F], F]:
    """Declare an option with help in both languages."""
    return click.option(*names, cls=TextOption, text=text, **kwargs)


def language_option(function: F) -> F:
    """Add ``--lang``."""
    return option(
        "--lang",
        type=click.Choice([str(code) for code in Language]),
        envvar=LANGUAGE_VARIABLE,
        is_eager=True,
        expose_value=False,
        callback=_set_language,
        text=Text("Ngôn ngữ hiển thị (mặc định: vi).", "Language shown (default: vi)."),
    )(function)


class TextUsageError(click.UsageError):
    """Wrong use of the command line, with a text in both languages."""

    def __init__(self, text: Text, ctx: click.Context) -> None:
        super().__init__(text.en, ctx)
        self.text = text


class OneLineError(click.UsageError):
    """Wrong use of the command line, shown in one line in the language of the command."""

    def __init__(self, error: click.UsageError) -> None:
        super().__init__(error.message, error.ctx)
        path = error.ctx.command_path if error.ctx else "kdcl-xl"
        chosen = error.ctx.find_root().obj if error.ctx else None
        spoken = chosen if isinstance(chosen, Language) else Language.VI
        self.line = f"kdcl-xl: {_fault(error).in_(spoken)} ({_SEE.in_(spoken)}: {path} --help)"

    def show(self, file: Any = None) -> None:
        echo(self.line, file=file, err=file is None)


_SEE = Text("xem", "see")


def _fault(error: click.UsageError) -> Text:
    """Return the fault of the command line in both languages."""
    match error:
        case TextUsageError():
            return error.text
        case click.NoSuchOption():
            name = error.option_name
            return Text(f"không có tùy chọn {name}", f"there is no option {name}")
        case click.MissingParameter():
            name = _name(error.param)
            return Text(f"thiếu {name}", f"{name} is missing")
        case click.BadParameter():
            name, text = _name(error.param), _expected(error)
            return Text(f"{name}: {text.vi}", f"{name}: {text.en}")
        case _:
            return Text(f"câu lệnh không đúng: {error.message}", error.message)


def _expected(error: click.BadParameter) -> Text:
    """Return the values that a parameter accepts, in words."""
    kind = error.param.type if error.param else None
    if isinstance(kind, click.Choice):
        words = ", ".join(str(choice) for choice in kind.choices)
        return Text(f"phải là một trong: {words}", f"must be one of: {words}")
    if isinstance(kind, click.IntRange):
        return Text(
            f"phải là số nguyên từ {kind.min} đến {kind.max}",
            f"must be a whole number from {kind.min} to {kind.max}",
        )
    if isinstance(kind, click.DateTime):
        return Text("phải là ngày dạng 2026-11-22", "must be a day such as 2026-11-22")
    return Text(error.message, error.message)


def _name(param: click.Parameter | None) -> str:
    if isinstance(param, click.Option):
        return param.opts[-1]
    return param.make_metavar(click.get_current_context()) if param else "?"
