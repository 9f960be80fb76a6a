"""Where a sheet job leads: the upload, the export or the mall's sheet it is about, and the result of each target."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

PLACES: Mapping[str, tuple[str, Promise | str]] = {
    "export": ("exports#export-{}", pgettext_lazy("to do", "내려받기")),
    "upload": ("sheets/{}", gettext_lazy("올린 주문서")),
    "waybill_upload": ("waybill-sheets/{}", gettext_lazy("올린 운송장")),
    "mall_sheet": ("jobs/{}/file", gettext_lazy("쇼핑몰 발송 엑셀")),
}
"""By the parameter of a job that names it: the address below the company's, and what it is called."""


@dataclass(frozen=True, slots=True)
class JobLink:
    """One way on from a job."""

    address: str
    label: str


def find_link(params: Mapping[str, Any]) -> JobLink | None:
    """Where a job with these parameters leads, or None."""
    for name, (address, label) in PLACES.items():
        value = params.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            return JobLink(address.format(value), str(label))
    return None
