"""What matching's operations take and answer."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field, model_validator

from jumun.api.fields import NO_NUL, Body, Flag, Id, LongText, Text, Won
from jumun.api.paging import Page
from jumun.api.schemas import ActionAnswer, RefusedRow
from jumun.matching.queries import MOST_LISTINGS


class UnmatchedListing(BaseModel):
    """A listing with items that wait to be matched; `item` is one of them, `price` of one in won, 0 when unknown."""

    item: int
    channel_account: int
    channel_account_name: str
    product_code: str
    product_name: str
    option_code: str
    option_text: str
    seller_code: str
    price: int
    order_number: str
    bundle_no: str
    items: int
    orders: int
    quantity: int
    oldest: datetime


class UnmatchedPage(Page[UnmatchedListing]):
    """Listings that wait, those with the most items first; and how many items, orders and listings wait in all."""

    items_total: int
    orders_total: int
    listings_total: int


class UnmatchedQuery(BaseModel):
    """Of which account."""

    channel_account: int | None = Field(None, ge=1, le=2**63 - 1)


class ListingBody(Body):
    """One listing: an item's, or its words. `price` of one in won, 0 when unknown."""

    item: Id | None = None
    name: LongText = ""
    option: LongText = ""
    seller_code: Text = ""
    price: Won = 0

    @model_validator(mode="after")
    def _one_of(self) -> "ListingBody":
        if (self.item is None) == (not self.name):
            raise ValueError("give one of item and name")
        return self


class SuggestionsBody(Body):
    """Listings to suggest SKUs for, and how many for each."""

    listings: Annotated[list[ListingBody], Field(min_length=1, max_length=MOST_LISTINGS)]
    limit: Annotated[int, Field(strict=True, ge=1, le=20)] = 5


class SuggestionQuery(BaseModel):
    """One listing: `item`, or `name` with `option`, `seller_code`, `price`."""

    item: int | None = Field(None, ge=1, le=2**63 - 1)
    name: str = Field("", max_length=500, pattern=NO_NUL)
    option: str = Field("", max_length=500, pattern=NO_NUL)
    seller_code: str = Field("", max_length=200, pattern=NO_NUL)
    price: int = Field(0, ge=0, le=10**12)
    limit: int = Field(5, ge=1, le=20)


class SuggestionReason(BaseModel):
    """One thing that speaks for a SKU or against it."""

    code: str
    text: str


class SuggestedSku(BaseModel):
    """A SKU suggested: points of 100, pieces for each one ordered, why. `certain`: nothing about it is open."""

    sku: str
    id: int
    name: str
    option_text: str
    barcode: str
    price: int
    ship_from: str | None
    stock: int | None = Field(description="units nobody has, at all ship-froms; null while it was never counted")
    points: float
    quantity: int
    certain: bool
    reasons: list[SuggestionReason]


class LinkPart(BaseModel):
    """One SKU of a link, so many for each one ordered."""

    sku: str
    quantity: int


class Kin(BaseModel):
    """A link of the same goods under another headline."""

    link: int
    channel_account: int
    product_name: str
    option_text: str
    kind: str
    parts: list[LinkPart]


class Suggestions(BaseModel):
    """What is suggested for one listing, best first."""

    item: int | None
    name: str
    option: str
    candidates: list[SuggestedSku]
    kin: Kin | None


class SuggestionsAnswer(BaseModel):
    """One answer a listing, in the order asked."""

    items: list[Suggestions]


class PartBody(Body):
    """One SKU by its code, so many for each one ordered."""

    sku: Text
    quantity: Annotated[int, Field(strict=True, ge=1, le=9_999)] = 1


class LinkBody(Body):
    """One link: a listing, by one of its items or in the channel's words, and what it is made of.

    kind   `link`, `gift`, `ignore` (nothing is packed for it), `none` (take the link back)
    """

    item: Id | None = None
    channel_account: Id | None = None
    product_code: Text = ""
    product_name: Text = ""
    option_code: Text = ""
    option_text: Text = ""
    kind: Annotated[str, Field(pattern=r"^(link|gift|ignore|none)$")] = "link"
    parts: Annotated[list[PartBody], Field(max_length=50)] = Field(default_factory=list)

    @model_validator(mode="after")
    def _one_of(self) -> "LinkBody":
        if (self.item is None) == (self.channel_account is None):
            raise ValueError("give one of item and channel_account")
        return self


class LinksBody(Body):
    """Links to make or change."""

    links: Annotated[list[LinkBody], Field(min_length=1, max_length=5_000)]
    dry_run: Flag = False


class RematchedItem(BaseModel):
    """An unshipped item that followed its link: the SKUs it had and those it has."""

    id: int
    order_number: str
    status: str
    was: str
    now: str


class LinksAnswer(ActionAnswer):
    """How many links say something new, items that followed (`items`: the first 200), rows that were refused."""

    links: int
    rows: list[RefusedRow]
    items: list[RematchedItem]


class LinkSheetForm(BaseModel):
    """Beside the file: the password of a locked one, and whether only to look."""

    password: Annotated[str, Field(max_length=255, pattern=NO_NUL)] = ""
    dry_run: bool = False


class LinkShown(BaseModel):
    """A remembered link. `version` counts its changes."""

    id: int
    channel_account: int
    product_code: str
    product_name: str
    option_code: str
    option_text: str
    kind: str
    parts: list[LinkPart]
    version: int
    changed_at: datetime
    by: int | None


class LinkQuery(BaseModel):
    """Which links."""

    channel_account: int | None = Field(None, ge=1, le=2**63 - 1)
    sku: str = Field("", max_length=200, pattern=NO_NUL)
    q: str = Field("", max_length=200, pattern=NO_NUL)


class AutomaticBody(Body):
    """Whether certain suggestions are linked by themselves."""

    automatic: Flag


class Automatic(BaseModel):
    """Whether certain suggestions are linked by themselves."""

    automatic: bool
