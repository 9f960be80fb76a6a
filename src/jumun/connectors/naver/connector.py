"""The port (`channels/port.py`), spoken to Naver. Holds no state of its own."""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import ClassVar, Self

from jumun.channels.port import (
    ChannelLine,
    LineRef,
    LineResult,
    Session,
    StockLevel,
    StockResult,
    T,
    WaybillNotice,
    Window,
    in_batches,
)
from jumun.channels.profile import CallRate, Can, ChannelProfile, CredentialField, Unit
from jumun.connectors.naver import wire
from jumun.connectors.naver.client import READ_LIMIT, CallRefused, NaverClient
from jumun.connectors.naver.wire import Json
from jumun.core.clock import now

WRITE_LIMIT = 30

NOTES = (
    (
        "보낸 운송장번호는 API로 고칠 수 없습니다. 스마트스토어센터 배송현황 관리에서 송장수정을 하면 동기화 때 반영됩니다.",
        "A number that was sent cannot be corrected by API. Correct it in the Smartstore centre; a sync brings it in.",
    ),
    (
        "취소 요청을 거부하는 API가 없습니다. 발송처리를 하면 취소 요청이 거부됩니다.",
        "There is no call that refuses a cancel request. Dispatching the goods refuses it.",
    ),
    (
        "상품주문 하나는 나누어 발송처리할 수 없습니다. 첫 번째 송장번호만 전송됩니다.",
        "One product order cannot be dispatched in parts. Only its first waybill is sent.",
    ),
    (
        "도착보장 등 물류사가 출고하는 주문은 물류사만 발주확인과 발송처리를 할 수 있습니다.",
        "What a logistics partner ships (도착보장) can be confirmed and dispatched by that partner only.",
    ),
    (
        "서버의 IP를 커머스API센터에 등록해야 합니다. 서버 시계가 5분 이상 틀리면 인증이 거절됩니다.",
        "Register the server's IP in the Commerce API Centre. A clock wrong by five minutes or more is refused.",
    ),
    (
        "배송완료는 변경 목록에 나오지 않을 수 있어 주문동기화가 상품주문을 직접 다시 읽습니다.",
        "Delivery need not show up in the feed of changes, so a sync reads the product orders themselves.",
    ),
)

PROFILE = ChannelProfile(
    kind="naver",
    label_ko="스마트스토어",
    label_en="Smartstore",
    can=frozenset({Can.COLLECT_UNCONFIRMED, Can.CONFIRM, Can.TRANSMIT, Can.SYNC, Can.READ_CLAIMS}),
    unit=Unit.LINE,
    credentials=(
        CredentialField("client_id", "애플리케이션 ID", "Application ID"),
        CredentialField("client_secret", "애플리케이션 시크릿", "Application secret", secret=True),
        CredentialField(
            "account_id",
            "판매자 계정 ID (대행사·솔루션 앱만)",
            "Seller account ID (agency and solution apps only)",
            required=False,
        ),
    ),
    hosts=("api.commerce.naver.com",),
    default_base_url="https://api.commerce.naver.com/external",
    read_window=timedelta(hours=24),
    overlap=timedelta(minutes=15),
    rates={"*": CallRate(2, 2), "token": CallRate(0.1, 2)},
    batch={"read": READ_LIMIT, "confirm": WRITE_LIMIT, "dispatch": WRITE_LIMIT},
    correct_by_hand=(
        "스마트스토어센터 판매관리 > 배송현황 관리에서 [송장수정]을 하세요. 동기화하면 고친 번호가 들어옵니다.",
        "Correct it in the Smartstore centre (판매관리 > 배송현황 관리 > 송장수정). The next sync brings the new number in.",
    ),
    renew_keys=(
        "커머스API센터의 내 애플리케이션에서 시크릿을 재발급해 입력하세요.",
        "Issue the application's secret anew in the Commerce API Centre and enter it here.",
    ),
    seller_centre="https://sell.smartstore.naver.com/",
    notes=NOTES,
)


class NaverConnector:
    """One Smartstore application's orders. See README.md for its quirks and `client.py` for what raises."""

    profile: ClassVar[ChannelProfile] = PROFILE

    def __init__(self, session: Session) -> None:
        self._naver = NaverClient(session)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._naver.close()

    def check(self) -> None:
        """A new token (a remembered one would prove nothing of these keys), then one page of the last minute."""
        self._naver.ask_token()
        at = now()
        next(self._naver.changes(Window(at - timedelta(minutes=1), at)), None)

    def changed(self, window: Window, *, open_only: bool = False) -> Iterator[list[ChannelLine]]:
        """The feed names what changed; the truth of each product order comes from the detail query.

        The feed is asked without lastChangedType and holds one row a product order, so nothing is filtered away that
        was confirmed or shipped in the seller centre. What the feed names and the query leaves out comes as a line of
        `Stage.UNKNOWN`, not as silence.
        """
        for page in self._naver.changes(window):
            feed = wire.by_line_key(page)
            lines: list[ChannelLine] = []
            for keys in in_batches(list(feed), READ_LIMIT):
                rows = self._naver.query(keys)
                lines += wire.read_page(rows, at=now(), feed={key: feed[key] for key in keys})
            if lines:
                yield lines

    def read_lines(self, lines: Sequence[LineRef]) -> Iterator[ChannelLine]:
        """300 at a time; what the channel does not know is left out."""
        for keys in in_batches(list(dict.fromkeys(line.line_key for line in lines)), READ_LIMIT):
            yield from wire.read_page(self._naver.query(keys), at=now(), feed={})

    def confirm(self, lines: Sequence[LineRef]) -> Iterator[LineResult]:
        """발주확인, 30 a call."""

        def ask(batch: Sequence[LineRef]) -> Json:
            return self._naver.confirm(list(dict.fromkeys(line.line_key for line in batch)))

        for batch in in_batches(lines, WRITE_LIMIT):
            yield from _tell(batch, ask, _key_of_line, "confirm")

    def dispatch(self, notices: Sequence[WaybillNotice]) -> Iterator[LineResult]:
        """발송처리, 30 a call."""

        def ask(batch: Sequence[WaybillNotice]) -> Json:
            return self._naver.dispatch([wire.write_dispatch(notice) for notice in batch])

        for batch in in_batches(notices, WRITE_LIMIT):
            yield from _tell(batch, ask, _key_of_notice, "dispatch")

    def correct(self, notices: Sequence[WaybillNotice]) -> Iterator[LineResult]:
        """No documented call (N11): every line refused; `ChannelProfile.correct_by_hand` says what to do."""
        yield from (LineResult(notice.line.line_key, ok=False, code="cannot_correct") for notice in notices)

    def push_stock(self, levels: Sequence[StockLevel]) -> Iterator[StockResult]:
        """No call for it is known to us (channels.md): every level refused."""
        yield from (
            StockResult(each.product_code, each.option_code, ok=False, code="cannot_push_stock") for each in levels
        )


def _key_of_line(line: LineRef) -> str:
    return line.line_key


def _key_of_notice(notice: WaybillNotice) -> str:
    return notice.line.line_key


def _tell(
    batch: Sequence[T], ask: Callable[[Sequence[T]], Json], key_of: Callable[[T], str], call: str
) -> Iterator[LineResult]:
    """One write and its results. A call refused as a whole is sent again in halves, to find the line it is about.

    Safe, because HTTP 400 applied nothing; bounded, because a batch of 30 has at most 59 parts.
    """
    try:
        data = ask(batch)
    except CallRefused as refused:
        if len(batch) > 1:
            half = len(batch) // 2
            yield from _tell(batch[:half], ask, key_of, call)
            yield from _tell(batch[half:], ask, key_of, call)
        else:
            yield wire.read_refusal(key_of(batch[0]), refused.channel_code, "", call=call)
        return
    yield from wire.read_results(data, [key_of(each) for each in batch], call=call)
