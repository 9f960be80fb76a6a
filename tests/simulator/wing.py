"""A Coupang seller's program and the control panel, spoken to over HTTP without a socket."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime
from typing import Any
from urllib.parse import quote

import httpx
import orjson

from jumun.simulator.app import build
from jumun.simulator.clock import KST, to_datetime
from jumun.simulator.coupang.signing import write_header
from jumun.simulator.world import new_world

API = "/v2/providers/openapi/apis/api"


class Wing:
    """A seller's program and the person at the control panel, in one. Its account is `wing-a`."""

    def __init__(self) -> None:
        self.runner = asyncio.Runner()
        self.world = new_world()
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(app=build(self.world)), base_url="http://sim")
        self.card = self.control("accounts", key="wing-a")
        self.vendor_id: str = self.card["credentials"]["vendor_id"]
        self.settings(coupang__rps=10_000)

    def close(self) -> None:
        self.runner.run(self.client.aclose())
        self.runner.close()

    def send(self, method: str, path: str, **more: Any) -> httpx.Response:
        return self.runner.run(self.client.request(method, path, **more))

    def control(self, path: str, /, **body: Any) -> Any:
        answer = self.send("POST", f"/control/{path}", json={"channel": "coupang", "account": "wing-a"} | body)
        assert answer.status_code in {200, 201}, answer.text
        return answer.json()

    def settings(self, **values: Any) -> None:
        wanted = {name.replace("__", "."): value for name, value in values.items()}
        assert self.send("POST", "/control/settings", json=wanted).status_code == 200

    def event(self, event: str, line: str, **more: Any) -> Any:
        return self.control("events", event=event, line_no=line, **more)

    def refused_event(self, event: str, line: str, **more: Any) -> str:
        body = {"channel": "coupang", "account": "wing-a", "event": event, "line_no": line} | more
        answer = self.send("POST", "/control/events", json=body)
        assert answer.status_code == 409, answer.text
        return str(answer.json()["detail"])

    def state(self) -> dict[str, Any]:
        return self.send("GET", "/control/state?channel=coupang").json()

    def line(self, line: str) -> dict[str, Any]:
        return self.state()["lines"][line]

    def effects(self, call: str) -> list[tuple[str, str | None, str | None]]:
        rows = [row for row in self.state()["effects"] if row["call"] == call]
        return [(row["line_no"], row["carrier"], row["waybill"]) for row in rows]

    def order(self, **mix: Any) -> list[str]:
        """Make one order; its lines."""
        return list(self.control("orders", count=1, seed=1, **mix)["orders"][0]["lines"])

    def order_lines(self, count: int, **mix: Any) -> list[str]:
        made = self.control("orders", count=count, seed=1, **mix)["orders"]
        return [line for order in made for line in order["lines"]]

    def ask(self, method: str, path: str, *, v: str = "v4", body: Any = None, **query: Any) -> httpx.Response:
        """Call the API: `path` is what comes after the vendor."""
        return self.ask_raw(method, f"{API}/{v}/vendors/{self.vendor_id}{path}", write_query(query), body=body)

    def ask_raw(self, method: str, path: str, query: str = "", *, body: Any = None, **signing: Any) -> httpx.Response:
        keys = self.card["credentials"]
        given = {
            "access_key": keys["access_key"],
            "secret_key": keys["secret_key"],
            "method": method,
            "path": path,
            "query": query,
            "at_ms": int(time.time() * 1000),
        } | signing
        headers = {"Authorization": given.pop("header", None) or write_header(**given)}
        if body is not None:
            headers["Content-Type"] = "application/json;charset=UTF-8"
        url = f"/coupang{path}" + (f"?{query}" if query else "")
        content = None if body is None else orjson.dumps(body)
        return self.send(method, url, headers=headers, content=content)

    def list(self, status: str = "ACCEPT", *, v: str = "v4", **query: Any) -> list[dict[str, Any]]:
        """Every page of the daily list, from yesterday to today."""
        offset = "" if v == "v4" else "+09:00"
        wanted = {"createdAtFrom": day(-1) + offset, "createdAtTo": day(0) + offset, "status": status} | query
        rows: list[dict[str, Any]] = []
        while True:
            page = self.ask("GET", "/ordersheets", v=v, **wanted).json()
            assert page["code"] == 200, page
            rows += page["data"]
            if not page["nextToken"]:
                return rows
            wanted["nextToken"] = page["nextToken"]

    def sheets(self, line: str, *, v: str = "v4") -> list[dict[str, Any]]:
        """The boxes of a line's order."""
        return self.ask("GET", f"/{line.split('-', maxsplit=1)[0]}/ordersheets", v=v).json()["data"]

    def sheet(self, line: str, *, v: str = "v4") -> dict[str, Any]:
        """The box that holds a line."""
        wanted = line.split("-")[1]
        return next(
            sheet
            for sheet in self.sheets(line, v=v)
            if any(str(item["vendorItemId"]) == wanted for item in sheet["orderItems"])
        )

    def box(self, line: str) -> str:
        return str(self.line(line)["box"])

    def acknowledge(self, *boxes: str, method: str = "PUT", v: str = "v4") -> dict[str, Any]:
        body = {"vendorId": self.vendor_id, "shipmentBoxIds": [int(box) for box in boxes]}
        return self.ask(method, "/ordersheets/acknowledgement", v=v, body=body).json()["data"]

    def row(self, line: str, number: str = "", **changes: Any) -> dict[str, Any]:
        order, item = line.split("-")
        return {
            "shipmentBoxId": int(self.box(line)),
            "orderId": int(order),
            "vendorItemId": int(item),
            "deliveryCompanyCode": "CJGLS",
            "invoiceNumber": number,
            "splitShipping": False,
            "preSplitShipped": False,
            "estimatedShippingDate": "",
        } | changes

    def behind(self, line: str, date: str = "2030-01-05", **changes: Any) -> dict[str, Any]:
        return self.row(line, "", splitShipping=True, estimatedShippingDate=date, **changes)

    def upload(self, *rows: dict[str, Any], call: str = "invoices") -> dict[str, Any]:
        body = {"vendorId": self.vendor_id, "orderSheetInvoiceApplyDtos": rows}
        return self.ask("POST", f"/orders/{call}", body=body).json()["data"]

    def put(self, path: str, *, v: str = "v4", method: str = "PUT", **body: Any) -> httpx.Response:
        return self.ask(method, path, v=v, body={"vendorId": self.vendor_id} | body)

    def returns(self, status: str | None = None, *, v: str = "v4", **query: Any) -> list[dict[str, Any]]:
        offset = "" if v == "v4" else "+09:00"
        wanted = {"createdAtFrom": day(-1) + offset, "createdAtTo": day(0) + offset} | query
        if status is not None:
            wanted["status"] = status
        answer = self.ask("GET", "/returnRequests", v=v, **wanted)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    def exchanges(self, status: str, **query: Any) -> list[dict[str, Any]]:
        wanted = {"createdAtFrom": day(-1) + "T00:00:00", "createdAtTo": day(0) + "T23:59:59", "status": status}
        answer = self.ask("GET", "/exchangeRequests", **(wanted | query))
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]


def write_query(query: dict[str, Any]) -> str:
    return "&".join(f"{name}={quote(str(value), safe=':')}" for name, value in query.items())


def day(offset: int) -> str:
    return f"{to_datetime(int((time.time() + offset * 86_400) * 1000)):%Y-%m-%d}"


def minute(offset_seconds: float) -> str:
    return f"{datetime.fromtimestamp(time.time() + offset_seconds, KST):%Y-%m-%dT%H:%M}"


def codes(data: dict[str, Any]) -> list[str]:
    return [row["resultCode"] for row in data["responseList"]]
