"""Tabs: what is kept, who sees and changes it, and the layout of built-in tabs (I2, I5)."""

import json

import pytest

from jumun.companies.roles import Role
from jumun.core.tenancy import acting_as
from jumun.orders.models import StepLayout, View

LAYOUT = {
    "columns": [{"key": "product", "width": 300, "hidden": False, "pinned": True}],
    "sort": "-ship_by",
    "group": "",
    "row": "low",
}


def store(shop, *numbers, **more):
    with acting_as(shop.company):
        return [item for number in numbers for item in shop.order(number, f"{number}-1", **more)]


def views(shop):
    with acting_as(shop.company):
        return list(View.objects.order_by("position", "id"))


def make(visitor, name="오늘 마감", query="status=preparing&held=false", **more):
    answer = visitor.send("views", {"name": name, "query": query, **more})
    assert answer.status_code == 204, answer.content.decode()
    return answer["HX-Redirect"]


def test_i5_what_is_shown_becomes_a_tab_with_filter_columns_and_sort(shop, owner):
    store(shop, "2026112300001")
    address = make(owner, query="held=false&status=preparing", layout=json.dumps(LAYOUT))
    (view,) = views(shop)
    assert address == f"/c/shop/items?status=preparing&held=false&view={view.id}&sort=-ship_by"
    assert view.query == "status=preparing&held=false"
    page = owner.client.get(address)
    assert page.status_code == 200
    assert page.context["layout"]["columns"][0]["key"] == "product"
    assert page.context["layout"]["sort"] == "-ship_by"
    assert page.context["tab"].name == "오늘 마감" and page.context["tab"].count == 1
    assert not page.context["unsaved"]


def test_i5_a_changed_filter_is_offered_to_be_saved(shop, owner):
    make(owner)
    (view,) = views(shop)
    changed = owner.page(f"items?status=preparing&view={view.id}")
    assert changed.context["unsaved"]
    answer = owner.send(f"views/{view.id}", {"query": changed.context["asked"], "layout": ""})
    assert answer.status_code == 204
    assert views(shop)[0].query == "status=preparing"
    assert not owner.client.get(answer["HX-Redirect"]).context["unsaved"]


def test_i5_rename_duplicate_move_and_delete(shop, owner):
    make(owner, "하나")
    make(owner, "둘")
    first, second = views(shop)
    owner.send(f"views/{second.id}", {"name": " 세  번째 "})
    owner.send(f"views/{second.id}/move", {"to": "back"})
    assert [view.name for view in views(shop)] == ["세 번째", "하나"]
    owner.send(f"views/{first.id}/duplicate")
    owner.send(f"views/{first.id}/duplicate")
    assert [view.name for view in views(shop)] == ["세 번째", "하나", "하나 복사", "하나 복사 2"]
    owner.send(f"views/{first.id}/delete")
    assert "하나" not in [view.name for view in views(shop)]


def test_i5_two_tabs_of_one_name_are_refused_with_a_sentence(shop, owner):
    make(owner)
    answer = owner.send("views", {"name": "오늘 마감", "query": ""})
    assert answer.status_code == 409 and "같은 이름의 탭" in answer.content.decode()
    assert owner.send("views", {"name": "  ", "query": ""}).status_code == 400
    assert len(views(shop)) == 1


def test_i5_a_shared_tab_is_seen_by_all_and_changed_by_its_owner_or_who_manages_people(shop, owner, someone):
    clerk, packer = someone(Role.CLERK), someone(Role.PACKER)
    make(clerk, "우리 탭", shared="true")
    make(clerk, "내 탭")
    ours, mine = views(shop)
    for visitor in (owner, packer):
        names = [tab.name for tab in visitor.page("items").context["tabs"]]
        assert names == ["우리 탭"]
    assert packer.send(f"views/{ours.id}", {"name": "뺏은 탭"}).status_code == 403
    assert packer.send(f"views/{ours.id}/delete").status_code == 403
    assert packer.send(f"views/{ours.id}/duplicate").status_code == 204
    assert packer.send(f"views/{mine.id}/duplicate").status_code == 404
    assert owner.send(f"views/{ours.id}", {"name": "모두의 탭"}).status_code == 204
    assert owner.send(f"views/{mine.id}/delete").status_code == 404
    assert clerk.send(f"views/{ours.id}", {"shared": "false"}).status_code == 204
    assert owner.page("items").context["tabs"] == []


def test_i5_an_address_with_a_private_tab_shows_a_colleague_the_same_items(shop, owner, someone):
    first, second = store(shop, "2026112300001", "2026112300002")
    address = make(owner, "내 것", query="number=2026112300001")
    colleague = someone(Role.VIEWER)
    page = colleague.client.get(address)
    assert page.status_code == 200 and page.context["tab"] is None
    text = page.content.decode()
    assert first.bundle_no in text and second.bundle_no not in text
    assert "내 것" not in text


def test_i5_the_layout_of_a_built_in_tab_is_each_persons_own(shop, owner, someone):
    body = json.dumps({"step": "ready", "layout": LAYOUT})
    token = owner.client.cookies["csrftoken"].value
    sent = owner.client.post("/c/shop/layouts", body, content_type="application/json", headers={"X-CSRFToken": token})
    assert sent.status_code == 204
    with acting_as(shop.company):
        assert StepLayout.objects.get().step == "ready"
    assert owner.page("items?status=ready").context["layout"]["row"] == "low"
    assert owner.page("items?status=paid").context["layout"]["columns"] == []
    assert someone(Role.CLERK).page("items?status=ready").context["layout"]["columns"] == []


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        '{"step": "nowhere", "layout": {}}',
        '{"step": "ready", "layout": {"columns": [{"key": 1}]}}',
        "{" * 30_000,
    ],
)
def test_i5_a_layout_nobody_can_read_is_refused_with_a_sentence(shop, owner, body):
    token = owner.client.cookies["csrftoken"].value
    sent = owner.client.post("/c/shop/layouts", body, content_type="application/json", headers={"X-CSRFToken": token})
    assert sent.status_code == 400 and sent.json()["problem"]


def test_i5_a_layout_in_a_form_is_refused_with_a_sentence(shop, owner):
    sent = owner.send("layouts", {"step": "ready"})
    assert sent.status_code == 400 and sent.json()["problem"]


def test_i5_columns_that_are_gone_are_left_out(shop, owner):
    make(owner, layout=json.dumps({"columns": [{"key": "gone"}, {"key": "product"}]}))
    page = owner.page(f"items?view={views(shop)[0].id}")
    assert [column["key"] for column in page.context["layout"]["columns"]] == ["product"]


def test_i2_everything_is_reached_from_one_menu(shop, owner):
    text = owner.page("items").content.decode()
    for status in ("paid", "in_transit", "settled", "cancelled", "returned", "exchanged"):
        assert f'href="?status={status}"' in text
    assert 'href="?claim=open"' in text and 'href="?period=all"' in text


def test_counts_of_tabs_are_live_and_one_statement(shop, owner, django_assert_max_num_queries):
    store(shop, "2026112300001")
    for place in range(14):
        make(owner, f"탭 {place}", query=f"status=preparing&number=202611230000{place % 3}")
    counts = owner.page("views/counts").json()
    assert len(counts) == 12 and sorted(set(counts.values())) == ["0", "1"]
    with django_assert_max_num_queries(20):
        page = owner.page("items?status=preparing")
    assert len(page.context["tabs"]) == 12 and len(page.context["more_tabs"]) == 2
