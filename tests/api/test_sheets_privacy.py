"""Who sees what of a sheet's recipients by REST: only those who may, each look in the trail, nothing in kept answers (N5)."""

import pytest

from jumun.companies.models import AccessTrail, SavedAnswer
from jumun.companies.roles import Role
from jumun.core.tenancy import acting_as
from tests.api.conftest import Api, token_for
from tests.api.test_sheets import send
from tests.intake.uploaded import row, write

RECIPIENT = ("김서연", "010-0000-1234", "01000001234", "세종대로")


@pytest.fixture
def made(shop, tmp_path):
    return send(shop, write(tmp_path, [row("A", "a1"), row("B", "b1", 연락처1="없음 01")]), account=shop.account).body


def told(body):
    return [each for each in RECIPIENT if each in str(body)]


def looks(shop):
    with acting_as(shop.company):
        return list(AccessTrail.objects.values_list("did", "subject"))


def test_lists_and_changes_of_sheets_answer_nothing_of_recipients(api, shop, made):
    assert told(made) == [] and made["samples"] == {}
    assert told(api.get("/sheets").body) == []
    viewer = Api(token_for(shop, Role.VIEWER))
    assert told(viewer.get("/sheets").body) == [] == told(viewer.get(f"/sheets/{made['id']}").body)
    assert told(api.patch(f"/sheets/{made['id']}", {"on_known": "update"}).body) == []
    fixed = api.patch(f"/sheets/{made['id']}/rows/2", {"fields": {"quantity": "2"}}).body
    assert told(fixed) == [] and fixed["fields"]["quantity"] == "2" and fixed["cells"] == []
    wrong = api.patch(f"/sheets/{made['id']}/rows/2", {"fields": {"phone1": "없음 77"}}).body
    assert wrong["fault"]["field"] == "phone1" and "없음 77" not in str(wrong)
    assert looks(shop) == []


def test_samples_in_clear_are_in_the_trail(api, shop, made):
    assert told(api.get(f"/sheets/{made['id']}").body)
    assert looks(shop) == [("view", f"sheet:{made['id']}")]


def test_kept_answers_hold_no_recipient(api, shop, made, tmp_path):
    key = {"Idempotency-Key": "sheet"}
    assert send(shop, write(tmp_path, [row("C", "c1")]), account=shop.account, headers=key).status == 201
    api.call("PATCH", f"/sheets/{made['id']}/rows/2", {"fields": {"quantity": "3"}}, Idempotency_Key="row")
    with acting_as(shop.company):
        bodies = list(SavedAnswer.objects.values_list("body", flat=True))
    assert bodies and told(bodies) == []
