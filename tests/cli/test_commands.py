"""A command is one file: it is listed, and imported, by its name alone."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from kdcl_xl.cli.lazy import LazyGroup, read_summary
from tests.cli.commands import all_commands
from tests.conftest import ROOT
from workbook_templates.text import Text

SOURCE = """
from kdcl_xl.cli.base import command, say
from kdcl_xl.cli.lazy import Summary
from workbook_templates.text import Text
SUMMARY = Summary(7, "Lệnh " "mới.", "A new command.")
@command("say-hello", Text("Chào.", "Hello."))
def COMMAND() -> None:
    say(Text("Xin chào", "Hello"))
"""


def test_every_command_has_a_module_a_line_and_its_own_name() -> None:
    folder = ROOT / "kdcl_xl" / "cli" / "commands"
    # A command whose name Python keeps for itself has an underscore after it: `import_.py`.
    modules = {
        path.stem.rstrip("_").replace("_", "-"): path.stem
        for path in folder.glob("*.py")
        if path.stem != "__init__"
    }
    commands = all_commands()
    assert set(commands) == set(modules)
    for name, command in commands.items():
        assert command.name == name
        module = sys.modules[f"kdcl_xl.cli.commands.{modules[name]}"]
        source = (folder / f"{modules[name]}.py").read_text("utf-8")
        assert read_summary(source) == module.SUMMARY
    positions = [
        sys.modules[f"kdcl_xl.cli.commands.{modules[n]}"].SUMMARY.position for n in commands
    ]
    assert positions == sorted(set(positions)), "no two commands have one position"


def test_a_new_file_is_a_new_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "made_commands"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "say_hello.py").write_text(SOURCE, "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    group = LazyGroup("x", package="made_commands", text=Text("Thử", "Trial"))
    shown = CliRunner().invoke(group, ["--help"])
    assert "say-hello  Lệnh mới." in shown.output
    assert "made_commands.say_hello" not in sys.modules, "the list imports no command"
    assert CliRunner().invoke(group, ["say-hello"]).output == "Xin chào\n"
    unknown = CliRunner().invoke(group, ["say"])
    assert "các lệnh: say-hello" in unknown.output
    assert group.get_command(click.Context(group), "__init__") is None


def test_a_module_without_its_line_is_refused() -> None:
    with pytest.raises(ValueError, match="SUMMARY"):
        read_summary("X = 1")
