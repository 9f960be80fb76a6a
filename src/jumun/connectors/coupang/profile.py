"""What is data about Coupang: capabilities, keys, limits and known limits, shown on the channel's page."""

from datetime import timedelta

from jumun.channels.profile import SHARED, CallRate, Can, ChannelProfile, CredentialField, Unit

WRITE_LIMIT = 50

NOTES = (
    (
        "판매자센터(Wing)에서 발급한 키는 180일 동안만 쓸 수 있습니다. 만료 14일 전부터 재발급할 수 있고, 새 키는 24시간 뒤에 쓸 수 있기도 합니다.",
        "Keys issued in Wing are valid for 180 days. Renew them in the last 14; a new key may need 24 hours.",
    ),
    (
        "Wing에 서버의 IP를 등록해야 하고, 한 판매자의 키는 한 업체만 쓸 수 있습니다. 서버 시계가 틀리면 인증이 거절됩니다.",
        "Register the server's IP in Wing; one integrator per seller. A wrong clock is refused.",
    ),
    (
        "여러 상품이 든 묶음배송은 상품별로 나누어 보낼 수 있지만 상품 하나의 수량은 나눌 수 없습니다. 나누면 먼저 보낸 쪽의 배송번호가 바뀝니다.",
        "A box of several products can be sent in parts, the quantity of one product cannot. The part sent first gets a "
        "new box number.",
    ),
    (
        "결제완료 단계의 취소는 쿠팡이 바로 처리합니다. 상품준비중 이후의 취소는 출고중지요청으로 들어옵니다.",
        "A cancel before 상품준비중 is done by Coupang at once; later ones come as a request to stop the shipment.",
    ),
    (
        "발주확인 뒤에도 쿠팡은 최대 30분 동안 결제완료로 보여줄 수 있습니다.",
        "After a confirmation Coupang may show the old state for up to 30 minutes.",
    ),
    (
        "구매확정은 쿠팡이 상태로 알려 주지 않아 배송완료 7일 뒤에 확정으로 봅니다.",
        "Coupang tells no purchase decision as a state, so seven days after delivery count as one.",
    ),
    (
        "같은 송장번호는 6개월 안에 다른 받는 분에게 다시 쓸 수 없습니다. 업체 직접배송(DIRECT)은 나누어 보낼 수 없습니다.",
        "A waybill number cannot be used for another recipient within six months. DIRECT cannot be sent in parts.",
    ),
)

PROFILE = ChannelProfile(
    kind="coupang",
    label_ko="쿠팡",
    label_en="Coupang",
    can=frozenset(
        {
            Can.COLLECT_UNCONFIRMED,
            Can.CONFIRM,
            Can.TRANSMIT,
            Can.CORRECT_WAYBILL,
            Can.SYNC,
            Can.SPLIT_UNIT,
            Can.READ_CLAIMS,
        }
    ),
    unit=Unit.BOX,
    credentials=(
        CredentialField("vendor_id", "업체코드 (A00012345)", "Vendor ID (A00012345)"),
        CredentialField("access_key", "Access Key", "Access key"),
        CredentialField("secret_key", "Secret Key", "Secret key", secret=True),
        CredentialField(
            "wing_id", "Wing 로그인 ID (판매자 취소에 쓰임)", "Wing login (for the seller's cancels)", required=False
        ),
    ),
    hosts=("api-gateway.coupang.com",),
    default_base_url="https://api-gateway.coupang.com",
    read_window=timedelta(days=31),
    overlap=timedelta(minutes=20),
    rates={SHARED: CallRate(4, 2)},
    batch={"read": 1, "confirm": WRITE_LIMIT, "dispatch": WRITE_LIMIT, "correct": WRITE_LIMIT},
    lists_changes=False,
    reread_confirmed=True,
    shows_late=timedelta(minutes=30),
    settles=False,
    key_lifetime=timedelta(days=180),
    renew_keys=(
        "Wing 판매자정보 > 추가판매정보에서 OPEN API 키를 재발급하세요. 만료 14일 전부터 할 수 있습니다.",
        "Renew the OPEN API key in Wing (판매자정보 > 추가판매정보); possible in the last 14 days.",
    ),
    seller_centre="https://wing.coupang.com/",
    notes=NOTES,
)
