"""Collect, link, re-link, allocate, split, combine, cancel, ship: stock is right after every step (I2, I5, I7-I9, R22)."""

import pytest
from django.db import connection
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test
from tests.making import make_line, open_house
from tests.orders import test_machine as machine
from tests.packing.test_life import TwoPlaces
from tests.stock.ledger import balance_is_its_moves, fill, release, reserve_all

from jumun.catalog.actions import ProductFields, SkuFields, put_products, put_ship_from
from jumun.catalog.models import SetPart, ShipFrom, Sku
from jumun.channels.port import ClaimKind, ClaimSnapshot, ClaimStage
from jumun.companies.models import Company
from jumun.core.tenancy import acting_as
from jumun.intake.catalogue import fill_catalogue
from jumun.orders.actions.catch_up import catch_up
from jumun.orders.actions.requantify import Requantity, requantify
from jumun.orders.models import OrderItem
from jumun.stock.allocating import perform_run, start_run
from jumun.stock.allocation_queries import get_run
from jumun.stock.criteria import STRATEGIES, Criteria
from jumun.stock.models import Balance, Move
from jumun.stock.splitting import split_unallocated

SHELVES = (("TSH-BLK-L", "main"), ("NEAR", "main"), ("FAR", "far"), ("SLEEVE", "main"))


OURS = (
    "orders_orderitem", "orders_orderline", "orders_shipment", "orders_recipient", "orders_batch", "orders_component",
    "orders_timelineevent", "stock_balance", "stock_move", "stock_reservation", "stock_allocationrun",
    "stock_allocationresult", "packing_candidate", "matching_link", "catalog_sku", "catalog_setpart",
)  # fmt: skip


def a_stranger(noon):
    """Another company with an order and goods of the same codes."""
    house = open_house(noon, slug="stranger")
    with acting_as(house.company):
        house.order("S1", "1")
        fill(house, 5)
        reserve_all(house, house.items())
    return house


def told_by(house):
    """All of a company's orders and stock."""
    with acting_as(house.company), connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT to_jsonb(t)::text FROM {table} t" for table in OURS))
        return sorted(row[0] for row in cursor.fetchall())


class Stocked(TwoPlaces):
    """The same orders, with goods on shelves, some of them sold as sets."""

    @rule(shelf=st.sampled_from(SHELVES), number=st.integers(1, 4))
    def receive(self, shelf, number):
        pair = {"sku_id": Sku.objects.get(code=shelf[0]).id, "ship_from_id": ShipFrom.objects.get(code=shelf[1]).id}
        row, _ = Balance.objects.get_or_create(company_id=self.house.company, **pair)
        Balance.objects.filter(id=row.id).update(on_hand=row.on_hand + number)
        Move.objects.create(company_id=self.house.company, at=self.at, kind="receive", on_hand_by=number, **pair)

    @rule(picks=st.lists(st.integers(0, 8), min_size=1, max_size=5))
    def allocate(self, picks):
        left = reserve_all(self.house, self.choose(picks).ids)
        assert {code for _, code in left} <= {"out_of_stock", "not_needed"}

    @rule(split=st.booleans(), strategy=st.sampled_from(STRATEGIES), again=st.sampled_from([(), ("full", "partial")]))
    def run(self, split, strategy, again):
        """C18-C22: a whole run of 할당, items divided and split off."""
        at = self.at
        made = start_run(Criteria(split=split, strategy=strategy, again=again), by=None, at=at)
        perform_run(made, at=at)
        assert get_run(made).state == "done"

    @rule()
    def split_the_rest(self):
        self.remember(split_unallocated(by=None, at=self.at))

    @rule(picks=st.lists(st.integers(0, 8), min_size=1, max_size=2))
    def free(self, picks):
        release(self.house, list(self.choose(picks).ids))

    @rule(needs=st.booleans(), frees=st.booleans())
    def decide(self, needs, frees):
        Company.objects.update(release_needs_allocation=needs, hold_frees_stock=frees)

    @rule(sleeves=st.integers(0, 3))
    def remake_the_set(self, sleeves):
        """I28: NEAR is made of other numbers of its part, or of none."""
        parts = [("SLEEVE", sleeves)] if sleeves else []
        given = [ProductFields("NEAR", "NEAR", [SkuFields("NEAR", parts=parts)])]
        fill_catalogue(self.house.company, given, by=None, at=self.at)

    @rule(pick=st.integers(0, 8), number=st.integers(1, 4))
    def another_quantity(self, pick, number):
        line = OrderItem.objects.get(id=self.ids[pick % len(self.ids)]).line_id
        changed = requantify([Requantity(line, number)], by=None, at=self.at)
        if changed.batch:
            self.batches.append(changed.batch)

    @rule(pick=st.integers(0, 8))
    def end_in_part(self, pick):
        """P34: all but one of a line are cancelled on its channel."""
        line = self.lines[pick % len(self.lines)]
        claim = ClaimSnapshot(ClaimKind.CANCEL, ClaimStage.DONE, "P", max(1, line.quantity - 1))
        told = make_line(
            line.order_number,
            line.line_key,
            self.house.at,
            quantity=line.quantity,
            remaining=1,
            claim=claim,
            product_code=line.product_code,
        )
        catch_up(self.house.account, [told], at=self.at)

    @invariant()
    def stock_is_right(self):
        """I2, R22: balances are the sum of their moves and reservations; nothing that left or ended holds any."""
        balance_is_its_moves()

    @invariant()
    def amounts_add_up(self):
        """I8: whole won, and the items of a line are worth what the line is, however it was divided."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT l.id, l.amount, sum(i.amount), bool_and(i.amount = trunc(i.amount)) FROM orders_orderline l"
                " JOIN orders_orderitem i ON i.line_id = l.id GROUP BY 1, 2"
            )
            for line, amount, items, whole in cursor.fetchall():
                assert (items, whole) == (amount, True), line

    @invariant()
    def only_our_own_is_reached(self):
        """I7: with a stranger's orders and stock beside them, no other company's row is seen."""
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(f"SELECT '{table}' FROM {table} WHERE company_id <> %s" for table in OURS),
                           [self.house.company] * len(OURS))  # fmt: skip
            assert cursor.fetchall() == []

    @invariant()
    def what_left_took_its_own(self):
        """R22: an item shipped exactly what was reserved for it, once."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT item_id, sum(on_hand_by) FROM stock_move WHERE item_id IS NOT NULL GROUP BY 1")
            gone = dict(cursor.fetchall())
        for item in OrderItem.objects.filter(id__in=[item for item, number in gone.items() if number]):
            assert gone[item.id] < 0
            assert item.status not in ("preparing", "ready", "labelled")


@pytest.mark.parametrize("part", [0, *(pytest.param(part, marks=pytest.mark.slow) for part in range(1, 3))])
def test_life_with_stock(db, noon, part):
    """The state machine over every action there is and the ledger, against PostgreSQL."""
    stranger = a_stranger(noon)
    before = told_by(stranger)
    machine.HOUSE = open_house(noon, slug="stocked")
    company = machine.HOUSE.company
    with acting_as(company):
        put_ship_from(company, code="far", name="부산 창고")
        names = {"NEAR": "main", "FAR": "far", "SLEEVE": "main"}
        put_products(
            company, [ProductFields(code, code, [SkuFields(code, ship_from=at)]) for code, at in names.items()]
        )
        codes = dict(Sku.objects.values_list("code", "id"))
        SetPart.objects.create(company_id=company, sku_id=codes["NEAR"], part_id=codes["SLEEVE"], quantity=2)
        run_state_machine_as_test(
            seed(part)(type("Stocked", (Stocked,), {})),
            settings=settings(
                max_examples=12 if part else 6,
                stateful_step_count=30,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
    assert told_by(stranger) == before, "I7: nothing of another company was touched"
