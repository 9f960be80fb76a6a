"""Reading uploaded sheets, their rows and templates, inside `acting_as(company)`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Count, Q

from jumun.channels.models import ChannelAccount
from jumun.core.clock import in_kst
from jumun.core.errors import NotFoundError
from jumun.intake.models import SheetRow, SheetTemplate, SheetUpload, Verdict
from jumun.intake.sheet_fields import Plan
from jumun.intake.sheet_states import settle
from jumun.intake.storing import Way
from jumun.orders.moving import COMPANY

MOST = 200


@dataclass(frozen=True, slots=True)
class Upload:
    """One uploaded sheet as faces show it.

    counts    rows by verdict; `codes` rows by verdict and reason
    samples   a few values of each column (0-based)
    unsure    fields to ask about: {"field", "code", "columns"}
    changes   how the headers differ from its template's: {"added", "gone", "moved"}, empty when they do not
    asks      why it is `asking`: "columns", "account"
    """

    id: int
    name: str
    state: str
    code: str
    account: int | None
    account_name: str
    by: int | None
    by_name: str
    created_at: datetime
    committed_at: datetime | None
    deleted_at: datetime | None
    kind: str
    encoding: str
    sheet: str
    rows: int
    orders: int
    job: int | None
    template: int | None
    template_name: str
    plan: Plan | None
    headers: tuple[str, ...]
    samples: Mapping[int, list[str]]
    unsure: Sequence[Mapping[str, Any]]
    changes: Mapping[str, Sequence[str]]
    notices: Sequence[str]
    on_known: str
    on_other: str
    on_duplicate: str
    counts: Mapping[str, int]
    codes: Mapping[tuple[str, str], int]
    orders_to_store: int = 0

    @property
    def asks(self) -> tuple[str, ...]:
        """What a person must say first."""
        if self.state != "asking":
            return ()
        columns = ("columns",) if self.unsure else ()
        return columns + (("account",) if self.account is None else ())


@dataclass(frozen=True, slots=True)
class UploadRow:
    """One staged row. `problem`: {"column", "field", "value", "code"}; `unsure`: [{"field", "code"}]."""

    row: int
    cells: Sequence[Any]
    fields: Mapping[str, str]
    account: int | None
    order_number: str
    verdict: str
    code: str
    problem: Mapping[str, str] | None
    unsure: Sequence[Mapping[str, str]]
    fixed: bool
    left_out: bool
    known_quantity: int | None
    line: int | None


@dataclass(frozen=True, slots=True)
class AccountDay:
    """주문등록 of one account (C6): orders registered today, by sheet and by hand; the last registration and by whom."""

    account: int
    today: int
    last_at: datetime | None
    last_by: str


def get_upload(upload_id: int) -> Upload:
    """One upload with its counts. Raises NotFoundError."""
    found = _uploads().filter(id=upload_id).first()
    if found is None:
        raise NotFoundError("not_found")
    settle([found])
    grouped = SheetRow.objects.filter(upload_id=upload_id).values_list("verdict", "code").annotate(n=Count("id"))
    codes = {(verdict, code): number for verdict, code, number in grouped}
    waiting = SheetRow.objects.filter(upload_id=upload_id, verdict__in=(Verdict.NEW, Verdict.UPDATE))
    left = waiting.values("account_id", "order_number").distinct().count() if waiting.exists() else 0
    return _shown(found, codes, left)


def list_uploads(*, cursor: int | None = None, limit: int = 50, ids: Sequence[int] | None = None) -> list[Upload]:
    """Uploads, newest first, those before `cursor`; without their counts."""
    chosen = _uploads().order_by("-id")
    if ids is not None:
        chosen = chosen.filter(id__in=ids)
    if cursor is not None:
        chosen = chosen.filter(id__lt=cursor)
    found = list(chosen[:limit])
    settle(found)
    numbers: dict[int, dict[tuple[str, str], int]] = {}
    grouped = SheetRow.objects.filter(upload_id__in=[each.id for each in found])
    for upload, verdict, number in grouped.values_list("upload_id", "verdict").annotate(n=Count("id")):
        numbers.setdefault(upload, {})[verdict, ""] = number
    return [_shown(each, numbers.get(each.id, {}), 0) for each in found]


def list_rows(
    upload_id: int,
    *,
    verdict: str | Sequence[str] | None = None,
    code: str | None = None,
    cursor: int | None = None,
    limit: int = 100,
    rows: Sequence[int] | None = None,
) -> list[UploadRow]:
    """Staged rows in the sheet's order, those after row `cursor`: all, of some verdicts, of one reason, or these."""
    chosen = SheetRow.objects.filter(upload_id=upload_id).order_by("row")
    if verdict is not None:
        chosen = chosen.filter(verdict__in=[verdict] if isinstance(verdict, str) else list(verdict))
    if code is not None:
        chosen = chosen.filter(code=code)
    if rows is not None:
        chosen = chosen.filter(row__in=rows)
    if cursor is not None:
        chosen = chosen.filter(row__gt=cursor)
    return [
        UploadRow(
            each.row,
            each.cells,
            each.fields,
            each.account_id,
            each.order_number,
            each.verdict,
            each.code,
            each.problem,
            each.unsure,
            each.fixed,
            each.left_out,
            each.known_quantity,
            each.line_id,
        )
        for each in chosen[:limit]
    ]


def list_templates(account: int | None = None) -> list[SheetTemplate]:
    """Templates by name: all, or those an account's sheets may use."""
    chosen = SheetTemplate.objects.select_related("account", "by").order_by("name")
    if account is not None:
        chosen = chosen.filter(Q(account=account) | Q(account=None))
    return list(chosen)


_TODAY = f"""
SELECT a.account::bigint AS account, max(b.at) AS last_at, (array_agg(p.name ORDER BY b.at DESC))[1] AS last_by
  FROM orders_batch b LEFT JOIN companies_person p ON p.id = b.by_id
 CROSS JOIN LATERAL jsonb_array_elements_text(
       coalesce(b.params -> 'accounts', jsonb_build_array(b.params -> 'account'))) AS a(account)
 WHERE b.company_id = {COMPANY} AND b.action = ANY(%(ways)s) AND a.account IS NOT NULL
 GROUP BY 1
"""
_NUMBER = f"""
SELECT o.account_id, count(DISTINCT o.id) FROM orders_order o JOIN orders_orderline l ON l.order_id = o.id
 WHERE o.company_id = {COMPANY} AND o.created_at >= %(midnight)s AND l.asked_at IS NULL GROUP BY 1
"""


def count_by_account(*, at: datetime) -> dict[int, AccountDay]:
    """주문등록 list (C6), by account: what sheets and people registered; every account is in it."""
    midnight = in_kst(at).replace(hour=0, minute=0, second=0, microsecond=0)
    values: dict[str, Any] = {"ways": [Way.SHEET.value, Way.SINGLE.value], "midnight": midnight}
    with connection.cursor() as cursor:
        cursor.execute(_TODAY, values)
        last = {account: (moment, name or "") for account, moment, name in cursor.fetchall()}
        cursor.execute(_NUMBER, values)
        today = dict(cursor.fetchall())
    return {
        account: AccountDay(account, today.get(account, 0), *last.get(account, (None, "")))
        for account in ChannelAccount.objects.values_list("id", flat=True)
    }


def _uploads() -> Any:
    return SheetUpload.objects.select_related("account", "by", "template")


def _shown(upload: SheetUpload, codes: Mapping[tuple[str, str], int], left: int) -> Upload:
    plan = Plan.from_json(upload.plan) if upload.plan else None
    counts: dict[str, int] = {}
    for (verdict, _), number in codes.items():
        counts[verdict] = counts.get(verdict, 0) + number
    return Upload(
        id=upload.id,
        name=upload.name,
        state=upload.state,
        code=upload.code,
        account=upload.account_id,
        account_name=upload.account.name if upload.account else "",
        by=upload.by_id,
        by_name=upload.by.name if upload.by else "",
        created_at=upload.created_at,
        committed_at=upload.committed_at,
        deleted_at=upload.deleted_at,
        kind=upload.kind,
        encoding=upload.encoding,
        sheet=upload.sheet,
        rows=upload.rows,
        orders=upload.orders,
        job=upload.job_id,
        template=upload.template_id,
        template_name=upload.template.name if upload.template else "",
        plan=plan,
        headers=plan.headers if plan else (),
        samples={int(column): texts for column, texts in upload.samples.items()},
        unsure=upload.unsure,
        changes=upload.changes,
        notices=upload.notices,
        on_known=upload.on_known,
        on_other=upload.on_other,
        on_duplicate=upload.on_duplicate,
        counts=counts,
        codes=codes,
        orders_to_store=left,
    )
