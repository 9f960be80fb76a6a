"""What hangs on SKUs: further barcodes, and what sets are made of. Each in a constant number of statements."""

from collections.abc import Sequence

from django.db import connection
from django.db.models import Q

from jumun.catalog.fields import SkuFields
from jumun.catalog.models import Barcode, SetPart, Sku
from jumun.core.errors import JumunError

MOST = 9_999


def put_barcodes(company_id: int, skus: Sequence[SkuFields]) -> None:
    """Put the further barcodes of these SKUs in place of those they had. Raises JumunError("barcode_taken").

    A further barcode is of one SKU: of no other, neither as its first nor as a further one.
    """
    given = {
        sku.code: list(dict.fromkeys(code for code in sku.barcodes if code)) for sku in skus if sku.barcodes is not None
    }
    if given:
        _one_at_a_time(company_id)
        Barcode.objects.filter(sku__code__in=given).delete()
    whose: dict[str, str] = {}
    for sku, codes in given.items():
        for code in codes:
            if whose.setdefault(code, sku) != sku:
                raise JumunError("barcode_taken", barcode=code)
    _check_taken(whose, {(sku.barcode, sku.code) for sku in skus if sku.barcode})
    if not given:
        return
    ids = dict(Sku.objects.filter(code__in=given).values_list("code", "id"))
    Barcode.objects.bulk_create(
        [Barcode(company_id=company_id, sku_id=ids[sku], code=code) for code, sku in sorted(whose.items())]
    )


def _one_at_a_time(company_id: int) -> None:
    """Wait for whoever writes this company's further barcodes or sets; the guard of sets takes the same lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('catalog_setpart'), %s::int)", [company_id])


def _check_taken(whose: dict[str, str], firsts: set[tuple[str, str]]) -> None:
    """`whose` are further barcodes and their SKUs, `firsts` are first ones and theirs."""
    if whose:
        for code, sku in Sku.objects.filter(barcode__in=whose).values_list("barcode", "code"):
            if whose[code] != sku:
                raise JumunError("barcode_taken", barcode=code)
    others = Barcode.objects.filter(code__in={*whose, *(code for code, _ in firsts)}).values_list("code", "sku__code")
    standing = dict(others)
    for code, sku in {*whose.items(), *firsts}:
        if standing.get(code, sku) != sku:
            raise JumunError("barcode_taken", barcode=code)


def put_parts(company_id: int, skus: Sequence[SkuFields]) -> set[str]:
    """Make sets of these parts in place of what they were made of; no parts: no set any more.

    Answers the codes of those that are made of something else now.

    Raises JumunError("unknown_sku"), JumunError("bad_quantity"), JumunError("set_in_set") for a part that is a set
    itself, or a set that is a part. One company's sets are written one call after the other.
    """
    given = {sku.code: dict(sku.parts) for sku in skus if sku.parts is not None}
    if not given:
        return set()
    _one_at_a_time(company_id)
    standing = SetPart.objects.filter(sku__code__in=given)
    was: dict[str, dict[str, int]] = {}
    for code, part, quantity in standing.values_list("sku__code", "part__code", "quantity"):
        was.setdefault(code, {})[part] = quantity
    standing.delete()
    changed = {code for code, parts in given.items() if parts != was.get(code, {})}
    named = {code for parts in given.values() for code in parts}
    if not named:
        return changed
    if any(not 1 <= quantity <= MOST for parts in given.values() for quantity in parts.values()):
        raise JumunError("bad_quantity")
    ids = dict(Sku.objects.filter(code__in=named | given.keys()).values_list("code", "id"))
    if named - ids.keys():
        raise JumunError("unknown_sku")
    sets = {code for code, parts in given.items() if parts}
    nested = SetPart.objects.filter(Q(sku__code__in=named) | Q(part__code__in=sets))
    if named & sets or nested.exists():
        raise JumunError("set_in_set")
    SetPart.objects.bulk_create(
        [
            SetPart(company_id=company_id, sku_id=ids[code], part_id=ids[part], quantity=quantity)
            for code, parts in given.items()
            for part, quantity in parts.items()
        ]
    )
    return changed
