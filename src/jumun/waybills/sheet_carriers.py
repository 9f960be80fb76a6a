"""The names carriers go by in sheets, and our id for each. Pure. Source: carriers.md §1, the code tables."""

import re
from collections.abc import Mapping
from unicodedata import normalize

from jumun.waybills.carriers import CARRIERS

# fmt: off
_SPELLINGS: Mapping[str, tuple[str, ...]] = {
    "cj": ("CJ", "CJ택배", "씨제이", "씨제이대한통운", "CJ대한통운택배", "대한통운", "CJGLS", "CJ GLS", "씨제이지엘에스", "KOREX",
           "CJ LOGISTICS", "00034", "10013"),
    "hanjin": ("한진", "한진 주식회사", "HANJIN EXPRESS", "00011", "10007"),
    "lotte": ("롯데", "롯데글로벌로지스", "롯데글로벌", "롯데로지스틱스", "현대", "현대택배", "현대로지스틱스", "HYUNDAI", "HLC", "LOTTE GLOBAL", "LOTTE GLOBAL LOGISTICS", "00012", "10008"),
    "logen": ("로젠", "로젠로지스", "KGB", "KGB택배", "00002", "10003"),
    "epost": ("우체국", "우체국소포", "우체국택배소포", "우체국택배등기", "우편", "EPOST", "KOREA POST", "KOREAPOST", "우정사업본부", "계약소포", "00007", "10005"),
    "cu": ("CU", "CU편의점", "CU POST", "CU포스트", "씨유", "CUPARCEL", "BGF포스트", "CU 택배", "씨유편의점", "편의점택배", "편의점택배(CU)", "편의점택배(씨유)"),
    "gs": ("GS", "GS25", "GS25편의점", "GS편의점", "GS 포스트박스", "CVSNET", "GS택배", "편의점택배(GS25)", "GS25택배"),
    "gsquick": ("GS퀵", "GSPOSTBOX", "GS 포스트박스 퀵"),
    "ilyang": ("일양", "일양택배", "ILYANGLOGIS"),
    "kd": ("경동", "경동화물", "KDEXP"),
    "hd": ("합동", "합동화물", "HDEXP"),
    "daesin": ("대신", "대신화물", "대신정기화물"),
    "chunil": ("천일", "천일정기화물"),
    "kunyoung": ("건영", "건영화물", "GUNYOUNG"),
    "hpl": ("한의사랑", "한의사랑 택배", "HANWISA"),
    "nh": ("농협", "농협물류", "NHLOGIS", "10143"),
    "slx": ("SLX택배", "에스엘엑스"),
    "homepick": ("홈픽택배",),
    "woori": ("우리", "호남택배", "호남", "HONAM"),
    "yongma": ("용마", "용마택배"),
    "regpost": ("등기", "등기우편", "우체국등기", "REGISTPOST"),
    "ems": ("우체국EMS", "국제특급"),
    "dhl": ("디에이치엘", "10022"),
    "ups": ("유피에스",),
    "fedex": ("페덱스",),
    "direct": ("직접배송", "직배송", "직접전달", "자체배송", "업체직송", "DIRECT", "10031"),
    "etc": ("기타", "OTHER", "CH1", "00099"),
}
# fmt: on
_BRACKETS = re.compile(r"[(\[{<].*?[)\]}>]")


def _plain(text: str) -> str:
    """Letters and digits in lower case, without what companies put around a name."""
    told = "".join(character for character in text.lower() if character.isalnum())
    for around in ("주식회사", "유한회사"):
        told = told.replace(around, "")
    return told.removesuffix("택배") or told


def _table() -> dict[str, str]:
    found: dict[str, str] = {}
    for carrier in CARRIERS.values():
        for name in (carrier.id, carrier.label_ko, carrier.label_en, *_SPELLINGS.get(carrier.id, ())):
            found.setdefault(_plain(name), carrier.id)
    return found


BY_NAME: Mapping[str, str] = _table()


def find_carrier(text: str) -> str:
    """Our id of a carrier as a sheet names it; "" for a name nobody goes by. "(주)한진" is 한진, 우체국택배(등기) 우체국택배.

    What stands in brackets counts first, then not: "편의점택배(GS25)" is another than "편의점택배(CU)".
    """
    told = normalize("NFKC", text).replace("(주)", "")
    return BY_NAME.get(_plain(told), "") or BY_NAME.get(_plain(_BRACKETS.sub("", told)), "")
