"""Asking channels for orders and for what became of them. Both answer a job."""

from typing import Annotated

from pydantic import Field

from jumun.api.auth import Call
from jumun.api.fields import Body, Flag, Id, Moment
from jumun.api.routes import Routes
from jumun.api.schemas import JobMade
from jumun.companies.roles import May
from jumun.dispatch.actions import start_sync
from jumun.intake.actions import start_collection

routes = Routes(tags=["intake"])
Accounts = Annotated[list[Id], Field(min_length=1, description="ids of channel accounts")]


class CollectionBody(Body):
    """What to collect: since the last collection, or a period."""

    accounts: Accounts
    start: Moment | None = Field(None, alias="from")
    end: Moment | None = Field(None, alias="to")
    auto_confirm: Flag | None = Field(None, description="null: as each account's switch says")


class SyncBody(Body):
    """Which accounts to sync."""

    accounts: Accounts


@routes.write("POST", "/collections", JobMade, may=May.COLLECT, status=202)
def start_collections(request: Call, body: CollectionBody) -> JobMade:
    """주문수집. While one runs for an account, that job is answered."""
    job = start_collection(
        body.accounts,
        start=body.start,
        end=body.end,
        auto_confirm=body.auto_confirm,
        by=request.auth.person_id,
        at=request.at,
    )
    return JobMade(job=job)


@routes.write("POST", "/syncs", JobMade, may=May.COLLECT, status=202)
def start_syncs(request: Call, body: SyncBody) -> JobMade:
    """주문동기화. While one runs for an account, that job is answered."""
    return JobMade(job=start_sync(body.accounts, by=request.auth.person_id, at=request.at))
