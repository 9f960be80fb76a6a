"""Every page there is. A GET address of web/urls.py that is neither in PAGES nor in NO_PAGES fails test_every_page_is_listed.

`tools/take-screenshots` walks the same list, so that a page that is not forgotten here has its picture too.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Page:
    """One page to be proven. `{order}` and the like in `path` are filled with an id of the company it is looked at in."""

    name: str
    """Of its picture: docs/images/<name>.png."""
    route: str
    """As web/urls.py writes it."""
    path: str
    """What is opened, below /c/<slug>/; from the root with a leading /."""
    needs: str = ""
    """An id only a full company has: then an empty one has no such page."""
    seen_by: Literal["person", "stranger", "half"] = "person"
    """Who looks: somebody signed in, somebody not, or somebody between the password and the code."""
    status: int = 200


def _page(name: str, route: str, path: str = "", **more: object) -> Page:
    return Page(name, route, path or route, **more)  # type: ignore[arg-type]


PAGES: tuple[Page, ...] = (
    _page("home", "", "./"),
    _page("items", "items"),
    _page("items-preparing", "items", "items?status=preparing"),
    _page("items-ready", "items", "items?status=ready"),
    _page("items-labelled", "items", "items?status=labelled"),
    _page("items-shipped", "items", "items?status=shipped"),
    _page("items-in-transit", "items", "items?status=in_transit"),
    _page("items-grouped", "items", "items?group=sku"),
    _page("items-filtered", "items", "items?status=preparing&held=true&q=2026"),
    _page("order-new", "orders/new"),
    _page("order", "orders/<int:order_id>", "orders/{order}", needs="order"),
    _page("order-claimed", "orders/<int:order_id>", "orders/{claimed}", needs="claimed"),
    _page("matching", "matching"),
    _page("matching-links", "matching/links"),
    _page("matching-link", "matching/links/<int:link_id>", "matching/links/{link}", needs="link"),
    _page("packing", "packing"),
    _page("products", "products"),
    _page("product-new", "products/new"),
    _page("product", "products/<int:sku_id>", "products/{sku}", needs="sku"),
    _page("allocation", "allocation"),
    _page("stock", "stock"),
    _page("stock-moves", "stock/moves"),
    _page("claims", "claims"),
    _page("claim", "claims/<int:claim_id>", "claims/{claim}", needs="claim"),
    _page("collect", "collect"),
    _page("doubts", "doubts"),
    _page("transmissions", "transmissions"),
    _page("jobs", "jobs"),
    _page("job", "jobs/<int:job_id>", "jobs/{job}", needs="job"),
    _page("exports", "exports"),
    _page("export-layouts", "export-layouts"),
    _page("export-layout-new", "export-layouts/new", "export-layouts/new?what=parcels"),
    _page("export-layout", "export-layouts/<int:layout_id>", "export-layouts/{layout}", needs="layout"),
    _page("waybill-sheets", "waybill-sheets"),
    _page(
        "waybill-sheet",
        "waybill-sheets/<int:waybill_sheet_id>",
        "waybill-sheets/{waybill_sheet}",
        needs="waybill_sheet",
    ),
    _page("register", "register"),
    _page("sheets", "sheets"),
    _page("sheet", "sheets/<int:sheet_id>", "sheets/{sheet}", needs="sheet"),
    _page("sheet-templates", "sheet-templates"),
    _page("batches", "batches"),
    _page("accounts", "accounts"),
    _page("account-new", "accounts/new/<slug:kind>", "accounts/new/coupang"),
    _page("account", "accounts/<int:account_id>", "accounts/{account}", needs="account"),
    _page("channels", "channels"),
    _page("channel", "channels/<slug:kind>", "channels/naver"),
    _page("ship-by", "ship-by"),
    _page("calendar", "calendar"),
    _page("penalties", "penalties"),
    _page("settings", "settings"),
    _page("people", "people"),
    _page("tokens", "tokens"),
    _page("trail", "trail"),
    _page("help", "help/<slug:topic>", "help/ready"),
    _page("me", "/me"),
    _page("choose", "/choose"),
    _page("second-factor", "/me/second-factor"),
    _page("styleguide", "/styleguide"),
    _page("login", "/login", seen_by="stranger"),
    _page("login-code", "/login/code", seen_by="half"),
    _page("not-found", "404", "no-such-page", status=404),
)

NO_PAGES = {
    "/": "leads on to the company, the choice or the login",
    "bar": "a part of every page, read again while it is open",
    "rows": "rows of the list as JSON",
    "views/counts": "the counts on the tabs, read again while the list is open",
    "live": "a stream of events",
    "palette": "the commands of the palette as JSON",
    "exports/<int:export_id>/file": "a file",
    "register/form.xlsx": "a file",
    "sheets/<int:sheet_id>/failures.xlsx": "a file",
    "sheet-templates/<int:sheet_template_id>/form.xlsx": "a file",
    "waybill-sheets/form.xlsx": "a file",
    "waybill-sheets/<int:waybill_sheet_id>/result.xlsx": "a file",
    "jobs/<int:job_id>/result.xlsx": "a file",
    "jobs/<int:job_id>/file": "a file",
    "batches/<uuid:batch>/ask": "a question that opens within the page it is asked from",
    "batches/<uuid:batch>/refused": "a list that opens within the page it belongs to",
    "orders/<int:order_id>/timeline": "a part of the order page",
    "orders/new/skus": "rows of the picker on the page of a new order",
    "matching/skus": "rows of the picker on the pages of matching",
    "orders/new/earlier": "orders to copy from, on the page of a new order",
    "transmissions/check": "a question that opens within the page of transmissions",
}
"""GET addresses that are no pages of their own, and why."""
