"""One order of a sheet is one order: its account, its recipient, its fee, its companions, whatever row says them (Q17–Q26, Q32–Q34)."""

import pytest
from tests.intake.uploaded import HEADER, commit, row, upload, verdicts, write
from tests.making import make_line

from jumun.channels.actions import AccountFields, create_account
from jumun.channels.models import ChannelAccount
from jumun.intake import sheet_storing
from jumun.intake.sheet_batches import find_batch
from jumun.intake.sheet_queries import get_upload
from jumun.intake.sheet_upload import fix_row, leave_out_row
from jumun.intake.storing import store_lines
from jumun.orders.models import Batch, Order, OrderLine, Recipient, TimelineEvent

WITH_ACCOUNT = (*HEADER, "판매처 계정", "배송비")


def account_row(order, line, account, fee="", **more):
    return [*row(order, line, **more), account, fee]


def sheet(folder, *rows):
    return write(folder, rows, header=WITH_ACCOUNT)


@pytest.fixture
def second(house):
    return create_account(house.company, "manual", AccountFields(name="전화 주문", key="phone"), at=house.at)


def test_two_spellings_of_one_account_are_one_account(house, second, tmp_path):
    """The key, the name and an empty cell beside the chosen account say the same: the second line is said twice."""
    made = upload(
        house,
        sheet(
            tmp_path,
            account_row("A", "a1", "store"),
            account_row("A", "a1", "스마트스토어"),
            account_row("A", "a1", ""),
            account_row("A", "a2", " STORE "),
            *(account_row(f"B{n}", f"b{n}", "store") for n in range(20)),
        ),
    )
    assert {place: verdict for place, verdict in verdicts(made).items() if place < 6} == {
        2: ("new", ""),
        3: ("refused", "duplicate_in_file"),
        4: ("refused", "duplicate_in_file"),
        5: ("new", ""),
    }
    commit(house, made)
    assert OrderLine.objects.filter(account_id=house.account, order_number="A").count() == 2


def test_a_row_without_a_line_number_counts_its_occurrence_over_all_spellings(house, second, tmp_path):
    made = upload(house, sheet(tmp_path, account_row("A", "", "store"), account_row("A", "", "스마트스토어")))
    commit(house, made)
    assert OrderLine.objects.filter(order_number="A").count() == 2


def test_a_name_two_accounts_bear_says_neither_unless_it_is_the_chosen_one(house, second, tmp_path):
    twin = create_account(house.company, "manual", AccountFields(name="스마트스토어", key="twin"), at=house.at)
    rows = sheet(tmp_path, account_row("A", "a1", "스마트스토어"), account_row("B", "b1", "twin"))
    made = upload(house, rows, account=second)
    assert verdicts(made) == {2: ("refused", "account_unknown"), 3: ("new", "")}
    made = upload(house, rows, account=twin)
    commit(house, made)
    assert set(Order.objects.values_list("account_id", flat=True)) == {twin}


def test_an_account_that_is_off_takes_no_orders(house, second, tmp_path):
    ChannelAccount.objects.filter(id=second).update(state="off")
    made = upload(house, sheet(tmp_path, account_row("A", "a1", "phone"), account_row("B", "b1", "")))
    assert verdicts(made) == {2: ("refused", "account_off"), 3: ("new", "")}
    ChannelAccount.objects.filter(id=house.account).update(state="off")
    commit(house, made)
    assert not Order.objects.exists() and get_upload(made).codes["refused", "account_off"] == 2


def test_a_companion_of_an_unknown_account_keeps_its_order_out(house, second, tmp_path):
    made = upload(
        house, sheet(tmp_path, account_row("A", "a1", ""), account_row("A", "a2", "어디"), account_row("B", "b1", ""))
    )
    assert verdicts(made) == {2: ("refused", "companion_row"), 3: ("refused", "account_unknown"), 4: ("new", "")}


@pytest.mark.parametrize(
    "other", [{"주소": "부산 해운대구 우동 1"}, {"수취인명": "박준호"}], ids=["another address", "another name"]
)
def test_two_recipients_in_one_order_are_never_merged(house, tmp_path, other):
    made = upload(house, write(tmp_path, [row("A", "a1"), row("A", "a2", **other), row("B", "b1")]))
    assert verdicts(made) == {2: ("refused", "recipient_differs"), 3: ("refused", "recipient_differs"), 4: ("new", "")}


def test_spaces_and_marks_make_no_other_recipient(house, tmp_path):
    made = upload(
        house, write(tmp_path, [row("A", "a1"), row("A", "a2", 주소="서울  중구, 세종대로 110", 수취인명="김 서연")])
    )
    assert {verdict for verdict, _ in verdicts(made).values()} == {"new"}


@pytest.mark.parametrize(
    ("known", "verdict"),
    [
        ({"name": "김서연", "address1": "서울 중구 세종대로 110", "address2": ""}, ("new", "")),
        ({"name": "김서연", "address1": "서울 중구 세종대로", "address2": "110"}, ("new", "")),
        ({"name": "김서연", "address1": "부산 해운대구 우동 1", "address2": ""}, ("refused", "recipient_differs")),
        ({"name": "박준호", "address1": "서울 중구 세종대로 110", "address2": ""}, ("refused", "recipient_differs")),
    ],
)
def test_a_new_line_of_a_known_order_must_go_to_its_recipient(house, tmp_path, known, verdict):
    store_lines(house.account, [make_line("A", "a1", house.at)], by=house.owner, at=house.at)
    Recipient.objects.update(**known)
    made = upload(house, write(tmp_path, [row("A", "a2")]))
    assert verdicts(made) == {2: verdict}


def test_the_order_is_what_its_first_row_says_and_its_fee_what_any_row_says(house, tmp_path):
    rows = [account_row("A", f"a{n}", "", "3000" if n == 3 else "", 배송메시지=f"메모 {n}") for n in (1, 2, 3, 4)]
    commit(house, upload(house, sheet(tmp_path, *rows)))
    assert Order.objects.get().shipping_fee == 3000
    assert Recipient.objects.get().message == "메모 1"


def test_a_row_taken_in_later_tells_no_further_order(house, tmp_path):
    made = upload(house, write(tmp_path, [row("A", "a1"), row("A", "a2")]))
    leave_out_row(made, 3)
    commit(house, made)
    assert get_upload(made).orders == 1
    leave_out_row(made, 3, out=False)
    commit(house, made)
    assert get_upload(made).orders == 1 and OrderLine.objects.count() == 2


def test_all_pieces_of_a_sheet_are_one_batch(house, second, tmp_path, monkeypatch):
    """What the page links to is exactly the sheet's orders, stored in pieces, for two accounts, and some later."""
    monkeypatch.setattr(sheet_storing, "MOST_LINES", 2)
    rows = [account_row(f"A{n}", f"a{n}", "phone" if n % 2 else "") for n in range(5)]
    made = upload(house, sheet(tmp_path, *rows, account_row("B", "b1", "", 수량="0")))
    commit(house, made)
    batch = find_batch(made)
    assert batch and Batch.objects.get(id=batch).done == 5
    fix_row(made, 7, {"quantity": "1"}, by=house.owner, at=house.at)
    commit(house, made)
    assert Batch.objects.get(id=batch).done == 6
    assert TimelineEvent.objects.filter(batch=batch).values("item_id").distinct().count() == 6


def test_who_pays_the_carrier_is_kept(house, tmp_path):
    """C17: an order of a sheet paid at the door is not combined with one paid ahead."""
    header = (*HEADER, "배송비")
    rows = [[*row("A", "a1"), "착불"], [*row("B", "b1"), "3000"]]
    commit(house, upload(house, write(tmp_path, rows, header=header)))
    kept = dict(OrderLine.objects.values_list("order_number", "carriage"))
    assert kept == {"A": "collect", "B": ""}
