"""Addresses and forms nobody's page sends: refused in words, never a failure of the server."""

import pytest

from tests.web.conftest import visitor

SQUARED = "²"
"""A digit to Python, no number to anybody."""
BEYOND = "\U0010ffffㄱ"
BEFORE_SURROGATES = "\ud7ffㄱ"
NUL = "a\x00b"


@pytest.mark.parametrize(
    "address",
    [
        f"rows?ids={SQUARED}",
        f"items?list={SQUARED}",
        f"items?channel_account={SQUARED}",
        f"items?q={BEYOND}",
        f"items?q={BEFORE_SURROGATES}",
        f"items?recipient={BEYOND}",
        f"items?recipient={BEFORE_SURROGATES}",
        "items?q=a%00b",
        "items?sku=a%00b",
        "items?sort=a%00b",
        "items?group=a%00b",
        "items?status=paid&group=recipient&recipient=a%00b",
        "items?view=99999999999999999999999",
        f"items?view={SQUARED}",
        "items?amount_from=1e999999999",
        "items?ordered=2099-12-31~",
        "items?ordered=2000-01-01~2099-12-31",
        "rows?cursor=bm8",
        "ship-by?bucket=a%00b",
        f"calendar?year={SQUARED}",
        "calendar?year=99999999",
        "help/a%00b",
        "batches?after=99999999999999999999999",
        f"batches/00000000-0000-4000-8000-000000000001/refused?after={SQUARED}",
        "batches/00000000-0000-4000-8000-000000000001/refused?after=" + "9" * 5000,
    ],
)
def test_an_address_nobody_wrote_is_refused_in_words(owner, address):
    """I28: whatever stands in an address, the answer is a page or a refusal."""
    assert owner.page(address).status_code < 500, address


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("items/do", {"action": "release", "ids": SQUARED}),
        ("items/preview", {"action": "release", "ids": SQUARED}),
        ("items/preview", {"action": "release", "ids": "1"}),
        ("items/do", {"action": "hold", "ids": "1", "reason": "other", "note": NUL}),
        (
            "items/preview",
            {"action": "release", "scope": "filter", "query": f"q={BEYOND}", "as_of": "2026-11-22T00:00:00Z"},
        ),
        ("items/preview", {"action": "release", "scope": "filter", "query": "", "as_of": "0001-01-01T00:00:00Z"}),
        (
            "items/preview",
            {"action": "release", "scope": "filter", "query": "ordered=7d", "as_of": "0001-01-01T00:00:00Z"},
        ),
        ("calendar/put", {"day": SQUARED, "off": "on", "name": NUL}),
        ("calendar/put", {"day": "9999-12-31", "off": "true", "name": "x"}),
        ("calendar/put", {"day": "0001-01-01", "off": "true", "name": "x"}),
        ("waybills", {"item": SQUARED, "carrier": "cj", "number": "1"}),
        ("items/do", {"action": "release", "ids": "1", "once": NUL, "nonce": NUL}),
        ("penalties/add", {"channel": NUL, "condition": NUL, "points": "1e999999999", "days": SQUARED, "source": NUL}),
        (
            "penalties/add",
            {
                "channel": "naver",
                "condition": "late",
                "points": "NaN",
                "after_days": SQUARED,
                "source": "x",
                "valid_from": "2026-01-01",
            },
        ),
        ("accounts/{account}/ship-by", {"ship_within": SQUARED}),
        ("accounts/{account}/ship-by", {"ship_within": "1", "cut_off": "14:00+09:00"}),
        ("views", {"name": "깊은 탭", "query": "", "layout": "[" * 19_000}),
        ("numbers", {"numbers": NUL, "text": NUL}),
        ("views", {"name": NUL, "query": "status=paid"}),
        ("views", {"name": "가", "query": "list=" + SQUARED}),
        ("settings/preferences", {"rows_a_page": SQUARED}),
        ("settings/company", {"name": NUL}),
        ("people/add", {"email": "x@y.kr", "name": NUL, "password": "house-pass-2026!", "role": "viewer"}),
        ("people/add", {"email": "x@y.kr", "name": "가", "password": NUL + "house-pass-2026!", "role": "viewer"}),
    ],
)
def test_a_form_nobody_filled_in_is_refused_in_words(shop, owner, path, form):
    """I28: the same of forms."""
    path = path.format(account=shop.account)
    assert owner.send(path, form).status_code < 500, (path, form)


@pytest.mark.parametrize(
    ("path", "form"),
    [("/login", {"email": NUL, "password": NUL}), ("/login", {"email": "owner@shop.kr", "password": NUL})],
)
def test_a_hostile_sign_in_is_a_wrong_one(shop, path, form):
    """I28: the way in does not fail either."""
    assert visitor().post(path, form).status_code in (401, 429)
