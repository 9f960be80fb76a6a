"""Coupang Wing Open API over HTTP: signature, pace, paging, and what a failed call means. Knows no port object but
Session and Window.

A read that fails may simply be repeated. A write whose answer did not arrive whole, or cannot be read, may have been
applied: it raises `ChannelBusy(unclear=True)` and is never repeated here. No exception carries a header, a body or an
address: their text reaches logs.
"""

import hashlib
import hmac
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import quote, urlencode

import httpx
import orjson

from jumun.channels.port import Session, Window
from jumun.connectors.coupang import codes, wire_writing
from jumun.connectors.coupang.wire_json import read_json
from jumun.core.clock import now
from jumun.core.errors import ChannelBusy, ChannelError
from jumun.core.json_fields import Json, rows_of, text

ROOT = "/v2/providers/openapi/apis/api"
PAGE = 50
EXCHANGE_PAGE = 10
WITHDRAWAL_PAGE = 100
OFFSET = "+09:00"
LARGEST_BODY = 20 * 1024 * 1024
SLOWEST = 3
"""An answer that trickles in is given up after this many times the time-out of one read."""
SKEW = timedelta(minutes=2)
BLOCKED_SECONDS = 600.0
BUSY_SECONDS = 60.0
LONGEST_PAUSE = 86_400.0

_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, httpx.UnsupportedProtocol)
_GONE = re.compile(r"취소\s*(또는|/)\s*반품")
_NOT_OURS = re.compile(r"다른 판매자의 주문|유효하지 않은 주문번호|발주서를 찾을 수 없")
_TOO_OLD = re.compile(r"within the last|too old|조회 ?가능한? ?(한 )?기간")


class CallRefused(ChannelError):
    """HTTP 400 (or another 4xx without a meaning of its own): nothing of the call was applied.

    `channel_code` is the channel's code, or "HTTP 400" and the like. `words` stay here: they are compared with the
    documented messages and shown to nobody.
    """

    def __init__(self, channel_code: str, *, status: int, words: str) -> None:
        self.channel_code = channel_code
        self.status = status
        self.words = words
        super().__init__("channel_refused", message=channel_code)


@dataclass(frozen=True, slots=True)
class _Answer:
    call: str
    status: int
    headers: httpx.Headers
    body: bytes


@dataclass(frozen=True, slots=True)
class Order:
    """What a single order's call said: its boxes; `gone` when it was cancelled or came back as a whole."""

    boxes: tuple[Json, ...] = ()
    gone: bool = False


def sign(secret_key: str, signed_date: str, method: str, path: str, query: str) -> str:
    """`signature` of the Authorization header: lowercase hex HMAC-SHA256 of date + METHOD + path + query (§2.1).

    path     the official one, without whatever a test or a relay puts in front of it
    query    exactly as sent, without the question mark
    """
    message = f"{signed_date}{method}{path}{query}"
    return hmac.new(secret_key.encode(), message.encode(), hashlib.sha256).hexdigest()


class CoupangClient:
    """One vendor's calls. Methods answer decoded JSON; see the wire files for the shapes."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._vendor = session.credentials.get("vendor_id", "").strip()
        self._plain_dates = False
        self._http = httpx.Client(
            timeout=session.timeout,
            follow_redirects=False,
            headers={"Accept": "application/json", "Content-Type": "application/json;charset=UTF-8"},
        )

    def close(self) -> None:
        """Give the connections back."""
        self._http.close()

    # Reading

    def sheets(self, window: Window, status: str) -> Iterator[list[Json]]:
        """Pages of the order sheets of one status whose orders were made in the window, oldest slice first.

        Under a day by the minute, which has no pages; else by whole days in Seoul, 50 a page.
        """
        for dates in _slices(window):
            yield from self._pages("ordersheets", {**_with_offset(dates), "status": status})

    def order(self, order_number: str) -> Order:
        """The boxes of one order: none for an order that is not this vendor's, `gone` for the documented 400."""
        try:
            answer = self._read("ordersheets", f"{quote(order_number, safe='')}/ordersheets", {})
        except CallRefused as refused:
            if _GONE.search(refused.words):
                return Order(gone=True)
            if refused.status == httpx.codes.NOT_FOUND or _NOT_OURS.search(refused.words):
                return Order()
            raise
        return Order(boxes=tuple(rows_of(answer, "data")))

    def receipts(self, window: Window) -> Iterator[Json]:
        """Every cancel and return asked for in the window: RU, UC, CC and PR, then the payment stage's cancels."""
        wanted = [{"status": status} for status in codes.RECEIPT_STATUSES] + [{"cancelType": codes.CANCEL}]
        for dates in _slices(window):
            for which in wanted:
                yield from self._receipt_rows({**dates, **which})

    def receipts_of(self, order_number: str, window: Window) -> Iterator[Json]:
        """The receipts of one order made in the window. Payment-stage cancels have no such call (§10.17)."""
        for start, end in wire_writing.write_days(window):
            yield from self._receipt_rows({"createdAtFrom": start, "createdAtTo": end, "orderId": order_number})

    def cancels(self, window: Window) -> Iterator[Json]:
        """The payment stage's cancels of the window, of every order."""
        for start, end in wire_writing.write_days(window):
            yield from self._receipt_rows({"createdAtFrom": start, "createdAtTo": end, "cancelType": codes.CANCEL})

    def exchanges(self, window: Window, order_number: str = "") -> Iterator[Json]:
        """Exchanges asked for in the window, of one order or of all."""
        for start, end in wire_writing.write_weeks(window):
            asked = {"createdAtFrom": start, "createdAtTo": end, "maxPerPage": str(EXCHANGE_PAGE)}
            for page in self._pages("exchangeRequests", asked | ({"orderId": order_number} if order_number else {})):
                yield from page

    def withdrawals(self, window: Window) -> Iterator[Json]:
        """Receipts the buyer took back in the window."""
        for start, end in wire_writing.write_days(window, most=wire_writing.WEEK_DAYS):
            asked = {"dateFrom": start, "dateTo": end, "pageIndex": "1", "sizePerPage": str(WITHDRAWAL_PAGE)}
            for page in self._pages("returnWithdrawRequests", asked, page_by=("pageIndex", "nextPageIndex")):
                yield from page

    def _receipt_rows(self, asked: Mapping[str, str]) -> Iterator[Json]:
        """returnRequests with the dates of v6, else with plain ones.

        The notice of the new versions wants an offset behind every date, the page of this call shows plain ones; both
        are tried once a client, the notice's first.
        """
        rows: list[Json] = []
        try:
            for page in self._pages("returnRequests", asked if self._plain_dates else _with_offset(asked)):
                rows += page
        except CallRefused:
            if self._plain_dates:
                raise
            rows = [row for page in self._pages("returnRequests", asked) for row in page]
            self._plain_dates = True
        return iter(rows)

    def _pages(
        self, call: str, asked: Mapping[str, str], *, page_by: tuple[str, str] = ("nextToken", "nextToken")
    ) -> Iterator[list[Json]]:
        """All pages of a list. A continuation that comes back would be read for ever, at the seller's quota.

        page_by    the parameter that asks for the next page, and the field of the answer that names it
        """
        parameter, following = page_by
        by_minute = "searchType" in asked
        params = dict(asked)
        if call in {"ordersheets", "returnRequests"} and not by_minute:
            params["maxPerPage"] = str(PAGE)
        seen: set[str] = set()
        while True:
            answer = self._read(call, call, params)
            yield rows_of(answer, "data")
            more = text(answer, following)
            if by_minute or not more:
                return
            if more in seen:
                raise ChannelError("channel_unreadable")
            seen.add(more)
            params[parameter] = more

    def _read(self, call: str, path: str, params: Mapping[str, str]) -> Json:
        answer = self._send("GET", call, path, params=params)
        found = self._open(answer, writes=False)
        if not isinstance(found.get("data"), list | dict) or text(found, "code").upper() in codes.FAILED:
            # An error in the envelope is no empty list: a watermark would pass over what it hides.
            raise self._unreadable(answer, writes=False)
        return found

    # Writing

    def acknowledge(self, boxes: Sequence[int]) -> Json:
        """상품준비중 for at most 50 boxes: the answer's `data`. Raises CallRefused on HTTP 400."""
        return self._write("PUT", "ordersheets/acknowledgement", {"shipmentBoxIds": list(boxes)})

    def send_invoices(self, rows: Sequence[Mapping[str, object]]) -> Json:
        """`orders/invoices`: the answer's `data`. Raises CallRefused on HTTP 400."""
        return self._write("POST", "orders/invoices", {"orderSheetInvoiceApplyDtos": list(rows)})

    def update_invoices(self, rows: Sequence[Mapping[str, object]]) -> Json:
        """`orders/updateInvoices`: the answer's `data`. Raises CallRefused on HTTP 400."""
        return self._write("POST", "orders/updateInvoices", {"orderSheetInvoiceApplyDtos": list(rows)})

    def _write(self, method: str, path: str, body: Json) -> Json:
        answer = self._send(method, path.rsplit("/", 1)[-1], path, body={"vendorId": self._vendor, **body})
        data = self._open(answer, writes=True).get("data")
        if not isinstance(data, dict):
            raise self._unreadable(answer, writes=True)
        return data

    # One call

    def _send(
        self, method: str, call: str, path: str, *, params: Mapping[str, str] | None = None, body: Json | None = None
    ) -> _Answer:
        """Sign, send and read the whole body, up to 20 MB after decompression. Raises for what never became one."""
        writes = method != "GET"
        full = f"{ROOT}/{codes.VERSIONS[call]}/vendors/{quote(self._vendor, safe='')}/{path}"
        query = urlencode(params or {}, quote_via=quote, safe=":")
        url = f"{self._session.base_url.rstrip('/')}{full}{'?' if query else ''}{query}"
        content = None if body is None else orjson.dumps(body)
        self._session.pace(call)
        request = self._http.build_request(method, url, content=content, headers=self._sign(method, full, query))
        give_up = time.monotonic() + self._session.timeout * SLOWEST
        received = bytearray()
        try:
            response = self._http.send(request, stream=True)
            try:
                if told := _read_date(response.headers.get("date")):
                    self._session.hear(told)
                for piece in response.iter_bytes():
                    received += piece
                    if len(received) > LARGEST_BODY:
                        answer = _Answer(call, response.status_code, response.headers, bytes(received))
                        raise self._unreadable(answer, writes=writes)
                    if time.monotonic() > give_up:
                        raise ChannelBusy("channel_timeout", unclear=writes)
            finally:
                response.close()
        except _NOT_SENT:
            raise ChannelBusy("channel_busy") from None
        except httpx.DecodingError:
            answer = _Answer(call, response.status_code, response.headers, bytes(received))
            raise self._unreadable(answer, writes=writes) from None
        except httpx.HTTPError:
            raise ChannelBusy("channel_timeout", unclear=writes) from None
        return _Answer(call, response.status_code, response.headers, bytes(received))

    def _sign(self, method: str, path: str, query: str) -> dict[str, str]:
        keys = self._session.credentials
        access_key, secret_key = keys.get("access_key", "").strip(), keys.get("secret_key", "").strip()
        if not all(re.fullmatch(r"[\x21-\x7e]+", word) for word in (access_key, self._vendor)):
            # Nothing a header or a path can carry, so nothing Coupang ever gave out.
            raise ChannelError("bad_credentials")
        date = f"{now():%y%m%dT%H%M%SZ}"
        signature = sign(secret_key, date, method, path, query)
        value = f"CEA algorithm=HmacSHA256, access-key={access_key}, signed-date={date}, signature={signature}"
        return {"Authorization": value, "X-Requested-By": self._vendor}

    def _open(self, answer: _Answer, *, writes: bool) -> Json:
        """The JSON object of a 2xx answer; an exception for every other (channels.md §2.1, §10.19)."""
        status = answer.status
        found = read_json(answer.body)
        if httpx.codes.is_success(status):
            if found is None:
                raise self._unreadable(answer, writes=writes)
            return found
        if status >= httpx.codes.INTERNAL_SERVER_ERROR:
            pause = _read_seconds(answer.headers.get("retry-after"))
            raise ChannelBusy("channel_timeout" if writes else "channel_busy", retry_after=pause, unclear=writes)
        if status < httpx.codes.BAD_REQUEST:
            # A redirect leads away from the host whose keys these are; it is never followed.
            raise self._unreadable(answer, writes=writes)
        raise _refusal(answer, found)

    def _unreadable(self, answer: _Answer, *, writes: bool) -> ChannelError:
        self._session.keep(answer.call, answer.status, answer.body)
        return ChannelBusy("channel_unreadable", unclear=True) if writes else ChannelError("channel_unreadable")


def _refusal(answer: _Answer, found: Json | None) -> ChannelError:
    """What a 4xx means. The gateway turned the call away, so nothing of it was applied."""
    status, words = answer.status, text(found or {}, "message")
    if status in {httpx.codes.TOO_MANY_REQUESTS, httpx.codes.LOCKED, httpx.codes.REQUEST_TIMEOUT}:
        pause = _read_seconds(answer.headers.get("retry-after"))
        return ChannelBusy("channel_busy", retry_after=BUSY_SECONDS if pause is None else pause, limited=True)
    if status == httpx.codes.FORBIDDEN:
        if b"Access Denied" in answer.body:
            # What follows mass errors: every call is answered so for a while (§2.1).
            return ChannelBusy("channel_busy", retry_after=BLOCKED_SECONDS, limited=True)
        return ChannelError("ip_not_allowed" if "ip" in words.lower().split() else "bad_credentials")
    if status == httpx.codes.UNAUTHORIZED:
        told = _read_date(answer.headers.get("date"))
        if told is not None and abs(told - now()) > SKEW and "expired" in words.lower():
            return ChannelError("clock_skew", seconds=round((now() - told).total_seconds()))
        return ChannelError("bad_credentials")
    if _TOO_OLD.search(words):
        return ChannelError("window_too_old")
    return CallRefused(_read_code(found, status), status=status, words=words)


def _read_code(found: Json | None, status: int) -> str:
    """The channel's code if it says more than the status; it goes into an exception's text, so nothing else may."""
    code = text(found or {}, "code")
    told = re.fullmatch(r"[A-Za-z][A-Za-z0-9_.]{0,39}", code) and code != "ERROR"
    return code if told else f"HTTP {status}"


def _slices(window: Window) -> list[dict[str, str]]:
    """createdAtFrom and createdAtTo of the lists that know `searchType`, oldest first."""
    if minutes := wire_writing.write_minutes(window):
        return [{"createdAtFrom": minutes[0], "createdAtTo": minutes[1], "searchType": "timeFrame"}]
    return [{"createdAtFrom": start, "createdAtTo": end} for start, end in wire_writing.write_days(window)]


def _with_offset(asked: Mapping[str, str]) -> dict[str, str]:
    return {name: f"{value}{OFFSET}" if name.startswith("createdAt") else value for name, value in asked.items()}


def _read_date(value: str | None) -> datetime | None:
    """The `Date` header, aware, or None."""
    if not value:
        return None
    try:
        found = parsedate_to_datetime(value)
    except (ValueError, TypeError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _read_seconds(value: str | None) -> float | None:
    """Retry-After: a number of seconds, or the seconds until its HTTP date; None when it is neither or over a day."""
    if not value:
        return None
    if re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,3})?", value):
        seconds = float(value)
    else:
        until = _read_date(value)
        if until is None:
            return None
        seconds = max((until - now()).total_seconds(), 0.0)
    return seconds if seconds <= LONGEST_PAUSE else None
