"""A zone may be as odd as ISO allows: PostgreSQL takes none beyond ±15:59, so a moment reaches it in UTC."""

import base64
from urllib.parse import quote

import pytest

ODD = "2026-11-23T12:00:00-22:59"


@pytest.mark.parametrize("moment", [ODD, "2026-11-23T12:00:00+23:59", "3883-02-10T21:47:28-22:59"])
def test_an_odd_zone_is_a_moment_like_any_other(shop, api, moment):
    assert api.get(f"/items?ordered_to={quote(moment)}").status == 200
    assert (
        api.post("/items/actions/hold", {"filter": {"ordered_to": moment}, "params": {"reason": "other"}}).status == 200
    )
    chosen = {"filter": {}, "as_of": moment, "params": {"reason": "other", "until": moment}}
    assert api.post("/items/actions/hold", chosen).status == 200


@pytest.mark.parametrize("path", ["/items", "/claims", "/access-trail", "/orders"])
@pytest.mark.parametrize(
    "moment", [ODD, "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2026-11-23T12:00:00"]
)
def test_a_cursor_somebody_made_up_is_read_or_refused(shop, api, path, moment):
    cursor = base64.urlsafe_b64encode(f"{moment}|1".encode()).decode().rstrip("=")
    answer = api.get(f"{path}?cursor={cursor}")
    assert answer.status == 200 or answer.code in ("bad_cursor", "invalid")
