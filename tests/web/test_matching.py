"""매칭: what waits with its candidates, one button for all items of a listing (C10–C13)."""

import re

import pytest

from jumun.companies.roles import Role
from jumun.core.tenancy import acting_as
from jumun.matching.queries import list_links
from jumun.web.matching_doing import read_parts

WAITING = {"seller_code": "", "product_code": "P9", "option_code": "O9"}


@pytest.fixture
def waiting(shop):
    """Two orders of one listing nobody linked yet."""
    with acting_as(shop.company):
        return shop.order("N1", "n1", **WAITING) + shop.order("N2", "n2", **WAITING)


@pytest.fixture
def released(shop, waiting):
    """One more of the same listing, matched by its own code before, and released."""
    with acting_as(shop.company):
        [item] = shop.order("N3", "n3", **WAITING | {"seller_code": "TSH-BLK-L"})
        shop.put(status="ready")
        return item


def test_one_button_links_every_item_of_a_listing(shop, owner, waiting):
    text = owner.page("matching").content.decode()
    assert "같은 상품 2건에 적용" in text
    assert 'value="TSH-BLK-L*1"' in text

    sent = owner.send("matching/link", {"item": waiting[0].id, "choice": "TSH-BLK-L*1", "kind": "link"})

    done = sent.content.decode()
    assert sent.status_code == 200 and "listing-linked" in sent["HX-Trigger-After-Settle"]
    assert "품목 2개가 바뀌었습니다" in done and re.search(r"items\?moved_by=[0-9a-f-]{36}", done)
    with acting_as(shop.company):
        assert {item.sku_code for item in shop.items()} == {"TSH-BLK-L"}
    assert "기다리는 상품이 없습니다" in owner.page("matching").content.decode()


def test_what_was_touched_is_found_by_its_batch(shop, owner, waiting):
    done = owner.send("matching/link", {"item": waiting[0].id, "choice": "TSH-BLK-L*1"}).content.decode()
    batch = re.search(r"moved_by=([0-9a-f-]{36})", done)[1]
    rows = owner.page(f"rows?moved_by={batch}&period=all").json()
    assert {row["id"] for row in rows["rows"]} == {item.id for item in waiting}


def test_what_is_picked_and_typed_stands_before_what_is_chosen(shop, owner, waiting):
    given = {"item": waiting[0].id, "choice": "NOPE*1", "typed": "TSH-BLK-L*2", "kind": "gift"}
    given |= {"sku": ["TSH-BLK-L"], "quantity": ["3"]}
    assert owner.send("matching/link", given).status_code == 200
    with acting_as(shop.company):
        [link] = list_links()
        assert (link.kind, link.parts) == ("gift", (("TSH-BLK-L", 5),))


@pytest.mark.parametrize(
    "given",
    [
        {"typed": "NOPE"},
        {"typed": ""},
        {"item": "x"},
        {"kind": "other"},
        {"typed": "A*0"},
        {"sku": ["TSH-BLK-L"], "quantity": ["0"]},
        {"sku": ["TSH-BLK-L"], "quantity": ["1e3"]},
        {"sku": ["TSH-BLK-L"]},
    ],
)
def test_what_makes_no_sense_is_refused_in_words(shop, owner, waiting, given):
    body = {"item": waiting[0].id, "typed": "TSH-BLK-L", "kind": "link"} | given
    assert owner.send("matching/link", body).status_code == 400
    with acting_as(shop.company):
        assert not list_links()


def test_released_items_are_shown_before_they_are_touched(shop, owner, waiting, released):
    """A slip or a label says what they were: nothing is changed until somebody has seen them (C12)."""
    given = {"item": waiting[0].id, "typed": "TSH-BLK-L*2", "kind": "link"}
    ahead = owner.send("matching/link", given)
    text = ahead.content.decode()
    assert ahead["HX-Retarget"] == f"#ahead-item-{waiting[0].id}"
    assert "N3" in text and "이미 출고지시한 품목" in text and 'name="sure" value="1"' in text
    with acting_as(shop.company):
        assert not list_links()

    done = owner.send("matching/link", given | {"sure": "1"}).content.decode()
    assert "품목 3개가 바뀌었습니다" in done


def test_undo_stands_beside_what_was_done(shop, owner, waiting):
    done = owner.send("matching/link", {"item": waiting[0].id, "choice": "TSH-BLK-L*1"}).content.decode()
    address = re.search(r"matching/links/\d+/back", done)[0]
    assert re.search(r'"version": "0"', done)

    back = owner.send(address, {"version": "0"})

    assert back.status_code == 200 and "되돌렸습니다" in back.content.decode()
    with acting_as(shop.company):
        assert not any(item.matched for item in shop.items())
    assert "같은 상품 2건에 적용" in owner.page("matching").content.decode()


def test_undo_of_released_items_asks_and_says_why_they_stay(shop, owner, waiting, released):
    given = {"item": waiting[0].id, "choice": "TSH-BLK-L*2", "sure": "1"}
    done = owner.send("matching/link", given).content.decode()
    address = re.search(r"matching/links/\d+/back", done)[0]
    ahead = owner.send(address, {"version": "0"})
    assert "#ahead-link-" in ahead["HX-Retarget"] and "N3" in ahead.content.decode()
    back = owner.send(address, {"version": "0", "sure": "1"}).content.decode()
    assert "1개는 그대로 두었습니다" in back


def test_who_may_only_look_sees_no_button(owner, someone, waiting):
    text = someone(Role.VIEWER).page("matching").content.decode()
    assert "건에 적용" not in text and "품목 찾기" not in text
    assert owner.page("matching?from=999999999999999999999").status_code == 200


def test_skus_are_found_as_on_a_new_order(owner, waiting):
    assert "TSH-BLK-L" in owner.page("matching/skus?q=tsh").content.decode()
    assert owner.page("matching/skus?q=%00").status_code == 400


def test_codes_with_numbers():
    assert read_parts("A-1*2, B-3 × 4,C") == [("A-1", 2), ("B-3", 4), ("C", 1)]
