"""Commands as a person types them: each a process of its own."""

import os
import subprocess
import sys

import psycopg
import pytest
from cryptography.fernet import Fernet
from django.test import Client
from tests.conftest import WORKER, _url
from tests.making import open_house

from jumun.channels.models import ChannelAccount, ChannelToken
from jumun.core.secrets import seal, unseal_mapping
from jumun.core.tenancy import acting_as
from jumun.orders.models import Recipient

WORDS = ("company", "--slug", "uri", "--name", "우리상회", "--email", "Me@Example.com", "--person", "홍길동")
PLAIN = f"plain_{WORKER}"


def jumun(env, *words):
    return subprocess.run(
        [sys.executable, "-m", "jumun.cli.main", *words],
        env={**os.environ, **env}, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def may_sign_in(email, password):
    return Client().post("/login", {"email": email, "password": password}).status_code == 302


def test_company_founds_once_and_prints_the_password(committed, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    made = jumun(committed.database_env, *WORDS)
    assert made.returncode == 0, made.stderr
    told = dict(line.split(": ", 1) for line in made.stdout.splitlines())
    assert told["login"] == "me@example.com" and told["address"] == "/c/uri/"
    assert may_sign_in("me@example.com", told["password"])

    again = jumun(committed.database_env, *WORDS)
    assert again.returncode == 1 and again.stdout == ""
    assert again.stderr.strip() == "jumun: That already exists: uri"

    second = jumun(committed.database_env, *[word if word != "uri" else "uri-2" for word in WORDS])
    assert second.returncode == 0 and "as before" in second.stdout
    assert may_sign_in("me@example.com", told["password"])


def test_company_takes_the_password_from_a_file_and_does_not_print_it(committed, settings, tmp_path):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    (tmp_path / "password").write_text("from-a-file-2026\n")
    made = jumun(committed.database_env, *WORDS, "--password-file", str(tmp_path / "password"))
    assert made.returncode == 0 and "from-a-file" not in made.stdout
    assert may_sign_in("me@example.com", "from-a-file-2026")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (("--slug", "우리 상회"), "--slug"),
        (("--email", "me"), "--email"),
        (("--password-file", "/nowhere"), "--password-file"),
    ],
)
def test_company_refuses_what_is_not_valid_in_one_sentence(test_database, wrong, field):
    made = jumun(test_database.env, *WORDS, *wrong)
    assert made.returncode == 1 and made.stderr.strip() == f"jumun: That value is not valid: {field}"


def test_migrate_with_only_the_applications_url_says_what_it_needs(test_database):
    env = {**test_database.env, "DATABASE_URL": "", "DATABASE_APP_URL": _url(test_database.app)}
    made = jumun(env, "migrate")
    assert made.returncode == 1 and "Traceback" not in made.stderr
    assert made.stderr.startswith("jumun: Only DATABASE_APP_URL is set")


@pytest.mark.parametrize("app_url", ["", "given"])
def test_migrate_as_a_role_without_rights_says_which(test_database, app_url):
    with psycopg.connect(test_database.owner, autocommit=True) as owner:
        owner.execute(f"DROP ROLE IF EXISTS {PLAIN}")
        owner.execute(f"CREATE ROLE {PLAIN} LOGIN PASSWORD 'plain'")
        try:
            plain = _url(psycopg.conninfo.make_conninfo(test_database.owner, user=PLAIN, password="plain"))
            given = _url(test_database.app) if app_url else ""
            made = jumun({**test_database.env, "DATABASE_URL": plain, "DATABASE_APP_URL": given}, "migrate")
        finally:
            owner.execute(f"DROP ROLE {PLAIN}")
    assert made.returncode == 1 and "Traceback" not in made.stderr
    assert made.stderr.startswith(f"jumun: The role {PLAIN} of DATABASE_URL lacks a right")


def test_rotating_keys_makes_the_old_ones_needless(committed, noon, settings):
    old, new = settings.ENCRYPTION_KEYS[0], Fernet.generate_key().decode()
    houses = [open_house(noon, slug) for slug in ("one", "two")]
    for house in houses:
        with acting_as(house.company):
            house.order("A1", "a")
            Recipient.objects.update(sealed=seal('{"door_code": "1234"}'))
            ChannelToken.objects.create(
                company_id=house.company, account_id=house.account, sealed=seal("token"), expires_at=noon
            )
    told = jumun({**committed.database_env, "JUMUN_ENCRYPTION_KEYS": f"{new},{old}"}, "doctor", "--rotate-keys")
    assert "ok    keys: 2 companies" in told.stdout

    settings.ENCRYPTION_KEYS = [new]
    for house in houses:
        with acting_as(house.company):
            assert unseal_mapping(ChannelAccount.objects.get().credentials)["client_id"] == "id"
            assert unseal_mapping(Recipient.objects.get().sealed) == {"door_code": "1234"}

    lost = jumun({**committed.database_env, "JUMUN_ENCRYPTION_KEYS": old}, "doctor", "--rotate-keys")
    assert "WRONG keys: something lies under a key" in lost.stdout
