"""Waybill numbers onto shipments."""

from typing import Annotated

from pydantic import ConfigDict, Field, model_validator

from jumun.api.auth import Call, speaks
from jumun.api.fields import Body, Flag, Id, Text, one_of
from jumun.api.routes import Routes
from jumun.api.schemas import RefusedRow, WaybillAnswer, outcome_values
from jumun.companies.roles import May, reaches
from jumun.core.sentences import sentence
from jumun.dispatch.actions import save_waybills
from jumun.waybills.actions import GivenWaybill
from jumun.waybills.actions import RefusedRow as Row

routes = Routes(tags=["waybills"])


class WaybillBody(Body):
    """One number, for the shipment of an item, a shipment by its id, or by its bundle number (묶음번호)."""

    model_config = ConfigDict(json_schema_extra=one_of(item="integer", shipment="integer", bundle_no="string"))

    item: Id | None = None
    shipment: Id | None = None
    bundle_no: Text | None = None
    carrier: Text = Field(description="a carrier's id, as GET /carriers lists them")
    number: Text

    @model_validator(mode="after")
    def _one_of(self) -> "WaybillBody":
        if sum(each is not None for each in (self.item, self.shipment, self.bundle_no)) != 1:
            raise ValueError("give one of item, shipment and bundle_no")
        return self


class WaybillsBody(Body):
    """Numbers to save."""

    waybills: Annotated[list[WaybillBody], Field(min_length=1)]
    dry_run: Flag = False


@routes.write("POST", "/waybills", WaybillAnswer, may=(May.PACK, May.MOVE))
def put_waybills(request: Call, body: WaybillsBody) -> WaybillAnswer:
    """Save numbers: 출고대기 moves to 운송장출력. A wrong row is refused by its place, the rest goes on.

    Numbers of shipments the channel was told of are corrected there, where its API can: the answer then names a job. Who may
    not correct gets those rows refused.
    """
    saved = save_waybills(
        [
            GivenWaybill(each.carrier, each.number, each.item, each.shipment, each.bundle_no or "")
            for each in body.waybills
        ],
        by=request.auth.person_id,
        at=request.at,
        corrects=reaches(request.auth.permissions, "correct"),
        dry_run=body.dry_run,
    )
    language = speaks(request)
    return WaybillAnswer(
        **outcome_values(saved.outcome, language),
        rows=[_row(row, language) for row in saved.rows],
        doubts=[_row(row, language) for row in saved.doubts],
    )


def _row(row: Row, language: str) -> RefusedRow:
    return RefusedRow(row=row.row, code=row.code, reason=sentence(row.code, language))
