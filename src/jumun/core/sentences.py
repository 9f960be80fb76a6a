"""Every sentence a refusal or a failure is told with, written once, in Korean and English.

A sentence says why and what to do. Blanks (`{name}`) are filled with values that never hold personal data.
"""

from jumun.core.sentences_of_sheets import OF_SHEETS
from jumun.core.sentences_of_stock import OF_STOCK
from jumun.core.wording import Sentence

SENTENCES: dict[str, Sentence] = {
    # moves
    "not_found": Sentence(
        "찾을 수 없습니다. 삭제되었거나 다른 회사의 것입니다. 목록을 새로 고쳐 주세요.",
        "It cannot be found: it is gone or another company's. Refresh the list.",
    ),
    "wrong_status": Sentence(
        "지금 상태에서는 할 수 없는 작업입니다. 현재 상태를 확인해 주세요.",
        "Its present status does not allow this. Look at the status it has now.",
    ),
    "unmatched": Sentence(
        "매칭되지 않은 상품입니다. 매칭에서 품목(SKU)을 연결해 주세요.",
        "The product is not linked to a SKU. Link it under Matching.",
    ),
    "no_ship_from": Sentence(
        "출고지가 없는 품목입니다. 품목이나 판매처 계정에 출고지를 정해 주세요.",
        "It has no ship-from. Set one on the SKU or on the channel account.",
    ),
    "held": Sentence("보류 중인 주문입니다. 보류를 풀어 주세요.", "It is on hold. Release the hold first."),
    "claim_open": Sentence(
        "클레임이 접수된 주문입니다. 클레임을 먼저 처리해 주세요.",
        "A claim is open on it. Decide the claim first.",
    ),
    "companion": Sentence(
        "같은 묶음의 다른 품목 때문에 멈췄습니다. 그 품목을 처리하거나 묶음에서 빼 주세요.",
        "Another item of the same shipment stops it. Settle that item or take it out of the shipment.",
    ),
    "no_waybill": Sentence("운송장번호가 없습니다. 번호를 입력해 주세요.", "It has no waybill. Enter a number first."),
    "invalid_comment": Sentence(
        "댓글은 1자 이상 {most}자까지 쓸 수 있습니다.",
        "A comment has at least one character and at most {most}.",
    ),
    "not_your_comment": Sentence("다른 사람의 댓글은 지울 수 없습니다.", "Another person's comment cannot be deleted."),
    "not_held": Sentence("보류 중이 아닙니다.", "It is not on hold."),
    "alone": Sentence("묶음에 혼자 있는 품목입니다.", "It is the only item of its shipment."),
    "not_last": Sentence(
        "그 뒤에 다른 작업이 있었습니다. 나중 작업부터 되돌려 주세요.",
        "Something else happened to it since. Undo the later action first.",
    ),
    "already_told": Sentence(
        "쇼핑몰에 이미 알렸거나 알리는 중이라 되돌릴 수 없습니다.",
        "The channel was told, or is being told, so it cannot be taken back.",
    ),
    "partner_ships": Sentence(
        "도착보장처럼 물류사가 출고하는 주문이라 여기서 발주확인·출고할 수 없습니다. 물류사가 처리하면 동기화로 반영됩니다.",
        "A logistics partner ships this order, so it is neither confirmed nor released here. A sync follows the partner.",
    ),
    "gift_waits": Sentence(
        "선물받는 분이 아직 주소를 입력하지 않아 발주확인할 수 없습니다. 주소가 들어오면 보류가 저절로 풀립니다.",
        "The gift's recipient has not given an address yet, so it cannot be confirmed. The hold ends when it comes in.",
    ),
    "cannot_correct": Sentence(
        "이 쇼핑몰은 보낸 운송장번호를 API로 고칠 수 없습니다. 판매자센터에서 고친 뒤 주문동기화를 하면 새 번호가 들어옵니다.",
        "This channel's API cannot correct a number it was told. Correct it in the seller centre; a sync brings it in.",
    ),
    "same_number": Sentence("지금 번호와 같습니다.", "It has that number already."),
    "not_sent_there": Sentence(
        "쇼핑몰에는 아직 발송되지 않은 주문이라 번호를 고칠 수 없습니다. 먼저 운송장을 전송해 주세요.",
        "The channel does not have it as sent, so there is no number to correct. Transmit it first.",
    ),
    "final": Sentence("끝난 품목이라 되돌릴 수 없습니다.", "It is final and cannot be taken back."),
    "cannot_undo": Sentence("이 작업은 되돌릴 수 없습니다.", "This action cannot be undone."),
    # waybills
    "unknown_carrier": Sentence(
        "모르는 택배사 코드입니다. 택배사 목록에서 골라 주세요.",
        "That carrier code is not known. Choose one from the list.",
    ),
    "waybill_length": Sentence(
        "운송장번호 자릿수가 이 택배사와 맞지 않습니다. 번호를 다시 확인해 주세요.",
        "The number's length does not fit this carrier. Check the number.",
    ),
    "waybill_taken": Sentence(
        "다른 묶음이 이미 쓰는 운송장번호입니다. 합포라면 먼저 합치고, 아니면 번호를 확인해 주세요.",
        "Another shipment already has this number. Combine them first, or check the number.",
    ),
    "check_digit": Sentence(
        "운송장번호의 검증 숫자가 맞지 않습니다. 저장했으니 번호를 한 번 더 확인해 주세요.",
        "The number's check digit does not hold. It was saved; look at it once more.",
    ),
    "waybill_twice": Sentence(
        "같은 묶음에 번호가 두 번 왔습니다. 첫 번호만 저장했습니다.",
        "Two numbers came for one shipment. Only the first was saved.",
    ),
    # channels
    "no_confirm": Sentence(
        "이 판매처는 발주확인을 API로 할 수 없습니다. 판매자센터에서 확인해 주세요.",
        "This channel has no confirm call. Confirm in its seller centre.",
    ),
    "channel_refused": Sentence("쇼핑몰이 거절했습니다: {message}", "The channel refused: {message}"),
    "channel_busy": Sentence(
        "쇼핑몰이 잠시 응답하지 못했습니다. 자동으로 다시 시도합니다.",
        "The channel could not answer just now. It is tried again by itself.",
    ),
    "channel_stayed_busy": Sentence(
        "쇼핑몰이 여러 번 응답하지 못해 멈췄습니다. 잠시 뒤 다시 시도를 눌러 주세요.",
        "The channel could not answer several times, so it was stopped. Press retry in a while.",
    ),
    "channel_timeout": Sentence(
        "쇼핑몰의 답을 받지 못했습니다. 쇼핑몰에 반영됐는지 확인 중입니다.",
        "No answer came from the channel. Whether it took effect is being read back.",
    ),
    "channel_resting": Sentence(
        "쇼핑몰이 거듭 응답하지 못해 이 계정은 잠시 쉽니다. 시간이 되면 자동으로 다시 시도합니다. 급하면 판매처 계정에서 연결 확인을"
        " 눌러 주세요.",
        "The channel failed to answer again and again, so this account rests for a while. It is tried again by itself;"
        " in a hurry, press check on the channel account.",
    ),
    "clock_skew": Sentence(
        "이 서버의 시계가 쇼핑몰 시계와 {seconds}초 다릅니다. 서버의 시간 동기화(NTP)를 켜 주세요. 더 벌어지면 쇼핑몰이 인증을"
        " 거절합니다.",
        "This server's clock is {seconds} seconds off the channel's. Switch time synchronisation (NTP) on; further off,"
        " the channel refuses the credentials.",
    ),
    "keys_expiring": Sentence(
        "연동 키를 {date}까지 쓸 수 있습니다. {days}일 남았습니다. 새 키를 발급받아 판매처 계정에 입력해 주세요.",
        "The keys are valid until {date}: {days} days left. Get new ones and enter them on the channel account.",
    ),
    "keys_expire_today": Sentence(
        "연동 키를 오늘까지만 쓸 수 있습니다. 새 키를 발급받아 판매처 계정에 입력해 주세요.",
        "The keys are valid until the end of today. Get new ones and enter them on the channel account.",
    ),
    "keys_expired": Sentence(
        "연동 키의 사용 기한이 {date}에 끝났습니다. 새 키를 발급받아 판매처 계정에 입력해 주세요.",
        "The keys ran out on {date}. Get new ones and enter them on the channel account.",
    ),
    "window_too_old": Sentence(
        "쇼핑몰이 이 기간의 주문은 알려 주지 않습니다. 더 짧고 가까운 기간으로 수집하고, 그 전 주문은 판매자센터에서 확인해 주세요.",
        "The channel does not tell of that period. Collect a shorter, more recent one, and look for older orders in its"
        " seller centre.",
    ),
    "channel_unreadable": Sentence(
        "쇼핑몰의 답을 읽을 수 없습니다. 잠시 뒤 다시 수집해 주세요.",
        "The channel's answer could not be read. Try again in a while.",
    ),
    "bad_credentials": Sentence(
        "쇼핑몰이 인증을 거절했습니다. 판매처 계정의 키를 확인해 주세요.",
        "The channel refused the credentials. Check the keys of the channel account.",
    ),
    "keys_unreadable": Sentence(
        "저장된 연동 키를 풀 수 없습니다. 암호화 키(JUMUN_ENCRYPTION_KEYS)를 되돌리거나 연동 키를 다시 입력해 주세요.",
        "The stored credentials cannot be opened. Bring the encryption key (JUMUN_ENCRYPTION_KEYS) back or enter them anew.",
    ),
    "ip_not_allowed": Sentence(
        "쇼핑몰에 이 서버의 IP가 등록되어 있지 않습니다. API센터에 등록해 주세요.",
        "This server's IP is not registered with the channel. Register it in the channel's API centre.",
    ),
    "line_gone": Sentence(
        "쇼핑몰에서 이 주문을 찾지 못했습니다. 판매자센터에서 확인해 주세요.",
        "The channel does not know this line any more. Look in its seller centre.",
    ),
    "line_unreadable": Sentence(
        "쇼핑몰이 알려 준 이 주문의 내용을 읽지 못해 그대로 두었습니다. 판매자센터에서 확인해 주세요.",
        "What the channel says of this line could not be read, so it was left alone. Look in its seller centre.",
    ),
    "sent_other_number": Sentence(
        "쇼핑몰에는 다른 운송장번호로 발송처리되어 있습니다. 판매자센터에서 확인해 주세요.",
        "The channel already has it as sent with another number. Look in its seller centre.",
    ),
    "cancelled_there": Sentence(
        "쇼핑몰에서 이미 취소·반품된 주문입니다. 보내지 마세요.",
        "It was cancelled or returned on the channel already. Do not send it.",
    ),
    "not_confirmed_there": Sentence(
        "쇼핑몰에서 아직 발주확인되지 않았습니다. 발주확인 후 다시 전송해 주세요.",
        "It is not confirmed on the channel yet. Confirm it, then transmit again.",
    ),
    "gap_closed": Sentence(
        "이미 닫힌 수집 공백입니다.",
        "That stretch was closed already.",
    ),
    "nothing_unread": Sentence(
        "다시 읽을 주문이 없습니다. 모두 들어왔습니다.", "There is nothing to read again: everything came in."
    ),
    "nothing_to_retry": Sentence("다시 시도할 실패가 없습니다.", "Nothing of it failed, so there is nothing to retry."),
    "account_off": Sentence(
        "꺼져 있는 판매처 계정입니다. 설정에서 켜 주세요.",
        "The channel account is switched off. Switch it on in settings.",
    ),
    "already_running": Sentence(
        "이 계정은 이미 수집 중입니다. 진행 중인 작업을 확인해 주세요.",
        "This account is already being collected. Look at the running job.",
    ),
    "account_has_orders": Sentence(
        "주문이 있는 판매처 계정은 지울 수 없습니다. 대신 꺼 주세요.",
        "An account that orders came from cannot be removed. Switch it off instead.",
    ),
    "bad_base_url": Sentence(
        "주소가 이 판매처의 공식 주소가 아닙니다. 비워 두면 공식 주소를 씁니다.",
        "That is not the channel's official address. Leave it empty to use the official one.",
    ),
    "unknown_channel": Sentence("모르는 판매처 종류입니다.", "That channel kind is not known."),
    "missing_credentials": Sentence(
        "판매처 연동 키가 비어 있습니다: {fields}", "These credentials are missing: {fields}"
    ),
    # people and calls
    "not_signed_in": Sentence("로그인이 필요합니다.", "Sign in first."),
    "bad_login": Sentence("이메일이나 비밀번호가 맞지 않습니다.", "The e-mail or the password is wrong."),
    "locked_out": Sentence(
        "로그인을 여러 번 틀려 잠겼습니다. {minutes}분 뒤에 다시 해 주세요.",
        "Too many wrong sign-ins. Try again in {minutes} minutes.",
    ),
    "wrong_code": Sentence(
        "코드가 맞지 않거나 이미 쓴 코드입니다. 인증 앱에 지금 보이는 여섯 자리를 입력해 주세요. 계속 틀리면 휴대전화의 시간을 자동 설정으로"
        " 맞춰 주세요.",
        "The code is wrong or was used already. Enter the six digits the app shows now; if they stay wrong, set the"
        " phone's clock to automatic.",
    ),
    "code_too_late": Sentence(
        "로그인을 처음부터 다시 해 주세요. 코드를 너무 오래 기다렸거나 여러 번 틀렸습니다.",
        "Please sign in from the start: the code took too long or was wrong too often.",
    ),
    "factor_on": Sentence(
        "2단계 인증이 이미 켜져 있습니다. 다시 설정하려면 먼저 꺼 주세요.",
        "Two-step sign-in is on already. Switch it off first to set it up anew.",
    ),
    "factor_elsewhere": Sentence(
        "다른 회사에도 속한 사람이라 여기서 2단계 인증을 초기화할 수 없습니다. 복구 코드를 쓰거나 서버 관리자에게 jumun unlock을"
        " 요청해 주세요.",
        "This person is in another company too, so their second factor cannot be reset here. They can use a recovery code,"
        " or the server's operator can run jumun unlock.",
    ),
    "not_allowed": Sentence(
        "이 작업을 할 권한이 없습니다. 회사 관리자에게 요청해 주세요.",
        "Your role does not allow this. Ask an owner or manager.",
    ),
    "bad_token": Sentence(
        "토큰이 없거나, 틀렸거나, 만료되었습니다.", "The token is missing, wrong, revoked or expired."
    ),
    "token_in_address": Sentence(
        "토큰을 주소에 넣지 마세요. Authorization 헤더로 보내고, 그 토큰은 폐기해 주세요.",
        "Never put a token into an address. Send it in the Authorization header, and revoke that one.",
    ),
    "last_owner": Sentence("회사에는 소유자가 한 명은 있어야 합니다.", "A company needs at least one owner."),
    "duplicate": Sentence("이미 있는 값입니다: {field}", "That already exists: {field}"),
    "invalid": Sentence("값이 올바르지 않습니다: {field}", "That value is not valid: {field}"),
    "bad_condition": Sentence(
        "주소에 있는 조건을 읽을 수 없습니다: {field}. 그 조건을 빼거나 다시 골라 주세요.",
        "A condition in the address cannot be read: {field}. Take it off or choose it anew.",
    ),
    "view_named": Sentence(
        "같은 이름의 탭이 이미 있습니다. 다른 이름을 적어 주세요.", "You have a tab of that name. Give it another name."
    ),
    "view_unnamed": Sentence("탭 이름은 한 자에서 {most}자까지입니다.", "A tab's name has one to {most} characters."),
    "view_of_another": Sentence(
        "다른 사람이 만든 탭이라 바꿀 수 없습니다. 복제해서 내 탭으로 쓰세요.",
        "Somebody else made this tab, so you cannot change it. Duplicate it to have one of your own.",
    ),
    "too_many_views": Sentence(
        "탭은 한 사람이 {most}개까지 만들 수 있습니다. 안 쓰는 탭을 지워 주세요.",
        "One person may have {most} tabs. Delete some you do not use.",
    ),
    "no_numbers": Sentence(
        "번호가 없습니다. 주문번호나 운송장번호를 붙여넣어 주세요.",
        "There are no numbers. Paste order numbers or waybills.",
    ),
    "too_many_numbers": Sentence(
        "번호는 한 번에 {most}개까지 찾을 수 있습니다. 나눠서 찾아 주세요.",
        "Up to {most} numbers are looked up at once. Split them.",
    ),
    "numbers_gone": Sentence(
        "찾았던 번호 목록이 지워졌습니다. 번호를 다시 붙여넣어 주세요.",
        "That list of numbers is gone. Paste the numbers again.",
    ),
    "bad_request": Sentence(
        "요청을 읽을 수 없습니다. 형식을 확인해 주세요.", "The request cannot be read. Check its form."
    ),
    "bad_cursor": Sentence(
        "목록 위치 값이 올바르지 않습니다. 처음부터 다시 읽어 주세요.", "That cursor is not valid. Start over."
    ),
    "too_many_to_sort": Sentence(
        "{most}건까지만 이 열로 정렬할 수 있습니다. 조건을 더해 줄여 주세요.",
        "This column sorts up to {most} items. Narrow the list with a filter.",
    ),
    "key_reused": Sentence(
        "같은 Idempotency-Key로 다른 내용이 왔습니다. 새 키를 써 주세요.",
        "That Idempotency-Key was used with another body. Use a new key.",
    ),
    "key_running": Sentence(
        "같은 Idempotency-Key의 요청이 아직 처리 중입니다. 잠시 뒤 다시 보내 주세요.",
        "A request with that Idempotency-Key is still running. Send it again in a moment.",
    ),
    "unknown_action": Sentence("없는 작업입니다: {action}", "There is no such action: {action}"),
    "nothing_chosen": Sentence(
        "고른 것이 없습니다. ids나 filter를 주세요.", "Nothing was chosen. Give ids or a filter."
    ),
    "method_not_allowed": Sentence(
        "이 주소에서는 쓸 수 없는 메서드입니다. Allow 헤더를 확인해 주세요.",
        "This address does not take that method. See the Allow header.",
    ),
    "too_large": Sentence("요청이 너무 큽니다. 나누어 보내 주세요.", "The request is too large. Send it in parts."),
    "unavailable": Sentence(
        "잠시 처리할 수 없습니다. 바뀐 것은 없습니다. 조금 뒤에 다시 보내 주세요.",
        "It cannot be done just now and nothing was changed. Send it again in a moment.",
    ),
    # editing
    "changed_meanwhile": Sentence(
        "그사이 다른 사람이 고쳤습니다. 두 값을 보고 하나를 골라 다시 저장해 주세요. 바뀐 것은 없습니다.",
        "Somebody else changed it meanwhile, and nothing was overwritten. Look at both values and save your choice again.",
    ),
    "revision_missing": Sentence(
        "어느 버전을 고치는지 알 수 없습니다. 주문을 읽어 받은 ETag를 If-Match로(또는 revision 값을) 함께 보내 주세요.",
        "Say which version you change: send the ETag of GET as If-Match, or its revision in the body.",
    ),
    "left_house": Sentence(
        "이미 출고되었거나 끝난 주문이라 받는 분을 고칠 수 없습니다. 배송 중이면 택배사에 배송지 변경을 요청해 주세요. 메모는 고칠 수 있습니다.",
        "Nothing of it is in the house any more, so its recipient cannot be changed. Ask the carrier to redirect the"
        " parcel. The memo can still be changed.",
    ),
    "field_empty": Sentence("비워 둘 수 없습니다.", "It cannot be empty."),
    "field_long": Sentence("너무 깁니다. {most}자까지 쓸 수 있습니다.", "It is too long: {most} characters at most."),
    "field_form": Sentence(
        "쓸 수 없는 글자가 있습니다. 전화번호는 숫자와 ( ) + - 만 씁니다.",
        "It holds characters that cannot be used. Phone numbers take digits and ( ) + - only.",
    ),
    # the command line
    "migrate_needs_owner": Sentence(
        "DATABASE_APP_URL만 있어서 마이그레이션을 할 수 없습니다. 소유자 역할의 DATABASE_URL도 주거나, 그것이 있는 곳에서 실행해 주세요.",
        "Only DATABASE_APP_URL is set, and that role may not migrate. Set the owner's DATABASE_URL too, or run it where"
        " that is set.",
    ),
    "owner_may_not": Sentence(
        "DATABASE_URL의 역할 {role}에 필요한 권한이 없습니다. CREATEROLE 권한을 주고 데이터베이스의 소유자로 정하거나, 애플리케이션"
        " 역할을 직접 만들어 DATABASE_APP_URL로 알려 주세요.",
        "The role {role} of DATABASE_URL lacks a right it needs. Give it CREATEROLE and make it the database's owner, or"
        " make the application's role yourself and name it in DATABASE_APP_URL.",
    ),
    "server_error": Sentence(
        "처리하지 못했습니다. 바뀐 것은 없습니다. 번호 {reference}로 문의해 주세요.",
        "It could not be done and nothing was changed. Ask with reference {reference}.",
    ),
    # orders typed in, sheets, exports
    **OF_SHEETS,
    **OF_STOCK,
}


def sentence(code: str, language: str = "ko", **values: object) -> str:
    """The sentence for a code, in Korean ("ko") or English ("en"), its blanks filled.

    A code that is not ours is a channel's own: then the sentence says that the channel refused, with its words
    (`message`) where it gave any, else with its code.
    """
    known = SENTENCES.get(code)
    if known is None:
        known, values = SENTENCES["channel_refused"], {"message": values.get("message") or code}
    text = known.en if language == "en" else known.ko
    return text.format_map(_Blanks(values))


class _Blanks(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "…"
