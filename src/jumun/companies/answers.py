"""Answers saved under an Idempotency-Key, in the transaction that did the work (R24).

A crash leaves nothing behind: the row is written with the work, and the lock that says "running" ends with the
transaction, however that ends.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.utils.crypto import salted_hmac

from jumun.companies.models import SavedAnswer
from jumun.core.errors import ConflictError, JumunError
from jumun.core.tenancy import acting_as


class KeyReusedError(JumunError):
    """The key was used with another body, address or person."""

    status = 422


@dataclass(frozen=True, slots=True)
class Keyed:
    """A call made under a key: `call` is method and path, `fingerprint` stands for body, query and person."""

    company_id: int
    key: str
    call: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call was answered with. `status` is the HTTP status."""

    status: int
    body: str


def keyed(company_id: int, person_id: int, *, key: str, call: str, content: bytes) -> Keyed:
    """The call as it is remembered. The fingerprint is keyed with our secret: a body may hold a password."""
    made = salted_hmac("jumun.idempotency", f"{person_id}\n".encode() + content, algorithm="sha256")
    return Keyed(company_id, key, call, made.hexdigest())


def take_key(call: Keyed) -> Answer | None:
    """The answer saved under this key, or None and the key is this transaction's to use.

    Raises ConflictError("key_running") while another transaction works under it, KeyReusedError("key_reused").
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, %s))", [f"{call.call}\n{call.key}", call.company_id]
        )
        if not cursor.fetchone()[0]:
            raise ConflictError("key_running")
    found = SavedAnswer.objects.filter(key=call.key, call=call.call).first()
    if found is None:
        return None
    if found.fingerprint != call.fingerprint:
        raise KeyReusedError("key_reused")
    return Answer(found.status or 200, found.body)


def keep_answer(call: Keyed, answer: Answer, *, at: datetime) -> None:
    """Save what the call was answered with; an answer that is there already stays."""
    SavedAnswer.objects.bulk_create(
        [
            SavedAnswer(
                company_id=call.company_id,
                key=call.key,
                call=call.call,
                fingerprint=call.fingerprint,
                status=answer.status,
                body=answer.body,
                created_at=at,
            )
        ],
        ignore_conflicts=True,
    )


def forget_everywhere(*, before: datetime) -> None:
    """The same for every company, one transaction each. For the clock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM jumun_companies()")
        companies = [row[0] for row in cursor.fetchall()]
    for company_id in companies:
        with acting_as(company_id):
            forget_answers(before=before)


def forget_answers(*, before: datetime) -> None:
    """Drop the answers of the company acted for that are older than this; keys must hold for a day at least."""
    SavedAnswer.objects.filter(created_at__lt=before).delete()
