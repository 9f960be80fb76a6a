"""The real server in its own process: it starts, speaks, breaks connections, and stops."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from jumun.simulator.naver.token import sign

from .desk import SELLER


@pytest.fixture
def server() -> Iterator[tuple[subprocess.Popen[bytes], httpx.Client]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-m", "jumun.simulator", "--port", str(port)])
    transport = httpx.HTTPTransport(retries=8)
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", transport=transport, timeout=5) as client:
        yield process, client
    process.kill()
    process.wait(10)


def test_the_server_serves_breaks_and_stops(server: tuple[subprocess.Popen[bytes], httpx.Client]) -> None:
    process, client = server
    assert client.get("/control/health").json() == {"status": "ok", "channels": ["coupang", "naver"]}
    card = client.get("/control/accounts").json()[0]
    assert card["base_url"] == f"{client.base_url}/naver/external".replace("//naver", "/naver")
    stamp = str(int(time.time() * 1000))
    form = {
        "client_id": card["credentials"]["client_id"],
        "timestamp": stamp,
        "client_secret_sign": sign(**card["credentials"], timestamp=stamp),
        "grant_type": "client_credentials",
        "type": "SELF",
    }
    token = client.post(card["base_url"] + "/v1/oauth2/token", data=form).json()["access_token"]
    client.headers["Authorization"] = f"Bearer {token}"
    where = {"channel": "naver", "account": "store-a"}
    order = client.post("/control/orders", json=where | {"count": 1, "lines": 1}).json()["orders"][0]
    line = order["lines"][0]
    body = {"productOrderIds": [line]}
    confirm = f"{SELLER}/product-orders/confirm"

    client.post("/control/faults", json=where | {"call": "confirm", "fault": "timeout"})
    with pytest.raises(httpx.ReadTimeout):
        client.post(confirm, json=body, timeout=0.3)
    assert client.get("/control/state").json()["effects"] == []

    client.post("/control/faults", json=where | {"call": "confirm", "fault": "cut_after"})
    with pytest.raises(httpx.RemoteProtocolError):
        client.post(confirm, json=body)
    assert [row["line_no"] for row in client.get("/control/state").json()["effects"]] == [line]
    again = client.post(confirm, json=body).json()["data"]["failProductOrderInfos"]
    assert [info["code"] for info in again] == ["105306"]

    twin = subprocess.run(
        [sys.executable, "-m", "jumun.simulator", "--port", str(client.base_url.port)],
        capture_output=True,
        timeout=10,
        check=False,
    )
    assert twin.returncode != 0, "two malls on one port would answer by turns"

    client.post("/control/faults", json=where | {"call": "confirm", "fault": "timeout"})
    with ThreadPoolExecutor(1) as pool:
        hanging = pool.submit(client.post, confirm, json=body, timeout=10)
        while client.get("/control/faults").json()["faults"]:
            pass
        process.send_signal(signal.SIGTERM)
        # granian's threads sometimes abort while Python goes away; that it ends at once is what is promised
        assert process.wait(5) in (0, -signal.SIGABRT)
        assert hanging.exception(1) or hanging.result().status_code == 504
