"""Faults: each does what its name says, to the call it is for, as often as asked."""

from __future__ import annotations

from typing import Any

import pytest

from .desk import Desk, codes, iso_before


def one_line(desk: Desk, **mix: Any) -> str:
    return desk.order_lines(1, lines=[1, 1], **mix)[0]


def confirm(desk: Desk, line: str) -> Any:
    return desk.seller("POST", "/confirm", json={"productOrderIds": [line]})


def confirm_into_nothing(desk: Desk, line: str) -> None:
    # httpx's in-process transport asserts that an answer is whole; test_server has the real broken connection.
    with pytest.raises(AssertionError):
        confirm(desk, line)


@pytest.mark.parametrize(
    ("fault", "status", "applied"),
    [
        ({"fault": "timeout", "seconds": 0.01}, 504, False),
        ({"fault": "timeout_after", "seconds": 0.01}, 200, True),
        ({"fault": "slow", "seconds": 0.01}, 200, True),
        ({"fault": "error500"}, 500, False),
        ({"fault": "error500", "apply": True}, 500, True),
        ({"fault": "error503"}, 503, False),
        ({"fault": "html200"}, 200, False),
        ({"fault": "truncated_json"}, 200, True),
        ({"fault": "wrong_charset"}, 200, True),
        ({"fault": "big_body", "megabytes": 0.1}, 200, True),
        ({"fault": "rate_limit"}, 429, False),
        ({"fault": "unauthorized"}, 401, False),
        ({"fault": "ip_not_allowed"}, 403, False),
        ({"fault": "empty"}, 200, False),
    ],
)
def test_a_fault_meets_one_call_and_is_gone(desk: Desk, fault: dict[str, Any], status: int, applied: bool) -> None:
    line = one_line(desk)
    desk.control("faults", call="confirm", **fault)
    assert desk.changes()["count"] == 1, "another call passes"
    assert confirm(desk, line).status_code == status
    assert desk.line(line)["place_status"] == ("OK" if applied else "NOT_YET")
    assert len(desk.state()["effects"]) == int(applied)
    assert desk.call("GET", "/control/faults").json()["faults"] == []
    assert codes(confirm(desk, line).json()["data"]) == (["105306"] if applied else [])


@pytest.mark.parametrize(("fault", "applied"), [("cut", False), ("cut_after", True)])
def test_a_cut_answers_nothing(desk: Desk, fault: str, applied: bool) -> None:
    line = one_line(desk)
    desk.control("faults", call="confirm", fault=fault)
    confirm_into_nothing(desk, line)
    assert len(desk.state()["effects"]) == int(applied)
    assert {"0": 1} in [row["statuses"] for row in desk.call("GET", "/control/calls").json()["calls"]]


def test_apply_late_answers_nothing_and_applies_later(desk: Desk) -> None:
    line = one_line(desk)
    desk.control("faults", call="confirm", fault="apply_late", seconds=0.05)
    confirm_into_nothing(desk, line)
    assert desk.line(line)["place_status"] == "NOT_YET"
    desk.let_time_pass(0.1)
    assert desk.line(line)["place_status"] == "OK"


def test_a_reset_calls_late_work_off(desk: Desk) -> None:
    line = one_line(desk)
    desk.control("faults", call="confirm", fault="apply_late", seconds=0.05)
    confirm_into_nothing(desk, line)
    desk.control("reset")
    desk.let_time_pass(0.1)
    assert desk.state() == {"lines": {}, "effects": []}


def test_one_refused_line_stops_nobody(desk: Desk) -> None:
    lines = desk.order_lines(5)
    desk.control("faults", call="confirm", fault="refuse_line", line_no=lines[2], code="9999", message="처리 불가")
    done = desk.confirm(*lines)
    assert done["failProductOrderInfos"] == [{"productOrderId": lines[2], "code": "9999", "message": "처리 불가"}]
    assert len(done["successProductOrderInfos"]) == len(lines) - 1
    assert len(desk.confirm(lines[2])["successProductOrderInfos"]) == 1


def test_a_refusal_waits_for_its_line(desk: Desk) -> None:
    first, second = one_line(desk), one_line(desk)
    desk.control("faults", call="*", fault="refuse_line", line_no=second, code="9999", times=None)
    assert codes(desk.confirm(first)) == []
    assert codes(desk.confirm(second)) == ["9999"]
    assert codes(desk.confirm(second)) == ["9999"]
    desk.call("DELETE", "/control/faults")
    assert codes(desk.confirm(second)) == []


def test_fields_go_missing_and_words_are_new(desk: Desk) -> None:
    first, second = desk.order_lines(1, lines=[2, 2])
    body = {"productOrderIds": [first, second]}
    desk.control("faults", call="query", fault="null_fields")
    desk.control("faults", call="query", fault="unknown_enum", line_no=second)
    desk.control("faults", call="query", fault="missing_fields", fields=["zipCode"])
    nulls = desk.seller("POST", "/query", json=body).json()["data"]
    assert [row["productOrder"]["shippingAddress"]["tel1"] for row in nulls] == [None, None]
    news = desk.seller("POST", "/query", json=body).json()["data"]
    assert [row["productOrder"]["productOrderStatus"] for row in news] == ["PAYED", "SOMETHING_NEW"]
    gone = desk.seller("POST", "/query", json=body).json()["data"]
    assert all("zipCode" not in row["productOrder"]["shippingAddress"] for row in gone)


def test_times_after_and_account_choose_the_calls(desk: Desk) -> None:
    query = {"lastChangedFrom": iso_before(5)}
    desk.control("faults", call="last-changed-statuses", fault="error500", times=2, after=1, account="store-a")
    desk.control("faults", call="last-changed-statuses", fault="error503", account="store-b")
    got = [desk.seller("GET", "/last-changed-statuses", params=query).status_code for _ in range(4)]
    assert got == [200, 500, 500, 200]
    assert [fault["fault"] for fault in desk.call("GET", "/control/faults").json()["faults"]] == ["error503"]


def test_tokens_fail_and_are_revoked(desk: Desk) -> None:
    desk.control("faults", call="token", fault="ip_not_allowed")
    assert desk.ask_token().json()["code"] == "GW.IP_NOT_ALLOWED"
    desk.control("faults", call="query", fault="unauthorized", revoke=True)
    old = desk.token
    assert desk.seller("POST", "/query", json={"productOrderIds": ["1"]}).status_code == 401
    desk.log_in()
    assert desk.token != old
    desk.control("faults", call="query", fault="rate_limit", retry_after=7)
    limited = desk.seller("POST", "/query", json={"productOrderIds": ["1"]})
    assert (limited.headers["Retry-After"], limited.headers["GNCP-GW-RateLimit-Remaining"]) == ("7", "0")


def test_a_truncated_answer_is_no_json(desk: Desk) -> None:
    line = one_line(desk)
    desk.control("faults", call="query", fault="truncated_json")
    with pytest.raises(ValueError, match="."):
        desk.seller("POST", "/query", json={"productOrderIds": [line]}).json()


@pytest.mark.parametrize(
    "wrong", [{"fault": "gremlins"}, {"fault": "cut", "times": 0}, {"fault": "slow", "seconds": "x"}]
)
def test_a_fault_that_makes_no_sense_is_a_422(desk: Desk, wrong: dict[str, Any]) -> None:
    answer = desk.call("POST", "/control/faults", json={"channel": "naver", "call": "query"} | wrong)
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_fault")
