"""Which batch of orders an uploaded sheet brought in."""

from uuid import UUID, uuid5

from jumun.orders.models import Batch

_SHEETS = UUID("6f0f3f0e-6a1c-4c57-9d0a-2f9b5f2f4c11")


def batch_of(upload_id: int) -> UUID:
    """The batch all orders of a sheet belong to, in however many pieces and whenever they go in."""
    return uuid5(_SHEETS, str(upload_id))


def find_batch(upload_id: int) -> UUID | None:
    """The batch of a committed sheet; None where nothing went in."""
    return Batch.objects.filter(id=batch_of(upload_id)).values_list("id", flat=True).first()
