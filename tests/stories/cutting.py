"""A TCP proxy in front of PostgreSQL that cuts a connection as it commits: whether it did is not known (R29)."""

import asyncio
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import quote

from psycopg.conninfo import conninfo_to_dict

COMMIT = b"COMMIT"


@dataclass
class CutProxy:
    """Listens on a loopback port and passes everything on to the server of `conninfo`.

    `arm` sets one cut: the next COMMIT of a transaction that sent `marker` is passed on and its answer lost, or not
    even passed on.
    """

    conninfo: str
    cuts: int = 0
    port: int = 0
    _marker: bytes = b""
    _passes: bool = True
    _ready: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> "CutProxy":
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    @property
    def url(self) -> str:
        """Where the application connects instead."""
        fields = conninfo_to_dict(self.conninfo)
        login = f"{fields['user']}:{quote(fields['password'])}" if fields.get("password") else fields["user"]
        return f"postgresql://{login}@127.0.0.1:{self.port}/{fields['dbname']}?sslmode=disable&gssencmode=disable"

    def arm(self, marker: str, *, passes: bool) -> None:
        """Cut the next COMMIT of a transaction that sends `marker`."""
        self.cuts, self._passes, self._marker = 0, passes, marker.encode()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        server.close()
        left = asyncio.all_tasks(self._loop)
        for task in left:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        self._loop.close()

    async def _serve(self, client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        fields = conninfo_to_dict(self.conninfo)
        host, port = str(fields["host"]), int(fields.get("port") or 5432)
        if host.startswith("/"):
            server, to_server = await asyncio.open_unix_connection(f"{host}/.s.PGSQL.{port}")
        else:
            server, to_server = await asyncio.open_connection(host, port)
        answers = asyncio.create_task(_pass_on(server, to_client))
        try:
            await self._forward(client, to_server, answers)
        finally:
            answers.cancel()
            for end in (to_client, to_server):
                with suppress(Exception):
                    end.transport.abort()

    async def _forward(
        self, client: asyncio.StreamReader, to_server: asyncio.StreamWriter, answers: "asyncio.Task[None]"
    ) -> None:
        marked = False
        with suppress(ConnectionError):
            while chunk := await client.read(65536):
                marked = marked or bool(self._marker and self._marker in chunk)
                if chunk[:1] == b"Q" and chunk[5:].startswith(COMMIT):  # after the length; not ON COMMIT DROP
                    if marked and self._marker:
                        self._marker, self.cuts = b"", self.cuts + 1
                        if self._passes:
                            answers.cancel()  # the answer is lost, the work is done
                            to_server.write(chunk)
                            await to_server.drain()
                            await asyncio.sleep(0.2)
                        return
                    marked = False
                to_server.write(chunk)
                await to_server.drain()


async def _pass_on(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while chunk := await source.read(65536):
            target.write(chunk)
            await target.drain()
    with suppress(Exception):
        target.close()
