"""A period the channel no longer answers for is told as that (R16)."""

from datetime import timedelta

import pytest

from jumun.channels.port import Window
from jumun.channels.speaking import speaking_for
from jumun.core.errors import ChannelError
from tests.channels.talking import now


def test_naver_104139_is_a_window_too_old(desk):
    """조회 가능한 날짜 범위를 초과: not a refusal of a call, so that the collector can go on nearer."""
    desk.mall.post("settings", **{"naver.history_days": 3})
    old = Window(now() - timedelta(days=10), now() - timedelta(days=9))
    with pytest.raises(ChannelError) as told, speaking_for(desk.company, desk.account) as line:
        list(line.connector.changed(old))
    assert (told.value.code, type(told.value)) == ("window_too_old", ChannelError)
    with speaking_for(desk.company, desk.account) as line:
        list(line.connector.changed(Window(now() - timedelta(days=2), now())))
