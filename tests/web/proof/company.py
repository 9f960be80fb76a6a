"""Companies to look at: one with something of everything, one with nothing, one that can be made ten or a thousand orders big."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from jumun.channels.port import Address, ChannelLine, Stage
from tests.intake.uploaded import make_sheet
from tests.making import House, good_number, make_line
from tests.waybills.made import make_waybill_sheet

OWNER = "owner@proof.kr"
ENGLISH = "english@proof.kr"
HALF = "half@proof.kr"
PASSWORD = "proof-pass-2026"
PEOPLE = ("홍길동", "김가온", "이서준", "박하윤", "최도현", "정지우", "강민서", "조예준", "윤서아", "임주원")
WARES = (
    ("온산 순면 라운드 티셔츠", "블랙 / L"),
    ("온산 스테인리스 텀블러 500ml", "네이비"),
    ("온산 핸드크림 3종", "기본"),
)
VARIETY = 10
"""Orders differ by their place in ten: paid, preparing, held, ready, labelled, shipped, in transit, delivered, settled, ended."""
LATER = {6: "in_transit", 7: "delivered", 8: "settled"}
ENDED = ("cancelled", "returned", "exchanged", "awaiting_payment")


@dataclass
class Made:
    """A company and the ids its addresses need."""

    house: House
    slug: str
    coupang: int = 0
    ids: dict[str, Any] = field(default_factory=dict)
    orders: int = 0


def found(slug: str, name: str, at: datetime) -> Made:
    """A company of the two people of these tests, one reading Korean and one English, with nothing in it."""
    from jumun.companies.actions import add_member, found_company
    from jumun.companies.models import Person
    from jumun.companies.roles import Role
    from jumun.core.tenancy import acting_as

    made = found_company(name=name, slug=slug, owner_email=OWNER, owner_name="김주인", password=PASSWORD, at=at)
    with acting_as(made.company_id):
        add_member(email=ENGLISH, name="Jane Reader", password=PASSWORD, role=Role.OWNER, at=at)
    Person.objects.filter(email=ENGLISH).update(language="en")
    return Made(House(made.company_id, made.person_id, 0, 0, at), slug)


def furnish(made: Made, orders: int, *, troubles: int = 6) -> None:
    """Give it channels, goods and so many orders, in every status; call again for more orders. Not within acting_as."""
    from jumun.core.tenancy import acting_as

    with acting_as(made.house.company):
        if not made.house.account:
            _open_channels(made)
        first = made.orders
        places = range(first, first + orders)
        _store(made, places)
        _move(made, places)
        _tell(made, places, troubles)
        _work(made, first, troubles)
        made.orders += orders
        make_waybill_sheet(made.house)
        made.ids |= make_sheet(made.house)
        _note_ids(made)


def _open_channels(made: Made) -> None:
    from jumun.catalog.actions import ProductFields, SkuFields, put_products, put_ship_from
    from jumun.channels.actions import AccountFields, create_account
    from jumun.channels.models import Breaker, ChannelAccount

    house = made.house
    house.ship_from = put_ship_from(house.company, code="main", name="본사 창고")
    wares = [
        ProductFields(f"W{place}", name, [SkuFields(f"W{place}-1", option_text=option, ship_from="main")])
        for place, (name, option) in enumerate(WARES)
    ]
    put_products(house.company, wares)
    from jumun.stock.actions import StockRow, set_stock

    shelves = [StockRow(f"W{place}-1", "main", place % 7 * 30, place % 3 * 40) for place in range(len(WARES))]
    set_stock(shelves, by=house.owner, at=house.at)
    keys = {"client_id": "id", "client_secret": "$2a$04$kEFycSBkcp7.zUlpchIcI."}
    wing = {"vendor_id": "A1", "access_key": "a", "secret_key": "s"}
    naver = AccountFields(
        name="온산 스마트스토어", key="store", brand="온산", credentials=keys, ship_from=house.ship_from
    )
    coupang = AccountFields(name="온산 쿠팡", key="wing", brand="온산", credentials=wing, ship_from=house.ship_from)
    house.account = create_account(house.company, "naver", naver, at=house.at)
    made.coupang = create_account(house.company, "coupang", coupang, at=house.at)
    ChannelAccount.objects.filter(id=made.coupang).update(state="reauth")
    Breaker.objects.create(
        company_id=house.company,
        account_id=house.account,
        failures=5,
        openings=1,
        open_until=house.at + timedelta(hours=1),
    )


def number_of(place: int) -> str:
    """The order number of the order at a place."""
    return f"2026112{place:07d}"


def _store(made: Made, places: range) -> None:
    from jumun.intake.storing import store_lines

    for account, remainder in ((made.house.account, 0), (made.coupang, 1)):
        mine = [place for place in places if place % 3 // 2 == remainder]
        lines = [line for place in mine for line in _lines(place, made.house.at)]
        store_lines(account, lines, by=made.house.owner, at=made.house.at)


def _lines(place: int, at: datetime) -> Iterator[ChannelLine]:
    moment = at - timedelta(minutes=17 * (place % 900) + 40)
    for part in range(2 if place % 4 == 0 else 1):
        ware = (place + part) % (len(WARES) + 1)
        name, option = WARES[ware] if ware < len(WARES) else ("매칭되지 않은 상품", "새 옵션")
        yield make_line(
            number_of(place),
            f"L{place}-{part}",
            at,
            stage=Stage.NEW if place % VARIETY == 0 else Stage.CONFIRMED,
            quantity=1 + place % 3,
            remaining=1 + place % 3,
            amount=Decimal(12_900 * (1 + place % 3)),
            ordered_at=moment,
            paid_at=moment,
            ship_by=moment + timedelta(days=1) if place % 2 else at + timedelta(hours=place % 30),
            product_code=f"P{ware}",
            product_name=name,
            option_code=f"O{ware}",
            option_text=option,
            seller_code=f"W{ware}-1",
            recipient=Address(
                name=PEOPLE[place % len(PEOPLE)],
                phone1=f"010-0000-{place % 10_000:04d}",
                postcode="04524",
                address1="서울 중구 세종대로 110",
                address2=f"101동 {place % 900 + 100}호",
                message="문 앞에 두세요" if place % 5 == 0 else "",
            ),
        )


def _move(made: Made, places: range) -> None:
    """Every order to where its place in the variety says, by the actions a clerk uses as far as they reach."""
    from jumun.orders.actions.hand_over import hand_over
    from jumun.orders.actions.hold import hold
    from jumun.orders.actions.label import NewWaybill, label
    from jumun.orders.actions.release import release
    from jumun.orders.models import OrderItem
    from jumun.orders.selection import Selection

    numbers = {number_of(place): place for place in places}
    items = list(OrderItem.objects.filter(order_number__in=numbers).order_by("id"))

    def those(*varieties: int) -> list[Any]:
        return [item for item in items if numbers[item.order_number] % VARIETY in varieties]

    def chosen(*varieties: int) -> Selection:
        return Selection(ids=tuple(item.id for item in those(*varieties)))

    by, at = made.house.owner, made.house.at
    unmatched = tuple(item.id for item in those(4, 5, 6, 7, 8) if not item.matched)
    OrderItem.objects.filter(id__in=unmatched).update(matched=True, ship_from_id=made.house.ship_from)
    hold(chosen(2), reason="other", note="재고를 확인하고 보내기", by=by, at=at)
    made.ids["batch"] = release(chosen(3, 4, 5, 6, 7, 8), by=by, at=at).batch
    first = {item.shipment_id: item for item in reversed(those(4, 5, 6, 7, 8))}
    waybills = [NewWaybill(item.id, "cj", good_number(item.id)) for item in first.values()]
    label(waybills, by=by, at=at)
    hand_over(chosen(5, 6, 7, 8), by=by, at=at)
    for variety, status in LATER.items():
        OrderItem.objects.filter(id__in=chosen(variety).ids).update(status=status, push="confirmed")
    for item in those(9):
        status = ENDED[numbers[item.order_number] // VARIETY % len(ENDED)]
        OrderItem.objects.filter(id=item.id).update(status=status)


def _tell(made: Made, places: range, troubles: int) -> None:
    """What channels were told and what they told us: effects in every state, claims of every kind."""
    from jumun.orders.models import OrderItem
    from tests.claims.making import make_claim
    from tests.dispatch.making import make_effect

    house = made.house
    numbers = {number_of(place): place for place in places}
    shipped = OrderItem.objects.filter(order_number__in=numbers, account_id=house.account).order_by("id")
    states = ("rejected", "unknown", "sending", "planned")
    for place, item in enumerate(shipped.filter(status="shipped")[:troubles]):
        words = {"code": "104417", "message": "발송처리할 수 없는 상태입니다."} if place % 4 == 0 else {}
        make_effect(house, item, states[place % 4], **words)
    for item in shipped.filter(status="in_transit")[:troubles]:
        make_effect(house, item, "confirmed")
    kinds = ("cancel", "return", "exchange")
    mine = shipped.filter(status__in=("preparing", "in_transit", "delivered"), line__stage=Stage.CONFIRMED)
    for place, item in enumerate(mine[:troubles]):
        claim = make_claim(house, item.order_number, item.line_no, kind=kinds[place % 3], claim_id=f"C{item.id}")
        made.ids |= {"claim": claim.id, "claimed": item.order_id}


def _work(made: Made, first: int, troubles: int) -> None:
    """Jobs in every state, stretches nobody collected, lines nobody could read, and what people left behind."""
    from jumun.channels.models import Holiday, PenaltyRule
    from jumun.companies.roles import Role
    from jumun.companies.tokens import make_token
    from jumun.companies.trail import Looker, note_access
    from jumun.intake.models import Gap, UnreadLine
    from jumun.jobs.models import Job, JobEntry
    from jumun.orders.models import Order, OrderComment, View

    house, at = made.house, made.house.at
    who = {"company_id": house.company}
    states = ("done", "partly", "failed", "running", "queued")
    for place in range(troubles):
        status = states[place % len(states)]
        over = at if status in ("done", "partly", "failed") else None
        job = Job.objects.create(
            **who, kind="transmit" if place % 2 else "collect", family="mall", status=status, done=2, total=3,
            created_at=at - timedelta(minutes=place), started_at=at, finished_at=over,
            params={"accounts": [house.account]},
        )  # fmt: skip
        if status == "partly":
            made.ids["job"] = job.id
            for code in ("channel_timeout", "wrong_status", "104417"):
                JobEntry.objects.create(
                    **who, job=job, target=f"item:{code}", label=number_of(first), outcome="failed", code=code, at=at
                )
        UnreadLine.objects.create(
            **who, account_id=house.account, order_number=number_of(first), line_key=f"U{first}-{place}", unit="u",
            stage_raw="PAYED", why=("unreadable", "unconfirmed")[place % 2], first_seen=at, last_seen=at,
        )  # fmt: skip
        note_access(Looker(house.company, house.owner, "web", "127.0.0.1"), did="view", subject=f"order:{place}", at=at)
    start = at - timedelta(days=20 + first)
    Gap.objects.create(
        **who, account_id=house.account, start=start, end=start + timedelta(hours=5), code="window_too_old",
        opened_at=at, opened_job=made.ids["job"],
    )  # fmt: skip
    make_token(
        company_id=house.company, person_id=house.owner, name="창고 프로그램", role=Role.OWNER, expires_at=None, at=at
    )
    order = Order.objects.order_by("id").first()
    assert order is not None
    OrderComment.objects.create(**who, order=order, by_id=house.owner, at=at, text="고객과 통화함, 내일 보내기")
    View.objects.create(
        **who,
        owner_id=house.owner,
        name=f"급한 주문 {first}",
        shared=True,
        query="status=preparing",
        created_at=at,
        changed_at=at,
    )
    _take_out(made, first)
    _remember(made, first)
    if first == 0:
        Holiday.objects.create(**who, day=at.date() + timedelta(days=9), name="창고 이사", off=True)
        PenaltyRule.objects.create(
            **who,
            channel="naver",
            condition="late",
            days=1,
            points=1,
            source="판매자센터 공지",
            valid_from=at.date(),
            active=True,
        )


def _remember(made: Made, first: int) -> None:
    """Links of listings that no order is of now, each of them changed once."""
    from jumun.matching.links import ListingRef, NewLink, put_links

    house = made.house
    for round_ in (1, 2):
        links = [
            NewLink(
                ListingRef(house.account, f"OLD{first}-{place}", f"[특가] {name} {round_}차", "", option),
                parts=[(f"W{place}-1", round_)],
                kind="gift" if place == 2 else "link",
            )
            for place, (name, option) in enumerate(WARES)
        ]
        told = put_links(links, by=house.owner if round_ == 2 else None, at=house.at)
    made.ids |= {"link": told.changed[0].link, "link_id": told.changed[0].link}


def _take_out(made: Made, first: int) -> None:
    """A layout, and the history of exports in every state."""
    from jumun.exports.models import Export, ExportLayout

    who, at = {"company_id": made.house.company, "by_id": made.house.owner}, made.house.at
    columns = [{"key": "order_number", "title": "ORDER NO"}, {"key": "recipient", "title": "RECEIVER"}]
    ExportLayout.objects.create(
        **who, name=f"택배 접수 {first}", what="items", columns=columns, shared=True, created_at=at, changed_at=at
    )
    for state in ("expired", "failed", "waiting", "ready"):
        Export.objects.create(
            **who, what="items", kind="xlsx", title="출고대기", columns=columns, personal=True, reason="택배 접수", total=20,
            rows=20 if state in ("expired", "ready") else None, state=state, name="주문_출고대기.xlsx", created_at=at,
            expires_at=at + timedelta(days=1) if state == "ready" else None,
        )  # fmt: skip


def _note_ids(made: Made) -> None:
    from jumun.catalog.models import Sku
    from jumun.companies.models import ApiToken, Member
    from jumun.exports.models import Export, ExportLayout
    from jumun.orders.models import OrderItem, View
    from jumun.waybills.models import WaybillUpload

    order = OrderItem.objects.filter(status="shipped").order_by("id").first()
    assert order is not None
    made.ids |= {
        "order": order.order_id,
        "order_id": order.order_id,
        "claim_id": made.ids["claim"],
        "job_id": made.ids["job"],
        "account": made.house.account,
        "account_id": made.house.account,
        "member_id": Member.objects.order_by("id")[0].id,
        "token_id": ApiToken.objects.order_by("id")[0].id,
        "view_id": View.objects.order_by("id")[0].id,
        "view": View.objects.order_by("id")[0].id,
        "layout": ExportLayout.objects.order_by("id")[0].id,
        "layout_id": ExportLayout.objects.order_by("id")[0].id,
        "waybill_sheet": WaybillUpload.objects.order_by("id")[0].id,
        "waybill_sheet_id": WaybillUpload.objects.order_by("id")[0].id,
        "export_id": Export.objects.order_by("id")[0].id,
        "sku": Sku.objects.order_by("id")[0].id,
        "sku_id": Sku.objects.order_by("id")[0].id,
    }
