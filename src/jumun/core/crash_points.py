"""Named places where a test may have the process killed, as FoundationDB and TigerBeetle do.

`JUMUN_CRASH_AT=name` kills the process with SIGKILL the first time it passes that place; the file named by
`JUMUN_CRASH_ONCE` remembers that it happened, so that the process started in its stead lives on. Without the
variable a crash point is one dictionary look-up.
"""

import os
import signal
from pathlib import Path


def crash_point(name: str) -> None:
    """Die here, without any clean-up, if a test asked for it."""
    if os.environ.get("JUMUN_CRASH_AT") != name:
        return
    once = os.environ.get("JUMUN_CRASH_ONCE")
    if once:
        try:
            Path(once).touch(exist_ok=False)
        except FileExistsError:
            return
    os.kill(os.getpid(), signal.SIGKILL)
