"""Two-step sign-in (I43): set up, codes that work once, guessing, clocks that differ, recovery codes, resets."""

import re
import threading
from datetime import timedelta

import pyotp
import pytest
from django.conf import settings

from jumun.companies.actions import add_member
from jumun.companies.models import RecoveryCode, SecondFactor
from jumun.companies.queries import list_looks, list_members
from jumun.companies.roles import Role
from jumun.companies.second_factor import begin, confirm, get_setup, get_standing, switch_off, take_code
from jumun.core.clock import now
from jumun.core.errors import JumunError
from jumun.core.secrets import unseal
from jumun.core.sentences import sentence
from jumun.core.tenancy import acting_as
from jumun.web.second_step import MOST_WRONG, TRIES
from tests.making import open_house
from tests.web.conftest import PASSWORD, visitor

STEP = timedelta(seconds=30)


def codes_at(person, at):
    """The code the app shows at a moment."""
    return pyotp.TOTP(unseal(SecondFactor.objects.get(person_id=person).sealed)).at(at)


def switch_on(person, at):
    """Put a second factor in force a minute ago; answers its recovery codes."""
    begin(person)
    return confirm(person, codes_at(person, at - 2 * STEP), at=at - 2 * STEP)


def trail(shop):
    with acting_as(shop.company):
        return [(row.did, row.reason) for row in list_looks()]


@pytest.fixture
def recovery(shop):
    """The owner's recovery codes; from here on signing in asks for a code."""
    return switch_on(shop.owner, now())


def at_the_code_page():
    """A browser that gave the right password."""
    made = visitor()
    answer = made.login("owner@shop.kr", next="/c/shop/jobs")
    assert (answer.status_code, answer["Location"]) == (302, "/login/code")
    return made


def give(browser, code="", recovery=""):
    return browser.post("/login/code", {"code": code, "recovery": recovery})


def test_it_is_set_up_with_a_qr_code_and_a_first_code(shop, owner):
    assert owner.post("/me/second-factor/start", {"password": "wrong"}).status_code == 422
    assert owner.post("/me/second-factor/start", {"password": PASSWORD})["Location"] == "/me/second-factor"
    page = owner.client.get("/me/second-factor").content.decode()
    key = re.search(r'class="mono key">([A-Z2-7 ]+)<', page)[1].replace(" ", "")
    assert "data:image/svg+xml" in page
    assert not get_standing(shop.owner).on
    assert visitor().login("owner@shop.kr")["Location"] != "/login/code"
    assert owner.post("/me/second-factor/finish", {"code": "000000"}).status_code == 422
    answer = owner.post("/me/second-factor/finish", {"code": pyotp.TOTP(key).now()})
    codes = re.findall(r"<li>(\w{4}-\w{4}-\w{4}-\w{4})</li>", answer.content.decode())
    assert len(set(codes)) == 10
    assert "no-store" in answer["Cache-Control"]
    assert codes[0] not in owner.client.get("/me/second-factor").content.decode()
    assert trail(shop)[0] == ("second_factor_on", "")


def test_the_key_and_the_recovery_codes_are_not_kept_in_clear(shop, recovery):
    kept = SecondFactor.objects.get(person_id=shop.owner)
    assert unseal(kept.sealed) not in kept.sealed
    digests = set(RecoveryCode.objects.values_list("digest", flat=True))
    assert len(digests) == 10 and not digests & set(recovery)


def test_between_the_two_steps_no_page_opens(shop, recovery):
    me = at_the_code_page()
    assert me.page("items")["Location"].startswith("/login")
    assert me.client.get("/me")["Location"].startswith("/login")
    assert me.client.get("/choose").status_code == 302
    assert trail(shop) == []


def test_the_code_leads_on_and_the_session_gets_a_new_key(shop, recovery):
    me = at_the_code_page()
    before = me.client.session.session_key
    answer = give(me, f" {codes_at(shop.owner, now())[:3]} {codes_at(shop.owner, now())[3:]} ")
    assert (answer.status_code, answer["Location"]) == (302, "/c/shop/jobs")
    assert me.client.session.session_key != before
    assert me.page("items").status_code == 200
    assert trail(shop)[0] == ("sign_in", "code")


def test_a_code_works_once(shop, recovery):
    code = codes_at(shop.owner, now())
    assert give(at_the_code_page(), code).status_code == 302
    again = give(at_the_code_page(), code)
    assert again.status_code == 401
    assert sentence("wrong_code") in again.content.decode()


def test_an_older_code_does_not_work_after_a_newer_one(shop, recovery):
    at = now()
    assert take_code(shop.owner, codes_at(shop.owner, at), at=at)
    assert take_code(shop.owner, codes_at(shop.owner, at - STEP), at=at) is None


@pytest.mark.parametrize(("steps", "works"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_telephone_may_be_half_a_minute_off(shop, noon, steps, works):
    begin(shop.owner)
    confirm(shop.owner, codes_at(shop.owner, noon - 10 * STEP), at=noon - 10 * STEP)
    assert bool(take_code(shop.owner, codes_at(shop.owner, noon + steps * STEP), at=noon)) is works


@pytest.mark.parametrize("given", ["", "12345", "1234567", "abcdef", "１２３４５", "9" * 5000, "\x00" * 6])
def test_what_is_no_code_is_wrong(shop, recovery, given):
    assert give(at_the_code_page(), given).status_code == 401


def test_full_width_digits_are_digits(shop, recovery):
    code = "".join(chr(ord(each) + 0xFEE0) for each in codes_at(shop.owner, now()))
    assert give(at_the_code_page(), code).status_code == 302


def test_five_wrong_codes_end_it_and_lock_the_door(shop, recovery):
    me, other = at_the_code_page(), at_the_code_page()
    answers = [give(me, "000000").status_code for _ in range(TRIES)]
    assert answers == [401] * (TRIES - 1) + [429]
    assert give(other, codes_at(shop.owner, now())).status_code == 429
    assert visitor().login("owner@shop.kr").status_code == 429
    assert trail(shop).count(("sign_in_failed", "code")) == TRIES
    assert get_standing(shop.owner).on


def test_the_right_password_does_not_forgive_wrong_codes(shop, recovery):
    for _ in range(settings.AXES_FAILURE_LIMIT - 1):
        give(at_the_code_page(), "000000")
    assert give(at_the_code_page(), "000000").status_code == 429
    assert visitor().login("owner@shop.kr").status_code == 429


def test_guessing_from_many_addresses_ends_too(shop, recovery):
    for turn in range(MOST_WRONG):
        me = visitor()
        me.client.defaults["REMOTE_ADDR"] = f"10.0.0.{turn}"
        me.login("owner@shop.kr")
        assert give(me, "000000").status_code == 401
    me = visitor()
    me.client.defaults["REMOTE_ADDR"] = "10.0.1.1"
    me.login("owner@shop.kr")
    assert give(me, codes_at(shop.owner, now())).status_code == 429


def test_the_code_page_waits_five_minutes(shop, recovery):
    me = at_the_code_page()
    session = me.client.session
    session["second_step"] |= {"since": now().timestamp() - 301}
    session.save()
    answer = give(me, codes_at(shop.owner, now()))
    assert answer.status_code == 401
    assert sentence("code_too_late") in answer.content.decode()
    assert me.client.get("/login/code")["Location"] == "/login"


def test_another_password_ends_what_waits_at_the_code_page(shop, recovery):
    from jumun.companies.models import Person

    me = at_the_code_page()
    person = Person.objects.get(id=shop.owner)
    person.set_password("quite-another-2026")
    person.save()
    assert give(me, codes_at(shop.owner, now())).status_code == 401


def test_a_recovery_code_works_once_in_any_spelling(shop, recovery):
    assert give(at_the_code_page(), recovery=recovery[0].upper().replace("-", " ")).status_code == 302
    assert trail(shop)[0] == ("sign_in", "recovery_code")
    assert give(at_the_code_page(), recovery=recovery[0]).status_code == 401
    assert get_standing(shop.owner).codes_left == 9


def test_new_recovery_codes_end_the_old_ones(shop, recovery):
    me = at_the_code_page()
    give(me, codes_at(shop.owner, now()))
    assert me.post("/me/second-factor/codes", {"password": "wrong"}).status_code == 422
    answer = me.post("/me/second-factor/codes", {"password": PASSWORD}).content.decode()
    new = re.findall(r"<li>(\w{4}-\w{4}-\w{4}-\w{4})</li>", answer)
    assert len(new) == 10
    assert give(at_the_code_page(), recovery=recovery[1]).status_code == 401
    assert give(at_the_code_page(), recovery=new[1]).status_code == 302


def test_switching_off_takes_password_and_code(shop, recovery):
    me = at_the_code_page()
    give(me, codes_at(shop.owner, now()))
    assert me.post("/me/second-factor/off", {"password": "wrong", "code": recovery[0]}).status_code == 422
    assert me.post("/me/second-factor/off", {"password": PASSWORD, "code": "000000"}).status_code == 422
    assert get_standing(shop.owner).on
    assert me.post("/me/second-factor/off", {"password": PASSWORD, "code": recovery[0]}).status_code == 200
    assert visitor().login("owner@shop.kr")["Location"] == "/c/shop/"
    assert not RecoveryCode.objects.exists()


def test_a_key_in_force_is_not_replaced(shop, recovery):
    with pytest.raises(JumunError, match="on already"):
        begin(shop.owner)
    assert get_setup(shop.owner) is None


def test_an_owner_resets_a_member_but_nobody_of_another_company(shop, owner, at):
    with acting_as(shop.company):
        add_member(email="clerk@shop.kr", name="박담당", password=PASSWORD, role=Role.CLERK, at=at)
        clerk = next(row for row in list_members() if row.role == Role.CLERK)
    switch_on(clerk.person_id, now())
    assert visitor().login("clerk@shop.kr")["Location"] == "/login/code"
    assert owner.send(f"people/{clerk.id}/second-factor", htmx=False).status_code == 200
    assert visitor().login("clerk@shop.kr")["Location"] == "/c/shop/"
    assert ("second_factor_reset", "") in trail(shop)

    second = open_house(at, "second")
    with acting_as(second.company):
        add_member(email="clerk@shop.kr", name="", password="", role=Role.VIEWER, at=at)
    switch_on(clerk.person_id, now())
    answer = owner.send(f"people/{clerk.id}/second-factor", htmx=False)
    assert answer.status_code == 422
    assert sentence("factor_elsewhere") in answer.content.decode()
    assert get_standing(clerk.person_id).on


@pytest.mark.parametrize("role", [Role.MANAGER, Role.CLERK, Role.VIEWER])
def test_only_an_owner_resets(shop, someone, role):
    made = someone(role)
    with acting_as(shop.company):
        boss = next(row for row in list_members() if row.role == Role.OWNER)
    assert made.send(f"people/{boss.id}/second-factor", htmx=False).status_code == 403


def test_the_key_lost_with_its_encryption_key_leaves_the_recovery_codes(shop, recovery, settings):
    from cryptography.fernet import Fernet

    code = codes_at(shop.owner, now())
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    assert give(at_the_code_page(), code).status_code == 401
    assert give(at_the_code_page(), recovery=recovery[0]).status_code == 302


def test_the_same_code_twice_at_the_same_moment_lets_one_in(committed, at_once):
    from jumun.companies.actions import found_company

    made = found_company(
        name="상회", slug="shop", owner_email="owner@shop.kr", owner_name="주인", password=PASSWORD, at=now()
    )
    recovery = switch_on(made.person_id, now())
    at = now()
    code = codes_at(made.person_id, at)
    assert sorted(map(str, at_once(8, lambda: take_code(made.person_id, code, at=at)))).count("code") == 1
    assert (
        sorted(map(str, at_once(8, lambda: take_code(made.person_id, recovery[0], at=at)))).count("recovery_code") == 1
    )
    switch_off(made.person_id)


@pytest.fixture
def at_once():
    """Do a thing in several threads at the same moment."""
    from django.db import connection

    def run(times, deed):
        start, answers = threading.Barrier(times), []

        def one():
            try:
                start.wait(10)
                answers.append(deed())
            finally:
                connection.close()

        threads = [threading.Thread(target=one) for _ in range(times)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert len(answers) == times
        return answers

    return run


def test_keys_are_sealed_again_under_a_new_encryption_key(shop, recovery, settings):
    from cryptography.fernet import Fernet

    from jumun.companies.second_factor import reseal_factors

    new = Fernet.generate_key().decode()
    settings.ENCRYPTION_KEYS = [new, *settings.ENCRYPTION_KEYS]
    assert reseal_factors() == 1
    settings.ENCRYPTION_KEYS = [new]
    assert give(at_the_code_page(), codes_at(shop.owner, now())).status_code == 302


def test_the_trail_of_every_company_of_the_person_knows(shop, recovery, at):
    second = open_house(at, "second")
    with acting_as(second.company):
        add_member(email="owner@shop.kr", name="", password="", role=Role.VIEWER, at=at)
    me = at_the_code_page()
    give(me, "000000")
    give(me, codes_at(shop.owner, now()))
    wanted = [("sign_in", "code"), ("sign_in_failed", "code")]
    assert trail(shop)[:2] == wanted
    assert trail(second)[:2] == wanted
