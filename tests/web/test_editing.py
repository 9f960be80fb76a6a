"""Editing on the order's page: the form is a logged look, a conflict shows both values, nothing typed is lost."""

import re
from dataclasses import replace
from html import unescape

import pytest

from jumun.companies.models import AccessTrail
from jumun.companies.roles import Role
from jumun.core.tenancy import acting_as
from jumun.orders.actions.edit import edit_order
from jumun.orders.models import Order, Recipient
from tests.making import make_line

MOVED = "대전 유성구 대학로 99"


@pytest.fixture
def item(shop):
    with acting_as(shop.company):
        return shop.order("2026112300001", "L1")[0]


def fields(answer):
    """What the form would send as it stands: typed values, and of choices the one that is on."""
    text = answer.content.decode()
    found = {}
    for tag in re.findall(r"<input[^>]*>", text):
        given = {key: unescape(value) for key, value in re.findall(r'([\w-]+)="([^"]*)"', tag)}
        if given.get("type") != "radio" or " checked" in tag:
            found[given["name"]] = given["value"]
    for name, value in re.findall(r'<textarea name="(\w+)"[^>]*>\n?(.*?)</textarea>', text, re.DOTALL):
        found[name] = unescape(value)
    return found


def someone_else(shop, item, **values):
    with acting_as(shop.company):
        seen = Recipient.objects.get().revision
        edit_order(item.order_id, values, revision=seen, by=shop.owner, at=shop.at)


def stands(shop):
    with acting_as(shop.company):
        return Recipient.objects.get()


def channel_moves(shop):
    with acting_as(shop.company):
        line = make_line("2026112300001", "L1", shop.at)
        shop.store([replace(line, recipient=replace(line.recipient, address1=MOVED))])


def test_opening_the_form_is_a_look_and_saving_an_edit(shop, owner, item):
    opened = owner.send(f"orders/{item.order_id}/edit")
    assert "no-store" in opened["Cache-Control"]
    form = fields(opened)
    assert (form["name"], form["phone1"], form["revision"]) == ("홍길동", "010-0000-1234", "1")
    saved = owner.send(f"orders/{item.order_id}/save", form | {"name": "이순신", "memo": "경비실에\r\n맡기기"})
    assert (saved.status_code, saved["HX-Retarget"]) == (200, "#notices")
    assert "items-changed" in saved["HX-Trigger-After-Settle"]
    assert (stands(shop).name, stands(shop).revision) == ("이순신", 2)
    with acting_as(shop.company):
        assert Order.objects.get().memo == "경비실에\n맡기기"
        looks = [row.did for row in AccessTrail.objects.order_by("id") if row.subject == f"order:{item.order_id}"]
    assert looks == ["view", "edit"]
    page = owner.page(f"orders/{item.order_id}").content.decode()
    assert "이름, 메모 고침" in owner.page(f"orders/{item.order_id}/timeline").content.decode()
    assert "이*신" in page and "이순신" not in page and "맡기기" in page


def test_saving_the_form_untouched_changes_nothing(shop, owner, item):
    someone_else(shop, item, memo="한 줄\n두 줄")
    form = fields(owner.send(f"orders/{item.order_id}/edit"))
    form["was-memo"] = form["memo"] = "한 줄\r\n두 줄"
    assert owner.send(f"orders/{item.order_id}/save", form).status_code == 200
    assert stands(shop).revision == 2


def test_a_conflict_shows_both_values_and_saves_the_choice(shop, owner, item):
    form = fields(owner.send(f"orders/{item.order_id}/edit"))
    someone_else(shop, item, name="강감찬", address2="옥탑")
    typed = form | {"name": "이순신", "memo": "부재시 전화"}
    late = owner.send(f"orders/{item.order_id}/save", typed)
    text = late.content.decode()
    assert late.status_code == 409
    assert "그사이 다른 사람이 고쳤습니다" in text
    assert text.count('type="radio"') == 4, "name and memo, two values each; the unit was not touched here"
    assert "강감찬" in text and "이순신" in text
    assert stands(shop).name == "강감찬"
    again = fields(late)
    assert (again["name"], again["memo"], again["address2"], again["revision"]) == (
        "이순신",
        "부재시 전화",
        "옥탑",
        "2",
    )
    assert owner.send(f"orders/{item.order_id}/save", again | {"name": "강감찬"}).status_code == 200
    after = stands(shop)
    assert (after.name, after.address2, after.revision) == ("강감찬", "옥탑", 3)


def test_what_cannot_be_kept_comes_back_with_everything_typed(shop, owner, item):
    form = fields(owner.send(f"orders/{item.order_id}/edit"))
    typed = form | {"phone1": "없음", "name": "", "memo": "<b>남겨 둘 것</b>"}
    answer = owner.send(f"orders/{item.order_id}/save", typed)
    again = fields(answer)
    assert answer.status_code == 422
    assert (again["phone1"], again["name"], again["memo"]) == ("없음", "", "<b>남겨 둘 것</b>")
    assert answer.content.decode().count('class="fault"') == 2
    assert "<b>남겨" not in answer.content.decode()
    assert stands(shop).revision == 1


def test_goods_that_left_offer_the_memo_alone(shop, owner, item):
    opened = fields(owner.send(f"orders/{item.order_id}/edit"))
    with acting_as(shop.company):
        shop.put(status="shipped")
    late = owner.send(f"orders/{item.order_id}/save", opened | {"address2": "옥탑", "memo": "a"})
    assert late.status_code == 409 and "택배사에 배송지 변경을" in late.content.decode()
    assert fields(late)["address2"] == "옥탑", "what was typed can still be copied out"
    now_opened = owner.send(f"orders/{item.order_id}/edit")
    assert set(fields(now_opened)) == {"revision", "memo", "was-memo"}
    assert owner.send(f"orders/{item.order_id}/save", fields(now_opened) | {"memo": "b"}).status_code == 200


@pytest.mark.parametrize(
    ("pick", "took"), [(MOVED, "쇼핑몰의 새 배송지로 정함"), ("부산 센텀로 1", "고친 배송지 그대로 두기로 함")]
)
def test_the_channels_new_address_stands_beside_ours_until_one_is_chosen(shop, owner, item, pick, took):
    someone_else(shop, item, address1="부산 센텀로 1")
    channel_moves(shop)
    page = owner.page(f"orders/{item.order_id}")
    assert [trouble.kind for trouble in page.context["troubles"]] == ["differs", "held"]
    assert MOVED not in page.content.decode()
    opened = owner.send(f"orders/{item.order_id}/edit")
    text = opened.content.decode()
    assert MOVED in text and "부산 센텀로 1" in text and text.count('type="radio"') == 2
    form = fields(opened)
    assert form["address1"] == "부산 센텀로 1"
    assert owner.send(f"orders/{item.order_id}/save", form | {"address1": pick}).status_code == 200
    assert stands(shop).address1 == pick
    page = owner.page(f"orders/{item.order_id}")
    assert page.context["troubles"] == []
    assert took in owner.page(f"orders/{item.order_id}/timeline").content.decode()


def test_a_channel_that_moves_while_the_form_is_open_is_not_passed_over(shop, owner, item):
    someone_else(shop, item, address1="부산 센텀로 1")
    form = fields(owner.send(f"orders/{item.order_id}/edit"))
    channel_moves(shop)
    late = owner.send(f"orders/{item.order_id}/save", form | {"address1": "울산 번영로 3"})
    assert late.status_code == 409
    for each in ("울산 번영로 3", "부산 센텀로 1", MOVED):
        assert f'value="{each}"' in late.content.decode()


@pytest.mark.parametrize("role", [Role.PACKER, Role.VIEWER])
def test_a_packer_and_a_viewer_edit_nothing(shop, someone, item, role):
    who = someone(role)
    assert "/edit" not in who.page(f"orders/{item.order_id}").content.decode()
    assert who.send(f"orders/{item.order_id}/edit").status_code == 403
    assert who.send(f"orders/{item.order_id}/save", {"memo": "x", "revision": "1"}).status_code == 403


@pytest.mark.parametrize("revision", ["", "-1", "x", "1e3", "9999999999", "²"])
def test_a_form_without_a_version_saves_nothing(shop, owner, item, revision):
    assert owner.send(f"orders/{item.order_id}/save", {"memo": "x", "revision": revision}).status_code == 400
