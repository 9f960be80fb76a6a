"""Sentences about stock, matching, combining and allocation; read through `core.sentences`."""

from jumun.core.wording import Sentence

OF_STOCK: dict[str, Sentence] = {
    # stock
    "cannot_push_stock": Sentence(
        "이 쇼핑몰은 API로 재고를 받지 않습니다. 재고 화면의 판매 가능 수량을 판매자센터에 직접 넣어 주세요.",
        "This channel takes no stock by API. Enter what may be sold, as the stock page shows it, in the seller centre.",
    ),
    "not_allocated": Sentence(
        "할당된 재고가 없는 주문입니다. 해제할 것이 없으니 그대로 두면 됩니다.",
        "No stock is reserved for it, so there is nothing to free. Leave it as it is.",
    ),
    "unallocated": Sentence(
        "재고가 모두 할당되지 않은 주문이라 출고지시할 수 없습니다. 재고 할당을 하거나, 미할당 품목을 나눈 뒤 다시 시도해 주세요.",
        "Not all of its stock is reserved, and this company releases only what is allocated. Allocate it, or split off what has none.",
    ),
    "out_of_stock": Sentence(
        "재고가 부족해 할당하지 못했습니다. 입고하거나 다른 주문의 할당을 해제한 뒤 다시 할당해 주세요.",
        "There is not enough free stock left for it. Receive some or free another order's, then allocate again.",
    ),
    "not_needed": Sentence(
        "이 주문에 필요하지 않은 품목이거나 이미 출고된 주문이라 할당하지 않았습니다. 주문을 새로 확인해 주세요.",
        "The order does not need this, or it has left the house already. Look at the order again.",
    ),
    "not_stocked": Sentence(
        "단독형 옵션의 품목이라 재고를 셀 수 없습니다. 상품에서 '조합형으로 바꾸기'를 한 뒤, 만들어진 품목에 재고를 넣어 주세요.",
        "It is the value of an independent option and carries no stock. Combine the product's options, then count those SKUs.",
    ),
    "set_has_no_stock": Sentence(
        "세트 품목은 구성품의 재고로 계산됩니다. 세트가 아니라 구성품에 재고를 넣어 주세요.",
        "A set has the stock its parts make. Change the stock of its parts instead.",
    ),
    "unknown_ship_from": Sentence(
        "출고지를 알 수 없습니다. 출고지 코드를 확인하거나, 품목에 출고지를 정해 주세요.",
        "There is no such ship-from, or none is said and the SKU has none. Check the code, or give the SKU a ship-from.",
    ),
    "same_place": Sentence(
        "보내는 출고지와 받는 출고지가 같습니다. 다른 출고지를 골라 주세요.",
        "It would move to where it is. Choose another ship-from.",
    ),
    "bad_stock_number": Sentence(
        "수량이 맞지 않습니다. 정수로, 입고·이동·폐기는 1 이상, 실사와 안전재고는 0 이상, 조정은 0이 아닌 수를 넣어 주세요.",
        "The number is not one. Whole units: at least 1 to receive, move or scrap, at least 0 to count or keep back, not 0 to adjust.",
    ),
    "stock_twice": Sentence(
        "같은 품목과 출고지가 목록에 두 번 있습니다. 먼저 나온 줄만 반영했습니다. 하나로 합쳐 주세요.",
        "The list has this SKU and ship-from twice. Only the first row counts; make them one.",
    ),
    "below_zero": Sentence(
        "지금 있는 것보다 많이 뺄 수 없습니다. 재고를 확인해 수량을 고치거나 먼저 입고해 주세요.",
        "There are not that many. Look at the stock and change the number, or receive some first.",
    ),
    "below_reserved": Sentence(
        "주문에 할당된 재고보다 적어집니다. 재고 할당에서 할당을 해제한 뒤 다시 해 주세요.",
        "Fewer would be left than are reserved for orders. Free some of those first, then try again.",
    ),
    "barcode_shared": Sentence(
        "이 바코드를 쓰는 품목이 둘 이상입니다. 품목코드로 적어 주세요.",
        "More than one SKU has this barcode. Give the SKU's code.",
    ),
    "stock_sheet_columns": Sentence(
        "재고 엑셀에 품목코드(또는 바코드)와 재고수량(또는 안전재고) 열이 있어야 합니다. 열 이름을 확인해 주세요.",
        "A sheet of stock needs a column 품목코드 (or 바코드) and 재고수량 (or 안전재고). Check their names.",
    ),
    "stock_sheet_too_long": Sentence(
        "재고 엑셀은 한 번에 {most}줄까지 올릴 수 있습니다. 나누어 올려 주세요.",
        "A sheet of stock takes {most} rows at most. Split it.",
    ),
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
    "other_storage": Sentence(
        "보관 온도가 다른 품목은 한 묶음이 될 수 없습니다. 매칭을 확인하거나 따로 보내 주세요.",
        "Goods stored at different temperatures cannot be one parcel. Check the links or send them apart.",
    ),
    "sku_alone": Sentence(
        "따로 보내야 하는 품목이 있어 합칠 수 없습니다. 품목의 합포 금지를 풀거나 따로 보내 주세요.",
        "A SKU in it goes alone. Allow it to be combined in the catalogue, or send it apart.",
    ),
    "released_with_stock": Sentence(
        "재고가 있어야 출고지시하는 회사라 출고지시한 주문의 재고는 내놓을 수 없습니다. 출고지시를 먼저 되돌려 주세요.",
        "Nothing is released without its stock here, so a released order keeps it. Take the release back first.",
    ),
    "would_mix": Sentence(
        "이 기준으로 합칠 다른 묶음과 받는 분이나 받는 곳이 다릅니다. 어느 쪽을 합칠지 하나씩 골라 주세요.",
        "Another shipment that joins the same base goes to somebody or somewhere else. Choose which of them to combine.",
    ),
    "too_big": Sentence(
        "한 묶음 최대 부피를 넘어 합치지 않았습니다. 최대 부피를 늘려 합포를 다시 실행하거나 따로 보내 주세요.",
        "The parcel would be bigger than the run allows. Run combining with a larger cap or send it apart.",
    ),
    "too_heavy": Sentence(
        "한 묶음 최대 무게를 넘어 합치지 않았습니다. 최대 무게를 늘려 합포를 다시 실행하거나 따로 보내 주세요.",
        "The parcel would be heavier than the run allows. Run combining with a larger cap or send it apart.",
    ),
    "too_many": Sentence(
        "한 묶음 최대 수량을 넘어 합치지 않았습니다. 최대 수량을 늘려 합포를 다시 실행하거나 따로 보내 주세요.",
        "The parcel would hold more than the run allows. Run combining with a larger cap or send it apart.",
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
    "sheet_kind_differs": Sentence(
        "한 상품의 옵션형태가 줄마다 다릅니다. 같은 상품의 모든 줄에 같은 옵션형태를 넣어 주세요.",
        "One product has two kinds of options in this sheet. Give all its rows the same one.",
    ),
    "sheet_sku_twice": Sentence(
        "같은 품목코드가 엑셀에 두 번 있습니다. 한 줄만 남겨 주세요.",
        "The sheet has this SKU twice. Leave one row.",
    ),
    # allocation
    "criteria_name_taken": Sentence(
        "이 이름으로 저장된 할당 조건이 이미 있습니다. 다른 이름을 쓰거나 그 조건을 고쳐 주세요.",
        "Criteria of this name are kept already. Choose another name or change those.",
    ),
    "too_many_criteria": Sentence(
        "할당 조건은 {most}개까지 저장할 수 있습니다. 쓰지 않는 조건을 지우고 다시 저장해 주세요.",
        "{most} criteria can be kept at most. Delete some nobody uses, then save again.",
    ),
}
