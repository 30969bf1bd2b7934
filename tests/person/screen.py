"""A screen without glass: keys, mouse, clipboard and pictures of an X server of our own.

Xvfb draws, Openbox manages the windows, xdotool presses and clicks, xclip holds the clipboard.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from PIL import Image, ImageGrab

from tests.person.keyboard import can_type, keymap

WIDTH, HEIGHT = 1366, 768
"""Pixels of the smallest screen that is still common in schools."""
PROGRAMS = ("Xvfb", "openbox", "xkbcomp", "xdotool", "xclip")
PATIENCE = 90.0
"""Seconds until a wait fails. It is generous: the machine may be busy."""
_BETWEEN_LOOKS = 0.08
_ANSWER = 15.0
"""Seconds within which the owner of the clipboard answers."""
_BETWEEN_KEYS = "8"
"""Milliseconds."""
_DRAG_STEPS = 12
_TEXT, _HTML = "UTF8_STRING", "text/html"

Point = tuple[int, int]
Seen = TypeVar("Seen")


class NotSeenError(AssertionError):
    """What a person waits for does not appear."""


@dataclass(frozen=True, slots=True)
class Effort:
    """Keystrokes and clicks of a person. A chord such as Ctrl+V is one keystroke."""

    keystrokes: int = 0
    clicks: int = 0

    def __sub__(self, earlier: Effort) -> Effort:
        return Effort(self.keystrokes - earlier.keystrokes, self.clicks - earlier.clicks)

    def __str__(self) -> str:
        return f"{self.keystrokes} keystrokes, {self.clicks} clicks"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the screen, in pixels. ``right`` and ``bottom`` are still inside."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def middle(self) -> Point:
        """The point in the middle."""
        return (self.left + self.right) // 2, (self.top + self.bottom) // 2


@dataclass(frozen=True, slots=True)
class Window:
    """A window of a program, in a frame; some questions have no title."""

    id: str
    title: str


def wait_until(look: Callable[[], Seen | None], awaited: str, patience: float = PATIENCE) -> Seen:
    """Look again and again until there is something to see, and return it.

    Raises:
        NotSeenError: there is nothing within ``patience`` seconds.
    """
    deadline = time.monotonic() + patience
    while not (seen := look()):
        if time.monotonic() > deadline:
            raise NotSeenError(f"not seen within {patience:.0f} seconds: {awaited}")
        time.sleep(_BETWEEN_LOOKS)
    return seen


class Screen:
    """A display of a size of its own, with a person's hands in front of it.

    A context manager. Every key and click is counted in :attr:`effort`, except those in
    :meth:`uncounted`.
    """

    def __init__(self) -> None:
        """Nothing is started yet."""
        self.effort = Effort()
        self.display = ""
        self._counting = True
        self._programs: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Screen:
        """Start display, window manager and keyboard.

        Raises:
            RuntimeError: a program is missing, or the display does not start.
        """
        missing = [name for name in PROGRAMS if shutil.which(name) is None]
        if missing:
            raise RuntimeError(
                f"not installed: {', '.join(missing)}; see tests/install_window_tools.sh"
            )
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """Stop what was started, the last first."""
        while self._programs:
            program = self._programs.pop()
            program.terminate()
            program.wait()

    @property
    def environment(self) -> Mapping[str, str]:
        """Environment of a program that opens windows here and reads Unicode from the keyboard."""
        return {**os.environ, "DISPLAY": self.display, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}

    def press(self, *keys: str) -> None:
        """Press keys one after another, in xdotool's names: ``Tab``, ``ctrl+v``."""
        self._count(keystrokes=len(keys))
        self._do("key", "--delay", _BETWEEN_KEYS, *keys)

    def type(self, text: str) -> None:
        """Type a text on one line. A letter is one keystroke, whatever its marks.

        Raises:
            ValueError: the keyboard has no key for a character.
        """
        if not can_type(text) or "\n" in text:
            raise ValueError(f"cannot be typed on one line: {text!r}")
        self._count(keystrokes=len(text))
        self._do("type", "--delay", _BETWEEN_KEYS, "--", text)

    def click(self, point: Point, *, holding: str = "") -> None:
        """Click with the left button, holding a key such as ``ctrl`` if one is named."""
        self._count(clicks=1)
        self._move(point)
        if holding:
            self._do("keydown", holding, "click", "1", "keyup", holding)
        else:
            self._do("click", "1")

    def double_click(self, point: Point) -> None:
        """Click twice with the left button."""
        self._count(clicks=2)
        self._move(point)
        self._do("click", "--repeat", "2", "--delay", _BETWEEN_KEYS, "1")

    def drag(self, start: Point, end: Point, *, holding: str = "") -> None:
        """Press the left button at one point, move in steps, and let it go at another."""
        self._count(clicks=1)
        self._move(start)
        if holding:
            self._do("keydown", holding)
        self._do("mousedown", "1")
        for step in range(1, _DRAG_STEPS + 1):
            between = [a + (b - a) * step // _DRAG_STEPS for a, b in zip(start, end, strict=True)]
            self._move((between[0], between[1]))
            time.sleep(_BETWEEN_LOOKS)  # the program must see the mouse on its way
        self._do("mouseup", "1")
        if holding:
            self._do("keyup", holding)

    def copy(self, content: str, *, html: bool = False) -> None:
        """Put a text or HTML on the clipboard, as another program does."""
        subprocess.run(
            ("xclip", "-selection", "clipboard", "-t", _HTML if html else _TEXT),
            input=content.encode(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=self.environment,
            check=True,
        )

    def clipboard(self) -> str | None:
        """Return the clipboard's text, or None where it holds none."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                done = subprocess.run(
                    ("xclip", "-selection", "clipboard", "-o", "-t", _TEXT),
                    capture_output=True,
                    env=self.environment,
                    timeout=_ANSWER,
                    check=False,
                )
            except subprocess.TimeoutExpired:
                # A program that loses the clipboard while it is asked never answers: ask again.
                if time.monotonic() > deadline:
                    raise NotSeenError("an answer of the clipboard") from None
            else:
                return done.stdout.decode() if done.returncode == 0 else None

    def mark_clipboard(self) -> str:
        """Put a text on the clipboard that nothing else holds, and return it."""
        mark = uuid.uuid4().hex
        self.copy(mark)
        return mark

    def windows(self) -> list[Window]:
        """Return the visible windows in frames; menus and open lists are none."""
        found = []
        for id_ in self._ask("search", "--onlyvisible", "--class", ".").split():
            # A window may be gone by now.
            with contextlib.suppress(subprocess.CalledProcessError):
                found.append(Window(id_, self._ask("getwindowname", id_).strip("\n")))
        return found

    def surfaces(self) -> dict[str, Box]:
        """Return the places of all that lies on the screen: framed windows, menus, open lists."""
        found = {}
        for id_ in self._ask("search", "--onlyvisible", "--maxdepth", "1", "--class", "").split():
            with contextlib.suppress(subprocess.CalledProcessError):
                lines = self._ask("getwindowgeometry", "--shell", id_).split()
                values = dict(line.split("=", 1) for line in lines)
                left, top, width, height = (int(values[k]) for k in ("X", "Y", "WIDTH", "HEIGHT"))
                found[id_] = Box(left, top, left + width - 1, top + height - 1)
        return found

    def picture(self) -> Image.Image:
        """Return what is on the screen now."""
        return ImageGrab.grab(xdisplay=self.display).convert("RGB")

    @contextlib.contextmanager
    def uncounted(self) -> Iterator[None]:
        """Press and click without counting: what the test looks up, not what a person does."""
        before, self._counting = self._counting, False
        try:
            yield
        finally:
            self._counting = before

    def _count(self, keystrokes: int = 0, clicks: int = 0) -> None:
        if self._counting:
            done = self.effort
            self.effort = Effort(done.keystrokes + keystrokes, done.clicks + clicks)

    def _move(self, point: Point) -> None:
        self._do("mousemove", str(point[0]), str(point[1]))

    def _do(self, *arguments: str) -> None:
        subprocess.run(
            ("xdotool", *arguments),
            env=self.environment,
            stderr=subprocess.PIPE,
            timeout=PATIENCE,
            check=True,
        )

    def _ask(self, *arguments: str) -> str:
        done = subprocess.run(
            ("xdotool", *arguments), env=self.environment, capture_output=True, check=False
        )
        if arguments[0] != "search":  # which fails where it finds nothing
            done.check_returncode()
        return done.stdout.decode(errors="replace")

    def _start(self) -> None:
        # Xvfb chooses a free display and writes its number.
        reading, writing = os.pipe()
        size = f"{WIDTH}x{HEIGHT}x24"
        display = ("-displayfd", str(writing), "-screen", "0", size, "-nolisten", "tcp")
        # Without -noreset the keyboard would go with the first program that leaves.
        command = ("Xvfb", "-noreset", *display)
        self._launch(command, dict(os.environ), pass_fds=(writing,))
        os.close(writing)
        with os.fdopen(reading) as pipe:
            number = pipe.readline().strip()
        if not number:
            raise RuntimeError("Xvfb does not start")
        self.display = f":{number}"
        with tempfile.NamedTemporaryFile("w", suffix=".xkb", encoding="utf-8") as file:
            file.write(keymap())
            file.flush()
            subprocess.run(("xkbcomp", "-w0", file.name, self.display), check=True)
        self._launch(("openbox",), self.environment)

    def _launch(
        self,
        command: tuple[str, ...],
        environment: Mapping[str, str],
        pass_fds: tuple[int, ...] = (),
    ) -> None:
        program = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment,
            pass_fds=pass_fds,
        )
        self._programs.append(program)


def save_picture(screen: Screen, path: Path) -> Path:
    """Write what is on the screen into a PNG file, and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    screen.picture().save(path)
    return path
