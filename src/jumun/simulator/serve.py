"""Run the simulator in this process: granian's embedded ASGI server on one event loop."""

from __future__ import annotations

import asyncio
import signal
import socket

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
    _refuse_taken_port(host, port)
    world = new_world(seed=seed, clock_rate=clock_rate)
    server = Server(build(world), address=host, port=port, interface=Interfaces.ASGINL, log_enabled=False)
    loop = asyncio.get_running_loop()

    def stop() -> None:
        # A call that a fault keeps hanging would otherwise keep the server for as long.
        world.stopping.set()
        server.stop()  # type: ignore[no-untyped-call]  # granian leaves it bare

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    await server.serve()


def _refuse_taken_port(host: str, port: int) -> None:
    """Raise OSError when somebody listens there: granian shares ports, and two malls would answer by turns."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))
