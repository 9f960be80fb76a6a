"""The rows of a sheet are exactly the view's at the click, in its order; masked where the role does not reach."""

from datetime import timedelta
from decimal import Decimal

import pytest

from jumun.channels.port import Address
from jumun.companies.roles import Role, permissions_of
from jumun.companies.trail import Looker
from jumun.core.errors import JumunError
from jumun.exports.actions import Wish, start_export
from jumun.exports.columns import COLUMNS, default_columns, has_personal, offered, read_columns
from jumun.exports.models import Export
from jumun.exports.rows import stream_rows
from jumun.orders.actions.hold import hold
from jumun.orders.filters import ItemFilter
from jumun.orders.queries import list_items
from jumun.orders.selection import Selection
from jumun.orders.sorting import ANY_SIZE, Sort

OWNER, VIEWER = permissions_of(Role.OWNER), permissions_of(Role.VIEWER)
ALL = Selection(filter=ItemFilter())


def ask(house, what="items", chosen=ALL, keys=(), *, may=OWNER, **more):
    """Start an export; answers its row."""
    columns = read_columns(what, [{"key": key} for key in keys]) if keys else default_columns(what)
    who = Looker(house.company, house.owner, "test", None)
    wish = Wish(what, chosen, columns, **({"reason": "택배 접수"} | more))
    return Export.objects.get(id=start_export(wish, who=who, may=may, at=house.at))


def read(export, language="ko"):
    """Its rows as they would be written, by title."""
    columns = read_columns(export.what, export.columns)
    rows = stream_rows(export.id, export.what, columns, masked=not export.personal, language=language)
    return [dict(zip([each.key for each in columns], row, strict=True)) for row in rows]


@pytest.mark.parametrize("what", ["items", "parcels"])
def test_every_column_that_is_offered_can_be_read(house, what):
    house.order("A1", "a1", "a2")
    keys = [column.key for column in offered(what)]
    [*rows] = read(ask(house, what, keys=keys))
    assert len(rows) == {"items": 2, "parcels": 1}[what]
    for key in keys:  # and each alone, with no join of another's to stand on
        assert len(read(ask(house, what, keys=[key]))) == len(rows), key


def test_an_item_stands_there_as_it_is(house):
    house.order("2026112300001", "0001", quantity=2, remaining=2, amount=Decimal(25_800))
    [item] = house.items()
    hold(ALL, reason="stock", by=house.owner, at=house.at)
    [row] = read(ask(house, keys=[each.key for each in offered("items")]))
    assert row["order_number"] == "2026112300001"
    assert row["line_no"] == "0001"
    assert row["item_id"] == str(item.id)
    assert row["bundle_no"] == item.bundle_no
    assert row["channel"] == "스마트스토어"
    assert row["status"] == "신규주문"
    assert row["item_name"] == "온산 순면 라운드 티셔츠 / 블랙 / L"
    assert (row["quantity"], row["amount"], row["currency"]) == (2, 25_800, "KRW")
    assert (row["recipient"], row["phone1"]) == ("홍길동", "010-0000-1234")
    assert row["address"] == "서울 중구 세종대로 110 101동 202호"
    assert row["holds"] == "재고 부족"
    assert row["freight"] == "신용"
    assert row["ordered_at"].isoformat() == "2026-11-23T10:00:00"


def test_a_parcel_adds_up_its_live_items(house):
    house.order("A1", "a1", quantity=2, remaining=2)
    house.order("A2", "b1", "b2")
    first, second = read(ask(house, "parcels", sort=Sort("ordered", descending=False)))
    assert (first["quantity"], second["quantity"]) == (2, 2)
    assert first["item_name"] == "온산 순면 라운드 티셔츠 / 블랙 / L × 2"
    assert second["order_number"] == "A2"
    assert second["item_name"].count("× 1") == 2


def test_money_has_its_currency_beside_it_and_cents_stay(house):
    house.order("JP1", "j1", currency="JPY", amount=Decimal(1200))
    house.order("US1", "u1", currency="USD", amount=Decimal("12.34"))
    columns = read_columns("items", [{"key": "amount"}, {"key": "order_number"}])
    assert [each.key for each in columns] == ["amount", "currency", "order_number"]
    rows = {row["order_number"]: row for row in read(ask(house, keys=["amount", "order_number"]))}
    assert (rows["JP1"]["amount"], rows["JP1"]["currency"]) == (1200, "JPY")
    assert (rows["US1"]["amount"], rows["US1"]["currency"]) == (Decimal("12.34"), "USD")


@pytest.mark.parametrize("key", ANY_SIZE)
@pytest.mark.parametrize("descending", [True, False])
def test_the_rows_are_the_lists_in_its_order(house, key, descending):
    """What the list shows is what the sheet has: the same ids in the same order (TLP: parts add up to the whole)."""
    for place in range(7):
        when = house.at - timedelta(hours=place % 3)
        paid = when if place % 2 else None
        house.order(f"N{place}", f"n{place}", amount=Decimal(1000 * (place % 4)), ordered_at=when, paid_at=paid)
    hold(Selection(ids=(house.items()[0].id, house.items()[3].id)), reason="other", by=house.owner, at=house.at)
    sort = Sort(key, descending)
    whole = [row["item_id"] for row in read(ask(house, keys=["item_id"], sort=sort))]
    assert whole == [str(row.id) for row in list_items(ItemFilter(), sort=sort, limit=200).items]
    parts = [
        read(ask(house, keys=["item_id"], chosen=Selection(filter=ItemFilter(held=held)), sort=sort))
        for held in (True, False)
    ]
    assert sorted(row["item_id"] for part in parts for row in part) == sorted(whole)


def test_what_comes_after_the_click_is_not_in_it(house):
    house.order("A1", "a1")
    export = ask(house, keys=["order_number", "status"])
    house.order("A2", "a2")
    house.put(status="ready")
    assert [row["order_number"] for row in read(export)] == ["A1"]


def test_a_selection_means_these_and_no_others(house):
    house.order("A1", "a1", "a2")
    ids = tuple(item.id for item in house.items())[:1]
    assert len(read(ask(house, chosen=Selection(ids=ids)))) == 1
    assert len(read(ask(house, "parcels", chosen=Selection(ids=ids)))) == 1


def test_a_viewer_gets_it_masked_and_needs_no_reason(house):
    house.order("A1", "a1", recipient=Address(name="홍길동", phone1="010-0000-1234", phone2="02-123-4567",
        postcode="04524", address1="서울 중구 세종대로 110", address2="101동 202호", message="문 앞 1234",
        customs_number="P123456789012", entrance="#1234"))  # fmt: skip
    keys = [column.key for column in COLUMNS if column.mask is not None]
    export = ask(house, keys=keys, may=VIEWER, reason="")
    assert not export.personal
    [row] = read(export)
    assert (row["recipient"], row["phone1"], row["phone2"]) == ("홍*동", "010-0000-****", "02-123-****")
    assert (row["address"], row["address2"]) == ("서울 중구 세종대로 110 ***동 ***호", "***동 ***호")
    assert (row["message"], row["customs_number"], row["entrance"]) == ("문 앞 ****", "", "")
    [clear] = read(ask(house, keys=keys))
    assert (clear["customs_number"], clear["entrance"], clear["message"]) == ("P123456789012", "#1234", "문 앞 1234")
    [hidden] = read(ask(house, keys=keys, masked=True, reason=""))
    assert hidden == row


def test_personal_data_needs_a_reason(house):
    house.order("A1", "a1")
    with pytest.raises(JumunError) as refused:
        ask(house, reason="  ")
    assert refused.value.code == "reason_needed"
    assert not Export.objects.exists()
    assert ask(house, keys=["order_number", "postcode"], reason="").reason == ""
    assert not has_personal(read_columns("items", [{"key": "order_number"}]))


def test_nothing_is_no_sheet(house):
    with pytest.raises(JumunError) as refused:
        ask(house)
    assert refused.value.code == "export_empty"


def test_what_was_searched_for_is_not_in_the_history(house):
    house.order("A1", "a1")
    export = ask(house, asked=(("status", "preparing"), ("q", "홍길동"), ("recipient", "010-0000-1234")))
    assert "홍길동" not in export.asked and "0000" not in export.asked
    assert export.asked.startswith("status=preparing&q=")


@pytest.mark.parametrize(
    "given",
    [
        None, "order_number", [], [{"key": "no_such"}], [{"key": "order_number"}, {"key": "order_number"}],
        [{"title": "x"}], [{"key": "order_number", "value": "x"}], [{"key": "order_number", "title": "a\x00b"}],
        [{"key": "kinds"}], [{"key": "order_number", "more": 1}], [{"key": "fixed", "value": "x" * 101}],
    ],
)  # fmt: skip
def test_columns_nobody_knows_are_refused(given):
    with pytest.raises(JumunError):
        read_columns("items", given)


def test_a_carriers_columns_say_what_no_order_says(house):
    house.order("A1", "a1")
    columns = read_columns("parcels", [{"key": "fixed", "title": "박스타입", "value": "소"}, {"key": "bundle_no"},
        {"key": "fixed", "title": "기타"}, {"key": "freight", "title": "운임구분", "value": "선불"}])  # fmt: skip
    assert [each.title for each in columns] == ["박스타입", "묶음번호", "기타", "운임구분"]
    who = Looker(house.company, house.owner, "test", None)
    export = start_export(Wish("parcels", ALL, columns), who=who, may=OWNER, at=house.at)
    [row] = stream_rows(export, "parcels", columns, masked=True, language="ko")
    assert row == ("소", house.items()[0].bundle_no, "", "선불")


def test_in_english_the_words_are_english(house):
    house.order("A1", "a1")
    [row] = read(ask(house, keys=["status", "channel", "method"]), "en")
    assert row == {"status": "New order", "channel": "Smartstore", "method": "Parcel"}
