"""What happens to a product order: every change of status in one place, used by the wire and by control alike.

A move raises Refused with one of Naver's codes, and then has changed nothing.
"""

from __future__ import annotations

from jumun.simulator.naver.state import Claim, Delivery, Line, Store
from jumun.simulator.people import Person


class Refused(Exception):
    """One product order refused: Naver's code and message (failProductOrderInfos)."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def wrong_status() -> Refused:
    """Return 104442, the answer to most things done at the wrong time."""
    return Refused("104442", "상품주문 상태를 확인해 주세요.")


def pay(store: Store, line: Line, at_ms: int) -> None:
    """PAYMENT_WAITING → PAYED."""
    if line.status != "PAYMENT_WAITING":
        raise wrong_status()
    line.status = "PAYED"
    line.order.paid_ms = line.order.paid_ms or at_ms
    store.change(line, "PAYED", at_ms)


def expire_payment(store: Store, line: Line, at_ms: int) -> None:
    """PAYMENT_WAITING → CANCELED_BY_NOPAYMENT."""
    if line.status != "PAYMENT_WAITING":
        raise wrong_status()
    line.status = "CANCELED_BY_NOPAYMENT"
    line.remaining = 0
    store.change(line, "CLAIM_COMPLETED", at_ms)


def receive_gift(store: Store, line: Line, recipient: Person, at_ms: int) -> None:
    """The receiver of a gift gave the address: WAIT_FOR_RECEIVING → RECEIVED."""
    if line.gift_status != "WAIT_FOR_RECEIVING":
        raise wrong_status()
    line.gift_status = "RECEIVED"
    line.recipient = recipient
    store.change(line, "GIFT_RECEIVED", at_ms)


def change_address(store: Store, line: Line, recipient: Person, at_ms: int) -> None:
    """The buyer moved: possible until the seller confirmed."""
    if line.status != "PAYED" or line.place_status == "OK":
        raise wrong_status()
    line.recipient = recipient
    line.address_changed = True
    store.change(line, "DELIVERY_ADDRESS_CHANGED", at_ms)


def confirm(line: Line, at_ms: int, *, repeat_code: str) -> None:
    """발주확인: placeOrderStatus OK. Not a lastChangedType, so the feed stays as it is."""
    if line.logistics_company is not None:
        raise Refused("101011", "물류사만 발주 확인할 수 있는 상품주문입니다.")
    if line.status != "PAYED" or line.open_claim is not None or line.gift_status == "WAIT_FOR_RECEIVING":
        raise wrong_status()
    if line.place_status == "OK":
        messages = {"105306": "이미 처리된 상품주문입니다.", "104443": "발주 상태를 확인해 주세요."}
        raise Refused(repeat_code, messages[repeat_code])
    line.place_status = "OK"
    line.placed_ms = at_ms


def dispatch(store: Store, line: Line, delivery: Delivery, *, unconfirmed_too: bool) -> None:
    """발송: PAYED → DELIVERING. An open cancel request is refused by it; Naver has no other way to refuse one."""
    if line.logistics_company is not None:
        raise Refused("105308", "물류사만 발송 처리할 수 있는 상품주문입니다.")
    if line.status != "PAYED" or line.gift_status == "WAIT_FOR_RECEIVING":
        raise wrong_status()
    if line.place_status != "OK" and not unconfirmed_too:
        raise Refused("104443", "발주 상태를 확인해 주세요.")
    claim = line.open_claim
    if claim is not None:
        claim.status = "CANCEL_REJECT"
        claim.completed_ms = delivery.sent_ms
    if line.place_status != "OK":
        line.place_status = "OK"
        line.placed_ms = delivery.sent_ms
    line.delivery = delivery
    line.status = "DELIVERING"
    store.change(line, "DISPATCHED", delivery.sent_ms)


def deliver(line: Line, at_ms: int) -> None:
    """DELIVERING → DELIVERED. Not a lastChangedType either."""
    if line.status != "DELIVERING" or line.delivery is None:
        raise wrong_status()
    line.status = "DELIVERED"
    line.delivery.status = "DELIVERY_COMPLETION"
    line.delivery.delivered_ms = at_ms


def settle(store: Store, line: Line, at_ms: int) -> None:
    """구매확정: DELIVERING or DELIVERED → PURCHASE_DECIDED; a buyer may be early."""
    if line.status not in {"DELIVERING", "DELIVERED"} or line.open_claim is not None:
        raise wrong_status()
    line.status = "PURCHASE_DECIDED"
    line.decided_ms = at_ms
    store.change(line, "PURCHASE_DECIDED", at_ms)


def report_wrong_number(line: Line, at_ms: int) -> None:
    """The carrier does not know the number: delivery.isWrongTrackingNumber."""
    if line.status != "DELIVERING" or line.delivery is None or line.delivery.number is None:
        raise wrong_status()
    line.delivery.wrong_number_ms = at_ms
    line.delivery.status = "WRONG_INVOICE"


def change_number(line: Line, company: str, number: str) -> None:
    """The seller corrected the waybill number. Not a lastChangedType: only a read of the detail tells."""
    if line.status not in {"DELIVERING", "DELIVERED"} or line.delivery is None or line.delivery.number is None:
        raise wrong_status()
    line.delivery.company = company
    line.delivery.number = number
    line.delivery.wrong_number_ms = None
    if line.delivery.status == "WRONG_INVOICE":
        line.delivery.status = "DELIVERING"


def open_claim(store: Store, line: Line, claim: Claim) -> None:
    """Ask for a cancel (before dispatch), a return or an exchange (after it, until the purchase is decided)."""
    allowed = {"PAYED"} if claim.kind == "CANCEL" else {"DELIVERING", "DELIVERED"}
    if line.status not in allowed or line.open_claim is not None:
        raise wrong_status()
    if not 1 <= claim.quantity <= line.remaining:
        raise Refused("104133", "클레임 수량을 확인해 주세요.")
    line.claims.append(claim)
    store.change(line, "CLAIM_REQUESTED", claim.requested_ms)


def get_open_claim(line: Line, kind: str, statuses: frozenset[str] | None = None) -> Claim:
    """Return the claim under way; refuse when there is none of that kind, or not in one of `statuses`."""
    claim = line.open_claim
    if claim is None or claim.kind != kind or (statuses is not None and claim.status not in statuses):
        if kind == "EXCHANGE":
            raise Refused("104417", "교환 상태를 확인해 주세요.")
        raise wrong_status()
    return claim


def refuse_held(claim: Claim) -> None:
    """Refuse to go on with a claim that is held back."""
    if claim.holdback_status == "HOLDBACK":
        raise Refused("104442", "보류 중인 클레임입니다. 보류를 해제해 주세요.")


def complete_claim(store: Store, line: Line, claim: Claim, at_ms: int) -> None:
    """Finish a claim; when no piece is left the product order ends in the claim's status."""
    claim.status = f"{claim.kind}_DONE"
    claim.admitted_ms = claim.admitted_ms or at_ms
    claim.completed_ms = at_ms
    if claim.kind != "EXCHANGE":
        line.remaining -= claim.quantity
    if claim.kind == "CANCEL" and line.remaining == 0:
        line.status = "CANCELED"
        line.place_status = "CANCEL"
    elif claim.kind == "RETURN" and line.remaining == 0:
        line.status = "RETURNED"
    elif claim.kind == "EXCHANGE" and claim.quantity == line.remaining:
        line.status = "EXCHANGED"
    store.change(line, "CLAIM_COMPLETED", at_ms)


def reject_claim(store: Store, line: Line, claim: Claim, at_ms: int) -> None:
    """End a claim without effect: the seller refused it or the buyer took it back (철회, same status at Naver)."""
    claim.status = f"{claim.kind}_REJECT"
    claim.completed_ms = at_ms
    store.change(line, "CLAIM_REJECTED", at_ms)


def collect(store: Store, line: Line, claim: Claim, at_ms: int) -> None:
    """The goods of a return or exchange came back: COLLECT_DONE."""
    if claim.status == "COLLECT_DONE":
        raise wrong_status()
    claim.status = "COLLECT_DONE"
    claim.collect_status = "DELIVERED"
    claim.collected_ms = at_ms
    store.change(line, "COLLECT_DONE", at_ms)
