"""What the grid says: JavaScript holds no words, they come with the page in its language."""

from django.utils.translation import gettext as _


def tell() -> dict[str, str]:
    """Every sentence of the grid by name; {n} and the like are filled in by the page."""
    return {
        "grid": _("주문 목록"),
        "tick": _("{bundle} 고르기"),
        "tick_all": _("불러온 모든 줄 고르기"),
        "choice": _("선택"),
        "carrier_of": _("{bundle} 택배사"),
        "number_of": _("{bundle} 운송장번호"),
        "by_hand": _("판매자센터에서 정정"),
        "sort_up": _("{label}: 오름차순으로 정렬됨"),
        "sort_down": _("{label}: 내림차순으로 정렬됨"),
        "sort_by": _("{label}(으)로 정렬"),
        "loaded": _("{n}줄 표시"),
        "count": _("{n}건"),
        "chosen": _("{n}건 선택"),
        "chosen_all": _("이 필터의 {n}건 모두"),
        "offer_all": _("이 필터의 {n}건 모두 선택"),
        "facts": _("{n}건 · 상품 {q}개"),
        "fresh": _("새로 들어온 {n}줄 보기"),
        "failed": _("줄을 불러오지 못했습니다. 지금 보이는 줄은 그대로입니다."),
        "offline": _("인터넷 연결이 끊겼습니다. 지금 보이는 줄은 그대로입니다."),
        "copied": _("{n}칸을 복사했습니다. 가려진 개인정보는 가려진 채로 복사합니다."),
        "earlier": _("{label} 앞으로"),
        "later": _("{label} 뒤로"),
        "pin": _("{label} 고정"),
        "width": _("{label} 너비"),
        "moved": _("{label}: {n}번째 열"),
        "dismiss": _("닫기"),
    }
