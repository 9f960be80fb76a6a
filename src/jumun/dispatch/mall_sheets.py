"""Telling a mall in its own sheet (P31 without an API): the file is made, and only then do the items leave.

planned → sending (committed) → the file is written and kept → confirmed with `told_by_sheet`, in the one transaction
that says the file is made. Nobody is given a file before that, so that a kill anywhere is healed by beginning again:
the same rows, under the same key. What was told is not taken back silently: the mall may have been given it.
"""

import logging
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.db import connection

from jumun.channels.account_jobs import account_entry
from jumun.channels.models import ChannelAccount
from jumun.core.crash_points import crash_point
from jumun.core.database_away import DATABASE_AWAY
from jumun.core.files import keep_file
from jumun.core.tenancy import acting_as
from jumun.dispatch import ledger
from jumun.dispatch.landing import hold, land
from jumun.dispatch.ledger import Verdict
from jumun.dispatch.mall_cells import read_cells
from jumun.dispatch.mall_forms import Form, Take, ToldLine, choose_form, lay_out, why_not
from jumun.dispatch.models import Effect, EffectState, MallSheet
from jumun.intake.sheet_fields import Plan
from jumun.intake.sheet_queries import list_templates
from jumun.jobs.actions import EntryRow, fail_part, finish_part, record_entries
from jumun.jobs.models import EntryOutcome, Job
from jumun.orders.states import ENDS
from jumun.sheets.writing import SheetColumn, write_table

TOLD = "told_by_sheet"
FAILED = "sheet_not_made"

Rows = list[list[str]]
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Laid:
    """What is being told, and the sheet that tells it: its columns and its rows."""

    effects: Sequence[Effect]
    form: Form | None = None
    rows: Rows = field(default_factory=list)


def make_sheet(company_id: int, sheet_id: int, *, at: datetime) -> None:
    """Make one sheet and let its items leave. Safe to repeat; when it cannot be made, its effects end with the reason.

    Only a database that went away leaves it as it is: then it is begun again.
    """
    try:
        _make(company_id, sheet_id, at=at)
    except DATABASE_AWAY:
        raise
    except Exception as failure:  # noqa: BLE001 - whatever it was: a person must hear of it and be able to try again
        # Not the exception itself: its text may be personal data.
        log.error("mall sheet %d could not be made: %s", sheet_id, type(failure).__qualname__)
        with acting_as(company_id):
            sheet = MallSheet.objects.get(id=sheet_id)
            _end(sheet, _Laid(_open(sheet)), code=FAILED, at=at)


def _make(company_id: int, sheet_id: int, *, at: datetime) -> None:
    with acting_as(company_id):
        sheet = MallSheet.objects.filter(id=sheet_id, ended_at=None).first()
        if sheet is None:
            return
        laid = _begin(sheet, at=at)
    crash_point("mall_sheet_begun")
    if laid.form is not None and laid.rows:
        _write(sheet, laid.form, laid.rows)
    crash_point("mall_sheet_kept")
    with acting_as(company_id):
        _end(sheet, laid, code="", at=at)


def _form_of(account_id: int) -> Form:
    """The columns this account's mall wants, the template used last first."""
    account = ChannelAccount.objects.get(id=account_id)
    templates = [each for each in list_templates(account_id) if each.account_id == account_id]
    templates.sort(key=lambda each: (each.used_at or each.changed_at, each.id), reverse=True)
    plans = []
    for each in templates:
        try:
            plans.append((each.id, Plan.from_json(each.plan)))
        except ValueError:  # of a time to come, or of none: the next one may do
            continue
    return choose_form(account.channel, plans)


def _open(sheet: MallSheet) -> list[Effect]:
    """What is still to be told by this sheet."""
    wanted = Effect.objects.filter(job_id=sheet.job_id, by_sheet=True)
    return list(wanted.filter(state__in=(EffectState.PLANNED, EffectState.SENDING)).order_by("id"))


def _begin(sheet: MallSheet, *, at: datetime) -> _Laid:
    """What is still to be told, marked as being sent, and its rows; what may not be told ends here with its reason.

    Marked first and laid out then: what somebody took back while its shipments were waited for stands in no row.
    """
    form = _form_of(sheet.account_id)
    effects = _open(sheet)
    hold(effects)
    ledger.begin_sending([effect for effect in effects if effect.state == EffectState.PLANNED], at=at)
    ours = [effect for effect in effects if effect.state == EffectState.SENDING]
    if not ours:
        return _Laid([], form)
    cells = read_cells(sheet.account_id, ours) if any(each.take is Take.COPIED for each in form.columns) else {}
    gone = _stopped(ours)
    rows: Rows = []
    refused, good = [], []
    for effect in ours:
        lines = _lines(effect, cells)
        code = next((gone[item] for item in ledger.item_ids([effect]) if item in gone), "")
        code = code or next((why for why in (why_not(form, line) for line in lines) if why), "")
        if code:
            refused.append(Verdict(effect, EffectState.REJECTED, code))
        else:
            good.append(effect)
            rows += [lay_out(form, line) for line in lines]
    land(refused, at=at)
    return _Laid(good, form, rows)


def _stopped(effects: Sequence[Effect]) -> dict[int, str]:
    """Why items may not leave that could when it was planned. The rows are locked."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, CASE WHEN status = ANY(%s) THEN 'line_gone' ELSE 'claim_open' END FROM orders_orderitem"
            " WHERE id = ANY(%s) AND (status = ANY(%s) OR claim_open)",
            [[each.value for each in ENDS], ledger.item_ids(effects), [each.value for each in ENDS]],
        )
        corrects = {item for effect in effects if effect.verb == "correct" for item in ledger.item_ids([effect])}
        return {item: code for item, code in cursor.fetchall() if not (item in corrects and code == "claim_open")}


def _lines(effect: Effect, cells: Mapping[tuple[str, str], Mapping[str, str]]) -> list[ToldLine]:
    return [
        ToldLine(
            ref.order_number,
            ref.line_key,
            effect.carrier,
            effect.number,
            effect.method,
            cells.get((ref.order_number, ref.line_key), {}),
        )
        for ref in ledger.refs(effect)
    ]


def _write(sheet: MallSheet, form: Form, rows: Rows) -> None:
    with tempfile.TemporaryDirectory(prefix="jumun-mall-sheet-") as folder:
        path = Path(folder) / "sheet.xlsx"
        write_table(path, [SheetColumn(each.title) for each in form.columns], rows, sheet=form.sheet)
        keep_file(sheet.company_id, "sheet.xlsx", path, key=sheet.file)


def _why_empty(sheet: MallSheet) -> str:
    """Why nothing was left to write; "" when it was all withdrawn."""
    refused = Effect.objects.filter(job_id=sheet.job_id, state=EffectState.REJECTED).order_by("id")
    return refused.values_list("code", flat=True).first() or ""


def _tell_wish(sheet: MallSheet, code: str) -> EntryRow:
    outcome = EntryOutcome.FAILED if code else EntryOutcome.DONE
    return account_entry(sheet.account_id, outcome, code=code)


def _end(sheet: MallSheet, laid: _Laid, *, code: str, at: datetime) -> None:
    """Say that it was made, or that it could not be, and let its items leave or stay: all of it or nothing."""
    state = EffectState.REJECTED if code else EffectState.CONFIRMED
    hold(laid.effects)
    still = MallSheet.objects.select_for_update().filter(id=sheet.id, ended_at=None).first()
    if still is None:
        return
    land([Verdict(effect, state, code or TOLD) for effect in laid.effects], at=at)
    made = at if laid.rows and not code else None
    MallSheet.objects.filter(id=sheet.id).update(
        made_at=made,
        ended_at=at,
        rows=len(laid.rows),
        form=laid.form.key if laid.form else "",
        columns=[each.title for each in laid.form.columns] if laid.form else [],
    )
    if made:  # from now on the job leads to its file
        params = {
            "accounts": [sheet.account_id],
            "verb": sheet.verb,
            "wish": sheet.wish_job_id,
            "mall_sheet": sheet.job_id,
        }
        Job.objects.filter(id=sheet.job_id).update(params=params)
    record_entries(sheet.wish_job_id, [_tell_wish(sheet, code if code or made else _why_empty(sheet))], at=at)
    for job_id in (sheet.job_id, sheet.wish_job_id):
        if code:
            fail_part(job_id, code=code, at=at)
        else:
            finish_part(job_id, at=at)
