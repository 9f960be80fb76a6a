"""Files a page gives away: as attachments under their own name, kept by nobody on the way."""

from typing import BinaryIO, cast

from django.http import FileResponse, HttpResponse

MEDIA = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


def send_file(name: str, kind: str, content: BinaryIO) -> HttpResponse:
    """The file as an attachment; `kind` is "xlsx" or "csv"."""
    response = FileResponse(content, as_attachment=True, filename=name, content_type=MEDIA[kind])
    response["Cache-Control"] = "private, no-store"
    return cast("HttpResponse", response)  # streamed; what pages do with an answer, it can
