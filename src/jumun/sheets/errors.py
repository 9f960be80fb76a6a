"""Why a sheet cannot be read."""

from jumun.core.errors import JumunError


class SheetError(JumunError):
    """A sheet that is not read, and why (`code`). The sentence never holds what stands in it."""

    status = 422
