"""Carriers' own upload forms as layouts of parcels (C30): our 묶음번호 stands where each form takes the customer's number.

That number comes back beside the waybill, so the file a carrier's site answers can be uploaded as it is. Titles are those
of the forms as public converters write them (docs/algorithms/waybill-sheets.md says where each was seen).
"""

from collections.abc import Mapping

from jumun.exports.columns import Chosen

# fmt: off
CARRIER_LAYOUTS: Mapping[str, tuple[Chosen, ...]] = {
    "cj": (
        Chosen("recipient", "받는분성명"), Chosen("phone1", "받는분전화번호"), Chosen("phone2", "받는분기타연락처"),
        Chosen("postcode", "받는분우편번호"), Chosen("address", "받는분주소(전체, 분할)"), Chosen("waybill", "운송장번호"),
        Chosen("bundle_no", "고객주문번호"), Chosen("item_name", "품목명"), Chosen("boxes", "박스수량"),
        Chosen("fixed", "박스타입", "소"), Chosen("freight", "운임구분"), Chosen("message", "배송메세지1"),
    ),
    "hanjin": (
        Chosen("bundle_no", "고객주문번호"), Chosen("recipient", "받으시는 분"), Chosen("phone1", "받으시는 분 전화"),
        Chosen("phone2", "받으시는 분 핸드폰"), Chosen("postcode", "받는분우편번호"), Chosen("address", "받는분총주소"),
        Chosen("boxes", "수량"), Chosen("item_name", "품목명"), Chosen("freight", "운임구분"), Chosen("message", "배송메시지"),
        Chosen("waybill", "운송장번호"),
    ),
    "lotte": (
        Chosen("bundle_no", "주문번호"), Chosen("recipient", "받는사람"), Chosen("phone1", "전화번호1"),
        Chosen("phone2", "전화번호2"), Chosen("postcode", "우편번호"), Chosen("address", "주소"),
        Chosen("item_name", "상품명1"), Chosen("quantity", "수량"), Chosen("message", "배송메시지"),
        Chosen("waybill", "운송장번호"),
    ),
    "epost": (
        Chosen("bundle_no", "고객주문번호"), Chosen("recipient", "수취인명"), Chosen("postcode", "수취인우편번호"),
        Chosen("address", "수취인주소"), Chosen("phone1", "수취인전화번호"), Chosen("phone2", "수취인이동통신"),
        Chosen("item_name", "내용품명"), Chosen("quantity", "수량"), Chosen("message", "배송메세지"), Chosen("waybill", "등기번호"),
    ),
    "logen": (
        Chosen("recipient", "수하인명"), Chosen("address", "수하인주소"), Chosen("phone1", "수하인전화번호"),
        Chosen("phone2", "수하인핸드폰번호"), Chosen("boxes", "택배수량"), Chosen("freight", "운임구분"),
        Chosen("item_name", "품목명"), Chosen("bundle_no", "주문번호"), Chosen("message", "배송메세지"),
        Chosen("waybill", "운송장번호"),
    ),
}
# fmt: on
