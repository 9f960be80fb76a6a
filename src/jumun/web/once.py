"""A form that acts carries a nonce: sent twice, also at the same moment, it does the thing once (R24)."""

import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from jumun.companies.answers import Answer, KeyReusedError, keep_answer, keyed, take_key
from jumun.core.clock import now
from jumun.core.errors import ConflictError
from jumun.web.access import Desk
from jumun.web.errors import tell

LONGEST = 60
KEPT_HEADERS = ("HX-Trigger-After-Settle", "HX-Retarget", "HX-Reswap", "Location")

View = Callable[..., HttpResponse]


def make_nonce() -> str:
    """A fresh one, for the form that is being drawn."""
    return secrets.token_urlsafe(16)


def once(view: View) -> View:
    """Inside `company_page`: the same form again is answered with what it was answered with, and nothing is done.

    The answer is kept in the transaction of the deed, so what was refused or broke off may be sent again. A form
    without a nonce (a script's, an old page's) is done as it comes.
    """

    @wraps(view)
    def inside(request: HttpRequest, desk: Desk, **rest: Any) -> HttpResponse:
        nonce = request.POST.get("nonce", "")
        if not nonce or len(nonce) > LONGEST or "\x00" in nonce:
            return view(request, desk, **rest)
        content = b"\n".join(
            f"{name}={value}".encode() for name, values in sorted(request.POST.lists()) for value in values
        )
        call = keyed(desk.company_id, desk.person, key=nonce, call=f"PAGE {request.path}", content=content)
        try:
            saved = take_key(call)
        except ConflictError:
            return tell(
                request, _("방금 누른 것을 처리하고 있습니다. 두 번 하지 않습니다. 결과가 곧 나타납니다."), status=409
            )
        except KeyReusedError:
            return tell(request, _("이미 처리한 화면입니다. 새로 고친 뒤 다시 해 주세요."), status=422)
        if saved is not None:
            return _replay(saved)
        response = view(request, desk, **rest)
        if response.status_code < 400:
            keep_answer(call, _kept(response), at=now())
        return response

    return inside


def _kept(response: HttpResponse) -> Answer:
    headers = {name: response[name] for name in KEPT_HEADERS if name in response}
    body = orjson.dumps([headers, response.content.decode()]).decode()
    return Answer(response.status_code, body)


def _replay(saved: Answer) -> HttpResponse:
    headers, content = orjson.loads(saved.body)
    return HttpResponse(content, status=saved.status, headers=headers)
