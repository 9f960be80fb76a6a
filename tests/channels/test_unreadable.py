"""What nobody could read is kept as its shape, for a person to look at, and never as its content (R17)."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jumun.channels.models import Unreadable
from jumun.channels.queries import list_unreadable
from jumun.channels.unreadable import KEPT, LONGEST_HEAD, KeptUnreadable, mask_call, mask_head
from jumun.core.tenancy import acting_as
from tests.channels.talking import FEED, fails, now


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (
            '{"name": "홍길동", "tel1": "010-1234-5678", "quantity": 12}',
            '{"name":"·","tel#":"###·####·####","quantity":##}',
        ),
        ('{"ok": true, "data": null, "rows": [1, -2.5]}', '{"ok":true,"data":null,"rows":[#,-#.#]}'),
        ('{"mail": "hong@naver.com", "memo": "문 앞 1층"}', '{"mail":"·","memo":"· · #·"}'),
        ('{"홍길동": 1, "Hong Gildong": 2, "a@b.kr": 3}', '{"·":#,"· ·":#,"·":#}'),
        ('{"data": {"name": "홍길', '{"data":{"name":"·'),
        ('{"memo": "그는 \\"secret\\": 비밀"}', '{"memo":"· · ·"}'),
        (
            "<!doctype html><h1 class='홍길동'>010-1234-5678 홍길동</h1>",
            "<!doctype><h#>###·####·#### ·</h#>",
        ),
        (
            "<html><body>To: Hong Gildong <gildong.hong@naver.com></body></html>",
            "<html><body>· · · <·></body></html>",
        ),
        ("<TABLE><tr><td>&lt;</td></tr><hong@naver.com</TABLE>", "<TABLE><tr><td>·</td></tr><·</TABLE>"),
        ("Hong Gildong, 010-1234-5678", "· · ###·####·####"),
        ("", ""),
    ],
)
def test_only_the_shape_is_kept(body, shown):
    """R17: keys, tags, punctuation and the places of digits; no name, number, address or e-mail."""
    assert mask_head(body.encode()).replace(": ", ":").replace(", ", ",") == shown.replace(", ", ",")


@given(st.text(), st.sampled_from(["{}", '{{"name": "{}"}}', "<p>{}</p>", "[{}", "<a href='{}'>"]))
def test_no_digit_and_no_letter_of_ours_gets_through(text, around):
    """R17, for any text in any place."""
    shown = mask_head(around.replace("{}", text).replace("{{", "{").replace("}}", "}").encode("utf-8", "replace"))
    assert not re.search(r"\d", shown)
    assert shown.replace("·", "").isascii()
    assert "\x00" not in shown
    assert len(shown) <= LONGEST_HEAD


@given(st.text(alphabet="홍길동서울abcXYZ 019-@.", min_size=1))
def test_a_value_never_shows_a_letter(value):
    """R17: not even an English name."""
    import json

    shown = mask_head(json.dumps({"name": value}, ensure_ascii=False).encode())
    assert not re.search(r"[A-Za-z]", shown.replace("name", "", 1))


@pytest.mark.parametrize(
    "body", [b"\xc8\xab\xb1\xe6\xb5\xbf" * 10, b"\x00\x01\xff", b'{"n":"' + "홍".encode("cp949") + b'"}']
)
def test_other_charsets_are_hidden_too(body):
    shown = mask_head(body)
    assert "\x00" not in shown and shown.replace("·", "").isascii()


def test_a_call_is_named_without_ids():
    assert mask_call("product-orders/2026112212345/dispatch") == "product-orders/#############/dispatch"
    assert mask_call("홍길동?tel=010") == "·tel·###"


@pytest.mark.parametrize("fault", ["html200", "truncated_json", "wrong_charset", "big_body"])
def test_what_the_mall_garbled_is_kept_masked(desk, fault):
    """R17: rejected, kept, capped; the recipients in it are nowhere."""
    desk.mall.orders(3, lines=1)
    desk.mall.fault("query", fault, **({"megabytes": 21} if fault == "big_body" else {}))
    assert fails(desk).code == "channel_unreadable"
    with acting_as(desk.company):
        (row,) = list_unreadable(desk.account)
    assert (row.call, row.status) == ("query", 200)
    assert row.size > 100
    assert 0 < len(row.head) <= LONGEST_HEAD
    assert row.head.startswith("<!doctype" if fault == "html200" else "{")
    assert not re.search(r"[0-9가-힣]", row.head)
    assert (now() - row.at).total_seconds() < 60


def test_an_answer_of_the_wrong_shape_is_kept_too(desk):
    """R17: JSON without what was asked for is as unreadable as HTML."""
    desk.mall.orders(1)
    desk.mall.fault("query", "empty")
    assert fails(desk).code == "channel_unreadable"
    with acting_as(desk.company):
        (row,) = list_unreadable(desk.account)
    assert '"timestamp":"####' in row.head


def test_the_newest_twenty_stay(desk):
    keep = KeptUnreadable(desk.company, desk.account)
    for number in range(KEPT + 5):
        keep(FEED, 200, b"x" * number)
    with acting_as(desk.company):
        assert [row.size for row in list_unreadable(desk.account)] == list(range(KEPT + 4, 4, -1))
        assert Unreadable.objects.count() == KEPT
