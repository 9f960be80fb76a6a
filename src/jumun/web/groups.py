"""The list in groups: by channel account, SKU or recipient, each of which opens into a list."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from django.http import HttpRequest
from django.utils.translation import gettext as _

from jumun.orders.filters import ItemFilter
from jumun.orders.queries_groups import GROUPINGS, MOST_GROUPS, list_groups
from jumun.web import words
from jumun.web.filtering import write_address

NO_GROUPS = "none"
"""Says in an address that the list is shown plain, whatever its layout says."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A group in words; `address` opens it."""

    label: str
    items: str
    quantity: str
    amount: str
    address: str


def groups_of(request: HttpRequest, wanted: ItemFilter, by: str) -> dict[str, Any]:
    """The context of the list's groups and of the menu that chooses them; nothing is grouped by an unknown key."""
    labels = {
        NO_GROUPS: _("묶지 않음"),
        "channel_account": _("판매처별"),
        "sku": _("SKU별"),
        "recipient": _("받는 분별"),
    }
    found = list_groups(wanted, by) if by in GROUPINGS else []
    grouped = by if by in GROUPINGS else NO_GROUPS
    return {
        "groups": [
            Shown(
                group.label or _("(없음)"),
                f"{group.items:,}",
                f"{group.quantity:,}",
                words.tell_money(group.amount, group.currency) if group.amount is not None else "–",
                write_address(request.GET, changed=dict(parse_qsl(group.query)) | {"group": NO_GROUPS}),
            )
            for group in found
        ],
        "grouped": by in GROUPINGS,
        "grouped_label": labels[grouped],
        "all_groups_shown": len(found) < MOST_GROUPS,
        "groupings": [
            (label, write_address(request.GET, changed={"group": key}), key == grouped) for key, label in labels.items()
        ],
    }
