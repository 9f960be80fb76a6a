"""Naver's words and ours, as tables. Sources: Commerce API order pages (NV-CLIP, 2025-09), carriers.md §1 (NV).

Anything not in a table is passed on as written or told as unknown by `wire.py`; nothing here is a closed set.
"""

from jumun.channels.port import ClaimKind, ClaimStage, Method, Stage

CARRIERS = {
    "cj": "CJGLS",
    "hanjin": "HANJIN",
    "lotte": "HYUNDAI",
    "logen": "KGB",
    "epost": "EPOST",
    "cu": "CUPARCEL",
    "gs": "CVSNET",
    "gsquick": "GSPOSTBOX",
    "ilyang": "ILYANG",
    "kd": "KDEXP",
    "hd": "HDEXP",
    "daesin": "DAESIN",
    "chunil": "CHUNIL",
    "kunyoung": "KUNYOUNG",
    "hpl": "HPL",
    "nh": "NONGHYUP",
    "slx": "SLX",
    "homepick": "HOMEPICK",
    "woori": "HONAM",
    "yongma": "YONGMA",
    "regpost": "REGISTPOST",
    "ems": "EMS",
    "dhl": "DHL",
    "ups": "UPS",
    "fedex": "FEDEX",
    "etc": "CH1",
}
"""Our carrier id → `deliveryCompanyCode`. About 200 codes exist; the rest travel as Naver writes them."""

CARRIERS_BACK = {theirs: ours for ours, theirs in CARRIERS.items()}

DIRECT = "direct"
"""Our carrier id for 업체 직접배송: on Naver not a carrier but a `deliveryMethod`."""

METHODS = {
    Method.PARCEL: "DELIVERY",
    Method.DIRECT: "DIRECT_DELIVERY",
    Method.QUICK: "QUICK_SVC",
    Method.VISIT: "VISIT_RECEIPT",
    Method.PARTNER: "DELIVERY",
}
"""`Method` → `deliveryMethod`. Only DELIVERY takes a carrier and a number."""

PARCEL_METHOD = "DELIVERY"

METHODS_BACK = {
    "DIRECT_DELIVERY": Method.DIRECT,
    "QUICK_SVC": Method.QUICK,
    "VISIT_RECEIPT": Method.VISIT,
    "NOTHING": Method.DIRECT,
}
METHOD_ATTRIBUTES = {"PICKUP": Method.VISIT, "QUICK": Method.QUICK}
"""`deliveryAttributeType` values that say how it goes."""

PAYED = "PAYED"
DELIVERING = "DELIVERING"

STAGES = {
    "PAYMENT_WAITING": Stage.AWAITING_PAYMENT,
    "DELIVERED": Stage.DELIVERED,
    "PURCHASE_DECIDED": Stage.SETTLED,
    "EXCHANGED": Stage.EXCHANGED,
    "CANCELED": Stage.CANCELLED,
    "RETURNED": Stage.RETURNED,
    "CANCELED_BY_NOPAYMENT": Stage.CANCELLED,
}
"""`productOrderStatus`, but for PAYED and DELIVERING, which a second word decides."""

PLACE_ORDER_STAGES = {"NOT_YET": Stage.NEW, "OK": Stage.CONFIRMED}
"""`placeOrderStatus` while PAYED. CANCEL beside PAYED is documented nowhere: a person looks."""

MOVING = frozenset({"COLLECT_CARGO", "DELIVERING", "DELIVERY_COMPLETION", "DELIVERY_FAIL"})
"""`deliveryStatus` values that prove the carrier has the parcel; under DELIVERING all others mean dispatched only."""

CLAIM_KINDS = {
    "CANCEL": ClaimKind.CANCEL,
    "ADMIN_CANCEL": ClaimKind.CANCEL,
    "RETURN": ClaimKind.RETURN,
    "EXCHANGE": ClaimKind.EXCHANGE,
}

NO_CLAIM_PREFIX = "PURCHASE_DECISION_"
"""구매확정 보류 and its requests come as claimType and claimStatus, but nothing is claimed."""

CLAIM_STAGES = {
    "CANCEL_REQUEST": ClaimStage.REQUESTED,
    "CANCELING": ClaimStage.APPROVED,
    "CANCEL_DONE": ClaimStage.DONE,
    "CANCEL_REJECT": ClaimStage.REFUSED,
    "RETURN_REQUEST": ClaimStage.REQUESTED,
    "RETURN_DONE": ClaimStage.DONE,
    "RETURN_REJECT": ClaimStage.REFUSED,
    "EXCHANGE_REQUEST": ClaimStage.REQUESTED,
    "EXCHANGE_REDELIVERING": ClaimStage.APPROVED,
    "EXCHANGE_DONE": ClaimStage.DONE,
    "EXCHANGE_REJECT": ClaimStage.REFUSED,
    "COLLECTING": ClaimStage.COLLECTING,
    "COLLECT_DONE": ClaimStage.COLLECTING,
    "ADMIN_CANCELING": ClaimStage.APPROVED,
    "ADMIN_CANCEL_DONE": ClaimStage.DONE,
    "ADMIN_CANCEL_REJECT": ClaimStage.REFUSED,
}
"""`claimStatus`. COLLECT_DONE stays "collecting": the goods are back, nothing is decided yet."""

CLAIM_REASONS = {
    "INTENT_CHANGED": "구매 의사 취소",
    "COLOR_AND_SIZE": "색상 및 사이즈 변경",
    "WRONG_ORDER": "다른 상품 잘못 주문",
    "PRODUCT_UNSATISFIED": "서비스 불만족",
    "DELAYED_DELIVERY": "배송 지연",
    "SOLD_OUT": "상품 품절",
    "DROPPED_DELIVERY": "배송 누락",
    "BROKEN": "상품 파손",
    "INCORRECT_INFO": "상품 정보 상이",
    "WRONG_DELIVERY": "오배송",
    "WRONG_OPTION": "다른 옵션 잘못 배송",
    "SIMPLE_INTENT_CHANGED": "단순 변심",
    "MISTAKE_ORDER": "주문 실수",
    "NOT_YET_DELIVERY": "미배송",
    "DELAYED_DELIVERY_BY_PURCHASER": "배송 지연",
    "INCORRECT_INFO_BY_PURCHASER": "상품 정보 상이",
    "PRODUCT_UNSATISFIED_BY_PURCHASER": "서비스 불만족",
    "NOT_YET_DISCUSSION": "협의 미완료",
    "OUT_OF_STOCK": "재고 부족",
    "SALE_INTENT_CHANGED": "판매 의사 변경",
    "NOT_YET_PAYMENT": "구매자 미결제",
    "NOT_YET_RECEIVE": "상품 미수취",
    "WRONG_DELAYED_DELIVERY": "오배송 및 지연",
    "BROKEN_AND_BAD": "파손 및 불량",
    "RECEIVING_DUE_DATE_OVER": "수락 기한 만료",
    "RECEIVER_MISMATCHED": "받는 분 불일치",
    "UNDER_QUANTITY": "수량 부족",
    "ASYNC_FAIL_PAYMENT": "결제 실패",
    "ETC": "기타",
}
"""Claim reason codes as a clerk reads them; others are shown as the code. The buyer's free text stays in `raw`."""

PLACES = {"FRONT_OF_DOOR": "문 앞", "MANAGEMENT_OFFICE": "경비실", "DIRECT_RECEIVE": "직접 수령", "OTHER": "기타"}
ENTRIES = {"LOBBY_PW": "공동현관", "MANAGEMENT_OFFICE": "경비실 호출", "FREE": "자유 출입", "OTHER": "기타"}

ALREADY = {
    "confirm": frozenset({"105306", "104443", "104442"}),
    "dispatch": frozenset({"105306", "104442"}),
}
"""Refusals that may mean "it is so already" (channels.md §10.10): the line is read back before it is believed.

104442 (상품주문 상태 확인) says only that the state does not fit; a line further on than asked is the usual reason.
104121 (기사용 송장) is not here: the number was used for another order.
"""

RETRYABLE = frozenset({"9999"})
"""Refusals of one line that a later call may not meet again (기타 오류)."""

NOT_FOUND = frozenset({"100001", "100003"})

NO_ANSWER = "no_answer"
"""Our code for a line that was sent and that the answer names nowhere."""
