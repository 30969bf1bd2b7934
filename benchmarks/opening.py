"""Measure how long LibreOffice takes to open an authority workbook, and how much memory.

``python -m benchmarks.opening WORKBOOK`` prints a line of JSON: the ``seconds`` by the clock until
it is loaded, those of the processor (``cpu``), and the most memory of LibreOffice in MB
(``memory``). A new LibreOffice with the settings of a first installation
opens the file once, as a person does; without a window, which adds to neither noticeably.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

from benchmarks.runs import family, memory_of, seconds_of
from samples.office import Office

_TIMER = Path(__file__).with_name("loading_uno.py")
_LONGEST = 1800
"""Seconds after which opening counts as failed."""
_AS_INSTALLED = (("org.openoffice.Office.Calc/Formula/Load", "OOXMLRecalcMode", "1"),)
"""Files of Excel keep their values on loading, unlike in the project's other profiles."""


def opened(path: Path) -> dict[str, float]:
    """Open one workbook in a LibreOffice of its own.

    Raises:
        OfficeError: there is no LibreOffice, or it cannot open the file.
    """
    with Office(_AS_INSTALLED) as office, tempfile.TemporaryDirectory() as name:
        job = Path(name, "job.json")
        job.write_text(json.dumps({"paths": [str(path)], "runs": 1, "as_is": True}), "utf-8")
        assert office.pid is not None
        before = seconds_of(office.pid)
        ((seconds,),) = json.loads(office.run(_TIMER, str(job), timeout=_LONGEST))
        return {
            "seconds": seconds,
            "cpu": seconds_of(office.pid) - before,
            "memory": max(memory_of(pid, "VmHWM") for pid in family(office.pid)) / (1 << 20),
        }


def main() -> None:
    """Open the workbook and print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument(
        "workbook",
        type=Path,
    )
    print(json.dumps(opened(parser.parse_args().workbook.resolve())))


if __name__ == "__main__":
    main()
