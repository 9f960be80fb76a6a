"""The reading child: limits itself, opens one file, answers questions about it on its standard output.

It gets a path and perhaps a password through its standard input, has no environment, no database and no standard
error, and can write no file. If a parser aborts or eats too much, this process ends and nothing else does.
"""

import os
import resource
import select
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from io import RawIOBase
from itertools import islice
from typing import Any, BinaryIO

import orjson

from jumun.sheets.errors import SheetError
from jumun.sheets.limits import CHILD_CPU_SECONDS, CHILD_MEMORY, CHUNK_ROWS
from jumun.sheets.opened import Opened
from jumun.sheets.packing import BYTES, HEADER_BYTES, JSON, frame, pack_rows, read_header

_AT_ONCE = 1024**2


def main() -> None:
    """Serve one file until the parent closes our input."""
    limit_ourselves()
    ask, tell = os.fdopen(0, "rb", buffering=0, closefd=False), sys.stdout.buffer
    order = receive(ask)
    if order is None:
        return
    try:
        if order.get("unlock"):
            _unlock(order, tell)
        else:
            _serve(order, ask, tell)
        os._exit(0)
    except SheetError as problem:
        told = {"error": problem.code, "values": problem.values}
    except MemoryError:
        told = {"error": "sheet_too_big", "values": {}}
    except (BrokenPipeError, KeyboardInterrupt):
        os._exit(0)
    except BaseException as problem:  # noqa: BLE001 — a parser's panic is no Exception
        told = {"error": "sheet_unreadable", "values": {"why": type(problem).__name__}}
    with suppress(BrokenPipeError):
        send(tell, told)
    os._exit(0)


def limit_ourselves() -> None:
    """Memory, processor time, files: what we may use from here on."""
    limits = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NOFILE: 32,
        resource.RLIMIT_CPU: CHILD_CPU_SECONDS,
        resource.RLIMIT_AS: CHILD_MEMORY,
    }
    for which, most in limits.items():
        with suppress(ValueError, OSError):  # a system that knows no such limit, or has a lower one
            resource.setrlimit(which, (most, most))


def receive(ask: RawIOBase) -> dict[str, Any] | None:
    """The parent's next question; None when there will be none."""
    header = _exactly(ask, HEADER_BYTES)
    if header is None:
        return None
    body = _exactly(ask, read_header(header)[1])
    return None if body is None else orjson.loads(body)


def _exactly(ask: RawIOBase, size: int) -> bytes | None:
    got = b""
    while len(got) < size:
        more = ask.read(size - len(got))
        if not more:
            return None
        got += more
    return got


def send(tell: BinaryIO, message: dict[str, Any]) -> None:
    """One answer."""
    tell.write(frame(JSON, orjson.dumps(message, default=str)))
    tell.flush()


def _serve(order: dict[str, Any], ask: RawIOBase, tell: BinaryIO) -> None:
    from jumun.sheets.opening import open_file

    opened = open_file(order["path"], order.get("password"))
    send(
        tell,
        {"kind": opened.kind, "encoding": opened.encoding, "notices": opened.notices, "sheets": opened.sheets},
    )
    while (question := receive(ask)) is not None:
        _answer(opened, question, tell, lambda: bool(select.select([ask], [], [], 0)[0]))


def _answer(opened: Opened, question: dict[str, Any], tell: BinaryIO, asked_again: Callable[[], bool]) -> None:
    """Stream the rows asked for; a new question ends the answer to this one."""
    rows: Iterator[list[Any]] = opened.rows(question["sheet"])
    if question.get("most") is not None:
        rows = islice(rows, question["most"])
    while True:
        packed, special = pack_rows(_one_chunk(rows))
        if not packed:
            break
        send(tell, {"nth": question["nth"], "rows": packed, "special": special})
        if asked_again():
            return
    send(tell, {"nth": question["nth"], "end": True, "notices": opened.notices})


def _one_chunk(rows: Iterator[list[Any]]) -> Iterator[list[Any]]:
    """Some rows: as many as make a chunk, fewer of broad ones."""
    room = CHUNK_ROWS * 64
    for row in islice(rows, CHUNK_ROWS):
        yield row
        room -= len(row)
        if room < 0:
            return


def _unlock(order: dict[str, Any], tell: BinaryIO) -> None:
    from jumun.sheets.locked import unlock

    plain = unlock(order["path"], order.get("password"))
    if plain is None:
        send(tell, {"plain": True})
        return
    plain.seek(0)
    while chunk := plain.read(_AT_ONCE):
        tell.write(frame(BYTES, chunk))
    send(tell, {"end": True})


if __name__ == "__main__":
    main()
