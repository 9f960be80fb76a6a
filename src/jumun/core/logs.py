"""Log lines without personal data: of an exception only what it is and where, never what it says."""

import copy
import logging
import traceback
from pathlib import Path
from types import TracebackType
from typing import Any

Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class PlacesOnly(logging.Formatter):
    """Prints exceptions as their types and places, outermost cause last; their texts may hold names and addresses.

    An exception among a message's arguments is printed as its type. What another handler already made of the
    record is not reused.
    """

    def format(self, record: logging.LogRecord) -> str:
        """One line for the message, and more for an exception."""
        mine = copy.copy(record)
        mine.exc_text = None
        mine.args = _without_texts(record.args)
        if isinstance(record.msg, BaseException):
            mine.msg = type(record.msg).__qualname__
        return super().format(mine)

    def formatException(self, ei: Raised) -> str:  # noqa: N802 - logging's name
        """Types and places of an exception and of those that led to it."""
        failure, lines = ei[1], []
        seen: set[int] = set()
        while failure is not None and id(failure) not in seen:
            seen.add(id(failure))
            lines.append(
                f"  {'after ' if len(seen) > 1 else ''}{type(failure).__module__}.{type(failure).__qualname__}"
            )
            frames = traceback.extract_tb(failure.__traceback__)
            lines += [f"    {_place(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]
            failure = failure.__cause__ or failure.__context__
        return "\n".join(lines)


def _without_texts(given: Any) -> Any:
    if isinstance(given, tuple):
        return tuple(type(each).__qualname__ if isinstance(each, BaseException) else each for each in given)
    return given


def _place(filename: str) -> str:
    return "/".join(Path(filename).parts[-3:])
