"""Bearer tokens: what lets a call in, and how far (S09)."""

import hashlib
from datetime import timedelta

import pytest

from jumun.companies.actions import add_member, change_role, remove_member
from jumun.companies.models import ApiToken, Member, Person, TokenDigest
from jumun.companies.queries import get_member_of
from jumun.companies.roles import PERMISSIONS, May, Role
from jumun.companies.tokens import read_token
from jumun.core.clock import now
from jumun.core.tenancy import acting_as
from tests.api.conftest import Api, token_for


def hire(shop, role):
    with acting_as(shop.company):
        member = add_member(email="clerk@house.kr", name="이점원", password="clerk-pass-2026", role=role, at=shop.at)
        return member, Member.objects.get(id=member).person_id


def test_a_token_says_who_calls(shop, api):
    me = api.get("/me")
    assert me.status == 200
    assert me.body["company"] == {"id": shop.company, "name": "테스트상회", "slug": "house"}
    assert me.body["role"] == "owner"
    assert me.body["member"]["person"] == shop.owner
    assert me.body["via"].startswith("token:")


def test_only_a_digest_is_kept(shop):
    bearer = token_for(shop)
    assert bearer.startswith("jmn_")
    assert len(bearer) == len("jmn_") + 8 + 40
    assert [row.digest for row in TokenDigest.objects.all()] == [hashlib.sha256(bearer.encode()).hexdigest()]
    with acting_as(shop.company):
        kept = ApiToken.objects.get()
    assert bearer[12:] not in repr(vars(kept))
    assert kept.prefix == bearer[4:12]


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer jmn_wrong", "Basic b3duZXI6cGFzcw==", "jmn_x"])
def test_without_a_token_that_holds_nothing_opens(shop, header):
    refused = Api("").get("/me", Authorization=header)
    assert (refused.status, refused.code) == (401, "bad_token")
    assert refused.headers["WWW-Authenticate"].startswith("Bearer")


def test_an_expired_token_is_refused(shop):
    assert Api(token_for(shop, days=1, at=now() - timedelta(days=2))).get("/me").code == "bad_token"
    assert Api(token_for(shop, days=1, at=now())).get("/me").status == 200


def test_a_revoked_token_is_refused_at_once(shop, api):
    doomed = Api(token_for(shop))
    listed = api.get("/tokens").body["items"]
    assert doomed.get("/me").status == 200
    assert api.delete(f"/tokens/{listed[0]['id']}").status == 204
    assert doomed.get("/me").code == "bad_token"
    assert api.delete(f"/tokens/{listed[0]['id']}").status == 204  # twice is once
    assert api.get("/tokens").body["items"][0]["revoked_at"] is not None


def test_a_token_in_the_address_is_refused_even_beside_a_good_one(shop, api):
    assert Api("").get(f"/me?access_token={api.token}").code == "token_in_address"
    assert api.get(f"/me?token={api.token}").status == 401


def test_a_token_never_reaches_further_than_its_person_now(shop):
    member, person = hire(shop, Role.MANAGER)
    token = Api(token_for(shop, Role.MANAGER, person=person))
    assert "accounts" in token.get("/me").body["permissions"]
    with acting_as(shop.company):
        change_role(member, role=Role.VIEWER)
    me = token.get("/me").body
    assert (me["role"], me["permissions"]) == ("viewer", ["read"])
    assert token.post("/ship-froms", {"code": "x", "name": "x"}).status == 403


def test_a_token_ends_with_the_membership_and_stays_ended(shop):
    member, person = hire(shop, Role.CLERK)
    token = Api(token_for(shop, Role.CLERK, person=person))
    with acting_as(shop.company):
        remove_member(member)
    assert token.get("/me").code == "bad_token"
    hire(shop, Role.CLERK)
    assert token.get("/me").code == "bad_token"


def test_a_person_switched_off_gets_nowhere(shop, api):
    Person.objects.filter(id=shop.owner).update(is_active=False)
    assert api.get("/me").code == "bad_token"


def test_scopes_narrow_a_token(shop):
    narrow = Api(token_for(shop, Role.OWNER, scopes=(May.READ, May.CATALOG)))
    assert narrow.get("/me").body["permissions"] == ["catalog", "read"]
    assert narrow.get("/members").code == "not_allowed"


def test_a_token_opens_one_company(shop, rival, api):
    assert api.get("/me").body["company"]["slug"] == "house"
    assert Api(token_for(rival)).get("/me").body["company"]["slug"] == "rival"


@pytest.mark.parametrize("role", list(Role))
def test_nobody_makes_a_token_with_more_rights_than_they_have(shop, api_as, role):
    maker = api_as(role)
    for wanted in Role:
        made = maker.post("/tokens", {"name": "x", "role": wanted})
        allowed = May.TOKENS in PERMISSIONS[role] and PERMISSIONS[wanted] <= PERMISSIONS[role]
        assert made.status == (201 if allowed else 403), wanted


def test_a_narrowed_token_makes_only_narrower_ones(shop):
    narrow = Api(token_for(shop, Role.OWNER, scopes=(May.READ, May.TOKENS)))
    assert narrow.post("/tokens", {"name": "x"}).status == 403
    assert narrow.post("/tokens", {"name": "x", "scopes": ["people"]}).status == 403
    assert narrow.post("/tokens", {"name": "x", "scopes": ["read"]}).status == 201


def test_nobody_gives_a_role_they_do_not_have(shop):
    narrow = Api(token_for(shop, Role.OWNER, scopes=(May.READ, May.PEOPLE)))
    new = {"email": "new@house.kr", "name": "새사람", "password": "new-pass-2026", "role": "owner"}
    assert narrow.post("/members", new).status == 403
    assert narrow.post("/members", new | {"role": "viewer"}).status == 201
    with acting_as(shop.company):
        owner = get_member_of(shop.owner).id
    assert narrow.delete(f"/members/{owner}").status == 403


def test_a_made_token_works_and_expires(shop, api):
    made = api.post("/tokens", {"name": "창고", "role": "packer", "days": 30})
    assert (made.status, made.body["role"], made.body["name"]) == (201, "packer", "창고")
    assert Api(made.body["token"]).get("/me").body["role"] == "packer"
    assert made.body["expires_at"]
    assert "token" not in api.get("/tokens").body["items"][0]


def test_last_use_is_noted_once_a_minute(shop):
    bearer, at = token_for(shop), shop.at
    for seconds, noted in ((0, 0), (59, 0), (60, 60), (61, 60)):
        assert read_token(bearer, at=at + timedelta(seconds=seconds))
        with acting_as(shop.company):
            assert ApiToken.objects.get().last_used_at == at + timedelta(seconds=noted)


def test_own_tokens_are_everybodys_and_others_the_owners(shop, api):
    _, person = hire(shop, Role.CLERK)
    clerk = Api(token_for(shop, Role.CLERK, person=person))
    assert {row["person"] for row in clerk.get("/tokens").body["items"]} == {person}
    assert {row["person"] for row in api.get("/tokens").body["items"]} == {person, shop.owner}
    owners = next(row["id"] for row in api.get("/tokens").body["items"] if row["person"] == shop.owner)
    assert clerk.delete(f"/tokens/{owners}").status == 404
