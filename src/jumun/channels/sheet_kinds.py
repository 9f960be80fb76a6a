"""Channel kinds nobody has written a connector for: orders come and waybill numbers go back by sheet. Pure data."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SheetKind:
    """A kind by its names; `seller_centre` is where its sheets are up- and downloaded, "" where that differs or is not sure."""

    kind: str
    label_ko: str
    label_en: str
    seller_centre: str = ""
    combines: bool = True
    """Its orders may go out with others in one parcel (C14)."""


_KINDS = (
    SheetKind("cafe24", "카페24", "Cafe24", "https://eclogin.cafe24.com/Shop/"),
    SheetKind("11st", "11번가", "11st", "https://soffice.11st.co.kr/"),
    SheetKind("gmarket", "G마켓", "Gmarket", "https://www.esmplus.com/"),
    SheetKind("auction", "옥션", "Auction", "https://www.esmplus.com/"),
    SheetKind("kakao", "카카오톡 스토어", "Kakao Store", "https://store-sell.kakao.com/"),
    SheetKind("kakaogift", "카카오톡 선물하기", "Kakao Gift", combines=False),  # each is somebody's gift
    SheetKind("lotteon", "롯데온", "LOTTE ON", "https://store.lotteon.com/"),
    SheetKind("ssg", "SSG.COM", "SSG.COM", "https://po.ssgadm.com/"),
    SheetKind("ohouse", "오늘의집", "Ohouse"),
    SheetKind("ably", "에이블리", "Ably"),
    SheetKind("zigzag", "지그재그", "Zigzag"),
    SheetKind("musinsa", "무신사", "Musinsa"),
    SheetKind("29cm", "29CM", "29CM"),
    SheetKind("kream", "크림", "KREAM"),
    SheetKind("wemakeprice", "위메프", "Wemakeprice"),
    SheetKind("tmon", "티몬", "TMON"),
    SheetKind("toss", "토스쇼핑", "Toss Shopping"),
    SheetKind("kurly", "컬리", "Kurly"),
    SheetKind("gsshop", "GS SHOP", "GS SHOP"),
    SheetKind("cjonstyle", "CJ온스타일", "CJ OnStyle"),
    SheetKind("hmall", "현대Hmall", "Hmall"),
    SheetKind("imweb", "아임웹", "imweb", "https://imweb.me/"),
    SheetKind("godo", "고도몰", "Godomall"),
    SheetKind("makeshop", "메이크샵", "MakeShop"),
    SheetKind("sixshop", "식스샵", "Sixshop"),
    SheetKind("idus", "아이디어스", "idus"),
    SheetKind("always", "올웨이즈", "Alwayz"),
    SheetKind("shopee", "쇼피", "Shopee", "https://seller.shopee.kr/"),
    SheetKind("qoo10", "큐텐재팬", "Qoo10 Japan", "https://qsm.qoo10.jp/"),
    SheetKind("amazon", "아마존", "Amazon"),
    SheetKind("rakuten", "라쿠텐", "Rakuten"),
    SheetKind("other", "그 밖의 쇼핑몰", "Another shop"),
)

SHEET_KINDS: dict[str, SheetKind] = {each.kind: each for each in _KINDS}
"""By kind, the order in which they are offered."""


def find_sheet_kind(kind: str) -> SheetKind | None:
    """The kind, or None where there is no such kind."""
    return SHEET_KINDS.get(kind)
