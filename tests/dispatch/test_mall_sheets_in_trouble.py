"""P31 without an API, when something comes between: nobody's sheet says what did not leave, and a failure can be tried again."""

import pytest
from tests.dispatch.test_mall_sheets import make_all, read, states, transmit
from tests.dispatch.test_mall_sheets import mall as mall  # noqa: PLC0414 - the fixture
from tests.making import good_number

from jumun.dispatch import mall_sheets
from jumun.dispatch.actions import retry_job, save_waybills
from jumun.dispatch.mall_cells import _text
from jumun.dispatch.mall_sheet_queries import list_sheets
from jumun.dispatch.models import Effect, MallSheet
from jumun.dispatch.undoing import undo
from jumun.jobs.queries import get_job
from jumun.orders.models import OrderItem
from jumun.waybills.actions import GivenWaybill


def test_what_is_taken_back_as_the_sheet_begins_stands_in_no_row(mall, monkeypatch):
    """P31, undo: the undo commits while the sheet waits for its shipments; the file lists nothing of it."""
    [first] = [transmit(mall)]
    hold = mall_sheets.hold
    waited = []

    def undone_meanwhile(effects):
        if not waited:
            waited.append(undo(first.batch, by=mall.owner, at=mall.at).done)
        hold(effects)

    monkeypatch.setattr(mall_sheets, "hold", undone_meanwhile)
    written = []
    monkeypatch.setattr(mall_sheets, "_write", lambda _sheet, _form, rows: written.extend(rows))
    make_all(mall)

    assert waited == [3] and written == []
    assert states() == {("shipped", "")}
    assert MallSheet.objects.get().made_at is None


@pytest.mark.parametrize("place", ["_form_of", "read_cells", "_lines", "_stopped"])
def test_a_sheet_that_cannot_be_laid_out_ends_with_its_reason(mall, monkeypatch, place):
    """I6: it is not begun again every five minutes for ever."""
    outcome = transmit(mall)

    def broken(*_args, **_more):
        raise KeyError("홍길동")

    monkeypatch.setattr(mall_sheets, place, broken)
    if place == "read_cells":
        OrderItem.objects.update(channel="coupang")
        mall_sheets.ChannelAccount.objects.filter(id=mall.account).update(channel="coupang")
    make_all(mall)

    assert states() == {("shipped", "rejected")}
    assert set(Effect.objects.values_list("state", "code")) == {("rejected", "sheet_not_made")}
    assert MallSheet.objects.get().ended_at is not None
    assert (get_job(outcome.job).status, get_job(outcome.job).reason) == ("failed", "sheet_not_made")


def test_the_transmission_itself_can_be_tried_again_when_its_sheet_failed(mall, monkeypatch):
    """다시 시도 on the wish, not only on the sheet's own job."""

    def full(*_args, **_more):
        raise OSError(28, "no space left on device")

    monkeypatch.setattr(mall_sheets, "keep_file", full)
    outcome = transmit(mall)
    make_all(mall)
    monkeypatch.undo()

    again = retry_job(outcome.job, by=mall.owner, at=mall.at)
    make_all(mall)

    assert states() == {("in_transit", "confirmed")}
    assert get_job(again).retry_of_id == outcome.job
    assert len(read(list_sheets(again)[0].job)) == 4


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (9000000001, "9000000001"), (9000000001.0, "9000000001"), ("9007199254740993", "9007199254740993"),
        (1.2345678901234567e19, ""), (9007199254740994.0, ""), (2026112300000010, ""), (2026112300000011, "2026112300000011"),
        (None, ""), (True, "True"),
    ],
)  # fmt: skip
def test_a_number_that_lost_digits_in_its_sheet_goes_back_to_no_mall(cell, text):
    assert _text(cell) == text


def test_a_correction_can_be_tried_again_when_its_sheet_failed(mall, monkeypatch):
    """N11: 다시 시도 on the correction."""
    transmit(mall)
    make_all(mall)
    item = OrderItem.objects.get(line_no="B1-01")
    given = [GivenWaybill(carrier="cj", number=good_number(777_777), item=item.id)]
    job = save_waybills(given, by=mall.owner, at=mall.at, corrects=True).outcome.job
    with monkeypatch.context() as broken:
        broken.setattr(mall_sheets, "_form_of", lambda _account: 1 // 0)
        make_all(mall)
    assert OrderItem.objects.get(id=item.id).push == "rejected"
    again = retry_job(job, by=mall.owner, at=mall.at)
    make_all(mall)
    assert OrderItem.objects.get(id=item.id).waybill == good_number(777_777)
    assert len(read(again)) == 2
