"""오늘 할 일 and 발송기한: the counts that need hands, the board, the business calendar, penalty rules."""

from datetime import date, datetime, time
from decimal import Decimal

from ninja import Query
from pydantic import BaseModel, Field

from jumun.api.auth import Call
from jumun.api.fields import Body, Day, Flag, PathId, Text
from jumun.api.paging import Page, Paging, PagingWithIds, cut, cut_known, read_id_cursor
from jumun.api.routes import Routes
from jumun.channels.calendar import MOST_DAYS
from jumun.channels.days_off import list_own
from jumun.channels.penalties import Condition, RuleFields, delete_rule, list_rules, save_rule
from jumun.companies.roles import May
from jumun.core.clock import now
from jumun.insights.deadlines import forecast, list_buckets, read_board
from jumun.insights.todo import count_todo
from jumun.orders.actions.ship_by import change_day, change_ship_by_rule, restore_day

routes = Routes(tags=["desk"])


class ToDo(BaseModel):
    """Counts stop at 10,001: read that as "10,000+"."""

    items: dict[str, int] = Field(description="items by need: late, today, paid, preparing, ready, held, unmatched …")
    claims: dict[str, int] = Field(description="open claims by kind")
    transmissions: dict[str, int] = Field(description="units rejected and unknown")
    doubts: int = Field(description="collection gaps and unread lines")
    low_stock: int = Field(description="shelves that are down to their safety stock")


@routes.read("/todo", ToDo)
def read_todo(request: Call) -> ToDo:
    """What needs hands now (오늘 할 일, C9)."""
    found = count_todo(now())
    return ToDo(
        items=dict(found.items),
        claims=dict(found.claims),
        transmissions=dict(found.transmissions),
        doubts=found.doubts,
        low_stock=found.low_stock,
    )


class Due(BaseModel):
    """Items of one account and status whose ship-by falls into a bucket."""

    channel_account: int
    status: str
    bucket: str
    items: int
    amount: Decimal


class Bucket(BaseModel):
    """A stretch of ship-by: `since` included, `until` not; both null where there is no ship-by."""

    key: str
    since: datetime | None
    until: datetime | None


class Points(BaseModel):
    """Penalty points of an account by the rules in force."""

    channel_account: int
    now: Decimal
    then: Decimal = Field(description="when nothing is sent until the end of the next business day")


class Board(BaseModel):
    """The 발송기한 board."""

    buckets: list[Bucket]
    due: list[Due]
    forecast: list[Points]


@routes.read("/ship-by", Board)
def read_ship_by(request: Call) -> Board:
    """Open items by account, status and ship-by; and what lateness costs by the rules in force (N4)."""
    at = now()
    buckets = list_buckets(at)
    return Board(
        buckets=[Bucket(key=each.key, since=each.since, until=each.until) for each in buckets],
        due=[
            Due(
                channel_account=each.account,
                status=each.status,
                bucket=each.bucket,
                items=each.items,
                amount=each.amount,
            )
            for each in read_board(buckets)
        ],
        forecast=[Points(channel_account=each.account, now=each.now, then=each.then) for each in forecast(at)],
    )


class Holiday(BaseModel):
    """A day that differs from the public calendar."""

    day: date
    off: bool
    name: str


class HolidayIn(Body):
    """Make a day a day off, or a working day."""

    day: Day
    off: Flag
    name: Text = ""


class Reckoned(BaseModel):
    """How many items got another ship-by."""

    changed: int


@routes.read("/holidays", Page[Holiday])
def list_holidays(request: Call, paging: Query[Paging]) -> Page[Holiday]:
    """The days this company changed in the calendar of business days; public holidays are not repeated."""
    after = read_id_cursor(paging.cursor) or 0
    left = [each for each in list_own() if each.day.toordinal() > after]
    rows, cursor = cut(left[: paging.limit + 1], paging.limit, lambda each: str(each.day.toordinal()))
    return Page(items=[Holiday(day=each.day, off=each.off, name=each.name) for each in rows], next_cursor=cursor)


@routes.write("POST", "/holidays", Reckoned, may=May.ACCOUNTS)
def put_holiday(request: Call, body: HolidayIn) -> Reckoned:
    """Change a day; every ship-by that goes by a rule follows."""
    return Reckoned(changed=change_day(request.auth.company_id, body.day, off=body.off, name=body.name))


@routes.write("DELETE", "/holidays/{day}", None, may=May.ACCOUNTS, status=204)
def delete_holiday(request: Call, day: Day) -> None:
    """Let a day be as the public calendar has it."""
    restore_day(day)


class ShipByRule(Body):
    """Business days from payment to ship-by where the channel names none; null: no rule."""

    ship_within: int | None = Field(ge=0, le=MOST_DAYS, strict=True)
    cut_off: time | None = Field(default=None, description="payments after it (KST) belong to the next day")


@routes.write("PUT", "/channel-accounts/{bigid:account_id}/ship-by-rule", Reckoned, may=May.ACCOUNTS)
def put_ship_by_rule(request: Call, account_id: PathId, body: ShipByRule) -> Reckoned:
    """Give an account another ship-by rule; its open items follow at once."""
    return Reckoned(changed=change_ship_by_rule(account_id, within=body.ship_within, cut_off=body.cut_off))


class PenaltyRuleIn(Body):
    """A rule as the seller read it. `points` has one decimal at most."""

    channel: Text
    condition: Condition
    days: int = Field(ge=0, le=60, strict=True)
    points: Decimal = Field(gt=0, le=1000, max_digits=5, decimal_places=1)
    source: Text = ""
    valid_from: Day
    valid_to: Day | None = None
    active: Flag = False


class PenaltyRule(BaseModel):
    """A penalty rule; only active ones are reckoned with."""

    id: int
    channel: str
    condition: str
    days: int
    points: Decimal
    source: str
    valid_from: date
    valid_to: date | None
    active: bool


@routes.read("/penalty-rules", Page[PenaltyRule])
def list_penalty_rules(request: Call, paging: Query[PagingWithIds]) -> Page[PenaltyRule]:
    """Every rule this company entered."""
    rows, cursor = cut_known(list_rules(), paging, lambda rule: rule.id)
    return Page(items=[PenaltyRule.model_validate(each, from_attributes=True) for each in rows], next_cursor=cursor)


@routes.write("POST", "/penalty-rules", PenaltyRule, may=May.ACCOUNTS, status=201)
def create_penalty_rule(request: Call, body: PenaltyRuleIn) -> PenaltyRule:
    """Enter a rule."""
    made = save_rule(request.auth.company_id, RuleFields(**body.model_dump()))
    return PenaltyRule.model_validate(made, from_attributes=True)


@routes.write("PUT", "/penalty-rules/{bigid:rule_id}", PenaltyRule, may=May.ACCOUNTS)
def change_penalty_rule(request: Call, rule_id: PathId, body: PenaltyRuleIn) -> PenaltyRule:
    """Change a rule, or switch it on or off."""
    made = save_rule(request.auth.company_id, RuleFields(**body.model_dump()), rule_id=rule_id)
    return PenaltyRule.model_validate(made, from_attributes=True)


@routes.write("DELETE", "/penalty-rules/{bigid:rule_id}", None, may=May.ACCOUNTS, status=204)
def delete_penalty_rule(request: Call, rule_id: PathId) -> None:
    """Delete a rule."""
    delete_rule(rule_id)
