"""Orders that are linked, re-linked, combined, taken apart and re-addressed between all other actions (I3-I9, I16, C12)."""

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule, run_state_machine_as_test
from tests.making import make_line, open_house
from tests.orders import test_machine as machine

from jumun.catalog.actions import ProductFields, SkuFields, put_products, put_ship_from
from jumun.channels.port import Address
from jumun.core.errors import ConflictError
from jumun.core.tenancy import acting_as
from jumun.matching.links import ListingRef, NewLink, put_links
from jumun.orders.actions.edit import edit_order
from jumun.orders.models import Component, OrderItem, Recipient, Shipment
from jumun.orders.states import GONE
from jumun.packing.combining import run_packing
from jumun.packing.deciding import settle_review
from jumun.packing.leaving import uncombine
from jumun.packing.loading import Scope
from jumun.packing.models import Candidate, Combination

PHONES = ("010-0000-1234", "010-0000-1234", "010-9999-1234")
HERE = {"name": "홍길동", "postcode": "04524", "address1": "서울 중구 세종대로 110", "address2": "101동 202호"}
KINDS = {
    "near": ("link", [("NEAR", 1)]),
    "far": ("link", [("FAR", 2)]),
    "both": ("link", [("NEAR", 1), ("TSH-BLK-L", 1)]),
    "gift": ("gift", [("NEAR", 1)]),
    "ignore": ("ignore", []),
    "none": ("none", []),
}


class TwoPlaces(machine.Life):
    """Orders of three people who may be one, of listings that leave from two places."""

    @initialize(shape=st.lists(st.integers(1, 3), min_size=2, max_size=3))
    def collect(self, shape):
        machine.SERIAL["n"] += 1
        serial = f"S{machine.SERIAL['n']}"
        self.lines = [
            make_line(
                f"{serial}-{n}",
                f"{serial}-{n}-{m}",
                self.house.at,
                product_code=f"{serial}-P{m}",
                seller_code="TSH-BLK-L" if m else f"{serial}-UNKNOWN",
                quantity=m + 1,
                remaining=m + 1,
                recipient=Address(phone1=PHONES[n], **(HERE | {"name": f"홍길동{serial}"})),
            )
            for n, count in enumerate(shape)
            for m in range(count)
        ]
        self.listings = sorted({line.product_code for line in self.lines})
        self.house.store(self.lines)
        keys = [line.line_key for line in self.lines]
        self.ids = list(OrderItem.objects.filter(line_no__in=keys).order_by("id").values_list("id", flat=True))
        assert len(self.ids) == len(self.lines)

    @rule(pick=st.integers(0, 8), kind=st.sampled_from(sorted(KINDS)))
    def link(self, pick, kind):
        name, parts = KINDS[kind]
        listing = ListingRef(self.house.account, self.listings[pick % len(self.listings)], "온산", "O1", "블랙 / L")
        linked = put_links([NewLink(listing=listing, kind=name, parts=parts)], by=None, at=self.at)
        assert not linked.refused
        self.remember(linked.outcome)

    @rule()
    def combine(self):
        self.remember(run_packing(Scope(), by=None, at=self.at)[1])

    @rule(pick=st.integers(0, 9), decision=st.sampled_from(["combine", "apart"]))
    def settle(self, pick, decision):
        groups = list(
            Candidate.objects.filter(verdict="review", decision="").values_list("run_id", "base_id").distinct()
        )
        if not groups:
            return
        run, base = sorted(groups)[pick % len(groups)]
        leader = Candidate.objects.get(run_id=run, shipment_id=base, base_id=base)
        self.remember(settle_review(leader.id, decision, by=None, at=self.at))

    @rule(pick=st.integers(0, 8))
    def take_apart(self, pick):
        chosen = OrderItem.objects.get(id=self.ids[pick % len(self.ids)]).shipment_id
        self.remember(uncombine([chosen], by=None, at=self.at))

    @rule(pick=st.integers(0, 8), room=st.sampled_from(["101동 202호", "103동 1호"]))
    def readdress(self, pick, room):
        item = OrderItem.objects.get(id=self.ids[pick % len(self.ids)])
        found = Recipient.objects.get(order_id=item.order_id)
        try:
            edit_order(item.order_id, {"address2": room}, revision=found.revision, by=None, at=self.at)
        except ConflictError as refusal:
            assert refusal.code == "left_house"

    def live(self):
        gone = [status.value for status in GONE]
        return OrderItem.objects.filter(id__in=getattr(self, "ids", [])).exclude(status__in=gone)

    @invariant()
    def an_item_reads_as_its_shipment(self):
        """The copies an item keeps of its shipment are right."""
        for item in self.live().select_related("shipment"):
            assert item.bundle_no == item.shipment.bundle_no
            if item.status in ("ready", "labelled", "shipped"):
                assert item.ship_from_id is not None
                assert item.ship_from_id == item.shipment.ship_from_id

    @invariant()
    def a_parcel_before_its_number_goes_to_one_address(self):
        """C14: what was combined on an address stays only while everybody's is that one; a kept one is held."""
        for shipment in Shipment.objects.filter(id__in=self.live().values("shipment_id"), waybill=""):
            items = list(OrderItem.objects.filter(shipment=shipment, status__in=["preparing", "ready"]))
            rooms = {Recipient.objects.get(order_id=item.order_id).address2 for item in items}
            if len(rooms) > 1:
                orders = {item.order_id for item in items if not item.held}
                assert len(orders) <= 1, rooms

    @invariant()
    def what_is_combined_lies_in_its_base(self):
        """I16: an order remembered as combined has its unshipped items where it was combined to."""
        for kept in Combination.objects.filter(ended_at=None, order_id__in=self.live().values("order_id")):
            assert kept.came_from_id != kept.shipment_id
            base = Shipment.objects.get(id=kept.shipment_id)
            assert base.recipient_id

    @invariant()
    def components_are_what_the_link_says(self):
        """C12: a matched item has components, or was linked as nothing to pack; an unmatched one has none."""
        for item in self.live():
            parts = Component.objects.filter(item=item).count()
            if not item.matched:
                assert parts == 0


@pytest.mark.parametrize("part", [0, *(pytest.param(part, marks=pytest.mark.slow) for part in range(1, 3))])
def test_life_between_two_places(db, noon, part):
    """The state machine over matching, combining and everything else, against PostgreSQL."""
    machine.HOUSE = open_house(noon, slug="twoplaces")
    company = machine.HOUSE.company
    with acting_as(company):
        put_ship_from(company, code="far", name="부산 창고")
        put_products(
            company,
            [
                ProductFields("NEAR", "가까운 상품", [SkuFields("NEAR", ship_from="main")]),
                ProductFields("FAR", "먼 상품", [SkuFields("FAR", ship_from="far")]),
            ],
        )
        run_state_machine_as_test(
            seed(part)(type("TwoPlaces", (TwoPlaces,), {})),
            settings=settings(
                max_examples=30 if part else 6,
                stateful_step_count=25,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
