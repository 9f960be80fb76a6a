"""Exceptions that cross rooms. A refused row is data (`refusal`); an exception means the whole call failed."""

from jumun.core.sentences import sentence


class JumunError(Exception):
    """A call that failed with a stable code and a sentence for the person who made it.

    `values` fill the blanks of the sentence; they never carry personal data.
    """

    status = 400

    def __init__(self, code: str, **values: object) -> None:
        self.code = code
        self.values = values
        super().__init__(self.reason("en"))

    def reason(self, language: str = "ko") -> str:
        """The sentence for this failure in Korean ("ko") or English ("en")."""
        return sentence(self.code, language, **self.values)


class NotFoundError(JumunError):
    """Nothing of that id is visible to this company."""

    status = 404


class NotAllowedError(JumunError):
    """The person's role does not reach this."""

    status = 403


class ConflictError(JumunError):
    """Somebody else got there first."""

    status = 409


class ChannelError(JumunError):
    """A channel answered that this call will not work; trying again changes nothing by itself.

    `unclear` is True when the call may have had its effect all the same (an answer nobody could read).
    """

    status = 502

    def __init__(self, code: str, *, unclear: bool = False, **values: object) -> None:
        self.unclear = unclear
        super().__init__(code, **values)


class ChannelBusy(ChannelError):
    """A channel could not answer now. Trying again is safe for reads.

    `retry_after` is in seconds, as the channel asked, or None. `unclear` is True when a write may have been
    applied (time-out, cut connection): then the line is read back before anything is sent again. `limited`: it
    answered that we call too often (429), so it is not down.
    """

    def __init__(
        self,
        code: str,
        *,
        retry_after: float | None = None,
        unclear: bool = False,
        limited: bool = False,
        **values: object,
    ) -> None:
        self.retry_after = retry_after
        self.limited = limited
        super().__init__(code, unclear=unclear, **values)
