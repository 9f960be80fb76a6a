"""매칭: what waits with its candidates, one button for all items of a listing (C10–C13)."""

import pytest

from jumun.companies.roles import Role
from jumun.core.tenancy import acting_as
from jumun.matching.queries import list_links
from jumun.web.matching import read_parts

WAITING = {"seller_code": "", "product_code": "P9", "option_code": "O9"}


@pytest.fixture
def waiting(shop):
    """Two orders of one listing nobody linked yet."""
    with acting_as(shop.company):
        return shop.order("N1", "n1", **WAITING) + shop.order("N2", "n2", **WAITING)


def test_one_button_links_every_item_of_a_listing(shop, owner, waiting):
    text = owner.page("matching").content.decode()
    assert "같은 상품 2건에 적용" in text
    assert 'value="TSH-BLK-L*1"' in text

    sent = owner.send("matching/link", {"item": waiting[0].id, "choice": "TSH-BLK-L*1", "kind": "link"}, htmx=False)

    assert sent.status_code == 302 and sent["Location"].endswith("matching?items=2&refused=0")
    with acting_as(shop.company):
        assert {item.sku_code for item in shop.items()} == {"TSH-BLK-L"}
    assert "기다리는 상품이 없습니다" in owner.page("matching?items=2&refused=0").content.decode()


def test_what_is_typed_stands_before_what_is_chosen(shop, owner, waiting):
    given = {"item": waiting[0].id, "choice": "NOPE*1", "typed": "TSH-BLK-L*3", "kind": "gift"}
    assert owner.send("matching/link", given, htmx=False).status_code == 302
    with acting_as(shop.company):
        [link] = list_links()
        assert (link.kind, link.parts) == ("gift", (("TSH-BLK-L", 3),))


@pytest.mark.parametrize(
    "given", [{"typed": "NOPE"}, {"typed": ""}, {"item": "x"}, {"kind": "other"}, {"typed": "A*0"}]
)
def test_what_makes_no_sense_is_refused_in_words(owner, waiting, given):
    body = {"item": waiting[0].id, "typed": "TSH-BLK-L", "kind": "link"} | given
    assert owner.send("matching/link", body, htmx=False).status_code == 400


def test_who_may_only_look_sees_no_button(owner, someone, waiting):
    assert "건에 적용" not in someone(Role.VIEWER).page("matching").content.decode()
    assert owner.page("matching?from=999999999999999999999").status_code == 200


def test_codes_with_numbers():
    assert read_parts("A-1*2, B-3 × 4,C") == [("A-1", 2), ("B-3", 4), ("C", 1)]
