"""Forms known beforehand: what Smartstore and Coupang sellers download, and the form we hand out ourselves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from jumun.intake.sheet_fields import Field, Plan, Source
from jumun.intake.sheet_no_rows import squeeze
from jumun.intake.sheet_values import show
from jumun.sheets.cells import Row

_DEEPEST = 20


@dataclass(frozen=True, slots=True)
class Preset:
    """A mall's own order sheet: headers it is known by and the header (or headers) of each field."""

    key: str
    channel: str
    label: tuple[str, str]
    known_by: tuple[str, ...]
    headers: Mapping[Field, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class FormColumn:
    """A column of our default form: its title, what it means, an example row, and choices for a drop-down."""

    title: str
    field: Field
    required: bool
    note: str
    example: str
    kind: str = "text"
    choices: tuple[str, ...] = ()


def _headers(told: Mapping[Field, str | tuple[str, ...]]) -> Mapping[Field, tuple[str, ...]]:
    return MappingProxyType({name: (text,) if isinstance(text, str) else text for name, text in told.items()})


_SMARTSTORE = Preset(
    "smartstore",
    "naver",
    ("스마트스토어 발주발송관리", "Smartstore orders"),
    ("상품주문번호", "주문번호", "수취인명", "상품명", "수량", "수취인연락처1", "배송메세지"),
    _headers(
        {
            Field.ORDER_NO: "주문번호",
            Field.LINE_NO: "상품주문번호",
            Field.ORDERED_AT: ("주문일시|결제일"),
            Field.PRODUCT_NAME: "상품명",
            Field.OPTION: "옵션정보",
            Field.PRODUCT_CODE: "판매자 상품코드|상품번호",
            Field.QUANTITY: "수량",
            Field.AMOUNT: "최종 상품별 총 주문금액|상품별 총 주문금액",
            Field.RECIPIENT: "수취인명",
            Field.PHONE1: "수취인연락처1",
            Field.PHONE2: "수취인연락처2",
            Field.POSTCODE: "우편번호",
            Field.ADDRESS: "통합배송지|배송지",
            Field.MEMO: "배송메세지",
            Field.BUYER: "구매자명",
            Field.CARRIER: "택배사",
            Field.WAYBILL: "송장번호",
            Field.CARRIAGE: "배송비 형태",
        }
    ),
)
_COUPANG = Preset(
    "coupang",
    "coupang",
    ("쿠팡 DeliveryList", "Coupang DeliveryList"),
    ("묶음배송번호", "주문번호", "등록상품명", "구매수(수량)", "수취인이름", "수취인전화번호", "수취인 주소"),
    _headers(
        {
            Field.ORDER_NO: "주문번호",
            Field.ORDERED_AT: "주문일",
            Field.PRODUCT_NAME: "등록상품명",
            Field.OPTION: "등록옵션명",
            Field.PRODUCT_CODE: "업체상품코드|노출상품ID",
            Field.QUANTITY: "구매수(수량)",
            Field.AMOUNT: "결제액",
            Field.RECIPIENT: "수취인이름",
            Field.PHONE1: "수취인전화번호",
            Field.POSTCODE: "우편번호",
            Field.ADDRESS: "수취인 주소",
            Field.MEMO: "배송메세지",
            Field.BUYER: "구매자",
            Field.CARRIER: "택배사",
            Field.WAYBILL: "운송장번호",
            Field.CUSTOMS_NUMBER: "개인통관번호(PCCC)",
        }
    ),
)
PRESETS: Mapping[str, Preset] = MappingProxyType({preset.key: preset for preset in (_SMARTSTORE, _COUPANG)})
"""Malls' own sheets. `|` in a header: the first that stands in the sheet and says anything."""

DEFAULT_FORM: tuple[FormColumn, ...] = (
    FormColumn("주문번호", Field.ORDER_NO, True, "같은 주문의 상품은 같은 번호를 씁니다.", "20261122-0001"),
    FormColumn("주문일시", Field.ORDERED_AT, False, "비우면 등록한 시각이 됩니다.", "2026-11-22 14:03"),
    FormColumn("상품코드", Field.PRODUCT_CODE, False, "품목(SKU) 코드와 같으면 바로 연결됩니다.", "MAND-5"),
    FormColumn("상품명", Field.PRODUCT_NAME, True, "", "제주 감귤 5kg"),
    FormColumn("옵션", Field.OPTION, False, "", "소과"),
    FormColumn("수량", Field.QUANTITY, True, "1에서 1,000,000까지의 자연수", "2", "number"),
    FormColumn("상품금액", Field.AMOUNT, False, "수량을 곱한 금액. 일본은 엔으로 씁니다.", "39800", "number"),
    FormColumn("통화", Field.CURRENCY, False, "비우면 KRW", "KRW", "text", ("KRW", "JPY", "USD")),
    FormColumn("수취인명", Field.RECIPIENT, True, "20자까지", "김민서"),
    FormColumn("연락처1", Field.PHONE1, True, "숫자와 ( ) + - 로 15자까지", "010-2345-6789"),
    FormColumn("연락처2", Field.PHONE2, False, "", ""),
    FormColumn("우편번호", Field.POSTCODE, False, "", "06236"),
    FormColumn("주소", Field.ADDRESS, True, "", "서울특별시 강남구 테헤란로 152"),
    FormColumn("상세주소", Field.ADDRESS2, False, "", "101동 1203호"),
    FormColumn("배송메시지", Field.MEMO, False, "", "문 앞에 놓아주세요"),
    FormColumn("구매자명", Field.BUYER, False, "", "김민서"),
    FormColumn("국가코드", Field.COUNTRY, False, "영문 대문자 2자리. 비우면 KR", "KR", "text", ("KR", "JP")),
    FormColumn("상품URL", Field.PRODUCT_URL, False, "일본으로 보낼 때 필요합니다.", ""),
    FormColumn("개인통관고유부호", Field.CUSTOMS_NUMBER, False, "", ""),
    FormColumn(
        "선불·착불", Field.CARRIAGE, False, "착불은 선불과 합포하지 않습니다.", "선불", "text", ("선불", "착불")
    ),
    FormColumn("판매처 계정", Field.ACCOUNT, False, "한 파일에 여러 계정이 있을 때 계정 키를 씁니다.", ""),
)
"""Our own form, for who has none (Q21-Q25)."""


def find_preset(head: Sequence[Row]) -> tuple[Preset, Plan] | None:
    """The mall's sheet this is, with its plan; None where it is none of them."""
    for place, row in enumerate(head[:_DEEPEST]):
        headers = tuple(show(cell) for cell in row)
        keys = [squeeze(text) for text in headers]
        for preset in PRESETS.values():
            if all(squeeze(text) in keys for text in preset.known_by):
                return preset, _plan(preset, place + 1, headers, keys, head[place + 1 :])
    return None


def find_default_form(head: Sequence[Row]) -> Plan | None:
    """The plan of our own form, wherever its columns stand; None where it is another sheet."""
    titles = {squeeze(column.title): column.field for column in DEFAULT_FORM}
    needed = {squeeze(column.title) for column in DEFAULT_FORM if column.required}
    telling = {squeeze("판매처 계정"), squeeze("국가코드"), squeeze("상품URL")}
    for place, row in enumerate(head[:_DEEPEST]):
        keys = [squeeze(show(cell)) for cell in row]
        if needed <= set(keys) and telling <= set(keys):
            found = {titles[key]: Source((column,)) for column, key in enumerate(keys) if key in titles}
            if Field.ADDRESS2 in found:
                base, detail = found[Field.ADDRESS], found.pop(Field.ADDRESS2)
                found[Field.ADDRESS] = Source(base.columns + detail.columns)
            ordered = {name: found[name] for name in Field if name in found}
            return Plan(place + 1, tuple(show(cell) for cell in row), ordered)
    return None


def _plan(preset: Preset, row: int, headers: tuple[str, ...], keys: Sequence[str], below: Sequence[Row]) -> Plan:
    sources: dict[Field, Source] = {}
    for name, wanted in preset.headers.items():
        columns = [column for text in wanted if (column := _column(text, keys, below)) is not None]
        if columns:
            sources[name] = Source(tuple(columns))
    if Field.ADDRESS not in sources and {"기본배송지", "상세배송지"} <= set(keys):
        sources[Field.ADDRESS] = Source((keys.index("기본배송지"), keys.index("상세배송지")))
    return Plan(row, headers, {name: sources[name] for name in Field if name in sources})


def _column(wanted: str, keys: Sequence[str], below: Sequence[Row]) -> int | None:
    columns = [keys.index(key) for each in wanted.split("|") if (key := squeeze(each)) in keys]
    said = [column for column in columns if any(column < len(row) and show(row[column]) for row in below)]
    found = said or columns
    return found[0] if found else None
