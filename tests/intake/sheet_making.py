"""Order sheets as malls, solutions, carriers and sellers make them, with the truth about each column.

A layout is a text of columns, `header=content` or `header=content>field`; the marked ones are the truth. `*` after
a field marks the price of one. The rows are orders of one to three lines with their people, goods and amounts.
"""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from jumun.intake.sheet_fields import Field

FAMILIES = {name: Path(__file__).with_name(f"sheet_layouts_{name}.txt") for name in ("known", "unseen", "fresh")}
NAMES = "김민서 이도윤 박서준 최하은 정지우 강시우 조은서 윤지호 장수아 임건우 한예린 오세훈 남궁민수 황보라 서지안 권도현".split()
PLACES = [
    ("06236", "서울특별시 강남구 테헤란로 152", "101동 1203호"),
    ("48058", "부산광역시 해운대구 센텀남대로 35", "2층"),
    ("01811", "서울특별시 노원구 공릉로 232", "지하 1층 (공릉동)"),
    ("63122", "제주특별자치도 제주시 첨단로 242", "B동 304호"),
    ("03187", "서울 종로구 종로 6", "광화문빌딩 11층"),
    ("61949", "광주 서구 상무중앙로 110", "우체국 옆"),
    ("13529", "경기도 성남시 분당구 판교역로 166", "카카오 아지트"),
    ("02748", "서울 성북구 화랑로13길 60", "동덕아파트 3-201"),
]
GOODS = [
    ("제주 감귤 5kg 산지직송", "크기=소과 / 무게=5kg", "MAND-5", "8801234", 19900),
    ("무농약 현미 10kg", "포장=진공", "RICE-10", "8801235", 42000),
    ("남성 반팔 티셔츠", "색상: 블랙 / 사이즈: L", "TS-BLK-L", "8801236", 12900),
    ("유기농 아기 물티슈 캡형", "10팩", "WIPE-10", "8801237", 15500),
    ("스테인리스 텀블러 500ml", "실버", "TMB-500", "8801238", 23800),
    ("국산 참깨 1kg", "", "SES-1", "8801239", 31000),
]
MEMOS = ["문 앞에 놓아주세요", "경비실에 맡겨 주세요", "", "배송 전 연락 바랍니다", "부재시 문자 주세요"]


@dataclass
class Made:
    """A sheet: its rows, where its header is, and which columns are what."""

    name: str
    rows: list[tuple[Any, ...]]
    header_row: int
    truth: dict[Field, tuple[int, ...]]
    each: bool = False
    lines: list[dict[str, Any]] = field(default_factory=list)
    first_row: int = 0


def read_layouts(family: str) -> dict[str, list[str]]:
    """Every layout of a family: name and its columns."""
    layouts: dict[str, list[str]] = {}
    for line in FAMILIES[family].read_text(encoding="utf-8").splitlines():
        if line.startswith("[") and line.endswith("]"):
            columns = layouts[line[1:-1]] = []
        elif line.strip() and not line.startswith("//"):
            columns += [part.strip() for part in line.split(";") if part.strip()]
    return layouts


def make_lines(chance: random.Random, orders: int) -> list[dict[str, Any]]:
    """Order lines with everything a mall may say of them."""
    lines: list[dict[str, Any]] = []
    for _ in range(orders):
        at = datetime(
            2026, 11, chance.randint(1, 21), chance.randint(0, 23), chance.randint(0, 59), chance.randint(0, 59)
        )
        zipcode, base, detail = chance.choice(PLACES)
        buyer = chance.choice(NAMES)
        recipient = buyer if chance.random() < 0.6 else chance.choice(NAMES)
        fee = chance.choice([0, 3000])
        goods = chance.sample(GOODS, chance.choice([1, 1, 1, 2, 3]))
        common = {
            "order_no": f"{at:%Y%m%d}{chance.randint(10**7, 10**8 - 1)}",
            "bundle": str(chance.randint(10**9, 10**10)),
            "cart": str(chance.randint(10**9, 10**10)),
            "order_at": at,
            "pay_at": at + timedelta(minutes=chance.randint(1, 90)),
            "due": at + timedelta(days=3),
            "day": at.date().isoformat(),
            "clock": f"{at:%H:%M:%S}",
            "recipient": recipient,
            "buyer": buyer,
            "buyer_id": chance.choice(["minseo", "doyun77", "jun_park", "eun.c", "jiwoo"]) + str(chance.randint(1, 99)),
            "mobile": f"010-{chance.randint(2000, 9999)}-{chance.randint(0, 9999):04}",
            "tel": f"02-{chance.randint(200, 999)}-{chance.randint(0, 9999):04}",
            "buyer_mobile": f"010-{chance.randint(2000, 9999)}-{chance.randint(0, 9999):04}",
            "safe": f"0504-{chance.randint(1000, 9999)}-{chance.randint(0, 9999):04}",
            "zip": zipcode,
            "base": base,
            "detail": detail,
            "address": f"{base} {detail}",
            "memo": chance.choice(MEMOS),
            "fee": fee,
            "email": f"{chance.randint(1000, 9999)}@naver.com",
            "mall": "스마트스토어",
            "status": "결제완료",
            "blank": None,
            "country": "대한민국",
            "sender": "제주농장",
            "sender_tel": "064-700-1234",
            "depositor": buyer,
            "yes": "Y",
        }
        total = 0
        for place, (name, option, code, number, price) in enumerate(goods, 1):
            quantity = chance.choice([1, 1, 1, 2, 3])
            total += price * quantity
            lines.append(
                common
                | {
                    "line_no": f"{at:%Y%m%d}{chance.randint(10**7, 10**8 - 1)}",
                    "nth": place,
                    "product": name,
                    "option": option,
                    "code": code,
                    "product_no": number,
                    "quantity": quantity,
                    "unit": price,
                    "amount": price * quantity,
                    "paid": price * quantity + fee,
                    "discount": 1000,
                    "settle": int(price * quantity * 0.94),
                    "carrier": "CJ대한통운",
                    "waybill": str(chance.randint(10**11, 10**12 - 1)),
                    "list": price + 5000,
                    "color": "블랙",
                    "size": "L",
                    "box": 1,
                    "plus": 0,
                    "url": f"https://shop.example/{number}",
                    "barcode": "880" + number + "123",
                }
            )
        for line in lines[-len(goods) :]:
            line["order_total"] = total + fee
            line["goods_total"] = total
    for place, line in enumerate(lines, 1):
        line["seq"] = place
    return lines


def show_value(content: str, value: Any, chance: random.Random, style: dict[str, str]) -> Any:
    """A value as this sheet writes it."""
    if isinstance(value, datetime):
        return {
            "cell": value,
            "dash": f"{value:%Y-%m-%d %H:%M:%S}",
            "dot": f"{value:%Y.%m.%d %H:%M}",
            "slash": f"{value:%Y/%m/%d %H:%M}",
            "digits": int(f"{value:%Y%m%d%H%M%S}"),
            "korean": f"{value:%Y년 %m월 %d일}",
        }[style["date"]]
    if content in {"order_no", "line_no", "bundle", "cart"} and style["ids"] == "number":
        return int(value)
    if content in {"mobile", "tel", "buyer_mobile"} and style["phones"] == "number":
        return int(value.replace("-", ""))
    if content == "zip" and style["phones"] == "number":
        return int(value)
    if content in {"amount", "unit", "paid", "fee", "settle", "order_total"} and style["money"] == "text":
        return f"{value:,}원"
    if content == "quantity" and style["money"] == "text":
        return f"{value}개"
    return value


def make_sheet(name: str, columns: list[str], seed: int, *, noise: bool = True, orders: int = 0) -> Made:
    """One sheet of a layout: its own style, titles above, blank columns, totals below, as the seed has it."""
    chance = random.Random(f"{name}{seed}")
    style = {
        "date": chance.choice(["cell", "dash", "dot", "slash", "digits", "korean"]),
        "ids": chance.choice(["text", "number"]),
        "phones": chance.choice(["text", "text", "number"]),
        "money": chance.choice(["number", "number", "text"]),
    }
    lines = make_lines(chance, orders or chance.randint(6, 25))
    heads: list[str] = []
    contents: list[str] = []
    truth: dict[Field, tuple[int, ...]] = {}
    each = False
    left = chance.choice([0, 0, 0, 1, 2]) if noise else 0
    for place, column in enumerate(columns):
        head, _, rest = column.partition("=")
        content, _, told = rest.partition(">")
        if told.endswith("*"):
            each, told = True, told[:-1]
        heads.append(_noisy(head, chance) if noise else head)
        contents.append(content)
        if told:
            truth[Field(told)] = (*truth.get(Field(told), ()), place + left)
    rows: list[tuple[Any, ...]] = []
    if noise:
        rows += [(None,)] * chance.choice([0, 0, 1, 2])
        if chance.random() < 0.3:
            rows += [(f"[{name}] 주문내역 다운로드",), ("조회기간", "2026-11-01 ~ 2026-11-21"), ()][
                : chance.randint(1, 3)
            ]
    header_row = len(rows) + 1
    rows.append((None,) * left + tuple(heads))
    if noise and chance.random() < 0.12:
        rows.append((None,) * left + ("※ 음영 처리된 셀은 수정하지 마세요.",))
    first = len(rows) + 1
    for line in lines:
        rows.append((None,) * left + tuple(show_value(content, line[content], chance, style) for content in contents))
    if noise and chance.random() < 0.3:
        total = ["합계"] + [None] * (len(contents) - 1)
        for place, content in enumerate(contents):
            if content in {"amount", "quantity"} and place:
                total[place] = sum(line[content] for line in lines)
        rows.append((None,) * left + tuple(total))
    return Made(name, rows, header_row, truth, each, lines, first)


def _noisy(head: str, chance: random.Random) -> str:
    roll = chance.random()
    if roll < 0.05:
        return head + "*"
    if roll < 0.08:
        return f" {head} "
    if roll < 0.1:
        return head + "\n(필수)"
    if roll < 0.12 and len(head) > 3 and "가" <= head[1] <= "힣":
        return head[:2] + " " + head[2:]
    return head
