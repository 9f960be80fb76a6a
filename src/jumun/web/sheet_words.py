"""Words of uploaded sheets: states, verdicts, what a person is asked and told about a file."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from jumun.intake.sheet_fields import FIELD_LABELS, Field
from jumun.web.errors import language

Words = Mapping[str, str | Promise]

STATES: Words = {
    "reading": gettext_lazy("읽는 중"),
    "asking": gettext_lazy("확인 필요"),
    "ready": gettext_lazy("미리보기"),
    "committing": gettext_lazy("등록하는 중"),
    "done": gettext_lazy("등록함"),
    "failed": gettext_lazy("읽지 못함"),
    "deleted": gettext_lazy("삭제함"),
}
STATE_TONES = {"reading": "running", "committing": "running", "done": "done", "failed": "failed"}
VERDICTS: Words = {
    "new": gettext_lazy("등록 예정"),
    "update": gettext_lazy("수량 변경 예정"),
    "stored": gettext_lazy("등록됨"),
    "updated": gettext_lazy("수량 변경됨"),
    "refused": gettext_lazy("거절"),
    "skip": gettext_lazy("건너뜀"),
    "deleted": gettext_lazy("삭제됨"),
    "none": gettext_lazy("주문 행 아님"),
}
"""In the order they are offered."""
TONES = {"new": "done", "update": "partly", "stored": "done", "updated": "done", "refused": "failed"}
NOTICES: Words = {
    "macros_dropped": gettext_lazy("매크로는 실행하지 않고 표만 읽었습니다."),
    "hidden_rows": gettext_lazy("숨긴 행도 함께 읽었습니다. 필요 없는 행은 제외하세요."),
    "hidden_columns": gettext_lazy("숨긴 열도 함께 읽었습니다."),
    "hidden_sheets": gettext_lazy("숨긴 시트는 읽지 않았습니다."),
    "merged_cells": gettext_lazy("병합한 칸의 글자는 각 행에 채우고, 수량과 금액은 첫 행에만 두었습니다."),
    "formulas_without_value": gettext_lazy(
        "계산된 값이 없는 수식 칸은 빈칸으로 읽었습니다. 엑셀에서 열어 다시 저장하면 값이 들어갑니다."
    ),
}
UNSURE: Words = {
    "not_found": gettext_lazy("맞는 열을 찾지 못했습니다."),
    "weak": gettext_lazy("이 열이 맞는지 확인해 주세요."),
    "ambiguous": gettext_lazy("맞는 열이 여럿입니다. 하나를 골라 주세요."),
    "date_order": gettext_lazy("일과 월 가운데 무엇이 먼저인지 골라 주세요."),
    "digits_maybe_lost": gettext_lazy("숫자의 뒷자리가 0으로 바뀌었을 수 있습니다. 원래 번호와 맞춰 보세요."),
    "phone_left_out": gettext_lazy("쓸 수 없는 전화번호 하나를 뺐습니다."),
}
CHANGES: Words = {
    "added": gettext_lazy("새 열"),
    "gone": gettext_lazy("없어진 열"),
    "moved": gettext_lazy("옮겨진 열"),
}
CHOICES: Mapping[str, tuple[str | Promise, Words]] = {
    "on_known": (
        gettext_lazy("이미 등록된 주문"),
        {
            "skip": gettext_lazy("건너뛰기"),
            "update": gettext_lazy("수량이 다르면 바꾸기"),
            "refuse": gettext_lazy("거절하기"),
        },
    ),
    "on_other": (
        gettext_lazy("다른 계정에 있는 주문번호"),
        {
            "refuse": gettext_lazy("거절하기"),
            "skip": gettext_lazy("건너뛰기"),
            "store": gettext_lazy("그래도 등록하기"),
        },
    ),
    "on_duplicate": (
        gettext_lazy("파일 안에 두 번 있는 행"),
        {"refuse": gettext_lazy("거절하기"), "skip": gettext_lazy("건너뛰기")},
    ),
}
DATES: Words = {"dmy": gettext_lazy("일/월/연"), "mdy": gettext_lazy("월/일/연")}


def name_sheet_field(name: str) -> str:
    """What a field of a sheet is called, in the page's language."""
    ko, en = FIELD_LABELS[Field(name)]
    return en if language() == "en" else ko
