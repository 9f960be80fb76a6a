"""`jumun unlock`: who lost the authenticator app comes in again, and the trail says who opened the door."""

import pyotp
from tests.cli.test_commands import jumun
from tests.making import open_house

from jumun.companies.models import SecondFactor
from jumun.companies.queries import list_looks
from jumun.companies.second_factor import begin, confirm, get_standing
from jumun.core.clock import now
from jumun.core.secrets import unseal
from jumun.core.tenancy import acting_as


def test_it_takes_the_second_factor_away_and_writes_it_down(committed, noon):
    house = open_house(noon, "shop")
    begin(house.owner)
    confirm(house.owner, pyotp.TOTP(unseal(SecondFactor.objects.get().sealed)).now(), at=now())
    done = jumun(committed.database_env, "unlock", "--email", " Owner@shop.kr")
    assert done.returncode == 0, done.stderr
    assert "taken away" in done.stdout
    assert not get_standing(house.owner).on
    with acting_as(house.company):
        look = list_looks()[0]
    assert (look.did, look.via, look.person_id) == ("second_factor_reset", "cli", None)
    assert "there was none" in jumun(committed.database_env, "unlock", "--email", "owner@shop.kr").stdout


def test_nobody_of_that_address_is_said(committed):
    done = jumun(committed.database_env, "unlock", "--email", "nobody@shop.kr")
    assert done.returncode == 1
    assert "nobody signs in with" in done.stderr
