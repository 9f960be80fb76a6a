"""Made-up recipients: Korean names, addresses that look real but lead nowhere, numbers nobody owns."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

SURNAMES = tuple("김이박최정강조윤장임한오서신권황안송류홍")
FIRST = tuple("민서지하도예수현은재유시채준연태나윤아승")
SECOND = tuple("준윤우서연민아진현영빈호린율원희경수훈솔")
# (zip, base address without the number, city, state): real roads, numbers beyond their end.
STREETS: tuple[tuple[str, str, str, str], ...] = (
    ("06236", "서울특별시 강남구 테헤란로", "강남구", "서울특별시"),
    ("04524", "서울특별시 중구 세종대로", "중구", "서울특별시"),
    ("05551", "서울특별시 송파구 올림픽로", "송파구", "서울특별시"),
    ("13529", "경기도 성남시 분당구 판교역로", "성남시 분당구", "경기도"),
    ("16490", "경기도 수원시 팔달구 효원로", "수원시 팔달구", "경기도"),
    ("10414", "경기도 고양시 일산동구 중앙로", "고양시 일산동구", "경기도"),
    ("21554", "인천광역시 남동구 정각로", "남동구", "인천광역시"),
    ("35242", "대전광역시 서구 둔산로", "서구", "대전광역시"),
    ("41911", "대구광역시 중구 공평로", "중구", "대구광역시"),
    ("48058", "부산광역시 해운대구 센텀중앙로", "해운대구", "부산광역시"),
    ("61945", "광주광역시 서구 내방로", "서구", "광주광역시"),
    ("44675", "울산광역시 남구 중앙로", "남구", "울산광역시"),
    ("24266", "강원특별자치도 춘천시 중앙로", "춘천시", "강원특별자치도"),
    ("54968", "전북특별자치도 전주시 완산구 효자로", "전주시 완산구", "전북특별자치도"),
    ("63122", "제주특별자치도 제주시 문연로", "제주시", "제주특별자치도"),
    ("40240", "경상북도 울릉군 울릉읍 도동길", "울릉군", "경상북도"),
)
MEMOS = (
    "부재 시 문 앞에 놓아주세요",
    "배송 전 연락 바랍니다",
    "경비실에 맡겨주세요",
    "택배함에 넣어주세요",
    "",
    "",
)


@dataclass(frozen=True, slots=True)
class Person:
    """One recipient with an address. Phones are 010-0000-xxxx or a safe number 050x."""

    name: str
    tel: str
    second_tel: str | None
    zip_code: str
    base_address: str
    detailed_address: str
    city: str
    state: str
    login: str

    @property
    def receiver_key(self) -> tuple[str, str, str]:
        """Return what makes two parcels go to the same receiver."""
        return (self.name, self.base_address, self.detailed_address)


def make_person(rng: Random) -> Person:
    """Return one made-up recipient; the same generator state gives the same person."""
    zip_code, street, city, state = rng.choice(STREETS)
    mobile = f"010-0000-{rng.randrange(10_000):04d}"
    safe = f"050{rng.choice('2347')}-0000-{rng.randrange(10_000):04d}"
    has_safe = rng.random() < 0.35
    return Person(
        name=rng.choice(SURNAMES) + rng.choice(FIRST) + rng.choice(SECOND),
        tel=safe if has_safe else mobile,
        second_tel=mobile if rng.random() < 0.2 else None,
        zip_code=zip_code,
        base_address=f"{street} {rng.randrange(9_001, 9_999)} (가상아파트)",
        detailed_address=f"{rng.randrange(101, 120)}동 {rng.randrange(1, 25)}{rng.randrange(1, 6):02d}호",
        city=city,
        state=state,
        login="".join(rng.choice("abcdefghjkmnpqrstuvwxyz") for _ in range(4)) + "****",
    )
