"""`Idempotency-Key` on a POST: the same call again is answered with what it was answered with (R24).

Same key and body: the saved answer. Another body: 422 `key_reused`. Still running: 409 `key_running`. A call that
failed saved nothing and may be made again under its key.
"""

import hashlib
from collections.abc import Callable

from django.core.files.uploadedfile import UploadedFile

from jumun.api.auth import Call
from jumun.api.problems import InvalidError
from jumun.companies.answers import Answer, Keyed, keep_answer, keyed, take_key
from jumun.core.tenancy import acting_as

HEADER = "Idempotency-Key"
LONGEST = 255


def key_of(request: Call) -> Keyed | None:
    """The key this call was made under, if it is a POST with one. Raises InvalidError for one that is too long."""
    key = request.headers.get(HEADER)
    if key is None or request.method != "POST":
        return None
    if not 0 < len(key) <= LONGEST:
        raise InvalidError("invalid", field=HEADER)
    content = request.META.get("QUERY_STRING", "").encode() + b"\n" + _content(request)
    caller = request.auth
    return keyed(caller.company_id, caller.person_id, key=key, call=f"POST {request.path}", content=content)


def _content(request: Call) -> bytes:
    """What the call says: its body, or of an uploaded file its form and the digest of each file."""
    if request.content_type != "multipart/form-data":
        return request.body
    told = hashlib.sha256()
    for name, values in sorted(request.POST.lists()):
        told.update(repr((name, values)).encode())
    for name, file in sorted((name, file) for name, file in request.FILES.items() if isinstance(file, UploadedFile)):
        told.update(repr((name, file.name, file.size)).encode())
        for chunk in file.chunks():
            told.update(chunk)
        file.seek(0)
    return told.digest()


def answer_once(request: Call, key: Keyed, run: Callable[[], tuple[Answer, str]]) -> tuple[Answer, bool]:
    """Within the transaction of the work: the saved answer, or run and save. Answers whether it was saved before.

    `run` answers what is sent now and the body that is kept; they differ where the answer holds a secret.
    """
    saved = take_key(key)
    if saved is not None:
        return saved, True
    made, kept = run()
    keep_answer(key, Answer(made.status, kept), at=request.at)
    return made, False


def answer_remote(request: Call, key: Keyed, run: Callable[[], tuple[Answer, str]]) -> tuple[Answer, bool]:
    """The same for work that talks to a channel and may hold no transaction meanwhile.

    Two such calls at once both run; what they do is a read on the channel.
    """
    with acting_as(key.company_id):
        saved = take_key(key)
    if saved is not None:
        return saved, True
    made, kept = run()
    with acting_as(key.company_id):
        keep_answer(key, Answer(made.status, kept), at=request.at)
    return made, False
