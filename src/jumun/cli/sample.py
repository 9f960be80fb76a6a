"""The sample company of `jumun demo`: made once, found again later."""

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from jumun.core import environment
from jumun.core.clock import now
from jumun.core.errors import ConflictError

SLUG = "demo"
OWNER = "owner@demo.jumun"
STORE = "store-a"
"""The demo account's key, the same in the simulator."""


@dataclass(frozen=True, slots=True)
class Login:
    """How to sign in to the sample company. The password is this data folder's own."""

    email: str
    password: str


def make_sample(*, simulator_url: str) -> Login:
    """Make the sample company whose malls are at `simulator_url`, unless it is there already. Safe to repeat."""
    from jumun.companies.actions import found_company

    login = keep_login(environment.load().data)
    try:
        found_company(
            name="데모상회", slug=SLUG, owner_email=login.email, owner_name="김주문", password=login.password, at=now()
        )
    except ConflictError:
        return login
    return login


def keep_login(data: Path) -> Login:
    """The login in `demo-login.json` (mode 0600), which is made the first time."""
    made = {"email": OWNER, "password": secrets.token_urlsafe(9)}
    try:
        handle = os.open(_path(data), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return read_login(data)
    with os.fdopen(handle, "w") as file:
        json.dump(made, file)
    return read_login(data)


def read_login(data: Path) -> Login:
    """The login that was kept. Raises FileNotFoundError before the first `make_sample`."""
    kept = json.loads(_path(data).read_text())
    return Login(kept["email"], kept["password"])


def _path(data: Path) -> Path:
    return data / "demo-login.json"
