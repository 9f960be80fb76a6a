"""Order sheets as JSON, in the forms of v4 and of v5 (channels.md §2.2, §10.14 and §10.15)."""

from __future__ import annotations

from typing import Any

from jumun.simulator.clock import to_datetime
from jumun.simulator.coupang.state import Box, Line
from jumun.simulator.people import Person

STATUS_NAMES = {
    "ACCEPT": "결제완료",
    "INSTRUCT": "상품준비중",
    "DEPARTURE": "배송지시",
    "DELIVERING": "배송중",
    "FINAL_DELIVERY": "배송완료",
    "NONE_TRACKING": "업체 직접 배송",
}
CARRIER_NAMES = {
    "CJGLS": "CJ 대한통운",
    "HANJIN": "한진택배",
    "HYUNDAI": "롯데택배",
    "KGB": "로젠택배",
    "EPOST": "우체국택배",
    "DIRECT": "업체직송",
}


def write_sheet(box: Box, now_ms: int, *, new: bool) -> dict[str, Any]:
    """Return one order sheet; `new`: money, phones and date-times of v5."""
    order = box.order
    return {
        "shipmentBoxId": int(box.box_id),
        "orderId": int(order.order_no),
        "orderedAt": write_time(order.ordered_ms, new=new),
        "orderer": {
            "name": order.orderer.name,
            "email": "",
            "safeNumber": write_phone(order.orderer, new=new),
            "ordererNumber": None,
        },
        "paidAt": write_time(order.paid_ms, new=new),
        "status": box.shown_status(now_ms),
        "shippingPrice": write_money(box.shipping_price, new=new),
        "remotePrice": None if box.remote_price is None else write_money(box.remote_price, new=new),
        "remoteArea": box.remote_price is not None,
        "parcelPrintMessage": order.memo,
        "splitShipping": box.split,
        "ableSplitShipping": box.status in {"ACCEPT", "INSTRUCT"} and len(box.living) > 1,
        "receiver": {
            "name": box.receiver.name,
            "safeNumber": write_phone(box.receiver, new=new),
            "receiverNumber": None,
            "addr1": box.receiver.base_address,
            "addr2": box.receiver.detailed_address,
            "postCode": box.postcode,
        },
        "orderItems": [write_item(line, place, new=new) for place, line in enumerate(box.lines, 1)],
        "overseaShippingInfoDto": {
            "personalCustomsClearanceCode": "",
            "ordererSsn": "",
            "ordererPhoneNumber": "",
        },
        "deliveryCompanyName": CARRIER_NAMES.get(box.carrier or "", box.carrier or ""),
        "invoiceNumber": box.number or "",
        "inTrasitDateTime": write_spaced(box.transit_ms),
        "deliveredDate": write_spaced(box.delivered_ms),
        "refer": order.refer,
        "shipmentType": "THIRD_PARTY",
        "isCod": False,
        "extraProperties": {},
    }


def write_item(line: Line, place: int, *, new: bool) -> dict[str, Any]:
    """Return one of orderItems; `place` is v5's sequenceNo."""
    item = line.item
    option = item.option or "단일상품"

    def money(won: int) -> Any:
        return write_money(won, new=new)

    written: dict[str, Any] = {
        "vendorItemPackageId": 0,
        "vendorItemPackageName": item.product_name,
        "productId": 600_000_000 + item.product_no,
        "vendorItemId": line.vendor_item_id,
        "vendorItemName": f"{item.product_name}, {option}",
        "shippingCount": line.quantity,
        "salesPrice": money(item.whole_price),
        "orderPrice": money(item.whole_price * line.quantity),
        "discountPrice": money(line.discount) if line.discount else None,
        "instantCouponDiscount": money(line.discount),
        "downloadableCouponDiscount": money(0),
        "coupangDiscount": money(0),
        "externalVendorSkuCode": line.seller_code,
        "etcInfoHeader": None,
        "etcInfoValue": None,
        "etcInfoValues": None,
        "sellerProductId": 10_000_000 + item.product_no,
        "sellerProductName": item.product_name,
        "sellerProductItemName": option,
        "firstSellerProductItemName": option,
        "cancelCount": line.cancelled,
        "holdCountForCancel": line.held,
        "estimatedShippingDate": line.estimated_date,
        "plannedShippingDate": f"{to_datetime(line.due_ms):%Y-%m-%d}",
        "invoiceNumberUploadDate": "" if line.uploaded_ms is None else write_time(line.uploaded_ms, new=new),
        "extraProperties": {},
        "pricingBadge": False,
        "usedProduct": False,
        "confirmDate": None,
        "deliveryChargeTypeName": "유료" if line.box.shipping_price else "무료",
        "upBundleVendorItemId": None,
        "upBundleVendorItemName": None,
        "upBundleSize": None,
        "upBundleItem": False,
        "canceled": line.left == 0,
    }
    if new:
        written["sequenceNo"] = str(place)
    return written


def write_history(box: Box, *, new: bool) -> dict[str, Any]:
    """Return data of the history call: newest first (§10.14)."""
    details = [
        {
            "deliveryStatus": status,
            "deliveryStatusDesc": STATUS_NAMES[status],
            "updatedAt": write_time(at_ms, new=new),
        }
        for status, at_ms in reversed(box.history)
    ]
    return {"shipmentBoxId": int(box.box_id), "details": details}


def write_money(won: int, *, new: bool) -> Any:
    """Return a plain number (v4) or {currencyCode, units, nanos} (v5, v6)."""
    return {"currencyCode": "KRW", "units": won, "nanos": 0} if new else won


def write_phone(person: Person, *, new: bool) -> str:
    """Return the safe number: `0503-0000-1234`, in v5 and v6 `+82(503)0000-1234`."""
    number = f"0503-{person.tel[-9:]}"
    return f"+82({number[1:4]}){number[5:]}" if new else number


def write_time(ms: int, *, new: bool) -> str:
    """Return Seoul time to the second, in v5 and v6 with its offset."""
    return to_datetime(ms).isoformat(timespec="seconds") if new else f"{to_datetime(ms):%Y-%m-%dT%H:%M:%S}"


def write_spaced(ms: int | None) -> str:
    """Return `yyyy-MM-dd HH:mm:ss` with a blank, the form of deliveredDate and its like; "" for never."""
    return "" if ms is None else f"{to_datetime(ms):%Y-%m-%d %H:%M:%S}"
