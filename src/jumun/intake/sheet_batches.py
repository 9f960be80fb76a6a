"""Which batch of orders an uploaded sheet brought in."""

from uuid import UUID

from jumun.intake.models import SheetUpload
from jumun.intake.storing import Way
from jumun.orders.models import Batch


def find_batch(upload_id: int) -> UUID | None:
    """The batch of a committed sheet; None where it went in in several (a big one), or nothing did."""
    upload = SheetUpload.objects.only("created_at").get(id=upload_id)
    made = Batch.objects.filter(action=Way.SHEET.value, at__gte=upload.created_at, params__upload=upload_id)
    found = list(made.values_list("id", flat=True)[:2])
    return found[0] if len(found) == 1 else None
