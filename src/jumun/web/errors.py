"""What a page says when it cannot do what was asked: in our look, what happened, why, and what to do next.

Nothing here needs the database. Every page carries a reference that stands in the log beside the address.
"""

import logging
import sys
from dataclasses import dataclass
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jumun.core.database_away import DATABASE_AWAY
from jumun.core.errors import JumunError
from jumun.core.sentences import sentence

log = logging.getLogger(__name__)
Pair = tuple[str, str]

COME_AGAIN = 10
"""Seconds after which a browser may try again when the database is away."""


@dataclass(frozen=True, slots=True)
class Advice:
    """The title of an error page and what a person can do next, Korean and English."""

    title: Pair
    then: Pair


ADVICE: dict[int, Advice] = {
    400: Advice(
        ("요청을 읽지 못했습니다", "The request could not be read"),
        (
            "뒤로 가서 새로 고친 뒤 다시 해 보세요. 아무것도 바뀌지 않았습니다.",
            "Go back, refresh and try again. Nothing was changed.",
        ),
    ),
    403: Advice(
        ("권한이 없습니다", "Not allowed"),
        (
            "회사의 소유자나 관리자에게 권한을 요청하세요. 내 계정에서 지금 권한을 볼 수 있습니다.",
            "Ask an owner or manager of the company. Your account says which role you have.",
        ),
    ),
    404: Advice(
        ("찾을 수 없습니다", "Not found"),
        ("주소를 다시 확인하거나 주문번호로 검색해 보세요.", "Check the address, or search for the order number."),
    ),
    500: Advice(
        ("처리하지 못했습니다", "It could not be done"),
        (
            "잠시 뒤 다시 해 보고, 같은 일이 생기면 아래 번호를 담당자에게 알려 주세요.",
            "Try again in a moment. If it happens again, tell your administrator the reference below.",
        ),
    ),
    503: Advice(
        ("잠시 쓸 수 없습니다", "Unavailable for a moment"),
        (
            "데이터베이스에 닿지 않습니다. 조금 뒤 새로 고치면 됩니다. 저장하지 않은 내용은 뒤로 가면 남아 있습니다.",
            "The database cannot be reached. Refresh in a moment; what you typed is still there when you go back.",
        ),
    ),
}
REFUSED = Advice(
    ("할 수 없습니다", "It cannot be done"),
    ("뒤로 가서 내용을 고친 뒤 다시 해 보세요.", "Go back, mend it and try again."),
)
STALE = Advice(
    ("오래된 화면입니다", "This page is out of date"),
    (
        "뒤로 가서 새로 고친 뒤 다시 해 주세요. 다른 창에서 다시 로그인하면 이런 일이 생깁니다.",
        "Go back, refresh and try again. It happens after a new sign-in in another window.",
    ),
)


def tell_refusal(request: HttpRequest, problem: JumunError) -> HttpResponse:
    """A refused call: a notice for htmx, a page otherwise."""
    return tell(request, problem.reason(language()), status=problem.status)


def tell(
    request: HttpRequest,
    text: str,
    *,
    status: int,
    title: str = "",
    advice: Advice | None = None,
    reference: str = "",
) -> HttpResponse:
    """Why, in one sentence: as a notice in place when htmx asked, else as a page with what to do next."""
    if getattr(request, "htmx", False):
        response = render(request, "web/parts/refusal.html", {"text": text}, status=status)
        response["HX-Retarget"], response["HX-Reswap"] = "#notices", "afterbegin"
        return response
    place = 1 if language() == "en" else 0
    reference = reference or _noted(request, status)
    found = advice or ADVICE.get(status, REFUSED)
    context = {
        "text": text,
        "status": status,
        "title": title or found.title[place],
        "then": found.then[place],
        "reference": reference,
    }
    return render(request, "web/error.html", context, status=status)


def language() -> str:
    """The page's language as `core.sentences` names it."""
    return "en" if (get_language() or "ko").startswith("en") else "ko"


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: a wrong address, a thing that is gone, or another company's; nobody learns which."""
    return tell(request, sentence("not_found", language()), status=404)


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return tell(request, sentence("not_allowed", language()), status=403)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    return tell(request, sentence("bad_request", language()), status=400)


def csrf_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that does not carry our token: an old tab, or another site's."""
    text = _("오래된 화면에서 보낸 요청입니다. 새로 고친 뒤 다시 해 주세요.")
    return tell(request, text, status=403, advice=STALE)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 when the database is away: the reference stands in the log; so does where it broke."""
    away = isinstance(sys.exc_info()[1], DATABASE_AWAY)
    status = 503 if away else 500
    reference = _noted(request, status)
    text = sentence("unavailable" if away else "server_error", language(), reference=reference)
    response = tell(request, text, status=status, reference=reference)
    if away:
        response["Retry-After"] = str(COME_AGAIN)
    return response


def _noted(request: HttpRequest, status: int) -> str:
    """A reference, written to the log with the address that was asked for."""
    reference = uuid4().hex[:8]
    log.log(
        logging.ERROR if status >= 500 else logging.INFO, "reference %s: %s %s", reference, request.method, request.path
    )
    return reference
