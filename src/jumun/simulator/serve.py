"""Run the simulator in this process: granian's embedded ASGI server on one event loop."""

from __future__ import annotations

import asyncio
import signal

from granian.constants import Interfaces
from granian.server.embed import Server

from jumun.simulator.app import build
from jumun.simulator.world import new_world


def serve(*, port: int, host: str = "127.0.0.1", seed: int = 1, clock_rate: float = 1.0) -> None:
    """Serve until SIGTERM or SIGINT; blocks.

    The embedded server is used because it stays in this one process: what is in memory is the whole mall, and killing
    the process leaves no worker behind that still holds the port.
    """
    asyncio.run(_serve(port=port, host=host, seed=seed, clock_rate=clock_rate))


async def _serve(*, port: int, host: str, seed: int, clock_rate: float) -> None:
    app = build(new_world(seed=seed, clock_rate=clock_rate))
    server = Server(app, address=host, port=port, interface=Interfaces.ASGINL, log_enabled=False)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, server.stop)
    await server.serve()
