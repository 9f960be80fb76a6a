"""The parent's side of the reading child: starting it, asking it, waiting with a limit, and outliving it."""

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import orjson

from jumun.sheets.errors import SheetError
from jumun.sheets.limits import ANSWER_SECONDS, MOST_ANSWER_BYTES, MOST_FILE_BYTES
from jumun.sheets.packing import HEADER_BYTES, JSON, frame, read_header

_ENDED = {signal.SIGXCPU: "sheet_hostile", signal.SIGKILL: "sheet_too_big"}
_AT_ONCE = 1024**2
_MODULE = "jumun.sheets.child"
_SOURCE = str(Path(__file__).resolve().parents[2])


class Child:
    """One reading process with one file. What it says is data, never code."""

    def __init__(self, process: "subprocess.Popen[bytes]", patience: float) -> None:
        self.process = process
        self.patience = patience

    def ask(self, question: dict[str, Any]) -> None:
        """Send a question. Raises SheetError when nobody is there."""
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(frame(JSON, orjson.dumps(question)))
            self.process.stdin.flush()
        except BrokenPipeError:
            raise self._gone() from None

    def hear(self) -> dict[str, Any] | bytes:
        """The next answer. Raises SheetError: the child's own, or that it is gone, or too slow."""
        until = time.monotonic() + self.patience
        kind, size = read_header(self._take(HEADER_BYTES, until))
        if size > MOST_ANSWER_BYTES:
            raise SheetError("sheet_hostile", why="answer")
        body = self._take(size, until)
        if kind != JSON:
            return body
        answer: dict[str, Any] = orjson.loads(body)
        if "error" in answer:
            raise SheetError(answer["error"], **answer.get("values", {}))
        return answer

    def _take(self, size: int, until: float) -> bytes:
        assert self.process.stdout is not None
        handle, got, room = self.process.stdout.fileno(), [], size
        while room:
            left = until - time.monotonic()
            if left <= 0 or not select.select([handle], [], [], left)[0]:
                raise SheetError("sheet_hostile", why="time")
            piece = os.read(handle, min(room, _AT_ONCE))
            if not piece:
                raise self._gone()
            got.append(piece)
            room -= len(piece)
        return b"".join(got)

    def _gone(self) -> SheetError:
        """It ended before it answered: aborted by its own limits, or by a parser."""
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(1)
        code = self.process.returncode
        if code is not None and code < 0:
            return SheetError(_ENDED.get(signal.Signals(-code), "sheet_hostile"), why=signal.Signals(-code).name)
        return SheetError("sheet_unreadable", why="child")


@contextmanager
def reading_child(path: Path, *, patience: float = ANSWER_SECONDS, **order: Any) -> Iterator[Child]:
    """A child for this file, ended with the block. Raises SheetError, FileNotFoundError."""
    size = path.stat().st_size
    if size == 0:
        raise SheetError("sheet_empty")
    if size > MOST_FILE_BYTES:
        raise SheetError("sheet_too_big")
    process = subprocess.Popen(
        [sys.executable, "-B", "-P", "-X", "utf8", "-m", _MODULE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PYTHONPATH": _SOURCE, "PATH": os.defpath, "MALLOC_ARENA_MAX": "2"},
        cwd="/",
        start_new_session=True,
    )
    child = Child(process, patience)
    try:
        child.ask({"path": str(path.absolute()), **order})
        yield child
    finally:
        _end(process)


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()
    process.wait()
