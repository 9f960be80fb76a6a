"""A channel whose unit is a box: confirmed, sent, split and corrected by the box (Coupang, channels.md §2.3)."""

from collections import Counter
from datetime import timedelta

import pytest
from tests.dispatch.test_faults import collect, push_until_settled, ship
from tests.making import good_number

from jumun.core.clock import now
from jumun.core.tenancy import acting_as
from jumun.dispatch.actions import confirm, save_waybills, transmit
from jumun.dispatch.models import Effect
from jumun.dispatch.syncing import sync_account
from jumun.orders.actions.hand_over import hand_over
from jumun.orders.actions.label import NewWaybill, label
from jumun.orders.actions.release import release
from jumun.orders.actions.take_out import take_out
from jumun.orders.filters import ItemFilter
from jumun.orders.models import OrderItem, Recipient
from jumun.orders.selection import Selection
from jumun.waybills.actions import GivenWaybill

ALL = Selection(filter=ItemFilter())
SHIPPED = Selection(filter=ItemFilter(status=("shipped",)))


@pytest.fixture(autouse=True)
def _quickly(settings, monkeypatch):
    monkeypatch.setattr(settings.ENV, "settle_grace", 0.2)
    monkeypatch.setattr(settings.ENV, "settle_delays", "0.05,0.1,0.1,0.2,0.2")


def items(desk):
    with acting_as(desk.company):
        return list(OrderItem.objects.order_by("line_no"))


def act(desk, action, chosen=ALL):
    with acting_as(desk.company):
        return action(chosen, by=desk.owner, at=now())


def sent(desk):
    """Lines the mall took as sent, with the number each was sent with."""
    return sorted((effect["line_no"], effect["waybill"]) for effect in desk.mall.effects("invoices"))


def statuses(desk):
    return Counter(item.status for item in items(desk))


def test_orders_go_all_the_way(wing):
    """P1–P12, P30–P34 on Coupang: every line confirmed once, sent once with its number, delivered."""
    lines = collect(wing, count=6, lines=[1, 3])
    assert statuses(wing) == {"paid": len(lines)}
    act(wing, confirm)
    push_until_settled(wing)
    assert statuses(wing) == {"preparing": len(lines)}
    ship(wing)
    act(wing, transmit, SHIPPED)
    push_until_settled(wing)
    assert {(item.status, item.push) for item in items(wing)} == {("in_transit", "confirmed")}
    assert sent(wing) == sorted((item.line_no, item.waybill) for item in items(wing))
    assert sorted(effect["line_no"] for effect in wing.mall.effects("acknowledgement")) == lines
    wing.mall.event("deliver", lines=lines)
    sync_account(wing.company, wing.account)
    assert statuses(wing) == {"delivered": len(lines)}


def test_confirming_one_line_confirms_its_box(wing):
    """DESIGN §2: what the channel is told goes in its own unit; the job and the items say so."""
    collect(wing, count=1, lines=[3, 3])
    first = items(wing)[0]
    mates = [item for item in items(wing) if item.unit == first.unit]
    outcome = act(wing, confirm, Selection(ids=(first.id,)))
    assert outcome.done == len(mates)
    push_until_settled(wing)
    assert {item.status for item in items(wing) if item.unit == first.unit} == {"preparing"}


def test_an_address_changed_before_the_confirmation_is_read_again_after_it(wing):
    """2c: the buyer may change the address while 결제완료, so the receiver is read after 상품준비중."""
    (line,) = collect(wing, count=1, lines=[1, 1])
    wing.mall.event("address_change", line_no=line, addr1="부산 해운대구 센텀로 1", name="이바뀜")
    act(wing, confirm)
    push_until_settled(wing)
    with acting_as(wing.company):
        recipient = Recipient.objects.get()
    assert (recipient.name, recipient.address1) == ("이바뀜", "부산 해운대구 센텀로 1")


def test_a_confirmation_the_mall_shows_late_is_not_taken_for_a_refusal(wing):
    """channels.md §10.13: ACCEPT may be shown for half an hour after an accepted acknowledgement."""
    wing.mall.post("settings", **{"coupang.ack_shows_late": 600})
    collect(wing, count=2)
    act(wing, confirm)
    push_until_settled(wing)
    assert set(statuses(wing)) == {"preparing"}
    ship(wing)
    act(wing, transmit, SHIPPED)
    push_until_settled(wing)
    assert set(statuses(wing)) == {"in_transit"}


def two_parcels(desk):
    """One box of two or three lines whose first line left in a parcel of its own."""
    collect(desk, count=1, lines=[3, 3], confirmed=1)
    box = Counter(item.unit for item in items(desk)).most_common(1)[0]
    assert box[1] >= 2, "the seed must give a box of several lines"
    alone = next(item for item in items(desk) if item.unit == box[0])
    act(desk, take_out, Selection(ids=(alone.id,)))
    act(desk, release)
    with acting_as(desk.company):
        shipments = list(dict.fromkeys(OrderItem.objects.order_by("id").values_list("shipment_id", flat=True)))
        label(
            [
                NewWaybill(
                    OrderItem.objects.filter(shipment_id=shipment).order_by("id")[0].id, "cj", good_number(place)
                )
                for place, shipment in enumerate(shipments)
            ],
            by=desk.owner,
            at=now(),
        )
    return alone, box[0]


def test_a_box_is_sent_in_parts_and_each_part_is_told_once(wing):
    """분리배송: the first part gets a new box, the later one goes with 분리배송 remark; lines keep their keys."""
    alone, box = two_parcels(wing)
    act(wing, hand_over, Selection(ids=(alone.id,)))
    act(wing, transmit, SHIPPED)
    push_until_settled(wing)
    first = next(item for item in items(wing) if item.id == alone.id)
    assert (first.status, sent(wing)) == ("in_transit", [(alone.line_no, first.waybill)])
    sync_account(wing.company, wing.account)
    first = next(item for item in items(wing) if item.id == alone.id)
    assert first.unit != box
    act(wing, hand_over)
    act(wing, transmit, SHIPPED)
    push_until_settled(wing)
    assert {(item.status, item.push) for item in items(wing)} == {("in_transit", "confirmed")}
    assert sent(wing) == sorted((item.line_no, item.waybill) for item in items(wing))


def test_two_parcels_of_one_box_told_together_are_told_one_after_the_other(wing):
    """Both left before anyone told the channel: two effects of one unit, each once."""
    two_parcels(wing)
    act(wing, hand_over)
    act(wing, transmit, SHIPPED)
    push_until_settled(wing)
    assert {(item.status, item.push, item.push_code) for item in items(wing)} == {("in_transit", "confirmed", "")}
    assert sent(wing) == sorted((item.line_no, item.waybill) for item in items(wing))


def test_a_line_with_an_open_cancel_is_left_out_and_the_rest_of_the_box_goes(wing):
    """P31, R20: transmit re-reads its lines; the claimed one stays with its reason."""
    collect(wing, count=1, lines=[3, 3], confirmed=1)
    ship(wing)
    box = Counter(item.unit for item in items(wing)).most_common(1)[0]
    assert box[1] >= 2
    claimed = next(item for item in items(wing) if item.unit == box[0])
    wing.mall.event("cancel_request", line_no=claimed.line_no)
    act(wing, transmit, SHIPPED)
    push_until_settled(wing)
    by_line = {item.line_no: item for item in items(wing)}
    assert (by_line[claimed.line_no].status, by_line[claimed.line_no].push_code) == ("shipped", "claim_open")
    rest = {item.status for line, item in by_line.items() if line != claimed.line_no}
    assert rest == {"in_transit"}
    assert claimed.line_no not in dict(sent(wing))


@pytest.mark.parametrize("fault", ["timeout_after", "cut_after", "truncated_json", "html200"])
@pytest.mark.parametrize("call", ["acknowledgement", "invoices", "updateInvoices"])
def test_an_answer_lost_after_applying_is_read_back(wing, call, fault, settings, monkeypatch):
    """R02, R06: read back by order and line key, never sent again blind."""
    monkeypatch.setattr(settings.ENV, "channel_timeout", 0.5)
    wing.mall.fault(call, fault)
    lines = collect(wing, count=2)
    act(wing, confirm)
    push_until_settled(wing)
    ship(wing)
    act(wing, transmit, SHIPPED)
    push_until_settled(wing)
    assert {(item.status, item.push) for item in items(wing)} == {("in_transit", "confirmed")}
    correct(wing)
    push_until_settled(wing)
    for each in ("acknowledgement", "invoices"):
        assert sorted(effect["line_no"] for effect in wing.mall.effects(each)) == lines
    state = wing.mall.state()["lines"]
    assert {state[item.line_no]["waybill"] for item in items(wing)} == {item.waybill for item in items(wing)}


def correct(desk, serial=500):
    """Give every shipment in transit another number."""
    with acting_as(desk.company):
        first = {}
        for item in OrderItem.objects.filter(status="in_transit").order_by("id"):
            first.setdefault(item.shipment_id, item.id)
        given = [
            GivenWaybill("cj", good_number(serial + place), item=item) for place, item in enumerate(first.values())
        ]
        return save_waybills(given, by=desk.owner, at=now(), corrects=True)


def test_a_told_number_is_corrected_on_the_channel(wing):
    """N11: `updateInvoices`, once a line; the item takes the number when the channel accepted it."""
    lines = collect(wing, count=2, confirmed=1)
    ship(wing)
    act(wing, transmit, SHIPPED)
    push_until_settled(wing)
    before = {item.line_no: item.waybill for item in items(wing)}
    saved = correct(wing)
    assert (saved.outcome.done, saved.outcome.refused_total) == (len(lines), 0)
    assert saved.outcome.job is not None
    assert {item.line_no: item.waybill for item in items(wing)} == before
    push_until_settled(wing)
    after = {item.line_no: (item.waybill, item.push, item.status) for item in items(wing)}
    told = {effect["line_no"]: effect["waybill"] for effect in wing.mall.effects("updateInvoices")}
    assert after == {line: (told[line], "confirmed", "in_transit") for line in lines}
    with acting_as(wing.company):
        assert {item.shipment.waybill for item in OrderItem.objects.select_related("shipment")} == set(told.values())
        again = save_waybills(
            [GivenWaybill("cj", item.waybill, item=item.id) for item in OrderItem.objects.all()[:1]],
            by=wing.owner,
            at=now(),
            corrects=True,
        )
    assert [refusal.code for refusal in again.outcome.refused][:1] == ["same_number"]


def test_a_correction_the_channel_refuses_leaves_the_old_number(wing):
    """R07: the reason stands on the item, and it may be tried again with another number."""
    collect(wing, count=1, lines=[1, 1], confirmed=1)
    ship(wing)
    act(wing, transmit, SHIPPED)
    push_until_settled(wing)
    (item,) = items(wing)
    old = item.waybill
    wing.mall.fault("updateInvoices", "refuse_line", code="NOT_ALLOW_INVOICE_NUMBER_RE_UPLOAD")
    correct(wing)
    push_until_settled(wing)
    (item,) = items(wing)
    assert (item.waybill, item.push, item.status) == (old, "rejected", "in_transit")
    correct(wing, serial=700)
    push_until_settled(wing)
    (item,) = items(wing)
    assert (item.waybill, item.push) == (good_number(700), "confirmed")


def test_smartstore_numbers_are_corrected_by_hand_and_read_back(desk):
    """N11: no documented call, so the item says what to do; a sync brings the new number in."""
    collect(desk, count=1, lines=[1, 1], confirmed=1)
    ship(desk)
    act(desk, transmit, SHIPPED)
    push_until_settled(desk)
    saved = correct(desk)
    assert [refusal.code for refusal in saved.outcome.refused] == ["cannot_correct"]
    (item,) = items(desk)
    desk.mall.event("waybill_change", line_no=item.line_no, carrier="CJGLS", waybill=good_number(900))
    sync_account(desk.company, desk.account)
    (item,) = items(desk)
    assert (item.waybill, item.push) == (good_number(900), "confirmed")


def test_a_partial_cancel_granted_there_splits_the_item(wing):
    """P34: the part stopped there ends, the rest is sent with what is left of the box."""
    (line,) = collect(wing, count=1, lines=[1, 1], quantity=[3, 3], confirmed=1)
    wing.mall.event("cancel_request", line_no=line, quantity=1)
    sync_account(wing.company, wing.account)
    (item,) = items(wing)
    assert (item.claim, item.claim_open) == ("cancel_requested", True)
    wing.mall.event("cancel", line_no=line)
    sync_account(wing.company, wing.account)
    assert sorted((item.status, item.quantity, item.claim_open) for item in items(wing)) == [
        ("cancelled", 1, False),
        ("preparing", 2, False),
    ]
    ship(wing)
    act(wing, transmit, SHIPPED)
    push_until_settled(wing)
    assert statuses(wing) == {"cancelled": 1, "in_transit": 1}


def test_an_order_cancelled_there_ends_here(wing):
    """P34, §10.16: it vanishes from the lists; its receipts say what became of it."""
    lines = collect(wing, count=1, confirmed=1)
    wing.mall.event("cancel", lines=lines)
    sync_account(wing.company, wing.account)
    assert set(statuses(wing)) == {"cancelled"}


def test_a_job_says_what_became_of_every_box(wing):
    """R07: per-box results; only the refused box stays, with the channel's code."""
    collect(wing, count=3, lines=[1, 1], confirmed=1)
    ship(wing)
    bad = items(wing)[0]
    wing.mall.fault("invoices", "refuse_line", line_no=bad.line_no, code="INVALID_INVOICE_NUMBER")
    act(wing, transmit, SHIPPED)
    push_until_settled(wing)
    rejected = [item for item in items(wing) if item.push == "rejected"]
    assert [(item.line_no, item.push_code) for item in rejected] == [(bad.line_no, "INVALID_INVOICE_NUMBER")]
    with acting_as(wing.company):
        assert not Effect.objects.filter(state__in=("planned", "sending", "unknown")).exists()
        assert not Effect.objects.filter(planned_at__lt=now() - timedelta(hours=1)).exists()
