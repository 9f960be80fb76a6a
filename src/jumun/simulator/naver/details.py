"""The detail objects of `product-orders/query` and the rows of the feed, field names as in channels.md §1.3."""

from __future__ import annotations

from typing import Any

from jumun.simulator.clock import write_iso
from jumun.simulator.naver.addresses import SHIP_FROM, write_address
from jumun.simulator.naver.claim_details import write_claim, write_completed_claim
from jumun.simulator.naver.state import Line, Order


def write_change(line: Line) -> dict[str, Any]:
    """Return one of lastChangeStatuses: the line's latest change with its present status."""
    row: dict[str, Any] = {
        "orderId": line.order.order_no,
        "productOrderId": line.line_no,
        "lastChangedType": line.changed_type,
        "lastChangedDate": write_iso(line.changed_ms),
        "productOrderStatus": line.status,
        "receiverAddressChanged": line.address_changed,
    }
    if line.order.paid_ms is not None:
        row["paymentDate"] = write_iso(line.order.paid_ms)
    if line.last_claim is not None:
        row["claimType"] = line.last_claim.kind
        row["claimStatus"] = line.last_claim.status
    if line.gift_status is not None:
        row["giftReceivingStatus"] = line.gift_status
    return row


def write_detail(line: Line, *, by_quantity: bool) -> dict[str, Any]:
    """Return {order, productOrder, delivery?, currentClaim?, completedClaims?}.

    Without `by_quantity` (quantityClaimCompatibility) the newest claim also stands at the top level, as it used to.
    """
    detail: dict[str, Any] = {"order": _write_order(line.order), "productOrder": _write_product_order(line)}
    if line.delivery is not None:
        detail["delivery"] = _write_delivery(line)
    if line.open_claim is not None:
        detail["currentClaim"] = {line.open_claim.kind.lower(): write_claim(line, line.open_claim)}
    completed = [write_completed_claim(claim) for claim in line.claims if not claim.is_open]
    if completed:
        detail["completedClaims"] = completed
    if not by_quantity and line.last_claim is not None:
        detail[line.last_claim.kind.lower()] = write_claim(line, line.last_claim)
    return detail


def _write_order(order: Order) -> dict[str, Any]:
    goods = sum(line.item.whole_price * line.quantity - line.discount for line in order.lines)
    fees = sum(line.delivery_fee for line in order.lines)
    tel = order.orderer.tel
    written: dict[str, Any] = {
        "orderId": order.order_no,
        "orderDate": write_iso(order.ordered_ms),
        "ordererId": order.orderer.login,
        "ordererName": order.orderer.name,
        "ordererTel": tel[:-4] + "****" if order.is_gift else tel,
        "ordererNo": str(200_000_000 + int(order.order_no[-8:])),
        "paymentMeans": order.payment_means,
        "payLocationType": "MOBILE" if order.mobile else "PC",
        "generalPaymentAmount": goods + fees - order.mileage,
        "naverMileagePaymentAmount": order.mileage,
        "chargeAmountPaymentAmount": 0,
        "checkoutAccumulationPaymentAmount": 0,
        "payLaterPaymentAmount": 0,
        "orderDiscountAmount": 0,
        "isDeliveryMemoParticularInput": "false",
        "isMembershipSubscribed": order.mileage > 0,
    }
    if order.paid_ms is not None:
        written["paymentDate"] = write_iso(order.paid_ms)
    else:
        written["paymentDueDate"] = write_iso(order.ordered_ms + 3 * 86_400_000)
    return written


def _write_product_order(line: Line) -> dict[str, Any]:
    written = {**_write_identity(line), **_write_product(line), **_write_money(line), **_write_shipping(line)}
    return {name: value for name, value in written.items() if value is not None}


def _write_identity(line: Line) -> dict[str, Any]:
    # A finished claim on a part says nothing about the pieces that are left, so it is not shown as the line's claim.
    claim = line.last_claim
    if claim is not None and claim.status == f"{claim.kind}_DONE" and claim.quantity < line.quantity and line.remaining:
        claim = None
    return {
        "productOrderId": line.line_no,
        "productOrderStatus": line.status,
        "placeOrderStatus": line.place_status,
        "placeOrderDate": None if line.placed_ms is None else write_iso(line.placed_ms),
        "claimType": None if claim is None else claim.kind,
        "claimStatus": None if claim is None else claim.status,
        "claimId": None if claim is None else claim.claim_id,
        "decisionDate": None if line.decided_ms is None else write_iso(line.decided_ms),
        "mallId": "ncp_sim_01",
        "merchantChannelId": "100099001",
        "packageNumber": line.package_no,
    }


def _write_product(line: Line) -> dict[str, Any]:
    item = line.item
    has_option = bool(item.option)
    return {
        "productId": str(item.product_no),
        "originalProductId": str(item.product_no - 5_000_000),
        "groupProductId": None,
        "productName": item.product_name,
        "productClass": "조합형옵션상품" if has_option else "단일상품",
        "productOption": f"옵션: {item.option}" if has_option else None,
        "optionCode": f"4{int(item.barcode[-6:]):09d}" if has_option else None,
        "optionManageCode": item.seller_code if has_option else None,
        "optionPrice": item.option_price,
        "itemNo": f"4{int(item.barcode[-6:]):09d}",
        "sellerProductCode": item.seller_code.split("-")[0] if has_option else item.seller_code,
        "freeGift": "",
        "taxType": "TAX_FREE" if item.storage == "WET" else "TAXATION",
        "storageType": item.storage,
    }


def _write_money(line: Line) -> dict[str, Any]:
    price = line.item.whole_price
    left_discount = line.discount * line.remaining // line.quantity
    goods, left_goods = price * line.quantity, price * line.remaining
    paid, left_paid = goods - line.discount, left_goods - left_discount
    fee = paid * 198 // 10_000
    sale_fee = paid * 200 // 10_000
    return {
        "quantity": line.quantity,
        "initialQuantity": line.quantity,
        "remainQuantity": line.remaining,
        "unitPrice": line.item.price,
        "totalProductAmount": goods,
        "initialProductAmount": goods,
        "remainProductAmount": left_goods,
        "totalPaymentAmount": paid,
        "initialPaymentAmount": paid,
        "remainPaymentAmount": left_paid,
        "productDiscountAmount": line.discount,
        "initialProductDiscountAmount": line.discount,
        "remainProductDiscountAmount": left_discount,
        "productImediateDiscountAmount": line.discount,
        "initialProductImediateDiscountAmount": line.discount,
        "remainProductImediateDiscountAmount": left_discount,
        "productProductDiscountAmount": 0,
        "sellerBurdenDiscountAmount": line.discount,
        "sellerBurdenImediateDiscountAmount": line.discount,
        "deliveryFeeAmount": line.delivery_fee,
        "deliveryDiscountAmount": 0,
        "sectionDeliveryFee": 0,
        "deliveryPolicyType": "유료" if line.delivery_fee else "무료",
        "shippingFeeType": "선불" if line.delivery_fee else "무료",
        "paymentCommission": fee,
        "saleCommission": 0,
        "channelCommission": 0,
        "knowledgeShoppingSellingInterlockCommission": sale_fee,
        "commissionRatingType": "결제수수료",
        "commissionPrePayStatus": "GENERAL_PRD",
        "expectedSettlementAmount": paid - fee - sale_fee,
        "inflowPath": "검색>통합검색",
        "inflowPathAdd": "null",
    }


def _write_shipping(line: Line) -> dict[str, Any]:
    arrival = None if line.arrival_ms is None else write_iso(line.arrival_ms)
    return {
        "shippingDueDate": write_iso(line.due_ms),
        "shippingMemo": line.memo or None,
        "expectedDeliveryMethod": line.delivery_method,
        "expectedDeliveryCompany": "CJGLS" if line.delivery_method == "DELIVERY" else None,
        "deliveryAttributeType": line.attribute,
        "arrivalGuaranteeDate": arrival,
        "deliveryTagType": "TOMORROW" if arrival else None,
        "logisticsCompanyId": line.logistics_company,
        "logisticsCenterId": None if line.logistics_company is None else "9001",
        "delayedDispatchReason": line.delay_reason,
        "delayedDispatchDetailedReason": line.delay_detail,
        "giftReceivingStatus": line.gift_status,
        "shippingAddress": None if line.recipient is None else write_address(line.recipient),
        "takingAddress": SHIP_FROM,
    }


def _write_delivery(line: Line) -> dict[str, Any]:
    delivery = line.delivery
    assert delivery is not None
    written: dict[str, Any] = {
        "deliveryMethod": delivery.method,
        "deliveryCompany": delivery.company,
        "trackingNumber": delivery.number,
        "deliveryStatus": delivery.status,
        "sendDate": write_iso(delivery.sent_ms),
        "pickupDate": None if delivery.picked_up_ms is None else write_iso(delivery.picked_up_ms),
        "deliveredDate": None if delivery.delivered_ms is None else write_iso(delivery.delivered_ms),
        "isWrongTrackingNumber": delivery.wrong_number_ms is not None,
    }
    if delivery.wrong_number_ms is not None:
        written["wrongTrackingNumberType"] = "NOT_EXISTS_TRACKING_NUMBER"
        written["wrongTrackingNumberRegisteredDate"] = write_iso(delivery.wrong_number_ms)
    return {name: value for name, value in written.items() if value is not None}
