"""설정: API tokens. One's own to make and end; the owner sees everybody's and may end them."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from jumun.companies.roles import May, permissions_of
from jumun.companies.tokens import TokenShown, list_tokens, make_token, revoke_token
from jumun.core.clock import now
from jumun.core.errors import JumunError
from jumun.web.access import Desk, company_page
from jumun.web.people import MAY, check_name
from jumun.web.shell import page

DAYS = (30, 90, 365)
MOST = 500


@never_cache
@require_http_methods(["GET", "POST"])
@company_page(May.TOKENS)
def tokens(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The tokens one may see; a new one is shown once."""
    if request.method == "GET":
        return _show(request, desk)
    name, days = request.POST.get("name", "").strip(), request.POST.get("days", "")
    try:
        check_name(name)
        if days not in {str(each) for each in (*DAYS, "")}:
            raise JumunError("invalid", field=_("만료"))
        scopes = _scopes(request, desk)
    except JumunError as problem:
        return _show(request, desk, trouble=problem.reason(desk.language), name=name)
    at = now()
    bearer = make_token(
        company_id=desk.company_id,
        person_id=desk.person,
        name=name,
        role=desk.role,
        scopes=scopes,
        expires_at=at + timedelta(days=int(days)) if days else None,
        at=at,
    )
    return _show(request, desk, bearer=bearer)


@require_POST
@company_page(May.TOKENS)
def revoke(request: HttpRequest, desk: Desk, token_id: int) -> HttpResponse:
    """End a token: one of one's own, or anybody's for those who see to people."""
    revoke_token(token_id, of_person=None if May.PEOPLE in desk.may else desk.person, at=now())
    return _show(request, desk, done=_("토큰을 끊었습니다. 이 토큰을 쓰던 프로그램은 더 들어올 수 없습니다."))


def _scopes(request: HttpRequest, desk: Desk) -> frozenset[May]:
    """What the token is narrowed to; nothing narrows it when all of the role is chosen."""
    if request.POST.get("reach", "all") != "some":
        return frozenset()
    chosen = frozenset(may for may in desk.may if may.value in request.POST.getlist("scope"))
    if not chosen:
        raise JumunError("invalid", field=_("할 수 있는 일"))
    return chosen


def _show(request: HttpRequest, desk: Desk, *, trouble: str = "", **context: Any) -> HttpResponse:
    everybody = May.PEOPLE in desk.may
    found = list_tokens(of_person=None if everybody else desk.person, limit=MOST)
    at = now()
    response = page(
        request,
        desk,
        "web/tokens.html",
        "tokens",
        tokens=[
            {"row": token, "expired": token.expires_at is not None and token.expires_at <= at, "scopes": _told(token)}
            for token in found
            if token.revoked_at is None
        ],
        everybody=everybody,
        days=DAYS,
        may_labels=[(may.value, MAY[may]) for may in May if may in permissions_of(desk.role)],
        trouble=trouble,
        **context,
    )
    if trouble:
        response.status_code = 422
    return response


def _told(token: TokenShown) -> list[str]:
    return [str(MAY[May(scope)]) for scope in token.scopes if scope in list(May)]
