"""A real mall behind it: keys proved, orders collected, confirmed and told, jobs read; and the command line."""

import json
import os
import subprocess
import sys
import threading
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.core.wsgi import get_wsgi_application

from jumun.core.tenancy import acting_as
from jumun.dispatch.pushing import push_account
from jumun.intake.collecting import Asked, collect_account
from jumun.jobs.actions import finish_part
from tests.api.conftest import Api, token_for
from tests.making import House, good_number


@pytest.fixture
def served(committed):
    """The address of this process serving over HTTP."""
    with make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join(10)


class Quiet(WSGIRequestHandler):
    """Writes no log."""

    def log_message(self, *_arguments):
        """Nothing."""


def caller_at(desk, noon):
    return Api(token_for(House(desk.company, desk.owner, desk.account, desk.ship_from, noon)))


def test_an_order_goes_to_the_mall_and_back(desk, noon):
    api = caller_at(desk, noon)
    lines = {line for order in desk.mall.orders(3) for line in order["lines"]}
    assert api.post(f"/channel-accounts/{desk.account}/check").body == {"ok": True, "code": None, "reason": None}
    job = api.post("/collections", {"accounts": [desk.account], "auto_confirm": False}).body["job"]
    collect_account(desk.company, Asked(desk.account, job))
    with acting_as(desk.company):
        finish_part(job, at=noon)
    assert {item["line_no"] for item in api.walk("/items?status=paid", 2)} == lines
    confirmed = api.post("/items/actions/confirm", {"filter": {"status": ["paid"]}}).body
    assert (confirmed["done"], confirmed["refused_total"]) == (len(lines), 0)
    push_account(desk.company, desk.account)
    told = api.get(f"/jobs/{confirmed['job']}").body
    assert (told["kind"], told["total"], told["done"]) == ("confirm", len(lines), len(lines))
    assert {entry["outcome"] for entry in told["entries"]} == {"done"}
    assert api.post("/items/actions/release", {"filter": {"status": "preparing"}}).body["done"] == len(lines)
    bundles = [row["bundle_no"] for row in api.walk("/shipments", 200)]
    given = [{"bundle_no": bundle, "carrier": "cj", "number": good_number(n)} for n, bundle in enumerate(bundles)]
    assert api.post("/waybills", {"waybills": given}).body["done"] == len(lines)
    assert api.post("/items/actions/hand_over", {"filter": {"status": "labelled"}}).body["done"] == len(lines)
    sent = api.post("/items/actions/transmit", {"filter": {"status": "shipped"}}).body
    push_account(desk.company, desk.account)
    items = api.walk("/items", 200)
    assert {(item["status"], item["push"]) for item in items} == {("in_transit", "confirmed")}
    mall = desk.mall.state()["lines"]
    assert {item["line_no"]: item["waybill"] for item in items} == {line: mall[line]["waybill"] for line in lines}
    order = api.get(f"/orders/{items[0]['order_id']}").body
    assert {(row["verb"], row["state"]) for row in order["told"]} == {
        ("dispatch", "confirmed"),
        ("confirm", "confirmed"),
    }
    assert order["told"][0]["verb"] == "dispatch"
    undone = api.post(f"/batches/{sent['batch']}/undo").body
    assert (undone["done"], {row["code"] for row in undone["refused"]}) == (0, {"already_told"})


def test_keys_the_mall_refuses_are_told_with_their_reason(desk, noon):
    api = caller_at(desk, noon)
    path = f"/channel-accounts/{desk.account}"
    api.patch(path, {"credentials": {"client_id": "nobody"}})
    check = api.post(f"{path}/check", {}, Idempotency_Key="k").body
    assert (check["ok"], check["code"]) == (False, "bad_credentials")
    assert "키" in check["reason"]
    assert api.get(path).body["state_code"] == "bad_credentials"
    assert api.post(f"{path}/check", {}, Idempotency_Key="k").body == check


def test_the_command_line_prints_a_token_and_calls_with_it(desk, committed, served):
    env = os.environ | committed.database_env
    jumun = [sys.executable, "-m", "jumun.cli.main"]
    made = subprocess.run(
        [*jumun, "token", "--company", "desk", "--role", "clerk", "--days", "1"],
        env=env,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    bearer = made.stdout.strip()
    assert made.stdout == f"{bearer}\n"
    assert Api(bearer).get("/me").body["role"] == "clerk"

    def run(*arguments):
        return subprocess.run(
            [*jumun, "api", *arguments, "--token", bearer, "--url", served],
            env=env,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    me = run("GET", "/me")
    assert (me.returncode, json.loads(me.stdout)["company"]["slug"]) == (0, "desk")
    put = run("post", "/ship-froms", "--json", '{"code": "b", "name": "창고 B"}')
    assert (put.returncode, json.loads(put.stdout)["name"]) == (0, "창고 B")
    refused = run("GET", "/members", "--lang", "en")
    assert (refused.returncode, json.loads(refused.stdout)["code"]) == (1, "not_allowed")
    unknown = subprocess.run(
        [*jumun, "token", "--company", "nobody"], env=env, capture_output=True, text=True, check=False, timeout=60
    )
    assert (unknown.returncode, unknown.stdout) == (1, "")
