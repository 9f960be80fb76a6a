"""Every address Jumun answers."""

from django.urls import include, path, re_path

from jumun.api.app import api
from jumun.api.health import livez, readyz
from jumun.api.problems import nothing_here

urlpatterns = [
    path("livez", livez),
    path("readyz", readyz),
    path("api/v1/", api.urls),
    re_path(r"^api(?:/|$)", nothing_here),
    path("", include("jumun.web.urls")),
]

handler400 = "jumun.web.errors.bad_request"
handler403 = "jumun.web.errors.not_allowed"
handler404 = "jumun.web.errors.not_found"
handler500 = "jumun.web.errors.server_error"
