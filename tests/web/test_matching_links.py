"""매칭 목록: what is remembered is found, read back, changed with its items in view, and brought back (C12)."""

import re

import pytest

from jumun.companies.roles import Role
from jumun.core.tenancy import acting_as
from jumun.matching.history import list_versions
from jumun.matching.link_queries import LinkFilter, find_links, get_link
from jumun.matching.links import ListingRef, NewLink, put_links

LISTING = {"seller_code": "", "product_code": "P9", "option_code": "O9"}


def linked(shop, *parts, kind="link", code="P9", option="O9", name="온산 순면 티셔츠", text="블랙 / L"):
    """A link of the shop's account."""
    with acting_as(shop.company):
        listing = ListingRef(shop.account, code, name, option, text)
        done = put_links([NewLink(listing, parts=parts, kind=kind)], by=None, at=shop.at)
        assert not done.refused
        return done.changed[0].link


@pytest.fixture
def link(shop):
    """A listing linked to one of a SKU, with an item in 상품준비 and one released."""
    made = linked(shop, ("TSH-BLK-L", 1))
    with acting_as(shop.company):
        shop.order("N2", "n2", **LISTING)
        shop.put(status="ready")
        shop.order("N1", "n1", **LISTING)
    return made


def test_links_are_found_by_listing_sku_account_and_kind(shop, owner, link):
    gift = linked(shop, ("TSH-BLK-L", 3), kind="gift", code="G1", name="사은품 양말", text="")
    none = linked(shop, kind="ignore", code="X1", name="각인 추가", text="")
    with acting_as(shop.company):
        for wanted, ids in [
            (LinkFilter(), {link, gift, none}),
            (LinkFilter(listing="순면 l"), {link}),
            (LinkFilter(listing="ㅅㅇㅍ"), {gift}),
            (LinkFilter(listing="g1"), {gift}),
            (LinkFilter(sku="tsh-blk"), {link, gift}),
            (LinkFilter(sku="NOPE"), set()),
            (LinkFilter(account=shop.account, kind="ignore"), {none}),
            (LinkFilter(account=shop.account + 999), set()),
        ]:
            assert {row.id for row in find_links(wanted).items} == ids, wanted
    text = owner.page("matching/links?sku=TSH-BLK-L&kind=gift").content.decode()
    assert "사은품 양말" in text and "온산 순면 티셔츠" not in text


def test_the_list_goes_on_where_it_stopped(shop, owner):
    """Keyset: those changed last first, none twice, none left out, also with many of one moment."""
    made = [linked(shop, ("TSH-BLK-L", 1), code=f"P{place}") for place in range(5)]
    with acting_as(shop.company):
        seen, cursor = [], ""
        while True:
            page = find_links(LinkFilter(), cursor=cursor, limit=2)
            seen += [row.id for row in page.items]
            cursor = page.next_cursor
            if not cursor:
                break
    assert seen == sorted(made, reverse=True)
    assert owner.page("matching/links?cursor=nonsense").status_code == 400


def test_changing_shows_every_item_it_touches_first(shop, owner, link):
    """C12: a wrong link is changed with what becomes of each item in view, and then all of them in one go."""
    given = {"kind": "link", "sku": ["TSH-BLK-L"], "quantity": ["2"]}
    address = f"matching/links/{link}/change"
    ahead = owner.send(address, given)
    text = ahead.content.decode()
    assert ahead["HX-Retarget"] == f"#ahead-link-{link}"
    assert "N1" in text and "N2" in text and "이대로 2개에 적용" in text
    with acting_as(shop.company):
        assert get_link(link).version == 1

    done = owner.send(address, given | {"sure": "1"}).content.decode()
    assert "품목 2개가 바뀌었습니다" in done and "버전 1(으)로" in done
    with acting_as(shop.company):
        assert [(part.sku, part.quantity) for part in get_link(link).parts] == [("TSH-BLK-L", 2)]


def test_taking_back_says_which_items_stay_and_why(shop, owner, link):
    address = f"matching/links/{link}/change"
    text = owner.send(address, {"kind": "none"}).content.decode()
    assert "1개는 그대로 둡니다" in text and "출고지시를 취소한 뒤" in text
    owner.send(address, {"kind": "none", "sure": "1"})
    with acting_as(shop.company):
        assert {item.matched for item in shop.items("N1")} == {False}
        assert {item.matched for item in shop.items("N2")} == {True}


def test_an_earlier_version_comes_back_as_a_new_one(shop, owner, link):
    address = f"matching/links/{link}/change"
    owner.send(address, {"kind": "link", "sku": ["TSH-BLK-L"], "quantity": ["4"], "sure": "1"})
    assert "이대로 2개에 적용" in owner.send(address, {"version": "1"}).content.decode()
    owner.send(address, {"version": "1", "sure": "1"})
    with acting_as(shop.company):
        assert [(each.version, each.parts[0][1]) for each in list_versions(link)] == [(3, 1), (2, 4), (1, 1)]
    assert owner.send(address, {"version": "9"}).status_code == 404


def test_what_changes_nothing_says_so(owner, link):
    same = {"kind": "link", "sku": ["TSH-BLK-L"], "quantity": ["1"]}
    refused = owner.send(f"matching/links/{link}/change", same)
    assert refused.status_code == 400 and "이미 그렇게 매칭" in refused.content.decode()


def test_who_may_only_look_changes_nothing(owner, someone, link):
    viewer = someone(Role.VIEWER)
    text = viewer.page(f"matching/links/{link}").content.decode()
    assert "TSH-BLK-L" in text and "매칭 취소" not in text
    assert viewer.send(f"matching/links/{link}/change", {"kind": "none", "sure": "1"}).status_code == 403
    assert not re.search("data-find-skus", text)
