"""합포: look for shipments that go together, settle 확인필요, take apart (C14-C17, I16)."""

from datetime import datetime
from typing import Annotated, Literal

from ninja import Query
from pydantic import BaseModel, Field

from jumun.api.auth import Call, speaks
from jumun.api.fields import Body, Flag, Id, Moment, PathId
from jumun.api.paging import Page, Paging, cut, read_id_cursor
from jumun.api.routes import Routes
from jumun.api.schemas import ActionAnswer, outcome_values
from jumun.companies.roles import May
from jumun.packing import queries
from jumun.packing.choices import list_standing, set_standing
from jumun.packing.combining import run_packing
from jumun.packing.deciding import decide_candidates, settle_kind, settle_review
from jumun.packing.leaving import uncombine
from jumun.packing.load import Load
from jumun.packing.loading import Scope
from jumun.packing.reasons import reason_text

routes = Routes(tags=["packing"])
Decision = Literal["combine", "apart"]


class RunBody(Body):
    """C16: the period orders were placed in, accounts (all where none are given), and whether accounts may be mixed."""

    since: Moment | None = None
    until: Moment | None = None
    channel_accounts: Annotated[list[Id], Field(max_length=200)] | None = None
    across_accounts: Flag = False
    most_quantity: Annotated[int, Field(strict=True, ge=0, le=100_000)] = 0
    most_weight: Annotated[
        int, Field(strict=True, ge=0, le=10_000_000, description="grams of one parcel; 0: no cap")
    ] = 0
    most_volume: Annotated[int, Field(strict=True, ge=0, le=10_000_000, description="cm³ of one parcel; 0: no cap")] = 0


class RunAnswer(ActionAnswer):
    """What a run did: shipments combined, to be reviewed, and left apart with the reason."""

    run: int
    combined: int
    reviews: int
    apart: int


class CandidateReason(BaseModel):
    """Why, as a code and in words."""

    code: str
    text: str


class PackingCandidate(BaseModel):
    """A shipment beside its base; `review` is what `POST /packing/reviews/{id}` takes for the whole group."""

    id: int
    run: int
    review: int
    shipment: str
    base: str
    channel_account: int
    verdict: str
    reasons: list[CandidateReason]
    ship_by: datetime | None
    decision: str


class ReviewQuery(BaseModel):
    """Of which run (the newest where none is given), with which verdict; `waiting` leaves out what was decided."""

    run: int | None = Field(None, ge=1, le=2**63 - 1)
    verdict: Literal["combine", "review", "never"] = "review"
    waiting: bool = False


class ReviewBody(Body):
    """What to do with the group, or with some of its candidates."""

    decision: Decision
    candidates: Annotated[list[Id], Field(max_length=1000)] | None = None


class KindBody(Body):
    """Every waiting candidate of these accounts whose only reason is this one."""

    run: Id
    reason: Annotated[str, Field(max_length=40, pattern="^[a-z_]+$")]
    channel_accounts: Annotated[list[Id], Field(min_length=1, max_length=200)]
    decision: Decision


class TakeApartBody(Body):
    """Ids of shipments that others joined."""

    shipments: Annotated[list[Id], Field(min_length=1, max_length=1000)]


class DecisionsBody(Body):
    """Candidates of a run and what to do with each; `open` takes back what was decided."""

    candidates: Annotated[list[Id], Field(min_length=1, max_length=1000)]
    decision: Literal["combine", "apart", "open"]


class StandingBody(Body):
    """A kind of 확인필요 of an account, to be combined without being asked, or no longer."""

    channel_account: Id
    reason: Annotated[str, Field(max_length=40, pattern="^[a-z_]+$")]
    on: Flag


class StandingKind(BaseModel):
    """One kind that is combined without being asked."""

    channel_account: int
    reason: CandidateReason


class StandingAnswer(BaseModel):
    """All of them."""

    items: list[StandingKind]


class LateAnswer(BaseModel):
    """How many shipments could still join another one for sure."""

    late: int


@routes.write("POST", "/packing/runs", RunAnswer, may=May.MOVE)
def start_packing_run(request: Call, body: RunBody) -> RunAnswer:
    """Combine what is sure in a scope; the rest waits with its reasons."""
    accounts = tuple(body.channel_accounts) if body.channel_accounts is not None else None
    caps = Load(body.most_quantity, body.most_weight, body.most_volume)
    scope = Scope(body.since, body.until, accounts, body.across_accounts, caps)
    run, outcome = run_packing(scope, by=request.auth.person_id, at=request.at)
    values = outcome_values(outcome, speaks(request))
    return RunAnswer(**values, run=run.id, combined=run.combined, reviews=run.reviews, apart=run.apart)


@routes.read("/packing/reviews", Page[PackingCandidate])
def list_packing_reviews(request: Call, wanted: Query[ReviewQuery], paging: Query[Paging]) -> Page[PackingCandidate]:
    """확인필요 of a run; or what was combined or left apart, and why."""
    run = wanted.run or queries.latest_run()
    if run is None:
        return Page(items=[], next_cursor=None)
    rows = queries.list_candidates(
        run,
        verdict=wanted.verdict,
        waiting=wanted.waiting,
        after=read_id_cursor(paging.cursor) or 0,
        limit=paging.limit,
    )
    page, following = cut(rows, paging.limit, lambda row: str(row.id))
    language = speaks(request)
    items = [
        PackingCandidate(
            id=row.id,
            run=row.run,
            review=row.group,
            shipment=row.shipment,
            base=row.base,
            channel_account=row.account,
            verdict=row.verdict,
            reasons=[CandidateReason(code=code, text=reason_text(code, language)) for code in row.reasons],
            ship_by=row.ship_by,
            decision=row.decision,
        )
        for row in page
    ]
    return Page(items=items, next_cursor=following)


@routes.write("POST", "/packing/reviews/{bigid:review_id}", ActionAnswer, may=May.MOVE)
def settle_packing_review(request: Call, review_id: PathId, body: ReviewBody) -> ActionAnswer:
    """Decide one group against its base."""
    outcome = settle_review(review_id, body.decision, only=body.candidates, by=request.auth.person_id, at=request.at)
    return ActionAnswer(**outcome_values(outcome, speaks(request)))


@routes.write("POST", "/packing/review-kinds", ActionAnswer, may=May.MOVE)
def settle_packing_kind(request: Call, body: KindBody) -> ActionAnswer:
    """Decide all of one kind at once for chosen accounts."""
    outcome = settle_kind(
        body.run,
        body.reason,
        body.decision,
        accounts=body.channel_accounts,
        by=request.auth.person_id,
        at=request.at,
    )
    return ActionAnswer(**outcome_values(outcome, speaks(request)))


@routes.write("POST", "/packing/uncombine", ActionAnswer, may=May.MOVE)
def take_shipments_apart(request: Call, body: TakeApartBody) -> ActionAnswer:
    """Take combined shipments apart again, until a channel or carrier was told."""
    outcome = uncombine(body.shipments, by=request.auth.person_id, at=request.at)
    return ActionAnswer(**outcome_values(outcome, speaks(request)))


@routes.write("POST", "/packing/decisions", ActionAnswer, may=May.MOVE)
def decide_packing_candidates(request: Call, body: DecisionsBody) -> ActionAnswer:
    """Combine some candidates, leave them apart for good, or open again what was decided."""
    outcome = decide_candidates(body.candidates, body.decision, by=request.auth.person_id, at=request.at)
    return ActionAnswer(**outcome_values(outcome, speaks(request)))


@routes.read("/packing/standing", StandingAnswer)
def list_standing_kinds(request: Call) -> StandingAnswer:
    """What is combined without being asked."""
    return _standing(request)


@routes.write("PUT", "/packing/standing", StandingAnswer, may=May.MOVE)
def put_standing_kind(request: Call, body: StandingBody) -> StandingAnswer:
    """Settle a kind of 확인필요 for an account for good, or ask again from now on."""
    set_standing(body.channel_account, body.reason, on=body.on, by=request.auth.person_id, at=request.at)
    return _standing(request)


def _standing(request: Call) -> StandingAnswer:
    language = speaks(request)
    return StandingAnswer(
        items=[
            StandingKind(channel_account=account, reason=CandidateReason(code=code, text=reason_text(code, language)))
            for account, code in list_standing()
        ]
    )


@routes.read("/packing/late", LateAnswer)
def count_late_joiners(request: Call) -> LateAnswer:
    """Whether a later order could still join a shipment that waits."""
    return LateAnswer(late=len(queries.find_late_joiners(Scope())))
