"""`jumun import`: one JSON object; nothing left behind without --commit."""

import json

import pytest
from tests.cli.test_commands import jumun
from tests.intake.uploaded import HEADER, row, write
from tests.making import open_house

from jumun.core.tenancy import acting_as
from jumun.intake.models import SheetRow, SheetUpload
from jumun.orders.models import Order, OrderLine

FIELDS = (
    "order_no line_no ordered_at product_name option product_code quantity amount recipient phone1 phone2 postcode address"
    " memo buyer carrier waybill"
).split()


@pytest.fixture
def shop(committed, noon):
    """A company whose account's key is known."""
    return open_house(noon)


def run(committed, shop, path, *more):
    from jumun.channels.queries import get_account
    from jumun.companies.models import Company

    with acting_as(shop.company):
        key, slug = get_account(shop.account).key, Company.objects.get(id=shop.company).slug
    done = jumun(committed.database_env, "import", str(path), "--company", slug, "--account", key, "--json", *more)
    return done.returncode, json.loads(done.stdout)


def sheet(folder):
    header = [*HEADER[:11], "기본주소", "상세주소", HEADER[12]]
    rows = [
        row("A", "a1"),
        row("A", "a2", 상품명="모자", 상품코드="", 옵션="", 수량="2"),
        row("B", "b1", 수량="0"),
        row("B", "b2"),
        row("A", "a1"),
    ]
    return write(folder, [[*each[:11], each[11], "101호", each[12]] for each in rows], header=header)


def test_it_says_what_it_understood_and_leaves_nothing_behind(committed, shop, tmp_path):
    status, told = run(committed, shop, sheet(tmp_path), "--lines")
    assert status == 0
    assert (told["header_row"], told["orders"], told["committed"]) == (1, 1, 0)
    assert told["mapping"]["order_no"] == "주문번호" and told["mapping"]["recipient"] == "수취인명"
    assert set(told["mapping"]) <= set(FIELDS)
    refused = {each["row"]: each for each in told["refused"]}
    assert {number: each["code"] for number, each in refused.items()} == {
        4: "quantity_unusable",
        5: "companion_row",
        6: "duplicate_in_file",
    }
    assert (refused[4]["column"], refused[4]["value"]) == ("수량", "0") and refused[4]["reason"]
    assert [(each["row"], each["quantity"]) for each in told["lines"]] == [(2, "1"), (3, "2")]
    assert set(told["lines"][0]) == {"row", *FIELDS}
    assert told["lines"][0]["ordered_at"].startswith("2026-11-22T10:30:00")
    with acting_as(shop.company):
        assert not SheetUpload.objects.exists() and not SheetRow.objects.exists() and not Order.objects.exists()


def test_a_commit_stores_whole_orders_and_the_same_file_again_is_refused(committed, shop, tmp_path):
    path = sheet(tmp_path)
    status, told = run(committed, shop, path, "--commit")
    assert (status, told["orders"], told["committed"]) == (0, 1, 1)
    assert "lines" not in told
    with acting_as(shop.company):
        assert sorted(OrderLine.objects.values_list("line_key", flat=True)) == ["a1", "a2"]
    status, told = run(committed, shop, path, "--commit")
    assert (status, told["committed"]) == (0, 0)
    assert {each["row"]: each["code"] for each in told["refused"]}[2] == "already_known"
    with acting_as(shop.company):
        assert OrderLine.objects.count() == 2


def test_what_cannot_be_read_is_one_object_too(committed, shop, tmp_path):
    bad = tmp_path / "orders.xlsx"
    bad.write_bytes(b"PK\x03\x04 not a workbook")
    status, told = run(committed, shop, bad)
    assert status == 1 and told["error"].startswith("sheet_") and told["reason"]
