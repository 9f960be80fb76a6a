"""Why two shipments are combined, reviewed or left apart, in words (N8). Pure."""

REASONS: dict[str, tuple[str, str]] = {
    "base": ("기준 묶음입니다", "The base the others are held against"),
    "all_the_same": ("이름, 주소, 전화번호가 모두 같습니다", "Name, address and every number agree"),
    "name_differs": ("이름이 다릅니다", "The name differs"),
    "phone_differs": ("전화번호가 다릅니다", "A phone number differs"),
    "safe_number": ("안심번호라 같은 사람인지 알 수 없습니다", "A safe number says nothing of who answers"),
    "no_phone": ("전화번호가 없습니다", "There is no phone number"),
    "no_name": ("받는 분 이름이 없거나 가려져 있습니다", "The name is missing or masked"),
    "no_address": ("주소가 없습니다", "The address is missing"),
    "road_and_lot": (
        "도로명과 지번 주소라 같은 건물일 수 있습니다",
        "A road and a lot address that may be one building",
    ),
    "unit_missing": ("한쪽에 동·층·호가 없습니다", "One has no unit number"),
    "unit_differs": ("동·층·호가 다릅니다", "The unit number differs"),
    "details_differ": ("상세 주소의 건물이나 상호가 다릅니다", "The detail of the address differs"),
    "province_missing": ("한쪽에 시·도가 없습니다", "One has no province"),
    "address_differs": ("주소가 다릅니다", "The address differs"),
    "taken_out": ("묶음에서 뺀 품목입니다", "It was taken out of a shipment on purpose"),
    "other_account": ("판매처 계정이 다릅니다", "They are of different channel accounts"),
    "other_brand": ("보내는 브랜드가 다릅니다", "They are sent under different brands"),
    "other_ship_from": ("출고지가 다릅니다", "They leave from different places"),
    "no_ship_from": ("출고지가 정해지지 않았습니다", "The ship-from is not known yet"),
    "other_method": ("배송 방법이 다르거나 합칠 수 없는 방법입니다", "The delivery method differs or forbids it"),
    "other_storage": ("보관 온도가 다릅니다", "They are stored at different temperatures"),
    "other_stage": ("진행 단계가 다릅니다", "They are at different steps"),
    "wrong_stage": ("상품준비나 출고대기가 아닌 품목이 있습니다", "Not every item is preparing or ready"),
    "prepaid_and_collect": ("선불과 착불이 섞입니다", "One is prepaid, one is collect"),
    "too_many": ("한 묶음 최대 수량을 넘습니다", "More than one parcel may hold"),
    "too_heavy": ("한 묶음 최대 무게를 넘습니다", "Heavier than one parcel may be"),
    "too_big": ("한 묶음 최대 부피를 넘습니다", "Bigger than one parcel may be"),
    "numbered": ("이미 운송장이 있습니다", "It has a waybill already"),
    "claim_open": ("진행 중인 클레임이 있습니다", "A claim is open"),
    "overseas": ("해외 배송입니다", "It goes overseas"),
    "customs": ("통관번호가 있습니다", "It has a customs number"),
    "gift_order": ("선물하기 주문입니다", "It is a gift order"),
    "sku_alone": ("따로 보내는 품목이 있습니다", "It holds a SKU that goes alone"),
    "kept_apart": ("사람이 따로 보내기로 정했습니다", "Somebody decided to send them apart"),
    "channel_forbids": ("판매처가 합포를 허락하지 않습니다", "The channel forbids it"),
}

SETTLED_BY_KIND = (
    "phone_differs",
    "safe_number",
    "no_phone",
    "name_differs",
    "road_and_lot",
    "unit_missing",
    "details_differ",
    "province_missing",
)
"""What alone makes a 확인필요: these can be settled for all of a kind, once or for good (C15)."""


def reason_text(code: str, language: str = "ko") -> str:
    """The sentence of a code; the code itself where none is known."""
    korean, english = REASONS.get(code, (code, code))
    return korean if language == "ko" else english
