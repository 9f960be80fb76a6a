"""What the home page and the ship-by board count reads an index as the application's role (C9, N4; stack.md k)."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.architecture.test_list_plans import full_house, settle

from jumun.core.tenancy import acting_as
from jumun.insights.deadlines import list_buckets, list_first, read_board
from jumun.insights.todo import count_todo, read_flow

__all__ = ["full_house"]


def test_nothing_that_is_counted_reads_every_row(full_house, django_db_blocker, test_database):
    """C9, N4: with most goods settled long ago, neither items nor recipients are read one by one."""
    at = full_house.at + timedelta(days=90)
    with django_db_blocker.unblock():
        with acting_as(full_house.company), connection.cursor() as run:
            run.execute("UPDATE orders_orderitem SET status = 'settled', matched = true WHERE id % 50 > 0")
        settle(test_database)
        with acting_as(full_house.company):
            with CaptureQueriesContext(connection) as taken:
                count_todo(at)
                read_flow(at)
                read_board(list_buckets(at))
                list_first()
            plans = []
            for each in taken.captured_queries:
                with connection.cursor() as run:
                    run.execute("EXPLAIN " + each["sql"])
                    plans.append("\n".join(row[0] for row in run.fetchall()))
    told = "\n\n".join(plans)
    assert "Seq Scan on orders_orderitem" not in told, told
    assert "Seq Scan on orders_recipient" not in told, told
    assert "recipient_differs" in told, told
