"""The demo catalogue: twelve SKUs that the demo company stocks and the fake malls sell."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Item:
    """One SKU as a mall lists it. Prices are won; `price` is the product's, `option_price` comes on top."""

    seller_code: str
    product_name: str
    option: str
    price: int
    option_price: int
    barcode: str
    product_no: int
    storage: str = "DRY"

    @property
    def whole_price(self) -> int:
        """Return what one piece costs."""
        return self.price + self.option_price


ITEMS: tuple[Item, ...] = (
    Item("TSH-BLK-L", "온산 순면 라운드 티셔츠", "블랙 / L", 19_900, 1_000, "8809000000015", 10_000_101),
    Item("TSH-BLK-M", "온산 순면 라운드 티셔츠", "블랙 / M", 19_900, 0, "8809000000022", 10_000_101),
    Item("TSH-WHT-L", "온산 순면 라운드 티셔츠", "화이트 / L", 19_900, 1_000, "8809000000039", 10_000_101),
    Item("BRT-100", "보리차 티백 100입", "", 8_900, 0, "8809000000046", 10_000_102),
    Item("CHG-15W", "무선 충전 거치대 15W", "화이트", 32_000, 0, "8809000000053", 10_000_103),
    Item("HLB-5KG", "한라봉 선물세트 5kg", "특품 12과", 42_000, 0, "8809000000060", 10_000_104, "WET"),
    Item("BAM-L", "대나무 도마 L", "", 27_500, 0, "8809000000077", 10_000_105),
    Item("JGC-060", "제주 감귤칩 60g", "", 4_500, 0, "8809000000084", 10_000_106),
    Item("TUM-473-CR", "스테인리스 텀블러 473ml", "크림", 24_000, 0, "8809000000091", 10_000_107),
    Item("LIN-NVY-M", "여름 린넨 셔츠", "네이비 / M", 45_000, 0, "8809000000107", 10_000_108),
    Item("DOG-300-DUCK", "강아지 수제간식 300g", "오리", 12_900, 0, "8809000000114", 10_000_109),
    Item("RUG-120-IV", "양모 러그 120×180", "아이보리", 129_000, 0, "8809000000121", 10_000_110),
)


def make_unknown(number: int) -> Item:
    """Return an item no catalogue of ours has."""
    return Item(
        f"UNK-{number:04d}",
        f"행사 증정 묶음 {number}호",
        "랜덤 / 혼합",
        15_000,
        0,
        f"88090009{number:05d}",
        19_000_000 + number,
    )


def show_catalogue() -> list[dict[str, object]]:
    """Return the rows of `GET /control/catalogue`; `price` is what one piece costs."""
    return [
        {**{name: value for name, value in asdict(item).items() if name != "option_price"}, "price": item.whole_price}
        for item in ITEMS
    ]
