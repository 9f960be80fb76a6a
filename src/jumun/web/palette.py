"""Ctrl-K: every page and command this role may reach, with the words it is found by. Orders are searched by the page."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from jumun.companies.roles import May
from jumun.orders.states import ENGLISH, PIPELINE, Status
from jumun.web import words
from jumun.web.access import Desk, company_page
from jumun.web.errors import language
from jumun.web.shortcuts import keys_of

PAGES, STEPS, ORDERS, SETTINGS, DEEDS = (
    ("페이지", "Page"),
    ("단계", "Step"),
    ("주문", "Orders"),
    ("설정", "Settings"),
    ("명령", "Command"),
)


@dataclass(frozen=True, slots=True)
class Command:
    """One thing the palette offers: a page of the company (`go`), one of the person (`href`), or a button to press."""

    label: tuple[str, str]
    group: tuple[str, str]
    go: str | None = None
    href: str = ""
    press: str = ""
    also: str = ""
    """More words it is found by."""
    may: May = May.READ


COMMANDS = (
    Command(("오늘 할 일", "To-do"), PAGES, go="", also="홈 대시보드 home dashboard"),
    Command(("주문 목록", "Orders"), PAGES, go="items", also="전체 주문 all items list"),
    Command(
        ("주문 등록", "Register an order"),
        DEEDS,
        go="orders/new",
        also="수기 주문 개별 등록 직접 입력 전화 주문 manual order by hand",
        may=May.MOVE,
    ),
    Command(
        ("주문등록", "Register orders"),
        PAGES,
        go="register",
        also="엑셀 업로드 올리기 주문서 양식 excel sheet upload import",
    ),
    Command(("올린 주문서", "Uploaded sheets"), PAGES, go="sheets", also="엑셀 주문 삭제 sheet upload"),
    Command(("송장 처리", "Waybills"), STEPS, go="items?status=ready", also="운송장 입력 등록 invoice waybill"),
    Command(("발송기한", "Ship-by board"), PAGES, go="ship-by", also="마감 지연 deadline"),
    Command(("매칭", "Matching"), PAGES, go="matching", also="품목 연결 상품 매칭 SKU link"),
    Command(("합포", "Combine"), PAGES, go="packing", also="합배송 묶음 확인필요 합포장 combine one parcel"),
    Command(
        ("상품", "Products"), PAGES, go="products", also="품목 SKU 바코드 공급처 세트 상품 엑셀 catalogue supplier"
    ),
    Command(("재고", "Stock"), PAGES, go="stock", also="입고 조정 실사 이동 폐기 안전재고 inventory"),
    Command(("재고 원장", "Stock ledger"), PAGES, go="stock/moves", also="재고 이력 ledger history"),
    Command(("재고 할당", "Allocate stock"), PAGES, go="allocation", also="할당 재할당 미할당주문나누기 allocation"),
    Command(("클레임", "Claims"), PAGES, go="claims", also="취소 반품 교환 cancel return exchange"),
    Command(("작업", "Jobs"), PAGES, go="jobs", also="진행 상황 progress"),
    Command(("전송 내역", "Transmissions"), PAGES, go="transmissions", also="effects push"),
    Command(
        ("전송 확인", "Check transmissions"), PAGES, go="transmissions/check", also="전송실패 확인 중 failed unknown"
    ),
    Command(("수집 공백", "Collection gaps"), PAGES, go="doubts", also="확인 필요 doubts"),
    Command(("판매처", "Channels"), PAGES, go="accounts", also="쇼핑몰 계정 연동 accounts mall"),
    Command(("휴일 달력", "Holiday calendar"), SETTINGS, go="calendar", also="영업일 공휴일 business day"),
    Command(("페널티 규칙", "Penalty rules"), SETTINGS, go="penalties", also="판매자 점수 벌점 penalty points"),
    Command(("보류 중인 주문", "On hold"), ORDERS, go="items?held=true", also="hold"),
    Command(("클레임 걸린 주문", "With an open claim"), ORDERS, go="items?claim=open", also="취소요청 반품요청 claim"),
    Command(("전송 실패한 주문", "Refused by the channel"), ORDERS, go="items?push=rejected", also="전송실패 rejected"),
    Command(
        ("주문 수집", "Collect orders"), DEEDS, press=".top [data-open=collect]", also="동기화 sync", may=May.COLLECT
    ),
    Command(("설정", "Settings"), SETTINGS, go="settings", also="환경설정 preferences"),
    Command(("사용자와 권한", "People and roles"), SETTINGS, go="people", also="직원 초대 members", may=May.PEOPLE),
    Command(("접속 기록", "Access trail"), SETTINGS, go="trail", also="개인정보 조회 기록 log", may=May.PEOPLE),
    Command(("API 토큰", "API tokens"), SETTINGS, go="tokens", also="연동 키 token", may=May.TOKENS),
    Command(("내 계정", "My account"), SETTINGS, href="/me", also="비밀번호 언어 2단계 password language session"),
    Command(("단축키 보기", "Shortcuts"), DEEDS, press="[data-open=keys]", also="키보드 keyboard"),
    Command(("이 화면 도움말", "Help on this page"), DEEDS, press="[data-help]", also="도움 help"),
)


@require_GET
@company_page(May.READ)
def palette(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The commands, in the order they are offered: `{"commands": [{"label", "group", "also", "href" | "press", "keys"}]}`."""
    return JsonResponse({"commands": list_commands(desk)})


def list_commands(desk: Desk) -> list[dict[str, str]]:
    """What this person may reach, in the page's language; found by the other language too."""
    place = 1 if language() == "en" else 0
    steps = [_step(desk, status, place) for status in PIPELINE]
    return [_show(desk, each, place) for each in COMMANDS if each.may in desk.may] + steps


def _show(desk: Desk, command: Command, place: int) -> dict[str, str]:
    shown = {
        "label": command.label[place],
        "group": command.group[place],
        "also": f"{command.label[1 - place]} {command.also}",
        "keys": keys_of(command.go) if command.go is not None else "",
    }
    if command.press:
        return shown | {"press": command.press}
    return shown | {"href": command.href or f"/c/{desk.slug}/{command.go}"}


def _step(desk: Desk, status: Status, place: int) -> dict[str, str]:
    return {
        "label": words.name_status(status),
        "group": STEPS[place],
        "also": f"{status.label} {ENGLISH[status]}",
        "keys": "",
        "href": f"/c/{desk.slug}/items?status={status}",
    }
