"""Naver Commerce API over HTTP: token, pace, paging, and what a failed call means. Knows no port object but Session.

A read that fails may simply be repeated. A write whose answer did not arrive whole, or cannot be read, may have been
applied: it raises `ChannelBusy(unclear=True)` and is never repeated here. No exception carries a header, a body or an
address: their text reaches logs.
"""

import base64
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import bcrypt
import httpx

from jumun.channels.port import Session, Window
from jumun.connectors.naver import codes, wire
from jumun.connectors.naver.wire import Json
from jumun.core.clock import now
from jumun.core.errors import ChannelBusy, ChannelError

PREFIX = "/v1/pay-order/seller/product-orders"
READ_LIMIT = 300
LARGEST_BODY = 20 * 1024 * 1024
BEHIND_MS = 3_000
"""The signature's time is put this far back: Naver refuses one from the future, and allows five minutes of age."""
TOKEN_SECONDS = 10_800
TOO_OLD = "104139"
"""조회 가능한 날짜 범위를 초과: the feed is not told for that period."""
SLOWEST = 3
"""An answer that trickles in is given up after this many times the time-out of one read."""

_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, httpx.UnsupportedProtocol)
_PERIODS = {"SECONDS": 1.0, "MINUTES": 60.0, "HOURS": 3_600.0, "DAYS": 86_400.0}
_SALT_TAIL = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_SALT_LENGTH = 29


class CallRefused(ChannelError):
    """HTTP 400 (or another 4xx without a meaning of its own): nothing of the call was applied.

    `channel_code` is the channel's code, or "HTTP 400" and the like.
    """

    def __init__(self, channel_code: str) -> None:
        self.channel_code = channel_code
        super().__init__("channel_refused", message=channel_code)


@dataclass(frozen=True, slots=True)
class _Answer:
    """What came for one call; `found` is its JSON object, None for anything else."""

    call: str
    status: int
    headers: httpx.Headers
    body: bytes
    found: Json | None


def sign(client_id: str, client_secret: str, timestamp: int) -> str:
    """`client_secret_sign` for the token call: base64 of bcrypt(client_id + "_" + timestamp, salt=client_secret).

    timestamp    epoch milliseconds
    Raises ValueError when the secret is no bcrypt salt. The salt's last character may have unused bits set (Naver's own
    example does), which bcrypt 4.0 and later refuses: they are cleared first, with the same result (channels.md §10.1).
    """
    salt = client_secret.strip()
    tail = _SALT_TAIL.find(salt[-1:])
    if len(salt) != _SALT_LENGTH or tail < 0:
        raise ValueError("the client secret is not a bcrypt salt")
    password = f"{client_id.strip()}_{timestamp}".encode()[:72]
    return base64.b64encode(bcrypt.hashpw(password, (salt[:-1] + _SALT_TAIL[tail & 48]).encode())).decode()


class NaverClient:
    """One account's calls. Methods answer decoded JSON; see wire.py for the shapes."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._http = httpx.Client(
            base_url=session.base_url.rstrip("/"),
            timeout=session.timeout,
            follow_redirects=False,
            headers={"Accept": "application/json"},
        )

    def close(self) -> None:
        """Give the connections back."""
        self._http.close()

    def ask_token(self) -> str:
        """A token from `POST /v1/oauth2/token`, remembered in the session's store.

        The parameters go in the form body: in the query string they cost the application its quota (1 call an hour).
        Raises ChannelError("bad_credentials" | "ip_not_allowed") or ChannelBusy. Never unclear: nothing was written.
        """
        keys = self._session.credentials
        timestamp = time.time_ns() // 1_000_000 - BEHIND_MS
        try:
            signature = sign(keys.get("client_id", ""), keys.get("client_secret", ""), timestamp)
        except ValueError:
            raise ChannelError("bad_credentials") from None
        form = {
            "client_id": keys.get("client_id", "").strip(),
            "timestamp": str(timestamp),
            "client_secret_sign": signature,
            "grant_type": "client_credentials",
            "type": "SELF",
        }
        if seller := keys.get("account_id", "").strip():
            form |= {"type": "SELLER", "account_id": seller}
        asked_at = now()
        try:
            answer = self._send(self._http.build_request("POST", "/v1/oauth2/token", data=form), writes=False)
            found = self._read(answer, writes=False)
        except CallRefused:
            raise ChannelError("bad_credentials") from None
        token, seconds = found.get("access_token"), found.get("expires_in")
        if not isinstance(token, str) or not token:
            raise self._unreadable(answer, writes=False)
        lifetime = seconds if isinstance(seconds, int) and 0 < seconds <= TOKEN_SECONDS else TOKEN_SECONDS
        self._session.tokens.put(token, asked_at + timedelta(seconds=lifetime))
        return token

    def changes(self, window: Window) -> Iterator[list[Json]]:
        """Pages of `last-changed-statuses` over the whole window, oldest first; see `wire.write_slices`."""
        for start, stop in wire.write_slices(window):
            params = {"lastChangedFrom": start, "lastChangedTo": stop, "limitCount": str(READ_LIMIT)}
            seen: set[tuple[str, str]] = set()
            while True:
                answer = self._call("GET", f"{PREFIX}/last-changed-statuses", params=params)
                data = self._read(answer, writes=False).get("data")
                if not isinstance(data, dict):
                    break
                yield wire.rows_of(data, "lastChangeStatuses")
                more = wire.read_more(data)
                if more is None:
                    break
                if more in seen:
                    # A continuation that comes back would be read for ever, at the seller's quota.
                    raise self._unreadable(answer, writes=False)
                seen.add(more)
                params |= {"lastChangedFrom": more[0], "moreSequence": more[1]}

    def query(self, product_order_ids: Sequence[str]) -> list[Json]:
        """`product-orders/query` for at most 300 ids: one row an id, without those the channel does not know."""
        body = {"productOrderIds": list(product_order_ids), "quantityClaimCompatibility": True}
        try:
            answer = self._call("POST", f"{PREFIX}/query", body=body)
            found = self._read(answer, writes=False)
        except CallRefused as refused:
            if refused.channel_code not in codes.NOT_FOUND:
                raise
            if len(product_order_ids) <= 1:
                return []
            half = len(product_order_ids) // 2
            return self.query(product_order_ids[:half]) + self.query(product_order_ids[half:])
        if not isinstance(found.get("data"), list):
            raise self._unreadable(answer, writes=False)
        return wire.rows_of(found, "data")

    def confirm(self, product_order_ids: Sequence[str]) -> Json:
        """`product-orders/confirm` for at most 30 ids: the answer's `data`. Raises CallRefused on HTTP 400."""
        return self._write("confirm", {"productOrderIds": list(product_order_ids)})

    def dispatch(self, rows: Sequence[Mapping[str, str]]) -> Json:
        """`product-orders/dispatch` for at most 30 rows: the answer's `data`. Raises CallRefused on HTTP 400."""
        return self._write("dispatch", {"dispatchProductOrders": list(rows)})

    def _write(self, verb: str, body: Json) -> Json:
        answer = self._call("POST", f"{PREFIX}/{verb}", body=body, writes=True)
        data = self._read(answer, writes=True).get("data")
        if not isinstance(data, dict):
            raise self._unreadable(answer, writes=True)
        return data

    def _call(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        body: Json | None = None,
        writes: bool = False,
    ) -> _Answer:
        """One call with the account's token; on 401 with a new one, once (official advice, channels.md §10.8)."""
        tokens = self._session.tokens
        token = tokens.get() or tokens.renew(self.ask_token)
        for attempt in range(2):
            request = self._http.build_request(method, path, params=params, json=body)
            request.headers["Authorization"] = f"Bearer {token}"
            answer = self._send(request, writes=writes)
            if answer.status != httpx.codes.UNAUTHORIZED:
                return answer
            tokens.forget(token)
            if attempt == 0:
                token = tokens.renew(self.ask_token)
        raise ChannelError("bad_credentials")

    def _send(self, request: httpx.Request, *, writes: bool) -> _Answer:
        """Send and read the whole body, up to 20 MB after decompression. Raises for what never became an answer."""
        call = request.url.path.rsplit("/", 1)[-1]
        self._session.pace(call)
        give_up = time.monotonic() + self._session.timeout * SLOWEST
        body = bytearray()
        try:
            response = self._http.send(request, stream=True)
            self._hear(response)
            try:
                for piece in response.iter_bytes():
                    body += piece
                    if len(body) > LARGEST_BODY:
                        raise self._unreadable(_answer(call, response, body, whole=False), writes=writes)
                    if time.monotonic() > give_up:
                        raise ChannelBusy("channel_timeout", unclear=writes)
            finally:
                response.close()
        except _NOT_SENT:
            raise ChannelBusy("channel_busy") from None
        except httpx.DecodingError:
            raise self._unreadable(_answer(call, response, body, whole=False), writes=writes) from None
        except httpx.HTTPError:
            raise ChannelBusy("channel_timeout", unclear=writes) from None
        return _answer(call, response, body)

    def _hear(self, response: httpx.Response) -> None:
        """Pass on what time the channel says it is."""
        try:
            told = parsedate_to_datetime(response.headers.get("date", ""))
        except (ValueError, TypeError):
            return
        self._session.hear(told if told.tzinfo else told.replace(tzinfo=UTC))

    def _unreadable(self, answer: _Answer, *, writes: bool) -> ChannelError:
        """Keep the answer for a person to look at; the exception says nothing of it."""
        self._session.keep(answer.call, answer.status, answer.body)
        return ChannelBusy("channel_unreadable", unclear=True) if writes else ChannelError("channel_unreadable")

    def _read(self, answer: _Answer, *, writes: bool) -> Json:
        """The JSON object of a 2xx answer; an exception for every other (channels.md §1.2, §10.7, §10.8)."""
        status, found = answer.status, answer.found
        if httpx.codes.is_success(status) and found is not None:
            return found
        if status < httpx.codes.BAD_REQUEST:
            # A redirect leads away from the host whose keys these are; it is never followed.
            raise self._unreadable(answer, writes=writes)
        code = _read_code(found, status)
        if status == httpx.codes.TOO_MANY_REQUESTS:
            pause = read_retry_after(answer.headers, code)
            raise ChannelBusy("channel_busy", retry_after=pause, limited=True)
        if status >= httpx.codes.INTERNAL_SERVER_ERROR:
            asked = _read_seconds(answer.headers.get("retry-after"))
            raise ChannelBusy("channel_timeout" if writes else "channel_busy", retry_after=asked, unclear=writes)
        if status == httpx.codes.FORBIDDEN:
            raise ChannelError("ip_not_allowed" if code == "GW.IP_NOT_ALLOWED" else "bad_credentials")
        if status == httpx.codes.UNAUTHORIZED:
            raise ChannelError("bad_credentials")
        if code == TOO_OLD and not writes:
            raise ChannelError("window_too_old")
        raise CallRefused(code)


def _answer(call: str, response: httpx.Response, body: bytearray, *, whole: bool = True) -> _Answer:
    found = wire.read_json(bytes(body)) if whole else None
    return _Answer(call, response.status_code, response.headers, bytes(body), found)


def _read_code(found: Json | None, status: int) -> str:
    """The channel's code if it looks like one; it goes into an exception's text, so nothing else may."""
    code = (found or {}).get("code")
    text = str(code) if isinstance(code, str | int) else ""
    return text if re.fullmatch(r"[A-Za-z][A-Za-z0-9_.]{0,39}|[0-9]{1,6}", text) else f"HTTP {status}"


def read_retry_after(headers: Mapping[str, str], code: str) -> float:
    """Seconds to leave the account alone after a 429.

    `Retry-After` where it is sent; an exceeded quota (GW.QUOTA_LIMIT) lasts its `gncp-gw-quota-period`, an hour when it
    is not named; an exceeded rate (GW.RATE_LIMIT) until one call is replenished.
    """
    asked = _read_seconds(headers.get("retry-after"))
    if asked is not None:
        return asked
    period = _PERIODS.get(headers.get("gncp-gw-quota-period", "").upper())
    if code == "GW.QUOTA_LIMIT" or period is not None:
        return period or _PERIODS["HOURS"]
    rate = _read_seconds(headers.get("gncp-gw-ratelimit-replenish-rate"))
    return 1 / rate if rate else 1.0


def _read_seconds(value: str | None) -> float | None:
    """A header's number of seconds, or the seconds until its HTTP date; None when it is neither or over a day."""
    if not value:
        return None
    try:
        seconds = float(value) if re.fullmatch(r"[0-9.]{1,9}", value) else _until(parsedate_to_datetime(value))
    except (ValueError, TypeError):
        return None
    return seconds if 0 <= seconds <= _PERIODS["DAYS"] else None


def _until(moment: datetime) -> float:
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max((aware - now()).total_seconds(), 0.0)
