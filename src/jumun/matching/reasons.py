"""What speaks for a suggested SKU or against it, in words a clerk reads. Pure."""

from jumun.matching.scoring import Reason

_SENTENCES: dict[str, tuple[str, str]] = {
    "code": ("판매자 코드가 같음: {about}", "same seller code: {about}"),
    "name": ("상품명 {about}% 일치", "{about}% of the name"),
    "same": ("같음: {about}", "same: {about}"),
    "differs": ("다름: {about}", "differs: {about}"),
    "not_said": ("상품에 없는 말: {about}", "not said: {about}"),
    "pack": ("구성 수량 {about} 같음", "same pack of {about}"),
    "quantity": ("주문 1개에 {about}개", "{about} for each one ordered"),
    "price": ("판매가가 비슷함", "about the same price"),
}
REASONS: tuple[str, ...] = tuple(_SENTENCES)
"""Every code a reason may have."""


def reason_text(reason: Reason, language: str = "ko") -> str:
    """One reason in Korean ("ko") or English ("en").

    >>> reason_text(Reason("name", "92")), reason_text(Reason("price"), "en")
    ('상품명 92% 일치', 'about the same price')
    """
    korean, english = _SENTENCES[reason.code]
    return (english if language == "en" else korean).format(about=reason.about)
