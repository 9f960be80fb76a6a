"""Help on sheets of orders and of waybill numbers, and all topics together."""

from jumun.web.help_goods import TOPICS as GOODS
from jumun.web.help_texts import TOPICS as OTHERS
from jumun.web.help_texts import Topic

TOPICS: dict[str, Topic] = {
    **OTHERS,
    **GOODS,
    "register": Topic(
        ("주문등록", "Register orders"),
        (
            "API로 들어오지 않는 주문을 넣는 곳입니다. 계정마다 오늘 몇 건을 누가 넣었는지 보입니다.",
            "Where orders come in that no API brings. Each account says how many came in today, and by whom.",
        ),
        (
            (
                "쇼핑몰이나 거래처의 엑셀을 고치지 말고 그대로 놓습니다. 잠긴 파일이면 비밀번호를 물어봅니다.",
                "한 파일에 여러 계정이 섞여 있으면 계정을 '엑셀의 열이 정함'으로 둡니다.",
                "엑셀이 없으면 기본 양식을 받아 채우거나 주문 직접 등록을 누릅니다.",
            ),
            (
                "Drop the mall's or the customer's sheet as it is. A locked one asks for its password.",
                "Where one file has several accounts, leave the account to a column of the sheet.",
                "Without a sheet, fill in the default form or type the order.",
            ),
        ),
        (
            "미리보기로 넘어갑니다. 등록을 누르기 전에는 아무것도 들어가지 않습니다.",
            "Its preview opens. Nothing goes in before you register it.",
        ),
    ),
    "sheets": Topic(
        ("올린 주문서", "Uploaded sheets"),
        (
            "올린 파일 하나를 행마다 어떻게 될지와 함께 보여 줍니다. 거절된 칸은 붉게, 이유와 함께 나옵니다.",
            "One uploaded file with what becomes of each row. The cell that keeps a row out is red, with the reason.",
        ),
        (
            (
                "노란 열이 있으면 무엇인지 골라 다시 읽습니다. 이름을 붙이면 다음부터 묻지 않습니다.",
                "붉은 칸은 그 자리에서 고치고, 필요 없는 행은 제외합니다.",
                "이미 등록된 주문, 다른 계정에 있는 번호, 두 번 있는 행을 어떻게 할지 고릅니다.",
                "등록을 누르면 좋은 주문이 통째로 들어가고, 거절된 행은 엑셀로 받아 고쳐서 다시 올립니다.",
            ),
            (
                "Say what a yellow column is and have the sheet read again. Named, it is not asked about next time.",
                "Correct a red cell where it stands; leave out rows you do not need.",
                "Choose what happens to known orders, numbers another account has, and rows said twice.",
                "Register: good orders go in whole. Take the refused rows as a sheet, correct them and upload that.",
            ),
        ),
        (
            "등록된 주문 보기를 누르면 새로 들어온 주문만 나옵니다. 잘못 올렸으면 아무것도 진행되지 않은 동안 한꺼번에 삭제합니다.",
            "The link leads to the orders that came in. Uploaded by mistake, they can be deleted together while none moved on.",
        ),
    ),
    "sheet-templates": Topic(
        ("주문서 양식", "Sheet templates"),
        (
            "어느 열이 무엇인지 한 번 확인한 엑셀의 모양입니다.",
            "The shape of a sheet whose columns somebody confirmed once.",
        ),
        (
            (
                "이름을 바꾸거나, 쓰지 않는 양식을 지웁니다. 지워도 올린 주문서는 그대로입니다.",
                "양식 받기로 같은 열의 빈 엑셀을 받습니다.",
            ),
            (
                "Rename a template, or delete one nobody uses; uploaded sheets stay.",
                "Take an empty sheet with its columns.",
            ),
        ),
        (
            "열 이름이 같은 파일을 올리면 이 양식대로 읽습니다.",
            "A file with the same headers is read by it.",
        ),
    ),
    "waybill-sheets": Topic(
        ("송장 엑셀", "Waybill sheets"),
        (
            "택배사가 돌려준 파일을 그대로 올려 운송장번호를 한꺼번에 넣는 곳입니다.",
            "Upload the file a carrier gave back, and every number goes onto its parcel at once.",
        ),
        (
            (
                "출고대기 목록에서 내려받기를 눌러 택배사 접수 양식을 고릅니다. 묶음번호가 함께 들어갑니다.",
                "번호가 채워진 파일을 놓으면 줄마다 어떻게 될지와 거절 사유가 먼저 나옵니다.",
                "택배사가 적히지 않은 파일이면 모든 줄의 택배사를 고릅니다.",
                "저장하면 운송장출력으로 넘어가고, 결과 엑셀은 언제든 다시 받습니다.",
            ),
            (
                "Export the ready list in a carrier's booking form; the parcel number goes along.",
                "Drop the file with the numbers: each row says what would become of it, and why not.",
                "Where the file names no carrier, choose one for all rows.",
                "Saved, parcels are labelled; the result sheet can be had again at any time.",
            ),
        ),
        (
            "거절된 줄은 고쳐서 같은 파일을 다시 올리면 됩니다. 이미 들어간 번호는 그대로입니다.",
            "Correct refused rows and upload the same file again. Numbers already saved stay as they are.",
        ),
    ),
}
