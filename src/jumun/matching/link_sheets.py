"""매칭 엑셀: links by sheet, one row a SKU; rows of one listing together are what it is made of (C12)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from jumun.channels.models import ChannelAccount
from jumun.core.errors import JumunError
from jumun.core.refusal import Outcome
from jumun.matching.links import Linked, ListingRef, NewLink, put_links
from jumun.matching.models import Kind
from jumun.sheets.tables import NoHeaderError, TooManyRowsError, is_wrong, read_table

MOST_ROWS = 50_000
_NAMES = {
    "account": ("판매처계정", "판매처", "쇼핑몰", "계정", "account", "channelaccount"),
    "product_code": ("판매처상품코드", "상품코드", "쇼핑몰상품코드", "상품번호", "productcode"),
    "product_name": ("판매처상품명", "상품명", "쇼핑몰상품명", "productname"),
    "option_code": ("옵션코드", "옵션번호", "판매처옵션코드", "optioncode"),
    "option_text": ("옵션", "옵션명", "판매처옵션", "option", "optiontext"),
    "sku": ("품목코드", "sku", "sku코드", "자체상품코드", "skucode"),
    "quantity": ("수량", "구성수량", "quantity", "qty"),
    "kind": ("구분", "매칭구분", "kind"),
}
_NEEDS = (frozenset({"account"}), frozenset({"sku"}), frozenset({"product_code", "product_name"}))
_KINDS = {
    "": Kind.LINK,
    "매칭": Kind.LINK,
    "사은품": Kind.GIFT,
    "출고없음": Kind.IGNORE,
    "제외": Kind.IGNORE,
    "매칭안함": Kind.NONE,
}


@dataclass(frozen=True, slots=True)
class SheetLinked:
    """What a sheet of links did; `refused` are rows by the sheet's own number and code."""

    linked: Linked
    refused: list[tuple[int, str]]


def put_link_sheet(
    source: Path, *, by: int | None, at: datetime, dry_run: bool = False, password: str | None = None
) -> SheetLinked:
    """Link what a sheet says: 판매처, 판매처 상품코드 (or 상품명), 옵션코드 (or 옵션), 품목코드, 수량, 구분.

    The first worksheet is read. Wrong rows are refused by their number, a listing with a wrong row as a whole, the rest
    goes on. Raises SheetError, JumunError("link_sheet_columns") without a column for the account, the listing or the
    SKU, JumunError("link_sheet_too_long").
    """
    try:
        table = read_table(source, _NAMES, needs=_NEEDS, most=MOST_ROWS, password=password)
    except NoHeaderError:
        raise JumunError("link_sheet_columns") from None
    except TooManyRowsError:
        raise JumunError("link_sheet_too_long", most=f"{MOST_ROWS:,}") from None
    wanted, numbers, refused = _read_rows(table.rows)
    linked = put_links(wanted, by=by, at=at, dry_run=dry_run) if wanted else Linked(0, [], Outcome(0))
    refused += [(number, code) for place, code in linked.refused for number in numbers[place]]
    return SheetLinked(linked, sorted(refused))


def _find_accounts() -> dict[str, int]:
    """Ids by key and by name. What two accounts are called names neither: a wrong link ships wrong goods."""
    known = list(ChannelAccount.objects.values_list("id", "name", "key"))
    names = Counter(name for _, name, _ in known)
    return {name: id_ for id_, name, _ in known if names[name] == 1} | {key: id_ for id_, _, key in known}


def _read_rows(
    rows: Sequence[tuple[int, dict[str, str]]],
) -> tuple[list[NewLink], list[list[int]], list[tuple[int, str]]]:
    """Links, the sheet's row numbers of each, and rows that say nothing that can be done."""
    accounts = _find_accounts()
    parts: dict[ListingRef, list[tuple[str, int]]] = {}
    kinds: dict[ListingRef, set[str]] = {}
    numbers: dict[ListingRef, list[int]] = {}
    refused: list[tuple[int, str]] = []
    for number, said in rows:
        listing = ListingRef(
            accounts.get(said["account"], 0), *(said.get(what, "") for what in
            ("product_code", "product_name", "option_code", "option_text"))
        )  # fmt: skip
        quantity, kind = said.get("quantity", "") or "1", _KINDS.get(said.get("kind", "").replace(" ", ""))
        if any(map(is_wrong, said.values())):
            kind = None
        if kind is None or not (quantity.isascii() and quantity.isdigit() and len(quantity) < 6):
            refused.append((number, "invalid" if kind is None else "bad_quantity"))
            quantity, kind = "0", kind or Kind.LINK
        kinds.setdefault(listing, set()).add(kind)
        numbers.setdefault(listing, []).append(number)
        parts.setdefault(listing, [])
        if said["sku"] or kind in (Kind.LINK, Kind.GIFT):
            parts[listing].append((said["sku"], int(quantity)))
    bad = {number for number, _ in refused}
    good = [listing for listing in parts if not bad & set(numbers[listing]) and len(kinds[listing]) == 1]
    refused += [
        (number, "twice")
        for listing in parts
        if len(kinds[listing]) > 1
        for number in numbers[listing]
        if number not in bad
    ]
    links = [NewLink(listing, parts=parts[listing], kind=next(iter(kinds[listing]))) for listing in good]
    return links, [numbers[listing] for listing in good], refused
