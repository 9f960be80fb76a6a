"""The words of the help, by topic: a step of the pipeline or the first part of a page's address."""

from typing import NamedTuple

Pair = tuple[str, str]
Lines = tuple[tuple[str, ...], tuple[str, ...]]


class Topic(NamedTuple):
    """One topic, Korean and English: what this is, what to do, what happens next."""

    title: Pair
    what: Pair
    do: Lines
    then: Pair


TOPICS: dict[str, Topic] = {
    "home": Topic(
        ("오늘 할 일", "To-do"),
        (
            "사람 손이 필요한 일만 모았습니다. 숫자를 누르면 그 주문만 보입니다.",
            "Only what waits for a person. A number leads to exactly those orders.",
        ),
        (
            (
                "빨간 숫자(발송기한 초과, 전송 실패)부터 처리합니다.",
                "판매처 연결 상태를 확인하고 재인증이 필요하면 다시 연결합니다.",
            ),
            (
                "Begin with the red numbers: past ship-by, refused transmissions.",
                "See how the channels stand; sign in again where asked.",
            ),
        ),
        (
            "0이 되면 그 일은 끝난 것입니다. 새로 생기면 화면이 저절로 바뀝니다.",
            "At 0 it is done. What comes new appears by itself.",
        ),
    ),
    "items": Topic(
        ("주문 목록", "Orders"),
        (
            "한 줄이 주문 품목 하나(출고대기부터는 묶음 하나)입니다. 위의 단계를 누르면 그 단계만 보입니다.",
            "A row is one order item; from Ready on, one shipment. The steps above narrow the list.",
        ),
        (
            (
                "검색창에는 주문번호·이름·전화·송장·상품을 그대로 넣습니다.",
                "줄을 고르면 아래에 할 수 있는 작업이 나옵니다.",
                "자주 보는 조건은 탭으로 저장합니다.",
            ),
            (
                "Search takes any number, name, telephone, waybill or product.",
                "Choose rows and the possible actions appear below.",
                "Keep a filter you use often as a tab.",
            ),
        ),
        (
            "작업 전에 몇 건이 되고 몇 건이 안 되는지 먼저 보여 줍니다.",
            "Before anything happens you see how many will move, how many won't, and why.",
        ),
    ),
    "paid": Topic(
        ("결제완료", "Paid"),
        ("결제됐지만 아직 쇼핑몰에서 발주확인하지 않은 주문입니다.", "Paid, and not yet confirmed on the channel."),
        (
            ("주문을 고르고 [발주확인]을 누릅니다.", "구매자 취소가 들어온 줄은 남습니다. 클레임을 먼저 처리하세요."),
            ("Choose orders and press Confirm.", "Rows with an open cancel stay: decide the claim first."),
        ),
        (
            "쇼핑몰이 받아들이면 [신규주문]으로 갑니다. 쿠팡은 박스 단위로 함께 확인됩니다.",
            "When the channel accepts they go to New order. Coupang confirms whole boxes.",
        ),
    ),
    "preparing": Topic(
        ("신규주문", "New order"),
        ("발주확인이 끝나 상품을 준비할 주문입니다.", "Confirmed orders whose goods are to be prepared."),
        (
            (
                "[출고지시]로 출고지에 넘깁니다.",
                "매칭·출고지가 없거나 보류 중이면 이유와 함께 남습니다. 묶음에서 빼면 나머지는 나갈 수 있습니다.",
            ),
            (
                "Release hands them to the ship-from.",
                "Unmatched, no ship-from or on hold: they stay, with the reason. Take one out and the rest can go.",
            ),
        ),
        ("[출고대기]에서 송장번호를 넣습니다.", "Waybill numbers are typed in Ready."),
    ),
    "ready": Topic(
        ("출고대기", "Ready"),
        ("송장번호를 기다리는 묶음입니다.", "Shipments that wait for a waybill number."),
        (
            (
                "택배사를 고르고 노란 칸에 번호를 넣거나, 엑셀 열을 복사해 붙여넣습니다.",
                "[저장 전 확인]으로 줄마다 결과를 보고 [택배사정보 저장]을 누릅니다.",
            ),
            (
                "Choose a carrier and type into the yellow cells, or paste a column from Excel.",
                "Check before saving shows each row's verdict; then save.",
            ),
        ),
        (
            "저장된 줄은 [운송장출력]으로 갑니다. 틀린 줄은 입력한 그대로 이유와 함께 남습니다.",
            "Saved rows go to Labelled. A wrong one stays as typed and says why.",
        ),
    ),
    "labelled": Topic(
        ("운송장출력", "Labelled"),
        (
            "송장번호가 있는 묶음입니다. 택배 기사가 가져가기 전입니다.",
            "Shipments with a number that the courier has not taken yet.",
        ),
        (
            ("박스를 넘긴 뒤 [출고완료]를 누릅니다.", "[내용 바뀜: 다시 출력]이 보이면 송장을 다시 뽑습니다."),
            (
                "Once the parcels are handed over, press Hand over.",
                "Where it says the content changed, print the label again.",
            ),
        ),
        (
            "[배송관리]로 갑니다. 아직 쇼핑몰에는 알리지 않습니다.",
            "They go to Handed over. The channel is not told yet.",
        ),
    ),
    "shipped": Topic(
        ("배송관리", "Handed over"),
        (
            "나갔지만 쇼핑몰에 송장을 알리지 않은 묶음입니다.",
            "Parcels that left, whose number the channel does not know.",
        ),
        (
            (
                "[운송장 전송]을 누릅니다. 보내기 직전에 취소가 들어왔는지 다시 확인합니다.",
                "전송 실패는 이유를 보고 번호를 고쳐 다시 보냅니다.",
            ),
            (
                "Press Transmit. Each order is read once more for a cancel just before.",
                "A refused one says why: correct the number and send again.",
            ),
        ),
        (
            "쇼핑몰이 받으면 [배송중]이 됩니다. 되돌릴 수 없으니 미리보기를 확인하세요.",
            "Accepted ones are in transit. It can't be taken back, so read the preview.",
        ),
    ),
    "in_transit": Topic(
        ("배송중", "In transit"),
        ("쇼핑몰에 송장을 알린 주문입니다.", "Orders whose waybill the channel knows."),
        (
            ("할 일은 없습니다. 송장번호가 틀렸으면 [운송장 정정]을 씁니다.",),
            ("Nothing to do. For a wrong number use Correct the waybill.",),
        ),
        ("동기화가 배송완료와 구매확정을 가져옵니다.", "A sync brings deliveries and confirmations."),
    ),
    "delivered": Topic(
        ("배송완료", "Delivered"),
        ("받는 분에게 도착한 주문입니다.", "Orders that arrived."),
        (("반품·교환 요청이 오면 클레임에 나타납니다.",), ("A return or exchange appears under Claims.",)),
        (
            "구매자가 확정하거나 7일이 지나면 [구매확정]이 됩니다.",
            "They settle when the buyer confirms, or after seven days.",
        ),
    ),
    "settled": Topic(
        ("구매확정", "Settled"),
        ("끝난 주문입니다. 더는 반품·교환이 없습니다.", "Finished: no return or exchange afterwards."),
        (("기간을 넓혀 지난 주문을 찾을 수 있습니다.",), ("Widen the period to find older orders.",)),
        ("더 바뀌지 않습니다.", "Nothing changes any more."),
    ),
    "order": Topic(
        ("주문 상세", "An order"),
        (
            "한 주문의 품목, 묶음, 금액, 받는 분, 클레임, 쇼핑몰에 알린 내용과 모든 이력입니다.",
            "One order: items, shipments, money, recipient, claims, what the channel was told, and all that happened.",
        ),
        (
            (
                "받는 분은 가려져 있습니다. [보기]를 누르면 기록이 남습니다.",
                "주소를 고치는 동안 다른 사람이 고쳤으면 두 내용을 나란히 보여 줍니다.",
            ),
            (
                "The recipient is masked; looking is written down.",
                "If somebody edits the address meanwhile, both versions are shown.",
            ),
        ),
        ("맨 위에 막힌 이유가 있으면 그 버튼부터 누르세요.", "If a reason stands on top, begin with its button."),
    ),
    "new-order": Topic(
        ("주문 등록", "Register an order"),
        (
            "전화나 문자로 받은 주문을 손으로 넣는 화면입니다. 등록하면 바로 신규주문에 있습니다.",
            "Here an order taken by phone or message is typed in. It is a new order at once.",
        ),
        (
            (
                "*가 있는 칸을 채우고 [연결 SKU 추가]로 품목을 여러 개 고릅니다.",
                "단골이면 [이전 주문에서 복사]로 받는 분과 품목을 가져옵니다.",
                "[수량 확인 후 등록]에서 수량을 한 번 더 보고 등록합니다.",
            ),
            (
                "Fill the fields marked * and tick the SKUs under Add SKUs.",
                "For a regular, copy recipient and SKUs from an earlier order.",
                "Look at the quantities once more, then register.",
            ),
        ),
        (
            "같은 계정에 같은 주문번호는 한 번만 들어갑니다. 등록 전까지 적은 것은 이 탭에 남아 있습니다.",
            "A number goes in once for each account. Until it is registered, what you typed stays in this tab.",
        ),
    ),
    "claims": Topic(
        ("클레임", "Claims"),
        (
            "취소·반품·교환 요청입니다. 요청이 걸린 품목의 묶음은 멈춥니다.",
            "Cancels, returns and exchanges. A shipment with one stops.",
        ),
        (
            ("요청을 열어 사유와 수량을 확인합니다.", "결정은 판매처 관리자에서 하고, 동기화하면 여기에 반영됩니다."),
            ("Open it to see reason and quantity.", "Decide in the channel's seller centre; a sync brings it here."),
        ),
        ("처리되면 남은 수량은 그대로 출고할 수 있습니다.", "Once decided, the remaining quantity can go on."),
    ),
    "jobs": Topic(
        ("작업", "Jobs"),
        (
            "오래 걸리거나 쇼핑몰과 주고받는 일의 진행과 결과입니다.",
            "Progress and result of what takes long or talks to a channel.",
        ),
        (
            (
                "일부 실패한 작업은 열어서 이유를 보고 [다시 시도]합니다.",
                "쇼핑몰 발송 엑셀은 언제든 다시 받아 판매자센터에 올립니다.",
            ),
            (
                "Open one that partly failed, read why, and try again.",
                "A mall's sheet can be had again at any time: upload it in the seller centre.",
            ),
        ),
        ("창을 닫아도 계속됩니다.", "They go on when the window is closed."),
    ),
    "exports": Topic(
        ("내려받기 기록", "Exports taken"),
        (
            "누가 무엇을 왜 몇 줄 받았는지 남는 곳이고, 다 만들어진 파일을 받는 곳입니다.",
            "Who took what, why and how many rows; and where a finished file is taken.",
        ),
        (
            (
                "주문 목록에서 내려받기를 누르면 지금 조건에 맞는 것 전부가, 줄을 고르고 E를 누르면 고른 것만 파일이 됩니다.",
                "받는 분 정보가 들어가면 이유를 적습니다. 가리고 받으면 이유가 필요 없습니다.",
                "택배사나 거래처가 바라는 열은 내려받기 양식으로 만들어 둡니다.",
            ),
            (
                "Export in the list makes a file of everything it means; with rows chosen, E exports those.",
                "Recipients in clear need a reason; masked they need none.",
                "Columns a carrier or partner wants are kept as a layout.",
            ),
        ),
        (
            "파일은 본인만 24시간 동안 받을 수 있고, 기록은 지워지지 않습니다.",
            "Only you can take the file, for 24 hours. The history stays.",
        ),
    ),
    "export-layouts": Topic(
        ("내려받기 양식", "Export layouts"),
        (
            "파일에 넣을 열과 순서, 이름을 정해 둔 것입니다.",
            "Which columns a file has, in which order, under which names.",
        ),
        (
            (
                "오른쪽에서 열을 눌러 넣고 ↑ ↓로 옮기고 이름을 고칩니다.",
                "고정값은 모든 줄에 같은 글을 적습니다 (운임구분, 박스타입).",
                "회사와 함께 쓰면 다른 사람도 고를 수 있습니다.",
            ),
            (
                "Press a column on the right to add it, move it with ↑ ↓, and change its name.",
                "A fixed text says the same in every row (freight, box type).",
                "A shared layout can be chosen by others too.",
            ),
        ),
        (
            "내려받기 창의 양식에서 고를 수 있습니다. 금액을 넣으면 통화가 옆에 함께 들어갑니다.",
            "It can be chosen when exporting. An amount brings its currency along.",
        ),
    ),
    "transmissions": Topic(
        ("전송 내역", "Transmissions"),
        ("쇼핑몰에 알린 것과 그 대답입니다.", "What channels were told and what they answered."),
        (
            (
                "[전송 실패]는 이유를 고친 뒤 다시 보냅니다.",
                "[확인 중]은 쇼핑몰에서 결과를 읽는 중이니 기다립니다. 두 번 보내지 않습니다.",
            ),
            (
                "Refused: mend the reason and send again.",
                "Unknown: the channel is being asked what happened. Nothing is sent twice.",
            ),
        ),
        ("확인되면 품목이 다음 단계로 갑니다.", "Confirmed ones move on."),
    ),
    "doubts": Topic(
        ("확인 필요", "To check"),
        (
            "수집하지 못한 시간대나 읽지 못한 주문입니다.",
            "Stretches that could not be collected, and orders that could not be read.",
        ),
        (("[다시 읽기]를 누르거나, 놓아도 되는 이유를 적고 닫습니다.",), ("Read again, or say why it may be let go.",)),
        ("비어 있으면 빠진 주문이 없습니다.", "When it is empty, no order is missing."),
    ),
    "accounts": Topic(
        ("판매처", "Channels"),
        ("연결된 판매처 계정과 그 상태입니다.", "The channel accounts and how they stand."),
        (
            (
                "[재인증 필요]면 새 키를 넣습니다.",
                "계정마다 발송기한 규칙과 자동 수집을 정합니다.",
                "연동이 없는 쇼핑몰은 [엑셀로 쓰는 판매처]에서 계정을 더합니다. 운송장은 그 쇼핑몰의 발송 엑셀로 돌아갑니다.",
            ),
            (
                "Where it says sign in again, enter new keys.",
                "Set each account's ship-by rule and automatic collection.",
                "Add a mall without a connector under Channels by sheet: its numbers go back in the mall's own sheet.",
            ),
        ),
        ("저장하면 바로 연결을 확인합니다.", "Saving tries the connection at once."),
    ),
    "channels": Topic(
        ("이 판매처로 할 수 있는 일", "What this channel can do"),
        ("연동이 지원하는 것과 안 되는 것입니다.", "What the connection supports, and what it doesn't."),
        (("안 되는 일은 판매처 관리자에서 직접 합니다.",), ("What is not supported is done in the seller centre.",)),
        ("동기화하면 그 결과가 들어옵니다.", "A sync brings the result."),
    ),
    "ship-by": Topic(
        ("발송기한", "Ship-by board"),
        (
            "언제까지 내보내야 하는지 영업일로 계산해 급한 순서로 보여 줍니다.",
            "By when orders must leave, in business days, most pressing first.",
        ),
        (
            ("[초과]와 [오늘]부터 처리합니다.", "휴일이 다르면 휴일 달력을 고칩니다."),
            ("Begin with late and today.", "If a holiday is wrong, edit the calendar."),
        ),
        ("출고완료하면 목록에서 빠집니다.", "Handed over, they leave the board."),
    ),
    "calendar": Topic(
        ("휴일 달력", "Holiday calendar"),
        ("발송기한을 셀 때 쉬는 날입니다.", "Days that don't count towards ship-by."),
        (("임시 공휴일이나 회사 휴무일을 더합니다.",), ("Add substitute holidays and your own days off.",)),
        ("규칙으로 정한 발송기한이 다시 계산됩니다.", "Ship-by set by a rule is worked out again."),
    ),
    "penalties": Topic(
        ("페널티 규칙", "Penalty rules"),
        (
            "판매처가 매기는 벌점을 미리 셈하는 규칙입니다. 처음에는 모두 꺼져 있습니다.",
            "Rules that forecast a channel's penalty points. All are off at first.",
        ),
        (("출처를 확인하고 맞는 규칙만 켭니다.",), ("Check the source and switch on what applies.",)),
        ("발송기한 화면에 예상 점수가 보입니다.", "The forecast stands on the ship-by board."),
    ),
    "settings": Topic(
        ("설정", "Settings"),
        (
            "[개인]은 나에게만, [회사]는 모두에게 적용됩니다.",
            "Personal settings are yours alone; company settings are everybody's.",
        ),
        (("바꿀 항목을 골라 저장합니다.",), ("Choose what to change and save.",)),
        ("바로 적용됩니다.", "It counts at once."),
    ),
    "people": Topic(
        ("사용자와 권한", "People and roles"),
        ("이 회사에 들어올 수 있는 사람과 할 수 있는 일입니다.", "Who may enter this company and what they may do."),
        (
            ("이메일로 더하고 권한을 고릅니다.", "그만둔 사람은 바로 뺍니다."),
            ("Add by e-mail and choose a role.", "Remove who has left at once."),
        ),
        ("권한은 다음 요청부터 바뀝니다.", "A role counts from the next request."),
    ),
    "tokens": Topic(
        ("API 토큰", "API tokens"),
        ("다른 프로그램이 이 회사의 자료를 쓰게 하는 열쇠입니다.", "Keys for other programs."),
        (
            ("필요한 권한만 주고 만료일을 정합니다.", "토큰은 만들 때 한 번만 보입니다."),
            ("Give only the rights needed and an expiry.", "A token is shown once, when it is made."),
        ),
        ("없애면 바로 쓸 수 없습니다.", "Revoked, it stops at once."),
    ),
    "trail": Topic(
        ("접속 기록", "Access trail"),
        ("누가 언제 개인정보를 보았는지 남는 기록입니다.", "Who looked at personal data and when."),
        (
            ("이상한 기록이 있으면 그 사람의 로그인을 끊고 비밀번호를 바꾸게 합니다.",),
            ("If something looks odd, end that person's sessions.",),
        ),
        ("기록은 고치거나 지울 수 없습니다.", "The trail can't be changed."),
    ),
}
