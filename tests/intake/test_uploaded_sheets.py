"""Sheets in: whole orders, nothing lost, nothing twice; what stays out says why (Q31–Q34, C8, C31, X01, X03)."""

from decimal import Decimal

import pytest
from tests.intake.uploaded import HEADER, commit, row, upload, verdicts, write
from tests.making import make_line

from jumun.channels.actions import AccountFields, create_account
from jumun.channels.port import Address, Stage
from jumun.channels.queries import get_account
from jumun.core.errors import ConflictError, JumunError
from jumun.core.files import local_copy
from jumun.intake.sheet_failures import write_failures
from jumun.intake.sheet_fields import Field, Plan
from jumun.intake.sheet_queries import count_by_account, get_upload, list_rows, list_templates
from jumun.intake.sheet_upload import (
    delete_batch,
    fix_row,
    leave_out_row,
    map_columns,
    set_choices,
    start_commit,
)
from jumun.orders.actions.catch_up import catch_up
from jumun.orders.actions.release import release
from jumun.orders.models import Order, OrderItem, OrderLine, Recipient, Shipment, TimelineEvent
from jumun.orders.selection import Selection
from jumun.sheets.reading import open_book

BAD_PHONE = {"연락처1": "없음"}


def stored():
    """Quantity by order number and line key."""
    return {(line.order_number, line.line_key): line.quantity for line in OrderLine.objects.all()}


def test_q34_every_good_order_goes_in_whole_and_every_bad_one_stays_out_with_its_reason(house, tmp_path):
    rows = [row("A", "a1"), row("B", "b1"), row("B", "b2", **BAD_PHONE), row("C", "c1"), row("C", "c2", 상품명="모자")]
    made = upload(house, write(tmp_path, rows))
    shown = get_upload(made)
    assert (shown.state, shown.rows, shown.orders_to_store) == ("ready", 5, 2)
    assert verdicts(made)[2] == ("new", "") and verdicts(made)[3] == ("refused", "companion_row")
    assert verdicts(made)[4][0] == "refused" and verdicts(made)[4][1].startswith("phone")
    commit(house, made)
    assert set(stored()) == {("A", "a1"), ("C", "c1"), ("C", "c2")}
    assert {item.status for item in house.items()} == {"preparing"}
    assert get_upload(made).state == "done" and get_upload(made).orders == 2
    assert Order.objects.filter(number="C").count() == 1
    assert Shipment.objects.filter(recipient__order__number="C").count() == 1


def test_a_sheet_order_is_what_the_sheet_says_and_linked_to_its_sku(house, tmp_path):
    made = upload(house, write(tmp_path, [row("A", "a1", 수량="2", 상품금액="25,800")]))
    commit(house, made)
    [item] = house.items("A")
    assert (item.quantity, item.amount, item.currency, item.sku_code) == (2, Decimal(25_800), "KRW", "TSH-BLK-L")
    to = Recipient.objects.get(order__number="A")
    assert (to.name, to.phone1, to.message) == ("김서연", "01000001234", "문 앞에 놓아 주세요")
    assert item.ordered_at.isoformat() == "2026-11-22T01:30:00+00:00"
    assert TimelineEvent.objects.get(item_id=item.id).action == "sheet_registered"


def test_x01_the_same_file_twice_changes_nothing(house, tmp_path):
    path = write(tmp_path, [row("A", "a1"), row("B"), row("B"), row("C", 옵션="화이트 / M")])
    commit(house, upload(house, path))
    before = stored()
    assert len(before) == 4  # two equal rows without a number are two lines
    again = upload(house, path)
    assert {verdict for verdict in verdicts(again).values()} == {("skip", "already_known")}
    with pytest.raises(JumunError, match="no order to register"):
        start_commit(again, by=house.owner, at=house.at)
    assert stored() == before


def test_x03_the_second_of_two_equal_rows_is_refused_or_skipped_and_keeps_nothing_out(house, tmp_path):
    made = upload(house, write(tmp_path, [row("A", "a1"), row("A", "a1"), row("A", "a2")]))
    assert verdicts(made) == {2: ("new", ""), 3: ("refused", "duplicate_in_file"), 4: ("new", "")}
    set_choices(made, on_duplicate="skip")
    assert verdicts(made)[3] == ("skip", "duplicate_in_file")
    commit(house, made)
    assert set(stored()) == {("A", "a1"), ("A", "a2")}


def test_x03_an_order_another_account_has_is_refused_stored_or_skipped_as_chosen(house, tmp_path):
    house.order("A", "x1")
    other = create_account(house.company, "manual", AccountFields(name="다른 곳", key="other"), at=house.at)
    made = upload(house, write(tmp_path, [row("A", "a1"), row("B", "b1")]), account=other)
    assert verdicts(made) == {2: ("refused", "known_in_other_account"), 3: ("new", "")}
    set_choices(made, on_other="skip")
    assert verdicts(made)[2] == ("skip", "known_in_other_account")
    set_choices(made, on_other="store")
    assert verdicts(made)[2] == ("new", "")


def test_a_known_row_with_another_quantity_is_an_update_while_nothing_of_it_moved_on(house, tmp_path):
    commit(house, upload(house, write(tmp_path, [row("A", "a1"), row("B", "b1"), row("C", "c1")])))
    release(Selection(ids=(house.items("C")[0].id,)), by=house.owner, at=house.at)
    more = {"수량": "3", "상품금액": "38700"}
    made = upload(house, write(tmp_path, [row("A", "a1", **more), row("B", "b1"), row("C", "c1", **more)]))
    assert verdicts(made)[2] == ("skip", "quantity_differs")
    set_choices(made, on_known="update")
    assert verdicts(made) == {
        2: ("update", "quantity_differs"),
        3: ("skip", "already_known"),
        4: ("refused", "quantity_moved_on"),
    }
    commit(house, made)
    [item] = house.items("A")
    assert (item.quantity, item.amount) == (3, Decimal(38_700))
    assert stored() == {("A", "a1"): 3, ("B", "b1"): 1, ("C", "c1"): 1}
    assert verdicts(made)[2] == ("updated", "quantity_differs")
    event = TimelineEvent.objects.get(item_id=item.id, action="requantified")
    assert event.detail == {"was": 1, "now": 3} and event.by_id == house.owner


def test_a_sheet_row_of_an_order_the_api_brought_is_the_same_order(house, tmp_path):
    house.store([make_line("A", "2026112200000001", house.at), make_line("A", "77", house.at, product_name="모자",
                 seller_code="", product_code="P2", option_text="")])  # fmt: skip
    rows = [row("A", 옵션="블랙/L"), row("A", 상품명="모자", 상품코드="", 옵션="")]
    made = upload(house, write(tmp_path, rows))
    assert {verdict for verdict in verdicts(made).values()} == {("skip", "already_known")}


def test_a_number_of_the_same_numbering_is_another_line_even_of_the_same_product(house, tmp_path):
    house.order("A", "2026112200000001")
    made = upload(house, write(tmp_path, [row("A", "2026112200000002", 수취인명="홍길동")]))
    assert verdicts(made)[2] == ("new", "")


@pytest.mark.parametrize("told", [catch_up, None], ids=["synced", "collected"])
def test_an_api_order_after_the_sheets_is_the_same_and_gives_it_its_key(house, tmp_path, told):
    commit(house, upload(house, write(tmp_path, [row("A"), row("A")])))
    lines = [
        make_line(
            "A",
            key,
            house.at,
            unit="box1",
            option_text="블랙/L",
            recipient=Address(
                name="김서연", phone1="010-0000-1234", postcode="04524", address1="서울 중구 세종대로 110"
            ),
        )  # fmt: skip
        for key in ("2026112200000001", "2026112200000002")
    ]
    if told:
        told(house.account, lines, at=house.at)
    else:
        house.store(lines)
    assert set(stored()) == {("A", "2026112200000001"), ("A", "2026112200000002")}
    assert {(item.line_no, item.unit, item.status) for item in house.items("A")} == {
        ("2026112200000001", "box1", "preparing"),
        ("2026112200000002", "box1", "preparing"),
    }
    again = upload(house, write(tmp_path, [row("A"), row("A")]))
    assert {verdict for verdict in verdicts(again).values()} == {("skip", "already_known")}


def test_an_api_order_after_the_sheets_follows_the_channel_in_quantity_and_stage(house, tmp_path):
    commit(house, upload(house, write(tmp_path, [row("A"), row("B")])))
    house.store([make_line("A", "1", house.at, quantity=3, remaining=3, amount=Decimal(38_700)),
                 make_line("B", "2", house.at, stage=Stage.DELIVERED, stage_raw="DELIVERED", carrier="cj", waybill="1")])  # fmt: skip
    assert stored() == {("A", "1"): 3, ("B", "2"): 1}
    assert [item.quantity for item in house.items("A")] == [3]
    assert house.items("B")[0].status == "delivered"


def test_a_sheet_says_nothing_about_where_a_known_line_stands(house, tmp_path):
    [item] = house.order("A", "a1")
    house.store([make_line("A", "a1", house.at, stage=Stage.DELIVERED, stage_raw="DELIVERED")])
    made = upload(house, write(tmp_path, [row("A", "a1"), row("A", "a2", 수취인명="홍길동")]))
    commit(house, made)
    line = OrderLine.objects.get(line_key="a1")
    assert (line.stage, OrderItem.objects.get(id=item.id).status) == ("delivered", "delivered")
    assert OrderLine.objects.get(line_key="a2").asked_at is None


def test_c31_a_row_corrected_in_the_preview_takes_its_order_in(house, tmp_path):
    made = upload(house, write(tmp_path, [row("A", "a1", **BAD_PHONE), row("A", "a2")]))
    assert verdicts(made)[3] == ("refused", "companion_row")
    fix_row(made, 2, {"phone1": "010-1234-5678"}, by=house.owner, at=house.at)
    assert set(verdicts(made).values()) == {("new", "")}
    [fixed, _] = list_rows(made)
    assert fixed.fixed and fixed.fields["phone1"] == "010-1234-5678"
    fix_row(made, 2, {"quantity": "0"}, by=house.owner, at=house.at)
    assert verdicts(made)[2] == ("refused", "quantity_unusable")
    leave_out_row(made, 2)
    assert verdicts(made) == {2: ("skip", "left_out"), 3: ("new", "")}
    commit(house, made)
    assert set(stored()) == {("A", "a2")}


def test_q33_the_failure_file_is_the_sheet_with_reasons_at_any_time_and_goes_in_corrected(house, tmp_path):
    rows = [row("A", "a1"), row("B", "b1"), row("B", "b2", **BAD_PHONE)]
    made = upload(house, write(tmp_path, rows))
    commit(house, made)
    for _ in range(2):
        with local_copy(write_failures(made)) as path, open_book(path) as book:
            kept = [list(each) for each in book.rows(book.sheets[0].name)]
    assert kept[0] == [*HEADER, "실패사유"]
    assert [each[:2] for each in kept[1:]] == [["B", "b1"], ["B", "b2"]]
    assert "연락처1" in str(kept[2][-1]) and "없음" in str(kept[2][-1])
    kept[2][HEADER.index("연락처1")] = "010-0000-0000"
    again = upload(house, write(tmp_path, kept[1:], header=kept[0]))
    assert get_upload(again).changes == {}
    assert set(verdicts(again).values()) == {("new", "")}
    commit(house, again)
    assert set(stored()) == {("A", "a1"), ("B", "b1"), ("B", "b2")}


def test_c8_a_batch_is_deleted_as_a_whole_while_nothing_of_it_moved_on(house, tmp_path):
    house.order("A", "x1")
    path = write(tmp_path, [row("A", "a1", 수취인명="홍길동"), row("B", "b1"), row("B", "b2")])
    made = upload(house, path)
    commit(house, made)
    gone = delete_batch(made, by=house.owner, at=house.at)
    assert (gone.lines, gone.orders, gone.moved_total) == (3, 1, 0)
    assert set(stored()) == {("A", "x1")} and Order.objects.count() == 1 and Recipient.objects.count() == 1
    assert get_upload(made).state == "deleted"
    commit(house, upload(house, path))
    assert len(stored()) == 4


def test_c8_what_moved_on_is_named_and_nothing_is_deleted(house, tmp_path):
    made = upload(house, write(tmp_path, [row("A", "a1"), row("B", "b1")]))
    commit(house, made)
    release(Selection(ids=(house.items("B")[0].id,)), by=house.owner, at=house.at)
    gone = delete_batch(made, by=house.owner, at=house.at)
    assert (gone.lines, gone.moved_total) == (0, 1)
    assert [(each.row, each.order_number, each.code) for each in gone.moved] == [(3, "B", "moved_on")]
    assert len(stored()) == 2 and get_upload(made).state == "done"


def test_a_column_decides_the_account_of_each_row(house, tmp_path):
    other = create_account(house.company, "manual", AccountFields(name="둘째 가게", key="second"), at=house.at)
    header = [*HEADER, "판매처 계정"]
    rows = [
        [*row("A", "a1"), get_account(house.account).key],
        [*row("B", "b1"), "둘째 가게"],
        [*row("C", "c1"), "없는 가게"],
    ]
    made = upload(house, write(tmp_path, rows, header=header), account=None)
    assert get_upload(made).state == "ready"
    assert verdicts(made) == {2: ("new", ""), 3: ("new", ""), 4: ("refused", "account_unknown")}
    commit(house, made)
    assert {line.order_number: line.account_id for line in OrderLine.objects.all()} == {"A": house.account, "B": other}
    day = count_by_account(at=house.at)[other]
    assert (day.today, day.last_at, bool(day.last_by)) == (1, house.at, True)


def test_without_an_account_the_sheet_asks_for_it(house, tmp_path):
    made = upload(house, write(tmp_path, [row("A", "a1")]), account=None)
    assert get_upload(made).asks == ("account",)
    with pytest.raises(ConflictError):
        start_commit(made, by=house.owner, at=house.at)
    set_choices(made, account=house.account)
    assert get_upload(made).state == "ready" and verdicts(made)[2] == ("new", "")


def test_q26_columns_confirmed_once_are_known_next_time_and_a_changed_header_shows_the_difference(house, tmp_path):
    path = write(tmp_path, [row("A", "a1")])
    made = upload(house, path)
    plan = get_upload(made).plan
    assert plan is not None
    other = Plan(plan.header_row, plan.headers, {**plan.sources}, {Field.MEMO: "빠른 배송"})
    map_columns(made, other, remember="우리 양식", by=house.owner, at=house.at)
    [template] = list_templates()
    assert template.name == "우리 양식" and list_rows(made)[0].fields["memo"]
    again = upload(house, path)
    assert get_upload(again).template_name == "우리 양식" and get_upload(again).changes == {}
    header = [name for name in HEADER if name != "배송메시지"] + ["새 열"]
    shorter = [[*row("B", "b1")[:-1], "값"]]
    changed = upload(house, write(tmp_path, shorter, header=header))
    told = get_upload(changed).changes
    assert told == {} or "새 열" in told["added"]


def test_rows_of_one_order_that_name_two_people_are_refused(house, tmp_path):
    rows = [row("A", "a1"), row("A", "a2", 수취인명="박지훈", 주소="부산 해운대구 센텀로 1")]
    made = upload(house, write(tmp_path, rows))
    assert set(verdicts(made).values()) == {("refused", "recipient_differs")}


def test_orders_of_many_chunks_go_in_whole(house, tmp_path, monkeypatch):
    monkeypatch.setattr("jumun.intake.sheet_storing.MOST_LINES", 3)
    monkeypatch.setattr("jumun.intake.sheet_staging.CHUNK", 4)
    rows = [row(f"N{n % 5}", f"k{n}") for n in range(20)]
    made = upload(house, write(tmp_path, rows))
    commit(house, made)
    assert len(stored()) == 20 and Order.objects.count() == 5 and Recipient.objects.count() == 5
    assert get_upload(made).orders == 5
    assert {each.action for each in TimelineEvent.objects.all()} == {"sheet_registered"}
