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

FIRST_ORDERS: tuple[dict[str, object], ...] = (
    {"count": 40, "seed": 11, "confirmed": 0.5, "same_recipient": 0.1, "cancel_requested": 0.05},
    {"count": 6, "seed": 12, "gift_without_address": 0.2, "pre_order": 0.2, "unknown_product": 0.3},
)
"""What the mall holds before the first collection: an ordinary morning with a few troubles."""


@dataclass(frozen=True, slots=True)
class Login:
    """How to sign in to the sample company. The password is this data folder's own."""

    email: str
    password: str


def make_sample(*, simulator_url: str) -> Login:
    """Make the sample company whose malls are at `simulator_url`, unless it is there already. Safe to repeat.

    It has one ship-from, the simulator's catalogue and one Smartstore account. A mall that is empty is given orders, so
    that the first collection brings some.
    """
    from jumun.companies.actions import found_company

    login = keep_login(environment.load().data)
    with httpx.Client(base_url=simulator_url, timeout=30, transport=httpx.HTTPTransport(retries=6)) as mall:
        card = _post(mall, "accounts", key=STORE)
        if not mall.get("/control/state", params={"channel": "naver"}).json()["lines"]:
            for orders in FIRST_ORDERS:
                _post(mall, "orders", account=STORE, **orders)
        try:
            made = found_company(
                name="데모상회",
                slug=SLUG,
                owner_email=login.email,
                owner_name="김주문",
                password=login.password,
                at=now(),
            )
        except ConflictError:
            _point_at(card)
            return login
        _furnish(made.company_id, card, mall.get("/control/catalogue").json()["items"])
    return login


def _furnish(company_id: int, card: dict[str, Any], rows: list[dict[str, Any]]) -> None:
    """A ship-from, the catalogue by seller's code, and the account."""
    from jumun.catalog.actions import ProductFields, SkuFields, put_products, put_ship_from
    from jumun.channels.actions import AccountFields, create_account
    from jumun.core.tenancy import acting_as

    with acting_as(company_id):
        place = put_ship_from(
            company_id, code="main", name="본사 창고", postcode="04524", address="서울 중구 세종대로 110"
        )
        products = []
        for row in rows:
            sku = SkuFields(row["seller_code"], "", row["option"], row["barcode"], row["price"], "main")
            products.append(ProductFields(row["seller_code"], row["product_name"], [sku]))
        put_products(company_id, products)
        account = AccountFields(
            name="스마트스토어",
            key=STORE,
            brand="온산",
            base_url=card["base_url"],
            credentials=card["credentials"],
            ship_from=place,
        )
        create_account(company_id, "naver", account, at=now())


def _point_at(card: dict[str, Any]) -> None:
    """The simulator may have another port than last time."""
    from jumun.channels.actions import AccountFields, change_account
    from jumun.channels.queries import list_accounts
    from jumun.companies.queries import find_company_id
    from jumun.core.tenancy import acting_as

    company_id = find_company_id(SLUG)
    if company_id is None:
        return
    with acting_as(company_id):
        for account in list_accounts():
            if account.key == STORE and account.base_url != card["base_url"]:
                change_account(account.id, AccountFields(base_url=card["base_url"], credentials=card["credentials"]))


def _post(mall: httpx.Client, what: str, **body: object) -> dict[str, Any]:
    answer = mall.post(f"/control/{what}", json={"channel": "naver", **body})
    answer.raise_for_status()
    found: dict[str, Any] = answer.json()
    return found


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
