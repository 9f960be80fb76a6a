"""What the shell needs of the page it stands around."""

from typing import Any

from django import template

from jumun.web.help import topic_of
from jumun.web.shortcuts import ShortcutShown, list_shortcuts

register = template.Library()


@register.simple_tag
def shortcuts(slug: str) -> list[tuple[str, list[ShortcutShown]]]:
    """The table of shortcuts by groups."""
    return list_shortcuts(slug)


@register.simple_tag(takes_context=True)
def help_topic(context: dict[str, Any]) -> str:
    """The help topic of the page."""
    request = context["request"]
    statuses = request.GET.getlist("status")
    return topic_of(request.path, statuses[0] if len(statuses) == 1 else "")
