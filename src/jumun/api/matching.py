"""From a listing to SKUs: what waits, what is suggested, what is remembered (C10-C13, N19)."""

from collections.abc import Sequence
from dataclasses import asdict

from ninja import File, Form, Query
from ninja.files import UploadedFile

from jumun.api.auth import Call, speaks
from jumun.api.matching_schemas import (
    Automatic,
    AutomaticBody,
    Kin,
    LinkBody,
    LinkPart,
    LinkQuery,
    LinksAnswer,
    LinksBody,
    LinkSheetForm,
    LinkShown,
    RematchedItem,
    SuggestedSku,
    SuggestionQuery,
    SuggestionReason,
    Suggestions,
    SuggestionsAnswer,
    SuggestionsBody,
    UnmatchedListing,
    UnmatchedPage,
    UnmatchedQuery,
)
from jumun.api.paging import Page, Paging, cut, read_id_cursor
from jumun.api.routes import Routes
from jumun.api.schemas import RefusedRow, outcome_values
from jumun.companies.roles import May
from jumun.core.errors import JumunError, NotFoundError
from jumun.core.halves import received
from jumun.core.sentences import sentence
from jumun.matching import queries
from jumun.matching.automatic import set_automatic
from jumun.matching.link_sheets import put_link_sheet
from jumun.matching.links import Linked, ListingRef, NewLink, put_links
from jumun.matching.reasons import reason_text
from jumun.matching.scoring import Listing
from jumun.stock.queries import free_of

routes = Routes(tags=["matching"])


@routes.read("/matching/unmatched", UnmatchedPage)
def list_unmatched_listings(request: Call, wanted: Query[UnmatchedQuery], paging: Query[Paging]) -> UnmatchedPage:
    """Listings whose items wait to be matched, with counts."""
    start = read_id_cursor(paging.cursor) or 0
    rows = queries.list_unmatched(account=wanted.channel_account, offset=start, limit=paging.limit)
    page, following = cut(rows, paging.limit, lambda _: str(start + paging.limit))
    counts = queries.count_unmatched(account=wanted.channel_account)
    items = [
        UnmatchedListing(
            item=row.item,
            channel_account=row.account,
            channel_account_name=row.account_name,
            product_code=row.product_code,
            product_name=row.product_name,
            option_code=row.option_code,
            option_text=row.option_text,
            seller_code=row.seller_code,
            price=row.price,
            order_number=row.order_number,
            bundle_no=row.bundle_no,
            items=row.items,
            orders=row.orders,
            quantity=row.quantity,
            oldest=row.oldest,
        )
        for row in page
    ]
    return UnmatchedPage(
        items=items,
        next_cursor=following,
        items_total=counts.items,
        orders_total=counts.orders,
        listings_total=counts.listings,
    )


@routes.read("/matching/suggestions", Suggestions)
def suggest_one(request: Call, wanted: Query[SuggestionQuery]) -> Suggestions:
    """Ranked SKUs for one listing."""
    if wanted.item is None and not wanted.name:
        raise JumunError("invalid", field="item")
    if wanted.item is not None:
        said = queries.find_said([wanted.item]).get(wanted.item)
        if said is None:
            raise NotFoundError("not_found")
    else:
        said = queries.Said(Listing(wanted.name, wanted.option, wanted.seller_code, wanted.price))
    return _suggest([said], wanted.limit, speaks(request))[0]


@routes.write("POST", "/matching/suggestions", SuggestionsAnswer, may=May.READ)
def suggest_many(request: Call, body: SuggestionsBody) -> SuggestionsAnswer:
    """Ranked SKUs for a list of listings; changes nothing."""
    items = queries.find_said([each.item for each in body.listings if each.item is not None])
    said = []
    for each in body.listings:
        if each.item is None:
            said.append(queries.Said(Listing(each.name, each.option, each.seller_code, each.price)))
        elif each.item in items:
            said.append(items[each.item])
        else:
            raise NotFoundError("not_found")
    return SuggestionsAnswer(items=_suggest(said, body.limit, speaks(request)))


@routes.read("/matching/links", Page[LinkShown])
def list_remembered_links(request: Call, wanted: Query[LinkQuery], paging: Query[Paging]) -> Page[LinkShown]:
    """Remembered links."""
    rows = queries.list_links(
        after=read_id_cursor(paging.cursor) or 0,
        limit=paging.limit,
        account=wanted.channel_account,
        sku=wanted.sku,
        text=wanted.q,
    )
    page, following = cut(rows, paging.limit, lambda row: str(row.id))
    items = [
        LinkShown(
            id=row.id,
            channel_account=row.account,
            product_code=row.product_code,
            product_name=row.product_name,
            option_code=row.option_code,
            option_text=row.option_text,
            kind=row.kind,
            parts=_parts(row.parts),
            version=row.version,
            changed_at=row.at,
            by=row.by,
        )
        for row in page
    ]
    return Page(items=items, next_cursor=following)


@routes.write("POST", "/matching/links", LinksAnswer, may=May.CATALOG)
def put_many_links(request: Call, body: LinksBody) -> LinksAnswer:
    """Make or change links; every unshipped item of these listings follows in one go. A wrong row stops no other."""
    linked = put_links(
        [_new_link(each) for each in body.links], by=request.auth.person_id, at=request.at, dry_run=body.dry_run
    )
    return _answer(linked, linked.refused, speaks(request))


@routes.write("POST", "/matching/links/sheet", LinksAnswer, may=May.CATALOG)
def put_sheet_of_links(request: Call, form: Form[LinkSheetForm], file: File[UploadedFile]) -> LinksAnswer:
    """The same by a sheet: 판매처, 판매처 상품코드 (or 상품명), 옵션코드 (or 옵션), 품목코드, 수량, 구분. Rows by their numbers."""
    with received(file.chunks()) as path:
        done = put_link_sheet(
            path, by=request.auth.person_id, at=request.at, dry_run=form.dry_run, password=form.password or None
        )
    return _answer(done.linked, done.refused, speaks(request))


@routes.read("/matching/automatic", Automatic)
def read_automatic(request: Call) -> Automatic:
    """Whether certain suggestions are linked by themselves."""
    return Automatic(automatic=queries.links_by_itself())


@routes.write("PUT", "/matching/automatic", Automatic, may=May.ACCOUNTS)
def put_automatic(request: Call, body: AutomaticBody) -> Automatic:
    """Have certain suggestions linked by themselves, or not."""
    set_automatic(request.auth.company_id, on=body.automatic)
    return Automatic(automatic=body.automatic)


def _new_link(each: LinkBody) -> NewLink:
    parts = [(part.sku, part.quantity) for part in each.parts]
    if each.item is not None:
        return NewLink(item=each.item, parts=parts, kind=each.kind)
    listing = ListingRef(
        each.channel_account or 0, each.product_code, each.product_name, each.option_code, each.option_text
    )
    return NewLink(listing, parts=parts, kind=each.kind)


def _answer(linked: Linked, refused: Sequence[tuple[int, str]], language: str) -> LinksAnswer:
    return LinksAnswer(
        **outcome_values(linked.outcome, language),
        links=linked.links,
        rows=[RefusedRow(row=row, code=code, reason=sentence(code, language)) for row, code in refused],
        items=[
            RematchedItem(id=each.item, order_number=each.order_number, status=each.status, was=each.was, now=each.now)
            for each in linked.items
        ],
    )


def _suggest(said: Sequence[queries.Said], limit: int, language: str) -> list[Suggestions]:
    found = queries.suggest_for(said, most=limit)
    wanted = {candidate.sku for each in found for candidate in each.candidates}
    skus = queries.find_skus(wanted)
    free = free_of(list(skus))
    return [
        Suggestions(
            item=each.said.item,
            name=each.said.listing.name,
            option=each.said.listing.option,
            candidates=[
                SuggestedSku(
                    **asdict(skus[candidate.sku]),
                    stock=free.get(candidate.sku),
                    points=candidate.points,
                    quantity=candidate.quantity,
                    certain=candidate.certain,
                    reasons=[
                        SuggestionReason(code=reason.code, text=reason_text(reason, language))
                        for reason in candidate.reasons
                    ],
                )
                for candidate in each.candidates
                if candidate.sku in skus
            ],
            kin=Kin(
                link=each.kin.link,
                channel_account=each.kin.account,
                product_name=each.kin.product_name,
                option_text=each.kin.option_text,
                kind=each.kin.kind,
                parts=_parts(each.kin.parts),
            )
            if each.kin
            else None,
        )
        for each in found
    ]


def _parts(parts: Sequence[tuple[str, int]]) -> list[LinkPart]:
    return [LinkPart(sku=sku, quantity=quantity) for sku, quantity in parts]
