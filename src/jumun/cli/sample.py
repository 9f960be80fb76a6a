"""The sample company of `jumun demo`: made once, found again later."""

import json
import os
import secrets
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx

from jumun.core import environment
from jumun.core.clock import now
from jumun.core.errors import ConflictError

SLUG = "demo"
OWNER = "owner@demo.jumun"


@dataclass(frozen=True, slots=True)
class Store:
    """One account of the sample company: its key is the same in the simulator. `orders` is what its mall holds first."""

    channel: str
    key: str
    name: str
    brand: str
    orders: tuple[dict[str, object], ...]


STORES = (
    Store(
        "naver",
        "store-a",
        "온산",
        "온산",
        (
            {"count": 40, "seed": 11, "confirmed": 0.5, "same_recipient": 0.1, "cancel_requested": 0.05},
            {"count": 6, "seed": 12, "gift_without_address": 0.2, "pre_order": 0.2, "unknown_product": 0.3},
        ),
    ),
    Store("naver", "store-b", "온산키친", "온산키친", ({"count": 15, "seed": 21, "confirmed": 0.3},)),
    Store("coupang", "wing-a", "온산 쿠팡", "온산", ({"count": 25, "seed": 31, "confirmed": 0.4},)),
)
"""Several accounts of one channel beside another's (C41): an ordinary morning with a few troubles."""


@dataclass(frozen=True, slots=True)
class Login:
    """How to sign in to the sample company. The password is this data folder's own."""

    email: str
    password: str


def make_sample(*, simulator_url: str) -> Login:
    """Make the sample company whose malls are at `simulator_url`, unless it is there already. Safe to repeat.

    It has one ship-from, the simulator's catalogue and the accounts of `STORES`. A mall that is empty is given orders,
    so that the first collection brings some.
    """
    from jumun.companies.actions import found_company
    from jumun.companies.queries import find_company_id

    login = keep_login(environment.load().data)
    with httpx.Client(base_url=simulator_url, timeout=30, transport=httpx.HTTPTransport(retries=6)) as mall:
        cards = {store.key: _open_store(mall, store) for store in STORES}
        try:
            company_id = found_company(
                name="데모상회",
                slug=SLUG,
                owner_email=login.email,
                owner_name="김주문",
                password=login.password,
                at=now(),
            ).company_id
            _furnish(company_id, mall.get("/control/catalogue").json()["items"])
        except ConflictError:
            company_id = find_company_id(SLUG) or 0
    _keep_accounts(company_id, cards)
    return login


def _open_store(mall: httpx.Client, store: Store) -> dict[str, Any]:
    """Its card; its mall has orders afterwards."""
    card = _post(mall, "accounts", channel=store.channel, key=store.key)
    held = mall.get("/control/state", params={"channel": store.channel, "account": store.key}).json()["lines"]
    if not held:
        for orders in store.orders:
            _post(mall, "orders", channel=store.channel, account=store.key, **orders)
    return card


def _furnish(company_id: int, rows: list[dict[str, Any]]) -> None:
    """A ship-from and the catalogue by seller's code."""
    from jumun.catalog.actions import ProductFields, SkuFields, put_products, put_ship_from
    from jumun.core.tenancy import acting_as

    with acting_as(company_id):
        put_ship_from(company_id, code="main", name="본사 창고", postcode="04524", address="서울 중구 세종대로 110")
        products = []
        for row in rows:
            sku = SkuFields(row["seller_code"], "", row["option"], row["barcode"], row["price"], "main")
            products.append(ProductFields(row["seller_code"], row["product_name"], [sku]))
        put_products(company_id, products)


def _keep_accounts(company_id: int, cards: dict[str, dict[str, Any]]) -> None:
    """Every store's account, pointed at the simulator, which may have another port than last time."""
    from jumun.catalog.queries import list_ship_froms
    from jumun.channels.actions import AccountFields, change_account, create_account
    from jumun.channels.queries import list_accounts
    from jumun.core.tenancy import acting_as

    with acting_as(company_id):
        known = {account.key: account for account in list_accounts()}
        for store in STORES:
            card = cards[store.key]
            where = AccountFields(base_url=card["base_url"], credentials=card["credentials"])
            found = known.get(store.key)
            if found is None:
                place = next(iter(list_ship_froms()), None)
                fields = replace(
                    where,
                    name=store.name,
                    key=store.key,
                    brand=store.brand,
                    ship_from=place.id if place else None,
                )
                create_account(company_id, store.channel, fields, at=now())
            elif found.base_url != card["base_url"]:
                change_account(found.id, where)


def _post(mall: httpx.Client, what: str, **body: object) -> dict[str, Any]:
    answer = mall.post(f"/control/{what}", json=body)
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
