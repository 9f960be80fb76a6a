"""Coupang's signature, 401 texts, throttle, Date header, accounts (channels.md §2.1, §10.19)."""

from __future__ import annotations

import time
from email.utils import parsedate_to_datetime
from typing import Any

import pytest

from jumun.simulator.coupang.signing import sign

from .wing import API, Wing, day


def get_list(wing: Wing, **signing: Any) -> Any:
    query = f"createdAtFrom={day(-1)}&createdAtTo={day(0)}&status=ACCEPT&maxPerPage=50"
    return wing.ask_raw("GET", f"{API}/v4/vendors/{wing.vendor_id}/ordersheets", query, **signing)


def test_the_signature_is_the_documented_one() -> None:
    """§2.1: the self-made vector."""
    signature = sign(
        secret_key="sim-secret-key",
        signed_date="260102T030405Z",
        method="GET",
        path="/v2/providers/openapi/apis/api/v4/vendors/A00012345/ordersheets",
        query="createdAtFrom=2026-01-01&createdAtTo=2026-01-02&status=ACCEPT&maxPerPage=50",
    )
    assert signature == "262b7506b49abcad15688b10a2fd5597593756cfcc96dadf8bb997db3482ec12"


def test_a_card_has_what_a_connector_needs(wing: Wing) -> None:
    """DESIGN §5: base_url ends in /coupang; the same key always has the same credentials."""
    assert wing.card["base_url"] == "http://sim/coupang"
    assert set(wing.card["credentials"]) == {"vendor_id", "access_key", "secret_key"}
    assert wing.card == wing.control("accounts", key="wing-a") != wing.control("accounts", key="wing-b")
    assert get_list(wing).status_code == 200


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"header": "Bearer x"}, "HMAC format is invalid."),
        ({"header": "CEA algorithm=HmacSHA256, access-key=a, signed-date=261302T030405Z, signature=ab"}, None),
        ({"access_key": "nobody"}, "Request is not authorized."),
        ({"secret_key": "other"}, "Request is not authorized."),
        ({"path": "/coupang/v2"}, "Request is not authorized."),
        ({"query": "createdAtFrom"}, "Request is not authorized."),
        ({"method": "POST"}, "Request is not authorized."),
        ({"at_ms": int((time.time() - 400) * 1000)}, "Specified signature is expired."),
        ({"at_ms": int((time.time() + 3_600) * 1000)}, "Specified signature is expired."),
    ],
)
def test_each_wrong_signature_has_its_text(wing: Wing, wrong: dict[str, Any], message: str | None) -> None:
    """§10.19: 401 {code, message, transactionId} in the exact words."""
    signed = {"path": f"{API}/v4/vendors/{wing.vendor_id}/ordersheets", "query": ""} | wrong
    header = signed.pop("header", None)
    if header is None:
        from jumun.simulator.coupang.signing import write_header

        keys = wing.card["credentials"]
        given = {"access_key": keys["access_key"], "secret_key": keys["secret_key"], "method": "GET"}
        header = write_header(**(given | {"at_ms": int(time.time() * 1000)} | signed))
    answer = get_list(wing, header=header)
    assert answer.status_code == 401
    body = answer.json()
    assert (body["code"], body["message"]) == ("ERROR", message or "HMAC format is invalid.")
    assert body["transactionId"]


def test_a_clock_four_minutes_off_is_taken(wing: Wing) -> None:
    """§2.6: ±5 minutes."""
    assert get_list(wing, at_ms=int((time.time() - 240) * 1000)).status_code == 200


def test_another_vendors_path_is_not_authorized(wing: Wing) -> None:
    other = wing.control("accounts", key="wing-b")["credentials"]["vendor_id"]
    answer = wing.ask_raw("GET", f"{API}/v4/vendors/{other}/ordersheets", "status=ACCEPT")
    assert (answer.status_code, answer.json()["message"]) == (401, "Request is not authorized.")


def test_eleven_calls_a_second_are_one_too_many(wing: Wing) -> None:
    """§2.1: 429 from 10 a second, X-CAG-Warnings from 90 %; it clears with time."""
    wing.world.clock.rate = 0.0  # all within one second, however slow this machine is
    wing.settings(coupang__rps=10)
    answers = [get_list(wing) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    assert ["X-CAG-Warnings" in answer.headers for answer in answers] == [False] * 8 + [True] * 3
    wing.control("clock", advance_seconds=2)
    assert get_list(wing).status_code == 200


def test_a_block_may_last_for_minutes(wing: Wing) -> None:
    """§2.1: the block clears after minutes."""
    wing.world.clock.rate = 0.0
    wing.settings(coupang__rps=1, coupang__block_seconds=120)
    assert [get_list(wing).status_code for _ in range(2)] == [200, 429]
    wing.control("clock", advance_seconds=60)
    assert get_list(wing).status_code == 429
    wing.control("clock", advance_seconds=61)
    assert get_list(wing).status_code == 200


def test_the_date_header_is_the_malls_clock(wing: Wing) -> None:
    wing.control("clock", advance_seconds=86_400)
    told = parsedate_to_datetime(get_list(wing).headers["Date"]).timestamp()
    assert abs(told - time.time() - 86_400) < 5


def test_a_skewed_gateway_wants_its_own_time(wing: Wing) -> None:
    """A seller whose clock is wrong learns the right time from the Date header of the 401."""
    wing.settings(coupang__clock_skew_seconds=1_800)
    refused = get_list(wing)
    assert (refused.status_code, refused.json()["message"]) == (401, "Specified signature is expired.")
    told = parsedate_to_datetime(refused.headers["Date"]).timestamp()
    assert get_list(wing, at_ms=int(told * 1000)).status_code == 200


def test_an_unknown_path_or_version_is_a_404(wing: Wing) -> None:
    """§2.1: each call has its versions."""
    assert wing.ask("GET", "/nothing").status_code == 404
    assert wing.ask("POST", "/orders/invoices", v="v5", body={}).status_code == 404


def test_calls_are_counted_by_their_last_word(wing: Wing) -> None:
    wing.ask("GET", "/ordersheets/640000000000000000")
    rows = [row for row in wing.send("GET", "/control/calls").json()["calls"] if row["account"] == "wing-a"]
    assert [(row["call"], row["path"].rsplit("/", 1)[1]) for row in rows] == [("ordersheets", "{box_id}")]
