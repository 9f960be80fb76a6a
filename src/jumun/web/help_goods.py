"""Help on what listings mean in goods."""

from jumun.web.help_texts import Topic

TOPICS: dict[str, Topic] = {
    "allocation": Topic(
        ("재고 할당", "Allocation"),
        (
            "재고가 모자랄 때 어느 주문이 나갈지 정합니다. 모두 채울 수 있는 묶음이 먼저입니다.",
            "Which orders leave when stock is short. Shipments that can be filled whole come first.",
        ),
        (
            (
                "조건을 정하고 [미리 보기]로 누가 나갈 수 있는지 본 뒤 [이 조건으로 할당]합니다.",
                "미할당에는 무엇이 몇 개 모자라고 어느 주문이 먼저 가져갔는지 적혀 있습니다.",
                "[나누기]는 재고 없는 품목을 새 묶음으로 빼서 나머지가 바로 나가게 합니다.",
                "조건은 이름을 붙여 저장하고, 시각을 적으면 저절로 할당합니다.",
            ),
            (
                "Set criteria, look ahead at who can leave, then allocate by the same criteria.",
                "What got nothing says what it is short of, by how many, and which orders have it.",
                "Splitting takes what has no stock into a shipment of its own, so that the rest leaves.",
                "Criteria are kept by name; with times of day they run by themselves.",
            ),
        ),
        (
            "할당된 재고는 출고완료에 빠지고, 취소하거나 수량이 줄면 저절로 풀립니다.",
            "Reserved stock leaves at hand over, and is freed when an order is cancelled or shrinks.",
        ),
    ),
    "stock": Topic(
        ("재고", "Stock"),
        (
            "출고지마다 지금 있는 수량, 주문에 할당된 수량, 남은 수량을 보고 바꿉니다.",
            "What lies where, what of it is reserved for orders, what is left; and changing it.",
        ),
        (
            (
                "줄마다 수량을 적고 아래에서 할 일(입고·조정·실사·이동·폐기·안전재고)을 골라 한 번에 반영합니다.",
                "여러 품목은 [재고 엑셀]로 올립니다. 적힌 수량이 지금 있는 수량이 됩니다.",
                "품목코드를 누르면 그 품목의 원장이 열립니다. 잘못 적었으면 반대로 조정합니다.",
            ),
            (
                "Type a number on each row, choose what to do with them below, apply all at once.",
                "Many SKUs come by sheet: the number in it is what is there now.",
                "A SKU's code opens its ledger. What was typed wrong is adjusted back.",
            ),
        ),
        (
            "0보다 작거나 할당된 수량보다 적게는 되지 않습니다. 모든 변경은 누가 왜 했는지 원장에 남습니다.",
            "Nothing falls below zero or below what is reserved. The ledger keeps who changed what, and why.",
        ),
    ),
    "matching": Topic(
        ("매칭", "Matching"),
        (
            "판매처 상품이 우리 품목(SKU) 중 무엇인지 정합니다. 한 번 정하면 기억합니다.",
            "What a channel's listing is among our SKUs. Once said, it is remembered.",
        ),
        (
            (
                "후보를 고르거나 [품목 찾기]로 찾아 담고 [적용]합니다. 품목은 여러 개, 수량도 정할 수 있습니다.",
                "J·K로 다음·이전 상품, Enter로 적용합니다.",
                "잘못했으면 그 자리에서 되돌리고, 예전 매칭은 [매칭 목록]에서 바꿉니다. 바뀌는 품목이 먼저 보입니다.",
            ),
            (
                "Choose a candidate, or find SKUs, several with numbers, and apply.",
                "J and K lead to the next and the previous listing; Enter applies.",
                "Undo stands beside what was done. Old links are changed in the list of links: what becomes of each item comes first.",
            ),
        ),
        (
            "같은 상품의 기다리던 품목이 모두 매칭되고, 다음 수집부터 저절로 됩니다.",
            "All waiting items of the listing follow, and from the next collection on by themselves.",
        ),
    ),
}
