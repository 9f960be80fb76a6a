"""Errors as `application/problem+json` (RFC 9457), everywhere under /api/, in Korean or English."""

import logging
import secrets
import traceback
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.csrf import csrf_exempt
from ninja.errors import HttpError, ValidationError

from jumun.core.database_away import DATABASE_AWAY
from jumun.core.errors import ChannelBusy, ConflictError, JumunError
from jumun.core.sentences import sentence

MEDIA_TYPE = "application/problem+json"
ROOT = "/api/"
Middle = Callable[[HttpRequest], HttpResponse]

log = logging.getLogger(__name__)


class InvalidError(JumunError):
    """A value of the request is wrong; `field` names it."""

    status = 422


class UnknownCallerError(JumunError):
    """No token, or none that holds."""

    status = 401


class ChangedMeanwhileError(ConflictError):
    """Somebody else changed it since the caller read it; `diff` is {field: {"yours", "theirs"}}."""

    def __init__(self, diff: Mapping[str, Mapping[str, str]], *, revision: int) -> None:
        self.diff = diff
        self.revision = revision
        super().__init__("changed_meanwhile")


class VersionMissingError(JumunError):
    """The call must say which version it changes."""

    status = 428


_TITLES: dict[int, tuple[str, str]] = {
    400: ("요청을 처리할 수 없습니다", "Bad request"),
    401: ("인증이 필요합니다", "Not authenticated"),
    403: ("권한이 없습니다", "Not allowed"),
    404: ("찾을 수 없습니다", "Not found"),
    405: ("쓸 수 없는 메서드입니다", "Method not allowed"),
    409: ("다른 작업과 겹칩니다", "Conflict"),
    413: ("요청이 너무 큽니다", "Request too large"),
    422: ("값이 올바르지 않습니다", "Values are not valid"),
    428: ("버전이 필요합니다", "A version is required"),
    500: ("서버 오류입니다", "Server error"),
    502: ("쇼핑몰 오류입니다", "Channel error"),
    503: ("잠시 쓸 수 없습니다", "Unavailable"),
}
_CODES: dict[int, str] = {
    403: "not_allowed",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    500: "server_error",
    503: "unavailable",
}
_MESSAGES: dict[str, str] = {
    "missing": "필요한 값입니다.",
    "extra_forbidden": "모르는 항목입니다.",
    "string_too_long": "너무 깁니다.",
    "string_too_short": "비어 있습니다.",
    "too_short": "비어 있습니다.",
    "less_than_equal": "너무 큽니다.",
    "greater_than_equal": "너무 작습니다.",
    "int_type": "정수가 아닙니다.",
    "int_parsing": "정수가 아닙니다.",
    "bool_type": "true나 false가 아닙니다.",
    "string_type": "문자열이 아닙니다.",
    "list_type": "목록이 아닙니다.",
    "literal_error": "고를 수 있는 값이 아닙니다.",
    "enum": "고를 수 있는 값이 아닙니다.",
    "timezone_aware": "시간대(+09:00 등)가 없는 시각입니다.",
}


def language_of(request: HttpRequest) -> str:
    """Korean ("ko"), or English ("en") where Accept-Language prefers it."""
    for tag, weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")[:500]):
        if weight and tag.partition("-")[0] in ("ko", "en"):
            return tag.partition("-")[0]
    return "ko"


def problem(
    request: HttpRequest,
    status: int,
    code: str,
    *,
    values: Mapping[str, object] | None = None,
    errors: Sequence[Mapping[str, Any]] = (),
    more: Mapping[str, object] | None = None,
) -> HttpResponse:
    """One problem. `detail` is the code's sentence, its blanks filled with `values`."""
    language = language_of(request)
    titles = _TITLES.get(status, _TITLES[400 if status < 500 else 500])
    body = {
        "type": f"urn:jumun:problem:{code}",
        "title": titles[language == "en"],
        "status": status,
        "detail": sentence(code, language, **(values or {})),
        "code": code,
        "errors": list(errors),
        **(more or {}),
    }
    answer = HttpResponse(orjson.dumps(body), status=status, content_type=MEDIA_TYPE)
    answer["Content-Language"] = language
    patch_vary_headers(answer, ["Accept-Language"])
    if status == 401:
        answer["WWW-Authenticate"] = 'Bearer realm="jumun"'
    return answer


def on_jumun_error(request: HttpRequest, failure: JumunError) -> HttpResponse:
    """A failure with a code of ours."""
    more = {"diff": failure.diff, "revision": failure.revision} if isinstance(failure, ChangedMeanwhileError) else None
    answer = problem(request, failure.status, failure.code, values=failure.values, more=more)
    if isinstance(failure, ChannelBusy) and failure.retry_after:
        answer["Retry-After"] = str(int(failure.retry_after) + 1)
    return answer


def on_invalid(request: HttpRequest, failure: ValidationError) -> HttpResponse:
    """422: each wrong value with where it is. What was sent is never repeated."""
    english = language_of(request) == "en"
    errors = [
        {
            "loc": _place(error["loc"]),
            "type": error["type"],
            "message": error["msg"] if english else _MESSAGES.get(error["type"], "값이 올바르지 않습니다."),
        }
        for error in failure.errors[:100]
    ]
    fields = ", ".join(dict.fromkeys(".".join(map(str, error["loc"][1:])) for error in errors[:5]))
    return problem(request, 422, "invalid", values={"field": fields or "body"}, errors=errors)


def _place(loc: Sequence[str | int]) -> list[str | int]:
    """Source, then the path in it: the name of a function's only body parameter says nothing to a caller."""
    return ["body", *loc[2:]] if loc[:2] == ("body", "body") else list(loc)


def on_unreadable(request: HttpRequest, failure: HttpError) -> HttpResponse:
    """What the framework refuses by itself: a body that is not JSON."""
    return problem(request, failure.status_code, _CODES.get(failure.status_code, "bad_request"))


def on_missing(request: HttpRequest, _failure: Http404) -> HttpResponse:
    """No such address."""
    return problem(request, 404, "not_found")


def on_suspicious(request: HttpRequest, failure: Exception) -> HttpResponse:
    """A body too large, or a request nobody honest makes."""
    large = isinstance(failure, RequestDataTooBig)
    return problem(request, 413 if large else 400, "too_large" if large else "bad_request")


def on_failure(request: HttpRequest, failure: Exception) -> HttpResponse:
    """500 with a reference. The log has the place; neither has the exception's text, which may be personal data."""
    if isinstance(failure, DATABASE_AWAY):
        log.error("the database is away: %s at %s", type(failure).__qualname__, _where(failure))
        answer = problem(request, 503, "unavailable")
        answer["Retry-After"] = "2"
        return answer
    reference = secrets.token_hex(4)
    log.error("request %s failed: %s at %s", reference, type(failure).__qualname__, _where(failure))
    return problem(request, 500, "server_error", values={"reference": reference}, more={"reference": reference})


HANDLERS: tuple[tuple[type[Exception], Callable[[HttpRequest, Any], HttpResponse]], ...] = (
    (JumunError, on_jumun_error),
    (ValidationError, on_invalid),
    (HttpError, on_unreadable),
    (Http404, on_missing),
    (SuspiciousOperation, on_suspicious),
    (UnreadablePostError, on_suspicious),
    (Exception, on_failure),
)


@csrf_exempt
def nothing_here(request: HttpRequest) -> HttpResponse:
    """Every address under the API's root that is not an operation."""
    return problem(request, 404, "not_found")


def api_problems(get_response: Middle) -> Middle:
    """Middleware, outermost: whatever is an error under /api/ is a problem, and no answer of it is kept by a cache."""

    def answer(request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(ROOT):
            return get_response(request)
        made = get_response(request)
        status = made.status_code
        if status >= 400 and made.headers.get("Content-Type") != MEDIA_TYPE:
            allow = made.headers.get("Allow")
            made = problem(request, status, _CODES.get(status, "bad_request"), values={"reference": "-"})
            if allow:
                made["Allow"] = allow
        made.headers.setdefault("Cache-Control", "no-store")
        return made

    return answer


def _where(failure: BaseException) -> str:
    frames = traceback.extract_tb(failure.__traceback__)[-5:]
    return " < ".join(f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in reversed(frames))
