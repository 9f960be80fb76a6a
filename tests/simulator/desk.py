"""A seller's program and the control panel, spoken to over HTTP without a socket."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import Any

import httpx

from jumun.simulator.app import build
from jumun.simulator.clock import write_iso
from jumun.simulator.naver.token import sign
from jumun.simulator.world import new_world

SELLER = "/naver/external/v1/pay-order/seller"
ORDERS = f"{SELLER}/product-orders"


class Desk:
    """A seller's program and the person at the control panel, in one."""

    def __init__(self) -> None:
        self.runner = asyncio.Runner()
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(app=build(new_world())), base_url="http://sim")
        self.token = ""

    def close(self) -> None:
        self.runner.run(self.client.aclose())
        self.runner.close()

    def let_time_pass(self, seconds: float) -> None:
        self.runner.run(asyncio.sleep(seconds))

    def call(self, method: str, path: str, **more: Any) -> httpx.Response:
        return self.runner.run(self.client.request(method, path, **more))

    def control(self, path: str, /, **body: Any) -> Any:
        answer = self.call("POST", f"/control/{path}", json={"channel": "naver", "account": "store-a"} | body)
        assert answer.status_code in {200, 201}, answer.text
        return answer.json()

    def settings(self, **values: Any) -> None:
        wanted = {name.replace("__", "."): value for name, value in values.items()}
        answer = self.call("POST", "/control/settings", json=wanted)
        assert answer.status_code == 200, answer.text

    def order_lines(self, count: int = 1, **mix: Any) -> list[str]:
        made = self.control("orders", count=count, seed=1, **mix)
        return [line for order in made["orders"] for line in order["lines"]]

    def event(self, event: str, line: str, **more: Any) -> None:
        self.control("events", event=event, line_no=line, **more)

    def state(self) -> dict[str, Any]:
        return self.call("GET", "/control/state?channel=naver").json()

    def line(self, line: str) -> dict[str, Any]:
        return self.state()["lines"][line]

    def ask_token(self, key: str = "store-a", **changes: Any) -> httpx.Response:
        card = self.call("POST", "/control/accounts", json={"channel": "naver", "key": key}).json()
        credentials = card["credentials"]
        stamp = changes.pop("timestamp", str(int(time.time() * 1000)))
        form = {
            "client_id": credentials["client_id"],
            "timestamp": stamp,
            "client_secret_sign": sign(**credentials, timestamp=stamp),
            "grant_type": "client_credentials",
            "type": "SELF",
        } | changes
        in_query = form.pop("in_query", False)
        sent = {"params" if in_query else "data": form}
        return self.call("POST", "/naver/external/v1/oauth2/token", **sent)

    def log_in(self, key: str = "store-a") -> None:
        self.token = self.ask_token(key).json()["access_token"]

    def seller(self, method: str, path: str, **more: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}"}
        return self.call(method, path if path.startswith("/naver") else f"{ORDERS}{path}", headers=headers, **more)

    def detail(self, line: str, *, by_quantity: bool = True) -> dict[str, Any]:
        body = {"productOrderIds": [line], "quantityClaimCompatibility": by_quantity}
        rows: list[dict[str, Any]] = self.seller("POST", "/query", json=body).json()["data"]
        return rows[0]

    def confirm(self, *lines: str) -> dict[str, Any]:
        return self.seller("POST", "/confirm", json={"productOrderIds": lines}).json()["data"]

    def dispatch(self, *lines: str, number: str = "680405450931", **changes: Any) -> dict[str, Any]:
        rows = [make_row(line, number, **changes) for line in lines]
        return self.seller("POST", "/dispatch", json={"dispatchProductOrders": rows}).json()["data"]

    def claim(self, line: str, verb: str, **body: Any) -> dict[str, Any]:
        return self.seller("POST", f"/{line}/claim/{verb}", json=body or None).json()

    def changes(self, **query: Any) -> dict[str, Any]:
        query.setdefault("lastChangedFrom", iso_before(3600))
        return self.seller("GET", "/last-changed-statuses", params=query).json()["data"]


def make_row(line: str, number: str, **changes: Any) -> dict[str, Any]:
    return {
        "productOrderId": line,
        "deliveryMethod": "DELIVERY",
        "deliveryCompanyCode": "CJGLS",
        "trackingNumber": number,
        "dispatchDate": iso_before(0),
    } | changes


def iso_before(seconds: float) -> str:
    return write_iso(int((time.time() - seconds) * 1000))


def codes(data: dict[str, Any]) -> Sequence[str]:
    return [info["code"] for info in data["failProductOrderInfos"]]
