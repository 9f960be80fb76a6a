"""택배사정보 저장: carriers and numbers typed or pasted into the grid, each row answered where it stands."""

from dataclasses import dataclass, replace

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jumun.companies.roles import May, reaches
from jumun.core.clock import now
from jumun.core.errors import JumunError
from jumun.core.refusal import Outcome
from jumun.dispatch.actions import save_waybills
from jumun.waybills.actions import GivenWaybill, Saved
from jumun.waybills.carriers import normalise_number
from jumun.waybills.queries import Numbered, find_numbered
from jumun.web import words
from jumun.web.access import Desk, company_page
from jumun.web.acting import tell_outcome
from jumun.web.once import once
from jumun.web.parcels import TOLD

MOST_ROWS = 10_000
FEW = 40
NAMED = 50
"""Rows left alone that the notice names; all say it where they stand too."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one typed row."""

    item: int
    ok: bool
    text: str
    doubt: bool = False
    place: Numbered | None = None


@dataclass(frozen=True, slots=True)
class Typed:
    """One typed row; `was` is the number it was typed over, None where the page did not say."""

    given: GivenWaybill
    was: str | None = None


@require_POST
@company_page(May.PACK)
@once
def save(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Save the rows that were typed. A refused row stays as typed, with the reason beside it.

    With `check` nothing is saved: each row is told what would become of it. Numbers a channel was told of are corrected
    there by a job, which cannot be taken back.
    """
    dry_run = request.POST.get("check") == "1"
    typed = read_rows(request)
    places = find_numbered([row.given.item or 0 for row in typed])
    early = {place: text for place, row in enumerate(typed) if (text := _stale(row, places, desk))}
    left = [place for place in range(len(typed)) if place not in early]
    given = [typed[place].given for place in left]
    corrects = reaches(desk.may, "correct")
    saved = Saved(Outcome(0))
    if given:
        saved = save_waybills(given, by=desk.person, at=now(), corrects=corrects, dry_run=dry_run)
    verdicts = {left[place]: each for place, each in enumerate(_verdicts(given, saved, places, desk.person))}
    verdicts |= {place: Verdict(typed[place].given.item or 0, ok=False, text=text) for place, text in early.items()}
    told = [
        replace(verdict, place=places.get(verdict.item)) for verdict in (verdicts[place] for place in range(len(typed)))
    ]
    failed = [verdict for verdict in told if not verdict.ok]
    shown = replace(saved.outcome, refused=[], refused_total=len(failed))
    return tell_outcome(
        request,
        desk,
        "correct" if any(each.status in TOLD for each in places.values()) else "label",
        shown,
        verdicts=told,
        failed=failed[:NAMED],
        checked=dry_run,
        good=len(told) - len(failed),
        saved_ids=[] if dry_run else [verdict.item for verdict in told if verdict.ok],
        doubts=sum(1 for verdict in told if verdict.doubt),
    )


def _stale(row: Typed, places: dict[int, Numbered], desk: Desk) -> str:
    """Why a row may not be saved over what stands there now, "" when it may."""
    place = places.get(row.given.item or 0)
    if place is None:
        return ""
    if place.status in TOLD and not reaches(desk.may, "correct"):
        return words.tell_code("not_allowed")
    if row.was is not None and normalise_number(row.was) != place.waybill:
        if place.waybill:
            told = _("그 사이 다른 번호가 들어갔습니다: {number}. 목록을 새로 고쳐 확인해 주세요.")
            return told.format(number=f"{words.name_carrier(place.carrier)} {place.waybill}")
        return _("그 사이 번호가 지워졌습니다. 목록을 새로 고쳐 확인해 주세요.")
    return ""


def read_rows(request: HttpRequest) -> list[Typed]:
    """The typed rows: `item`, `carrier`, `number` and, if given, `was` in step.

    Raises JumunError("nothing_chosen" | "invalid").
    """
    columns = [request.POST.getlist(name) for name in ("item", "carrier", "number")]
    before = request.POST.getlist("was")
    if len({len(column) for column in columns} | ({len(before)} if before else set())) != 1:
        raise JumunError("invalid", field=_("운송장번호"))
    if len(columns[0]) > MOST_ROWS:
        raise JumunError("too_large")
    typed = []
    for place, (item, carrier, number) in enumerate(zip(*columns, strict=True)):
        if not (item.isascii() and item.isdigit()) or len(item) > 18 or len(number) > 60 or len(carrier) > 60:
            raise JumunError("invalid", field=_("운송장번호"))
        given = GivenWaybill(carrier=carrier, number=number, item=int(item))
        typed.append(Typed(given, before[place] if before else None))
    if not typed:
        raise JumunError("nothing_chosen")
    return typed


def _verdicts(given: list[GivenWaybill], saved: Saved, places: dict[int, Numbered], by: int) -> list[Verdict]:
    """A verdict a row: refused before the move, by the move (its shipment's item), doubted, or saved."""
    early = {row.row: row.code for row in saved.rows}
    doubts = {row.row for row in saved.doubts}
    by_shipment = _codes_by_shipment(saved)
    if saved.outcome.refused_total > len(saved.outcome.refused):
        by_shipment |= _missing_codes(given, places, by)
    verdicts = []
    for place, each in enumerate(given):
        item = each.item or 0
        home = places.get(item)
        code = early.get(place) or (by_shipment.get(home.shipment_id, "") if home else "not_found")
        doubt = not code and place in doubts
        verdicts.append(Verdict(item, ok=not code, text=words.tell_code(code) if code else "", doubt=doubt))
    return verdicts


def _codes_by_shipment(saved: Saved) -> dict[int, str]:
    codes = {refusal.id: refusal.code for refusal in saved.outcome.refused}
    found: dict[int, str] = {}
    for item, home in find_numbered(list(codes)).items():
        if found.get(home.shipment_id, "companion") == "companion":
            found[home.shipment_id] = codes[item]
    return found


def _missing_codes(given: list[GivenWaybill], places: dict[int, Numbered], by: int) -> dict[int, str]:
    """An outcome names its first 200 refusals only: the rows that stand as before are judged once more, few at a time."""
    after = find_numbered([each.item or 0 for each in given])
    same = [each for each in given if (item := each.item or 0) in after and after[item] == places[item]]
    found: dict[int, str] = {}
    for start in range(0, len(same), FEW):
        judged = save_waybills(same[start : start + FEW], by=by, at=now(), corrects=True, dry_run=True)
        found |= _codes_by_shipment(judged)
    return found
