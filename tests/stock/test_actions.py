"""I28, N20: what lies on the shelves changes by rows with a cause, and never to what cannot be."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.stock.ledger import balance_is_its_moves, fill, release, reserve_all, shelf

from jumun.catalog.actions import ProductFields, SkuFields, put_products, put_ship_from
from jumun.catalog.models import Sku
from jumun.core.errors import JumunError
from jumun.stock.actions import StockRow, change_stock, set_stock
from jumun.stock.models import Balance, Move
from jumun.stock.queries import StockQuery, count_low, free_of, list_moves, list_stock

SKU = "TSH-BLK-L"


def do(house, kind, *rows, **more):
    act = set_stock if kind == "set" else lambda given, **rest: change_stock(kind, given, **rest)
    return act([StockRow(*row) if isinstance(row, tuple) else row for row in rows], by=house.owner, at=house.at, **more)


def codes(changed):
    return [(refusal.row, refusal.code) for refusal in changed.refused]


def test_every_way_stock_changes_is_a_row_of_the_ledger(house):
    """N20: receive, adjust, count, scrap, move, set; the last tells what came and went, by whom and why."""
    put_ship_from(house.company, code="far", name="부산 창고")
    assert do(house, "receive", (SKU, "main", 10)).done == 1
    do(house, "adjust", StockRow(SKU, "main", -1, reason="파손"))
    do(house, "count", (SKU, "", 8))
    do(house, "scrap", (SKU, "main", 2))
    do(house, "move", StockRow(SKU, "main", 4, to="far"))
    do(house, "set", StockRow(SKU, "main", 5, safety=3), StockRow(SKU, "far", safety=9))
    rows = {(row.ship_from, row.on_hand, row.safety, row.low) for row in list_stock(StockQuery(skus=(SKU,))).rows}
    assert rows == {("main", 5, 3, False), ("far", 4, 9, True)}
    told = [(row.kind, row.on_hand_by, row.cause) for row in reversed(list_moves(sku=SKU).rows)]
    assert told == [
        ("receive", 10, "receive"),
        ("adjust", -1, "파손"),
        ("count", -1, "count"),
        ("scrap", -2, "scrap"),
        ("move_out", -4, "move"),
        ("move_in", 4, "move"),
        ("count", 3, "set"),
    ]
    assert {row.by_name for row in list_moves().rows} == {"김주인"}
    assert (count_low(), free_of([Sku.objects.get().id])) == (1, {Sku.objects.get().id: 9})
    assert balance_is_its_moves()


def test_a_row_that_cannot_be_leaves_the_others(house):
    """I28, R21: each refusal names its row and why; good rows are done."""
    put_products(
        house.company,
        [
            ProductFields("IND", "단독형", [SkuFields("IND-L")], "independent"),
            ProductFields("SET", "세트", [SkuFields("SET-1", parts=[(SKU, 2)])]),
        ],
    )
    changed = do(
        house, "receive", ("NOPE", "main", 1), (SKU, "nope", 1), ("IND-L", "main", 1), ("SET-1", "main", 1),
        (SKU, "main", 0), (SKU, "main", -1), (SKU, "main", None), (SKU, "main", 10**18), (SKU, "main", 3),
        ("IND-L\x00", "main", 1),
    )  # fmt: skip
    assert codes(changed) == [
        (0, "unknown_sku"), (1, "unknown_ship_from"), (2, "not_stocked"), (3, "set_has_no_stock"),
        (4, "bad_stock_number"), (5, "bad_stock_number"), (6, "bad_stock_number"), (7, "bad_stock_number"),
        (9, "not_stocked"),
    ]  # fmt: skip
    assert (changed.done, shelf()) == (1, (3, 0))
    house.order("A", "1", quantity=2, remaining=2)
    reserve_all(house, house.items())
    assert codes(do(house, "scrap", (SKU, "main", 2), (SKU, "main", 9))) == [(0, "below_reserved"), (1, "below_zero")]
    assert codes(do(house, "count", (SKU, "main", 2), (SKU, "main", 3))) == [(1, "stock_twice")]
    assert codes(do(house, "set", (SKU, "main", 1))) == [(0, "below_reserved")]
    assert codes(do(house, "move", StockRow(SKU, "main", 1), StockRow(SKU, "main", 1, to="main"))) == [
        (0, "unknown_ship_from"),
        (1, "same_place"),
    ]
    with pytest.raises(JumunError):
        do(house, "steal", (SKU, "main", 1))
    assert shelf() == (2, 2)
    assert balance_is_its_moves()


def test_a_dry_run_says_the_same_and_writes_nothing(house):
    """C24: a preview."""
    changed = do(house, "receive", (SKU, "main", 3), ("NOPE", "main", 3), dry_run=True)
    assert (changed.done, codes(changed), changed.batch) == (1, [(1, "unknown_sku")], None)
    assert not Move.objects.exists() and not Balance.objects.exists()


def test_many_rows_cost_as_many_statements_as_few(house):
    """N20: constant, for two or for two thousand."""
    put_products(house.company, [ProductFields(f"P{n}", "상품", [SkuFields(f"P{n}")]) for n in range(2_000)])
    counts = []
    for size in (2, 2_000):
        with CaptureQueriesContext(connection) as seen:
            assert do(house, "receive", *((f"P{n}", "main", 1) for n in range(size))).done == size
        counts.append(len(seen))
    assert counts[0] == counts[1] < 25, counts
    page = list_stock(StockQuery(q="P1 상품"), limit=200)
    assert len(page.rows) == 200 and page.next_cursor
    rest = list_stock(StockQuery(q="P1 상품"), cursor=page.next_cursor, limit=200)
    assert not {row.sku for row in page.rows} & {row.sku for row in rest.rows}


def test_a_set_is_what_its_parts_make(house):
    """C20, N20: of seven for sets of two, three can be made; the safety stock of a part is kept back from channels."""
    put_products(house.company, [ProductFields("SET", "세트", [SkuFields("SET-1", parts=[(SKU, 2)])])])
    do(house, "set", StockRow(SKU, "main", 7, safety=2))
    row = list_stock(StockQuery(skus=("SET-1",))).rows[0]
    assert (row.made_of, row.on_hand, row.free, row.tellable) == (True, None, 3, 2)


@pytest.mark.parametrize("cursor", ["x", "eA", "fDE", "%00"])
def test_a_cursor_of_nobody_is_refused(house, cursor):
    """DESIGN §5: not read as the beginning."""
    for read in (lambda: list_stock(StockQuery(), cursor=cursor), lambda: list_moves(cursor=cursor)):
        with pytest.raises(JumunError) as refused:
            read()
        assert refused.value.code == "bad_cursor"


STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["receive", "scrap", "count", "set"]), st.integers(-1, 6)),
        st.tuples(st.just("adjust"), st.integers(-5, 5)),
        st.tuples(st.just("move"), st.integers(0, 4)),
        st.tuples(st.just("reserve"), st.integers(0, 2)),
        st.tuples(st.just("release"), st.integers(0, 2)),
    ),
    max_size=12,
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_a_balance_is_the_sum_of_its_moves(house, steps):
    """R21: whatever is done in whatever order."""
    put_ship_from(house.company, code="far", name="부산 창고")
    items = house.items() or house.order("A", "1", "2", "3", quantity=2, remaining=2)
    for kind, number in steps:
        if kind == "reserve":
            reserve_all(house, [items[number]])
        elif kind == "release":
            release(house, [items[number].id])
        else:
            do(house, kind, StockRow(SKU, "main", number, to="far"), StockRow(SKU, "main", 1, to="far"))
    assert balance_is_its_moves()


def test_a_row_that_can_never_be_stands_in_no_other_rows_way(house):
    """I28: too much, below zero, or no number at all: the rows behind it are judged as if it were not there."""
    rows = {
        "scrap": ([10, 1], 4),
        "count": ([-1, 7], 7),
        "adjust": ([-6, 3, -1], 7),
    }
    for kind, (numbers, left) in rows.items():
        fill(house, 5)
        given = [StockRow("TSH-BLK-L", "main", number) for number in numbers]
        done = change_stock(kind, given, by=house.owner, at=house.at)
        assert ([each.row for each in done.refused], shelf()[0]) == ([0], left), kind
    assert balance_is_its_moves()


def test_a_shelf_that_would_hold_too_much_refuses_a_move(house):
    """O6: the two together are more than a shelf may hold; the first goes."""
    for code in ("x", "y"):
        put_ship_from(house.company, code=code, name=code)
    most = 1_000_000_000
    for place in ("x", "y"):
        change_stock("receive", [StockRow("TSH-BLK-L", place, most)], by=house.owner, at=house.at)
    moves = [StockRow("TSH-BLK-L", place, most, to="main") for place in ("x", "y")]
    done = change_stock("move", moves, by=house.owner, at=house.at)
    assert (done.done, [(each.row, each.code) for each in done.refused]) == (1, [(1, "bad_stock_number")])


def test_what_lay_there_before_may_be_taken_off(house):
    """I28: of a SKU that became a set, or carries no stock any more, units can only go."""
    put_products(house.company, [ProductFields("P", "p", [SkuFields("A", ship_from="main"), SkuFields("B")])])
    fill(house, 3, "A")
    put_products(house.company, [ProductFields("P", "p", [SkuFields("A", parts=[("B", 1)])])])
    more = change_stock("receive", [StockRow("A", "main", 1)], by=house.owner, at=house.at)
    less = change_stock("scrap", [StockRow("A", "main", 3)], by=house.owner, at=house.at)
    assert ([each.code for each in more.refused], less.done, shelf("A")) == (["set_has_no_stock"], 1, (0, 0))
