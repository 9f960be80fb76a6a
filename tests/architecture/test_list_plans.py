"""Every list and search reads an index as the application's role, under the policy (stack.md k)."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import psycopg
import pytest
from django.db import connection
from tests.making import make_line, open_house

from jumun.channels.port import Address, ClaimKind, ClaimSnapshot, ClaimStage
from jumun.claims import queries as claim_queries
from jumun.claims.actions import follow_lines
from jumun.claims.queries import ClaimFilter
from jumun.core.tenancy import acting_as
from jumun.dispatch import queries as ledger
from jumun.dispatch.queries import EffectFilter
from jumun.orders import queries, queries_items, queries_names
from jumun.orders.events import LinesRead
from jumun.orders.filters import Clause, ItemFilter, where
from jumun.orders.incoming import load_incoming
from jumun.orders.queries_items import page_of
from jumun.orders.sorting import ANY_SIZE, NEWEST, Sort, write_cursor
from jumun.waybills import queries as parcels

ROWS = 6000
LATE = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


def recipient_of(place):
    """Everybody has a phone of their own; 01000001234 ordered six times."""
    name = (
        "홍김이박최정강조윤장"[place % 10]
        + "길가서하도지민예수주"[place // 10 % 10]
        + "동온준윤현우서아원빈"[place // 100 % 10]
    )
    phone = 1234 if place % 1000 == 17 else 10_000_000 + place
    return Address(name=name, phone1=f"010{phone:08}", postcode="04524", address1="서울 중구 세종대로 110")


def settle(database):
    """Vacuum and analyse every table, so that it changes no plan when the server comes to do so, or whether it does."""
    with psycopg.connect(database.owner, autocommit=True) as owner:
        owner.execute("VACUUM ANALYZE")


@pytest.fixture(scope="module")
def full_house(django_db_setup, django_db_blocker, test_database):
    """Two companies of some thousands of items to as many people, analysed."""
    from tests.conftest import NOON

    with django_db_blocker.unblock():
        test_database.empty()
        houses = [open_house(NOON, slug=slug) for slug in ("full", "other")]
        for house in houses:
            with acting_as(house.company):
                house.store(make_line(f"A{n}", f"a{n}", NOON, recipient=recipient_of(n)) for n in range(ROWS))
        settle(test_database)
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


def plan_of(wanted, sort=NEWEST, cursor=None):
    """How a page of a list is read."""
    clause = where(wanted)
    ordered = page_of(clause, wanted, sort, cursor, length=100)
    return explain(
        queries_items._PAGE.format(source=ordered.source, order=ordered.order), clause.params | ordered.params
    )


@pytest.mark.parametrize("name", FILTERS)
def test_a_list_reads_an_index(full_house, django_db_blocker, name):
    with django_db_blocker.unblock(), acting_as(full_house.company):
        plan = plan_of(FILTERS[name])
    assert "Seq Scan on orders_orderitem" not in plan, plan


SORTED = {
    "ordered": ("item_newest", "item_by_status"),
    "paid": ("item_by_paid",),
    "ship_by": ("item_by_ship_by",),
    "status_since": ("item_by_since",),
    "amount": ("item_by_amount",),
}


@pytest.mark.parametrize("descending", [True, False])
@pytest.mark.parametrize("place", ["first", "later"])
@pytest.mark.parametrize("wanted", [ItemFilter(), ItemFilter(status=("preparing",))], ids=["all", "one status"])
@pytest.mark.parametrize("key", ANY_SIZE)
def test_a_sorted_list_reads_its_index_in_order(full_house, django_db_blocker, key, wanted, place, descending):
    """Sorting any number of rows sorts none: pages are read off the index, from either end, from any place."""
    sort = Sort(key, descending)
    value = 1_290_000 if key == "amount" else LATE
    cursor = write_cursor(sort, value, 7) if place == "later" else None
    with django_db_blocker.unblock(), acting_as(full_house.company):
        plan = plan_of(wanted, sort, cursor)
    assert any(f"using {index} on" in plan for index in SORTED[key]), plan
    assert "Seq Scan on orders_orderitem" not in plan, plan
    conditions = [line for line in plan.splitlines() if "Index Cond" in line and "company_id" in line]
    if place == "later":
        assert any("ROW(" in line for line in conditions), plan


@pytest.fixture(scope="module")
def many_names(full_house, django_db_blocker, test_database):
    """The same goods under sixty names at their own prices."""
    with django_db_blocker.unblock(), acting_as(full_house.company), connection.cursor() as cursor:
        cursor.execute("UPDATE orders_orderitem SET product_name = '상품 ' || id % 60, amount = id WHERE true")
    settle(test_database)
    return full_house


def test_names_are_stepped_through_by_their_index(many_names, django_db_blocker):
    """Words are looked for among the names, which are few, never among the items (stack.md k)."""
    recipient, params = queries_names.match_recipient("ㄱㄴ")
    sql = queries_names._NAMES.format(
        compared="~", of_recipients=queries_names._OF_RECIPIENTS.format(recipient=recipient)
    )
    params |= {"words": "x", "most": 1000, "few": 2001, "sku": "x"}
    with django_db_blocker.unblock(), acting_as(many_names.company):
        plan = explain(sql, params)
    assert "Seq Scan on orders_" not in plan, plan
    assert "using item_by_words" in plan and "recipient_by_name" in plan and "using item_by_sku_code" in plan, plan


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (ItemFilter(amount_from=Decimal(17), amount_to=Decimal(18)), "item_by_amount"),
        (ItemFilter(matched=False), "item_unmatched"),
        (ItemFilter(reprint=True), "item_reprint"),
        (ItemFilter(sku=("RARE",)), "item_by_sku_code"),
        (ItemFilter(memo="any"), "order_with_memo"),
        (ItemFilter(recipient="01000001234"), "recipient_by_phone1"),
        (ItemFilter(numbers=("A17", "A18")), "item_by_number"),
        (ItemFilter(q="상품 17"), "orders_orderitem_pkey"),
    ],
    ids=["amount", "matched", "reprint", "sku", "memo", "recipient", "numbers", "words"],
)
def test_what_is_few_is_found_by_an_index(many_names, django_db_blocker, wanted, index):
    with django_db_blocker.unblock(), acting_as(many_names.company):
        plan = plan_of(wanted)
    assert index in plan and "Seq Scan on orders_orderitem" not in plan, plan


def test_counts_stop(full_house, django_db_blocker):
    """A count reads no more rows than it shows."""
    with django_db_blocker.unblock(), acting_as(full_house.company):
        assert queries.count_items(ItemFilter(), most=100) == 101
        assert queries.count_steps().statuses["preparing"] == ROWS


CLAIM_FILTERS = {
    "newest": ClaimFilter(),
    "open": ClaimFilter(state="open"),
    "closed": ClaimFilter(state="closed"),
    "open of a kind": ClaimFilter(kind="return", state="open"),
    "kind": ClaimFilter(kind="cancel"),
    "stage": ClaimFilter(state="collecting"),
    "account": ClaimFilter(channel_account=(1,)),
    "search": ClaimFilter(q="A17"),
}


@pytest.fixture(scope="module")
def claims_house(full_house, django_db_blocker, test_database):
    """The same with a claim on every order, one in twenty open."""

    def claim(n):
        stage = ClaimStage.COLLECTING if n % 20 == 0 else ClaimStage.DONE
        return ClaimSnapshot(list(ClaimKind)[n % 3], stage, f"C{n}", collect_waybill=str(n), requested_at=NOON)

    from tests.conftest import NOON

    with django_db_blocker.unblock():
        with acting_as(full_house.company):
            load_incoming(make_line(f"A{n}", f"a{n}", NOON, claims=(claim(n),)) for n in range(ROWS))
            follow_lines(LinesRead(full_house.account, NOON))
    settle(test_database)
    return full_house


@pytest.mark.parametrize("name", CLAIM_FILTERS)
def test_a_list_of_claims_reads_an_index(claims_house, django_db_blocker, name):
    condition, params = claim_queries.where(CLAIM_FILTERS[name])
    sql = claim_queries._PAGE.format(condition=condition)
    with django_db_blocker.unblock(), acting_as(claims_house.company), connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + sql, params | {"limit": 101})
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Seq Scan on claims_claim" not in plan, plan


def test_a_claims_parts_and_the_open_count_read_an_index(claims_house, django_db_blocker):
    counting = "SELECT kind, count(*) FROM claims_claim WHERE closed_at IS NULL GROUP BY 1"
    with django_db_blocker.unblock(), acting_as(claims_house.company), connection.cursor() as cursor:
        for sql in (claim_queries._PARTS, counting):
            cursor.execute("EXPLAIN " + sql, {"claims": [1, 2, 3]})
            plan = "\n".join(row[0] for row in cursor.fetchall())
            assert "Seq Scan on" not in plan, plan


def test_nothing_of_orders_is_indexed_by_account_alone(db):
    """Of an account without statistics PostgreSQL expects one row and would read all of its lines for each one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename, indexname FROM pg_indexes WHERE tablename LIKE 'orders\\_%%' AND indexdef LIKE '%%(account_id)'"
        )
        assert cursor.fetchall() == []


def explain(sql, params):
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + sql, params)
        return "\n".join(row[0] for row in cursor.fetchall())


GRIDS = {
    "ready": ItemFilter(status=("ready",)),
    "preparing, of one account": ItemFilter(status=("preparing",), channel_account=(1,)),
    "in transit, held": ItemFilter(status=("in_transit",), held=True),
}


@pytest.mark.parametrize("name", GRIDS)
def test_the_waybill_grid_reads_indexes(full_house, django_db_blocker, name):
    wanted = GRIDS[name]
    clause = where(wanted)
    first = Clause(f"{clause.sql} AND {parcels.only_first(clause, NEWEST)}", clause.params)
    ordered = page_of(first, wanted, NEWEST, None, length=200)
    sql = parcels._PAGE.format(source=ordered.source, order=ordered.order, other=f"({clause.over('o')})")
    with django_db_blocker.unblock(), acting_as(full_house.company):
        plan = explain(sql, clause.params | ordered.params | {"gone": ["cancelled"], "pressing": ["rejected", ""]})
    assert "Seq Scan on orders_orderitem" not in plan, plan


EFFECTS = {
    "newest": (EffectFilter(), "company_id_planned_at_id"),
    "of a period": (EffectFilter(planned_from=LATE, planned_to=LATE + timedelta(hours=1)), "company_id_planned_at_id"),
    "rejected": (EffectFilter(state=("rejected",)), "company_id_state_planned_at_id"),
    "unknown": (EffectFilter(state=("unknown",)), "company_id_state_planned_at_id"),
    "of an account": (EffectFilter(channel_account=(1,)), "company_id_account_id_planned_at_id"),
    "of an order": (EffectFilter(number=("A17",)), "company_id_order_number"),
    "of a job": (EffectFilter(job=7), "company_id_job_id"),
}

MONTH = "dispatch_effect_202611"
"""Where all of them are; the other months are empty, and nothing is read faster than an empty table as it stands."""


@pytest.fixture(scope="module")
def full_ledger(full_house, django_db_blocker, test_database):
    """One effect an item; few are rejected or unknown, as in life."""
    with django_db_blocker.unblock(), acting_as(full_house.company), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO dispatch_effect (company_id, ordered_at, account_id, verb, unit, order_number, revision, state,"
            " lines, carrier, number, method, attempt, job_id, batch, code, message, planned_at, looks)"
            " SELECT company_id, ordered_at, CASE WHEN id % 5 = 0 THEN account_id ELSE 999 END, 'dispatch', unit, order_number, 1,"
            " CASE WHEN id % 400 = 0 THEN 'rejected' WHEN id % 401 = 0 THEN 'unknown' ELSE 'confirmed' END,"
            " jsonb_build_array(jsonb_build_object('item', id, 'line_key', line_no)), 'cj', '6', 'parcel', 1, id / 30,"
            " gen_random_uuid(), '', '', ordered_at + id * interval '1 second', 0 FROM orders_orderitem"
        )
    settle(test_database)
    return full_house


@pytest.mark.parametrize("name", EFFECTS)
def test_the_ledger_reads_an_index_of_the_company(full_ledger, django_db_blocker, name):
    wanted, index = EFFECTS[name]
    condition, params = ledger.where(wanted)
    with django_db_blocker.unblock(), acting_as(full_ledger.company):
        plan = explain(ledger._PAGE.format(condition=condition), params | {"limit": 101})
    assert index in plan and f"Seq Scan on {MONTH}" not in plan, plan
