"""Sentences about orders typed in, sheets that come in, and files that go out; read through `core.sentences`."""

from jumun.core.wording import Sentence

OF_SHEETS: dict[str, Sentence] = {
    # exports
    "reason_needed": Sentence(
        "받는 분 정보가 들어 있는 파일입니다. 내려받는 이유를 적어 주세요 (예: 한진 접수). 이유는 기록에 남습니다. 정보를 가리고"
        " 받으면 이유가 필요 없습니다.",
        "The file holds recipients' data. Say why you take it (say, booking with Hanjin); the reason is kept. Masked, it"
        " needs none.",
    ),
    "password_short": Sentence(
        "비밀번호는 {least}자에서 {most}자까지 쓸 수 있습니다.",
        "A password takes {least} to {most} characters.",
    ),
    "password_differs": Sentence(
        "두 번 적은 비밀번호가 서로 다릅니다. 다시 적어 주세요.",
        "The two passwords differ. Type them again.",
    ),
    "password_needs_xlsx": Sentence(
        "비밀번호는 엑셀(xlsx) 파일에만 걸 수 있습니다. 파일 형식을 바꾸거나 비밀번호를 비워 주세요.",
        "Only xlsx takes a password. Choose xlsx or leave the password empty.",
    ),
    "export_empty": Sentence(
        "이 조건에 맞는 주문이 없어 만들 파일이 없습니다. 조건을 바꾸어 다시 해 주세요.",
        "Nothing matches these conditions, so there is no file to make. Change them and try again.",
    ),
    "export_not_ready": Sentence(
        "파일을 아직 만들고 있습니다. 다 되면 엑셀 작업과 내려받기 기록에서 받을 수 있습니다.",
        "The file is still being made. When it is done it can be taken from the jobs and from the history of exports.",
    ),
    "export_expired": Sentence(
        "받을 수 있는 시간이 지나 파일을 지웠습니다. 다시 내려받기를 해 주세요.",
        "Its time is up and the file was deleted. Export it again.",
    ),
    "export_failed": Sentence(
        "파일을 만들지 못했습니다. 다시 내려받기를 해 주세요. 또 안 되면 작업 번호로 문의해 주세요.",
        "The file could not be made. Export it again; if it fails once more, ask with the number of the job.",
    ),
    "export_password_gone": Sentence(
        "비밀번호를 건 파일은 비밀번호를 보관하지 않아 다시 만들 수 없습니다. 목록에서 다시 내려받기를 해 주세요.",
        "The password of this file is not kept, so it cannot be made again. Export it again from the list.",
    ),
    "no_columns": Sentence("열을 하나 이상 골라 주세요.", "Choose at least one column."),
    "layout_name_taken": Sentence(
        "같은 이름의 양식이 이미 있습니다. 다른 이름을 적어 주세요.",
        "There is a layout of that name already. Give it another name.",
    ),
    "too_many_layouts": Sentence(
        "양식은 한 사람이 {most}개까지 만들 수 있습니다. 쓰지 않는 양식을 지워 주세요.",
        "One person may keep {most} layouts. Delete some that are not used.",
    ),
    "unknown_view": Sentence(
        "그런 이름의 탭이나 단계가 없습니다. 탭의 이름이나 번호, 또는 all, preparing, ready 같은 단계 이름을 적어 주세요.",
        "There is no view or step of that name. Give a view's name or number, or a step such as all, preparing or ready.",
    ),
    # what a typed or uploaded order is refused for
    "order_no_missing": Sentence(
        "주문번호가 없습니다. 이 계정에서 하나뿐인 주문번호를 넣어 주세요.",
        "It has no order number. Give one that is the only one of its account.",
    ),
    "recipient_missing": Sentence(
        "받는 분 이름이 없습니다.",
        "It has no recipient. Enter the name.",
    ),
    "name_too_long": Sentence(
        "받는 분 이름은 20자까지 쓸 수 있습니다.",
        "A recipient's name has 20 characters at most.",
    ),
    "phone_missing": Sentence(
        "전화번호가 없습니다. 받는 분과 연락할 번호를 넣어 주세요.",
        "It has no phone number. Enter one the recipient answers.",
    ),
    "phone_unusable": Sentence(
        "전화번호로 쓸 수 없습니다. 숫자와 ( ) + - 만으로 7자리 이상 넣어 주세요.",
        "That is no usable phone number. Use digits and ( ) + - only, seven digits or more.",
    ),
    "phone_too_long": Sentence(
        "전화번호는 15자까지 쓸 수 있습니다.",
        "A phone number has 15 characters at most.",
    ),
    "postcode_missing": Sentence(
        "우편번호가 없습니다.",
        "It has no postcode. Enter it.",
    ),
    "address_missing": Sentence(
        "주소가 없습니다. 기본 주소를 넣어 주세요.",
        "It has no address. Enter it.",
    ),
    "product_missing": Sentence(
        "상품이 없습니다. 품목(SKU)을 하나 이상 넣어 주세요.",
        "It has no product. Give at least one SKU.",
    ),
    "quantity_unusable": Sentence(
        "수량은 1부터 1,000,000까지의 정수여야 합니다.",
        "A quantity is a whole number from 1 to 1,000,000.",
    ),
    "amount_unusable": Sentence(
        "금액으로 읽을 수 없습니다. 숫자만 넣어 주세요. 원과 엔에는 소수가 없습니다.",
        "That is no amount. Use digits only; won and yen have no decimals.",
    ),
    "amount_missing": Sentence(
        "금액이 없습니다. 일본으로 보내는 주문은 결제 금액(엔)이 있어야 하고, 품목마다 넣을 때는 모두 넣어 주세요.",
        "It has no amount. An order to Japan needs what was paid in yen; where one line has an amount, all need one.",
    ),
    "amounts_differ": Sentence(
        "금액이 서로 맞지 않습니다. 총 결제 금액은 결제 금액에 배송비를 더한 값입니다.",
        "The amounts contradict each other: the total is what was paid for the goods and the shipping fee.",
    ),
    "date_unusable": Sentence(
        "날짜로 읽을 수 없거나 앞날입니다. 2026-11-23 14:05처럼 넣어 주세요.",
        "That is no date, or one to come. Write it like 2026-11-23 14:05.",
    ),
    "country_unusable": Sentence(
        "국가코드는 영문 대문자 두 자입니다. 예: KR, JP.",
        "A country is two capital letters, such as KR or JP.",
    ),
    "currency_unusable": Sentence(
        "통화는 영문 대문자 세 자입니다. 일본으로 보내는 주문은 JPY여야 합니다.",
        "A currency is three capital letters; an order to Japan is paid in JPY.",
    ),
    "url_missing": Sentence(
        "판매 상품 URL이 없습니다. 일본 통관에 판매 페이지 주소가 있어야 합니다.",
        "It has no product URL. Japan's customs ask for the page it was sold on.",
    ),
    "url_unusable": Sentence(
        "판매 상품 URL로 쓸 수 없습니다. https://로 시작하는 주소를 넣어 주세요.",
        "That is no usable product URL. Give an address that begins with https://.",
    ),
    "sku_unknown": Sentence(
        "없는 품목(SKU) 코드입니다. 품목을 먼저 등록하거나 목록에서 골라 주세요.",
        "There is no such SKU. Register it first, or choose one from the list.",
    ),
    "account_missing": Sentence(
        "판매 플랫폼을 골라 주세요.",
        "Choose the channel account.",
    ),
    "account_unknown": Sentence(
        "없는 판매처 계정입니다. 판매처 계정을 먼저 등록하거나 목록에서 골라 주세요.",
        "There is no such channel account. Register it first, or choose one from the list.",
    ),
    "order_number_taken": Sentence(
        "이 계정에 같은 번호의 주문이 이미 있습니다. 덮어쓰지 않았습니다. 그 주문을 확인하거나 다른 번호를 넣어 주세요.",
        "This account has an order of that number already, and it was not overwritten. Look at that one or give another number.",
    ),
    "order_number_twice": Sentence(
        "같은 주문번호가 한 번에 두 번 왔습니다. 첫 주문만 등록합니다.",
        "The same order number came twice in one call. Only the first goes in.",
    ),
    # uploaded sheets
    "duplicate_in_file": Sentence(
        "같은 주문번호와 상품주문번호가 이 파일에 이미 있습니다. 두 번째 행은 등록하지 않습니다. 한 행만 남겨 주세요.",
        "This order and line number stand in the file already. The second row stays out: keep one of them.",
    ),
    "already_known": Sentence(
        "이미 등록된 주문입니다. 다시 등록할 필요가 없습니다.",
        "This order is registered already. There is nothing more to do for it.",
    ),
    "known_in_other_account": Sentence(
        "같은 주문번호가 다른 판매처 계정에 있습니다. 계정을 확인하고, 다른 주문이 맞으면 미리보기에서 등록을 고르세요.",
        "Another channel account has this order number. Check the account; if it is another order, choose to store it in"
        " the preview.",
    ),
    "companion_row": Sentence(
        "같은 주문의 다른 행이 거절되어 함께 남았습니다. 그 행을 고치면 같이 등록됩니다.",
        "Another row of the same order was refused, so this one waits with it. Correct that row and both go in.",
    ),
    "quantity_differs": Sentence(
        "이미 등록된 주문이고 수량만 다릅니다. 미리보기에서 수량 변경을 고르면 반영됩니다.",
        "The order is registered with another quantity. Choose to update known rows in the preview to take this one.",
    ),
    "quantity_moved_on": Sentence(
        "이미 등록된 주문이고 출고가 시작되어 수량을 바꿀 수 없습니다. 주문 화면에서 처리해 주세요.",
        "The order is registered and has moved on, so its quantity stays. See to it on the order's page.",
    ),
    "left_out": Sentence("이 행은 제외했습니다.", "You left this row out."),
    "recipient_differs": Sentence(
        "같은 주문번호인데 수취인과 주소가 다른 행이 있습니다. 주문번호나 수취인을 확인해 주세요.",
        "Rows of this order number name different recipients at different addresses. Check the number or the recipient.",
    ),
    # sheets that cannot be read
    "sheet_password_needed": Sentence(
        "비밀번호가 걸린 파일입니다. 비밀번호를 입력해 주세요. 저장되지 않습니다.",
        "The file is locked with a password. Enter it; it is not kept.",
    ),
    "sheet_password_wrong": Sentence(
        "비밀번호가 맞지 않습니다. 대소문자와 한/영 입력을 확인해 주세요.",
        "That is not the file's password. Check capitals and the keyboard's language.",
    ),
    "sheet_too_big": Sentence(
        "파일이 너무 큽니다. 표 밖의 서식과 빈 행·열을 지우거나 파일을 나눠 올려 주세요.",
        "The file is too big. Clear formats, empty rows and columns beyond the table, or split it.",
    ),
    "sheet_hostile": Sentence(
        "안전하게 읽을 수 없는 파일입니다(숨은 압축, 외부 연결, 지나치게 먼 셀 등). 표만 새 파일에 '값으로 붙여넣기'해 저장한 뒤 올려 주세요.",
        "The file cannot be read safely (packed files inside, external links, far cells and the like)."
        " Paste the table's values into a new file and upload that.",
    ),
    "sheet_unreadable": Sentence(
        "읽을 수 없는 파일입니다. 엑셀에서 열어 .xlsx로 다시 저장한 뒤 올려 주세요. 문서보안이 걸린 파일은 먼저 해제해 주세요.",
        "The file cannot be read. Open it in Excel, save it as .xlsx and upload that;"
        " take a document security lock off first.",
    ),
    "sheet_encoding": Sentence(
        "글자를 알아볼 수 없는 파일이라 읽지 않았습니다. 엑셀에서 'CSV UTF-8'이나 .xlsx로 다시 저장해 주세요.",
        "Its characters are in no encoding we know throughout, so nothing was read. Save it as CSV UTF-8 or .xlsx.",
    ),
    "sheet_empty": Sentence(
        "내용이 없는 파일입니다. 다른 파일을 골라 주세요.", "There is nothing in the file. Choose another."
    ),
    "sheet_column_twice": Sentence(
        "'{column}' 열이 두 번 있어 어느 쪽을 읽을지 알 수 없습니다. 한 열만 남기거나 이름을 바꿔 주세요.",
        "The column '{column}' stands twice: which one counts is not known. Leave one, or rename the other.",
    ),
    "sheet_busy": Sentence(
        "이 파일은 지금 읽거나 등록하는 중입니다. 끝난 뒤에 다시 시도해 주세요.",
        "This sheet is being read or registered. Try again when that is over.",
    ),
    "sheet_committed": Sentence(
        "이미 등록했거나 삭제한 파일입니다. 새로 올려 주세요.",
        "This sheet was registered or deleted already. Upload it anew.",
    ),
    "sheet_asking": Sentence(
        "열이나 판매처 계정을 먼저 확인해 주세요.",
        "Say first which column is what, and whose orders they are.",
    ),
    "nothing_to_commit": Sentence(
        "등록할 주문이 없습니다. 거절된 행을 고치거나 다른 파일을 올려 주세요.",
        "There is no order to register. Correct the refused rows or upload another sheet.",
    ),
    "row_committed": Sentence(
        "이미 등록된 행입니다. 주문 화면에서 고쳐 주세요.",
        "This row is registered already. Change it on the order's page.",
    ),
    "template_name_taken": Sentence(
        "같은 이름의 양식이 있습니다. 다른 이름을 써 주세요.",
        "Another template has this name. Choose another one.",
    ),
    "moved_on": Sentence(
        "이미 출고가 진행된 주문입니다. 강제 취소를 쓰거나 그대로 두세요.",
        "It has moved on already. Force its cancel, or leave it.",
    ),
    "told_by_mall": Sentence(
        "등록한 뒤에 쇼핑몰이 직접 알려 준 주문입니다. 지우면 다음 수집에 다시 들어옵니다. 그대로 두거나 취소를 쓰세요.",
        "The mall itself told of it later; deleted, it would be collected again. Leave it, or cancel it.",
    ),
    "template_does_not_fit": Sentence(
        "고른 양식의 열이 이 파일에 없습니다. 다른 양식을 고르거나, 양식 없이 올려 열을 확인해 주세요.",
        "The sheet lacks columns the chosen template reads. Choose another one, or none and say which column is what.",
    ),
    "template_other_account": Sentence(
        "이 양식은 다른 판매처 계정의 주문으로 읽습니다. 그 계정을 고르거나 다른 양식을 써 주세요.",
        "The template reads orders of another account. Choose that account, or another template.",
    ),
    "commented": Sentence(
        "주문에 댓글이 있습니다. 댓글을 지우거나 그대로 두세요.",
        "Somebody commented on its order. Delete the comment, or leave it.",
    ),
    "sheet_no_file": Sentence(
        "{name} 파일이 없습니다. 경로를 확인해 주세요.", "There is no file {name}. Check its path."
    ),
    "no_such_company": Sentence(
        "이 데이터 폴더에 {name} 회사가 없습니다.", "There is no company {name} in this data folder."
    ),
    "no_such_account": Sentence(
        "{name} 판매처 계정이 없습니다. 계정의 짧은 이름을 확인해 주세요.",
        "There is no channel account {name}. Check its short name.",
    ),
    # sheets of waybill numbers
    "waybill_no_key_column": Sentence(
        "묶음번호나 주문번호 열이 없습니다. 양식을 내려받거나, 출고대기 목록에서 내려받은 엑셀에 번호를 채워 올려 주세요.",
        "No column names the parcel: neither parcel number nor order number. Take the form, or fill in an exported list.",
    ),
    "waybill_no_number_column": Sentence(
        "운송장번호 열이 없습니다. 제목을 '운송장번호'로 적어 다시 올려 주세요.",
        "There is no column of waybill numbers. Call it Waybill and upload again.",
    ),
    "waybill_no_columns": Sentence(
        "묶음번호(또는 주문번호) 열과 운송장번호 열이 없습니다. 양식을 내려받아 채워 주세요.",
        "Neither a parcel (or order) number nor a waybill column is there. Take the form and fill it in.",
    ),
    "waybill_sheet_too_long": Sentence(
        "한 번에 {most}줄까지 올릴 수 있습니다. 나누어 올려 주세요.", "At most {most} rows at once. Split the sheet."
    ),
    "parcel_key_missing": Sentence(
        "묶음번호나 주문번호 칸이 비었습니다. 채워서 다시 올려 주세요.",
        "It names no parcel. Fill in the parcel or order number.",
    ),
    "parcel_unknown": Sentence(
        "그 번호의 묶음이 없습니다. 취소되었거나 번호가 다릅니다. 번호를 확인해 주세요.",
        "There is no such parcel: it was cancelled, or the number is another. Check it.",
    ),
    "parcel_over": Sentence(
        "이 묶음의 품목은 모두 취소·반품·교환으로 끝났습니다. 보내면 안 되는 묶음인지 확인해 주세요.",
        "Everything in this parcel was cancelled, returned or exchanged. Make sure it is not sent.",
    ),
    "parcel_ambiguous": Sentence(
        "그 번호의 묶음이 여럿입니다. 묶음번호로 올려 주세요.",
        "Several parcels go by that number. Name it by its parcel number.",
    ),
    "parcel_keys_differ": Sentence(
        "같은 줄의 주문번호가 그 묶음의 것이 아닙니다. 엑셀에서 열이 따로 정렬되지 않았는지 확인해 주세요.",
        "The order number beside it is not in that parcel. Check whether columns were sorted apart.",
    ),
    "carrier_missing": Sentence(
        "택배사가 없습니다. 위에서 모든 줄의 택배사를 고르거나 엑셀에 적어 주세요.",
        "No carrier. Choose one for all rows, or write it into the sheet.",
    ),
    "no_number_to_save": Sentence(
        "저장할 번호가 없습니다. 거절된 줄의 사유를 확인해 주세요.",
        "There is no number to save. See why rows are refused.",
    ),
    "digits_lost": Sentence(
        "엑셀에서 숫자가 1.23E+11처럼 바뀌어 뒷자리가 없어졌습니다. 칸을 텍스트로 바꾸고 번호를 다시 적어 주세요.",
        "The spreadsheet turned the number into 1.23E+11 and its last digits are gone. Format the cell as text and type it again.",
    ),
    "told_by_sheet": Sentence(
        "쇼핑몰 발송 엑셀에 담았습니다. 파일을 받아 판매자센터에 올려 주세요.",
        "It is in the mall's bulk-dispatch sheet. Download the file and upload it in the seller centre.",
    ),
    "sheet_not_made": Sentence(
        "쇼핑몰 발송 엑셀을 저장하지 못했습니다. 주문은 그대로이니 잠시 뒤 다시 전송해 주세요.",
        "The mall's sheet could not be kept. The orders stayed where they were: transmit them again in a while.",
    ),
    "sheet_needs_line_no": Sentence(
        "이 쇼핑몰의 발송 엑셀에는 상품주문번호가 있어야 합니다. 상품주문번호 열이 있는 주문서로 등록하거나 판매자센터에서 직접 발송처리해 주세요.",
        "This mall's sheet needs the line's own number. Register it from a sheet that has that column, or dispatch it in"
        " the seller centre.",
    ),
    "sheet_needs_number": Sentence(
        "운송장번호가 없어 발송 엑셀에 담을 수 없습니다. 번호를 입력해 주세요.",
        "Without a waybill number it has no place in the mall's sheet. Enter the number first.",
    ),
    "sheet_parcels_only": Sentence(
        "이 쇼핑몰의 발송 엑셀은 택배만 받습니다. 판매자센터에서 직접 발송처리해 주세요.",
        "This mall's sheet takes parcels only. Dispatch it in the seller centre.",
    ),
    "sheets_only": Sentence(
        "엑셀로만 쓰는 판매처 계정입니다. 주문은 주문등록에서 올리고, API로 쓰려면 계정에 키를 넣어 주세요.",
        "This account works by sheet only. Register its orders from a sheet; enter its keys to use the API.",
    ),
    "sheet_not_ready": Sentence(
        "발송 엑셀이 아직 없습니다. 작업이 끝난 뒤 다시 받아 주세요.",
        "There is no sheet yet. Come back when the job has ended.",
    ),
}
