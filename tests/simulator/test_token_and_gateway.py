"""The door of the fake Naver: signature, tokens, quota, rate limit, headers."""

from __future__ import annotations

import time

import bcrypt
import pytest

from jumun.simulator.naver.token import is_signed, make_secret, normalise_salt, sign

from .desk import ORDERS, Desk, iso_before

OFFICIAL = {
    "client_id": "aaaabbbbcccc",
    "client_secret": "$2a$10$abcdefghijklmnopqrstuv",
    "timestamp": "1643961623299",
}
OFFICIAL_SIGN = "JDJhJDEwJGFiY2RlZmdoaWprbG1ub3BxcnN0dXVCVldZSk42T0VPdEx1OFY0cDQxa2IuTnpVaUEzbmsy"


def test_the_official_signature_is_accepted() -> None:
    assert sign(**OFFICIAL) == OFFICIAL_SIGN
    assert is_signed(**OFFICIAL, signature=OFFICIAL_SIGN)
    assert not is_signed(**OFFICIAL | {"timestamp": "1643961623300"}, signature=OFFICIAL_SIGN)


@pytest.mark.parametrize("key", ["store-a", "store-b", "x"])
def test_a_secret_is_a_salt_every_bcrypt_takes_as_it_is(key: str) -> None:
    secret = make_secret(key)
    assert len(secret) == 29
    assert secret == normalise_salt(secret) == make_secret(key)
    assert bcrypt.hashpw(b"x", secret.encode()).startswith(secret.encode())


def test_the_same_token_comes_back_while_half_an_hour_is_left(desk: Desk) -> None:
    first = desk.ask_token().json()
    assert first["token_type"] == "Bearer"
    assert 10_790 <= first["expires_in"] <= 10_800
    desk.control("clock", advance_seconds=10_800 - 1_860)
    assert desk.ask_token().json()["access_token"] == first["access_token"]
    desk.control("clock", advance_seconds=120)
    second = desk.ask_token().json()
    assert second["access_token"] != first["access_token"]
    assert desk.seller("POST", "/query", json={"productOrderIds": ["1"]}).status_code == 200, "the old one lives on"
    desk.control("clock", advance_seconds=1_800)
    late = desk.seller("POST", "/query", json={"productOrderIds": ["1"]})
    assert (late.status_code, late.json()["code"]) == (401, "GW.AUTHN")


def test_a_wrong_or_old_signature_is_refused(desk: Desk) -> None:
    old = str(int(time.time() * 1000) - 301_000)
    for changes, name in (
        ({"client_secret_sign": "bm90IGl0"}, "client_secret_sign"),
        ({"timestamp": old}, "timestamp"),
        ({"type": "SELLER"}, "account_id"),
        ({"client_id": "nobody"}, "client_id"),
        ({"grant_type": "password"}, "grant_type"),
    ):
        answer = desk.ask_token(**changes)
        assert answer.status_code == 400
        assert answer.json()["invalidInputs"][0]["name"] == name
    assert desk.ask_token(type="SELLER", account_id="ncp_1").status_code == 200


def test_a_token_call_in_the_query_string_is_served_once_an_hour(desk: Desk) -> None:
    assert desk.ask_token(in_query=True).status_code == 200
    second = desk.ask_token(in_query=True)
    assert (second.status_code, second.json()["code"]) == (429, "GW.QUOTA_LIMIT")
    assert second.headers["gncp-gw-quota-limit"] == "1"
    assert second.headers["gncp-gw-quota-period"] == "HOURS"
    assert second.headers["gncp-gw-quota-remaining"] == "0"
    assert desk.ask_token().status_code == 200
    desk.control("clock", advance_seconds=3_600)
    assert desk.ask_token(in_query=True).status_code == 200


def test_two_calls_a_second_and_a_burst_of_four_for_each_api(desk: Desk) -> None:
    desk.settings(naver__rps=2)
    desk.control("clock", advance_seconds=10)
    wanted = {"json": {"productOrderIds": ["1"]}}
    answers = [desk.seller("POST", "/query", **wanted) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429, 429]
    assert answers[0].headers["GNCP-GW-RateLimit-Replenish-Rate"] == "2"
    assert answers[0].headers["GNCP-GW-RateLimit-Burst-Capacity"] == "4"
    assert answers[0].headers["GNCP-GW-RateLimit-Remaining"] == "3"
    assert answers[0].headers["GNCP-GW-Trace-ID"]
    assert answers[4].json()["code"] == "GW.RATE_LIMIT"
    assert answers[4].headers["GNCP-GW-RateLimit-Remaining"] == "0"
    assert desk.seller("POST", "/confirm", json={"productOrderIds": ["1"]}).status_code == 200, "another API"
    desk.control("clock", advance_seconds=1)
    assert [desk.seller("POST", "/query", **wanted).status_code for _ in range(3)] == [200, 200, 429]
    counted = {row["call"]: row for row in desk.call("GET", "/control/calls").json()["calls"]}
    assert counted["query"]["count"] == 9
    assert counted["query"]["statuses"] == {"200": 6, "429": 3}
    assert len(counted["query"]["at"]) == 9


def test_without_a_token_nothing_and_elsewhere_nothing(desk: Desk) -> None:
    bare = desk.call("GET", f"{ORDERS}/last-changed-statuses", params={"lastChangedFrom": iso_before(5)})
    assert (bare.status_code, bare.json()["code"]) == (401, "GW.AUTHN")
    assert set(bare.json()) == {"code", "message", "timestamp", "traceId"}
    nowhere = desk.seller("GET", "/naver/external/v2/nothing")
    assert (nowhere.status_code, nowhere.json()["code"]) == (404, "GW.NOT_FOUND")


def test_one_store_never_sees_the_other(desk: Desk) -> None:
    line = desk.order_lines()[0]
    desk.log_in("store-b")
    assert desk.changes()["count"] == 0
    assert desk.seller("POST", "/query", json={"productOrderIds": [line]}).json()["data"] == []
    assert [info["code"] for info in desk.confirm(line)["failProductOrderInfos"]] == ["100001"]
