"""GET /channel-accounts says how an account stands, in the caller's language."""

import json
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jumun.channels.actions import AccountFields, create_account
from jumun.channels.models import Breaker, ChannelAccount
from jumun.companies.roles import Role
from jumun.companies.tokens import make_token
from jumun.connectors.naver.connector import PROFILE
from jumun.core.clock import in_kst, now
from jumun.core.sentences import sentence
from jumun.core.tenancy import acting_as
from jumun.jobs.actions import EntryRow, open_job, record_entries
from tests.making import open_house


@pytest.fixture
def shop(db):
    return open_house(now(), "shop")


@pytest.fixture
def call(shop):
    """`call(method, path, body)`: the status and the JSON of the answer, in English unless told otherwise."""
    with acting_as(shop.company):
        token = make_token(
            company_id=shop.company, person_id=shop.owner, name="t", role=Role.OWNER, expires_at=None, at=now()
        )
    bearer = token if isinstance(token, str) else token.bearer

    def send(method, path, body=None, language="en"):
        answer = Client(raise_request_exception=False).generic(
            method,
            f"/api/v1{path}",
            json.dumps(body) if body is not None else "",
            content_type="application/json",
            headers={"Authorization": f"Bearer {bearer}", "Accept-Language": language},
        )
        return answer.status_code, json.loads(answer.content)

    return send


def the_account(call, **more):
    return call("GET", "/channel-accounts", **more)[1]["items"][0]


def test_a_sound_account(shop, call):
    found = the_account(call)
    assert found["concerns"] == []
    assert found["breaker"] == {"state": "closed", "failures": 0, "next_try_at": None}
    assert found["keys"] == {
        "set_on": in_kst(now()).date().isoformat(),
        "expire_on": None,
        "estimated": False,
        "days_left": None,
        "renew": {"ko": PROFILE.renew_keys[0], "en": PROFILE.renew_keys[1]},
    }
    assert (found["clock_skew"], found["last_collection"], found["next_collection_at"]) == (None, None, None)
    assert {"call": "*", "per_second": 2.0, "burst": 2} in found["rates"]
    assert "transmit" in found["can"] and "correct_waybill" in found["cannot"]
    assert set(found["can"]).isdisjoint(found["cannot"])
    assert found["notes"][0]["en"].startswith("A number that was sent")


def test_everything_that_needs_a_look_is_named_with_what_to_do(shop, call):
    """R11, R31 and the countdown, in the caller's language."""
    until = now() + timedelta(minutes=2)
    with acting_as(shop.company):
        ChannelAccount.objects.update(
            clock_skew=95, keys_expire_on=in_kst(now()).date() + timedelta(days=5), auto_collect=True
        )
        Breaker.objects.create(company_id=shop.company, account_id=shop.account, failures=6, open_until=until)
    found = the_account(call)
    assert [(each["code"], each["urgency"]) for each in found["concerns"]] == [
        ("channel_resting", "late"),
        ("keys_expiring", "soon"),
        ("clock_skew", "soon"),
    ]
    assert found["concerns"][2]["reason"] == sentence("clock_skew", "en", seconds=95)
    assert the_account(call, language="ko")["concerns"][2]["reason"] == sentence("clock_skew", seconds=95)
    assert (found["breaker"]["state"], found["breaker"]["failures"]) == ("open", 6)
    assert found["breaker"]["next_try_at"][:19] == until.isoformat()[:19]
    assert (found["keys"]["days_left"], found["clock_skew"]) == (5, 95)
    assert found["next_collection_at"][15:19] == "0:00"
    with acting_as(shop.company):
        Breaker.objects.update(open_until=now() - timedelta(seconds=1))
    assert the_account(call)["breaker"]["state"] == "half_open"


def test_the_last_collection_and_its_outcome(shop, call):
    with acting_as(shop.company):
        for code in ("", "ip_not_allowed"):
            job = open_job(company_id=shop.company, kind="collect", family="mall", parts=1, by=None, at=shop.at)
            outcome = "failed" if code else "done"
            record_entries(job, [EntryRow(f"account:{shop.account}", "A", outcome, code)], at=shop.at)
        open_job(company_id=shop.company, kind="collect", family="mall", parts=1, by=None, at=shop.at)
    last = the_account(call)["last_collection"]
    assert (last["job"], last["outcome"], last["code"]) == (job, "failed", "ip_not_allowed")
    assert last["reason"] == sentence("ip_not_allowed", "en")


def test_the_last_day_of_the_keys_is_stated(shop, call):
    status, found = call("PATCH", f"/channel-accounts/{shop.account}", {"keys_expire_on": "2027-03-31"})
    assert (status, found["keys"]["expire_on"], found["keys"]["estimated"]) == (200, "2027-03-31", False)
    status, made = call(
        "POST",
        "/channel-accounts",
        {
            "channel": "naver",
            "name": "둘째",
            "key": "two",
            "credentials": {"client_id": "a", "client_secret": "b"},
            "keys_expire_on": "2027-01-01",
        },
    )
    assert (status, made["keys"]["expire_on"]) == (201, "2027-01-01")


@pytest.mark.parametrize("day", [0, 20270331, "2027-3-31", "2027-02-30", "2027-03-31T00:00:00Z", "1970-01-01", True])
def test_a_day_is_a_day(shop, call, day):
    status, problem = call("PATCH", f"/channel-accounts/{shop.account}", {"keys_expire_on": day})
    assert (status, problem["code"]) == (422, "invalid") or status == 400
    with acting_as(shop.company):
        assert ChannelAccount.objects.get().keys_expire_on is None


def test_the_list_takes_as_many_statements_for_many_accounts(shop, call):
    def statements():
        with CaptureQueriesContext(connection) as queries:
            call("GET", "/channel-accounts")
        return len(queries)

    call("GET", "/channel-accounts")  # notes that the token was used
    before = statements()
    with acting_as(shop.company):
        for number in range(5):
            made = create_account(
                shop.company,
                "naver",
                AccountFields(name=f"{number}", key=f"k{number}", credentials={"client_id": "a", "client_secret": "b"}),
                at=now(),
            )
            Breaker.objects.create(company_id=shop.company, account_id=made, failures=1)
    assert statements() == before
    assert date.fromisoformat(the_account(call)["keys"]["set_on"])
