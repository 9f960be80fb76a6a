"""Every list and search reads an index as the application's role, under the policy (stack.md k)."""

import pytest
from django.db import connection
from tests.making import make_line, open_house

from jumun.core.tenancy import acting_as
from jumun.orders import queries
from jumun.orders.filters import ItemFilter, where

ROWS = 6000


@pytest.fixture(scope="module")
def full_house(django_db_setup, django_db_blocker, test_database):
    """Two companies, one of them with some thousands of items, analysed."""
    from tests.conftest import NOON

    with django_db_blocker.unblock():
        test_database.empty()
        houses = [open_house(NOON, slug=slug) for slug in ("full", "other")]
        for house in houses:
            with acting_as(house.company):
                house.store(make_line(f"A{n}", f"a{n}", NOON) for n in range(ROWS))
        yield houses[0]
        connection.close()
        test_database.empty()


FILTERS = {
    "newest": ItemFilter(),
    "status": ItemFilter(status=("ready",)),
    "account and status": ItemFilter(channel_account=(1,), status=("ready",)),
    "push": ItemFilter(push=("rejected",)),
    "open claims": ItemFilter(claim="open"),
    "held": ItemFilter(held=True),
    "order number": ItemFilter(number=("A17",)),
    "waybill": ItemFilter(waybill="680000000011"),
    "line": ItemFilter(line_no=("a17",)),
    "search for a number": ItemFilter(q="2026112212345678"),
    "search for a phone": ItemFilter(q="010-0000-1234"),
}


@pytest.mark.parametrize("name", FILTERS)
def test_a_list_reads_an_index(full_house, django_db_blocker, name):
    clause = where(FILTERS[name])
    sql = queries._PAGE.format(condition=clause.over("i"), order="i.ordered_at DESC, i.id DESC")
    with django_db_blocker.unblock(), acting_as(full_house.company), connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + sql, clause.params | {"limit": 101})
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Seq Scan on orders_orderitem" not in plan, plan


def test_counts_stop(full_house, django_db_blocker):
    """A count reads no more rows than it shows."""
    with django_db_blocker.unblock(), acting_as(full_house.company):
        assert queries.count_items(ItemFilter(), most=100) == 101
        assert queries.count_steps().statuses["preparing"] == ROWS
