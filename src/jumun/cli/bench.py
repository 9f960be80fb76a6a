"""`jumun bench`: our work beside the same work as bare statements of the owner, in the same run; or whole days (`days`).

Ratios are what counts: seconds depend on the machine. Each run founds a company of its own in its own data folder.
"""

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import psycopg

from jumun.cli.bench_allocation import measure_allocation
from jumun.cli.bench_exports import measure_exports
from jumun.cli.days import command as days
from jumun.cli.starting import application
from jumun.core.clock import now
from jumun.core.database import owner_url
from jumun.core.environment import load

LOOKS = 40
"""How often each list is read."""
FIRST = 100_000
WIDTH = 44
TABLES = (
    "orders_order",
    "orders_recipient",
    "orders_orderline",
    "orders_shipment",
    "orders_orderitem",
    "orders_component",
    "orders_timelineevent",
    "orders_rawpayload",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How many items lists are read at; or how many days are lived."""
    days.add_arguments(parser)
    parser.add_argument("--items", type=int, nargs="*", default=[FIRST, 1_000_000], help="sizes to read lists at")
    parser.add_argument("--rows", type=int, default=FIRST, help="rows of the sheet to read and import; 0: none")
    parser.add_argument("--stored", type=int, default=FIRST, help="lines to store and move")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the report: seconds of ours and of the bare statements."""

    what: str
    ours: float
    bare: float


def run(options: argparse.Namespace) -> int:
    """Measure and print a table, or live days under faults."""
    if options.days:
        return days.run_days(options)
    with application():
        subprocess.run([sys.executable, "-m", "jumun.cli.main", "migrate"], check=True)
        with psycopg.connect(owner_url(load()), autocommit=True) as owner:
            print(f"{'':{WIDTH}}  {'ours ms':>10}  {'bare ms':>10}  {'ratio':>6}", flush=True)
            for row in _measure(owner, options):
                print(
                    f"{row.what:{WIDTH}}  {row.ours * 1000:10.1f}  {row.bare * 1000:10.1f}  {row.ours / row.bare:6.1f}",
                    flush=True,
                )
    return 0


def _measure(owner: psycopg.Connection[Any], options: argparse.Namespace) -> Iterator[Row]:
    from jumun.core.tenancy import acting_as

    yield from (Row(*each) for each in measure_allocation(options.stored))
    at = now()
    if options.rows:
        yield from _sheets(owner, options.rows, at)
    if not options.stored:
        return
    at = now()
    place = _found(at)
    owner.execute("SELECT set_config('jumun.company', %s, false)", [str(place.company)])
    lines = list(_lines(options.stored, at))
    with acting_as(place.company):
        ours, _ = _timed(lambda: _store(place, lines, at))
    yield Row(f"store {options.stored:,} lines", ours, _copy(owner, place))
    yield from (Row(*each) for each in measure_exports(owner, place.company))
    yield from _moves(owner, place, options.stored, at)
    for size in sorted(options.items):
        _grow(owner, place, size)
        owner.execute("VACUUM ANALYZE orders_orderitem")  # as autovacuum does within minutes
        yield from _lists(owner, place, size)
    yield _packing(owner, now())
    yield _matching(owner, options.stored, now())
    yield from _ledger(owner, options.stored, now())


def _packing(owner: psycopg.Connection[Any], at: datetime) -> Row:
    """In a company of its own."""
    from jumun.cli.bench_packing import measure_packing

    place = _found(at - timedelta(seconds=2))
    owner.execute("SELECT set_config('jumun.company', %s, false)", [str(place.company)])
    return Row(*measure_packing(owner, place.company, place.account, timed=_timed, at=at))


def _matching(owner: psycopg.Connection[Any], items: int, at: datetime) -> Row:
    """In a company of its own."""
    from jumun.cli.bench_matching import measure_matching

    place = _found(at - timedelta(seconds=4))
    owner.execute("SELECT set_config('jumun.company', %s, false)", [str(place.company)])
    return Row(*measure_matching(owner, place.company, place.account, items, timed=_timed, at=at))


def _ledger(owner: psycopg.Connection[Any], items: int, at: datetime) -> Iterator[Row]:
    """In a company of its own."""
    from jumun.cli.bench_stock import measure_ledger

    place = _found(at - timedelta(seconds=3))
    owner.execute("SELECT set_config('jumun.company', %s, false)", [str(place.company)])
    for each in measure_ledger(owner, place.company, place.account, items, timed=_timed, at=at):
        yield Row(each.what, each.ours, each.bare)


def _sheets(owner: psycopg.Connection[Any], rows: int, at: datetime) -> Iterator[Row]:
    """In a company of its own."""
    from jumun.cli.bench_sheets import measure_sheets

    place = _found(at - timedelta(seconds=1))
    owner.execute("SELECT set_config('jumun.company', %s, false)", [str(place.company)])
    for each in measure_sheets(
        place.company, place.account, rows, timed=_timed, copied=lambda: _copy(owner, place), at=at
    ):
        yield Row(each.what, each.ours, each.bare)


@dataclass(frozen=True, slots=True)
class Place:
    """The company the bench works in."""

    company: int
    account: int


def _found(at: datetime) -> Place:
    from jumun.catalog.actions import ProductFields, SkuFields, put_products, put_ship_from
    from jumun.channels.actions import AccountFields, create_account
    from jumun.companies.actions import found_company
    from jumun.core.tenancy import acting_as

    slug = f"bench-{at:%Y%m%d-%H%M%S}"
    made = found_company(
        name="Bench", slug=slug, owner_email=f"{slug}@bench.jumun", owner_name="Bench", password=slug + "-pass", at=at
    )
    with acting_as(made.company_id):
        put_ship_from(made.company_id, code="main", name="Main")
        put_products(made.company_id, [ProductFields("TSH", "티셔츠", [SkuFields("TSH-1", ship_from="main")])])
        account = create_account(made.company_id, "manual", AccountFields(name="Bench", key="bench"), at=at)
    return Place(made.company_id, account)


def _lines(count: int, at: datetime) -> Iterator[Any]:
    """Two lines an order, spread over thirty days."""
    from jumun.channels.port import Address, ChannelLine, Stage

    for n in range(count):
        ordered = at - timedelta(seconds=(n // 2) * 2_592_000 // max(count // 2, 1))
        yield ChannelLine(
            line_key=f"L{n}", order_number=f"O{n // 2}", unit=f"L{n}", stage=Stage.CONFIRMED, stage_raw="PAYED",
            quantity=1, remaining=1, amount=Decimal(12_900), currency="KRW", ordered_at=ordered, paid_at=ordered,
            product_code="P1", product_name="온산 순면 라운드 티셔츠", option_code="O1", option_text="블랙 / L",
            seller_code="TSH-1", unit_price=Decimal(12_900),
            recipient=Address(
                name="홍길동", phone1=f"0100000{n % 10_000:04}", postcode="04524", address1="서울 중구 세종대로 110"
            ),
            raw={"productOrderId": f"L{n}", "productName": "온산 순면 라운드 티셔츠"},
        )  # fmt: skip


def _store(place: Place, lines: Sequence[Any], at: datetime) -> None:
    from jumun.intake.storing import store_lines

    store_lines(place.account, lines, by=None, at=at)


def _copy(owner: psycopg.Connection[Any], place: Place) -> float:
    """COPY of the very rows that were stored into twins of the tables, with their indexes."""
    seconds = 0.0
    for table in TABLES:
        owner.execute(f"DROP TABLE IF EXISTS bench_{table}")
        owner.execute(f"CREATE TABLE bench_{table} (LIKE {table} INCLUDING ALL)")
        columns = _columns(owner, table)
        chosen = f"SELECT {columns} FROM {table} WHERE company_id = {place.company}"
        with owner.cursor().copy(f"COPY ({chosen}) TO STDOUT") as out:
            rows = b"".join(out)

        def write(into: str = f"bench_{table} ({columns})", rows: bytes = rows) -> None:
            with owner.cursor().copy(f"COPY {into} FROM STDIN") as copy:
                copy.write(rows)

        seconds += _timed(write)[0]
    return seconds


def _moves(owner: psycopg.Connection[Any], place: Place, count: int, at: datetime) -> Iterator[Row]:
    from jumun.core.tenancy import acting_as
    from jumun.orders.actions.hand_over import hand_over
    from jumun.orders.actions.release import release
    from jumun.orders.actions.undo import undo
    from jumun.orders.filters import ItemFilter
    from jumun.orders.queries import list_items
    from jumun.orders.selection import Selection
    from jumun.waybills.actions import GivenWaybill, save_waybills

    everything = Selection(filter=ItemFilter())
    owner.execute("ANALYZE bench_orders_orderitem")
    with acting_as(place.company):
        seconds, outcome = _timed(lambda: release(everything, by=None, at=at))
    yield Row(f"release {outcome.done:,} items", seconds, _bare_move(owner, "preparing", "ready"))
    with acting_as(place.company):
        undone, _ = _timed(lambda: undo(outcome.batch, by=None, at=at))
        release(everything, by=None, at=at)
        page = list_items(ItemFilter(), limit=1)
    yield Row(f"undo {outcome.done:,} items", undone, _bare_move(owner, "ready", "preparing"))
    _bare_move(owner, "preparing", "ready")
    bundles = owner.execute("SELECT bundle_no FROM orders_shipment ORDER BY id").fetchall()
    given = [GivenWaybill("cj", f"68{n:09}{n % 7}", bundle_no=row[0]) for n, row in enumerate(bundles)]
    with acting_as(place.company):
        seconds, saved = _timed(lambda: save_waybills(given, by=None, at=at))
    yield Row(f"waybills on {len(given):,} shipments", seconds, _bare_label(owner))
    with acting_as(place.company):
        seconds, outcome = _timed(lambda: hand_over(everything, by=None, at=at))
    yield Row(f"hand over {outcome.done:,} items", seconds, _bare_move(owner, "labelled", "shipped"))
    if not page.items or saved.outcome.done != count or outcome.done != count:
        raise RuntimeError("the bench did not move everything")


def _bare_move(owner: psycopg.Connection[Any], source: str, target: str) -> float:
    """The update and the timeline as one statement over the twin tables, nothing judged."""
    return _timed(
        lambda: owner.execute(
            f"WITH moved AS (UPDATE bench_orders_orderitem SET status = '{target}', status_since = now()"
            f" WHERE status = '{source}' RETURNING id, order_id)"
            " INSERT INTO bench_orders_timelineevent (id, company_id, at, order_id, item_id, action, came_from, went_to,"
            f" detail) SELECT nextval(pg_get_serial_sequence('orders_timelineevent', 'id')), 1, now(), order_id, id,"
            f" 'move', '{source}', '{target}', '{{}}' FROM moved"
        )
    )[0]


def _bare_label(owner: psycopg.Connection[Any]) -> float:
    numbers = "(SELECT id, 'cj' AS carrier, '69' || lpad(id::text, 10, '0') AS number FROM bench_orders_shipment) w"
    first, _ = _timed(
        lambda: owner.execute(
            f"UPDATE bench_orders_shipment s SET carrier = w.carrier, waybill = w.number FROM {numbers} WHERE s.id = w.id"
        )
    )
    second, _ = _timed(
        lambda: owner.execute(
            "UPDATE bench_orders_orderitem i SET carrier = s.carrier, waybill = s.waybill"
            " FROM bench_orders_shipment s WHERE s.id = i.shipment_id"
        )
    )
    return first + second + _bare_move(owner, "ready", "labelled")


def _grow(owner: psycopg.Connection[Any], place: Place, size: int) -> None:
    """Add old, settled items until the company has `size`: copies of its own rows, a year back."""
    have = int(owner.execute("SELECT count(*) FROM orders_orderitem").fetchone()[0])  # type: ignore[index]
    if have >= size:
        return
    columns = _columns(owner, "orders_orderitem", but=("id", "status", "ordered_at"))
    owner.execute(
        f"INSERT INTO orders_orderitem ({columns}, status, ordered_at) SELECT {columns}, 'settled',"
        " ordered_at - interval '31 days' * (1 + g %% 12) FROM orders_orderitem, generate_series(1, %s) g"
        " WHERE company_id = %s ORDER BY g LIMIT %s",
        [-(-size // max(have, 1)), place.company, size - have],
    )


def _columns(owner: psycopg.Connection[Any], table: str, *, but: Sequence[str] = ()) -> str:
    """A table's columns that are written, in order."""
    rows = owner.execute(
        "SELECT quote_ident(attname) FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
        " AND NOT attisdropped AND attgenerated = '' AND attname <> ALL(%s) ORDER BY attnum",
        [table, list(but)],
    ).fetchall()
    return ", ".join(row[0] for row in rows)


def _lists(owner: psycopg.Connection[Any], place: Place, size: int) -> Iterator[Row]:
    from jumun.core.tenancy import acting_as
    from jumun.orders.filters import ItemFilter
    from jumun.orders.queries import count_steps, list_items
    from jumun.orders.sorting import ANY_SIZE, Sort, value_of

    month = now() - timedelta(days=90)
    with acting_as(place.company):
        middle = list_items(ItemFilter(ordered_to=month), limit=1).next_cursor
    order = "ORDER BY i.ordered_at DESC, i.id DESC LIMIT 101"
    bare = f"SELECT * FROM orders_orderitem i WHERE i.company_id = {place.company}"
    queries: list[tuple[str, Callable[[], object], str]] = [
        ("newest", lambda: list_items(ItemFilter(), limit=100), f"{bare} {order}"),
        (
            "one status",
            lambda: list_items(ItemFilter(status=("shipped",)), limit=100),
            f"{bare} AND i.status = 'shipped' {order}",
        ),
        (
            "account and status",
            lambda: list_items(ItemFilter(channel_account=(place.account,), status=("settled",)), limit=100),
            f"{bare} AND i.account_id = {place.account} AND i.status = 'settled' {order}",
        ),
        (
            "middle, by cursor",
            lambda: list_items(ItemFilter(), cursor=middle, limit=100),
            f"{bare} AND i.ordered_at < now() - interval '90 days' {order}",
        ),
        (
            "tab counts",
            count_steps,
            f"SELECT status, count(*) FROM (SELECT status FROM orders_orderitem WHERE company_id = {place.company}"
            " AND status = 'shipped' LIMIT 10001) s GROUP BY 1",
        ),
    ]
    for key in ANY_SIZE:
        for wanted, condition in ((ItemFilter(), ""), (ItemFilter(status=("settled",)), " AND i.status = 'settled'")):
            sort = Sort(key, descending=False)
            queries.append(
                (
                    f"by {key}{', one status' if condition else ''}",
                    lambda wanted=wanted, sort=sort: list_items(wanted, limit=100, sort=sort),  # type: ignore[misc]
                    f"{bare}{condition} ORDER BY {value_of(sort, 'i')}, i.id LIMIT 101",
                )
            )
    queries.append(
        (
            "words",
            lambda: list_items(ItemFilter(q="티셔츠"), limit=100),
            f"{bare} AND i.product_name LIKE '%티셔츠%' {order}",
        )
    )
    for name, ours, statement in queries:
        with acting_as(place.company):
            mine = [_timed(ours)[0] for _ in range(LOOKS)]
        theirs = [_timed(lambda s=statement: owner.execute(s).fetchall())[0] for _ in range(LOOKS)]  # type: ignore[misc]
        yield Row(f"list at {size:,}: {name}, p95", _p95(mine), _p95(theirs))


def _p95(seconds: Sequence[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1]


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    begun = time.perf_counter()
    answer = work()
    return time.perf_counter() - begun, answer
