"""Kinds of values in requests, strict: a number is not a text, a text holds no NUL, an id fits the database."""

from datetime import UTC, date, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StrictBool
from pydantic.config import JsonDict

from jumun.api.paging import BIGGEST_ID

NO_NUL = r"^[^\x00]*$"

Text = Annotated[str, Field(max_length=500, pattern=NO_NUL)]
LongText = Annotated[str, Field(max_length=4000, pattern=NO_NUL)]
Name = Annotated[str, Field(min_length=1, max_length=200, pattern=NO_NUL)]
Email = Annotated[str, Field(max_length=254, pattern=r"^[^@\s\x00]+@[^@\s\x00]+\.[^@\s\x00]+$")]
Id = Annotated[int, Field(strict=True, ge=1, le=BIGGEST_ID)]
Won = Annotated[int, Field(strict=True, ge=0, le=10**12)]
Flag = StrictBool
PathId = Annotated[int, Field(ge=1, le=BIGGEST_ID)]


def _text_only(value: object) -> object:
    """A moment is written as text (RFC 3339), never as a count of seconds."""
    if not isinstance(value, str) or not value[:4].isdigit() or "-" not in value[:5]:
        raise ValueError("not an RFC 3339 moment")
    return value


def _storable(value: datetime) -> datetime:
    """In UTC, far from the ends of time: the database takes no zone beyond ±15:59."""
    if not 1970 <= value.year <= 9000:
        raise ValueError("out of range")
    return value.astimezone(UTC)


Moment = Annotated[
    AwareDatetime, BeforeValidator(_text_only, json_schema_input_type=AwareDatetime), AfterValidator(_storable)
]
"""A moment with its zone, such as 2026-11-23T12:00:00+09:00."""


def _day_only(value: object) -> object:
    """A day is written as text, never as a count of seconds."""
    if not isinstance(value, str) or len(value) != len("2026-11-23"):
        raise ValueError("not a day such as 2026-11-23")
    return value


def _near(value: date) -> date:
    if not 2000 <= value.year <= 2999:
        raise ValueError("out of range")
    return value


Day = Annotated[date, BeforeValidator(_day_only, json_schema_input_type=date), AfterValidator(_near)]
"""A day in Seoul, such as 2026-11-23."""


def split(value: object) -> Any:
    """One value or a list: "a,b" is two."""
    if isinstance(value, str):
        return [part for part in value.split(",") if part]
    return [value] if isinstance(value, int) and not isinstance(value, bool) else value


Texts = Annotated[list[Text], BeforeValidator(split, json_schema_input_type=list[Text] | Text)]
Ids = Annotated[list[Id], BeforeValidator(split, json_schema_input_type=list[Id] | Id)]


def one_of(**kinds: str) -> JsonDict:
    """What a description adds for a body that takes exactly one of these fields, each of a JSON type."""
    return {"oneOf": [{"required": [name], "properties": {name: {"type": kind}}} for name, kind in kinds.items()]}


class Body(BaseModel):
    """A request's body: what we do not know is refused (S18)."""

    model_config = ConfigDict(extra="forbid")
