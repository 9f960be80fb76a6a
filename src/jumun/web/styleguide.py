"""/styleguide: every component of the pages, in light and dark side by side, drawn from our own enums and partials."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from jumun.channels.registry import profiles
from jumun.claims.states import KINDS, STAGES
from jumun.orders.actions.hold import REASONS
from jumun.orders.states import PIPELINE, Status
from jumun.web import words
from jumun.web.access import keep_session, to_login

SURFACES = ("paper", "surface", "raised", "sunken", "hover", "select", "cell")
INKS = ("ink", "ink-2", "ink-3")
HUES = ("act", "amber", "blue", "violet", "teal", "slate", "rose", "red")
STEPS = (84, 227, 0, 1204, 318, 10_001)


@require_GET
def styleguide(request: HttpRequest) -> HttpResponse:
    """The page; for anybody who is signed in."""
    if not request.user.is_authenticated:
        return to_login(request)
    keep_session(request)
    return render(request, "web/styleguide.html", {"sides": ("light", "dark"), **_words(), **_samples()})


def _words() -> dict[str, Any]:
    """What our enums hold: whatever is added to one of them shows here by itself."""
    return {
        "statuses": [status.value for status in Status],
        "claims": [f"{kind.value}_{stage.value}" for kind in KINDS for stage in STAGES],
        "pushes": list(words.PUSHES),
        "effects": list(words.EFFECT_STATES),
        "outcomes": list(words.OUTCOMES),
        "holds": list(REASONS),
        "origins": list(words.ORIGINS),
        "jobs": list(words.JOB_STATUSES),
        "accounts": list(words.ACCOUNT_STATES),
        "channels": [*(profile.kind for profile in profiles()), "manual"],
    }


def _samples() -> dict[str, Any]:
    return {
        "surfaces": SURFACES,
        "inks": INKS,
        "hues": HUES,
        "flow": list(zip((status.value for status in PIPELINE[1:]), STEPS, strict=False)),
        "dues": [
            ("late", _("{n}시간 지남").format(n=3)),
            ("soon", _("오늘 {time}").format(time="15:00")),
            ("", "11.24"),
        ],
        "keys": [
            ("J", _("다음 줄")),
            ("K", _("이전 줄")),
            ("X", _("고르기")),
            ("Enter", _("열기")),
            ("/", _("검색")),
            ("Esc", _("닫기")),
        ],
    }
