"""The REST interface as a whole: every noun, its errors, its OpenAPI description and its pages."""

import re
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from ninja import NinjaAPI
from ninja.openapi.docs import DocsBase
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser
from pydantic import BaseModel

from jumun.api import (
    allocation,
    catalog,
    channels,
    claims,
    comments,
    desk,
    effects,
    exports,
    intake,
    items,
    jobs,
    matching,
    orders,
    packing,
    people,
    sheets,
    stock,
    views,
    waybill_sheets,
    waybills,
)
from jumun.api.idempotency import HEADER, LONGEST
from jumun.api.problems import HANDLERS, MEDIA_TYPE

DESCRIPTION = """\
Jumun (주문), the order desk. Calls carry `Authorization: Bearer jmn_…`; a token acts for one company with one role.

* Errors are `application/problem+json` with a stable `code`; texts are Korean, or English by `Accept-Language: en`.
* A list answers `{"items": […], "next_cursor": null | "…"}` and takes `limit` (200 at most), `cursor` and `ids`.
* A POST may carry an `Idempotency-Key`: the same call again is answered with the saved answer.
* Money in won is a number; in any other currency a decimal in a text. Moments carry their zone.
"""


class WrongValue(BaseModel):
    """One value that is not valid, and where it is."""

    loc: list[str | int]
    type: str
    message: str


class Differs(BaseModel):
    """A field somebody else changed meanwhile: what you sent, and what stands there. Masked like a recipient."""

    yours: str
    theirs: str


class Problem(BaseModel):
    """An error (RFC 9457). `diff` and `revision` come with `changed_meanwhile`."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[WrongValue]
    reference: str | None = None
    diff: dict[str, Differs] | None = None
    revision: int | None = None


class Described(OpenAPISchema):
    """The description with what every operation has in common: its problems and the Idempotency-Key."""

    def __init__(self, api: NinjaAPI, path_prefix: str) -> None:
        super().__init__(api, path_prefix)
        self["components"]["schemas"]["Problem"] = Problem.model_json_schema(
            ref_template="#/components/schemas/{model}"
        )
        self["components"]["schemas"] |= self["components"]["schemas"]["Problem"].pop("$defs")
        for path in self["paths"].values():
            for method, operation in path.items():
                self._complete(method, operation)
        self._drop_unused()

    def _drop_unused(self) -> None:
        """Query schemas are told as parameters; their own descriptions lead nowhere."""
        schemas = self["components"]["schemas"]
        used = set(re.findall(r"#/components/schemas/([^'\"]+)", str({**self})))
        for name in set(schemas) - used:
            del schemas[name]

    def _complete(self, method: str, operation: dict[str, Any]) -> None:
        told = {"content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
        versioned = any(parameter["name"] == "If-Match" for parameter in operation.get("parameters", ()))
        for status, description in (_PROBLEMS | (_VERSIONED if versioned else {})).items():
            operation["responses"].setdefault(status, {"description": description, **told})
        if any(parameter["in"] == "query" for parameter in operation.get("parameters", ())):
            operation["responses"].setdefault(414, {"description": "The address is too long: the web server says so"})
        if method == "post":
            operation["parameters"] = [*operation.get("parameters", []), _KEY]


_PROBLEMS = {
    400: "The request cannot be done as it is",
    401: "No token, or none that holds",
    403: "The token may not do this",
    404: "No such thing in this company",
    409: "Somebody else got there first, or the key's call is still running",
    413: "The body is too large",
    422: "Values are not valid, or the key was used with another body",
    502: "The channel refused or could not answer",
}
_VERSIONED = {428: "The call does not say which version it changes"}
_KEY = {
    "in": "header",
    "name": HEADER,
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST},
    "description": "The same key and body again: the saved answer. Optional.",
}


class StrictParser(Parser):
    """Reads JSON as RFC 8259 has it: UTF-8, no NaN, no endless depth."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The body. Raises orjson.JSONDecodeError."""
        return orjson.loads(request.body)


class OwnDocs(DocsBase):
    """Swagger UI out of django-ninja's package, served by us: no CDN, and no validator asked."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        """The page."""
        shown = {
            "layout": "BaseLayout",
            "deepLinking": True,
            "validatorUrl": None,
            "url": self.get_openapi_url(api, kwargs),
        }
        return render(request, "ninja/swagger.html", {"swagger_settings": orjson.dumps(shown).decode(), "api": api})


class JumunAPI(NinjaAPI):
    """The interface, described once."""

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """OpenAPI 3.1."""
        return Described(self, self.get_root_path(path_params or {}) if path_prefix is None else path_prefix)


def _make() -> JumunAPI:
    made = JumunAPI(
        title="Jumun REST",
        version="1",
        description=DESCRIPTION,
        parser=StrictParser(),
        docs=OwnDocs(),
        urls_namespace="api-1",
    )
    for kind, handler in HANDLERS:
        made.add_exception_handler(kind, handler)
    for noun in (
        desk,
        catalog,
        channels,
        intake,
        orders,
        comments,
        items,
        matching,
        packing,
        allocation,
        stock,
        waybills,
        waybill_sheets,
        effects,
        claims,
        jobs,
        people,
        views,
        exports,
        sheets,
    ):
        made.add_router("", noun.routes)
    return made


api = _make()
