"""Which language a page speaks: the person's, else the one chosen on the login page, else Korean."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

KNOWN = tuple(code for code, _ in settings.LANGUAGES)


class LanguageMiddleware:
    """Switch pages to the person's language. REST has its own way (Accept-Language) and is left alone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the chosen language."""
        if request.path_info.startswith("/api/"):
            return self.get_response(request)
        chosen = choose_language(request)
        translation.activate(chosen)
        request.LANGUAGE_CODE = chosen
        response = self.get_response(request)
        response.headers["Content-Language"] = chosen
        return response


def choose_language(request: HttpRequest) -> str:
    """The person's language when somebody is signed in, else the cookie's, else Korean."""
    if request.user.is_authenticated and request.user.language in KNOWN:
        return str(request.user.language)
    cookie = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return cookie if cookie in KNOWN else settings.LANGUAGE_CODE
