"""What a link said before, changing it by its id, and going back to an earlier version (C12)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from jumun.core.errors import NotFoundError
from jumun.matching.links import Linked, ListingRef, NewLink, put_links
from jumun.matching.models import Kind, Link, LinkVersion


@dataclass(frozen=True, slots=True)
class Version:
    """What a link said from `at` on; `by_name` is empty for what was linked by itself."""

    version: int
    kind: str
    parts: tuple[tuple[str, int], ...]
    """SKU code, as it was called then, and quantity."""
    by: int | None
    by_name: str
    at: datetime


def list_versions(link_id: int) -> list[Version]:
    """Every version of a link, newest first; none for an unknown one. One statement."""
    rows = LinkVersion.objects.filter(link=link_id).select_related("by").order_by("-version")
    return [
        Version(
            row.version,
            row.kind,
            _parts(row),
            row.by_id,
            row.by.name if row.by else "",
            row.at,
        )
        for row in rows
    ]


def change_link(
    link_id: int, *, kind: str, parts: Sequence[tuple[str, int]], by: int | None, at: datetime, dry_run: bool = False
) -> Linked:
    """Have a remembered link say something else; its unshipped items follow (`put_links`). Raises NotFoundError."""
    return put_links([NewLink(_listing_of(link_id), parts=parts, kind=kind)], by=by, at=at, dry_run=dry_run)


def restore_version(link_id: int, version: int, *, by: int | None, at: datetime, dry_run: bool = False) -> Linked:
    """Have a link say again what it said in this version; before the first one it said nothing, so 0 takes it back.

    What it says then is a new version: nothing is rewritten. A SKU that is gone meanwhile is refused as `unknown_sku`.
    Raises NotFoundError.
    """
    if version == 0:
        return change_link(link_id, kind=Kind.NONE, parts=(), by=by, at=at, dry_run=dry_run)
    said = LinkVersion.objects.filter(link=link_id, version=version).first()
    if said is None:
        raise NotFoundError("not_found")
    return change_link(link_id, kind=said.kind, parts=_parts(said), by=by, at=at, dry_run=dry_run)


def _listing_of(link_id: int) -> ListingRef:
    row = (
        Link.objects.filter(id=link_id)
        .values_list("account_id", "product_code", "product_name", "option_code", "option_text")
        .first()
    )
    if row is None:
        raise NotFoundError("not_found")
    return ListingRef(*row)


def _parts(row: LinkVersion) -> tuple[tuple[str, int], ...]:
    return tuple((str(part["sku"]), int(part["quantity"])) for part in row.parts)
