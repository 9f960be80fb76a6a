"""The addresses of pages. Everything of a company lies under /c/<slug>/."""

from django.urls import include, path

from jumun.web import accounts, acting, items, jobs, login, me, order, people, shell, waybills

company = [
    path("", items.to_items),
    path("items", items.items),
    path("items/preview", acting.preview),
    path("items/do", acting.do),
    path("waybills", waybills.save),
    path("batches/<uuid:batch>/undo", acting.take_back),
    path("batches/<uuid:batch>/refused", acting.refused),
    path("orders/<int:order_id>", order.order),
    path("orders/<int:order_id>/recipient", order.recipient),
    path("bar", shell.bar_part),
    path("collect", jobs.collect),
    path("jobs", jobs.jobs),
    path("jobs/<int:job_id>", jobs.job),
    path("jobs/<int:job_id>/retry", jobs.retry),
    path("accounts", accounts.accounts),
    path("accounts/new/<slug:kind>", accounts.new),
    path("accounts/<int:account_id>", accounts.account),
    path("accounts/<int:account_id>/check", accounts.check),
    path("channels/<slug:kind>", accounts.kind),
    path("people", people.people),
    path("people/add", people.add),
    path("people/<int:member_id>/role", people.change),
    path("people/<int:member_id>/remove", people.remove),
    path("tokens", people.tokens),
    path("tokens/<int:token_id>/revoke", people.revoke),
    path("trail", people.trail),
]

urlpatterns = [
    path("", login.home),
    path("login", login.login),
    path("logout", login.logout),
    path("choose", login.choose),
    path("language", login.speak),
    path("me", me.me),
    path("me/password", me.change_password),
    path("me/leave", me.leave_everywhere),
    path("c/<slug:slug>/", include(company)),
]
