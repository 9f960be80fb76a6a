"""No company, no rows; another company's, never (DESIGN §4, P9, I7, S01)."""

import psycopg
import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.utils import Error
from tests.making import make_line, open_house

from jumun.core.shared_tables import SHARED_TABLES
from jumun.core.tenancy import AnotherCompanyError, acting_as, current_company
from jumun.orders.actions.hold import hold
from jumun.orders.filters import ItemFilter
from jumun.orders.models import Order
from jumun.orders.selection import Selection


def company_models():
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and model._meta.db_table not in SHARED_TABLES
    ]


def tables(cursor):
    cursor.execute(
        "SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity, c.relispartition,"
        " (SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'company')"
        " FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') ORDER BY 1"
    )
    return cursor.fetchall()


def test_every_table_is_a_companys_or_named_as_shared(db):
    with connection.cursor() as cursor:
        for name, enabled, forced, partition, policies in tables(cursor):
            if name in SHARED_TABLES:
                assert not enabled, f"{name} is listed as shared and has policies"
            else:
                assert (enabled, forced) == (True, True), f"{name}: row-level security is not enabled and forced"
                assert partition or policies == 1, f"{name}: no policy"


def test_shared_tables_exist(db):
    with connection.cursor() as cursor:
        names = {row[0] for row in tables(cursor)}
    assert set(SHARED_TABLES) <= names, set(SHARED_TABLES) - names


def test_we_connect_as_nobody_special(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == (False, False, False, False)
        cursor.execute("SELECT count(*) FROM pg_class WHERE pg_get_userbyid(relowner) = current_user")
        assert cursor.fetchone() == (0,)


@pytest.fixture
def two_companies(committed, noon):
    houses = [open_house(noon, slug=slug) for slug in ("first", "second")]
    for house in houses:
        with acting_as(house.company):
            house.store([make_line("A1", "a", noon), make_line("A1", "b", noon)])
            hold(Selection(filter=ItemFilter()), reason="other", by=house.owner, at=noon)
    return houses


@pytest.mark.parametrize("model", company_models(), ids=lambda model: model._meta.db_table)
def test_no_company_sees_nothing_and_another_sees_only_its_own(two_companies, model):
    """Every model, as the application's role."""
    first, second = two_companies
    column = "id" if model._meta.db_table == "companies_company" else "company_id"
    assert model.objects.count() == 0
    with acting_as(second.company):
        assert not model.objects.filter(**{column: first.company}).exists()
        assert set(model.objects.values_list(column, flat=True)) <= {second.company}


def test_rows_of_another_company_can_be_neither_written_nor_changed(two_companies):
    first, second = two_companies
    with acting_as(first.company):
        order = Order.objects.get()
    with acting_as(second.company):
        assert Order.objects.filter(id=order.id).update(memo="x") == 0
        assert Order.objects.filter(id=order.id).delete()[0] == 0
        order.id, order.number = None, "B1"
        with pytest.raises(Error, match="row-level security"), transaction.atomic():
            order.save(force_insert=True)


def test_without_a_company_nothing_can_be_written(two_companies):
    first, _ = two_companies
    with acting_as(first.company):
        order = Order.objects.get()
    order.id, order.number = None, "B1"
    with pytest.raises(Error, match="row-level security"):
        order.save(force_insert=True)


def test_a_pooled_connection_never_carries_the_last_company_over(two_companies):
    """The same server process, after success, after failure and after a nested act."""
    first, second = two_companies
    used = set()
    for house in (first, second, first):
        with acting_as(house.company):
            with acting_as(house.company):
                assert Order.objects.count() == 1
            assert current_company() == house.company
            used.add(backend()[0])
        with pytest.raises(RuntimeError, match="stop"), acting_as(house.company):
            used.add(backend()[0])
            raise RuntimeError("stop")
        connection.close()  # back to the pool
    again = set()
    for _ in range(20):
        pid, company = backend()
        assert company == ""
        assert Order.objects.count() == 0
        again.add(pid)
        connection.close()
    assert used & again, "the pool never handed a used connection out again"


def backend():
    """The server process this connection speaks to, and the company it remembers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid(), coalesce(current_setting('jumun.company', true), '')")
        return cursor.fetchone()


def test_acting_for_two_companies_at_once_is_refused(two_companies):
    first, second = two_companies
    with acting_as(first.company), pytest.raises(AnotherCompanyError), acting_as(second.company):
        pass


def test_partitions_cannot_be_read_around_their_parent(two_companies, test_database):
    with psycopg.connect(test_database.owner, autocommit=True) as owner:
        names = [row[0] for row in owner.execute("SELECT relname FROM pg_class WHERE relispartition AND relkind = 'r'")]
    assert len(names) >= 4 * 4
    for name in names:
        with pytest.raises(Error, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {name}")


@pytest.mark.parametrize("table", ["companies_accesstrail", "orders_timelineevent"])
@pytest.mark.parametrize("statement", ["UPDATE {table} SET at = now()", "DELETE FROM {table}", "TRUNCATE {table}"])
def test_what_is_written_to_a_trail_stays(db, table, statement):
    """S13."""
    with pytest.raises(Error, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table=table))


def test_looking_across_companies_returns_ids_only(two_companies):
    first, second = two_companies
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM jumun_companies()")
        assert sorted(row[0] for row in cursor.fetchall()) == sorted([first.company, second.company])
        cursor.execute("SELECT jumun_company_of_slug('first')")
        assert cursor.fetchone() == (first.company,)
        cursor.execute(
            "SELECT p.proname, t.typname FROM pg_proc p JOIN pg_type t ON t.oid = p.prorettype"
            " WHERE p.prosecdef AND p.pronamespace = 'public'::regnamespace"
        )
        assert {row[1] for row in cursor.fetchall()} <= {"int8", "int4", "void"}
