"""The CEA signature: HMAC-SHA256 over signed-date + METHOD + path + query (channels.md §2.1).

`path` is the official one, `/v2/providers/openapi/apis/api/…`, without the simulator's `/coupang` in front; `query` is
without the question mark and exactly as sent.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable
from datetime import UTC, datetime

from jumun.simulator.coupang.state import Vendor

TOLERANCE_MS = 5 * 60_000
NOT_AUTHORIZED = "Request is not authorized."
EXPIRED = "Specified signature is expired."
BAD_FORMAT = "HMAC format is invalid."
_HEADER = re.compile(
    r"CEA algorithm=HmacSHA256, ?access-key=([^,\s]+), ?signed-date=(\d{6}T\d{6}Z), ?signature=([0-9A-Za-z]+)"
)


def sign(*, secret_key: str, signed_date: str, method: str, path: str, query: str) -> str:
    """Return the signature in lowercase hexadecimal."""
    message = f"{signed_date}{method}{path}{query}"
    return hmac.new(secret_key.encode(), message.encode(), hashlib.sha256).hexdigest()


def write_signed_date(ms: int) -> str:
    """Return e.g. `260102T030405Z`."""
    return f"{datetime.fromtimestamp(ms / 1000, UTC):%y%m%dT%H%M%SZ}"


def write_header(*, access_key: str, secret_key: str, method: str, path: str, query: str, at_ms: int) -> str:
    """Return the Authorization header of one call."""
    date = write_signed_date(at_ms)
    signature = sign(secret_key=secret_key, signed_date=date, method=method, path=path, query=query)
    return f"CEA algorithm=HmacSHA256, access-key={access_key}, signed-date={date}, signature={signature}"


def find_caller(
    header: str, find: Callable[[str], Vendor | None], *, method: str, path: str, query: str, clocks_ms: tuple[int, ...]
) -> tuple[Vendor | None, str | None]:
    """Return (who calls, what is wrong): the vendor when his access key is known, one of the three 401 texts or None.

    The signed-date may be right by any of `clocks_ms`: control can advance the mall's, and the caller knows his own.
    """
    found = _HEADER.fullmatch(header.strip())
    if found is None:
        return None, BAD_FORMAT
    access_key, signed_date, signature = found.groups()
    try:
        signed_ms = int(datetime.strptime(signed_date, "%y%m%dT%H%M%SZ").replace(tzinfo=UTC).timestamp() * 1000)
    except ValueError:
        return None, BAD_FORMAT
    vendor = find(access_key)
    if vendor is None:
        return None, NOT_AUTHORIZED
    if min(abs(signed_ms - clock) for clock in clocks_ms) > TOLERANCE_MS:
        return vendor, EXPIRED
    right = sign(secret_key=vendor.secret_key, signed_date=signed_date, method=method, path=path, query=query)
    return vendor, None if hmac.compare_digest(right, signature) else NOT_AUTHORIZED
