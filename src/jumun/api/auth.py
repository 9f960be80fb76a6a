"""Who calls: a bearer token of one person in one company, and what it may do."""

import ipaddress
from datetime import datetime
from typing import ClassVar

from django.http import HttpRequest

from jumun.api.problems import UnknownCallerError, language_of
from jumun.companies.roles import May
from jumun.companies.tokens import MARK, Caller, read_token
from jumun.companies.trail import Looker
from jumun.core.clock import now
from jumun.core.errors import NotAllowedError


class Call(HttpRequest):
    """A request whose token was read."""

    auth: Caller
    at: datetime
    """When it came."""
    etag: str
    """Set by a view whose answer has a version that an edit must name."""


class Bearer:
    """Lets a call in whose token may do at least one of these."""

    openapi_security_schema: ClassVar[dict[str, str]] = {
        "type": "http",
        "scheme": "bearer",
        "description": "`Authorization: Bearer jmn_…`",
    }

    def __init__(self, *may: May) -> None:
        self.may = frozenset(may)

    def __call__(self, request: Call) -> Caller:
        """The caller. Raises UnknownCallerError, NotAllowedError."""
        request.at = now()
        if any(value.startswith(MARK) for values in request.GET.lists() for value in values[1]):
            raise UnknownCallerError("token_in_address")  # addresses end up in logs and histories
        scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
        caller = read_token(bearer.strip(), at=request.at) if scheme.lower() == "bearer" else None
        if caller is None:
            raise UnknownCallerError("bad_token")
        if not caller.permissions & self.may:
            raise NotAllowedError("not_allowed")
        return caller


def looker(request: Call) -> Looker:
    """The caller as the trail of personal data names them."""
    return Looker(request.auth.company_id, request.auth.person_id, request.auth.via, _ip(request))


def speaks(request: Call) -> str:
    """The language of reasons: "ko" or "en"."""
    return language_of(request)


def _ip(request: HttpRequest) -> str | None:
    try:
        return str(ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")))
    except ValueError:
        return None
