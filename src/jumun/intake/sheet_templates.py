"""주문서 양식: a plan a person confirmed once, found again by its sheet's headers (Q17–Q26)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from jumun.channels.queries import get_account
from jumun.core.errors import ConflictError, JumunError, NotFoundError
from jumun.intake.models import SheetTemplate, SheetUpload, UploadState
from jumun.intake.sheet_fields import Field, HeaderChange, Plan
from jumun.intake.sheet_recognising import adapt, compare_headers, fingerprint
from jumun.sheets.cells import Row

LONGEST = 100
MOST_LOOKED_AT = 50
"""Templates of an account tried on a sheet whose headers nobody knows, the last used first."""


@dataclass(frozen=True, slots=True)
class Known:
    """A template that fits a sheet, its plan for this sheet, and what differs from the headers it knew."""

    template: SheetTemplate
    plan: Plan
    changes: HeaderChange


def save_template(
    company_id: int,
    *,
    name: str,
    plan: Plan,
    account: int | None,
    by: int | None,
    at: datetime,
    template: int | None = None,
) -> int:
    """Keep a plan under a name, in place of `template` or of the one of that name; answers its id.

    Raises JumunError("invalid") for a name that is none, NotFoundError, of the account too.
    """
    name = name.strip()
    if not 0 < len(name) <= LONGEST:
        raise JumunError("invalid", field="name")
    if account is not None:
        get_account(account)
    told = {
        "account_id": account,
        "plan": plan.to_json(),
        "fingerprint": fingerprint(plan.headers),
        "changed_at": at,
        "by_id": by,
    }
    if template is None:
        made, _ = SheetTemplate.objects.update_or_create(
            company_id=company_id, name=name, defaults=told, create_defaults={**told, "created_at": at}
        )
        return made.id
    try:
        with transaction.atomic():
            if not SheetTemplate.objects.filter(id=template).update(name=name, **told):
                raise NotFoundError("not_found")
    except IntegrityError as taken:
        raise ConflictError("template_name_taken") from taken
    return template


def delete_template(template: int) -> None:
    """Forget a template; sheets read with it stay. Raises NotFoundError."""
    if not SheetTemplate.objects.filter(id=template).delete()[0]:
        raise NotFoundError("not_found")


def get_template(template: int | str) -> SheetTemplate:
    """A template by its id or its name. Raises NotFoundError."""
    wanted = Q(id=template) if isinstance(template, int) else Q(name=template)
    found = SheetTemplate.objects.filter(wanted).first()
    if found is None:
        raise NotFoundError("not_found")
    return found


def find_template(head: Sequence[Row], headers: Sequence[str], account: int | None) -> Known | None:
    """The template for a sheet: one with the same headers, else one of this account whose columns can be found again."""
    ours = Q(account=account) | Q(account=None) if account is not None else Q(account=None)
    tried = SheetTemplate.objects.filter(ours).order_by("-used_at", "-id")[:MOST_LOOKED_AT]
    recent = [each for each in tried if suits_account(Plan.from_json(each.plan), account)]
    printed = fingerprint(headers)
    same = sorted((each for each in recent if each.fingerprint == printed), key=lambda each: each.account_id != account)
    mine = [each for each in recent if account is not None and each.account_id == account and each not in same]
    for template in (*same, *mine):
        known = try_template(template, head, headers)
        if known is not None:
            return known
    return None


def use_template(template: int, head: Sequence[Row], headers: Sequence[str], account: int | None) -> Known:
    """The template somebody chose. Raises NotFoundError, ConflictError("template_does_not_fit" | "template_other_account")."""
    chosen = get_template(template)
    if not suits_account(Plan.from_json(chosen.plan), account):
        raise ConflictError("template_other_account")
    known = try_template(chosen, head, headers)
    if known is None:
        raise ConflictError("template_does_not_fit")
    return known


def suits_account(plan: Plan, account: int | None) -> bool:
    """Whether a plan may read this account's sheets: not where it says itself that all orders are another one's."""
    said = plan.fixed.get(Field.ACCOUNT, "").strip().lower()
    if not said or account is None:
        return True
    whose = get_account(account)
    return said in (whose.key.strip().lower(), whose.name.strip().lower())


def find_committed(printed: str) -> Plan | None:
    """How the last sheet with these very headers was read that went in: whoever committed it confirmed its columns.

    What was said for all rows of that sheet, its account for one, was said of that sheet alone. One that went in with
    columns in doubt confirmed nothing.
    """
    went_in = SheetUpload.objects.filter(fingerprint=printed, state=UploadState.DONE, orders__gt=0, unsure=[])
    last = went_in.order_by("-id").first()
    return replace(Plan.from_json(last.plan), fixed={}) if last is not None and last.plan else None


def try_template(template: SheetTemplate, head: Sequence[Row], headers: Sequence[str]) -> Known | None:
    """The template on this sheet; None where a column it needs is gone."""
    old = Plan.from_json(template.plan)
    plan = adapt(old, head)
    if plan is None:
        return None
    return Known(template, plan, compare_headers(old.headers, plan.headers or headers))


def note_use(template: int, *, at: datetime) -> None:
    """It was used for a sheet."""
    SheetTemplate.objects.filter(id=template).update(used_at=at)
