"""How an operation is declared: who may call it, what it answers, and that it acts for one company in one transaction."""

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import orjson
from django.http import HttpResponse, HttpResponseBase
from django.urls import register_converter
from ninja import Router
from pydantic import BaseModel

from jumun.api.auth import Bearer, Call
from jumun.api.idempotency import answer_once, answer_remote, key_of
from jumun.api.paging import BIGGEST_ID
from jumun.api.problems import InvalidError
from jumun.companies.answers import Answer
from jumun.companies.roles import May
from jumun.core.tenancy import acting_as

View = TypeVar("View", bound=Callable[..., BaseModel | None])
REPLAYED = "Idempotent-Replayed"


class IdConverter:
    """`{bigid:…}` in a path: a positive number the database can hold; anything else is an unknown address."""

    regex = "[0-9]{1,19}"

    def to_python(self, value: str) -> int:
        """The number. Raises ValueError when it is none of ours."""
        number = int(value)
        if not 0 < number <= BIGGEST_ID:
            raise ValueError(value)
        return number

    def to_url(self, value: int) -> str:
        """The number as text."""
        return str(value)


register_converter(IdConverter, "bigid")


class Routes(Router):
    """The operations of one noun."""

    def read(self, path: str, answers: type[BaseModel], *, may: May = May.READ) -> Callable[[View], View]:
        """A GET that answers `answers`, for whoever may `may`."""
        return self._declare("GET", path, answers, may=(may,), status=200)

    def write(
        self,
        method: str,
        path: str,
        answers: type[BaseModel] | None,
        *,
        may: May | tuple[May, ...],
        status: int = 200,
        remote: bool = False,
        secret: str = "",
    ) -> Callable[[View], View]:
        """A POST, PATCH or DELETE for whoever may one of `may`.

        remote   talks to a channel: no transaction is held, the view acts for the company where it needs to
        secret   a field of the answer that is told once and never kept
        """
        wanted = may if isinstance(may, tuple) else (may,)
        return self._declare(method, path, answers, may=wanted, status=status, remote=remote, secret=secret)

    def file(
        self, path: str, *kinds: str, may: May = May.READ
    ) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
        """A GET that answers a file of one of these media types, for whoever may `may`."""
        content = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in kinds}

        def declare(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
            @wraps(view)
            def operation(request: Call, **values: Any) -> HttpResponseBase:
                _refuse_unknown_query(request, operation)
                with acting_as(request.auth.company_id):
                    return view(request, **values)

            self.api_operation(
                ["GET"],
                path,
                auth=Bearer(may),
                response={200: None},
                operation_id=view.__name__,
                description=inspect.getdoc(view),
                openapi_extra={
                    "x-may": [may],
                    "responses": {200: {"description": "The file", "content": content}},
                },
            )(operation)
            return view

        return declare

    def _declare(
        self,
        method: str,
        path: str,
        answers: type[BaseModel] | None,
        *,
        may: tuple[May, ...],
        status: int,
        remote: bool = False,
        secret: str = "",
    ) -> Callable[[View], View]:
        def declare(view: View) -> View:
            @wraps(view)
            def operation(request: Call, **values: Any) -> HttpResponse:
                _refuse_unknown_query(request, operation)

                def run() -> tuple[Answer, str]:
                    return _render(view(request, **values), status, secret)

                return _send(request, run, status=status, remote=remote)

            self.api_operation(
                [method],
                path,
                auth=Bearer(*may),
                response={status: answers},
                by_alias=True,
                operation_id=view.__name__,
                description=inspect.getdoc(view),
                openapi_extra={"x-may": sorted(may)},
            )(operation)
            return view

        return declare


def _send(request: Call, run: Callable[[], tuple[Answer, str]], *, status: int, remote: bool) -> HttpResponse:
    """Run in the right transaction, under the right key."""
    key = key_of(request)
    again = False
    if remote:
        made, again = answer_remote(request, key, run) if key else (run()[0], False)
    else:
        with acting_as(request.auth.company_id):
            made, again = answer_once(request, key, run) if key else (run()[0], False)
    if status == 204:
        return HttpResponse(status=status)
    answer = HttpResponse(made.body, status=made.status, content_type="application/json")
    if again:
        answer[REPLAYED] = "true"
    if etag := getattr(request, "etag", ""):
        answer["ETag"] = etag
    return answer


def _render(made: BaseModel | None, status: int, secret: str) -> tuple[Answer, str]:
    """The answer as it is sent, and as it is kept."""
    body = made.model_dump_json(by_alias=True) if made is not None else ""
    if not secret:
        return Answer(status, body), body
    return Answer(status, body), orjson.dumps(orjson.loads(body) | {secret: None}).decode()


def _refuse_unknown_query(request: Call, operation: Any) -> None:
    """A misspelt filter would mean everything: unknown names are refused. Raises InvalidError."""
    known: set[str] = set()
    for model in operation._ninja_operation.models:
        if model.__ninja_param_source__ == "query":
            known |= set(model.__ninja_flatten_map__)
    for name in request.GET:
        if name not in known:
            raise InvalidError("invalid", field=name[:50])
