"""The description: OpenAPI 3.1, sound, complete, with pages that fetch nothing from elsewhere."""

import re

import jsonschema_rs
from django.contrib.staticfiles import finders
from django.test import Client

from tests.api.test_walls import DESCRIBED


def test_it_is_openapi_3_1(db):
    told = Client().get("/api/v1/openapi.json")
    assert told.status_code == 200
    assert told.json()["openapi"].startswith("3.1.")
    assert told.json()["info"]["title"] == "Jumun REST"


def test_every_reference_leads_somewhere_and_every_schema_is_one():
    schemas = DESCRIBED["components"]["schemas"]
    assert set(re.findall(r"#/components/schemas/(\w+)", str(DESCRIBED))) == set(schemas)
    for schema in schemas.values():
        jsonschema_rs.meta.validate({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema})


def test_every_operation_has_a_name_words_and_its_problems():
    names = []
    for path in DESCRIBED["paths"].values():
        for method, operation in path.items():
            names.append(operation["operationId"])
            assert operation["description"]
            assert operation["security"] == [{"Bearer": []}]
            assert {"401", "403", "404", "422"} <= {str(status) for status in operation["responses"]}
            keyed = any(parameter["name"] == "Idempotency-Key" for parameter in operation["parameters"])
            assert keyed == (method == "post")
            for parameter in operation["parameters"]:
                assert parameter["in"] in ("path", "query", "header")
    assert len(names) == len(set(names))


def test_no_schema_of_an_account_tells_its_keys():
    account = DESCRIBED["components"]["schemas"]["Account"]["properties"]
    assert "credentials" not in account


def test_bodies_refuse_what_they_do_not_know():
    for path in DESCRIBED["paths"].values():
        for operation in path.values():
            body = operation.get("requestBody")
            for name in re.findall(r"#/components/schemas/(\w+)", str(body)):
                assert DESCRIBED["components"]["schemas"][name]["additionalProperties"] is False, name


def test_its_pages_come_from_us(db):
    page = Client().get("/api/v1/docs")
    assert page.status_code == 200
    text = page.content.decode()
    sources = re.findall(r'(?:src|href)="([^"]+)"', text)
    assert len(sources) >= 3
    assert all(source.startswith("/static/") for source in sources)
    assert "http://" not in text and "https://" not in text
    for source in sources:
        assert finders.find(source.removeprefix("/static/")), source
    assert not re.search(r"<script(?![^>]*(src=|application/json))", text)
    assert "default-src 'self'" in page.headers["Content-Security-Policy"]
