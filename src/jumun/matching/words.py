"""Words of Korean listings: colours, sizes, units, promotions. Data for `tokens`; what it doesn't know still matches by letters.

A word stands here for what it means, never for one seller's goods: names of products, brands and flavours stay out.
"""

COLOURS: dict[str, tuple[str, ...]] = {
    "black": ("블랙", "검정", "검은", "검은색", "까만", "흑", "흑색", "먹색", "black", "bk", "blk"),
    "white": ("화이트", "흰", "흰색", "하얀", "하양", "백색", "white", "wh", "wht"),
    "ivory": ("아이보리", "ivory", "iv"),
    "cream": ("크림", "크림색", "cream"),
    "grey": ("그레이", "회색", "회", "쥐색", "gray", "grey", "gy"),
    "charcoal": ("차콜", "먹회색", "charcoal", "ch"),
    "melange": ("멜란지", "멜란지그레이", "멜란", "melange"),
    "navy": ("네이비", "남색", "곤색", "감색", "navy", "nv"),
    "blue": ("블루", "파랑", "파란", "청색", "blue", "bl"),
    "sky": ("스카이블루", "스카이", "하늘", "하늘색", "소라", "소라색", "skyblue", "sky", "sb"),
    "red": ("레드", "빨강", "빨간", "적색", "red", "rd"),
    "wine": ("와인", "와인색", "버건디", "자주", "자주색", "wine", "burgundy"),
    "pink": ("핑크", "분홍", "분홍색", "pink", "pk"),
    "yellow": ("옐로우", "옐로", "노랑", "노란", "노란색", "황색", "yellow", "ye"),
    "mustard": ("머스타드", "머스터드", "겨자", "겨자색", "mustard"),
    "orange": ("오렌지", "주황", "주황색", "orange", "og"),
    "coral": ("코랄", "산호", "산호색", "coral"),
    "peach": ("피치", "살구", "살구색", "peach"),
    "green": ("그린", "초록", "초록색", "녹색", "green", "gr", "gn"),
    "khaki": ("카키", "국방색", "khaki", "kk"),
    "olive": ("올리브", "olive"),
    "mint": ("민트", "민트색", "mint", "mt"),
    "purple": ("퍼플", "보라", "보라색", "바이올렛", "purple", "violet"),
    "lavender": ("라벤더", "연보라", "lavender"),
    "brown": ("브라운", "갈색", "밤색", "brown", "br"),
    "beige": ("베이지", "베이지색", "beige", "be"),
    "camel": ("카멜", "camel"),
    "silver": ("실버", "은색", "silver", "sv"),
    "gold": ("골드", "금색", "gold", "gd"),
    "rosegold": ("로즈골드", "rosegold"),
    "clear": ("투명", "클리어", "clear", "transparent"),
}
SHADES: dict[str, tuple[str, ...]] = {
    "light": ("라이트", "연한", "연", "light", "lt"),
    "dark": ("다크", "딥", "진한", "진", "dark", "deep", "dk"),
    "pale": ("파스텔", "페일", "pastel", "pale"),
    "hot": ("핫", "형광", "네온", "hot", "neon"),
}
SIZES: dict[str, tuple[str, ...]] = {
    "xs": ("xs", "엑스스몰", "xsmall"),
    "s": ("s", "스몰", "소", "소형", "small"),
    "m": ("m", "미디움", "미디엄", "미듐", "중", "중형", "medium"),
    "l": ("l", "라지", "라아지", "대", "대형", "large"),
    "xl": ("xl", "엑스라지", "특대", "특대형", "xlarge", "1xl"),
    "2xl": ("2xl", "xxl", "투엑스라지", "투엑스"),
    "3xl": ("3xl", "xxxl", "쓰리엑스라지", "쓰리엑스"),
    "4xl": ("4xl", "xxxxl"),
    "free": ("free", "f", "프리", "프리사이즈", "freesize", "원사이즈", "onesize", "단일사이즈", "단일", "os"),
}
KEYS = (
    "색상", "색", "컬러", "칼라", "color", "colour", "사이즈", "size", "크기", "치수", "옵션", "option", "opt", "선택", "종류", "타입", "품목", "상품",
    "상품명", "구분", "단품", "필수", "기본", "용량", "향", "맛", "규격", "모델", "모델명", "기종", "디자인", "수량", "구성", "호수",
)  # fmt: skip
"""Names of options: `색상: 블랙` says black."""
QUANTITY_KEYS = ("수량", "갯수", "개수", "구매수량", "qty", "quantity")

MEASURES: dict[str, tuple[str, float]] = {
    "kg": ("g", 1000), "킬로": ("g", 1000), "킬로그램": ("g", 1000), "g": ("g", 1), "그램": ("g", 1), "mg": ("g", 0.001),
    "l": ("ml", 1000), "리터": ("ml", 1000), "ml": ("ml", 1), "cc": ("ml", 1),
    "cm": ("cm", 1), "센치": ("cm", 1), "센티": ("cm", 1), "mm": ("cm", 0.1), "m": ("cm", 100), "미터": ("cm", 100),
    "inch": ("inch", 1), "인치": ("inch", 1), "형": ("inch", 1),
    "tb": ("gb", 1000), "gb": ("gb", 1), "기가": ("gb", 1), "테라": ("gb", 1000), "mb": ("gb", 0.001),
    "w": ("w", 1), "와트": ("w", 1), "kw": ("w", 1000), "v": ("v", 1), "볼트": ("v", 1), "mah": ("mah", 1), "hz": ("hz", 1),
    "호": ("호", 1), "도": ("도", 1), "인용": ("인용", 1), "종": ("종", 1), "단": ("단", 1), "구": ("구", 1), "칸": ("칸", 1),
    "겹": ("겹", 1), "세": ("세", 1), "개월": ("개월", 1), "년": ("년", 1),
}  # fmt: skip
"""Unit → what it measures, and how many of the smallest written unit."""
NEEDS_DIGIT_BESIDE = frozenset({"l", "m", "w", "v", "g", "도", "단", "구", "세", "호", "형", "종", "년"})
"""Units that are also words of their own: `1.5l` is a volume, `95 l` is two sizes."""

PACK_UNITS = (
    "개입", "매입", "정입", "포입", "개들이", "입", "매", "정", "포", "캡슐", "롤", "알", "인분", "장", "스틱", "티백", "tabs", "caps", "ct", "p", "피스", "pcs",
    "pc", "조각", "미", "회분", "구입",
)  # fmt: skip
"""Counts of what is inside one piece of goods: 10개입 is the goods, not how many were bought."""
PIECE_UNITS = (
    "개",
    "팩",
    "봉",
    "봉지",
    "병",
    "캔",
    "통",
    "박스",
    "상자",
    "box",
    "켤레",
    "족",
    "ea",
    "pack",
    "대",
    "권",
    "벌",
    "줄",
    "단지",
    "곽",
    "갑",
    "튜브",
)
"""Counts that may be either: they are the goods where the SKU says the same number, else how many were bought."""
SET_WORDS = ("세트", "셋트", "묶음", "set", "세트구성", "묶음상품")
"""`2개 세트`: how many were bought, unless the SKU itself is that set."""

PROMOTIONS = (
    "무료배송", "무료", "배송비", "무배", "배송", "당일발송", "당일출고", "당일", "오늘출발", "오늘만", "오늘", "내일", "도착", "보장", "빠른배송", "빠른", "발송", "출고", "출발", "새벽",
    "특가", "초특가", "세일", "할인", "할인가", "대박", "파격", "최저가", "타임딜", "타임세일", "핫딜", "딜", "이벤트", "행사", "증정", "사은품", "사은", "쿠폰", "적립", "포인트",
    "한정", "한정판매", "한정수량", "수량한정", "선착순", "마감", "임박", "품절", "재입고", "앵콜", "앙코르", "예약", "신상", "신상품", "신제품", "신규", "입고", "출시", "런칭", "론칭",
    "베스트", "베스트셀러", "인기", "인기상품", "추천", "강추", "강력추천", "히트", "히트상품", "화제", "최고", "판매", "판매량", "랭킹", "리뷰", "후기", "평점", "만족", "만족도", "재구매",
    "정품", "공식", "공식몰", "공식판매처", "정식", "본사", "직영", "직배송", "정식수입", "병행수입", "국내배송", "국내발송", "국내정품", "단독", "단독특가", "기획", "기획전", "시즌오프", "시즌", "모음전", "균일가", "득템",
    "주문폭주", "폭주", "가성비", "갓성비", "엄선", "명품", "md추천", "md", "pick", "픽", "에디터", "쇼핑라이브", "라방", "라이브", "블랙프라이데이", "블프", "명절", "설날", "추석", "어버이날", "가정의달",
    "new", "sale", "event", "best", "hot", "only", "top", "free배송", "gift", "no", "the", "랜덤발송", "추가금없음", "교환", "반품", "가능", "묶음배송", "합배송", "오늘의", "특별", "스페셜", "한정특가", "깜짝",
)  # fmt: skip
"""Words of selling, not of goods: alone or run together (`무료배송특가`) they say nothing about which SKU it is."""

TELLING = (
    "베스트", "반품", "교환", "임박", "예약", "병행수입", "스페셜", "에디터", "리퍼", "중고", "전시", "b급", "픽",
    "살구", "피치", "복숭아", "겨자", "머스타드", "올리브", "라임", "레몬", "민트", "와인", "자두", "포도", "딸기", "커피", "초코", "모카", "밤",
)  # fmt: skip
"""Words of selling that may be the goods' after all (a vest) or say that it is other stock; colours that are food."""

SAME: dict[str, tuple[str, ...]] = {
    "티셔츠": ("티셔츠", "tshirt", "tee", "t셔츠", "티"),
    "후드": ("후드", "hood", "후디", "hoodie", "hoody"),
    "맨투맨": ("맨투맨", "스웨트셔츠", "mtm", "sweatshirt"),
    "팬츠": ("팬츠", "바지", "pants"),
    "데님": ("데님", "청", "denim"),
    "원피스": ("원피스", "드레스", "dress"),
    "양말": ("양말", "삭스", "socks"),
    "가방": ("가방", "백", "bag"),
    "모자": ("모자", "캡", "cap"),
    "면": ("면", "코튼", "cotton", "순면"),
    "울": ("울", "양모", "wool"),
    "반팔": ("반팔", "반소매", "숏슬리브"),
    "긴팔": ("긴팔", "긴소매", "롱슬리브"),
    "여성": ("여성", "여자", "우먼", "women", "womens", "여성용"),
    "남성": ("남성", "남자", "맨즈", "men", "mens", "남성용"),
    "이어폰": ("이어폰", "이어버드", "earphone", "earphones", "earbuds"),
    "케이블": ("케이블", "cable", "선"),
    "충전기": ("충전기", "차저", "charger"),
    "보조배터리": ("보조배터리", "powerbank", "파워뱅크"),
    "커피": ("커피", "coffee"),
    "물티슈": ("물티슈", "wettissue", "물휴지"),
    "화장지": ("화장지", "휴지", "두루마리"),
    "샴푸": ("샴푸", "shampoo"),
    "치약": ("치약", "toothpaste"),
    "세트": ("세트", "set", "셋트"),
    "미니": ("미니", "mini", "소용량"),
    "프로": ("프로", "pro"),
    "리필": ("리필", "refill", "리필용"),
}
"""Common words of goods with their other spellings."""
