"""LibreOffice Calc under a person's hands: nothing here but what a person sees and does.

A cell is reached through the name box and read by copying it. A message is a window. The place
of a cell on the screen is where its two headings are highlighted.
"""

from __future__ import annotations

import contextlib
import csv
import io
import os
import signal
import subprocess
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path

from PIL import Image, ImageChops

from samples.office import find_soffice, registry
from tests.person.screen import Box, NotSeenError, Point, Screen, Window, wait_until

_HIGHLIGHT = (0, 0, 128)
"""Colour of the headings of selected cells."""
_COLUMN_HEADINGS_Y, _ROW_HEADINGS_X = 129, 2
"""Lines of pixels through the headings, above the letters and left of the numbers."""
_OUTLINE = 40
"""Pixels of the outline of three levels left of the headings of rows."""
_SIGN_OF_OUTLINE = 20
"""Pixels from the left to the signs of the second level of an outline."""
_BELOW_THE_EDGE = 8
_HEADING = 12
"""Pixels from that line to the lower edge of the columns' headings."""
_EDIT_BUTTONS = (175, 97, 228, 119)
"""Where the formula bar has its buttons: left, top, right, bottom in pixels."""
_COPY_AGAIN = 3.0
"""Seconds after which a copy is asked for again: a window that comes or goes swallows keys."""
_EMPTY = 2.0
"""Seconds after which an empty clipboard is that of an empty cell."""
_PASTES, _PASTE_AGAIN = 4, 12.0
"""A busy LibreOffice may miss that the clipboard has changed; a person copies and pastes again."""
_STOP = 20.0
_STILL = 0.6
"""Seconds without a change after which the screen counts as still."""
_WIDTH_OF_CURSOR = 3
"""Pixels."""
_ARROW, _ENTRY = 16, 16
"""Pixels: width of a dropdown's arrow, height of an entry in its list."""


_MARK_OF_BLANKS = (13, 180)
"""Pixels from the left and the top of a filter's window to the mark of its first entry."""
_OK_OF_FILTER = (50, 21)
"""Pixels from the right and the bottom of a filter's window to its OK."""


class Region(StrEnum):
    """Regional settings of a machine: they decide how a typed date or number is read."""

    VIETNAM = "vi"
    US = "en-US"


class Calc:
    """One workbook, open in a LibreOffice with a new profile.

    A context manager. The person's settings are LibreOffice's own, but for the region.
    """

    def __init__(self, screen: Screen, path: Path, region: Region) -> None:
        """Nothing is started yet."""
        self.screen, self.path, self.region = screen, path, region
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Calc:
        """Open the workbook and wait until it takes keys.

        Raises:
            NotSeenError: the workbook's window does not appear.
            RuntimeError: there is no LibreOffice.
        """
        soffice = find_soffice()
        if soffice is None:
            raise RuntimeError("LibreOffice (soffice) was not found on this machine.")
        self._folder = tempfile.TemporaryDirectory(prefix="kdcl-xl-person-")
        user = Path(self._folder.name, "user")
        user.mkdir()
        (user / "registrymodifications.xcu").write_text(
            registry(
                (
                    ("org.openoffice.Setup/L10N", "ooSetupSystemLocale", self.region),
                    ("org.openoffice.Office.Common/Misc", "FirstRun", "false"),
                    ("org.openoffice.Office.Common/Misc", "ShowTipOfTheDay", "false"),
                    # Wavy lines that appear at any time would pass for an answer.
                    ("org.openoffice.Office.Linguistic/SpellChecking", "IsSpellAuto", "false"),
                )
            ),
            encoding="utf-8",
        )
        profile = f"-env:UserInstallation={user.parent.as_uri()}"
        self._process = subprocess.Popen(
            (str(soffice), "--norestore", "--nologo", profile, "--calc", str(self.path)),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            # Its own plain widgets: their places and colours are the same on every machine.
            env={**self.screen.environment, "SAL_USE_VCLPLUGIN": "gen"},
            start_new_session=True,
        )
        try:
            with self.screen.uncounted():
                wait_until(self._is_open, f"the window of {self.path.name}")
                self.box()  # no key before the sheet is drawn
                self._wait_until_still()
                self._settle()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """End LibreOffice, whatever state it is in, and remove its profile."""
        if self._process is not None:
            # The script soffice starts the program: the whole session goes.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(_STOP)
            # Or the next LibreOffice would say that the workbook is in use.
            self.path.with_name(f".~lock.{self.path.name}#").unlink(missing_ok=True)
        if self._folder is not None:
            self._folder.cleanup()

    # What a person sees

    def messages(self) -> list[str]:
        """Return the titles of the windows that wait for an answer."""
        return [window.title for window in self._dialogs()]

    def shown(self, sheet: str, cell: str) -> str:
        """Return what a cell shows; empty where it shows nothing."""
        return self.shown_range(sheet, cell)[0][0]

    def shown_range(self, sheet: str, cells: str) -> list[list[str]]:
        """Return what the cells of a range such as ``B5:F7`` show, row by row."""
        with self.screen.uncounted():
            self.go_to(sheet, cells)
            copied = self._copied() or ""
        return list(csv.reader(io.StringIO(copied), "excel-tab")) or [[""]]

    def selected(self) -> str:
        """Return what the selected cell shows; empty where it shows nothing."""
        with self.screen.uncounted():
            return (self._copied() or "").strip()

    def box(self) -> Box:
        """Return the place of the selected cells on the screen, by their highlighted headings.

        Raises:
            NotSeenError: the selected cells are out of sight.
        """

        def look() -> Box | None:
            picture = self.screen.picture()
            columns = _highlighted(picture, _COLUMN_HEADINGS_Y, along_x=True)
            left = _ROW_HEADINGS_X
            rows = _highlighted(picture, left, along_x=False) or [
                row
                for row in _highlighted(picture, left + _OUTLINE, along_x=False)
                if row > _COLUMN_HEADINGS_Y + _HEADING
            ]
            if not columns or not rows:
                return None
            return Box(columns[0], rows[0], columns[-1], rows[-1])

        return wait_until(look, "the headings of the selected cells")

    # What a person does

    def go_to(self, sheet: str, cells: str) -> None:
        """Select a cell or a range by the name box.

        Raises:
            NotSeenError: the name box takes no such place.
        """
        quoted = sheet.replace("'", "''")
        self.screen.press("ctrl+shift+t", "ctrl+a")
        self.screen.type(f"$'{quoted}'.{cells}")
        self.screen.press("Return")
        self._settle()
        if self.messages():
            raise NotSeenError(f"the name box refuses {sheet}!{cells}: {self.messages()}")

    def type(self, text: str, end: str = "Return") -> None:
        """Type into the selected cell and end with a key; Ctrl+Enter parts lines.

        A cell that refuses the first letter shows a message, which stays for :meth:`answer`.
        """
        for nth, line in enumerate(text.split("\n")):
            if nth:
                self.screen.press("ctrl+Return")
            self.screen.type(line)
        wait_until(lambda: self._is_editing() or self._dialogs(), "a cell being edited")
        if not self._dialogs():
            with self.screen.uncounted():
                # A person who sees that an earlier cell completes the text takes that away.
                self.screen.press("Delete")
            self.screen.press(end)
            self._settle()

    def press(self, *keys: str) -> None:
        """Press keys on the sheet, and wait until they have had their effect."""
        self.screen.press(*keys)
        self._settle()

    def choose(self, position: int) -> None:
        """Choose from the dropdown of the selected, empty cell by keys; positions count from 0."""
        with self._appearing() as appeared:
            self.screen.press("alt+Down")
        appeared()
        # The first entry of an empty cell is marked but not selected until the mark has moved.
        self.press(*(["Down"] * position or ["Down", "Up"]), "Return")

    def choose_by_mouse(self, position: int) -> None:
        """Choose from the dropdown of the selected cell by mouse: its arrow, then the entry.

        Positions count from 0. The list opens at its beginning where the cell is empty.
        """
        cell = self.box()
        with self._appearing() as appeared:
            # The arrow is right of the cell, at its lower edge.
            self.screen.click((cell.right + _ARROW // 2, cell.bottom - _ARROW // 2))
        opened = appeared()
        self.screen.click(
            (
                (opened.left + opened.right) // 2 - _ARROW,
                opened.top + _ENTRY * position + _ENTRY // 2,
            )
        )
        self._settle()

    def paste(self, content: str, *, html: bool = False) -> None:
        """Paste what another program has copied, and wait until the screen shows what came of it.

        Raises:
            NotSeenError: nothing comes of it.
        """
        for _ in range(_PASTES):
            with self.screen.uncounted():
                self.screen.press("Escape")  # ends the copy of what was read before
            self.screen.copy(content, html=html)
            self._wait_until_still()  # by then LibreOffice knows what kind of content there is
            if self._changes_screen("ctrl+v"):
                self._wait_until_still()
                return
        raise NotSeenError("what Ctrl+V does")

    def drag_fill(self, sheet: str, cells: str, last: str) -> None:
        """Drag the little square at the corner of a range down to a last cell."""
        with self.screen.uncounted():
            self.go_to(sheet, last)
            target = self.box()
            self.go_to(sheet, cells)
        selected = self.box()
        corner = selected.right + 1, selected.bottom + 1
        self.screen.drag(corner, (selected.right - 2, target.bottom - 2))
        self._settle()

    def fill(self, text: str) -> None:
        """Type a text into all selected cells at once, with Alt+Enter."""
        self.screen.type(text)
        wait_until(self._is_editing, "a cell being edited")
        with self.screen.uncounted():
            self.screen.press("Delete")  # an earlier cell may have completed the text
        self.press("alt+Return")

    def follow_link(self, point: Point) -> None:
        """Follow the link of a text in a cell."""
        self.screen.click(point, holding="ctrl")
        self._wait_until_still()

    def open_outline(self) -> None:
        """Open the folded rows below the selected row, by the sign on their upper edge."""
        self.screen.click((_SIGN_OF_OUTLINE, self.box().bottom + 1))
        self._settle()

    def close_outline(self) -> None:
        """Fold the rows below the selected row, by the sign beside the first of them."""
        self.screen.click((_SIGN_OF_OUTLINE, self.box().bottom + _BELOW_THE_EDGE))
        self._settle()

    def filter_for(self, value: str) -> None:
        """Show only the rows with a value, in the filter of the selected heading, by keys."""
        with self._appearing() as appeared:
            self.screen.press("alt+Down")
        appeared()
        self.screen.type(value)
        self._wait_until_still()
        self.screen.press("Return")
        self._wait_until_still()

    def fit_rows(self) -> None:
        """Make every row of the sheet as high as its text, by mouse, with A1 selected and in sight.

        A click on the corner of the headings selects all; a double click on the lower edge of a
        row's number fits all rows.
        """
        self._wait_until_still()
        first = self.box()
        self.screen.click((_ROW_HEADINGS_X + 10, _COLUMN_HEADINGS_Y))
        self._settle()
        self.screen.double_click((_ROW_HEADINGS_X + 10, first.bottom))
        self._settle()
        self._wait_until_still()

    def filter_out_blanks(self) -> None:
        """Leave out the blanks in the filter of the selected cell, by mouse.

        Its arrow, the mark of the first entry, OK.
        """
        cell = self.box()
        with self._appearing() as appeared:
            self.screen.click((cell.right - _ARROW // 2, cell.bottom - _ARROW // 2))
        opened = appeared()
        self._wait_until_still()
        left, top = _MARK_OF_BLANKS
        self.screen.click((opened.left + left, opened.top + top))
        right, bottom = _OK_OF_FILTER
        self.screen.click((opened.right - right, opened.bottom - bottom))
        wait_until(lambda: len(self.screen.surfaces()), "the sheet")
        self._wait_until_still()
        self._settle()

    def answer(self, key: str = "Return") -> None:
        """Answer the message in front with a key, and wait until it is gone."""
        before = self._dialogs()
        self.screen.press(key)
        wait_until(lambda: self._dialogs() != before, f"the end of {before}")
        if not self._dialogs():
            self._settle()

    def undo(self) -> None:
        """Take back the last change."""
        self.press("ctrl+z")

    def save(self) -> None:
        """Save in place, and keep the format of Excel when asked.

        Raises:
            NotSeenError: the file does not change.
        """
        before = self.path.stat().st_mtime_ns
        self.screen.press("ctrl+s")
        wait_until(lambda: self._dialogs() or self._changed(before), "the question of format")
        if self._dialogs():
            self.answer()
        wait_until(lambda: self._changed(before), f"a new {self.path.name}")
        self._settle()

    def export_pdf(self, sheet: str, cell: str, path: Path) -> None:
        """Export one sheet as a PDF by menu and keys; ``cell`` is any cell of it.

        Raises:
            NotSeenError: a dialog does not appear, or no PDF does.
        """
        self.go_to(sheet, cell)
        with self._appearing() as opened:
            self.screen.press("alt+f")
        opened()
        self.screen.press("e", "Return")
        wait_until(lambda: self.messages(), "the options of PDF")
        options = self.messages()
        self.screen.press("alt+s", "Return")  # the selected sheet
        wait_until(lambda: self.messages() and self.messages() != options, "the name of the PDF")
        self.screen.press("ctrl+a")
        self.screen.type(str(path))
        self.screen.press("Return")
        wait_until(lambda: path.is_file() and _is_whole_pdf(path), f"{path.name}")
        wait_until(lambda: not self.messages(), "the workbook in front")
        self._settle()

    def close(self) -> None:
        """Leave with Ctrl+Q, which asks nothing after saving.

        Raises:
            NotSeenError: LibreOffice does not end.
        """
        process = self._process
        assert process is not None
        self.screen.press("ctrl+q")
        wait_until(lambda: process.poll() is not None, "the end of LibreOffice")

    # What the test needs beside

    def processor_seconds(self) -> float:
        """Return the processor time that LibreOffice has taken since it started."""
        assert self._process is not None
        ticks = 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):  # a process that ended meanwhile
                fields = stat.read_text().rpartition(")")[2].split()
                if int(fields[3]) == self._process.pid:  # the session
                    ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def _is_open(self) -> bool:
        return any(w.title.startswith(self.path.name) for w in self.screen.windows())

    def _dialogs(self) -> list[Window]:
        return [w for w in self.screen.windows() if not w.title.startswith(self.path.name)]

    def _is_editing(self) -> bool:
        """Return whether the formula bar has the red cross that gives an edit up."""
        buttons = self.screen.picture().crop(_EDIT_BUTTONS)
        return any(red > 180 and green < 90 and blue < 90 for red, green, blue in _colours(buttons))

    def _changed(self, before: int) -> bool:
        return self.path.stat().st_mtime_ns != before and zipfile.is_zipfile(self.path)

    def _settle(self) -> None:
        """Wait until all keys and clicks so far have had their effect, or a message appears.

        Keys are answered in their order: when a copy that is asked for last arrives on the
        clipboard, all before it is done.
        """
        with self.screen.uncounted():
            self._copied()

    def _copied(self) -> str | None:
        """Return the selected cells as text; None where they are empty or a message is in front."""
        mark = self.screen.mark_clipboard()
        asked = empty_since = 0.0

        def arrived() -> bool:
            nonlocal asked, empty_since
            if time.monotonic() - asked > _COPY_AGAIN:
                if self._dialogs():
                    return True
                asked = time.monotonic()
                self.screen.press("ctrl+c")
            found = self.screen.clipboard()
            if found:
                empty_since = 0.0
                return found != mark or bool(self._dialogs())
            # A busy program owns the clipboard some time before it can give the text.
            empty_since = empty_since or time.monotonic()
            return time.monotonic() - empty_since > _EMPTY or bool(self._dialogs())

        wait_until(arrived, "an answer to the keys")
        copied = self.screen.clipboard()
        if not self._dialogs():
            self.screen.press("Escape")  # takes the moving border of the copied cells away
        return None if copied == mark else copied

    @contextlib.contextmanager
    def _appearing(self) -> Iterator[Callable[[], Box]]:
        """Give a function that waits for the list or menu that the block opens."""
        before = set(self.screen.surfaces())

        def look() -> list[Box]:
            return [box for id_, box in self.screen.surfaces().items() if id_ not in before]

        yield lambda: wait_until(look, "an open list")[-1]

    def _changes_screen(self, key: str) -> bool:
        """Press a key, and return whether anything comes of it."""
        before = self.screen.picture()
        self.screen.press(key)
        with contextlib.suppress(NotSeenError):
            return wait_until(lambda: self.screen.picture() != before, key, _PASTE_AGAIN)
        return False

    def _wait_until_still(self) -> None:
        """Wait until the screen shows the same for a while, but for a text cursor that blinks."""
        last, since = self.screen.picture(), time.monotonic()

        def still() -> bool:
            nonlocal last, since
            now = self.screen.picture()
            changed = ImageChops.difference(now, last).getbbox()
            if changed and changed[2] - changed[0] > _WIDTH_OF_CURSOR:
                since = time.monotonic()
            last = now
            return time.monotonic() - since > _STILL

        wait_until(still, "a screen that does not change")


def _colours(picture: Image.Image) -> Iterator[tuple[int, int, int]]:
    channels = picture.tobytes()
    return zip(channels[0::3], channels[1::3], channels[2::3], strict=True)


def _is_whole_pdf(path: Path) -> bool:
    return path.read_bytes().rstrip().endswith(b"%%EOF")


def _highlighted(picture: Image.Image, line: int, *, along_x: bool) -> list[int]:
    """Return the pixels of a line through the headings that have the colour of selected cells."""
    length = picture.width if along_x else picture.height
    places = [(at, line) if along_x else (line, at) for at in range(length)]
    return [at for at, place in enumerate(places) if picture.getpixel(place) == _HIGHLIGHT]
