"""Sentences about stock, matching, combining and allocation; read through `core.sentences`."""

from jumun.core.wording import Sentence

OF_STOCK: dict[str, Sentence] = {
    # matching
    "unknown_listing": Sentence(
        "이 상품을 판매처 주문에서 찾을 수 없습니다. 매칭 화면을 새로 고치고 다시 골라 주세요.",
        "No listing of this account is meant. Reload the matching page and choose again.",
    ),
    "unknown_sku": Sentence(
        "이 품목코드(SKU)가 없습니다. 상품에서 코드를 확인하거나 먼저 등록해 주세요.",
        "There is no SKU of this code. Check it in the catalogue or add it first.",
    ),
    "no_parts": Sentence(
        "매칭할 품목(SKU)이 없습니다. 하나 이상 골라 주세요. 보낼 것이 없는 상품이면 '출고 없음'을 고르세요.",
        "No SKU was chosen. Choose one or more; for a listing with nothing to pack choose 'ignore'.",
    ),
    "bad_quantity": Sentence(
        "수량은 1에서 9,999까지, 품목은 50개까지 넣을 수 있습니다.",
        "A quantity is from 1 to 9,999, and a link has 50 SKUs at most.",
    ),
    "twice": Sentence(
        "같은 상품·옵션이 목록에 두 번 있습니다. 먼저 나온 줄만 반영했습니다.",
        "The list has this listing twice. Only the first row counts.",
    ),
    "mixed_ship_from": Sentence(
        "출고지가 서로 다른 품목을 한 상품에 묶을 수 없습니다. 출고지가 같은 품목만 고르거나 품목의 출고지를 고쳐 주세요.",
        "SKUs that leave from different places cannot make up one listing. Choose SKUs of one ship-from or change theirs.",
    ),
    "link_sheet_columns": Sentence(
        "매칭 엑셀에 판매처, 판매처 상품코드(또는 상품명), 품목코드 열이 있어야 합니다. 열 이름을 확인해 주세요.",
        "A sheet of links needs columns 판매처, 판매처 상품코드 (or 상품명) and 품목코드. Check their names.",
    ),
    "link_sheet_too_long": Sentence(
        "매칭 엑셀은 한 번에 {most}줄까지 올릴 수 있습니다. 나누어 올려 주세요.",
        "A sheet of links takes {most} rows at most. Split it.",
    ),
    "released_from_here": Sentence(
        "이미 출고지시된 품목이라 다른 출고지로 옮기거나 매칭을 풀 수 없습니다. 출고지시를 취소한 뒤 다시 매칭해 주세요.",
        "It is released already and cannot leave from elsewhere or be unmatched. Withdraw the release, then match again.",
    ),
    "link_says_so": Sentence(
        "이미 그렇게 매칭되어 있고, 바뀌는 품목도 없습니다. 다른 품목을 고르거나 그대로 두세요.",
        "It is linked like that already and no item would change. Choose something else or leave it.",
    ),
    # combining
    "other_ship_from": Sentence(
        "출고지가 다른 묶음은 합칠 수 없습니다. 출고지를 맞춘 뒤 다시 합포해 주세요.",
        "Shipments from different places cannot be combined. Make their ship-from the same and combine again.",
    ),
    "address_changed": Sentence(
        "합포를 확인한 뒤 받는 분 정보가 바뀌었습니다. 합포를 다시 실행해 주세요.",
        "A recipient changed since this was judged. Run combining again.",
    ),
    "other_stage": Sentence(
        "합칠 묶음끼리 진행 단계나 배송 방법이 다릅니다. 같은 단계로 맞춘 뒤 다시 시도해 주세요.",
        "The shipments are at different steps or go by different methods. Bring them to one step and try again.",
    ),
    "told_already": Sentence(
        "판매처나 택배사에 이미 알린 묶음이라 합포를 풀 수 없습니다. 운송장을 먼저 취소해 주세요.",
        "A channel or carrier was told already, so it cannot be taken apart. Withdraw the waybill first.",
    ),
    "combined_into_numbered": Sentence(
        "운송장이 있는 묶음과는 품목을 주고받을 수 없습니다. 출고지시를 취소한 뒤 다시 시도해 주세요.",
        "One of the shipments has a waybill. Withdraw its release and try again.",
    ),
    "has_waybill": Sentence(
        "운송장이 있는 묶음은 합칠 수 없습니다. 출고지시를 취소한 뒤 다시 시도해 주세요.",
        "A shipment with a waybill cannot be combined. Withdraw its release and try again.",
    ),
    # catalogue
    "set_in_set": Sentence(
        "세트 안에 세트를 넣을 수 없습니다. 세트는 낱개 품목만으로 구성해 주세요.",
        "A set cannot be part of a set. Make it of single SKUs only.",
    ),
    "barcode_taken": Sentence(
        "바코드 {barcode}는 이미 다른 품목의 것입니다. 바코드를 확인해 주세요.",
        "Barcode {barcode} is another SKU's already. Check the barcode.",
    ),
    "independent_options": Sentence(
        "단독형 옵션 상품이라 옵션값마다 따로 재고를 둘 수 없습니다. 조합형으로 바꾸면 조합마다 품목이 생겨 재고를 둘 수 있습니다.",
        "Its options are independent, so their values carry no stock. Convert them: each combination becomes a SKU that does.",
    ),
    "not_independent": Sentence(
        "단독형 옵션 상품이 아니라 바꿀 것이 없습니다. 상품의 옵션 형태를 확인해 주세요.",
        "It has no independent options, so there is nothing to convert. Check the product's kind of options.",
    ),
    "option_not_read": Sentence(
        "품목 {sku}의 옵션에서 옵션 이름과 값을 찾지 못했습니다. '색상: 블랙'처럼 고친 뒤 다시 바꿔 주세요.",
        "SKU {sku} does not say which option it is a value of. Write it like '색상: 블랙' and convert again.",
    ),
    "too_many_combinations": Sentence(
        "조합이 {count}개라 한 번에 만들 수 없습니다. {most}개까지 만들 수 있으니 쓰지 않는 옵션값을 빼 주세요.",
        "There would be {count} combinations; {most} are the most. Take out values that are not sold.",
    ),
    "product_sheet_columns": Sentence(
        "상품 엑셀에 품목코드(SKU) 열이 있어야 합니다. 열 이름을 확인해 주세요.",
        "A sheet of products needs a column 품목코드 (SKU). Check its name.",
    ),
    "product_sheet_too_long": Sentence(
        "상품 엑셀은 한 번에 {most}줄까지 올릴 수 있습니다. 나누어 올려 주세요.",
        "A sheet of products takes {most} rows at most. Split it.",
    ),
    "sheet_sku_twice": Sentence(
        "같은 품목코드가 엑셀에 두 번 있습니다. 한 줄만 남겨 주세요.",
        "The sheet has this SKU twice. Leave one row.",
    ),
}
