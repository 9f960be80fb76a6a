"""A header cell in the words of order sheets: Korean, English and Japanese terms taken apart into what they mean.

`수취인 휴대폰번호(필수)`, `receiverMobileNo` and `お届け先携帯番号` all say RECIPIENT, MOBILE, NUMBER.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

WORDS: dict[str, str] = {
    "ORDER": "주문 펀딩 후원 오더 주문서 order orders ordered ord odr 注文 ご注文 受注 オーダー",
    "PO": "발주 발주서 purchaseorder",
    "BUY": "구매 구입 purchase purchased bought 購入",
    "PRODUCT": "상품 제품 품목 물품 내품 product products prod prd goods gds 商品 製品 品 품 내용품 item items lineitem 아이템",
    "CONTENTS": "내용물 주문내역 주문내용 품목내역",
    "LINE": "라인 하위 line 순번 순서 일련번호 seq sequence 명세 明細 서브 부 sub row 행",
    "LINEID": "orderitemcode orderitemid orderitemno orderlineid orderproductid productorderid productorderno",
    "NUMBER": "번호 넘버 reference ref no num number nbr nr 番号 no. №",
    "CODE": "코드 code cd codes コード",
    "SKU": "sku 스타일넘버 스타일번호 품번 에스케이유",
    "ID": "id ids 아이디",
    "NAME": "명 이름 성명 성함 명칭 name names nm 名 名前 お名前 氏名 姓名 fullname 님",
    "FIRST": "firstname givenname",
    "LAST": "lastname familyname surname",
    "OPTION": "옵션 option options opt 선택사항 선택옵션 variant variants variation オプション バリエーション 規格 규격 사양 단품 속성값 項目選択肢 選択肢",
    "ATTRIBUTE": "속성 attribute attributes",
    "COLOR": "색상 컬러 칼라 color colour カラー 색",
    "SIZE": "사이즈 size 치수 サイズ",
    "QTY": "수량 갯수 개수 quantity qty qnty 数量 個数 주문수 구매수 판매수 ea quantitypurchased 数 주문개수 수량ea 몇개 cnt",
    "RECIPIENT": "선물받는분 선물받는사람 선물받으실분 수취인 수취자 수령인 수령자 수령 수취 수취고객 수령고객 수취하는분 받는사람 받는분 받는이 받는자 받으시는분 받으실분 받는고객 받을사람 "
    "받을분 인수고객 인수자 인수인 수하인 수화인 수신자 수신인 recipient recipients receiver receivers reciever consignee rcv rcvr recv rcpt receiving "
    "receive shipto お届け先 届け先 届先 お届先 配送先 送り先 送付先 受取人 受取 宛先 배송받는분 배송받는사람 배송지수령인",
    "BUYER": "구매자 후원자 서포터 선물하신분 선물하는분 선물한분 선물한사람 선물보낸사람 선물보낸분 주문자 주문인 주문고객 구매고객 구매인 구입자 주문하신분 주문하는분 주문한분 주문한사람 주문회원 구매회원 구매하는분 buyer buyers orderer "
    "purchaser billing bill 購入者 注文者 ご注文者 注文主 購入者様",
    "CUSTOMER": "고객 회원 고객님 customer customers client member user 顧客 お客様 会員 유저 소비자",
    "SENDER": "보내는사람 보내는분 보내시는분 보내는이 보내는자 발송인 송하인 송화인 발신인 발신자 발송자 송신자 출고자 sender shipper 差出人 依頼主 ご依頼主 "
    "発送元 送り主 출고지 출하지 반품지 회수지 발송지 집하지 의뢰인",
    "SELLER": "contribution 판매자 업체 셀러 자체 자사 공급사 공급업체 공급처 거래처 협력사 벤더 vendor seller merchant supplier 파트너 파트너사 입점사 입점업체 판매사 店舗 "
    "ショップ 販売者 셀러용 판매업체 own",
    "PAYER": "입금자 예금주 입금인 결제자 depositor payer",
    "PHONE": "전화 전화번호 연락처 연락번호 연락 전번 tel telephone telno phone phones phoneno phonenumber 電話 電話番号 폰 폰번호 contact contacts contactno "
    "連絡先 ＴＥＬ 유선전화 전화연락처",
    "MOBILE": "휴대폰 핸드폰 휴대전화 휴대 핸폰 휴대번호 휴대폰번호 핸드폰번호 모바일 이동전화 이동통신 hp mobile mobileno cell cellphone celphone 携帯 携帯電話 cel "
    "휴대전화번호 handphone 무선전화 무선",
    "LANDLINE": "집전화 자택전화 자택 일반전화 유선 유선번호 landline 집전화번호 home",
    "SAFE": "안심번호 안심 가상번호 가상 safe virtual safenumber",
    "ZIP": "우편번호 우편 zip zipcode zipno postcode postal postalcode 郵便番号 郵便 새우편번호 신우편번호 zonecode 우편번호5자리 기초구역번호 post",
    "ADDRESS": "주소 배송지 주소지 address addr adr addrs 住所 도착지 배송처 배송지주소 수령지 수취지",
    "ROAD": "도로명 도로명주소 road street 신주소",
    "LOT": "지번 지번주소 구주소 jibun",
    "PART": "city town state province region district 都道府県 市区町村 番地 市 区 町 시도 시군구 읍면동 町名番地 丁目 アパートマンション名 マンション名 建物名 建物",
    "DETAIL": "상세 나머지 세부 detail details dtl 뒷주소 詳細",
    "BASE": "기본 base basic 앞주소 main",
    "FULL": "통합 전체 full 풀 전체주소",
    "MEMO": "남길말 要請事項 메세지 메시지 메모 요청사항 요청 요구사항 유의사항 특이사항 전달사항 주의사항 남기는글 남기실말씀 남기는말 남긴말 남길말씀 남기실글 말씀 전하실말씀 전할말씀 "
    "message messages msg memo note notes remark remarks comment comments instruction instructions request requests 備考 メモ 要望 ご要望 "
    "メッセージ 특기사항 멘트 문구 사연 코멘트",
    "REMARK": "비고 비고란 기타사항 기타 참고사항",
    "DELIVERY": "배송 delv 배달 배송시 delivery deliv dlv dlvr shipping ship shipment 配送 配達 お届け 배송용 발송시 배송관련",
    "CARRIER": "택배사 택배회사 택배업체 배송사 배송업체 배송회사 운송사 운송회사 운송업체 물류사 물류회사 carrier courier carriers 配送業者 運送会社 配送会社 "
    "배송택배사 shippingcompany deliverycompany parcelcompany shippingcarrier 택배",
    "WAYBILL": "송장 운송장 송장번호 운송장번호 등기번호 등기 waybill waybillno tracking trackingno trackingnumber invoice invoiceno invoicenumber awb 送り状 "
    "送り状番号 追跡 追跡番号 伝票 伝票番号 お問い合わせ番号 お問合せ番号 배송추적번호 운송장no 송장no 운송번호",
    "BUNDLE": "묶음 합배송 합포 합포장 그룹 bundle package packing pack group shipmentbox 박스 box 묶음배송 패키지 同梱 박스수",
    "CART": "장바구니 cart basket カート",
    "PAY": "결제 지불 입금 납입 payment pay paid 決済 支払 支払い お支払い 入金 수납",
    "PRICE": "단가 판매가 판매단가 가격 개당 price unitprice 単価 価格 판매가격 개당가격 소매가 판매금액단가 unit 販売価格",
    "OPTIONPRICE": "옵션가 옵션가격 옵션금액 옵션추가금 옵션추가금액 추가금액 옵션비용",
    "LIST": "정가 소비자가 소비자가격 시중가 권장 tag msrp",
    "AMOUNT": "금액 액 대금 결제가 구매가 amount amt 金額 매출 매출액 代金",
    "SELL": "판매 sale sales selling 販売",
    "REAL": "실 실제 최종 actual net final",
    "TOTAL": "총 합계 총액 토탈 total sum grand 合計 총합계 小計 subtotal 소계 계 총합",
    "SUPPLY": "공급가 공급가액 공급 원가 매입가 매입 cost supply wholesale 도매 도매가 공급단가 공급금액 仕入",
    "SHIPFEE": "배송비 운임 배송료 택배비 택배운임 운송료 운송비 shippingfee deliveryfee freight 送料 배송금액 shippingcost shippingprice deliverycharge",
    "PREPAID": "선착불 선불 착불 선결제 후불 선후불 선불착불 선불/착불 운임구분 운임타입 prepaid freightterms",
    "FEE": "수수료 fee fees commission 手数料 추가비용 이용료 대행료 비용 charge",
    "SETTLE": "정산 정산금 정산금액 settlement settle 精算 수익 입금예정 정산예정금액 정산예정",
    "DISCOUNT": "할인 할인액 쿠폰 적립금 적립 포인트 마일리지 예치금 예치 캐시 discount coupon coupons point points mileage 割引 クーポン ポイント 리워드 프로모션 "
    "promotion 혜택 부담 부담금 차감 사용",
    "TAX": "세금 부가세 vat tax 관세 消費税 면세 과세 과세구분 세액 세",
    "CLAIM": "취소 환불 반품 교환 클레임 cancel cancelled refund refunded return returned exchange claim キャンセル 返品",
    "MOMENT": "일시 datetime 日時 timestamp at 일시간",
    "DATE": "일자 날짜 일 date dt 日付 日 年月日 ymd day on 날 년월일",
    "CLOCK": "시간 시각 time 時刻 時間",
    "CREATED": "생성 created create creation 접수 등록 received placed 作成",
    "DUE": "기한 예정 희망 마감 지정 deadline due expected 希望 指定 promise by 도착예정 예정일 희망일 예약 latest earliest 한 까지",
    "CONFIRM": "확인 확정 confirm confirmed 確認 승인 완료 complete completed",
    "DISPATCH": "지시 발송 출고 출하 발송처리 shipped dispatch dispatched 出荷 発送 집하 집화 출력 인쇄 처리 수집 다운로드 변경 수정 업로드 최초등록 갱신 update updated",
    "KIND": "상태 status 구분 여부 유형 형태 타입 방법 수단 종류 type method kind yn 분류 상세상태 단계 flag 등급 방식 区分 状態 方法 종별 항목 위치 경로 조건 정책",
    "COUNTRY": "국가 국가코드 나라 country nation 国 도착국가 배송국가",
    "CURRENCY": "통화 화폐 currency 通貨 통화코드",
    "URL": "url 링크 link urls 주소url",
    "MALL": "쇼핑몰 온라인 몰 판매처 마켓 오픈마켓 사이트 채널 판매채널 플랫폼 판매사이트 판매몰 스토어 외부 mall market marketplace site channel store shop platform 원천 "
    "モール 제휴사 제휴 판매경로 네이버 쿠팡 네이버페이 스마트스토어 외부몰",
    "SYSTEM": "사방넷 플레이오토 playauto 이지어드민 ezadmin 셀메이트 sellmate 셀러허브 샵링커 shoplinker 품고 poomgo 이셀러스 시스템 고유 내부 system internal "
    "콜로세움 erp 솔루션 자동 wms oms 관리용 fms 이카운트 unique 샵플링 유니 uni",
    "MANAGE": "관리 management manage 管理",
    "ORIGIN": "원 최초 original 원본 기존",
    "EXPOSED": "노출 display 전시 진열",
    "REGISTERED": "등록상품 등록",
    "INFO": "정보 내용 내역 info information 情報 값 value values title タイトル 타이틀 제목 selection 선택 text",
    "ADDON": "추가 비상 추가구성 추가구성품 추가상품 사은품 증정 증정품 addon additional extra 追加 도서산간 제주 산간 제주도서 추가옵션 gift 덤",
    "PER": "별 당 per each の 및 과 와 의 or and of the to for in from 용 기준 by",
    "BARCODE": "바코드 barcode jan ean upc isbn janコード gtin",
    "STOCK": "재고 stock inventory 在庫 가용 잔여 남은 미출고 미배송 제한 최대 최소",
    "CUSTOMS": "통관 개인통관 통관고유부호 개인통관고유부호 개인통관부호 개인통관번호 통관부호 pccc customs 통관번호 통관용 개인통관고유번호 고유부호 clearance 세관",
    "EMAIL": "이메일 메일 email mail eメール メールアドレス e메일",
    "DOOR": "현관 출입 비밀번호 공동현관 출입방법 출입번호 password entrance door 비번 공동현관비밀번호 수령위치 장소 경비실",
    "ADMIN": "관리자 cs 상담 운영자 admin 담당자 직원 작업자 처리자 담당 mD md",
    "KANA": "カナ フリガナ ふりがな kana 영문 english 로마자 en 발음 음성표기 발음표기 가나 후리가나 영문명 영문이름 현지이름",
    "MODEL": "모델 모델명 model 型番 모델번호",
    "BRAND": "브랜드 brand ブランド 제조사 maker 카테고리 category 원산지 제조 시즌 성별 생년월일 나이 season",
    "MEASURE": "무게 중량 부피 weight volume 크기 입수 건수 횟수 회차 count 무게(kg) 높이 가로 세로 kg",
    "CHOICE": "필수 select 체크 check 확인란 플래그",
    "COMPANY": "회사 회사명 상호 company 상호명 단체 부서 직급 department",
    "ASIN": "asin",
    "URLIMAGE": "이미지 image 사진 img picture",
}
"""What a header's words mean: one concept a line, its words separated by spaces."""

_CONCEPTS = {word.casefold(): concept for concept, words in WORDS.items() for word in words.split()}
_LONGEST = max(map(len, _CONCEPTS))
_BRACKETS = re.compile(r"[(\[{<（［【〔「](.*?)[)\]}>）］】〕」]")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_RUNS = re.compile(r"[a-z]+|\d+|[가-힣]+|[\u3040-\u30ff\u3400-\u9fff々〒№]+|#")
_OUR_LANGUAGE = re.compile(r"(한국어|국문|기본)\s*쇼핑몰")
"""In brackets at Cafe24, of a seller with shops in several languages: the name a Korean buyer saw."""
_REMARKS = re.compile(
    r"(필수|선택|입력|숫자만|텍스트|원|단위|자동|required|optional|krw|won|-포함|-제외|하이픈|예시|ex|최대|이내)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Header:
    """A header cell taken apart.

    concepts  what its words mean
    aside     what the words in its brackets mean
    unknown   how much of it has no meaning here, 0 … 1
    order     the number it ends with (`연락처2` → 2), 0 without one
    key       its letters and digits alone
    """

    concepts: frozenset[str]
    aside: frozenset[str]
    unknown: float
    order: int
    key: str


@lru_cache(maxsize=4096)
def read_header(text: str) -> Header:
    """A header cell taken apart.

    >>> sorted(read_header("수취인 휴대폰번호1(필수)").concepts), read_header("연락처2").order
    (['MOBILE', 'RECIPIENT'], 2)
    >>> sorted(read_header("receiverMobileNo").concepts)
    ['MOBILE', 'NUMBER', 'RECIPIENT']
    """
    text = unicodedata.normalize("NFKC", text).strip()[:120]
    asides = " ".join(each for each in _BRACKETS.findall(text) if not _OUR_LANGUAGE.fullmatch(each.strip()))
    core = _BRACKETS.sub(" ", text)
    if not any(each.isalnum() for each in core):
        core, asides = asides, ""
    concepts, unknown, total, order = _take_apart(core)
    aside = (
        frozenset()
        if _REMARKS.search(asides) and len(asides) > 12
        else frozenset(_take_apart(asides)[0]) - {"CHOICE", "PER"}
    )
    key = "".join(each for each in text.casefold() if each.isalnum())
    return Header(frozenset(concepts), aside, unknown / total if total else 1.0, order, key)


def _take_apart(text: str) -> tuple[list[str], int, int, int]:
    """Concepts of a text, how many of its characters have none, how many it has, and the number at its end."""
    concepts: list[str] = []
    unknown = total = order = 0
    words = _RUNS.findall(_CAMEL.sub(" ", text).casefold())
    joined: list[str] = []
    for word in words:  # words of one Korean name may stand apart: 상품 주문 번호
        if joined and "가" <= word[0] <= "힣" and "가" <= joined[-1][-1] <= "힣":
            joined[-1] += word
        else:
            joined.append(word)
    whole = "".join(joined)
    if whole.isascii() and whole in _CONCEPTS:
        return [_CONCEPTS[whole]], 0, len(whole), 0
    for word in joined:
        if word.isdigit():
            order = int(word) if len(word) <= 2 else order
            continue
        if word == "#":
            concepts.append("NUMBER")
            total += 1
            continue
        found, missed = _segment(word)
        concepts += found
        unknown += missed
        total += len(word)
    return concepts, unknown, total, order


@lru_cache(maxsize=8192)
def _segment(word: str) -> tuple[tuple[str, ...], int]:
    """A run of letters as known words: fewest letters without meaning, then fewest words."""
    if word in _CONCEPTS:
        return (_CONCEPTS[word],), 0
    latin = word.isascii()
    if latin and word[-1] == "s" and word[:-1] in _CONCEPTS:
        return (_CONCEPTS[word[:-1]],), 0
    best: list[tuple[int, int, tuple[str, ...]]] = [(0, 0, ())]
    for end in range(1, len(word) + 1):
        missed, count, concepts = best[end - 1]
        choice = (missed + 1, count + 1, concepts)
        for start in range(max(0, end - _LONGEST), end):
            piece = word[start:end]
            if latin and len(piece) < 2:
                continue
            if concept := _CONCEPTS.get(piece):
                before = best[start]
                choice = min(choice, (before[0], before[1] + 1, (*before[2], concept)), key=lambda each: each[:2])
        best.append(choice)
    missed, _, concepts = best[-1]
    if latin and missed:  # half a Latin word means nothing: "note" is not "no"
        return (), len(word)
    return concepts, missed
