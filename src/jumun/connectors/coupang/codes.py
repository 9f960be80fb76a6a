"""Coupang's words and ours, as tables. Sources: channels.md §2 and §10 items 11–21, carriers.md §1 (CP, 2026-04).

Anything not in a table is passed on as written or told as unknown by the wire files; nothing here is a closed set.
"""

from jumun.channels.port import ClaimKind, ClaimStage, Stage

VERSIONS = {
    "ordersheets": "v5",
    "acknowledgement": "v5",
    "returnRequests": "v6",
    "exchangeRequests": "v4",
    "returnWithdrawRequests": "v4",
    "invoices": "v4",
    "updateInvoices": "v4",
}
"""Version by the last word of the path (notice of 2025-06-26). The parser takes the shapes of v4, v5 and v6 alike."""

CARRIERS = {
    "cj": "CJGLS",
    "hanjin": "HANJIN",
    "lotte": "HYUNDAI",
    "logen": "KGB",
    "epost": "EPOST",
    "cu": "CVS",
    "gs": "CVS",
    "ilyang": "ILYANG",
    "kd": "KDEXP",
    "hd": "HDEXP",
    "daesin": "DAESIN",
    "chunil": "CHUNIL",
    "dhl": "DHL",
    "ups": "UPS",
    "direct": "DIRECT",
}
"""Our carrier id → `deliveryCompanyCode`. Coupang has more; a code written as Coupang writes them (capitals) travels as
it is, another id of ours is refused before it is sent: a wrong code costs the whole call an HTTP 500 (§2.1)."""

CARRIERS_BACK = {"KOREX": "cj", "CVS": "gs"} | {theirs: ours for ours, theirs in CARRIERS.items() if theirs != "CVS"}

CARRIER_NAMES = {
    "CJ대한통운": "cj",
    "대한통운": "cj",
    "CJ택배": "cj",
    "한진택배": "hanjin",
    "한진": "hanjin",
    "롯데택배": "lotte",
    "롯데글로벌로지스": "lotte",
    "현대택배": "lotte",
    "로젠택배": "logen",
    "로젠": "logen",
    "우체국택배": "epost",
    "우체국": "epost",
    "CU편의점택배": "cu",
    "CUPOST": "cu",
    "GS편의점택배": "gs",
    "GSPOSTBOX": "gs",
    "CVSNET편의점택배": "gs",
    "편의점택배": "gs",
    "일양로지스": "ilyang",
    "일양택배": "ilyang",
    "경동택배": "kd",
    "합동택배": "hd",
    "대신택배": "daesin",
    "천일택배": "chunil",
    "업체직송": "direct",
    "업체직접배송": "direct",
    "업체직접전달": "direct",
}
"""`deliveryCompanyName` of a sheet, which is a name and no code, without blanks and in capitals → our carrier id.
"CJ 대한통운" and "한진택배" are in the documents, the others from memory; unknown names are shown as written."""

DIRECT = "direct"

ACCEPT, INSTRUCT, NONE_TRACKING = "ACCEPT", "INSTRUCT", "NONE_TRACKING"

STAGES = {
    ACCEPT: Stage.NEW,
    INSTRUCT: Stage.CONFIRMED,
    "DEPARTURE": Stage.DISPATCHED,
    "DELIVERING": Stage.IN_TRANSIT,
    "FINAL_DELIVERY": Stage.DELIVERED,
    NONE_TRACKING: Stage.DISPATCHED,
}
"""`status` of an order sheet, in the order an order goes through them: lists are read in it, one status a call, so that
an order moving on meanwhile is met again and never missed."""

OPEN_STATUSES = (ACCEPT, INSTRUCT)
IN_HOUSE = frozenset({Stage.NEW, Stage.CONFIRMED})
PARTNER_SHIPS = frozenset({"CGF", "CGF LITE"})
"""`shipmentType` values of what Coupang's own centres send (Coupang Global Fulfillment; the meaning is from memory)."""

RECEIPT_STATUSES = ("RU", "UC", "CC", "PR")
"""`status` words of returnRequests: 출고중지요청, 반품접수, 반품완료, 쿠팡확인요청. A stop request is under RU and UC."""

CANCEL, RETURN = "CANCEL", "RETURN"
STOP_ASKED = "RELEASE_STOP_UNCHECKED"

RECEIPT_STAGES = {
    STOP_ASKED: ClaimStage.REQUESTED,
    "RETURNS_UNCHECKED": ClaimStage.REQUESTED,
    "VENDOR_WAREHOUSE_CONFIRM": ClaimStage.COLLECTING,
    "REQUEST_COUPANG_CHECK": ClaimStage.COLLECTING,
    "RETURNS_COMPLETED": ClaimStage.DONE,
}
"""`receiptStatus` of a RETURN. Goods that are back (입고확인) or disputed stay "collecting": nothing is decided yet."""

STOPPED = "처리(출고중지)"
TOO_LATE = frozenset({"처리(이미출고)", "자동처리(이미출고)"})
STOP_WORDS = TOO_LATE | {STOPPED, "미처리", "비대상", ""}
"""`releaseStopStatus`."""

HELD_BACK, NOT_RELEASED, RELEASED = "S", "N", "Y"
"""`returnItems[].releaseStatus`: 출고중지됨, 미출고, 출고됨."""

EXCHANGE_STAGES = {
    "RECEIPT": ClaimStage.REQUESTED,
    "PROGRESS": ClaimStage.COLLECTING,
    "SUCCESS": ClaimStage.DONE,
    "REJECT": ClaimStage.REFUSED,
    "CANCEL": ClaimStage.WITHDRAWN,
}
"""`exchangeStatus`; PROGRESS with a new parcel on its way is told as approved."""

RESENDING = frozenset({"Delivering", "CompleteDelivery"})
"""`deliveryStatus` of an exchange whose new parcel left."""

FAULTS = {"VENDOR": "seller", "CUSTOMER": "buyer", "COUPANG": "channel", "WMS": "channel", "GENERAL": ""}
"""`faultByType`, `faultType`."""

WITHDRAWN_FAULTS = {"COM": "seller", "CUS": "buyer", "COU": "channel"}
"""`refundDeliveryDuty` of returnWithdrawRequests."""

REASONS = {
    "CHANGEMIND": "단순 변심",
    "DIFFERENTOPT": "색상/사이즈가 기대와 다름",
    "CHEAPER": "다른 곳이 더 저렴함",
    "WRONGOPT": "옵션 잘못 선택",
    "REORDER": "다시 주문",
    "DELIVERYLATER": "배송 지연",
    "WRONGADDRESS": "배송지 오류",
    "DELIVERYSTOP": "배송 중단",
    "CARRIERLOST": "택배사 분실",
    "LOST": "분실",
    "PARTIALMISS": "일부 누락",
    "OTHERS": "기타",
}
"""`reasonCode` where no `reasonCodeText` comes with it. The buyer's free text stays in `raw`."""

ENDS = {ClaimKind.RETURN: Stage.RETURNED, ClaimKind.CANCEL: Stage.CANCELLED}

OK = "OK"
ALREADY = frozenset({"INVALID_STATUS", "NOT_ALLOW_INVOICE_NUMBER_RE_UPLOAD"})
"""Refusals that may mean "it is so already": the line is read back before it is believed."""

RETRYABLE = frozenset({"UNDEFINED_ERROR_OCCUR"})
"""Refusals the same call may not meet again. `retryRequired` says that a *corrected* call is needed, so it is no help."""

NO_ANSWER = "no_answer"
"""Our code for a line that was sent and that the answer names nowhere."""

UNKNOWN_CARRIER = "unknown_carrier"
LINE_GONE = "line_gone"
"""Our codes for what is never sent: a carrier Coupang has no code for, and a line that cannot be one of theirs."""

FAILED = frozenset({"ERROR", "FAIL", "400", "401", "403", "404", "412", "423", "429", "500", "503", "504", "521"})
"""`code` of an answer's envelope that says it is none, whatever its HTTP status (numbers or strings, channels.md §2.1)."""
