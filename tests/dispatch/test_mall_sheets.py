"""P31 without an API: 운송장 전송 makes the mall's own sheet, and the items leave when it was made."""

from pathlib import Path

import pytest
from tests.intake.uploaded import HEADER, commit, row, upload, write
from tests.making import good_number

from jumun.channels.actions import AccountFields, change_account, create_account
from jumun.channels.models import ChannelAccount
from jumun.core.errors import ConflictError, JumunError, NotFoundError
from jumun.dispatch.actions import retry_job, save_waybills
from jumun.dispatch.doing import act
from jumun.dispatch.mall_sheet_jobs import LEFT_BEHIND, enqueue_left_behind
from jumun.dispatch.mall_sheet_queries import list_sheets, open_sheet_file
from jumun.dispatch.mall_sheets import make_sheet
from jumun.dispatch.models import Effect, MallSheet
from jumun.dispatch.undoing import undo
from jumun.intake.models import SheetTemplate
from jumun.intake.sheet_fields import Field, Plan, Source
from jumun.intake.sheet_recognising import fingerprint
from jumun.jobs.queries import get_job, list_jobs
from jumun.orders.filters import ItemFilter
from jumun.orders.models import OrderItem
from jumun.orders.selection import Selection
from jumun.sheets.reading import open_book
from jumun.waybills.actions import GivenWaybill

ALL = Selection(filter=ItemFilter())


@pytest.fixture
def mall(house):
    """The house's account goes by sheet, and is Cafe24's."""
    ChannelAccount.objects.filter(id=house.account).update(channel="cafe24", by_sheet=True, name="온산 자사몰")
    house.order("A1", "A1-01", "A1-02")
    house.order("B1", "B1-01")
    OrderItem.objects.update(channel="cafe24")
    house.put(status="shipped")
    return house


def transmit(house, chosen=ALL):
    return act("transmit", chosen, by=house.owner, at=house.at)


def make_all(house):
    for sheet in MallSheet.objects.filter(ended_at=None).order_by("id"):
        make_sheet(house.company, sheet.id, at=house.at)


def read(job):
    file = open_sheet_file(job)
    folder = Path("/tmp")  # noqa: S108 - the codec wants a path
    path = folder / f"mall-sheet-{job}.xlsx"
    path.write_bytes(file.content.read())
    file.content.close()
    try:
        with open_book(path) as book:
            return [list(row) for row in book.rows(book.sheets[0].name)]
    finally:
        path.unlink()


def refusal(kind, doing):
    with pytest.raises(kind) as problem:
        doing()
    return problem.value.code


def states():
    return set(OrderItem.objects.values_list("status", "push"))


def test_the_sheet_is_made_and_then_the_items_leave(mall):
    """P31: planned first; nothing moves before the file is there."""
    outcome = transmit(mall)

    assert outcome.done == 3
    assert states() == {("shipped", "planned")}
    [sheet] = list_sheets(outcome.job)
    assert (sheet.made_at, sheet.ended) == (None, False)
    assert refusal(ConflictError, lambda: open_sheet_file(sheet.job)) == "sheet_not_ready"

    make_all(mall)

    assert states() == {("in_transit", "confirmed")}
    assert set(Effect.objects.values_list("state", "code")) == {("confirmed", "told_by_sheet")}
    assert (get_job(sheet.job).family, get_job(sheet.job).status) == ("sheet", "done")
    assert get_job(outcome.job).status == "done"
    rows = read(sheet.job)
    assert rows[0] == ["주문번호", "품목별 주문번호", "배송업체", "운송장번호"]
    numbers = dict(OrderItem.objects.values_list("line_no", "waybill"))
    assert [row[:2] for row in rows[1:]] == [["A1", "A1-01"], ["A1", "A1-02"], ["B1", "B1-01"]]
    assert [row[3] for row in rows[1:]] == [numbers[row[1]] for row in rows[1:]]
    assert {row[2] for row in rows[1:]} == {"CJ대한통운"}
    assert open_sheet_file(outcome.job).name.startswith("온산 자사몰_발송처리_")


def test_it_can_be_had_again_and_again(mall):
    job = transmit(mall).job
    make_all(mall)
    assert read(job) == read(job)


def test_a_task_repeated_changes_nothing(mall):
    """P31: the queue may run it twice."""
    transmit(mall)
    [sheet] = MallSheet.objects.all()
    make_sheet(mall.company, sheet.id, at=mall.at)
    first = MallSheet.objects.get(id=sheet.id)
    make_sheet(mall.company, sheet.id, at=mall.at)
    assert MallSheet.objects.get(id=sheet.id).made_at == first.made_at
    assert get_job(sheet.job_id).done == 3


def test_a_manual_account_has_nothing_to_tell(mall):
    ChannelAccount.objects.filter(id=mall.account).update(channel="manual", by_sheet=False)
    OrderItem.objects.update(channel="manual")
    transmit(mall)
    assert states() == {("in_transit", "not_needed")}
    assert not MallSheet.objects.exists()


def test_a_smartstore_account_without_keys_goes_by_sheet(mall):
    """P31: a kind that has a connector, used by sheet only: no call is made, its own form is written."""
    ChannelAccount.objects.filter(id=mall.account).update(channel="naver")
    OrderItem.objects.update(channel="naver")
    job = transmit(mall).job
    make_all(mall)
    assert read(job)[0] == ["상품주문번호", "배송방법", "택배사", "송장번호"]
    assert states() == {("in_transit", "confirmed")}


def test_what_was_told_is_not_taken_back(mall):
    """P31, undo: while it is planned it is withdrawn; once the sheet is made it is refused by name."""
    first = transmit(mall)
    back = undo(first.batch, by=mall.owner, at=mall.at)
    assert back.done == 3
    make_all(mall)
    assert states() == {("shipped", "")}
    assert not MallSheet.objects.exclude(made_at=None).exists()
    assert get_job(first.job).status == "done"

    again = transmit(mall)
    make_all(mall)
    refused = undo(again.batch, by=mall.owner, at=mall.at)
    assert (refused.done, {each.code for each in refused.refused}) == (0, {"already_told"})
    assert states() == {("in_transit", "confirmed")}


def test_a_corrected_number_makes_a_sheet_of_what_was_corrected(mall):
    """N11, P31: only the corrected parcel is in the new sheet."""
    transmit(mall)
    make_all(mall)
    item = OrderItem.objects.get(line_no="B1-01")
    number = good_number(777_777)

    saved = save_waybills(
        [GivenWaybill(carrier="cj", number=number, item=item.id)], by=mall.owner, at=mall.at, corrects=True
    )

    assert saved.outcome.job is not None
    assert OrderItem.objects.get(id=item.id).waybill != number
    make_all(mall)
    assert OrderItem.objects.get(id=item.id).waybill == number
    [sheet] = list_sheets(saved.outcome.job)
    assert [(row[0], row[3]) for row in read(sheet.job)[1:]] == [("B1", number)]


def test_what_has_no_place_in_the_sheet_stays_with_its_reason(mall):
    """P31: partial failure; the rest leaves, and what stayed can be sent again."""
    ChannelAccount.objects.filter(id=mall.account).update(channel="naver")
    OrderItem.objects.update(channel="naver")
    OrderItem.objects.filter(line_no="B1-01").update(line_no="s:0a1b-1")
    outcome = transmit(mall)
    make_all(mall)
    stayed = OrderItem.objects.get(order_number="B1")
    assert (stayed.status, stayed.push, stayed.push_code) == ("shipped", "rejected", "sheet_needs_line_no")
    [sheet] = list_sheets(outcome.job)
    assert (sheet.rows, get_job(sheet.job).status) == (2, "partly")

    OrderItem.objects.filter(order_number="B1").update(line_no="B1-01")
    again = retry_job(sheet.job, by=mall.owner, at=mall.at)
    make_all(mall)
    assert states() == {("in_transit", "confirmed")}
    assert len(read(again)) == 2


def test_a_storage_that_fails_leaves_the_items_where_they_were(mall, monkeypatch):
    def full(*_args, **_more):
        raise OSError(28, "no space left on device")

    monkeypatch.setattr("jumun.dispatch.mall_sheets.keep_file", full)
    outcome = transmit(mall)
    make_all(mall)
    assert states() == {("shipped", "rejected")}
    assert set(OrderItem.objects.values_list("push_code", flat=True)) == {"sheet_not_made"}
    assert get_job(outcome.job).status == "failed"
    monkeypatch.undo()
    transmit(mall)
    make_all(mall)
    assert states() == {("in_transit", "confirmed")}


def test_a_claim_that_came_meanwhile_keeps_its_item_out(mall):
    job = transmit(mall).job
    OrderItem.objects.filter(order_number="B1").update(claim_open=True)
    make_all(mall)
    assert OrderItem.objects.get(order_number="B1").push_code == "claim_open"
    assert {row[0] for row in read(job)[1:]} == {"A1"}


def test_the_columns_come_from_the_account_s_template(mall):
    headers = ("주문번호", "상품", "수취인", "택배사", "송장")
    taught = Plan(
        1,
        headers,
        {
            Field.ORDER_NO: Source((0,)),
            Field.PRODUCT_NAME: Source((1,)),
            Field.RECIPIENT: Source((2,)),
            Field.CARRIER: Source((3,)),
            Field.WAYBILL: Source((4,)),
        },
        {},
    )
    SheetTemplate.objects.create(
        company_id=mall.company,
        account_id=mall.account,
        name="자사몰 주문서",
        fingerprint=fingerprint(headers),
        plan=taught.to_json(),
        created_at=mall.at,
        changed_at=mall.at,
    )
    job = transmit(mall).job
    make_all(mall)
    assert read(job)[0] == ["주문번호", "택배사", "송장"]


def test_one_plan_of_both_ways(mall):
    """P31: one click over two accounts: the one with a connector is told by it, the other by sheet."""
    other = create_account(
        mall.company,
        "naver",
        AccountFields(name="스토어", key="api", credentials={"client_id": "a", "client_secret": "b"}),
        at=mall.at,
    )
    OrderItem.objects.filter(order_number="B1").update(account_id=other, channel="naver")
    outcome = transmit(mall)
    make_all(mall)
    assert set(OrderItem.objects.values_list("order_number", "status", "push")) == {
        ("A1", "in_transit", "confirmed"),
        ("B1", "shipped", "planned"),
    }
    assert get_job(outcome.job).status == "running"
    assert [job.kind for job in list_jobs("sheet").items] == ["mall_sheet"]


def test_a_sheet_left_behind_is_begun_again(mall, monkeypatch):
    """I6: a lost task does not leave items being sent for ever."""
    transmit(mall)
    asked = []
    monkeypatch.setattr("jumun.dispatch.mall_sheet_jobs.queue.defer_by_name", lambda *a, **more: asked.append(more))
    enqueue_left_behind(at=mall.at)
    assert asked == []
    enqueue_left_behind(at=mall.at + 2 * LEFT_BEHIND)
    assert [each["sheet_id"] for each in asked] == [MallSheet.objects.get().id]


def test_accounts_by_sheet(house):
    """A kind without a connector is made without keys; one with a connector too, if it is said so."""
    made = create_account(house.company, "11st", AccountFields(name="11번가", key="eleven"), at=house.at)
    assert ChannelAccount.objects.get(id=made).by_sheet
    assert (
        refusal(
            JumunError,
            lambda: create_account(house.company, "coupang", AccountFields(name="쿠팡", key="wing"), at=house.at),
        )
        == "missing_credentials"
    )
    wing = create_account(house.company, "coupang", AccountFields(name="쿠팡", key="wing", by_sheet=True), at=house.at)
    assert ChannelAccount.objects.get(id=wing).by_sheet
    assert (
        refusal(JumunError, lambda: change_account(wing, AccountFields(by_sheet=False), at=house.at))
        == "missing_credentials"
    )
    change_account(made, AccountFields(by_sheet=False), at=house.at)
    assert ChannelAccount.objects.get(id=made).by_sheet
    assert (
        refusal(
            JumunError, lambda: create_account(house.company, "nowhere", AccountFields(name="x", key="x"), at=house.at)
        )
        == "unknown_channel"
    )


def test_another_company_s_sheet_is_not_found(house):
    with pytest.raises(NotFoundError):
        open_sheet_file(999_999)


def test_a_line_no_api_can_name_goes_by_sheet_from_an_account_with_a_connector(mall):
    """P31, Q: the rest of the order is told by the connector."""
    ChannelAccount.objects.filter(id=mall.account).update(channel="coupang", by_sheet=False)
    OrderItem.objects.update(channel="coupang")
    OrderItem.objects.filter(line_no="B1-01").update(line_no="s:0a1b-1")
    job = transmit(mall).job
    make_all(mall)
    assert set(OrderItem.objects.values_list("order_number", "push")) == {("A1", "planned"), ("B1", "confirmed")}
    assert [row[2] for row in read(job)[1:]] == ["B1"]


def test_a_bundle_s_number_goes_back_as_its_own_sheet_had_it(house, tmp_path):
    """P31: from the uploaded order sheet to Coupang's sheet: what no order keeps comes from the row's own cells."""
    account = create_account(house.company, "coupang", AccountFields(name="윙", key="w", by_sheet=True), at=house.at)
    ChannelAccount.objects.filter(id=account).update(ship_from_id=house.ship_from)
    rows = [[*row("70001"), "9000000001"], [*row("70002"), "9000000002"]]
    path = write(tmp_path, rows, header=(*HEADER, "묶음배송번호"))
    commit(house, upload(house, path, account=account))
    house.put(status="shipped")
    job = transmit(house).job
    make_all(house)
    told = read(job)
    assert told[0][1:5] == ["묶음배송번호", "주문번호", "택배사", "운송장번호"]
    assert [line[1:4] for line in told[1:]] == [
        ["9000000001", "70001", "CJ 대한통운"],
        ["9000000002", "70002", "CJ 대한통운"],
    ]
    assert "김서연" not in str(told)
