"""What a packer may take back, and what the collect dialog passes on."""

import pytest

from jumun.channels.actions import AccountFields, change_account
from jumun.companies.roles import PACKER_ACTIONS, PERMISSIONS, May, Role, reaches
from jumun.core.tenancy import acting_as
from jumun.jobs.models import Job
from jumun.orders.actions.hand_over import hand_over
from jumun.orders.actions.release import release
from jumun.orders.filters import ItemFilter
from jumun.orders.models import OrderItem
from jumun.orders.selection import Selection
from jumun.orders.states import ACTIONS

ALL = Selection(filter=ItemFilter())


def statuses(shop):
    with acting_as(shop.company):
        return set(OrderItem.objects.values_list("status", flat=True))


def test_a_packer_reaches_packing_and_a_clerk_everything():
    assert {action for action in ACTIONS if reaches(PERMISSIONS[Role.PACKER], action)} == set(PACKER_ACTIONS)
    assert all(reaches(frozenset({May.MOVE}), action) for action in ACTIONS)
    assert not any(reaches(PERMISSIONS[Role.VIEWER], action) for action in ACTIONS)


def test_a_packer_takes_back_handing_over_but_not_releasing(shop, someone):
    packer = someone(Role.PACKER)
    with acting_as(shop.company):
        shop.order("2026112300001", "a")
        batch = release(ALL, by=shop.owner, at=shop.at).batch
    answer = packer.send(f"batches/{batch}/undo")
    assert answer.status_code == 403
    assert statuses(shop) == {"ready"}

    with acting_as(shop.company):
        shop.put(status="labelled")
        batch = hand_over(ALL, by=shop.owner, at=shop.at).batch
    assert packer.send(f"batches/{batch}/undo").status_code == 200
    assert statuses(shop) == {"labelled"}


@pytest.mark.parametrize(("switch", "box", "told"), [(True, "", True), (False, "", False), (False, "on", True)])
def test_an_unticked_box_leaves_confirming_to_the_accounts_own_switch(shop, owner, switch, box, told):
    from procrastinate.contrib.django.models import ProcrastinateJob

    with acting_as(shop.company):
        change_account(shop.account, AccountFields(auto_confirm=switch))
    form = {"account": str(shop.account)} | ({"auto_confirm": box} if box else {})
    assert owner.send("collect", form).status_code == 200
    queued = ProcrastinateJob.objects.get(task_name="jumun:intake.collect")
    assert queued.args["confirm"] is told
    with acting_as(shop.company):
        assert Job.objects.get(kind="collect").params["confirm"] is (True if box else None)
