"""최근 작업 and the dialog before the click (I5, N17): how many, of which mall, why not, and the way back."""

from datetime import timedelta

import pytest

from jumun.channels.actions import AccountFields, create_account
from jumun.companies.roles import Role
from jumun.core.clock import now
from jumun.core.tenancy import acting_as
from jumun.orders.actions.hold import hold
from jumun.orders.batches import list_batches
from jumun.orders.models import OrderItem
from jumun.orders.selection import Selection
from tests.making import make_line


@pytest.fixture
def items(shop):
    with acting_as(shop.company):
        return [shop.order(f"20261123000{place:02}", f"L{place}")[0] for place in range(4)]


def test_the_dry_run_counts_every_reason_and_every_mall_when_all_are_chosen(shop, owner, items):
    """I5: before the click, beyond the first 200 too."""
    with acting_as(shop.company):
        second = create_account(
            shop.company,
            "coupang",
            AccountFields(
                name="쿠팡", key="wing", credentials={"access_key": "a", "secret_key": "b", "vendor_id": "A1"}
            ),
            at=shop.at,
        )
        shop.store(make_line(f"N{place}", f"n{place}", shop.at) for place in range(230))
        OrderItem.objects.filter(order_number__startswith="N").update(matched=False)
        OrderItem.objects.filter(id=items[0].id).update(account=second, channel="coupang")
        hold(Selection(ids=(items[1].id,)), reason="stock", by=shop.owner, at=shop.at)
    asked = owner.send(
        "items/preview",
        {
            "action": "release",
            "scope": "filter",
            "query": "status=preparing&period=all",
            "as_of": (now() + timedelta(seconds=5)).isoformat(),
        },
    )
    outcome = asked.context["outcome"]
    assert (outcome.done, outcome.refused_total, dict(outcome.reasons)) == (3, 231, {"unmatched": 230, "held": 1})
    assert [number for _text, number in asked.context["reasons"]] == [230, 1]
    assert [(name, number) for _id, _channel, name, number in asked.context["accounts"]] == [
        ("스마트스토어", 233),
        ("쿠팡", 1),
    ]
    chosen = owner.send("items/preview", {"action": "release", "ids": items[0].id})
    assert chosen.context["accounts"] == []


def test_the_result_leads_to_what_was_done_and_what_was_left_alone(shop, owner, items):
    with acting_as(shop.company):
        hold(Selection(ids=(items[0].id,)), reason="stock", by=shop.owner, at=shop.at)
    ids = ",".join(str(item.id) for item in items)
    answer = owner.send("items/do", {"action": "release", "ids": ids})
    text, batch = answer.content.decode(), answer.context["outcome"].batch
    assert f"items?refused_by={batch}&amp;period=all" in text and f"items?moved_by={batch}&amp;period=all" in text
    assert owner.page(f"items?refused_by={batch}&period=all").status_code == 200


def test_recent_actions_tell_who_did_what_and_what_may_go_back(shop, owner, someone, items):
    clerk = someone(Role.CLERK)
    owner.send("items/do", {"action": "release", "ids": items[0].id})
    clerk.send("items/do", {"action": "hold", "ids": items[0].id, "reason": "stock"})
    clerk.send("items/do", {"action": "cancel", "ids": items[1].id})
    page = owner.page("batches")
    told = [(row.batch.action, row.batch.by_name, row.batch.done, row.undo) for row in page.context["rows"]]
    assert told == [
        ("cancel", "clerk 사람", 1, False),
        ("hold", "clerk 사람", 1, True),
        ("release", "김주인", 1, False),
    ]
    mine = owner.page("batches?who=me").context["rows"]
    assert [row.batch.action for row in mine] == ["release"]
    [held] = [row.batch.id for row in page.context["rows"] if row.undo]
    owner.send(f"batches/{held}/undo")
    rows = owner.page("batches").context["rows"]
    assert (rows[0].batch.action, rows[0].name) == ("undo", "되돌림: 보류")
    assert [row.batch.action for row in rows if row.undo] == ["release"]


def test_recent_actions_are_read_a_page_at_a_time(shop, owner, items):
    with acting_as(shop.company):
        for _ in range(7):
            hold(Selection(ids=(items[0].id,)), reason="stock", by=shop.owner, at=shop.at)
        seen, cursor = [], None
        while True:
            found = list_batches(cursor=cursor, limit=3)
            seen += [row.id for row in found.items]
            cursor = found.next_cursor
            if cursor is None:
                break
    assert len(seen) == len(set(seen)) == 7
    assert owner.page("batches?cursor=wrong").status_code == 400
    assert owner.page("batches?part=rows").status_code == 200


def test_a_viewer_reads_them_and_takes_nothing_back(shop, owner, someone, items):
    batch = owner.send("items/do", {"action": "release", "ids": items[0].id}).context["outcome"].batch
    viewer = someone(Role.VIEWER)
    assert [row.undo for row in viewer.page("batches").context["rows"]] == [False]
    assert viewer.page(f"batches/{batch}/ask").status_code == 403


def test_the_page_without_any_says_what_will_be_here(owner):
    assert "품목에 한 작업이 여기에 남습니다" in owner.page("batches").content.decode()
