"""An order's life under every action in any order: what must never happen never does (reliability.md §3: I3–I9)."""

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from tests.making import good_number, make_line, open_house

from jumun.channels.port import ClaimKind, ClaimSnapshot, ClaimStage, Stage
from jumun.core.tenancy import acting_as
from jumun.orders.actions.cancel import cancel
from jumun.orders.actions.catch_up import catch_up
from jumun.orders.actions.hand_over import hand_over
from jumun.orders.actions.hold import hold, unhold
from jumun.orders.actions.release import release, withdraw
from jumun.orders.actions.take_out import take_out
from jumun.orders.actions.undo import undo
from jumun.orders.models import Hold, OrderItem, OrderLine, Shipment, TimelineEvent
from jumun.orders.selection import Selection
from jumun.orders.states import ENDS, GONE, MOVES, PIPELINE, Status
from jumun.waybills.actions import GivenWaybill, save_waybills

LOCAL = {
    "release": release,
    "withdraw": withdraw,
    "hand_over": hand_over,
    "cancel": cancel,
    "take_out": take_out,
    "unhold": unhold,
}
ALLOWED = {(source.value, move.target.value) for move in MOVES.values() for source in move.sources}


class Life(RuleBasedStateMachine):
    """Three orders of one to three lines, and everything that may happen to them."""

    items = Bundle("items")

    def __init__(self) -> None:
        super().__init__()
        self.house = HOUSE
        self.minute = 0
        self.batches: list = []
        self.lines: list = []

    @property
    def at(self):
        self.minute += 1
        return self.house.at + timedelta(minutes=self.minute)

    @initialize(shape=st.lists(st.integers(1, 3), min_size=1, max_size=3))
    def collect(self, shape):
        SERIAL["n"] += 1
        made = [
            make_line(f"S{SERIAL['n']}-{n}", f"S{SERIAL['n']}-{n}-{m}", self.house.at)
            for n, count in enumerate(shape)
            for m in range(count)
        ]
        self.lines = made
        self.house.store(made)
        keys = [line.line_key for line in made]
        self.ids = list(OrderItem.objects.filter(line_no__in=keys).order_by("id").values_list("id", flat=True))
        assert len(self.ids) == len(made)

    def choose(self, picks):
        return Selection(ids=tuple(sorted({self.ids[pick % len(self.ids)] for pick in picks})))

    def remember(self, outcome):
        assert outcome.done + outcome.refused_total >= 0
        if outcome.batch:
            self.batches.append(outcome.batch)

    @rule(name=st.sampled_from(sorted(LOCAL)), picks=st.lists(st.integers(0, 8), min_size=1, max_size=4))
    def act(self, name, picks):
        self.remember(LOCAL[name](self.choose(picks), by=None, at=self.at))

    @rule(picks=st.lists(st.integers(0, 8), min_size=1, max_size=3), reason=st.sampled_from(["stock", "other"]))
    def put_on_hold(self, picks, reason):
        self.remember(hold(self.choose(picks), reason=reason, by=None, at=self.at))

    @rule(picks=st.lists(st.tuples(st.integers(0, 8), st.integers(0, 3)), min_size=1, max_size=3))
    def number(self, picks):
        given = [GivenWaybill("cj", good_number(n), item=self.ids[pick % len(self.ids)]) for pick, n in picks]
        self.remember(save_waybills(given, by=None, at=self.at).outcome)

    @rule(pick=st.integers(0, 30))
    def take_back(self, pick):
        from jumun.core.errors import JumunError

        if not self.batches:
            return
        try:
            undo(self.batches[pick % len(self.batches)], by=None, at=self.at)
        except JumunError as refusal:
            assert refusal.code == "cannot_undo"

    @rule(
        pick=st.integers(0, 8),
        stage=st.sampled_from([Stage.CONFIRMED, Stage.DISPATCHED, Stage.DELIVERED, Stage.SETTLED, Stage.CANCELLED]),
        claim=st.sampled_from([None, ClaimStage.REQUESTED, ClaimStage.WITHDRAWN, ClaimStage.DONE]),
        late=st.booleans(),
    )
    def hear(self, pick, stage, claim, late):
        line = self.lines[pick % len(self.lines)]
        at = self.at
        snapshot = ClaimSnapshot(ClaimKind.CANCEL, claim, "C", 1) if claim else None
        told = make_line(
            line.order_number,
            line.line_key,
            self.house.at,
            stage=stage,
            claim=snapshot,
            changed_at=self.house.at if late else at,
            carrier="cj",
            waybill=good_number(90 + pick),
        )
        catch_up(self.house.account, [told], at=at)

    @invariant()
    def quantities_are_kept(self):
        """Items of origin `line` add up to their line's quantity, cancelled ones included."""
        for line in OrderLine.objects.filter(line_key__in=[line.line_key for line in self.lines]):
            total = sum(OrderItem.objects.filter(line=line, origin="line").values_list("quantity", flat=True))
            assert total == line.quantity

    @invariant()
    def each_change_has_its_row_and_the_rows_lead_to_the_status(self):
        """I5: replaying the timeline from the start ends at the status the item has."""
        for item in OrderItem.objects.filter(id__in=getattr(self, "ids", [])):
            status = ""
            events = TimelineEvent.objects.filter(item_id=item.id).order_by("at", "id")
            for event in events:
                if event.action in ("claim", "push_rejected"):
                    continue
                assert event.came_from == status, (event.action, event.came_from, status)
                status = event.went_to
            assert status == item.status

    @invariant()
    def only_allowed_edges(self):
        """I9: forward by the table, back only by undo and by withdrawing a release; never out of an end."""
        for event in TimelineEvent.objects.filter(item_id__in=getattr(self, "ids", [])):
            if event.came_from == event.went_to or not event.came_from:
                continue
            assert event.came_from not in ENDS
            if event.action == "caught_up":
                forward = event.went_to in GONE or (
                    PIPELINE.index(Status(event.went_to)) > PIPELINE.index(Status(event.came_from))
                )
                assert forward
            elif event.action != "undo":
                assert (event.came_from, event.went_to) in ALLOWED

    @invariant()
    def numbers_and_shipments_agree(self):
        """R27: one number, one shipment; live items carry their shipment's number."""
        pairs = Counter((s.carrier, s.waybill) for s in Shipment.objects.exclude(waybill=""))
        assert all(count == 1 for count in pairs.values())
        for item in OrderItem.objects.filter(id__in=getattr(self, "ids", []), status__in=["labelled", "shipped"]):
            assert item.waybill == item.shipment.waybill
        for item in OrderItem.objects.filter(id__in=getattr(self, "ids", []), status__in=["preparing", "ready"]):
            assert item.waybill == ""

    @invariant()
    def held_says_what_holds_say(self):
        for item in OrderItem.objects.filter(id__in=getattr(self, "ids", [])):
            assert item.held == Hold.objects.filter(item=item, released_at=None).exists()

    @invariant()
    def a_shipment_between_release_and_hand_over_is_of_one_mind(self):
        """DESIGN §2: a parcel moves as one; what happened on the channel first may run ahead."""
        ids = getattr(self, "ids", [])
        for shipment in {item.shipment_id for item in OrderItem.objects.filter(id__in=ids)}:
            statuses = set(
                OrderItem.objects.filter(shipment_id=shipment, status__in=["ready", "labelled", "shipped"]).values_list(
                    "status", flat=True
                )
            )
            assert len(statuses) <= 1, statuses


HOUSE = None
SERIAL = {"n": 0}


LIVES = 15
PARTS = [0, *(pytest.param(part, marks=pytest.mark.slow) for part in range(1, 7))]
"""The slow ones are fifty lives each: a transaction that is rolled back holds the locks of all its temporary tables."""


@pytest.mark.parametrize("part", PARTS)
def test_an_orders_life(db, noon, part):
    """The state machine over the actions, against PostgreSQL."""
    global HOUSE
    HOUSE = open_house(noon, slug="machine")
    with acting_as(HOUSE.company):
        run_state_machine_as_test(
            seed(part)(type("Life", (Life,), {})),
            settings=settings(
                max_examples=50 if part else LIVES,
                stateful_step_count=25,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
