"""No option lies: given twice it is repeatable or refused, and ``-o`` takes what is written."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from kdcl_xl.cli import main
from kdcl_xl.cli.base import TextOption
from kdcl_xl.cli.options import YEAR
from kdcl_xl.cli.outputs import (
    DOCUMENT_OR_FOLDER,
    FOLDER,
    PAGE,
    WORKBOOK,
    WORKBOOK_OR_FOLDER,
    is_file_ending,
)
from kdcl_xl.reporting.report import endings, formats
from tests.cli.commands import all_commands, commands_with
from tests.conftest import Run

COMMANDS = all_commands()
OPTIONS = [
    (name, param)
    for name, command in sorted(COMMANDS.items())
    for param in command.params
    if isinstance(param, click.Option)
]


def value_of(param: click.Parameter) -> list[str]:
    """A value that a parameter accepts; none for a flag."""
    kind = param.type
    if isinstance(param, click.Option) and param.is_flag:
        return []
    if isinstance(kind, click.Choice):
        return [str(kind.choices[0])]
    if isinstance(kind, click.IntRange):
        return [str(kind.min)]
    if isinstance(kind, click.DateTime):
        return ["2026-11-29"]
    if kind is YEAR:
        return ["2026-2027"]
    ending = ".docx" if kind is DOCUMENT_OR_FOLDER else ".html" if kind is PAGE else ".xlsx"
    return [f"khong-co{ending}"]


def required_of(command: click.Command, besides: click.Parameter) -> list[str]:
    """The arguments that a command cannot do without, besides one option."""
    given: list[str] = []
    for param in command.params:
        if param is besides or not param.required:
            continue
        given += [param.opts[0]] if isinstance(param, click.Option) else []
        given += value_of(param)
    return given


def test_every_option_is_of_the_class_that_refuses_repetition() -> None:
    every = [*(param for _, param in OPTIONS), *(p for p in main.params)]
    assert len(every) > 60
    assert all(isinstance(param, TextOption) for param in every)


@pytest.mark.parametrize(
    ("name", "param"), OPTIONS, ids=[f"{name}{param.opts[-1]}" for name, param in OPTIONS]
)
def test_an_option_given_twice_is_repeatable_or_refused(
    name: str, param: click.Option, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    twice = [*2 * (param.opts[0], *value_of(param))]
    said = run(name, *required_of(COMMANDS[name], param), *twice)
    refused = f"{param.opts[-1]} chỉ được ghi một lần, trong câu lệnh có 2 lần"
    assert (refused in said.output) is not param.multiple
    if not param.multiple:
        assert said.exit_code == 2
        assert not list(tmp_path.iterdir())


def test_both_spellings_count_and_the_language_is_that_of_the_command(run: Run) -> None:
    said = run("check", "x", "-o", "a.txt", "--output", "b.txt", "-o", "c.txt", "--lang", "en")
    assert "--output may be given once, and the command has it 3 times" in said.output
    twice = run("--lang", "vi", "rules", "--lang", "en")
    assert twice.exit_code == 2
    assert "--lang" in twice.output
    assert run("--lang", "en", "--lang", "vi", "rules").exit_code == 2


def test_a_language_of_the_system_and_one_of_the_command_are_no_repetition(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KDCL_XL_LANG", "en")
    of_the_system, of_the_command = run("rules", "KD301"), run("rules", "KD301", "--lang", "vi")
    assert of_the_command.exit_code == 0
    assert of_the_system.output != of_the_command.output


@pytest.mark.parametrize("name", sorted(commands_with("output")))
@pytest.mark.parametrize("ending", [".odt", ".xls", ".PDF", ".parquet"])
def test_an_ending_that_is_not_written_is_refused_before_any_work(
    name: str, ending: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (output,) = [p for p in COMMANDS[name].params if p.name == "output"]
    said = run(name, *required_of(COMMANDS[name], output), "-o", f"ra{ending}", "--lang", "vi")
    assert said.exit_code == 2
    assert f"ra{ending}" in said.output or f"«{ending}»" in said.output
    assert "Không có tệp" not in said.output  # the inputs, which do not exist, were not looked for
    assert not list(tmp_path.iterdir())


def test_every_output_is_a_report_or_of_a_type_that_knows_endings() -> None:
    for name in commands_with("output"):
        (output,) = [p for p in COMMANDS[name].params if p.name == "output"]
        is_report = "output_format" in {p.name for p in COMMANDS[name].params}
        known = (WORKBOOK, WORKBOOK_OR_FOLDER, DOCUMENT_OR_FOLDER, FOLDER, PAGE)
        assert is_report or output.type in known, name


@pytest.mark.parametrize("written", formats())
@pytest.mark.parametrize("named", formats())
def test_a_report_has_the_ending_of_its_format(
    written: str, named: str, run: Run, tmp_path: Path
) -> None:
    target = tmp_path / f"quy-tac{endings(named)[0].upper()}"
    said = run("rules", "KD301", "--format", written, "-o", target)
    assert said.exit_code == (0 if written == named else 2)
    assert target.exists() is (written == named)
    if written != named:
        assert f"--format {named}" in said.output


def test_a_report_may_go_to_a_file_without_an_ending(run: Run, tmp_path: Path) -> None:
    assert run("rules", "KD301", "-o", tmp_path / "quy-tac").exit_code == 0


def test_workbooks_and_folders(run: Run, tmp_path: Path) -> None:
    year = ("--school-year", "2026-2027")
    listing = tmp_path / "truong.csv"
    listing.write_text("code,name,kind\n001,Trường 1,thcs\n", "utf-8")
    single = ("template", "--kind", "thcs", *year, "--rows", 10, "-o")
    several = ("template", "--schools", listing, *year, "--rows", 10, "-o")
    assert run(*single, tmp_path / "mau").exit_code == 2
    assert "thư mục" in run(*several, tmp_path / "mau.xlsx").output
    assert not (tmp_path / "mau.xlsx").exists()
    # A dot in the name of a folder begins no ending of a file.
    assert run(*several, tmp_path / "TP.HCM").exit_code == 0
    assert run(*single, tmp_path / "TP.HCM").exit_code == 0
    assert run(*single, tmp_path / "MAU.XLSX").exit_code == 0


def test_endings_of_files() -> None:
    assert all(map(is_file_ending, (".xlsx", ".XLS", ".csv", ".pdf", ".docx", ".zip", ".7z")))
    assert not any(map(is_file_ending, ("", ".HCM", ".2026", ".v2", ". Ba Đình")))
