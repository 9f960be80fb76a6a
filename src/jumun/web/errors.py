"""What a page says when it cannot do what was asked: in our look, what, why and what next."""

import logging
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jumun.core.errors import JumunError
from jumun.core.sentences import sentence

log = logging.getLogger(__name__)


def tell_refusal(request: HttpRequest, problem: JumunError) -> HttpResponse:
    """A refused call: a notice for htmx, a page otherwise."""
    return tell(request, problem.reason(language()), status=problem.status)


def tell(request: HttpRequest, text: str, *, status: int, title: str = "") -> HttpResponse:
    """One sentence: as a notice in place when htmx asked, else as a page of its own."""
    if getattr(request, "htmx", False):
        response = render(request, "web/parts/refusal.html", {"text": text}, status=status)
        response["HX-Retarget"], response["HX-Reswap"] = "#notices", "afterbegin"
        return response
    return render(
        request,
        "web/error.html",
        {"text": text, "status": status, "title": title or _("할 수 없습니다")},
        status=status,
    )


def language() -> str:
    """The page's language as `core.sentences` names it."""
    return "en" if (get_language() or "ko").startswith("en") else "ko"


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: a wrong address, a thing that is gone, or another company's; nobody learns which."""
    return tell(request, sentence("not_found", language()), status=404, title=_("찾을 수 없습니다"))


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return tell(request, sentence("not_allowed", language()), status=403, title=_("권한이 없습니다"))


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    return tell(request, sentence("bad_request", language()), status=400)


def csrf_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that does not carry our token: an old tab, or another site's."""
    return tell(request, _("오래된 화면에서 보낸 요청입니다. 새로 고친 뒤 다시 해 주세요."), status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: the reference stands in the log; so does where it broke."""
    reference = uuid4().hex[:8]
    log.error("reference %s: %s %s", reference, request.method, request.path)
    text = sentence("server_error", language(), reference=reference)
    return tell(request, text, status=500, title=_("처리하지 못했습니다"))
