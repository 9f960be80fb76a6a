"""Files as answers: as attachments under their own name, never kept by anybody on the way."""

from typing import BinaryIO

from django.http import FileResponse

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"
MEDIA = {"xlsx": XLSX, "csv": CSV}


def answer_file(name: str, kind: str, content: BinaryIO) -> FileResponse:
    """The file as an attachment; `kind` is "xlsx" or "csv"."""
    response = FileResponse(content, as_attachment=True, filename=name, content_type=MEDIA[kind])
    response["Cache-Control"] = "private, no-store"
    return response
