"""Logs name what failed and where, and nobody."""

import io
import logging

import pytest
from django.test import Client
from tests.making import open_house

from jumun.core.logs import PlacesOnly

NAME = "홍길동"


@pytest.fixture
def written():
    """What the handlers that settings.LOGGING configured write."""
    (handler,) = [each for each in logging.getLogger().handlers if isinstance(each.formatter, PlacesOnly)]
    text = io.StringIO()
    before = handler.setStream(text)
    yield text
    handler.setStream(before)


def fails(*_given, **_more):
    try:
        raise KeyError(NAME)
    except KeyError as problem:
        raise ValueError(f"{NAME} 010-1234-5678") from problem


def test_a_page_that_fails_leaves_no_name_in_the_log(db, noon, written, monkeypatch):
    open_house(noon, "shop")
    client = Client(raise_request_exception=False)
    client.post("/login", {"email": "owner@shop.kr", "password": "house-pass-2026"})
    monkeypatch.setattr("jumun.web.rows.list_items", fails)
    answer = client.get("/c/shop/items", {"q": NAME})
    assert answer.status_code == 500 and NAME not in answer.content.decode()
    log = written.getvalue()
    assert "ValueError" in log and "KeyError" in log and "test_logs.py:" in log
    assert NAME not in log and "010-1234" not in log
    assert logging.getLogger("django").handlers == []


def test_what_another_handler_made_of_the_record_is_not_reused(written):
    log = logging.getLogger("jumun.test")
    try:
        fails()
    except ValueError as problem:
        record = log.makeRecord(
            log.name, logging.ERROR, "f", 1, "failed: %s", (problem,), (ValueError, problem, problem.__traceback__)
        )
        logging.Formatter().format(record)
        assert NAME in record.exc_text
        log.handle(record)
        log.error(problem)
    assert NAME not in written.getvalue() and "failed: ValueError" in written.getvalue()
