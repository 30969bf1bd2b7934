"""The paths of new files, one for each input of a command that rewrites files one by one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kdcl_xl.cli.outputs import Ending, require_ending, require_folder
from kdcl_xl.errors import UserError
from kdcl_xl.files import free_name
from kdcl_xl.submission.inventory import find_inputs
from kdcl_xl.xlsx.bounds import Bounds
from workbook_templates.text import Text


def targets_of(
    paths: Sequence[Path], output: Path, bounds: Bounds, ending: Ending
) -> dict[Path, Path]:
    """Return the path of the new file for each file in the paths; none of them is an input.

    Files of earlier runs that are in the output folder are left out, unless they are named.

    Raises:
        UserError: the output is a file and there are several inputs, it is an input, or a path
            does not exist.
    """
    files = find_inputs(paths, bounds)
    # A zip is one path, and the files in it are several inputs.
    is_folder = output.is_dir() or paths[0].is_dir() or max(len(paths), len(files)) > 1
    if is_folder and output.is_file():
        raise UserError(
            Text(
                f"«{output}» là một tệp; nhiều tệp cần một thư mục.",
                f"'{output}' is a file; several files need a folder.",
            )
        )
    if is_folder:
        require_folder(output)
    else:
        require_ending(output, ending)
    folders = {path.resolve() for path in paths if path.is_dir()}
    if is_folder and output.is_dir() and output.resolve() not in folders:
        named = {path.resolve() for path in paths}
        made = [p for p in files if output.resolve() in p.resolve().parents]
        files = [p for p in files if p not in made or p.resolve() in named]
    inputs = {path.resolve() for path in files}
    targets: dict[Path, Path] = {}
    taken: set[str] = set()
    for path in files:
        target = free_name(output, path.stem, taken, ending.suffix) if is_folder else output
        if target.resolve() in inputs:
            raise UserError(
                Text(
                    f"«{target}» là một tệp đầu vào; hãy ghi tệp mới ra nơi khác.",
                    f"'{target}' is one of the inputs; write the new files elsewhere.",
                )
            )
        targets[path] = target
    return targets
