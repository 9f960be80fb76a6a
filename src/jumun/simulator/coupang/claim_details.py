"""Receipts and exchanges as JSON (channels.md §2.4, §2.5, §10.15 to §10.21)."""

from __future__ import annotations

from datetime import timedelta, timezone
from typing import Any

from jumun.simulator.clock import to_datetime
from jumun.simulator.coupang.sheets import write_money, write_phone, write_time
from jumun.simulator.coupang.state import Exchange, Line, Receipt, Vendor
from jumun.simulator.people import Person

ELSEWHERE = timezone(timedelta(hours=-8))
RETURN_FEE = 3_000
CANCEL_TEXTS = {"CHANGEMIND": "필요 없어짐 (단순 변심)", "CANERR": "판매자 취소"}


def write_receipt(receipt: Receipt, *, new: bool) -> dict[str, Any]:
    """Return one row of returnRequests; `new`: money, phones and date-times of v6, and returnShippingCharge."""
    who = receipt.parts[0][0].box.receiver
    phone = write_phone(who, new=new)
    came_back = receipt.kind == "RETURN" and not receipt.stop
    written: dict[str, Any] = {
        "receiptId": int(receipt.receipt_id),
        "orderId": int(receipt.order.order_no),
        "paymentId": int(receipt.order.order_no) + 1,
        "receiptType": receipt.kind,
        "receiptStatus": receipt.status,
        "createdAt": write_moment(receipt.created_ms, receipt.receipt_id, new=new),
        "modifiedAt": write_moment(receipt.modified_ms, receipt.receipt_id, new=new),
        "requesterName": who.name,
        "requesterPhoneNumber": phone,
        "requesterRealPhoneNumber": None,
        "requesterAddress": who.base_address,
        "requesterAddressDetail": who.detailed_address,
        "requesterZipCode": who.zip_code,
        "cancelReasonCategory1": "단순 변심",
        "cancelReasonCategory2": "필요 없어짐",
        "cancelReason": receipt.reason,
        "cancelCountSum": receipt.total,
        "returnDeliveryId": int(receipt.receipt_id) + 7 if came_back else 0,
        "returnDeliveryType": "수기관리" if came_back else "",
        "releaseStopStatus": receipt.stop_status,
        "enclosePrice": write_money(0, new=new),
        "faultByType": receipt.fault_by,
        "preRefund": False,
        "completeConfirmType": receipt.complete_type,
        "completeConfirmDate": "" if receipt.completed_ms is None else write_time(receipt.completed_ms, new=new),
        "reasonCode": receipt.reason_code,
        "reasonCodeText": CANCEL_TEXTS.get(receipt.reason_code, receipt.reason),
        "returnItems": [_write_returned(receipt, line, count) for line, count in receipt.parts],
        "returnDeliveryDtos": [
            {"deliveryCompanyCode": carrier, "deliveryInvoiceNo": number} for carrier, number in receipt.deliveries
        ],
    }
    if new:
        fee = -RETURN_FEE if receipt.fault_by == "CUSTOMER" and came_back else 0
        written["returnShippingCharge"] = write_money(fee, new=True)
    return written


def _write_returned(receipt: Receipt, line: Line, count: int) -> dict[str, Any]:
    item = line.item
    return {
        "vendorItemPackageId": 0,
        "vendorItemPackageName": item.product_name,
        "vendorItemId": line.vendor_item_id,
        "vendorItemName": f"{item.product_name}, {item.option or '단일상품'}",
        "purchaseCount": line.quantity,
        "cancelCount": count,
        "shipmentBoxId": int(line.box.box_id),
        "sellerProductId": 10_000_000 + item.product_no,
        "sellerProductName": item.product_name,
        "releaseStatus": "Y" if receipt.released else "N",
    }


def write_moment(ms: int, claim_id: str, *, new: bool) -> str:
    """Return createdAt and its like; v6 has six digits of a second and whatever offset (§10.15)."""
    if not new:
        return write_time(ms, new=False)
    moment = to_datetime(ms)
    return (moment.astimezone(ELSEWHERE) if int(claim_id) % 2 else moment).isoformat(timespec="microseconds")


def write_withdrawal(receipt: Receipt, vendor: Vendor) -> dict[str, Any]:
    """Return one row of returnWithdrawRequests (field names from memory, unverified)."""
    return {
        "cancelId": int(receipt.receipt_id),
        "orderId": int(receipt.order.order_no),
        "vendorId": vendor.vendor_id,
        "refundDeliveryDuty": "CUS",
        "createdAt": write_time(receipt.withdrawn_ms or receipt.modified_ms, new=False),
        "vendorItemIds": [line.vendor_item_id for line, _ in receipt.parts],
    }


def write_exchange(exchange: Exchange, vendor: Vendor, now_ms: int) -> dict[str, Any]:
    """Return one row of exchangeRequests."""
    line = exchange.line
    return {
        "exchangeId": int(exchange.exchange_id),
        "orderId": int(exchange.order.order_no),
        "vendorId": vendor.vendor_id,
        "orderDeliveryStatusCode": line.box.status,
        "exchangeStatus": exchange.status,
        "referType": "WEB_MOBILE",
        "faultType": "CUSTOMER",
        "exchangeAmount": 5_000,
        "reason": None,
        "reasonCode": exchange.reason_code,
        "reasonCodeText": exchange.reason,
        "reasonEtcDetail": "",
        "cancelReason": exchange.reject_code or "",
        "createdByType": "CUSTOMER",
        "createdAt": write_time(exchange.created_ms, new=False),
        "modifiedByType": "TRACKING",
        "modifiedAt": write_time(exchange.modified_ms, new=False),
        "exchangeItemDtoV1s": [_write_exchanged(exchange)],
        "exchangeAddressDtoV1": _write_addresses(exchange, line.box.receiver),
        "deliveryInvoiceGroupDtos": _write_new_boxes(exchange, now_ms),
        "collectInformationsDto": {
            "expectedReturnDate": "",
            "returndeliveryItemDtos": [{"vendorItemId": line.vendor_item_id, "count": exchange.quantity}],
        },
        "deliveryStatus": exchange.delivery_status,
        "collectStatus": exchange.collect_status,
        "collectCompleteDate": ("" if exchange.collected_ms is None else write_time(exchange.collected_ms, new=False)),
        "successable": exchange.status == "PROGRESS" and exchange.number is not None,
        "rejectable": exchange.is_open and exchange.number is None,
        "deliveryInvoiceModifiable": exchange.status == "PROGRESS",
    }


def _write_exchanged(exchange: Exchange) -> dict[str, Any]:
    line = exchange.line
    name = f"{line.item.product_name}, {line.item.option or '단일상품'}"
    return {
        "exchangeItemId": int(exchange.exchange_id) + 1,
        "orderItemId": line.vendor_item_id,
        "orderItemUnitPrice": line.item.whole_price,
        "orderItemName": name,
        "orderPackageId": 0,
        "orderPackageName": line.item.product_name,
        "targetItemId": line.vendor_item_id,
        "targetItemUnitPrice": line.item.whole_price,
        "targetItemName": name,
        "quantity": exchange.quantity,
        "orderItemDeliveryComplete": line.box.status == "FINAL_DELIVERY",
        "orderItemReturnComplete": exchange.collected_ms is not None,
        "targetItemDeliveryComplete": exchange.status == "SUCCESS",
        "createdAt": write_time(exchange.created_ms, new=False),
        "modifiedAt": write_time(exchange.modified_ms, new=False),
        "originalShipmentBoxId": int(line.box.box_id),
    }


def _write_addresses(exchange: Exchange, who: Person) -> dict[str, Any]:
    written: dict[str, Any] = {"exchangeAddressId": int(exchange.exchange_id) + 2}
    for side in ("return", "delivery"):
        written |= {
            f"{side}CustomerName": who.name,
            f"{side}AddressZipCode": who.zip_code,
            f"{side}Address": who.base_address,
            f"{side}AddressDetail": who.detailed_address,
            f"{side}Phone": write_phone(who, new=False),
            f"{side}Mobile": write_phone(who, new=False),
            f"{side}Memo": "",
        }
    return written


def _write_new_boxes(exchange: Exchange, now_ms: int) -> list[dict[str, Any]]:
    if exchange.new_box_id is None or now_ms < exchange.new_box_from_ms:
        return []
    invoices = []
    if exchange.number is not None:
        invoices.append(
            {"deliverCode": exchange.carrier, "invoiceNumber": exchange.number, "statusCode": exchange.delivery_status}
        )
    group = {
        "shipmentBoxId": int(exchange.new_box_id),
        "orderId": int(exchange.order.order_no),
        "boxPrice": 0,
        "orderType": "EXCHANGE",
        "customerType": "VENDOR",
        "deliveryInvoiceDtos": invoices,
    }
    return [group]
