"""택배사정보 저장: carriers and numbers typed or pasted into the list, each row answered where it stands."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from jumun.companies.roles import May
from jumun.core.clock import now
from jumun.core.errors import JumunError
from jumun.core.refusal import Outcome
from jumun.dispatch.actions import save_waybills
from jumun.orders.filters import ItemFilter
from jumun.orders.queries import MOST, list_items
from jumun.waybills.actions import GivenWaybill, Saved
from jumun.web import words
from jumun.web.access import Desk, company_page
from jumun.web.acting import tell_outcome

MOST_ROWS = 10_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one typed row."""

    item: int
    ok: bool
    text: str
    doubt: bool = False


@require_POST
@company_page(May.PACK)
def save(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Save the rows that were typed. A refused row stays as typed, with the reason beside it."""
    given = read_rows(request)
    saved = save_waybills(given, by=desk.person, at=now())
    verdicts = _verdicts(given, saved)
    failed = sum(1 for verdict in verdicts if not verdict.ok)
    shown = Outcome(saved.outcome.done, [], failed, saved.outcome.batch)
    return tell_outcome(
        request,
        desk,
        "label",
        shown,
        verdicts=verdicts,
        failed=failed,
    )


def read_rows(request: HttpRequest) -> list[GivenWaybill]:
    """The typed rows: `item`, `carrier` and `number` in step. Raises JumunError("nothing_chosen" | "invalid")."""
    columns = [request.POST.getlist(name) for name in ("item", "carrier", "number")]
    if len({len(column) for column in columns}) != 1 or len(columns[0]) > MOST_ROWS:
        raise JumunError("invalid", field="number")
    given = []
    for item, carrier, number in zip(*columns, strict=True):
        if not item.isdigit() or len(item) > 18 or len(number) > 60:
            raise JumunError("invalid", field="number")
        given.append(GivenWaybill(carrier=carrier, number=number, item=int(item)))
    if not given:
        raise JumunError("nothing_chosen")
    return given


def _verdicts(given: list[GivenWaybill], saved: Saved) -> list[Verdict]:
    """A verdict a row: refused before the move, by the move (its shipment's item), doubted, or saved."""
    early = {row.row: row.code for row in saved.rows}
    doubts = {row.row for row in saved.doubts}
    by_shipment = _codes_by_shipment(saved)
    homes = _shipments([each.item for each in given if each.item])
    verdicts = []
    for place, each in enumerate(given):
        item = each.item or 0
        code = early.get(place) or by_shipment.get(homes.get(item, 0), "")
        doubt = not code and place in doubts
        verdicts.append(Verdict(item, not code, words.tell_code(code) if code else "", doubt))
    return verdicts


def _codes_by_shipment(saved: Saved) -> dict[int, str]:
    codes = {refusal.id: refusal.code for refusal in saved.outcome.refused}
    found: dict[int, str] = {}
    for item, shipment in _shipments(list(codes)).items():
        if found.get(shipment, "companion") == "companion":
            found[shipment] = codes[item]
    return found


def _shipments(items: list[int]) -> dict[int, int]:
    homes: dict[int, int] = {}
    for start in range(0, len(items), MOST):
        for row in list_items(ItemFilter(), ids=items[start : start + MOST], limit=MOST).items:
            homes[row.id] = row.shipment_id
    return homes
