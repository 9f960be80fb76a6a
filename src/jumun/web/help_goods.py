"""Help on what listings mean in goods."""

from jumun.web.help_texts import Topic

TOPICS: dict[str, Topic] = {
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
