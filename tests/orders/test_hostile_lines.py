"""Whatever a channel or a person sends, one bad line takes no good one with it (DESIGN §6, R17, R18)."""

from decimal import Decimal

import pytest
from tests.dispatch.test_faults import ALL
from tests.making import good_number, make_line

from jumun.channels.port import Address, ClaimKind, ClaimSnapshot, ClaimStage, Stage
from jumun.orders.actions.catch_up import catch_up
from jumun.orders.selection import Selection


def _bad_line(at, bad):
    more = {"line_key": "b", **bad}
    return make_line("B1", more.pop("line_key"), at, **more)


def of(*items):
    return Selection(ids=tuple(item.id for item in items))


@pytest.mark.parametrize(
    "bad",
    [
        {"recipient": Address(name="J", country="United States", address1="1")},
        {"product_name": "\ud800"},
        {"raw": {"x": "\ud800"}},
        {"line_key": "b\x00"},
        {"stage_raw": "\x00"},
        {"waybill": "\ud83d"},
        {"quantity": 3_000_000_000},
        {"quantity": 0},
        {"currency": "KRWON"},
        {"amount": Decimal(10**13)},
    ],
)
def test_one_hostile_line_takes_no_good_line_with_it(house, noon, bad):
    house.store([make_line("A1", "a", noon), _bad_line(noon, bad)])
    assert [item.line_no for item in house.items("A1")] == ["a"]


def test_text_that_only_looks_like_nul_is_kept(house, noon):
    house.order("A1", "a", raw={"memo": "a\\u0000b", "nul": "c\x00d"})
    from jumun.orders.models import RawPayload

    assert RawPayload.objects.get().payload == {"memo": "a\\u0000b", "nul": "cd"}


def test_a_claim_of_an_unknown_word_stops_the_parcel(house, noon):
    house.order("A1", "a")
    claim = ClaimSnapshot(ClaimKind.CANCEL, ClaimStage.REQUESTED, "C1", 1)
    catch_up(house.account, [make_line("A1", "a", noon, stage=Stage.UNKNOWN, claim=claim)], at=noon)
    assert house.items()[0].claim_open


def test_hostile_words_of_a_person_are_refused_not_a_failure(house, noon):
    from jumun.core.errors import JumunError
    from jumun.dispatch.doing import act
    from jumun.waybills.actions import GivenWaybill, save_waybills

    house.order("A1", "a")
    for params in ({"note": "a\x00"}, {"until": "9999-12-31T23:59:59-12:00"}):
        with pytest.raises(JumunError, match="."):
            act("hold", ALL, params={"reason": "other", **params}, by=None, at=noon)
    with pytest.raises(JumunError):
        act("release", Selection(ids=(2**63,)), by=None, at=noon)
    assert (
        save_waybills([GivenWaybill("cj", good_number(1), bundle_no="B\x00")], by=None, at=noon).rows[0].code
        == "not_found"
    )
